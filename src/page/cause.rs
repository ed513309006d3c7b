//! The registry of causes: everything that may change a page or be remarked on, by name, with one line about it.
//!
//! The tables of rules, repairs and methods take their names from here, and so do the report, the summary and
//! `jiaokan rules`. A page accepts a change only for a `CauseId`, so a cause that is not listed here does not compile.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of change a cause makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Text that was damaged becomes what it was.
    Repair,
    /// Text that recurs leaves, or is marked.
    Repeat,
    /// Parts of one sentence are put together.
    Join,
    /// White space, and lines that go to the metadata.
    Layout,
    /// Nothing changes; the place is only reported.
    Remark,
}

/// An entry of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseInfo {
    pub id: CauseId,
    /// As changes.jsonl has it, and `--without`.
    pub name: &'static str,
    pub class: Class,
    /// One line for readers.
    pub about: &'static str,
}

macro_rules! causes {
    ($($(#[$only:meta])? $id:ident = $name:literal, $class:ident: $about:literal;)*) => {
        /// A cause of the registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CauseId {
            $($(#[$only])? #[doc = $about] $id,)*
        }

        /// Every cause, in the order of `CauseId`.
        pub const CAUSES: &[CauseInfo] = &[
            $($(#[$only])? CauseInfo { id: CauseId::$id, name: $name, class: Class::$class, about: $about },)*
        ];
    };
}

causes! {
    // rules, in the order in which they act
    Mojibake = "mojibake", Repair: "Text that was decoded with the wrong encoding is decoded with the right one, where \
        no byte was lost and the result is better text.";
    Invisible = "invisible", Repair: "Drops control characters, byte order marks, zero-width spaces, soft hyphens and \
        stray direction marks.";
    Radicals = "radicals", Repair: "Kangxi and CJK radicals in running text become the ideographs they look like \
        (UAX #38's equivalents).";
    Nfc = "nfc", Repair: "Composes letters with their accents, and unifies compatibility ideographs (NFC); never NFKC.";
    Markup = "markup", Repair: "HTML tags and comments leave running text, entities become their characters, raised \
        and lowered digits become ² and ₂. Pages about markup, code, whole tables and a < b stay.";
    Formulas = "formulas", Repair: "Where LaTeX holds plain text (a number with its unit, a degree, a footnote mark, a \
        bold word) its marks leave. Formulas with variables, pages of formulas and LaTeX sources stay.";
    Scraps = "scraps", Repair: "Links to pictures leave, and so do lines of stray symbols, of empty Markdown marks or \
        of a table's rules without the table. Separators, ratings, marks for unreadable text, tables and drawings stay.";
    PageNumber = "page number", Repair: "A line that only numbers a page leaves if it is at the edge of the page, is \
        one of a series of such lines, stands at a form feed, or says what it is. Years, numbered items, sections and cells stay.";
    RunningHead = "running head", Repair: "The line at the head of a page that heads an earlier page of the same text \
        too, but for its number, where form feeds divide the pages and number them, or there are three. The first stays.";
    Loop = "loop", Repair: "A phrase, line or table row that repeats as only a decoder caught in a loop repeats it is \
        kept once, with or without a counter in it. Leaders, rules, chants, laughter and data stay.";
    Gloss = "gloss", Repair: "Drops a pinyin gloss that spells a reading of the character before it, on pages that \
        carry such glosses.";
    Markdown = "markdown", Repair: "Heading marks, list marks and pairs of bold marks leave the text; the kind of the \
        block says that it is a heading or a list item.";
    Jump = "jump", Repair: "Drops a bracketed note that says on which page the article continues or began.";
    Space = "space", Repair: "Spaces between Han characters and ， 、 ； leave, and so do those before 。 ： ？ ！";
    Narrow = "narrow", Repair: "Full-width letters and digits become half width, with the points and commas inside \
        such numbers; other marks stay.";
    Standin = "standin", Repair: "In Chinese, -- becomes ——, ... and 。。。 become ……, and pairs of \" become the \
        quotation marks that the page uses.";
    Width = "width", Repair: "Half-width , ; : ? ! ( ) next to wide characters become full width; Latin text, numbers \
        and URLs keep theirs.";
    Western = "western", Repair: "On pages in Latin script ， ； ： ？ ！ （ ） 。 become half width, with a space where a \
        word follows.";
    Doubled = "doubled", Repair: "On newspaper pages 的的 becomes 的, unless a word ends or begins with one of them \
        (目的的, 的的确确).";
    Script = "script", Repair: "With --script: lines in the other script are converted, word by word, as OpenCC does.";
    Zhe = "zhe", Repair: "With --script simplified: 著 becomes 着 in 著力 or 随著; it stays in 著作, 显著 and wherever \
        the case is not clear.";
    // repairs, in the order in which they act
    Damage = "damage", Repair: "On pages with glosses: text whose bytes were replaced across two characters becomes \
        the text that gives the same bytes when it is damaged again. The lexicon chooses; what it cannot decide becomes □ \
        or is remarked on.";
    Spaced = "spaced", Repair: "Spaces between single Han characters leave where the characters together are text that \
        the lexicon knows; those in lists stay.";
    Misread = "misread", Repair: "An English word that no source knows becomes the one word that recognisers mistake \
        for it, if that word is common, fits its neighbours, and no other comes close.";
    Lookalike = "lookalike", Repair: "A character never seen with these neighbours becomes the one it looks like, if \
        that is thousands of times likelier there (已 己, 干 千, 未 末).";
    // methods, in the order in which they act inside a page
    Duplicate = "duplicate", Repeat: "A document that another one contains: to the letter, but for a recogniser's \
        noise, or but for what many documents share. It leaves if it is that similar to the one that stays; less similar \
        ones share its cluster.";
    Spliced = "spliced", Repeat: "A passage of 30 letters or more copied into other text of its page: dropped where \
        both copies break off at the same letter in mid-sentence, else marked. Of 50 letters or more in other documents: \
        marked, or dropped if asked.";
    Exact = "exact", Repeat: "The same whole paragraph: of 60 letters or more in another document, of 30 in its own, \
        of 12 right after its copy. The first stays.";
    Near = "near", Repeat: "A paragraph of 60 letters or more that another document has with some letters different. \
        It is marked, because two laws may differ in the one word that counts; or dropped if asked.";
    Furniture = "furniture", Repeat: "On pages of scraps, as newspapers are: a scrap that an earlier page has too, but \
        for a few letters, unless it heads text of its own. A short block at the masthead of three pages or more.";
    Consensus = "consensus", Repair: "A letter that most copies of a document or paragraph have otherwise, where the \
        copies differ as recognitions of one print do and the lexicon agrees with them: it is corrected in the copy that \
        stays. Numbers and other words are versions of a text and stay.";
    // what the stages do themselves
    Masthead = "masthead", Layout: "The masthead of a newspaper page, kept in its metadata.";
    Rejoin = "rejoin", Join: "Halves of sentences that columns, captions and pages broke apart.";
    Gutter = "gutter", Join: "Lines that were read straight across columns, taken apart, and marks that a gutter was read as.";
    Hyphen = "hyphen", Join: "Hyphens that broke a word at the end of a line.";
    Dateline = "dateline", Join: "A dateline on a line of its own before the text it belongs to.";
    Layout = "layout", Layout: "White space between paragraphs made the same everywhere.";
    Article = "article", Layout: "The head of an article, kept in its metadata.";
    Open = "open", Remark: "Half a sentence whose other half is not on the page.";
    Unreadable = "unreadable", Remark: "Characters that were lost in decoding and cannot be recovered.";
    #[cfg(test)]
    Example = "headline", Remark: "A headline that an earlier document has too: the example of docs/extending.md.";
}

impl CauseId {
    /// Its entry in the registry.
    pub const fn info(self) -> &'static CauseInfo {
        &CAUSES[self as usize]
    }

    pub const fn name(self) -> &'static str {
        self.info().name
    }

    pub const fn about(self) -> &'static str {
        self.info().about
    }

    pub const fn class(self) -> Class {
        self.info().class
    }

    /// Whether it can be switched off by name: rules, repairs and methods can, what the stages do themselves cannot.
    pub const fn can_be_off(self) -> bool {
        matches!(self.class(), Class::Repair | Class::Repeat)
    }

    /// The cause of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        CAUSES
            .iter()
            .find(|cause| cause.name == name)
            .map(|cause| cause.id)
    }
}

impl fmt::Display for CauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for CauseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for CauseId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        CauseId::named(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("there is no cause {name:?}")))
    }
}

/// The causes that are switched off. A page makes no change and no remark for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without(u64);

// a bit a cause
const _: () = assert!(CAUSES.len() <= 64);

impl Without {
    pub const fn holds(self, cause: CauseId) -> bool {
        self.0 >> cause as u32 & 1 == 1
    }

    /// Those causes, in the order of the registry.
    pub fn causes(self) -> impl Iterator<Item = CauseId> {
        CAUSES
            .iter()
            .map(|cause| cause.id)
            .filter(move |cause| self.holds(*cause))
    }

    /// The names that may be switched off.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CAUSES
            .iter()
            .filter(|cause| cause.id.can_be_off())
            .map(|cause| cause.name)
    }
}

/// Causes that cannot be switched off are passed over.
impl FromIterator<CauseId> for Without {
    fn from_iter<I: IntoIterator<Item = CauseId>>(causes: I) -> Self {
        let off = causes.into_iter().filter(|cause| cause.can_be_off());
        Without(off.fold(0, |bits, cause| bits | 1 << cause as u32))
    }
}

/// A list of names.
impl Serialize for Without {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.causes())
    }
}

impl<'de> Deserialize<'de> for Without {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<CauseId>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_is_written_and_read_by_name() {
        let without: Without = [CauseId::Misread, CauseId::Gloss, CauseId::Layout]
            .into_iter()
            .collect();
        let json = serde_json::to_string(&without).unwrap();
        assert_eq!(
            json, r#"["gloss","misread"]"#,
            "layout cannot be switched off"
        );
        assert_eq!(serde_json::from_str::<Without>(&json).unwrap(), without);
        assert!(serde_json::from_str::<Without>(r#"["glos"]"#).is_err());
    }

    #[test]
    fn every_cause_is_found_by_its_own_name() {
        for (at, cause) in CAUSES.iter().enumerate() {
            assert_eq!(cause.id as usize, at);
            assert_eq!(CauseId::named(cause.name), Some(cause.id), "{}", cause.name);
            assert!(cause.about.ends_with(['.', '！']), "{}", cause.name);
        }
    }
}
