//! The noisy channel: which listed words one misreading makes of what is seen, and how likely that misreading is.

use super::tokens::DOUBTFUL;
use crate::page::edit::Span;
use crate::text::english::{Rank, rank};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A word that may have stood there.
pub(super) struct Meant {
    pub word: String,
    /// The natural logarithm of how likely it is misread like this.
    pub channel: f32,
}

/// The listed words that one misreading makes of what is seen.
pub(super) fn meant(small: &str, may_be_name: bool) -> Vec<Meant> {
    let chars: Vec<char> = small.chars().collect();
    let mut meant = Candidates {
        chars: &chars,
        may_be_name,
        found: HashMap::new(),
        word: String::with_capacity(small.len() + 4),
    };
    let mut letter = [0; 4];
    for at in 0..=chars.len() {
        for length in 1..=LONGEST_CONFUSION.min(chars.len() - at) {
            let seen: String = chars[at..at + length].iter().collect();
            let confused = CONFUSIONS.get(seen.as_str()).into_iter().flatten();
            confused.for_each(|(with, channel)| meant.consider(at..at + length, with, *channel));
        }
        let here = chars.get(at);
        let is_letter = here.is_some_and(|c| c.is_ascii_lowercase());
        let is_edge = at == 0 || at + 1 == chars.len();
        let is_edge_digit = is_edge && here.is_some_and(char::is_ascii_digit);
        if here.is_some() && !is_edge_digit {
            meant.consider(at..at + 1, "", if is_letter { TOO_MANY } else { STRAY });
        }
        for other in 'a'..='z' {
            let other_text = &*other.encode_utf8(&mut letter);
            if here.is_some() {
                let channel = if is_letter { UNLIKE } else { BROKEN };
                meant.consider(at..at + 1, other_text, channel);
            }
            let is_double = here == Some(&other) || at > 0 && chars[at - 1] == other;
            let channel = if is_double { DOUBLE } else { TOO_FEW };
            meant.consider(at..at, other_text, channel);
        }
    }
    let listed = meant.found.into_iter().filter(|(word, _)| word != small);
    listed
        .map(|(word, channel)| Meant { word, channel })
        .collect()
}

/// What a word may have been, as it is found.
struct Candidates<'c> {
    /// What is seen.
    chars: &'c [char],
    may_be_name: bool,
    found: HashMap<String, f32>,
    /// The one that is looked at: thousands are, and few are words.
    word: String,
}

impl Candidates<'_> {
    /// The word with other letters in the place of some, if it is listed.
    fn consider(&mut self, place: Span, with: &str, channel: f32) {
        let word = &mut self.word;
        word.clear();
        word.extend(&self.chars[..place.start]);
        word.push_str(with);
        word.extend(&self.chars[place.end..]);
        let is_apt = match rank(word) {
            Some(Rank::Grammar(_)) => word.len() > 1,
            Some(Rank::Name) => word.len() > 2 && self.may_be_name,
            Some(_) => word.len() > 2,
            None => false,
        };
        if is_apt
            && !DOUBTFUL.contains(&word.as_str())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'')
        {
            let best = self.found.entry(word.clone()).or_insert(channel);
            *best = best.max(channel);
        }
    }
}

/// Natural logarithms of how likely a misreading is where it can happen: dirt inside a word, dirt or a broken letter read
/// for a letter, one of two equal letters lost, a letter too many, one too few, letters that are not alike.
const STRAY: f32 = -3.5;
const BROKEN: f32 = -5.5;
const DOUBLE: f32 = -5.5;
const TOO_MANY: f32 = -6.0;
const TOO_FEW: f32 = -7.5;
pub(super) const UNLIKE: f32 = -8.5;

/// The same of letters that are alike, as they are seen and as they were meant. Learnt by looking at the commonest differences
/// of overproof's training pages; such lists are as old as the trade (Kukich 1992; Tong and Evans 1996).
const ALIKE: [(f32, &str); 3] = [
    (-4.5, "o>e"),
    (
        -5.0,
        "b>h e>c c>e a>u u>a n>u u>n o>c a>s i>r h>b v>y i>l l>i rn>m m>rn 1>l 1>i l>t t>f f>t j>y e>o o>a a>o li>h tl>th \
         il>h ni>m in>m m>in m>ni cl>d d>cl ri>n n>ri ii>n ii>u nt>m rri>m iii>m vv>w w>vv ol>d fi>h lh>th tb>th ti>h \
         lr>h ll>h sn>m rr>n ir>n",
    ),
    (
        -5.5,
        "s>a e>s s>e o>s n>a a>n n>m m>n r>n t>r b>t l>h h>l l>d l>f l>k l>r r>t i>t t>l i>h g>y y>g e>a a>e f>s s>f 0>o 5>s \
         8>a 3>e 3>b 6>b 9>g 1>t 7>t 4>a c>o o>d oo>ee lio>he bo>he mi>an mi>in mi>nd ou>en ic>re co>ee ti>d yv>w av>w \
         tv>w uo>ne nu>ma im>he uo>no il>d lt>h lu>in iu>in hi>in ln>in",
    ),
];
const LONGEST_CONFUSION: usize = 3;

static CONFUSIONS: LazyLock<HashMap<&str, Vec<(&str, f32)>>> = LazyLock::new(|| {
    let mut confusions: HashMap<&str, Vec<(&str, f32)>> = HashMap::new();
    for (channel, pairs) in ALIKE {
        for (seen, meant) in pairs
            .split_whitespace()
            .filter_map(|pair| pair.split_once('>'))
        {
            confusions.entry(seen).or_default().push((meant, channel));
        }
    }
    confusions
});
