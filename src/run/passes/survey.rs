//! The first pass: what the run must know of each document, into files of prints and into the counts.

use crate::Error;
use crate::cleaner::Survey;
use crate::lexicon::Counts;
use crate::read::{Item, SourceFile};
use crate::report::Stage;
use crate::run::Run;
use crate::settle::{PrintsFile, Shelf, Stamp};
use crate::write::files;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

impl Run<'_> {
    /// Adds what is to be known of the files' documents to the prints and to the counts.
    pub(in crate::run) fn survey(
        &self,
        files: &[SourceFile],
        mut prints: PrintsFile,
        counts: &mut Counts,
    ) -> Result<PrintsFile, Error> {
        self.for_each_batch(files, |batch| {
            let surveys: Vec<(String, Survey)> = batch
                .into_par_iter()
                .filter_map(|(_, item)| match item {
                    Item::Document(document) => Some(document),
                    _ => None,
                })
                .map(|document| {
                    self.is_stopped()?;
                    let survey = self.cleaner.survey(&document);
                    Ok((document.id, survey))
                })
                .collect::<Result<_, Error>>()?;
            for (id, survey) in surveys {
                self.time(Stage::Shingle, || prints.add(&id, &survey.prints))?;
                self.time(Stage::Lexicon, || counts.add(&survey.grams));
                self.watch.advances(1, survey.prints.bytes());
            }
            Ok(())
        })?;
        Ok(prints)
    }

    /// The prints of a file as they are kept in a folder; made, where they are not there or not of this file.
    pub(in crate::run) fn survey_unless_kept(
        &self,
        file: &SourceFile,
        kept: &Path,
        counts: &mut Counts,
    ) -> Result<Shelf, Error> {
        let path = prints_of(file, kept)?;
        let stamp = Stamp::of(&file.path)?;
        let settings = self.settings().hash_of_files();
        if let Ok(shelf) = Shelf::open(&path, settings)
            && shelf.stamp == stamp
        {
            self.watch.advances(shelf.documents.len(), file.bytes);
            counts.merge(shelf.counts()?);
            return Ok(shelf);
        }
        let mut own = Counts::default();
        let shelf = self.survey_and_keep(file, &path, stamp, &mut own)?;
        counts.merge(own);
        Ok(shelf)
    }

    /// Surveys a file, and writes its prints with its counts.
    fn survey_and_keep(
        &self,
        file: &SourceFile,
        path: &Path,
        stamp: Stamp,
        counts: &mut Counts,
    ) -> Result<Shelf, Error> {
        let beside = files::beside(path)?;
        let settings = self.settings().hash_of_files();
        let room = self.room(beside.parent().unwrap_or(Path::new("")));
        let prints = PrintsFile::create(&beside, settings, stamp, &room)?;
        let prints = self.survey(std::slice::from_ref(file), prints, counts)?;
        let shelf = prints.finish(Some(counts))?;
        files::put(&beside, path)?;
        Ok(shelf)
    }
}

/// Where the prints of a file are kept. Files of one name in several folders, of this run and of others, have prints of
/// their own.
fn prints_of(file: &SourceFile, kept: &Path) -> Result<PathBuf, Error> {
    let real = file.path.canonicalize();
    let real = real.map_err(|e| Error::read(&file.path, e))?;
    let place = xxh3_64(real.as_os_str().as_encoded_bytes()) as u32;
    Ok(kept.join(format!("{}-{place:08x}.prints", file.relative)))
}
