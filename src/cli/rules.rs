//! `jiaokan rules`: the rules, methods, formats and presets, with examples.

use super::settings::presets;
use crate::normalise::{REPAIRS, RULES};
use crate::page::cause::CauseId;
use crate::read;
use crate::repeats::METHODS;

pub(super) fn rules() -> String {
    let mut text = String::from(
        "Each of these rules, repairs and methods can be left out by name: --without gloss,misread.\n\nRules repair a \
         block, in this order:\n",
    );
    RULES
        .iter()
        .for_each(|rule| list(&mut text, rule.cause, rule.examples));
    text += "\nRepairs ask the lexicon of the run, in this order:\n";
    for repair in REPAIRS {
        list(&mut text, repair.cause, repair.examples);
        text += if repair.is_eager() {
            "    in full only with --repair eager; otherwise what is sure on newspaper pages, and the rest is reported\n"
        } else {
            ""
        };
    }
    text += "\nMethods find duplicates and let copies correct each other:\n";
    for method in METHODS {
        text += &format!(
            "\n{}\n  {}\n  source: {}\n",
            method.cause,
            method.cause.about(),
            method.source
        );
    }
    text +=
        "\nFormats are recognised by the ending of a file's name and by how the file begins:\n\n";
    for format in read::FORMATS {
        text += &format!(
            "{:10} .{}  {}\n",
            format.name,
            format.endings.join(" ."),
            format.about
        );
        text += &format
            .loses
            .map(|lost| format!("{:13}lost: {lost}\n", ""))
            .unwrap_or_default();
    }
    text += "\nPresets are settings for a kind of text (--preset):\n";
    text + &presets::list()
}

/// Adds a rule and its examples to a list.
fn list(text: &mut String, cause: CauseId, examples: &[(&str, &str)]) {
    *text += &format!("\n{cause}\n  {}\n", cause.about());
    for (before, after) in examples {
        let (before, after) = (before.escape_debug(), after.escape_debug());
        *text += &if before.to_string() == after.to_string() {
            format!("    stays  {before}\n")
        } else {
            format!("    {before}\n      → {after}\n")
        };
    }
}
