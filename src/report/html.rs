//! report.html: a report one can look at, made of report.json and of nothing else.
//!
//! The text of a corpus is hostile: it enters the page as JSON in which no `<` is left, and the page's script hands it
//! on as text, never as markup. The page may load nothing, and run no script but its own.

use crate::Error;
use crate::page::cause::CAUSES;
use crate::report::{Changes, Read, Written};
use crate::write::files;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_128;

const TEMPLATE: &str = include_str!("report.html");

/// The part of report.json that the page shows without a script.
#[derive(Deserialize)]
struct Totals {
    read: Read,
    written: Written,
    changes: BTreeMap<String, Changes>,
    remarks: BTreeMap<String, u64>,
}

/// Writes report.html again beside the report.json of a folder.
pub fn write_again(folder: &Path) -> Result<PathBuf, Error> {
    let json = folder.join(files::REPORT);
    let text = fs::read_to_string(&json).map_err(|e| Error::read(&json, e))?;
    let html = page(&text)
        .map_err(|why| Error::malformed(&json, format!("{why}; clean again to have a new one")))?;
    let path = folder.join(files::PAGE);
    let beside = files::beside(&path)?;
    fs::write(&beside, html).map_err(|e| Error::Output(beside.clone(), e))?;
    files::put(&beside, &path)?;
    Ok(path)
}

/// The page that shows a report.json.
pub(crate) fn page(json: &str) -> Result<String, String> {
    let totals: Totals = serde_json::from_str(json)
        .map_err(|e| format!("not a report of this version of jiaokan: {e}"))?;
    let report: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
    let data = embedded(&report.to_string());
    let abouts: BTreeMap<&str, &str> = CAUSES
        .iter()
        .map(|cause| (cause.name, cause.about))
        .collect();
    let abouts = embedded(&serde_json::to_string(&abouts).map_err(|e| e.to_string())?);
    // no text can hold its own hash: a script that data smuggled in would not run
    let nonce = format!("{:032x}", xxh3_128(data.as_bytes()));
    let parts = [
        ("nonce", nonce),
        ("told", in_words(&totals)),
        ("abouts", abouts),
        ("report", data),
    ];
    Ok(filled(TEMPLATE, &parts))
}

/// The template with its places (`{{name}}`) filled in one go: what fills one is not looked at again.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut page = String::with_capacity(
        template.len() + parts.iter().map(|part| part.1.len()).sum::<usize>(),
    );
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (name, behind) = behind
            .split_once("}}")
            .expect("the template closes its places");
        page.push_str(before);
        page.push_str(
            parts
                .iter()
                .find(|part| part.0 == name)
                .map_or("", |part| &part.1),
        );
        rest = behind;
    }
    page + rest
}

/// JSON escaped for a script element: nothing in it can end the element or open another.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// How long JSON is when it is so escaped.
pub(super) fn embedded_length(json: &str) -> usize {
    json.len() + 5 * json.bytes().filter(|byte| *byte == b'<').count()
}

/// Text escaped for markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The counts, for who runs no script.
fn in_words(totals: &Totals) -> String {
    let Totals {
        read,
        written,
        changes,
        remarks,
    } = totals;
    let mut text = format!(
        "<p>This report needs JavaScript to show pages, clusters and plots. The counts without it: {} documents in {} \
         files came in, with {} bytes of text; {} went out, with {} bytes. {} were dropped as copies, {} refused; {} \
         halves were joined.</p>\n<table><caption>Changes by rule</caption><thead><tr><th>rule</th><th>places</th>\
         <th>bytes before</th><th>bytes after</th><th>seen and left alone</th></tr></thead><tbody>\n",
        read.documents,
        read.files,
        read.bytes,
        written.documents,
        written.bytes,
        written.copies_dropped,
        read.refused,
        written.junctions,
    );
    let rules: std::collections::BTreeSet<&String> = changes.keys().chain(remarks.keys()).collect();
    for rule in rules {
        let none = Changes::default();
        let Changes {
            places,
            bytes_before,
            bytes_after,
        } = changes.get(rule).unwrap_or(&none);
        let left = remarks.get(rule).unwrap_or(&0);
        let cells = format!(
            "<td>{places}</td><td>{bytes_before}</td><td>{bytes_after}</td><td>{left}</td>"
        );
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\">{}</th>{cells}</tr>",
            escaped(rule)
        );
    }
    text + "</tbody></table>"
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</script><script>alert(1)</script><!-- {{nonce}} & \" \u{2028}";

    fn report(rule: &str) -> String {
        let report = crate::report::Report::default();
        let mut report = serde_json::to_value(&report).expect("a report is plain data");
        report["changes"][rule] =
            serde_json::json!({"places": 1, "bytes_before": 2, "bytes_after": 3});
        report.to_string()
    }

    #[test]
    fn no_text_breaks_out_of_the_page() {
        let (plain, hostile) = (
            page(&report("width")).unwrap(),
            page(&report(HOSTILE)).unwrap(),
        );
        for tag in ["<script", "</script", "<!--"] {
            assert_eq!(
                plain.matches(tag).count(),
                hostile.matches(tag).count(),
                "{tag}"
            );
        }
        let nonce = hostile
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        assert_eq!(
            hostile.matches(nonce).count(),
            plain.matches("nonce=\"").count() + 2,
            "what is data is not filled"
        );
        let data = hostile
            .split("id=\"report\">")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        let data: Value = serde_json::from_str(data).expect("it is JSON still");
        assert_eq!(data["changes"][HOSTILE]["places"], 1);
    }

    #[test]
    fn the_page_says_what_every_cause_is_about() {
        let page = page(&report("unreadable")).unwrap();
        for cause in CAUSES {
            let about = embedded(&serde_json::to_string(cause.about).unwrap());
            assert!(
                page.contains(&format!("\"{}\":{about}", cause.name)),
                "{}",
                cause.name
            );
        }
    }

    #[test]
    fn the_page_names_no_other_place() {
        let page = page(&report("width")).unwrap();
        assert!(page.contains("default-src 'none'"));
        let allowed = page.replace("http://www.w3.org/2000/svg", "");
        for outside in [
            "http:",
            "https:",
            "src=",
            "@import",
            "url(",
            "innerHTML",
            "fetch(",
        ] {
            assert!(!allowed.contains(outside), "{outside}");
        }
    }

    #[test]
    fn what_is_no_report_is_refused_with_a_reason() {
        assert!(page("{\"read\": 5}").unwrap_err().contains("not a report"));
        assert!(page("no JSON").is_err());
    }

    #[test]
    fn the_length_that_is_foreseen_is_the_length_it_has() {
        let json = serde_json::to_string(HOSTILE).unwrap();
        assert_eq!(embedded_length(&json), embedded(&json).len());
    }
}
