//! The file of prints: what survey learnt of a shard's documents, for settle.
//!
//! It holds a header; a record for each document; the sorted keys of each method; the counts for the lexicon, if they
//! are kept; the list of documents, some 150 bytes each; and a directory of these sections. Opening reads only the
//! documents. Keys are read from end to end, records only where two texts are compared. Every part has a checksum,
//! which is verified when the part is first read.

use super::sorted::{Room, Unsorted};
use super::store::{NewStore, Store};
use crate::Error;
use crate::lexicon::Counts;
use crate::page::edit::Span;
use crate::repeats::method::Holder;
use crate::repeats::prints::{Facts, Lists, MAGIC, PREFIX, Places};
use crate::repeats::strict::{self, Sign};
use crate::repeats::{BlockPrint, METHODS, Prints};
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use std::fs::File;
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// Shows that a source file has not changed since it was surveyed: its length and its hash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Stamp {
    bytes: u64,
    hash: u64,
}

impl Stamp {
    pub(crate) fn of(path: &Path) -> Result<Self, Error> {
        let error = |e: std::io::Error| Error::read(path, e);
        let mut file = File::open(path).map_err(error)?;
        let mut hash = Xxh3Default::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            match file.read(&mut buffer).map_err(error)? {
                0 => {
                    return Ok(Stamp {
                        bytes,
                        hash: hash.digest(),
                    });
                }
                read => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
    }
}

/// The files of prints below a folder, in the order of their names.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|e| Error::read(folder, e.into()))?;
        if entry.file_type().is_file()
            && entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "prints")
        {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(Error::malformed(folder, "holds no prints (*.prints)"));
    }
    Ok(files)
}

/// The first bytes of a file of prints.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct PrintsHeader {
    magic: [u8; 16],
    settings: u64,
    stamp: Stamp,
}

impl PrintsHeader {
    /// Says why the file is of no use to a run with these settings.
    fn check(&self, settings: u64) -> Result<(), &'static str> {
        if self.magic[..15] != MAGIC[..15] {
            return Err("no file of prints");
        }
        if self.magic != MAGIC {
            return Err("prints of another version of jiaokan");
        }
        if self.settings != settings {
            return Err("prints made with other settings");
        }
        Ok(())
    }
}

/// A part of a file of prints: its name, padded with zeros, and where it is.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Section {
    name: [u8; 16],
    at: u64,
    bytes: u64,
    check: u64,
}

/// The last bytes of a file of prints.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Trailer {
    directory: u64,
    sections: u64,
    check: u64,
    end: [u8; 8],
}

const END: [u8; 8] = *b"complete";

const COUNTS: &str = "counts";
const DOCUMENTS: &str = "documents";
const IDS: &str = "ids";

/// A document in the section of documents; its id is in the section of ids.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Row {
    facts: Facts,
    record: u64,
}

/// What settle keeps in memory of a surveyed document.
#[derive(Debug, Clone)]
pub(crate) struct Surveyed {
    pub id: Box<str>,
    facts: Facts,
    /// Where its record begins.
    record: u64,
}

impl Deref for Surveyed {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// All keys together get one of this many shares of the room: of 1 GiB 256 MiB, which hold the keys of 140 MB of text.
const SHARES: usize = 4;

/// A file of prints that is being written.
pub(crate) struct PrintsFile {
    store: NewStore,
    bytes: u64,
    header: PrintsHeader,
    sections: Vec<Section>,
    documents: Vec<Surveyed>,
    /// By method. The place of the document stands in for its rank.
    keys: Vec<Unsorted<Holder>>,
}

impl PrintsFile {
    /// Creates the file. `settings` is the hash of all that its prints depend on; keys are sorted in the room.
    pub(crate) fn create(
        path: &Path,
        settings: u64,
        stamp: Stamp,
        room: &Room,
    ) -> Result<Self, Error> {
        PrintsFile::begin(NewStore::create(path)?, settings, stamp, room)
    }

    /// The same in memory.
    pub(crate) fn in_memory(settings: u64) -> Result<Self, Error> {
        let store = NewStore::Memory(Vec::new());
        PrintsFile::begin(store, settings, Stamp::default(), &Room::in_memory())
    }

    fn begin(store: NewStore, settings: u64, stamp: Stamp, room: &Room) -> Result<Self, Error> {
        let header = PrintsHeader {
            magic: MAGIC,
            settings,
            stamp,
        };
        // the counts for the lexicon and the pages being worked on need memory, too
        let unsorted = || Unsorted::new(room.shared_by(SHARES * METHODS.len()));
        let mut prints = PrintsFile {
            store,
            bytes: 0,
            header,
            sections: Vec::new(),
            documents: Vec::new(),
            keys: METHODS.iter().map(|_| unsorted()).collect(),
        };
        prints.write(bytemuck::bytes_of(&header))?;
        Ok(prints)
    }

    /// Adds a document.
    pub(crate) fn add(&mut self, id: &str, prints: &Prints) -> Result<(), Error> {
        let place = self.documents.len() as u32;
        for (unsorted, keys) in self.keys.iter_mut().zip(&prints.keys) {
            for key in keys {
                unsorted.push(Holder {
                    hash: key.hash,
                    rank: place,
                    at: key.at,
                })?;
            }
        }
        self.documents.push(Surveyed {
            id: id.into(),
            facts: prints.facts,
            record: self.bytes,
        });
        self.write(&prints.record(id))
    }

    /// Adds a document whose prints come from `Prints::to_bytes`.
    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Some((id, prints)) = Prints::from_bytes(bytes, self.header.settings) else {
            return Err(Error::malformed(
                format!("prints of document {}", self.documents.len()),
                "damaged, or made by another version of jiaokan or with other settings; survey the document again",
            ));
        };
        self.add(&id, &prints)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        self.store.write(bytes)
    }

    fn section(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let at = self.bytes;
        self.write(bytes)?;
        self.sections
            .push(Section::new(name, at..self.bytes, xxh3_64(bytes)));
        Ok(())
    }

    /// Ends the file with the keys and the documents and, if they are to be kept, the counts for the lexicon.
    pub(crate) fn finish(mut self, counts: Option<&Counts>) -> Result<Shelf, Error> {
        for (method, keys) in METHODS.iter().zip(std::mem::take(&mut self.keys)) {
            self.keys(method.cause.name(), keys)?;
        }
        if let Some(counts) = counts {
            self.section(COUNTS, &counts.to_bytes(self.header.settings))?;
        }
        self.table()?;
        let sections = std::mem::take(&mut self.sections);
        let trailer = Trailer {
            directory: self.bytes,
            sections: sections.len() as u64,
            check: xxh3_64(bytemuck::cast_slice(&sections)),
            end: END,
        };
        self.write(bytemuck::cast_slice(&sections))?;
        self.write(bytemuck::bytes_of(&trailer))?;
        Ok(Shelf::new(
            self.store.finish()?,
            self.header,
            sections,
            self.documents,
        ))
    }

    /// Writes the table of documents, and their ids.
    fn table(&mut self) -> Result<(), Error> {
        let row = |document: &Surveyed| Row {
            facts: document.facts,
            record: document.record,
        };
        let rows: Vec<Row> = self.documents.iter().map(row).collect();
        let ids: String = self
            .documents
            .iter()
            .map(|document| &*document.id)
            .collect();
        self.section(DOCUMENTS, bytemuck::cast_slice(&rows))?;
        self.section(IDS, ids.as_bytes())
    }

    fn keys(&mut self, method: &str, keys: Unsorted<Holder>) -> Result<(), Error> {
        /// Keys that are written at a time.
        const SOME: usize = 1 << 12;
        let at = self.bytes;
        let mut hash = Xxh3Default::new();
        let mut some: Vec<Holder> = Vec::with_capacity(SOME);
        let mut put = |some: &mut Vec<Holder>| {
            let bytes = bytemuck::cast_slice(some);
            hash.update(bytes);
            self.write(bytes)?;
            some.clear();
            Ok(())
        };
        keys.sorted()?.each(|key| {
            some.push(key);
            if some.len() == SOME {
                put(&mut some)
            } else {
                Ok(())
            }
        })?;
        put(&mut some)?;
        self.sections
            .push(Section::new(method, at..self.bytes, hash.digest()));
        Ok(())
    }
}

impl Section {
    fn new(name: &str, at: std::ops::Range<u64>, check: u64) -> Self {
        Section {
            name: filled(name),
            at: at.start,
            bytes: at.end - at.start,
            check,
        }
    }
}

/// The name of a section; names of methods are shorter than 16 bytes.
fn filled(name: &str) -> [u8; 16] {
    let mut filled = [0; 16];
    filled[..name.len()].copy_from_slice(name.as_bytes());
    filled
}

/// A finished file of prints.
#[derive(Debug)]
pub(crate) struct Shelf {
    store: Store,
    header: PrintsHeader,
    pub stamp: Stamp,
    pub documents: Vec<Surveyed>,
    sections: Vec<Section>,
    /// A bit for each document: whether its record was read and its checksum verified.
    checked: Vec<AtomicU64>,
}

impl Shelf {
    fn new(
        store: Store,
        header: PrintsHeader,
        sections: Vec<Section>,
        documents: Vec<Surveyed>,
    ) -> Self {
        Shelf {
            store,
            header,
            stamp: header.stamp,
            checked: (0..documents.len().div_ceil(64))
                .map(|_| AtomicU64::new(0))
                .collect(),
            documents,
            sections,
        }
    }

    /// Opens a file of prints that was made with the same settings.
    pub(crate) fn open(path: &Path, settings: u64) -> Result<Self, Error> {
        let store = Store::open(path)?;
        let name = store.name();
        let refuse = |why: &str| Error::malformed(&name, format!("{why}; {REMEDY}"));
        let header: PrintsHeader = pod(&store, 0).map_err(|_| refuse("no file of prints"))?;
        header.check(settings).map_err(refuse)?;
        let (sections, length) =
            directory(&store).ok_or_else(|| refuse("the prints end too early, or are damaged"))?;
        let shelf = Shelf::new(store, header, sections, Vec::new());
        let rows = bytemuck::pod_collect_to_vec(&shelf.section(DOCUMENTS, length)?);
        let ids = shelf.section(IDS, length)?;
        let documents = with_ids(rows, &ids);
        let documents = documents.ok_or_else(|| refuse("documents and ids do not fit together"))?;
        Ok(Shelf::new(shelf.store, header, shelf.sections, documents))
    }

    /// The hash of the settings with which it was made.
    pub(crate) fn settings(&self) -> u64 {
        self.header.settings
    }

    /// A hash that identifies its documents.
    pub(crate) fn hash(&self) -> u64 {
        let checks =
            [DOCUMENTS, IDS].map(|name| self.find(name).map_or(0, |section| section.check));
        xxh3_64(bytemuck::bytes_of(&checks))
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> String {
        self.store.name()
    }

    /// The counts for the lexicon.
    pub(crate) fn counts(&self) -> Result<Counts, Error> {
        let length = self.store.length().map_err(|e| self.unreadable(e))?;
        let bytes = self.section(COUNTS, length)?;
        Counts::from_bytes(&bytes, self.settings())
            .ok_or_else(|| self.refuse(COUNTS, "do not fit together"))
    }

    fn find(&self, name: &str) -> Option<&Section> {
        self.sections
            .iter()
            .find(|section| section.name == filled(name))
    }

    /// A whole section.
    fn section(&self, name: &str, length: u64) -> Result<Vec<u8>, Error> {
        let section = self
            .find(name)
            .ok_or_else(|| self.refuse(name, "is missing"))?;
        let is_inside = section.at.checked_add(section.bytes) <= Some(length);
        let bytes = match is_inside {
            true => self.read(section.at, section.bytes as usize)?,
            false => return Err(self.refuse(name, "is not whole")),
        };
        if xxh3_64(&bytes) != section.check {
            return Err(self.refuse(name, "is not whole"));
        }
        Ok(bytes)
    }

    /// The keys of a method, sorted; `some` of them are read at a time. The place of the document stands in for its
    /// rank.
    pub(crate) fn keys(&self, method: &str, some: usize) -> Result<Keys<'_>, Error> {
        let section = self
            .find(method)
            .ok_or_else(|| self.refuse(method, "is missing"))?;
        Ok(Keys {
            shelf: self,
            section: *section,
            read: 0,
            some: some.max(1),
            hash: Xxh3Default::new(),
            held: Vec::new(),
            at: 0,
        })
    }

    /// Some letters of a document.
    pub(crate) fn letters(&self, document: usize, letters: Span) -> Result<Vec<Letter>, Error> {
        let start = self.lists(document).letters + 2 * letters.start as u64;
        Ok(bytemuck::pod_collect_to_vec(&self.part(
            document,
            start,
            2 * letters.len(),
        )?))
    }

    /// The hashes of a document's sketch, rising.
    pub(crate) fn sketch(&self, document: usize) -> Result<Vec<u64>, Error> {
        let length = 8 * self.documents[document].sketch as usize;
        let start = self.lists(document).sketch;
        Ok(bytemuck::pod_collect_to_vec(
            &self.part(document, start, length)?,
        ))
    }

    /// The signs of a block of a document, which are what is compared.
    pub(crate) fn signs_of(&self, document: usize, block: usize) -> Result<Vec<Sign>, Error> {
        self.signs_of_some(document, block..block + 1)
    }

    /// The signs of a document.
    pub(crate) fn signs(&self, document: usize) -> Result<Vec<Sign>, Error> {
        self.signs_of_some(document, 0..self.documents[document].blocks())
    }

    fn signs_of_some(&self, document: usize, blocks: Span) -> Result<Vec<Sign>, Error> {
        let all = self.documents[document].blocks();
        // the side list of a block begins where that of the one before ends, and its letters end where those of the next begin
        let around = blocks.start.saturating_sub(1)..all.min(blocks.end + 1);
        let prints = self.some_blocks(document, around.clone())?;
        let print = |block: usize| &prints[block - around.start];
        let start = |block: usize| match block < all {
            true => print(block).start(),
            false => self.documents[document].letters,
        };
        let side = |block: usize| {
            block
                .checked_sub(1)
                .map_or(0, |before| print(before).side())
        };
        let letters = start(blocks.start) as usize..start(blocks.end) as usize;
        let sides = side(blocks.start)..side(blocks.end);
        let read = self.letters(document, letters.clone())?;
        let at = self.lists(document).sides + u64::from(sides.start);
        let bytes = self.part(document, at, (sides.end - sides.start) as usize)?;
        let mut signs = Vec::with_capacity(read.len() + bytes.len());
        for block in blocks {
            let own =
                start(block) as usize - letters.start..start(block + 1) as usize - letters.start;
            let side =
                (side(block) - sides.start) as usize..(side(block + 1) - sides.start) as usize;
            let of_block = read.get(own).zip(bytes.get(side));
            let of_block =
                of_block.and_then(|(letters, side)| strict::signs_of_block(letters, side));
            signs.extend(of_block.ok_or_else(|| self.damaged(document))?);
        }
        Ok(signs)
    }

    /// The blocks of a document.
    pub(crate) fn blocks(&self, document: usize) -> Result<Vec<BlockPrint>, Error> {
        self.some_blocks(document, 0..self.documents[document].blocks())
    }

    /// The letters of a block of a document.
    pub(crate) fn block(&self, document: usize, block: usize) -> Result<Span, Error> {
        let all = self.documents[document].blocks();
        let prints = self.some_blocks(document, block..all.min(block + 2))?;
        let letters = self.documents[document].letters;
        let end = prints.get(1).map_or(letters, |next| next.start());
        Ok(prints[0].start() as usize..end as usize)
    }

    fn some_blocks(&self, document: usize, blocks: Span) -> Result<Vec<BlockPrint>, Error> {
        let size = size_of::<BlockPrint>();
        let start = self.lists(document).blocks + (size * blocks.start) as u64;
        Ok(bytemuck::pod_collect_to_vec(&self.part(
            document,
            start,
            size * blocks.len(),
        )?))
    }

    /// Where some letters of a document, at least one each, are in its text as it came.
    pub(crate) fn came(&self, document: usize, letters: &[Span]) -> Result<Vec<[u32; 2]>, Error> {
        let first = letters.iter().map(|span| span.start).min();
        let Some((first, last)) = first.zip(letters.iter().map(|span| span.end - 1).max()) else {
            return Ok(Vec::new());
        };
        let anchors = self.anchors(document, first, last)?;
        let start = anchors.first().map_or(0, |anchor| anchor[0] as usize);
        let at = self.lists(document).steps + start as u64;
        let places = Places {
            steps: self.part(document, at, last + 1 - start)?,
            anchors,
            first: start,
        };
        let span = |letters: &Span| {
            let span = places.span(letters);
            span.ok_or_else(|| self.damaged(document))
        };
        letters.iter().map(span).collect()
    }

    /// The anchors from the last one before a letter to the first one after another letter.
    fn anchors(&self, document: usize, first: usize, last: usize) -> Result<Vec<[u32; 2]>, Error> {
        /// Anchors that are read at a time, besides those that must be.
        const SOME: usize = 32;
        let all = self.documents[document].anchors();
        let mut at = Places::first_anchor(first);
        let some = SOME + Places::first_anchor(last - first);
        let mut found: Vec<[u32; 2]> = Vec::new();
        while at < all && found.last().is_none_or(|anchor| anchor[0] as usize <= last) {
            let count = some.min(all - at);
            let start = self.lists(document).anchors + 8 * at as u64;
            let bytes = self.part(document, start, 8 * count)?;
            found.extend(bytemuck::pod_collect_to_vec::<_, [u32; 2]>(&bytes));
            at += count;
        }
        let before = found.partition_point(|anchor| anchor[0] as usize <= first);
        found.drain(..before.saturating_sub(1));
        Ok(found)
    }

    fn lists(&self, document: usize) -> Lists {
        self.documents[document].facts.lists()
    }

    /// A part of a document's record. The whole record is read and checked the first time.
    fn part(&self, document: usize, at: u64, length: usize) -> Result<Vec<u8>, Error> {
        let (word, bit) = (&self.checked[document / 64], 1 << (document % 64));
        let Surveyed { facts, record, .. } = &self.documents[document];
        if word.load(Ordering::Relaxed) & bit != 0 {
            return self.read(record + at, length);
        }
        let whole = self.read(*record, facts.record_bytes() as usize)?;
        let (prefix, rest) = whole.split_at(PREFIX);
        let expected = [rest.len() as u64, xxh3_64(rest)];
        if prefix != bytemuck::bytes_of(&expected.map(u64::to_le)) {
            return Err(self.damaged(document));
        }
        word.fetch_or(bit, Ordering::Relaxed);
        let part = whole.get(at as usize..at as usize + length);
        part.map(<[u8]>::to_vec)
            .ok_or_else(|| self.damaged(document))
    }

    fn read(&self, at: u64, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; length];
        self.store
            .read(at, &mut bytes)
            .map_err(|e| self.unreadable(e))?;
        Ok(bytes)
    }

    fn refuse(&self, what: &str, why: &str) -> Error {
        let why = format!("the prints are damaged: {what} {why}; {REMEDY_INSIDE}");
        Error::malformed(self.store.name(), why)
    }

    fn damaged(&self, document: usize) -> Error {
        let at = self.documents[document].record;
        self.refuse(&format!("the record at byte {at}"), "is not whole")
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        Error::read(self.store.name(), error)
    }
}

/// What to do about prints that cannot be used.
const REMEDY: &str = "survey again to make a new one";
/// Prints are made again only if they cannot be opened.
const REMEDY_INSIDE: &str = "delete the file and survey again to make a new one";

/// The documents of a table and their ids, which stand one after another in the same order.
fn with_ids(rows: Vec<Row>, ids: &[u8]) -> Option<Vec<Surveyed>> {
    let mut end = 0;
    rows.into_iter()
        .map(|Row { facts, record }| {
            let start = end;
            end += facts.id as usize;
            let id = std::str::from_utf8(ids.get(start..end)?).ok()?.into();
            Some(Surveyed { id, facts, record })
        })
        .collect()
}

/// The sections of a store, and its length.
fn directory(store: &Store) -> Option<(Vec<Section>, u64)> {
    let length = store.length().ok()?;
    let end = length.checked_sub(size_of::<Trailer>() as u64)?;
    let trailer: Trailer = pod(store, end).ok()?;
    let bytes = end.checked_sub(trailer.directory)?;
    if trailer.end != END
        || trailer.sections.checked_mul(size_of::<Section>() as u64) != Some(bytes)
    {
        return None;
    }
    let mut directory = vec![0; bytes as usize];
    store.read(trailer.directory, &mut directory).ok()?;
    let is_whole = xxh3_64(&directory) == trailer.check;
    is_whole.then(|| (bytemuck::pod_collect_to_vec(&directory), length))
}

fn pod<T: Pod>(store: &Store, at: u64) -> std::io::Result<T> {
    let mut pod = T::zeroed();
    store.read(at, bytemuck::bytes_of_mut(&mut pod))?;
    Ok(pod)
}

/// The keys of a method, as they are read.
pub(crate) struct Keys<'s> {
    shelf: &'s Shelf,
    section: Section,
    /// Bytes.
    read: u64,
    some: usize,
    hash: Xxh3Default,
    held: Vec<Holder>,
    at: usize,
}

impl Keys<'_> {
    /// The next key.
    pub(crate) fn next(&mut self) -> Result<Option<Holder>, Error> {
        if self.at == self.held.len() {
            self.read_some()?;
        }
        self.at += 1;
        Ok(self.held.get(self.at - 1).copied())
    }

    fn read_some(&mut self) -> Result<(), Error> {
        let rest = self.section.bytes - self.read;
        let bytes = rest.min((self.some * size_of::<Holder>()) as u64);
        self.held
            .resize(bytes as usize / size_of::<Holder>(), Holder::zeroed());
        let into: &mut [u8] = bytemuck::cast_slice_mut(&mut self.held);
        self.shelf
            .store
            .read(self.section.at + self.read, into)
            .map_err(|e| self.shelf.unreadable(e))?;
        self.hash.update(into);
        self.read += bytes;
        self.at = 0;
        let documents = self.shelf.documents.len();
        let is_damaged = self.held.iter().any(|key| key.rank as usize >= documents)
            || self.read == self.section.bytes && self.hash.digest() != self.section.check
            || bytes == 0 && rest > 0;
        if is_damaged {
            return Err(self.damaged());
        }
        Ok(())
    }

    fn damaged(&self) -> Error {
        let name = String::from_utf8_lossy(&self.section.name);
        let name = name.trim_end_matches('\0');
        let what = format!("byte {}: the keys of {name}", self.section.at);
        self.shelf.refuse(&what, "are not whole")
    }
}
