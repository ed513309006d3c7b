//! `--depfile`: a rule for make, of what was written and what it was made from.

use crate::{Error, read};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rule, made before a run begins: a source that changes meanwhile is newer than what is written.
pub(super) struct MakeRule<'a> {
    depfile: &'a Path,
    text: String,
}

impl<'a> MakeRule<'a> {
    /// The target depends on the files below the paths, on the folders that hold them (a new file makes those newer), and
    /// on other files. A source that goes is no error, but a reason to make the target again.
    pub(super) fn new(
        depfile: &'a Path,
        target: &Path,
        paths: &[PathBuf],
        others: impl IntoIterator<Item = PathBuf>,
    ) -> Result<Self, Error> {
        let mut sources = sources(paths, target)?;
        sources.extend(others);
        let mut text = escaped(target, true)? + ":";
        for source in &sources {
            text += &format!(" \\\n  {}", escaped(source, false)?);
        }
        text.push('\n');
        for source in &sources {
            text += &format!("\n{}:\n", escaped(source, true)?);
        }
        Ok(MakeRule { depfile, text })
    }

    pub(super) fn write(&self) -> Result<(), Error> {
        std::fs::write(self.depfile, &self.text)
            .map_err(|e| Error::Output(self.depfile.to_path_buf(), e))
    }
}

fn sources(paths: &[PathBuf], target: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let out = target.parent().unwrap_or(Path::new(""));
    let files: Vec<PathBuf> = read::files(paths, out)?
        .into_iter()
        .map(|file| file.path)
        .collect();
    let mut sources: BTreeSet<PathBuf> =
        paths.iter().filter(|path| path.is_dir()).cloned().collect();
    for file in &files {
        let below = |folder: &&Path| {
            paths
                .iter()
                .any(|path| path.is_dir() && folder.starts_with(path))
        };
        sources.extend(
            file.ancestors()
                .skip(1)
                .take_while(below)
                .map(Path::to_path_buf),
        );
    }
    // the folder that the run writes to is newer than what it writes
    sources.retain(|folder| folder.as_path() != out);
    sources.extend(files);
    Ok(sources)
}

/// A path as make reads it, before the colon of a rule or after it.
fn escaped(path: &Path, is_target: bool) -> Result<String, Error> {
    /// What no backslash makes part of a name (tried with GNU make 4.4).
    const IMPOSSIBLE: [char; 7] = ['\n', '\r', '\t', '=', ';', '|', '\\'];
    let path = path.to_string_lossy();
    if let Some(c) = path.chars().find(|c| IMPOSSIBLE.contains(c)) {
        return Err(Error::Usage(format!(
            "--depfile: make knows no file with {c:?} in its name: {path}"
        )));
    }
    let mut text = String::from(if path.starts_with('~') { "./" } else { "" });
    for c in path.chars() {
        match c {
            ' ' | '#' | ':' | '*' | '?' | '[' => text.extend(['\\', c]),
            '%' if is_target => text.push_str("\\%"),
            '$' => text.push_str("$$"),
            c => text.push(c),
        }
    }
    Ok(text)
}
