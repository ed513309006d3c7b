//! What settle knows of a page, and the files that hold it: its letters, where they came from, its blocks.
//!
//! A file of prints is a header and a record a document, each with its own checksum. Settle reads it from end to end,
//! and at single places where two texts are held against each other; no text of the run is ever in memory as a whole.

use super::{Keep, Options, duplicate, exact, furniture};
use crate::Error;
use crate::lexicon::Counting;
use crate::page::edit::Span;
use crate::page::{Block, Kind, Page};
use crate::repeats::Level;
use crate::settle::sorted::At;
use crate::shingle::Stream;
use crate::text::chars::{ends_sentence, is_full_stop};
use crate::text::letters::Letter;
use bytemuck::{Pod, Zeroable};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// What settle needs to know of a page.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    /// The letters of all blocks but the mastheads.
    pub letters: Vec<Letter>,
    pub blocks: Vec<BlockPrint>,
    pub(super) sketch: duplicate::Sketch,
    came: Came,
    head: Head,
}

/// A block of a page: where its letters begin (they end where the next block's do), and what it is.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct BlockPrint {
    start: u32,
    kind: u8,
    /// The bits below.
    is: u8,
    unused: [u8; 2],
}

impl BlockPrint {
    const WHOLE_PARAGRAPH: u8 = 1;
    const SCRAP: u8 = 2;
    const SENTENCES: u8 = 4;

    pub fn is(&self, kind: Kind) -> bool {
        self.kind == kind as u8
    }

    /// Running text: what passages are searched in.
    pub fn is_running_text(&self) -> bool {
        self.is(Kind::Body) || self.is(Kind::Dateline)
    }

    /// Begins and ends with its sentences, is long enough to be no formula, and no item of a list.
    pub fn is_whole_paragraph(&self) -> bool {
        self.is & Self::WHOLE_PARAGRAPH != 0
    }

    /// Text that is no sentence, and neither an item of a list nor a byline: headings, adverts, what stands at the edges.
    pub fn is_scrap(&self) -> bool {
        self.is & Self::SCRAP != 0
    }

    /// Holds the end of a sentence.
    pub fn holds_sentences(&self) -> bool {
        self.is & Self::SENTENCES != 0
    }
}

/// Where each letter came from, a byte a letter: the bytes skipped before it and its own length.
#[derive(Debug, Clone, Default)]
struct Came {
    steps: Vec<u8>,
    /// (letter, byte): where to begin counting; every so many letters, and behind every long gap.
    anchors: Vec<[u32; 2]>,
}

impl Came {
    const EVERY: usize = 64;
    const LONGEST_GAP: usize = 63;

    fn of(stream: &Stream, text: &str) -> Self {
        let mut came = Came::default();
        let mut end = 0;
        for letter in 0..stream.letters.len() {
            let span = stream.came(letter);
            let gap = span
                .start
                .checked_sub(end)
                .filter(|gap| *gap <= Self::LONGEST_GAP && letter % Self::EVERY != 0);
            if gap.is_none() {
                came.anchors.push([letter as u32, span.start as u32]);
            }
            let length = whole_characters(&text[span.start..], span.len());
            came.steps
                .push((gap.unwrap_or(0) as u8) << 2 | (length - 1));
            end = span.start + usize::from(length);
        }
        came
    }

    /// The span of a letter in the text as it came, from the steps since the anchor before it.
    fn span(anchor: u32, steps: &[u8]) -> [u32; 2] {
        let mut span = [anchor, anchor];
        for step in steps {
            span[0] = span[1] + u32::from(step >> 2);
            span[1] = span[0] + u32::from(step & 3) + 1;
        }
        span
    }
}

/// The bytes of the first characters of a text, one at least, that have so many bytes together, or four.
fn whole_characters(text: &str, bytes: usize) -> u8 {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let (first, most) = (ends.clone().next().unwrap_or(1), bytes.min(4));
    ends.take_while(|end| *end <= most).last().unwrap_or(first) as u8
}

/// What a record begins with.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
struct Head {
    /// The hash of all letters of the document; 0 if it has none.
    whole: [u64; 2],
    /// The hash and the bytes of its text as it came.
    text: [u64; 2],
    /// The bound of its sketch.
    bound: u64,
    /// The date that its metadata give, as a number: 20240131 and, if there is a time, 120000 behind it; else 0.
    date: u64,
    letters: u32,
    anchors: u32,
    blocks: u32,
    sketch: u32,
    id: u32,
    /// Whether its last sentence ends.
    is_whole: u32,
}

impl Prints {
    pub fn of(page: &Page, options: &Options) -> Self {
        let is_off = |level: Level| level == Level::Off;
        let is_text = |block: &Block| block.kind != Kind::Masthead;
        let (stream, came) = if options.knows_places() {
            let stream = Stream::of(page, is_text);
            let came = Came::of(&stream, page.text());
            (stream, came)
        } else {
            (Stream::without_places(page, is_text), Came::default())
        };
        let sketch = if is_off(options.duplicates) {
            Default::default()
        } else {
            duplicate::Sketch::of(&stream.letters)
        };
        let whole = exact::whole(&stream.letters);
        Prints {
            head: Head {
                whole: [(whole >> 64) as u64, whole as u64],
                text: [xxh3_64(page.text().as_bytes()), page.text().len() as u64],
                bound: sketch.bound,
                date: if options.keep == Keep::Newest {
                    page.hints.date
                } else {
                    0
                },
                letters: stream.letters.len() as u32,
                anchors: came.anchors.len() as u32,
                blocks: page.blocks.len() as u32,
                sketch: sketch.hashes.len() as u32,
                id: page.id.len() as u32,
                is_whole: u32::from(ends_whole(page)),
            },
            blocks: blocks(page, &stream),
            letters: stream.letters,
            sketch,
            came,
        }
    }

    /// The letters of a block.
    pub fn block(&self, block: usize) -> &[Letter] {
        &self.letters[self.letters_of(block)]
    }

    pub fn letters_of(&self, block: usize) -> Span {
        let end = self
            .blocks
            .get(block + 1)
            .map_or(self.letters.len(), |next| next.start as usize);
        self.blocks[block].start as usize..end
    }

    /// The bytes of the document's text as it came.
    pub fn bytes(&self) -> u64 {
        self.head.text[1]
    }

    /// The record of the document: its length, its checksum, and what is to be known.
    fn record(&self, id: &str) -> Vec<u8> {
        let lists: [&[u8]; 6] = [
            bytemuck::cast_slice(&self.sketch.hashes),
            bytemuck::cast_slice(&self.came.anchors),
            bytemuck::cast_slice(&self.blocks),
            bytemuck::cast_slice(&self.letters),
            &self.came.steps,
            id.as_bytes(),
        ];
        let bytes = PREFIX + size_of::<Head>() + lists.iter().map(|list| list.len()).sum::<usize>();
        let mut record = Vec::with_capacity(bytes);
        record.resize(PREFIX, 0);
        record.extend_from_slice(bytemuck::bytes_of(&self.head));
        lists.iter().for_each(|list| record.extend_from_slice(list));
        let check = xxh3_64(&record[PREFIX..]);
        let length = (record.len() - PREFIX) as u64;
        record[..8].copy_from_slice(&length.to_le_bytes());
        record[8..PREFIX].copy_from_slice(&check.to_le_bytes());
        record
    }
}

/// The bytes of a record's length and checksum.
const PREFIX: usize = 16;

fn blocks(page: &Page, stream: &Stream) -> Vec<BlockPrint> {
    let print = |(at, letters): (usize, &Span)| {
        let block = &page.blocks[at];
        let is_text = block.is_running_text();
        let mut is = 0;
        if is_text && letters.len() >= exact::SHORTEST_PARAGRAPH && exact::is_whole(page, at) {
            is |= BlockPrint::WHOLE_PARAGRAPH;
        }
        if !letters.is_empty()
            && (is_text || block.kind == Kind::Headline || block.kind == Kind::Caption)
        {
            let text = page.reading(block.span.clone()).text;
            // lines that follow each other close are lines of one text; what says what it is has been looked through
            let stands_alone = !page.laid_out
                && (at == 0 || block.gap > 0)
                && page.blocks.get(at + 1).is_none_or(|next| next.gap > 0);
            is |= if stands_alone && furniture::is_scrap(&text) {
                BlockPrint::SCRAP
            } else {
                0
            };
            is |= if text.contains(is_full_stop) {
                BlockPrint::SENTENCES
            } else {
                0
            };
        }
        BlockPrint {
            start: letters.start as u32,
            kind: block.kind as u8,
            is,
            unused: [0; 2],
        }
    };
    stream.blocks.iter().enumerate().map(print).collect()
}

/// Whether the last running text of a page ends its sentence.
fn ends_whole(page: &Page) -> bool {
    let last = page.blocks.iter().rfind(|block| block.is_running_text());
    last.is_none_or(|block| ends_sentence(&page.reading(block.span.clone()).text))
}

// ---- files

/// What a file of prints begins with. Its last word changes with the format.
const MAGIC: [u8; 16] = *b"jiaokan prints 2";

/// By what one knows that a source file is still the one that was surveyed: its length and its hash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Stamp {
    bytes: u64,
    hash: u64,
}

impl Stamp {
    pub fn of(path: &Path) -> Result<Self, Error> {
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
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
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

/// A file of prints in the making.
pub struct PrintsFile {
    path: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
    stamp: Stamp,
    documents: Vec<Document>,
}

impl PrintsFile {
    /// Creates the file. `settings` is the hash of all that its prints depend on.
    pub fn create(path: &Path, settings: u64, stamp: Stamp) -> Result<Self, Error> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path);
        let file = file.map_err(|e| Error::Output(path.to_path_buf(), e))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        let mut prints = PrintsFile {
            path: path.to_path_buf(),
            file,
            bytes: 0,
            stamp,
            documents: Vec::new(),
        };
        prints.write(&MAGIC)?;
        prints.write(&settings.to_le_bytes())?;
        prints.write(bytemuck::bytes_of(&stamp))?;
        Ok(prints)
    }

    /// Adds a document.
    pub fn add(&mut self, id: &str, prints: &Prints) -> Result<(), Error> {
        self.documents
            .push(Document::of(&prints.head, id, self.bytes));
        self.write(&prints.record(id))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|e| Error::Output(self.path.clone(), e))
    }

    /// Ends the file with the number of its documents and, if they are to be kept, the counts for the lexicon.
    pub fn finish(mut self, counting: Option<&Counting>) -> Result<Shelf, Error> {
        self.write(&END)?;
        self.write(&(self.documents.len() as u64).to_le_bytes())?;
        let counts = self.bytes;
        if let Some(counting) = counting {
            let bytes = counting.to_bytes();
            self.write(&xxh3_64(&bytes).to_le_bytes())?;
            self.write(&bytes)?;
        }
        let PrintsFile {
            path,
            file,
            stamp,
            documents,
            ..
        } = self;
        let file = file
            .into_inner()
            .map_err(|e| Error::Output(path.clone(), e.into_error()))?;
        Ok(Shelf {
            path,
            file,
            stamp,
            documents,
            counts,
        })
    }
}

/// Stands where the next record would: no record is that long.
const END: [u8; 8] = [0xFF; 8];
/// Where the first record stands.
const HEADER: usize = MAGIC.len() + 8 + size_of::<Stamp>();

/// A finished file of prints, and where in it each document stands.
#[derive(Debug)]
pub struct Shelf {
    path: PathBuf,
    file: File,
    pub stamp: Stamp,
    pub documents: Vec<Document>,
    /// Where the counts stand.
    counts: u64,
}

/// A document of a run: what settle always knows of it.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: Box<str>,
    /// The hash of all its letters; 0 if it has none.
    pub whole: u128,
    pub letters: u32,
    /// The bound of its sketch, and how many hashes that has.
    pub(super) bound: u64,
    pub(super) sketch: u32,
    /// Of its text as it came.
    pub hash: u64,
    pub bytes: u64,
    pub(super) date: u64,
    pub(super) is_whole: bool,
    /// Where its record begins, and what that holds before the letters.
    record: u64,
    anchors: u32,
    blocks: u32,
}

impl Document {
    fn of(head: &Head, id: &str, record: u64) -> Self {
        Document {
            id: id.into(),
            whole: u128::from(head.whole[0]) << 64 | u128::from(head.whole[1]),
            letters: head.letters,
            bound: head.bound,
            hash: head.text[0],
            bytes: head.text[1],
            date: head.date,
            is_whole: head.is_whole != 0,
            record,
            sketch: head.sketch,
            anchors: head.anchors,
            blocks: head.blocks,
        }
    }

    /// Where the record's lists stand in the file: anchors, letters and steps.
    fn lists(&self) -> [u64; 3] {
        let anchors =
            self.record + (PREFIX + size_of::<Head>()) as u64 + 8 * u64::from(self.sketch);
        let letters = anchors + 8 * u64::from(self.anchors) + 8 * u64::from(self.blocks);
        [anchors, letters, letters + 2 * u64::from(self.letters)]
    }
}

impl Shelf {
    /// Opens a file of prints that was made with the same settings, and looks through it.
    pub fn open(path: &Path, settings: u64) -> Result<Self, Error> {
        let refuse =
            |why: &str| Error::malformed(path, format!("{why}; survey again to make it anew"));
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let mut shelf = Shelf {
            path: path.to_path_buf(),
            file,
            stamp: Stamp::default(),
            documents: Vec::new(),
            counts: 0,
        };
        let header = shelf
            .read(0, HEADER)
            .map_err(|_| refuse("no file of prints"))?;
        let (magic, rest) = header.split_at(MAGIC.len());
        let (made_with, stamp) = rest.split_at(8);
        if magic[..MAGIC.len() - 1] != MAGIC[..MAGIC.len() - 1] {
            return Err(refuse("no file of prints"));
        }
        if magic != MAGIC {
            return Err(refuse("prints of another version of jiaokan"));
        }
        if made_with != settings.to_le_bytes() {
            return Err(refuse("prints made with other settings"));
        }
        shelf.stamp = bytemuck::pod_read_unaligned(stamp);
        let mut documents = Vec::new();
        shelf.counts = shelf.records(|at, record| {
            let (head, id) =
                head_and_id(&record).ok_or_else(|| refuse("prints that do not fit together"))?;
            documents.push(Document::of(&head, &id, at));
            Ok(())
        })?;
        shelf.documents = documents;
        Ok(shelf)
    }

    /// The counts for the lexicon.
    pub fn counting(&self) -> Result<Counting, Error> {
        let mut bytes = Vec::new();
        At {
            file: &self.file,
            at: self.counts,
        }
        .read_to_end(&mut bytes)
        .map_err(|e| self.unreadable(e))?;
        let counting = bytes
            .split_at_checked(8)
            .filter(|(check, counts)| *check == xxh3_64(counts).to_le_bytes());
        let counting = counting.and_then(|(_, counts)| Counting::from_bytes(counts));
        counting.ok_or_else(|| self.refuse(self.counts, "the counts are damaged"))
    }

    fn refuse(&self, at: u64, why: &str) -> Error {
        Error::malformed(&self.path, format!("{why}; survey again to make it anew")).at_byte(at)
    }

    /// Hands on each record, with the place where it begins. Returns the place behind them.
    fn records(
        &self,
        mut work: impl FnMut(u64, Vec<u8>) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let mut at = HEADER as u64;
        let mut file = BufReader::with_capacity(
            1 << 20,
            At {
                file: &self.file,
                at,
            },
        );
        let mut number = 0u64;
        loop {
            let mut prefix = [0; PREFIX];
            file.read_exact(&mut prefix)
                .map_err(|_| self.refuse(at, "the prints end too early"))?;
            let (length, check) = prefix.split_at(8);
            if length == END {
                let complete = check == number.to_le_bytes();
                return complete
                    .then_some(at + PREFIX as u64)
                    .ok_or_else(|| self.refuse(at, "documents are missing"));
            }
            let length = u64::from_le_bytes(length.try_into().expect("eight bytes"));
            // a damaged length must not ask for more than there can be
            let mut record = Vec::with_capacity(length.min(1 << 26) as usize);
            file.by_ref()
                .take(length)
                .read_to_end(&mut record)
                .map_err(|e| self.unreadable(e))?;
            if record.len() as u64 != length || xxh3_64(&record).to_le_bytes() != check {
                return Err(self.refuse(at, "the prints are damaged"));
            }
            work(at, record)?;
            at += PREFIX as u64 + length;
            number += 1;
        }
    }

    /// Hands on the prints of each document, some megabytes at a time.
    pub fn batches(
        &self,
        mut work: impl FnMut(usize, Vec<Vec<u8>>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        const BATCH: usize = 8 << 20;
        let (mut first, mut batch, mut bytes) = (0, Vec::new(), 0);
        self.records(|_, record| {
            bytes += record.len();
            batch.push(record);
            if bytes >= BATCH {
                let batch = std::mem::take(&mut batch);
                bytes = 0;
                first += batch.len();
                work(first - batch.len(), batch)?;
            }
            Ok(())
        })?;
        work(first, batch)
    }

    /// Some letters of a document.
    pub fn letters(&self, document: usize, letters: Span) -> Result<Vec<Letter>, Error> {
        let [_, start, _] = self.documents[document].lists();
        let bytes = self
            .read(start + 2 * letters.start as u64, 2 * letters.len())
            .map_err(|e| self.unreadable(e))?;
        Ok(bytemuck::pod_collect_to_vec(&bytes))
    }

    /// The hashes of a document's sketch, rising.
    pub fn sketch(&self, document: usize) -> Result<Vec<u64>, Error> {
        let document = &self.documents[document];
        let at = document.record + (PREFIX + size_of::<Head>()) as u64;
        let bytes = self
            .read(at, 8 * document.sketch as usize)
            .map_err(|e| self.unreadable(e))?;
        Ok(bytemuck::pod_collect_to_vec(&bytes))
    }

    /// The letters of a block of a document.
    pub fn letters_of(&self, document: usize, block: usize) -> Result<Span, Error> {
        let document = &self.documents[document];
        let [_, letters, _] = document.lists();
        let blocks = letters - 8 * u64::from(document.blocks);
        let wanted = 2.min(document.blocks as usize - block);
        let bytes = self
            .read(blocks + 8 * block as u64, 8 * wanted)
            .map_err(|e| self.unreadable(e))?;
        let prints: Vec<BlockPrint> = bytemuck::pod_collect_to_vec(&bytes);
        Ok(prints[0].start as usize
            ..prints.get(1).map_or(document.letters, |next| next.start) as usize)
    }

    /// The span of some letters, one at least, of a document in its text as it came.
    pub fn came(&self, document: usize, letters: &Span) -> Result<[u32; 2], Error> {
        let [start, _] = self.came_of(document, letters.start)?;
        let [_, end] = self.came_of(document, letters.end - 1)?;
        Ok([start, end])
    }

    fn came_of(&self, document: usize, letter: usize) -> Result<[u32; 2], Error> {
        /// Anchors that are read at a time.
        const SOME: usize = 32;
        let document = &self.documents[document];
        let [anchors, _, steps] = document.lists();
        let read = |at: u64, length: usize| self.read(at, length).map_err(|e| self.unreadable(e));
        // one stands at every so many letters at least: the last before the letter is none of the first so many
        let mut low = letter / Came::EVERY;
        let mut last = [0, 0];
        while low < document.anchors as usize {
            let count = SOME.min(document.anchors as usize - low);
            let found: Vec<[u32; 2]> =
                bytemuck::pod_collect_to_vec(&read(anchors + 8 * low as u64, 8 * count)?);
            let before = found.partition_point(|anchor| anchor[0] as usize <= letter);
            last = before.checked_sub(1).map_or(last, |at| found[at]);
            if before < count {
                break;
            }
            low += count;
        }
        let [first, byte] = last;
        Ok(Came::span(
            byte,
            &read(steps + u64::from(first), letter + 1 - first as usize)?,
        ))
    }

    fn read(&self, at: u64, length: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        At {
            file: &self.file,
            at,
        }
        .read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        Error::read(&self.path, error)
    }
}

/// The prints and the id that a record holds.
pub fn read_record(record: &[u8]) -> Option<Prints> {
    let (head, _) = head_and_id(record)?;
    let mut rest = &record[size_of::<Head>()..];
    fn list<T: Pod>(rest: &mut &[u8], count: u32) -> Option<Vec<T>> {
        let (list, behind) = rest.split_at_checked(count as usize * size_of::<T>())?;
        *rest = behind;
        Some(bytemuck::pod_collect_to_vec(list))
    }
    Some(Prints {
        head,
        sketch: duplicate::Sketch {
            hashes: list(&mut rest, head.sketch)?,
            bound: head.bound,
        },
        came: Came {
            anchors: list(&mut rest, head.anchors)?,
            steps: Vec::new(),
        },
        blocks: list(&mut rest, head.blocks)?,
        letters: list(&mut rest, head.letters)?,
    })
}

fn head_and_id(record: &[u8]) -> Option<(Head, String)> {
    let head: Head = bytemuck::pod_read_unaligned(record.get(..size_of::<Head>())?);
    let id = record.len().checked_sub(head.id as usize)?;
    Some((head, String::from_utf8(record[id..].to_vec()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_in_whole_characters() {
        let told = [
            ("帘总", 6),
            ("帘总", 0),
            ("ab总", 3),
            ("ab总", 2),
            ("𠀀总", 1),
            ("a总", 9),
        ];
        assert_eq!(
            told.map(|(text, bytes)| whole_characters(text, bytes)),
            [3, 3, 2, 2, 4, 4]
        );
    }
}
