//! Options in jiaokan.toml: which file it is, and whether it says what there is.

use super::check::check;
use super::{Given, NOT_IN_FILE, options};
use crate::Error;
use crate::settings::toml::{self, Entry};
use crate::settings::{flag, nearest};
use clap::{ArgMatches, Command};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is read where there is one.
pub(super) const FILE: &str = "jiaokan.toml";
/// The command whose options are at its top.
pub(super) const AT_THE_TOP: &str = "clean";
/// The command that prints what is in force for that one, and has no options of its own.
const PRINTS: &str = "config";

/// The file to read, if any.
pub(super) fn chosen(flags: &ArgMatches, environment: &BTreeMap<String, Given>) -> Option<PathBuf> {
    let is_set = |key: &str| {
        environment
            .get(key)
            .is_some_and(|s| flag(&s.values[0]) != Ok(false))
    };
    let by_flag = flags.get_one::<PathBuf>("config").cloned();
    let none = flags
        .get_one::<bool>("no_config")
        .copied()
        .unwrap_or_default();
    let named = match by_flag {
        None if none || is_set("no-config") => return None,
        None => environment
            .get("config")
            .map(|s| PathBuf::from(&s.values[0])),
        named => named,
    };
    match named {
        Some(path) if path == Path::new("none") => None,
        None => Some(PathBuf::from(FILE)).filter(|path| path.exists()),
        named => named,
    }
}

/// The entries of the file, in order.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, Error> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
    toml::entries(&text).map_err(|fault| refused(path, fault.line, &fault.why))
}

fn refused(path: &Path, line: usize, why: &str) -> Error {
    Error::Usage(format!("{} line {line}: {why}", path.display()))
}

/// Refuses what no command knows, and values that the command would refuse.
pub(super) fn checked(
    command: &Command,
    path: &Path,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>, Error> {
    for entry in &entries {
        let refuse = |why: String| refused(path, entry.line, &why);
        let own = entry.command(command).map_err(refuse)?;
        let Some((_, arg)) = options(own).find(|(long, _)| *long == entry.key) else {
            return Err(refuse(entry.unknown(own, command)));
        };
        let judged = check(own, arg, &entry.values);
        judged.map_err(|why| {
            refuse(format!(
                "{} = {}: {why}",
                entry.key,
                entry.values.join(", ")
            ))
        })?;
    }
    Ok(entries)
}

/// What an entry of the file means to the commands.
pub(super) trait OfCommand {
    fn command<'c>(&self, command: &'c Command) -> Result<&'c Command, String>;
    fn unknown(&self, own: &Command, command: &Command) -> String;
    fn is_for(&self, own: &Command, command: &Command) -> bool;
}

impl OfCommand for Entry {
    /// The command whose options are there.
    fn command<'c>(&self, command: &'c Command) -> Result<&'c Command, String> {
        let name = self.section.as_deref().unwrap_or(AT_THE_TOP);
        let all = || {
            command
                .get_subcommands()
                .filter(|own| options(own).next().is_some() && own.get_name() != PRINTS)
        };
        all().find(|own| own.get_name() == name).ok_or_else(|| {
            let near = nearest(name, all().map(Command::get_name));
            let near = near
                .map(|near| format!("; did you mean [{near}]?"))
                .unwrap_or_default();
            format!("there is no command {name:?} that has options{near}")
        })
    }

    /// Why the key is not an option.
    fn unknown(&self, own: &Command, command: &Command) -> String {
        let key = self.key.as_str();
        if NOT_IN_FILE.contains(&key) {
            return format!("{key} cannot be set in the file that it chooses");
        }
        let has_it = |command: &&Command| options(command).any(|(long, _)| long == key);
        if let (None, Some(other)) = (&self.section, command.get_subcommands().find(has_it)) {
            return format!(
                "{key:?} is an option of `jiaokan {0}`: write it below [{0}]",
                other.get_name()
            );
        }
        match nearest(key, options(own).map(|(long, _)| long)) {
            Some(near) => format!("there is no option {key:?}; did you mean {near:?}?"),
            None => format!("there is no option {key:?}; `jiaokan config` lists them"),
        }
    }

    /// Whether it holds for a command. At the top stand the options of `clean`; what another command needs by that name
    /// is something else, as the prints of one shard.
    fn is_for(&self, own: &Command, command: &Command) -> bool {
        let find = |command: &Command| {
            options(command)
                .find(|(long, _)| *long == self.key)
                .map(|(_, a)| a.is_required_set())
        };
        let Some(needed) = find(own) else {
            return false;
        };
        match &self.section {
            Some(section) => {
                section == own.get_name() || section == AT_THE_TOP && own.get_name() == PRINTS
            }
            None => {
                !needed
                    || command
                        .find_subcommand(AT_THE_TOP)
                        .and_then(find)
                        .unwrap_or_default()
            }
        }
    }
}
