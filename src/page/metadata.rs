//! The fields of a document beside its text: each value as it was written, for no number of Rust holds every number of JSON.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// Named values in their order, each as JSON. A name may occur several times, as it may in JSON.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    fields: Vec<(String, Box<RawValue>)>,
}

impl Metadata {
    pub fn new() -> Self {
        Metadata::default()
    }

    /// Adds a field, or replaces the value of the one of that name.
    ///
    /// # Panics
    ///
    /// If the value cannot be written as JSON: a map whose keys are not strings.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Serialize) {
        let value = serde_json::value::to_raw_value(&value).expect("its keys are strings");
        drop(self.put(name.into(), value));
    }

    /// Adds a field at the end, whether or not there is one of its name.
    pub fn push(&mut self, name: String, value: Box<RawValue>) {
        self.fields.push((name, value));
    }

    /// Adds a field, or replaces the value of the one of that name, which it returns.
    pub fn put(&mut self, name: String, value: Box<RawValue>) -> Option<Box<RawValue>> {
        match self.fields.iter_mut().rfind(|(field, _)| *field == name) {
            Some((_, field)) => Some(std::mem::replace(field, value)),
            None => {
                self.push(name, value);
                None
            }
        }
    }

    /// Gives a name to a value of ours. What the input has by this name is called `record.NAME`.
    pub fn claim(&mut self, name: &str, value: impl Serialize) {
        let value = serde_json::value::to_raw_value(&value).expect("its keys are strings");
        if self.raw(name).is_some_and(|own| own.get() != value.get()) {
            self.give_way(name);
        }
        drop(self.put(name.to_string(), value));
    }

    /// Calls the fields of a name `record.NAME`, so that another may take it.
    pub(crate) fn give_way(&mut self, name: &str) {
        let of_record = self.free(format!("record.{name}"));
        self.fields
            .iter_mut()
            .filter(|(field, _)| field == name)
            .for_each(|(field, _)| field.clone_from(&of_record));
    }

    /// A name that no field has: this one, or `record.` before it as often as that takes.
    pub fn free(&self, mut name: String) -> String {
        while self.contains_key(&name) {
            name.insert_str(0, "record.");
        }
        name
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of a field as it is written. If several have the name, the last one counts, as elsewhere.
    pub fn raw(&self, name: &str) -> Option<&RawValue> {
        let field = self.fields.iter().rfind(|(field, _)| field == name)?;
        Some(&field.1)
    }

    /// The value of a field; none either, if it has a number that no `f64` holds.
    pub fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    /// Takes out all fields of a name.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(field, _)| field != name);
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), &**value))
    }
}

impl IntoIterator for Metadata {
    type Item = (String, Box<RawValue>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.into_iter()
    }
}

impl From<Map<String, Value>> for Metadata {
    fn from(map: Map<String, Value>) -> Self {
        let mut metadata = Metadata::new();
        for (name, value) in map {
            let value = serde_json::value::to_raw_value(&value).expect("it is JSON");
            metadata.push(name, value);
        }
        metadata
    }
}

impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        self.iter()
            .map(|(name, value)| (name, value.get()))
            .eq(other.iter().map(|(name, value)| (name, value.get())))
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Metadata;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Metadata, M::Error> {
                let mut metadata = Metadata::new();
                while let Some((Text(name), value)) = map.next_entry::<Text, Box<RawValue>>()? {
                    metadata.push(name, tidied(value));
                }
                Ok(metadata)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A string of JSON. Half a surrogate, which no text can hold, reads as U+FFFD.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text(pub String);

impl Text {
    /// The text of a literal with its quotation marks. `None` for any other value.
    pub(crate) fn of(literal: &str) -> Option<String> {
        let Text(text) = serde_json::from_str(literal).ok()?;
        Some(text)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.into()))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(without_halves(bytes)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The text of bytes that are UTF-8 but for halves of surrogates, which serde_json writes in three bytes each.
fn without_halves(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        let (before, half) = rest.split_at(error.valid_up_to());
        text.push_str(&String::from_utf8_lossy(before));
        text.push('\u{fffd}');
        rest = half.get(3..).unwrap_or_default();
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// A value as records of ours have it: no white space between its parts, strings without needless escapes. Numbers and
/// strings that hold half a surrogate stay to the letter.
pub(crate) fn tidied(value: Box<RawValue>) -> Box<RawValue> {
    match tidied_json(value.get()) {
        Cow::Borrowed(_) => value,
        Cow::Owned(json) => RawValue::from_string(json).unwrap_or(value),
    }
}

fn tidied_json(json: &str) -> Cow<'_, str> {
    const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];
    if !json.contains('\\') && !json.contains(WHITE) {
        return Cow::Borrowed(json);
    }
    let mut tidy = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let (between, string) = rest.split_at(start);
        tidy.extend(between.split(WHITE));
        let (string, after) = string.split_at(end_of_string(string));
        match string
            .contains('\\')
            .then(|| serde_json::from_str::<String>(string))
        {
            Some(Ok(text)) => tidy.push_str(&Value::from(text).to_string()),
            _ => tidy.push_str(string),
        }
        rest = after;
    }
    tidy.extend(rest.split(WHITE));
    Cow::Owned(tidy)
}

/// Where a string that stands at the beginning of valid JSON ends.
fn end_of_string(json: &str) -> usize {
    let bytes = json.as_bytes();
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Metadata {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_and_repeated_names_come_out_as_they_went_in() {
        let json = r#"{"n":12345678901234567890123,"x":1e400,"d":0.1000000000000000055511,"n":-0,"in":{"a":1,"a":[1.0,1E2]}}"#;
        let metadata = read(json);
        assert_eq!(serde_json::to_string(&metadata).unwrap(), json);
        assert_eq!(metadata.get("n"), Some(Value::from(-0.0)));
        assert_eq!(metadata.get("x"), None);
        assert_eq!(metadata.raw("x").unwrap().get(), "1e400");
    }

    #[test]
    fn white_space_and_needless_escapes_go() {
        let came = "{\"a\": [ 1.50,\r\n {\"\\u706f\" : \"\\u5854 \\\"\\n\\ud83d\\ude00\"} ], \"b\": \"\\ud83d ,\"}";
        let tidy = r#"{"a":[1.50,{"灯":"塔 \"\n😀"}],"b":"\ud83d ,"}"#;
        assert_eq!(serde_json::to_string(&read(came)).unwrap(), tidy);
    }

    #[test]
    fn half_a_surrogate_reads_as_a_replacement_character() {
        let of = |literal| Text::of(literal);
        assert_eq!(of(r#""灯\ud83d塔\ude00""#).unwrap(), "灯\u{fffd}塔\u{fffd}");
        assert_eq!(of(r#""\ud83d\ude00""#).unwrap(), "😀");
        assert_eq!(of("5"), None);
        assert!(read(r#"{"\ud83d":1}"#).contains_key("\u{fffd}"));
    }

    #[test]
    fn what_the_input_calls_by_a_name_of_ours_is_kept() {
        let mut metadata = read(r#"{"kinds":["news"],"record.kinds":1}"#);
        metadata.claim("kinds", ["body"]);
        metadata.claim("kinds", ["body"]);
        assert_eq!(
            serde_json::to_string(&metadata).unwrap(),
            r#"{"record.record.kinds":["news"],"record.kinds":1,"kinds":["body"]}"#
        );
    }
}
