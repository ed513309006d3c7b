//! Finds the files to read: those that were named, and in folders those of a known format that are neither hidden nor
//! ignored.

use super::{format_of, input, is_known, layout};
use crate::Error;
use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// A file of this name lists, as `.gitignore` does, what jiaokan is not to read of its folder.
pub const IGNORE_FILE: &str = ".jiaokanignore";

/// A file to read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: PathBuf,
    /// Its path below the folder that was named (or its own name): the id of plain text.
    pub relative: String,
    /// What `undo` writes: the same, without the ending of its compression.
    pub undone: String,
    pub bytes: u64,
    /// Other files beside it that hold the same document and were passed over.
    pub others: usize,
}

/// What a tool writes of one document, by what it adds to the name.
struct Tool {
    /// The files that say most, the first one first, and the format of each. Where there is none of them, the first of the
    /// others goes for all.
    says: &'static [(&'static str, &'static str)],
    /// The same with less, and what is no document.
    also: &'static [&'static str],
}

const TOOLS: [Tool; 9] = [
    Tool {
        says: &[
            ("_content_list.json", "mineru"),
            ("_content_list_v2.json", "mineru"),
            ("_middle.json", "mineru"),
            (".middle.json", "mineru"),
            (".structured_content.json", "mineru"),
        ],
        also: &[".md", "_model.json"],
    },
    // from version 4 on, in a folder for each document
    Tool {
        says: &[
            ("middle_json.json", "mineru"),
            ("structured_content.json", "mineru"),
        ],
        also: &["markdown.md", "model_output.json"],
    },
    Tool {
        says: &[("_res.json", "paddleocr")],
        also: &[".md"],
    },
    Tool {
        says: &[(".json", "marker")],
        also: &[".md", ".html", META],
    },
    Tool {
        says: &[(".json", "docling")],
        also: &[".md", ".html", ".txt"],
    },
    Tool {
        says: &[],
        also: &[".md", "_model.json"],
    },
    Tool {
        says: &[],
        also: &["markdown.md", "model_output.json"],
    },
    Tool {
        says: &[],
        also: &[".md", META],
    },
    Tool {
        says: &[],
        also: &[".html", META],
    },
];

/// What marker says of a document beside it: its contents, and how each page was read.
const META: &str = "_meta.json";

impl SourceFile {
    /// A file that is read for itself.
    pub(super) fn alone(path: &Path) -> Self {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        SourceFile {
            path: path.to_path_buf(),
            undone: name.clone(),
            relative: name,
            bytes: 0,
            others: 0,
        }
    }
}

/// The files below the paths, in the order of their names. In folders, those of a known format are taken that are neither
/// hidden nor ignored by a `.gitignore`, `.ignore` or `.jiaokanignore` there. A path that is no file may be a glob. Nothing
/// below `except` is taken.
pub fn files(paths: &[PathBuf], except: &Path) -> Result<Vec<SourceFile>, Error> {
    let except = real(except);
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    let mut named = HashSet::new();
    for root in paths {
        let wanted = Wanted::of(root)?;
        std::fs::metadata(&wanted.folder)
            .map_err(|e| Error::Input(root.display().to_string(), e.to_string()))?;
        let is_alone = paths.len() == 1 && wanted.folder.is_dir();
        let top = if is_alone {
            wanted.folder.as_path()
        } else {
            wanted.folder.parent().unwrap_or(Path::new(""))
        };
        for entry in wanted.walk() {
            let entry = entry.map_err(|e| unreadable(root, &e))?;
            let path = entry.path();
            let real = real(path);
            let is_file = entry.file_type().is_some_and(|sort| sort.is_file());
            let is_taken =
                path == wanted.folder || wanted.takes(path) && !real.starts_with(&except);
            if is_file && is_taken && seen.insert(real) {
                let relative = path
                    .strip_prefix(top)
                    .unwrap_or(path)
                    .to_string_lossy()
                    .into_owned();
                let bytes = entry.metadata().map_or(0, |m| m.len());
                let undone = String::new();
                files.push(SourceFile {
                    path: path.to_path_buf(),
                    undone,
                    relative,
                    bytes,
                    others: 0,
                });
                named.extend((path == wanted.folder).then(|| path.to_path_buf()));
            }
        }
    }
    let mut files = without_others(files, &named);
    tell_apart(&mut files);
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(files)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn unreadable(root: &Path, error: &ignore::Error) -> Error {
    let why = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    Error::Input(root.display().to_string(), why)
}

/// What one path names: a file, all of a folder, or what fits a glob there.
struct Wanted {
    folder: PathBuf,
    glob: Option<GlobMatcher>,
}

impl Wanted {
    fn of(path: &Path) -> Result<Self, Error> {
        let text = path.to_string_lossy();
        if path.exists() || !text.contains(['*', '?', '[', '{']) {
            return Ok(Wanted {
                folder: path.to_path_buf(),
                glob: None,
            });
        }
        let glob = GlobBuilder::new(&text).literal_separator(true).build();
        let glob = glob.map_err(|e| {
            Error::Usage(format!("{text}: neither a file nor a glob: {}", e.kind()))
        })?;
        // the folders before the first one that is a pattern
        let is_plain = |part: &Component| {
            !part
                .as_os_str()
                .to_string_lossy()
                .contains(['*', '?', '[', '{'])
        };
        let folder: PathBuf = path.components().take_while(is_plain).collect();
        let folder = if folder.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            folder
        };
        Ok(Wanted {
            folder,
            glob: Some(glob.compile_matcher()),
        })
    }

    fn walk(&self) -> ignore::Walk {
        let mut walk = WalkBuilder::new(&self.folder);
        // what a folder above ignores is no concern of who names the folder below: data often is
        walk.follow_links(true)
            .parents(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false);
        walk.add_custom_ignore_filename(IGNORE_FILE);
        walk.build()
    }

    fn takes(&self, path: &Path) -> bool {
        match &self.glob {
            Some(glob) => {
                glob.is_match(path) || path.strip_prefix(".").is_ok_and(|path| glob.is_match(path))
            }
            None => is_known(path),
        }
    }
}

/// Of files that a tool wrote of one document, keeps the one that says most; what was named itself stays.
fn without_others(files: Vec<SourceFile>, named: &HashSet<PathBuf>) -> Vec<SourceFile> {
    let mut better: Vec<Option<usize>> = vec![None; files.len()];
    for tool in &TOOLS {
        let mut documents: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            if let Some((document, rank)) = tool.rendering(&file.path) {
                documents.entry(document).or_default().push((rank, at));
            }
        }
        for mut renderings in documents
            .into_values()
            .filter(|renderings| renderings.len() > 1)
        {
            renderings.sort_unstable();
            let Some(best) = renderings
                .iter()
                .position(|(rank, at)| tool.is_best(*rank, &files[*at]))
            else {
                continue;
            };
            let others = renderings[best + 1..]
                .iter()
                .filter(|(rank, at)| tool.wrote(*rank, &files[*at]));
            for (_, at) in others.filter(|(_, at)| !named.contains(&files[*at].path)) {
                better[*at].get_or_insert(renderings[best].1);
            }
        }
    }
    let mut others = vec![0; files.len()];
    for best in better.iter().flatten() {
        others[*best] += 1;
    }
    let kept = files
        .into_iter()
        .zip(others)
        .zip(better)
        .filter(|(_, better)| better.is_none());
    kept.map(|((file, others), _)| SourceFile { others, ..file })
        .collect()
}

impl Tool {
    /// The document that a file may be a rendering of, and how many say more of it.
    fn rendering(&self, path: &Path) -> Option<(String, usize)> {
        let name = path.to_string_lossy();
        let endings = self
            .says
            .iter()
            .map(|(ending, _)| *ending)
            .chain(self.also.iter().copied())
            .zip(0..);
        let (ending, rank) = endings
            .filter(|(ending, _)| name.ends_with(ending))
            .max_by_key(|(ending, _)| ending.len())?;
        Some((name[..name.len() - ending.len()].to_string(), rank))
    }

    /// Whether a file can be read for all that the tool wrote of the document: it holds what its name promises. Of Markdown
    /// and HTML that is not asked: what goes for them alone is no document.
    fn is_best(&self, rank: usize, file: &SourceFile) -> bool {
        match self.says.get(rank) {
            Some((_, format)) => begins_as(file, |name, _| name == *format),
            None => self.says.is_empty() && rank == 0,
        }
    }

    /// Whether a file that another goes before is of the tool. What users may call a file of their own is asked.
    fn wrote(&self, rank: usize, file: &SourceFile) -> bool {
        let is_meta = rank
            .checked_sub(self.says.len())
            .is_some_and(|rank| self.also[rank] == META);
        let names = ["table_of_contents", "page_stats"];
        !is_meta
            || begins_as(file, |_, head| {
                names.iter().any(|name| layout::has_names(head, &[name]))
            })
    }
}

/// Whether a file is of a format, or begins otherwise as is asked.
fn begins_as(file: &SourceFile, asked: impl Fn(&str, &[u8]) -> bool) -> bool {
    let Ok(mut input) = input::Input::open(file) else {
        return false;
    };
    input
        .head()
        .is_ok_and(|head| asked(format_of(&file.relative, head).name, head))
}

/// Gives files of the same name in several folders their whole path as their name, and each what `undo` writes it to.
fn tell_apart(files: &mut [SourceFile]) {
    let mut names = HashSet::new();
    if !files.iter().all(|f| names.insert(f.relative.clone())) {
        for file in files.iter_mut() {
            let parts = file
                .path
                .components()
                .filter(|c| matches!(c, Component::Normal(_)));
            file.relative = parts.collect::<PathBuf>().to_string_lossy().into_owned();
        }
    }
    let names: HashSet<String> = files.iter().map(|f| f.relative.clone()).collect();
    for file in files {
        let plain = input::without_compression(&file.relative);
        file.undone = match names.contains(plain) && plain != file.relative {
            true => format!(
                "{}.{}",
                file.relative,
                plain.rsplit('.').next().unwrap_or_default()
            ),
            false => plain.to_string(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn found(folder: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
        files(&paths, Path::new("/nowhere"))
            .unwrap()
            .into_iter()
            .map(|file| file.relative)
            .collect()
    }

    #[test]
    fn hidden_and_ignored_files_are_not_read_unless_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a.txt",
            "b.jsonl.gz",
            ".c.txt",
            "d/e.md",
            "d/f.txt",
            "g.bin",
            "old/h.txt",
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "灯塔").unwrap();
        }
        fs::write(folder.path().join(".gitignore"), "old/\n").unwrap();
        fs::write(folder.path().join("d/.jiaokanignore"), "f.*\n").unwrap();
        assert_eq!(
            found(folder.path(), &[""]),
            ["a.txt", "b.jsonl.gz", "d/e.md"]
        );
        assert_eq!(
            found(folder.path(), &["old/h.txt", ".c.txt"]),
            [".c.txt", "h.txt"]
        );
        assert_eq!(found(folder.path(), &["**/*.txt"]), ["a.txt"]);
        assert_eq!(found(folder.path(), &["*.{txt,bin}"]), ["a.txt", "g.bin"]);
    }

    #[test]
    fn of_what_a_tool_wrote_of_one_document_the_richest_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let list = r#"[{"type": "text", "text": "灯塔", "page_idx": 0}]"#;
        let files = [
            ("a/a_content_list.json", list),
            (
                "a/a_content_list_v2.json",
                r#"[[{"type": "paragraph", "content": {}}]]"#,
            ),
            ("a/a_middle.json", "{}"),
            ("a/a_model.json", "[]"),
            ("a/a.md", "灯塔"),
            ("b.md", "灯塔"),
            (
                "b_meta.json",
                r#"{"table_of_contents": [], "page_stats": []}"#,
            ),
            ("c.md", "灯塔"),
            ("c_middle.json", "{\"text\": \"江水\"}"),
        ];
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(
            found(folder.path(), &[""]),
            ["a/a_content_list.json", "b.md", "c.md", "c_middle.json"]
        );
        let files = super::files(&[folder.path().to_path_buf()], Path::new("/nowhere")).unwrap();
        assert_eq!(
            files.iter().map(|file| file.others).collect::<Vec<_>>(),
            [4, 1, 0, 0]
        );
        assert_eq!(
            found(folder.path(), &["a/a.md", "a/a_content_list.json"]),
            ["a.md", "a_content_list.json"]
        );
    }

    #[test]
    fn json_goes_for_what_stands_beside_it_only_if_a_tool_wrote_it() {
        let folder = tempfile::tempdir().unwrap();
        let marker =
            r#"{"children": [{"id": "/page/0/Page/1", "block_type": "Page", "html": ""}]}"#;
        let files = [
            ("a/a.json", marker),
            ("a/a.md", "灯塔"),
            ("a/a.html", "<html>灯塔"),
            ("a/a_meta.json", r#"{"table_of_contents": []}"#),
            (
                "b.json",
                r#"{"schema_name": "DoclingDocument", "body": {}}"#,
            ),
            ("b.md", "灯塔"),
            ("b.txt", "灯塔"),
            ("b_meta.json", r#"{"text": "江水"}"#),
            ("c.json", r#"{"text": "江水"}"#),
            ("c.md", "灯塔"),
            ("c.html", "<html>灯塔"),
            ("c_meta.json", r#"{"text": "江水"}"#),
            (
                "d/middle_json.json",
                r#"{"pages": [{"page_idx": 0, "blocks": []}]}"#,
            ),
            (
                "d/structured_content.json",
                r#"{"pages": [{"page_idx": 0, "blocks": []}]}"#,
            ),
            ("d/markdown.md", "灯塔"),
        ];
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let own = ["c.html", "c.json", "c.md", "c_meta.json"];
        let read = ["a/a.json", "b.json", "b_meta.json"]
            .into_iter()
            .chain(own)
            .chain(["d/middle_json.json"]);
        assert_eq!(found(folder.path(), &[""]), read.collect::<Vec<_>>());
        let files = super::files(&[folder.path().to_path_buf()], Path::new("/nowhere")).unwrap();
        assert_eq!(
            files.iter().map(|file| file.others).collect::<Vec<_>>(),
            [3, 2, 0, 0, 0, 0, 0, 2]
        );
    }

    #[test]
    fn no_two_files_are_undone_to_one() {
        let folder = tempfile::tempdir().unwrap();
        ["a.txt", "a.txt.gz", "b.txt.zst"]
            .iter()
            .for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        let files = files(&[folder.path().into()], Path::new("/nowhere")).unwrap();
        let undone: Vec<&str> = files.iter().map(|file| file.undone.as_str()).collect();
        assert_eq!(undone, ["a.txt", "a.txt.gz.txt", "b.txt"]);
    }
}
