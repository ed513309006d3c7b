//! The file of a lexicon.

use crate::Error;
use crate::lexicon::{Lexicon, Model};
use std::path::Path;

/// Reads a lexicon, ready to be asked.
pub(super) fn read(path: &Path) -> Result<Lexicon, Error> {
    let bytes = std::fs::read(path).map_err(|e| Error::read(path, e))?;
    let model = Model::from_bytes(&bytes).map_err(|e| Error::malformed(path, e))?;
    Ok(Lexicon::from(model))
}

/// Writes the model of a lexicon.
pub(super) fn write(path: &Path, model: &Model) -> Result<(), Error> {
    std::fs::write(path, model.to_bytes()).map_err(|e| Error::Output(path.to_path_buf(), e))
}
