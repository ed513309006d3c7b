//! Writes the sources again, byte for byte, from an output folder alone.

use super::files::{self, CHANGES, CLEAN, SOURCES};
use super::record::{Changed, Clean, Source, article_id, undoing};
use crate::Error;
use crate::page::BETWEEN_ARTICLES;
use crate::page::edit;
use crate::read::{
    Item, Items, Stream, encode, encoding_of_origin, from_hexadecimal, lines_of, rows_of,
};
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{BufRead, BufWriter, Lines, Write};
use std::path::{Component, Path, PathBuf};

/// What `undo` wrote, and what had been refused without being kept, which it cannot give back.
#[derive(Debug, Default)]
pub struct Undone {
    pub files: usize,
    pub documents: usize,
    pub refused: Vec<String>,
}

/// Writes every source of the output folder below `to`.
pub fn undo(folder: &Path, to: &Path) -> Result<Undone, Error> {
    let mut undone = Undone::default();
    let mut documents = Documents::open(folder)?;
    let mut file: Option<(PathBuf, BufWriter<File>)> = None;
    while let Some((source, text)) = documents.next()? {
        if source.refused {
            let line = source.origin.line.map(|line| format!(" line {line}"));
            undone
                .refused
                .push(source.path + line.as_deref().unwrap_or_default());
            continue;
        }
        let path = to.join(names_alone(&source.path));
        if file.as_ref().is_none_or(|(open, _)| *open != path) {
            put_in_place(file.take())?;
            file = Some(create(path)?);
            undone.files += 1;
        }
        undone.documents += usize::from(text.is_some());
        let bytes = bytes(&source, text.as_deref()).ok_or_else(|| documents.damaged(&source))?;
        let (path, out) = file.as_mut().expect("opened above");
        out.write_all(&bytes)
            .map_err(|e| Error::Output(path.clone(), e))?;
    }
    put_in_place(file)?;
    Ok(undone)
}

/// A path without what leads out of its folder: a root, a drive, dots.
fn names_alone(path: &str) -> PathBuf {
    Path::new(path)
        .components()
        .filter(|component| matches!(component, Component::Normal(_)))
        .collect()
}

/// Begins a file beside its place, and makes the folder for it.
fn create(path: PathBuf) -> Result<(PathBuf, BufWriter<File>), Error> {
    let parent = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(parent).map_err(|e| Error::Output(parent.into(), e))?;
    let beside = beside(&path);
    let file = File::create(&beside).map_err(|e| Error::Output(beside, e))?;
    Ok((path, BufWriter::new(file)))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".jiaokan");
    path.with_file_name(name)
}

fn put_in_place(file: Option<(PathBuf, BufWriter<File>)>) -> Result<(), Error> {
    let Some((path, mut out)) = file else {
        return Ok(());
    };
    out.flush()
        .and_then(|()| fs::rename(beside(&path), &path))
        .map_err(|e| Error::Output(path, e))
}

/// The bytes of a source from what its record says and the text as it came.
fn bytes(source: &Source, text: Option<&str>) -> Option<Vec<u8>> {
    let origin = &source.origin;
    if let Some(digits) = &origin.bytes {
        return from_hexadecimal(digits);
    }
    let text = text?;
    let returned;
    let text = if origin.returns {
        returned = text.replace('\n', "\r");
        &returned
    } else {
        text
    };
    let whole = match (&origin.around, &origin.style) {
        (Some([before, after]), Some(style)) => format!("{before}{}{after}", style.write(text)),
        _ => text.to_string(),
    };
    match &origin.encoding {
        Some(name) => encode(&whole, encoding_of_origin(name)?),
        None => Some(whole.into_bytes()),
    }
}

/// The documents of an output folder in their order, each with the text as it came.
pub(crate) struct Documents {
    folder: PathBuf,
    sources: StoredRecords,
    changes: StoredRecords,
    clean: CleanRecords,
    /// Of the document that came last.
    pub records: Vec<Changed>,
}

impl Documents {
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let written = files::written(folder).unwrap_or_default();
        let lines = |name: &str| {
            let own = written
                .iter()
                .find(|written| written.starts_with(name))
                .map_or(name, String::as_str);
            StoredRecords::open(folder.join(own))
        };
        let mut clean: Vec<PathBuf> = written
            .iter()
            .filter(|name| files::is_clean(name))
            .map(|name| folder.join(name))
            .collect();
        if clean.is_empty() && written.is_empty() {
            clean.push(folder.join(CLEAN));
        }
        Ok(Documents {
            folder: folder.into(),
            sources: lines(SOURCES)?,
            changes: lines(CHANGES)?,
            clean: CleanRecords {
                files: clean.into_iter(),
                open: None,
            },
            records: Vec::new(),
        })
    }

    /// The next source, and its text as it came if it is a document.
    #[allow(clippy::should_implement_trait)] // it fails, and lends no item
    pub(crate) fn next(&mut self) -> Result<Option<(Source, Option<String>)>, Error> {
        let Some(source) = self.sources.next::<Source>()? else {
            return Ok(None);
        };
        let Some(kept) = source.kept else {
            return Ok(Some((source, None)));
        };
        self.records.clear();
        for _ in 0..source.changes.unwrap_or(0) {
            let record = self.changes.next()?.ok_or_else(|| self.damaged(&source))?;
            self.records.push(record);
        }
        let clean = if kept {
            self.clean(&source)?
        } else {
            source.empty.clone().unwrap_or_default()
        };
        let (changes, moves) = undoing(&self.records);
        let text = edit::undo(&clean, &changes, &moves).ok_or_else(|| self.damaged(&source))?;
        Ok(Some((source, Some(text))))
    }

    /// The clean text of a document: of its record, or of those of its articles.
    fn clean(&mut self, source: &Source) -> Result<String, Error> {
        let page = source.id.as_deref().unwrap_or_default();
        let mut texts = Vec::new();
        for number in 1..=source.parts.unwrap_or(1) {
            let id = if source.parts.is_some() {
                article_id(page, number)
            } else {
                page.to_string()
            };
            match self.clean.next()? {
                Some((own, text)) if own == id => texts.push(text),
                _ => return Err(self.damaged(source)),
            }
        }
        Ok(texts.join(BETWEEN_ARTICLES))
    }

    fn damaged(&self, source: &Source) -> Error {
        let id = source.id.as_deref().unwrap_or(&source.path);
        Error::malformed(
            &self.folder,
            format!(
                "{CLEAN}, {CHANGES} and {SOURCES} do not fit one another at {id:?}; were they edited, or of two runs?"
            ),
        )
    }
}

/// The records of all files of clean text, one file after another.
struct CleanRecords {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<CleanFile>,
}

enum CleanFile {
    Lines(StoredRecords),
    Rows(PathBuf, Items),
}

impl CleanRecords {
    /// The id and the text of the next.
    fn next(&mut self) -> Result<Option<(String, String)>, Error> {
        loop {
            if let Some(open) = &mut self.open
                && let Some(record) = open.next()?
            {
                return Ok(Some(record));
            }
            let Some(path) = self.files.next() else {
                return Ok(None);
            };
            let is_table = path.extension().is_some_and(|ending| ending == "parquet");
            self.open = Some(if is_table {
                let rows = rows_of(&path).map_err(|e| Error::read(&path, e))?;
                CleanFile::Rows(path, rows)
            } else {
                CleanFile::Lines(StoredRecords::open(path)?)
            });
        }
    }
}

impl CleanFile {
    fn next(&mut self) -> Result<Option<(String, String)>, Error> {
        match self {
            CleanFile::Lines(lines) => {
                Ok(lines.next::<Clean>()?.map(|clean| (clean.id, clean.text)))
            }
            CleanFile::Rows(path, rows) => match rows.next() {
                Some(Item::Document(document)) => Ok(Some((document.id, document.text))),
                Some(Item::Refused(refused)) => Err(Error::malformed(&*path, refused.error)),
                Some(Item::Filler(_)) | None => Ok(None),
            },
        }
    }
}

struct StoredRecords {
    path: PathBuf,
    lines: Lines<Stream>,
    line: usize,
}

impl StoredRecords {
    fn open(path: PathBuf) -> Result<Self, Error> {
        let stream = lines_of(&path).map_err(|e| Error::read(&path, e))?;
        Ok(StoredRecords {
            path,
            lines: stream.lines(),
            line: 0,
        })
    }

    fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        let Some(line) = self.lines.next() else {
            return Ok(None);
        };
        self.line += 1;
        let line = line.map_err(|e| Error::read(&self.path, e))?;
        let record = serde_json::from_str(&line)
            .map_err(|e| Error::malformed(&self.path, e).at_line(self.line as u64))?;
        Ok(Some(record))
    }
}
