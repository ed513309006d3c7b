//! Options outside the command line: in the environment, a file, a preset. They become the defaults of the parser, so that
//! it reads and checks all of them in the same way.

mod check;
mod environment;
mod file;
pub(super) mod presets;

pub(super) use crate::settings::nearest;

use super::args::FOR_MAKE;
use crate::Error;
use crate::settings::toml::Entry;
use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use file::OfCommand;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The file cannot say which file is read.
const NOT_IN_FILE: [&str; 2] = ["config", "no-config"];

/// The result of parsing, and where each setting comes from.
pub(super) struct Parsed {
    pub matches: ArgMatches,
    /// By the option's long name.
    pub settings: BTreeMap<String, Given>,
    /// What the file says below the names of commands other than `clean`.
    pub sections: Vec<Entry>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub(super) struct Given {
    pub values: Vec<String>,
    pub source: SetBy,
}

/// Where an option is set.
#[derive(Debug, Clone)]
pub(super) enum SetBy {
    Environment(String),
    File(PathBuf, usize),
    Preset(&'static str),
}

/// Why nothing is run: help was asked for, or the command line or another setting is wrong.
pub(super) enum Stop {
    Parser(clap::Error),
    Settings(Error),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Stop::Parser(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Settings(error)
    }
}

/// Reads the words of the command line over those of the environment, the file and the preset.
pub(super) fn parse(
    command: Command,
    words: &[OsString],
    environment: &[(String, String)],
) -> Result<Parsed, Stop> {
    if let Err(help) = command.clone().try_get_matches_from(words)
        && !help.use_stderr()
    {
        return Err(help.into());
    }
    let command = command.mut_subcommands(with_values_for_flags);
    // errors on the command line are reported below
    let first = command
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(words)?;
    let own = first
        .subcommand()
        .and_then(|(name, _)| command.find_subcommand(name))
        .filter(|own| own.get_arguments().any(|arg| arg.get_id() == "config"));
    let (Some((name, flags)), Some(own)) = (first.subcommand(), own) else {
        return Ok(Parsed {
            matches: command.try_get_matches_from(words)?,
            settings: BTreeMap::new(),
            sections: Vec::new(),
            file: None,
        });
    };
    let mut settings = environment::settings(&command, own, environment)?;
    let path = file::chosen(flags, &settings);
    let entries = match &path {
        Some(path) => {
            file::read(path).and_then(|entries| file::checked(&command, path, entries))?
        }
        None => Vec::new(),
    };
    if let Some(path) = &path {
        let own_entries = entries.iter().filter(|entry| entry.is_for(own, &command));
        own_entries.for_each(|entry| add(entry, path, &mut settings));
    }
    for (key, setting) in presets::settings(own, flags, &settings) {
        settings.entry(key).or_insert(setting);
    }
    let with_defaults = command.mut_subcommand(name, |own| with_defaults(own, &settings));
    let sections = entries.into_iter().filter(is_of_another).collect();
    Ok(Parsed {
        matches: with_defaults.try_get_matches_from(words)?,
        settings,
        sections,
        file: path,
    })
}

/// Whether an entry stands below the name of a command, and not at the top, where those of `clean` are.
fn is_of_another(entry: &Entry) -> bool {
    let section = entry.section.as_deref();
    section.is_some_and(|section| section != file::AT_THE_TOP)
}

/// Adds an entry of the file, unless the environment has set it. An entry below the name of the sub-command comes after
/// those at the top.
fn add(entry: &Entry, path: &Path, settings: &mut BTreeMap<String, Given>) {
    let known = settings.get(&entry.key);
    if known.is_some_and(|setting| matches!(setting.source, SetBy::Environment(_))) {
        return;
    }
    let setting = Given {
        values: entry.values.clone(),
        source: SetBy::File(path.to_path_buf(), entry.line),
    };
    settings.insert(entry.key.clone(), setting);
}

/// The options of a command that may be set elsewhere.
pub(super) fn options(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    let named = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_long()?, arg)));
    named.filter(|(long, _)| {
        !NOT_IN_FILE.contains(long) && !["help", "version", FOR_MAKE].contains(long)
    })
}

/// Flags that take no value take true or false as well, so that one set elsewhere can be taken back.
fn with_values_for_flags(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .clone()
            .overrides_with(arg.get_id())
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .value_parser(BoolishValueParser::new()),
        _ => arg,
    })
}

fn with_defaults(command: Command, settings: &BTreeMap<String, Given>) -> Command {
    let ids: Vec<(String, &Given)> = options(&command)
        .filter_map(|(long, arg)| Some((arg.get_id().to_string(), settings.get(long)?)))
        .collect();
    ids.into_iter().fold(command, |command, (id, setting)| {
        command.mut_arg(id, |arg| {
            arg.required(false).default_values(setting.values.clone())
        })
    })
}

impl fmt::Display for SetBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetBy::Environment(name) => write!(f, "environment {name}"),
            SetBy::File(path, line) => write!(f, "{} line {line}", path.display()),
            SetBy::Preset(name) => write!(f, "preset {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check::check;
    use super::environment::variable;
    use super::file::FILE;
    use super::*;
    use crate::cli::args;

    /// A value that the option takes and that is not its default.
    fn another_value(own: &Command, arg: &Arg) -> String {
        let possible = arg.get_possible_values();
        let possible = possible
            .iter()
            .rev()
            .map(|value| value.get_name().to_string());
        let others = ["true", "0.25", "7", "words of mine"].map(String::from);
        let default = arg
            .get_default_values()
            .first()
            .map(|value| value.to_string_lossy().into_owned());
        let mut values = possible
            .chain(others)
            .filter(|value| Some(value) != default.as_ref());
        values
            .find(|value| check(own, arg, std::slice::from_ref(value)).is_ok())
            .expect("one of them is right")
    }

    fn parsed(words: &str, environment: &[(String, String)]) -> Parsed {
        let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
        match parse(args::command(), &words, environment) {
            Ok(parsed) => parsed,
            Err(Stop::Parser(error)) => panic!("{error}"),
            Err(Stop::Settings(error)) => panic!("{error}"),
        }
    }

    fn set(parsed: &Parsed, arg: &Arg) -> Vec<String> {
        let (_, matches) = parsed.matches.subcommand().expect("it has one");
        let raw = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        raw.map(|value| value.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn every_option_of_every_command_may_stand_in_the_file_and_in_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let command = args::command().mut_subcommands(with_values_for_flags);
        let needed = [
            ("clean", "in --out out"),
            ("undo", "out --to back"),
            ("explain", "out id"),
            ("lexicon", "in --to file"),
            ("survey", "in --prints p"),
            ("settle", "p --to v"),
            ("finish", "in --prints p --verdicts v --out out"),
            ("config", ""),
        ];
        let mut seen = 0;
        for (name, words) in needed {
            let own = command.find_subcommand(name).unwrap();
            for (long, arg) in options(own) {
                // what is on the command line anyhow does not go by the file
                let words = words.replace(&format!("--{long} "), "--config none --nothing ");
                if words.contains("--nothing") {
                    continue;
                }
                let value = another_value(own, arg);
                let section = if name == "config" { "clean" } else { name };
                std::fs::write(&file, format!("[{section}]\n{long} = {value:?}\n")).unwrap();
                let by_file = parsed(
                    &format!("jiaokan {name} {words} --config {}", file.display()),
                    &[],
                );
                assert_eq!(
                    set(&by_file, arg).join(" "),
                    value,
                    "{name} --{long} in the file"
                );
                let environment = [(variable(long), value.clone())];
                let parsed = parsed(&format!("jiaokan {name} {words} --no-config"), &environment);
                assert_eq!(
                    set(&parsed, arg),
                    [value],
                    "{name} --{long} in the environment"
                );
                seen += 1;
            }
        }
        assert!(seen > 100, "only {seen} options were tried");
    }

    #[test]
    fn every_option_of_clean_may_stand_at_the_top_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let command = args::command().mut_subcommands(with_values_for_flags);
        let own = command.find_subcommand("clean").unwrap();
        let mut lines = String::from("");
        let mut wanted = Vec::new();
        for (long, arg) in options(own) {
            let value = another_value(own, arg);
            lines += &format!("{long} = {value:?}\n");
            wanted.push((arg, value));
        }
        std::fs::write(&file, lines).unwrap();
        let parsed = parsed(
            &format!("jiaokan clean in --config {}", file.display()),
            &[],
        );
        for (arg, value) in wanted {
            assert_eq!(set(&parsed, arg), [value], "{}", arg.get_id());
        }
    }

    #[test]
    fn presets_set_options_that_there_are_to_values_that_they_take() {
        let command = args::command();
        let clean = command.find_subcommand("clean").unwrap();
        for preset in &crate::settings::presets::PRESETS {
            for set in preset.settings {
                let found = options(clean).find(|(long, _)| *long == set.option);
                let (_, arg) =
                    found.unwrap_or_else(|| panic!("{}: no option {}", preset.name, set.option));
                assert_eq!(
                    check(clean, arg, &[set.to.into()]),
                    Ok(()),
                    "{} {}",
                    preset.name,
                    set.option
                );
            }
        }
    }

    #[test]
    fn the_first_preset_says_what_the_defaults_are() {
        let command = args::command();
        let clean = command.find_subcommand("clean").unwrap();
        for set in crate::settings::presets::PRESETS[0].settings {
            let (_, arg) = options(clean)
                .find(|(long, _)| *long == set.option)
                .unwrap();
            assert_eq!(arg.get_default_values(), [set.to], "{}", set.option);
        }
    }

    #[test]
    fn the_library_knows_the_options_that_change_the_output_by_the_same_names_and_values() {
        use crate::cli::args::{Cli, Command as Wanted};
        use crate::settings::SETTINGS;
        use clap::FromArgMatches;

        let settings_of = |words: &str| {
            let parsed = parsed(
                &format!("jiaokan clean in --out out --no-config {words}"),
                &[],
            );
            match Cli::from_arg_matches(&parsed.matches).unwrap().command {
                Wanted::Clean(clean) => clean.rules.settings(),
                _ => unreachable!("it is clean"),
            }
        };
        assert_eq!(settings_of(""), crate::Settings::default());
        let command = args::command().mut_subcommands(with_values_for_flags);
        let clean = command.find_subcommand("clean").unwrap();
        let options: Vec<(&str, &Arg)> = options(clean).collect();
        for setting in SETTINGS {
            let name = setting.name;
            let (_, arg) = options
                .iter()
                .find(|(long, _)| *long == name)
                .unwrap_or_else(|| panic!("no option {name}"));
            let value = another_value(clean, arg).replace(' ', "-");
            let mut settings = crate::Settings::default();
            settings.set(name, &value).unwrap();
            let by_flag = settings_of(&format!("--{name}={value}"));
            assert_eq!(by_flag, settings, "{name}");
            let named: Vec<String> = arg
                .get_possible_values()
                .iter()
                .map(|value| value.get_name().into())
                .collect();
            for value in &named {
                crate::Settings::default().set(name, value).unwrap();
            }
        }
        for preset in &crate::settings::presets::PRESETS {
            let by_flag = settings_of(&format!("--preset {}", preset.name));
            assert_eq!(by_flag, crate::Settings::preset(preset.name).unwrap());
        }
        // what the library does not set is about the program, or says where things stand
        let others: Vec<&str> = options
            .iter()
            .map(|(long, _)| *long)
            .filter(|long| !SETTINGS.iter().any(|s| s.name == *long))
            .collect();
        assert_eq!(
            others,
            [
                "files-from",
                "out",
                "preset",
                "memory",
                "against",
                "lexicon",
                "prints",
                "threads",
                "quiet",
                "verbose",
                "json",
                "depfile",
                "strict"
            ]
        );
    }
}
