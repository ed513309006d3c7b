//! Copies as recognisers and formatters make them.

use crate::templates::Language;
use generate::Random;
use jiaokan::bench::text::letters::fold;
use pinyin::ToPinyin;

/// Characters that recognisers take for one another.
const ALIKE: &str = "己已 末未 千干 日曰 人入 大太 土士 王玉 天夭 午牛 刀力 兔免 洒酒 拔拨 治冶 贷货 析折 侯候 幻幼 今令 往住 问间 即既 \
    遣遗 孤弧 抱拘 辨辩 崇祟 戊戌 乌鸟 历厉 师帅 仓仑 毫亳 准淮 斤斥 厂广 风凤 市布 见贝 开并 木本 用甩 白自 田由 四西";
const ALIKE_LATIN: &str = "rn/m l/1 o/0 c/e h/b u/n s/f t/f cl/d i/l a/o e/o v/y";

/// A share of the letters misread, lost or added: of these 60 % read as another one (half of them as one that looks like it,
/// where there is one; the others as any letter of the text), 20 % lost, 20 % doubled or followed by another.
pub(crate) fn noisy(
    random: &mut Random,
    language: Language,
    text: &str,
    per_mille: usize,
) -> String {
    let letters: Vec<char> = text.chars().filter(|c| fold(*c).is_some()).collect();
    let mut noisy = String::new();
    for c in text.chars() {
        if fold(c).is_none() || random.within(0..1000) >= per_mille {
            noisy.push(c);
            continue;
        }
        match random.within(0..10) {
            0..6 => match alike(random, language, c).filter(|_| random.chance(50)) {
                Some(other) => noisy.push_str(&other),
                None => noisy.push(*random.pick(&letters)),
            },
            6..8 => {}
            8 => noisy.extend([c, c]),
            _ => noisy.extend([c, *random.pick(&letters)]),
        }
    }
    noisy
}

fn alike(random: &mut Random, language: Language, c: char) -> Option<String> {
    if language == Language::Chinese {
        let pair = ALIKE.split_whitespace().find(|pair| pair.contains(c))?;
        return pair.chars().find(|other| *other != c).map(String::from);
    }
    let pairs = ALIKE_LATIN
        .split_whitespace()
        .filter_map(|pair| pair.split_once('/'));
    let others: Vec<&str> = pairs
        .filter_map(|(one, other)| {
            let own = c.to_ascii_lowercase().to_string();
            if own == one {
                Some(other)
            } else {
                (own == other).then_some(one)
            }
        })
        .collect();
    (!others.is_empty()).then(|| random.pick(&others).to_string())
}

pub(crate) fn wide(text: &str) -> String {
    text.chars()
        .map(|c| {
            if ('!'..='~').contains(&c) {
                char::from_u32(c as u32 + 0xFEE0).expect("in the order of ASCII")
            } else {
                c
            }
        })
        .collect()
}

pub(crate) fn without_punctuation(text: &str) -> String {
    text.chars()
        .filter(|c| !"，。、；：？！“”《》（）,;\"'".contains(*c))
        .collect()
}

pub(crate) fn glossed(random: &mut Random, text: &str) -> String {
    let mut glossed = String::new();
    for c in text.chars() {
        glossed.push(c);
        if let Some(reading) = c.to_pinyin().filter(|_| random.chance(8)) {
            let reading = if random.chance(70) {
                reading.with_tone()
            } else {
                reading.plain()
            };
            glossed.extend(["(", reading, ")"]);
        }
    }
    glossed
}

/// Lines of one width.
pub(crate) fn wrapped(language: Language, text: &str) -> String {
    let mut wrapped = String::new();
    for paragraph in text.split('\n') {
        let mut column = 0;
        for c in paragraph.chars() {
            column += 1;
            if column > 30
                && (language == Language::Chinese && jiaokan::bench::text::chars::is_han(c)
                    || c == ' ')
            {
                wrapped.push('\n');
                column = 0;
                if c == ' ' {
                    continue;
                }
            }
            wrapped.push(c);
        }
        wrapped.push('\n');
    }
    wrapped
}

/// The first part of a text.
pub(crate) fn cut(text: &str, percent: usize) -> String {
    text.chars()
        .take(text.chars().count() * percent / 100)
        .collect()
}

/// The paragraphs in another order.
pub(crate) fn reordered(random: &mut Random, text: &str) -> String {
    let mut paragraphs: Vec<&str> = text.split('\n').collect();
    random.shuffle(&mut paragraphs);
    paragraphs.join("\n")
}

pub(crate) fn boilerplate(language: Language) -> [&'static str; 2] {
    if language == Language::Chinese {
        [
            "首页 新闻 文化 体育 您的位置：首页 正文 来源：本站 字号：大 中 小",
            "本站转载的内容版权归原作者所有，仅供学习交流之用，如有侵权请同编辑部联系，我们会尽快处理。技术支持：江边网络",
        ]
    } else {
        [
            "Home News Culture Sport You are here: Home Article Print this page Share",
            "All content on this site is the property of its authors and is shown for private study only. Contact the editors about rights. Powered by Riverside",
        ]
    }
}
