//! What files come as: compressed, in archives, as records of several shapes; and what becomes of broken ones.

use crate::run::{Desk, Said, clean, id_of, text_of};
use serde_json::Value;
use std::io::Write;

const PAGE: &str = "灯塔重新点亮，守塔人说这一天他等了很久。\n";
const LINES: &str = "{\"id\": \"a\", \"text\": \"江水涨了。\", \"page\": 3}\n{\"id\": \"b\", \"text\": \"江水退了。\"}\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// Compressed as several members that follow one another, cut anywhere.
fn in_members(compress: fn(&[u8]) -> Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(17).flat_map(compress).collect()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn ids(desk: &Desk) -> Vec<String> {
    desk.records("out/clean.jsonl")
        .iter()
        .map(|record| id_of(record).to_string())
        .collect()
}

/// The one thing that was refused, in words.
fn refused(desk: &Desk, said: &Said) -> String {
    assert_eq!(said.status, 1, "{}", said.stderr);
    let records = desk.records("out/rejected.jsonl");
    assert_eq!(records.len(), 1, "{records:?}");
    records[0]["error"].as_str().unwrap().to_string()
}

fn undone(desk: &Desk, name: &str) -> String {
    desk.run("undo out --to back");
    String::from_utf8(desk.bytes(&format!("back/{name}"))).unwrap()
}

#[test]
fn compressed_files_are_read_whole_and_undone_without_their_compression() {
    for (ending, compress) in [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("zst", zstd)] {
        for bytes in [
            compress(LINES.as_bytes()),
            in_members(compress, LINES.as_bytes()),
        ] {
            let (desk, said) = clean(&[(&format!("tides.jsonl.{ending}"), &bytes)], "");
            assert_eq!(said.status, 0, "{}", said.stderr);
            assert_eq!(ids(&desk), ["a", "b"]);
            assert_eq!(undone(&desk, "tides.jsonl"), LINES);
        }
    }
}

#[test]
fn an_archive_is_read_as_the_files_it_holds() {
    let inner = [
        ("p/灯塔.txt", PAGE.as_bytes()),
        ("tides.jsonl.gz", &gzip(LINES.as_bytes())),
        (".x.txt", b"x"),
        ("y.bin", b"y"),
    ];
    for (name, bytes) in [
        ("all.tar", tar(&inner)),
        ("all.tar.zst", zstd(&tar(&inner))),
        ("all.tgz", gzip(&tar(&inner))),
    ] {
        let (desk, said) = clean(&[(name, &bytes)], "");
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_eq!(ids(&desk), [&format!("{name}/p/灯塔.txt"), "a", "b"]);
        let folder = name.strip_suffix(".zst").unwrap_or(name);
        assert_eq!(undone(&desk, &format!("{folder}/p/灯塔.txt")), PAGE);
        assert_eq!(undone(&desk, &format!("{folder}/tides.jsonl")), LINES);
    }
}

#[test]
fn what_is_left_of_a_truncated_file_is_read() {
    let many: String = (0..2000)
        .map(|n| {
            format!(
                "{{\"id\": \"{n}\", \"text\": \"第{n}号渡轮{}到港。\"}}\n",
                n * n
            )
        })
        .collect();
    for (name, whole) in [
        ("a.jsonl.gz", gzip(many.as_bytes())),
        ("a.jsonl.zst", zstd(many.as_bytes())),
    ] {
        let (desk, said) = clean(
            &[
                (name, &whole[..whole.len() * 2 / 3]),
                ("b.txt", PAGE.as_bytes()),
            ],
            "--duplicates off",
        );
        assert!(
            refused(&desk, &said).contains("fetch it again"),
            "{}",
            said.stderr
        );
        let read = ids(&desk);
        // zstd gives nothing of a block that is not whole
        assert!(
            read.contains(&"b.txt".to_string()) && (name.ends_with("zst") || read.len() > 100),
            "{}",
            read.len()
        );
    }
    let archive = tar(&[
        ("a.txt", PAGE.as_bytes()),
        ("b.txt", "江水涨了。".repeat(400).as_bytes()),
    ]);
    let (desk, said) = clean(&[("all.tar", &archive[..archive.len() / 2])], "");
    assert!(
        refused(&desk, &said).contains("cannot be unpacked further"),
        "{}",
        said.stderr
    );
    assert_eq!(ids(&desk), ["all.tar/a.txt"]);
}

#[test]
fn what_only_seems_compressed_is_refused() {
    let (desk, said) = clean(
        &[("a.txt.gz", PAGE.as_bytes()), ("b.txt", PAGE.as_bytes())],
        "",
    );
    assert!(
        refused(&desk, &said).contains("cannot be read"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_list_of_records_is_read_as_records() {
    let list =
        r#"[{"id": "a", "text": "江水涨了。", "page": 3}, {"text": 5}, {"text": "江水退了。"}]"#;
    let (desk, said) = clean(&[("tides.json", list.as_bytes())], "");
    assert!(
        refused(&desk, &said).contains("tides.json:2"),
        "{}",
        said.stderr
    );
    let records = desk.records("out/clean.jsonl");
    assert_eq!(ids(&desk), ["a", "tides.json:3"]);
    assert_eq!(
        (text_of(&records[0]), &records[0]["metadata"]["page"]),
        ("江水涨了。", &Value::from(3))
    );
    let first: Value =
        serde_json::from_str(undone(&desk, "tides.json.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!((id_of(&first), text_of(&first)), ("a", "江水涨了。"));
}

#[test]
fn a_line_too_long_to_hold_is_passed_over() {
    let long = format!(
        "{LINES}{{\"text\": \"{}\"}}\n{}",
        "x".repeat(130 << 20),
        LINES.replace("\"id\"", "\"no\"")
    );
    let (desk, said) = clean(
        &[("tides.jsonl", long.as_bytes())],
        "--duplicates off --threads 1",
    );
    assert!(refused(&desk, &said).contains("128 MiB"), "{}", said.stderr);
    assert_eq!(ids(&desk), ["a", "b", "tides.jsonl:4", "tides.jsonl:5"]);
}

#[test]
fn json_nested_without_end_is_refused() {
    let deep = format!(
        "{{\"text\": \"江水涨了。\", \"x\": {}{}}}\n{LINES}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let (desk, said) = clean(&[("tides.jsonl", deep.as_bytes())], "");
    assert!(
        refused(&desk, &said).contains("recursion"),
        "{}",
        said.stderr
    );
    let (desk, said) = clean(
        &[
            ("a.json", "[".repeat(100_000).as_bytes()),
            ("b.txt", PAGE.as_bytes()),
        ],
        "",
    );
    assert!(
        refused(&desk, &said).contains("not JSON"),
        "{}",
        said.stderr
    );
}

#[test]
fn what_a_list_names_is_read() {
    let desk = Desk::with(&[
        ("a.txt", PAGE.as_bytes()),
        ("b/c.txt", PAGE.as_bytes()),
        ("d.txt", PAGE.as_bytes()),
    ]);
    desk.put("list", "in/a.txt\n\nin/b\n");
    let said = desk.run("clean --files-from list --out out --duplicates off");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(ids(&desk), ["a.txt", "b/c.txt"]);
    let said = desk.run_on(
        "clean in/d.txt --files-from - --out out --duplicates off",
        b"in/a.txt\n",
    );
    assert_eq!(
        (said.status, ids(&desk)),
        (0, vec!["a.txt".to_string(), "d.txt".to_string()]),
        "{}",
        said.stderr
    );
    assert_eq!(desk.run("clean --out out").status, 2);
}

#[test]
fn standard_input_is_told_by_how_it_begins() {
    let list = b"[{\"id\": \"a\", \"text\": \"x\"}, {\"id\": \"b\", \"text\": \"y\"}]";
    for input in [
        LINES.as_bytes(),
        &gzip(LINES.as_bytes()),
        &zstd(LINES.as_bytes()),
        list,
    ] {
        let desk = Desk::with(&[]);
        let said = desk.run_on("clean - --out out", input);
        assert_eq!(
            (said.status, ids(&desk)),
            (0, vec!["a".to_string(), "b".to_string()]),
            "{}",
            said.stderr
        );
    }
    let desk = Desk::with(&[]);
    let said = desk.run_on("clean - --out out", &gzip(PAGE.as_bytes()));
    assert_eq!((said.status, ids(&desk).len()), (0, 1), "{}", said.stderr);
}

#[test]
fn fields_come_out_as_they_went_in() {
    let metadata = r#""n":12345678901234567890123,"x":1e400,"d":0.1000000000000000055511,"e":1E-400,"in":{"a":-0,"a":[1.0]},"n":2"#;
    let lines = [
        format!(r#"{{"id":"a","text":"江水涨了。","metadata":{{{metadata}}}}}"#),
        r#"{"id":123456789012345678901234567890,"text":"江水退了。","kinds":["news"],"layout":["body","x"]}"#.into(),
        r#"{"id":"\ud83d","text":"江水\ud83d又\u6da8了。","n":1,"metadata":{"n":2}}"#.into(),
    ];
    let tides = lines.join("\n");
    let (desk, said) = clean(&[("tides.jsonl", tides.as_bytes())], "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let written = String::from_utf8(desk.bytes("out/clean.jsonl")).unwrap();
    let written: Vec<&str> = written.lines().collect();
    assert!(written[0].contains(metadata), "{}", written[0]);
    assert!(
        written[1].contains(r#""id":"123456789012345678901234567890""#),
        "{}",
        written[1]
    );
    assert!(
        written[1].contains(r#""record.kinds":["news"],"layout":["body","x"],"kinds":["body"]"#),
        "{}",
        written[1]
    );
    assert!(written[2].contains("\u{fffd}又涨了"), "{}", written[2]);
    assert!(
        written[2].contains(r#""record.n":1,"n":2"#),
        "{}",
        written[2]
    );
    assert_eq!(undone(&desk, "tides.jsonl"), tides);
    for flags in ["--write parquet", "--write jsonl.zst"] {
        let (desk, _) = clean(&[("tides.jsonl", tides.as_bytes())], flags);
        assert_eq!(undone(&desk, "tides.jsonl"), tides, "{flags}");
    }
    let list = format!("[\n{}\n]", lines.join(",\n"));
    let (desk, said) = clean(&[("tides.json", list.as_bytes())], "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(undone(&desk, "tides.json.jsonl").contains(metadata));
}

#[test]
fn a_file_without_text_is_refused_by_what_it_is() {
    for (name, bytes, what) in [
        ("a.txt", &b"%PDF-1.7\n1 0 obj"[..], "extract its text first"),
        ("a.docx.txt", b"PK\x03\x04\x14\0\x06\0word/d", "Word"),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        ("a.txt", &gzip(PAGE.as_bytes()), ".gz"),
    ] {
        let (desk, said) = clean(&[(name, bytes), ("b.txt", PAGE.as_bytes())], "");
        assert!(refused(&desk, &said).contains(what), "{}", said.stderr);
        assert!(!said.stderr.contains("--encoding"), "{}", said.stderr);
    }
}

#[test]
fn text_in_utf_16_and_with_carriage_returns_is_read_and_undone() {
    let little: Vec<u8> = "\u{feff}江水涨了。\r\n江水退了。"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{feff}灯塔亮了。"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let files: [(&str, &[u8]); 4] = [
        ("big.txt", &big),
        ("little.md", &little),
        (
            "old.txt",
            "第一段说了一句话。\r第二段也说了一句话。\r".as_bytes(),
        ),
        (
            "old.jsonl",
            b"{\"text\": \"One sentence here.\\r\\u0041nother there.\"}\n",
        ),
    ];
    let (desk, said) = clean(&files, "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let records = desk.records("out/clean.jsonl");
    let texts: Vec<&str> = records.iter().map(text_of).collect();
    assert_eq!(texts[0], "灯塔亮了。");
    assert!(texts[1].starts_with("江水涨了。"), "{}", texts[1]);
    assert_eq!(texts[2].lines().filter(|line| !line.is_empty()).count(), 2);
    assert_eq!(texts[3].lines().filter(|line| !line.is_empty()).count(), 2);
    desk.run("undo out --to back");
    for (name, bytes) in files {
        assert_eq!(desk.bytes(&format!("back/{name}")), bytes, "{name}");
    }
}

#[test]
fn a_csv_is_read_by_its_columns() {
    let csv = "编号,标题,正文\r\n1,渡口通航,\"今天起渡口恢复通航,票价\"\"不变\"\"。\"\r\n2,\"灯塔\n点亮\",昨夜灯塔重新点亮。\r\n";
    let (_, said) = clean(&[("z.csv", csv.as_bytes())], "");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr.contains("--text-field, of 编号, 标题, 正文"),
        "{}",
        said.stderr
    );
    let (desk, said) = clean(
        &[("z.csv", csv.as_bytes())],
        "--text-field 正文 --id-field 编号",
    );
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(ids(&desk), ["1", "2"]);
    let records = desk.records("out/clean.jsonl");
    assert!(text_of(&records[0]).starts_with("今天起渡口恢复通航"));
    assert_eq!(records[1]["metadata"]["标题"], "灯塔\n点亮");
}

#[test]
fn a_table_in_plain_text_keeps_what_separates_its_cells() {
    let table = "科室,问题,回答\n内科,高血压能吃山药吗?,可以少量食用\n外科,\"骨折?\",\"一般三个月,视情况而定\"\n";
    let (desk, said) = clean(&[("table.txt", table.as_bytes())], "");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let records = desk.records("out/clean.jsonl");
    let lines: Vec<&str> = text_of(&records[0])
        .lines()
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(lines, table.lines().collect::<Vec<_>>());
}

#[test]
fn lines_of_pre_keep_their_indentation() {
    let page = "<!DOCTYPE html><html><body><p>示例如下：</p><pre><code>def f(x):\n    return 1\n</code></pre><p>完。</p></body></html>";
    let (desk, _) = clean(&[("py.html", page.as_bytes())], "");
    let records = desk.records("out/clean.jsonl");
    assert!(
        text_of(&records[0]).contains("def f(x):\n    return 1"),
        "{}",
        text_of(&records[0])
    );
}

#[test]
fn documents_without_text_are_counted_and_no_records() {
    let lines = "{\"id\": \"a\", \"text\": \"江水涨了。\"}\n{\"id\": \"b\", \"text\": \"\"}\n{\"id\": \"c\", \"text\": \" \\n\"}\n";
    let (desk, said) = clean(&[("tides.jsonl", lines.as_bytes())], "");
    assert_eq!(
        (said.status, ids(&desk)),
        (0, vec!["a".to_string()]),
        "{}",
        said.stderr
    );
    assert_eq!(desk.value("out/report.json")["written"]["empty"], 2);
    assert!(desk.records("out/sources.jsonl")[2]["empty"].is_string());
    assert_eq!(undone(&desk, "tides.jsonl"), lines);
    let (desk, _) = clean(
        &[("tides.jsonl", lines.as_bytes())],
        "--keep-empty --duplicates off",
    );
    assert_eq!(ids(&desk), ["a", "b", "c"]);
}

#[test]
fn what_an_earlier_run_wrote_is_left_out() {
    let desk = Desk::with(&[("a.txt", PAGE.as_bytes())]);
    desk.run("clean in --out in/w");
    let said = desk.run("clean in --out out");
    assert_eq!(
        (said.status, ids(&desk)),
        (0, vec!["a.txt".to_string()]),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr.contains("an earlier run wrote"),
        "{}",
        said.stderr
    );
    let said = desk.run("clean in/w/clean.jsonl --out out");
    assert_eq!(
        (said.status, ids(&desk)),
        (0, vec!["a.txt".to_string()]),
        "{}",
        said.stderr
    );
}
