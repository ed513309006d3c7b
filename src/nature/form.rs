//! What a block may be, and what is said of it.

use crate::text::language::Language;
use crate::text::sentence::Ending;

/// The form of a line and what it was judged by, if that is known yet.
pub(super) type Judged = Option<(Form, &'static str)>;

/// What a block is.
#[derive(Debug, Clone, Copy)]
pub struct BlockNature {
    pub form: Form,
    /// What it was judged by, for `jiaokan explain`.
    pub why: &'static str,
    pub language: Language,
    pub ending: Ending,
    /// Whether it goes on in the next block that is no furniture: a column's edge, or a page's end, broke it.
    pub goes_on: bool,
    /// Whether it is a line of wrapped text.
    pub wrapped: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    #[default]
    Prose,
    Verse,
    Dialogue,
    List,
    Table,
    Code,
    Formula,
    /// CSV, logs, JSON, subtitles.
    Data,
    Heading,
    /// Mastheads, bylines, captions, rules, page numbers.
    Furniture,
}

impl Form {
    /// Whether a line break in it is the writer's own.
    pub fn keeps_lines(self) -> bool {
        !matches!(self, Form::Prose | Form::List)
    }
}
