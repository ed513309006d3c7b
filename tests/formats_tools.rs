//! What extraction tools write, and the conventions of corpora in JSON Lines: samples in the manner of the real ones.

use crate::run::{Desk, Said, clean, id_of, text_of};
use serde_json::{Value, json};

/// Only reading: nothing of the text is repaired, joined or dropped.
const READ: &str = "--repair off --join off --duplicates off --paragraphs off --furniture off --passages off \
                    --near-paragraphs off";

macro_rules! sample {
    ($name:literal) => {
        ($name, &include_bytes!(concat!("formats/", $name))[..])
    };
}

/// The records of one file.
fn read(file: (&str, &[u8]), flags: &str) -> (Desk, Vec<Value>) {
    let (desk, said) = clean(&[file], flags);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let records = desk.records("out/clean.jsonl");
    (desk, records)
}

fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(id_of).collect()
}

/// Of a page as it was read, its blocks, and what its format says each is.
fn laid_out(record: &Value) -> Vec<(&str, &str)> {
    let kinds = record["metadata"]["layout"]
        .as_array()
        .expect("it says what its blocks are");
    let blocks: Vec<&str> = text_of(record).split("\n\n").flat_map(lines).collect();
    assert_eq!(blocks.len(), kinds.len(), "{record}");
    blocks
        .into_iter()
        .zip(kinds.iter().map(|kind| kind.as_str().unwrap_or("?")))
        .collect()
}

/// Lines of a text; code and tables are one.
fn lines(text: &str) -> Vec<&str> {
    if text.starts_with("```") || text.starts_with("| ") {
        vec![text]
    } else {
        text.lines().collect()
    }
}

/// `undo` gives the records that were read, and they are cleaned to the same again.
fn undone_again(desk: &Desk, name: &str, flags: &str) {
    assert_eq!(desk.run("undo out --to back").status, 0);
    let name = format!("{name}.jsonl");
    assert_eq!(desk.files("back"), [name.as_str()]);
    let records = desk.bytes(&format!("back/{name}"));
    let (again, said) = clean(&[(&name, &records)], flags);
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(
        again.records("out/clean.jsonl"),
        desk.records("out/clean.jsonl")
    );
}

fn refusal(desk: &Desk, said: &Said) -> String {
    assert_eq!(said.status, 1, "{}", said.stderr);
    let records = desk.records("out/rejected.jsonl");
    assert_eq!(records.len(), 1, "{records:?}");
    records[0]["error"].as_str().unwrap().to_string()
}

// ---- layout tools

#[test]
fn a_mineru_page_is_a_document_with_its_kinds() {
    let (desk, records) = read(sample!("harbour_content_list.json"), READ);
    assert_eq!(
        ids(&records),
        [
            "harbour_content_list.json#page-1",
            "harbour_content_list.json#page-2"
        ]
    );
    undone_again(&desk, "harbour_content_list.json", READ);
    let table =
        "<table><tr><td>年份</td><td>天数</td></tr><tr><td>二〇二二</td><td>三百</td></tr></table>";
    let blocks = [
        ("# 灯塔重新点亮", "headline"),
        ("本报记者 林渡", "?"),
        ("守塔人说，这一天他等了很", "?"),
        ("灯塔亮灯的一刻", "caption"),
        ("孟春山摄", "caption"),
        ("久，海上的船又看得见岸了。", "?"),
        ("表一 近年亮灯天数", "caption"),
        (table, "table"),
        ("渡轮早六点开航", "list"),
        ("末班晚九点返航", "list"),
        ("$$", "?"),
        ("t = s / v", "?"),
        ("$$", "?"),
        ("```python\nprint('亮')\n```", "code"),
    ];
    // what a run that looks into no page leaves in the metadata
    let undone = desk.records("back/harbour_content_list.json.jsonl");
    assert_eq!(laid_out(&undone[0]), blocks);
    let about = &undone[0]["metadata"];
    assert_eq!(about["headers"], json!(["江州日报 2023年5月6日 第3版"]));
    assert_eq!(about["page_numbers"], json!(["3"]));
    assert_eq!(about["footnotes"], json!(["天数由海事处提供"]));
    assert_eq!(
        about["images"],
        json!(["images/0a1b.jpg", "images/2c3d.jpg"])
    );
    assert_eq!(laid_out(&undone[1])[0], ("## 江堤加高工程开工", "headline"));
    assert_eq!(undone[1]["metadata"]["footers"], json!(["江州日报社出版"]));
    assert_eq!(undone[1]["metadata"]["asides"], json!(["本版编辑 周一苇"]));
    assert_eq!(undone[1]["metadata"]["page"], 2);
}

#[test]
fn halves_around_a_mineru_picture_are_joined_and_its_caption_stays_one() {
    let (_, records) = read(sample!("harbour_content_list.json"), "");
    let text = text_of(&records[0]);
    assert!(
        text.contains("守塔人说，这一天他等了很久，海上的船又看得见岸了。"),
        "{text}"
    );
    let kinds = records[0]["metadata"]["kinds"].as_array().unwrap();
    let kind = |block: &str| kinds[text.split("\n\n").position(|b| b == block).unwrap()].clone();
    assert_eq!(kind("灯塔重新点亮"), "headline");
    assert_eq!(kind("灯塔亮灯的一刻"), "caption");
    assert_eq!(kind("本报记者 林渡"), "byline");
    assert!(records[0]["metadata"].get("layout").is_none());
}

#[test]
fn mineru_content_lists_of_the_second_version_are_read_by_the_page() {
    let name = "harbour_content_list_v2.json";
    let (desk, records) = read(
        sample!("harbour_content_list_v2.json"),
        "--duplicates off --keep-empty",
    );
    assert_eq!(
        ids(&records),
        [1, 2, 3].map(|page| format!("{name}#page-{page}"))
    );
    assert_eq!(text_of(&records[1]), "");
    undone_again(&desk, name, "--duplicates off --keep-empty");
    let undone = desk.records(&format!("back/{name}.jsonl"));
    let blocks = [
        ("# 灯塔重新点亮", "headline"),
        ("船速$v$不变，守塔人说他等了很久。", "?"),
        ("灯塔亮灯的一刻", "caption"),
        ("表一 亮灯天数", "caption"),
        ("<table><tr><td>年份</td></tr></table>", "table"),
        ("渡轮早六点开航", "list"),
        ("末班晚九点返航", "list"),
        ("$$ t = s / v $$", "?"),
    ];
    assert_eq!(laid_out(&undone[0]), blocks);
    assert_eq!(undone[0]["metadata"]["headers"], json!(["江州日报"]));
    assert_eq!(undone[0]["metadata"]["page_numbers"], json!(["1"]));
}

#[test]
fn mineru_middle_files_give_paragraphs_of_their_lines() {
    let (desk, records) = read(sample!("harbour_middle.json"), READ);
    assert_eq!(ids(&records), ["harbour_middle.json"]);
    undone_again(&desk, "harbour_middle.json", READ);
    let undone = desk.records("back/harbour_middle.json.jsonl");
    let blocks = [
        ("# 灯塔重新点亮", "headline"),
        ("守塔人说这一天他等了很久。", "?"),
        ("The lighthouse shines again.", "?"),
        ("灯塔亮灯的一刻", "caption"),
        ("表一 亮灯天数", "caption"),
        ("<table><tr><td>年份</td></tr></table>", "table"),
    ];
    assert_eq!(laid_out(&undone[0]), blocks);
    assert_eq!(undone[0]["metadata"]["page_numbers"], json!(["3"]));
    assert_eq!(
        undone[0]["metadata"]["images"],
        json!(["0a1b.jpg", "2c3d.jpg"])
    );
}

#[test]
fn of_a_mineru_folder_each_document_is_read_once() {
    let list = sample!("harbour_content_list.json").1;
    let middle = sample!("harbour_middle.json").1;
    let files = [
        ("p/harbour_content_list.json", list),
        ("p/harbour_middle.json", middle),
        ("p/harbour_model.json", &b"[{\"layout_dets\": []}]"[..]),
        ("p/harbour.md", "# 灯塔重新点亮\n".as_bytes()),
    ];
    let (desk, said) = clean(&files, "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(
        said.stderr
            .contains("left out 3 files that a tool wrote of the same documents"),
        "{}",
        said.stderr
    );
    assert_eq!(desk.value("out/report.json")["read"]["other_renderings"], 3);
    let records = desk.records("out/clean.jsonl");
    assert_eq!(
        ids(&records),
        [1, 2].map(|page| format!("p/harbour_content_list.json#page-{page}"))
    );
}

#[test]
fn a_paddleocr_page_is_a_document_with_its_kinds() {
    let bare = sample!("ferry_res.json").1;
    let page: Value = serde_json::from_slice(bare).unwrap();
    let wrapped = json!({"res": page}).to_string();
    let answer =
        json!({"errorCode": 0, "result": {"layoutParsingResults": [{"prunedResult": page}]}})
            .to_string();
    let mut pages = Vec::new();
    for bytes in [bare, wrapped.as_bytes(), answer.as_bytes()] {
        let (desk, records) = read(("ferry_res.json", bytes), READ);
        assert_eq!(ids(&records), ["ferry_res.json"]);
        undone_again(&desk, "ferry_res.json", READ);
        pages.extend(desk.records("back/ferry_res.json.jsonl"));
    }
    let blocks = [
        ("# 夜航船", "headline"),
        ("## 新码头启用", "headline"),
        ("新码头昨天启用，首日客流三千。", "?"),
        ("新码头全景", "caption"),
        (
            "<table><tr><td>班次</td><td>时刻</td></tr></table>",
            "table",
        ),
        ("$$ t = s / v $$", "?"),
    ];
    for page in &pages {
        assert_eq!(laid_out(page), blocks);
        assert_eq!(page["metadata"]["headers"], json!(["江州日报"]));
        assert_eq!(page["metadata"]["footnotes"], json!(["客流由航运公司提供"]));
        assert_eq!(page["metadata"]["page"], 3);
        assert_eq!(page["metadata"]["input_path"], "scans/ferry.pdf");
    }
}

#[test]
fn plain_paddleocr_lines_come_in_their_order() {
    let (_, records) = read(sample!("receipt_res.json"), READ);
    assert_eq!(
        text_of(&records[0]),
        "江水涨了，渡轮停航。\n\n明天六点复航。"
    );
}

#[test]
fn a_marker_page_is_a_document_with_its_kinds() {
    let (desk, records) = read(sample!("museum.json"), READ);
    assert_eq!(ids(&records), ["museum.json#page-1", "museum.json#page-2"]);
    undone_again(&desk, "museum.json", READ);
    let undone = desk.records("back/museum.json.jsonl");
    let blocks = [
        ("# 博物馆夜间开放", "headline"),
        ("夜里的展厅", "caption"),
        ("票价仍是5元 < 原价，A&B 两厅同价。", "?"),
        ("周一闭馆", "list"),
        (
            "<table><tbody><tr><th>展厅</th></tr></tbody></table>",
            "table",
        ),
    ];
    assert_eq!(laid_out(&undone[0]), blocks);
    assert_eq!(undone[0]["metadata"]["headers"], json!(["江州日报"]));
    assert_eq!(undone[0]["metadata"]["picture_texts"], json!(["出口"]));
    let (_, chunks) = read(sample!("museum_chunks.json"), READ);
    assert_eq!(
        ids(&chunks),
        ["museum_chunks.json#page-1", "museum_chunks.json#page-2"]
    );
    assert_eq!(text_of(&chunks[0]), "## 博物馆夜间开放\n\n票价不变。");
}

#[test]
fn markdown_that_marker_cut_into_pages_is_read_by_the_page() {
    let markdown = sample!("museum.md");
    let (desk, records) = read(markdown, "");
    assert_eq!(ids(&records), ["museum.md#page-1", "museum.md#page-2"]);
    assert_eq!(
        text_of(&records[0]).trim(),
        "博物馆夜间开放\n\n票价仍是五元，两厅同价。"
    );
    assert_eq!(records[1]["metadata"]["page"], 2);
    assert_eq!(desk.run("undo out --to back").status, 0);
    assert_eq!(desk.bytes("back/museum.md"), markdown.1);
}

#[test]
fn a_docling_document_is_read_in_the_order_of_its_body() {
    let (desk, records) = read(sample!("bridge.json"), &format!("{READ} --keep-empty"));
    assert_eq!(
        ids(&records),
        [1, 2, 3].map(|page| format!("bridge.json#page-{page}"))
    );
    undone_again(&desk, "bridge.json", &format!("{READ} --keep-empty"));
    let undone = desk.records("back/bridge.json.jsonl");
    let blocks = [
        ("## 老桥今天封闭", "headline"),
        ("老桥桥头", "caption"),
        ("老桥今天起封闭维修，绕行新桥。", "?"),
        ("三路改道", "list"),
        ("九路停运", "list"),
        (
            "| 线路 | 绕行 |\n| --- | --- |\n| 三路 | 新桥\\|北门 |",
            "table",
        ),
    ];
    assert_eq!(laid_out(&undone[0]), blocks);
    assert_eq!(undone[0]["metadata"]["headers"], json!(["江州日报"]));
    assert_eq!(undone[0]["metadata"]["picture_texts"], json!(["限重十吨"]));
    assert_eq!(
        laid_out(&undone[1]),
        [("工期预计八个月。", "?"), ("```Python\nx = 1\n```", "code")]
    );
    assert_eq!(text_of(&undone[2]), "");
}

#[test]
fn pieces_of_a_docling_paragraph_are_one() {
    let text = |label: &str, text: &str, parent: &str, children: Value| json!({"label": label, "text": text, "parent": {"$ref": parent}, "children": children, "level": 1, "prov": []});
    let to = |path: &str| json!({"$ref": path});
    let group = |parent: &str, children: Value| json!({"label": "inline", "parent": to(parent), "children": children});
    let document = json!({
        "schema_name": "DoclingDocument",
        "body": {"children": [to("#/groups/0"), to("#/texts/3"), to("#/texts/5")]},
        "groups": [
            group("#/body", json!([to("#/texts/0"), to("#/texts/1"), to("#/texts/2")])),
            group("#/texts/3", json!([to("#/texts/4")])),
            group("#/texts/5", json!([to("#/texts/6"), to("#/texts/7"), to("#/texts/8")])),
        ],
        "texts": [
            text("text", "灯塔", "#/groups/0", json!([])),
            text("text", "昨夜", "#/groups/0", json!([])),
            text("text", "重新点亮。", "#/groups/0", json!([])),
            text("list_item", "", "#/body", json!([to("#/groups/1")])),
            text("text", "三路改道", "#/groups/1", json!([])),
            text("section_header", "", "#/body", json!([to("#/groups/2")])),
            text("text", "Old Bridge", "#/groups/2", json!([])),
            text("text", "closes", "#/groups/2", json!([])),
            text("text", "!", "#/groups/2", json!([])),
        ],
    });
    let (desk, _) = read(("a.json", document.to_string().as_bytes()), READ);
    undone_again(&desk, "a.json", READ);
    let undone = desk.records("back/a.json.jsonl");
    let blocks = [
        ("灯塔昨夜重新点亮。", "?"),
        ("三路改道", "list"),
        ("## Old Bridge closes!", "headline"),
    ];
    assert_eq!(laid_out(&undone[0]), blocks);
}

#[test]
fn what_goes_round_in_circles_or_down_without_end_comes_to_an_end() {
    let text = |at: usize, child: usize| {
        let path = |at: usize| format!("#/texts/{at}");
        json!({"self_ref": path(at), "label": "text", "text": format!("第{at}段。"), "children": [{"$ref": path(child)}]})
    };
    let document = |texts: Vec<Value>| {
        let body =
            json!({"self_ref": "#/body", "children": [{"$ref": "#/body"}, {"$ref": "#/texts/0"}]});
        json!({"schema_name": "DoclingDocument", "body": body, "texts": texts}).to_string()
    };
    let circle = document(vec![text(0, 1), text(1, 0)]);
    let (_, records) = read(("a.json", circle.as_bytes()), READ);
    assert_eq!(text_of(&records[0]), "第0段。\n\n第1段。");
    let chain = document(
        (0..20_000)
            .map(|at| text(at, (at + 1).min(19_999)))
            .collect(),
    );
    let (desk, said) = clean(
        &[
            ("a.json", chain.as_bytes()),
            ("b.txt", "江水涨了。".as_bytes()),
        ],
        "",
    );
    assert!(
        refusal(&desk, &said).contains("nested more than"),
        "{}",
        said.stderr
    );
    assert_eq!(ids(&desk.records("out/clean.jsonl")), ["b.txt"]);
}

#[test]
fn a_broken_page_is_refused_and_the_rest_is_read() {
    let page = |text: &str| format!("{{\"type\": \"text\", \"text\": {text}, \"page_idx\": 1}}");
    let good = "{\"type\": \"text\", \"text\": \"江水涨了。\", \"page_idx\": 0}";
    let paddle =
        |block: &str| format!("{{\"input_path\": \"a\", \"parsing_res_list\": [{block}]}}");
    let docling = |body: &str| {
        format!("{{\"schema_name\": \"DoclingDocument\", \"texts\": [], \"body\": {body}}}")
    };
    let marker = |html: &str| {
        format!(
            "{{\"children\": [{{\"id\": \"/page/0/Text/0\", \"block_type\": \"Text\", \"html\": {html}}}]}}"
        )
    };
    let cases = [
        (
            "x_content_list.json",
            format!("[{good}, {}]", page("5")),
            "page 2, block 1: \"text\" is a number, not text",
        ),
        (
            "x_content_list.json",
            format!("[{good}, 7]"),
            "page 1, block 2: not an object",
        ),
        (
            "x_content_list.json",
            format!("[{good}, {{\"page_idx\": 1}}]"),
            "page 2, block 1: no \"type\"",
        ),
        (
            "x_content_list.json",
            format!("[{good}, {}", &page("\"江\"")[..30]),
            "not JSON",
        ),
        (
            "x_middle.json",
            "{\"pdf_info\": 5}".into(),
            "\"pdf_info\" is no list of pages",
        ),
        (
            "x_middle.json",
            "{\"pdf_info\": [{\"para_blocks\": [{\"type\": \"text\", \"lines\": 1}]}]}".into(),
            "not a list",
        ),
        (
            "x_res.json",
            paddle("{\"block_content\": \"江\"}"),
            "page 1: block 1: no \"block_label\"",
        ),
        (
            "x_res.json",
            paddle("{\"block_label\": \"text\", \"block_content\": [1]}"),
            "is a list, not a string",
        ),
        (
            "x_res.json",
            "{\"res\": {\"dt_polys\": []}}".into(),
            "neither \"parsing_res_list\" nor \"rec_texts\"",
        ),
        (
            "x.json",
            docling("{\"children\": [{\"$ref\": \"#/texts/9\"}]}"),
            "there is no #/texts/9",
        ),
        ("x.json", docling("[]"), "no \"body\""),
        ("x.json", marker("7"), "\"html\" is a number, not a string"),
    ];
    for (name, bytes, error) in cases {
        let (desk, said) = clean(
            &[
                (name, bytes.as_bytes()),
                ("rest.txt", "江水退了。".as_bytes()),
            ],
            "",
        );
        assert!(
            refusal(&desk, &said).contains(error),
            "{name}: {}",
            said.stderr
        );
        assert!(
            ids(&desk.records("out/clean.jsonl")).contains(&"rest.txt"),
            "{name}"
        );
    }
}

#[test]
fn pages_without_text_are_documents_without_text() {
    let empty = [
        (
            "x_middle.json",
            "{\"pdf_info\": [{\"para_blocks\": [], \"page_idx\": 0}]}",
        ),
        (
            "x_res.json",
            "{\"input_path\": \"a\", \"parsing_res_list\": []}",
        ),
        (
            "x.json",
            "{\"schema_name\": \"DoclingDocument\", \"body\": {\"children\": []}, \"pages\": {\"1\": {}}}",
        ),
    ];
    for (name, bytes) in empty {
        let (_, records) = read((name, bytes.as_bytes()), "--keep-empty");
        assert_eq!((ids(&records), text_of(&records[0])), (vec![name], ""));
    }
}

// ---- JSON Lines

#[test]
fn dolma_documents_stay_dolma_documents() {
    let record = json!({
        "id": "d/1", "text": "# 灯塔\n\n守塔人等了很久。", "source": "press", "added": "2026-01-02",
        "created": "2023-05-06T00:00:00.000Z", "metadata": {"created": "昨天", "page": 3}, "version": "v1", "page": 4,
    });
    let (desk, records) = read(("a.jsonl", format!("{record}\n").as_bytes()), "");
    let clean = &records[0];
    for name in ["id", "source", "added", "created"] {
        assert_eq!(clean[name], record[name], "{name}");
    }
    assert_eq!(text_of(clean), "灯塔\n\n守塔人等了很久。");
    let about = json!({"created": "昨天", "page": 3, "version": "v1", "record.page": 4, "kinds": ["headline", "body"]});
    assert_eq!(clean["metadata"], about);
    undone(&desk, "a.jsonl", &format!("{record}\n"));
    // what dolma says is a string, and is none, stays where it is not misread
    let odd =
        json!({"id": "d/2", "text": "江水涨了。", "created": 1683331200, "attributes": "none"});
    let (_, records) = read(("a.jsonl", odd.to_string().as_bytes()), READ);
    assert_eq!(
        records[0]["metadata"],
        json!({"created": 1683331200, "attributes": "none"})
    );
}

fn undone(desk: &Desk, name: &str, text: &str) {
    assert_eq!(desk.run("undo out --to back").status, 0);
    assert_eq!(
        String::from_utf8(desk.bytes(&format!("back/{name}"))).unwrap(),
        text
    );
}

#[test]
fn datatrove_and_data_juicer_records_lose_nothing() {
    let datatrove = json!({"text": "江水涨了。", "id": "t/1", "media": [{"type": 0, "url": "a.jpg"}],
                           "metadata": {"dump": "CC-2024", "language_score": 0.98}});
    let juicer = json!({"text": "江水退了。", "meta": {"src": "press", "id": 7}, "__dj__stats__": {"text_len": 5}});
    let lines = format!("{datatrove}\n{juicer}\n");
    let (desk, records) = read(("a.jsonl", lines.as_bytes()), READ);
    assert_eq!(ids(&records), ["t/1", "a.jsonl:2"]);
    let about =
        json!({"media": [{"type": 0, "url": "a.jpg"}], "dump": "CC-2024", "language_score": 0.98});
    assert_eq!(records[0]["metadata"], about);
    assert_eq!(
        records[1]["metadata"],
        json!({"meta": {"src": "press", "id": 7}, "__dj__stats__": {"text_len": 5}})
    );
    undone(&desk, "a.jsonl", &lines);
}

#[test]
fn fields_of_any_name_hold_text_and_id_also_within_others() {
    let lines = "{\"key\": 12, \"doc\": {\"body\": \"江水涨了。\", \"n\": 1}}\n{\"key\": 13, \"doc\": {\"body\": null}}\n\
                 {\"key\": 14, \"doc.body\": \"江水退了。\"}\n{\"key\": 15, \"doc\": {\"body\": \"退了。\"}, \"no\": 1}\n";
    let (desk, said) = clean(
        &[("a.jsonl", lines.as_bytes())],
        &format!("{READ} --text-field doc.body --id-field key"),
    );
    assert!(
        refusal(&desk, &said).contains("the \"doc.body\" field is null"),
        "{}",
        said.stderr
    );
    let records = desk.records("out/clean.jsonl");
    assert_eq!(ids(&records), ["12", "14", "15"]);
    assert_eq!(
        records.iter().map(text_of).collect::<Vec<_>>(),
        ["江水涨了。", "江水退了。", "退了。"]
    );
    assert_eq!(records[0]["metadata"], json!({"doc": {"n": 1}}));
    undone(&desk, "a.jsonl", lines);
    let list = r#"[{"key": {"n": 12}, "doc": {"body": "江水涨了。", "n": 1}}]"#;
    let flags = format!("{READ} --text-field doc.body --id-field key.n");
    let (_, records) = read(("a.json", list.as_bytes()), &flags);
    assert_eq!(
        (ids(&records), text_of(&records[0])),
        (vec!["12"], "江水涨了。")
    );
    assert_eq!(
        records[0]["metadata"],
        json!({"key": {"n": 12}, "doc": {"n": 1}})
    );
    let (_, records) = read(
        ("a.jsonl", b"{\"text\": \"a b\", \"meta\": {\"id\": 3}}"),
        &format!("{READ} --id-field meta.id"),
    );
    assert_eq!(
        (ids(&records), &records[0]["metadata"]),
        (vec!["3"], &json!({"meta": {"id": 3}}))
    );
}

#[test]
fn one_of_two_documents_with_the_same_id_and_text_stays() {
    let line =
        "{\"id\": \"6f1e\", \"text\": \"守塔人说这一天他等了很久，海上的船又看得见岸了。\"}\n";
    let lines = line.repeat(2)
        + "{\"id\": \"6f1e\", \"text\": \"江堤加高工程昨天开工，工期两年，沿江道路改道。\"}\n";
    let (desk, records) = read(("a.jsonl", lines.as_bytes()), "");
    assert_eq!(ids(&records), ["6f1e", "6f1e"]);
    assert!(text_of(&records[1]).starts_with("江堤"), "{records:?}");
    undone(&desk, "a.jsonl", &lines);
}

/// An olmOCR record of these pages.
fn olmocr(pages: &[&str]) -> Value {
    let mut spans = Vec::new();
    let mut start = 0;
    for (page, number) in pages.iter().zip(1..) {
        let end = start + page.chars().count();
        spans.push(json!([start, end, number]));
        start = end;
    }
    json!({
        "id": "0f3c", "text": pages.concat(), "source": "olmocr", "added": "2026-01-02", "created": "2026-01-02",
        "metadata": {"Source-File": "s3://scans/harbour.pdf", "pdf-total-pages": pages.len()},
        "attributes": {"pdf_page_numbers": spans, "primary_language": vec!["zh"; pages.len()]},
    })
}

/// The text that each page's spans hold, in the order of the spans.
fn pages_of(record: &Value) -> Vec<(u64, String)> {
    let text: Vec<char> = text_of(record).chars().collect();
    let spans = record["attributes"]["pdf_page_numbers"].as_array().unwrap();
    let at = |span: &Value, which: usize| span[which].as_u64().unwrap() as usize;
    let ends: Vec<usize> = spans.iter().map(|span| at(span, 1)).collect();
    let starts: Vec<usize> = spans.iter().map(|span| at(span, 0)).collect();
    assert_eq!(
        (starts[0], *ends.last().unwrap()),
        (0, text.len()),
        "they cover the text: {spans:?}"
    );
    assert_eq!(
        starts[1..],
        ends[..ends.len() - 1],
        "one behind the other: {spans:?}"
    );
    spans
        .iter()
        .map(|span| {
            (
                at(span, 2) as u64,
                text[at(span, 0)..at(span, 1)].iter().collect(),
            )
        })
        .collect()
}

#[test]
fn spans_of_olmocr_pages_follow_the_clean_text() {
    let first = "# 灯塔重新点亮\n\n本报讯(记者林渡)守塔人说这一天他等了很久,船又看得见岸了。\n";
    let second = "江堤加高工程昨天开工,工期两年。\n";
    let record = olmocr(&[first, "", second]);
    let (desk, records) = read(("output_1.jsonl", format!("{record}\n").as_bytes()), "");
    let pages = pages_of(&records[0]);
    assert_eq!(
        pages.iter().map(|(page, _)| *page).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        pages[0].1.trim(),
        "灯塔重新点亮\n\n本报讯（记者林渡）守塔人说这一天他等了很久，船又看得见岸了。"
    );
    assert_eq!(
        (pages[1].1.as_str(), pages[2].1.trim()),
        ("", "江堤加高工程昨天开工，工期两年。")
    );
    let clean = &records[0];
    assert_eq!(
        (id_of(clean), &clean["source"], &clean["added"]),
        ("0f3c", &json!("olmocr"), &json!("2026-01-02"))
    );
    assert_eq!(clean["metadata"]["Source-File"], "s3://scans/harbour.pdf");
    assert_eq!(
        clean["attributes"]["primary_language"],
        json!(["zh", "zh", "zh"])
    );
    undone(&desk, "output_1.jsonl", &format!("{record}\n"));
    // what was cleaned says the same of itself when it is cleaned again
    let (_, again) = read(("clean.jsonl", &desk.bytes("out/clean.jsonl")), "");
    assert_eq!(again, records);
}

#[test]
fn spans_of_a_page_whose_text_was_moved_are_several() {
    let first = "守塔人说，这一天他等了很\n\n图为灯塔亮灯的一刻\n\n本报记者 孟春山摄\n";
    let record = olmocr(&[first, "\n久，海上的船又看得见岸了。\n"]);
    let (_, records) = read(("output_1.jsonl", record.to_string().as_bytes()), "");
    assert!(
        text_of(&records[0]).contains("他等了很久，海上"),
        "{}",
        text_of(&records[0])
    );
    let pages = pages_of(&records[0]);
    let of = |page: u64| {
        pages
            .iter()
            .filter(|(of, _)| *of == page)
            .map(|(_, text)| text.as_str())
            .collect::<String>()
    };
    assert!(
        of(1).contains("他等了很") && of(1).contains("图为灯塔") && !of(1).contains("久，海上"),
        "{pages:?}"
    );
    assert!(
        of(2).contains("久，海上的船又看得见岸了。") && !of(2).contains("图为"),
        "{pages:?}"
    );
}

#[test]
fn articles_have_the_spans_of_their_own_text() {
    let article = |headline: &str, name: &str, body: &str| {
        format!("# {headline}\n\n本报记者 {name}\n\n{body}\n\n")
    };
    let first = article(
        "灯塔重新点亮",
        "林渡",
        "守塔人说这一天他等了很久，海上的船又看得见岸了。",
    );
    let second = article(
        "江堤加高工程开工",
        "周一苇",
        "江堤加高工程昨天开工，工期两年，沿江道路改道。",
    );
    let record = olmocr(&[&first, &second]);
    let (_, records) = read(
        ("output_1.jsonl", record.to_string().as_bytes()),
        "--split articles",
    );
    assert_eq!(ids(&records), ["0f3c#1", "0f3c#2"]);
    for (record, page) in records.iter().zip(1..) {
        let spans = record["attributes"]["pdf_page_numbers"].as_array().unwrap();
        let length = text_of(record).chars().count();
        assert!(spans.contains(&json!([0, length, page])), "{record}");
    }
}

#[test]
fn spans_that_fit_no_text_are_no_reason_to_fail() {
    for spans in [
        json!([[0, 999_999, 1]]),
        json!([[5, 2, 1]]),
        json!([["a", 2, 1]]),
        json!(7),
        json!([[0, -1, 1]]),
    ] {
        let record =
            json!({"id": "a", "text": "江水涨了。", "attributes": {"pdf_page_numbers": spans}});
        let (_, records) = read(("a.jsonl", record.to_string().as_bytes()), "");
        let is_too_long = spans[0][1] == 999_999;
        let expected = if is_too_long {
            json!([[0, 5, 1]])
        } else {
            spans
        };
        assert_eq!(records[0]["attributes"]["pdf_page_numbers"], expected);
    }
}
