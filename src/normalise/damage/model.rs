//! How the damage comes about: text as GBK bytes, glosses put in between, cut at marks, each piece decoded by itself.
//!
//! Run over the right text, this gives what is seen on such pages character for character. `Machine` does it a byte at
//! a time, so that a repair is held against what is seen while it is being found.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The character of each pair of bytes 80..FF, 00..FF; a `?` where there is none.
static PAIRS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let decoded = |lead: u8, trail: u8| {
        let text = encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(&[lead, trail])?
            .into_owned();
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    (0x80..=0xFF)
        .flat_map(|lead| (0..=0xFF).map(move |trail| (lead, trail)))
        .map(|(lead, trail)| {
            if trail < 0x40 {
                LOST
            } else {
                decoded(lead, trail).unwrap_or(LOST)
            }
        })
        .collect()
});

/// The two bytes of each character that has a pair.
static BYTES: LazyLock<HashMap<char, [u8; 2]>> = LazyLock::new(|| {
    let pairs = (0x80..=0xFF).flat_map(|lead| (0..=0xFF).map(move |trail| [lead, trail]));
    pairs
        .map(|[lead, trail]| (pair(lead, trail), [lead, trail]))
        .filter(|(c, _)| *c != LOST)
        .collect()
});

/// What a byte becomes that is half of nothing.
pub(super) const LOST: char = '?';

pub(super) fn pair(lead: u8, trail: u8) -> char {
    PAIRS[usize::from(lead & 0x7F) << 8 | usize::from(trail)]
}

/// The bytes of a character: the second 0 if it has but one. None if GBK has no such character.
pub(super) fn bytes(c: char) -> Option<[u8; 2]> {
    if c.is_ascii() {
        Some([c as u8, 0])
    } else {
        BYTES.get(&c).copied()
    }
}

/// What the user-defined areas of GBK become; later steps often drop it.
pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// The second bytes of ！ ？ ； ， ：, at which the bytes are cut; the first is `MARK`.
pub(super) const MARK_ENDS: [u8; 5] = [0xA1, 0xBF, 0xBB, 0xAC, 0xBA];
pub(super) const MARK: u8 = 0xA3;

/// Takes the bytes one by one and hands out characters as they will be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Machine {
    /// Whether the first byte of a mark waits for the second.
    pub held: bool,
    /// The first byte of a pair.
    pub lead: Option<u8>,
}

impl Machine {
    pub(super) fn feed(&mut self, byte: u8, out: &mut impl FnMut(char)) {
        if std::mem::take(&mut self.held) {
            if MARK_ENDS.contains(&byte) {
                self.end_piece(out);
                out(pair(MARK, byte));
                return;
            }
            self.decode(MARK, out);
        }
        if byte == MARK {
            self.held = true
        } else {
            self.decode(byte, out)
        }
    }

    /// The state in which the next byte finds it, if that makes no mark of one that is held; and what that hands out.
    pub(super) fn released(mut self, out: &mut impl FnMut(char)) -> Self {
        if std::mem::take(&mut self.held) {
            self.decode(MARK, out);
        }
        self
    }

    fn decode(&mut self, byte: u8, out: &mut impl FnMut(char)) {
        match self.lead.take() {
            Some(lead) => out(pair(lead, byte)),
            None if byte < 0x80 => out(byte.into()),
            None => self.lead = Some(byte),
        }
    }

    /// Half a character at the end of a piece is lost.
    fn end_piece(&mut self, out: &mut impl FnMut(char)) {
        if self.lead.take().is_some() {
            out(LOST);
        }
    }

    /// The end of the text.
    pub(super) fn end(mut self, out: &mut impl FnMut(char)) {
        if std::mem::take(&mut self.held) {
            self.decode(MARK, out);
        }
        self.end_piece(out);
    }

    pub(super) fn is_idle(&self) -> bool {
        !self.held && self.lead.is_none()
    }
}

/// A mark as it is compared: the last step of the damage makes some of them half-width.
pub(super) fn narrow(c: char) -> char {
    match c {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '！' => '!',
        '？' => '?',
        _ => c,
    }
}

/// Damages a text: each character glossed wherever its bytes stand, in the order of the table; private-use characters
/// dropped or kept. Characters that GBK lacks become `?`.
#[cfg(test)]
pub(super) fn damage(text: &str, glosses: &[(char, &str)], keep_private: bool) -> String {
    let encode = |text: &str| -> Vec<u8> {
        text.chars()
            .flat_map(|c| bytes(c).unwrap_or([LOST as u8, 0]))
            .filter(|byte| *byte != 0)
            .collect()
    };
    let mut stream = encode(text);
    for (character, reading) in glosses {
        let key = bytes(*character).expect("a gloss stands on a character of GBK");
        let gloss = encode(&format!("({reading})"));
        let mut glossed = Vec::with_capacity(stream.len());
        let mut rest = &stream[..];
        while let Some(byte) = rest.first() {
            if rest.starts_with(&key) {
                glossed.extend_from_slice(&key);
                glossed.extend_from_slice(&gloss);
                rest = &rest[2..];
            } else {
                glossed.push(*byte);
                rest = &rest[1..];
            }
        }
        stream = glossed;
    }
    let mut seen = String::new();
    let mut machine = Machine::default();
    let mut out = |c: char| seen.extend((keep_private || !is_private(c)).then_some(narrow(c)));
    stream.iter().for_each(|byte| machine.feed(*byte, &mut out));
    machine.end(&mut out);
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_damage_is_what_is_seen_on_pages() {
        let glosses = [
            ("數", "shù"),
            ("規", "guī"),
            ("儀", "yí"),
            ("測", "cè"),
            ("績", "jī"),
            ("縣", "xiàn"),
        ];
        let glosses = glosses.map(|(c, reading)| (c.chars().next().unwrap(), reading));
        for (text, seen) in [
            ("規模化應用，推進", "規(guī)?;瘧?,推進"),
            ("報告。“十四五”規劃", "報告?!笆奈濉币?guī)劃"),
            ("要求。“數字化", "要求?！皵?shù)字化"),
            ("測量儀", "測(cè)量?jī)x"),
            ("當地政府", "當?shù)卣"),
        ] {
            let damaged: String = damage(text, &glosses, false).chars().map(narrow).collect();
            let seen: String = seen.chars().map(narrow).collect();
            assert!(damaged.starts_with(&seen), "{damaged} for {seen}");
        }
    }
}
