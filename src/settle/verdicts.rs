//! The file of verdicts, between settle and finish. It belongs to one file of prints and is refused with any other.

use super::prints::Shelf;
use crate::Error;
use crate::page::cause::CauseId;
use crate::repeats::{METHODS, Options, Verdict};
use bytemuck::{Pod, Zeroable};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// The first bytes of a file of verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct VerdictsHeader {
    magic: [u8; 16],
    /// The hash of the settings of the prints and of settle.
    settings: u64,
    /// The hash of the prints.
    prints: u64,
}

const MAGIC: [u8; 16] = *b"jiaokan verdicts";
/// Changes with the format.
const VERSION: u64 = 2;

impl VerdictsHeader {
    /// Says why the file is of no use with these prints and settings.
    fn check(&self, shelf: &Shelf, options: &Options) -> Result<(), String> {
        let expected = VerdictsHeader::of(shelf, options);
        if self.prints != expected.prints {
            let name = shelf.name();
            return Err(format!(
                "these are not the verdicts on {name}; name those that settle made of it, or settle again"
            ));
        }
        if self.settings != expected.settings {
            return Err(
                "verdicts made with other settings, or by another version of jiaokan; settle again"
                    .into(),
            );
        }
        Ok(())
    }

    fn of(shelf: &Shelf, options: &Options) -> Self {
        let names: Vec<CauseId> = METHODS.iter().map(|method| method.cause).collect();
        let depends = (VERSION, shelf.settings(), names, options);
        let depends = serde_json::to_vec(&depends).expect("options are plain data");
        VerdictsHeader {
            magic: MAGIC,
            settings: xxh3_64(&depends),
            prints: shelf.hash(),
        }
    }
}

/// Takes the place of the next verdict's length, before the number of verdicts.
const END: u32 = u32::MAX;

/// A file of verdicts that is being written, in the order of the documents.
pub(crate) struct VerdictsFile {
    path: PathBuf,
    out: BufWriter<File>,
    count: u32,
}

impl VerdictsFile {
    /// Creates the file for the documents of a shelf.
    pub(crate) fn create(path: &Path, shelf: &Shelf, options: &Options) -> Result<Self, Error> {
        let file = File::create(path).map_err(|e| Error::Output(path.to_path_buf(), e))?;
        let mut file = VerdictsFile {
            path: path.to_path_buf(),
            out: BufWriter::with_capacity(1 << 20, file),
            count: 0,
        };
        file.write(bytemuck::bytes_of(&VerdictsHeader::of(shelf, options)))?;
        Ok(file)
    }

    pub(crate) fn add(&mut self, verdict: &Verdict) -> Result<(), Error> {
        let mut bytes = Vec::new();
        verdict.push_bytes(&mut bytes);
        self.count += 1;
        self.write(&(bytes.len() as u32).to_le_bytes())?;
        self.write(&xxh3_64(&bytes).to_le_bytes())?;
        self.write(&bytes)
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.write(&END.to_le_bytes())?;
        self.write(&self.count.to_le_bytes())?;
        self.out
            .flush()
            .map_err(|e| Error::Output(self.path.clone(), e))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out
            .write_all(bytes)
            .map_err(|e| Error::Output(self.path.clone(), e))
    }
}

/// Reads verdicts, document by document.
pub(crate) struct Verdicts {
    path: PathBuf,
    file: BufReader<File>,
    /// Bytes read so far.
    at: u64,
    count: u32,
    next: Option<Verdict>,
}

impl Verdicts {
    /// Opens the file of verdicts on the documents of a shelf.
    pub(crate) fn open(path: &Path, shelf: &Shelf, options: &Options) -> Result<Self, Error> {
        let error = |why: String| Error::malformed(path, why);
        let file = File::open(path).map_err(|e| error(e.to_string()))?;
        let mut verdicts = Verdicts {
            path: path.to_path_buf(),
            file: BufReader::with_capacity(1 << 20, file),
            at: 0,
            count: 0,
            next: None,
        };
        let mut header = VerdictsHeader::zeroed();
        let into = bytemuck::bytes_of_mut(&mut header);
        let is_read = verdicts.file.read_exact(into).is_ok();
        if !is_read || header.magic != MAGIC {
            return Err(error("no file of verdicts; settle again".into()));
        }
        header.check(shelf, options).map_err(error)?;
        verdicts.at = size_of::<VerdictsHeader>() as u64;
        verdicts.read()?;
        Ok(verdicts)
    }

    /// The verdict on a document; empty if nothing was found. Must be called for each document, in order.
    pub(crate) fn of(&mut self, document: u32) -> Result<Verdict, Error> {
        match self.next.take_if(|next| next.document == document) {
            Some(verdict) => {
                self.read()?;
                Ok(verdict)
            }
            None => Ok(Verdict::nothing(document)),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        self.next = self.read_next().map_err(|why| {
            Error::malformed(&self.path, format!("{why}; settle again")).at_byte(self.at)
        })?;
        Ok(())
    }

    /// The next verdict; `None` at the end.
    fn read_next(&mut self) -> Result<Option<Verdict>, String> {
        let length = self.number()?;
        if length == END {
            let is_whole = self.number()? == self.count;
            return match is_whole {
                true => Ok(None),
                false => Err("verdicts are missing".into()),
            };
        }
        let mut check = [0; 8];
        let early = |_| "the verdicts end too early".to_string();
        self.file.read_exact(&mut check).map_err(early)?;
        let mut bytes = Vec::new();
        self.file
            .by_ref()
            .take(length.into())
            .read_to_end(&mut bytes)
            .map_err(early)?;
        if bytes.len() as u32 != length || check != xxh3_64(&bytes).to_le_bytes() {
            return Err("the verdicts are damaged".into());
        }
        let verdict = Verdict::take_bytes(&bytes).ok_or("the verdicts are damaged")?;
        self.at += 12 + u64::from(length);
        self.count += 1;
        Ok(Some(verdict))
    }

    fn number(&mut self) -> Result<u32, String> {
        let mut number = [0; 4];
        let read = self.file.read_exact(&mut number);
        read.map_err(|_| "the verdicts end too early".to_string())?;
        Ok(u32::from_le_bytes(number))
    }
}
