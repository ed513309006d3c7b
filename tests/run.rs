//! Runs the program, or its three passes, on pages of a test and reads what came out.

use jiaokan::bench::page::Page;
use jiaokan::bench::page::edit::{self, Undo};
use jiaokan::bench::settle::settle;
use jiaokan::{Cleaner, Settings};
use jiaokan::{Counts, Hints, Metadata};
use serde_json::{Map, Value};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder of its own for one test, in which the program runs: paths are relative to it.
pub(crate) struct Desk(TempDir);

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A desk with these files below `in`, cleaned into `out`.
pub(crate) fn clean(files: &[(&str, &[u8])], flags: &str) -> (Desk, Said) {
    let desk = Desk::with(files);
    let said = desk.run(&format!("clean in --out out {flags}"));
    (desk, said)
}

impl Desk {
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Self {
        let desk = Desk(TempDir::new().expect("a folder for temporary files"));
        for (name, bytes) in files {
            desk.put(&format!("in/{name}"), bytes);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies below the desk")).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program with these words for arguments.
    pub(crate) fn run(&self, words: &str) -> Said {
        self.run_on(words, b"")
    }

    /// Likewise, with standard input.
    pub(crate) fn run_on(&self, words: &str, input: &[u8]) -> Said {
        self.said(&words.split_whitespace().collect::<Vec<_>>(), &[], input)
    }

    /// Likewise, in an environment with these besides.
    pub(crate) fn run_in(&self, words: &str, environment: &[(&str, &str)]) -> Said {
        self.said(
            &words.split_whitespace().collect::<Vec<_>>(),
            environment,
            b"",
        )
    }

    fn said(&self, words: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Said {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jiaokan"))
            .args(words)
            .envs(environment.iter().copied())
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo built it");
        // one that reads no input may be done before it is written
        let _ = child.stdin.take().expect("it is piped").write_all(input);
        let output = child.wait_with_output().expect("it was started");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        Said {
            status: output.status.code().expect("nobody killed it"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The records of a file of JSON lines.
    pub(crate) fn records(&self, name: &str) -> Vec<Value> {
        let text = String::from_utf8(self.bytes(name)).expect("JSON is UTF-8");
        text.lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}: {e}: {line}"))
            })
            .collect()
    }

    /// A file that is one value of JSON.
    pub(crate) fn value(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The files below a folder, by their paths below it, in order.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        files_below(&self.path(folder), Path::new(""), &mut found);
        found.sort();
        found
    }
}

fn files_below(folder: &Path, below: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &name, found);
        } else {
            found.push(name.to_string_lossy().into_owned());
        }
    }
}

pub(crate) fn text_of(record: &Value) -> &str {
    record["text"].as_str().expect("every record has a text")
}

pub(crate) fn id_of(record: &Value) -> &str {
    record["id"].as_str().expect("every record has an id")
}

/// Pages (id, text, metadata) after all three passes, in the process of the test.
pub(crate) fn finished(
    pages: Vec<(String, String, Map<String, Value>)>,
    settings: &Settings,
) -> Vec<Page> {
    let cleaner = Cleaner::new(settings.clone());
    let mut prints = Vec::new();
    let mut counts = Counts::default();
    let mut pages: Vec<Page> = pages
        .into_iter()
        .map(|(id, text, metadata)| {
            let metadata = Metadata::from(metadata);
            let hints = Hints::of(&metadata, &Metadata::new());
            cleaner.page(&id, text, metadata, hints)
        })
        .collect();
    for page in &pages {
        let survey = cleaner.survey_page(page);
        prints.push((page.id.clone(), survey.prints));
        counts.add(&survey.grams);
    }
    let lexicon = counts.lexicon();
    let verdicts = settle(&prints, &settings.repeats, &lexicon).expect("nothing goes to disk");
    for (page, verdict) in pages.iter_mut().zip(verdicts) {
        cleaner.finish_page(page, &verdict, &lexicon);
    }
    pages
}

/// What undoing a page's changes and moves makes of its clean text.
pub(crate) fn undone(page: &Page) -> Option<String> {
    let undo = |change: &edit::Change| Undo {
        span: change.span.clone(),
        before: page.text()[change.span.clone()].to_string(),
        after: change.with.to_string(),
    };
    let changes: Vec<Undo> = page.changes().iter().map(undo).collect();
    edit::undo(&page.clean(), &changes, &page.moves())
}
