//! What all stages ask of characters, words and lines. Nothing here knows a page.

pub mod chars;
pub mod choice;
pub mod english;
pub mod entity;
pub mod han;
pub mod hash;
pub mod language;
pub mod latin;
pub mod letters;
pub mod lines;
pub mod lookalikes;
pub mod script;
pub mod sentence;
pub mod width;
