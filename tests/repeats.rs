//! What stands twice across documents: what goes, what stays, and what is said of it.

use crate::run::{Desk, clean, id_of, text_of};
use generate::{Random, articles};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn a_copy_goes_whatever_its_script_its_width_its_glosses_and_a_few_wrong_letters() {
    let text = paragraphs(6).join("\n\n");
    let trad = hanconv::s2t(&text);
    let wide = text.replace('，', ",").replace('。', " 。\n");
    let glossed = text.replace('的', "的(de)").replace('人', "人（rén）");
    for (kind, copy) in [
        ("trad", trad),
        ("wide", wide),
        ("gloss", glossed),
        ("noise", misread(&text, 20)),
    ] {
        let desk = cleaned(&[("a", &text), ("b", &copy)], "");
        let pairs = desk.records("out/pairs.jsonl");
        assert_eq!(kept(&desk), ["a"], "{kind}: {pairs:?}");
        let clusters = desk.records("out/clusters.jsonl");
        assert_eq!(
            [&clusters[0]["keep"], &clusters[1]["keep"]],
            [&json!(true), &json!(false)],
            "{kind}"
        );
    }
}

#[test]
fn a_report_by_the_same_formula_with_other_numbers_is_no_copy() {
    let report = |day: u32, first: u32, second: u32, third: u32| {
        format!(
            "{day}日江上渡轮公司通报，全天开出班船{first}班，运送旅客{second}人次，装卸货物{third}吨，正点率为百分之{}，\
             比前一天增加{}班。公司提醒旅客留意天气，提前到码头候船。",
            90 + first % 9,
            second % 7
        )
    };
    let reports: Vec<String> = (1..9)
        .map(|n| report(n, 31 * n % 97, 1777 * n % 9973, 523 * n % 7919))
        .collect();
    let files: Vec<(String, &String)> = reports
        .iter()
        .enumerate()
        .map(|(n, text)| (format!("r{n}"), text))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(id, text)| (id.as_str(), text.as_str()))
        .collect();
    assert_eq!(kept(&cleaned(&files, "")).len(), reports.len());
}

#[test]
fn a_document_goes_only_for_its_own_likeness_to_one_that_stays() {
    // each begins a paragraph later than the one before: it stands in all that come before it, but is ever less of them
    let all = paragraphs(10);
    let texts: Vec<String> = (0..10).map(|n| all[n..].join("\n\n")).collect();
    let ids: Vec<String> = (0..10).map(|n| format!("{n:02}")).collect();
    let files: Vec<(&str, &str)> = ids
        .iter()
        .zip(&texts)
        .map(|(id, text)| (id.as_str(), text.as_str()))
        .collect();
    let desk = cleaned(&files, "--keep first --paragraphs off");
    let kept = kept(&desk);
    assert!(kept.len() >= 2 && kept.len() < 6, "{kept:?}");
    let dropped = copies(&desk);
    assert_eq!(kept.len() + dropped.len(), 10);
    for (id, (of, similarity)) in dropped {
        assert!(
            kept.contains(&of) && similarity >= 0.75,
            "{id} of {of}: {similarity}"
        );
    }
}

#[test]
fn under_what_many_share_only_a_documents_own_text_makes_it_a_copy() {
    let forms = [
        (
            "编号{n}已经办结。",
            "江边社区的每位网友都应当为自己的发言负责，本人的发言只代表个人看法，与本站的立场没有关系，转载请先同本人联系，\
             并且注明出处。船到桥头自然直，沿途的风景最好看。",
        ),
        (
            "No. {n} is settled.",
            "Everyone who writes on this board answers for what he says. My opinions are my own and not those of the ferry \
             company; please ask before you quote me, and name the place where you found it.",
        ),
        (
            "El número {n} está resuelto.",
            "Quien escribe en este foro responde de lo que dice. Mis opiniones son mías y no de la compañía de barcas; les \
             ruego que pregunten antes de citarme y que digan dónde lo han encontrado.",
        ),
    ];
    for (answer, signature) in forms {
        let answer = |n: usize| answer.replace("{n}", &n.to_string());
        // every third has a second answer, which is the only one of another
        let mut texts: Vec<String> = (0..30)
            .map(|n| match n % 3 {
                0 => format!("{}\n\n{}\n\n{signature}", answer(n), answer(n + 1)),
                _ => format!("{}\n\n{signature}", answer(n)),
            })
            .collect();
        let article = paragraphs(4).join("\n\n");
        texts.push(format!("{article}\n\n{signature}"));
        texts.push(format!("{}\n\n{signature}", misread(&article, 40)));
        let ids: Vec<String> = (0..texts.len()).map(|n| format!("{n:02}")).collect();
        let files = ids.iter().zip(&texts);
        let files: Vec<(&str, &str)> = files.map(|(id, text)| (&**id, &**text)).collect();
        let desk = cleaned(&files, "");
        let gone: Vec<String> = copies(&desk).into_keys().collect();
        assert_eq!(gone, ["31"], "{signature}");
    }
}

#[test]
fn what_has_a_paragraph_of_its_own_stays_and_pairs_say_what_differs() {
    let all = paragraphs(11);
    let [first, second] = [0, 1].map(|n| all[n..n + 10].join("\n\n"));
    let desk = cleaned(&[("a", &first), ("b", &second)], "--paragraphs off");
    assert_eq!(kept(&desk), ["a", "b"]);
    let other_day = first
        .replacen("灯塔", "码头", 1)
        .replacen('。', "，共有三十一人。", 1);
    let desk = cleaned(&[("a", &first), ("b", &other_day)], "--paragraphs off");
    assert_eq!(kept(&desk), ["a", "b"]);
    let pair = &desk.records("out/pairs.jsonl")[0];
    assert_eq!(pair["verdict"], "cluster", "{pair}");
    assert!(!pair["differs"].as_array().unwrap().is_empty(), "{pair}");
}

#[test]
fn which_copy_stays_is_a_rule() {
    let whole = paragraphs(8).join("\n\n");
    let record = |id: &str, date: &str, text: &str| {
        json!({"id": id, "date": date, "text": text}).to_string() + "\n"
    };
    // three recognitions of one text: two lost the last mark, one of them has letters too many
    let open = whole.trim_end_matches('。');
    let doubled = misread(open, 47).replacen('的', "的的", 3);
    let lines = record("a", "2020-05-01", open)
        + &record("b", "2021-05-01", &misread(&whole, 30))
        + &record("c", "2019-05-01", &doubled);
    for (rule, stays) in [
        ("first", "a"),
        ("whole", "b"),
        ("newest", "b"),
        ("longest", "c"),
    ] {
        let desk = Desk::with(&[("in.jsonl", lines.as_bytes())]);
        let said = desk.run(&format!("clean in --out out --keep {rule}"));
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert!(
            kept(&desk).contains(&stays.to_string()),
            "{rule}: {:?}",
            kept(&desk)
        );
        assert!(!copies(&desk).is_empty(), "{rule}");
    }
}

#[test]
fn short_texts_and_what_stands_between_fences_do_not_vanish() {
    let short: Vec<String> = (0..200)
        .map(|n| format!("第{n}号灯塔的守塔人今天又写了一页日记。"))
        .collect();
    let ids: Vec<String> = (0..200).map(|n| format!("{n:03}")).collect();
    let files: Vec<(&str, &str)> = ids
        .iter()
        .zip(&short)
        .map(|(id, text)| (id.as_str(), text.as_str()))
        .collect();
    assert_eq!(kept(&cleaned(&files, "")).len(), 200);

    let code = "fn main() {\n    println!(\"灯\");\n}";
    let page = |n: usize| {
        format!(
            "{}\n\n```rust\n{code}\n```\n\n| 灯 | 塔 |\n|---|---|\n| 一 | 二 |\n",
            paragraphs(9)[n]
        )
    };
    let pages: Vec<String> = (0..9).map(page).collect();
    let files: Vec<(&str, &str)> = ids
        .iter()
        .zip(&pages)
        .map(|(id, text)| (id.as_str(), text.as_str()))
        .collect();
    let desk = cleaned(&files, "");
    for record in desk.records("out/clean.jsonl") {
        let text = text_of(&record);
        assert!(
            text.contains(code) && text.matches("```").count() == 2 && text.contains("| 一 | 二 |"),
            "{text}"
        );
    }
}

#[test]
fn a_paragraph_with_differences_is_marked_and_dropped_if_asked() {
    let all = paragraphs(9);
    let near = misread(&all[0], 40);
    let one = [&all[0], &all[1], &all[2], &all[3]]
        .map(String::as_str)
        .join("\n\n");
    let other = [&all[4], &near, &all[5], &all[6]]
        .map(String::as_str)
        .join("\n\n");
    let files = [("a", one.as_str()), ("b", other.as_str())];
    // without repairs: else the copies correct each other
    let desk = cleaned(&files, "--repair off");
    assert_eq!(text_of(&desk.records("out/clean.jsonl")[1]), other);
    let changes = desk.records("out/changes.jsonl");
    let marked = changes
        .iter()
        .find(|change| change["rule"] == "near")
        .expect("it is told of");
    assert_eq!(
        (id_of(marked), &marked["applied"], &marked["of"]["id"]),
        ("b", &json!(false), &json!("a"))
    );
    assert_eq!(
        spoken(&one, &marked["of"]["at"]),
        all[0].trim_end_matches('。')
    );
    let desk = cleaned(&files, "--near-paragraphs drop");
    assert!(!text_of(&desk.records("out/clean.jsonl")[1]).contains(&near));
    let desk = cleaned(&files, "--near-paragraphs off --passages off");
    assert!(desk.records("out/changes.jsonl").is_empty());
}

#[test]
fn a_shared_passage_is_found_to_the_letter_in_both_places() {
    let all = paragraphs(9);
    let quoted: String = all[0].chars().skip(9).take(66).collect();
    let quoted = quoted.trim_matches(|c: char| !c.is_alphanumeric());
    let other = format!(
        "{}\n\n守塔人念道：{quoted}，念到这里他停住了。{}\n\n{}",
        all[4], all[5], all[6]
    );
    let one = all[..3].join("\n\n");
    let desk = cleaned(&[("a", one.as_str()), ("b", other.as_str())], "");
    let changes = desk.records("out/changes.jsonl");
    let marked = changes
        .iter()
        .find(|change| change["rule"] == "spliced")
        .expect("it is told of");
    assert_eq!(spoken(&other, &marked["at"][0]), quoted);
    assert_eq!(spoken(&one, &marked["of"]["at"]), quoted);
}

#[test]
fn adverts_go_from_later_pages_and_headings_stay() {
    let all = paragraphs(40);
    let page = |n: usize, price: &str| {
        let news = |at: usize| format!("今日要闻\n\n{}\n\n", all[(7 * n + at) % all.len()]);
        format!(
            "{}灯塔牌火柴一擦就着每盒{price}各处均有出售\n\n江心茶楼设备高尚空气流通座位舒适\n\n{}本埠订报每月四角外埠每月五角邮费在内\n\n\
             电话四三二一八\n\n{}王大夫专治疑难杂症门诊上午九时至十二时\n\n老协记布庄春装衣料花色齐全\n\n",
            news(0),
            news(1),
            news(2)
        )
    };
    let pages = [page(0, "二角"), page(1, "三角五分"), page(2, "二角")];
    let desk = cleaned(&[("1", &pages[0]), ("2", &pages[1]), ("3", &pages[2])], "");
    let clean = desk.records("out/clean.jsonl");
    assert_eq!(clean.len(), 3);
    for advert in ["灯塔牌火柴", "江心茶楼", "本埠订报", "老协记布庄"] {
        let holds: Vec<bool> = clean
            .iter()
            .map(|record| text_of(record).contains(advert))
            .collect();
        assert_eq!(holds, [true, false, false], "{advert}");
    }
    assert!(
        clean
            .iter()
            .all(|record| text_of(record).matches("今日要闻").count() == 3)
    );
    let desk = cleaned(
        &[("1", &pages[0]), ("2", &pages[1]), ("3", &pages[2])],
        "--furniture mark",
    );
    assert!(
        desk.records("out/clean.jsonl")
            .iter()
            .all(|record| text_of(record).contains("灯塔牌火柴"))
    );
}

#[test]
fn a_passage_that_is_dropped_leaves_whole_words_and_sentences() {
    // the letters at the edges of the passage happen to be those of the words around it
    let passage = "the exchange rate of the silver crown rose by two parts in a hundred this morning and stood at fifty five at \
                   noon when the bell of the harbour was rung";
    let one = format!(
        "As quoted by the daily currency, {passage}, after which the captain took the ship out for salt."
    );
    let other = format!(
        "In the view of nearly every country, {passage}, and the market of the fishermen stayed quiet until night and nobody \
         bought a thing, and so it went on for the whole of the long week before the fair, when the boats came back at last."
    );
    let desk = cleaned(&[("a", &one), ("b", &other)], "--passages drop");
    let clean = desk.records("out/clean.jsonl");
    assert_eq!(
        text_of(&clean[1]),
        other.replace(&format!(" {passage},"), ""),
        "{:?}",
        desk.records("out/changes.jsonl")
    );
    let all = paragraphs(9);
    let passage = "江心洲上的灯塔重新点亮的那天傍晚守塔人早早把油壶灌满，他说这一天他等了很久，船上的人也都走到甲板上来看，汽笛一声接着一声";
    let one = format!("{}过了几天，{passage}一直响到天黑。{}", all[0], all[1]);
    let other = format!("{}前几天，{passage}响了很久。{}", all[4], all[5]);
    let desk = cleaned(&[("a", &one), ("b", &other)], "--passages drop");
    let text = text_of(&desk.records("out/clean.jsonl")[1]).to_string();
    assert!(
        text.contains("前几天，汽笛一声接着一声响了很久。"),
        "{text}"
    );
    assert!(!text.contains("他等了很久"), "{text}");
}

#[test]
fn numbers_and_running_heads_of_a_book_go_and_those_of_tasks_and_chapters_stay() {
    let all = paragraphs(24);
    let cleaned_pages = |pages: &[String], flags: &str| -> Vec<String> {
        let files: Vec<(String, &String)> = (10..).map(|n| format!("{n}")).zip(pages).collect();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(id, text)| (id.as_str(), text.as_str()))
            .collect();
        let clean = cleaned(&files, flags).records("out/clean.jsonl");
        clean
            .iter()
            .map(|record| text_of(record).to_string())
            .collect()
    };
    let texts = [
        "从9月起，南门外一带的茶叶合作社增设了遮雨的顶棚，来往的人都说方便。",
        "据盐仓桥有关部门统计，无障碍坡道共有二十四万人次使用，安排专人值守。",
        "一边是公共自行车，一边是早市菜摊，青石巷的早晨就这样开始了。",
        "灯塔重新点亮的那天傍晚，守塔人早早把油壶灌满，站在门口张望。",
        "修钟的人花了整整一个冬天，才把断了的齿轮一个一个配齐装好。",
        "花鸟市场从本周起改在清晨五点开门，玩鸟的老人们最高兴不过。",
        "评书艺人在茶馆里连说了四十天的长书，座无虚席，掌声不断。",
    ];
    let page = |n: usize, head: &str| format!("{head}\n\n{}\n\n{}", texts[n], n + 1031);
    // a book whose left pages have its name and the right ones that of the chapter
    let heads = [
        "墙上的岛",
        "渡口旧事",
        "墙上的岛",
        "渡口旧事",
        "墙上的岛",
        "渡口旧事",
        "墙上的岛",
    ];
    let pages: Vec<String> = heads
        .iter()
        .zip(0..)
        .map(|(head, n)| page(n, head))
        .collect();
    let clean = cleaned_pages(&pages, "");
    for (n, text) in clean.iter().enumerate() {
        assert!(
            text.contains(texts[n]) && !text.contains(&format!("{}", n + 1031)),
            "{text}"
        );
        assert_eq!(text.contains(heads[n]), n < 2, "{n}: {text}");
    }
    let stays = |pages: &[String]| {
        assert_eq!(
            cleaned_pages(pages, ""),
            cleaned_pages(pages, "--furniture off")
        );
    };
    // headings of chapters differ; answers to tasks are numbers; so are those of chapters
    let titles = ["渡口", "灯塔", "船厂", "码头", "集市"];
    let chapters: Vec<String> = titles
        .iter()
        .zip(0..)
        .map(|(title, n)| format!("{}\n\n{title}\n\n{}", n + 1, all[n]))
        .collect();
    stays(&chapters);
    let tasks: Vec<String> = (0..5).map(|n| format!("{}\n\n{}", all[n], n + 7)).collect();
    stays(&tasks);
    // without numbers a line that recurs is a refrain, a section, an amen
    let hymns: Vec<String> = (0..5)
        .map(|n| format!("参考\n\n{}\n\nAmen", all[n]))
        .collect();
    stays(&hymns);
}

#[test]
fn what_a_site_says_of_itself_goes_and_sources_and_licences_stay() {
    let all = paragraphs(24);
    let cleaned_texts = |make: &dyn Fn(&[String]) -> String, flags: &str| -> Vec<String> {
        let texts: Vec<(String, String)> = all
            .chunks(5)
            .take(4)
            .enumerate()
            .map(|(n, paragraphs)| (n.to_string(), make(paragraphs)))
            .collect();
        let files: Vec<(&str, &str)> = texts
            .iter()
            .map(|(id, text)| (id.as_str(), text.as_str()))
            .collect();
        let clean = cleaned(&files, flags).records("out/clean.jsonl");
        assert_eq!(clean.len(), 4);
        clean
            .iter()
            .map(|record| text_of(record).to_string())
            .collect()
    };
    let advert = "喜欢灯塔请大家收藏：www.example-novel.com，更新最快。";
    let at_end = "手机请看 m.example-novel.com！";
    let with_adverts = |p: &[String]| {
        format!(
            "{}\n\n{advert}\n\n{}{}{at_end}\n\n{}",
            p[0], p[1], p[2], p[3]
        )
    };
    let without = |p: &[String]| format!("{}\n\n{}{}\n\n{}", p[0], p[1], p[2], p[3]);
    assert_eq!(
        cleaned_texts(&with_adverts, ""),
        cleaned_texts(&without, "")
    );
    for stays in [
        "见 https://www.example.org/licenses/terms-2",
        "来信请寄 desk@example.com",
        "版权所有，转载请联系 www.example.com",
        "1. www.example.com",
        "参考文献",
    ] {
        let text = |p: &[String]| format!("{}\n\n{stays}\n\n{}", p[0], p[1]);
        assert_eq!(
            cleaned_texts(&text, ""),
            cleaned_texts(&text, "--furniture off")
        );
    }
}

#[test]
fn a_size_that_is_none_and_a_share_beyond_one_are_refused() {
    let desk = Desk::with(&[("a.txt", "灯亮了。".as_bytes())]);
    for (flag, says) in [
        ("--memory much", "for example 512MiB or 4GB"),
        ("--duplicate-from 80", "from 0 to 1"),
    ] {
        let said = desk.run(&format!("clean in --out out {flag}"));
        assert_eq!(said.status, 2);
        assert!(said.stderr.contains(says), "{}", said.stderr);
    }
}

/// Paragraphs that have nothing in common but words.
fn paragraphs(count: usize) -> Vec<String> {
    let mut random = Random(77);
    let mut found: Vec<String> = Vec::new();
    while found.len() < count {
        for article in articles(&mut random, 8) {
            let text = article.paragraphs.concat();
            found.extend((text.chars().count() > 90).then_some(text));
        }
    }
    found.truncate(count);
    found
}

/// One letter in so many is another one.
fn misread(text: &str, every: usize) -> String {
    /// As a recogniser's errors are: another one each time.
    const WRONG: &str = "鲸瀛黼囹謇甑黻鬻彝巽夔氅孳颢羁阗纂戆韬蠹饕鳌骧罅爨橐缶窠臬";
    let wrong = |(at, c): (usize, char)| {
        if at % every == every / 2 && c.is_alphanumeric() {
            let letters = WRONG.chars().count();
            WRONG
                .chars()
                .nth(at / every % letters)
                .expect("it is one of them")
        } else {
            c
        }
    };
    text.chars().enumerate().map(wrong).collect()
}

fn cleaned(documents: &[(&str, &str)], flags: &str) -> Desk {
    let line = |(id, text): &(&str, &str)| json!({"id": id, "text": text}).to_string() + "\n";
    let lines: String = documents.iter().map(line).collect();
    let desk = Desk::with(&[("in.jsonl", lines.as_bytes())]);
    let said = desk.run(&format!("clean in --out out {flags}"));
    assert_eq!(said.status, 0, "{}", said.stderr);
    desk
}

fn kept(desk: &Desk) -> Vec<String> {
    desk.records("out/clean.jsonl")
        .iter()
        .map(|record| id_of(record).to_string())
        .collect()
}

/// Of each document that was dropped: which one stays, and how like that it is.
fn copies(desk: &Desk) -> BTreeMap<String, (String, f64)> {
    let is_copy =
        |change: &&Value| change["rule"] == "duplicate" && change["applied"] != json!(false);
    let copy = |change: &Value| {
        let similarity = change["note"]
            .as_str()
            .unwrap()
            .trim_start_matches("similarity ")
            .parse()
            .unwrap();
        (
            id_of(change).to_string(),
            (change["of"]["id"].as_str().unwrap().to_string(), similarity),
        )
    };
    desk.records("out/changes.jsonl")
        .iter()
        .filter(is_copy)
        .map(copy)
        .collect()
}

/// The text at a place that is given in bytes.
fn spoken<'t>(text: &'t str, at: &Value) -> &'t str {
    let byte = |n: usize| at[n].as_u64().unwrap() as usize;
    &text[byte(0)..byte(1)]
}

#[test]
fn text_that_repeats_itself_without_end_is_cleaned_and_undone() {
    let endless = format!("守塔人说{}。\n", "哈".repeat(200_000));
    let lines = "江水涨了，渡轮停在对岸，守塔人等了一个晚上也没有等到人。\n".repeat(4_000);
    let files = [("a.txt", endless.as_bytes()), ("b.txt", lines.as_bytes())];
    let (desk, said) = clean(&files, "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let records = desk.records("out/clean.jsonl");
    assert_eq!(text_of(&records[1]).matches("江水涨了").count(), 1);
    assert_eq!(desk.run("undo out --to back").status, 0);
    files
        .iter()
        .for_each(|(name, bytes)| assert!(desk.bytes(&format!("back/{name}")) == *bytes, "{name}"));
}
