//! Writes 着 for 著 in simplified text where the word is one with 着: conversion leaves both, for 著作 has the other.

use super::sorts::ZHU;
use super::{Context, Rule, Target};
use crate::page::cause::CauseId;
use crate::page::edit::{Edit, Grade};
use crate::text::chars::is_han;

pub(super) const RULE: Rule = Rule {
    cause: CauseId::Zhe,
    examples: &[
        (
            "著力擴大內需，圍繞著這一重點",
            "着力扩大内需，围绕着这一重点",
        ),
        ("他看著河水，意味著一切", "他看着河水，意味着一切"),
        (
            "顯著成績，他的名著與著作，隨著名作家而來",
            "显著成绩，他的名著与著作，随著名作家而来",
        ),
        (
            "李立著，回國著有《水道考》，王動著有數書",
            "李立著，回国著有《水道考》，王动著有数书",
        ),
        ("所著力作，編著實錄", "所著力作，编著实录"),
        ("土著人，原著者", "土著人，原著者"),
        ("显著的成绩和著名的作品", "显著的成绩和著名的作品"),
    ],
    grade: Grade::Verified,
    wants: ZHU,
    find,
};

/// What a word with 著 goes on with: 著名 著作.
const BEHIND_ZHU: &str = "名作称述书者录于文论说家式志白译撰";
/// What a word with 著 begins with: 显著 名著 编著.
const BEFORE_ZHU: &str = "显名卓原编专译论巨拙昭遗新旧主撰自手合共所土史较丰见钜彰较炳";
/// What a word with 着 goes on with: 着力 着陆.
const BEHIND_ZHE: &str = "力眼手重想实装落急陆火色迷凉魔慌笔墨意床";
/// Verbs that take 着, by their last character: 随着 意味着 围绕着.
const BEFORE_ZHE: &str = "随沿接朝跟味绕看听带拿站坐躺跑走等对凭借趁顺按照冒抱背挂拉推提抓握吃喝穿戴笑哭唱跳活住忙盯望守含怀\
    憋顶藏充承载闪发散弥漫洋溢矗耸排摆放飘流向有本为志持表在存临试靠挥演布导动示写隔立浮负征附围过续留现盖系伴起\
    扶杂控顾仗依饰引受覆裹缠悬延陪映透牵忍熬睡刻贴绣镶插瞪皱咬嚼叼衔追赶凝视胶粘遍";
/// What follows 著 where it means to write a book: 著有《…》. A name may stand before it.
const WRITTEN: &str = "有成";

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.target != Target::Simplified {
        return Vec::new();
    }
    let is_of = |list: &str, c: Option<char>| c.is_some_and(|c| list.contains(c));
    text.match_indices('著')
        .filter(|(at, zhu)| {
            let before = text[..*at].chars().next_back().filter(|c| is_han(*c));
            let behind = text[at + zhu.len()..].chars().next().filter(|c| is_han(*c));
            let is_zhu = is_of(BEHIND_ZHU, behind) || is_of(BEFORE_ZHU, before);
            // at the end of a clause it may say who wrote
            let goes_on = behind.is_some_and(|c| !WRITTEN.contains(c));
            !is_zhu && (is_of(BEHIND_ZHE, behind) || goes_on && is_of(BEFORE_ZHE, before))
        })
        .map(|(at, zhu)| Edit::new(at..at + zhu.len(), "着"))
        .collect()
}
