//! The three passes over a corpus in shards, each a command of its own: `survey`, `settle`, `finish`.

use super::lexicon;
use super::{Means, Run, Watch};
use crate::Error;
use crate::lexicon::{Counts, Lexicon};
use crate::read;
use crate::repeats::Level;
use crate::report::Report;
use crate::settings::Settings;
use crate::settle::{PAIRS, PrintsFile, Shelf, Stamp, Verdicts};
use crate::write::{Output, files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Surveys a shard into a file of prints, which is put in its place when it is whole.
pub fn survey_shard(
    paths: &[PathBuf],
    prints: &Path,
    settings: &Settings,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let means = Means::default();
    let run = Run::new(settings, &means, watch, stop)?;
    let files = read::files(paths, prints)?;
    run.begins("survey", &files);
    let mut counts = Counts::default();
    let beside = files::beside(prints)?;
    let file = PrintsFile::create(
        &beside,
        settings.hash_of_files(),
        Stamp::default(),
        &run.room(beside.parent().unwrap_or(Path::new(""))),
    )?;
    run.survey(&files, file, &mut counts)?
        .finish(Some(&counts))?;
    files::put(&beside, prints)
}

/// Settles the prints of all shards: a file of verdicts for each in the folder, named like its prints, and the lexicon
/// of the run. A file that would be the same again is left as it is, so that make need not repeat what depends on it.
pub fn settle_shards(
    prints: &[PathBuf],
    folder: &Path,
    settings: &Settings,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<(), Error> {
    let run = Run::new(settings, means, watch, stop)?;
    watch.begins("settle", 0);
    let mut prints = prints.to_vec();
    prints.sort();
    let names = verdict_names(&prints)?;
    let open = |path: &PathBuf| Shelf::open(path, settings.hash_of_files());
    let shelves: Vec<Shelf> = prints.iter().map(open).collect::<Result<_, _>>()?;
    let beside = files::Beside::create(folder)?;
    let model = match &means.lexicon {
        Some(path) => lexicon::read(path)?,
        None => learn(&shelves, &beside.path().join("lexicon"))?,
    };
    run.settle(
        shelves,
        beside.path(),
        |shelf| beside.path().join(&names[shelf]),
        &model,
        &mut Report::default(),
    )?;
    // only now: a lexicon must not stand beside verdicts of another run
    if means.lexicon.is_none() {
        beside.put_if_changed(Path::new("lexicon"))?;
    }
    if settings.repeats.duplicates != Level::Off {
        beside.put_if_changed(Path::new(PAIRS))?;
    }
    names
        .iter()
        .try_for_each(|name| beside.put_if_changed(name))
}

/// The lexicon that all shards teach together, which is also written to that path.
fn learn(shelves: &[Shelf], path: &Path) -> Result<Lexicon, Error> {
    let mut counts = Counts::default();
    for shelf in shelves {
        counts.merge(shelf.counts()?);
    }
    let model = counts.model();
    lexicon::write(path, &model)?;
    Ok(Lexicon::from(model))
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

/// The files of a shard's prints and its verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'p> {
    pub prints: &'p Path,
    pub verdicts: &'p Path,
}

/// Cleans a shard whose verdicts are known.
pub fn finish_shard(
    paths: &[PathBuf],
    Settled { prints, verdicts }: Settled,
    folder: &Path,
    settings: &Settings,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Report, Error> {
    let run = Run::new(settings, means, watch, stop)?;
    let files = read::files(paths, folder)?;
    let shelf = Shelf::open(prints, settings.hash_of_files())?;
    let lexicon = run.lexicon(Counts::default())?;
    let mut output = Output::create(folder, &settings.write)?;
    let mut report = run.report(&files);
    report.read.repeated_ids = run.find_repeated_ids(std::slice::from_ref(&shelf));
    let verdicts = || Verdicts::open(verdicts, &shelf, &settings.repeats);
    count_clusters(verdicts()?, &shelf, &mut report)?;
    watch.begins("finish", shelf.documents.iter().map(|d| d.bytes).sum());
    run.finish(
        &files,
        &shelf,
        verdicts()?,
        &lexicon,
        &mut output,
        &mut report,
    )?;
    report.passed("finish", run.start);
    run.close(output, report)
}

/// Counts the clusters of all documents of a shelf, and chooses those that the report shows.
fn count_clusters(mut verdicts: Verdicts, shelf: &Shelf, report: &mut Report) -> Result<(), Error> {
    for document in 0..shelf.documents.len() as u32 {
        report.clusters.count(&verdicts.of(document)?);
    }
    report.clusters.choose();
    Ok(())
}
