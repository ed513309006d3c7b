//! `jiaokan lexicon`: what a corpus teaches about which characters follow which.

use super::lexicon;
use super::{Means, Run, Watch};
use crate::Error;
use crate::lexicon::{Counts, Grams};
use crate::read::{self, Document, Item};
use crate::settings::Settings;
use crate::write::files;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Writes the lexicon of a corpus, of which no more than `most` n-grams are kept.
pub fn learn(
    paths: &[PathBuf],
    to: &Path,
    most: Option<usize>,
    settings: &Settings,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let means = Means::default();
    let run = Run::new(settings, &means, watch, stop)?;
    let files = read::files(paths, to)?;
    run.begins("survey", &files);
    let mut counts = Counts::default();
    run.for_each_batch(&files, |batch| {
        let grams: Vec<(Grams, u64)> = batch
            .into_par_iter()
            .filter_map(|(_, item)| grams(&run, item))
            .collect();
        for (grams, bytes) in grams {
            counts.add(&grams);
            watch.advances(1, bytes);
        }
        Ok(())
    })?;
    let mut model = counts.model();
    if let Some(most) = most {
        model.prune(most);
    }
    let beside = files::beside(to)?;
    lexicon::write(&beside, &model)?;
    files::put(&beside, to)
}

/// The n-grams of a document, and how many bytes it has.
fn grams(run: &Run, item: Item) -> Option<(Grams, u64)> {
    let Item::Document(document) = item else {
        return None;
    };
    let Document {
        id,
        text,
        metadata,
        hints,
        ..
    } = *document;
    let bytes = text.len() as u64;
    let page = run.cleaner.page(&id, text, metadata, hints);
    Some((Grams::of(&page), bytes))
}
