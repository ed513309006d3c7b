//! What a line of figures says of itself, for the benchmarks that keep theirs in out/: the commit and the machine.

use serde::Serialize;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Adds a line to a file of figures.
pub(crate) fn append(path: &str, line: &impl Serialize) {
    let json = serde_json::to_string(line).expect("plain data");
    let folder = Path::new(path)
        .parent()
        .expect("the file stands in a folder");
    let appended = fs::create_dir_all(folder)
        .and_then(|()| fs::OpenOptions::new().create(true).append(true).open(path))
        .and_then(|mut file| writeln!(file, "{json}"));
    appended.unwrap_or_else(|e| panic!("{path}: {e}"));
}

pub(crate) fn commit() -> String {
    let described = Command::new("git")
        .args([
            "-C",
            env!("CARGO_MANIFEST_DIR"),
            "describe",
            "--always",
            "--dirty",
            "--exclude=*",
        ])
        .output();
    let text = described
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string())
        .unwrap_or_default();
    if text.is_empty() {
        "unknown".into()
    } else {
        text
    }
}

pub(crate) fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    format!(
        "{}, {cores} cores",
        model.map_or("unknown", |(_, name)| name.trim())
    )
}
