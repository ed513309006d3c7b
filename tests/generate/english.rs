//! Makes English newspaper pages and breaks them as layout extraction does: narrow columns with words hyphenated at their
//! lines' ends, captions between, columns read band by band, shuffled, interleaved, lost; lines run together or given one
//! by one. Seeded, like the pages in Han script.

use crate::{Article, Layout, Random};

/// A page as an extraction left it, and what is known of its blocks.
#[derive(Debug, Default)]
pub struct English {
    pub blocks: Vec<Placed>,
    /// (tail, head) of two columns
    pub joins: Vec<(usize, usize)>,
    /// (tail, head) of two lines in one column
    pub lines: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub struct Placed {
    pub text: String,
    /// Whether an empty line stands before it.
    pub gap: bool,
    pub hyphen: Option<Hyphen>,
}

/// A hyphen at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hyphen {
    /// It breaks a word.
    Breaks,
    /// It belongs to a compound.
    Belongs,
}

/// How the lines of a column come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// A paragraph's lines run together, as far as the column reaches.
    Together,
    /// One by one; paragraphs begin with an indent, behind an empty line, or only end with a short line.
    Indented,
    Spaced,
    Bare,
}

impl English {
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (at, block) in self.blocks.iter().enumerate() {
            if at > 0 {
                text += if block.gap { "\n\n" } else { "\n" };
            }
            text += &block.text;
        }
        text
    }
}

/// A line of a paragraph as it was set.
#[derive(Clone)]
struct Set {
    text: String,
    hyphen: Option<Hyphen>,
}

/// A part of a paragraph in one column.
#[derive(Clone)]
struct Piece {
    lines: Vec<Set>,
    begins: bool,
    /// Which piece it goes on from, by number, in the middle of a sentence.
    after: Option<usize>,
    number: usize,
}

type Column = Vec<Piece>;

enum Entry {
    Text(String),
    Column(Column),
}

/// A page of these articles, laid out and broken.
pub fn page(
    random: &mut Random,
    articles: &[Article],
    layout: Layout,
    lines: Lines,
    loses_column: bool,
) -> English {
    let mut pieces = 0;
    let mut page: Vec<Vec<Column>> = articles
        .iter()
        .map(|a| columns(random, a, layout, &mut pieces))
        .collect();
    let mut heads: Vec<Vec<String>> = articles.iter().map(|a| head(random, a)).collect();
    if loses_column {
        let longest = (0..page.len()).max_by_key(|a| page[*a].len()).unwrap_or(0);
        if page[longest].len() > 2 {
            let lost = random.within(1..page[longest].len());
            page[longest].remove(lost);
        }
    }
    let mut order: Vec<Entry> = Vec::new();
    if layout == Layout::Interleaved && page.len() > 1 {
        let (first, second) = (page.remove(0), page.remove(0));
        order.extend(heads.drain(..2).flatten().map(Entry::Text));
        for at in 0..first.len().max(second.len()) {
            order.extend(
                [&first, &second]
                    .into_iter()
                    .filter_map(|a| a.get(at))
                    .cloned()
                    .map(Entry::Column),
            );
        }
    }
    for (mut columns, head) in page.into_iter().zip(heads) {
        order.extend(head.into_iter().map(Entry::Text));
        match layout {
            Layout::Shuffled if columns.len() > 2 => random.shuffle(&mut columns[1..]),
            Layout::Band if columns.len() > 2 => {
                let (above, below): (Vec<_>, Vec<_>) = columns
                    .into_iter()
                    .enumerate()
                    .partition(|(at, _)| at % 2 == 0);
                columns = above
                    .into_iter()
                    .chain(below)
                    .map(|(_, column)| column)
                    .collect();
            }
            _ => {}
        }
        order.extend(columns.into_iter().map(Entry::Column));
    }
    put_together(random, order, layout, lines)
}

fn head(random: &mut Random, article: &Article) -> Vec<String> {
    let mark = if random.chance(30) { "## " } else { "" };
    let mut head = vec![format!("{mark}{}", article.headline)];
    if random.chance(50) {
        head.push(format!(
            "By {} {}",
            random.pick(&NAMES),
            random.pick(&SURNAMES)
        ));
    }
    head
}

fn put_together(random: &mut Random, order: Vec<Entry>, layout: Layout, lines: Lines) -> English {
    let mut page = English::default();
    let mut places = std::collections::HashMap::new();
    let mut afters = Vec::new();
    for entry in order {
        match entry {
            Entry::Text(text) => page.blocks.push(Placed {
                text,
                gap: true,
                hyphen: None,
            }),
            Entry::Column(column) => {
                for (at, piece) in column.into_iter().enumerate() {
                    let first = page.blocks.len();
                    put(&mut page, &piece, lines, at == 0);
                    places.insert(piece.number, (first, page.blocks.len() - 1));
                    afters.extend(piece.after.map(|after| (after, piece.number)));
                }
                if layout != Layout::Whole && random.chance(12) {
                    let text = format!(
                        "{} {} at the {}.",
                        random.pick(&NAMES),
                        random.pick(&SURNAMES),
                        random.pick(&PLACES)
                    );
                    page.blocks.push(Placed {
                        text,
                        gap: true,
                        hyphen: None,
                    });
                    if random.chance(50) {
                        let text = format!(
                            "Photograph: {} {}",
                            random.pick(&NAMES),
                            random.pick(&SURNAMES)
                        );
                        page.blocks.push(Placed {
                            text,
                            gap: true,
                            hyphen: None,
                        });
                    }
                }
            }
        }
    }
    page.joins = afters
        .iter()
        .filter_map(|(tail, head)| Some((places.get(tail)?.1, places.get(head)?.0)))
        .collect();
    page
}

fn put(page: &mut English, piece: &Piece, lines: Lines, is_first: bool) {
    let last = piece.lines.last().expect("a piece has a line").hyphen;
    if lines == Lines::Together {
        let mut text = String::new();
        for (at, line) in piece.lines.iter().enumerate() {
            let is_last = at + 1 == piece.lines.len();
            match line.hyphen {
                Some(Hyphen::Breaks) if !is_last => text += line.text.trim_end_matches('-'),
                Some(_) => text += &line.text,
                None => text += &line.text,
            }
            if line.hyphen.is_none() && !is_last {
                text.push(' ');
            }
        }
        page.blocks.push(Placed {
            text,
            gap: true,
            hyphen: last,
        });
        return;
    }
    for (at, line) in piece.lines.iter().enumerate() {
        let begins = at == 0 && piece.begins;
        let text = if begins && lines == Lines::Indented {
            format!("   {}", line.text)
        } else {
            line.text.clone()
        };
        let gap = at == 0 && (is_first || lines == Lines::Spaced);
        if at > 0 {
            page.lines.push((page.blocks.len() - 1, page.blocks.len()));
        }
        page.blocks.push(Placed {
            text,
            gap,
            hyphen: line.hyphen,
        });
    }
}

/// Fills lines of one width, and columns of some lines, with the paragraphs of an article.
fn columns(
    random: &mut Random,
    article: &Article,
    layout: Layout,
    pieces: &mut usize,
) -> Vec<Column> {
    let width = random.within(28..46);
    let mut columns: Vec<Column> = vec![Vec::new()];
    let mut left = random.within(5..18);
    for paragraph in &article.paragraphs {
        let mut lines = Vec::new();
        let mut begins = true;
        let mut after = None;
        let set = set(random, paragraph, width);
        let count = set.len();
        for (at, line) in set.into_iter().enumerate() {
            let ends = line
                .text
                .trim_end_matches(['"', '\'', ')', '”', '’'])
                .ends_with(['.', '!', '?']);
            lines.push(line);
            left -= 1;
            let is_last = at + 1 == count;
            if !is_last && (left > 0 || layout == Layout::Whole) {
                left = left.max(1);
                continue;
            }
            *pieces += 1;
            let piece = Piece {
                lines: std::mem::take(&mut lines),
                begins,
                after,
                number: *pieces,
            };
            columns
                .last_mut()
                .expect("there is a first column")
                .push(piece);
            after = (!is_last && !ends).then_some(*pieces);
            begins = false;
            if left == 0 && layout != Layout::Whole {
                columns.push(Vec::new());
                left = random.within(5..18);
            }
            left = left.max(1);
        }
    }
    columns.retain(|c| !c.is_empty());
    columns
}

/// The lines of a paragraph, with about a third of them ending in a hyphen.
fn set(random: &mut Random, paragraph: &str, width: usize) -> Vec<Set> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let length = |text: &str| text.chars().count();
    for word in paragraph.split_whitespace() {
        let mut word = word.to_string();
        loop {
            let space = usize::from(!line.is_empty());
            if length(&line) + space + length(&word) <= width {
                line.extend((space > 0).then_some(' '));
                line += &word;
                break;
            }
            let room = width.saturating_sub(length(&line) + space);
            let broken = broken(random, &word, room);
            let hyphen = broken.as_ref().map(|b| b.2);
            if let Some((left, right, _)) = broken {
                line.extend((space > 0).then_some(' '));
                line += &left;
                word = right;
            } else if line.is_empty() {
                line = std::mem::take(&mut word);
            }
            lines.push(Set {
                text: std::mem::take(&mut line),
                hyphen,
            });
            if word.is_empty() {
                break;
            }
        }
    }
    if !line.is_empty() {
        lines.push(Set {
            text: line,
            hyphen: None,
        });
    }
    lines
}

/// A word broken so that its beginning with a hyphen finds room: at its own hyphen, else between two syllables.
fn broken(random: &mut Random, word: &str, room: usize) -> Option<(String, String, Hyphen)> {
    let letters: Vec<char> = word.chars().collect();
    let own = (1..letters.len()).rev().find(|at| {
        *at < room
            && letters[*at] == '-'
            && letters[*at - 1].is_ascii_alphabetic()
            && letters.get(at + 1).is_some_and(char::is_ascii_lowercase)
    });
    if let Some(at) = own {
        return random.chance(90).then(|| {
            (
                letters[..at + 1].iter().collect(),
                letters[at + 1..].iter().collect(),
                Hyphen::Belongs,
            )
        });
    }
    let small = letters.iter().skip(1).all(|c| !c.is_uppercase());
    if word.contains('-') || !small || !random.chance(55) {
        return None;
    }
    let places: Vec<usize> = (2..letters.len().saturating_sub(2))
        .filter(|at| *at < room && is_between_syllables(&letters, *at))
        .collect();
    let at = *places.last()?;
    let left: String = letters[..at].iter().chain(['-'].iter()).collect();
    Some((left, letters[at..].iter().collect(), Hyphen::Breaks))
}

/// ham|mer, pa|per: between two consonants or before one, a vowel on either side; ch, th and their like stay together.
fn is_between_syllables(letters: &[char], at: usize) -> bool {
    const PAIRS: [&str; 20] = [
        "ch", "sh", "th", "ph", "gh", "wh", "ck", "qu", "bl", "br", "cl", "cr", "dr", "fl", "gr",
        "pl", "pr", "tr", "st", "ng",
    ];
    let vowel = |c: char| "aeiouyAEIOUY".contains(c);
    let letter = |at: usize| letters.get(at).is_some_and(|c| c.is_ascii_alphabetic());
    if !(at - 2..at + 2).all(letter) || !(0..letters.len()).skip(at).take(3).all(letter) {
        return false;
    }
    let before = letters[..at].iter().any(|c| vowel(*c));
    let rest = letters[at..]
        .iter()
        .take_while(|c| c.is_ascii_alphabetic())
        .filter(|c| vowel(**c))
        .count();
    let silent = rest == 1 && letters[at..].iter().rfind(|c| c.is_ascii_alphabetic()) == Some(&'e');
    let pair: String = letters[at - 1..at + 1]
        .iter()
        .collect::<String>()
        .to_lowercase();
    let (last, first, second) = (letters[at - 1], letters[at], letters[at + 1]);
    before
        && rest > 0
        && !silent
        && !PAIRS.contains(&pair.as_str())
        && !vowel(first)
        && (vowel(last) && (vowel(second) || "lr".contains(second))
            || !vowel(last) && (vowel(second) || "hlr".contains(second)))
}

/// Articles written of stock sentences, for tests that must not depend on any corpus.
pub fn articles(random: &mut Random, count: usize) -> Vec<Article> {
    (0..count)
        .map(|_| Article {
            headline: format!("{} {}", random.pick(&PLACES), random.pick(&EVENTS)),
            paragraphs: (0..random.within(3..8))
                .map(|_| {
                    (0..random.within(2..5))
                        .map(|_| sentence(random))
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect(),
        })
        .collect()
}

fn sentence(random: &mut Random) -> String {
    let (place, thing, other) = (
        random.pick(&PLACES),
        random.pick(&THINGS),
        random.pick(&THINGS),
    );
    let (doing, name) = (random.pick(&DOINGS), random.pick(&SURNAMES));
    match random.within(0..6) {
        0 => format!(
            "The {thing} of the {place} {doing}, and {} more are to follow.",
            random.within(2..90)
        ),
        1 => format!(
            "Mrs {name} told this newspaper that the {thing} {doing}, which pleased everybody."
        ),
        2 => format!("Since the spring the well-known {thing} beside the {place} {doing}."),
        3 => format!(
            "\"Where the {thing} {doing}, we can sleep,\" said {name}, a long-standing member of the committee."
        ),
        4 => format!(
            "According to the harbour-master the {thing} and the {other} serve some {} people.",
            random.within(100..900)
        ),
        _ => format!(
            "On one side stands the {thing}, on the other the {other}, and between them the morning begins."
        ),
    }
}

const NAMES: [&str; 8] = [
    "Agnes", "Walter", "Edith", "Morgan", "Hester", "Silas", "Ruth", "Amos",
];
const SURNAMES: [&str; 8] = [
    "Pellow",
    "Tarrant",
    "Quick",
    "Lovell",
    "Hatherley",
    "Strood",
    "Vane",
    "Marlowe",
];
const PLACES: [&str; 8] = [
    "North Quay",
    "Old Customs House",
    "Lower Market",
    "Lantern Bridge",
    "Saltern Lane",
    "Ferry Steps",
    "Gull Island",
    "Mill Basin",
];
const THINGS: [&str; 12] = [
    "night ferry",
    "reading-room",
    "vegetable market",
    "emergency warehouse",
    "half-finished elevator",
    "municipal bicycle",
    "co-operative tea garden",
    "children's theatre",
    "weather observatory",
    "sheltered anchorage",
    "travelling dispensary",
    "self-governing workshop",
];
const EVENTS: [&str; 6] = [
    "Reopens After Repairs",
    "Has a New Night Line",
    "Celebrates the Herring Season",
    "Waits for the Winter Boats",
    "Restores Its Lantern",
    "Elects a Committee",
];
const DOINGS: [&str; 10] = [
    "has been completely overhauled",
    "is once more open to the public",
    "remains attended until midnight",
    "received a waterproof covering",
    "is looked after by volunteers in rotation",
    "changed its timetable with the season",
    "was connected with the neighbouring villages",
    "will be handed over to the children",
    "disappeared behind scaffolding",
    "continued to operate without interruption",
];
