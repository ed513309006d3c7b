//! `jiaokan config`: the settings that are in force, as a file of settings, and where each comes from.

use super::args::SHOW;
use super::settings::{Parsed, options};
use clap::builder::ValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use std::any::TypeId;
use std::path::PathBuf;

/// Read back as jiaokan.toml, it gives the same.
pub(super) fn in_force(config: &Command, matches: &ArgMatches, parsed: &Parsed) -> String {
    let file = parsed
        .file
        .as_ref()
        .map_or_else(|| "no file".into(), |path| path.display().to_string());
    let mut text = format!("# jiaokan {}\n# read: {file}\n", env!("CARGO_PKG_VERSION"));
    let mut heading = None;
    for (long, arg) in as_help_lists(config) {
        if heading != Some(arg.get_help_heading()) {
            heading = Some(arg.get_help_heading());
            let words = arg.get_help_heading();
            let words = words.unwrap_or("What clean reads and writes");
            text += &format!("\n# {words}\n");
        }
        let values = values(matches, arg);
        let is_flag = matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        let source = match parsed.settings.get(long) {
            _ if is_flag => format!("flag --{long}"),
            Some(setting) => setting.source.to_string(),
            None if values.is_empty() => "not set".into(),
            None => "default".into(),
        };
        let line = match values.is_empty() {
            true => format!("# {long}"),
            false => format!("{long} = {}", value(&values, arg)),
        };
        text += &format!("{line:32}  # {source}\n");
    }
    text + &sections(parsed)
}

/// The options in the order of help: what has no heading is of the command alone and comes first.
fn as_help_lists(config: &Command) -> Vec<(&str, &Arg)> {
    let mut all: Vec<(&str, &Arg)> = options(config).collect();
    let headings: Vec<_> = all.iter().map(|(_, arg)| arg.get_help_heading()).collect();
    all.sort_by_key(|(_, arg)| {
        headings
            .iter()
            .position(|heading| *heading == arg.get_help_heading())
    });
    all
}

/// What may change the output, a line each: as long as it stays the same, nothing is to be made again.
pub(super) fn for_make(config: &Command, matches: &ArgMatches) -> String {
    let mut text = format!("# jiaokan {}\n", env!("CARGO_PKG_VERSION"));
    for (long, arg) in options(config) {
        let values = values(matches, arg);
        let changes_nothing = arg.get_help_heading() == Some(SHOW) || long == "memory";
        if !changes_nothing && !values.is_empty() {
            text += &format!("{long} = {}\n", value(&values, arg));
        }
    }
    text
}

/// As on the command line; yes, on and 1 are true.
fn values(matches: &ArgMatches, arg: &Arg) -> Vec<String> {
    let id = arg.get_id().as_str();
    if arg.get_action().takes_values() && arg.get_value_parser().type_id() != TypeId::of::<bool>() {
        let words = matches.get_raw(id).into_iter().flatten();
        return words
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
    }
    matches
        .get_one::<bool>(id)
        .map(ToString::to_string)
        .into_iter()
        .collect()
}

/// What the file says for other commands.
fn sections(parsed: &Parsed) -> String {
    let mut text = String::new();
    let mut last = None;
    for entry in &parsed.sections {
        if last != entry.section.as_deref() {
            last = entry.section.as_deref();
            text += &format!("\n[{}]\n", last.unwrap_or_default());
        }
        let written = |value: &str| {
            if is_bare(value) {
                value.to_string()
            } else {
                quoted(value)
            }
        };
        let value = match &entry.values[..] {
            [value] => written(value),
            values => list(values, written),
        };
        let file = parsed
            .file
            .as_deref()
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        text += &format!(
            "{:32}  # {file} line {}\n",
            format!("{} = {value}", entry.key),
            entry.line
        );
    }
    text
}

/// A value as TOML writes it, by what its option takes.
fn value(values: &[String], arg: &Arg) -> String {
    let as_it_is = takes_words(arg.get_value_parser());
    let written = |value: &str| {
        if !as_it_is && is_bare(value) {
            value.to_string()
        } else {
            quoted(value)
        }
    };
    match values {
        [value] if !matches!(arg.get_action(), clap::ArgAction::Append) => written(value),
        values => list(values, written),
    }
}

fn list(values: &[String], written: impl Fn(&str) -> String) -> String {
    format!(
        "[{}]",
        values
            .iter()
            .map(|value| written(value))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

fn takes_words(parser: &ValueParser) -> bool {
    let kind = parser.type_id();
    kind == TypeId::of::<String>() || kind == TypeId::of::<PathBuf>()
}

/// Whether TOML has the value without quotation marks: true, false, 12, 0.8.
fn is_bare(value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_number = match value.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(value),
    };
    let leading_zero = value.len() > 1 && value.starts_with('0') && !value.starts_with("0.");
    value == "true" || value == "false" || is_number && !leading_zero
}

/// A string of JSON is one of TOML, but for DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}
