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
}
