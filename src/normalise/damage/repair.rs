//! Finds the text that, damaged, gives what is seen: byte by byte, held against what is seen, the likeliest first.
//!
//! From each `?` on, texts are grown a byte at a time. What `Machine` makes of the bytes must be what is seen there, so a
//! character that is seen in halves says its bytes, and only lost halves and dropped pairs are guessed. The lexicon
//! says how likely each text is; where all that are left have come into step with what is seen, the likeliest stands.

use super::model::{LOST, MARK, MARK_ENDS, Machine, bytes, is_private, narrow, pair};
use crate::lexicon::{END, Lexicon, START, Symbol, symbol};
use crate::normalise::gloss;
use crate::page::edit::Span;
use crate::text::chars::{is_han, is_wide, is_wide_mark};
use crate::text::han::{is_simplified, is_traditional};
use crate::text::hash::Mixed;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

/// A place that was damaged, and the text that stood there, if that can be told.
#[derive(Debug)]
pub(super) struct LineRepair {
    pub span: Span,
    pub with: Option<String>,
    /// What else it may have been.
    pub note: Option<String>,
}

/// By how much the likeliest text must be likelier than the next (e to the power of it).
const MARGIN: f32 = 5.0;
/// Texts less likely than the best by more than this are given up.
const BEAM: f32 = 13.0;
/// Likewise, before it is taken that a pair was dropped after them.
const DROP_BEAM: f32 = 11.0;
/// Texts that are grown at one place at most.
const WIDTH: usize = 400;
/// A repair whose characters are less likely than this on the average, as a logarithm, is left alone: with the lexicon of
/// 23 MB of news 214 of 214 repairs above it were right, and 10 of 12 below.
const LEAST_LIKELY: f32 = -6.8;
/// For each gap that a repair leaves, it must tell this many Han characters.
const LEAST_TOLD: usize = 3;
/// Characters of a region at most.
const LONGEST: usize = 300;

/// What it costs a text to hold a character that its script has not, or a sign of no Chinese text.
const STRANGE: f32 = 12.0;
/// What it costs to take a character for glossed that is nowhere seen so whole.
const UNKNOWN_KEY: f32 = 2.0;
/// What it costs that a pair has been dropped, before the characters it was part of are counted.
const DROPPED: f32 = 2.0;
/// White space inside Chinese text.
const SPACED: f32 = 6.0;
/// Stands where a character cannot be told, as in editions of old texts.
const GAP: char = '□';
/// A digit that was lost.
const DIGIT: char = '\u{1}';

/// The characters that are glossed on a page wherever they come, and whether private-use characters were kept.
pub(super) struct GlossKeys {
    readings: HashMap<[u8; 2], String>,
    keeps_private: bool,
}

impl GlossKeys {
    pub(super) fn of(text: &str) -> Self {
        let readings = gloss::keys(text)
            .into_iter()
            .filter_map(|(c, reading)| Some((bytes(c)?, reading)))
            .collect();
        GlossKeys {
            readings,
            keeps_private: text.contains(is_private),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }
}

/// The repairs of a line.
pub(super) fn repairs(line: &str, keys: &GlossKeys, lexicon: &Lexicon) -> Vec<LineRepair> {
    let mut seen: Vec<(usize, char)> = line.char_indices().collect();
    seen.push((line.len(), '\0'));
    let mut search = Search {
        seen: &seen,
        keys,
        lexicon,
        nodes: Vec::new(),
        rivals: Vec::new(),
    };
    let mut repairs = Vec::new();
    let mut start = Hypothesis {
        context: [0, 0, START],
        ..Hypothesis::default()
    };
    while start.at + 1 < seen.len() {
        if seen[start.at].1 != LOST && !is_private(seen[start.at].1) {
            search.pass(&mut start);
            continue;
        }
        let from = seen[start.at].0;
        match search.region(start.clone()) {
            Ok(end) => {
                let span = from..seen[end.settled.0].0;
                repairs.extend(search.repair(&end, &line[span.clone()], span));
                start = Hypothesis {
                    score: 0.0,
                    rivals: 0,
                    settled: (end.at, 0),
                    node: 0,
                    ..end
                };
            }
            Err(at) => {
                repairs.push(LineRepair {
                    span: from..seen[at].0,
                    with: None,
                    note: Some("bytes are lost here".into()),
                });
                start = Hypothesis {
                    at,
                    context: [0; 3],
                    ..Hypothesis::default()
                };
            }
        }
    }
    repairs
}

fn narrowed(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// A text as far as it has been grown.
#[derive(Debug, Clone)]
struct Hypothesis {
    machine: Machine,
    /// The first byte of a character that waits for its second.
    lead: Option<u8>,
    /// The byte before, and whether it ends a glossed character.
    previous: u8,
    after_key: bool,
    /// How many of the characters that are seen it has given.
    at: usize,
    context: [Symbol; 3],
    score: f32,
    /// The last of the others that were nearly as likely.
    rivals: usize,
    node: usize,
    /// Where it came into step with what is seen, the last time: the place, and the node.
    settled: (usize, usize),
}

impl Default for Hypothesis {
    fn default() -> Self {
        Hypothesis {
            machine: Machine::default(),
            lead: None,
            previous: 0,
            after_key: false,
            at: 0,
            context: [0; 3],
            score: 0.0,
            rivals: 0,
            node: 0,
            settled: (0, 0),
        }
    }
}

/// All that what comes depends on: the symbols before and the byte before; what waits for a second byte.
type State = (u64, u64);
/// The likeliest text of each state, in an order that is the same every time.
type States = HashMap<State, Hypothesis, BuildHasherDefault<Mixed>>;

impl Hypothesis {
    fn is_in_step(&self) -> bool {
        self.lead.is_none() && self.machine.is_idle()
    }

    fn state(&self) -> State {
        // only the bytes that may yet be half of a key count
        let previous = if self.previous < 0x80 {
            0
        } else {
            self.previous
        };
        let [first, second, third] = self.context.map(u64::from);
        let before = first << 48
            | second << 32
            | third << 16
            | u64::from(previous) << 8
            | u64::from(self.after_key);
        let lead = |lead: Option<u8>| lead.map_or(0x100, u64::from);
        (
            before,
            u64::from(self.machine.held) << 32 | lead(self.machine.lead) << 16 | lead(self.lead),
        )
    }

    fn push_symbol(&mut self, symbol: Symbol) {
        self.context = [self.context[1], self.context[2], symbol];
    }

    /// The symbols before, as far as they are known.
    fn known(&self) -> &[Symbol] {
        &self.context[self.context.iter().take_while(|s| **s == 0).count()..]
    }
}

struct Search<'a> {
    seen: &'a [(usize, char)],
    keys: &'a GlossKeys,
    lexicon: &'a Lexicon,
    /// The characters of all texts that were grown: each with the node before it; the first has none.
    nodes: Vec<(usize, char)>,
    rivals: Vec<Rival>,
}

impl Search<'_> {
    /// The character seen at a place; none after the end.
    fn seen(&self, at: usize) -> char {
        self.seen.get(at).map_or('\0', |(_, c)| *c)
    }

    /// Takes one character that is seen as it is, with its gloss.
    fn pass(&self, start: &mut Hypothesis) {
        let c = self.seen(start.at);
        start.at += 1;
        start.after_key = false;
        if let Some(symbol) = symbol(c) {
            start.push_symbol(symbol);
        }
        let [first, second] = bytes(wide_if_next_to(c, start, self)).unwrap_or_default();
        start.previous = if second == 0 { first } else { second };
        if second != 0
            && let Some(reading) = self.keys.readings.get(&[first, second])
            && let Some(after) = self.after(start.at, &format!("({reading})"))
        {
            start.at = after;
            start.after_key = true;
        }
        start.settled = (start.at, 0);
    }

    /// The place after a text that is seen at a place.
    fn after(&self, at: usize, text: &str) -> Option<usize> {
        let mut place = at;
        for c in text.chars() {
            if narrow(self.seen(place)) != c {
                return None;
            }
            place += 1;
        }
        Some(place)
    }

    /// The likeliest text from a place on until all texts are in step with what is seen; or where to go on without.
    fn region(&mut self, start: Hypothesis) -> Result<Hypothesis, usize> {
        self.nodes = vec![(0, '\0')];
        self.rivals = vec![Rival::default()];
        let from = start.at;
        let last = self.seen.len() - 1;
        let start = Hypothesis {
            score: 0.0,
            rivals: 0,
            node: 0,
            settled: (from, 0),
            ..start
        };
        let mut buckets = BTreeMap::from([(from, States::from_iter([(start.state(), start)]))]);
        let mut farthest = from;
        let mut ended: Vec<Hypothesis> = Vec::new();
        while let Some((at, bucket)) = buckets.pop_first() {
            farthest = farthest.max(at);
            if at > from + LONGEST {
                return Err(self.next_sure(from));
            }
            let mut frontier: Vec<Hypothesis> = bucket.into_values().collect();
            let further = best(buckets.values().flat_map(HashMap::values));
            let best = best(&frontier).max(further);
            frontier.retain(|h| h.score > best - BEAM);
            if at > from
                && at < last
                && let [only] = &frontier[..]
                && only.is_in_step()
                && further < only.score - BEAM
            {
                return Ok(only.clone());
            }
            ended.extend(self.grow_on(at, frontier, best, &mut buckets));
        }
        self.likeliest_whole(ended)
            .ok_or_else(|| self.next_sure(from.max(farthest.min(last))))
    }

    /// Grows texts that are at a place until all have got further, to their buckets, or have ended, which are returned.
    fn grow_on(
        &mut self,
        at: usize,
        mut frontier: Vec<Hypothesis>,
        best: f32,
        buckets: &mut BTreeMap<usize, States>,
    ) -> Vec<Hypothesis> {
        let mut ended = Vec::new();
        let mut reached = f32::NEG_INFINITY;
        while !frontier.is_empty() {
            frontier.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.node.cmp(&b.node)));
            frontier.truncate(WIDTH);
            // of texts of as many bytes, and of those that got further
            let least = (frontier[0].score.max(reached) - BEAM).max(best - 2.0 * BEAM);
            // texts that came to the same state without giving a character
            let mut same = States::default();
            let drops = frontier[0].score - DROP_BEAM;
            for hypothesis in frontier.iter().filter(|h| h.score > least) {
                if at + 1 == self.seen.len() {
                    ended.extend(self.ended(hypothesis));
                }
                for next in self.grown(hypothesis, hypothesis.score >= drops) {
                    if next.at == at {
                        self.merge(&mut same, next);
                    } else {
                        reached = reached.max(next.score);
                        self.merge(buckets.entry(next.at).or_default(), next);
                    }
                }
            }
            frontier = same.into_values().collect();
        }
        ended
    }

    /// The likeliest of the texts that reach the end of the line, where all come to one state.
    fn likeliest_whole(&mut self, ended: Vec<Hypothesis>) -> Option<Hypothesis> {
        let mut all = States::default();
        for hypothesis in ended {
            let hypothesis = Hypothesis {
                context: [0; 3],
                previous: 0,
                after_key: false,
                ..hypothesis
            };
            self.merge(&mut all, hypothesis);
        }
        all.into_values().next()
    }

    /// Where what is seen is in step whatever was lost: after the next mark.
    fn next_sure(&self, from: usize) -> usize {
        let last = self.seen.len() - 1;
        (from + 1..last)
            .find(|at| matches!(narrow(self.seen(*at)), ',' | ';' | ':' | '!' | '。'))
            .map_or(last, |at| at + 1)
    }

    /// The text, if it can end here.
    fn ended(&self, hypothesis: &Hypothesis) -> Option<Hypothesis> {
        let mut given = Vec::new();
        hypothesis.machine.end(&mut |c| given.push(c));
        let mut next = hypothesis.clone();
        let fits = hypothesis.lead.is_none()
            && self.take(&mut next, &given)
            && next.at + 1 == self.seen.len();
        next.machine = Machine::default();
        if !hypothesis.is_in_step() {
            next.settled = (next.at, next.node);
        }
        fits.then_some(next)
    }

    /// Whether what the machine gave is what is seen; private-use characters may have been dropped.
    fn take(&self, hypothesis: &mut Hypothesis, given: &[char]) -> bool {
        given.iter().all(|c| {
            if is_private(*c) && !self.keys.keeps_private {
                hypothesis.score -= DROPPED;
                return true;
            }
            let fits = narrow(self.seen(hypothesis.at)) == narrow(*c)
                && hypothesis.at + 1 < self.seen.len();
            hypothesis.at += usize::from(fits);
            fits
        })
    }

    /// The texts that are one byte longer and still give what is seen.
    fn grown(&mut self, from: &Hypothesis, drops: bool) -> Vec<Hypothesis> {
        let mut grown = Vec::new();
        for byte in self.next_bytes(from, drops) {
            let mut next = from.clone();
            let Some(is_lost) = self.feed(&mut next, byte) else {
                continue;
            };
            let gloss = self.gloss(&next, from.previous, byte);
            next.previous = byte;
            next.after_key = false;
            if !self.push_byte(&mut next, byte, is_lost) {
                continue;
            }
            let Some(PossibleGloss { is_known, end }) = gloss else {
                grown.push(next);
                continue;
            };
            // of two glossed characters that overlap, the second loses its gloss if the first was glossed before it
            if !is_known || from.after_key {
                grown.push(next.clone());
            }
            let cost = if is_known { 0.0 } else { UNKNOWN_KEY };
            grown.extend(end.map(|at| Hypothesis {
                machine: Machine::default(),
                at,
                after_key: true,
                score: next.score - cost,
                ..next
            }));
        }
        for next in &mut grown {
            let is_plain = from.lead.is_some() && is_plain(from);
            // a text that was never out of step has nothing to settle
            if next.is_in_step() && !from.is_in_step() && !is_plain {
                next.settled = (next.at, next.node);
            }
        }
        grown
    }

    /// Feeds a byte to the machine of a text, if what it gives is seen; and whether some of that is lost.
    fn feed(&self, next: &mut Hypothesis, byte: u8) -> Option<bool> {
        let mut given = [' '; 4];
        let mut count = 0;
        next.machine.feed(byte, &mut |c| {
            given[count] = c;
            count += 1;
        });
        let given = &given[..count];
        self.take(next, given).then(|| given.contains(&LOST))
    }

    /// Puts after a text the character that a byte is or ends, unless it is one that no text has.
    fn push_byte(&mut self, next: &mut Hypothesis, byte: u8, is_lost: bool) -> bool {
        let c = match next.lead.take() {
            None if byte >= 0x80 => {
                next.lead = Some(byte);
                return true;
            }
            None if byte.is_ascii_digit() && is_lost => DIGIT,
            None => byte.into(),
            Some(lead) => match pair(lead, byte) {
                c if c == LOST || is_private(c) => return false,
                c => c,
            },
        };
        self.push(next, c);
        true
    }

    /// The gloss of the character that these two bytes are, if it has or may have one.
    fn gloss(&self, next: &Hypothesis, previous: u8, byte: u8) -> Option<PossibleGloss> {
        if previous < 0x81 || byte < 0x40 {
            return None;
        }
        // an open bracket, or the loss that swallowed it; then letters up to the closing one
        let mut opened = next.clone();
        let mut given = Vec::new();
        opened.machine.feed(b'(', &mut |c| given.push(c));
        let opens = self.take(&mut opened, &given);
        let end = |reading: &str| self.after(opened.at, &format!("{reading})"));
        if let Some(reading) = self.keys.readings.get(&[previous, byte]) {
            return Some(PossibleGloss {
                is_known: true,
                end: end(reading).filter(|_| opens),
            });
        }
        let first = self.seen(opened.at);
        if !opens || !first.is_alphabetic() || is_wide(first) {
            return None;
        }
        let letters = (opened.at..opened.at + 8).map(|at| self.seen(at));
        let letters: String = letters.take_while(|c| *c != ')').collect();
        let c = pair(previous, byte);
        let may_be = is_traditional(c) && gloss::is_reading(c, &letters);
        may_be.then(|| PossibleGloss {
            is_known: false,
            end: end(&letters),
        })
    }

    /// The bytes that may come next, and some that may not.
    fn next_bytes(&self, from: &Hypothesis, drops: bool) -> Vec<u8> {
        let mut next = Vec::new();
        let mut after = from.clone();
        if from.machine.held {
            next.extend(MARK_ENDS);
            let mut given = Vec::new();
            after.machine = from.machine.released(&mut |c| given.push(c));
            if !self.take(&mut after, &given) {
                return self.valid(from, next);
            }
        }
        let seen = self.seen(after.at);
        let drops = drops && !self.keys.keeps_private;
        match after.machine.lead {
            None => push_leads(&mut next, seen, drops && after.lead.is_some()),
            Some(lead) => push_trails(&mut next, seen, lead, drops),
        }
        self.valid(from, next)
    }

    /// Those of the bytes that can stand where the text is: half of a character, or the first of one.
    fn valid(&self, from: &Hypothesis, mut next: Vec<u8>) -> Vec<u8> {
        next.sort_unstable();
        next.dedup();
        next.retain(|byte| match from.lead {
            Some(_) => (0x40..=0xFE).contains(byte) && *byte != 0x7F,
            None => matches!(byte, b'\n' | 0x20..=0x7E | 0x81..=0xFE),
        });
        next
    }

    /// Puts a character after a text.
    fn push(&mut self, hypothesis: &mut Hypothesis, c: char) {
        let before = self.nodes[hypothesis.node].1;
        self.nodes.push((hypothesis.node, c));
        hypothesis.node = self.nodes.len() - 1;
        let learned = |hypothesis: &mut Hypothesis, symbol: Symbol| {
            hypothesis.score += self.lexicon.log_probability(hypothesis.known(), symbol);
            hypothesis.push_symbol(symbol);
        };
        match c {
            '\n' => {
                learned(hypothesis, END);
                hypothesis.context = [0, 0, START];
            }
            ' ' => hypothesis.score -= SPACED,
            DIGIT => learned(hypothesis, b'0'.into()),
            _ => {
                if let Some(symbol) = symbol(c) {
                    learned(hypothesis, symbol);
                }
                let is_mark_out_of_place = is_narrow_mark(c) && is_wide(before);
                if is_simplified(c) || is_mark_out_of_place || !is_usual(c) {
                    hypothesis.score -= STRANGE;
                }
            }
        }
    }

    /// Of two texts that came to the same state the likelier stays, and knows the other as its rival.
    fn merge(&mut self, bucket: &mut States, mut next: Hypothesis) {
        let Some(there) = bucket.get_mut(&next.state()) else {
            bucket.insert(next.state(), next);
            return;
        };
        if next.score > there.score {
            std::mem::swap(there, &mut next);
        }
        if there.score - next.score < MARGIN {
            self.rivals.push(Rival {
                before: there.rivals,
                likelier: there.node,
                other: next.node,
            });
            there.rivals = self.rivals.len() - 1;
        }
    }

    /// The text up to where it came into step; what a rival reads otherwise is a `GAP`. Which those were.
    fn text(&self, end: &Hypothesis) -> (String, Vec<String>) {
        let mut text = self.chars(end.settled.1);
        text.iter_mut()
            .filter(|c| **c == DIGIT)
            .for_each(|c| *c = GAP);
        let mut others = Vec::new();
        let mut rival = end.rivals;
        while rival != 0 {
            let Rival {
                before,
                likelier,
                other,
            } = self.rivals[rival];
            let [likelier, other] = [likelier, other].map(|node| self.chars(node));
            let [here, there] = differing(&likelier, &other);
            // at least one character, where the other only has one more
            let differs = here.start..here.end.max(here.start + 1).min(text.len());
            if !differs.is_empty() {
                let [here, there] = [shown(&likelier[here]), shown(&other[there])];
                others.push(format!("{here} or {there}"));
                text[differs].fill(GAP);
            }
            rival = before;
        }
        text.dedup_by(|a, b| *a == GAP && *b == GAP);
        (text.into_iter().filter(|c| *c != '\n').collect(), others)
    }

    /// The repair of a span that the likeliest text makes, if it changes anything; without a text, if too little is told.
    fn repair(&self, end: &Hypothesis, line: &str, span: Span) -> Option<LineRepair> {
        let (with, others) = self.text(end);
        if narrowed(&with) == narrowed(line) {
            return None;
        }
        let told = with.chars().filter(|c| is_han(*c)).count();
        let is_likely = end.score >= LEAST_LIKELY * (with.chars().count() + 1) as f32;
        let is_told = is_likely && told >= LEAST_TOLD * with.matches(GAP).count();
        let note = match is_told {
            true => (!others.is_empty()).then(|| others.join("; ")),
            false => Some(format!("may have been {with}")),
        };
        Some(LineRepair {
            span,
            with: is_told.then_some(with),
            note,
        })
    }

    fn chars(&self, mut node: usize) -> Vec<char> {
        let mut chars = Vec::new();
        while node != 0 {
            chars.push(self.nodes[node].1);
            node = self.nodes[node].0;
        }
        chars.reverse();
        chars
    }
}

fn shown(chars: &[char]) -> String {
    chars
        .iter()
        .map(|c| if *c == DIGIT { GAP } else { *c })
        .collect()
}

/// Bytes that may begin what is seen; also those that may end a pair that was dropped, if there may be one.
fn push_leads(next: &mut Vec<u8>, seen: char, ends_dropped: bool) {
    let [first, _] = bytes(seen).unwrap_or_default();
    next.push(first);
    if narrow(seen) != seen || is_narrow_mark(seen) {
        next.extend([narrow(seen) as u8, MARK]);
    }
    if seen == LOST {
        next.extend(0x80..=0xFF);
    }
    if ends_dropped {
        next.extend(0xA1..=0xAF);
        next.extend(0xF8..=0xFE);
    }
}

/// Bytes that may follow a first byte, where this is seen; also those that make a pair that is dropped.
fn push_trails(next: &mut Vec<u8>, seen: char, lead: u8, drops: bool) {
    let [first, second] = bytes(seen).unwrap_or_default();
    if first == lead {
        next.push(second);
    }
    if seen == LOST {
        next.extend(b"\n 0%.-()ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        next.push(MARK);
        if matches!(lead, 0x80 | 0xFF) {
            next.extend(0x40..=0xFE);
        }
    }
    if drops {
        next.extend((0x40..=0xFE).filter(|trail| is_private(pair(lead, *trail))));
    }
}

/// The best score of texts.
fn best<'h>(texts: impl IntoIterator<Item = &'h Hypothesis>) -> f32 {
    let scores = texts.into_iter().map(|text| text.score);
    scores.fold(f32::NEG_INFINITY, f32::max)
}

/// Where two texts differ, between the beginning and the end that they share.
fn differing(one: &[char], other: &[char]) -> [Span; 2] {
    let same = |(a, b): &(&char, &char)| a == b;
    let head = one.iter().zip(other).take_while(same).count();
    let ends = one[head..].iter().rev().zip(other[head..].iter().rev());
    let tail = ends.take_while(same).count();
    [head..one.len() - tail, head..other.len() - tail]
}

/// A text that came to the same state as a likelier one, and was nearly as likely. The first stands for no rival.
#[derive(Debug, Clone, Copy, Default)]
struct Rival {
    before: usize,
    likelier: usize,
    other: usize,
}

/// The gloss of a character.
struct PossibleGloss {
    /// Whether the page has it elsewhere: then it must be here.
    is_known: bool,
    /// The place after it, if it is seen here.
    end: Option<usize>,
}

/// Whether the one byte that a text is longer than its last whole character is the one that the machine waits with.
fn is_plain(hypothesis: &Hypothesis) -> bool {
    hypothesis.machine.held && hypothesis.machine.lead.is_none() && hypothesis.lead == Some(MARK)
        || !hypothesis.machine.held
            && hypothesis.machine.lead == hypothesis.lead
            && hypothesis.machine.lead.is_some()
}

/// A mark that stands half-width after wide text was full-width before the damage.
fn wide_if_next_to(c: char, start: &Hypothesis, search: &Search) -> char {
    let before = start.at.checked_sub(2).map_or('\0', |at| search.seen(at));
    let is_wide_text = |c: char| is_wide(c) || is_wide_mark(c);
    if !is_wide_text(before) && !is_wide_text(search.seen(start.at)) {
        return c;
    }
    match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        _ => c,
    }
}

fn is_narrow_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')')
}

/// A character that Chinese text is made of.
fn is_usual(c: char) -> bool {
    is_han(c) || c.is_ascii() || is_wide_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Counts, Grams};
    use crate::normalise::damage::model::damage;
    use crate::page::Page;
    use crate::segment::segment;

    const GLOSSES: [(char, &str); 12] = [
        ('數', "shù"),
        ('當', "dāng"),
        ('規', "guī"),
        ('業', "yè"),
        ('據', "jù"),
        ('儀', "yí"),
        ('測', "cè"),
        ('績', "jī"),
        ('縣', "xiàn"),
        ('謹', "jǐn"),
        ('發', "fā"),
        ('員', "yuán"),
    ];

    const TEXT: [&str; 8] = [
        "碼頭正在推進規模化應用，船員們都說好。",
        "當地漁業公司的數據顯示，今年的蝦比往年多。",
        "船長提出要求。“數字化碼頭”已經發了圖紙，業主當面簽字。",
        "縣裏的測量儀器都搬上了船，員工當天就開始測量。",
        "村民們堅持擴綠，縣城的業餘樂隊也來幫忙。",
        "港口和縣城的合作。縣長說，當地的燈塔要重新發光。",
        "規矩是人定的，數目是船員報的，根據是去年的賬本。",
        "當年的成績並不好，發了三次通知，業務才有起色。",
    ];

    #[test]
    fn damaged_text_is_told_from_a_copy_of_it_and_never_wrongly() {
        let lexicon = lexicon(&TEXT.join("\n"));
        let mut exact = 0;
        for keeps_private in [true, false] {
            let seen = TEXT.map(|line| damage(line, &GLOSSES, keeps_private));
            let keys = GlossKeys::of(&seen.join("\n"));
            for (line, seen) in TEXT.iter().zip(&seen) {
                let mended = mended(seen, &keys, &lexicon);
                assert!(
                    agrees(&mended, &narrowed(line)),
                    "{seen} became {mended}, and was {line}"
                );
                let is_exact = mended == narrowed(line);
                exact += usize::from(is_exact);
                assert!(
                    !is_exact || damage(&mended_marks(&mended), &GLOSSES, keeps_private) == *seen
                );
            }
        }
        assert!(exact >= 12, "{exact} of 16");
    }

    #[test]
    fn without_a_lexicon_nothing_is_told_wrongly() {
        let seen = TEXT.map(|line| damage(line, &GLOSSES, false));
        let keys = GlossKeys::of(&seen.join("\n"));
        for (line, seen) in TEXT.iter().zip(&seen) {
            let told = repairs(seen, &keys, &Lexicon::default())
                .into_iter()
                .filter_map(|repair| repair.with);
            for with in told.map(|with| narrowed(&with)) {
                assert!(
                    with.split(GAP).all(|part| narrowed(line).contains(part)),
                    "{with} is not in {line}"
                );
            }
        }
    }

    #[test]
    fn a_question_stays() {
        let line = "這是當(dāng)年的船?船員(yuán)們都說是.你呢?";
        let told = repairs(line, &GlossKeys::of(line), &lexicon(&TEXT.join("\n")));
        assert!(told.iter().all(|repair| repair.with.is_none()), "{told:?}");
    }

    fn lexicon(text: &str) -> Lexicon {
        let mut page = Page::new("p", text);
        segment(&mut page);
        let mut counts = Counts::default();
        (0..3).for_each(|_| counts.add(&Grams::of(&page)));
        counts.lexicon()
    }

    fn mended(seen: &str, keys: &GlossKeys, lexicon: &Lexicon) -> String {
        let mut text = seen.to_string();
        for repair in repairs(seen, keys, lexicon).into_iter().rev() {
            text.replace_range(repair.span, repair.with.as_deref().unwrap_or("□"));
        }
        GLOSSES.iter().fold(narrowed(&text), |text, (c, reading)| {
            text.replace(&format!("{c}({reading})"), &c.to_string())
        })
    }

    fn mended_marks(text: &str) -> String {
        text.chars()
            .map(|c| if c == ',' { '，' } else { c })
            .collect()
    }

    /// Whether a text reads as another but for its gaps, each of some characters.
    fn agrees(text: &str, right: &str) -> bool {
        let mut rest = right;
        text.split(GAP).all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}
