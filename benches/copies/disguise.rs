//! How a planted copy comes to differ from its original: a table of disguises, from none to heavy noise.

use crate::plant::{Draft, Paragraph};
use generate::Random;
use jiaokan::bench::text::letters::fold;
use pinyin::ToPinyin;

/// A kind of copy of a whole document.
pub(crate) struct Disguise {
    pub name: &'static str,
    /// The text of a copy; the text itself where the disguise has nothing to take hold of.
    pub copy: fn(&mut Random, &Draft) -> String,
}

pub(crate) const DISGUISES: [Disguise; 10] = [
    Disguise {
        name: "exact",
        copy: |_, draft| draft.text(),
    },
    Disguise {
        name: "format",
        copy: reformatted,
    },
    Disguise {
        name: "ocr1",
        copy: |random, draft| noisy(random, &draft.text(), 1),
    },
    Disguise {
        name: "ocr3",
        copy: |random, draft| noisy(random, &draft.text(), 3),
    },
    Disguise {
        name: "ocr5",
        copy: |random, draft| noisy(random, &draft.text(), 5),
    },
    Disguise {
        name: "ocr10",
        copy: |random, draft| noisy(random, &draft.text(), 10),
    },
    Disguise {
        name: "drop",
        copy: thinned,
    },
    Disguise {
        name: "trunc",
        copy: truncated,
    },
    Disguise {
        name: "trad",
        copy: |_, draft| hanconv::s2t(draft.text()),
    },
    Disguise {
        name: "gloss",
        copy: glossed,
    },
];

/// What the site, not the article, says before and behind an excerpt: about 80 letters.
const BOILERPLATE: &str = "本站转载的文章版权归原作者和原出处所有，仅供学习交流之用，不代表本站赞同其观点，也不对内容的真实性负责；\
                           如有侵权或者其他问题，请在三十日之内同编辑部联系，我们收到通知之后会尽快处理。";

/// Whether a character is a letter or a digit, as texts are compared.
pub(crate) fn is_letter(c: char) -> bool {
    fold(c).is_some()
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Noise at so many percent of the letters: of these 60 % read as another character of the text, 20 % lost, 20 %
/// followed by one that does not belong there.
pub(crate) fn noisy(random: &mut Random, text: &str, percent: usize) -> String {
    let letters: Vec<char> = text.chars().filter(|c| is_letter(*c)).collect();
    let mut noisy = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_letter(c) || !random.chance(percent) {
            noisy.push(c);
            continue;
        }
        match random.within(0..10) {
            0..6 => noisy.push(*random.pick(&letters)),
            6..8 => {}
            _ => noisy.extend([c, *random.pick(&letters)]),
        }
    }
    noisy
}

/// Other widths, spaces between characters, other line breaks, blank lines: no letter changes.
fn reformatted(random: &mut Random, draft: &Draft) -> String {
    let width = *random.pick(&[full_width as fn(char) -> char, half_width]);
    let spaces = *random.pick(&[0, 30]);
    let line = *random.pick(&[usize::MAX, 20, 35]);
    let between = *random.pick(&["\n", "\n\n", "\n\n\n\n"]);
    let mut reformatted = String::new();
    for paragraph in &draft.paragraphs {
        for (at, c) in paragraph.text.chars().enumerate() {
            reformatted.push(width(c));
            if is_han(c) && random.chance(spaces) {
                reformatted.push(' ');
            }
            if at % line == line - 1 {
                reformatted.push('\n');
            }
        }
        reformatted.push_str(between);
    }
    reformatted
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0)
            .expect("the full-width forms are in the order of ASCII"),
        _ => c,
    }
}

fn half_width(c: char) -> char {
    match c {
        '。' => '.',
        '、' => ',',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0)
            .expect("the full-width forms are in the order of ASCII"),
        _ => c,
    }
}

/// Three paragraphs in ten are gone, the rest stand in another order. A document of few paragraphs stays as it is.
fn thinned(random: &mut Random, draft: &Draft) -> String {
    const FEWEST: usize = 4;
    let mut paragraphs: Vec<&Paragraph> = draft.paragraphs.iter().collect();
    if paragraphs.len() >= FEWEST {
        random.shuffle(&mut paragraphs);
        paragraphs.truncate((paragraphs.len() * 7).div_ceil(10));
    }
    let texts: Vec<&str> = paragraphs.into_iter().map(|p| p.text.as_str()).collect();
    texts.join(draft.between)
}

/// The first 60 % between two boilerplates.
fn truncated(_: &mut Random, draft: &Draft) -> String {
    let text = draft.text();
    let most = text.chars().count() * 6 / 10;
    let start: String = text.chars().take(most).collect();
    [BOILERPLATE, &start, BOILERPLATE].join(draft.between)
}

/// A reading in brackets behind 5 % of the Han characters.
fn glossed(random: &mut Random, draft: &Draft) -> String {
    let mut glossed = String::new();
    for c in draft.text().chars() {
        glossed.push(c);
        if let Some(reading) = c.to_pinyin().filter(|_| random.chance(5)) {
            glossed.extend(["(", reading.with_tone(), ")"]);
        }
    }
    glossed
}
