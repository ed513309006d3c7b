//! The preset that was chosen, among the options; all presets, for a person.

use super::{Given, SetBy, options};
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
    let has = |name: &str| options(own).any(|(long, _)| long == name);
    let preset = has("preset").then(|| chosen(flags, settings));
    let Some(preset) = preset.flatten() else {
        return Vec::new();
    };
    let setting = |set: &Set| {
        (
            set.option.into(),
            Given {
                values: vec![set.to.into()],
                source: SetBy::Preset(preset.name),
            },
        )
    };
    preset
        .settings
        .iter()
        .filter(|set| has(set.option))
        .map(setting)
        .collect()
}

/// The preset that is chosen; none, if there is no such name, which the parser reports.
fn chosen(flags: &ArgMatches, settings: &BTreeMap<String, Given>) -> Option<&'static Preset> {
    let is_flag = flags.value_source("preset") == Some(ValueSource::CommandLine);
    let name = match is_flag {
        true => flags.get_one::<String>("preset")?,
        false => &settings.get("preset")?.values[0],
    };
    Preset::named(name)
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
