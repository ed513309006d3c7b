//! The paths to read, standard input among them.

use jiaokan::Error;
use std::path::{Path, PathBuf};

/// The paths to read. Standard input is read twice, so it is kept in a file while the run lasts.
pub struct Inbox {
    pub paths: Vec<PathBuf>,
    spooled: Option<PathBuf>,
}

impl Inbox {
    pub fn open(paths: &[PathBuf], out: &Path) -> Result<Self, Error> {
        let mut inbox = Inbox { paths: paths.to_vec(), spooled: None };
        for path in inbox.paths.iter_mut().filter(|p| p.as_os_str() == "-") {
            let spool = spool(out)?;
            *path = spool.clone();
            inbox.spooled = Some(spool);
        }
        Ok(inbox)
    }
}

/// Copies standard input beside the output; records, if its first character opens an object, else text.
fn spool(out: &Path) -> Result<PathBuf, Error> {
    use std::io::{BufRead, BufReader};
    let mut input = BufReader::new(std::io::stdin().lock());
    let folder = out.join(format!(".stdin-{}", std::process::id()));
    let start = input.fill_buf().map_err(|e| Error::Input("standard input".into(), e.to_string()))?;
    let records = start.trim_ascii_start().starts_with(b"{");
    let path = folder.join(if records { "stdin.jsonl" } else { "stdin.txt" });
    std::fs::create_dir_all(&folder).map_err(|e| Error::Output(folder.clone(), e))?;
    let copied = std::fs::File::create(&path).and_then(|mut file| std::io::copy(&mut input, &mut file));
    copied.map_err(|e| Error::Output(path.clone(), e))?;
    Ok(path)
}

impl Drop for Inbox {
    fn drop(&mut self) {
        if let Some(folder) = self.spooled.as_ref().and_then(|p| p.parent()) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
