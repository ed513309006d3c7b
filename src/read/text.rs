//! A file of plain text or Markdown is one document.

use super::csv;
use super::decode::{declared, decode, decode_marked, encode};
use super::input::Input;
use super::{Document, Format, Item, Items, Options, Origin, Refused, hexadecimal, marker};
use crate::page::Kind;
use crate::page::hints::{Hints, LAYOUT};
use crate::page::metadata::Metadata;
use crate::segment;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "text",
    about: "plain text, a document a file",
    loses: None,
    endings: &["txt", "text"],
    tools: &[],
    begins: |_| true,
    read,
};

pub(super) const MARKDOWN: Format = Format {
    name: "markdown",
    about: "Markdown, a document a file",
    loses: None,
    endings: &["md", "markdown"],
    tools: &[],
    begins: |_| false,
    read,
};

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let source = input.name.clone();
    let bytes = input.all()?;
    let item = match decode_marked(&bytes).map_or_else(|| decode(&bytes, declared(options)), Ok) {
        Err((byte, error)) => Item::Refused(Refused {
            source,
            line: None,
            id: None,
            byte,
            error,
            bytes: None,
        }),
        Ok((text, encoding)) if encoding == encoding_rs::UTF_8 && marker::begins_page(&text) => {
            return Ok(marker::pages(&source, &text));
        }
        Ok((text, encoding)) => {
            let mut origin = Origin::default();
            if encoding != encoding_rs::UTF_8 {
                origin.encoding = Some(encoding.name().to_string());
                if encode(&text, encoding).as_deref() != Some(&bytes) {
                    origin.bytes = Some(hexadecimal(&bytes));
                }
            }
            let text = text.into_owned();
            let mut metadata = Metadata::new();
            if csv::is_table(&text) {
                // a comma there separates cells
                metadata.insert(LAYOUT, vec![Kind::Table; segment::lines(&text).len()]);
            }
            Item::Document(Box::new(Document {
                id: source.clone(),
                text,
                source,
                metadata,
                beside: Metadata::new(),
                hints: Hints::default(),
                origin,
            }))
        }
    };
    Ok(Box::new(std::iter::once(item)))
}
