//! Measures what it costs to read and to write each format, side by side with `cp`, `jq -c .` and zstd alone.
//!
//!     cargo bench --bench io [-- FILE.jsonl]
//!
//! Without a file, the sample pages are repeated until there are 64 MB. Figures are MB of JSON Lines per CPU second of all
//! threads, the best of some rounds. Run as a test, all is done once, on a few pages.

mod cpu;

use cpu::cpu_seconds;
use jiaokan::bench::read::{self, Item};
use jiaokan::bench::write::record::{self, Clean, Source};
use jiaokan::bench::write::records::{Ready, Records};
use jiaokan::settings::{self, Format};
use jiaokan::{Document, Settings};
use serde_json::json;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/pages");

fn main() {
    let is_test = !std::env::args().any(|word| word == "--bench");
    let rounds = if is_test { 1 } else { 5 };
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let named = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let pages = named.map_or_else(
        || sample(folder.path(), if is_test { 100_000 } else { 64_000_000 }),
        PathBuf::from,
    );
    let bytes = fs::metadata(&pages).expect("the file is there").len();
    let told = |what: &str, seconds: f64, note: String| {
        println!(
            "  {what:28} {:9.0} MB a CPU second{note}",
            bytes as f64 / 1e6 / seconds.max(1e-9)
        );
    };
    println!("{:.1} MB of JSON Lines", bytes as f64 / 1e6);

    let documents = documents(&pages);
    for format in formats() {
        let name = format.ending();
        let out = folder.path().join(format!("clean.{name}"));
        let written = least(rounds, libc::RUSAGE_SELF, || {
            write(&documents, folder.path(), format)
        });
        let size = fs::metadata(&out).expect("it was written").len();
        told(
            &format!("write {name}"),
            written,
            format!(", {:5.1} % as large", size as f64 / bytes as f64 * 100.0),
        );
        let read = least(rounds, libc::RUSAGE_SELF, || drop(self::documents(&out)));
        told(&format!("read {name}"), read, String::new());
        told(
            &format!("read and write {name}"),
            read + written,
            String::new(),
        );
    }
    told(
        "lines of sources",
        least(rounds, libc::RUSAGE_SELF, || sources(&documents)),
        String::new(),
    );

    let plain = fs::read(&pages).expect("it was just read");
    let packed =
        zstd::encode_all(&plain[..], zstd::DEFAULT_COMPRESSION_LEVEL).expect("memory suffices");
    let level = zstd::DEFAULT_COMPRESSION_LEVEL;
    let zipped = least(rounds, libc::RUSAGE_SELF, || {
        drop(black_box(zstd::encode_all(&plain[..], level)))
    });
    let unzipped = least(rounds, libc::RUSAGE_SELF, || {
        drop(black_box(zstd::decode_all(&packed[..])))
    });
    told("zstd alone, out", zipped, String::new());
    told("zstd alone, in", unzipped, String::new());
    for words in [&["cp"][..], &["jq", "-c", "."]] {
        match least_of_command(rounds.min(2), words, &pages, &folder.path().join("copy")) {
            Some(seconds) => told(&words.join(" "), seconds, String::new()),
            None => println!("  {:28} is not here", words.join(" ")),
        }
    }
}

fn formats() -> Vec<Format> {
    use jiaokan::bench::text::choice::Choice;
    Format::ALL.iter().map(|named| named.value).collect()
}

/// The sample pages again and again, each time with other ids.
fn sample(folder: &Path, bytes: usize) -> PathBuf {
    let files = read::files(&[PAGES.into()], folder).expect("the samples are there");
    let options = Settings::default().read;
    let items = || {
        files
            .iter()
            .flat_map(|file| read::open(file, &options))
            .map(|(_, item)| item)
    };
    let texts: Vec<String> = items()
        .filter_map(|item| Some(document(item)?.text))
        .collect();
    let mut lines = String::new();
    for (number, text) in texts.iter().cycle().enumerate() {
        if lines.len() >= bytes {
            break;
        }
        lines += &format!(
            "{}\n",
            json!({"id": format!("page-{number:06}"), "text": text, "page": number})
        );
    }
    let path = folder.join("pages.jsonl");
    fs::write(&path, lines).expect("a folder for temporary files can be written to");
    path
}

fn document(item: Item) -> Option<Document> {
    match item {
        Item::Document(document) => Some(*document),
        _ => None,
    }
}

fn documents(path: &Path) -> Vec<Document> {
    let files = read::files(&[path.into()], Path::new("/nowhere")).expect("the file is there");
    let options = Settings::default().read;
    files
        .iter()
        .flat_map(|file| read::open(file, &options))
        .filter_map(|(_, item)| document(item))
        .collect()
}

fn write(documents: &[Document], folder: &Path, format: Format) {
    let mut records = Records::create(
        folder,
        &settings::Writing {
            format,
            ..settings::Writing::default()
        },
    );
    for Document {
        id,
        text,
        source,
        metadata,
        ..
    } in documents
    {
        let [id, text, source] = [id, text, source].map(Clone::clone);
        let (added, created, attributes) = (None, None, None);
        let clean = Clean {
            id,
            text,
            source,
            added,
            created,
            metadata: metadata.clone(),
            attributes,
        };
        records
            .write(&"".into(), Ready::of(&clean, format))
            .expect("there is room");
    }
    records.finish().expect("there is room");
}

fn sources(documents: &[Document]) {
    for Document { id, origin, .. } in documents {
        let source = Source {
            path: "pages.jsonl".into(),
            id: Some(id.clone()),
            kept: Some(true),
            ..Source::default()
        };
        black_box(record::line(&Source {
            origin: origin.clone(),
            ..source
        }));
    }
}

/// The least CPU seconds of some rounds, of this process or of its children.
fn least(rounds: usize, who: libc::c_int, mut work: impl FnMut()) -> f64 {
    let mut seconds = |_| {
        let before = cpu_seconds(who);
        work();
        cpu_seconds(who) - before
    };
    (0..rounds).map(&mut seconds).fold(f64::INFINITY, f64::min)
}

/// Likewise of a command that reads the one file and writes the other; none, if it is not here.
fn least_of_command(rounds: usize, words: &[&str], from: &Path, to: &Path) -> Option<f64> {
    let run = || {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(from);
        match words[0] {
            "cp" => command.arg(to),
            _ => command.stdout(fs::File::create(to).ok()?),
        };
        command
            .stderr(Stdio::null())
            .status()
            .ok()
            .filter(|status| status.success())
    };
    run()?;
    Some(least(rounds, libc::RUSAGE_CHILDREN, || {
        assert!(run().is_some())
    }))
}
