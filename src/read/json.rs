//! JSON: a list of records, or one record, with the fields of JSON Lines.

use super::fields::{Fields, json_of, with_null_for_nan};
use super::input::Input;
use super::jsonl::text_of;
use super::{Document, Format, Item, Items, Options, Refused};
use crate::page::metadata::Metadata;
use serde_json::value::RawValue;
use std::io;

pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "JSON: a list of records or one record, with the fields of JSON Lines",
    loses: Some("how the JSON was written"),
    endings: &["json"],
    tools: &[],
    begins: |head| matches!(head.trim_ascii_start().first(), Some(b'[' | b'{')),
    read,
};

fn read(input: Input, options: &Options) -> io::Result<Items> {
    let name = input.name.clone();
    let mut bytes = input.all()?;
    if json_of::<&RawValue>(&bytes).is_err()
        && let Some((numbers, _)) = std::str::from_utf8(&bytes).ok().and_then(with_null_for_nan)
    {
        bytes = numbers.into_bytes();
    }
    let whole: &RawValue = json_of(&bytes)?;
    let is_list = whole.get().starts_with('[');
    let records: Vec<Box<RawValue>> = if is_list {
        json_of(whole.get().as_bytes())?
    } else {
        vec![whole.to_owned()]
    };
    let options = options.clone();
    let items = records.into_iter().enumerate().map(move |(at, record)| {
        let id = if is_list {
            format!("{name}:{}", at + 1)
        } else {
            name.clone()
        };
        document(&name, id, &record, &options)
            .map_or_else(Item::Refused, |document| Item::Document(Box::new(document)))
    });
    Ok(Box::new(items))
}

/// The document of a record.
fn document(
    name: &str,
    id: String,
    record: &RawValue,
    options: &Options,
) -> Result<Document, Refused> {
    let refused = |error: String| Refused::file(name, format!("{id}: {error}"));
    let fields: Fields =
        serde_json::from_str(record.get()).map_err(|_| refused("not a JSON object".into()))?;
    if let Some(error) = fields.too_deep() {
        return Err(refused(error));
    }
    let (at, raw) = fields
        .find(&options.text_field)
        .ok_or_else(|| refused(options.no_text_field()))?;
    let (text, _) = text_of(raw).ok_or_else(|| {
        let sort = if raw == "null" {
            "null"
        } else {
            "not a string"
        };
        refused(format!("the {:?} field is {sort}", options.text_field))
    })?;
    let mut document = Document::converted(id, text, name.into(), Metadata::new());
    document.take_record(fields, at, options);
    Ok(document.recorded())
}
