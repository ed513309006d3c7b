//! Settles documents whose prints come as bytes: the pass that sees the whole corpus, for callers with files of their own.

use crate::Error;
use crate::lexicon::Lexicon;
use crate::repeats::Verdict;
use crate::settings::Settings;
use crate::settle::{PrintsFile, Rejected, Room, Shelf, Shelves, Stamp};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// The second pass: takes the prints of every document, then says what was found of each.
///
/// ```
/// use jiaokan::{Cleaner, Counts, Document, Room, Settings, Settle};
/// use std::sync::atomic::AtomicBool;
///
/// let cleaner = Cleaner::new(Settings::default());
/// let hash = cleaner.settings().hash();
/// let text = "灯塔在傍晚重新点亮，守塔人说这一天他等了很久，他把当天的风向和潮水都记在本子里。";
/// let documents = ["a", "b"].map(|id| Document::new(id, text));
///
/// let mut settle = Settle::new(cleaner.settings(), Room::in_memory())?;
/// let mut counts = Counts::default();
/// for (key, document) in (0..).zip(&documents) {
///     let survey = cleaner.survey(document);
///     settle.add(key, &survey.prints.to_bytes(&document.id, hash))?;
///     counts.add(&survey.grams);
/// }
/// let lexicon = counts.lexicon();
/// let mut copies = Vec::new();
/// settle.verdicts(&lexicon, &AtomicBool::new(false), |key, verdict| {
///     let is_copy = verdict.duplicate.as_ref().is_some_and(|duplicate| duplicate.is_copy);
///     copies.extend(is_copy.then_some(key));
///     Ok(())
/// })?;
/// assert_eq!(copies, [1]);
/// # Ok::<_, jiaokan::Error>(())
/// ```
pub struct Settle {
    settings: Settings,
    room: Room,
    own: Gathered,
    earlier: Gathered,
    /// Where the prints are until they are settled, unless they stay in memory.
    _folder: Option<TempDir>,
}

/// Documents in the order in which they came.
struct Gathered {
    prints: PrintsFile,
    keys: Vec<u64>,
}

impl Settle {
    /// Begins without documents. What does not fit into the room's memory goes to a hidden folder of its folder, which is
    /// deleted in the end.
    ///
    /// # Errors
    /// If that folder cannot be made.
    pub fn new(settings: &Settings, room: Room) -> Result<Self, Error> {
        let (room, folder) = room.apart()?;
        Ok(Settle {
            own: Gathered::new("own", settings, &room)?,
            earlier: Gathered::new("earlier", settings, &room)?,
            settings: settings.clone(),
            room,
            _folder: folder,
        })
    }

    /// Adds a document: its prints as `Prints::to_bytes` made them, and a key of the caller's by which its verdict is known.
    ///
    /// # Errors
    /// If the prints are damaged, or were made with other settings or by another version; or if the disk is full.
    pub fn add(&mut self, key: u64, prints: &[u8]) -> Result<(), Error> {
        self.own.add(key, prints)
    }

    /// Adds a document of an earlier run: it stays whatever comes, and has no verdict.
    ///
    /// # Errors
    /// Those of `add`.
    pub fn add_earlier(&mut self, prints: &[u8]) -> Result<(), Error> {
        self.earlier.add(0, prints)
    }

    /// Compares all documents, and hands on the verdict of each of which something was found, with its key. For the others
    /// `Verdict::default()` holds. Returns how many candidates the letters refuted.
    ///
    /// # Errors
    /// `Error::Interrupted` soon after `stop` is set, what `take` returns, and what the disk says.
    pub fn verdicts(
        self,
        lexicon: &Lexicon,
        stop: &AtomicBool,
        mut take: impl FnMut(u64, Verdict) -> Result<(), Error>,
    ) -> Result<Rejected, Error> {
        let keys = self.own.keys;
        let shelves: Vec<Shelf> = [self.own.prints, self.earlier.prints]
            .into_iter()
            .map(|prints| prints.finish(None))
            .collect::<Result<_, _>>()?;
        let options = &self.settings.repeats;
        let mut shelves = Shelves::new(shelves, 1, options, self.room);
        shelves.verdicts(options, lexicon, stop, |_, verdict| {
            take(keys[verdict.document as usize], verdict)
        })?;
        Ok(shelves.rejected)
    }
}

impl Gathered {
    fn new(name: &str, settings: &Settings, room: &Room) -> Result<Self, Error> {
        let hash = settings.hash();
        let prints = match room.folder() {
            Some(folder) => PrintsFile::create(&folder.join(name), hash, Stamp::default(), room)?,
            None => PrintsFile::in_memory(hash)?,
        };
        Ok(Gathered {
            prints,
            keys: Vec::new(),
        })
    }

    fn add(&mut self, key: u64, prints: &[u8]) -> Result<(), Error> {
        self.prints.add_bytes(prints)?;
        self.keys.push(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cleaner::Cleaner;
    use crate::read::Document;
    use crate::repeats::Duplicate;

    const TEXT: &str =
        "灯塔在傍晚重新点亮，守塔人说这一天他等了很久，他把当天的风向和潮水都记在本子里。";

    fn prints(id: &str, settings: &Settings) -> Vec<u8> {
        let survey = Cleaner::new(settings.clone()).survey(&Document::new(id, TEXT));
        survey.prints.to_bytes(id, settings.hash())
    }

    #[test]
    fn a_document_of_an_earlier_run_stays_and_its_copy_goes() {
        let settings = Settings::default();
        let folder = tempfile::tempdir().unwrap();
        for room in [Room::in_memory(), Room::new(folder.path(), 1 << 20)] {
            let mut settle = Settle::new(&settings, room).unwrap();
            settle.add(7, &prints("a", &settings)).unwrap();
            settle.add_earlier(&prints("z", &settings)).unwrap();
            let mut found = Vec::new();
            let take = |key, verdict: Verdict| {
                found.push((key, verdict.duplicate));
                Ok(())
            };
            let stop = AtomicBool::new(false);
            settle.verdicts(Lexicon::shipped(), &stop, take).unwrap();
            let [(7, Some(Duplicate { of, is_copy, .. }))] = &found[..] else {
                panic!("{found:?}");
            };
            assert_eq!((of.as_deref(), *is_copy), (Some("z"), true));
        }
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "the folder is as it was");
    }

    #[test]
    fn prints_of_other_settings_are_refused() {
        let web = Settings::preset("web").unwrap();
        let mut settle = Settle::new(&Settings::default(), Room::in_memory()).unwrap();
        let error = settle.add(0, &prints("a", &web)).unwrap_err();
        assert!(error.to_string().contains("other settings"), "{error}");
    }
}
