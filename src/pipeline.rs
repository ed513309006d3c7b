//! The loop that runs, times and reports the three passes: survey, settle, finish.

use crate::Error;
use crate::config::Config;
use crate::edit::{Cause, Edit, Evidence, Place};
use crate::lexicon::{Counting, Grams, Lexicon};
use crate::normalise::normalise;
use crate::page::Page;
use crate::read::{self, Document, Item, Refused, SourceFile};
use crate::rejoin::rejoin;
use crate::repeats::prints::Document as Printed;
use crate::repeats::{self, Prints, PrintsFile, Rejected, Settle, Verdict, Verdicts, VerdictsFile};
use crate::segment::segment;
use crate::sorted::Room;
use crate::write::Output;
use crate::write::record::{self, Clean, Clustered, Source};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of text that are read before the pages among them are worked on together.
const BATCH: usize = 8 << 20;

/// Bytes that sorting may take before it goes to disk.
const MEMORY: usize = 1 << 30;

/// Who watches a run: a progress bar, or nobody.
pub trait Watch: Sync {
    fn begins(&self, _pass: &str, _bytes: u64) {}
    fn advances(&self, _documents: usize, _bytes: u64) {}
    fn refuses(&self, _refused: &Refused) {}
}

/// Nobody watches.
impl Watch for () {}

/// What a run did, as it stands in report.json.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub version: &'static str,
    pub options: Config,
    pub read: Read,
    pub written: Written,
    /// By rule: in how many places it changed the text, and by how many bytes.
    pub changes: BTreeMap<String, Changes>,
    /// By rule: how often something was seen and left alone.
    pub remarks: BTreeMap<String, u64>,
    /// Candidates for near copies that did not pass.
    pub rejected: Rejected,
    pub memory: Memory,
    pub took: Took,
}

#[derive(Debug, Default, Serialize)]
pub struct Read {
    pub files: usize,
    pub documents: usize,
    pub refused: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub letters: u64,
}

#[derive(Debug, Default, Serialize)]
pub struct Written {
    pub documents: usize,
    /// Of text, in UTF-8.
    pub bytes: u64,
    pub junctions: usize,
    pub copies_dropped: usize,
}

#[derive(Debug, Default, Serialize)]
pub struct Changes {
    pub places: u64,
    pub bytes_before: u64,
    pub bytes_after: u64,
}

/// Bytes held between the passes, allocations not counted.
#[derive(Debug, Default, Serialize)]
pub struct Memory {
    pub prints: usize,
    pub counts: usize,
    pub lexicon: usize,
}

/// Seconds: of the wall for the run and its passes; for the stages those of all threads added up, which are CPU seconds as
/// long as no other program wants the processors.
#[derive(Debug, Default, Serialize)]
pub struct Took {
    pub wall_seconds: f64,
    pub passes: BTreeMap<&'static str, f64>,
    pub stages: BTreeMap<&'static str, Stage>,
}

#[derive(Debug, Default, Serialize)]
pub struct Stage {
    pub cpu_seconds: f64,
    pub cpu_seconds_per_mb: f64,
}

/// Adds up what each stage takes, over all threads.
#[derive(Default)]
struct Clock([AtomicU64; STAGES.len()]);

const STAGES: [&str; 8] = ["read", "segment", "normalise", "shingle", "lexicon", "repeats", "rejoin", "write"];

impl Clock {
    fn time<T>(&self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let at = STAGES.iter().position(|s| *s == stage).expect("a stage that STAGES names");
        self.0[at].fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        done
    }

    fn stages(&self, bytes: u64) -> BTreeMap<&'static str, Stage> {
        let stage = |nanos: &AtomicU64| {
            let cpu_seconds = Duration::from_nanos(nanos.load(Ordering::Relaxed)).as_secs_f64();
            Stage { cpu_seconds, cpu_seconds_per_mb: cpu_seconds / (bytes.max(1) as f64 / 1e6) }
        };
        STAGES.iter().copied().zip(self.0.iter().map(stage)).collect()
    }
}

/// The pass that sees a page alone, first time: what settle must know of it.
pub struct Survey {
    pub prints: Prints,
    pub grams: Grams,
    letters: usize,
}

/// A page cut and repaired: where both passes over pages begin.
pub fn prepare(id: &str, text: String, metadata: serde_json::Map<String, serde_json::Value>, config: &Config) -> Page {
    prepared(id, text, metadata, config, &Clock::default())
}

fn prepared(
    id: &str,
    text: String,
    metadata: serde_json::Map<String, serde_json::Value>,
    config: &Config,
    clock: &Clock,
) -> Page {
    let mut page = Page::new(id, text);
    page.metadata = metadata;
    clock.time("segment", || segment(&mut page));
    clock.time("normalise", || normalise(&mut page, config.script));
    page
}

/// What settle must know of a page.
pub fn survey(page: &Page, config: &Config) -> Survey {
    surveyed(page, config, &Clock::default())
}

fn surveyed(page: &Page, config: &Config, clock: &Clock) -> Survey {
    let prints = clock.time("shingle", || Prints::of(page, &config.repeats));
    let grams = clock.time("lexicon", || Grams::of(page));
    Survey { letters: prints.letters_of_running_text(), prints, grams }
}

/// The pass that sees a page alone, second time: repeats out, halves together, in reading order. Returns how many
/// junctions were made.
pub fn finish(page: &mut Page, verdict: &Verdict, lexicon: &Lexicon, config: &Config) -> usize {
    finished(page, verdict, lexicon, config, &Clock::default())
}

fn finished(page: &mut Page, verdict: &Verdict, lexicon: &Lexicon, config: &Config, clock: &Clock) -> usize {
    if let Some(copy) = &verdict.duplicate
        && let Some(of) = &copy.of
    {
        let place = Place { id: of.clone(), at: [0, 0] };
        let evidence =
            Evidence { of: Some(place), note: Some(format!("similarity {:.3}", copy.similarity)), probability: None };
        let whole = 0..page.text().len();
        if verdict.drops_document(&config.repeats) {
            page.blocks.iter_mut().for_each(|b| b.dropped = true);
            page.edit(&Cause::verified("duplicate", evidence), vec![Edit::delete(whole)]);
            return 0;
        }
        page.remark(Cause::suspected("duplicate", evidence), whole);
    }
    clock.time("repeats", || repeats::apply(page, verdict, &config.repeats));
    clock.time("rejoin", || rejoin(page, lexicon, &config.rejoin)).len()
}

/// Cleans everything below the paths into the folder.
pub fn clean(
    paths: &[PathBuf],
    folder: &Path,
    config: &Config,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Report, Error> {
    let start = Instant::now();
    let clock = Clock::default();
    if let Some(name) = &config.read.encoding {
        read::encoding_named(name)?;
    }
    let files = read::files(paths, folder)?;
    let mut report = Report { version: env!("CARGO_PKG_VERSION"), options: config.clone(), ..Report::default() };
    report.read.files = files.len();
    let bytes = files.iter().map(|f| f.bytes).sum();
    let mut output = Output::create(folder)?;
    let beside = output.beside().to_path_buf();

    // survey
    watch.begins("survey", bytes);
    let mut prints = PrintsFile::create(&beside.join("prints"), 0)?;
    let mut counting = Counting::default();
    let mut seen: Vec<u64> = Vec::new(); // a hash of each document, to see that nobody writes to them meanwhile
    for_each_batch(&files, config, &clock, stop, |batch| {
        let surveys: Vec<Option<(String, u64, usize, Survey)>> = batch
            .into_par_iter()
            .map(|(_, item)| {
                let Item::Document(document) = item else { return None };
                let (hash, length) = (xxh3_64(document.text.as_bytes()), document.text.len());
                let Document { id, text, metadata, .. } = *document;
                let page = prepared(&id, text, metadata, config, &clock);
                Some((id, hash, length, surveyed(&page, config, &clock)))
            })
            .collect();
        for (id, hash, length, survey) in surveys.into_iter().flatten() {
            report.read.documents += 1;
            report.read.bytes += length as u64;
            report.read.letters += survey.letters as u64;
            clock.time("shingle", || prints.add(&id, &survey.prints))?;
            clock.time("lexicon", || counting.add(&survey.grams));
            seen.push(hash);
            watch.advances(1, length as u64);
        }
        Ok(())
    })?;
    report.took.passes.insert("survey", start.elapsed().as_secs_f64());

    // settle
    let began = Instant::now();
    watch.begins("settle", 0);
    let shelf = prints.finish()?;
    report.memory =
        Memory { prints: shelf.documents.len() * size_of::<Printed>(), counts: counting.bytes(), lexicon: 0 };
    let lexicon = clock.time("lexicon", || counting.lexicon());
    report.memory.lexicon = lexicon.bytes();
    let verdicts = beside.join("verdicts");
    report.rejected = clock.time("repeats", || {
        let room = Room { folder: beside.clone(), memory: MEMORY };
        let mut file = VerdictsFile::create(&verdicts)?;
        let settle = Settle::new(vec![shelf], 0, &config.repeats, room);
        let rejected = settle.verdicts(&config.repeats, |_, verdict| file.add(&verdict))?;
        file.finish()?;
        Ok(rejected)
    })?;
    let mut verdicts = Verdicts::open(&verdicts)?;
    report.took.passes.insert("settle", began.elapsed().as_secs_f64());

    // finish
    let began = Instant::now();
    watch.begins("finish", report.read.bytes);
    let mut number: usize = 0;
    for_each_batch(&files, config, &clock, stop, |batch| {
        let judged: Vec<(usize, Verdict, String, Item)> = batch
            .into_iter()
            .map(|(file, item)| {
                let mut verdict = Verdict::default();
                if matches!(item, Item::Document(_)) {
                    verdict = verdicts.of(number as u32)?;
                    number += 1;
                }
                Ok((number.wrapping_sub(1), verdict, file.relative.clone(), item))
            })
            .collect::<Result<_, Error>>()?;
        let finished: Vec<Result<Finished, Error>> = judged
            .into_par_iter()
            .map(|(number, verdict, path, item)| match item {
                Item::Document(document) => {
                    if seen.get(number) != Some(&xxh3_64(document.text.as_bytes())) {
                        return Err(Error::Input(path, "changed while it was being cleaned; run again".into()));
                    }
                    Ok(Finished::document(*document, path, &verdict, &lexicon, config, &clock))
                }
                Item::Refused(refused) => Ok(Finished::refused(path, refused)),
                Item::Filler(bytes) => Ok(Finished::filler(path, &bytes)),
            })
            .collect();
        for finished in finished {
            let finished = finished?;
            clock.time("write", || finished.write(&mut output))?;
            finished.tell(&mut report, watch);
        }
        Ok(())
    })?;
    report.took.passes.insert("finish", began.elapsed().as_secs_f64());
    if report.read.documents == 0 && report.read.refused == 0 {
        return Err(Error::Usage("nothing to clean: no document in what was named".into()));
    }
    report.took.stages = clock.stages(report.read.bytes);
    report.took.wall_seconds = start.elapsed().as_secs_f64();
    let mut json = serde_json::to_string_pretty(&report).expect("a report holds only names and numbers");
    json.push('\n');
    output.finish(&json)?;
    Ok(report)
}

/// Reads the files in their order and hands on what they hold, some megabytes at a time; the next are read meanwhile.
fn for_each_batch<'f>(
    files: &'f [SourceFile],
    config: &Config,
    clock: &Clock,
    stop: &AtomicBool,
    mut work: impl FnMut(Vec<(&'f SourceFile, Item)>) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    let mut items = files.iter().flat_map(|file| read::open(file, &config.read).map(move |item| (file, item)));
    let mut next = || {
        clock.time("read", || {
            let mut batch = Vec::new();
            let mut bytes = 0;
            while bytes < BATCH {
                let Some((file, item)) = items.next() else { break };
                bytes += if let Item::Document(document) = &item { document.text.len() + 256 } else { 256 };
                batch.push((file, item));
            }
            batch
        })
    };
    let mut batch = next();
    while !batch.is_empty() {
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        let (done, following) = rayon::join(|| work(batch), &mut next);
        done?;
        batch = following;
    }
    Ok(())
}

/// A document's lines for each output file, and its share in the report.
#[derive(Default)]
struct Finished {
    clean: Option<String>,
    changes: String,
    source: String,
    cluster: Option<Clustered>,
    refused: Option<Refused>,
    bytes: u64,
    written: u64,
    junctions: usize,
    counts: BTreeMap<String, Changes>,
    remarks: BTreeMap<String, u64>,
}

impl Finished {
    fn document(
        document: Document,
        path: String,
        verdict: &Verdict,
        lexicon: &Lexicon,
        config: &Config,
        clock: &Clock,
    ) -> Self {
        let Document { id, text, source, metadata, origin } = document;
        let bytes = text.len() as u64;
        let mut page = prepared(&id, text, metadata, config, clock);
        let junctions = finished(&mut page, verdict, lexicon, config, clock);
        let kept = !verdict.drops_document(&config.repeats);
        clock.time("write", || {
            let records = record::changes(&page);
            let mut done = Finished { bytes, junctions, ..Finished::default() };
            for record in &records {
                if record.applied && record.follows.is_none() {
                    let counts = done.counts.entry(record.rule.clone()).or_default();
                    let places = record.at.len() as u64;
                    counts.places += places;
                    counts.bytes_before += places * record.before.as_deref().unwrap_or_default().len() as u64;
                    counts.bytes_after += places * record.after.as_deref().unwrap_or_default().len() as u64;
                } else if !record.applied {
                    *done.remarks.entry(record.rule.clone()).or_default() += record.at.len() as u64;
                }
                done.changes.push_str(&record::line(record));
            }
            let changes = Some(records.len());
            done.source =
                record::line(&Source { path, id: Some(id.clone()), kept: Some(kept), changes, refused: false, origin });
            done.cluster = verdict.duplicate.as_ref().map(|copy| Clustered {
                id: id.clone(),
                cluster: copy.cluster.clone(),
                keep: !copy.is_copy,
                similarity: copy.similarity,
            });
            if kept {
                let text = page.clean();
                done.written = text.len() as u64;
                done.clean = Some(record::line(&Clean { id, text, source, metadata: page.metadata }));
            }
            done
        })
    }

    fn refused(path: String, refused: Refused) -> Self {
        let origin = read::Origin { line: refused.line, bytes: refused.bytes.clone(), ..read::Origin::default() };
        let source = Source { path, refused: refused.bytes.is_none(), origin, ..Source::default() };
        Finished { source: record::line(&source), refused: Some(refused), ..Finished::default() }
    }

    fn filler(path: String, bytes: &[u8]) -> Self {
        let origin = read::Origin { bytes: Some(read::hexadecimal(bytes)), ..read::Origin::default() };
        Finished { source: record::line(&Source { path, origin, ..Source::default() }), ..Finished::default() }
    }

    /// Writes the lines.
    fn write(&self, output: &mut Output) -> Result<(), Error> {
        if let Some(clean) = &self.clean {
            output.clean.write(clean)?;
        }
        output.changes.write(&self.changes)?;
        output.sources.write(&self.source)?;
        if let Some(cluster) = &self.cluster {
            output.clusters.record(cluster)?;
        }
        if let Some(refused) = &self.refused {
            output.rejected.record(refused)?;
        }
        Ok(())
    }

    fn tell(self, report: &mut Report, watch: &dyn Watch) {
        if let Some(refused) = &self.refused {
            report.read.refused += 1;
            watch.refuses(refused);
        }
        report.written.documents += usize::from(self.clean.is_some());
        report.written.copies_dropped += usize::from(self.clean.is_none() && self.cluster.is_some());
        report.written.bytes += self.written;
        report.written.junctions += self.junctions;
        for (rule, counts) in self.counts {
            let all = report.changes.entry(rule).or_default();
            all.places += counts.places;
            all.bytes_before += counts.bytes_before;
            all.bytes_after += counts.bytes_after;
        }
        for (rule, count) in self.remarks {
            *report.remarks.entry(rule).or_default() += count;
        }
        if self.bytes > 0 {
            watch.advances(1, self.bytes);
        }
    }
}
