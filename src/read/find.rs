//! Finds the files to read: those that were named, and the files in folders that have a known format and are neither hidden
//! nor ignored.

use super::{FORMATS, Format, SourceFile, Tool, format_of, input, is_known};
use crate::Error;
use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// A file of this name lists, as `.gitignore` does, what jiaokan should not read in its folder.
pub(super) const IGNORE_FILE: &str = ".jiaokanignore";

/// The files below the paths, in the order of their names. Folders give the files of known formats that are neither
/// hidden nor ignored by a `.gitignore`, `.ignore` or `.jiaokanignore` in them. A path that is not a file may be a glob.
/// Nothing below `except` is taken, and nothing that an earlier run wrote, unless it is named itself.
pub fn files(paths: &[PathBuf], except: &Path) -> Result<Vec<SourceFile>, Error> {
    Ok(find(paths, except)?.files)
}

/// The same, and how many files were left out because an earlier run wrote them.
pub(crate) fn find(paths: &[PathBuf], except: &Path) -> Result<FoundFiles, Error> {
    let except = real(except);
    let mut earlier = EarlierOutput::default();
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    let mut named = HashSet::new();
    for root in paths {
        let wanted = Wanted::of(root)?;
        let folder = wanted.folder.as_path();
        std::fs::metadata(folder).map_err(|e| Error::read(root, e))?;
        let is_alone = paths.len() == 1 && folder.is_dir();
        let top = match is_alone {
            true => folder,
            false => folder.parent().unwrap_or(Path::new("")),
        };
        for entry in wanted.walk() {
            let entry = entry.map_err(|e| unreadable(root, e))?;
            let path = entry.path();
            if entry.file_type().is_some_and(|sort| sort.is_dir()) {
                earlier.look_into(path);
            }
            let is_named = path == folder || wanted.glob.is_some();
            if !is_named && earlier.wrote(path) {
                continue;
            }
            let real = real(path);
            let is_file = entry.file_type().is_some_and(|sort| sort.is_file());
            let is_taken = path == folder || wanted.takes(path) && !real.starts_with(&except);
            if is_file && is_taken && seen.insert(real) {
                files.push(source_file(&entry, top));
                named.extend((path == folder).then(|| path.to_path_buf()));
            }
        }
    }
    let mut files = without_others(files, &named);
    tell_apart(&mut files);
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(FoundFiles {
        files,
        earlier: earlier.left_out,
    })
}

/// A file that was found, called by its path below the folder at the top.
fn source_file(entry: &DirEntry, top: &Path) -> SourceFile {
    let path = entry.path();
    let relative = path.strip_prefix(top).unwrap_or(path);
    SourceFile {
        path: path.to_path_buf(),
        undone: String::new(),
        relative: relative.to_string_lossy().into_owned(),
        bytes: entry.metadata().map_or(0, |m| m.len()),
        others: 0,
    }
}

/// The files to read, in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct FoundFiles {
    pub files: Vec<SourceFile>,
    /// How many files were left out because an earlier run wrote them.
    pub earlier: usize,
}

/// What earlier runs wrote into folders that are searched.
#[derive(Default)]
struct EarlierOutput {
    files: HashSet<PathBuf>,
    left_out: usize,
}

impl EarlierOutput {
    /// Notes the files that the report in a folder says were written there.
    fn look_into(&mut self, folder: &Path) {
        #[derive(Deserialize)]
        struct Report {
            files: Vec<String>,
        }
        let path = folder.join("report.json");
        let Some(report) = std::fs::read(&path)
            .ok()
            .and_then(|json| serde_json::from_slice::<Report>(&json).ok())
        else {
            return;
        };
        // a report.json of another program names no such file
        if report
            .files
            .iter()
            .any(|name| name.starts_with("sources.jsonl"))
        {
            let files = report.files.iter().map(|name| folder.join(name));
            self.files.extend(files.chain([path]));
        }
    }

    fn wrote(&mut self, path: &Path) -> bool {
        let is_earlier = self.files.contains(path);
        self.left_out += usize::from(is_earlier && is_known(path));
        is_earlier
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn unreadable(root: &Path, error: ignore::Error) -> Error {
    match error.io_error() {
        Some(_) => {
            let error = error.into_io_error().expect("it has one");
            Error::read(root, error)
        }
        None => Error::malformed(root, error),
    }
}

/// What one path names: a file, all of a folder, or what matches a glob in it.
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
        // the folders above the first part that is a pattern
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
        // naming a folder overrides what folders above it ignore: data is often ignored by git
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

/// Keeps, of the files that a tool wrote of one document, the one that says most, and every file that was named.
fn without_others(files: Vec<SourceFile>, named: &HashSet<PathBuf>) -> Vec<SourceFile> {
    let mut better: Vec<Option<usize>> = vec![None; files.len()];
    let tools = FORMATS
        .iter()
        .flat_map(|format| format.tools.iter().map(move |tool| (format, tool)));
    for (format, tool) in tools {
        for renderings in renderings(tool, &files) {
            let mut ranked = renderings.iter();
            let is_best = |(rank, at): &(usize, usize)| tool.is_best(format, *rank, &files[*at]);
            let Some((_, best)) = ranked.find(|rendering| is_best(rendering)) else {
                continue;
            };
            let others = ranked
                .filter(|(rank, at)| tool.wrote(*rank, &files[*at]))
                .filter(|(_, at)| !named.contains(&files[*at].path));
            for (_, at) in others {
                better[*at].get_or_insert(*best);
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

/// Of each document that there are several files of, by their names, those files and their ranks, the best first.
fn renderings(tool: &Tool, files: &[SourceFile]) -> Vec<Vec<(usize, usize)>> {
    let mut documents: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (at, file) in files.iter().enumerate() {
        if let Some((document, rank)) = tool.rendering(&file.path) {
            documents.entry(document).or_default().push((rank, at));
        }
    }
    let mut several: Vec<_> = documents
        .into_values()
        .filter(|renderings| renderings.len() > 1)
        .collect();
    several
        .iter_mut()
        .for_each(|renderings| renderings.sort_unstable());
    several
}

impl Tool {
    /// The document that a file may be a rendering of, and how many endings go before its own.
    fn rendering(&self, path: &Path) -> Option<(String, usize)> {
        let name = path.to_string_lossy();
        let also = self.also.iter().map(|(ending, _)| *ending);
        let endings = self.says.iter().copied().chain(also).zip(0..);
        let (ending, rank) = endings
            .filter(|(ending, _)| name.ends_with(ending))
            .max_by_key(|(ending, _)| ending.len())?;
        Some((name[..name.len() - ending.len()].to_string(), rank))
    }

    /// Whether a file can be read instead of all others that the tool wrote of the document: it holds what its name
    /// promises. Markdown and HTML are not looked into: the other files that go with them alone hold no document.
    fn is_best(&self, format: &Format, rank: usize, file: &SourceFile) -> bool {
        if rank < self.says.len() {
            begins_as(file, |name, _| name == format.name)
        } else {
            self.says.is_empty() && rank == 0
        }
    }

    /// Whether the tool wrote a file that a better one replaces.
    fn wrote(&self, rank: usize, file: &SourceFile) -> bool {
        let is_its = rank
            .checked_sub(self.says.len())
            .and_then(|rank| self.also[rank].1);
        is_its.is_none_or(|is_its| begins_as(file, |_, head| is_its(head)))
    }
}

/// Whether the format of a file, and its first bytes, are as asked.
fn begins_as(file: &SourceFile, asked: impl Fn(&str, &[u8]) -> bool) -> bool {
    let Ok(mut input) = input::Input::open(file) else {
        return false;
    };
    input
        .head()
        .is_ok_and(|head| asked(format_of(&file.relative, head).name, head))
}

/// Names files by their whole paths if two have one name, and says what `undo` writes each to.
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
