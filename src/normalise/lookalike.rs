//! Puts the right character in the place of one that looks like it, where the corpus leaves no doubt.
//!
//! What must hold: three characters in a row that the character stands in are known with its look-alike, and not with
//! itself; the seven characters around are thousands of times likelier with the look-alike, and the more so the less the
//! two look alike (a noisy channel, as Kernighan, Church and Gale 1990 have it for spelling).

use super::script::Target;
use crate::lexicon::{Familiar, LeftOut, Lexicon, OFTEN, Symbol, symbol, symbols};
use crate::page::Page;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Span};
use crate::text::han::{HanScript, is_simplified, is_traditional};
use crate::text::letters::fold;
use crate::text::lookalikes::{self, is_spelling, lookalikes};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) const REPAIR: super::Repair = super::Repair {
    cause: CauseId::Lookalike,
    examples: &[
        ("这座大桥己经建成通车。", "这座大桥已经建成通车。"),
        ("各级领导千部要带头。", "各级领导干部要带头。"),
        (
            "他们自己动手，日子过得红火。",
            "他们自己动手，日子过得红火。",
        ),
        ("孟子曰：“未之有也。”", "孟子曰：“未之有也。”"),
    ],
    mend: |page, lexicon, target| look(page, lexicon, target, true),
    unasked: Some(|page, lexicon, target| look(page, lexicon, target, false)),
};

/// How much likelier the text must be with a character that looks the same, as a logarithm.
const MARGIN: f32 = 8.0;
/// How much more for each percent that two characters look less alike than `SAME`.
const UNLIKE: f32 = 0.5;
const SAME: u8 = 96;
/// How alike two must look, and how much likelier the one must be, to leave no doubt.
const SURE_LIKENESS: u8 = 94;
const SURE_MARGIN: f32 = 11.5;
/// Three characters in a row that are seen with the one may be seen with the other so much less often: other errors.
const ERRORS: f32 = 0.1;
/// A character this many times more frequent on a page than elsewhere is not an error, but what the page is about.
const BURST: f32 = 5.0;
/// A repair may show what else is wrong: a line is looked at this often.
const MOST_ROUNDS: usize = 3;

/// Repairs what it finds; if it is not asked for, only what is sure, and reports the rest.
fn look(page: &mut Page, lexicon: &Lexicon, target: Target, is_asked: bool) {
    if page.laid_out {
        return;
    }
    let script = match target {
        Target::Keep => None,
        Target::Simplified => Some(HanScript::Simplified),
        Target::Traditional | Target::Taiwan | Target::HongKong => Some(HanScript::Traditional),
    };
    let mut look = Look {
        lexicon,
        script,
        is_asked,
        line: Line::default(),
    };
    for at in 0..page.blocks.len() {
        let block = &page.blocks[at];
        if block.dropped || !block.is_running_text() {
            continue;
        }
        let span = block.span.clone();
        for _ in 0..MOST_ROUNDS {
            // a round that only remarked would remark on the same again
            if !look.round(page, &span) || !is_asked {
                break;
            }
        }
    }
}

/// A look over the lines of a page.
struct Look<'l> {
    lexicon: &'l Lexicon,
    /// That of the page, which is found out when it is needed.
    script: Option<HanScript>,
    is_asked: bool,
    line: Line,
}

impl Look<'_> {
    /// Repairs and remarks on what it finds in a line; whether it found anything.
    fn round(&mut self, page: &mut Page, span: &Span) -> bool {
        let (line, lexicon) = (&mut self.line, self.lexicon);
        let reading = page.reading(span.clone());
        line.read(&reading.text, lexicon);
        if line.doubtful.is_empty() {
            return false;
        }
        line.read_chars(&reading.text);
        let script = self
            .script
            .get_or_insert_with(|| HanScript::of(page.text()));
        let finds = line
            .doubtful
            .iter()
            .filter_map(|place| line.find(lexicon, *place, *script))
            .filter(|find| !is_of_the_page(page.text(), line.chars[find.place].1, lexicon));
        let edits = finds.map(|find| {
            let (at, c) = line.chars[find.place];
            let edit = reading.trace(Edit::new(at..at + c.len_utf8(), find.right));
            (edit, find.cause(self.is_asked))
        });
        let edits: Vec<(Edit, Cause)> = edits.collect();
        let any = !edits.is_empty();
        for (edit, cause) in edits {
            page.edit(&cause, vec![edit]);
        }
        any
    }
}

/// Whether a page has a character so much oftener than other text that it is a word of its own: 圭 where Guyana is spoken of.
fn is_of_the_page(text: &str, c: char, lexicon: &Lexicon) -> bool {
    let Some(symbol) = symbol(c) else {
        return false;
    };
    let others = text.matches(c).count() as f32 - 1.0;
    others >= 1.0
        && others
            > BURST
                * lexicon.log_probability(&[], symbol).exp()
                * (text.len() / c.len_utf8()) as f32
}

/// A character that stands in the place of another.
struct Find {
    place: usize,
    right: char,
    /// How much likelier the text is with it, as a logarithm.
    margin: f32,
    /// How alike the two look, in percent.
    likeness: u8,
}

impl Find {
    /// Whether it is beyond doubt: of what clean text has that is so, all were errors (12 in 80 MB).
    fn is_sure(&self) -> bool {
        self.likeness >= SURE_LIKENESS && self.margin >= SURE_MARGIN
    }

    fn cause(&self, is_asked: bool) -> Cause {
        let likelier = self.margin * std::f32::consts::LOG10_E;
        let note = Some(format!("{} is 10^{likelier:.0} times likelier", self.right));
        let evidence = Evidence {
            note,
            ..Evidence::default()
        };
        if is_asked || self.is_sure() {
            Cause::verified(REPAIR.cause, evidence)
        } else {
            Cause::suspected(REPAIR.cause, evidence)
        }
    }
}

/// A line as the lexicon sees it.
#[derive(Default)]
struct Line {
    symbols: Vec<Symbol>,
    /// The places of symbols that are in no three that are often seen, as one that looks alike would be.
    doubtful: Vec<usize>,
    /// Of each symbol the last character, and where that stands; of a line with such places.
    chars: Vec<(usize, char)>,
}

impl Line {
    fn read(&mut self, text: &str, lexicon: &Lexicon) {
        self.symbols.clear();
        self.symbols.extend(symbols(text.chars()));
        self.doubtful.clear();
        let familiar = lexicon.familiar();
        let is_familiar = |at: usize| {
            self.symbols
                .get(at..at + 3)
                .is_some_and(|three| familiar.holds(three[0], three[1], three[2]))
        };
        // of the last three symbols, whether those that begin there are familiar
        let mut last = [false; 3];
        for place in 0..self.symbols.len() {
            last = [last[1], last[2], is_familiar(place)];
            if last == [false; 3] && self.is_doubtful(familiar, place) {
                self.doubtful.push(place);
            }
        }
    }

    /// Whether, were a look-alike in this place, three symbols in a row would be familiar.
    fn is_doubtful(&self, familiar: &Familiar, place: usize) -> bool {
        let like = symbols_like(self.symbols[place]);
        if like.is_empty() {
            return false;
        }
        like.iter()
            .any(|like| self.is_familiar(familiar, place, *like))
    }

    /// Whether three symbols in a row that a place has a part in would be familiar, were this one there.
    #[inline]
    fn is_familiar(&self, familiar: &Familiar, place: usize, other: Symbol) -> bool {
        // 0 where there is none, and with that nothing is familiar
        let symbol = |at: usize| self.symbols.get(at).copied().unwrap_or(0);
        let before = [place.wrapping_sub(2), place.wrapping_sub(1)].map(symbol);
        let after = [place + 1, place + 2].map(symbol);
        familiar.holds(before[0], before[1], other)
            || familiar.holds(before[1], other, after[0])
            || familiar.holds(other, after[0], after[1])
    }

    fn read_chars(&mut self, text: &str) {
        let last = Cell::new((0, '\0'));
        let chars = text.char_indices().map(|place| {
            last.set(place);
            place.1
        });
        self.chars.clear();
        self.chars.extend(symbols(chars).map(|_| last.get()));
    }

    /// What belongs in the place, if it is another symbol than the one that is there.
    fn find(&self, lexicon: &Lexicon, place: usize, script: HanScript) -> Option<Find> {
        let wrong = self.chars[place].1;
        let mut best: Option<Find> = None;
        let mut score = None;
        for (right, likeness) in lookalikes(wrong) {
            let Some(other) = symbol(*right).filter(|other| *other != self.symbols[place]) else {
                continue;
            };
            let is_out =
                !is_in(*right, script) || is_guess(wrong, *right) || is_spelling(wrong, *right);
            let is_known = || {
                self.is_familiar(lexicon.familiar(), place, other)
                    && self.is_known(lexicon, place, other)
            };
            if is_out || !is_known() {
                continue;
            }
            let score = *score.get_or_insert_with(|| {
                self.log_probability(lexicon, place, self.symbols[place], true)
            });
            let margin = self.log_probability(lexicon, place, other, false) - score;
            let least = MARGIN + UNLIKE * f32::from(SAME.saturating_sub(*likeness));
            if margin >= least.max(best.as_ref().map_or(0.0, |b| b.margin)) {
                best = Some(Find {
                    place,
                    right: *right,
                    margin,
                    likeness: *likeness,
                });
            }
        }
        best
    }

    /// Whether three symbols in a row that a place has a part in are often seen, were this one there, and those that are
    /// seen with what stands there are so far less.
    fn is_known(&self, lexicon: &Lexicon, place: usize, other: Symbol) -> bool {
        let counts = |symbol| {
            self.windows::<3>(place, symbol)
                .map(|three| lexicon.count(three))
        };
        let often = counts(other).map(|[own, prior]| own.max(prior)).max();
        // once it was counted here
        often >= Some(OFTEN)
            && counts(self.symbols[place])
                .zip(counts(other))
                .all(|([own, prior], others)| {
                    (own.saturating_sub(1) + prior) as f32
                        <= ERRORS * (others[0] + others[1]) as f32
                })
    }

    /// The natural logarithm of the probability of the symbols that a place has a part in, were this one there. Where it is
    /// what stands there, it was counted here, and that must not speak for it.
    fn log_probability(
        &self,
        lexicon: &Lexicon,
        place: usize,
        symbol: Symbol,
        is_counted: bool,
    ) -> f32 {
        let from = place.saturating_sub(3);
        let to = (place + 4).min(self.symbols.len());
        let mut around = [0; 7];
        around[..to - from].copy_from_slice(&self.symbols[from..to]);
        around[place - from] = symbol;
        let log_probability = |at: usize| {
            let context = &around[at.saturating_sub(3)..at];
            let before = at - (place - from);
            if is_counted {
                lexicon.log_probability_without(LeftOut::ThisText { before }, context, around[at])
            } else {
                lexicon.log_probability(context, around[at])
            }
        };
        (place - from..to - from).map(log_probability).sum()
    }

    /// The `N` symbols in a row that a place has a part in, were this one there.
    fn windows<const N: usize>(
        &self,
        place: usize,
        symbol: Symbol,
    ) -> impl Iterator<Item = [Symbol; N]> {
        let first = (place + 1).saturating_sub(N);
        self.symbols[first..(place + N).min(self.symbols.len())]
            .windows(N)
            .enumerate()
            .map(move |(at, window)| {
                let mut window: [Symbol; N] = window.try_into().expect("windows of this length");
                window[place - first - at] = symbol;
                window
            })
    }
}

/// Whether a text of a script has the character, and the lexicon, which knows no scripts, means no other by it.
fn is_in(c: char, script: HanScript) -> bool {
    match script {
        HanScript::Simplified => !is_traditional(c),
        HanScript::Traditional => {
            !is_simplified(c) && fold(c).is_some_and(|letter| HOLDS[letter as usize] < 2)
        }
        HanScript::Either => !is_traditional(c) && !is_simplified(c),
    }
}

/// How many characters of traditional print are one to the lexicon.
static HOLDS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut holds = vec![0u8; 0x10000];
    let all = lookalikes::all().map(|(c, _)| c);
    all.filter(|c| !is_simplified(*c))
        .filter_map(fold)
        .for_each(|letter| {
            holds[letter as usize] = holds[letter as usize].saturating_add(1);
        });
    holds
});

/// Any number is as likely as another: a number neither replaces anything nor is replaced.
fn is_guess(wrong: char, right: char) -> bool {
    const TENS: &str = "百千万萬亿億";
    let is_digit = |c| "〇零一二三四五六七八九十两兩廿卅".contains(c);
    is_digit(right) || (is_digit(wrong) || TENS.contains(wrong)) && TENS.contains(right)
}

/// What a symbol may have been misread for: the look-alikes of all characters that it stands for.
fn symbols_like(symbol: Symbol) -> &'static [Symbol] {
    &LIKE[usize::from(symbol)]
}

static LIKE: LazyLock<Vec<Box<[Symbol]>>> = LazyLock::new(|| {
    let mut like = vec![BTreeSet::new(); 0x10000];
    for (wrong, others) in lookalikes::all() {
        let Some(wrong) = symbol(wrong) else {
            continue;
        };
        like[usize::from(wrong)].extend(
            others
                .iter()
                .filter_map(|(c, _)| symbol(*c))
                .filter(|other| *other != wrong),
        );
    }
    like.into_iter()
        .map(|all| all.into_iter().collect())
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Counts, Grams};
    use crate::segment::segment;

    fn page(text: &str) -> Page {
        let mut page = Page::new("p", text);
        segment(&mut page);
        page
    }

    /// The text as it is after a run that also holds the others.
    fn mended(text: &str, others: &[&str]) -> String {
        let mut counts = Counts::default();
        others
            .iter()
            .chain([&text])
            .for_each(|text| counts.add(&Grams::of(&page(text))));
        let mut page = page(text);
        look(&mut page, &counts.lexicon(), Target::Keep, true);
        page.clean()
    }

    #[test]
    fn what_the_run_has_often_mends_what_it_has_once() {
        let right = [
            "望潮渡的船工每天清早出船。",
            "老人说望潮渡的船工都姓顾。",
            "去年望潮渡的船工换了新船。",
        ];
        let often = right.repeat(4);
        assert_eq!(
            mended("午后望潮渡的舶工回来了。", &often),
            "午后望潮渡的船工回来了。"
        );
        // as much a name as the other
        assert_eq!(
            mended("望潮渡的舶工和舶工的儿子在望潮渡的舶工家。", &often),
            "望潮渡的舶工和舶工的儿子在望潮渡的舶工家。"
        );
    }

    #[test]
    fn unless_asked_it_mends_what_is_sure_on_pages_of_newspapers_and_tells_of_the_rest() {
        let lexicon = Counts::default().lexicon();
        let text = "各级领导千部要带头，这座大桥己经建成通车。";
        for (head, mended, told) in [
            ("本报记者 方舟\n\n", vec!["千"], vec!["己"]),
            ("", vec![], vec![]),
        ] {
            let mut page = page(&format!("{head}{text}"));
            crate::normalise::repair(&mut page, &lexicon, Target::Keep, false);
            let text = |span: &std::ops::Range<usize>| page.text()[span.clone()].to_string();
            assert_eq!(
                page.changes()
                    .iter()
                    .map(|change| text(&change.span))
                    .collect::<Vec<_>>(),
                mended
            );
            assert_eq!(
                page.remarks()
                    .iter()
                    .map(|remark| text(&remark.span))
                    .collect::<Vec<_>>(),
                told
            );
        }
    }

    #[test]
    fn numbers_are_not_guessed() {
        let text = "根据本条例第三十王条的规定处罚。";
        assert_eq!(
            mended(text, &["根据本条例第三十五条的规定处罚。"; 20]),
            text
        );
    }

    #[test]
    fn a_traditional_page_gets_traditional_characters() {
        let often = [
            "他們巳在江邊的碼頭等候。",
            "船員已在江邊的碼頭等候。",
            "旅客已在江邊的碼頭等候。",
        ];
        let often: Vec<&str> = often[1..].repeat(6);
        assert_eq!(
            mended("眾人巳在江邊的碼頭等候。", &often),
            "眾人已在江邊的碼頭等候。"
        );
        assert_eq!(
            mended("眾人已在江邊的碼頭等侯。", &often),
            "眾人已在江邊的碼頭等候。"
        );
    }
}
