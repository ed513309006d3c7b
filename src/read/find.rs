//! Finds the files to read: those that were named, and in folders those of a known format that are neither hidden nor
//! ignored.

use super::{input, is_known};
use crate::Error;
use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use std::collections::HashSet;
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
}

impl SourceFile {
    /// A file that is read for itself.
    pub(super) fn alone(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        SourceFile { path: path.to_path_buf(), undone: name.clone(), relative: name, bytes: 0 }
    }
}

/// The files below the paths, in the order of their names. In folders, those of a known format are taken that are neither
/// hidden nor ignored by a `.gitignore`, `.ignore` or `.jiaokanignore` there. A path that is no file may be a glob. Nothing
/// below `except` is taken.
pub fn files(paths: &[PathBuf], except: &Path) -> Result<Vec<SourceFile>, Error> {
    let except = real(except);
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for root in paths {
        let wanted = Wanted::of(root)?;
        let is_alone = paths.len() == 1 && wanted.folder.is_dir();
        let top = if is_alone { wanted.folder.as_path() } else { wanted.folder.parent().unwrap_or(Path::new("")) };
        for entry in wanted.walk() {
            let entry = entry.map_err(|e| unreadable(root, &e))?;
            let path = entry.path();
            let real = real(path);
            let is_file = entry.file_type().is_some_and(|sort| sort.is_file());
            let is_taken = path == wanted.folder || wanted.takes(path) && !real.starts_with(&except);
            if is_file && is_taken && seen.insert(real) {
                let relative = path.strip_prefix(top).unwrap_or(path).to_string_lossy().into_owned();
                let bytes = entry.metadata().map_or(0, |m| m.len());
                files.push(SourceFile { path: path.to_path_buf(), undone: String::new(), relative, bytes });
            }
        }
    }
    tell_apart(&mut files);
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(files)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn unreadable(root: &Path, error: &ignore::Error) -> Error {
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
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
            return Ok(Wanted { folder: path.to_path_buf(), glob: None });
        }
        let glob = GlobBuilder::new(&text).literal_separator(true).build();
        let glob = glob.map_err(|e| Error::Usage(format!("{text}: neither a file nor a glob: {}", e.kind())))?;
        // the folders before the first one that is a pattern
        let is_plain = |part: &Component| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let folder: PathBuf = path.components().take_while(is_plain).collect();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        Ok(Wanted { folder, glob: Some(glob.compile_matcher()) })
    }

    fn walk(&self) -> ignore::Walk {
        let mut walk = WalkBuilder::new(&self.folder);
        // what a folder above ignores is no concern of who names the folder below: data often is
        walk.follow_links(true).parents(false).git_global(false).git_exclude(false).require_git(false);
        walk.add_custom_ignore_filename(IGNORE_FILE);
        walk.build()
    }

    fn takes(&self, path: &Path) -> bool {
        match &self.glob {
            Some(glob) => glob.is_match(path) || path.strip_prefix(".").is_ok_and(|path| glob.is_match(path)),
            None => is_known(path),
        }
    }
}

/// Gives files of the same name in several folders their whole path as their name, and each what `undo` writes it to.
fn tell_apart(files: &mut [SourceFile]) {
    let mut names = HashSet::new();
    if !files.iter().all(|f| names.insert(f.relative.clone())) {
        for file in files.iter_mut() {
            let parts = file.path.components().filter(|c| matches!(c, Component::Normal(_)));
            file.relative = parts.collect::<PathBuf>().to_string_lossy().into_owned();
        }
    }
    let names: HashSet<String> = files.iter().map(|f| f.relative.clone()).collect();
    for file in files {
        let plain = input::without_compression(&file.relative);
        file.undone = match names.contains(plain) && plain != file.relative {
            true => format!("{}.{}", file.relative, plain.rsplit('.').next().unwrap_or_default()),
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
        files(&paths, Path::new("/nowhere")).unwrap().into_iter().map(|file| file.relative).collect()
    }

    #[test]
    fn hidden_and_ignored_files_are_not_read_unless_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "b.jsonl.gz", ".c.txt", "d/e.md", "d/f.txt", "g.bin", "old/h.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "灯塔").unwrap();
        }
        fs::write(folder.path().join(".gitignore"), "old/\n").unwrap();
        fs::write(folder.path().join("d/.jiaokanignore"), "f.*\n").unwrap();
        assert_eq!(found(folder.path(), &[""]), ["a.txt", "b.jsonl.gz", "d/e.md"]);
        assert_eq!(found(folder.path(), &["old/h.txt", ".c.txt"]), [".c.txt", "h.txt"]);
        assert_eq!(found(folder.path(), &["**/*.txt"]), ["a.txt"]);
        assert_eq!(found(folder.path(), &["*.{txt,bin}"]), ["a.txt", "g.bin"]);
    }

    #[test]
    fn no_two_files_are_undone_to_one() {
        let folder = tempfile::tempdir().unwrap();
        ["a.txt", "a.txt.gz", "b.txt.zst"].iter().for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        let files = files(&[folder.path().into()], Path::new("/nowhere")).unwrap();
        let undone: Vec<&str> = files.iter().map(|file| file.undone.as_str()).collect();
        assert_eq!(undone, ["a.txt", "a.txt.gz.txt", "b.txt"]);
    }
}
