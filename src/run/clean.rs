//! `jiaokan clean`: all three passes over one input, into an output folder.

use super::{Means, Run, Watch};
use crate::Error;
use crate::lexicon::Counts;
use crate::read::{self, FoundFiles, SourceFile};
use crate::report::Report;
use crate::settings::Settings;
use crate::settle::{PrintsFile, Shelf, Stamp, Verdicts};
use crate::write::Output;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Cleans everything below the paths into the folder.
pub fn clean(
    paths: &[PathBuf],
    folder: &Path,
    settings: &Settings,
    means: &Means,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Report, Error> {
    let run = Run::new(settings, means, watch, stop)?;
    prints_lie_apart(means)?;
    let FoundFiles { files, earlier } = read::find(paths, folder)?;
    let mut output = Output::create(folder, &settings.write)?;
    let beside = output.beside().to_path_buf();
    let mut report = run.report(&files);
    report.read.earlier_output = earlier;

    run.begins("survey", &files);
    let mut counts = Counts::default();
    let (parts, shelves) = run.survey_all(&files, &beside, &mut counts)?;
    report.passed("survey", run.start);

    let began = Instant::now();
    watch.begins("settle", 0);
    report.memory.counts = counts.bytes();
    let lexicon = run.lexicon(counts)?;
    let verdicts = |shelf: usize| beside.join(format!("verdicts-{shelf}"));
    let shelves = run.settle(shelves, &beside, verdicts, &lexicon, &mut report)?;
    report.memory.lexicon = lexicon.bytes();
    report.passed("settle", began);

    let began = Instant::now();
    report.read.repeated_ids = run.find_repeated_ids(&shelves.all()[..parts.len()]);
    let documents = shelves.all().iter().flat_map(|shelf| &shelf.documents);
    watch.begins("finish", documents.map(|document| document.bytes).sum());
    for (at, (files, shelf)) in parts.into_iter().zip(shelves.all()).enumerate() {
        let verdicts = Verdicts::open(&verdicts(at), shelf, &settings.repeats)?;
        run.finish(files, shelf, verdicts, &lexicon, &mut output, &mut report)?;
    }
    report.passed("finish", began);
    run.close(output, report)
}

/// Refuses to keep the prints of a run where it looks for those of earlier ones.
fn prints_lie_apart(means: &Means) -> Result<(), Error> {
    let (Some(prints), Some(against)) = (&means.prints, &means.against) else {
        return Ok(());
    };
    if !real(prints).starts_with(real(against)) {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "--prints {} lies in --against {}: the run would take its own documents for those of an earlier one; keep their \
         prints in folders beside each other, as --prints prints/today --against prints/until-yesterday",
        prints.display(),
        against.display(),
    )))
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there = path
        .ancestors()
        .find_map(|above| Some((above, above.canonicalize().ok()?)));
    let joined = there.and_then(|(above, real)| Some(real.join(path.strip_prefix(above).ok()?)));
    joined.unwrap_or(path)
}

impl Run<'_> {
    /// The files, and their prints: all in one file of them; where prints are kept, each in one of its own.
    fn survey_all<'f>(
        &self,
        files: &'f [SourceFile],
        beside: &Path,
        counts: &mut Counts,
    ) -> Result<(Vec<&'f [SourceFile]>, Vec<Shelf>), Error> {
        let Some(kept) = &self.means.prints else {
            let path = beside.join("prints");
            let prints = PrintsFile::create(
                &path,
                self.settings().hash_of_files(),
                Stamp::default(),
                &self.room(beside),
            )?;
            let shelf = self.survey(files, prints, counts)?.finish(None)?;
            return Ok((vec![files], vec![shelf]));
        };
        files
            .iter()
            .map(|file| {
                let shelf = self.survey_unless_kept(file, kept, counts)?;
                Ok((std::slice::from_ref(file), shelf))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cleaner::faults;
    use crate::write;
    use serde_json::{Value, json};
    use std::fs;

    #[test]
    fn a_document_that_makes_a_pass_panic_is_refused_and_the_others_go_on() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
        let record = |id: &str, n: usize| {
            let text = format!("信息通信業(yè)的发展，第{n}年。");
            json!({"id": id, "text": text, "year": n}).to_string() + "\n"
        };
        let ids = ["a", faults::SURVEY, "b", faults::FINISH, "c"];
        let records: String = ids.iter().zip(1..).map(|(id, n)| record(id, n)).collect();
        fs::write(&input, &records).expect("it can be written");
        let (settings, stop) = (Settings::default(), AtomicBool::new(false));
        let run = clean(
            std::slice::from_ref(&input),
            &out,
            &settings,
            &Means::default(),
            &(),
            &stop,
        );
        let report = run.expect("other documents go on");
        assert_eq!((report.read.documents, report.read.refused), (3, 2));
        let values = |name: &str| -> Vec<Value> {
            let text = fs::read_to_string(out.join(name)).expect("it was written");
            let values = text.lines().map(serde_json::from_str);
            values.collect::<Result<_, _>>().expect("it is JSON")
        };
        let id = |value: &Value| value["id"].as_str().map(str::to_string);
        let kept: Vec<_> = values("clean.jsonl").iter().filter_map(id).collect();
        assert_eq!(kept, ["a", "b", "c"]);
        let refused = values("rejected.jsonl");
        let said: Vec<_> = refused.iter().filter_map(id).collect();
        assert_eq!(said, [faults::SURVEY, faults::FINISH]);
        assert!(
            refused
                .iter()
                .all(|line| line["error"].to_string().contains("asked to panic"))
        );
        let back = folder.path().join("back");
        write::undo::undo(&out, &back).expect("nothing was lost");
        let same = fs::read_to_string(back.join("in.jsonl")).expect("it was given back");
        assert_eq!(same, records);
    }
}
