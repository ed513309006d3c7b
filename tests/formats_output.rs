//! What is written: formats, shards, folders and the card; all of it read back by undo and explain.

use crate::run::{Desk, Said, clean, id_of, text_of};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;

const FORMATS: [&str; 4] = ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"];

/// Pages of one length that are no copies of one another, each with something to repair.
fn lines(pages: usize) -> String {
    const PLACES: [&str; 8] = [
        "码头", "灯塔", "渡口", "堤岸", "桥头", "船坞", "河湾", "浅滩",
    ];
    let sentence = |n: usize, m: usize| {
        format!(
            "{}月{}日,第{}号渡轮停靠{}。",
            n % 12 + 1,
            m + 1,
            n * 31 + m * 7,
            PLACES[(n * 3 + m) % 8]
        )
    };
    let page = |n: usize| (0..12).map(|m| sentence(n, m)).collect::<String>();
    (0..pages)
        .map(|n| {
            format!(
                "{}\n",
                json!({"id": format!("页-{n:03}"), "text": page(n), "page": n})
            )
        })
        .collect()
}

fn cleaned(flags: &str) -> Desk {
    let lines = lines(40);
    let files = [
        ("a/tides.jsonl", lines.as_bytes()),
        ("b/灯塔.txt", "灯塔重新点亮,守塔人等了很久。\n".as_bytes()),
    ];
    let (desk, said) = clean(&files, &format!("--duplicates off {flags}"));
    assert_eq!(said.status, 0, "{flags}: {}", said.stderr);
    desk
}

/// The names of the files of clean records, in their order.
fn clean_files(desk: &Desk) -> Vec<String> {
    let report = desk.value("out/report.json");
    let names = report["files"]
        .as_array()
        .expect("a report lists files")
        .iter()
        .filter_map(Value::as_str);
    names
        .filter(|name| name.starts_with("clean"))
        .map(String::from)
        .collect()
}

fn unpacked(desk: &Desk, name: &str) -> String {
    let file = File::open(desk.path(name)).unwrap();
    let mut text = String::new();
    let mut reader: Box<dyn Read> = match name.rsplit('.').next() {
        Some("gz") => Box::new(flate2::read::GzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::new(file).unwrap()),
        _ => Box::new(file),
    };
    reader.read_to_string(&mut text).unwrap();
    text
}

fn assert_undone(desk: &Desk) {
    let said = desk.run("undo out --to back");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let files = desk.files("in");
    assert_eq!(desk.files("back"), files);
    for file in files {
        assert!(
            desk.bytes(&format!("back/{file}")) == desk.bytes(&format!("in/{file}")),
            "{file}"
        );
    }
}

#[test]
fn every_format_in_every_shape_is_undone_and_explained() {
    let plain = cleaned("");
    let explained = plain.run("explain out 页-007").stdout;
    assert!(explained.contains("[-,-]{+，+}"), "{explained}");
    for format in FORMATS {
        for shape in [
            "",
            "--shard-size 8KB",
            "--keep-folders",
            "--keep-folders --shard-size 8KB",
            "--split articles",
        ] {
            if cfg!(not(feature = "parquet")) && format == "parquet" {
                continue;
            }
            let desk = cleaned(&format!("--write {format} {shape}"));
            assert_undone(&desk);
            let said = desk.run("explain out 页-007");
            assert!(
                said.stdout.contains("[-,-]{+，+}"),
                "{format} {shape}: {}",
                said.stderr
            );
            assert!(
                shape.contains("articles") || said.stdout == explained,
                "{format} {shape}"
            );
        }
    }
}

#[test]
fn compressed_lines_are_those_that_are_not() {
    let plain = cleaned("");
    for (format, name) in [
        ("jsonl.gz", "clean.jsonl.gz"),
        ("jsonl.zst", "clean.jsonl.zst"),
    ] {
        let desk = cleaned(&format!("--write {format}"));
        assert_eq!(clean_files(&desk), [name]);
        for name in ["clean", "changes", "sources"] {
            let lines = unpacked(&desk, &format!("out/{name}.{format}"));
            assert!(
                lines.as_bytes() == plain.bytes(&format!("out/{name}.jsonl")),
                "{name}.{format}"
            );
        }
    }
}

#[test]
fn shards_together_are_the_whole_and_none_is_too_large() {
    let plain = cleaned("");
    let desk = cleaned("--shard-size 8KB");
    let names = clean_files(&desk);
    assert!(names.len() > 3, "{names:?}");
    assert_eq!(names[..2], ["clean-00000.jsonl", "clean-00001.jsonl"]);
    assert!(names.is_sorted());
    let shards: Vec<Vec<u8>> = names
        .iter()
        .map(|name| desk.bytes(&format!("out/{name}")))
        .collect();
    assert!(shards.concat() == plain.bytes("out/clean.jsonl"));
    assert!(shards.iter().all(|shard| (1..=8000).contains(&shard.len())));
    // one record is larger than a shard may be
    let desk = cleaned("--shard-size 10");
    assert_eq!(clean_files(&desk).len(), 41);
}

#[test]
fn the_folders_of_the_input_are_kept_on_request() {
    let desk = cleaned("--keep-folders");
    assert_eq!(
        clean_files(&desk),
        ["clean/a/tides.jsonl", "clean/b/灯塔.txt.jsonl"]
    );
    assert_eq!(desk.records("out/clean/a/tides.jsonl").len(), 40);
    assert!(!desk.path("out/clean.jsonl").exists());
    let desk = cleaned("--keep-folders --write jsonl.zst --shard-size 15KB");
    assert_eq!(clean_files(&desk)[0], "clean/a/tides-00000.jsonl.zst");
}

#[test]
fn threads_change_no_byte() {
    for flags in [
        "--write jsonl.zst --shard-size 9KB --card",
        "--write parquet --keep-folders",
        "--write jsonl.gz",
    ] {
        if cfg!(not(feature = "parquet")) && flags.contains("parquet") {
            continue;
        }
        let [one, four] = [1, 4].map(|threads| cleaned(&format!("{flags} --threads {threads}")));
        assert_eq!(one.files("out"), four.files("out"));
        for name in one
            .files("out")
            .into_iter()
            .filter(|name| !name.starts_with("report."))
        {
            assert!(
                one.bytes(&format!("out/{name}")) == four.bytes(&format!("out/{name}")),
                "{name}"
            );
        }
    }
}

#[test]
fn files_of_the_run_before_go_and_those_of_others_stay() {
    let desk = cleaned("--keep-folders --card");
    desk.put("out/clean/mine.jsonl", "mine");
    desk.put("out/clean-00007.jsonl", "mine");
    assert_eq!(
        desk.run("clean in --out out --write jsonl.gz --shard-size 1GB")
            .status,
        0
    );
    let now = [
        "changes.jsonl.gz",
        "clean-00000.jsonl.gz",
        "clean-00007.jsonl",
        "clean/mine.jsonl",
        "clusters.jsonl",
        "pairs.jsonl",
        "rejected.jsonl",
        "report.html",
        "report.json",
        "sources.jsonl.gz",
    ];
    assert_eq!(desk.files("out"), now);
    assert!(!desk.path("out/clean/a").exists());
    assert_eq!(desk.run("clean in --out out --duplicates off").status, 0);
    let now = [
        "changes.jsonl",
        "clean-00007.jsonl",
        "clean.jsonl",
        "clean/mine.jsonl",
        "clusters.jsonl",
        "rejected.jsonl",
        "report.html",
        "report.json",
        "sources.jsonl",
    ];
    assert_eq!(desk.files("out"), now);
    assert_undone(&desk);
}

#[test]
fn a_report_that_names_other_files_removes_none_of_them() {
    let desk = cleaned("");
    desk.put("precious.jsonl", "mine");
    desk.put("out/precious.jsonl", "mine");
    let mut report = desk.value("out/report.json");
    report["files"] = json!([
        "../precious.jsonl",
        "precious.jsonl",
        "clean/../../precious.jsonl",
        "/etc/clean.jsonl"
    ]);
    desk.put("out/report.json", report.to_string());
    assert_eq!(desk.run("clean in --out out").status, 0);
    assert_eq!(
        (
            desk.bytes("precious.jsonl"),
            desk.bytes("out/precious.jsonl")
        ),
        (b"mine".to_vec(), b"mine".to_vec())
    );
}

#[test]
fn an_output_folder_without_its_report_is_undone() {
    let desk = cleaned("");
    std::fs::remove_file(desk.path("out/report.json")).unwrap();
    assert_undone(&desk);
}

// ---- the card

#[test]
fn a_card_says_what_a_hub_and_a_reader_ask() {
    let desk = cleaned("--card --license cc-by-4.0 --write jsonl.zst --shard-size 9KB");
    let card = String::from_utf8(desk.bytes("out/README.md")).unwrap();
    let front = card
        .strip_prefix("---\n")
        .and_then(|card| card.split_once("\n---\n"))
        .expect("front matter")
        .0;
    for line in [
        "license: \"cc-by-4.0\"",
        "language:\n- zh",
        "size_categories:\n- n<1K",
        "path: \"clean-*.jsonl.zst\"",
    ] {
        assert!(front.contains(line), "{line:?} in {front}");
    }
    let report = desk.value("out/report.json");
    let width = &report["changes"]["width"]["places"];
    for line in [
        "| documents read | 41 |".to_string(),
        "| Han, simplified | 41 |".to_string(),
        format!("| width | {width} |"),
        format!("jiaokan {}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(card.contains(&line), "{line:?} in {card}");
    }
    assert!(!cleaned("").path("out/README.md").exists());
    let desk = cleaned("--card");
    assert!(
        String::from_utf8(desk.bytes("out/README.md"))
            .unwrap()
            .contains("license: \"unknown\"")
    );
}

#[test]
fn a_card_that_somebody_wrote_or_edited_is_never_replaced() {
    let desk = cleaned("--card");
    assert_eq!(
        desk.run("clean in --out out --card --script traditional")
            .status,
        0
    );
    let card = String::from_utf8(desk.bytes("out/README.md")).unwrap();
    let edited = card.replace("# Cleaned corpus", "# The tides of 临浦");
    assert_ne!(card, edited);
    for own in [edited.as_str(), "my notes", ""] {
        desk.put("out/README.md", own);
        let said = desk.run("clean in --out out --card");
        assert_eq!(said.status, 2);
        assert!(said.stderr.contains("README.md"), "{}", said.stderr);
        assert_eq!(desk.run("clean in --out out").status, 0);
        assert_eq!(desk.bytes("out/README.md"), own.as_bytes());
    }
}

// ---- Parquet

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;
    use ::parquet::arrow::ArrowWriter;
    use ::parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
    use arrow_array::types::Int32Type;
    use arrow_array::*;
    use std::sync::Arc;

    fn table(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
        compressed_table(columns, Compression::SNAPPY)
    }

    fn compressed_table(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, c)| (name, c, true)),
        );
        let batch = batch.unwrap();
        let properties = ::parquet::file::properties::WriterProperties::builder()
            .set_compression(compression)
            .set_max_row_group_row_count(Some(2))
            .build();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    const TEXTS: [&str; 3] = ["江水涨了。", "灯塔亮了。", "渡轮走了。"];

    fn strings(texts: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(texts.to_vec()))
    }

    fn refusals(desk: &Desk) -> Vec<String> {
        desk.records("out/rejected.jsonl")
            .iter()
            .map(|r| r["error"].as_str().unwrap().to_string())
            .collect()
    }

    fn kept(files: &[(&str, &[u8])], flags: &str) -> (Desk, Said, Vec<Value>) {
        let (desk, said) = clean(files, &format!("--duplicates off --paragraphs off {flags}"));
        let records = desk.records("out/clean.jsonl");
        (desk, said, records)
    }

    #[test]
    fn every_compression_that_writers_use_is_read() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::LZ4_RAW,
            Compression::BROTLI(BrotliLevel::default()),
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            let bytes = compressed_table(vec![("text", strings(&TEXTS))], compression);
            let (_, said, records) = kept(&[("t.parquet", &bytes)], "");
            assert_eq!(said.status, 0, "{compression}: {}", said.stderr);
            assert_eq!(records.len(), TEXTS.len(), "{compression}");
        }
    }

    #[test]
    fn columns_of_many_types_are_carried_through() {
        let mut tags = ListBuilder::new(StringBuilder::new());
        tags.append_value([Some("渡口"), None]);
        tags.append_null();
        tags.append_value([] as [Option<&str>; 0]);
        let point = StructArray::from(vec![(
            Arc::new(arrow_schema::Field::new(
                "x",
                arrow_schema::DataType::Int64,
                true,
            )),
            Arc::new(Int64Array::from(vec![Some(1), None, Some(i64::MAX)])) as ArrayRef,
        )]);
        let decimal = Decimal128Array::from(vec![12345, 1, 0])
            .with_precision_and_scale(10, 2)
            .unwrap();
        let bytes = table(vec![
            ("id", strings(&["a", "b", "c"])),
            ("text", strings(&TEXTS)),
            (
                "score",
                Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None])),
            ),
            (
                "seen",
                Arc::new(
                    TimestampMicrosecondArray::from(vec![1_700_000_000_000_000, 0, -1])
                        .with_timezone("UTC"),
                ),
            ),
            ("day", Arc::new(Date32Array::from(vec![0, 1, 20_000]))),
            (
                "good",
                Arc::new(BooleanArray::from(vec![true, false, true])),
            ),
            ("tags", Arc::new(tags.finish())),
            ("point", Arc::new(point)),
            ("price", Arc::new(decimal)),
            (
                "raw",
                Arc::new(BinaryArray::from(vec![&b"\x00\xff"[..], b"", b"x"])),
            ),
        ]);
        let (desk, said, records) = kept(&[("p.parquet", &bytes)], "");
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_eq!(
            records
                .iter()
                .map(|r| (id_of(r), text_of(r)))
                .collect::<Vec<_>>(),
            [("a", TEXTS[0]), ("b", TEXTS[1]), ("c", TEXTS[2])]
        );
        let mut first = records[0]["metadata"].clone();
        first.as_object_mut().unwrap().remove("kinds");
        assert_eq!(
            first,
            json!({"score": 0.5, "seen": "2023-11-14T22:13:20Z", "day": "1970-01-01", "good": true,
            "tags": ["渡口", null], "point": {"x": 1}, "price": 123.45, "raw": "00ff"})
        );
        assert_eq!(records[1]["metadata"]["score"], Value::Null);
        assert_eq!(records[2]["metadata"]["point"]["x"], i64::MAX);
        desk.run("undo out --to back");
        let back = desk.records("back/p.parquet.jsonl");
        assert_eq!(back.iter().map(text_of).collect::<Vec<_>>(), TEXTS);
        assert_eq!(back[0]["metadata"]["tags"], json!(["渡口", null]));
    }

    #[test]
    fn text_is_read_from_every_kind_of_string() {
        let mut words = StringDictionaryBuilder::<Int32Type>::new();
        TEXTS.iter().for_each(|text| words.append_value(text));
        let columns: [ArrayRef; 5] = [
            Arc::new(LargeStringArray::from(TEXTS.to_vec())),
            Arc::new(StringViewArray::from(TEXTS.to_vec())),
            Arc::new(words.finish()),
            Arc::new(BinaryArray::from(TEXTS.map(str::as_bytes).to_vec())),
            Arc::new(BinaryViewArray::from(TEXTS.map(str::as_bytes).to_vec())),
        ];
        for column in columns {
            let sort = column.data_type().to_string();
            let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 8, 9]));
            let bytes = table(vec![("number", numbers), ("body", column)]);
            let (_, said, records) = kept(
                &[("p.parquet", &bytes)],
                "--text-field body --id-field number",
            );
            assert_eq!(said.status, 0, "{sort}: {}", said.stderr);
            let read: Vec<_> = records.iter().map(|r| (id_of(r), text_of(r))).collect();
            assert_eq!(
                read,
                [("7", TEXTS[0]), ("8", TEXTS[1]), ("9", TEXTS[2])],
                "{sort}"
            );
        }
    }

    #[test]
    fn a_wrong_schema_names_the_columns_there_are() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let body = table(vec![("url", numbers.clone()), ("body", strings(&TEXTS))]);
        let number = table(vec![("text", numbers), ("body", strings(&TEXTS))]);
        let good = table(vec![("text", strings(&TEXTS))]);
        let (desk, said, records) = kept(
            &[
                ("a.parquet", &body),
                ("b.parquet", &number),
                ("c.parquet", &good),
            ],
            "",
        );
        assert_eq!((said.status, records.len()), (1, 3));
        let errors = refusals(&desk);
        assert!(
            errors[0].contains("no column \"text\"")
                && errors[0].contains("url (Int64), body (Utf8)"),
            "{errors:?}"
        );
        assert!(
            errors[1].contains("\"text\" is no text") && errors[1].contains("--text-field"),
            "{errors:?}"
        );
    }

    #[test]
    fn a_row_that_is_null_or_no_utf_8_is_refused_by_its_number() {
        let texts: ArrayRef = Arc::new(BinaryArray::from(vec![
            Some(TEXTS[0].as_bytes()),
            None,
            Some(b"\xff"),
            Some(TEXTS[1].as_bytes()),
        ]));
        let (desk, said, records) = kept(&[("p.parquet", &table(vec![("text", texts)]))], "");
        assert_eq!(said.status, 1);
        assert_eq!(
            records.iter().map(id_of).collect::<Vec<_>>(),
            ["p.parquet:1", "p.parquet:4"]
        );
        let errors = refusals(&desk);
        assert!(
            errors[0].contains("row 2: the column \"text\" is null"),
            "{errors:?}"
        );
        assert!(
            errors[1].contains("row 3") && errors[1].contains("UTF-8"),
            "{errors:?}"
        );
    }

    #[test]
    fn a_cut_or_damaged_file_is_refused_and_the_others_read() {
        let whole = table(vec![("text", strings(&TEXTS))]);
        let page = "灯塔重新点亮。".as_bytes();
        let empty = table(vec![("text", strings(&[]))]);
        for bytes in [&whole[..whole.len() / 2], b"PAR1", b"", b"no table at all"] {
            let (desk, said, records) = kept(
                &[("p.parquet", bytes), ("q.txt", page), ("r.parquet", &empty)],
                "",
            );
            assert_eq!((said.status, records.len()), (1, 1), "{}", said.stderr);
            assert!(
                refusals(&desk)[0].contains("cannot be read"),
                "{}",
                said.stderr
            );
        }
        // the text of the first row group; the second is whole
        let mut broken = whole.clone();
        broken[4..24].fill(0xff);
        let (desk, said, records) = kept(&[("p.parquet", &broken), ("q.txt", page)], "");
        assert_eq!(said.status, 1, "{}", said.stderr);
        assert_eq!(
            records.iter().map(id_of).collect::<Vec<_>>(),
            ["p.parquet:3", "q.txt"]
        );
        assert!(
            refusals(&desk)[0].contains("rows 1 to 2 cannot be read"),
            "{}",
            said.stderr
        );
    }

    #[test]
    fn no_damaged_byte_ends_a_run() {
        let whole = table(vec![
            ("id", strings(&["a", "b", "c"])),
            ("text", strings(&TEXTS)),
        ]);
        let names: Vec<String> = (0..whole.len())
            .map(|at| format!("{at:05}.parquet"))
            .collect();
        let damaged: Vec<Vec<u8>> = (0..whole.len())
            .map(|at| {
                let mut bytes = whole.clone();
                bytes[at] ^= 0x81 + (at % 7) as u8 * 9;
                bytes
            })
            .collect();
        let mut files: Vec<(&str, &[u8])> = names
            .iter()
            .map(String::as_str)
            .zip(damaged.iter().map(Vec::as_slice))
            .collect();
        files.push(("z.txt", "灯塔重新点亮。".as_bytes()));
        let (desk, said, records) = kept(
            &files,
            "--near-paragraphs off --passages off --furniture off",
        );
        assert_eq!(said.status, 1, "{}", said.stderr);
        assert_eq!(records.last().map(id_of), Some("z.txt"));
        assert!(refusals(&desk).len() > 100);
        assert!(!said.stderr.contains("panicked"), "{}", said.stderr);
    }

    #[test]
    fn what_is_written_as_parquet_is_read_again() {
        let desk = cleaned("--write parquet");
        let first = cleaned("").records("out/clean.jsonl");
        for (name, out) in [
            ("out/clean.parquet", "again"),
            ("packed.parquet.gz", "unpacked"),
        ] {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut encoder, &desk.bytes("out/clean.parquet")).unwrap();
            desk.put("packed.parquet.gz", encoder.finish().unwrap());
            let flags = "--duplicates off --repair off --join off --paragraphs off --near-paragraphs off --passages off --furniture off";
            let said = desk.run(&format!("clean {name} --out {out} {flags}"));
            assert_eq!(said.status, 0, "{}", said.stderr);
            assert_eq!(desk.records(&format!("{out}/clean.jsonl")), first);
        }
        let said = desk.run_on(
            "clean - --out piped --duplicates off",
            &desk.bytes("out/clean.parquet"),
        );
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert_eq!(desk.records("piped/clean.jsonl").len(), first.len());
    }
}
