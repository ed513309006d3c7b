//! What to do about an error, where there is something to do.

use super::settings::nearest;
use crate::write::files::{CHANGES, CLEAN, REPORT, SOURCES};
use crate::{Error, read};
use clap::error::{ContextKind, ContextValue, ErrorKind as Wrong};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A way out, as a line for a person.
pub(super) fn way_out(error: &Error) -> Option<String> {
    match error {
        Error::Nothing => Some(nothing()),
        Error::Read { path, source } => unreadable(path, source.kind()),
        Error::Output(path, error) => unwritable(path, error.kind()),
        _ => None,
    }
}

/// A misspelt option with the one that is meant. The parser itself finds none for the shortest.
pub(super) fn with_nearest(mut error: clap::Error, command: &clap::Command) -> clap::Error {
    let is_found = error.get(ContextKind::SuggestedArg).is_some();
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    if error.kind() != Wrong::UnknownArgument || is_found || !word.starts_with("--") {
        return error;
    }
    let of_command = std::env::args()
        .skip(1)
        .find_map(|word| command.find_subcommand(word));
    let longs = of_command
        .unwrap_or(command)
        .get_arguments()
        .filter_map(|arg| arg.get_long());
    if let Some(near) = nearest(&word[2..], longs) {
        let near = ContextValue::String(format!("--{near}"));
        error.insert(ContextKind::SuggestedArg, near);
        // that the word may be meant as a file
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    error
}

fn unreadable(path: &Path, kind: ErrorKind) -> Option<String> {
    match kind {
        ErrorKind::NotFound => absent(path),
        ErrorKind::PermissionDenied => Some(format!("you may not read {}", path.display())),
        _ => None,
    }
}

fn nothing() -> String {
    let mut endings: Vec<String> = Vec::new();
    for ending in read::FORMATS.iter().flat_map(|format| format.endings) {
        let ending = format!(".{ending}");
        if !endings.contains(&ending) {
            endings.push(ending);
        }
    }
    format!(
        "in folders, files are taken that end in {}, also with .gz or .zst behind it or in a .tar, and are not hidden; \
         one by any other name is read if it is named itself",
        endings.join(", ")
    )
}

/// Of a file that is not there.
fn absent(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return None,
    };
    if [SOURCES, CHANGES, CLEAN, REPORT].contains(&name.as_ref()) {
        return Some(format!(
            "name a folder that `jiaokan clean --out` wrote; {} is not one",
            folder.display()
        ));
    }
    if !folder.exists() {
        return absent(folder).or_else(|| Some(format!("there is no folder {}", folder.display())));
    }
    let names = names_in(folder)?;
    if let Some(near) = nearest(&name, names.iter().map(String::as_str)) {
        return Some(format!(
            "did you mean {}?",
            path.with_file_name(near).display()
        ));
    }
    Some(match listed(&names) {
        None => format!("{} holds nothing that is not hidden", folder.display()),
        Some(names) => format!("{} holds {names}", folder.display()),
    })
}

/// The names in a folder, without hidden ones, sorted.
fn names_in(folder: &Path) -> Option<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    Some(names)
}

/// The first of the names in a line, if there are any.
fn listed(names: &[String]) -> Option<String> {
    /// As many as a person reads.
    const SHOWN: usize = 8;
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let shown = names[..names.len().min(SHOWN)].join(", ");
    (!shown.is_empty()).then(|| shown + more)
}

fn unwritable(path: &Path, kind: ErrorKind) -> Option<String> {
    let file: Option<PathBuf> = path
        .ancestors()
        .find(|above| above.is_file())
        .map(Path::to_path_buf);
    match (kind, file) {
        (ErrorKind::NotADirectory | ErrorKind::AlreadyExists, Some(file)) => Some(format!(
            "{} is a file: name another folder, or move it away",
            file.display()
        )),
        (ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem, _) => {
            let there = path
                .ancestors()
                .find(|above| above.is_dir())
                .unwrap_or(path);
            Some(format!(
                "you may not write to {}: name another folder",
                there.display()
            ))
        }
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => Some(
            "make room there, or name a folder on another disk; the folder is as it was before"
                .into(),
        ),
        (ErrorKind::NotFound, _) => Some("make its folder first".into()),
        _ => None,
    }
}
