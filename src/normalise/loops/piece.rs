//! What tells what a decoder repeats from what an author does: how often it stands there, and whether it is a piece of a
//! sentence.

use crate::page::edit::Grade;
use crate::text::chars::{is_letter, is_wide};

/// Where a repetition stops in the middle of a clause. An author repeats clauses, verses and calls, and each of them whole;
/// a decoder repeats from any character to any, until it is cut off.
pub(super) struct Torn {
    /// Its first unit goes on a clause that began before it.
    pub(super) head: bool,
    /// The text goes on in the middle of a clause behind it.
    pub(super) tail: bool,
    /// The block ends in the middle of a clause of its last unit.
    pub(super) is_broken_off: bool,
}

/// Whether one clause may go on over a place of a text: words stand on both sides, and in Chinese nothing between them.
pub(super) fn may_go_on(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at);
    let is_wide_text = before.ends_with(is_wide) || behind.starts_with(is_wide);
    let (before, behind) = match is_wide_text {
        true => (before, behind),
        false => (before.trim_end_matches(' '), behind.trim_start_matches(' ')),
    };
    before.ends_with(is_letter) && behind.starts_with(is_letter)
}

/// How often in a row a unit must stand to be a loop, and to be suspected of it. The numbers below were chosen by eye;
/// `tests/noise.rs` plants loops and holds that they go, and that nothing else does.
#[derive(Clone, Copy)]
pub(super) struct Least {
    loops: usize,
    suspected: usize,
}

impl Least {
    /// Without a proof that a machine repeated it, it is suspected, however often it stands there.
    pub(super) fn grade(self, times: usize, is_proved: bool) -> Option<Grade> {
        if times >= self.loops && is_proved {
            Some(Grade::Verified)
        } else {
            (times >= self.suspected).then_some(Grade::Suspected)
        }
    }
}

pub(super) const fn least(loops: usize, suspected: usize) -> Option<Least> {
    Some(Least { loops, suspected })
}

/// Words that bind others: a phrase with one is a piece of a sentence.
const PARTICLES: &str = "的了是在和與与及為为于於以而或由对對将將被把其这這那等";

/// Words that bind what stands before them: nobody begins with one, or says it five times.
const ENCLITICS: [char; 10] = ['的', '和', '與', '与', '及', '之', '而', '于', '於', '以'];

/// English words that bind others: no phrase ends with one.
const BOUND: [&str; 10] = [
    "the", "of", "to", "and", "a", "in", "with", "as", "for", "at",
];

/// By what is in the unit. Numbers alone are data, marks alone are leaders, rules or emphasis, a few letters with a mark
/// between them are a list of answers, a chant, a roll call.
pub(super) fn least_times(unit: &str) -> Option<Least> {
    let letters = letters(unit);
    let bare = unit.chars().all(is_letter);
    if letters == 0 {
        let is_stop = unit.chars().count() == 1 && "。，、；：".contains(unit);
        return if is_stop { least(6, 5) } else { None };
    }
    if !unit.chars().any(is_wide) {
        return least_times_of_words(unit, letters);
    }
    let binds = unit.starts_with(ENCLITICS);
    match letters {
        1 if bare && binds => least(5, 4),
        1 if bare && unit.starts_with(is_interjection) => None,
        1 if bare => least(20, 10),
        2 if bare => least(16, 10),
        3..=4 if bare && binds => least(4, 3),
        3..=4 if bare => least(12, 6),
        1..=4 => least(60, 30),
        _ if is_called(unit) => least(16, 8),
        5..=9 if bare => least(6, 4),
        5..=9 => least(8, 5),
        _ => least(4, 3),
    }
}

/// Of a unit without wide characters. One without spaces is a code: hex digits, bases, base64.
fn least_times_of_words(unit: &str, letters: usize) -> Option<Least> {
    if unit.contains('\\') {
        return least(6, 5); // \hline \hline
    }
    let spaces = unit.matches(char::is_whitespace).count();
    if !unit.is_ascii() && spaces == 0
        || unit
            .chars()
            .any(|c| !c.is_alphabetic() && c != ' ' && !",.;'-’".contains(c))
    {
        return None;
    }
    match spaces {
        0 => None,
        1 if is_bound_word(unit) => least(4, 3),
        1 => least(20, 10),
        2 => least(12, 6),
        _ if letters >= 12 => least(5, 4),
        _ => least(12, 6),
    }
}

/// Whether what repeats is a piece of a sentence, as a decoder repeats it, and not a refrain, a chant or a call, which an
/// author repeats whole.
pub(super) fn is_a_piece(unit: &str, torn: &Torn) -> bool {
    let letters = letters(unit);
    if is_called(unit) {
        return false;
    }
    if !unit.chars().any(is_wide) {
        let binds = || unit.split(' ').any(|word| BOUND.contains(&word));
        return letters == 0
            || unit.contains('\\')
            || is_bound_word(unit)
            || letters >= 12 && (torn.is_broken_off || torn.head && torn.tail && binds());
    }
    let binds = || unit.chars().any(|c| PARTICLES.contains(c) || !is_letter(c));
    match letters {
        1 if unit.starts_with(ENCLITICS) => true,
        1..=9 if unit.starts_with(ENCLITICS) && torn.head => true,
        1..=4 => torn.head && torn.tail,
        5..=11 => torn.is_broken_off || torn.head && torn.tail && binds(),
        // a phrase that goes on what stands before it, though it holds words or marks by which it is none of its own
        _ => torn.is_broken_off || torn.head && (torn.tail || is_open(unit) && binds()),
    }
}

pub(super) fn letters(unit: &str) -> usize {
    let is_counted = |c: &char| is_letter(*c) && !c.is_numeric();
    unit.chars().filter(is_counted).count()
}

/// Whether neither end of a unit is a mark.
fn is_open(unit: &str) -> bool {
    unit.starts_with(is_letter) && unit.ends_with(is_letter)
}

/// 加油！
pub(super) fn is_called(unit: &str) -> bool {
    unit.contains(['！', '!', '？', '?', '～', '~'])
}

/// Whether a unit is one word that binds others.
fn is_bound_word(unit: &str) -> bool {
    // a run begins anywhere in its words: he t|he t|he t
    let around = unit.repeat(2);
    let word = around.split(' ').nth(1).unwrap_or_default().to_lowercase();
    unit.matches(' ').count() == 1 && BOUND.contains(&&*word)
}

/// 哈, 呀, 咚: a character with the radical 口 is a sound, and a sound may be drawn out.
fn is_interjection(c: char) -> bool {
    ('\u{53e3}'..='\u{56d6}').contains(&c) || "啊哈呵滴嘀轰轟砰隆吱嘎汪喵嗒".contains(c)
}
