//! Options in the environment: JIAOKAN_NEAR_PARAGRAPHS=drop.

use super::check::check;
use super::{Given, NOT_IN_FILE, SetBy, options};
use crate::Error;
use crate::settings::nearest;
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeMap;

const PREFIX: &str = "JIAOKAN_";

/// What the environment sets for a command. Names that no command knows are refused.
pub(super) fn settings(
    command: &Command,
    own: &Command,
    environment: &[(String, String)],
) -> Result<BTreeMap<String, Given>, Error> {
    let known = command.get_subcommands().flat_map(options);
    let known: Vec<&str> = known.map(|(long, _)| long).collect();
    let mut settings = BTreeMap::new();
    for (name, value) in environment {
        let Some(key) = name.strip_prefix(PREFIX).map(as_option) else {
            continue;
        };
        if !known.contains(&key.as_str()) && !NOT_IN_FILE.contains(&key.as_str()) {
            return Err(unknown(name, &key, &known));
        }
        let mut arguments = own.get_arguments();
        let arg = arguments.find(|arg| arg.get_long() == Some(key.as_str()));
        if let (Some(arg), false) = (arg, value.is_empty()) {
            let values = values(arg, value);
            check(own, arg, &values).map_err(|why| {
                Error::Usage(format!("{name} in the environment: {value:?}: {why}"))
            })?;
            let source = SetBy::Environment(name.clone());
            settings.insert(key, Given { values, source });
        }
    }
    Ok(settings)
}

/// The variable of an option that there is not, and the nearest that there is.
fn unknown(name: &str, key: &str, known: &[&str]) -> Error {
    let nearest = nearest(key, known.iter().copied())
        .map(|near| format!("; did you mean {}?", variable(near)))
        .unwrap_or_default();
    Error::Usage(format!(
        "{name} in the environment: there is no option --{key}{nearest}"
    ))
}

/// The values of an option in a variable: an option that may be given several times takes them with colons between.
fn values(arg: &Arg, value: &str) -> Vec<String> {
    match (arg.get_value_delimiter(), arg.get_action()) {
        (Some(delimiter), _) => value.split(delimiter).map(String::from).collect(),
        (None, ArgAction::Append) => value.split(':').map(String::from).collect(),
        (None, _) => vec![value.into()],
    }
}

fn as_option(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// The name of an option there.
pub(super) fn variable(option: &str) -> String {
    PREFIX.to_string() + &option.to_uppercase().replace('-', "_")
}
