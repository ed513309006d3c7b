//! The files of an output folder: written beside their places and renamed together at the end.

use super::Options;
use super::encode::Encoder;
use super::records::Records;
use super::signed::may_be_replaced;
use crate::Error;
use crate::settle::{PAIRS, Stamp};
use serde::Deserialize;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

pub(crate) const CLEAN: &str = "clean.jsonl";
pub(crate) const CHANGES: &str = "changes.jsonl";
pub(crate) const CLUSTERS: &str = "clusters.jsonl";
pub(crate) const REJECTED: &str = "rejected.jsonl";
pub(crate) const SOURCES: &str = "sources.jsonl";
pub(crate) const REPORT: &str = "report.json";
pub(crate) const PAGE: &str = "report.html";
/// The dataset card.
pub(crate) const CARD: &str = "README.md";

/// An output folder in the making. Dropped before `finish`, it leaves the folder as it was.
pub(crate) struct Output {
    folder: PathBuf,
    beside: PathBuf,
    pub clean: Records,
    pub changes: LinesFile,
    pub clusters: LinesFile,
    pub rejected: LinesFile,
    pub sources: LinesFile,
    finished: bool,
}

/// A file of lines that is not in its place yet.
pub(crate) struct LinesFile {
    path: PathBuf,
    out: Encoder,
}

impl Output {
    pub(crate) fn create(folder: &Path, options: &Options) -> Result<Self, Error> {
        if options.card && !may_be_replaced(&folder.join(CARD)) {
            let path = folder.join(CARD);
            return Err(Error::Usage(format!(
                "{} was not written by jiaokan, or was edited since: move it away, or leave out --card",
                path.display()
            )));
        }
        let beside = folder.join(format!(".jiaokan-{}", std::process::id()));
        fs::create_dir_all(&beside).map_err(|e| Error::Output(beside.clone(), e))?;
        let ending = options.format.lines_ending();
        let lines = |name: &str| LinesFile::create(beside.join(name));
        let large = |name: &str| lines(&name.replace("jsonl", ending));
        Ok(Output {
            clean: Records::create(&beside, options),
            changes: large(CHANGES)?,
            clusters: lines(CLUSTERS)?,
            rejected: lines(REJECTED)?,
            sources: large(SOURCES)?,
            folder: folder.to_path_buf(),
            beside,
            finished: false,
        })
    }

    /// The folder for what a run needs no longer than it lasts.
    pub(crate) fn beside(&self) -> &Path {
        &self.beside
    }

    /// Ends all files, and says their names: those of the clean records first, in the order of these.
    pub(crate) fn close(&mut self) -> Result<Vec<String>, Error> {
        let mut names = self.clean.finish()?;
        for lines in [
            &mut self.changes,
            &mut self.clusters,
            &mut self.rejected,
            &mut self.sources,
        ] {
            lines
                .out
                .finish()
                .map_err(|e| Error::Output(lines.path.clone(), e))?;
            names.push(
                lines
                    .path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            );
        }
        // a run that looks for no copies compares nothing
        names.extend(self.beside.join(PAIRS).exists().then(|| PAIRS.to_string()));
        Ok(names)
    }

    /// Puts a file there whose text is known as a whole.
    pub(crate) fn add(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.beside.join(name);
        fs::write(&path, text).map_err(|e| Error::Output(path, e))
    }

    /// Puts all files in their places, the report last, and takes away those of the run before that this one has not.
    pub(crate) fn finish(mut self, names: &[String], report: &str) -> Result<(), Error> {
        let old = written(&self.folder);
        self.add(REPORT, report)?;
        for name in names.iter().map(String::as_str).chain([REPORT]) {
            self.put(name)?;
        }
        let new: HashSet<&str> = names.iter().map(String::as_str).collect();
        old.unwrap_or_default()
            .iter()
            .filter(|name| !new.contains(name.as_str()))
            .for_each(|name| self.remove(name));
        self.finished = true;
        fs::remove_dir_all(&self.beside).map_err(|e| Error::Output(self.beside.clone(), e))
    }

    /// Puts a file in its place, and makes the folder for it.
    fn put(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(|e| Error::Output(parent.to_path_buf(), e))?;
        put(&self.beside.join(name), &path)
    }

    /// Removes a file that an earlier run wrote, and the folders that it leaves empty.
    fn remove(&self, name: &str) {
        let path = self.folder.join(name);
        if name == CARD && !may_be_replaced(&path) {
            return;
        }
        // best effort: what cannot be removed misleads nobody who reads the report
        let _ = fs::remove_file(&path);
        let folders = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.folder);
        let _ = folders
            .map(fs::remove_dir)
            .take_while(io::Result::is_ok)
            .count();
    }
}

/// The files that a run wrote into a folder, as its report says, but for the report. Nothing, if there is none.
pub(super) fn written(folder: &Path) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Report {
        /// Earlier versions wrote no others.
        #[serde(default = "always")]
        files: Vec<String>,
    }
    fn always() -> Vec<String> {
        [CLEAN, CHANGES, CLUSTERS, REJECTED, SOURCES, PAIRS]
            .map(String::from)
            .into()
    }
    let report: Report = serde_json::from_slice(&fs::read(folder.join(REPORT)).ok()?).ok()?;
    Some(
        report
            .files
            .into_iter()
            .filter(|name| is_ours(name))
            .collect(),
    )
}

/// Whether a name is one that jiaokan gives to a file: a report that somebody edited must not name others.
fn is_ours(name: &str) -> bool {
    const STEMS: [&str; 5] = ["changes", "clusters", "rejected", "sources", "pairs"];
    const ENDINGS: [&str; 4] = [".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"];
    if name == CARD {
        return true;
    }
    let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) else {
        return false;
    };
    let stays_inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    stays_inside && (STEMS.contains(&stem) || is_clean(name))
}

/// Whether a file holds clean records, by its name.
pub(super) fn is_clean(name: &str) -> bool {
    name.strip_prefix("clean")
        .is_some_and(|rest| rest.starts_with(['.', '-', '/']))
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.finished {
            // best effort: the error that brought us here is the one to report
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}

impl LinesFile {
    fn create(path: PathBuf) -> Result<Self, Error> {
        let out = Encoder::create(&path).map_err(|e| Error::Output(path.clone(), e))?;
        Ok(LinesFile { path, out })
    }

    /// Writes text that is lines already.
    pub(crate) fn write(&mut self, lines: &str) -> Result<(), Error> {
        self.out
            .write(lines.as_bytes())
            .map_err(|e| Error::Output(self.path.clone(), e))
    }

    /// Writes a value as a line of JSON.
    pub(crate) fn record(&mut self, value: &impl serde::Serialize) -> Result<(), Error> {
        self.write(&super::record::line(value))
    }
}

// ---- single files

/// The path of a file that is to be put in place of another when it is whole; makes the folder of both.
pub(crate) fn beside(path: &Path) -> Result<PathBuf, Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|e| Error::Output(folder.to_path_buf(), e))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(folder.join(format!(".{name}-{}", std::process::id())))
}

/// Puts a file in the place of another.
pub(crate) fn put(beside: &Path, path: &Path) -> Result<(), Error> {
    fs::rename(beside, path).map_err(|e| Error::Output(path.to_path_buf(), e))
}

/// A folder for files that are put in their places when they are whole; it goes when this does.
pub(crate) struct Beside {
    folder: PathBuf,
    beside: tempfile::TempDir,
}

impl Beside {
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        let error = |e| Error::Output(folder.to_path_buf(), e);
        fs::create_dir_all(folder).map_err(error)?;
        let beside = tempfile::Builder::new()
            .prefix(".jiaokan-")
            .tempdir_in(folder)
            .map_err(error)?;
        Ok(Beside {
            folder: folder.to_path_buf(),
            beside,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.beside.path()
    }

    /// Puts a file in its place, unless the same is already there.
    pub(crate) fn put_if_changed(&self, name: &Path) -> Result<(), Error> {
        let (new, old) = (self.beside.path().join(name), self.folder.join(name));
        let is_same = match (Stamp::of(&new), Stamp::of(&old)) {
            (Ok(new), Ok(old)) => new == old,
            _ => false,
        };
        if is_same { Ok(()) } else { put(&new, &old) }
    }
}
