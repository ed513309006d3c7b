//! What all stages ask of characters, words and lines. Nothing here knows a page.

pub(crate) mod chars;
pub(crate) mod chinese;
pub(crate) mod choice;
pub(crate) mod english;
pub(crate) mod entity;
pub(crate) mod han;
pub(crate) mod hash;
pub(crate) mod language;
pub(crate) mod latin;
pub(crate) mod letters;
pub(crate) mod lines;
pub(crate) mod lookalikes;
pub(crate) mod script;
pub(crate) mod sentence;
pub(crate) mod spacing;
pub(crate) mod width;
