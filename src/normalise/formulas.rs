//! Unwraps LaTeX around plain text: a unit, a percentage, a word in bold.

use super::markup::shifted;
use super::sorts::FORMULA;
use super::{Context, Rule};
use crate::page::Kind;
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade, Span};
use crate::text::chars::is_wide;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Formulas,
    examples: &[
        (
            "码头已有$5G$信号，水深$12\\mathrm{~m}$",
            "码头已有5G信号，水深12 m",
        ),
        (
            "沟道面积 8.56 万 km\\(^2\\)，水温$12^{\\circ}\\mathrm{C}$",
            "沟道面积 8.56 万 km²，水温12°C",
        ),
        ("守塔人${}^{①}$说，增长$10\\%$", "守塔人①说，增长10%"),
        ("\\textbf{渡口}今起夜航，增长10\\%", "渡口今起夜航，增长10%"),
        ("\\section*{二、渡口}", "二、渡口"),
        (
            "$\\mathrm{CO}_{2}$浓度，长$5.2 \\mathrm{~km}$",
            "CO₂浓度，长5.2 km",
        ),
        (
            "设 $x^2 + y^2 = 1$，则 \\(a_1\\) 为正",
            "设 $x^2 + y^2 = 1$，则 \\(a_1\\) 为正",
        ),
        ("票价US$30，高速船收费$40", "票价US$30，高速船收费$40"),
        ("From $5 to $6, or $7M", "From $5 to $6, or $7M"),
        (
            "窗口为$3 \\times 3$，步幅为$2$，占$10\\%$",
            "窗口为$3 \\times 3$，步幅为$2$，占$10\\%$",
        ),
        (
            "as shown in \\[25\\] and \\[4\\]",
            "as shown in \\[25\\] and \\[4\\]",
        ),
        (
            "eliminate $ \\nabla\\times\\mathbf{A}^{T} $ from it",
            "eliminate $ \\nabla\\times\\mathbf{A}^{T} $ from it",
        ),
        (
            "\\documentclass{article} 增长 $10\\%$",
            "\\documentclass{article} 增长 $10\\%$",
        ),
    ],
    grade: Grade::Verified,
    wants: FORMULA,
    find,
};

/// Whether the LaTeX of a page is left over: the page is not a LaTeX source, and most of what is set as formulas is plain text.
pub(super) fn is_left_over(text: &str) -> bool {
    const SOURCE: [&str; 10] = [
        "\\documentclass",
        "\\usepackage",
        "\\begin{",
        "\\cite{",
        "\\ref{",
        "\\label{",
        "\\newcommand",
        "\\section{",
        "LaTeX",
        "latex",
    ];
    let formulas = formulas(text);
    let is_plain = |formula: &Formula| {
        let inside = &text[formula.inside.clone()];
        !formula.is_display
            && (plain(inside).is_some() || inside.bytes().all(|b| b.is_ascii_digit()))
    };
    // of nineteen in twenty plain ones, the others are a recogniser's slips
    let plain = formulas.iter().filter(|formula| is_plain(formula)).count();
    (formulas.len() - plain) * 20 <= formulas.len()
        && !SOURCE.iter().any(|mark| text.contains(mark))
}

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.kind == Kind::Table || context.noise.formulas != Some(true) {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    let formulas = formulas(text);
    for formula in &formulas {
        if let Some(with) = plain(&text[formula.inside.clone()]).filter(|_| !formula.is_display) {
            edits.push(Edit::new(formula.span.clone(), with));
        }
    }
    let is_apart = |at: usize| {
        let after = formulas.partition_point(|formula| formula.span.end <= at);
        formulas
            .get(after)
            .is_none_or(|formula| at < formula.span.start)
    };
    let marks = text.match_indices(['\\', '^', '{']);
    for (at, _) in marks.filter(|(at, _)| is_apart(*at)) {
        if let Some((length, with)) = left_over(text, at) {
            edits.push(Edit::new(at..at + length, with));
        }
    }
    edits
}

/// What a mark outside of formulas was meant for: how many bytes it has, and the plain text.
fn left_over(text: &str, at: usize) -> Option<(usize, String)> {
    let (before, rest) = text.split_at(at);
    let is_after_digit = before.ends_with(|c: char| c.is_ascii_digit());
    match rest.as_bytes()[0] {
        b'\\' if rest.starts_with("\\%") && is_after_digit => Some((2, "%".into())),
        b'\\' => unwrapped(rest, at == 0),
        _ => ["^{\\circ}", "^\\circ", "{}^{\\circ}"]
            .iter()
            .find(|mark| is_after_digit && rest.starts_with(**mark))
            .map(|mark| (mark.len(), "°".into()))
            .or_else(|| note(rest)),
    }
}

struct Formula {
    span: Span,
    inside: Span,
    /// Whether it has lines of its own: $$ or \\[.
    is_display: bool,
}

/// What stands between $ and $, or \( and \), on one line. A space inside dollars or a digit after them means a price.
fn formulas(text: &str) -> Vec<Formula> {
    /// Bytes; beyond, the marks are not each other's.
    const LONGEST: usize = 400;
    let mut found: Vec<Formula> = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(['$', '\\']).map(|p| at + p) {
        let rest = &text[open..];
        let Some((mark, close)) = marks(text, open) else {
            at = open + 1 + usize::from(rest.starts_with("\\$"));
            continue;
        };
        let body = &rest[mark..];
        let mut ends = (0..=body.len().min(LONGEST + close.len())).rev();
        let reach = ends.find(|at| body.is_char_boundary(*at));
        let body = &body[..reach.unwrap_or(0)];
        let line = body.find('\n').filter(|_| mark == 1).unwrap_or(body.len());
        let length = body[..line].find(close);
        let Some(length) = length.filter(|length| (1..=LONGEST).contains(length)) else {
            at = open + mark;
            continue;
        };
        let inside = open + mark..open + mark + length;
        let end = inside.end + close.len();
        if close == "$" && is_price(&text[inside.clone()], &text[end..]) {
            at = open + 1;
        } else {
            found.push(Formula {
                span: open..end,
                inside,
                is_display: matches!(close, "$$" | "\\]"),
            });
            at = end;
        }
    }
    found
}

/// The length of the mark that opens a formula there, and the mark that closes it.
fn marks(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let (before, rest) = text.split_at(at);
    // US$, A$, 5$, \$
    let is_money =
        || before.ends_with(|c: char| c.is_ascii_alphanumeric() && !c.is_lowercase() || c == '\\');
    let double = [("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$")];
    match double.iter().find(|(open, _)| rest.starts_with(open)) {
        Some((open, close)) => Some((open.len(), close)),
        None if rest.starts_with('$') && !is_money() => Some((1, "$")),
        None => None,
    }
}

/// Whether what two dollars have between them is no formula.
fn is_price(inside: &str, after: &str) -> bool {
    !inside.contains(['\\', '^', '_', '{'])
        && (inside.starts_with(' ')
            || inside.ends_with([' ', ',', '-', '，'])
            || after.starts_with(|c: char| c.is_ascii_digit()))
}

/// \textbf{渡口}: a command around text, and what it is without it.
fn unwrapped(text: &str, begins: bool) -> Option<(usize, String)> {
    const AROUND: [&str; 8] = [
        "\\textbf{",
        "\\textit{",
        "\\emph{",
        "\\underline{",
        "\\textrm{",
        "\\text{",
        "\\mathrm{",
        "\\mathbf{",
    ];
    const HEADS: [&str; 4] = [
        "\\section*{",
        "\\subsection*{",
        "\\subsubsection*{",
        "\\title{",
    ];
    let around = AROUND
        .iter()
        .chain(HEADS.iter().filter(|_| begins))
        .find(|around| text.starts_with(**around))?;
    let length = text[around.len()..].find(['{', '}', '\\', '\n', '$', '_', '^'])?;
    let inside = &text[around.len()..around.len() + length];
    let is_closed = text[around.len() + length..].starts_with('}') && !inside.trim().is_empty();
    is_closed.then(|| (around.len() + length + 1, inside.replace('~', " ")))
}

/// ${}^{①}$, ^{[2]}: a note's mark.
fn note(text: &str) -> Option<(usize, String)> {
    let rest = text.trim_start_matches("{}").strip_prefix("^{")?;
    let lead = text.len() - rest.len();
    let length = rest.find('}').filter(|length| *length <= 9)?;
    let inside = &rest[..length];
    let is_mark = inside
        .chars()
        .all(|c| matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '*' | '※'));
    let is_number = inside.starts_with(['[', '［', '〔']) && inside.ends_with([']', '］', '〕']);
    (!inside.is_empty() && (is_mark || is_number)).then(|| (lead + length + 1, inside.to_string()))
}

// ---- what a formula says, if it is plain text

/// Units that are set in formulas.
const UNITS: [&str; 42] = [
    "m", "km", "cm", "mm", "nm", "dm", "s", "ms", "h", "min", "d", "g", "kg", "mg", "t", "L", "mL",
    "ml", "V", "kV", "W", "kW", "MW", "GW", "A", "mA", "Hz", "kHz", "MHz", "GHz", "Pa", "kPa",
    "MPa", "J", "kJ", "K", "C", "F", "mol", "kWh", "hm", "dB",
];

/// The content of a formula as plain text: words of wide characters or numbers with their unit, no variables.
fn plain(formula: &str) -> Option<String> {
    if formula.chars().count() > 60 {
        return None;
    }
    let mut rest = formula.trim();
    if let Some((_, mark)) = note(rest).filter(|(length, _)| *length == rest.len()) {
        return Some(mark);
    }
    let mut said = String::new();
    let mut upright = false; // what stands last was set as text, not as variables
    while !rest.is_empty() {
        if let Some(math) = rest.strip_prefix('^') {
            let (inside, after) = group(math)?;
            rest = after;
            match inside {
                "\\circ" => said.push('°'),
                _ if ends_in_unit(&said) || said.is_empty() => said += &shifted(inside, "sup")?,
                _ => return None,
            }
        } else if let Some(math) = rest.strip_prefix('_').filter(|_| upright) {
            let (inside, after) = group(math)?;
            rest = after;
            said += &shifted(inside, "sub")?;
        } else if let Some((length, text)) = unwrapped(rest, false) {
            said += text.trim_start_matches(|c| c == ' ' && said.is_empty());
            rest = &rest[length..];
            upright = true;
        } else if let Some((mark, text)) = SIGNS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            said += text;
            rest = &rest[mark.len()..];
            if mark.ends_with(char::is_alphabetic) {
                rest = rest.trim_start();
            }
        } else {
            let c = rest.chars().next().filter(|c| is_of_plain_text(*c))?;
            said.push(c);
            rest = &rest[c.len_utf8()..];
            upright = false;
        }
    }
    is_plain(&said, formula).then(|| said.replace("  ", " "))
}

/// Whether a character means the same in a formula and out of it.
fn is_of_plain_text(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_wide(c) || matches!(c, '.' | '%' | '℃' | '°' | ' ' | '①'..='⑳')
}

/// What signs say in plain text.
const SIGNS: [(&str, &str); 11] = [
    ("{}", ""),
    ("\\%", "%"),
    ("\\&", "&"),
    ("\\,", " "),
    ("\\;", " "),
    ("\\ ", " "),
    ("\\!", ""),
    ("~", " "),
    ("\\pm", "±"),
    ("\\circ", "°"),
    ("\\quad", " "),
];

/// 2, {2}: what ^ and _ take, and what follows.
fn group(math: &str) -> Option<(&str, &str)> {
    if let Some(inside) = math.strip_prefix('{') {
        let (inside, rest) = inside.split_once('}')?;
        return Some((inside, rest));
    }
    let command = math
        .strip_prefix('\\')
        .map(|name| 1 + name.bytes().take_while(u8::is_ascii_alphabetic).count());
    let length = command.unwrap_or(math.chars().next()?.len_utf8());
    Some(math.split_at(length))
}

fn ends_in_unit(said: &str) -> bool {
    let letters = said.len()
        - said
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .len();
    UNITS.contains(&&said[said.len() - letters..]) && letters > 0
}

/// Numbers, numbers with units and letters after them (5G, 3D), text that was set as text; not a letter alone.
fn is_plain(said: &str, formula: &str) -> bool {
    let said = said.trim();
    if said.is_empty() || said.chars().any(is_wide) {
        return !said.is_empty();
    }
    let set_as_text = formula.contains("\\text") || formula.contains("\\mathrm");
    let mut words = said
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|w| !w.is_empty());
    let is_code =
        |word: &str| word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let numbered = said.starts_with(|c: char| c.is_ascii_digit()) || said.starts_with(['±', '°']);
    let raised = said.chars().all(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(c));
    raised
        || set_as_text
        || numbered
            && words
                .all(|w| UNITS.contains(&w) && w.len() > 1 || is_code(w) || is_sole_unit(w, said))
}

/// 12 m, 3 h: a unit of one small letter counts only after a space, or it would be a factor.
fn is_sole_unit(word: &str, said: &str) -> bool {
    UNITS.contains(&word) && said.ends_with(&format!(" {word}"))
}
