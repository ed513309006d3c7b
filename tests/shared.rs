//! The seeds and corpora beside the project, where they are: samples of them as inputs for a test.

use crate::run::Desk;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder `../shared`. Without it a test says so and passes.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !folder.is_dir() {
        println!("skipped: ../shared is absent");
    }
    folder.is_dir().then_some(folder)
}

/// Puts the first bytes (to the end of a line) of every seed and corpus with text in it below `in`.
pub(crate) fn put_samples(desk: &Desk, bytes: u64) {
    let Some(folder) = folder() else { return };
    for below in ["seeds", "corpora"] {
        put_below(desk, &folder.join(below), below, bytes);
    }
}

fn put_below(desk: &Desk, folder: &Path, below: &str, bytes: u64) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        let name = format!(
            "{below}/{}",
            path.file_name()
                .expect("it is in a folder")
                .to_string_lossy()
        );
        if path.is_dir() {
            put_below(desk, &path, &name, bytes);
        } else if ["txt", "md", "jsonl"]
            .iter()
            .any(|ending| name.ends_with(&format!(".{ending}")))
        {
            let sample = sample(&path, bytes);
            let sample = if name.ends_with(".jsonl") {
                with_text(&sample)
            } else {
                Some(sample)
            };
            if let Some(sample) = sample {
                desk.put(&format!("in/{name}"), sample);
            }
        }
    }
}

/// The first bytes of a file, to the end of a line.
fn sample(path: &Path, bytes: u64) -> Vec<u8> {
    let mut sample = Vec::new();
    File::open(path)
        .and_then(|file| file.take(bytes).read_to_end(&mut sample))
        .unwrap();
    if sample.len() as u64 == bytes {
        let end = sample
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        sample.truncate(end);
    }
    sample
}

/// Records that have a text as they are; pages given as blocks with a text of them; nothing of any others.
fn with_text(lines: &[u8]) -> Option<Vec<u8>> {
    let record = |line: &[u8]| serde_json::from_slice::<Value>(line).ok();
    let first = record(lines.split(|b| *b == b'\n').next()?)?;
    if first["text"].is_string() {
        return Some(lines.to_vec());
    }
    first["blocks"][0].as_str()?;
    let pages = lines.split(|b| *b == b'\n').filter_map(record).map(|page| {
        let blocks: Vec<&str> = page["blocks"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        json!({ "id": page["id"], "text": blocks.join("\n\n") }).to_string() + "\n"
    });
    Some(pages.collect::<String>().into_bytes())
}
