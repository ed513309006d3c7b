//! HTML for the formats that are made of it: decoded, and taken apart into tags and texts.

use super::decode::{Decoded, decode_by_itself};
use super::input::Input;
use super::{Options, Refused};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::io;

pub(super) enum Tag {
    Open {
        name: String,
        attributes: Vec<(String, String)>,
        is_closed: bool,
    },
    Text(String),
    Close(String),
}

/// The tags and texts of HTML, each with the byte at which it ends. With `has_scripts`, tags inside a script do not count.
pub(super) fn tags(text: &str, has_scripts: bool) -> impl Iterator<Item = (Tag, usize)> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(has_scripts);
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Tokenizer::new_with_emitter(text, emitter).filter_map(move |token| match token {
        Ok(Token::StartTag(tag)) => {
            let attributes = tag
                .attributes
                .iter()
                .map(|(name, value)| (string(name), string(value)))
                .collect();
            Some((
                Tag::Open {
                    name: string(&tag.name),
                    attributes,
                    is_closed: tag.self_closing,
                },
                tag.span.end,
            ))
        }
        Ok(Token::EndTag(tag)) => Some((Tag::Close(string(&tag.name)), tag.span.end)),
        Ok(Token::String(text)) => Some((Tag::Text(string(&text.value)), text.span.end)),
        _ => None,
    })
}

/// The value of an attribute; empty if it is not there.
pub(super) fn value<'a>(attributes: &'a [(String, String)], name: &str) -> &'a str {
    attributes
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value)
}

/// Whether an element has no closing tag.
pub(super) fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    ];
    VOID.contains(&name)
}

/// A file of HTML, decoded by its byte order mark, its first line, its `<meta>`, or the encoding that was named.
pub(super) fn decoded(input: Input, options: &Options) -> io::Result<Result<Decoded, Refused>> {
    let name = input.name.clone();
    let bytes = input.all()?;
    let label = label(&bytes);
    let refused = |(byte, error)| Refused {
        byte,
        ..Refused::file(&name, error)
    };
    Ok(decode_by_itself(bytes, label.as_deref(), options).map_err(refused))
}

/// The encoding that a head names: `<meta charset=gbk>`, `content="text/html; charset=big5"`, `<?xml encoding="…"?>`.
fn label(bytes: &[u8]) -> Option<String> {
    /// Where browsers look for it.
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let of_xml = || {
        head.trim_start()
            .strip_prefix("<?xml")?
            .split_once("?>")?
            .0
            .split_once("encoding")
    };
    let of_meta = || {
        head.split("<meta")
            .skip(1)
            .find_map(|meta| meta.split('>').next()?.split_once("charset"))
    };
    let value = of_xml()
        .or_else(of_meta)?
        .1
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    Some(
        value
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
            .collect(),
    )
}
