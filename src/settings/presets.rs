//! Settings for a kind of text, each with its reason: a table.

/// The first is what holds without any.
pub const PRESETS: [Preset; 3] = [AUTO, WEB, BOOK];

/// What `auto` was called when every page was taken for one of a newspaper.
pub const ONCE_AUTO: &str = "newspaper";

pub struct Preset {
    pub name: &'static str,
    pub about: &'static str,
    pub settings: &'static [Set],
}

/// An option by its long name, what it is set to, and why.
pub struct Set {
    pub option: &'static str,
    pub to: &'static str,
    pub why: &'static str,
}

const fn set(option: &'static str, to: &'static str, why: &'static str) -> Set {
    Set { option, to, why }
}

const AUTO: Preset = Preset {
    name: "auto",
    about: "the defaults: what a page is, newspaper or not, the page itself shows",
    settings: &[
        set(
            "join",
            "balanced",
            "columns, captions and boxes come between the halves of sentences",
        ),
        set(
            "duplicates",
            "drop",
            "many papers print the reports of agencies",
        ),
        set(
            "paragraphs",
            "drop",
            "extraction reads a box twice, and editions share paragraphs",
        ),
        set(
            "near-paragraphs",
            "mark",
            "two reports of one event may share a sentence, each with its own figures",
        ),
        set(
            "furniture",
            "drop",
            "mastheads, running heads and adverts recur in every issue",
        ),
        set(
            "passages",
            "mark",
            "a speech that two reports quote belongs to both",
        ),
        set(
            "keep",
            "whole",
            "of two readings of a page the one that was not cut short is worth more",
        ),
    ],
};

const WEB: Preset = Preset {
    name: "web",
    about: "text from web pages, which nobody broke into columns",
    settings: &[
        set(
            "join",
            "off",
            "a line without a full stop is a title, a link or a cell of a table, no broken sentence",
        ),
        set(
            "duplicates",
            "drop",
            "mirrors and reprints of one article are many",
        ),
        set(
            "paragraphs",
            "drop",
            "navigation, notices and licence texts recur on page after page",
        ),
        set(
            "near-paragraphs",
            "mark",
            "pages made from one template differ in what they say",
        ),
        set(
            "furniture",
            "drop",
            "what recurs at the edges of pages is the site's, not the text's",
        ),
        set(
            "passages",
            "off",
            "pages quote each other everywhere: to tell of each quotation would bury the rest",
        ),
        set("keep", "longest", "a reprint cuts its original short"),
    ],
};

const BOOK: Preset = Preset {
    name: "book",
    about: "books, a page or a chapter a document: one column, in order",
    settings: &[
        set(
            "join",
            "cautious",
            "halves are next to each other; verses and lines of a play are not halves",
        ),
        set("duplicates", "drop", "two copies of a scan are one book"),
        set(
            "paragraphs",
            "mark",
            "refrains, formulas and quoted documents are meant to recur",
        ),
        set(
            "near-paragraphs",
            "mark",
            "a refrain that changes by a word is meant to",
        ),
        set(
            "furniture",
            "drop",
            "running heads and titles of chapters are above every page",
        ),
        set("passages", "mark", "a book quotes itself, and others"),
        set(
            "keep",
            "whole",
            "of two scans of a page the one that was not cut short is worth more",
        ),
    ],
};

impl Preset {
    pub fn named(name: &str) -> Option<&'static Preset> {
        let name = if name == ONCE_AUTO { AUTO.name } else { name };
        PRESETS.iter().find(|preset| preset.name == name)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|preset| preset.name)
    }
}
