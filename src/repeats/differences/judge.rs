//! Judges what each difference is, and whether all of them together are noise.

use super::alignment::{Alignment, Run, rolling};
use super::{Contained, DifferenceCounts, Judgement, Likely, Text, Thresholds, Whole, hash, spans};
use crate::page::edit::Span;
use crate::repeats::strict::{APART, Gap, ILLEGIBLE, Sign};
use crate::text::chars::{is_letter, is_wide};
use crate::text::hash::Mixed;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

/// At most this many pairs of differing strings are reported.
const MOST_TOLD: usize = 5;
/// A difference grows to whole words over at most this many letters; chosen by eye.
const LONGEST_WORD: usize = 40;
/// A difference is compared letter by letter up to this length; chosen by eye.
const LONGEST_COMPARED: usize = 400;
/// Letters from which on a run that differs is no noise, if next to nothing of it is alike: of readings with 10 % of wrong
/// letters one in a million letters begins a run of six.
const LONGEST_BY_CHANCE: usize = 6;
/// The same for an alphabet, whose runs grow to whole words, and the share of their letters that differ; chosen by eye.
const LONGEST_OF_WORDS: usize = 12;
const QUITE_OTHER: f64 = 0.6;
/// At most this many signs are searched for the beginning and the end of a sentence; chosen by eye.
const MOST_OF_A_SENTENCE: usize = 400;
/// Letters of a reported string, at most.
const LONGEST_TOLD: usize = 24;

/// A difference, what it is, and the logarithm of the odds that it is noise.
#[derive(Debug, Clone)]
struct Told {
    kind: Kind,
    odds: f64,
    run: Run,
}

/// The differences of two texts: those inside sentences, and the whole sentences that only one has.
#[derive(Default)]
struct Differences {
    told: Vec<Told>,
    sentences: Vec<Run>,
    /// For each text whether it has sentences that the other lacks, inside a paragraph that both have.
    inserted: [bool; 2],
}

/// What a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A letter that could not be read, a line of formatting.
    Nothing,
    /// A single letter, or a few of a word.
    Single,
    Double,
    Mark,
    Long,
    Word,
    Number,
    /// Words for quite other words: no noise, however much of it there is around.
    Text,
}

pub(super) struct Judge<'t> {
    a: Text<'t>,
    b: Text<'t>,
    likely: &'t dyn Likely,
    thresholds: &'t Thresholds,
    /// The runs of signs of each text, made when first needed.
    runs_of: [OnceCell<HashSet<u64, BuildHasherDefault<Mixed>>>; 2],
}

/// Whether a sign is a digit or a Chinese numeral.
fn is_numeral(sign: Sign) -> bool {
    sign.is_digit()
        || sign.char().is_some_and(|c| {
            matches!(
                c,
                '〇' | '零'
                    | '一'
                    | '二'
                    | '三'
                    | '四'
                    | '五'
                    | '六'
                    | '七'
                    | '八'
                    | '九'
                    | '十'
                    | '百'
                    | '千'
                    | '万'
                    | '亿'
                    | '两'
            )
        })
}

/// Letters that turn a sentence into its opposite.
fn is_negation(sign: Sign) -> bool {
    sign.char().is_some_and(|c| {
        matches!(
            c,
            '不' | '没' | '未' | '无' | '非' | '否' | '勿' | '莫' | '别'
        )
    })
}

impl<'t> Judge<'t> {
    pub(super) fn of(
        a: Text<'t>,
        b: Text<'t>,
        likely: &'t dyn Likely,
        thresholds: &'t Thresholds,
    ) -> Self {
        Judge {
            a,
            b,
            likely,
            thresholds,
            runs_of: Default::default(),
        }
    }

    pub(super) fn judge(&self, mut alignment: Alignment, whole: &Whole) -> Judgement {
        let mut counts = self.in_common(&alignment, whole);
        let runs = self.runs(std::mem::take(&mut alignment.runs));
        let shorn = self.shorn(&mut alignment.loose);
        let Differences {
            mut told,
            sentences,
            inserted,
        } = self.differences(runs.into_iter().chain(shorn), &mut counts);
        counts.loose = [0, 1].map(|which| {
            let loose = alignment.loose[which].iter();
            loose.map(|span| self.missing(which, span)).sum()
        });
        let contained = self.contained(&counts, inserted, whole);
        told.retain(|told| told.kind > Kind::Nothing);
        told.sort_by(|a, b| b.kind.cmp(&a.kind).then(a.odds.total_cmp(&b.odds)));
        let differing = sentences.iter().chain(told.iter().map(|told| &told.run));
        let mut differs: Vec<String> = differing
            .take(MOST_TOLD)
            .map(|run| self.tell(run))
            .collect();
        if contained == [Contained::No; 2] {
            differs.extend(self.tell_loose(&alignment.loose));
            differs.truncate(MOST_TOLD);
        }
        let same = counts.same as f64;
        Judgement {
            contained,
            differs,
            noise: (counts.single + 2 * counts.double) as f64 / same.max(1.0),
            shares: whole.lengths.map(|length| same / length.max(1) as f64),
            counts,
        }
    }

    /// Counts what both texts have.
    fn in_common(&self, alignment: &Alignment, whole: &Whole) -> DifferenceCounts {
        let mut counts = DifferenceCounts {
            same: whole.equal,
            ..DifferenceCounts::default()
        };
        for (at, _, length) in &alignment.same {
            let signs = &self.a.signs[*at..at + length];
            counts.same += length;
            counts.numerals += signs.iter().filter(|sign| is_numeral(**sign)).count();
            counts.negations += signs.iter().filter(|sign| is_negation(**sign)).count();
            counts.marks += signs.iter().filter(|sign| !sign.is_letter()).count();
        }
        counts
    }

    /// Classifies and counts each run; boilerplate that only one has is not a difference.
    fn differences(
        &self,
        runs: impl Iterator<Item = Run>,
        counts: &mut DifferenceCounts,
    ) -> Differences {
        let mut differences = Differences::default();
        for run in runs {
            let Some(which) = self.whole_sentences(&run) else {
                if !self.is_common(0, &run.a) || !self.is_common(1, &run.b) {
                    let (kind, odds) = self.kind(&run);
                    differences.told.push(Told { kind, odds, run });
                }
                continue;
            };
            let span = if which == 0 { &run.a } else { &run.b };
            if self.is_common(which, span) {
                continue;
            }
            if self.are_paragraphs(which, span) {
                counts.paragraphs[which] += span.len();
            } else {
                differences.inserted[which] = true;
                counts.inserted += 1;
                differences.sentences.push(run);
            }
        }
        self.look_for_names(&mut differences.told);
        for Told { kind, odds, .. } in &differences.told {
            counts.odds += odds;
            match kind {
                Kind::Nothing => {}
                Kind::Single => counts.single += 1,
                Kind::Double => counts.double += 1,
                Kind::Long => counts.long += 1,
                Kind::Number => counts.number += 1,
                Kind::Mark => counts.mark += 1,
                Kind::Word => counts.word += 1,
                Kind::Text => counts.text += 1,
            }
        }
        differences
    }

    /// For each text whether the other contains it.
    fn contained(
        &self,
        counts: &DifferenceCounts,
        inserted: [bool; 2],
        whole: &Whole,
    ) -> [Contained; 2] {
        let is_noise = self.is_noise(counts);
        [0, 1].map(|which| {
            let other = 1 - which;
            let is_in = is_noise
                && !inserted[which]
                && counts.paragraphs[which] == 0
                && counts.loose[which] <= self.forgiven(counts)
                && whole.own[which] > 0;
            if !is_in {
                Contained::No
            } else if inserted[other] {
                Contained::ButSentences
            } else if counts.paragraphs[other] > 0 || counts.loose[other] > 0 {
                Contained::Within
            } else {
                Contained::Whole
            }
        })
    }

    /// The text that only one has at its ends or beside moved blocks, as it is reported.
    fn tell_loose(&self, loose: &[Vec<Span>; 2]) -> impl Iterator<Item = String> {
        [0, 1].into_iter().flat_map(move |which| {
            let missing = loose[which]
                .iter()
                .filter(move |span| self.missing(which, span) > 0);
            missing.map(move |span| {
                let signs = shown(&self.text(which).signs[span.clone()]);
                match which {
                    0 => format!("{signs} | "),
                    _ => format!(" | {signs}"),
                }
            })
        })
    }

    /// Takes out of `loose` the few signs by which one text continues at its end or begins earlier than the other: a
    /// text that is cut off lacks more, or whole sentences.
    fn shorn(&self, loose: &mut [Vec<Span>; 2]) -> Vec<Run> {
        /// A recogniser loses at most this much of a line; chosen by eye.
        const FEW: usize = 8;
        let lengths = [self.a.signs.len(), self.b.signs.len()];
        let mut runs = Vec::new();
        // if both have something at the same end, one corresponds to the other
        for is_head in [true, false] {
            let at_end = |which: usize, span: &Span| {
                span.len() < FEW
                    && if is_head {
                        span.start == 0
                    } else {
                        span.end == lengths[which]
                    }
            };
            let both = [0, 1].map(|which| loose[which].iter().position(|span| at_end(which, span)));
            if let [Some(a), Some(b)] = both {
                let [a, b] = [loose[0].swap_remove(a), loose[1].swap_remove(b)];
                runs.push(Run { a, b });
            }
        }
        for which in [0, 1] {
            let text = self.text(which).signs;
            let run = |span: &Span| {
                let other = if span.start == 0 {
                    0..0
                } else {
                    lengths[1 - which]..lengths[1 - which]
                };
                if which == 0 {
                    Run {
                        a: span.clone(),
                        b: other,
                    }
                } else {
                    Run {
                        a: other,
                        b: span.clone(),
                    }
                }
            };
            loose[which].retain(|span| {
                let begins =
                    |at: usize| at == 0 || at >= text.len() || text[at].gap() >= Gap::Sentence;
                let is_shorn = span.len() < FEW
                    && (span.start == 0 || span.end == text.len())
                    && !(begins(span.start) && begins(span.end))
                    && span.len() < text.len();
                if is_shorn {
                    runs.push(run(span));
                }
                !is_shorn
            });
        }
        runs
    }

    /// How many signs at the ends of a text the other may lack by noise.
    fn forgiven(&self, counts: &DifferenceCounts) -> usize {
        if counts.single >= 3 { 3 } else { 0 }
    }

    /// Grows runs of Latin words to whole words, and merges runs in one word or in neighbouring words.
    fn runs(&self, runs: Vec<Run>) -> Vec<Run> {
        let mut whole: Vec<Run> = Vec::with_capacity(runs.len());
        let mut runs = runs;
        runs.sort_by_key(|run| (run.a.start, run.b.start));
        for run in runs {
            let run = self.slid(run);
            let has_latin = |text: &[Sign], span: &Span| {
                text[span.clone()].iter().any(|sign| is_latin(*sign)) || span.is_empty()
            };
            let around =
                |text: &[Sign], at: usize| text.get(at).is_some_and(|sign| is_latin(*sign));
            let inside = has_latin(self.a.signs, &run.a)
                && has_latin(self.b.signs, &run.b)
                && (!run.a.is_empty() && !run.b.is_empty()
                    || around(self.a.signs, run.a.start)
                    || run.a.start > 0 && around(self.a.signs, run.a.start - 1));
            let run = if inside { self.grown(run) } else { run };
            match whole.last_mut() {
                Some(last)
                    if run.a.start < last.a.end
                        || run.b.start < last.b.end
                            && run.b.end > last.b.start
                            && run.a.start <= last.a.end =>
                {
                    last.a.end = last.a.end.max(run.a.end);
                    last.b.end = last.b.end.max(run.b.end);
                    last.b.start = last.b.start.min(run.b.start);
                }
                _ => whole.push(run),
            }
        }
        whole
    }

    /// Moves text that only one has so that it begins and ends at the largest gaps: the letters do not show whether
    /// `ab[ab]` or `[ab]ab` was inserted.
    fn slid(&self, run: Run) -> Run {
        const FARTHEST: usize = 64;
        let (which, span, at) = match (run.a.is_empty(), run.b.is_empty()) {
            (false, true) => (0, run.a.clone(), run.b.start),
            (true, false) => (1, run.b.clone(), run.a.start),
            _ => return run,
        };
        let (text, other) = (self.text(which).signs, self.text(1 - which).signs);
        let gap = |at: usize| {
            if at == 0 {
                Gap::Paragraph
            } else {
                text.get(at).map_or(Gap::Paragraph, |sign| sign.gap())
            }
        };
        let value = |start: usize| gap(start).min(gap(start + span.len()));
        let mut best = (value(span.start), 0isize);
        let is_same = |i: usize, j: usize| text[i].code() == other[j].code();
        for back in 1..=FARTHEST.min(span.start).min(at) {
            if !is_same(span.end - back, at - back) {
                break;
            }
            best = best.max((value(span.start - back), -(back as isize)));
        }
        for ahead in 1..=FARTHEST.min(text.len() - span.end).min(other.len() - at) {
            if !is_same(span.start + ahead - 1, at + ahead - 1) {
                break;
            }
            if value(span.start + ahead) > best.0 {
                best = (value(span.start + ahead), ahead as isize);
            }
        }
        if best.0 == value(span.start) {
            return run;
        }
        let shifted = |at: usize| {
            at.checked_add_signed(best.1)
                .expect("it was looked how far there is room")
        };
        let (span, at) = (shifted(span.start)..shifted(span.end), shifted(at));
        if which == 0 {
            Run { a: span, b: at..at }
        } else {
            Run { a: at..at, b: span }
        }
    }

    /// Grows a run over equal Latin letters to the ends of the words that it touches.
    fn grown(&self, run: Run) -> Run {
        let (a, b) = (self.a.signs, self.b.signs);
        let Run {
            a: mut here,
            b: mut there,
        } = run;
        let begins = |text: &[Sign], at: usize| {
            at == 0
                || at >= text.len()
                || text[at].gap() > Gap::None
                || !is_latin(text[at])
                || !is_latin(text[at - 1])
        };
        // both continue over equal letters, then each to the end of its word
        for _ in 0..LONGEST_WORD {
            let [one, other] = [begins(a, here.start), begins(b, there.start)];
            let are_equal = here.start > 0
                && there.start > 0
                && is_latin(a[here.start - 1])
                && a[here.start - 1].code() == b[there.start - 1].code();
            match (one && other, are_equal) {
                (true, _) => break,
                (_, true) => (here.start, there.start) = (here.start - 1, there.start - 1),
                _ if !one => here.start -= 1,
                _ => there.start -= 1,
            }
        }
        for _ in 0..LONGEST_WORD {
            let [one, other] = [begins(a, here.end), begins(b, there.end)];
            let are_equal = here.end < a.len()
                && there.end < b.len()
                && is_latin(a[here.end])
                && a[here.end].code() == b[there.end].code();
            match (one && other, are_equal) {
                (true, _) => break,
                (_, true) => (here.end, there.end) = (here.end + 1, there.end + 1),
                _ if !one => here.end += 1,
                _ => there.end += 1,
            }
        }
        Run { a: here, b: there }
    }

    fn text(&self, which: usize) -> Text<'_> {
        if which == 0 { self.a } else { self.b }
    }

    /// How many signs of a span are not boilerplate.
    fn own_signs(&self, which: usize, span: &Span) -> usize {
        let common = self.text(which).common;
        let from = common.partition_point(|common| common.end <= span.start);
        let covered = common[from..]
            .iter()
            .take_while(|common| common.start < span.end)
            .map(|common| common.end.min(span.end) - common.start.max(span.start));
        span.len() - covered.sum::<usize>()
    }

    /// How many of a span's own signs the other text has nowhere: a sentence that recurs may have been aligned with its
    /// copy elsewhere.
    fn missing(&self, which: usize, span: &Span) -> usize {
        let text = self.text(which).signs;
        let begins = |at: usize| at == 0 || at >= text.len() || text[at].gap() >= Gap::Sentence;
        let mut missing = 0;
        let mut at = span.start;
        while at < span.end {
            let start = (0..=at)
                .rev()
                .take(MOST_OF_A_SENTENCE)
                .find(|at| begins(*at))
                .unwrap_or(at.saturating_sub(MOST_OF_A_SENTENCE));
            let end = (at + 1..=text.len())
                .take(MOST_OF_A_SENTENCE)
                .find(|at| begins(*at))
                .unwrap_or(text.len().min(at + MOST_OF_A_SENTENCE));
            let part = at..end.min(span.end);
            if !self.stands_in_other(which, &text[start..end]) {
                missing += self.own_signs(which, &part);
            }
            at = part.end;
        }
        missing
    }

    /// Whether the other text has a sentence: in one piece, or all its runs of `RUN` signs.
    fn stands_in_other(&self, which: usize, sentence: &[Sign]) -> bool {
        const RUN: usize = 8;
        let runs = self.runs_of[1 - which].get_or_init(|| {
            let other = self.text(1 - which).signs;
            let sentences = spans(other, Gap::Sentence)
                .into_iter()
                .map(|span| !hash(&other[span]));
            rolling(other, RUN).chain(sentences).collect()
        });
        runs.contains(&!hash(sentence))
            || sentence.len() >= 2 * RUN && rolling(sentence, RUN).all(|run| runs.contains(&run))
    }

    fn is_common(&self, which: usize, span: &Span) -> bool {
        self.own_signs(which, span) == 0
    }

    /// Which of the texts has whole sentences where the other has nothing.
    fn whole_sentences(&self, run: &Run) -> Option<usize> {
        let (which, span, at) = match (run.a.is_empty(), run.b.is_empty()) {
            (false, true) => (0, &run.a, run.b.start),
            (true, false) => (1, &run.b, run.a.start),
            _ => return None,
        };
        if span.len() < 4 {
            return None;
        }
        let begins = |which: usize, at: usize| {
            let text = self.text(which).signs;
            at == 0 || at >= text.len() || text[at].gap() >= Gap::Sentence
        };
        (begins(which, span.start) && begins(which, span.end) && begins(1 - which, at))
            .then_some(which)
    }

    /// Whether a span of whole sentences is whole paragraphs.
    fn are_paragraphs(&self, which: usize, span: &Span) -> bool {
        let text = self.text(which).signs;
        let begins = |at: usize| at == 0 || at >= text.len() || text[at].gap() == Gap::Paragraph;
        begins(span.start) && begins(span.end)
    }

    /// What a difference is, and how much likelier noise makes it than a different text.
    fn kind(&self, run: &Run) -> (Kind, f64) {
        let (a, b) = (&self.a.signs[run.a.clone()], &self.b.signs[run.b.clone()]);
        let both = || a.iter().chain(b);
        let longer = a.len().max(b.len());
        if both().any(|sign| sign.code() == ILLEGIBLE) && longer <= 3 {
            return (Kind::Nothing, 0.0);
        }
        if both().all(|sign| !sign.is_letter()) {
            return (Kind::Mark, 0.0);
        }
        if both().any(|sign| is_latin(*sign)) && both().all(|sign| !sign.is_han()) {
            return self.kind_of_words(run);
        }
        let is_one_sided = a.is_empty() || b.is_empty();
        if longer >= LONGEST_BY_CHANCE && !is_one_sided {
            (Kind::Text, 0.0)
        } else if self.is_number(run) {
            (Kind::Number, 0.0)
        } else if longer >= 3 {
            (Kind::Long, 0.0)
        } else if is_one_sided && both().filter(|sign| is_negation(**sign)).count() == 1 {
            (Kind::Word, 0.0)
        } else if longer == 2 {
            (Kind::Double, 0.0)
        } else {
            (Kind::Single, self.odds(run))
        }
    }

    /// Whether a numeral is lost, added or replaced by another one.
    fn is_number(&self, run: &Run) -> bool {
        let [a, b] = [(self.a.signs, &run.a), (self.b.signs, &run.b)];
        let numerals = [a, b].map(|(text, span)| {
            text[span.clone()]
                .iter()
                .filter(|sign| is_numeral(**sign))
                .count()
        });
        let all = |(text, span): (&[Sign], &Span)| {
            text[span.clone()]
                .iter()
                .all(|sign| is_numeral(*sign) || sign.code() == APART)
        };
        let is_beside = |(text, span): (&[Sign], &Span)| {
            span.start > 0 && is_numeral(text[span.start - 1])
                || text.get(span.end).is_some_and(|sign| is_numeral(*sign))
        };
        let is_one_sided = run.a.is_empty() || run.b.is_empty();
        let is_single = run.a.len().max(run.b.len()) == 1;
        match numerals {
            [0, 0] => false,
            [_, 0] | [0, _] => {
                is_one_sided && all(a) && all(b) || !is_single && (is_beside(a) || is_beside(b))
            }
            _ => true,
        }
    }

    /// The logarithm of the odds that a single Han letter differs by noise.
    fn odds(&self, run: &Run) -> f64 {
        /// Sums of log probabilities from which the neighbours of a letter are likely, or unlikely, and by how much the
        /// other side must be likelier.
        const LIKELY: f32 = 0.0;
        const UNLIKELY: f32 = -2.0;
        const LIKELIER: f32 = 2.0;
        const FAR_LIKELIER: f32 = 6.0;
        let thresholds = self.thresholds;
        let fits = [
            self.likely.fit(self.a.signs, run.a.clone()),
            self.likely.fit(self.b.signs, run.b.clone()),
        ];
        let (less, gain) = (fits[0].min(fits[1]), (fits[0] - fits[1]).abs());
        let fit = if self.is_name(0, &run.a) || self.is_name(1, &run.b) {
            0.0
        } else if less > LIKELY {
            thresholds.likely
        } else if less > UNLIKELY {
            0.0
        } else if gain >= FAR_LIKELIER {
            thresholds.very_unlikely
        } else if gain >= LIKELIER {
            thresholds.unlikely
        } else {
            -0.3
        };
        let char =
            |text: &[Sign], span: &Span| text[span.clone()].first().and_then(|sign| sign.char());
        fit + match (char(self.a.signs, &run.a), char(self.b.signs, &run.b)) {
            // a name may become another that looks alike, and 上 in a list is not 土: the neighbours must confirm it
            (Some(one), Some(other)) if fit > 0.0 && self.likely.look_alike(one, other) => {
                thresholds.single + thresholds.alike
            }
            (Some(_), Some(_)) => thresholds.single,
            _ => thresholds.lost,
        }
    }

    /// Latin words: if both are known, one was exchanged for the other; if one is unknown and similar to the other,
    /// letters were misread.
    fn kind_of_words(&self, run: &Run) -> (Kind, f64) {
        let (a, b) = (&self.a.signs[run.a.clone()], &self.b.signs[run.b.clone()]);
        let [left, right] = [words(a), words(b)];
        let joined = [left.concat(), right.concat()];
        let is_number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
        let numbers = [&left, &right].map(|words| {
            words
                .iter()
                .filter(|word| is_number(word))
                .cloned()
                .collect::<Vec<_>>()
        });
        let is_confused = is_confused(&joined[0], &joined[1]);
        let longer = joined
            .iter()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0);
        let is_one_sided = joined.iter().any(String::is_empty);
        let distance = match longer {
            0..=LONGEST_COMPARED => {
                strsim::generic_levenshtein(&chars(&joined[0]), &chars(&joined[1]))
            }
            _ => 0,
        };
        if longer >= LONGEST_OF_WORDS
            && !is_one_sided
            && distance as f64 > QUITE_OTHER * longer as f64
        {
            return (Kind::Text, 0.0);
        }
        if numbers[0] != numbers[1] && !is_confused {
            return (Kind::Number, 0.0);
        }
        if longer <= 1 && !is_one_sided {
            // A for B: the name of an answer, a note, a field of the board
            let is_article = joined.iter().any(|word| word == "a")
                && a.iter().chain(b).all(|sign| !sign.is_capital());
            return if is_article {
                (Kind::Single, -0.5)
            } else {
                (Kind::Number, 0.0)
            };
        }
        if is_one_sided {
            // a lost or added word, or a single letter of dirt
            return if longer == 1 {
                (Kind::Single, -0.5)
            } else {
                (Kind::Word, 0.0)
            };
        }
        if longer > LONGEST_WORD {
            return (Kind::Long, 0.0);
        }
        let known = [&left, &right].map(|words| words.iter().all(|word| self.likely.is_word(word)));
        if distance > 1 && distance as f64 > 0.45 * longer as f64 && !is_confused {
            // of a short word two letters may be misread
            return (
                if distance == 2 && known != [true; 2] {
                    Kind::Double
                } else {
                    Kind::Long
                },
                0.0,
            );
        }
        let alike = if is_confused {
            self.thresholds.alike
        } else {
            0.0
        };
        let is_name = is_name(a) && is_name(b);
        match known {
            [true, true] if distance > 1 => (Kind::Word, 0.0),
            [true, true] => (Kind::Single, alike - 1.5),
            // names are in no word list
            _ if is_name => (Kind::Single, alike / 2.0 - 1.0),
            [false, false] if distance > 2 => (Kind::Double, 0.0),
            [false, false] => (Kind::Single, alike),
            _ => (Kind::Single, alike + 2.0),
        }
    }

    /// Letters that became the same other letters in several places, beside the same letter each time, are a name or a
    /// term: noise strikes a single place.
    fn look_for_names(&self, told: &mut [Told]) {
        let sides = |run: &Run| [(self.a.signs, run.a.clone()), (self.b.signs, run.b.clone())];
        let char = |(text, span): &(&[Sign], Span)| {
            text[span.clone()].first().and_then(|sign| sign.char())
        };
        let may_be = |told: &Told| {
            let sides = sides(&told.run);
            let is_alike = match [char(&sides[0]), char(&sides[1])] {
                [Some(one), Some(other)] => self.likely.look_alike(one, other),
                _ => true,
            };
            // an unknown word is not a name if the other is a known one
            let is_misspelt = told.odds >= 1.9
                && sides
                    .iter()
                    .any(|(text, span)| text[span.clone()].iter().any(|sign| is_latin(*sign)));
            matches!(told.kind, Kind::Single | Kind::Double) && !is_alike && !is_misspelt
        };
        let code = |at: Option<usize>| {
            at.and_then(|at| self.a.signs.get(at))
                .map_or(0, |sign| sign.code())
        };
        let keys = |run: &Run| {
            let codes = sides(run).map(|(text, span)| hash(&text[span]));
            let beside = [code(run.a.start.checked_sub(1)), code(Some(run.a.end))];
            [(codes, 0, beside[0]), (codes, 1, beside[1])]
        };
        let mut counts: HashMap<([u64; 2], usize, u32), usize> = HashMap::new();
        for told in told.iter().filter(|told| may_be(told)) {
            keys(&told.run)
                .into_iter()
                .for_each(|key| *counts.entry(key).or_default() += 1);
        }
        for told in told.iter_mut() {
            if may_be(told)
                && keys(&told.run)
                    .iter()
                    .any(|key| counts.get(key).is_some_and(|count| *count > 1))
            {
                (told.kind, told.odds) = (Kind::Word, 0.0);
            }
        }
    }

    /// Whether all differences together can be noise, at the rate of the single ones.
    fn is_noise(&self, counts: &DifferenceCounts) -> bool {
        /// The share of letters added by noise that are numerals, or negations.
        const BY_CHANCE: f64 = 0.01;
        /// The share of misread Latin words with two errors that still look like another word.
        const STRUCK_TWICE: f64 = 0.02;
        let Thresholds {
            noise,
            most_noise,
            number,
            mark,
            word,
            chance,
            ..
        } = *self.thresholds;
        let others = counts.double + counts.long + counts.number + counts.mark + counts.word;
        if counts.single + others + counts.text == 0 {
            return true;
        }
        let singles = counts.single as f64;
        let rate = singles / (counts.same as f64 + singles);
        let believed = |count: usize, expected: f64| count == 0 || tail(count, expected) >= chance;
        // a difference that a reader would notice needs more noise around it
        let stumbles = [counts.number, counts.word + counts.long, counts.double];
        let needed = noise * (1 + stumbles.iter().filter(|count| **count > 0).count()) as f64;
        counts.text == 0
            && counts.odds >= needed
            && rate <= most_noise
            && believed(counts.double, 2.5 * rate * singles)
            && believed(
                counts.long,
                (4.0 * rate * rate
                    + if self.is_of_words() {
                        STRUCK_TWICE
                    } else {
                        0.0
                    })
                    * singles,
            )
            && believed(
                counts.number,
                number * rate * counts.numerals as f64 + BY_CHANCE * singles,
            )
            && believed(counts.mark, mark * rate * counts.marks as f64)
            && believed(
                counts.word,
                word * rate * (singles + counts.negations as f64) + BY_CHANCE * singles,
            )
    }

    /// Whether the text is written in words of letters.
    fn is_of_words(&self) -> bool {
        let text = &self.a.signs[..self.a.signs.len().min(1000)];
        2 * text.iter().filter(|sign| is_latin(**sign)).count() > text.len()
    }

    /// Whether a letter is a surname, or is where the given name after a surname is.
    fn is_name(&self, which: usize, span: &Span) -> bool {
        let text = self.text(which).signs;
        let is_surname = |sign: &Sign| sign.char().is_some_and(|c| SURNAMES.contains(c));
        (1..=2)
            .filter_map(|back| text.get(span.start.checked_sub(back)?))
            .any(is_surname)
            || text[span.clone()].iter().any(is_surname)
    }

    fn tell(&self, run: &Run) -> String {
        let side = |which: usize, span: &Span| {
            let text = self.text(which).signs;
            // a number is reported whole
            let (mut start, mut end) = (span.start, span.end);
            let is_part =
                |sign: Sign| sign.is_digit() || matches!(sign.char(), Some('.' | '-' | ':' | '/'));
            let touches = text[span.clone()].iter().any(|sign| is_part(*sign))
                || span.is_empty() && span.start > 0;
            while touches && start > 0 && is_part(text[start - 1]) && span.start - start < 12 {
                start -= 1;
            }
            while touches && end < text.len() && is_part(text[end]) && end - span.end < 12 {
                end += 1;
            }
            shown(&text[start..end])
        };
        format!("{} | {}", side(0, &run.a), side(1, &run.b))
    }
}

/// Common surnames, chosen by eye, without those that are everyday words (高 马 方 白).
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘袁董叶杜蒋\
    汪卢姚廖邹熊陆郝孔崔康邱秦史顾侯邵孟薛尹黎易武戴夏钟阎贾魏丁沈姜范石于吕苏程傅阮麦鲁祝荆褚";

fn is_latin(sign: Sign) -> bool {
    sign.char().is_some_and(|c| is_letter(c) && !is_wide(c))
}

/// Whether a word begins with a capital inside a sentence.
fn is_name(word: &[Sign]) -> bool {
    word.first()
        .is_some_and(|first| first.is_capital() && first.gap() < Gap::Sentence)
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// The words of signs.
fn words(signs: &[Sign]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        let Some(c) = sign
            .char()
            .filter(|c| c.is_alphanumeric() || *c > '\u{300}')
        else {
            continue;
        };
        if at == 0 || sign.gap() > Gap::None || words.is_empty() {
            words.push(String::new());
        }
        words.last_mut().expect("one was pushed").push(c);
    }
    words
}

/// Signs as a reader sees them, cut short.
fn shown(signs: &[Sign]) -> String {
    let mut text = String::new();
    for (at, sign) in signs.iter().enumerate() {
        if at == LONGEST_TOLD {
            text.push('…');
            break;
        }
        if at > 0 && (sign.gap() > Gap::None && is_latin(*sign) || sign.code() == APART) {
            text.push(' ');
        }
        text.extend(sign.char());
    }
    text
}

/// What recognisers of Latin script confuse; chosen by eye.
const CONFUSED: [(&str, &str); 24] = [
    ("rn", "m"),
    ("l", "1"),
    ("i", "1"),
    ("l", "i"),
    ("o", "0"),
    ("c", "e"),
    ("h", "b"),
    ("u", "n"),
    ("s", "f"),
    ("t", "f"),
    ("t", "l"),
    ("ii", "n"),
    ("cl", "d"),
    ("li", "h"),
    ("vv", "w"),
    ("nn", "m"),
    ("in", "m"),
    ("s", "5"),
    ("g", "9"),
    ("b", "6"),
    ("a", "o"),
    ("e", "o"),
    ("v", "y"),
    ("i", "t"),
];

fn is_confused(a: &str, b: &str) -> bool {
    let head = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let head = (0..=head)
        .rev()
        .find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at))
        .unwrap_or(0);
    let (a, b) = (&a[head..], &b[head..]);
    CONFUSED.iter().any(|(one, other)| {
        let becomes = |from: &str, to: &str| {
            a.strip_prefix(from)
                .is_some_and(|rest| b.strip_prefix(to) == Some(rest))
        };
        becomes(one, other) || becomes(other, one)
    })
}

/// The probability of at least this many chance events if `expected` are expected (Poisson).
fn tail(count: usize, expected: f64) -> f64 {
    let mut term = (-expected).exp();
    let mut below = 0.0;
    for n in 0..count {
        below += term;
        term *= expected / (n + 1) as f64;
    }
    (1.0 - below).max(0.0)
}
