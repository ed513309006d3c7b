//! The loop that runs, times and reports the three passes: survey, settle, finish. All over one input (`clean`), or each
//! over one shard of many.

use crate::Error;
use crate::config::Config;
use crate::lexicon::{Counting, Grams, Lexicon};
use crate::normalise::Repairing;
use crate::normalise::{normalise, repair};
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Place};
use crate::page::{Block, Page};
use crate::read::{self, Document, Item, Refused, SourceFile};
use crate::rejoin::{Boldness, rejoin};
use crate::repeats::Level;
use crate::repeats::{self, Prints, Verdict};
use crate::report::card::{self, Scripts};
use crate::report::html;
use crate::report::samples::{Clusters, Samples, Share, Sources};
use crate::report::{Changes, Clock, Report};
use crate::segment::segment;
use crate::settle::{PrintsFile, Room, Settle, Shelf, Stamp, Verdicts, VerdictsFile, files_below};
use crate::write::files::PAGE;
use crate::write::record::{self, Clustered, Source};
use crate::write::records::Ready;
use crate::write::{Output, files};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Instant;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of text that are read before the pages among them are worked on together.
const BATCH: usize = 8 << 20;

/// Who watches a run: a progress bar, or nobody.
pub trait Watch: Sync {
    fn begins(&self, _pass: &str, _bytes: u64) {}
    fn advances(&self, _documents: usize, _bytes: u64) {}
    fn refuses(&self, _refused: &Refused) {}
}

/// Nobody watches.
impl Watch for () {}

/// What a run may use besides its input.
#[derive(Debug, Clone)]
pub struct Means {
    /// Bytes that settle may sort in; what is more goes to disk. It changes nothing in the result.
    pub memory: usize,
    /// A folder in which the prints of each input file are kept: what has not changed is not surveyed again.
    pub prints: Option<PathBuf>,
    /// A folder with the prints of earlier runs: what stands there stays, and its copies here go.
    pub against: Option<PathBuf>,
    /// A model of which characters follow which, instead of the one that the run teaches.
    pub lexicon: Option<PathBuf>,
}

impl Default for Means {
    fn default() -> Self {
        Means {
            memory: 1 << 30,
            prints: None,
            against: None,
            lexicon: None,
        }
    }
}

/// How a run goes about its work.
struct Run<'r> {
    config: &'r Config,
    means: &'r Means,
    watch: &'r dyn Watch,
    stop: &'r AtomicBool,
    clock: Clock,
    start: Instant,
}

/// The pass that sees a page alone, first time: what settle must know of it.
pub struct Survey {
    pub prints: Prints,
    pub grams: Grams,
}

/// A page cut and repaired: where both passes over pages begin.
pub fn prepare(
    id: &str,
    text: String,
    metadata: serde_json::Map<String, serde_json::Value>,
    config: &Config,
) -> Page {
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
    page.without = config.without;
    if config.looks_into_pages() {
        clock.time("segment", || segment(&mut page));
    } else {
        page.blocks = vec![Block {
            span: 0..page.text().len(),
            ..Block::default()
        }];
    }
    if config.repair != Repairing::Off {
        clock.time("normalise", || normalise(&mut page, config.script));
    }
    page
}

/// What settle must know of a page.
pub fn survey(page: &Page, config: &Config) -> Survey {
    surveyed(page, config, &Clock::default())
}

fn surveyed(page: &Page, config: &Config, clock: &Clock) -> Survey {
    let prints = clock.time("shingle", || Prints::of(page, &config.repeats));
    let joins = config.rejoin.join != Boldness::Off;
    let grams = if joins {
        clock.time("lexicon", || Grams::of(page))
    } else {
        Grams::default()
    };
    Survey { prints, grams }
}

/// The pass that sees a page alone, second time: repeats out, halves together, in reading order. Returns how many
/// junctions were made.
pub fn finish(page: &mut Page, verdict: &Verdict, lexicon: &Lexicon, config: &Config) -> usize {
    finished(page, verdict, lexicon, config, &Clock::default())
}

fn finished(
    page: &mut Page,
    verdict: &Verdict,
    lexicon: &Lexicon,
    config: &Config,
    clock: &Clock,
) -> usize {
    if let Some(copy) = &verdict.duplicate
        && let Some(of) = &copy.of
    {
        let place = Place {
            id: of.clone(),
            at: [0, 0],
        };
        let evidence = Evidence {
            of: Some(place),
            note: Some(format!("similarity {:.3}", copy.similarity)),
            probability: None,
        };
        let whole = 0..page.text().len();
        if verdict.drops_document(&config.repeats) {
            page.blocks.iter_mut().for_each(|b| b.dropped = true);
            page.edit(
                &Cause::verified(CauseId::Duplicate, evidence),
                vec![Edit::delete(whole)],
            );
            return 0;
        }
        page.remark(Cause::suspected(CauseId::Duplicate, evidence), whole);
    }
    clock.time("repeats", || repeats::apply(page, verdict, &config.repeats));
    clock.time("repeats", || repeats::correct(page, verdict, lexicon));
    if config.repair != Repairing::Off {
        clock.time("normalise", || {
            repair(
                page,
                lexicon,
                config.script,
                config.repair == Repairing::Eager,
            )
        });
    }
    if !config.rejoin.lays_out() {
        return 0;
    }
    clock
        .time("rejoin", || rejoin(page, lexicon, &config.rejoin))
        .len()
}

/// Cleans everything below the paths into the folder.
pub fn clean(
    paths: &[PathBuf],
    folder: &Path,
    config: &Config,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Report, Error> {
    let run = Run::new(config, means, watch, stop)?;
    let files = read::files(paths, folder)?;
    let mut output = Output::create(folder, &config.write)?;
    let beside = output.beside().to_path_buf();
    let mut report = run.report(&files);

    watch.begins("survey", files.iter().map(|file| file.bytes).sum());
    let mut counting = Counting::default();
    // the files of each shelf
    let shards: Vec<(&[SourceFile], Shelf)> = match &means.prints {
        None => {
            let prints = PrintsFile::create(
                &beside.join("prints"),
                config.prints_hash(),
                Stamp::default(),
            )?;
            vec![(
                &files[..],
                run.survey(&files, prints, &mut counting)?.finish(None)?,
            )]
        }
        Some(kept) => files
            .iter()
            .map(|file| {
                Ok((
                    std::slice::from_ref(file),
                    run.survey_unless_kept(file, kept, &mut counting)?,
                ))
            })
            .collect::<Result<_, Error>>()?,
    };
    let (files, shelves): (Vec<&[SourceFile]>, Vec<Shelf>) = shards.into_iter().unzip();
    report.passed("survey", run.start);

    let began = Instant::now();
    watch.begins("settle", 0);
    report.memory.counts = counting.bytes();
    let lexicon = run.lexicon(counting)?;
    let verdicts = |shelf: usize| beside.join(format!("verdicts-{shelf}"));
    let settle = run.settle(shelves, &beside, verdicts, &mut report)?;
    report.memory.lexicon = lexicon.bytes();
    report.passed("settle", began);

    let began = Instant::now();
    watch.begins(
        "finish",
        settle
            .shelves()
            .iter()
            .flat_map(|s| &s.documents)
            .map(|d| d.bytes)
            .sum(),
    );
    for (at, (files, shelf)) in files.into_iter().zip(settle.shelves()).enumerate() {
        run.finish(
            files,
            shelf,
            Verdicts::open(&verdicts(at))?,
            &lexicon,
            &mut output,
            &mut report,
        )?;
    }
    report.passed("finish", began);
    run.close(output, report)
}

/// Surveys a shard into a file of prints, which is put in its place when it is whole.
pub fn survey_shard(
    paths: &[PathBuf],
    prints: &Path,
    config: &Config,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let means = Means::default();
    let run = Run::new(config, &means, watch, stop)?;
    let files = read::files(paths, prints)?;
    watch.begins("survey", files.iter().map(|file| file.bytes).sum());
    let mut counting = Counting::default();
    let beside = files::beside(prints)?;
    let file = PrintsFile::create(&beside, config.prints_hash(), Stamp::default())?;
    run.survey(&files, file, &mut counting)?
        .finish(Some(&counting))?;
    files::put(&beside, prints)
}

/// Writes the lexicon of a corpus, of which at most so many n-grams are kept.
pub fn learn(
    paths: &[PathBuf],
    lexicon: &Path,
    most: Option<usize>,
    config: &Config,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let means = Means::default();
    let run = Run::new(config, &means, watch, stop)?;
    let files = read::files(paths, lexicon)?;
    watch.begins("survey", files.iter().map(|file| file.bytes).sum());
    let mut counting = Counting::default();
    run.for_each_batch(&files, |batch| {
        let grams = batch.into_par_iter().filter_map(|(_, item)| {
            let Item::Document(document) = item else {
                return None;
            };
            let Document {
                id, text, metadata, ..
            } = *document;
            let bytes = text.len() as u64;
            Some((
                Grams::of(&prepared(&id, text, metadata, config, &run.clock)),
                bytes,
            ))
        });
        for (grams, bytes) in grams.collect::<Vec<_>>() {
            counting.add(&grams);
            watch.advances(1, bytes);
        }
        Ok(())
    })?;
    let mut model = counting.model();
    most.into_iter().for_each(|most| model.prune(most));
    let beside = files::beside(lexicon)?;
    model.write(&beside)?;
    files::put(&beside, lexicon)
}

/// Settles the prints of all shards: a file of verdicts for each in the folder, named like its prints, and the lexicon
/// of the run. A file that would be the same again is left as it is, so that make sees nothing to do behind it.
pub fn settle_shards(
    prints: &[PathBuf],
    folder: &Path,
    config: &Config,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let run = Run::new(config, means, watch, stop)?;
    watch.begins("settle", 0);
    let mut prints = prints.to_vec();
    prints.sort();
    let names = verdict_names(&prints)?;
    let open = |path: &PathBuf| Shelf::open(path, config.prints_hash());
    let shelves: Vec<Shelf> = prints.iter().map(open).collect::<Result<_, _>>()?;
    let beside = files::Beside::create(folder)?;
    if means.lexicon.is_none() {
        let mut counting = Counting::default();
        shelves.iter().try_for_each(|shelf| {
            counting.merge(shelf.counting()?);
            Ok::<_, Error>(())
        })?;
        counting.model().write(&beside.path().join("lexicon"))?;
    }
    run.settle(
        shelves,
        beside.path(),
        |shelf| beside.path().join(&names[shelf]),
        &mut Report::default(),
    )?;
    // only now: a lexicon must not stand beside verdicts of another run
    if means.lexicon.is_none() {
        beside.put_if_changed(Path::new("lexicon"))?;
    }
    if config.repeats.duplicates != Level::Off {
        beside.put_if_changed(Path::new(repeats::PAIRS))?;
    }
    names
        .iter()
        .try_for_each(|name| beside.put_if_changed(name))
}

/// The name of the file of verdicts for each file of prints: its own, with another ending.
fn verdict_names(prints: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut owners: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    let mut names = Vec::new();
    for path in prints {
        let mut name = path.file_stem().unwrap_or_default().to_os_string();
        name.push(".verdicts");
        if let Some(other) = owners.insert(name.clone().into(), path) {
            return Err(Error::Usage(if other == path.as_path() {
                format!("{}: named twice", path.display())
            } else {
                format!(
                    "{} and {} would both have their verdicts in {}: give one of them another name",
                    other.display(),
                    path.display(),
                    name.display()
                )
            }));
        }
        names.push(name.into());
    }
    Ok(names)
}

/// Cleans a shard whose verdicts are known.
pub fn finish_shard(
    paths: &[PathBuf],
    [prints, verdicts]: [&Path; 2],
    folder: &Path,
    config: &Config,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Report, Error> {
    let run = Run::new(config, means, watch, stop)?;
    let files = read::files(paths, folder)?;
    let shelf = Shelf::open(prints, config.prints_hash())?;
    let lexicon = run.lexicon(Counting::default())?;
    let mut output = Output::create(folder, &config.write)?;
    let mut report = run.report(&files);
    let mut known = Verdicts::open(verdicts)?;
    for document in 0..shelf.documents.len() as u32 {
        report.clusters.count(&known.of(document)?);
    }
    report.clusters.choose();
    watch.begins("finish", shelf.documents.iter().map(|d| d.bytes).sum());
    run.finish(
        &files,
        &shelf,
        Verdicts::open(verdicts)?,
        &lexicon,
        &mut output,
        &mut report,
    )?;
    report.passed("finish", run.start);
    run.close(output, report)
}

impl<'r> Run<'r> {
    fn new(
        config: &'r Config,
        means: &'r Means,
        watch: &'r dyn Watch,
        stop: &'r AtomicBool,
    ) -> Result<Self, Error> {
        if let Some(name) = &config.read.encoding {
            read::encoding_named(name)?;
        }
        Ok(Run {
            config,
            means,
            watch,
            stop,
            clock: Clock::default(),
            start: Instant::now(),
        })
    }

    fn report(&self, files: &[SourceFile]) -> Report {
        let mut report = Report {
            version: env!("CARGO_PKG_VERSION"),
            options: self.config.clone(),
            ..Report::default()
        };
        report.read.files = files.len();
        report.read.other_renderings = files.iter().map(|file| file.others).sum();
        report.sources = Sources::of(files.iter().map(|file| file.relative.as_str()));
        report
    }

    /// Adds what is to be known of the files' documents to the prints and to the counts.
    fn survey(
        &self,
        files: &[SourceFile],
        mut prints: PrintsFile,
        counting: &mut Counting,
    ) -> Result<PrintsFile, Error> {
        self.for_each_batch(files, |batch| {
            let surveys: Vec<Option<(String, Survey)>> = batch
                .into_par_iter()
                .map(|(_, item)| {
                    let Item::Document(document) = item else {
                        return None;
                    };
                    let Document {
                        id,
                        text,
                        mut metadata,
                        beside,
                        ..
                    } = *document;
                    // which copy is the newest may be told there
                    for (name, value) in beside {
                        metadata.entry(name).or_insert(value);
                    }
                    let page = prepared(&id, text, metadata, self.config, &self.clock);
                    Some((id, surveyed(&page, self.config, &self.clock)))
                })
                .collect();
            for (id, survey) in surveys.into_iter().flatten() {
                self.clock
                    .time("shingle", || prints.add(&id, &survey.prints))?;
                self.clock.time("lexicon", || counting.add(&survey.grams));
                self.watch.advances(1, survey.prints.bytes());
            }
            Ok(())
        })?;
        Ok(prints)
    }

    /// The prints of a file as they are kept in a folder; made, where they are not there or not of this file.
    fn survey_unless_kept(
        &self,
        file: &SourceFile,
        kept: &Path,
        counting: &mut Counting,
    ) -> Result<Shelf, Error> {
        let path = kept.join(format!("{}.prints", file.relative));
        let stamp = Stamp::of(&file.path)?;
        if let Ok(shelf) = Shelf::open(&path, self.config.prints_hash())
            && shelf.stamp == stamp
        {
            self.watch.advances(shelf.documents.len(), file.bytes);
            counting.merge(shelf.counting()?);
            return Ok(shelf);
        }
        let mut own = Counting::default();
        let beside = files::beside(&path)?;
        let prints = PrintsFile::create(&beside, self.config.prints_hash(), stamp)?;
        let shelf = self
            .survey(std::slice::from_ref(file), prints, &mut own)?
            .finish(Some(&own))?;
        files::put(&beside, &path)?;
        counting.merge(own);
        Ok(shelf)
    }

    /// The model that was given, else the one of what was counted.
    fn lexicon(&self, counting: Counting) -> Result<Lexicon, Error> {
        self.clock
            .time_alone("lexicon", || match &self.means.lexicon {
                Some(path) => crate::lexicon::Model::read(path).map(Lexicon::from),
                None => Ok(counting.lexicon()),
            })
    }

    /// Goes over all prints, and writes a file of verdicts for each shelf.
    fn settle(
        &self,
        mut shelves: Vec<Shelf>,
        folder: &Path,
        verdicts: impl Fn(usize) -> PathBuf,
        report: &mut Report,
    ) -> Result<Settle, Error> {
        let count = shelves.len();
        if let Some(against) = &self.means.against {
            let known = files_below(against)?;
            let open = |path: &PathBuf| Shelf::open(path, self.config.prints_hash());
            shelves.extend(known.iter().map(open).collect::<Result<Vec<_>, _>>()?);
        }
        let room = Room::new(folder, self.means.memory);
        self.clock.time_alone("repeats", || {
            let mut files: Vec<VerdictsFile> = (0..count)
                .map(|shelf| VerdictsFile::create(&verdicts(shelf)))
                .collect::<Result<_, _>>()?;
            let mut settle = Settle::new(shelves, count, &self.config.repeats, room);
            settle.verdicts(&self.config.repeats, |shelf, verdict| {
                report.clusters.count(&verdict);
                files[shelf].add(&verdict)
            })?;
            files.into_iter().try_for_each(VerdictsFile::finish)?;
            report.clusters.choose();
            report.rejected = settle.rejected;
            report.memory.prints = settle.bytes();
            Ok(settle)
        })
    }

    /// Cleans the files' documents, which are those of the shelf.
    fn finish(
        &self,
        files: &[SourceFile],
        shelf: &Shelf,
        mut verdicts: Verdicts,
        lexicon: &Lexicon,
        output: &mut Output,
        report: &mut Report,
    ) -> Result<(), Error> {
        report.read.documents += shelf.documents.len();
        report.read.bytes += shelf.documents.iter().map(|d| d.bytes).sum::<u64>();
        report.read.letters += shelf
            .documents
            .iter()
            .map(|d| u64::from(d.letters))
            .sum::<u64>();
        let mut hashes = shelf.documents.iter().map(|document| document.hash);
        let mut number = 0;
        // taken from as pages are finished, in whatever order that is: what is shown does not depend on it
        let samples = RwLock::new(std::mem::take(&mut report.samples));
        self.for_each_batch(files, |batch| {
            let judged: Vec<(Option<u64>, Verdict, Arc<str>, Item)> = batch
                .into_iter()
                .map(|(path, item)| {
                    let (mut hash, mut verdict) = (None, Verdict::default());
                    if matches!(item, Item::Document(_)) {
                        hash = hashes.next();
                        verdict = verdicts.of(number)?;
                        number += 1;
                    }
                    Ok((hash, verdict, path, item))
                })
                .collect::<Result<_, Error>>()?;
            let show = (&samples, &report.clusters);
            let finished: Vec<Result<Finished, Error>> = judged
                .into_par_iter()
                .map(|(hash, verdict, path, item)| match item {
                    Item::Document(document) => {
                        if hash != Some(xxh3_64(document.text.as_bytes())) {
                            return Err(Error::Input(
                                path.to_string(),
                                "changed while it was being cleaned; run again".into(),
                            ));
                        }
                        Ok(Finished::document(
                            *document, &path, &verdict, lexicon, self, show,
                        ))
                    }
                    Item::Refused(refused) => Ok(Finished::refused(&path, refused)),
                    Item::Filler(bytes) => Ok(Finished::filler(&path, &bytes)),
                })
                .collect();
            for finished in finished {
                let finished = finished?;
                let finished = self.clock.time("write", || finished.write(output))?;
                finished.tell(report, self.watch);
            }
            Ok(())
        })?;
        report.samples = samples.into_inner().unwrap_or_default();
        Ok(())
    }

    /// Puts the output in its place, the report last.
    fn close(&self, mut output: Output, mut report: Report) -> Result<Report, Error> {
        if report.read.documents == 0 && report.read.refused == 0 {
            return Err(Error::Nothing);
        }
        report.files = self.clock.time("write", || output.close())?;
        if self.config.write.card {
            output.add(card::NAME, &card::card(&report))?;
            report.files.push(card::NAME.into());
        }
        report.files.push(PAGE.into());
        report.took.stages = self.clock.stages(report.read.bytes);
        report.took.wall_seconds = self.start.elapsed().as_secs_f64();
        let mut json =
            serde_json::to_string_pretty(&report).expect("a report holds only names and numbers");
        json.push('\n');
        let page = html::page(&json).expect("the report was just written");
        output.add(PAGE, &page)?;
        output.finish(&report.files, &json)?;
        Ok(report)
    }

    /// Reads the files in their order and hands on what they hold, some megabytes at a time; the next are read meanwhile.
    fn for_each_batch(
        &self,
        files: &[SourceFile],
        mut work: impl FnMut(Vec<(Arc<str>, Item)>) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let mut items = files
            .iter()
            .flat_map(|file| read::open(file, &self.config.read));
        let mut next = || {
            self.clock.time("read", || {
                let mut batch = Vec::new();
                let mut bytes = 0;
                while bytes < BATCH {
                    let Some((path, item)) = items.next() else {
                        break;
                    };
                    bytes += if let Item::Document(document) = &item {
                        document.text.len() + 256
                    } else {
                        256
                    };
                    batch.push((path, item));
                }
                batch
            })
        };
        let mut batch = next();
        while !batch.is_empty() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            let (done, following) = rayon::join(|| work(batch), &mut next);
            done?;
            batch = following;
        }
        Ok(())
    }
}

/// A document's records for each output file, and its share in the report.
#[derive(Default)]
struct Finished {
    /// The path of the file that it comes from.
    path: Arc<str>,
    kept: bool,
    /// A record, or one for each article.
    clean: Vec<Ready>,
    scripts: Option<Scripts>,
    changes: String,
    source: String,
    cluster: Option<Clustered>,
    refused: Option<Refused>,
    share: Share,
    articles: usize,
    junctions: usize,
    counts: BTreeMap<String, Changes>,
    remarks: BTreeMap<String, u64>,
}

impl Finished {
    fn document(
        document: Document,
        path: &Arc<str>,
        verdict: &Verdict,
        lexicon: &Lexicon,
        run: &Run,
        (samples, clusters): (&RwLock<Samples>, &Clusters),
    ) -> Self {
        let (config, clock) = (run.config, &run.clock);
        let Document {
            id,
            text,
            source,
            metadata,
            beside,
            origin,
        } = document;
        let bytes = text.len() as u64;
        let mut page = prepared(&id, text, metadata, config, clock);
        let junctions = finished(&mut page, verdict, lexicon, config, clock);
        let kept = !verdict.drops_document(&config.repeats);
        clock.time("write", || {
            let records = record::changes(&page);
            let mut done = Finished {
                path: path.clone(),
                kept,
                junctions,
                ..Finished::default()
            };
            done.share = Share {
                documents: 1,
                bytes,
                ..Share::default()
            };
            // a lock is poisoned by a panic only, and then there is no report
            let offer = samples
                .read()
                .map(|samples| samples.offer(&page, &records, verdict, clusters, kept));
            if let Some(offer) = offer.ok().filter(|offer| !offer.is_empty())
                && let Ok(mut samples) = samples.write()
            {
                samples.take(offer);
            }
            for record in &records {
                if record.applied && record.follows.is_none() {
                    let counts = done.counts.entry(record.rule.clone()).or_default();
                    let places = record.at.len() as u64;
                    let [before, after] = [&record.before, &record.after]
                        .map(|text| places * text.as_deref().unwrap_or_default().len() as u64);
                    counts.places += places;
                    counts.bytes_before += before;
                    counts.bytes_after += after;
                    let gone = if kept {
                        &mut done.share.removed
                    } else {
                        &mut done.share.copies
                    };
                    *gone += before.saturating_sub(after);
                } else if !record.applied {
                    *done.remarks.entry(record.rule.clone()).or_default() += record.at.len() as u64;
                }
                done.changes.push_str(&record::line(record));
            }
            let cleaned = if kept {
                record::clean(&page, &source, &beside)
            } else {
                Vec::new()
            };
            done.articles = page.articles.len();
            let about = Source {
                path: path.to_string(),
                id: Some(id.clone()),
                kept: Some(kept),
                refused: false,
                ..Source::default()
            };
            let parts = (kept && done.articles > 0).then_some(done.articles);
            done.source = record::line(&Source {
                changes: Some(records.len()),
                parts,
                origin,
                ..about
            });
            done.cluster = verdict.duplicate.as_ref().map(|copy| Clustered {
                id: id.clone(),
                cluster: copy.cluster.clone(),
                keep: !copy.is_copy,
                similarity: copy.similarity,
            });
            done.share.written = cleaned.iter().map(|clean| clean.text.len() as u64).sum();
            done.clean = cleaned
                .iter()
                .map(|clean| Ready::of(clean, config.write.format))
                .collect();
            done.scripts = config
                .write
                .card
                .then(|| cleaned.iter().map(|clean| Scripts::of(&clean.text)).sum());
            done
        })
    }

    fn refused(path: &str, refused: Refused) -> Self {
        let origin = read::Origin {
            line: refused.line,
            bytes: refused.bytes.clone(),
            ..read::Origin::default()
        };
        let source = Source {
            path: path.into(),
            refused: refused.bytes.is_none(),
            origin,
            ..Source::default()
        };
        Finished {
            source: record::line(&source),
            refused: Some(refused),
            ..Finished::default()
        }
    }

    fn filler(path: &str, bytes: &[u8]) -> Self {
        let origin = read::Origin {
            bytes: Some(read::hexadecimal(bytes)),
            ..read::Origin::default()
        };
        Finished {
            source: record::line(&Source {
                path: path.into(),
                origin,
                ..Source::default()
            }),
            ..Finished::default()
        }
    }

    /// Writes the records.
    fn write(mut self, output: &mut Output) -> Result<Self, Error> {
        for record in std::mem::take(&mut self.clean) {
            output.clean.write(&self.path, record)?;
        }
        output.changes.write(&self.changes)?;
        output.sources.write(&self.source)?;
        if let Some(cluster) = &self.cluster {
            output.clusters.record(cluster)?;
        }
        if let Some(refused) = &self.refused {
            output.rejected.record(refused)?;
        }
        Ok(self)
    }

    fn tell(self, report: &mut Report, watch: &dyn Watch) {
        if let Some(refused) = &self.refused {
            report.read.refused += 1;
            watch.refuses(refused);
        }
        report.written.documents += usize::from(self.kept);
        report.written.copies_dropped += usize::from(!self.kept && self.cluster.is_some());
        report.written.bytes += self.share.written;
        report.written.articles += if self.kept { self.articles } else { 0 };
        report.written.junctions += self.junctions;
        if let Some(scripts) = self.scripts {
            *report.written.scripts.get_or_insert_default() += scripts;
        }
        for (rule, counts) in self.counts {
            let all = report.changes.entry(rule).or_default();
            all.places += counts.places;
            all.bytes_before += counts.bytes_before;
            all.bytes_after += counts.bytes_after;
        }
        for (rule, count) in self.remarks {
            *report.remarks.entry(rule).or_default() += count;
        }
        if self.share.documents > 0 {
            report.sources.add(&self.path, &self.share);
        }
        if self.share.bytes > 0 {
            watch.advances(1, self.share.bytes);
        }
    }
}
