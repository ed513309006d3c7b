//! Cleans documents one at a time: the two passes that see a document alone, as every driver calls them.

use crate::lexicon::{Grams, Lexicon};
use crate::normalise::{Repairing, mark_damaged, normalise, repair};
use crate::page::edit;
use crate::page::hints::Hints;
use crate::page::metadata::Metadata;
use crate::page::{BETWEEN_ARTICLES, Block, Page};
use crate::read::{Document, guarded};
use crate::rejoin::{Boldness, rejoin};
use crate::repeats::{self, Prints, Verdict};
use crate::report::{Clock, Stage};
use crate::settings::Settings;
use crate::write::record::{self, Changed, Clean};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cleans documents by its settings. It may be shared by threads, and starts none.
#[derive(Debug, Default)]
pub struct Cleaner {
    settings: Settings,
    clock: Clock,
    stop: Option<Arc<AtomicBool>>,
}

/// Why a document came back as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The stop flag was set (`Cleaner::stopped_by`).
    #[error("interrupted")]
    Stopped,
    /// This library panicked: what it said, and where if that is known.
    #[error("{0}")]
    Fault(String),
}

/// What settle must know of a document.
#[derive(Debug, Clone)]
pub struct Survey {
    /// What its letters are compared by.
    pub prints: Prints,
    /// What it teaches about which characters follow which.
    pub grams: Grams,
    /// Why the document could not be looked at. Then it is compared with no other.
    pub refused: Option<Refusal>,
}

/// A document after the last pass.
#[derive(Debug)]
pub struct Cleaned {
    /// Its clean records: one, or one for each article; none, if it left as a copy of another document.
    pub records: Vec<Clean>,
    /// What is left of the text, if that is no letter and no mark: then there is no record, unless empty ones are kept. All
    /// of it, if the document was refused.
    pub(crate) empty: Option<String>,
    /// How many halves of sentences were joined.
    pub junctions: usize,
    /// Why the document could not be cleaned. Then there are neither records nor changes.
    pub refused: Option<Refusal>,
    /// Changes, then moves, then remarks.
    all_changes: Vec<Changed>,
    pub(crate) page: Page,
}

impl Cleaner {
    pub fn new(settings: Settings) -> Self {
        Cleaner {
            settings,
            ..Cleaner::default()
        }
    }

    /// The same, looking at a flag between the steps of a document: once it is set, documents come back refused.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Cleaner {
            stop: Some(stop),
            ..self
        }
    }

    fn go_on(&self) -> Result<(), Refusal> {
        match &self.stop {
            Some(stop) if stop.load(Ordering::Relaxed) => Err(Refusal::Stopped),
            _ => Ok(()),
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the processors spent so far.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The first pass: what the run must know of a document. A panic is caught, and the document refused.
    pub fn survey(&self, document: &Document) -> Survey {
        let survey = attempted(|| {
            self.go_on()?;
            let page = self.page(
                &document.id,
                document.text.clone(),
                document.metadata.clone(),
                document.hints.clone(),
            );
            #[cfg(test)]
            faults::panic_in(&document.id, faults::SURVEY);
            self.go_on()?;
            Ok(self.survey_page(&page))
        });
        survey.unwrap_or_else(|why| Survey {
            prints: Prints::of_refused(&document.id, &document.text),
            grams: Grams::default(),
            refused: Some(why),
        })
    }

    /// The last pass: the document without what the run found twice, repaired, its halves together, in reading order. A
    /// panic is caught, and the document refused.
    pub fn finish(&self, document: Document, verdict: &Verdict, lexicon: &Lexicon) -> Cleaned {
        let Document {
            id,
            text,
            source,
            metadata,
            beside,
            hints,
            ..
        } = document;
        let mut page = Page::new(&id, text);
        page.metadata = metadata;
        page.hints = hints;
        let done = attempted(|| {
            self.go_on()?;
            self.begin(&mut page);
            #[cfg(test)]
            faults::panic_in(&id, faults::FINISH);
            self.go_on()?;
            let junctions = self.finish_page(&mut page, verdict, lexicon);
            let is_kept = !verdict.drops_document(&self.settings.repeats);
            let (records, empty) = self.clock.time(Stage::Write, || {
                let records = is_kept.then(|| record::clean(&page, &source, &beside));
                self.without_empty(records.unwrap_or_default())
            });
            let all_changes = self.clock.time(Stage::Write, || record::changes(&page));
            Ok((records, empty, junctions, all_changes))
        });
        match done {
            Ok((records, empty, junctions, all_changes)) => Cleaned {
                records,
                empty,
                junctions,
                refused: None,
                all_changes,
                page,
            },
            Err(why) => Cleaned::refused(&id, page.text(), why),
        }
    }

    /// The records of a page that is kept, or what is left of its text, if that is nothing to keep.
    fn without_empty(&self, mut records: Vec<Clean>) -> (Vec<Clean>, Option<String>) {
        let is_empty = |record: &Clean| record.text.chars().all(is_blank);
        let keeps_empty = self.settings.write.keep_empty;
        let is_empty = !records.is_empty() && !keeps_empty && records.iter().all(is_empty);
        let empty = is_empty.then(|| whole(&std::mem::take(&mut records)));
        (records, empty)
    }

    /// A document by itself: no other is compared with it, and the lexicon that ships says what is likely.
    ///
    /// ```
    /// use jiaokan::{Cleaner, Document, Settings};
    ///
    /// let text = "信息通信業(yè)的发展。\n";
    /// let cleaned = Cleaner::new(Settings::default()).clean_alone(Document::new("a", text));
    /// assert_eq!(cleaned.undo().as_deref(), Some(text));
    /// ```
    pub fn clean_alone(&self, document: Document) -> Cleaned {
        self.finish(document, &Verdict::default(), Lexicon::shipped())
    }

    /// A page cut and repaired: where both passes begin.
    #[doc(hidden)]
    pub fn page(
        &self,
        id: &str,
        text: String,
        metadata: impl Into<Metadata>,
        hints: Hints,
    ) -> Page {
        let mut page = Page::new(id, text);
        page.metadata = metadata.into();
        page.hints = hints;
        self.begin(&mut page);
        page
    }

    fn begin(&self, page: &mut Page) {
        page.without = self.settings.without;
        if self.settings.looks_into_pages() {
            self.clock.time(Stage::Segment, || {
                crate::segment::segment(page);
                page.nature = crate::nature::nature(page);
                page.nature.take_for(self.settings.taken_for);
            });
        } else {
            page.blocks = vec![Block {
                span: 0..page.text().len(),
                ..Block::default()
            }];
        }
        if self.settings.repair != Repairing::Off {
            self.clock
                .time(Stage::Normalise, || normalise(page, self.settings.script));
        }
        mark_damaged(page);
    }

    #[doc(hidden)]
    pub fn survey_page(&self, page: &Page) -> Survey {
        let prints = self
            .clock
            .time(Stage::Shingle, || Prints::of(page, &self.settings.repeats));
        let grams = if self.settings.rejoin.join != Boldness::Off {
            self.clock.time(Stage::Lexicon, || Grams::of(page))
        } else {
            Grams::default()
        };
        Survey {
            prints,
            grams,
            refused: None,
        }
    }

    /// Returns how many junctions were made.
    #[doc(hidden)]
    pub fn finish_page(&self, page: &mut Page, verdict: &Verdict, lexicon: &Lexicon) -> usize {
        let settings = &self.settings;
        self.clock.time(Stage::Repeats, || {
            repeats::apply(page, verdict, &settings.repeats, lexicon)
        });
        if verdict.drops_document(&settings.repeats) {
            return 0;
        }
        if settings.repair != Repairing::Off {
            let eager = settings.repair == Repairing::Eager;
            self.clock.time(Stage::Normalise, || {
                repair(page, lexicon, settings.script, eager)
            });
        }
        if !settings.rejoin.lays_out() {
            return 0;
        }
        self.clock
            .time(Stage::Rejoin, || rejoin(page, lexicon, &settings.rejoin))
            .len()
    }
}

impl Cleaned {
    /// A document that could not be cleaned: its text as it came.
    pub(crate) fn refused(id: &str, text: &str, why: Refusal) -> Self {
        Cleaned {
            records: Vec::new(),
            empty: Some(text.into()),
            junctions: 0,
            refused: Some(why),
            all_changes: Vec::new(),
            page: Page::new(id, text),
        }
    }

    /// All that changes.jsonl says of the document: its changes, its moves, its remarks.
    pub fn all_changes(&self) -> &[Changed] {
        &self.all_changes
    }

    /// What was replaced or dropped, in the order of the text as it came.
    pub fn changes(&self) -> &[Changed] {
        &self.all_changes[..self.moves_start()]
    }

    /// What stands elsewhere in the clean text.
    pub fn moves(&self) -> &[Changed] {
        &self.all_changes[self.moves_start()..self.remarks_start()]
    }

    /// What was seen and left alone.
    pub fn remarks(&self) -> &[Changed] {
        &self.all_changes[self.remarks_start()..]
    }

    fn moves_start(&self) -> usize {
        self.all_changes
            .partition_point(|change| change.applied && change.follows.is_none())
    }

    fn remarks_start(&self) -> usize {
        self.all_changes.partition_point(|change| change.applied)
    }

    /// The text as it came, made from the clean records, the changes and the moves alone. `None` where they were edited
    /// and no longer fit one another.
    pub fn undo(&self) -> Option<String> {
        let text = self.empty.clone().unwrap_or_else(|| whole(&self.records));
        let (changes, moves) = record::undoing(&self.all_changes);
        edit::undo(&text, &changes, &moves)
    }
}

/// The result of work on a document, unless it panics.
fn attempted<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    guarded(work).unwrap_or_else(|said| Err(Refusal::Fault(said)))
}

/// The text of a page of which these are the records.
fn whole(records: &[Clean]) -> String {
    let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
    texts.join(BETWEEN_ARTICLES)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Documents that make the passes panic, for the tests of what becomes of them.
#[cfg(test)]
pub(crate) mod faults {
    /// What the id of a document contains that makes the first pass panic, or the last.
    pub(crate) const SURVEY: &str = "panics in survey";
    pub(crate) const FINISH: &str = "panics in finish";

    pub(crate) fn panic_in(id: &str, pass: &str) {
        assert!(!id.contains(pass), "asked to panic");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "信息通信業(yè)的发展。\n";

    #[test]
    fn a_document_that_makes_a_pass_panic_comes_back_as_it_was() {
        let cleaner = Cleaner::new(Settings::default());
        let survey = |id: &str| cleaner.survey(&Document::new(id, TEXT));
        assert_eq!(survey("a").refused, None);
        let said = Some(Refusal::Fault("asked to panic".into()));
        let refused = survey(faults::SURVEY);
        assert_eq!(refused.refused, said);
        let hash = cleaner.settings().hash();
        let bytes = refused.prints.to_bytes(faults::SURVEY, hash);
        assert!(Prints::from_bytes(&bytes, hash).is_some());

        let cleaned = cleaner.clean_alone(Document::new(faults::FINISH, TEXT));
        assert_eq!(cleaned.refused, said);
        assert!(cleaned.records.is_empty() && cleaned.all_changes().is_empty());
        assert_eq!(cleaned.undo().as_deref(), Some(TEXT));
        // the next document of the same cleaner is cleaned
        assert!(
            !cleaner
                .clean_alone(Document::new("a", TEXT))
                .changes()
                .is_empty()
        );
    }

    #[test]
    fn documents_are_refused_once_the_flag_is_set() {
        let stop = Arc::new(AtomicBool::new(false));
        let cleaner = Cleaner::new(Settings::default()).stopped_by(stop.clone());
        let cleaned = || cleaner.clean_alone(Document::new("a", TEXT));
        assert_eq!(cleaned().refused, None);
        stop.store(true, Ordering::Relaxed);
        assert_eq!(cleaned().refused, Some(Refusal::Stopped));
        assert_eq!(cleaned().undo().as_deref(), Some(TEXT));
        let survey = cleaner.survey(&Document::new("a", TEXT));
        assert_eq!(survey.refused, Some(Refusal::Stopped));
    }
}
