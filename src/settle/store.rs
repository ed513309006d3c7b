//! Where a file of prints is: on disk or in memory.

use crate::Error;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A finished store, read at any place.
#[derive(Debug)]
pub(super) enum Store {
    File(PathBuf, File),
    Memory(Vec<u8>),
}

impl Store {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        Ok(Store::File(path.to_path_buf(), file))
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Store::File(path, _) => path.display().to_string(),
            Store::Memory(_) => "prints in memory".into(),
        }
    }

    /// In bytes.
    pub(super) fn length(&self) -> std::io::Result<u64> {
        match self {
            Store::File(_, file) => Ok(file.metadata()?.len()),
            Store::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    pub(super) fn read(&self, at: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        match self {
            Store::File(_, file) => At { file, at }.read_exact(bytes),
            Store::Memory(held) => {
                let held = usize::try_from(at).ok().and_then(|at| held.get(at..));
                held.unwrap_or_default().read_exact(bytes)
            }
        }
    }
}

/// A store that is being written.
pub(super) enum NewStore {
    File(PathBuf, BufWriter<File>),
    Memory(Vec<u8>),
}

impl NewStore {
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
            .map_err(|e| Error::Output(path.to_path_buf(), e))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        Ok(NewStore::File(path.to_path_buf(), file))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            NewStore::File(path, file) => file
                .write_all(bytes)
                .map_err(|e| Error::Output(path.clone(), e)),
            NewStore::Memory(held) => {
                held.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    pub(super) fn finish(self) -> Result<Store, Error> {
        match self {
            NewStore::File(path, file) => match file.into_inner() {
                Ok(file) => Ok(Store::File(path, file)),
                Err(e) => Err(Error::Output(path, e.into_error())),
            },
            NewStore::Memory(held) => Ok(Store::Memory(held)),
        }
    }
}

/// A file from a given place on, read without moving the position of other readers.
pub(super) struct At<'f> {
    pub file: &'f File,
    pub at: u64,
}

impl Read for At<'_> {
    #[cfg(unix)]
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let read = std::os::unix::fs::FileExt::read_at(self.file, bytes, self.at)?;
        self.at += read as u64;
        Ok(read)
    }

    #[cfg(windows)]
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let read = std::os::windows::fs::FileExt::seek_read(self.file, bytes, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
