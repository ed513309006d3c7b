//! The paths to read, standard input among them.

use crate::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The paths to read. Standard input is read twice, so it is kept in a file while the run lasts.
pub(super) struct Inbox {
    pub paths: Vec<PathBuf>,
    spooled: Option<PathBuf>,
}

impl Inbox {
    /// The paths that are named, and those that a list names.
    pub(super) fn open(named: &[PathBuf], list: Option<&Path>, out: &Path) -> Result<Self, Error> {
        let mut inbox = Inbox {
            paths: named.to_vec(),
            spooled: None,
        };
        inbox.paths.extend(list.map_or(Ok(Vec::new()), listed)?);
        if inbox.paths.is_empty() {
            return Err(Error::Usage(
                "name files or folders to clean, or a list of them with --files-from".into(),
            ));
        }
        for path in inbox.paths.iter_mut().filter(|p| is_stdin(p)) {
            let spool = spool(out)?;
            *path = spool.clone();
            inbox.spooled = Some(spool);
        }
        Ok(inbox)
    }

    /// Those that will be there another time.
    pub(super) fn lasting(&self) -> Vec<PathBuf> {
        self.paths
            .iter()
            .filter(|path| Some(*path) != self.spooled.as_ref())
            .cloned()
            .collect()
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The paths that a file lists, one a line.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let text = if is_stdin(list) {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(list)
    };
    let text = text.map_err(|e| Error::read(list, e))?;
    Ok(text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(PathBuf::from)
        .collect())
}

/// What standard input is taken for, by how it begins.
const SORTS: [(&[u8], &str); 6] = [
    (b"{", "stdin.jsonl"),
    (b"[", "stdin.json"),
    (b"\x1f\x8b", "stdin.gz"),
    (b"\x28\xb5\x2f\xfd", "stdin.zst"),
    (b"PAR1", "stdin.parquet"),
    (b"<?xml", "stdin.xml"),
];

/// Copies standard input beside the output.
fn spool(out: &Path) -> Result<PathBuf, Error> {
    let mut input = BufReader::new(std::io::stdin().lock());
    let folder = out.join(format!(".stdin-{}", std::process::id()));
    let start = input
        .fill_buf()
        .map_err(|e| Error::read("standard input", e))?;
    let path = folder.join(name_of(start));
    std::fs::create_dir_all(&folder).map_err(|e| Error::Output(folder.clone(), e))?;
    let copied =
        std::fs::File::create(&path).and_then(|mut file| std::io::copy(&mut input, &mut file));
    copied.map_err(|e| Error::Output(path.clone(), e))?;
    Ok(path)
}

/// What a file that begins so would be called.
fn name_of(start: &[u8]) -> &'static str {
    if crate::read::is_html(start) {
        return "stdin.html";
    }
    let mut sorts = SORTS.iter();
    let sort = sorts.find(|(begins, _)| start.trim_ascii_start().starts_with(begins));
    sort.map_or("stdin.txt", |(_, name)| name)
}

impl Drop for Inbox {
    fn drop(&mut self) {
        if let Some(folder) = self.spooled.as_ref().and_then(|p| p.parent()) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
