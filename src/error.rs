//! What ends a run, and what is known of it: the file, the place in it, and the system's own error.

use std::io;
use std::path::PathBuf;

/// What ends a run. Its text is for a person; a program asks for the variant and its fields.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was asked for cannot be done, whatever the input.
    #[error("{0}")]
    Usage(String),
    #[error("nothing to clean: no document in what was named")]
    Nothing,
    /// A file or folder that the system does not let us read.
    #[error("{path}: {source}", path = .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file that was read and does not hold what it should.
    #[error("{path}{place}: {why}", path = .path.display(), place = place(*.line, *.byte))]
    Malformed {
        path: PathBuf,
        /// From 1.
        line: Option<u64>,
        /// From 0.
        byte: Option<u64>,
        #[source]
        why: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file or folder that the system does not let us write.
    #[error("{path}: cannot be written: {1}", path = .0.display())]
    Output(PathBuf, #[source] io::Error),
    #[error("interrupted; the output folder is as it was before")]
    Interrupted,
}

impl Error {
    pub fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Error::Read {
            path: path.into(),
            source,
        }
    }

    /// Of a file as a whole.
    pub fn malformed(
        path: impl Into<PathBuf>,
        why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Error::Malformed {
            path: path.into(),
            line: None,
            byte: None,
            why: why.into(),
        }
    }

    /// The same, at a line of the file, from 1.
    pub fn at_line(mut self, number: u64) -> Self {
        if let Error::Malformed { line, .. } = &mut self {
            *line = Some(number);
        }
        self
    }

    /// The same, at a byte of the file, from 0.
    pub fn at_byte(mut self, number: u64) -> Self {
        if let Error::Malformed { byte, .. } = &mut self {
            *byte = Some(number);
        }
        self
    }

    /// What the system said, if it was the system.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Error::Read { source, .. } | Error::Output(_, source) => Some(source.kind()),
            _ => None,
        }
    }
}

fn place(line: Option<u64>, byte: Option<u64>) -> String {
    match (line, byte) {
        (Some(line), _) => format!(" line {line}"),
        (None, Some(byte)) => format!(" byte {byte}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_what_it_was() {
        let error = Error::read("pages/a.txt", io::ErrorKind::NotFound.into());
        assert_eq!(error.io_kind(), Some(io::ErrorKind::NotFound));
        assert!(error.to_string().starts_with("pages/a.txt: "));
        let cause = std::error::Error::source(&error).expect("it has one");
        assert!(cause.is::<io::Error>());

        let error = Error::malformed("out/changes.jsonl", "no JSON").at_line(7);
        assert_eq!(error.to_string(), "out/changes.jsonl line 7: no JSON");
        assert_eq!(error.io_kind(), None);
        let error = Error::malformed("a.prints", "damaged").at_byte(90);
        assert_eq!(error.to_string(), "a.prints byte 90: damaged");
    }
}
