//! Reads documents out of files: a table of formats, chosen by a file's name.

mod jsonl;
mod text;

pub use jsonl::Style;

use crate::edit::Span;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The first whose ending fits reads a file; the last takes any file that was named itself.
pub const FORMATS: [Format; 3] = [jsonl::FORMAT, text::MARKDOWN, text::FORMAT];

pub struct Format {
    pub name: &'static str,
    pub about: &'static str,
    /// Endings of file names, without the dot.
    pub endings: &'static [&'static str],
    read: fn(&SourceFile, &Options) -> io::Result<Items>,
}

/// What a file holds, in its order.
pub type Items = Box<dyn Iterator<Item = Item> + Send>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The encoding of the input, by its name in the Encoding Standard. Without it: UTF-8, or what clearly shows.
    pub encoding: Option<String>,
    pub text_field: String,
    pub id_field: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { encoding: None, text_field: "text".into(), id_field: "id".into() }
    }
}

/// A file to read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: PathBuf,
    /// Its path below the folder that was named (or its own name): what `undo` writes, and the id of plain text.
    pub relative: String,
    pub bytes: u64,
}

#[derive(Debug)]
pub enum Item {
    Document(Box<Document>),
    Refused(Refused),
    /// Bytes between records that hold no text.
    Filler(Vec<u8>),
}

/// A document and all it takes to write its source again.
#[derive(Debug)]
pub struct Document {
    pub id: String,
    pub text: String,
    /// Where it comes from, as the input says, or its path.
    pub source: String,
    /// The input's other fields.
    pub metadata: Map<String, Value>,
    pub origin: Origin,
}

/// What stood around a document's text in its file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The line of a file of records, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Of the file, if not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// A record's text before and behind the string that holds the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<[String; 2]>,
    /// How that string is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// All its bytes, in hexadecimal, where they cannot be made again from the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// A document that was not read: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Of the file, from 0.
    pub byte: u64,
    pub error: String,
    /// The bytes of a refused record, in hexadecimal; of a whole file, none: it is there still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Refused { source, line, byte, error, .. } = self;
        match line {
            Some(line) => write!(f, "{source} line {line} (byte {byte}): {error}"),
            None => write!(f, "{source} byte {byte}: {error}"),
        }
    }
}

/// The files below the paths, in the order of their names; in folders, those of a known format that are not hidden.
/// Nothing below `except` is taken.
pub fn files(paths: &[PathBuf], except: &Path) -> Result<Vec<SourceFile>, crate::Error> {
    let except = except.canonicalize().unwrap_or_else(|_| except.to_path_buf());
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for root in paths {
        let folder = root.is_dir();
        let top = if folder && paths.len() == 1 { root.as_path() } else { root.parent().unwrap_or(Path::new("")) };
        for entry in
            WalkDir::new(root).follow_links(true).into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(e.path()))
        {
            let entry = entry.map_err(|e| {
                let path = e.path().unwrap_or(root).display().to_string();
                crate::Error::Input(path, e.io_error().map_or_else(|| e.to_string(), |io| io.to_string()))
            })?;
            let path = entry.path();
            let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
            if !entry.file_type().is_file()
                || folder && (!is_known(path) || real.starts_with(&except))
                || !seen.insert(real)
            {
                continue;
            }
            let relative = path.strip_prefix(top).unwrap_or(path).to_string_lossy().into_owned();
            let bytes = entry.metadata().map_or(0, |m| m.len());
            files.push(SourceFile { path: path.to_path_buf(), relative, bytes });
        }
    }
    tell_apart(&mut files);
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(files)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_known(path: &Path) -> bool {
    FORMATS.iter().any(|format| format.takes(path))
}

/// Gives files of the same name in several folders their whole path as their name.
fn tell_apart(files: &mut [SourceFile]) {
    let mut names = HashSet::new();
    if !files.iter().all(|f| names.insert(f.relative.clone())) {
        for file in files {
            let parts = file.path.components().filter(|c| matches!(c, std::path::Component::Normal(_)));
            file.relative = parts.collect::<PathBuf>().to_string_lossy().into_owned();
        }
    }
}

impl Format {
    fn takes(&self, path: &Path) -> bool {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        self.endings.contains(&ending.as_str())
    }
}

/// What a file holds. A file that cannot be opened is refused as a whole.
pub fn open(file: &SourceFile, options: &Options) -> Items {
    let format = FORMATS.iter().find(|f| f.takes(&file.path)).unwrap_or(&FORMATS[FORMATS.len() - 1]);
    (format.read)(file, options).unwrap_or_else(|error| {
        Box::new(std::iter::once(Item::Refused(Refused {
            source: file.relative.clone(),
            line: None,
            byte: 0,
            error: format!("cannot be read: {error}"),
            bytes: None,
        })))
    })
}

/// Decodes bytes by the encoding that was declared, or that clearly shows. The error is a byte and what is wrong there.
fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&'static Encoding>,
) -> Result<(Cow<'a, str>, &'static Encoding), (u64, String)> {
    let encoding = declared.unwrap_or(encoding_rs::UTF_8);
    if encoding != encoding_rs::UTF_8 {
        let text = decoded(bytes, encoding).map(|text| (text, encoding));
        return text.ok_or_else(|| (first_error(bytes, encoding), format!("not {}", encoding.name())));
    }
    simdutf8::compat::from_utf8(bytes).map(|text| (Cow::Borrowed(text), encoding)).or_else(|error| {
        let shown = if declared.is_none() { evident(bytes) } else { None };
        shown.and_then(|e| Some((decoded(bytes, e)?, e))).ok_or_else(|| {
            let at = error.valid_up_to();
            let byte = bytes[at];
            (at as u64, format!("not UTF-8: byte 0x{byte:02X}; if it is in another encoding, name it with --encoding"))
        })
    })
}

fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The byte at which the encoding does not hold.
fn first_error(bytes: &[u8], encoding: &'static Encoding) -> u64 {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        encoding_rs::DecoderResult::Malformed(length, after) => {
            (read - usize::from(length) - usize::from(after)) as u64
        }
        _ => read as u64,
    }
}

/// GB18030 or Big5, where the bytes leave little doubt: they decode without error, a detector agrees, and nearly all
/// that is not ASCII is Han or Chinese punctuation.
fn evident(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = match detector.guess(None, chardetng::Utf8Detection::Deny) {
        e if e == encoding_rs::GBK || e == encoding_rs::GB18030 => encoding_rs::GB18030,
        e if e == encoding_rs::BIG5 => e,
        _ => return None,
    };
    let text = decoded(bytes, guess)?;
    let foreign = text.chars().filter(|c| !c.is_ascii());
    let (mut all, mut chinese) = (0usize, 0usize);
    for c in foreign {
        all += 1;
        chinese +=
            usize::from(('\u{4e00}'..='\u{9fff}').contains(&c) || crate::chars::is_wide_mark(c) || c == '\u{3000}');
    }
    (all >= 8 && chinese * 100 >= all * 97).then_some(guess)
}

/// The bytes of a text in the encoding it came in, if that gives back what it was read from.
pub fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let (bytes, used, unmappable) = encoding.encode(text);
    (!unmappable && used == encoding).then(|| bytes.into_owned())
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn from_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
    digits.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// The span of a piece of a text, by its address.
fn span_of(piece: &str, text: &str) -> Span {
    let start = piece.as_ptr() as usize - text.as_ptr() as usize;
    start..start + piece.len()
}

/// The encoding of that name.
pub fn encoding_named(name: &str) -> Result<&'static Encoding, crate::Error> {
    Encoding::for_label(name.as_bytes())
        .map(|e| if e == encoding_rs::GBK { encoding_rs::GB18030 } else { e })
        .filter(|e| *e != encoding_rs::UTF_16LE && *e != encoding_rs::UTF_16BE)
        .ok_or_else(|| crate::Error::Usage(format!("no encoding {name:?}; try utf-8, gb18030 or big5")))
}

fn declared(options: &Options) -> Option<&'static Encoding> {
    options.encoding.as_deref().and_then(|name| encoding_named(name).ok())
}
