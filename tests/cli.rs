//! The command line: exit statuses, errors, encodings, and what it leaves behind.

use crate::run::{Desk, clean, id_of, text_of};
use jiaokan::bench::normalise::{REPAIRS, RULES};
use jiaokan::bench::repeats::METHODS;
use jiaokan::{CAUSES, CauseId, CauseInfo, Class};
use serde_json::json;

const GOOD: &str = "灯塔重新点亮,守塔人说这一天他等了很久。\n";
const GOOD_CLEAN: &str = "灯塔重新点亮，守塔人说这一天他等了很久。";

// ---- exit statuses and refusals

#[test]
fn a_run_that_refuses_nothing_ends_with_0() {
    let (desk, said) = clean(&[("灯塔.txt", GOOD.as_bytes())], "");
    assert_eq!(said.status, 0);
    let records = desk.records("out/clean.jsonl");
    assert_eq!(records.len(), 1);
    assert_eq!(
        (id_of(&records[0]), text_of(&records[0])),
        ("灯塔.txt", GOOD_CLEAN)
    );
    assert!(desk.records("out/rejected.jsonl").is_empty());
}

#[test]
fn a_record_of_broken_json_is_refused_and_the_rest_cleaned() {
    let lines = "{\"id\": \"a\", \"text\": \"江水涨了。\"}\n{\"id\": \"b\", \"text\": \n{\"id\": \"c\", \"text\": \"江水退了。\"}\n";
    let (desk, said) = clean(&[("tides.jsonl", lines.as_bytes())], "");
    assert_eq!(said.status, 1);
    let ids: Vec<_> = desk
        .records("out/clean.jsonl")
        .iter()
        .map(|r| id_of(r).to_string())
        .collect();
    assert_eq!(ids, ["a", "c"]);
    let refused = only_refused(&desk);
    assert_eq!(
        (&refused["source"], &refused["line"]),
        (&json!("tides.jsonl"), &json!(2))
    );
    let second_line = lines.find('\n').unwrap() as u64 + 1;
    let third_line = lines.rfind("{\"id\"").unwrap() as u64;
    assert!(
        (second_line..third_line).contains(&refused["byte"].as_u64().unwrap()),
        "{refused}"
    );
    assert!(
        refused["error"].as_str().unwrap().contains("JSON"),
        "{refused}"
    );
    assert!(
        said.stderr.contains("tides.jsonl line 2"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_record_without_text_is_refused_and_says_which_field_is_missing() {
    let lines =
        "{\"id\": \"a\", \"body\": \"江水涨了。\"}\n{\"id\": \"b\", \"text\": \"江水退了。\"}\n";
    let (desk, said) = clean(&[("tides.jsonl", lines.as_bytes())], "");
    assert_eq!(said.status, 1);
    assert_eq!(only_refused(&desk)["line"], 1);
    assert!(
        said.stderr.contains("tides.jsonl line 1") && said.stderr.contains("\"text\""),
        "{}",
        said.stderr
    );
}

#[test]
fn a_text_that_is_no_string_is_refused() {
    let lines =
        "{\"id\": \"a\", \"text\": [\"江水涨了。\"]}\n{\"id\": \"b\", \"text\": \"江水退了。\"}\n";
    let (desk, said) = clean(&[("tides.jsonl", lines.as_bytes())], "");
    assert_eq!(said.status, 1);
    assert_eq!(only_refused(&desk)["byte"], lines.find('[').unwrap());
}

#[test]
fn a_file_of_broken_utf_8_is_refused_with_the_byte() {
    let broken = [GOOD.as_bytes(), b"\xff\xff tail"].concat();
    let (desk, said) = clean(&[("a.txt", GOOD.as_bytes()), ("b.txt", &broken)], "");
    assert_eq!(said.status, 1);
    assert_eq!(desk.records("out/clean.jsonl").len(), 1);
    let refused = only_refused(&desk);
    assert_eq!(
        (&refused["source"], &refused["byte"]),
        (&json!("b.txt"), &json!(GOOD.len()))
    );
    assert!(said.stderr.contains("b.txt byte"), "{}", said.stderr);
    assert!(
        refused["error"].as_str().unwrap().contains("0xFF"),
        "{refused}"
    );
}

#[test]
fn a_refused_record_is_undone_too() {
    let lines = "{\"id\": \"a\", \"text\": \"江水,涨了。\"}\n\n  \nnot json\n{\"text\": 5}";
    let (desk, _) = clean(&[("tides.jsonl", lines.as_bytes())], "");
    assert_eq!(desk.run("undo out --to back").status, 0);
    assert_eq!(desk.bytes("back/tides.jsonl"), lines.as_bytes());
}

#[test]
fn undo_names_the_file_that_was_refused_whole() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes()), ("b.txt", b"\xff\xff")], "");
    let said = desk.run("undo out --to back");
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("b.txt"), "{}", said.stderr);
    assert_eq!(desk.files("back"), ["a.txt"]);
}

#[test]
fn strict_turns_1_into_2() {
    let files: [(&str, &[u8]); 2] = [("a.txt", GOOD.as_bytes()), ("b.txt", b"\xff\xff")];
    assert_eq!(clean(&files, "").1.status, 1);
    assert_eq!(clean(&files, "--strict").1.status, 2);
    assert_eq!(clean(&files[..1], "--strict").1.status, 0);
}

#[test]
fn a_run_that_refuses_everything_ends_with_2() {
    let (_, said) = clean(&[("b.txt", b"\xff\xff")], "");
    assert_eq!(said.status, 2);
}

#[test]
fn a_path_that_is_not_there_ends_with_2_and_is_named() {
    let said = Desk::with(&[]).run("clean nowhere/harbour.txt --out out");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr.contains("nowhere/harbour.txt"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_folder_without_documents_ends_with_2() {
    let (_, said) = clean(&[("picture.png", b"\x89PNG")], "");
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("nothing to clean"), "{}", said.stderr);
}

#[test]
fn wrong_usage_ends_with_2() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    for words in [
        "",
        "clean",
        "clean in",
        "clean in --out out --script latin",
        "clean in --out out --encoding klingon",
    ] {
        assert_eq!(desk.run(words).status, 2, "{words}");
    }
}

#[test]
fn an_output_folder_that_cannot_be_made_ends_with_2() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    desk.put("out", "a file stands there");
    let said = desk.run("clean in --out out");
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("out"), "{}", said.stderr);
}

// ---- articles

const TWO_ARTICLES: &str = "## 灯塔重新点亮\n\n本报记者 林渡\n\n守塔人说,这一天他等了很久。\n\n## 渡口添了新船\n\n\
本报讯 新船昨天下水。\n\n图为新船。\n";

#[test]
fn a_page_is_split_into_its_articles() {
    let (desk, said) = clean(
        &[
            ("a.txt", TWO_ARTICLES.as_bytes()),
            ("b.txt", GOOD.as_bytes()),
        ],
        "--split articles",
    );
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(
        said.stderr.contains("2 documents in 3 articles"),
        "{}",
        said.stderr
    );
    let records = desk.records("out/clean.jsonl");
    assert_eq!(
        records.iter().map(id_of).collect::<Vec<_>>(),
        ["a.txt#1", "a.txt#2", "b.txt#1"]
    );
    assert_eq!(text_of(&records[0]), "守塔人说，这一天他等了很久。");
    assert_eq!(text_of(&records[1]), "本报讯 新船昨天下水。\n\n图为新船。");
    let about = json!({"page": "a.txt", "article": 1, "headline": "灯塔重新点亮", "byline": "本报记者 林渡", "kinds": ["body"]});
    assert_eq!(records[0]["metadata"], about);
    assert_eq!(records[1]["metadata"]["dateline"], "本报讯");
    assert_eq!(desk.records("out/sources.jsonl")[0]["parts"], 2);
    assert!(
        desk.records("out/changes.jsonl")
            .iter()
            .all(|change| ["a.txt", "b.txt"].contains(&id_of(change)))
    );
    let report = desk.value("out/report.json");
    assert_eq!(
        (
            &report["written"]["documents"],
            &report["written"]["articles"]
        ),
        (&json!(2), &json!(3))
    );
}

#[test]
fn heads_of_articles_and_hyphens_are_no_repairs() {
    let hyphen = "The ferry left the har-\nbour at dawn, and no one at the quay had seen it go.";
    let files = [
        ("a.txt", TWO_ARTICLES.as_bytes()),
        ("b.txt", hyphen.as_bytes()),
    ];
    let (desk, said) = clean(&files, "--split articles");
    let changes = desk.value("out/report.json")["changes"].clone();
    assert!(changes["article"].is_object(), "{changes}");
    assert!(changes["hyphen"].is_object(), "{changes}");
    let repaired = said
        .stderr
        .lines()
        .find(|line| line.starts_with("repaired"))
        .expect("the summary says what was repaired");
    assert!(!repaired.contains("article"), "{repaired}");
    assert!(!repaired.contains("hyphen"), "{repaired}");
}

#[test]
fn an_article_is_undone_and_explained_as_its_page() {
    let (desk, _) = clean(&[("a.txt", TWO_ARTICLES.as_bytes())], "--split articles");
    assert_eq!(desk.run("undo out --to back").status, 0);
    assert_eq!(desk.bytes("back/a.txt"), TWO_ARTICLES.as_bytes());
    let said = desk.run("explain out a.txt#2");
    assert_eq!(said.stdout, desk.run("explain out a.txt").stdout);
    assert!(
        said.stdout.contains("[-## 灯塔重新点亮-]"),
        "{}",
        said.stdout
    );
    assert_eq!(desk.run("explain out a.txt#3").status, 2);
}

#[test]
fn articles_of_two_runs_do_not_fit_one_another() {
    let (desk, _) = clean(&[("a.txt", TWO_ARTICLES.as_bytes())], "--split articles");
    let text = String::from_utf8(desk.bytes("out/clean.jsonl")).unwrap();
    desk.put("out/clean.jsonl", text.lines().next().unwrap());
    assert_eq!(desk.run("undo out --to back").status, 2);
}

#[test]
fn a_clean_page_can_be_split_later() {
    let (desk, _) = clean(&[("a.txt", TWO_ARTICLES.as_bytes())], "");
    assert_eq!(
        desk.run("clean out/clean.jsonl --out later --split articles")
            .status,
        0
    );
    let heads: Vec<_> = desk
        .records("later/clean.jsonl")
        .iter()
        .map(|r| r["metadata"]["headline"].clone())
        .collect();
    assert_eq!(heads, ["灯塔重新点亮", "渡口添了新船"]);
}

// ---- lexicon

#[test]
fn a_lexicon_learnt_from_one_corpus_serves_another() {
    let river = "临浦的夜航渡轮每二十分钟一班。\n\n夜航渡轮停靠望江台码头。\n".repeat(3);
    let desk = Desk::with(&[("river.txt", river.as_bytes()), ("a.txt", GOOD.as_bytes())]);
    let said = desk.run("lexicon in/river.txt --to river.lexicon");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(
        desk.run("lexicon in/river.txt --to small.lexicon --most 40")
            .status,
        0
    );
    assert!(desk.bytes("small.lexicon").len() < desk.bytes("river.lexicon").len());
    assert_eq!(
        desk.run("clean in/a.txt --out out --lexicon river.lexicon")
            .status,
        0
    );
    assert_eq!(text_of(&desk.records("out/clean.jsonl")[0]), GOOD_CLEAN);
}

#[test]
fn what_is_no_lexicon_is_refused_by_name() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let said = desk.run("clean in/a.txt --out out --lexicon in/a.txt");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr.contains("a.txt") && said.stderr.contains("make a new one"),
        "{}",
        said.stderr
    );
}

// ---- standard input

#[test]
fn standard_input_is_read_as_text() {
    let desk = Desk::with(&[]);
    let said = desk.run_on("clean - --out out", GOOD.as_bytes());
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(text_of(&desk.records("out/clean.jsonl")[0]), GOOD_CLEAN);
    assert_leaves_nothing_beside(&desk, "out");
}

#[test]
fn standard_input_that_opens_an_object_is_read_as_records() {
    let desk = Desk::with(&[]);
    let said = desk.run_on(
        "clean - --out out",
        "{\"id\": 7, \"text\": \"江水,涨了。\"}\n".as_bytes(),
    );
    assert_eq!(said.status, 0, "{}", said.stderr);
    let record = &desk.records("out/clean.jsonl")[0];
    assert_eq!((id_of(record), text_of(record)), ("7", "江水，涨了。"));
    assert_leaves_nothing_beside(&desk, "out");
}

// ---- encodings

#[test]
fn encodings_are_read_where_declared_or_clear_and_given_back() {
    const SIMPLIFIED: &str =
        "渡轮公司说,今年已运送旅客三十万人次。码头的灯一直亮到天明,老船工都来看热闹。\r\n";
    const TRADITIONAL: &str =
        "渡輪公司說,今年已運送旅客三十萬人次。碼頭的燈一直亮到天明,老船工都來看熱鬧。\r\n";
    for (encoding, text) in [("gb18030", SIMPLIFIED), ("big5", TRADITIONAL)] {
        let bytes = encoded(text, encoding);
        for flags in ["".to_string(), format!("--encoding {encoding}")] {
            let (desk, said) = clean(&[("harbour.txt", &bytes)], &flags);
            assert_eq!(said.status, 0, "{encoding} {flags}: {}", said.stderr);
            let wanted = text.trim_end().replace(',', "，");
            assert_eq!(
                text_of(&desk.records("out/clean.jsonl")[0]),
                wanted,
                "{encoding} {flags}"
            );
            assert_eq!(desk.run("undo out --to back").status, 0);
            assert_eq!(desk.bytes("back/harbour.txt"), bytes, "{encoding} {flags}");
        }
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_go_and_come_back() {
    let source = "\u{feff}江水涨了。\r\n\r\n渡轮停航。\r\n";
    let (desk, _) = clean(&[("tides.txt", source.as_bytes())], "");
    assert_eq!(
        text_of(&desk.records("out/clean.jsonl")[0]),
        "江水涨了。\n\n渡轮停航。"
    );
    desk.run("undo out --to back");
    assert_eq!(desk.bytes("back/tides.txt"), source.as_bytes());
}

/// The bytes of a text in another encoding, by the tool that every Unix has.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let encoding = jiaokan::bench::read::encoding_named(encoding).unwrap();
    jiaokan::bench::read::encode(text, encoding).expect("every character has a code there")
}

// ---- records

#[test]
fn fields_can_have_other_names_and_the_rest_is_carried_through() {
    let record = json!({
        "no": 12, "body": "江水,涨了。", "source": "望江日报", "tags": ["水", "渡轮"], "metadata": {"page": 3}, "length": 1.5
    });
    let (desk, said) = clean(
        &[("tides.jsonl", format!("{record}\n").as_bytes())],
        "--text-field body --id-field no",
    );
    assert_eq!(said.status, 0, "{}", said.stderr);
    let clean = &desk.records("out/clean.jsonl")[0];
    assert_eq!(
        (id_of(clean), text_of(clean), &clean["source"]),
        ("12", "江水，涨了。", &json!("望江日报"))
    );
    assert_eq!(clean["metadata"]["tags"], record["tags"]);
    assert_eq!(clean["metadata"]["length"], record["length"]);
    assert_eq!(clean["metadata"]["page"], 3);
}

#[test]
fn records_without_an_id_are_known_by_file_and_line() {
    let (desk, _) = clean(
        &[(
            "tides.jsonl",
            "{\"text\":\"江水涨了。\"}\n{\"text\":\"江水退了。\"}".as_bytes(),
        )],
        "",
    );
    let ids: Vec<_> = desk
        .records("out/clean.jsonl")
        .iter()
        .map(|r| id_of(r).to_string())
        .collect();
    assert_eq!(ids, ["tides.jsonl:1", "tides.jsonl:2"]);
}

#[test]
fn python_s_way_of_writing_json_comes_back() {
    let line =
        "{\"text\": \"\\u6c5f\\u6c34,\\u6da8\\u4e86\\u3002\\ud83c\\udf0a\", \"id\":  \"a\"}\n";
    let (desk, _) = clean(&[("tides.jsonl", line.as_bytes())], "");
    assert_eq!(
        text_of(&desk.records("out/clean.jsonl")[0]),
        "江水，涨了。🌊"
    );
    desk.run("undo out --to back");
    assert_eq!(desk.bytes("back/tides.jsonl"), line.as_bytes());
}

// ---- what a run leaves behind

#[test]
fn a_run_that_fails_keeps_the_last_good_output() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes())], "");
    let before: Vec<_> = desk
        .files("out")
        .iter()
        .map(|name| desk.bytes(&format!("out/{name}")))
        .collect();
    desk.put("empty/picture.png", b"\x89PNG");
    for words in [
        "clean empty --out out",
        "clean nowhere --out out",
        "clean in --out out --encoding klingon",
    ] {
        assert_eq!(desk.run(words).status, 2, "{words}");
        let after: Vec<_> = desk
            .files("out")
            .iter()
            .map(|name| desk.bytes(&format!("out/{name}")))
            .collect();
        assert!(before == after, "{words} changed the output");
    }
}

#[test]
fn a_run_leaves_its_files_and_nothing_beside() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes()), ("b.txt", b"\xff\xff")], "");
    assert_leaves_nothing_beside(&desk, "out");
    desk.run("undo out --to back");
    assert_eq!(desk.files("back"), ["a.txt"]);
}

#[test]
fn output_within_the_folder_that_is_cleaned_is_not_cleaned() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    for _ in 0..2 {
        assert_eq!(desk.run("clean in --out in/out").status, 0);
        assert_eq!(desk.records("in/out/clean.jsonl").len(), 1);
    }
}

#[test]
fn quiet_prints_nothing() {
    let (_, said) = clean(&[("a.txt", GOOD.as_bytes())], "--quiet");
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
    let (_, said) = clean(&[("a.txt", GOOD.as_bytes())], "");
    assert!(
        said.stdout.is_empty() && said.stderr.contains("clean.jsonl"),
        "{said:?}"
    );
}

fn assert_leaves_nothing_beside(desk: &Desk, folder: &str) {
    let wanted = [
        "changes.jsonl",
        "clean.jsonl",
        "clusters.jsonl",
        "pairs.jsonl",
        "rejected.jsonl",
        "report.html",
        "report.json",
        "sources.jsonl",
    ];
    assert_eq!(desk.files(folder), wanted);
    let entries = std::fs::read_dir(desk.path(folder)).unwrap().count();
    assert_eq!(entries, wanted.len(), "an empty folder stayed behind");
}

// ---- rules, explain

#[test]
fn rules_lists_every_rule_with_an_example() {
    let said = Desk::with(&[]).run("rules");
    assert_eq!(said.status, 0);
    let rules = RULES.iter().map(|rule| (rule.cause, rule.examples));
    let repairs = REPAIRS.iter().map(|repair| (repair.cause, repair.examples));
    for (cause, examples) in rules.chain(repairs) {
        assert!(
            said.stdout.contains(cause.name()) && said.stdout.contains(cause.about()),
            "{cause} is not listed"
        );
        assert!(
            said.stdout
                .contains(&examples[0].0.escape_debug().to_string()),
            "{cause}: no example"
        );
    }
}

#[test]
fn every_repair_and_repeat_of_the_registry_is_in_one_table_once() {
    let rules = RULES.iter().map(|rule| rule.cause);
    let repairs = REPAIRS.iter().map(|repair| repair.cause);
    let methods = METHODS.iter().map(|method| method.cause);
    let mut tables: Vec<CauseId> = rules.chain(repairs).chain(methods).collect();
    tables.sort();
    let acts = |cause: &&CauseInfo| matches!(cause.class, Class::Repair | Class::Repeat);
    let registry: Vec<CauseId> = CAUSES.iter().filter(acts).map(|cause| cause.id).collect();
    assert_eq!(tables, registry);
}

#[test]
fn explain_shows_a_change_and_its_cause_without_colour_in_a_pipe() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes())], "");
    let said = desk.run("explain out a.txt");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(
        said.stdout.contains("灯塔重新点亮[-,-]{+，+}守塔人"),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("width (verified)"), "{}", said.stdout);
    assert!(!said.stdout.contains('\u{1b}'), "{:?}", said.stdout);
}

#[test]
fn explain_of_an_unknown_id_ends_with_2() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes())], "");
    let said = desk.run("explain out b.txt");
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("b.txt"), "{}", said.stderr);
}

#[test]
fn undo_of_a_folder_that_no_run_wrote_ends_with_2() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let said = desk.run("undo in --to back");
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("sources.jsonl"), "{}", said.stderr);
}

#[test]
fn undo_of_edited_output_says_where_it_does_not_fit() {
    let (desk, _) = clean(&[("a.txt", GOOD.as_bytes())], "");
    let edited = String::from_utf8(desk.bytes("out/clean.jsonl"))
        .unwrap()
        .replace("灯塔", "塔");
    desk.put("out/clean.jsonl", edited);
    let said = desk.run("undo out --to back");
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("a.txt"), "{}", said.stderr);
}

// ---- repeats between documents

const NOTICE: &str = "渡轮公司昨天通告，自下月起江上夜航改由新船担任，船上设有暖座和茶水，孩子凭学生证半价，\
                      行李不另收费，遇到大雾停航时，船票可以全数退还，也可以改乘次日的头班船。";

const SECOND_NOTICE: &str = "旧船退役以后停在北岸的芦苇荡里，改作江上学堂，每个礼拜六请老舵手讲水情、教打绳结，听讲的人不论年纪，都不收钱。";

#[test]
fn a_copied_document_is_dropped_and_the_cluster_told() {
    let files: [(&str, &[u8]); 3] = [
        ("a.txt", NOTICE.as_bytes()),
        ("b.txt", NOTICE.as_bytes()),
        ("c.txt", GOOD.as_bytes()),
    ];
    let (desk, said) = clean(&files, "--duplicates drop");
    assert_eq!(said.status, 0);
    assert_eq!(ids(&desk), ["a.txt", "c.txt"]);
    let clusters: Vec<_> = desk.records("out/clusters.jsonl");
    let told: Vec<_> = clusters
        .iter()
        .map(|c| (id_of(c), c["cluster"].as_str().unwrap(), &c["keep"]))
        .collect();
    assert_eq!(
        told,
        [
            ("a.txt", "a.txt", &json!(true)),
            ("b.txt", "a.txt", &json!(false))
        ]
    );
    assert!(clusters.iter().all(|c| c["similarity"] == 1.0));
    desk.run("undo out --to back");
    assert_eq!(desk.bytes("back/b.txt"), NOTICE.as_bytes());
}

#[test]
fn a_copied_document_stays_where_copies_are_marked_or_not_looked_for() {
    let files: [(&str, &[u8]); 2] = [("a.txt", NOTICE.as_bytes()), ("b.txt", NOTICE.as_bytes())];
    let (desk, _) = clean(&files, "--duplicates mark --paragraphs mark");
    assert_eq!(ids(&desk), ["a.txt", "b.txt"]);
    assert_eq!(desk.records("out/clusters.jsonl").len(), 2);
    let (desk, _) = clean(&files, "--duplicates off --paragraphs off");
    assert_eq!(ids(&desk), ["a.txt", "b.txt"]);
    assert!(desk.records("out/clusters.jsonl").is_empty());
}

#[test]
fn a_document_that_is_only_marked_as_a_copy_keeps_its_text() {
    let (desk, _) = clean(
        &[("a.txt", NOTICE.as_bytes()), ("b.txt", NOTICE.as_bytes())],
        "--duplicates mark",
    );
    let texts: Vec<_> = desk
        .records("out/clean.jsonl")
        .iter()
        .map(|r| text_of(r).to_string())
        .collect();
    assert_eq!(texts, [NOTICE, NOTICE]);
}

#[test]
fn a_paragraph_that_stands_in_another_document_is_dropped_unless_it_is_only_marked() {
    let with_notice = format!("{GOOD}\n{NOTICE}\n\n{DIARY}\n");
    let files: [(&str, &[u8]); 2] = [
        ("a.txt", NOTICE.as_bytes()),
        ("b.txt", with_notice.as_bytes()),
    ];
    let holds_notice = |flags: &str| {
        let (desk, _) = clean(&files, flags);
        desk.records("out/clean.jsonl")
            .iter()
            .map(|r| text_of(r).contains(NOTICE))
            .collect::<Vec<_>>()
    };
    assert_eq!(holds_notice(""), [true, false]);
    assert_eq!(holds_notice("--paragraphs mark"), [true, true]);
}

#[test]
fn a_passage_of_more_than_fifty_letters_is_told_of_wherever_its_prints_fall() {
    for at in 0..NOTICE.chars().filter(|c| c.is_alphanumeric()).count() - 50 {
        let passage: String = NOTICE
            .chars()
            .filter(|c| c.is_alphanumeric())
            .skip(at)
            .take(50)
            .collect();
        let around = format!("守塔人念道：{passage}念完他把告示折好，放进贴身的口袋里。");
        let (desk, _) = clean(
            &[("a.txt", NOTICE.as_bytes()), ("b.txt", around.as_bytes())],
            "",
        );
        assert!(
            desk.records("out/changes.jsonl")
                .iter()
                .any(|c| c["rule"] == "spliced"),
            "{passage}"
        );
    }
}

#[test]
fn a_shared_passage_is_marked_and_dropped_only_if_asked() {
    let notice = format!("{NOTICE}{SECOND_NOTICE}");
    let around =
        format!("{DIARY}守塔人念道：{notice}念完他把告示折好，放进贴身的口袋里。{DIARY_GOES_ON}");
    let files: [(&str, &[u8]); 2] = [("a.txt", notice.as_bytes()), ("b.txt", around.as_bytes())];
    let (desk, _) = clean(&files, "");
    assert_eq!(text_of(&desk.records("out/clean.jsonl")[1]), around);
    let changes = desk.records("out/changes.jsonl");
    let marked = changes
        .iter()
        .find(|c| c["rule"] == "spliced")
        .expect("it is told of");
    assert_eq!(
        (id_of(marked), &marked["applied"], &marked["of"]["id"]),
        ("b.txt", &json!(false), &json!("a.txt"))
    );
    let (desk, _) = clean(&files, "--passages drop");
    let text = text_of(&desk.records("out/clean.jsonl")[1]).to_string();
    assert!(
        text.contains("守塔人念道") && text.contains("口袋里。") && !text.contains("学生证半价"),
        "{text}"
    );
    desk.run("undo out --to back");
    assert_eq!(desk.bytes("back/b.txt"), around.as_bytes());
}

/// As long again as the notices, so that what holds both is no copy of them.
const DIARY: &str = "入秋以后雾一天比一天重，守塔人把油壶灌满，坐在窗边数来往的船。他记得父亲说过，雾里的汽笛声最怕听错，\
    一长两短是要靠岸，两长一短是请求让路。四十年里他只听错过一回，那一回他在日记里写了整整三页，至今不肯给别人看。";
const DIARY_GOES_ON: &str = "后来孙子问他信上写了什么，他只说天气，说潮水，说哪年的鱼汛来得早。冬天第一场雪落下来的时候，灯又亮了，\
    远处的渔船一条接一条拉响汽笛，像是在应他的话。他把窗推开一道缝，听了很久，才回到桌边写下这一天的最后一行字。";

fn ids(desk: &Desk) -> Vec<String> {
    desk.records("out/clean.jsonl")
        .iter()
        .map(|record| id_of(record).to_string())
        .collect()
}

/// The one refused document of a run.
fn only_refused(desk: &Desk) -> serde_json::Value {
    let mut refused = desk.records("out/rejected.jsonl");
    assert_eq!(refused.len(), 1, "{refused:?}");
    refused.remove(0)
}

#[test]
fn a_paragraph_that_stands_twice_on_its_page_is_dropped_unless_it_is_only_marked() {
    let notice = format!("{NOTICE}{SECOND_NOTICE}");
    let twice =
        format!("{notice}\n\n{notice}\n\n守塔人说，雾里的汽笛声，他闭着眼睛也分得清是哪一条船。\n");
    let run = |flags: &str| {
        let (desk, _) = clean(&[("a.txt", twice.as_bytes())], flags);
        let times = text_of(&desk.records("out/clean.jsonl")[0])
            .matches(NOTICE)
            .count();
        let told = desk
            .records("out/changes.jsonl")
            .iter()
            .any(|change| change["rule"] == "exact");
        (times, told)
    };
    assert_eq!(run(""), (1, true));
    assert_eq!(run("--paragraphs mark"), (2, true));
    assert_eq!(run("--paragraphs off"), (2, false));
}

#[test]
fn threads_are_some_and_no_more_than_help() {
    let desk = Desk::with(&[("a.txt", "码头扩建工程开工。\n".as_bytes())]);
    let none = desk.run("clean in --out out --threads 0");
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("1 or more"), "{}", none.stderr);
    let many = desk.run("clean in --out out --threads 100000");
    assert_eq!(many.status, 0, "{}", many.stderr);
    assert!(
        many.stderr
            .contains("--threads 100000 is more than can help"),
        "{}",
        many.stderr
    );
}

#[test]
fn refusals_for_one_reason_take_a_few_lines() {
    let lines: String = (0..500)
        .map(|n| format!("{{\"id\": \"{n}\", \"content\": \"x\"}}\n"))
        .collect();
    let (_, said) = clean(&[("a.jsonl", lines.as_bytes())], "");
    assert!(said.stderr.lines().count() < 20, "{}", said.stderr);
    assert!(
        said.stderr.contains("497 more like it: no \"text\" field"),
        "{}",
        said.stderr
    );
}

#[test]
fn wrong_options_are_answered_with_the_right_ones() {
    let desk = Desk::with(&[("a.txt", "灯塔亮了。".as_bytes()), ("b/a.xyz", b"x")]);
    let said = desk.run("clean in/a.txt --ot out");
    assert!(
        said.status == 2 && said.stderr.contains("'--out'"),
        "{}",
        said.stderr
    );
    assert!(!said.stderr.contains("-- --ot"), "{}", said.stderr);
    let said = desk.run("clean in/a.txt --out -");
    assert!(
        said.status == 2 && said.stderr.contains("name a folder"),
        "{}",
        said.stderr
    );
    assert!(!desk.path("-").exists());
    let said = desk.run("clean in/b --out out");
    assert!(
        said.status == 2 && said.stderr.matches(".xml").count() == 1,
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains(".gz"), "{}", said.stderr);
}
