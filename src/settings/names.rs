//! Every setting by its name: what it takes, where it goes, and a line about it. The options of the command line are made
//! of this table.

use super::{Repairing, Settings};
use crate::page::cause::{CauseId, Without};
use crate::text::choice::Choice;

/// A setting, as it is called on the command line, in jiaokan.toml and in the library.
pub struct Setting {
    pub name: &'static str,
    /// What help calls its value.
    pub value_name: &'static str,
    /// One line for readers.
    pub about: &'static str,
    /// What help groups it under.
    pub heading: &'static str,
    pub(crate) takes: Takes,
}

/// What a setting takes, with its place among the settings.
pub(crate) enum Takes {
    Choice(fn(&mut Settings) -> &mut dyn AnyChoice),
    /// Names of rules, repairs and methods.
    Causes(fn(&mut Settings) -> &mut Without),
    /// From 0 to 1.
    Share(fn(&mut Settings) -> &mut f64),
    /// Bytes, or no limit.
    Size(fn(&mut Settings) -> &mut Option<u64>),
    Flag(fn(&mut Settings) -> &mut bool),
    Text(fn(&mut Settings) -> &mut String),
    /// Text, or none.
    AnyText(fn(&mut Settings) -> &mut Option<String>),
}

/// A choice of whatever type.
pub(crate) trait AnyChoice {
    /// The names to choose from, each with what it means.
    #[cfg(feature = "cli")]
    fn names(&self) -> Vec<[&'static str; 2]>;
    #[cfg(feature = "cli")]
    fn chosen(&self) -> &'static str;
    fn choose(&mut self, name: &str) -> Result<(), String>;
}

impl<C: Choice> AnyChoice for C {
    #[cfg(feature = "cli")]
    fn names(&self) -> Vec<[&'static str; 2]> {
        C::ALL
            .iter()
            .map(|named| [named.name, named.about])
            .collect()
    }

    #[cfg(feature = "cli")]
    fn chosen(&self) -> &'static str {
        self.name()
    }

    fn choose(&mut self, name: &str) -> Result<(), String> {
        *self = C::named(name).ok_or_else(|| one_of(name, C::names()))?;
        Ok(())
    }
}

const fn done(
    name: &'static str,
    value_name: &'static str,
    takes: Takes,
    about: &'static str,
) -> Setting {
    Setting {
        name,
        value_name,
        about,
        heading: "What is done",
        takes,
    }
}

const fn written(
    name: &'static str,
    value_name: &'static str,
    takes: Takes,
    about: &'static str,
) -> Setting {
    Setting {
        heading: "What is written",
        ..done(name, value_name, takes, about)
    }
}

/// All that change the output.
pub const SETTINGS: &[Setting] = &[
    done(
        "as",
        "FORM",
        Takes::Choice(|s| &mut s.taken_for),
        "What the pages are taken for, whatever they look like",
    ),
    done(
        "script",
        "SCRIPT",
        Takes::Choice(|s| &mut s.script),
        "The script of the output; copies are found whatever their script",
    ),
    done(
        "repair",
        "REPAIR",
        Takes::Choice(|s| &mut s.repair),
        "How far the text is repaired: glosses, widths, doubled letters and whatever else `jiaokan rules` lists",
    ),
    done(
        "without",
        "NAMES",
        Takes::Causes(|s| &mut s.without),
        "Rules, repairs and methods to leave out, by their names in `jiaokan rules`, for example gloss,misread",
    ),
    done(
        "join",
        "JOIN",
        Takes::Choice(|s| &mut s.rejoin.join),
        "How readily halves are joined",
    ),
    done(
        "split",
        "SPLIT",
        Takes::Choice(|s| &mut s.rejoin.split),
        "What a record of clean.jsonl holds",
    ),
    done(
        "duplicates",
        "LEVEL",
        Takes::Choice(|s| &mut s.repeats.duplicates),
        "Whole documents that are copies of another, to the letter or nearly",
    ),
    done(
        "paragraphs",
        "LEVEL",
        Takes::Choice(|s| &mut s.repeats.paragraphs),
        "Paragraphs that recur in other documents or on their own page, also when spliced into other text",
    ),
    done(
        "near-paragraphs",
        "LEVEL",
        Takes::Choice(|s| &mut s.repeats.near_paragraphs),
        "Paragraphs that recur with differences",
    ),
    done(
        "furniture",
        "LEVEL",
        Takes::Choice(|s| &mut s.repeats.furniture),
        "What recurs at the edges of many pages",
    ),
    done(
        "passages",
        "LEVEL",
        Takes::Choice(|s| &mut s.repeats.passages),
        "Passages that two documents merely share",
    ),
    done(
        "keep",
        "RULE",
        Takes::Choice(|s| &mut s.repeats.keep),
        "Which of several copies stays",
    ),
    done(
        "cluster-from",
        "SHARE",
        Takes::Share(|s| &mut s.repeats.cluster_from),
        "Documents share a cluster if the larger has this share of the rarer shingles of the smaller",
    ),
    done(
        "duplicate-from",
        "SHARE",
        Takes::Share(|s| &mut s.repeats.duplicate_from),
        "A document goes as a copy if the one that stays has this share of it",
    ),
    done(
        "paragraph-from",
        "SHARE",
        Takes::Share(|s| &mut s.repeats.paragraph_from),
        "Paragraphs are near copies if this share of them is alike",
    ),
    done(
        "encoding",
        "ENCODING",
        Takes::AnyText(|s| &mut s.read.encoding),
        "The encoding of the input [default: UTF-8, or GB18030 or Big5 where that is clear]",
    ),
    done(
        "text-field",
        "TEXT_FIELD",
        Takes::Text(|s| &mut s.read.text_field),
        "The field of a JSON record that holds its text",
    ),
    done(
        "id-field",
        "ID_FIELD",
        Takes::Text(|s| &mut s.read.id_field),
        "The field of a JSON record that holds its id",
    ),
    written(
        "write",
        "FORMAT",
        Takes::Choice(|s| &mut s.write.format),
        "What the clean records are written as; changes.jsonl and sources.jsonl are compressed in the same way",
    ),
    written(
        "shard-size",
        "SIZE",
        Takes::Size(|s| &mut s.write.shard_size),
        "Begin a new file of clean records where one would grow larger than this before compression, for example 1GiB",
    ),
    written(
        "keep-folders",
        "KEEP_FOLDERS",
        Takes::Flag(|s| &mut s.write.keep_folders),
        "Keep the folders and files of the input: clean records go to DIR/clean/ under the same names",
    ),
    written(
        "keep-empty",
        "KEEP_EMPTY",
        Takes::Flag(|s| &mut s.write.keep_empty),
        "Keep records without text: documents that came empty, and those that lost all their paragraphs",
    ),
    written(
        "card",
        "CARD",
        Takes::Flag(|s| &mut s.write.card),
        "Write DIR/README.md, the card that dataset hubs show",
    ),
    written(
        "license",
        "LICENSE",
        Takes::AnyText(|s| &mut s.write.license),
        "The licence of the text, for the card, by its SPDX name in small letters, for example cc-by-4.0",
    ),
];

impl Setting {
    /// Sets it to a value as the command line takes it; or says what it takes.
    pub(crate) fn set(&self, settings: &mut Settings, value: &str) -> Result<(), String> {
        match self.takes {
            Takes::Choice(place) => place(settings).choose(value)?,
            Takes::Causes(place) => *place(settings) = without(value)?,
            Takes::Share(place) => *place(settings) = share(value)?,
            Takes::Size(place) => *place(settings) = Some(size(value)? as u64),
            Takes::Flag(place) => *place(settings) = flag(value)?,
            Takes::Text(place) => *place(settings) = value.into(),
            Takes::AnyText(place) => *place(settings) = Some(value.into()),
        }
        if self.name == "repair" {
            settings.repeats.consensus = settings.repair != Repairing::Off;
        }
        Ok(())
    }
}

/// Names with commas between them.
fn without(value: &str) -> Result<Without, String> {
    let cause = |name: &str| {
        Without::names()
            .find(|known| *known == name)
            .and_then(CauseId::named)
            .ok_or_else(|| one_of(name, Without::names()))
    };
    let names = value
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.map(cause).collect()
}

/// Yes or no, in the words that the command line takes.
pub(crate) fn flag(value: &str) -> Result<bool, String> {
    match value.to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Ok(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Ok(false),
        _ => Err(one_of(value, ["true", "false"].into_iter())),
    }
}

/// Says which words a setting takes, and which of them may have been meant.
pub(crate) fn one_of<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> String {
    let known: Vec<&str> = known.collect();
    let near = nearest(word, known.iter().copied());
    let near = near.map(|near| format!("; did you mean {near:?}?"));
    format!(
        "it is one of {}{}",
        known.join(", "),
        near.unwrap_or_default()
    )
}

/// The word most like another, if one is like it.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    /// Of normalised Damerau and Levenshtein: half of the letters may be others.
    const LIKE: f64 = 0.5;
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(word, known);
    let likely = known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= LIKE);
    likely
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// A number from 0 to 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse::<f64>()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1, for example 0.8".into())
}

/// Bytes: a number with KB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024) after it, or alone.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    const UNITS: [(&str, f64); 9] = [
        ("KiB", 1024.0),
        ("MiB", 1_048_576.0),
        ("GiB", 1_073_741_824.0),
        ("TiB", 1_099_511_627_776.0),
        ("KB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("TB", 1e12),
        ("", 1.0),
    ];
    let split = |(unit, bytes): &(&str, f64)| {
        let number = text.to_ascii_lowercase();
        let number = number
            .strip_suffix(&unit.to_ascii_lowercase())?
            .trim()
            .parse::<f64>()
            .ok()?;
        (number > 0.0).then_some((number * bytes) as usize)
    };
    UNITS
        .iter()
        .find_map(split)
        .ok_or_else(|| "a size is a number with its unit, for example 512MiB or 4GB".into())
}
