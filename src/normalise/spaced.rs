//! Takes out the spaces that a recogniser put between the characters of Chinese: beside marks by a rule, between
//! characters where the lexicon knows the text that they make.

use super::sorts::SPACE;
use super::{Context, Repair, Rule, Target};
use crate::lexicon::{LeftOut, Lexicon, START, symbols};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Grade};
use crate::page::{Kind, Page};
use crate::text::chars::{is_han, is_wide_mark};

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Space,
    examples: &[
        (
            "渡轮开航 ，旅客增多， 码头扩建 。",
            "渡轮开航，旅客增多，码头扩建。",
        ),
        (
            "渡轮开航, 旅客增多 ; 码头扩建",
            "渡轮开航，旅客增多；码头扩建",
        ),
        ("茶（三年陈）, 水要新汲", "茶（三年陈），水要新汲"),
        ("开航了。 第二天又开", "开航了。 第二天又开"),
        ("AI, 船 , and more", "AI, 船 , and more"),
    ],
    grade: Grade::Verified,
    wants: SPACE,
    find,
};

pub(super) const REPAIR: Repair = Repair {
    cause: CauseId::Spaced,
    examples: &[
        ("工 业 和 信 息 化 部门的通知", "工业和信息化部门的通知"),
        (
            "国务院 新 闻 办 公 室 今 天 发 布",
            "国务院新闻办公室今天发布",
        ),
        (
            "出席的有 张三 李四光 王五 赵六",
            "出席的有 张三 李四光 王五 赵六",
        ),
        ("王 伟 李小明 张 三", "王 伟 李小明 张 三"),
        ("目 录", "目 录"),
        (
            "仪 跃 骄 狼 绵 凝 茸 巷 蜡 逸 狗 笋 盈 毒",
            "仪 跃 骄 狼 绵 凝 茸 巷 蜡 逸 狗 笋 盈 毒",
        ),
        ("甲 乙 丙 丁 戊", "甲 乙 丙 丁 戊"),
        ("星期 一 二 三 四 五 六 日", "星期 一 二 三 四 五 六 日"),
        (
            "白日依山尽 黄河入海流 欲穷千里目 更上一层楼",
            "白日依山尽 黄河入海流 欲穷千里目 更上一层楼",
        ),
    ],
    mend,
    unasked: None,
};

/// Single characters in a row from which on they are a text that was spaced out: four are two names, or a heading.
const FEWEST: usize = 5;
/// What stands in rows with spaces by itself: numbers, days, terms, seasons, quarters, the elements.
const ROWS: &str = "一二三四五六七八九十百千日月火水木金土甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬东西南北東\
    上中下左右前后後大小优良差優男女宫商角徵羽红橙黄绿青蓝紫黑白有无無是否";

/// How much likelier, by its natural logarithm, each character must be after those before it than by itself. Names give
/// 1, set rows such as 福 禄 寿 喜 财 up to 2.5, sentences of news 4 to 7.
const LEAST_GAIN: f32 = 3.0;

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if !context.is_set_full_width(text) {
        return Vec::new();
    }
    text.match_indices(' ')
        .filter(|(at, _)| is_beside_mark(text, *at))
        .map(|(at, space)| Edit::delete(at..at + space.len()))
        .collect()
}

/// Whether a space stands between a Chinese mark and a character that it belongs to without one.
fn is_beside_mark(text: &str, space: usize) -> bool {
    let before = text[..space].chars().next_back();
    let after = text[space + 1..].chars().next();
    let between = |mark: Option<char>, other: Option<char>, marks: &str| {
        mark.is_some_and(|c| marks.contains(c)) && other.is_some_and(is_han)
    };
    (between(before, after, "，、；,;") || between(after, before, "，、；：。？！,;:?!"))
        && are_chinese(text, space, [before, after])
}

/// Whether the characters beside a space are Chinese: a half-width mark is, if wide text stands on both sides of it and its
/// spaces.
fn are_chinese(text: &str, space: usize, [before, after]: [Option<char>; 2]) -> bool {
    let half_width = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
    let is_wide = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_wide_mark(c));
    match (half_width(before), half_width(after)) {
        (true, _) => is_wide(text[..space - 1].trim_end_matches(' ').chars().next_back()),
        (_, true) => is_wide(text[space + 2..].trim_start_matches(' ').chars().next()),
        _ => true,
    }
}

fn mend(page: &mut Page, lexicon: &Lexicon, _: Target) {
    if !page.text().contains(' ') {
        return;
    }
    for at in 0..page.blocks.len() {
        let block = &page.blocks[at];
        if block.dropped || matches!(block.kind, Kind::Code | Kind::Table) {
            continue;
        }
        let reading = page.reading(block.span.clone());
        let edits: Vec<Edit> = stretches(&reading.text)
            .filter(|pieces| is_spaced_out(pieces) && gain(lexicon, &pieces.concat()) > LEAST_GAIN)
            .map(|pieces| closed(&reading.text, &pieces))
            .map(|edit| reading.trace(edit))
            .collect();
        page.edit(&Cause::verified(REPAIR.cause, Evidence::default()), edits);
    }
}

/// How much likelier a character of the text is after those before it than by itself: the mean of the logarithms.
fn gain(lexicon: &Lexicon, text: &str) -> f32 {
    let symbols: Vec<_> = std::iter::once(START)
        .chain(symbols(text.chars()))
        .collect();
    // the lexicon has counted this page too
    let gain = |at: usize| {
        lexicon.log_probability_without(
            LeftOut::ThisText { before: 1 },
            &symbols[at.saturating_sub(3)..at],
            symbols[at],
        ) - lexicon.log_probability(&[], symbols[at])
    };
    (2..symbols.len()).map(gain).sum::<f32>() / symbols.len().saturating_sub(2).max(1) as f32
}

/// Runs of Han characters with one space between each two of them, as the pieces that the spaces leave.
fn stretches(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.split(|c: char| !is_han(c) && c != ' ')
        .filter(|run| run.contains(' '))
        .flat_map(|run| {
            let pieces: Vec<&str> = run.split(' ').collect();
            // two spaces leave an empty piece: they separate
            let stretches: Vec<Vec<&str>> = pieces
                .split(|piece| piece.is_empty())
                .map(<[&str]>::to_vec)
                .collect();
            stretches
        })
}

/// Whether nearly all pieces are single characters, and no row of such as stand alone.
fn is_spaced_out(pieces: &[&str]) -> bool {
    let singles: Vec<&str> = pieces
        .iter()
        .copied()
        .filter(|piece| piece.chars().nth(1).is_none())
        .collect();
    let in_rows = singles
        .iter()
        .filter(|piece| ROWS.contains(**piece))
        .count();
    singles.len() >= FEWEST && singles.len() * 3 >= pieces.len() * 2 && in_rows * 2 <= singles.len()
}

/// The edit that closes the spaces between pieces of a text.
fn closed(text: &str, pieces: &[&str]) -> Edit {
    let place = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    Edit::new(place(first)..place(last) + last.len(), pieces.concat())
}
