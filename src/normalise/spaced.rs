//! Takes out the spaces that a recogniser put between the characters of Chinese.

use super::{Context, Rule, SPACE};
use crate::chars::is_han;
use crate::edit::{Edit, Grade};
use crate::page::Kind;

pub(super) const RULE: Rule = Rule {
    name: "spaced",
    about: "Spaces between single Han characters in a row, and beside ， 、 ；, go; those between names or words stay.",
    examples: &[
        ("工 业 和 信 息 化 部门的通知", "工业和信息化部门的通知"),
        ("码头 扩 建 工 程 今 天 开 工", "码头扩建工程今天开工"),
        ("渡轮开航 ，旅客增多， 码头扩建 。", "渡轮开航，旅客增多，码头扩建。"),
        ("出席的有 张三 李四光 王五 赵六", "出席的有 张三 李四光 王五 赵六"),
        ("王 伟 李小明 张 三", "王 伟 李小明 张 三"),
        ("目 录", "目 录"),
        ("甲 乙 丙 丁 戊", "甲 乙 丙 丁 戊"),
        ("星期 一 二 三 四 五 六 日", "星期 一 二 三 四 五 六 日"),
        ("白日依山尽 黄河入海流 欲穷千里目 更上一层楼", "白日依山尽 黄河入海流 欲穷千里目 更上一层楼"),
    ],
    grade: Grade::Verified,
    wants: SPACE,
    find,
};

/// Single characters in a row from which on they are a text that was spaced out: four are two names, or a heading.
const FEWEST: usize = 5;
/// What stands in rows with spaces by itself: numbers, days, terms, seasons, quarters, the elements.
const ROWS: &str = "一二三四五六七八九十百千日月火水木金土甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬东西南北東\
    上中下左右前后後大小优良差優男女宫商角徵羽红橙黄绿青蓝紫黑白有无無是否";

fn find(text: &str, context: &Context) -> Vec<Edit> {
    if context.kind == Kind::Table {
        return Vec::new();
    }
    let mut edits: Vec<Edit> =
        stretches(text).filter(|pieces| is_spaced_out(pieces)).flat_map(|p| between(text, &p)).collect();
    let beside_marks = text.match_indices(' ').filter(|(at, space)| {
        let before = text[..*at].chars().next_back();
        let behind = text[at + space.len()..].chars().next();
        let between_han = |mark: Option<char>, other: Option<char>, marks: &str| {
            mark.is_some_and(|c| marks.contains(c)) && other.is_some_and(is_han)
        };
        between_han(before, behind, "，、；") || between_han(behind, before, "，、；：。？！")
    });
    edits.extend(beside_marks.map(|(at, space)| Edit::delete(at..at + space.len())));
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// Runs of Han characters with one space between each two of them, as the pieces that the spaces leave.
fn stretches(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.split(|c: char| !is_han(c) && c != ' ').filter(|run| run.contains(' ')).flat_map(|run| {
        let pieces: Vec<&str> = run.split(' ').collect();
        // two spaces leave an empty piece: they separate
        let stretches: Vec<Vec<&str>> = pieces.split(|piece| piece.is_empty()).map(<[&str]>::to_vec).collect();
        stretches
    })
}

/// Whether nearly all pieces are single characters, and no row of such as stand alone.
fn is_spaced_out(pieces: &[&str]) -> bool {
    let singles: Vec<&str> = pieces.iter().copied().filter(|piece| piece.chars().nth(1).is_none()).collect();
    let in_rows = singles.iter().filter(|piece| ROWS.contains(**piece)).count();
    singles.len() >= FEWEST && singles.len() * 3 >= pieces.len() * 2 && in_rows * 2 <= singles.len()
}

/// The spaces between pieces of a text.
fn between(text: &str, pieces: &[&str]) -> Vec<Edit> {
    let place = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
    pieces.windows(2).map(|two| Edit::delete(place(two[0]) + two[0].len()..place(two[1]))).collect()
}
