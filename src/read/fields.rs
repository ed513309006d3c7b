//! JSON as formats ask for it: a whole file as one value, and the fields of an object.

use super::input::Input;
use crate::page::metadata::{Metadata, Text};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use std::io;

/// The fields of a JSON object in their order, each value as it is written.
pub(super) struct Fields<'a>(pub Vec<(String, &'a RawValue)>);

/// The value that is the whole of a file of JSON.
pub(super) fn value(input: Input) -> io::Result<Value> {
    json_of(&input.all()?)
}

/// What the bytes of a file of JSON hold.
pub(super) fn json_of<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> io::Result<T> {
    let json = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
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

/// The rest of a dotted name inside a field: `b` of `a.b` inside `a`.
fn inner<'a>(name: &'a str, field: &str) -> Option<&'a str> {
    name.strip_prefix(field)?.strip_prefix('.')
}

impl<'a> Fields<'a> {
    /// The value of a field, and which field of the record holds it: of that name, or within others, as `a.b` says.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &'a str)> {
        let Fields(fields) = self;
        if let Some(at) = fields.iter().position(|(field, _)| field == name) {
            return Some((at, fields[at].1.get()));
        }
        fields.iter().enumerate().find_map(|(at, (field, raw))| {
            let within: Fields = serde_json::from_str(raw.get()).ok()?;
            let (_, value) = within.find(inner(name, field)?)?;
            Some((at, value))
        })
    }

    /// What is wrong with a value that is nested more deeply than readers of JSON go along with.
    pub(super) fn too_deep(&self) -> Option<String> {
        let deep = |(_, value): &&(String, &RawValue)| depth(value.get()) > DEEPEST;
        let (name, _) = self.0.iter().find(deep)?;
        Some(format!(
            "the field {name:?} is nested more than {DEEPEST} levels deep: recursion without end"
        ))
    }

    /// All fields but the one of that name, which is `at` that place or within what is there.
    pub(super) fn without(
        self,
        at: usize,
        name: &str,
    ) -> impl Iterator<Item = (String, Box<RawValue>)> {
        let fields = self.0.into_iter().enumerate();
        fields.filter_map(move |(other, (field, raw))| {
            let value = if other == at {
                without(raw, inner(name, &field)?)?
            } else {
                raw.to_owned()
            };
            Some((field, value))
        })
    }
}

/// JSON whose numbers are all numbers: Python writes NaN and Infinity, which JSON has not, and null stands for them here.
/// With it the places where it is a byte longer than it came. Nothing, if it has none.
pub(super) fn with_null_for_nan(json: &str) -> Option<(String, Vec<usize>)> {
    let mut written = String::new();
    let mut longer = Vec::new();
    let (mut in_string, mut is_escaped) = (false, false);
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let word = ["NaN", "-Infinity", "Infinity"]
            .into_iter()
            .find(|word| rest.starts_with(word));
        if let Some(word) = word.filter(|_| !in_string) {
            longer.extend((word.len() < 4).then_some(written.len()));
            written.push_str(&format!("{:1$}", "null", word.len()));
            rest = &rest[word.len()..];
            continue;
        }
        (in_string, is_escaped) = match c {
            _ if is_escaped => (in_string, false),
            '\\' => (in_string, in_string),
            '"' => (!in_string, false),
            _ => (in_string, false),
        };
        written.push(c);
        rest = &rest[c.len_utf8()..];
    }
    (written.len() != json.len() || written != json).then_some((written, longer))
}

/// Lists and objects within one another that serde_json reads; Python's json reads about a thousand.
const DEEPEST: usize = 126;

/// How many lists and objects of valid JSON lie within one another.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut is_escaped) = (0usize, 0, false, false);
    if !json.starts_with(['[', '{']) {
        return 0;
    }
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// An object without a field that is in it.
fn without(object: &RawValue, name: &str) -> Option<Box<RawValue>> {
    let fields: Fields = serde_json::from_str(object.get()).ok()?;
    let (at, _) = fields.find(name)?;
    let mut rest = Metadata::new();
    fields
        .without(at, name)
        .for_each(|(name, value)| rest.push(name, value));
    to_raw_value(&rest).ok()
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
                let mut fields = Vec::new();
                while let Some((Text(name), value)) = map.next_entry::<Text, &RawValue>()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
