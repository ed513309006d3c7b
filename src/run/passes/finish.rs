//! The last pass: each document cleaned by its verdict, and written.

use crate::Error;
use crate::cleaner::{Cleaned, Refusal};
use crate::lexicon::Lexicon;
use crate::read::{Document, Item, SourceFile};
use crate::repeats::{Facts, Verdict};
use crate::report::samples::{Clusters, Samples};
use crate::report::{Report, Stage, card, html};
use crate::run::Run;
use crate::run::lines::{Done, OutputLines};
use crate::settle::{Shelf, Verdicts};
use crate::write::Output;
use crate::write::files::{CARD, PAGE};
use rayon::prelude::*;
use std::sync::{Arc, RwLock};
use xxhash_rust::xxh3::xxh3_64;

/// What was read, and what settle said of it if it is a document.
struct ToFinish<'s> {
    path: Arc<str>,
    item: Item,
    verdict: Verdict,
    /// What the survey found out about the document.
    facts: Option<&'s Facts>,
}

impl Run<'_> {
    /// Cleans the files' documents, which are those of the shelf.
    pub(in crate::run) fn finish(
        &self,
        files: &[SourceFile],
        shelf: &Shelf,
        mut verdicts: Verdicts,
        lexicon: &Lexicon,
        output: &mut Output,
        report: &mut Report,
    ) -> Result<(), Error> {
        // taken from as documents are finished, in whatever order that is: what is shown does not depend on it
        let samples = RwLock::new(std::mem::take(&mut report.samples));
        let mut surveyed = (0..).zip(&shelf.documents);
        self.for_each_batch(files, |batch| {
            let mut judge = |(path, item): (Arc<str>, Item)| {
                let is_document = matches!(item, Item::Document(_));
                let known = is_document.then(|| surveyed.next()).flatten();
                let verdict = known.map(|(number, _)| verdicts.of(number));
                Ok(ToFinish {
                    path,
                    item,
                    verdict: verdict.transpose()?.unwrap_or_default(),
                    facts: known.map(|(_, document)| &**document),
                })
            };
            let judged = batch.into_iter().map(&mut judge);
            let judged = judged.collect::<Result<Vec<ToFinish>, Error>>()?;
            let finished: Vec<Result<OutputLines, Error>> = judged
                .into_par_iter()
                .map(|judged| self.finished(judged, lexicon, &samples, &report.clusters))
                .collect();
            for lines in finished {
                let mut lines = lines?;
                self.time(Stage::Write, || lines.write(output))?;
                lines.tell(report, self.watch);
            }
            Ok(())
        })?;
        report.samples = samples.into_inner().unwrap_or_default();
        Ok(())
    }

    fn finished(
        &self,
        ToFinish {
            path,
            item,
            verdict,
            facts,
        }: ToFinish,
        lexicon: &Lexicon,
        samples: &RwLock<Samples>,
        clusters: &Clusters,
    ) -> Result<OutputLines, Error> {
        self.is_stopped()?;
        let document = match item {
            Item::Document(document) => *document,
            Item::Refused(refused) => return Ok(OutputLines::of_refused(&path, refused)),
            Item::Filler(bytes) => return Ok(OutputLines::of_filler(&path, &bytes)),
        };
        let hash = xxh3_64(document.text.as_bytes());
        let Some(facts) = facts.filter(|facts| facts.hash == hash) else {
            return Err(Error::malformed(
                &*path,
                "changed while it was being cleaned; run again",
            ));
        };
        let origin = document.origin.clone();
        let cleaned = match facts.is_refused() {
            true => self.refused_again(&document),
            false => self.cleaner.finish(document, &verdict, lexicon),
        };
        Ok(self.time(Stage::Write, || {
            show(&cleaned, &verdict, samples, clusters);
            let done = Done {
                is_id_repeated: self.is_id_repeated(&cleaned.page.id),
                cleaned: &cleaned,
                path: &path,
                origin,
                verdict: &verdict,
                letters: facts.letters,
            };
            OutputLines::of_document(&done, &self.settings().write)
        }))
    }

    /// A document that the survey refused. It is surveyed again to learn why: prints hold no texts.
    fn refused_again(&self, document: &Document) -> Cleaned {
        let why = self.cleaner.survey(document).refused;
        let why = why.unwrap_or_else(|| Refusal::Fault("the survey failed".into()));
        Cleaned::refused(&document.id, &document.text, why)
    }

    /// Puts the output in its place, the report last.
    pub(in crate::run) fn close(
        &self,
        mut output: Output,
        mut report: Report,
    ) -> Result<Report, Error> {
        if report.read.documents == 0 && report.read.refused == 0 {
            return Err(Error::Nothing);
        }
        report.files = self.time(Stage::Write, || output.close())?;
        let options = &self.settings().write;
        if options.card {
            output.add(CARD, &card::card(&report, options))?;
            report.files.push(CARD.into());
        }
        report.files.push(PAGE.into());
        report.took.stages = self.cleaner.clock().stages(report.read.bytes);
        report.took.wall_seconds = self.start.elapsed().as_secs_f64();
        let json = in_json(&report);
        let page = html::page(&json).expect("the report was just written");
        output.add(PAGE, &page)?;
        output.finish(&report.files, &json)?;
        Ok(report)
    }
}

/// The text of report.json.
fn in_json(report: &Report) -> String {
    let json = serde_json::to_string_pretty(report);
    json.expect("a report holds only names and numbers") + "\n"
}

/// Puts a document among the samples of the report, if it belongs there.
fn show(cleaned: &Cleaned, verdict: &Verdict, samples: &RwLock<Samples>, clusters: &Clusters) {
    if cleaned.refused.is_some() {
        return;
    }
    let is_kept = !cleaned.records.is_empty();
    // a lock is poisoned by a panic only, and then there is no report
    let offer = samples.read().map(|samples| {
        samples.offer(
            &cleaned.page,
            cleaned.all_changes(),
            verdict,
            clusters,
            is_kept,
        )
    });
    if let Some(offer) = offer.ok().filter(|offer| !offer.is_empty())
        && let Ok(mut samples) = samples.write()
    {
        samples.take(offer);
    }
}
