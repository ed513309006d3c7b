//! What stands there in several recognitions, each with errors of its own: the copies correct each other.

use crate::run::{Desk, id_of, text_of};
use serde_json::json;

const RIGHT: &str = "记者昨天从港务部门了解到，为了方便居民出行，北码头的夜间渡轮从下个月开始增加班次。港务部门的负责人表示，\
                     新的时刻表已经在候船室和各个社区公布，居民可以提前查询。过去由于夜间没有渡轮，住在江边的工人下班以后只能\
                     绕道大桥回家，路上需要花费很长时间。居民代表在座谈会上多次提出建议，希望有关部门认真研究解决这个问题。经过\
                     反复讨论，大家决定先在北码头试行，如果效果良好，再向其他码头推广。负责人同时提醒居民，夜间江面风大，上下\
                     船时要注意安全，照顾好老人和孩子。";

/// The passage with some of its words misread.
fn misread(words: &[(&str, &str)]) -> String {
    words.iter().fold(RIGHT.to_string(), |text, (word, other)| {
        assert!(text.contains(word), "{word}");
        text.replacen(word, other, 1)
    })
}

fn copies() -> [String; 3] {
    [
        misread(&[
            ("已经在", "己经在"),
            ("多次提出", "多次提山"),
            ("需要花费", "需花费"),
            ("注意安全", "注意安全全"),
        ]),
        misread(&[("时刻表", "时刻衰"), ("问题", "问趣"), ("推广", "堆广")]),
        misread(&[
            ("下班以后", "下班以石"),
            ("夜间渡轮从", "夜问渡轮从"),
            ("老人", "老入"),
        ]),
    ]
}

fn cleaned(texts: &[String], flags: &str) -> Desk {
    let line = |(id, text): (usize, &String)| {
        json!({"id": id.to_string(), "text": text}).to_string() + "\n"
    };
    let lines: String = texts.iter().enumerate().map(line).collect();
    let desk = Desk::with(&[("in.jsonl", lines.as_bytes())]);
    let said = desk.run(&format!("clean in --out out {flags}"));
    assert_eq!(said.status, 0, "{}", said.stderr);
    desk
}

fn corrections(desk: &Desk) -> usize {
    let changes = desk.records("out/changes.jsonl");
    changes
        .iter()
        .filter(|change| change["rule"] == "consensus" && change["applied"] != json!(false))
        .count()
}

#[test]
fn of_three_misread_copies_one_stays_and_is_right() {
    let desk = cleaned(&copies(), "");
    let clean = desk.records("out/clean.jsonl");
    assert_eq!(clean.iter().map(text_of).collect::<Vec<_>>(), [RIGHT]);
    assert_eq!(corrections(&desk), 4);
    for change in desk
        .records("out/changes.jsonl")
        .iter()
        .filter(|change| change["rule"] == "consensus")
    {
        assert!(
            id_of(change) == "0" && change["of"]["id"] != "0" && change["grade"] == "verified",
            "{change}"
        );
    }
    assert_eq!(desk.run("undo out --to back").status, 0);
    assert!(desk.bytes("back/in.jsonl") == desk.bytes("in/in.jsonl"));
}

#[test]
fn copies_that_are_only_marked_correct_each_other() {
    let desk = cleaned(
        &copies(),
        "--duplicates mark --paragraphs off --near-paragraphs mark",
    );
    let clean = desk.records("out/clean.jsonl");
    assert_eq!(clean.iter().map(text_of).collect::<Vec<_>>(), [RIGHT; 3]);
    assert_eq!(corrections(&cleaned(&copies(), "--repair off")), 0);
}

#[test]
fn versions_of_a_text_stay_as_they_are() {
    let versions = [
        misread(&[
            ("下个月", "下星期"),
            ("北码头的", "南码头的"),
            ("多次", "两次"),
        ]),
        misread(&[
            ("居民代表", "工人代表"),
            ("增加班次", "减少班次"),
            ("大桥", "旧桥"),
        ]),
        misread(&[
            ("座谈会", "听证会"),
            ("认真研究解决", "研究"),
            ("江边", "河边"),
        ]),
    ];
    let desk = cleaned(&versions, "--duplicates mark");
    assert_eq!(
        desk.records("out/clean.jsonl")
            .iter()
            .map(text_of)
            .collect::<Vec<_>>(),
        versions
    );
}
