//! One file a case in `tests/cases`: pages with one defect each, and pages that must stay as they are.
//!
//! A case opens with a sentence saying what it shows; `--- flags`, `--- before`, `--- after` and `--- metadata` open its
//! sections. Where the page is split (`--split articles`), `=====` stands between the texts of the articles, and the
//! metadata is a list. In `untouched` a page must come out as it came. In `unsolved` the text after is what we want and do not get.

use crate::run::{Desk, text_of};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

struct Case {
    name: String,
    sections: HashMap<String, String>,
}

#[test]
fn wild_defects_are_mended() {
    assert_come_out_right("wild");
}

#[test]
fn synthetic_defects_are_mended() {
    assert_come_out_right("synthetic");
}

#[test]
fn what_is_right_stays_untouched() {
    let changed = failures("untouched", |case, text, _| {
        lines(text) == lines(case.section("before"))
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn unsolved_cases_are_still_unsolved() {
    let solved = failures("unsolved", |case, text, _| text != case.section("after"));
    assert!(
        solved.is_empty(),
        "solved; move to wild or synthetic:\n{}",
        solved.join("\n")
    );
}

#[test]
fn every_case_is_undone_and_has_nothing_left_to_do() {
    let all = ["wild", "synthetic", "untouched", "unsolved"]
        .into_iter()
        .flat_map(cases);
    let unlawful: Vec<String> = all.filter_map(|case| case.unlawful()).collect();
    assert!(unlawful.is_empty(), "{}", unlawful.join("\n"));
}

fn assert_come_out_right(folder: &str) {
    let wrong = failures(folder, |case, text, metadata| {
        let wanted: Value = match case.section("metadata") {
            "" => Value::Null,
            json => serde_json::from_str(json).unwrap_or_else(|e| panic!("{}: {e}", case.name)),
        };
        text == case.section("after") && holds_all(metadata, &wanted)
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the metadata has all fields that are wanted, with their values; null is a field that it must not have.
fn holds_all(metadata: &Value, wanted: &Value) -> bool {
    match (metadata, wanted) {
        (_, Value::Null) => true,
        (Value::Array(all), Value::Array(wanted)) => {
            all.len() == wanted.len()
                && all
                    .iter()
                    .zip(wanted)
                    .all(|(one, wanted)| holds_all(one, wanted))
        }
        (one, Value::Object(wanted)) => wanted.iter().all(|(key, value)| &one[key] == value),
        _ => false,
    }
}

/// The cases of a folder that do not hold, each with what came out.
fn failures(folder: &str, holds: impl Fn(&Case, &str, &Value) -> bool) -> Vec<String> {
    let cases = cases(folder);
    assert!(!cases.is_empty());
    let failure = |case: Case| {
        let (_, text, metadata) = case.clean();
        let shown = format!(
            "{}: {}\n{text}\n{metadata}\n",
            case.name,
            case.section("about")
        );
        (!holds(&case, &text, &metadata)).then_some(shown)
    };
    cases.into_iter().filter_map(failure).collect()
}

fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| Case::read(&path)).collect()
}

impl Case {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut sections: HashMap<String, String> = HashMap::new();
        let mut open = "about".to_string();
        for line in text.split_inclusive('\n') {
            match line.trim_end().strip_prefix("--- ") {
                Some(name) => open = name.to_string(),
                None => *sections.entry(open.clone()).or_default() += line,
            }
        }
        // the line end before the next section belongs to neither
        sections
            .values_mut()
            .for_each(|section| section.truncate(section.trim_end_matches('\n').len()));
        Case {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            sections,
        }
    }

    fn section(&self, name: &str) -> &str {
        self.sections.get(name).map_or("", String::as_str)
    }

    /// What of the two laws does not hold of the case.
    fn unlawful(&self) -> Option<String> {
        let (desk, text, _) = self.clean();
        desk.run("undo out --to back");
        if desk.bytes("back/page.txt") != self.section("before").as_bytes() {
            return Some(format!("{}: undone, it is another page", self.name));
        }
        desk.run(&format!(
            "clean out/clean.jsonl --out again --keep-empty {}",
            self.section("flags")
        ));
        let (again, _) = whole(&desk.records("again/clean.jsonl"));
        (again != text).then(|| format!("{}: cleaned again, it reads\n{again}\n", self.name))
    }

    /// The case's page, cleaned: the desk, the clean text and its metadata.
    fn clean(&self) -> (Desk, String, Value) {
        let desk = Desk::with(&[("page.txt", self.section("before").as_bytes())]);
        let said = desk.run(&format!(
            "clean in --out out --keep-empty {}",
            self.section("flags")
        ));
        assert_eq!(said.status, 0, "{}: {}", self.name, said.stderr);
        let (text, metadata) = whole(&desk.records("out/clean.jsonl"));
        (desk, text, metadata)
    }
}

/// The text and metadata of a page's record, or of those of its articles.
fn whole(records: &[Value]) -> (String, Value) {
    let texts: Vec<&str> = records.iter().map(text_of).collect();
    let mut metadata: Vec<Value> = records
        .iter()
        .map(|record| record["metadata"].clone())
        .collect();
    let metadata = if records.len() == 1 {
        metadata.remove(0)
    } else {
        Value::Array(metadata)
    };
    (texts.join("\n=====\n"), metadata)
}

/// The lines that hold text, without the white space around them.
fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}
