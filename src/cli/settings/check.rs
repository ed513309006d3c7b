//! Whether an option takes a value.

use crate::settings::one_of;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

/// Whether the parser takes the values for that option of a command.
pub(super) fn check(own: &Command, arg: &Arg, values: &[String]) -> Result<(), String> {
    let long = arg.get_long().expect("options have a long name");
    if values.len() > 1 && !matches!(arg.get_action(), ArgAction::Append) {
        return Err("it takes one value, not a list".into());
    }
    let alone = own
        .clone()
        .no_binary_name(true)
        .mut_args(|arg| arg.required(false));
    let words = values.iter().map(|value| format!("--{long}={value}"));
    let Err(error) = alone.try_get_matches_from(words) else {
        return Ok(());
    };
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
        return one_of(value, known.iter().map(String::as_str));
    }
    match std::error::Error::source(error) {
        Some(cause) if cause.is::<std::num::ParseIntError>() => "it is a whole number".into(),
        Some(cause) => cause.to_string(),
        None => error.kind().to_string(),
    }
}
