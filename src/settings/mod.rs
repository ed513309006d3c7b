//! The settings: everything that changes what comes out, each stage's options in one place.

mod names;
pub mod presets;
pub(crate) mod toml;

pub use crate::normalise::{Repairing, Target};
pub use crate::page::cause::Without;
pub use crate::page::nature::TakenFor;
pub use crate::read::Options as Reading;
pub use crate::rejoin::{Boldness, Options as Rejoining, Split};
pub use crate::repeats::{Keep, Level, Options as Repeats};
pub use crate::write::{Format, Options as Writing};
pub use names::{SETTINGS, Setting};
#[cfg(feature = "cli")]
pub(crate) use names::{Takes, flag, share, size};
pub(crate) use names::{nearest, one_of};

use crate::Error;
use crate::page::cause::CauseId;
use presets::Preset;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Everything that changes the output of a run. How fast it goes, and what it shows, is no part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What pages are taken for: `as` on the command line.
    #[serde(rename = "as")]
    pub taken_for: TakenFor,
    pub repair: Repairing,
    /// The script of the output.
    pub script: Target,
    /// Rules, repairs and methods that are left out: set them by `switch_off`, which sees to the methods' levels.
    pub without: Without,
    pub repeats: Repeats,
    pub rejoin: Rejoining,
    pub read: Reading,
    pub write: Writing,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            taken_for: TakenFor::Auto,
            repair: Repairing::On,
            script: Target::default(),
            without: Without::default(),
            repeats: Repeats::default(),
            rejoin: Rejoining::default(),
            read: Reading::default(),
            write: Writing::default(),
        }
    }
}

impl Settings {
    /// The settings for a kind of text: `auto` (the defaults, once called `newspaper`), `web` or `book`.
    ///
    /// # Errors
    /// If there is no such preset: with the nearest name that there is.
    ///
    /// ```
    /// use jiaokan::Settings;
    ///
    /// assert_eq!(Settings::preset("auto")?, Settings::default());
    /// assert_eq!(Settings::preset("newspaper")?, Settings::default());
    /// let error = Settings::preset("bok").unwrap_err();
    /// assert!(error.to_string().ends_with("did you mean \"book\"?"));
    /// # Ok::<_, jiaokan::Error>(())
    /// ```
    pub fn preset(name: &str) -> Result<Self, Error> {
        let preset = Preset::named(name).ok_or_else(|| {
            let why = one_of(name, Preset::names());
            Error::Usage(format!("preset = {name}: {why}"))
        })?;
        let mut settings = Settings::default();
        for set in preset.settings {
            settings.set(set.option, set.to)?;
        }
        Ok(settings)
    }

    /// Settings as jiaokan.toml has them: options that change the output, and a preset that they change.
    ///
    /// # Errors
    /// If it is not TOML, or names an option that does not change the output, or a value that its option does not take:
    /// with the line, and the nearest right name.
    ///
    /// ```
    /// use jiaokan::Settings;
    ///
    /// let settings = Settings::from_toml("preset = \"web\"\nwithout = [\"gloss\", \"misread\"]\n")?;
    /// assert_eq!(settings, *Settings::preset("web")?.set("without", "gloss,misread")?);
    ///
    /// let error = Settings::from_toml("# mine\nparagraph = \"drop\"\n").unwrap_err();
    /// assert_eq!(error.to_string(), "line 2: there is no setting \"paragraph\"; did you mean \"paragraphs\"?");
    /// # Ok::<_, jiaokan::Error>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let refuse = |line: usize, why: String| Error::Usage(format!("line {line}: {why}"));
        let entries = toml::entries(text).map_err(|fault| refuse(fault.line, fault.why))?;
        let is_preset = |entry: &&toml::Entry| entry.key == "preset" && entry.section.is_none();
        let mut settings = match entries.iter().find(is_preset) {
            Some(entry) => Settings::preset(&entry.values.join(","))
                .map_err(|why| refuse(entry.line, why.to_string()))?,
            None => Settings::default(),
        };
        for entry in entries.iter().filter(|entry| !is_preset(entry)) {
            if let Some(section) = &entry.section {
                let why =
                    format!("[{section}] is for a command of the program: it is not a setting");
                return Err(refuse(entry.line, why));
            }
            settings
                .set(&entry.key, &entry.values.join(","))
                .map_err(|why| refuse(entry.line, why.to_string()))?;
        }
        Ok(settings)
    }

    /// Sets one by its name, to a value as the command line takes it.
    ///
    /// # Errors
    /// If there is no such setting, or it does not take the value: with the nearest right one.
    ///
    /// ```
    /// use jiaokan::Settings;
    ///
    /// let mut settings = Settings::default();
    /// settings.set("script", "simplified")?.set("near-paragraphs", "drop")?;
    /// let error = settings.set("script", "simplifed").unwrap_err();
    /// assert!(error.to_string().ends_with("did you mean \"simplified\"?"));
    /// # Ok::<_, jiaokan::Error>(())
    /// ```
    pub fn set(&mut self, name: &str, value: &str) -> Result<&mut Self, Error> {
        let name = name.replace('_', "-");
        let known = || SETTINGS.iter().map(|setting| setting.name);
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let near = nearest(&name, known()).map(|near| format!("; did you mean {near:?}?"));
            return Err(Error::Usage(format!(
                "there is no setting {name:?}{}",
                near.unwrap_or_default()
            )));
        };
        setting
            .set(self, value)
            .map_err(|why| Error::Usage(format!("{name} = {value}: {why}")))?;
        // whatever the order in which they are set, what is left out is not looked for
        self.switch_off(self.without);
        Ok(self)
    }

    /// Leaves these rules, repairs and methods out. A method whose level is its own is not looked for.
    pub fn switch_off(&mut self, without: Without) {
        self.without = without;
        let repeats = &mut self.repeats;
        let levels = [
            (CauseId::Duplicate, &mut repeats.duplicates),
            (CauseId::Near, &mut repeats.near_paragraphs),
            (CauseId::Furniture, &mut repeats.furniture),
        ];
        for (method, level) in levels {
            if without.holds(method) {
                *level = Level::Off;
            }
        }
        repeats.consensus &= !without.holds(CauseId::Consensus);
    }

    /// Whether anything but whole documents is looked at. If not, a page is one block.
    pub fn looks_into_pages(&self) -> bool {
        let levels = [
            self.repeats.paragraphs,
            self.repeats.near_paragraphs,
            self.repeats.furniture,
            self.repeats.passages,
        ];
        self.repair != Repairing::Off
            || self.rejoin.lays_out()
            || levels.iter().any(|level| *level != Level::Off)
    }

    /// A hash of all that the prints and the counts of a page depend on.
    pub fn hash(&self) -> u64 {
        let Repeats {
            duplicates,
            paragraphs,
            passages,
            furniture,
            near_paragraphs,
            keep,
            ..
        } = &self.repeats;
        let levels = [duplicates, paragraphs, passages, furniture, near_paragraphs]
            .map(|level| *level == Level::Off);
        let depends = (
            self.taken_for,
            self.repair != Repairing::Off,
            self.looks_into_pages(),
            self.without,
            levels,
            *keep == Keep::Newest,
            self.rejoin.join != Boldness::Off,
            env!("CARGO_PKG_VERSION"),
        );
        xxh3_64(&serde_json::to_vec(&depends).expect("options are plain data"))
    }

    /// A hash of all that the prints of a file depend on: those of its pages, and how it is read.
    pub(crate) fn hash_of_files(&self) -> u64 {
        let depends = (self.hash(), &self.read);
        xxh3_64(&serde_json::to_vec(&depends).expect("options are plain data"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_files_are_read_matters_to_the_prints_of_files_alone() {
        let mut other = Settings::default();
        other.read.text_field = "body".into();
        assert_eq!(other.hash(), Settings::default().hash());
        assert_ne!(other.hash_of_files(), Settings::default().hash_of_files());
    }

    #[test]
    fn prints_without_counts_are_not_taken_for_prints_with_them() {
        let mut settings = Settings::default();
        let hash = settings.hash();
        settings.set("join", "eager").unwrap();
        assert_eq!(settings.hash(), hash, "the same counts");
        settings.set("join", "off").unwrap();
        assert_ne!(settings.hash(), hash, "no counts");
    }
}
