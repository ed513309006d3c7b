//! Where options may stand besides the command line: the environment, a file, a preset. They become the defaults of the
//! parser, so that it reads and judges them all alike.

use super::presets;
use super::toml::{self, Entry};
use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use jiaokan::Error;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The file that is read where there is one.
pub const FILE: &str = "jiaokan.toml";
const PREFIX: &str = "JIAOKAN_";
/// Which file is read cannot stand in it.
const NOT_IN_FILE: [&str; 2] = ["config", "no-config"];

/// What the parser made of everything, and where it had what from.
pub struct Told {
    pub matches: ArgMatches,
    /// By the option's long name.
    pub settings: BTreeMap<String, Setting>,
    /// What the file says below the names of sub-commands.
    pub sections: Vec<Entry>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub struct Setting {
    pub values: Vec<String>,
    pub source: Source,
}

/// Where an option stands.
#[derive(Debug, Clone)]
pub enum Source {
    Environment(String),
    File(PathBuf, usize),
    Preset(&'static str),
}

/// Why nothing is run: help was asked for, the command line is wrong, or what stands elsewhere is.
pub enum Stop {
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
pub fn parse(command: Command, words: &[OsString], environment: &[(String, String)]) -> Result<Told, Stop> {
    if let Err(help) = command.clone().try_get_matches_from(words)
        && !help.use_stderr()
    {
        return Err(help.into());
    }
    let command = command.mut_subcommands(with_values_for_flags);
    // what is wrong on the command line is told of below
    let first = command.clone().ignore_errors(true).try_get_matches_from(words)?;
    let nothing = Told { matches: first, settings: BTreeMap::new(), sections: Vec::new(), file: None };
    let Some((name, flags)) = nothing.matches.subcommand() else {
        return Ok(Told { matches: command.try_get_matches_from(words)?, ..nothing });
    };
    let own = command.find_subcommand(name).expect("the parser knows it");
    if !own.get_arguments().any(|arg| arg.get_id() == "config") {
        return Ok(Told { matches: command.try_get_matches_from(words)?, ..nothing });
    }
    let mut settings = of_environment(&command, own, environment)?;
    let file = file(flags, &settings);
    let entries = match &file {
        Some(path) => toml::read(path).and_then(|entries| checked(&command, path, entries))?,
        None => Vec::new(),
    };
    for entry in entries.iter().filter(|entry| entry.is_for(own, &command)) {
        let path = file.clone().expect("it holds the entry");
        let setting = Setting { values: entry.values.clone(), source: Source::File(path, entry.line) };
        // what stands below the name of the sub-command comes after what stands at the top
        let of_environment = settings.get(&entry.key).filter(|s| matches!(s.source, Source::Environment(_))).cloned();
        settings.insert(entry.key.clone(), of_environment.unwrap_or(setting));
    }
    for (key, setting) in of_preset(own, flags, &settings) {
        settings.entry(key).or_insert(setting);
    }
    let with_defaults = command.mut_subcommand(name, |own| with_defaults(own, &settings));
    let sections = entries.into_iter().filter(|entry| entry.section.is_some()).collect();
    Ok(Told { matches: with_defaults.try_get_matches_from(words)?, settings, sections, file })
}

/// The options of a command that may stand elsewhere.
pub fn options(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    let named = command.get_arguments().filter_map(|arg| Some((arg.get_long()?, arg)));
    named.filter(|(long, _)| !NOT_IN_FILE.contains(long) && !["help", "version"].contains(long))
}

/// Flags that take no value take true or false as well, so that one set elsewhere can be taken back.
fn with_values_for_flags(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .value_parser(BoolishValueParser::new()),
        _ => arg,
    })
}

fn with_defaults(command: Command, settings: &BTreeMap<String, Setting>) -> Command {
    let ids: Vec<(String, &Setting)> =
        options(&command).filter_map(|(long, arg)| Some((arg.get_id().to_string(), settings.get(long)?))).collect();
    ids.into_iter().fold(command, |command, (id, setting)| {
        command.mut_arg(id, |arg| arg.required(false).default_values(setting.values.clone()))
    })
}

// ---- the environment

fn of_environment(
    command: &Command,
    own: &Command,
    environment: &[(String, String)],
) -> Result<BTreeMap<String, Setting>, Error> {
    let known: Vec<&str> = command.get_subcommands().flat_map(options).map(|(long, _)| long).collect();
    let mut settings = BTreeMap::new();
    for (name, value) in environment {
        let Some(key) = name.strip_prefix(PREFIX).map(as_option) else { continue };
        if !known.contains(&key.as_str()) && !NOT_IN_FILE.contains(&key.as_str()) {
            let nearest =
                nearest(&key, known.iter().copied()).map(|near| format!("; did you mean {}?", variable(near)));
            let why = format!("{name} in the environment: there is no option --{key}{}", nearest.unwrap_or_default());
            return Err(Error::Usage(why));
        }
        let arg = own.get_arguments().find(|arg| arg.get_long() == Some(key.as_str()));
        if let (Some(arg), false) = (arg, value.is_empty()) {
            let values = match arg.get_action() {
                ArgAction::Append => value.split(':').map(String::from).collect(),
                _ => vec![value.clone()],
            };
            check(own, arg, &values)
                .map_err(|why| Error::Usage(format!("{name} in the environment: {value:?}: {why}")))?;
            settings.insert(key, Setting { values, source: Source::Environment(name.clone()) });
        }
    }
    Ok(settings)
}

fn as_option(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

fn variable(option: &str) -> String {
    PREFIX.to_string() + &option.to_uppercase().replace('-', "_")
}

// ---- the file

/// The file to read, if any.
fn file(flags: &ArgMatches, environment: &BTreeMap<String, Setting>) -> Option<PathBuf> {
    let is_set = |key: &str| environment.get(key).is_some_and(|s| s.values[0] != "false");
    let by_flag = flags.get_one::<PathBuf>("config").cloned();
    let none = flags.get_one::<bool>("no_config").copied().unwrap_or_default();
    let named = match by_flag {
        None if none || is_set("no-config") => return None,
        None => environment.get("config").map(|s| PathBuf::from(&s.values[0])),
        named => named,
    };
    match named {
        Some(path) if path == Path::new("none") => None,
        None => Some(PathBuf::from(FILE)).filter(|path| path.exists()),
        named => named,
    }
}

/// Refuses what no command knows, and values that the command would refuse.
fn checked(command: &Command, path: &Path, entries: Vec<Entry>) -> Result<Vec<Entry>, Error> {
    let clean = command.find_subcommand("clean").expect("it is one of the commands");
    for Entry { section, key, values, line } in &entries {
        let refuse = |why: String| Err(Error::Usage(format!("{} line {line}: {why}", path.display())));
        let own = match section {
            None => Some(clean),
            Some(name) => command.find_subcommand(name).filter(|own| options(own).next().is_some()),
        };
        let Some(own) = own else {
            let names = command.get_subcommands().map(Command::get_name);
            let section = section.as_deref().unwrap_or_default();
            let near = nearest(section, names).map(|near| format!("; did you mean [{near}]?")).unwrap_or_default();
            return refuse(format!("there is no command {section:?}{near}"));
        };
        let Some((_, arg)) = options(own).find(|(long, _)| long == key) else {
            let elsewhere = command.get_subcommands().find(|c| section.is_none() && options(c).any(|(l, _)| l == key));
            let longs = options(own).map(|(long, _)| long);
            return refuse(match elsewhere {
                _ if NOT_IN_FILE.contains(&key.as_str()) => format!("{key} cannot stand in the file that it chooses"),
                Some(other) => format!("{key:?} is an option of `jiaokan {0}`: write it below [{0}]", other.get_name()),
                None => match nearest(key, longs) {
                    Some(near) => format!("there is no option {key:?}; did you mean {near:?}?"),
                    None => format!("there is no option {key:?}; `jiaokan config` lists them"),
                },
            });
        };
        if let Err(why) = check(own, arg, values) {
            return refuse(format!("{key} = {}: {why}", values.join(", ")));
        }
    }
    Ok(entries)
}

impl Entry {
    /// Whether it holds for a command. At the top stand the options of `clean`; what another command needs by that name
    /// is something else, as the prints of one shard.
    fn is_for(&self, own: &Command, command: &Command) -> bool {
        let find =
            |command: &Command| options(command).find(|(long, _)| *long == self.key).map(|(_, a)| a.is_required_set());
        let Some(needed) = find(own) else { return false };
        match &self.section {
            Some(section) => section == own.get_name(),
            None => !needed || command.find_subcommand("clean").and_then(find).unwrap_or_default(),
        }
    }
}

// ---- the preset

fn of_preset(own: &Command, flags: &ArgMatches, settings: &BTreeMap<String, Setting>) -> Vec<(String, Setting)> {
    if !options(own).any(|(long, _)| long == "preset") {
        return Vec::new();
    }
    let by_flag =
        flags.get_one::<String>("preset").filter(|_| flags.value_source("preset") == Some(ValueSource::CommandLine));
    let name = by_flag.or_else(|| settings.get("preset").map(|s| &s.values[0]));
    // a wrong name is told of by the parser
    let Some(preset) = name.and_then(|name| presets::named(name)) else { return Vec::new() };
    let setting = |set: &presets::Set| {
        (set.option.into(), Setting { values: vec![set.to.into()], source: Source::Preset(preset.name) })
    };
    preset.settings.iter().filter(|set| options(own).any(|(long, _)| long == set.option)).map(setting).collect()
}

// ---- values

/// Whether the parser takes the values for that option of a command.
fn check(own: &Command, arg: &Arg, values: &[String]) -> Result<(), String> {
    let long = arg.get_long().expect("options have a long name");
    if values.len() > 1 && !matches!(arg.get_action(), ArgAction::Append) {
        return Err("it takes one value, not a list".into());
    }
    let alone = own.clone().no_binary_name(true).mut_args(|arg| arg.required(false));
    let words = values.iter().map(|value| format!("--{long}={value}"));
    let Err(error) = alone.try_get_matches_from(words) else { return Ok(()) };
    match error.kind() {
        // it is only looked at by itself
        ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => Ok(()),
        _ => Err(in_words(&error)),
    }
}

fn in_words(error: &clap::Error) -> String {
    if let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue)
        && !known.is_empty()
    {
        let value = match error.get(ContextKind::InvalidValue) {
            Some(ContextValue::String(value)) => value.as_str(),
            _ => "",
        };
        let near = nearest(value, known.iter().map(String::as_str)).map(|n| format!("; did you mean {n:?}?"));
        return format!("it is one of {}{}", known.join(", "), near.unwrap_or_default());
    }
    match std::error::Error::source(error) {
        Some(cause) if cause.is::<std::num::ParseIntError>() => "it is a whole number".into(),
        Some(cause) => cause.to_string(),
        None => error.kind().to_string(),
    }
}

/// The word most like another, if one is like it.
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    /// Of normalised Damerau and Levenshtein: half of the letters may be others.
    const LIKE: f64 = 0.5;
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(word, known);
    let likely = known.map(|known| (likeness(known), known)).filter(|(likeness, _)| *likeness >= LIKE);
    likely.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, known)| known)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Environment(name) => write!(f, "environment {name}"),
            Source::File(path, line) => write!(f, "{} line {line}", path.display()),
            Source::Preset(name) => write!(f, "preset {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args;

    /// A value that the option takes and that is not its default.
    fn another_value(own: &Command, arg: &Arg) -> String {
        let possible = arg.get_possible_values();
        let possible = possible.iter().rev().map(|value| value.get_name().to_string());
        let others = ["true", "0.25", "7", "words of mine"].map(String::from);
        let default = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
        let mut values = possible.chain(others).filter(|value| Some(value) != default.as_ref());
        values.find(|value| check(own, arg, std::slice::from_ref(value)).is_ok()).expect("one of them is right")
    }

    fn told(words: &str, environment: &[(String, String)]) -> Told {
        let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
        match parse(args::command(), &words, environment) {
            Ok(told) => told,
            Err(Stop::Parser(error)) => panic!("{error}"),
            Err(Stop::Settings(error)) => panic!("{error}"),
        }
    }

    fn set(told: &Told, arg: &Arg) -> Vec<String> {
        let (_, matches) = told.matches.subcommand().expect("it has one");
        let raw = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        raw.map(|value| value.to_string_lossy().into_owned()).collect()
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
                if name != "config" {
                    let told = told(&format!("jiaokan {name} {words} --config {}", file.display()), &[]);
                    assert_eq!(set(&told, arg).join(" "), value, "{name} --{long} in the file");
                }
                let environment = [(variable(long), value.clone())];
                let told = told(&format!("jiaokan {name} {words} --no-config"), &environment);
                assert_eq!(set(&told, arg), [value], "{name} --{long} in the environment");
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
        let told = told(&format!("jiaokan clean in --config {}", file.display()), &[]);
        for (arg, value) in wanted {
            assert_eq!(set(&told, arg), [value], "{}", arg.get_id());
        }
    }

    #[test]
    fn presets_set_options_that_there_are_to_values_that_they_take() {
        let command = args::command();
        let clean = command.find_subcommand("clean").unwrap();
        for preset in &presets::PRESETS {
            for set in preset.settings {
                let found = options(clean).find(|(long, _)| *long == set.option);
                let (_, arg) = found.unwrap_or_else(|| panic!("{}: no option {}", preset.name, set.option));
                assert_eq!(check(clean, arg, &[set.to.into()]), Ok(()), "{} {}", preset.name, set.option);
            }
        }
    }

    #[test]
    fn the_preset_for_newspapers_says_what_the_defaults_are() {
        let command = args::command();
        let clean = command.find_subcommand("clean").unwrap();
        for set in presets::PRESETS[0].settings {
            let (_, arg) = options(clean).find(|(long, _)| *long == set.option).unwrap();
            assert_eq!(arg.get_default_values(), [set.to], "{}", set.option);
        }
    }
}
