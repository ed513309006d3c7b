//! The files of an output folder: written beside their places and renamed together at the end.

use crate::Error;
use crate::repeats::PAIRS;
use crate::repeats::prints::Stamp;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub const CLEAN: &str = "clean.jsonl";
pub const CHANGES: &str = "changes.jsonl";
pub const CLUSTERS: &str = "clusters.jsonl";
pub const REJECTED: &str = "rejected.jsonl";
pub const SOURCES: &str = "sources.jsonl";
pub const REPORT: &str = "report.json";
pub const PAGE: &str = "report.html";

/// An output folder in the making. Dropped before `finish`, it leaves what stood there as it was.
pub struct Output {
    folder: PathBuf,
    beside: PathBuf,
    pub clean: Lines,
    pub changes: Lines,
    pub clusters: Lines,
    pub rejected: Lines,
    pub sources: Lines,
    finished: bool,
}

/// A file of lines that is not in its place yet.
pub struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
    pub bytes: u64,
}

impl Output {
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let beside = folder.join(format!(".jiaokan-{}", std::process::id()));
        fs::create_dir_all(&beside).map_err(|e| Error::Output(beside.clone(), e))?;
        let lines = |name: &str| Lines::create(beside.join(name));
        Ok(Output {
            clean: lines(CLEAN)?,
            changes: lines(CHANGES)?,
            clusters: lines(CLUSTERS)?,
            rejected: lines(REJECTED)?,
            sources: lines(SOURCES)?,
            folder: folder.to_path_buf(),
            beside,
            finished: false,
        })
    }

    /// The folder for what a run needs no longer than it lasts.
    pub fn beside(&self) -> &Path {
        &self.beside
    }

    /// Puts all files in their places, the report last: as JSON, behind the page that shows it.
    pub fn finish(mut self, report: &str, page: &str) -> Result<(), Error> {
        for lines in [&mut self.clean, &mut self.changes, &mut self.clusters, &mut self.rejected, &mut self.sources] {
            lines.out.flush().map_err(|e| Error::Output(lines.path.clone(), e))?;
        }
        for (name, text) in [(REPORT, report), (PAGE, page)] {
            let path = self.beside.join(name);
            fs::write(&path, text).map_err(|e| Error::Output(path, e))?;
        }
        for name in [CLEAN, CHANGES, CLUSTERS, PAIRS, REJECTED, SOURCES, PAGE, REPORT] {
            match put(&self.beside.join(name), &self.folder.join(name)) {
                // a run that looks for no copies compares nothing
                Err(_) if name == PAIRS => fs::remove_file(self.folder.join(name)).unwrap_or_default(),
                put => put?,
            }
        }
        self.finished = true;
        fs::remove_dir_all(&self.beside).map_err(|e| Error::Output(self.beside.clone(), e))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.finished {
            // best effort: the error that brought us here is the one to tell
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}

impl Lines {
    fn create(path: PathBuf) -> Result<Self, Error> {
        let file = File::create(&path).map_err(|e| Error::Output(path.clone(), e))?;
        Ok(Lines { path, out: BufWriter::with_capacity(1 << 20, file), bytes: 0 })
    }

    /// Writes text that is lines already.
    pub fn write(&mut self, lines: &str) -> Result<(), Error> {
        self.bytes += lines.len() as u64;
        self.out.write_all(lines.as_bytes()).map_err(|e| Error::Output(self.path.clone(), e))
    }

    /// Writes a value as a line of JSON.
    pub fn record(&mut self, value: &impl serde::Serialize) -> Result<(), Error> {
        self.write(&super::record::line(value))
    }
}

// ---- single files

/// The path of a file that is to be put in place of another when it is whole; makes the folder of both.
pub fn beside(path: &Path) -> Result<PathBuf, Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|e| Error::Output(folder.to_path_buf(), e))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(folder.join(format!(".{name}-{}", std::process::id())))
}

/// Puts a file in the place of another.
pub fn put(beside: &Path, path: &Path) -> Result<(), Error> {
    fs::rename(beside, path).map_err(|e| Error::Output(path.to_path_buf(), e))
}

/// A folder for files that are put in their places when they are whole; it goes when this does.
pub struct Beside {
    folder: PathBuf,
    beside: tempfile::TempDir,
}

impl Beside {
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let error = |e| Error::Output(folder.to_path_buf(), e);
        fs::create_dir_all(folder).map_err(error)?;
        let beside = tempfile::Builder::new().prefix(".jiaokan-").tempdir_in(folder).map_err(error)?;
        Ok(Beside { folder: folder.to_path_buf(), beside })
    }

    pub fn path(&self) -> &Path {
        self.beside.path()
    }

    /// Puts a file in its place, unless the very same stands there.
    pub fn put_if_changed(&self, name: &Path) -> Result<(), Error> {
        let (new, old) = (self.beside.path().join(name), self.folder.join(name));
        let is_same = match (Stamp::of(&new), Stamp::of(&old)) {
            (Ok(new), Ok(old)) => new == old,
            _ => false,
        };
        if is_same { Ok(()) } else { put(&new, &old) }
    }
}
