//! Reads a file of settings: keys, values and the lines they stand in.

use jiaokan::Error;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The table it stands in, if not at the top.
    pub section: Option<String>,
    /// With dashes, as an option is written.
    pub key: String,
    /// As they would stand on the command line.
    pub values: Vec<String>,
    pub line: usize,
}

/// What stands in the file, in its order.
pub fn read(path: &Path) -> Result<Vec<Entry>, Error> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
    let line_of = |byte: usize| {
        text.as_bytes()[..byte.min(text.len())]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1
    };
    let refuse = |line: usize, why: &str| Error::Usage(format!("{name} line {line}: {why}"));
    let parsed = DeTable::parse(&text)
        .map_err(|e| refuse(e.span().map_or(1, |span| line_of(span.start)), e.message()))?;
    let mut entries = Vec::new();
    let mut add = |section: Option<&str>, table: &DeTable| {
        for (key, value) in table {
            let line = line_of(key.span().start);
            let key = key.get_ref().replace('_', "-");
            let values =
                values(value.get_ref()).map_err(|why| refuse(line, &format!("{key}: {why}")))?;
            entries.push(Entry {
                section: section.map(String::from),
                key,
                values,
                line,
            });
        }
        Ok::<_, Error>(())
    };
    let is_table = |value: &DeValue| matches!(value, DeValue::Table(_));
    let top: DeTable = parsed
        .get_ref()
        .clone()
        .into_iter()
        .filter(|(_, value)| !is_table(value.get_ref()))
        .collect();
    add(None, &top)?;
    for (name, value) in parsed.get_ref() {
        if let DeValue::Table(table) = value.get_ref() {
            add(Some(name.get_ref()), table)?;
        }
    }
    entries.sort_by_key(|entry| entry.line);
    match entries.iter().enumerate().find(|(at, e)| {
        entries[..*at]
            .iter()
            .any(|b| (&b.section, &b.key) == (&e.section, &e.key))
    }) {
        Some((_, twice)) => Err(refuse(
            twice.line,
            &format!("{} stands here a second time", twice.key),
        )),
        None => Ok(entries),
    }
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
