//! What one item of the input leaves: its lines in each output file, and its counts in the report.

use super::Watch;
use crate::Error;
use crate::cleaner::{Cleaned, Refusal};
use crate::read::{self, Origin, Refused};
use crate::repeats::Verdict;
use crate::report::card::Scripts;
use crate::report::samples::Share;
use crate::report::{Report, Tally};
use crate::write::record::{self, Changed, Clustered, Source};
use crate::write::records::Ready;
use crate::write::{self, Output};
use std::sync::Arc;

/// The lines for a document, for what was refused, or for what is between documents.
#[derive(Default)]
pub(super) struct OutputLines {
    /// The path of the file that it comes from.
    path: Arc<str>,
    /// A record, or one for each article.
    clean: Vec<Ready>,
    changes: String,
    source: String,
    cluster: Option<Clustered>,
    refused: Option<Refused>,
    tally: Tally,
    share: Share,
}

/// A document that the last pass has cleaned, and what else its lines say.
pub(super) struct Done<'d> {
    pub cleaned: &'d Cleaned,
    pub path: &'d Arc<str>,
    pub origin: Origin,
    pub verdict: &'d Verdict,
    /// Another document of the run has the same id.
    pub is_id_repeated: bool,
    /// As the survey counted them.
    pub letters: u32,
}

impl Done<'_> {
    fn is_kept(&self) -> bool {
        !self.cleaned.records.is_empty()
    }

    /// Its line in clusters.jsonl, if it has near-duplicates.
    fn clustered(&self) -> Option<Clustered> {
        let copy = self.verdict.duplicate.as_ref()?;
        Some(Clustered {
            id: self.cleaned.page.id.clone(),
            source: self.is_id_repeated.then(|| self.path.to_string()),
            line: self.origin.line.filter(|_| self.is_id_repeated),
            cluster: copy.cluster.clone(),
            keep: !copy.is_copy,
            similarity: copy.similarity,
        })
    }

    /// Its line in sources.jsonl.
    fn source(&self) -> Source {
        let page = &self.cleaned.page;
        let is_split = self.is_kept() && !page.articles.is_empty();
        Source {
            path: self.path.to_string(),
            id: Some(page.id.clone()),
            kept: Some(self.is_kept()),
            changes: Some(self.cleaned.all_changes().len()),
            parts: is_split.then_some(page.articles.len()),
            empty: self.cleaned.empty.clone(),
            refused: false,
            origin: self.origin.clone(),
        }
    }

    /// What there is to count of it, but for what was counted in the survey.
    fn tally(&self, options: &write::Options) -> Tally {
        let (mut tally, cleaned) = (changes(self.cleaned), self.cleaned);
        tally.read.documents = 1;
        tally.read.bytes = cleaned.page.text().len() as u64;
        tally.read.letters = self.letters.into();
        let is_empty = cleaned.empty.is_some();
        let is_dropped = !self.is_kept() && !is_empty && self.verdict.duplicate.is_some();
        tally.written.copies_dropped = usize::from(is_dropped);
        tally.written.empty = usize::from(is_empty);
        tally.written.documents = usize::from(self.is_kept());
        if self.is_kept() {
            tally.written.articles = cleaned.page.articles.len();
        }
        tally.written.junctions = cleaned.junctions;
        let texts = || cleaned.records.iter().map(|record| record.text.as_str());
        tally.written.bytes = texts().map(|text| text.len() as u64).sum();
        let scripts = || texts().map(Scripts::of).sum();
        tally.written.scripts = options.card.then(scripts);
        tally
    }
}

impl OutputLines {
    pub(super) fn of_document(done: &Done, options: &write::Options) -> Self {
        let (cleaned, source) = (done.cleaned, done.source());
        if let Some(why) = &cleaned.refused {
            return OutputLines::of_failed(&source, why, done.verdict);
        }
        OutputLines {
            path: done.path.clone(),
            clean: cleaned
                .records
                .iter()
                .map(|record| Ready::of(record, options.format))
                .collect(),
            changes: cleaned.all_changes().iter().map(record::line).collect(),
            source: record::line(&source),
            cluster: done.clustered(),
            refused: None,
            tally: done.tally(options),
            share: share(cleaned),
        }
    }

    pub(super) fn of_refused(path: &str, refused: Refused) -> Self {
        let origin = Origin {
            line: refused.line,
            bytes: refused.bytes.clone(),
            ..Origin::default()
        };
        let mut lines = OutputLines::between(path, refused.bytes.is_none(), origin);
        lines.tally.read.refused = 1;
        lines.refused = Some(refused);
        lines
    }

    /// Of a document that was read and could not be cleaned: `undo` gives it back as it came.
    fn of_failed(source: &Source, why: &Refusal, verdict: &Verdict) -> Self {
        let copies = match &verdict.duplicate {
            Some(copy) if !copy.is_copy => {
                format!("; copies of it in cluster {} may have gone", copy.cluster)
            }
            _ => String::new(),
        };
        let id = source.id.as_deref().unwrap_or_default();
        let error = format!("jiaokan failed, please report it: {why}{copies}");
        let mut lines = OutputLines {
            source: record::line(source),
            refused: Some(Refused::document(
                &source.path,
                source.origin.line,
                id,
                error,
            )),
            ..OutputLines::default()
        };
        lines.tally.read.refused = 1;
        lines
    }

    pub(super) fn of_filler(path: &str, bytes: &[u8]) -> Self {
        let origin = Origin {
            bytes: Some(read::hexadecimal(bytes)),
            ..Origin::default()
        };
        OutputLines::between(path, false, origin)
    }

    /// Of what is no document.
    fn between(path: &str, refused: bool, origin: Origin) -> Self {
        let source = Source {
            path: path.into(),
            refused,
            origin,
            ..Source::default()
        };
        OutputLines {
            source: record::line(&source),
            ..OutputLines::default()
        }
    }

    /// Writes the lines into their files.
    pub(super) fn write(&mut self, output: &mut Output) -> Result<(), Error> {
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
        Ok(())
    }

    /// Adds the counts to the report, and tells who watches.
    pub(super) fn tell(self, report: &mut Report, watch: &dyn Watch) {
        if let Some(refused) = &self.refused {
            watch.refuses(refused);
        }
        *report += self.tally;
        if self.share.documents > 0 {
            report.sources.add(&self.path, &self.share);
        }
        if self.share.bytes > 0 {
            watch.advances(1, self.share.bytes);
        }
    }
}

/// Counts the changes of a document, and what was only remarked.
fn changes(cleaned: &Cleaned) -> Tally {
    let mut tally = Tally::default();
    for change in cleaned.changes() {
        let [before, after] = bytes(change);
        let counts = tally.changes.entry(change.rule.clone()).or_default();
        counts.places += change.at.len() as u64;
        counts.bytes_before += before;
        counts.bytes_after += after;
    }
    for remark in cleaned.remarks() {
        *tally.remarks.entry(remark.rule.clone()).or_default() += remark.at.len() as u64;
    }
    tally
}

/// What the report says of the source of a document.
fn share(cleaned: &Cleaned) -> Share {
    let gone = |change: &Changed| {
        let [before, after] = bytes(change);
        before.saturating_sub(after)
    };
    let removed = cleaned.changes().iter().map(gone).sum();
    let is_copy = cleaned.records.is_empty() && cleaned.empty.is_none();
    Share {
        documents: 1,
        bytes: cleaned.page.text().len() as u64,
        copies: if is_copy { removed } else { 0 },
        removed: if is_copy { 0 } else { removed },
        written: cleaned
            .records
            .iter()
            .map(|record| record.text.len() as u64)
            .sum(),
    }
}

/// The text at all places of a change, before and after.
fn bytes(change: &Changed) -> [u64; 2] {
    let places = change.at.len() as u64;
    [&change.before, &change.after]
        .map(|text| places * text.as_deref().unwrap_or_default().len() as u64)
}
