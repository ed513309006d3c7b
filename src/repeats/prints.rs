//! What settle knows of a page: its letters, where they came from, its blocks, and the keys by which it is compared.

use super::blocks::{self, BlockPrint};
use super::sketch::Sketch;
use super::strict::{self, Reader, Sign};
use super::{Keep, Level, METHODS, Options};
use crate::page::edit::Span;
use crate::page::{Block, Kind, Page};
use crate::shingle::Stream;
use crate::text::chars::is_han;
use crate::text::letters::Letter;
use crate::text::sentence::{ends_sentence, is_clause_mark, is_full_stop};
use bytemuck::{Pod, Zeroable};
use xxhash_rust::xxh3::xxh3_64;

/// What settle needs to know of a page.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    /// The letters of all blocks but the mastheads.
    pub letters: Vec<Letter>,
    pub blocks: Vec<BlockPrint>,
    /// What the strict stream of each block has beyond its letters, one after the other (`strict::side_of_block`).
    sides: Vec<u8>,
    pub(super) sketch: Sketch,
    came: Came,
    pub facts: Facts,
    /// What each method wants to compare, in the order of the table; nothing for those that are off.
    pub keys: Vec<Vec<Key>>,
}

/// Something of a page that is to be compared: the hash of it, and which of its blocks or letters it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub hash: u64,
    pub at: u32,
}

/// Where each letter came from, a byte a letter: the bytes skipped before it and its own length.
#[derive(Debug, Clone, Default)]
struct Came {
    steps: Vec<u8>,
    /// (letter, byte): where to begin counting; at every `EVERY`th letter, and after every long gap.
    anchors: Vec<[u32; 2]>,
}

impl Came {
    /// Letters between two anchors, at most: 8 bytes for 64 letters, an eighth of what the steps take.
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
}

/// Where letters of a document came from, as far as it was read: the last anchor before the first of them and those that
/// follow, and the steps from a letter on.
pub(crate) struct Places {
    pub anchors: Vec<[u32; 2]>,
    pub steps: Vec<u8>,
    /// The letter of the first step: that of an anchor.
    pub first: usize,
}

impl Places {
    /// The span of some letters, one at least, in the text as it came.
    pub(crate) fn span(&self, letters: &Span) -> Option<[u32; 2]> {
        Some([
            self.letter(letters.start)?[0],
            self.letter(letters.end.checked_sub(1)?)?[1],
        ])
    }

    fn letter(&self, letter: usize) -> Option<[u32; 2]> {
        let after = self
            .anchors
            .partition_point(|anchor| anchor[0] as usize <= letter);
        let [from, byte] = *self.anchors.get(after.checked_sub(1)?)?;
        let steps = (from as usize).checked_sub(self.first)?..=letter - self.first;
        let mut span = [byte, byte];
        for step in self.steps.get(steps)? {
            span[0] = span[1] + u32::from(step >> 2);
            span[1] = span[0] + u32::from(step & 3) + 1;
        }
        Some(span)
    }

    /// The anchor from which on the place of a letter can be known is not before this one.
    pub(crate) fn first_anchor(letter: usize) -> usize {
        letter / Came::EVERY
    }
}

/// How many bytes the first characters of a text have that fit into `bytes`, or into four: one character at least.
fn whole_characters(text: &str, bytes: usize) -> u8 {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let (first, most) = (ends.clone().next().unwrap_or(1), bytes.min(4));
    ends.take_while(|end| *end <= most).last().unwrap_or(first) as u8
}

/// What settle always has at hand of a document.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Facts {
    /// The hash of all that is compared of the document (`strict::whole`); 0 if it is empty.
    pub whole: [u64; 2],
    /// The hash of its text as it came, and the bytes of that.
    pub hash: u64,
    pub bytes: u64,
    /// The bound below which its sketch is complete.
    pub bound: u64,
    /// The date that its metadata give, as a number: 20240131 and, if there is a time, 120000 after it; else 0.
    pub date: u64,
    pub letters: u32,
    anchors: u32,
    blocks: u32,
    /// How many hashes its sketch has.
    pub sketch: u32,
    /// The bytes of its id.
    pub id: u32,
    /// Whether its last sentence ends (1) or not (0).
    pub is_whole: u32,
    /// The bytes of its side lists.
    sides: u32,
    /// What is wrong with how it is written, the more the worse: no marks, all capitals, letters set apart. `REFUSED`, if
    /// the document could not be looked at.
    pub flaws: u32,
}

/// More than any document has of flaws.
const REFUSED: u32 = 1 << 16;

impl Facts {
    /// Whether the survey could not look at the document: it is compared with none, and `finish` refuses it.
    pub fn is_refused(&self) -> bool {
        self.flaws == REFUSED
    }
}

impl Prints {
    /// Those of a document that could not be looked at.
    pub fn of_refused(id: &str, text: &str) -> Self {
        Prints {
            facts: Facts {
                hash: xxh3_64(text.as_bytes()),
                bytes: text.len() as u64,
                id: id.len() as u32,
                flaws: REFUSED,
                ..Facts::default()
            },
            keys: vec![Vec::new(); METHODS.len()],
            ..Prints::default()
        }
    }

    pub fn of(page: &Page, options: &Options) -> Self {
        let is_text = |block: &Block| block.kind != Kind::Masthead;
        let (stream, came) = if options.knows_places() {
            let stream = Stream::of(page, is_text);
            let came = Came::of(&stream, page.text());
            (stream, came)
        } else {
            (Stream::without_places(page, is_text), Came::default())
        };
        let sketch = if options.duplicates == Level::Off {
            Sketch::default()
        } else {
            Sketch::of(&stream.letters)
        };
        let (signs, of_blocks) = signs_of_blocks(page, is_text);
        let whole = strict::whole(&signs, page.text());
        let (mut sides, mut ends) = (Vec::new(), Vec::new());
        for (of_block, letters) in of_blocks.into_iter().zip(&stream.blocks) {
            let loose = &stream.letters[letters.clone()];
            strict::side_of_block(&signs[of_block], loose, &mut sides);
            ends.push(sides.len() as u32);
        }
        let mut prints = Prints {
            facts: Facts {
                whole: [(whole >> 64) as u64, whole as u64],
                hash: xxh3_64(page.text().as_bytes()),
                bytes: page.text().len() as u64,
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
                sides: sides.len() as u32,
                flaws: flaws(page, stream.letters.len()),
            },
            blocks: blocks::of(page, &stream, &ends),
            sides,
            letters: stream.letters,
            sketch,
            came,
            keys: Vec::new(),
        };
        let keys = METHODS.iter().map(|method| match (method.is_on)(options) {
            true => (method.keys)(&prints),
            false => Vec::new(),
        });
        prints.keys = keys.collect();
        prints
    }

    /// What is compared of a block, sign by sign.
    pub fn signs(&self, block: usize) -> Vec<Sign> {
        let side = blocks::side_of(&self.blocks, block);
        strict::signs_of_block(self.block(block), &self.sides[side])
            .expect("survey wrote the side lists of these letters")
    }

    /// The letters of a block.
    pub fn block(&self, block: usize) -> &[Letter] {
        &self.letters[self.letters_of(block)]
    }

    pub fn letters_of(&self, block: usize) -> Span {
        blocks::letters_of(&self.blocks, block, self.letters.len())
    }

    /// The bytes of the document's text as it came.
    pub fn bytes(&self) -> u64 {
        self.facts.bytes
    }
}

/// The strict streams of the blocks of a page, and which signs each block has: none, if it is not wanted.
fn signs_of_blocks(page: &Page, wanted: impl Fn(&Block) -> bool) -> (Vec<Sign>, Vec<Span>) {
    let mut reader = Reader::with_capacity(page.text().len());
    let span = |block: &Block| {
        let start = reader.signs.len();
        if wanted(block) {
            reader.read(&page.reading(block.span.clone()).text);
        }
        start..reader.signs.len()
    };
    let spans = page.blocks.iter().map(span).collect();
    (reader.signs, spans)
}

/// How many things are wrong with the way in which a page is written: it has hardly a mark, its letters are all capitals,
/// or Han characters are set apart by spaces. Copies that are the same to the letter differ in these.
fn flaws(page: &Page, letters: usize) -> u32 {
    /// Letters below which a text may well have no mark.
    const SHORT: usize = 12;
    /// Letters to a mark, in a text that has hardly any. Chosen by eye: running text has one in five to fifty.
    const HARDLY_A_MARK: usize = 100;
    let text = page.text();
    let (mut marks, mut capitals, mut small) = (0, false, false);
    for c in text.chars().filter(|c| !is_han(*c)) {
        marks += usize::from(is_full_stop(c) || is_clause_mark(c));
        capitals = capitals || c.is_uppercase();
        small = small || c.is_lowercase();
    }
    let has_no_marks = letters >= SHORT && marks * HARDLY_A_MARK < letters;
    let is_shouted = capitals && !small;
    let spaced = text.split(' ').filter(|word| {
        let mut chars = word.chars();
        chars.next().is_some_and(is_han) && chars.nth(2).is_none()
    });
    let is_set_apart = letters >= SHORT && spaced.count() * 3 > letters;
    [has_no_marks, is_shouted, is_set_apart]
        .into_iter()
        .map(u32::from)
        .sum()
}

/// Whether the last running text of a page ends its sentence.
fn ends_whole(page: &Page) -> bool {
    let last = page.blocks.iter().rfind(|block| block.is_running_text());
    last.is_none_or(|block| ends_sentence(&page.reading(block.span.clone()).text))
}

// ---- bytes

/// What the bytes of prints, and a file of them, begin with. The last figure changes with the format.
pub(crate) const MAGIC: [u8; 16] = *b"jiaokan prints 7";

/// The bytes of a record's length and checksum.
pub(crate) const PREFIX: usize = 16;

/// Where the lists of a record stand, in bytes from where it begins.
#[derive(Debug, Clone, Copy)]
pub struct Lists {
    pub sketch: u64,
    pub anchors: u64,
    pub blocks: u64,
    pub letters: u64,
    pub steps: u64,
    pub sides: u64,
}

impl Facts {
    pub fn lists(&self) -> Lists {
        let sketch = (PREFIX + size_of::<Facts>()) as u64;
        let anchors = sketch + 8 * u64::from(self.sketch);
        let blocks = anchors + 8 * u64::from(self.anchors);
        let letters = blocks + size_of::<BlockPrint>() as u64 * u64::from(self.blocks);
        let steps = letters + 2 * u64::from(self.letters);
        let sides = steps + u64::from(self.steps());
        Lists {
            sketch,
            anchors,
            blocks,
            letters,
            steps,
            sides,
        }
    }

    pub fn anchors(&self) -> usize {
        self.anchors as usize
    }

    pub fn blocks(&self) -> usize {
        self.blocks as usize
    }

    /// Whether it is known where each letter came from.
    fn steps(&self) -> u32 {
        if self.anchors == 0 { 0 } else { self.letters }
    }

    /// The bytes of the document's record, with its length and checksum.
    pub fn record_bytes(&self) -> u64 {
        self.lists().sides + u64::from(self.sides) + u64::from(self.id)
    }
}

impl Prints {
    /// The record of the document: its length, its checksum, and what is to be known of it but for its keys.
    pub fn record(&self, id: &str) -> Vec<u8> {
        let lists: [&[u8]; 7] = [
            bytemuck::cast_slice(&self.sketch.hashes),
            bytemuck::cast_slice(&self.came.anchors),
            bytemuck::cast_slice(&self.blocks),
            bytemuck::cast_slice(&self.letters),
            &self.came.steps,
            &self.sides,
            id.as_bytes(),
        ];
        let bytes =
            PREFIX + size_of::<Facts>() + lists.iter().map(|list| list.len()).sum::<usize>();
        let mut record = Vec::with_capacity(bytes);
        record.resize(PREFIX, 0);
        record.extend_from_slice(bytemuck::bytes_of(&self.facts));
        lists.iter().for_each(|list| record.extend_from_slice(list));
        let check = xxh3_64(&record[PREFIX..]);
        let length = (record.len() - PREFIX) as u64;
        record[..8].copy_from_slice(&length.to_le_bytes());
        record[8..PREFIX].copy_from_slice(&check.to_le_bytes());
        record
    }

    /// The prints as bytes, for who carries them to settle by other ways than a file: what format it is, the hash of the
    /// settings, the record and the keys.
    pub fn to_bytes(&self, id: &str, settings: u64) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&settings.to_le_bytes());
        bytes.extend(self.record(id));
        for keys in &self.keys {
            bytes.extend_from_slice(&(keys.len() as u64).to_le_bytes());
            for key in keys {
                bytes.extend_from_slice(&key.hash.to_le_bytes());
                bytes.extend_from_slice(&key.at.to_le_bytes());
            }
        }
        let check = xxh3_64(&bytes);
        bytes.extend_from_slice(&check.to_le_bytes());
        bytes
    }

    /// The id and the prints that the bytes hold, if they were made with these settings.
    pub fn from_bytes(bytes: &[u8], settings: u64) -> Option<(String, Self)> {
        let (bytes, check) = bytes.split_last_chunk::<8>()?;
        let rest = bytes.strip_prefix(&MAGIC)?;
        let mut rest = rest.strip_prefix(&settings.to_le_bytes())?;
        if *check != xxh3_64(bytes).to_le_bytes() {
            return None;
        }
        let length = u64::from_le_bytes(*rest.first_chunk()?);
        let record = taken(&mut rest, PREFIX + usize::try_from(length).ok()?)?;
        let (id, mut prints) = Prints::from_record(record)?;
        for _ in METHODS {
            let count: [u64; 1] = pods(&mut rest, 1)?.try_into().ok()?;
            let keys = taken(&mut rest, (count[0] as usize).checked_mul(12)?)?;
            let key = |key: &[u8]| Key {
                hash: bytemuck::pod_read_unaligned(&key[..8]),
                at: bytemuck::pod_read_unaligned(&key[8..]),
            };
            prints.keys.push(keys.chunks(12).map(key).collect());
        }
        rest.is_empty().then_some((id, prints))
    }

    /// The id and the prints of a record, without keys.
    fn from_record(record: &[u8]) -> Option<(String, Self)> {
        let mut rest = record.get(PREFIX..)?;
        let facts: Facts = *pods(&mut rest, 1)?.first()?;
        let prints = Prints {
            facts,
            sketch: Sketch {
                hashes: pods(&mut rest, facts.sketch)?,
                bound: facts.bound,
            },
            came: Came {
                anchors: pods(&mut rest, facts.anchors)?,
                steps: Vec::new(),
            },
            blocks: pods(&mut rest, facts.blocks)?,
            letters: pods(&mut rest, facts.letters)?,
            sides: Vec::new(),
            keys: Vec::new(),
        };
        let steps = pods(&mut rest, facts.steps())?;
        let came = Came {
            steps,
            ..prints.came
        };
        let sides = pods(&mut rest, facts.sides)?;
        let id = taken(&mut rest, facts.id as usize)?;
        let id = String::from_utf8(id.to_vec()).ok()?;
        rest.is_empty().then_some((
            id,
            Prints {
                came,
                sides,
                ..prints
            },
        ))
    }
}

fn pods<T: Pod>(rest: &mut &[u8], count: u32) -> Option<Vec<T>> {
    taken(rest, count as usize * size_of::<T>()).map(bytemuck::pod_collect_to_vec)
}

fn taken<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
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

    #[test]
    fn prints_come_back_from_their_bytes() {
        let text = "灯塔重新点亮，守塔人说这一天他等了很久。";
        let mut page = Page::new("页", text);
        page.blocks.push(Block {
            span: 0..text.len(),
            ..Block::default()
        });
        let prints = Prints::of(&page, &Options::default());
        let bytes = prints.to_bytes("页", 7);
        let (id, back) = Prints::from_bytes(&bytes, 7).unwrap();
        assert_eq!(id, "页");
        assert_eq!(back.to_bytes("页", 7), bytes);
        assert_eq!(back.facts.record_bytes(), back.record("页").len() as u64);
        assert!(Prints::from_bytes(&bytes, 8).is_none());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Prints::from_bytes(&damaged, 7).is_none(), "byte {at}");
            assert!(Prints::from_bytes(&bytes[..at], 7).is_none());
        }
    }
}
