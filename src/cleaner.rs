//! Cleans documents one at a time: the two passes that see a document alone, as every driver calls them.

use crate::lexicon::{Grams, Lexicon};
use crate::normalise::{Repairing, mark_damaged, normalise, repair};
use crate::page::edit;
use crate::page::hints::Hints;
use crate::page::metadata::Metadata;
use crate::page::{BETWEEN_ARTICLES, Block, Page};
use crate::read::Document;
use crate::rejoin::{Boldness, rejoin};
use crate::repeats::{self, Prints, Verdict};
use crate::report::{Clock, Stage};
use crate::settings::Settings;
use crate::write::record::{self, Changed, Clean};

/// Cleans documents by its settings. It may be shared by threads, and starts none.
#[derive(Debug, Default)]
pub struct Cleaner {
    settings: Settings,
    clock: Clock,
}

/// What settle must know of a document.
#[derive(Debug, Clone)]
pub struct Survey {
    /// What its letters are compared by.
    pub prints: Prints,
    /// What it teaches about which characters follow which.
    pub grams: Grams,
}

/// A document after the last pass.
#[derive(Debug)]
pub struct Cleaned {
    /// Its clean records: one, or one for each article; none, if it left as a copy of another document.
    pub records: Vec<Clean>,
    /// What is left of the text, if that is no letter and no mark: then there is no record, unless empty ones are kept.
    pub(crate) empty: Option<String>,
    /// How many halves of sentences were joined.
    pub junctions: usize,
    /// Changes, then moves, then remarks.
    all_changes: Vec<Changed>,
    pub(crate) page: Page,
}

impl Cleaner {
    pub fn new(settings: Settings) -> Self {
        Cleaner {
            settings,
            clock: Clock::default(),
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the processors spent so far.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The first pass: what the run must know of a document.
    pub fn survey(&self, document: &Document) -> Survey {
        self.survey_page(&self.page(
            &document.id,
            document.text.clone(),
            document.metadata.clone(),
            document.hints.clone(),
        ))
    }

    /// The last pass: the document without what the run found twice, repaired, its halves together, in reading order.
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
        let mut page = self.page(&id, text, metadata, hints);
        let junctions = self.finish_page(&mut page, verdict, lexicon);
        self.clock.time(Stage::Write, || {
            let is_kept = !verdict.drops_document(&self.settings.repeats);
            let records = is_kept.then(|| record::clean(&page, &source, &beside));
            let mut records = records.unwrap_or_default();
            let is_empty = |record: &Clean| record.text.chars().all(is_blank);
            let keeps_empty = self.settings.write.keep_empty;
            let is_empty = is_kept && !keeps_empty && records.iter().all(is_empty);
            let empty = is_empty.then(|| whole(&std::mem::take(&mut records)));
            Cleaned {
                records,
                empty,
                junctions,
                all_changes: record::changes(&page),
                page,
            }
        })
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
        page.without = self.settings.without;
        if self.settings.looks_into_pages() {
            self.clock.time(Stage::Segment, || {
                crate::segment::segment(&mut page);
                page.nature = crate::nature::nature(&page);
                page.nature.take_for(self.settings.taken_for);
            });
        } else {
            page.blocks = vec![Block {
                span: 0..page.text().len(),
                ..Block::default()
            }];
        }
        if self.settings.repair != Repairing::Off {
            self.clock.time(Stage::Normalise, || {
                normalise(&mut page, self.settings.script)
            });
        }
        mark_damaged(&mut page);
        page
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
        Survey { prints, grams }
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

/// The text of a page of which these are the records.
fn whole(records: &[Clean]) -> String {
    let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
    texts.join(BETWEEN_ARTICLES)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}
