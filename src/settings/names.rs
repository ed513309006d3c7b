//! Every setting by its name: what it takes and where it goes.

use super::Settings;
use crate::normalise::Repairing;
use crate::page::cause::{CauseId, Without};
use crate::text::choice::Choice;

/// A setting, as it is called on the command line, in jiaokan.toml and in the library.
pub struct Setting {
    pub name: &'static str,
    /// Puts a value, as it would stand on the command line, in its place; or says what the setting takes.
    pub(super) set: fn(&mut Settings, &str) -> Result<(), String>,
}

const fn setting(
    name: &'static str,
    set: fn(&mut Settings, &str) -> Result<(), String>,
) -> Setting {
    Setting { name, set }
}

/// All that change the output.
pub const SETTINGS: &[Setting] = &[
    setting("as", |s, value| choose(&mut s.taken_for, value)),
    setting("script", |s, value| choose(&mut s.script, value)),
    setting("repair", |s, value| {
        choose(&mut s.repair, value)?;
        s.repeats.consensus = s.repair != Repairing::Off;
        Ok(())
    }),
    setting("without", |s, value| {
        s.without = without(value)?;
        Ok(())
    }),
    setting("join", |s, value| choose(&mut s.rejoin.join, value)),
    setting("split", |s, value| choose(&mut s.rejoin.split, value)),
    setting("duplicates", |s, value| {
        choose(&mut s.repeats.duplicates, value)
    }),
    setting("paragraphs", |s, value| {
        choose(&mut s.repeats.paragraphs, value)
    }),
    setting("near-paragraphs", |s, value| {
        choose(&mut s.repeats.near_paragraphs, value)
    }),
    setting("furniture", |s, value| {
        choose(&mut s.repeats.furniture, value)
    }),
    setting("passages", |s, value| {
        choose(&mut s.repeats.passages, value)
    }),
    setting("keep", |s, value| choose(&mut s.repeats.keep, value)),
    setting("cluster-from", |s, value| {
        put(&mut s.repeats.cluster_from, share(value)?)
    }),
    setting("duplicate-from", |s, value| {
        put(&mut s.repeats.duplicate_from, share(value)?)
    }),
    setting("paragraph-from", |s, value| {
        put(&mut s.repeats.paragraph_from, share(value)?)
    }),
    setting("encoding", |s, value| {
        put(&mut s.read.encoding, Some(value.into()))
    }),
    setting("text-field", |s, value| {
        put(&mut s.read.text_field, value.into())
    }),
    setting("id-field", |s, value| {
        put(&mut s.read.id_field, value.into())
    }),
    setting("write", |s, value| choose(&mut s.write.format, value)),
    setting("shard-size", |s, value| {
        put(&mut s.write.shard_size, Some(size(value)? as u64))
    }),
    setting("keep-folders", |s, value| {
        put(&mut s.write.keep_folders, flag(value)?)
    }),
    setting("keep-empty", |s, value| {
        put(&mut s.write.keep_empty, flag(value)?)
    }),
    setting("card", |s, value| put(&mut s.write.card, flag(value)?)),
    setting("license", |s, value| {
        put(&mut s.write.license, Some(value.into()))
    }),
];

fn put<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

fn choose<C: Choice>(place: &mut C, value: &str) -> Result<(), String> {
    match C::named(value) {
        Some(choice) => put(place, choice),
        None => Err(one_of(value, C::names())),
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
pub fn flag(value: &str) -> Result<bool, String> {
    match value.to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Ok(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Ok(false),
        _ => Err(one_of(value, ["true", "false"].into_iter())),
    }
}

/// Says which words a setting takes, and which of them may have been meant.
pub fn one_of<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> String {
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
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
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
pub fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse::<f64>()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share goes from 0 to 1, as 0.8".into())
}

/// Bytes: a number with KB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024) behind it, or alone.
pub fn size(text: &str) -> Result<usize, String> {
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
        .ok_or_else(|| "a size is a number with its unit, as 512MiB or 4GB".into())
}
