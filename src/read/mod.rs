//! Reads documents out of files: a table of formats, chosen by a file's name and by how it begins.

mod alto;
mod binary;
mod csv;
mod decode;
mod docling;
mod fields;
mod find;
mod guard;
mod hocr;
mod html;
mod input;
mod json;
mod jsonl;
mod line_ends;
mod marker;
mod mineru;
mod paddleocr;
mod page_xml;
#[cfg(feature = "parquet")]
mod parquet;
mod scan;
mod source_file;
mod tags;
mod text;
mod tool_page;
mod xml;

use fields::Fields;

pub(crate) use decode::encoding_of_origin;
pub use decode::{encode, encoding_named};
pub use find::files;
pub(crate) use find::{FoundFiles, find};
pub(crate) use guard::guarded;
pub use guard::is_guarded;
pub(crate) use html::is_html;
pub(crate) use jsonl::StringStyle;
pub(crate) use source_file::SourceFile;

use crate::page::edit::Span;
use crate::page::hints::Hints;
use crate::page::metadata::{Metadata, Text, tidied};
use input::Input;
pub(crate) use input::Stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A file is read by the first format that has its ending and accepts how it begins. The last reads any file that was named
/// on the command line.
pub const FORMATS: &[Format] = &[
    jsonl::FORMAT,
    mineru::FORMAT,
    docling::FORMAT,
    paddleocr::FORMAT,
    marker::FORMAT,
    json::FORMAT,
    parquet::FORMAT,
    csv::FORMAT,
    xml::OTHER,
    alto::FORMAT,
    page_xml::FORMAT,
    html::FORMAT,
    hocr::FORMAT,
    text::MARKDOWN,
    text::FORMAT,
];

/// What a build without Parquet says of such a file.
#[cfg(not(feature = "parquet"))]
mod parquet {
    use super::Format;
    use std::io;

    pub(super) const FORMAT: Format = Format {
        name: "parquet",
        about: "Parquet, which this build was made without",
        loses: Some("all"),
        endings: &["parquet", "pq"],
        tools: &[],
        begins: |head| head.starts_with(b"PAR1"),
        read: |_, _| {
            Err(io::Error::other(
                "this jiaokan was built without Parquet; build it with --features parquet",
            ))
        },
    };
}

/// A format of files.
pub struct Format {
    pub name: &'static str,
    pub about: &'static str,
    /// What of a file is not kept, in a clause; `None` if `undo` gives the file back byte for byte. For a format that loses
    /// something, `undo` gives the records that were made from the file, as JSON Lines.
    pub loses: Option<&'static str>,
    /// Endings of file names, without the dot.
    pub endings: &'static [&'static str],
    /// What a tool writes beside files of this format.
    tools: &'static [Tool],
    /// Whether a file that begins with these bytes (up to 64 KiB) is of this format.
    begins: fn(&[u8]) -> bool,
    read: fn(Input, &Options) -> io::Result<Items>,
}

/// The files that a tool writes of one document, by what each adds to the document's name. Of these files one is read.
struct Tool {
    /// Files of the format, the one that says most first. Where there is none, the first of the others is the best.
    says: &'static [&'static str],
    /// The same with less, and what is not a document.
    also: &'static [Also],
}

/// What a file adds to the document's name. Where users may give a file of their own such a name: whether one that begins
/// with these bytes is the tool's.
type Also = (&'static str, Option<fn(&[u8]) -> bool>);

/// What a file holds, in its order.
pub(crate) type Items = Box<dyn Iterator<Item = Item> + Send>;

/// The same, each item with the path of the file that `undo` writes it to.
pub(crate) type PlacedItems = Box<dyn Iterator<Item = (Arc<str>, Item)> + Send>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The encoding of the input, by its name in the Encoding Standard. `None`: UTF-8, or what is evident.
    pub encoding: Option<String>,
    pub text_field: String,
    pub id_field: String,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            encoding: None,
            text_field: "text".into(),
            id_field: "id".into(),
        }
    }
}

#[derive(Debug)]
pub enum Item {
    Document(Box<Document>),
    Refused(Refused),
    /// Bytes between records that hold no text.
    Filler(Vec<u8>),
}

/// A document, and all that is needed to write its source again.
#[derive(Debug)]
pub struct Document {
    pub id: String,
    pub text: String,
    /// Where it comes from, as the input says, or its path.
    pub source: String,
    /// The input's other fields.
    pub metadata: Metadata,
    /// Fields beside the metadata, as dolma has them (`BESIDE`).
    pub beside: Metadata,
    /// What its fields say to the stages.
    pub hints: Hints,
    pub origin: Origin,
}

/// The fields that dolma has beside `metadata`, in the input and again in clean.jsonl, and what fits each.
const BESIDE: [(&str, Fits); 3] = [
    ("added", is_string),
    ("created", is_string),
    ("attributes", is_object),
];

type Fits = fn(&RawValue) -> bool;

/// Whether a field is one of those beside the metadata.
fn is_beside(name: &str, value: &RawValue) -> bool {
    let mut beside = BESIDE.iter();
    beside.any(|(beside, fits)| name == *beside && fits(value))
}

fn is_string(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// What stood around a document's text in its file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The line of a file of records, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The encoding of the file, if not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The text of the record before and after the string that holds the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<[String; 2]>,
    /// Whether its lines end in carriage returns alone, which the text has as line feeds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returns: bool,
    /// How that string is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<StringStyle>,
    /// All its bytes, in hexadecimal, if they cannot be made again from the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// A document that was not read or not cleaned: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Of a document that was read and could not be cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The byte of the file, from 0.
    pub byte: u64,
    pub error: String,
    /// The bytes of a refused record, in hexadecimal; `None` for a whole file, which is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

impl Refused {
    /// A file that was not read, or not to its end.
    fn file(name: &str, error: String) -> Self {
        Refused {
            source: name.into(),
            line: None,
            id: None,
            byte: 0,
            error,
            bytes: None,
        }
    }

    /// A document that was read and could not be cleaned.
    pub(crate) fn document(name: &str, line: Option<u64>, id: &str, error: String) -> Self {
        Refused {
            line,
            id: Some(id.into()),
            ..Refused::file(name, error)
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Refused {
            source,
            line,
            id,
            byte,
            error,
            ..
        } = self;
        if let Some(id) = id {
            return write!(f, "{source}, document {id}: {error}");
        }
        match line {
            Some(line) => write!(f, "{source} line {line} (byte {byte}): {error}"),
            None => write!(f, "{source} byte {byte}: {error}"),
        }
    }
}

impl Options {
    fn no_text_field(&self) -> String {
        format!(
            "no {:?} field; name another with --text-field",
            self.text_field
        )
    }
}

impl Document {
    /// A document that comes from no file, without metadata.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        let id = id.into();
        Document {
            source: id.clone(),
            id,
            text: text.into(),
            metadata: Metadata::new(),
            beside: Metadata::new(),
            hints: Hints::default(),
            origin: Origin::default(),
        }
    }

    /// The same with metadata, which the clean record carries, and which may say of what kind the paragraphs are.
    pub fn with_metadata(mut self, metadata: impl Into<Metadata>) -> Self {
        self.metadata = metadata.into();
        self.hints = Hints::of(&self.metadata, &self.beside);
        self
    }

    /// A document of a format that loses something.
    fn converted(id: String, text: String, source: String, metadata: impl Into<Metadata>) -> Self {
        Document {
            id,
            text,
            source,
            metadata: metadata.into(),
            beside: Metadata::new(),
            hints: Hints::default(),
            origin: Origin::default(),
        }
        .recorded()
    }

    /// Makes `undo` give back a record of what was read.
    fn recorded(mut self) -> Self {
        let before = format!("{{\"id\":{},\"text\":", json!(self.id));
        let beside: String = self
            .beside
            .iter()
            .map(|(name, value)| format!("{}:{value},", json!(name)))
            .collect();
        let after = format!(
            ",\"source\":{},{beside}\"metadata\":{}}}\n",
            json!(self.source),
            serde_json::to_string(&self.metadata).expect("its values are JSON")
        );
        self.origin = Origin {
            around: Some([before, after]),
            style: Some(StringStyle::Plain),
            ..Origin::default()
        };
        self
    }

    /// Takes the fields of a record but its text, which is in one of them.
    fn take_record(&mut self, fields: Fields, text: usize, options: &Options) {
        if let Some((_, id)) = fields
            .find(&options.id_field)
            .filter(|(_, id)| *id != "null")
        {
            self.id = Text::of(id).unwrap_or_else(|| id.into());
        }
        self.take_fields(fields.without(text, &options.text_field), options);
    }

    /// Takes the fields beside a text. If the record and its metadata have fields of one name, the record's is
    /// called `record.NAME`.
    fn take_fields(
        &mut self,
        fields: impl Iterator<Item = (String, Box<RawValue>)>,
        options: &Options,
    ) {
        let mut of_metadata = HashSet::new();
        for (name, value) in fields {
            if name == options.id_field && value.get() != "null" {
                self.id = Text::of(value.get()).unwrap_or_else(|| value.get().into());
            } else if name == "source" && is_string(&value) {
                self.source = Text::of(value.get()).unwrap_or_default();
            } else if is_beside(&name, &value) {
                drop(self.beside.put(name, tidied(value)));
            } else if name == "metadata" && is_object(&value) {
                self.take_metadata(&value, &mut of_metadata);
            } else if of_metadata.contains(&name) {
                let name = self.metadata.free(format!("record.{name}"));
                self.metadata.push(name, tidied(value));
            } else {
                self.metadata.push(name, tidied(value));
            }
        }
    }

    /// Takes the fields of a record's metadata, and adds their names.
    fn take_metadata(&mut self, metadata: &RawValue, names: &mut HashSet<String>) {
        let fields: Metadata = serde_json::from_str(metadata.get()).unwrap_or_default();
        for (name, value) in fields {
            if names.insert(name.clone()) {
                self.metadata.give_way(&name);
            }
            self.metadata.push(name, value);
        }
    }
}

impl Format {
    fn has_ending_of(&self, name: &str) -> bool {
        let ending = Path::new(name)
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        self.endings.contains(&ending.as_str())
    }
}

/// Whether a file in a folder should be read, by its name.
fn is_known(path: &Path) -> bool {
    let path = path.to_string_lossy();
    let name = input::without_compression(&path);
    input::is_archive(name) || FORMATS.iter().any(|format| format.has_ending_of(name))
}

/// The format of a file: the first with its ending (or of all formats, if none has it) that accepts how it begins. A page
/// of a recogniser's XML is one whatever it is called.
fn format_of(name: &str, head: &[u8]) -> &'static Format {
    let is_by_root = |format: &&Format| {
        [alto::FORMAT.name, page_xml::FORMAT.name].contains(&format.name) && (format.begins)(head)
    };
    if let Some(format) = FORMATS.iter().find(is_by_root) {
        return format;
    }
    let name = input::without_compression(name);
    let mut with_ending = FORMATS
        .iter()
        .filter(|format| format.has_ending_of(name))
        .peekable();
    match with_ending.peek().copied() {
        Some(first) => with_ending
            .find(|format| (format.begins)(head))
            .unwrap_or(first),
        None => FORMATS
            .iter()
            .find(|format| format.name != csv::FORMAT.name && (format.begins)(head))
            .unwrap_or(&FORMATS[FORMATS.len() - 1]),
    }
}

/// What a file holds. What cannot be opened is refused as a whole.
pub fn open(file: &SourceFile, options: &Options) -> PlacedItems {
    let name = &file.relative;
    match Input::open(file) {
        Err(error) => {
            let why = format!("cannot be read: {}", input::why(name, &error));
            refused(file, why)
        }
        Ok(archive) if input::is_archive(name) => {
            let (file, options) = (file.clone(), options.clone());
            let members = input::members(archive, is_known).into_iter();
            Box::new(members.flat_map(move |member| match member {
                Ok((path, input)) => {
                    let path = input::without_compression(&path);
                    items(input, &format!("{}/{path}", file.undone), &options)
                }
                Err(error) => refused(&file, error),
            }))
        }
        Ok(input) => items(input, &file.undone, options),
    }
}

/// A file that is refused as a whole.
fn refused(file: &SourceFile, error: String) -> PlacedItems {
    let refused = Item::Refused(Refused::file(&file.relative, error));
    Box::new(std::iter::once((file.undone.as_str().into(), refused)))
}

fn items(mut input: Input, undone: &str, options: &Options) -> PlacedItems {
    let name = input.name.clone();
    let opened = input
        .head()
        .and_then(|head| {
            binary::refuse(&name, head)?;
            Ok(format_of(&name, head))
        })
        .and_then(|format| {
            let undone = if format.loses.is_some() {
                format!("{undone}.jsonl")
            } else {
                undone.to_string()
            };
            Ok((undone, (format.read)(input, options)?))
        });
    let (undone, items) = opened.unwrap_or_else(|error| {
        let refused = Item::Refused(Refused::file(
            &name,
            format!("cannot be read: {}", input::why(&name, &error)),
        ));
        (undone.to_string(), Box::new(std::iter::once(refused)))
    });
    let undone: Arc<str> = undone.into();
    Box::new(items.map(move |item| (undone.clone(), hinted(item))))
}

/// With what the document's fields say to the stages, and with line ends that they know.
fn hinted(mut item: Item) -> Item {
    if let Item::Document(document) = &mut item {
        line_ends::bring_in_line(document);
        document.hints = Hints::of(&document.metadata, &document.beside);
    }
    item
}

/// The bytes of a file without its compression.
pub(crate) fn lines_of(path: &Path) -> io::Result<Stream> {
    Ok(Input::open(&SourceFile::alone(path))?.stream)
}

/// The rows of a Parquet file that jiaokan wrote.
pub(crate) fn rows_of(path: &Path) -> io::Result<Items> {
    (parquet::FORMAT.read)(Input::open(&SourceFile::alone(path))?, &Options::default())
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn from_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?))
        .collect()
}

/// The span of a piece of a text, by its address.
fn span_of(piece: &str, text: &str) -> Span {
    let start = piece.as_ptr() as usize - text.as_ptr() as usize;
    start..start + piece.len()
}
