//! The preset that was chosen, among the options; all presets, for a person.

use super::{Given, Source, options};
use crate::settings::presets::{PRESETS, Preset, Set};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use std::collections::BTreeMap;

/// What the preset sets that is chosen, be it by a flag or by what is set already.
pub(crate) fn settings(
    own: &Command,
    flags: &ArgMatches,
    settings: &BTreeMap<String, Given>,
) -> Vec<(String, Given)> {
    if !options(own).any(|(long, _)| long == "preset") {
        return Vec::new();
    }
    let by_flag = flags
        .get_one::<String>("preset")
        .filter(|_| flags.value_source("preset") == Some(ValueSource::CommandLine));
    let name = by_flag.or_else(|| settings.get("preset").map(|s| &s.values[0]));
    // the parser reports a wrong name
    let Some(preset) = name.and_then(|name| Preset::named(name)) else {
        return Vec::new();
    };
    let setting = |set: &Set| {
        (
            set.option.into(),
            Given {
                values: vec![set.to.into()],
                source: Source::Preset(preset.name),
            },
        )
    };
    preset
        .settings
        .iter()
        .filter(|set| options(own).any(|(long, _)| long == set.option))
        .map(setting)
        .collect()
}

/// The table, for a person.
pub(crate) fn list() -> String {
    let mut text = String::new();
    for Preset {
        name,
        about,
        settings,
    } in &PRESETS
    {
        text += &format!("\n{name}\n  {about}\n");
        for Set { option, to, why } in *settings {
            text += &format!("    {:25} {why}\n", format!("{option} = {to}"));
        }
    }
    text
}
