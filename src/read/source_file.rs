//! A file to read, and the names it goes by.

use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: PathBuf,
    /// Its path below the folder that was named (or its own name): the id of plain text.
    pub relative: String,
    /// What `undo` writes: `relative` without the ending of its compression.
    pub undone: String,
    pub bytes: u64,
    /// Other files beside it that hold the same document and were passed over.
    pub others: usize,
}

impl SourceFile {
    /// A file that is read on its own.
    pub(super) fn alone(path: &Path) -> Self {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        SourceFile {
            path: path.to_path_buf(),
            undone: name.clone(),
            relative: name,
            bytes: 0,
            others: 0,
        }
    }
}
