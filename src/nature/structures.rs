//! Data and code that are known by how their lines follow one another: settings, recipes of make, traces of a stack, pages of
//! a manual, sequences of letters, quoted mail. A line of them says little by itself.

use super::Judged;
use super::line::Line;
use crate::page::Kind;
use crate::page::nature::Form;
use std::ops::Range;

/// What finds lines of one sort: where they stand.
type Finder = fn(&[Line]) -> Vec<Range<usize>>;

const SORTS: [(Finder, Form, &str); 10] = [
    (nested_keys, Form::Code, "keys set in under keys"),
    (sections, Form::Code, "settings under names in brackets"),
    (recipes, Form::Code, "commands under what they make"),
    (traces, Form::Code, "a trace of a stack"),
    (patches, Form::Code, "lines of a patch"),
    (manual, Form::Code, "a page of a manual"),
    (literal, Form::Code, "set in under ::"),
    (sequences, Form::Data, "sequences under their names"),
    (definitions, Form::Data, "where a link of Markdown leads"),
    (quoted, Form::Data, "quoted mail"),
];

/// Says of the lines of such texts what they are.
pub(super) fn structures(lines: &[Line], forms: &mut [Judged], markdown: bool) {
    for (find, form, why) in SORTS {
        if markdown && why == "quoted mail" {
            continue;
        }
        for at in find(lines).into_iter().flatten() {
            let is_free = lines[at].kind != Kind::Code && lines[at].kind != Kind::Table;
            if is_free && !matches!(forms[at], Some((Form::Code, _))) {
                forms[at] = Some((form, why));
            }
        }
    }
}

/// The runs of lines that are so.
fn runs(lines: &[Line], is: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| is(*at)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// YAML and what is like it: `key: value`, with other keys set in under a key that has none.
fn nested_keys(lines: &[Line]) -> Vec<Range<usize>> {
    /// Keys in a row.
    const FEWEST: usize = 3;
    let mut in_block: Option<usize> = None;
    let parts: Vec<bool> = (lines.iter())
        .map(|line| {
            if in_block.is_some_and(|indent| line.indent > indent) {
                return true;
            }
            let key = key(line.text);
            in_block = key.filter(|key| key.opens_text).map(|_| line.indent);
            let is_item = line.text.starts_with("- ") || line.text == "-";
            key.is_some() || is_item || line.text.starts_with("# ") || line.text == "---"
        })
        .collect();
    let keys = |run: &Range<usize>| {
        lines[run.clone()]
            .iter()
            .filter(|l| key(l.text).is_some())
            .count()
    };
    let is_nested = |run: &Range<usize>| {
        lines[run.clone()].windows(2).any(|two| {
            let under = || two[1].indent > two[0].indent || two[1].text.starts_with("- ");
            key(two[0].text).is_some_and(|key| key.is_open) && key(two[1].text).is_some() && under()
        })
    };
    let mut runs = runs(lines, |at| parts[at]);
    runs.retain(|run| keys(run) >= FEWEST && keys(run) * 2 >= run.len() && is_nested(run));
    runs
}

/// A key of a line.
#[derive(Clone, Copy)]
struct Key {
    /// Whether no value stands behind it.
    is_open: bool,
    /// Whether the lines set in under it are its value: | or >.
    opens_text: bool,
}

fn key(text: &str) -> Option<Key> {
    /// Letters; longer ones are sentences.
    const LONGEST: usize = 40;
    let text = text.trim_start_matches("- ").trim_start();
    let (name, value) = text.split_once(':')?;
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-./$@*+\"'<>".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric() || "_.\"'/<".contains(c));
    let is_key = begins && name.len() <= LONGEST && name.chars().all(is_of_name);
    let is_set_off = value.is_empty() || value.starts_with(' ');
    let value = value.split(" #").next().unwrap_or_default().trim();
    (is_key && is_set_off).then(|| Key {
        is_open: value.is_empty() || value.starts_with(['&', '|', '>']),
        opens_text: value.starts_with(['|', '>']),
    })
}

/// INI and TOML: `[name]` with `key = value` under it, and comments.
fn sections(lines: &[Line]) -> Vec<Range<usize>> {
    /// Settings of a text, under all its names.
    const FEWEST: usize = 2;
    const MANY: usize = 3;
    let is_name = |line: &Line| {
        let name = line
            .text
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        name.is_some_and(|name| {
            !name.is_empty() && !name.contains(['(', '（', '，']) && name.is_ascii()
        })
    };
    let is_setting = |line: &Line| {
        let setting = line.text.split_once('=');
        setting.is_some_and(|(key, _)| {
            let words = key.split_whitespace().count();
            (1..=3).contains(&words) && key.is_ascii() && !key.contains(['(', '<', ',', '$'])
        })
    };
    // LAMPS=12, without a name over it
    let is_assignment = |line: &Line| {
        let (key, value) = line.text.split_once('=').unwrap_or_default();
        let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        key.len() >= 3 && key.chars().all(is_of_key) && !value.starts_with([' ', '='])
    };
    let is_comment = |line: &Line| line.text.starts_with(['#', ';']);
    let is_continued = |line: &Line| line.indent > 0 && line.gap == 0;
    let part = |at: usize| {
        let line = &lines[at];
        is_name(line) || is_setting(line) || is_comment(line) || is_continued(line)
    };
    let mut runs = runs(lines, part);
    runs.retain(|run| {
        let count =
            |is: &dyn Fn(&Line) -> bool| lines[run.clone()].iter().filter(|l| is(l)).count();
        count(&is_name) > 0 && count(&is_setting) >= FEWEST
            || count(&is_assignment) >= MANY && count(&is_assignment) == count(&is_setting)
    });
    runs
}

/// Makefiles: `what: from what`, with commands under it that a tab sets in; variables and comments around.
fn recipes(lines: &[Line]) -> Vec<Range<usize>> {
    let is_rule = |line: &Line| {
        let rule = line.text.split_once(':');
        line.indent == 0
            && rule.is_some_and(|(made, _)| {
                !made.is_empty() && made.is_ascii() && !made.contains(['"', ','])
            })
    };
    let is_command = |at: usize| {
        let above = (0..at).rev().find(|above| lines[*above].indent == 0);
        lines[at].after_tab
            && lines[at].gap == 0
            && above.is_some_and(|above| is_rule(&lines[above]) && above + 12 > at)
    };
    let commands = (0..lines.len()).filter(|at| is_command(*at)).count();
    let makes = lines.iter().filter(|line| is_rule(line)).count();
    if commands < 2 || makes < 2 {
        return Vec::new();
    }
    let is_variable = |line: &Line| line.text.contains('=') && line.text.is_ascii();
    let is_other =
        |line: &Line| line.text.starts_with(['#', '.', '-']) || line.text.ends_with('\\');
    let mut runs = runs(lines, |at| {
        let line = &lines[at];
        line.after_tab || is_rule(line) || is_variable(line) || is_other(line)
    });
    runs.retain(|run| run.clone().any(is_command));
    runs
}

/// What programs print when they fail: the frames of the stack, what went wrong above or below them.
fn traces(lines: &[Line]) -> Vec<Range<usize>> {
    let is_head = |line: &Line| {
        line.text.starts_with("Traceback (most recent call last)")
            || line.text.starts_with("goroutine ") && line.text.ends_with("]:")
            || line.text.starts_with("Caused by: ")
    };
    let frames: Vec<bool> = lines.iter().map(is_frame).collect();
    let is_part = |at: usize| {
        let line = &lines[at];
        let near = |at: Option<usize>| at.and_then(|at| frames.get(at)).is_some_and(|is| *is);
        let is_close = |at: usize| lines.get(at).is_some_and(|line| line.gap == 0);
        frames[at]
            || is_head(line)
            // the line of the program that a frame shows, a function above its place, what went wrong
            || line.gap == 0 && (near(at.checked_sub(1)) || at > 1 && near(Some(at - 2)) && lines[at - 1].indent > 0)
            || is_close(at + 1) && near(Some(at + 1))
    };
    let mut runs = runs(lines, is_part);
    let has =
        |run: &Range<usize>, is: &dyn Fn(usize) -> bool| run.clone().filter(|at| is(*at)).count();
    runs.retain(|run| {
        let count = has(run, &|at| frames[at]);
        count >= 2 || count == 1 && has(run, &|at| is_head(&lines[at])) > 0
    });
    runs
}

/// Whether a line is a frame of a stack: `at a.b.C.d(C.java:42)`, `File "a.py", line 7, in f`, `/a/b.go:17 +0x39`.
fn is_frame(line: &Line) -> bool {
    let text = line.text;
    let is_set_in = line.indent > 0;
    let is_call = || {
        text.strip_prefix("at ")
            .is_some_and(|call| call.contains(['(', ':', '.']) && !call.ends_with(['.', '!', '?']))
    };
    let is_place = || {
        let place = text.split_whitespace().next().unwrap_or_default();
        let number = place.rsplit(':').next().unwrap_or_default();
        place.contains(['/', '\\', '.'])
            && place.contains(':')
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    };
    is_set_in && (is_call() || is_place())
        || text.starts_with("File \"") && text.contains("\", line ")
        || text.starts_with("... ") && text.ends_with(" more")
}

/// Unified diffs: behind `@@ -1,2 +1,3 @@` lines begin with a space, + or -.
fn patches(lines: &[Line]) -> Vec<Range<usize>> {
    const HEADS: [&str; 8] = [
        "diff --git ",
        "index ",
        "--- ",
        "+++ ",
        "new file mode ",
        "deleted file mode ",
        "rename ",
        "similarity index ",
    ];
    let mut patches = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let is_hunk = |line: &Line| line.text.starts_with("@@ -") && line.text[4..].contains(" @@");
        if !is_hunk(&lines[at]) {
            at += 1;
            continue;
        }
        let is_head = |line: &Line| HEADS.iter().any(|head| line.text.starts_with(head));
        let first = (0..at)
            .rev()
            .take_while(|above| is_head(&lines[*above]))
            .last()
            .unwrap_or(at);
        let is_of_patch = |line: &&Line| {
            line.indent > 0
                || line.text.starts_with(['+', '-', '\\'])
                || is_hunk(line)
                || is_head(line)
        };
        let end = at + 1 + lines[at + 1..].iter().take_while(is_of_patch).count();
        patches.push(first..end);
        at = end;
    }
    patches
}

/// A page of a manual: `NAME(1)` at its head or headings of its own, and all else set in.
fn manual(lines: &[Line]) -> Vec<Range<usize>> {
    const HEADINGS: [&str; 6] = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "EXIT STATUS",
        "SEE ALSO",
    ];
    /// Columns by which text is set in.
    const SET_IN: usize = 4;
    let is_heading = |line: &&Line| line.indent == 0 && HEADINGS.contains(&line.text);
    let is_head = |line: &Line| {
        let mut words = line.text.split_whitespace();
        let (first, last) = (
            words.next().unwrap_or_default(),
            words.next_back().unwrap_or_default(),
        );
        first == last && first.ends_with(')') && first.contains('(') && !line.gaps.is_empty()
    };
    let headings = lines.iter().filter(is_heading).count();
    let is_page = headings >= 2
        || headings >= 1 && lines.first().is_some_and(is_head)
        || lines.first().is_some_and(is_head) && lines.last().is_some_and(|line| line.gap > 0);
    let set_in = lines.iter().filter(|line| line.indent >= SET_IN).count();
    let whole = is_page && set_in * 2 > lines.len();
    whole.then_some(0..lines.len()).into_iter().collect()
}

/// What reStructuredText shows as it is: lines set in under one that ends in `::`.
fn literal(lines: &[Line]) -> Vec<Range<usize>> {
    let opens = |at: &usize| lines[*at].text.ends_with("::");
    let block = |at: usize| {
        let is_set_in = |line: &&Line| line.indent > lines[at].indent;
        at + 1..at + 1 + lines[at + 1..].iter().take_while(is_set_in).count()
    };
    (0..lines.len()).filter(opens).map(block).collect()
}

/// FASTA: `>name` over lines of nothing but the letters of a sequence.
fn sequences(lines: &[Line]) -> Vec<Range<usize>> {
    /// Letters that make a line of a sequence by themselves; the last one may have fewer.
    const FEWEST: usize = 20;
    let is_of_letters = |line: &Line| {
        let is_one = |c: char| c.is_ascii_uppercase() || matches!(c, '*' | '-');
        line.text.chars().all(is_one)
            || line
                .text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let is_name = |at: usize| {
        lines[at].text.starts_with('>')
            && lines
                .get(at + 1)
                .is_some_and(|next| is_of_letters(next) && next.chars >= FEWEST)
    };
    let mut found = Vec::new();
    for at in (0..lines.len()).filter(|at| is_name(*at)) {
        found.push(
            at..at
                + 1
                + lines[at + 1..]
                    .iter()
                    .take_while(|line| is_of_letters(line))
                    .count(),
        );
    }
    found
}

/// `[name]: https://…`
fn definitions(lines: &[Line]) -> Vec<Range<usize>> {
    let is_definition = |at: usize| {
        let name = lines[at]
            .text
            .strip_prefix('[')
            .filter(|name| !name.starts_with('^'));
        let parts = name.and_then(|name| name.split_once("]:"));
        parts.is_some_and(|(name, to)| {
            let to = to.trim_start();
            !name.is_empty()
                && (to.contains("://")
                    || to.starts_with(['/', '.', '#', '<'])
                    || to.starts_with("mailto:"))
        })
    };
    runs(lines, is_definition)
}

/// Lines of a mail that answers another: each begins with >, some with nothing behind it.
fn quoted(lines: &[Line]) -> Vec<Range<usize>> {
    let is_quoted = |at: usize| lines[at].text.starts_with('>');
    let mut runs = runs(lines, is_quoted);
    let is_bare = |line: &Line| line.text.chars().all(|c| c == '>' || c == ' ');
    runs.retain(|run| lines[run.clone()].iter().any(is_bare) && run.len() >= 2);
    runs
}

#[cfg(test)]
mod tests {
    use crate::nature::nature;
    use crate::page::Page;
    use crate::page::nature::Form;
    use crate::segment::segment;

    fn forms(text: &str) -> Vec<Form> {
        let mut page = Page::new("p", text);
        segment(&mut page);
        nature(&page)
            .blocks
            .iter()
            .map(|block| block.form)
            .collect()
    }

    #[test]
    fn structures_of_code_and_data_are_known() {
        for text in [
            "jobs:\n  check:\n    steps:\n      - uses: lamps\n      - name: Count\n        run: |\n          make count",
            "[tower]\nheight = 31\nlog file = /var/log/tower.log\n; by hand\n[bell]\nenabled = no",
            "lamp: lamp.o\n\tcc -o lamp lamp.o\n\nclean:\n\trm -f lamp\n\trm -f *.o",
            "Traceback (most recent call last):\n  File \"lamp.py\", line 7, in light\n    raise Oil(\"none\")\nOil: none",
            "goroutine 1 [running]:\nmain.light(0x0)\n\t/srv/main.go:17 +0x39\nmain.main()\n\t/srv/main.go:9 +0x1d",
            "@@ -1,3 +1,3 @@ lamp\n The lamp\n-is out\n+is lit\n again",
            "NAME\n       lamp - light the lamps of a harbour\n\nDESCRIPTION\n       lamp keeps a list of lamps.\n       It lights them.",
            ">lamp one\nMKTAYIAKQRQISFVKSHFSRQLEERL\nGATTACAGATTACAGATTACA\nGATT",
        ] {
            let all = forms(text);
            assert!(
                all.iter()
                    .all(|form| matches!(form, Form::Code | Form::Data)),
                "{text}\n{all:?}"
            );
        }
    }

    #[test]
    fn prose_and_plays_are_none_of_them() {
        for text in [
            "The keeper said this: nobody came.\n\nNote: the lamp was out.\n\nAnswer: it was not.",
            "Things that we need:\n\n- oil\n- rope\n- salt\n\nThings that we have:\n\n- a bell",
            "HARROW: Who is there?\nREED: Nobody, sir.\nHARROW: Then who rang the bell?\nREED: The wind, sir.",
            "At the harbour (it was noon) nobody stood.\n\nat last he came.",
        ] {
            let all = forms(text);
            assert!(
                !all.iter()
                    .any(|form| matches!(form, Form::Code | Form::Data)),
                "{text}\n{all:?}"
            );
        }
    }
}
