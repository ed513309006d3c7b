//! Files that tools themselves wrote (tests/formats/real/README.md says which and how), read as a user has them read.

use crate::run::{Desk, clean, id_of, text_of};
use serde_json::{Value, json};

macro_rules! real {
    ($name:literal) => {
        &include_bytes!(concat!("formats/real/", $name))[..]
    };
}

/// Only reading.
const READ: &str = "--repair off --join off --duplicates off --paragraphs off --furniture off --passages off \
                    --near-paragraphs off";

/// The clean records of files below one folder, and how many files were passed over for them.
fn read(files: &[(&str, &[u8])], flags: &str) -> Vec<Value> {
    let (desk, said) = clean(files, flags);
    assert_eq!(said.status, 0, "{}", said.stderr);
    goes_back(&desk);
    desk.records("out/clean.jsonl")
}

/// `undo` and `explain` take what was written, too.
fn goes_back(desk: &Desk) {
    let records = desk.records("out/clean.jsonl");
    let said = desk.run("undo out --to back");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let said = desk.run(&format!("explain out {}", id_of(&records[0])));
    assert_eq!(said.status, 0, "{}", said.stderr);
}

fn texts(records: &[Value]) -> Vec<&str> {
    records.iter().map(text_of).collect()
}

fn blocks(record: &Value) -> Vec<(&str, &str)> {
    let kinds = record["metadata"]["kinds"]
        .as_array()
        .expect("it says what its blocks are");
    text_of(record)
        .split("\n\n")
        .zip(kinds.iter().map(|kind| kind.as_str().unwrap_or("?")))
        .collect()
}

/// Pages that several files have alike.
fn alike(files: &[(&str, &[u8])], pages: &[&str]) -> Vec<Value> {
    let mut last = Vec::new();
    for file in files {
        last = read(&[*file], READ);
        assert_eq!(texts(&last), pages, "{}", file.0);
    }
    last
}

// ---- Tesseract

#[test]
fn columns_that_tesseract_read_across_are_taken_apart() {
    let hocr = real!("tesseract/newspaper-zh.hocr");
    for file in [
        ("zh.hocr", hocr),
        ("zh.xml", real!("tesseract/newspaper-zh.xml")),
    ] {
        let records = read(&[file], "");
        let expected = [
            ("江州日报 2023年5月6日", "headline"),
            ("海边灯塔重新点亮", "headline"),
            ("本报记者”林渡", "body"),
            (
                "五月五日傍晚六时，停用三年的灯塔重新亮起。守塔人说这一天他等了很久，今后每年都要检修两次，海上的船又看得见岸了。",
                "body",
            ),
            ("和", "body"),
            ("图为灯塔亮灯的一刻", "caption"),
            (
                "工程师说，新的透镜由省内一玻璃厂用了八个月磨成，重四百公厅，分成六块运上山顶，再由工人装好。",
                "body",
            ),
        ];
        assert_eq!(blocks(&records[0]), expected, "{}", file.0);
    }
}

#[test]
fn rows_that_tesseract_saw_stay_lines() {
    let records = read(&[("table.hocr", real!("tesseract/table.hocr"))], "");
    let expected = [
        "江州轮渡公司昨日宣布，渡轮增加到十班，票价如下。",
        "首班渡轮 早上六点开船 五元",
        "午班渡轮 中午十二点开船 六元",
        "末班渡轮 晚上九点开船 八元",
        "新班次试行到年底，学生半价。",
    ];
    assert_eq!(text_of(&records[0]), expected.join("\n\n"));
}

#[test]
fn what_tesseract_sees_set_large_is_a_headline() {
    for file in [
        ("en.hocr", real!("tesseract/newspaper-en.hocr")),
        ("en.xml", real!("tesseract/newspaper-en.xml")),
    ] {
        let records = read(&[file], "");
        let blocks = blocks(&records[0]);
        assert_eq!(
            blocks[0],
            (
                "Lighthouse shines again after three dark winters",
                "headline"
            ),
            "{}",
            file.0
        );
        assert!(
            blocks[1..].iter().all(|(_, kind)| *kind != "headline"),
            "{blocks:?}"
        );
        assert!(
            blocks[2]
                .0
                .starts_with("The keeper of the Eastcape light turned the lamp"),
            "{blocks:?}"
        );
        assert!(
            blocks[2]
                .0
                .ends_with("had cracked, took eight months to replace."),
            "{blocks:?}"
        );
        assert!(
            blocks[4]
                .0
                .ends_with("had come down to the harbour, and some had waited there since noon.")
        );
    }
}

// ---- PAGE

#[test]
fn a_page_of_ocr_d_is_read_in_its_order_with_its_hyphens() {
    let records = read(&[("courier.xml", real!("page/courier.xml"))], "");
    let expected = [
        ("Lighthouse shines again", "headline"),
        (
            "The lamp shone for the first time since the great storm. The new lens was carried up the stairs.",
            "body",
        ),
        ("The lamp on Friday night", "caption"),
        ("The light will be inspected twice a year.", "body"),
    ];
    assert_eq!(blocks(&records[0]), expected);
    assert_eq!(
        records[0]["metadata"]["running"],
        json!(["The Eastcape Courier", "3"])
    );
}

// ---- layout tools

#[test]
fn chunks_of_marker_are_the_pages_of_its_json() {
    let files = [
        ("harbour.json", real!("marker/json/harbour.json")),
        ("harbour.json", real!("marker/chunks/harbour.json")),
    ];
    let pages = [
        "# 东岬灯塔重新点亮\n\n船速$v < 6$节。守塔人说这一天他等了很\n\n灯塔亮灯的一刻\n\n久，海上的船又看得见岸了。",
        "表一 渡轮时刻\n\n<table><tbody><tr><td>首班</td><td>六点</td></tr></tbody></table>\n\n$$ t = s / v $$\n\n\
         星期天照常开航。",
    ];
    let chunks = alike(&files, &pages);
    let metadata = |page: usize, key: &str| chunks[page]["metadata"][key].clone();
    assert_eq!(id_of(&chunks[1]), "harbour.json#page-2");
    assert_eq!(
        metadata(0, "layout"),
        json!(["headline", null, "caption", null])
    );
    assert_eq!(metadata(0, "picture_texts"), json!(["一座灯塔"]));
    assert_eq!(
        metadata(1, "layout"),
        json!(["caption", "table", null, null])
    );
    assert_eq!(metadata(1, "picture_texts"), json!(["航线示意图"]));
}

#[test]
fn formulas_of_marker_and_docling_stay_in_their_html() {
    let marker = read(&[("harbour.html", real!("marker/html/harbour.html"))], READ);
    assert_eq!(
        text_of(&marker[0]),
        "东岬灯塔重新点亮\n\n船速$v < 6$节。守塔人说这一天他等了很\n\n灯塔亮灯的一刻\n\n久，海上的船又看得见岸了。\n\n\
         表一 渡轮时刻\n\n| 首班 | 六点 |\n\n$$ t = s / v $$\n\n星期天照常开航。"
    );
    let docling = read(&[("harbour.html", real!("docling/harbour.html"))], READ);
    assert!(
        text_of(&docling[0]).contains("灯光转速 $v=6$ 转每分。"),
        "{}",
        text_of(&docling[0])
    );
}

#[test]
fn a_document_of_docling_keeps_the_numbers_of_its_lists() {
    let records = read(&[("harbour.json", real!("docling/harbour.json"))], READ);
    let pages = [
        "# 东岬灯塔重新点亮\n\n守塔人说这一天他等了很\n\n灯塔亮灯的一刻\n\n久，海上的船又看得见岸了。",
        "## 渡轮班次增加\n\n表一 渡轮时刻\n\n| 班次 | 时间 |\n| --- | --- |\n| 首班 | 六点 |\n\n1. 先买票\n\n2. 后上船\n\n\
         灯光转速$v=6$转每分。\n\n```\nprint('亮')\n```",
    ];
    assert_eq!(texts(&records), pages);
    let about = &records[0]["metadata"];
    assert_eq!(about["headers"], json!(["江州日报"]));
    assert_eq!(about["footers"], json!(["3"]));
    assert_eq!(about["footnotes"], json!(["注：天数由海事处提供。"]));
    assert_eq!(about["picture_texts"], json!(["东岬港"]));
}

#[test]
fn results_of_paddleocr_are_the_same_formatted_or_not() {
    let files: [(&str, &[u8], &str); 2] = [
        (
            "plain_0_res.json",
            real!("paddleocr/plain_0_res.json"),
            "\n\n<table><tr><td>首班</td><td>六点</td></tr></table>",
        ),
        (
            "formatted_0_res.json",
            real!("paddleocr/formatted_0_res.json"),
            "",
        ),
    ];
    for (name, file, table) in files {
        let records = read(&[(name, file)], READ);
        let text = format!(
            "# 东岬灯塔 重新点亮\n\n守塔人说这一天他等了很\n\n灯塔亮灯的一刻\n\n久，海上的船又看得见岸了。\n\n\
             ## 渡轮班次增加\n\n表一 渡轮时刻{table}\n\n```\nprint('亮')\n```"
        );
        assert_eq!(text_of(&records[0]), text, "{name}");
        let about = &records[0]["metadata"];
        assert_eq!(
            [&about["headers"], &about["page_numbers"]],
            [&json!(["江州日报"]), &json!(["3"])],
            "{name}"
        );
        // a table that was not looked into is a picture
        let images = json!(["imgs/img_in_image_box_1.jpg", "imgs/img_in_image_box_1.jpg"]);
        assert_eq!(
            about["images"],
            if table.is_empty() {
                images
            } else {
                Value::Null
            },
            "{name}"
        );
    }
    let lines = read(
        &[("harbour_res.json", real!("paddleocr/harbour_res.json"))],
        READ,
    );
    assert_eq!(
        text_of(&lines[0]),
        "江州日报\n东岬灯塔重新点亮\n守塔人说这一天他等了很\n久，海上的船又看得见岸了。"
    );
}

/// MinerU's first page, with the link that it has in Markdown or without.
fn first_of_mineru(link: &str) -> String {
    format!(
        "# 东岬灯塔重新点亮\n\n灯光转速$v=6$，见{link}。守塔人说这一天他等了很\n\n灯塔亮灯的一刻\n\n久，海上的船又看得见岸了。"
    )
}

#[test]
fn what_mineru_saves_since_its_fourth_version_is_read() {
    let second = |table: &str, language: &str| {
        format!(
            "## 渡轮班次增加\n\n表一 渡轮时刻\n\n{table}\n\n节假日照常\n\n学生凭证半价\n老人免票\n\n$$ t = s / v $$\n\n\
             ```{language}\nprint('亮')\n```\n\n[1] 《江州县志》卷三。"
        )
    };
    let html = "<table><tr><td>首班</td><td>六点</td></tr></table>";
    let (plain, linked) = (
        first_of_mineru("县志"),
        first_of_mineru("[县志](https://example.org/a)"),
    );
    let files: [(&str, &[u8], &str, String); 4] = [
        (
            "middle_json.json",
            real!("mineru/middle_json.json"),
            &plain,
            second(html, "python"),
        ),
        (
            "structured_content.json",
            real!("mineru/structured_content.json"),
            &linked,
            second("| 首班 | 六点 |\n| --- | --- |", "python"),
        ),
        (
            "harbour_content_list.json",
            real!("mineru/harbour_content_list.json"),
            &linked,
            second(html, ""),
        ),
        (
            "harbour_content_list_v2.json",
            real!("mineru/harbour_content_list_v2.json"),
            &plain,
            second(html, "python"),
        ),
    ];
    for (name, file, first, second) in &files {
        let records = read(&[(name, file)], READ);
        assert_eq!(texts(&records), [first, second.as_str()], "{name}");
        let about = [&records[0]["metadata"], &records[1]["metadata"]];
        assert_eq!(about[0]["headers"], json!(["江州日报"]), "{name}");
        assert_eq!(about[0]["page_numbers"], json!(["3"]), "{name}");
        assert_eq!(
            about[1]["footnotes"],
            json!(["注：天数由海事处提供。"]),
            "{name}"
        );
        let kinds = json!([
            "headline", "caption", "table", "caption", "list", "list", null, "code", "list"
        ]);
        assert_eq!(about[1]["layout"], kinds, "{name}");
    }
}

#[test]
fn a_picture_itself_is_no_path_of_one() {
    let records = read(
        &[(
            "harbour_content_list.json",
            real!("mineru/harbour_content_list.json"),
        )],
        READ,
    );
    assert!(
        records
            .iter()
            .all(|record| record["metadata"].get("images").is_none()),
        "{records:?}"
    );
    let records = read(
        &[("middle_json.json", real!("mineru/middle_json.json"))],
        READ,
    );
    assert_eq!(
        records[0]["metadata"]["images"],
        json!(["images/page_0_image_3.png"])
    );
}

#[test]
fn a_document_that_a_tool_wrote_in_several_files_is_read_once() {
    let files = [
        ("docling/harbour.html", real!("docling/harbour.html")),
        ("docling/harbour.json", real!("docling/harbour.json")),
        ("docling/harbour.md", real!("docling/harbour.md")),
        ("marker/harbour.html", real!("marker/html/harbour.html")),
        ("marker/harbour.json", real!("marker/json/harbour.json")),
        ("marker/harbour.md", real!("marker/markdown/harbour.md")),
        (
            "marker/harbour_meta.json",
            real!("marker/json/harbour_meta.json"),
        ),
        ("mineru/markdown.md", real!("mineru/markdown.md")),
        ("mineru/middle_json.json", real!("mineru/middle_json.json")),
        (
            "mineru/structured_content.json",
            real!("mineru/structured_content.json"),
        ),
    ];
    let records = read(&files, READ);
    let ids: Vec<&str> = records.iter().map(id_of).collect();
    let names = [
        "docling/harbour.json",
        "marker/harbour.json",
        "mineru/middle_json.json",
    ];
    let expected = names
        .iter()
        .flat_map(|name| [1, 2].map(|page| format!("{name}#page-{page}")));
    assert_eq!(ids, expected.collect::<Vec<_>>());
}

// ---- corpora

#[test]
fn spans_of_an_olmocr_document_are_its_pages() {
    let records = read(&[("output.jsonl", real!("olmocr/output.jsonl"))], "");
    let text: Vec<char> = text_of(&records[0]).chars().collect();
    let spans = records[0]["attributes"]["pdf_page_numbers"]
        .as_array()
        .unwrap();
    let page = |at: usize| -> String {
        let side = |side: usize| spans[at][side].as_u64().unwrap() as usize;
        text[side(0)..side(1)].iter().collect()
    };
    assert_eq!(
        page(0).trim(),
        "东岬灯塔重新点亮\n\n本报记者 林渡\n\n五月五日傍晚六时，停用三年的东岬灯塔重新亮起。\n\n灯塔亮灯的一刻"
    );
    assert_eq!(page(1), "");
    assert!(
        page(2).starts_with("渡轮班次增加\n\n江州轮渡公司昨日宣布，往返"),
        "{}",
        page(2)
    );
}

#[cfg(feature = "parquet")]
#[test]
fn datatrove_and_datasets_write_the_same_records_in_every_format() {
    let files: [(&str, &[u8]); 2] = [
        ("datatrove.jsonl.gz", real!("corpora/datatrove.jsonl.gz")),
        (
            "000_datatrove.parquet",
            real!("corpora/000_datatrove.parquet"),
        ),
    ];
    let [lines, columns] = files.map(|file| read(&[file], ""));
    assert_eq!(
        lines.iter().map(id_of).collect::<Vec<_>>(),
        ["n-1", "n-2", "n-3"]
    );
    assert_eq!(lines[0]["metadata"]["tags"], json!(["港口", "灯塔"]));
    for (line, row) in lines.iter().zip(&columns) {
        assert_eq!(
            [&line["id"], &line["text"], &line["metadata"]],
            [&row["id"], &row["text"], &row["metadata"]]
        );
    }
    let files: [(&str, &[u8]); 3] = [
        ("datasets.jsonl", real!("corpora/datasets.jsonl")),
        ("datasets.json", real!("corpora/datasets.json")),
        ("datasets.parquet", real!("corpora/datasets.parquet")),
    ];
    let [lines, list, columns] = files.map(|file| read(&[file], ""));
    assert_eq!(lines.iter().map(id_of).collect::<Vec<_>>(), ["1", "2", "3"]);
    for ((line, item), row) in lines.iter().zip(&list).zip(&columns) {
        assert_eq!(
            [&line["text"], &line["metadata"]],
            [&item["text"], &item["metadata"]]
        );
        assert_eq!(line["text"], row["text"]);
    }
    let about = &columns[0]["metadata"];
    assert_eq!(
        [&about["published"], &about["day"]],
        ["2023-05-06T08:30:00", "2023-05-06"]
    );
    assert_eq!(
        [&about["tags"], &about["pages"]],
        [&json!(["港口", "灯塔"]), &json!({"first": 1, "last": 2})]
    );
    assert_eq!(columns[2]["metadata"]["tags"], Value::Null);
}
