//! Files of verdicts, a line of JSON each, between settle and finish.

use super::Verdict;
use crate::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Lines, Write};
use std::path::{Path, PathBuf};

/// A file of verdicts in the making, in the order of their documents.
pub struct VerdictsFile {
    path: PathBuf,
    out: BufWriter<File>,
}

impl VerdictsFile {
    pub fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create(path).map_err(|e| Error::Output(path.to_path_buf(), e))?;
        Ok(VerdictsFile {
            path: path.to_path_buf(),
            out: BufWriter::with_capacity(1 << 20, file),
        })
    }

    pub fn add(&mut self, verdict: &Verdict) -> Result<(), Error> {
        let mut line = serde_json::to_vec(verdict).expect("a verdict holds only names and numbers");
        line.push(b'\n');
        self.out
            .write_all(&line)
            .map_err(|e| Error::Output(self.path.clone(), e))
    }

    pub fn finish(mut self) -> Result<(), Error> {
        self.out
            .flush()
            .map_err(|e| Error::Output(self.path.clone(), e))
    }
}

/// Verdicts as they are asked for, document after document.
pub struct Verdicts {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
    next: Option<Verdict>,
}

impl Verdicts {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let lines = BufReader::with_capacity(1 << 20, file).lines();
        let mut verdicts = Verdicts {
            path: path.to_path_buf(),
            lines,
            next: None,
        };
        verdicts.read()?;
        Ok(verdicts)
    }

    /// The verdict on a document; each must be asked for, in their order. An empty one if nothing was found.
    pub fn of(&mut self, document: u32) -> Result<Verdict, Error> {
        match self.next.take_if(|next| next.document == document) {
            Some(verdict) => {
                self.read()?;
                Ok(verdict)
            }
            None => Ok(Verdict {
                document,
                ..Verdict::default()
            }),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        let error = |why: String| Error::malformed(&self.path, format!("{why}; settle again"));
        self.next = match self.lines.next() {
            None => None,
            Some(Err(e)) => return Err(error(e.to_string())),
            Some(Ok(line)) => Some(serde_json::from_str(&line).map_err(|e| error(e.to_string()))?),
        };
        Ok(())
    }
}
