//! A line of a page as the questions about its nature look at it: measured once.

use super::chars::{Ascii, AsciiSign, TABLE, columns};
use super::marker::{Marker, Style};
use crate::page::{Block, Kind, Page};
use crate::text::chars::is_wide;
use crate::text::script::{Letters, Script};
use crate::text::sentence::{Ending, ending, is_quote, never_begins, without_openers};
use xxhash_rust::xxh3::xxh3_64;

/// How a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    Capital,
    Small,
    /// A letter of a script without capitals.
    Letter,
    Digit,
    /// A mark that a line breaker never puts there: what stands before it is missing.
    Torn,
    Mark,
}

#[derive(Debug)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub kind: Kind,
    /// Empty lines before it.
    pub gap: usize,
    /// White space before it, in columns.
    pub indent: usize,
    /// Columns that the text takes: two a character of full-width text.
    pub width: usize,
    pub chars: usize,
    /// Letters of any script, and those of Han script.
    pub letters: usize,
    pub han: usize,
    pub script: Script,
    pub ending: Ending,
    pub begins: Begins,
    pub marker: Option<Marker>,
    /// Columns of what may not be divided from its head: the first word, or a character and the mark after it.
    pub first_word: usize,
    /// Marks that end clauses or sentences, but the one at the end.
    pub inner_marks: usize,
    /// Places where a line might have been broken: between words, or between characters of full-width text.
    pub places: usize,
    pub digits: usize,
    /// How much it looks like a line of a program: 2 is enough.
    pub code: u8,
    /// What rows of a log share: the shape of the line's head; 0, if there are no two numbers in it.
    pub shape: u64,
    /// The separator that divides it into most fields, and how many there are besides the first.
    pub separators: (char, usize),
    /// The hash of its first field, if it has several: what rows of one table may share.
    pub first_field: u64,
    /// The last letters, by which lines rhyme; 0, if it ends in none.
    pub sound: u64,
    /// Wide gaps inside it, by their columns' ends.
    pub gaps: Vec<usize>,
    pub subtitle_time: bool,
    /// Which characters of ASCII it has.
    pub ascii: Ascii,
    /// Whether it has quotation marks or brackets of Chinese text.
    pub brackets: bool,
    /// Whether a form feed stands before it.
    pub new_page: bool,
    /// Whether a tab sets it in.
    pub after_tab: bool,
}

impl<'a> Line<'a> {
    /// The line of a block, and its letters by script.
    pub(super) fn of(page: &'a Page, block: &Block) -> (Self, Letters) {
        let whole = &page.text()[block.span.clone()];
        let text = whole.lines().next().unwrap_or(whole).trim_end();
        let before = &page.text()[..block.span.start];
        let lead = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        let mut line = Line {
            text,
            kind: block.kind,
            gap: block.gap,
            indent: lead.chars().map(columns).sum(),
            width: 0,
            chars: 0,
            letters: 0,
            han: 0,
            script: Script::Common,
            ending: ending(text),
            begins: begins(text),
            marker: Marker::of(text),
            first_word: 0,
            inner_marks: 0,
            places: 0,
            digits: 0,
            code: 0,
            shape: 0,
            separators: (' ', 0),
            first_field: 0,
            sound: sound(text),
            gaps: Vec::new(),
            subtitle_time: is_subtitle_time(text),
            ascii: Ascii::default(),
            brackets: false,
            new_page: before[before.trim_end().len()..].contains('\u{c}'),
            after_tab: lead.contains('\t'),
        };
        let letters = line.measure();
        line.shape = if line.digits >= 2 { shape(text) } else { 0 };
        line.separators = separators(&line);
        line.first_field = first_field(text, line.separators);
        line.code = code(&line);
        (line, letters)
    }

    /// Goes once through the text, and counts.
    fn measure(&mut self) -> Letters {
        let table = &*TABLE;
        let mut letters = Letters::default();
        let mut before_space = None;
        let (mut spaces, mut between_words, mut between_chars) = (0, 0, 0);
        let (mut after_mark, mut after_ascii) = (false, false);
        for (at, c) in self.text.char_indices() {
            let traits = table.of(c);
            letters.push(traits.script);
            self.ascii.add(c);
            self.chars += 1;
            if traits.is_space() {
                before_space.get_or_insert(self.width);
                spaces += traits.columns();
                self.width += traits.columns();
                between_words += usize::from(spaces <= 1);
                (after_mark, after_ascii) = (false, false);
                continue;
            }
            // the space after an item's number does not count
            let after_marker = || self.marker.is_some() && self.gaps.is_empty() && self.width <= 8;
            if spaces >= 2 && !after_marker() {
                self.gaps.push(self.width);
            }
            spaces = 0;
            self.width += traits.columns();
            let is_ascii = c.is_ascii_alphanumeric();
            between_chars += usize::from(!(traits.never_begins() || is_ascii && after_ascii));
            self.digits += usize::from(traits.is_numeric());
            self.brackets |= traits.is_bracket();
            if traits.is_mark() && !after_mark {
                let next = self.text[at + c.len_utf8()..].chars().next();
                let in_word = c == '.' && next.is_some_and(char::is_alphanumeric);
                self.inner_marks += usize::from(next.is_some() && !in_word);
            }
            (after_mark, after_ascii) = (traits.is_mark(), is_ascii);
        }
        if self.inner_marks > 0 && self.ending != Ending::Open && ends_in_closer(self.text) {
            self.inner_marks -= 1;
        }
        self.script = letters.script();
        self.letters = letters.total() as usize;
        self.han = letters.count(Script::Han) as usize;
        (self.first_word, self.places) = if self.is_wide() {
            (first_unit(self.text), between_chars)
        } else {
            (before_space.unwrap_or(self.width), between_words)
        };
        letters
    }

    /// Whether a sign stands in it.
    pub(super) fn has(&self, sign: AsciiSign) -> bool {
        self.ascii.has_all(sign.ascii) && self.text.contains(sign.text)
    }

    pub(super) fn is_wide(&self) -> bool {
        matches!(self.script, Script::Han | Script::Kana)
    }

    pub(super) fn ends_in_mark(&self) -> bool {
        self.ending != Ending::Open
    }

    /// Running text: long enough to be one or more clauses.
    pub(super) fn is_long(&self) -> bool {
        let enough = if self.is_wide() { 14 } else { 40 };
        self.letters >= enough
    }
}

/// The columns of what stays together at the head of full-width text: a character or a word of ASCII, and the marks
/// after it.
fn first_unit(text: &str) -> usize {
    let (mut width, mut after_ascii) = (0, false);
    for c in text.chars().take_while(|c| !c.is_whitespace()) {
        let is_ascii = c.is_ascii_alphanumeric();
        if width > 0 && !never_begins(c) && !(is_ascii && after_ascii) {
            break;
        }
        width += columns(c);
        after_ascii = is_ascii;
    }
    width
}

fn ends_in_closer(text: &str) -> bool {
    text.ends_with(|c| is_quote(c) || crate::text::sentence::is_closer(c))
}

fn begins(text: &str) -> Begins {
    match without_openers(text).chars().next() {
        Some(c) if text.starts_with(never_begins) && !is_quote(c) => Begins::Torn,
        Some(c) if c.is_uppercase() => Begins::Capital,
        Some(c) if c.is_lowercase() => Begins::Small,
        Some(c) if c.is_alphabetic() => Begins::Letter,
        Some(c) if c.is_numeric() => Begins::Digit,
        _ => Begins::Mark,
    }
}

/// 00:12:55,052 --> 00:12:57,025
fn is_subtitle_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains("-->") && text.contains(':')
}

/// The head of a line with its words and numbers replaced by signs: `[a a 0 0:0:0 0]`.
fn shape(text: &str) -> u64 {
    /// Signs that tell: rows go on in their own words.
    const SIGNS: usize = 8;
    let (mut hash, mut numbers, mut signs) = (0xcbf2_9ce4_8422_2325u64, 0, 0);
    let mut last = '\0';
    let table = &*TABLE;
    for c in text.chars() {
        let traits = table.of(c);
        let sign = match c {
            _ if c.is_ascii_digit() => '0',
            _ if traits.is_alphabetic() => 'a',
            _ if traits.is_space() => ' ',
            _ => c,
        };
        if sign == last {
            continue;
        }
        signs += 1;
        if signs > SIGNS {
            break;
        }
        numbers += usize::from(sign == '0');
        hash = (hash ^ sign as u64).wrapping_mul(0x0100_0000_01b3);
        last = sign;
    }
    if numbers >= 2 { hash | 1 } else { 0 }
}

/// Separators of fields, those within quotes aside; in prose a comma has a space after it. One at the line's end is the
/// end of a clause or a statement.
fn separators(line: &Line) -> (char, usize) {
    if !line.ascii.has_any(const { Ascii::of(SEPARATORS) }) {
        return (' ', 0);
    }
    let [counts, spaced] = count_separators(line.text.trim_end_matches([',', ';']));
    let mut best = (' ', 0);
    for (which, separator) in SEPARATORS.chars().enumerate() {
        let is_prose = separator != '\t' && spaced[which] * 4 > counts[which];
        if !is_prose && counts[which] > best.1 {
            best = (separator, counts[which]);
        }
    }
    best
}

const SEPARATORS: &str = ",\t|;";

/// How often each separator comes outside of quotes, and how often with a space after it.
fn count_separators(text: &str) -> [[usize; SEPARATORS.len()]; 2] {
    let mut counts = [[0; SEPARATORS.len()]; 2];
    let mut quoted = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'"' {
            quoted = !quoted;
        } else if matches!(byte, b',' | b'\t' | b'|' | b';') && !quoted {
            let which = SEPARATORS.bytes().position(|b| b == *byte).unwrap_or(0);
            counts[0][which] += 1;
            counts[1][which] += usize::from(bytes.get(at + 1) == Some(&b' '));
        }
    }
    counts
}

/// The hash of the first of several fields; 0, if it is the only one.
fn first_field(text: &str, (separator, count): (char, usize)) -> u64 {
    match text.split_once(separator) {
        Some((field, _)) if count > 0 => xxh3_64(field.as_bytes()),
        _ => 0,
    }
}

/// The last letters of a line in small ones: three of an alphabet, the last character of full-width text.
fn sound(text: &str) -> u64 {
    let table = &*TABLE;
    let mut letters = text
        .chars()
        .rev()
        .skip_while(|c| !table.of(*c).is_alphabetic())
        .take_while(|c| table.of(*c).is_alphabetic());
    let Some(last) = letters.next() else { return 0 };
    if is_wide(last) {
        return last as u64;
    }
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c) as u64;
    letters
        .take(2)
        .fold(lower(last), |sum, c| sum << 21 | lower(c))
}

impl Line<'_> {
    /// A word that a hyphen cuts: its other half would begin small.
    pub(super) fn is_cut(&self) -> bool {
        crate::text::latin::ends_in_hyphen(self.text)
    }

    /// Whether a marker stands at its head. 列项目： is one who speaks only in a play, and that is known by then.
    pub(super) fn begins_item(&self) -> bool {
        self.marker
            .is_some_and(|marker| marker.style != Style::Speaker)
    }

    /// 12, - 12 -, xii
    pub(super) fn is_page_number(&self) -> bool {
        let bare = self.text.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '-' | '—' | '–' | '·' | '[' | ']')
        });
        !bare.is_empty()
            && bare.len() <= 6
            && (bare.chars().all(|c| c.is_ascii_digit())
                || bare.chars().all(|c| "ivxlc".contains(c)))
    }

    /// What running heads of a book share.
    pub(super) fn masked(&self) -> String {
        self.text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if c.is_numeric() { '0' } else { c })
            .collect()
    }
}

/// How much a line looks like one of a program, a style sheet or a data file.
fn code(line: &Line) -> u8 {
    const INSIDE: [AsciiSign; 22] = AsciiSign::all([
        "()", "=>", "->", "::", "==", "!=", "&&", "||", "+=", " = ", "</", "/>", "({", "})", "];",
        "\\n", ".py", "[i]", "(self", "__", "=\"", "\":",
    ]);
    let text = line.text;
    let inside = INSIDE.iter().filter(|sign| line.has(**sign)).count();
    // what tools fold text into is taken off later, and makes no program of it
    const FOLDS: [&str; 3] = ["<details", "</details", "<summary"];
    let is_fold = FOLDS.iter().any(|tag| text.starts_with(tag));
    let is_quoted = text.starts_with('<') && text.ends_with('>') && !is_fold
        || text.starts_with("{\"")
        || text.starts_with("\"") && text.contains("\":");
    let is_bracket = text.starts_with(['{', '}', ')', ']', '[', '(']) && line.chars <= 3;
    let is_head = text.ends_with(':')
        && line.ascii.has_any(const { Ascii::of("([") })
        && line.ascii.has_any(const { Ascii::of(")") })
        && line.script == Script::Latin;
    let signs = [ends_a_statement(line), is_quoted, is_bracket].map(u8::from);
    let signs: u8 = signs.iter().sum();
    signs * 2 + keyword(line) + inside.min(2) as u8 + u8::from(is_head)
}

/// Whether a line ends as statements, blocks and lists of a program do.
fn ends_a_statement(line: &Line) -> bool {
    const ENDS: [&str; 8] = [";", "};", ");", "})", "*/", "],", "),", "},"];
    let text = line.text;
    let last = text.bytes().next_back().unwrap_or(0);
    let may_end = matches!(last, b';' | b')' | b'/' | b',') && !line.is_wide();
    let ends = text.ends_with(['{', '}']) || may_end && ENDS.iter().any(|end| text.ends_with(end));
    // words alone with a semicolon are prose
    let is_prose = || {
        text.ends_with(';')
            && !line.ascii.has_any(const { Ascii::of("(=:{\".") })
            && line.ascii.has_any(const { Ascii::of(" ") })
    };
    ends && !is_prose()
}

/// How lines of programs begin.
const KEYWORDS: [&str; 44] = [
    "def ",
    "class ",
    "import ",
    "from ",
    "return",
    "if (",
    "if(",
    "for (",
    "for(",
    "while (",
    "while(",
    "else",
    "elif ",
    "}",
    "function",
    "const ",
    "let ",
    "var ",
    "public ",
    "private ",
    "protected ",
    "static ",
    "void ",
    "int ",
    "#include",
    "#define",
    "//",
    "/*",
    "*/",
    "fn ",
    "pub ",
    "use ",
    "impl ",
    "struct ",
    "enum ",
    "match ",
    "@",
    "export ",
    "try:",
    "except",
    "print(",
    "self.",
    "this.",
    "$(",
];

/// How much the first word says for a program.
fn keyword(line: &Line) -> u8 {
    /// Words of English, too.
    const WORDS: [&str; 9] = [
        "else", "from ", "use ", "let ", "return", "match ", "class ", "public ", "private ",
    ];
    let text = line.text;
    let first = text.bytes().next().unwrap_or(0);
    let mut keywords = KEYWORDS.iter();
    let keyword = keywords.find(|word| word.as_bytes()[0] == first && text.starts_with(**word));
    let Some(word) = keyword else {
        return 0;
    };
    let is_open = !word.ends_with(' ') || line.ending == Ending::Open || text.ends_with(':');
    if is_open && !WORDS.contains(word) {
        2
    } else {
        1
    }
}
