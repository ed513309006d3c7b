//! What the corpus itself says about which characters follow which: a character 4-gram model counted over the run.

mod counts;
mod familiar;
mod grams;
mod model;
mod ngrams;
mod prune;
mod sample;
mod symbols;
pub(crate) mod varint;
pub mod words;

pub(crate) use counts::counts_as_beginning;
pub use counts::{Counts, Grams};
pub(crate) use familiar::{Familiar, OFTEN};
pub use model::Malformed;
pub(crate) use model::Model;
pub(crate) use symbols::{END, HEADLINE_END, START, Symbol, symbol, symbols};

use grams::{ORDER, pack};
use model::Parts;
use ngrams::Ngrams;
use std::sync::{LazyLock, OnceLock};
use words::Words;

/// Which symbol follows which: by the run, and below that by the model that ships.
#[derive(Debug, Default)]
pub struct Lexicon {
    own: Ngrams,
    prior: Option<&'static Ngrams>,
    /// Made when it is first needed.
    familiar: OnceLock<Familiar>,
    /// The Latin words.
    pub words: Words,
}

impl From<Model> for Lexicon {
    fn from(model: Model) -> Self {
        let prior = (model.symbols < ENOUGH as u64).then(|| &*PRIOR);
        Lexicon {
            own: Ngrams::from(&model),
            prior,
            familiar: OnceLock::new(),
            words: model.words,
        }
    }
}

impl Counts {
    /// The lexicon of what was counted.
    pub fn lexicon(self) -> Lexicon {
        Lexicon::from(self.model())
    }
}

/// The model that ships with the program, for runs too small to learn from: the most telling n-grams of broadcast news
/// (2022 to 2026) and an encyclopedia, as `make prior` counts them.
static PRIOR: LazyLock<Ngrams> = LazyLock::new(|| {
    let bytes = include_bytes!("../../data/tables/prior.lexicon");
    Ngrams::from(&Model::from_bytes(bytes).expect("make prior wrote the file, and tests read it"))
});

/// No natural logarithm of a probability is lower; chosen by eye.
const LEAST: f32 = -20.0;

/// A run of more symbols is a better model than other text.
const ENOUGH: usize = 3_000_000;

impl Lexicon {
    /// The lexicon that ships with jiaokan, for text without a run.
    pub fn shipped() -> &'static Lexicon {
        static SHIPPED: LazyLock<Lexicon> = LazyLock::new(|| Counts::default().lexicon());
        &SHIPPED
    }

    /// The lexicon as bytes: the format, what was counted of the run, a checksum. The model that ships is not among them.
    pub fn to_bytes(&self) -> Vec<u8> {
        Parts {
            symbols: self.own.symbols as u64,
            discounts: &self.own.discounts,
            entries: &self.own.entries(),
            words: &self.words,
        }
        .to_bytes()
    }

    /// The lexicon that the bytes hold. It may come from another run or other settings: what was learnt of a language
    /// stays true.
    ///
    /// # Errors
    /// If they are not a lexicon of this version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Model::from_bytes(bytes).map(Lexicon::from)
    }

    /// How many symbols of the run were counted.
    pub fn symbols(&self) -> usize {
        self.own.symbols
    }

    /// Bytes that the tables hold.
    pub fn bytes(&self) -> usize {
        self.own.values.bytes() + self.own.contexts.bytes() + self.words.bytes()
    }

    /// The natural logarithm of the probability of a symbol after a context, of which the last three symbols count.
    pub fn log_probability(&self, context: &[Symbol], symbol: Symbol) -> f32 {
        self.log_probability_without(LeftOut::Nothing, context, symbol)
    }

    /// The same with some counts of the run left out.
    pub fn log_probability_without(
        &self,
        without: LeftOut,
        context: &[Symbol],
        symbol: Symbol,
    ) -> f32 {
        let once = |yes: bool| u32::from(yes);
        match without {
            LeftOut::Nothing => self.probability(context, symbol, |_| 0).ln(),
            LeftOut::ThisText { before } => self
                .probability(context, symbol, |known| once(known.len() >= before))
                .ln(),
            LeftOut::ThisBeginning => self
                .probability(context, symbol, |known| once(known[0] == START))
                .ln(),
            LeftOut::Copies(copies) => {
                let context = &context[context.len().saturating_sub(ORDER - 1)..];
                let gone = self.gone_with(copies, context, symbol);
                // a symbol that only the copies had may be left without any probability
                self.probability_without(context, symbol, |known| gone[known.len()])
                    .ln()
                    .max(LEAST)
            }
        }
    }

    /// How often three symbols in a row were seen in the run, and how often in the text of the model that ships.
    pub fn count(&self, three: [Symbol; 3]) -> [u32; 2] {
        let count = |ngrams: &Ngrams| {
            ngrams
                .contexts
                .get(pack(&three))
                .map_or(0, |context| context.total as u32)
        };
        [count(&self.own), self.prior.map_or(0, count)]
    }

    /// What is often seen.
    pub fn familiar(&self) -> &Familiar {
        self.familiar
            .get_or_init(|| Familiar::of(std::iter::once(&self.own).chain(self.prior)))
    }

    /// By the length of the context: what leaving out copies of a passage takes off the count of the symbol after it,
    /// and off the total of the context.
    fn gone_with(&self, copies: Copies, context: &[Symbol], symbol: Symbol) -> [(u32, u32); ORDER] {
        // a shorter n-gram counts the different symbols seen before it: one fewer if the last that had this symbol goes
        let mut without = [(0, 0); ORDER];
        let is_longest = context.len() + 1 == ORDER;
        let mut gone = if is_longest {
            copies.gram
        } else {
            copies.gram.min(1)
        };
        for start in 0..context.len() {
            let order = context.len() - start + 1;
            let total = if order == ORDER { copies.context } else { gone };
            without[order - 1] = (gone, total);
            let gram = pack(&context[start..]) | u64::from(symbol) << (16 * (ORDER - order));
            gone = u32::from(gone > 0 && self.own.values.get(gram).unwrap_or(0) <= gone);
        }
        without
    }

    /// The natural logarithm of how much likelier a symbol is before these three than anywhere: far below 0 if the
    /// three were seen often and always after others, as 十届 is after 二. One occurrence, that on the page itself, does
    /// not count.
    pub fn log_lift_before(&self, symbol: Symbol, after: &[Symbol]) -> f32 {
        let Some([first, second, third]) = after.first_chunk().copied() else {
            return 0.0;
        };
        let (three, four) = (pack(&after[..3]), pack(&[symbol, first, second, third]));
        let (mut seen, mut total, mut kinds) = (0.0, -1.0, 1.0f32);
        for ngrams in std::iter::once(&self.own).chain(self.prior) {
            let Some(context) = ngrams.contexts.get(three) else {
                continue;
            };
            seen += ngrams.values.get(four).unwrap_or(0) as f32;
            total += context.total;
            kinds = kinds.max(ngrams.values.get(three).unwrap_or(1) as f32);
        }
        if total <= 0.0 {
            return 0.0;
        }
        let discount = self.own.discounts[ORDER - 1][0];
        let never = (discount * kinds / total).min(1.0);
        ((seen - discount).max(0.0) / total / self.probability(&[], symbol, |_| 0) + never).ln()
    }

    /// `without` says how many of the times that a context was seen do not count.
    fn probability(
        &self,
        context: &[Symbol],
        symbol: Symbol,
        without: impl Fn(&[Symbol]) -> u32,
    ) -> f32 {
        self.probability_without(context, symbol, |known| (without(known), without(known)))
    }

    /// `without` says for a context what is taken off the count of the symbol after it, and off the total of the
    /// context. The prior counts as a fixed number of further symbols after each context that it knows (maximum a
    /// posteriori adaptation, Bacchiani and Roark 2003).
    fn probability_without(
        &self,
        context: &[Symbol],
        symbol: Symbol,
        without: impl Fn(&[Symbol]) -> (u32, u32),
    ) -> f32 {
        let context = &context[context.len().saturating_sub(ORDER - 1)..];
        let mut probability = self.own.alone(symbol);
        let mut prior = 0.0;
        if let Some(below) = self.prior {
            prior = below.alone(symbol);
            probability = mix(probability, self.own.total, prior, WEIGHT_ALONE);
        }
        for start in (0..context.len()).rev() {
            let known = &context[start..];
            let below = self
                .prior
                .and_then(|p| p.after(known, symbol, prior, (0, 0)))
                .map(|(p, _)| p);
            prior = below.unwrap_or(prior);
            let own = self.own.after(known, symbol, probability, without(known));
            probability = match (own, below) {
                (Some((own, seen)), Some(below)) => mix(own, seen, below, WEIGHT),
                (Some((own, _)), None) => own,
                (None, Some(below)) => below,
                (None, None) => break,
            };
        }
        probability
    }
}

/// What the prior weighs, in symbols after each context: of 1, 4, 16, 32 and 64 the one that joins best on pages alone and
/// does no harm to runs of a hundred.
const WEIGHT: f32 = 32.0;

/// What it weighs where there is no context.
const WEIGHT_ALONE: f32 = 10_000.0;

/// A probability of the run, and one of the prior, which weighs as much as that many symbols of the run.
fn mix(own: f32, seen: f32, prior: f32, weight: f32) -> f32 {
    (own * seen + prior * weight) / (seen + weight)
}

/// What is left out when the lexicon is asked about text that was itself counted.
#[derive(Debug, Clone, Copy)]
pub enum LeftOut {
    Nothing,
    /// One text that contains the symbol, with at least this many symbols before it.
    ThisText {
        before: usize,
    },
    /// One paragraph, which begins with this context.
    ThisBeginning,
    /// Copies of a passage, so that they do not vote twice.
    Copies(Copies),
}

/// Copies of a passage that were counted: how many have an n-gram, and how many have all of it but its last symbol.
#[derive(Debug, Clone, Copy, Default)]
pub struct Copies {
    pub gram: u32,
    pub context: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;
    use crate::segment::segment;

    fn lexicon(texts: &[&str]) -> Lexicon {
        let mut counts = Counts::default();
        for text in texts {
            let mut page = Page::new("p", *text);
            segment(&mut page);
            counts.add(&Grams::of(&page));
        }
        counts.lexicon()
    }

    #[test]
    fn what_was_seen_is_likelier() {
        let lexicon = lexicon(&["灯塔点亮了灯塔。\n灯塔在江边。", "江边的灯塔很高。"]);
        let [lamp, tower, river] = ['灯', '塔', '江'].map(|c| symbol(c).unwrap());
        assert!(
            lexicon.log_probability(&[lamp], tower)
                > lexicon.log_probability(&[river], tower) + 1.0
        );
        assert!(
            lexicon.log_probability(&[START], lamp)
                > lexicon.log_probability(&[START], tower) + 1.0
        );
        assert!(
            lexicon.log_probability(&[], tower)
                > lexicon.log_probability(&[], symbol('鲸').unwrap())
        );
    }

    #[test]
    fn what_was_never_seen_gets_the_discount_and_no_more() {
        let lexicon = Lexicon {
            prior: None,
            ..lexicon(&["灯塔点亮了灯塔。\n灯塔在江边。", "江边的灯塔很高。"])
        };
        let context = [symbol('灯').unwrap()];
        let seen: f32 = "灯塔点亮了在江边的很高。"
            .chars()
            .map(|c| lexicon.probability(&context, symbol(c).unwrap(), |_| 0))
            .sum();
        assert!((0.8..1.0).contains(&seen), "{seen}");
    }

    #[test]
    fn counts_and_lexicon_are_given_back_by_their_bytes() {
        let texts = [
            "灯塔点亮了灯塔。\n灯塔在江边。",
            "The lamp was lit. 江边的灯塔很高。",
        ];
        let mut counts = Counts::default();
        for text in texts {
            let mut page = Page::new("p", text);
            segment(&mut page);
            counts.add(&Grams::of(&page));
        }
        let bytes = counts.to_bytes(7);
        let back = Counts::from_bytes(&bytes, 7).unwrap();
        assert_eq!(back.to_bytes(7), bytes);
        assert!(Counts::from_bytes(&bytes, 8).is_none(), "of other settings");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(Counts::from_bytes(&damaged, 7).is_none(), "byte {at}");
        }

        let model = counts.model().to_bytes();
        let lexicon = Lexicon::from_bytes(&model).unwrap();
        assert_eq!(lexicon.to_bytes(), model);
        assert_eq!(lexicon.symbols(), back.lexicon().symbols());
    }

    #[test]
    fn the_sample_depends_on_no_order() {
        let texts: Vec<String> = (0..200)
            .map(|n| format!("第{n}号灯塔在{}江边的第{n}里。", "长".repeat(n % 7)))
            .collect();
        let grams: Vec<Grams> = texts
            .iter()
            .map(|t| {
                let mut page = Page::new("p", t.as_str());
                segment(&mut page);
                Grams::of(&page)
            })
            .collect();
        let count = |grams: &mut dyn Iterator<Item = &Grams>| {
            let mut counts = Counts::of_at_most(1000);
            grams.for_each(|g| counts.add(g));
            let lexicon = counts.lexicon();
            (
                lexicon.symbols(),
                lexicon.own.values.slots.iter().filter(|s| s.0 != 0).count(),
            )
        };
        let forward = count(&mut grams.iter());
        assert_eq!(forward, count(&mut grams.iter().rev()));
        assert!(forward.0 <= 1000 && forward.0 > 0);
    }
}
