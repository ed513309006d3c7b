//! JSON: a list of records, or one record, with the fields of JSON Lines.

use super::fields::{get, take_out, value};
use super::input::Input;
use super::{Document, Format, Item, Items, Options, Refused};
use serde_json::{Map, Value};
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
    let (records, is_list) = match value(input)? {
        Value::Array(records) => (records, true),
        record => (vec![record], false),
    };
    let options = options.clone();
    let items = records.into_iter().enumerate().map(move |(at, record)| {
        let id = if is_list {
            format!("{name}:{}", at + 1)
        } else {
            name.clone()
        };
        document(&name, id, record, &options)
            .map_or_else(Item::Refused, |document| Item::Document(Box::new(document)))
    });
    Ok(Box::new(items))
}

/// The document of a record.
fn document(name: &str, id: String, record: Value, options: &Options) -> Result<Document, Refused> {
    let refused = |error: String| Refused::file(name, format!("{id}: {error}"));
    let Value::Object(mut fields) = record else {
        return Err(refused("not a JSON object".into()));
    };
    let nested_id = get(&fields, &options.id_field)
        .filter(|id| !id.is_null())
        .cloned();
    let text = match take_out(&mut fields, &options.text_field) {
        Some(Value::String(text)) => text,
        Some(Value::Null) => {
            return Err(refused(format!(
                "the {:?} field is null",
                options.text_field
            )));
        }
        Some(_) => {
            return Err(refused(format!(
                "the {:?} field is not a string",
                options.text_field
            )));
        }
        None => return Err(refused(options.no_text_field())),
    };
    let mut document = Document::converted(id, text, name.into(), Map::new());
    nested_id
        .into_iter()
        .for_each(|id| document.take_field(options.id_field.clone(), id, options));
    fields
        .into_iter()
        .for_each(|(name, value)| document.take_field(name, value, options));
    Ok(document.recorded())
}
