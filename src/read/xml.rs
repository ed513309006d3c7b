//! XML for the formats that are made of it: decoded, one event at a time, and refused where it is broken, nested too
//! deeply, or would expand when read.

use super::decode::{Decoded, decode_by_itself};
use super::input::Input;
use super::scan::{self, Scan};
use super::{Format, Item, Items, Options, Refused};
use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event as Raw};
use quick_xml::{Error, XmlVersion};
use std::borrow::Cow;
use std::io;

/// The first format with its ending: what no other format accepts is refused, with a word on what could be read.
pub(super) const OTHER: Format = Format {
    name: "xml",
    about: "XML of other kinds: METS is passed over, for it holds no text; the rest is refused",
    loses: Some("all of it"),
    endings: &["xml"],
    tools: &[],
    begins: |_| false,
    read: read_other,
};

/// Most elements inside one another. Pages have about ten.
const DEEPEST: usize = 256;

const OWN_ENTITIES: &str =
    "entities of its own (<!ENTITY>), which may grow without end, are not read";

/// Where a file is broken, as a byte of its text, and how.
#[derive(Debug)]
pub(super) struct BrokenXml {
    pub at: usize,
    pub why: String,
}

/// What comes next in a file. Names are without the prefix of their namespace.
pub(super) enum Event<'t> {
    Open(Element<'t>),
    Text(Cow<'t, str>),
    Close(BytesEnd<'t>),
    End,
}

/// An opening tag.
pub(super) struct Element<'t> {
    tag: BytesStart<'t>,
    at: usize,
}

pub(super) struct Xml<'t> {
    reader: Reader<&'t [u8]>,
    length: usize,
    depth: usize,
    any: bool,
}

impl<'t> Xml<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml {
            reader,
            length: text.len(),
            depth: 0,
            any: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<Event<'t>, BrokenXml> {
        loop {
            let at = self.reader.buffer_position() as usize;
            let broken = |why: String| Err(BrokenXml { at, why });
            match self.reader.read_event() {
                Err(error) => return Err(self.broken(&error)),
                Ok(Raw::Start(_)) if self.depth == DEEPEST => {
                    return broken(format!(
                        "more than {DEEPEST} elements within one another: this is no page"
                    ));
                }
                Ok(Raw::Start(tag) | Raw::Empty(tag)) => {
                    self.depth += 1;
                    self.any = true;
                    return Ok(Event::Open(Element { tag, at }));
                }
                Ok(Raw::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Event::Close(tag));
                }
                Ok(Raw::Text(text)) => return Ok(Event::Text(text.into_inner())),
                Ok(Raw::CData(text)) => return Ok(Event::Text(text.into_inner())),
                Ok(Raw::GeneralRef(name)) => {
                    let Some(text) = resolved(&name) else {
                        let name = shortened(&name);
                        return broken(format!("&{name};: XML knows no such entity"));
                    };
                    return Ok(Event::Text(text));
                }
                Ok(Raw::DocType(declared)) if declared.contains("<!ENTITY") => {
                    return broken(OWN_ENTITIES.into());
                }
                Ok(Raw::Eof) => return self.end().or_else(|why| broken(why.into())),
                Ok(Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_)) => {}
            }
        }
    }

    /// The end of the file, if all its elements are closed.
    fn end(&self) -> Result<Event<'t>, &'static str> {
        match (self.depth, self.any) {
            (1.., _) => Err(
                "it ends before all its elements are closed; if it is cut short, fetch it again",
            ),
            (0, false) => Err("no XML: there is no element in it"),
            (0, true) => Ok(Event::End),
        }
    }

    fn broken(&self, error: &Error) -> BrokenXml {
        let at = (self.reader.error_position() as usize).min(self.length);
        let hint = if matches!(error, Error::Syntax(_)) {
            "; if it is cut short, fetch it again"
        } else {
            ""
        };
        BrokenXml {
            at,
            why: format!(
                "not well-formed XML: {}{hint}",
                shortened(&error.to_string())
            ),
        }
    }
}

/// The name of a closing tag, without its prefix.
pub(super) fn local<'e>(tag: &'e BytesEnd) -> &'e str {
    without_prefix(tag.name().into_inner())
}

fn without_prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The start of a piece of a file that may be as long as the file.
fn shortened(text: &str) -> &str {
    text.char_indices()
        .nth(200)
        .map_or(text, |(at, _)| &text[..at])
}

/// The character that a reference stands for; XML defines only five names.
fn resolved(reference: &quick_xml::events::BytesRef) -> Option<Cow<'static, str>> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(Cow::Owned(c.to_string()));
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(Cow::Borrowed)
}

impl Element<'_> {
    pub(super) fn name(&self) -> &str {
        without_prefix(self.tag.name().into_inner())
    }

    /// The attributes of these names.
    pub(super) fn get<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], BrokenXml> {
        let mut found = [const { None }; N];
        let broken = |why: String| BrokenXml {
            at: self.at,
            why: format!("an attribute is broken: {}", shortened(&why)),
        };
        for attribute in self.tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| broken(error.to_string()))?;
            let Some(at) = names
                .iter()
                .position(|name| *name == attribute.key.local_name().as_ref())
            else {
                continue;
            };
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| broken(error.to_string()))?;
            found[at].get_or_insert(value);
        }
        Ok(found)
    }

    /// The attribute of this name, or an empty string.
    pub(super) fn text(&self, name: &str) -> Result<String, BrokenXml> {
        let [value] = self.get([name])?;
        Ok(value.map(Cow::into_owned).unwrap_or_default())
    }
}

/// The name of the root element, if the head of a file has one.
pub(super) fn root(head: &[u8]) -> Option<String> {
    let head = &head[..head.len().min(64 << 10)];
    let encoding = match head.first_chunk() {
        Some([b'<', 0]) => encoding_rs::UTF_16LE,
        Some([0, b'<']) => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_8,
    };
    let (text, ..) = encoding.decode(head);
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().ok()? {
            Raw::Start(tag) | Raw::Empty(tag) => {
                return Some(tag.local_name().as_ref().to_string());
            }
            Raw::Eof => return None,
            _ => {}
        }
    }
}

/// The encoding that the first line names.
fn label(bytes: &[u8]) -> Option<&str> {
    let line = bytes.strip_prefix(b"<?xml")?;
    let line =
        std::str::from_utf8(&line[..line.iter().take(200).position(|byte| *byte == b'>')?]).ok()?;
    let value = line
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Adds the pages of a file to the scans, up to where it is broken.
pub(super) type Pages = fn(&mut Xml, &mut Vec<Scan>) -> Result<(), BrokenXml>;

/// The documents of a file; if it is broken, those of its pages that are whole, and what is wrong.
pub(super) fn read_pages(input: Input, options: &Options, pages: Pages) -> io::Result<Items> {
    let name = input.name.clone();
    let decoded = match decoded(input, options)? {
        Ok(decoded) => decoded,
        Err(refused) => return Ok(Box::new(std::iter::once(Item::Refused(refused)))),
    };
    let mut scans = Vec::new();
    let broken = pages(&mut Xml::new(&decoded.text), &mut scans).err();
    let refused = broken.map(|BrokenXml { at, why }| {
        let why = if scans.is_empty() {
            why
        } else {
            format!("nothing is read behind page {}: {why}", scans.len())
        };
        Refused {
            byte: decoded.place(at),
            ..Refused::file(&name, why)
        }
    });
    Ok(scan::items(name, scans, refused))
}

fn decoded(input: Input, options: &Options) -> io::Result<Result<Decoded, Refused>> {
    let name = input.name.clone();
    let bytes = input.all()?;
    let label = label(&bytes).map(str::to_string);
    let refused = |(byte, error)| Refused {
        byte,
        ..Refused::file(&name, error)
    };
    Ok(decode_by_itself(bytes, label.as_deref(), options).map_err(refused))
}

fn read_other(mut input: Input, _: &Options) -> io::Result<Items> {
    match root(input.head()?) {
        Some(root) if root == "mets" => Ok(Box::new(std::iter::empty())),
        Some(root) => Err(io::Error::other(format!(
            "XML whose root is <{}> is not known; of XML, ALTO (<alto>), PAGE (<PcGts>) and hOCR (<html>) are read",
            shortened(&root)
        ))),
        None => Err(io::Error::other(
            "no XML: there is no element at its beginning",
        )),
    }
}
