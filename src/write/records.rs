//! The clean records, in files of the format, the size and the folders that were asked for.

use super::encode::Encoder;
#[cfg(feature = "parquet")]
use super::parquet;
use super::record::Clean;
use super::{Format, Options};
use crate::Error;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A record, ready to be written.
#[derive(Debug)]
pub enum Ready {
    Line(String),
    #[cfg(feature = "parquet")]
    Row(parquet::Row),
}

impl Ready {
    pub fn of(record: &Clean, format: Format) -> Self {
        match format {
            #[cfg(feature = "parquet")]
            Format::Parquet => Ready::Row(parquet::Row::of(record)),
            _ => Ready::Line(record.line()),
        }
    }

    /// Its bytes before compression.
    fn bytes(&self) -> u64 {
        match self {
            Ready::Line(line) => line.len() as u64,
            #[cfg(feature = "parquet")]
            Ready::Row(row) => row.bytes() as u64,
        }
    }
}

/// Writes records into files below a folder, one after another.
pub struct Records {
    options: Options,
    folder: PathBuf,
    open: Option<Open>,
    /// Of all files so far, in their order.
    names: Vec<String>,
    taken: HashSet<String>,
}

/// The file that is written to.
struct Open {
    path: PathBuf,
    out: Out,
    /// Before compression.
    bytes: u64,
    /// The input file whose records it holds, and its number among the shards of those.
    source: Arc<str>,
    number: usize,
}

enum Out {
    Lines(Encoder),
    #[cfg(feature = "parquet")]
    Rows(parquet::Rows),
}

impl Out {
    fn write(&mut self, record: Ready) -> io::Result<()> {
        match (self, record) {
            (Out::Lines(out), Ready::Line(line)) => out.write(line.as_bytes()),
            #[cfg(feature = "parquet")]
            (Out::Rows(out), Ready::Row(row)) => out.write(row),
            #[cfg(feature = "parquet")]
            _ => unreachable!("records are made ready for the format that is written"),
        }
    }
}

impl Records {
    pub fn create(folder: &Path, options: &Options) -> Self {
        let (folder, options) = (folder.to_path_buf(), options.clone());
        Records {
            options,
            folder,
            open: None,
            names: Vec::new(),
            taken: HashSet::new(),
        }
    }

    /// Writes a record of an input file.
    pub fn write(&mut self, source: &Arc<str>, record: Ready) -> Result<(), Error> {
        let bytes = record.bytes();
        let number = match &self.open {
            None => Some(0),
            Some(open) if self.options.keep_folders && open.source != *source => Some(0),
            Some(open) if self.is_full(open, bytes) => Some(open.number + 1),
            Some(_) => None,
        };
        if let Some(number) = number {
            self.end()?;
            self.begin(source.clone(), number)?;
        }
        let open = self.open.as_mut().expect("one was begun");
        open.bytes += bytes;
        let written = open.out.write(record);
        written.map_err(|e| Error::Output(open.path.clone(), e))
    }

    /// Whether a shard has no room for a record of that size. An empty one has room for any.
    fn is_full(&self, open: &Open, bytes: u64) -> bool {
        let most = self.options.shard_size;
        most.is_some_and(|most| open.bytes > 0 && open.bytes + bytes > most)
    }

    /// Ends the last file, and says the names of all in the order of their records.
    pub fn finish(&mut self) -> Result<Vec<String>, Error> {
        if self.names.is_empty() && !self.options.keep_folders {
            self.begin("".into(), 0)?; // a run that keeps nothing says so by an empty file
        }
        self.end()?;
        Ok(std::mem::take(&mut self.names))
    }

    fn begin(&mut self, source: Arc<str>, number: usize) -> Result<(), Error> {
        let name = self.unused(&source, number);
        let path = self.folder.join(&name);
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(|e| Error::Output(parent.to_path_buf(), e))?;
        let out = match self.options.format {
            #[cfg(feature = "parquet")]
            Format::Parquet => parquet::Rows::create(&path).map(Out::Rows),
            _ => Encoder::create(&path).map(Out::Lines),
        };
        let out = out.map_err(|e| Error::Output(path.clone(), e))?;
        self.names.push(name);
        self.open = Some(Open {
            path,
            out,
            bytes: 0,
            source,
            number,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(mut open) = self.open.take() else {
            return Ok(());
        };
        let done = match &mut open.out {
            Out::Lines(out) => out.finish(),
            #[cfg(feature = "parquet")]
            Out::Rows(out) => out.finish(),
        };
        done.map_err(|e| Error::Output(open.path, e))
    }

    /// The name of a file: `clean`, or the place of its input below it, the number of the shard, the ending of the format.
    fn unused(&mut self, source: &str, number: usize) -> String {
        let mut stem = String::from("clean");
        if self.options.keep_folders {
            let parts = Path::new(source)
                .components()
                .filter(|part| matches!(part, Component::Normal(_)));
            for part in parts {
                stem = format!("{stem}/{}", part.as_os_str().to_string_lossy());
            }
            stem.truncate(stem.strip_suffix(".jsonl").unwrap_or(&stem).len());
        }
        let shard = if self.options.shard_size.is_some() {
            format!("-{number:05}")
        } else {
            String::new()
        };
        let mut name = format!("{stem}{shard}.{}", self.options.format.ending());
        while !self.taken.insert(name.clone()) {
            stem += "+"; // of two members of an archive that have one name
            name = format!("{stem}{shard}.{}", self.options.format.ending());
        }
        name
    }
}
