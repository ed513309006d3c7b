//! The last pass: each document cleaned by its verdict, and written.

use crate::Error;
use crate::cleaner::{Cleaned, Refusal};
use crate::lexicon::Lexicon;
use crate::read::{Item, SourceFile};
use crate::repeats::{Facts, Verdict};
use crate::report::samples::{Clusters, Samples};
use crate::report::{Report, Stage, card, html};
use crate::run::Run;
use crate::run::lines::Lines;
use crate::settle::{Shelf, Verdicts};
use crate::write::Output;
use crate::write::files::{CARD, PAGE};
use rayon::prelude::*;
use std::sync::{Arc, RwLock};
use xxhash_rust::xxh3::xxh3_64;

/// What was read, and what settle said of it if it is a document.
struct Judged<'s> {
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
                let known = matches!(item, Item::Document(_))
                    .then(|| surveyed.next())
                    .flatten();
                let verdict = match known {
                    Some((number, _)) => verdicts.of(number)?,
                    None => Verdict::default(),
                };
                Ok(Judged {
                    path,
                    item,
                    verdict,
                    facts: known.map(|(_, document)| &**document),
                })
            };
            let judged: Vec<Judged> = batch
                .into_iter()
                .map(&mut judge)
                .collect::<Result<_, Error>>()?;
            let finished: Vec<Result<Lines, Error>> = judged
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
        Judged {
            path,
            item,
            verdict,
            facts,
        }: Judged,
        lexicon: &Lexicon,
        samples: &RwLock<Samples>,
        clusters: &Clusters,
    ) -> Result<Lines, Error> {
        self.is_stopped()?;
        let document = match item {
            Item::Document(document) => *document,
            Item::Refused(refused) => return Ok(Lines::of_refused(&path, refused)),
            Item::Filler(bytes) => return Ok(Lines::of_filler(&path, &bytes)),
        };
        let hash = xxh3_64(document.text.as_bytes());
        let Some(facts) = facts.filter(|facts| facts.hash == hash) else {
            return Err(Error::malformed(
                &*path,
                "changed while it was being cleaned; run again",
            ));
        };
        let origin = document.origin.clone();
        let cleaned = if facts.is_refused() {
            // the survey is made again to learn why it failed: prints hold no texts
            let why = self.cleaner.survey(&document).refused;
            let why = why.unwrap_or_else(|| Refusal::Fault("the survey failed".into()));
            Cleaned::refused(&document.id, &document.text, why)
        } else {
            self.cleaner.finish(document, &verdict, lexicon)
        };
        Ok(self.time(Stage::Write, || {
            show(&cleaned, &verdict, samples, clusters);
            let is_id_repeated = self
                .repeated_ids
                .get()
                .is_some_and(|repeated| repeated.contains(&xxh3_64(cleaned.page.id.as_bytes())));
            let options = &self.settings().write;
            Lines::of_document(
                &cleaned,
                &path,
                origin,
                &verdict,
                is_id_repeated,
                facts.letters,
                options,
            )
        }))
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
        if self.settings().write.card {
            output.add(CARD, &card::card(&report, &self.settings().write))?;
            report.files.push(CARD.into());
        }
        report.files.push(PAGE.into());
        report.took.stages = self.cleaner.clock().stages(report.read.bytes);
        report.took.wall_seconds = self.start.elapsed().as_secs_f64();
        let mut json =
            serde_json::to_string_pretty(&report).expect("a report holds only names and numbers");
        json.push('\n');
        let page = html::page(&json).expect("the report was just written");
        output.add(PAGE, &page)?;
        output.finish(&report.files, &json)?;
        Ok(report)
    }
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
