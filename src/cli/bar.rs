//! The only progress bar.

use crate::read::Refused;
use crate::run::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Refusals for one reason that are shown, and refusals in all.
const SHOWN: (usize, usize) = (3, 12);

/// A progress bar on a terminal; quiet anywhere else.
pub(super) struct Bar {
    bar: ProgressBar,
    quiet: bool,
    /// Documents of the present pass that are done.
    documents: AtomicUsize,
    /// How many documents were refused for each reason, in the order in which the reasons came, and how many were shown.
    refused: Mutex<(Vec<Reason>, HashMap<String, usize>)>,
}

struct Reason {
    error: String,
    refused: usize,
    shown: usize,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        let style =
            "{msg:8} {bar:30} {percent:>3} %  {prefix} documents  {bytes_per_sec}  {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("a template that was tried"));
        Bar {
            bar,
            quiet,
            documents: AtomicUsize::new(0),
            refused: Mutex::default(),
        }
    }

    pub(super) fn clear(self) {
        self.bar.finish_and_clear();
        let (reasons, _) = self.refused.into_inner().unwrap_or_default();
        let more = |reason: &&Reason| reason.refused > reason.shown;
        for reason in reasons.iter().filter(more).take(SHOWN.1) {
            let more = reason.refused - reason.shown;
            anstream::eprintln!("refused: {more} more like it: {}", reason.error);
        }
    }
}

impl Watch for Bar {
    fn begins(&self, pass: &str, bytes: u64) {
        self.bar.reset();
        self.bar.set_length(bytes);
        self.documents.store(0, Ordering::Relaxed);
        self.bar.set_prefix("0");
        self.bar.set_message(pass.to_string());
    }

    fn advances(&self, documents: usize, bytes: u64) {
        self.bar.inc(bytes);
        let before = self.documents.fetch_add(documents, Ordering::Relaxed);
        self.bar.set_prefix((before + documents).to_string());
    }

    fn refuses(&self, refused: &Refused) {
        let Ok(mut known) = self.refused.lock() else {
            return;
        };
        let (reasons, places) = &mut *known;
        // a reason may name a row or a byte
        let kind: String = refused.error.split(|c: char| c.is_ascii_digit()).collect();
        let shown: usize = reasons.iter().map(|reason| reason.shown).sum();
        let place = *places.entry(kind).or_insert_with(|| {
            let error = refused.error.clone();
            reasons.push(Reason {
                error,
                refused: 0,
                shown: 0,
            });
            reasons.len() - 1
        });
        let reason = &mut reasons[place];
        reason.refused += 1;
        if reason.shown < SHOWN.0 && shown < SHOWN.1 {
            reason.shown += 1;
            self.bar
                .suspend(|| anstream::eprintln!("refused: {refused}"));
        }
    }

    fn notes(&self, what: &str) {
        if !self.quiet {
            self.bar.suspend(|| anstream::eprintln!("{what}"));
        }
    }
}
