//! The second pass, the only one that sees the whole run: verdicts over all prints, and the lexicon over all counts.

use crate::Error;
use crate::lexicon::{Counts, Lexicon};
use crate::report::{Report, Stage};
use crate::run::Run;
use crate::run::lexicon;
use crate::settle::{Shelf, Shelves, VerdictsFile, files_below};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Whether a folder for the prints of earlier runs is not there yet, or is empty. A file of prints that is not there is
/// missing.
fn is_first_day(folder: &Path) -> bool {
    let is_folder = folder.extension().is_none_or(|ending| ending != "prints");
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => is_folder && error.kind() == ErrorKind::NotFound,
    }
}

impl Run<'_> {
    /// The model that was given, else the one of what was counted.
    pub(in crate::run) fn lexicon(&self, counts: Counts) -> Result<Lexicon, Error> {
        let clock = self.cleaner.clock();
        clock.time_alone(Stage::Lexicon, || match &self.means.lexicon {
            Some(path) => lexicon::read(path),
            None => Ok(counts.lexicon()),
        })
    }

    /// Goes over all prints, and writes a file of verdicts for each shelf.
    pub(in crate::run) fn settle(
        &self,
        mut shelves: Vec<Shelf>,
        folder: &Path,
        verdicts: impl Fn(usize) -> PathBuf,
        lexicon: &Lexicon,
        report: &mut Report,
    ) -> Result<Shelves, Error> {
        let count = shelves.len();
        if let Some(against) = &self.means.against {
            shelves.extend(self.earlier(against)?);
        }
        let room = self.room(folder);
        let options = &self.settings().repeats;
        self.cleaner.clock().time_alone(Stage::Repeats, || {
            let mut files: Vec<VerdictsFile> = (0..count)
                .map(|at| VerdictsFile::create(&verdicts(at), &shelves[at], options))
                .collect::<Result<_, _>>()?;
            let mut shelves = Shelves::new(shelves, count, options, room);
            shelves.verdicts(options, lexicon, self.stop, |shelf, verdict| {
                report.clusters.count(&verdict);
                files[shelf].add(&verdict)
            })?;
            files.into_iter().try_for_each(VerdictsFile::finish)?;
            report.clusters.choose();
            report.rejected = shelves.rejected;
            report.memory.prints = shelves.bytes();
            Ok(shelves)
        })
    }

    /// The prints of earlier runs, of which there may be none yet.
    fn earlier(&self, against: &Path) -> Result<Vec<Shelf>, Error> {
        if is_first_day(against) {
            let path = against.display();
            let note = format!("--against {path}: there are no prints of earlier runs yet");
            self.watch.notes(&note);
            return Ok(Vec::new());
        }
        let open = |path: &PathBuf| Shelf::open(path, self.settings().hash_of_files());
        files_below(against)?.iter().map(open).collect()
    }
}
