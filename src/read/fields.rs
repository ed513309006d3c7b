//! JSON as formats ask for it: a whole file as one value, and the fields of an object.

use super::input::Input;
use serde_json::{Map, Value};
use std::io;

/// The value that is the whole of a file of JSON.
pub(super) fn value(input: Input) -> io::Result<Value> {
    let bytes = input.all()?;
    let json = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    serde_json::from_slice(json).map_err(|error| io::Error::other(format!("not JSON: {error}")))
}

/// Whether a file of JSON has all these names within its first 64 KiB.
pub(super) fn has_names(head: &[u8], names: &[&str]) -> bool {
    let head = &head[..head.len().min(64 << 10)];
    names.iter().all(|name| {
        let name = format!("\"{name}\"");
        head.windows(name.len())
            .any(|bytes| bytes == name.as_bytes())
    })
}

/// A field that is a string; empty if it is not there.
pub(super) fn string<'a>(fields: &'a Value, name: &str) -> Result<&'a str, String> {
    match &fields[name] {
        Value::String(text) => Ok(text),
        Value::Null => Ok(""),
        other => Err(format!("{name:?} is {}, not a string", sort_of(other))),
    }
}

/// A field that is a list; empty if it is not there.
pub(super) fn list<'a>(fields: &'a Value, name: &str) -> Result<&'a [Value], String> {
    match &fields[name] {
        Value::Array(list) => Ok(list),
        Value::Null => Ok(&[]),
        other => Err(format!("{name:?} is {}, not a list", sort_of(other))),
    }
}

pub(super) fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The value of a field: of that name, or inside other fields if the name is dotted, as `a.b`.
pub(super) fn get<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let within =
        |(field, value): (&String, &'a Value)| get(value.as_object()?, inner(name, field)?);
    fields.get(name).or_else(|| fields.iter().find_map(within))
}

/// Takes the field out that `get` finds.
pub(super) fn take_out(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if fields.contains_key(name) {
        return fields.shift_remove(name);
    }
    fields
        .iter_mut()
        .find_map(|(field, value)| take_out(value.as_object_mut()?, inner(name, field)?))
}

/// The rest of a dotted name inside a field: `b` of `a.b` inside `a`.
pub(super) fn inner<'a>(name: &'a str, field: &str) -> Option<&'a str> {
    name.strip_prefix(field)?.strip_prefix('.')
}
