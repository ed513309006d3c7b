//! Reads a file of settings: keys, values and the lines they stand in.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its table, if it is not at the top.
    pub section: Option<String>,
    /// With dashes, as an option is written.
    pub key: String,
    /// As on the command line.
    pub values: Vec<String>,
    pub line: usize,
}

/// Why a file of settings cannot be read, and in which line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    /// From 1.
    pub line: usize,
    pub why: String,
}

/// The entries of a file of settings, in its order.
pub(crate) fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let line_of = |byte: usize| {
        let before = &text.as_bytes()[..byte.min(text.len())];
        before.iter().filter(|b| **b == b'\n').count() + 1
    };
    let parsed = DeTable::parse(text).map_err(|e| Fault {
        line: e.span().map_or(1, |span| line_of(span.start)),
        why: e.message().into(),
    })?;
    let entry = |section: Option<&str>, key: &Spanned<DeString>, value: &Spanned<DeValue>| {
        let line = line_of(key.span().start);
        entry(section, key.get_ref(), value.get_ref(), line)
    };
    let mut entries = Vec::new();
    let is_table = |value: &DeValue| matches!(value, DeValue::Table(_));
    let top = parsed.get_ref().iter();
    for (key, value) in top.filter(|(_, value)| !is_table(value.get_ref())) {
        entries.push(entry(None, key, value)?);
    }
    for (section, value) in parsed.get_ref() {
        let DeValue::Table(table) = value.get_ref() else {
            continue;
        };
        for (key, value) in table {
            entries.push(entry(Some(section.get_ref()), key, value)?);
        }
    }
    entries.sort_by_key(|entry| entry.line);
    match set_again(&entries) {
        Some(again) => Err(Fault {
            line: again.line,
            why: format!("{} is set a second time here", again.key),
        }),
        None => Ok(entries),
    }
}

/// The first entry that sets what one before it sets.
fn set_again(entries: &[Entry]) -> Option<&Entry> {
    let is_same = |a: &Entry, b: &Entry| (&a.section, &a.key) == (&b.section, &b.key);
    let is_again = |at: &usize| {
        let mut before = entries[..*at].iter();
        before.any(|before| is_same(before, &entries[*at]))
    };
    let at = (0..entries.len()).find(is_again)?;
    Some(&entries[at])
}

fn entry(section: Option<&str>, key: &str, value: &DeValue, line: usize) -> Result<Entry, Fault> {
    let key = key.replace('_', "-");
    let values = values(value).map_err(|why| Fault {
        line,
        why: format!("{key}: {why}"),
    })?;
    Ok(Entry {
        section: section.map(String::from),
        key,
        values,
        line,
    })
}

fn values(value: &DeValue) -> Result<Vec<String>, String> {
    let DeValue::Array(array) = value else {
        return Ok(vec![word(value)?]);
    };
    array.iter().map(|value| word(value.get_ref())).collect()
}

fn word(value: &DeValue) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Ok(number.to_string()),
            Err(e) => Err(e.to_string()),
        },
        DeValue::Float(number) => Ok(number.as_str().to_string()),
        DeValue::Boolean(yes) => Ok(yes.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
            Err("a value is a string, a number, true or false, or a list of them".into())
        }
    }
}
