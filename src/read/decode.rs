//! Decodes bytes to text, by the encoding that was declared or that is evident.

use super::Options;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Decodes bytes by the encoding that was declared, or that is evident. The error is a byte and what is wrong there.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&'static Encoding>,
) -> Result<(Cow<'a, str>, &'static Encoding), (u64, String)> {
    let encoding = declared.unwrap_or(encoding_rs::UTF_8);
    if encoding != encoding_rs::UTF_8 {
        let text = decoded(bytes, encoding).map(|text| (text, encoding));
        return text.ok_or_else(|| {
            (
                first_error(bytes, encoding),
                format!("not {}", encoding.name()),
            )
        });
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

/// Decodes bytes that begin with the byte order mark of UTF-16. `None` for all others, and where they are no UTF-16.
pub(super) fn decode_marked(bytes: &[u8]) -> Option<(Cow<'_, str>, &'static Encoding)> {
    let (encoding, mark) = Encoding::for_bom(bytes).filter(|(encoding, _)| is_utf16(encoding))?;
    Some((decoded(&bytes[mark..], encoding)?, encoding))
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE
}

/// A text, and how it was encoded in its file.
pub(super) struct Decoded {
    pub text: String,
    encoding: &'static Encoding,
    /// Length of the byte order mark, in bytes.
    mark: usize,
}

impl Decoded {
    /// The byte of the file that a byte of the text comes from.
    pub(super) fn place(&self, at: usize) -> u64 {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let bytes = match self.encoding {
            e if e == encoding_rs::UTF_8 => before.len(),
            e if is_utf16(e) => before.encode_utf16().count() * 2,
            e => e.encode(before).0.len(),
        };
        (self.mark + bytes) as u64
    }
}

/// Decodes a file that may itself say what its encoding is: by its byte order mark, by the name it gives, or else by
/// `--encoding`. The error is a byte and what is wrong there.
pub(super) fn decode_by_itself(
    bytes: Vec<u8>,
    label: Option<&str>,
    options: &Options,
) -> Result<Decoded, (u64, String)> {
    let of_mark = Encoding::for_bom(&bytes).or_else(|| without_mark(&bytes));
    let (marked, mark) = of_mark.map_or((None, 0), |(encoding, mark)| (Some(encoding), mark));
    let named = declared(options);
    let said = marked.or_else(|| labelled(label?)).or(named);
    let mut result = decode(&bytes[mark..], said);
    if result.is_err() && named.is_some() && marked.is_none() {
        result = decode(&bytes[mark..], named);
    }
    let (text, encoding) = result.map_err(|(at, error)| (at + mark as u64, error))?;
    let text = match text {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => {
            let mut bytes = bytes;
            bytes.drain(..mark);
            String::from_utf8(bytes).expect("it was decoded as UTF-8 without a copy")
        }
    };
    Ok(Decoded {
        text,
        encoding,
        mark,
    })
}

/// UTF-16 without a byte order mark, as the first `<` shows it.
fn without_mark(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes.first_chunk()? {
        [b'<', 0] => Some((encoding_rs::UTF_16LE, 0)),
        [0, b'<'] => Some((encoding_rs::UTF_16BE, 0)),
        _ => None,
    }
}

/// The encoding that a file means by a name that could be read in it.
fn labelled(label: &str) -> Option<&'static Encoding> {
    match Encoding::for_label_no_replacement(label.as_bytes())? {
        e if e == encoding_rs::GBK => Some(encoding_rs::GB18030),
        // the name could be read, so it is not in UTF-16
        e if is_utf16(e) => Some(encoding_rs::UTF_8),
        e => Some(e),
    }
}

fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The first byte that is not of the encoding.
fn first_error(bytes: &[u8], encoding: &'static Encoding) -> u64 {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(
        decoder
            .max_utf8_buffer_length(bytes.len())
            .unwrap_or(bytes.len() * 3),
    );
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
        chinese += usize::from(
            ('\u{4e00}'..='\u{9fff}').contains(&c)
                || crate::text::chars::is_wide_mark(c)
                || c == '\u{3000}',
        );
    }
    (all >= 8 && chinese * 100 >= all * 97).then_some(guess)
}

/// The bytes of a text in the encoding it came in, if that gives back what it was read from.
///
/// In UTF-16 it begins with the byte order mark, without which no text is read as UTF-16.
pub fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if is_utf16(encoding) {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let is_big = encoding == encoding_rs::UTF_16BE;
        let bytes = |unit: u16| {
            if is_big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        return Some(units.flat_map(bytes).collect());
    }
    let (bytes, used, unmappable) = encoding.encode(text);
    (!unmappable && used == encoding).then(|| bytes.into_owned())
}

/// The encoding that `Origin` names.
pub(crate) fn encoding_of_origin(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.as_bytes())
}

/// The encoding of that name.
pub fn encoding_named(name: &str) -> Result<&'static Encoding, crate::Error> {
    Encoding::for_label(name.as_bytes())
        .map(|e| {
            if e == encoding_rs::GBK {
                encoding_rs::GB18030
            } else {
                e
            }
        })
        .filter(|e| !is_utf16(e))
        .ok_or_else(|| {
            crate::Error::Usage(format!("no encoding {name:?}; try utf-8, gb18030 or big5"))
        })
}

pub(super) fn declared(options: &Options) -> Option<&'static Encoding> {
    options
        .encoding
        .as_deref()
        .and_then(|name| encoding_named(name).ok())
}
