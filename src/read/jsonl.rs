//! JSON Lines: a record a line, its text in one field; all other fields are carried through.

use super::decode::{declared, decode, encode};
use super::fields::{Fields, with_null_for_nan};
use super::input::{Input, MOST_BYTES, Stream, why};
use super::{Document, Format, Item, Items, Options, Origin, Refused, hexadecimal, span_of};
use crate::page::hints::Hints;
use crate::page::metadata::{Metadata, Text};
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufRead, Read};

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    about: "JSON Lines: text and id in fields of their own, all others carried through in metadata",
    loses: None,
    endings: &["jsonl", "ndjson"],
    tools: &[],
    begins: |head| head.trim_ascii_start().starts_with(b"{"),
    read,
};

/// How a JSON string is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StringStyle {
    /// As serde_json and Python's `ensure_ascii=False` write it.
    Plain,
    /// As Python's `json.dumps` writes it.
    Ascii,
    /// Some other way: the string itself.
    Literal(String),
}

impl StringStyle {
    /// The style that writes a valid literal as it is, recognised by its escapes.
    fn of(literal: &str) -> Self {
        let mut is_plain = true;
        let mut is_ascii = true;
        let mut escapes = literal.split('\\').skip(1);
        while let Some(escape) = escapes.next() {
            match escape.as_bytes() {
                // an escaped backslash: what follows is text
                [] => drop(escapes.next()),
                [b'"' | b'b' | b'f' | b'n' | b'r' | b't', ..] => {}
                _ => {
                    let Some(code) = code_in_small_digits(escape) else {
                        return StringStyle::Literal(literal.into());
                    };
                    let is_needed = code < 0x20 && !matches!(code, 8 | 9 | 10 | 12 | 13);
                    is_plain &= is_needed;
                    is_ascii &= is_needed || code >= 0x7f;
                }
            }
        }
        match (is_plain, is_ascii) {
            (true, _) => StringStyle::Plain,
            (_, true) if literal.bytes().all(|b| matches!(b, b' '..=b'~')) => StringStyle::Ascii,
            _ => StringStyle::Literal(literal.into()),
        }
    }

    /// The text as a JSON string, with its quotation marks.
    pub fn write(&self, text: &str) -> String {
        match self {
            StringStyle::Plain => Value::from(text).to_string(),
            StringStyle::Literal(literal) => literal.clone(),
            StringStyle::Ascii => {
                let mut out = String::new();
                for c in Value::from(text).to_string().chars() {
                    if matches!(c, ' '..='~') {
                        out.push(c);
                    } else {
                        c.encode_utf16(&mut [0; 2])
                            .iter()
                            .for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
                    }
                }
                out
            }
        }
    }
}

/// The code of an escape such as u00e9, written without capitals.
fn code_in_small_digits(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    let is_small = !digits.bytes().any(|digit| digit.is_ascii_uppercase());
    is_small.then(|| u16::from_str_radix(digits, 16).unwrap_or(0))
}

/// The text of a literal in the plain style without `\\u` and `\\/`, as nearly all are. `None` for any other.
fn plain(literal: &str) -> Option<String> {
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        text.push(match rest.as_bytes().get(at + 1)? {
            b'n' => '\n',
            b'"' => '"',
            b'\\' => '\\',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            _ => return None,
        });
        rest = &rest[at + 2..];
    }
    text.push_str(rest);
    Some(text)
}

fn read(input: Input, options: &Options) -> io::Result<Items> {
    Ok(Box::new(RecordLines {
        input: input.stream,
        source: input.name,
        options: options.clone(),
        encoding: declared(options),
        line: 0,
        byte: 0,
        blank: Vec::new(),
        bytes: Vec::new(),
        done: false,
    }))
}

struct RecordLines {
    input: Stream,
    source: String,
    options: Options,
    encoding: Option<&'static Encoding>,
    /// The number of the line that was read last, and the byte at which the next begins.
    line: u64,
    byte: u64,
    /// Empty lines since the last record.
    blank: Vec<u8>,
    /// The bytes of the line that was read last; the buffer is reused.
    bytes: Vec<u8>,
    done: bool,
}

impl Iterator for RecordLines {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let item = self.next_in(&mut bytes);
        self.bytes = bytes;
        item
    }
}

impl RecordLines {
    /// The next record with the blank lines before it; `bytes` is the buffer for it.
    fn next_in(&mut self, bytes: &mut Vec<u8>) -> Option<Item> {
        while !self.done {
            let start = self.byte;
            bytes.clear();
            let read = match (&mut self.input).take(MOST_BYTES).read_until(b'\n', bytes) {
                Ok(0) => {
                    self.done = true;
                    break;
                }
                Ok(read) => read as u64,
                Err(error) => {
                    self.done = true;
                    let error = format!("cannot be read on: {}", why(&self.source, &error));
                    return Some(Item::Refused(self.refused(start, error, None)));
                }
            };
            self.line += 1;
            self.byte += read;
            if read == MOST_BYTES && !bytes.ends_with(b"\n") {
                return Some(self.too_long(start));
            }
            if bytes.trim_ascii().is_empty() {
                self.blank.extend_from_slice(bytes);
            } else if self.blank.is_empty() {
                return Some(self.record(bytes, start));
            } else {
                // blank lines belong to the record that follows
                return Some(self.with_blank(bytes, start));
            }
        }
        (!self.blank.is_empty()).then(|| Item::Filler(std::mem::take(&mut self.blank)))
    }

    fn refused(&self, byte: u64, error: String, bytes: Option<&[u8]>) -> Refused {
        Refused {
            source: self.source.clone(),
            line: Some(self.line),
            id: None,
            byte,
            error,
            bytes: bytes.map(hexadecimal),
        }
    }

    /// Skips the rest of a line that is longer than a record may be.
    fn too_long(&mut self, start: u64) -> Item {
        let rest = self.input.skip_until(b'\n');
        self.byte += *rest.as_ref().unwrap_or(&0) as u64;
        let error = format!(
            "a line of more than {} MiB is no record; nothing of it is kept",
            MOST_BYTES >> 20
        );
        self.done = rest.is_err();
        Item::Refused(self.refused(start, error, None))
    }

    fn with_blank(&mut self, bytes: &[u8], start: u64) -> Item {
        let mut blank = std::mem::take(&mut self.blank);
        match self.record(bytes, start) {
            Item::Document(mut document) => {
                if let (Some([before, _]), Ok(blank)) =
                    (&mut document.origin.around, String::from_utf8(blank))
                {
                    before.insert_str(0, &blank);
                }
                Item::Document(document)
            }
            Item::Refused(mut refused) => {
                refused.bytes = refused.bytes.map(|bytes| hexadecimal(&blank) + &bytes);
                Item::Refused(refused)
            }
            Item::Filler(bytes) => {
                blank.extend(bytes);
                Item::Filler(blank)
            }
        }
    }

    fn record(&self, bytes: &[u8], start: u64) -> Item {
        let (line, encoding) = match decode(bytes, self.encoding) {
            Ok(decoded) => decoded,
            Err((at, error)) => return Item::Refused(self.refused(start + at, error, Some(bytes))),
        };
        let document = self.document(&line).or_else(|error| {
            let (numbers, longer) = with_null_for_nan(&line).ok_or_else(|| error.clone())?;
            let mut document = self.document(&numbers).map_err(|_| error)?;
            give_back(&mut document.origin, &line, &longer);
            Ok(document)
        });
        match document {
            Ok(mut document) => {
                if encoding != encoding_rs::UTF_8 {
                    document.origin.encoding = Some(encoding.name().to_string());
                    if encode(&line, encoding).as_deref() != Some(bytes) {
                        document.origin.bytes = Some(hexadecimal(bytes));
                    }
                }
                Item::Document(Box::new(document))
            }
            Err((at, error)) => Item::Refused(self.refused(start + at as u64, error, Some(bytes))),
        }
    }

    /// The document of a line. The error is a byte of the line and what is wrong there.
    fn document(&self, line: &str) -> Result<Document, (usize, String)> {
        let json = line.trim_start_matches('\u{feff}');
        let fields: Fields = serde_json::from_str(json).map_err(|error| {
            let why = format!("not a JSON object: {}", without_place(&error.to_string()));
            (error.column().saturating_sub(1), why)
        })?;
        if let Some(error) = fields.too_deep() {
            return Err((0, error));
        }
        let text_field = &self.options.text_field;
        let (at, raw) = fields
            .find(text_field)
            .ok_or_else(|| (0, self.options.no_text_field()))?;
        let literal = span_of(raw, line);
        let (text, style) = text_of(raw).ok_or_else(|| {
            let sort = match raw {
                "null" => "null",
                _ => "not a string",
            };
            (literal.start, format!("the {text_field:?} field is {sort}"))
        })?;
        let mut document = Document {
            id: format!("{}:{}", self.source, self.line),
            source: self.source.clone(),
            metadata: Metadata::new(),
            beside: Metadata::new(),
            hints: Hints::default(),
            origin: Origin {
                line: Some(self.line),
                around: Some([line[..literal.start].into(), line[literal.end..].into()]),
                style: Some(style),
                ..Origin::default()
            },
            text,
        };
        document.take_record(fields, at, &self.options);
        Ok(document)
    }
}

/// Makes what stands around the text that of the line as it came, which is shorter by a byte at some places.
fn give_back(origin: &mut Origin, line: &str, longer: &[usize]) {
    let Some([before, after]) = &mut origin.around else {
        return;
    };
    let came = |at: usize| at - longer.iter().filter(|place| **place < at).count();
    let end = line.len() + longer.len() - after.len();
    (*before, *after) = (line[..came(before.len())].into(), line[came(end)..].into());
}

/// The text of a literal, and how it is written. `None` for another value than a string.
pub(super) fn text_of(literal: &str) -> Option<(String, StringStyle)> {
    if let Some(text) = plain(literal) {
        return Some((text, StringStyle::Plain));
    }
    match serde_json::from_str::<String>(literal) {
        Ok(text) => Some((text, StringStyle::of(literal))),
        Err(_) => Some((Text::of(literal)?, StringStyle::Literal(literal.into()))),
    }
}

/// serde_json's message without the line and column, which are those of the one line it saw.
fn without_place(error: &str) -> &str {
    error.split(" at line ").next().unwrap_or(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_written_as_it_came() {
        let usual = [r#""灯塔\\n\n\"\\\"\u001f\u000b\b""#, "\"\u{7f}\""];
        let ascii = [r#""\u706f\u5854\u007f\n\ud83d\ude00""#];
        let other = [
            r#""\/""#,
            r#""\u000a""#,
            r#""灯\u5854""#,
            r#""\u706F""#,
            r#""\u0041""#,
            r#""\u001F""#,
        ];
        for (style, literals) in [
            (StringStyle::Plain, &usual[..]),
            (StringStyle::Ascii, &ascii),
            (StringStyle::Plain, &[r#""""#]),
        ] {
            literals
                .iter()
                .for_each(|l| assert_eq!(StringStyle::of(l), style, "{l}"));
        }
        for literal in usual.iter().chain(&ascii).chain(&other) {
            let text: String = serde_json::from_str(literal).unwrap();
            assert_eq!(StringStyle::of(literal).write(&text), *literal);
            assert!(plain(literal).is_none_or(
                |plain| plain == text && StringStyle::of(literal) == StringStyle::Plain
            ));
        }
        assert_eq!(
            plain(r#""灯塔\\n\"\\\t\r\b\f""#).as_deref(),
            Some("灯塔\\n\"\\\t\r\u{8}\u{c}")
        );
        assert_eq!(
            [plain("5"), plain("\""), plain(r#""\"#)],
            [None, None, None]
        );
        other
            .iter()
            .for_each(|l| assert_eq!(StringStyle::of(l), StringStyle::Literal((*l).into())));
    }
}
