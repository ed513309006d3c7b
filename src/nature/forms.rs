//! Judges what form each line of a page has, by what it is made of and by its neighbours. Each question takes the lines
//! that those before it left open; what is never asked about is prose.

use super::Judged;
use super::chars::{Ascii, AsciiSign};
use super::line::{Begins, Line};
use super::marker::{Marker, Style};
use super::structures::structures;
use super::wrap::{Around, Pair};
use crate::page::Kind;
use crate::page::nature::Form;
use crate::text::sentence::Ending;
use std::collections::HashMap;

/// Columns from which on Markdown takes a line for code, and no longer for a heading (CommonMark 0.31, §4.4).
const SET_IN: usize = 4;

/// What shows before it is known which lines a column broke, and which lines are items of lists.
pub(super) fn judge(lines: &[Line], markdown: bool) -> (Vec<Judged>, Vec<bool>) {
    let mut forms: Vec<Judged> = lines.iter().map(told).collect();
    front_matter(lines, &mut forms);
    data(lines, &mut forms);
    code(lines, &mut forms, markdown);
    structures(lines, &mut forms, markdown);
    running_heads(lines, &mut forms);
    tables(lines, &mut forms);
    formulas(lines, &mut forms);
    dialogue(lines, &mut forms, markdown);
    let items = items(lines, &forms);
    headings(lines, &mut forms, &items);
    (forms, items)
}

/// The fields before a text: `title: …` and the like between lines of hyphens, as static sites have them.
fn front_matter(lines: &[Line], forms: &mut [Judged]) {
    /// Lines, chosen by eye.
    const LONGEST: usize = 60;
    let is_fence = |line: &Line| line.text == "---";
    let Some(end) = lines.iter().take(LONGEST).skip(1).position(is_fence) else {
        return;
    };
    let fields = &lines[1..=end];
    let is_field = |line: &&Line| {
        let key = line.text.split(": ").next().unwrap_or_default();
        let key = key.strip_suffix(':').unwrap_or(key);
        key.len() < line.text.len()
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    if is_fence(&lines[0]) && fields.iter().filter(is_field).count() * 2 > fields.len() {
        forms[..end + 2].fill(Some((Form::Data, "the fields before a text")));
    }
}

/// What segmentation knows already.
fn told(line: &Line) -> Judged {
    match line.kind {
        Kind::Table => Some((Form::Table, "rows of cells")),
        Kind::Code => Some((Form::Code, "a fence or a comment")),
        Kind::Masthead => Some((Form::Furniture, "a masthead")),
        Kind::Byline | Kind::Credit | Kind::Jump | Kind::Dateline => {
            Some((Form::Furniture, "a byline, a credit or a jump note"))
        }
        Kind::Caption => Some((Form::Furniture, "a caption")),
        _ if line.letters == 0 && line.digits == 0 => Some((Form::Furniture, "no letters")),
        _ if is_row_of_contents(line) => Some((Form::Table, "a leader and a number at its end")),
        _ => None,
    }
}

/// Whether it is a row of a table of contents: a title, a leader of points, and a page.
fn is_row_of_contents(line: &Line) -> bool {
    /// Three are an ellipsis.
    const FEWEST: usize = 4;
    let is_of_leader =
        |c: char| matches!(c, '.' | '·' | '…' | '‥' | '．' | '・' | '_') || c.is_whitespace();
    let before = line.text.trim_end_matches(|c: char| c.is_ascii_digit());
    if before.len() == line.text.len() || !before.ends_with(is_of_leader) {
        return false;
    }
    let title = before.trim_end_matches(is_of_leader);
    let points = before[title.len()..].chars().map(|c| match c {
        '…' => 3,
        '‥' => 2,
        _ => usize::from(!c.is_whitespace()),
    });
    !title.is_empty() && points.sum::<usize>() >= FEWEST
}

/// Whether most of the lines near a line are so. Those that say nothing (`None`) do not count.
fn most_around(votes: &[Option<bool>], reach: usize, share: f32, fewest: usize) -> Vec<bool> {
    if !votes.contains(&Some(true)) {
        return vec![false; votes.len()];
    }
    let mut sums = vec![(0usize, 0usize)];
    for vote in votes {
        let (yes, all) = sums[sums.len() - 1];
        sums.push((
            yes + usize::from(*vote == Some(true)),
            all + usize::from(vote.is_some()),
        ));
    }
    (0..votes.len())
        .map(|at| {
            let (low, high) = (
                sums[at.saturating_sub(reach)],
                sums[(at + reach + 1).min(votes.len())],
            );
            let (yes, all) = (high.0 - low.0, high.1 - low.1);
            yes >= fewest && yes as f32 >= share * all as f32
        })
        .collect()
}

/// Rows of a log, of a table of fields, of subtitles.
fn data(lines: &[Line], forms: &mut [Judged]) {
    const REACH: usize = 8;
    let times = lines.iter().filter(|l| l.subtitle_time).count();
    if times >= 2 && times * 12 >= lines.len() {
        forms.fill(Some((Form::Data, "subtitles with their times")));
        return;
    }
    let shapes: Vec<u64> = lines.iter().map(|l| l.shape).collect();
    let rows = most_around(&recurring(lines, &shapes, REACH), REACH, 0.6, 4);
    let fields = separated_alike(lines, REACH);
    for at in 0..lines.len() {
        if matches!(forms[at], Some((Form::Table | Form::Code, _))) {
            continue;
        }
        if rows[at] {
            forms[at] = Some((Form::Data, "rows that begin alike, with numbers"));
        } else if fields[at] {
            forms[at] = Some((Form::Data, "fields with one separator"));
        }
    }
}

/// For each line whether its value, unless that is 0, is that of three different lines nearby: a line over and over is one
/// row, whatever it looks like.
fn recurring(lines: &[Line], values: &[u64], reach: usize) -> Vec<Option<bool>> {
    let recurs_at = |at: usize| {
        let near = at.saturating_sub(reach)..values.len().min(at + reach + 1);
        let alike = near.filter(|other| values[*other] == values[at]);
        let mut rows: Vec<&str> = alike.map(|other| lines[other].text).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.len() >= 3
    };
    (0..values.len())
        .map(|at| Some(values[at] != 0 && recurs_at(at)))
        .collect()
}

/// Which lines are rows whose fields have the separator of those around, or of the whole page.
fn separated_alike(lines: &[Line], reach: usize) -> Vec<bool> {
    const QUOTED: AsciiSign = AsciiSign::of(",\"");
    let is_row = rows_of_fields(lines, reach);
    let fields: Vec<u64> = (lines.iter().zip(&is_row))
        .map(|(line, is_row)| match line.separators {
            (separator, count) if *is_row => u64::from(u32::from(separator)) << 16 | count as u64,
            _ => 0,
        })
        .collect();
    let near = most_around(&recurring(lines, &fields, reach), reach, 0.7, 4);
    let separated = || lines.iter().filter(|l| l.separators.1 > 0);
    let commas = separated().filter(|l| l.separators.0 == ',').count();
    let quoted = separated().filter(|l| l.has(QUOTED)).count();
    let all_same = lines.len() >= 3
        && lines.iter().all(|l| l.separators == lines[0].separators)
        && is_row.iter().all(|is_row| *is_row);
    let all = all_same || quoted * 4 > commas.max(8) && quoted * 4 > lines.len();
    near.into_iter().map(|near| near || all).collect()
}

/// Whether each line may be a row of fields: it has separators, and is not a sentence that happens to have as many commas
/// as its neighbours, where Chinese is set with half-width ones. Rows that end as sentences share their first field with
/// a row near by, or begin with a number.
fn rows_of_fields(lines: &[Line], reach: usize) -> Vec<bool> {
    let shares_its_first_field = |at: usize| {
        let near = at.saturating_sub(reach)..lines.len().min(at + reach + 1);
        near.into_iter()
            .any(|other| other != at && lines[other].first_field == lines[at].first_field)
    };
    let first_field_is_a_number = |line: &Line| {
        let first = line.text.split(line.separators.0).next();
        first.is_some_and(|field| field.chars().all(|c| c.is_ascii_digit()))
    };
    (0..lines.len())
        .map(|at| {
            let line = &lines[at];
            line.separators.1 > 0
                && (line.ending != Ending::Sentence
                    || !matches!(line.separators.0, ',' | ';')
                    || first_field_is_a_number(line)
                    || shares_its_first_field(at))
        })
        .collect()
}

/// Lines of programs.
fn code(lines: &[Line], forms: &mut [Judged], markdown: bool) {
    const REACH: usize = 5;
    let is_free = |form: Judged| form.is_none_or(|(form, _)| form == Form::Furniture);
    let votes: Vec<Option<bool>> = (lines.iter().zip(&*forms))
        .map(|(line, form)| is_free(*form).then_some(line.code >= 2))
        .collect();
    let near = most_around(&votes, REACH, 0.5, 3);
    let whole = is_program(lines, &votes);
    let preformatted = preformatted(lines);
    for (at, line) in lines.iter().enumerate() {
        let is_headline = markdown
            && line.kind == Kind::Headline
            && line.indent < SET_IN
            && line.text.starts_with("# ")
            && !line.text.is_ascii();
        if !is_free(forms[at]) || is_headline {
            continue;
        }
        let after_code = || at > 0 && matches!(forms[at - 1], Some((Form::Code, _)));
        let is_set_in = || {
            line.indent >= SET_IN
                && line.marker.is_none()
                && (at == 0 || line.gap > 0 || after_code())
                && !follows_item(lines, at)
        };
        let why = if whole {
            "the page is a program"
        } else if preformatted[at] {
            "HTML says that it is preformatted"
        } else if near[at] && line.code >= 1 || line.code >= 3 {
            "lines of a program"
        } else if markdown && is_set_in() {
            "set in by four columns in Markdown"
        } else {
            continue;
        };
        forms[at] = Some((Form::Code, why));
    }
}

/// Whether enough lines look like code for all to be code.
fn is_program(lines: &[Line], votes: &[Option<bool>]) -> bool {
    let all = votes.iter().flatten().count();
    let yes = votes.iter().flatten().filter(|vote| **vote).count();
    let one_in = if begins_as_a_program(lines) { 8.0 } else { 2.5 };
    yes as f32 * one_in >= all as f32 && yes >= 3
}

/// Whether the page opens as a source file does: an interpreter's line, an encoding, what it imports.
fn begins_as_a_program(lines: &[Line]) -> bool {
    const HEAD: usize = 40;
    let is_of_one = |line: &&Line| {
        let text = line.text;
        let imports = |word: &str, with: &str| text.starts_with(word) && text.contains(with);
        text.starts_with("#!/")
            || imports("#", "-*- coding")
            || imports("#include", "<")
            || imports("#include", "\"")
            || text.starts_with("<?php")
            || imports("from ", " import ")
            || imports("import ", ";")
            || imports("using ", ";")
            || imports("package ", ";")
            || text
                .strip_prefix("import ")
                .is_some_and(|rest| !rest.contains(' '))
    };
    lines.iter().take(HEAD).filter(is_of_one).count() > 0
}

/// The lines between `<pre>` and `</pre>`.
fn preformatted(lines: &[Line]) -> Vec<bool> {
    const OPENS: AsciiSign = AsciiSign::of("<pre");
    const CLOSES: AsciiSign = AsciiSign::of("</pre>");
    let mut inside = false;
    let of_line = |line: &Line| {
        let last = |sign: AsciiSign| line.has(sign).then(|| line.text.rfind(sign.text)).flatten();
        let (opens, closes) = (last(OPENS), last(CLOSES));
        let is_in = inside || opens.is_some();
        inside = opens > closes || inside && closes.is_none();
        is_in
    };
    lines.iter().map(of_line).collect()
}

/// In Markdown, text set in under an item is the item's.
fn follows_item(lines: &[Line], at: usize) -> bool {
    lines[at.saturating_sub(12)..at]
        .iter()
        .rev()
        .take_while(|l| l.kind != Kind::Headline)
        .any(|l| l.marker.is_some() && l.indent < lines[at].indent)
}

/// Rows whose fields stand under one another.
fn tables(lines: &[Line], forms: &mut [Judged]) {
    let is_row = |at: usize| -> bool {
        let around = at.saturating_sub(3)..lines.len().min(at + 4);
        let most = lines[at].gaps.len();
        // two thirds of its gaps, and half of the other's: text with two spaces after every other word has them everywhere
        let is_aligned = |other: usize| {
            let shared = gaps_in_common(&lines[at], &lines[other]);
            shared * 3 >= most * 2 && shared * 2 >= lines[other].gaps.len()
        };
        let aligned = around.filter(|other| *other != at && is_aligned(*other));
        most >= 1 && aligned.count() >= 2
    };
    let rows: Vec<bool> = (0..lines.len())
        .map(|at| lines[at].ending != Ending::Sentence && is_row(at))
        .collect();
    for at in 0..lines.len() {
        if forms[at].is_none() && rows[at] {
            forms[at] = Some((Form::Table, "gaps under one another"));
        }
    }
}

/// How many gaps of a line are over or under one of the other.
fn gaps_in_common(line: &Line, other: &Line) -> usize {
    let is_near = |one: usize, other: usize| one.abs_diff(other) <= 1;
    let has = |column: usize| {
        let mut gaps = other.gaps.iter();
        gaps.any(|gap| is_near(column, *gap + other.indent))
    };
    let gaps = line.gaps.iter().filter(|gap| has(**gap + line.indent));
    gaps.count()
}

/// Lines that are mathematics.
fn formulas(lines: &[Line], forms: &mut [Judged]) {
    let mut inside = false;
    for at in 0..lines.len() {
        let text = lines[at].text;
        let opens = text.starts_with("$$")
            || text.starts_with("\\[") && !text.contains("\\]")
            || text.starts_with("\\begin{");
        let closes = text.ends_with("$$") && (text.len() > 2 || inside)
            || text.ends_with("\\]")
            || text.starts_with("\\end{");
        let is_formula = inside || opens || is_mostly_signs(&lines[at]);
        inside = (inside || opens) && !closes;
        if forms[at].is_none() && is_formula && lines[at].ending != Ending::Sentence {
            forms[at] = Some((Form::Formula, "signs of a formula"));
        }
    }
}

/// Whether a formula's signs are more than its words.
fn is_mostly_signs(line: &Line) -> bool {
    if !line.ascii.has_any(const { Ascii::of("\\=") }) {
        return false;
    }
    let count = |byte: u8| match byte {
        b'\\' => 4,
        b'^' | b'_' | b'=' | b'{' | b'}' | b'+' | b'<' | b'>' => 1,
        _ => 0,
    };
    let tex: usize = line.text.bytes().map(count).sum();
    tex * 4 > line.chars && line.han * 9 < line.chars
}

/// Which lines are items of lists: others near them go on counting, or begin with the same bullet.
fn items(lines: &[Line], forms: &[Judged]) -> Vec<bool> {
    /// Lines of other text between two items.
    const REACH: usize = 12;
    let mut items = vec![false; lines.len()];
    let marked = marked(lines, forms);
    for (place, (at, marker)) in marked.iter().enumerate() {
        if is_item_alone(&lines[*at], *marker) {
            items[*at] = true;
        }
        let mut others = marked[place + 1..]
            .iter()
            .take(REACH)
            .take_while(|(other, _)| other - at <= 3 * REACH);
        if let Some((next, _)) = others.find(|(_, next)| next.follows(*marker)) {
            items[*at] = true;
            items[*next] = true;
        }
    }
    items
}

/// The lines of no form yet that begin as items do.
fn marked(lines: &[Line], forms: &[Judged]) -> Vec<(usize, Marker)> {
    let is_of_item =
        |marker: &Marker| !matches!(marker.style, Style::Dash | Style::Speaker | Style::Quoted);
    (0..lines.len())
        .filter(|at| forms[*at].is_none())
        .filter_map(|at| Some((at, lines[at].marker.filter(is_of_item)?)))
        .collect()
}

/// Whether a line is an item by its mark alone: an article of a statute, a bullet that is set in, or options on one line
/// (A. 1 B. 2 C. 3).
fn is_item_alone(line: &Line, marker: Marker) -> bool {
    const SECOND: [&str; 6] = ["B.", "B．", "B、", "(B)", "（B）", "B)"];
    let has_options = || SECOND.iter().any(|second| line.text.contains(second));
    marker.style == Style::Article
        || line.kind == Kind::List && line.indent > 0
        || matches!(marker.style, Style::Letter(..)) && marker.value == 1 && has_options()
}

/// Speeches: names that recur at the heads of lines, or dashes.
fn dialogue(lines: &[Line], forms: &mut [Judged], markdown: bool) {
    let names = cast(lines);
    let is_speech = |line: &Line, value: u64| {
        let names = names.as_ref();
        names.is_some_and(|names| names[&value] >= 2 || line.gap > 0)
    };
    let hyphens_speak = !markdown && do_hyphens_speak(lines);
    let is_dash = |line: &&Line| line.marker.is_some_and(|m| m.style == Style::Dash);
    let dashes = lines.iter().filter(is_dash).count();
    let mut speaking = false;
    for (at, line) in lines.iter().enumerate() {
        if forms[at].is_some() {
            speaking = false;
            continue;
        }
        let why = match line.marker.map(|marker| (marker.style, marker.value)) {
            Some((Style::Speaker, value)) if is_speech(line, value) => {
                speaking = true;
                "names that recur at the heads of lines"
            }
            Some((Style::Bullet('-'), _)) if hyphens_speak => "a dash that opens speech",
            Some((Style::Dash, _)) if dashes >= 2 || line.letters > 0 => "a dash that opens speech",
            // what is said goes on under the name
            _ if speaking && line.gap == 0 => "what is said under a name",
            _ => {
                speaking = false;
                continue;
            }
        };
        forms[at] = Some((Form::Dialogue, why));
    }
}

/// How often each name stands at the head of a line, if the page is a play.
fn cast(lines: &[Line]) -> Option<HashMap<u64, usize>> {
    let mut names: HashMap<u64, usize> = HashMap::new();
    let markers = lines.iter().filter_map(|line| line.marker);
    for speaker in markers.filter(|marker| marker.style == Style::Speaker) {
        *names.entry(speaker.value).or_default() += 1;
    }
    let again = || names.values().filter(|times| **times >= 2);
    let (cast, speeches) = (again().count(), again().sum::<usize>());
    let is_play = cast >= 2 && speeches >= 6 && speeches * 10 >= lines.len();
    is_play.then_some(names)
}

/// Whether hyphens open speech rather than items: items end as they like, speech in full stops.
fn do_hyphens_speak(lines: &[Line]) -> bool {
    let is_hyphen = |line: &&Line| line.marker.is_some_and(|m| m.style == Style::Bullet('-'));
    let hyphens = || lines.iter().filter(is_hyphen);
    let ended = hyphens().filter(|l| l.ending == Ending::Sentence && l.begins != Begins::Small);
    ended.count() * 2 > hyphens().count()
}

/// Lines over text that say what it is about.
fn headings(lines: &[Line], forms: &mut [Judged], items: &[bool]) {
    for at in 0..lines.len() {
        if forms[at].is_none()
            && let Some(why) = why_heading(lines, at, items[at])
        {
            forms[at] = Some((Form::Heading, why));
        }
    }
}

fn why_heading(lines: &[Line], at: usize, is_item: bool) -> Option<&'static str> {
    let line = &lines[at];
    let apart = at == 0 || line.gap > 0;
    let apart_below = lines.get(at + 1).is_none_or(|next| next.gap > 0);
    let short = line.width <= 60 && !matches!(line.ending, Ending::Clause);
    let numbered = is_numbered_chapter(line.text);
    let opens_chapter = numbered && line.inner_marks == 0 && line.ending == Ending::Open
        || apart && short && is_chapter(line);
    if line.kind == Kind::Headline {
        Some("a headline")
    } else if is_item && !numbered {
        None
    } else if short && opens_chapter {
        Some("a chapter's number")
    } else if short && apart && (apart_below || line.width < 40) && is_in_capitals(line) {
        Some("capitals on a line of its own")
    } else if (1..=6).contains(&line.letters) && apart && apart_below && is_roman(line.text) {
        Some("a number on a line of its own")
    } else {
        None
    }
}

/// Chapter 3, Глава 3
fn is_chapter(line: &Line) -> bool {
    const CHAPTERS: [&str; 14] = [
        "chapter ",
        "book ",
        "part ",
        "act ",
        "scene ",
        "canto ",
        "глава ",
        "часть ",
        "kapitel ",
        "caput ",
        "liber ",
        "capítulo ",
        "capitulo ",
        "chapitre ",
    ];
    line.script.has_capitals() && CHAPTERS.iter().any(|c| begins_in_small(line.text, c))
}

/// 第十二章
fn is_numbered_chapter(text: &str) -> bool {
    let is_unit = |c| matches!(c, '章' | '回' | '卷' | '节' | '節' | '編' | '部' | '篇');
    text.starts_with('第') && text.chars().take(9).any(is_unit)
}

fn is_in_capitals(line: &Line) -> bool {
    line.script.has_capitals() && line.letters >= 3 && !line.text.chars().any(char::is_lowercase)
}

/// Whether a text begins so, once its capitals are small letters.
fn begins_in_small(text: &str, small: &str) -> bool {
    let mut lower = text.chars().flat_map(char::to_lowercase);
    small.chars().all(|c| lower.next() == Some(c))
}

fn is_roman(text: &str) -> bool {
    text.trim_end_matches('.')
        .chars()
        .all(|c| "IVXLC".contains(c))
}

/// Heads of pages that recur, and their numbers, beside form feeds.
fn running_heads(lines: &[Line], forms: &mut [Judged]) {
    let tops: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].new_page || *at == 0)
        .collect();
    if tops.len() < 2 {
        return;
    }
    let mut heads: HashMap<String, usize> = HashMap::new();
    for at in &tops {
        *heads.entry(lines[*at].masked()).or_default() += 1;
    }
    let is_number = |at: &usize| lines[*at].is_page_number();
    let recurs = |at: usize| lines[at].letters > 0 && heads[&lines[at].masked()] >= 2;
    let mut furniture: Vec<usize> = Vec::new();
    for at in tops {
        furniture.extend(at.checked_sub(1).filter(is_number));
        furniture.extend((recurs(at) || is_number(&at)).then_some(at));
    }
    furniture.extend(lines.len().checked_sub(1).filter(is_number));
    for at in furniture {
        forms[at].get_or_insert((Form::Furniture, "heads and numbers of pages"));
    }
}

/// Lines that are the writer's own.
pub(super) fn verse(
    lines: &[Line],
    pairs: &[Pair],
    arounds: &[Around],
    wrapped: &[bool],
    items: &[bool],
    forms: &mut [Judged],
) {
    for at in 0..lines.len() {
        if forms[at].is_some() || items[at] || wrapped[at] {
            continue;
        }
        let before = at > 0 && pairs[at - 1].near;
        if !before && !pairs[at].near {
            continue;
        }
        let around = match pairs[at].near {
            true => &arounds[at],
            false => &arounds[at - 1],
        };
        let Some(why) = why_verse(&lines[at], around) else {
            continue;
        };
        forms[at] = Some((Form::Verse, why));
    }
}

/// What a line and those around it say for verse, if they are short.
fn why_verse(line: &Line, around: &Around) -> Option<&'static str> {
    /// Columns: what is longer on average is prose, a paragraph a line.
    const LONGEST: f32 = 62.0;
    const LONGEST_WIDE: f32 = 40.0;
    let wide = line.is_wide();
    let longest = if wide { LONGEST_WIDE } else { LONGEST };
    if around.pairs < 3 || around.mean > longest || line.width as f32 > longest * 1.6 {
        return None;
    }
    let verse = around.verse(wide);
    if around.rhymes > 0.25 && !wide {
        Some("short lines that rhyme")
    } else if around.capital > 0.75 && around.open >= 4 {
        Some("short lines that begin with capitals")
    } else if verse >= 1.0 && around.marks * 6 >= around.pairs {
        Some("short lines that end where clauses end")
    } else if around.mean <= if wide { 30.0 } else { 50.0 } && !around.is_wrapped(wide) {
        Some("short lines that no column's edge broke")
    } else {
        None
    }
}

/// Lines one under another on a page that was read with the places of its lines: those of a paragraph are joined already,
/// but where a hyphen stands between them.
pub(super) fn own_lines(lines: &[Line], items: &[bool], forms: &mut [Judged]) {
    let is_own = |at: usize| lines.get(at).is_some_and(|l| l.gap == 0) && !lines[at - 1].is_cut();
    for at in 0..lines.len() {
        if forms[at].is_none() && (at > 0 && is_own(at) || is_own(at + 1)) {
            let form = if items[at] { Form::List } else { Form::Verse };
            forms[at] = Some((form, "lines that end before the column does"));
        }
    }
}

/// Whether marks of Markdown are meant: several of its signs stand on the page, and it is no program.
pub(super) fn is_markdown(lines: &[Line]) -> bool {
    const LINK: AsciiSign = AsciiSign::of("](");
    const STRONG: AsciiSign = AsciiSign::of("**");
    let count = |is: &dyn Fn(&Line) -> bool| lines.iter().filter(|l| is(l)).count();
    let programs = count(&|l| l.code >= 1 && l.kind != Kind::Code);
    let headings = count(&is_heading_in_markdown);
    // ## and text: one # alone may be a number sign or a comment's
    let subheadings = count(&|l| {
        let title = l.text.trim_start_matches('#').trim_start();
        let begins = l.text.starts_with("##") && title.starts_with(char::is_alphabetic);
        begins && is_heading_in_markdown(l)
    });
    let fences = count(&|l| l.kind == Kind::Code && l.text.starts_with("```"));
    let links = count(&|l| l.has(LINK) && l.text.contains(')'));
    let is_bold = |text: &str| text.matches("**").count() >= 2 && !text.contains("****");
    let bold = count(&|l| l.ascii.has_all(STRONG.ascii) && is_bold(l.text));
    let rows = count(&|l| l.kind == Kind::Table && l.text.starts_with('|'));
    let signs = [headings, fences * 2, links, bold, rows];
    let signs = signs.iter().filter(|n| **n > 0).count();
    !are_comments(lines, headings, programs)
        && (signs >= 2
            || headings >= 2
            || fences >= 1
            || subheadings >= 1 && programs == 0
            || headings == 1 && lines.first().is_some_and(|l| l.text.starts_with("# ")))
}

fn is_heading_in_markdown(line: &Line) -> bool {
    let title = line.text.trim_start_matches('#');
    line.indent < SET_IN && title.len() < line.text.len() && title.starts_with(' ')
}

/// Whether what looks like headings are comments of a program: # begins one there, and comments of several lines are usual.
fn are_comments(lines: &[Line], headings: usize, programs: usize) -> bool {
    let pairs = lines.windows(2);
    let in_a_row = pairs.filter(|two| two.iter().all(is_heading_in_markdown));
    headings > 0 && programs * 2 > lines.len() || in_a_row.count() * 2 > headings
}
