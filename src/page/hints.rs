//! What readers and earlier runs say of a document beside its text, so that no stage looks for it in the metadata.

use super::Kind;
use super::metadata::{Metadata, Text};
use serde_json::value::RawValue;

/// The key of `metadata` under which clean records say what kind each of their paragraphs is.
pub const KINDS: &str = "kinds";

/// The key of `metadata` under which a reader says what kind its format gives each block, by name; null where it does not
/// say. A list with anything else in it is data of the record's own.
pub(crate) const LAYOUT: &str = "layout";

/// The key of `metadata` under which a reader of scanned pages says which regions the text stands in.
pub(crate) const REGIONS: &str = "regions";

/// The key of `metadata` under which the record of an article says which of its page it is.
pub(crate) const ARTICLE: &str = "article";

/// What is known of a document before its text is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The kind of each paragraph, as a clean record has it. If there is one for each block, it is taken at its word: its
    /// paragraphs are paragraphs, and nothing in them is half of something.
    pub kinds: Option<Vec<Kind>>,
    /// The kind that a format gives each block, where it does. Unlike `kinds` it says nothing of where paragraphs end:
    /// blocks may be halves. A list of another length than the blocks says nothing at all.
    pub layout: Option<Vec<Option<Kind>>>,
    /// Whether an earlier run split it off a page: it is not split again.
    pub is_article: bool,
    /// Year, month, day and time as a number of 14 digits, 20240131120000; 0 if nothing gives a date.
    pub date: u64,
}

impl Hints {
    /// What the fields of a record give: its metadata, and those that stand beside them.
    pub fn of(metadata: &Metadata, beside: &Metadata) -> Self {
        let raw = |name: &str| metadata.raw(name).map(RawValue::get);
        Hints {
            kinds: raw(KINDS).and_then(|kinds| serde_json::from_str(kinds).ok()),
            layout: raw(LAYOUT).and_then(layout),
            is_article: raw(ARTICLE).is_some_and(|number| number.parse::<u64>().is_ok()),
            date: date(metadata, beside),
        }
    }
}

fn layout(names: &str) -> Option<Vec<Option<Kind>>> {
    let kinds: Vec<Option<Kind>> = serde_json::from_str(names).ok()?;
    kinds.iter().any(Option::is_some).then_some(kinds)
}

/// The digits of the first date that the fields give, up to the second.
fn date(metadata: &Metadata, beside: &Metadata) -> u64 {
    const FIELDS: [&str; 8] = [
        "date",
        "published",
        "publish_date",
        "pubdate",
        "created",
        "time",
        "timestamp",
        "added",
    ];
    let given = |field: &&str| metadata.raw(field).or_else(|| beside.raw(field));
    let Some(value) = FIELDS.iter().find_map(given) else {
        return 0;
    };
    let text = Text::of(value.get()).unwrap_or_else(|| value.get().into());
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits:0<14}").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn hints(metadata: Value, beside: Value) -> Hints {
        let [metadata, beside] =
            [metadata, beside].map(|map| Metadata::from(map.as_object().unwrap().clone()));
        Hints::of(&metadata, &beside)
    }

    #[test]
    fn the_first_field_that_gives_a_date_says_it() {
        let date = |metadata, beside| hints(metadata, beside).date;
        assert_eq!(date(json!({}), json!({})), 0);
        assert_eq!(
            date(json!({"date": "2024-01-31"}), json!({})),
            20240131000000
        );
        assert_eq!(date(json!({"time": 2024}), json!({})), 20240000000000);
        let created = json!({"created": "2023-05-06T07:08:09Z"});
        assert_eq!(date(json!({}), created.clone()), 20230506070809);
        assert_eq!(
            date(json!({"created": "1999"}), created.clone()),
            19990000000000
        );
        assert_eq!(date(json!({"added": "1999"}), created), 20230506070809);
    }

    #[test]
    fn kinds_and_layout_are_of_this_program_or_no_hints() {
        let said = hints(
            json!({"kinds": ["body", "portrait"], "layout": ["body", null], "article": 2}),
            json!({}),
        );
        assert_eq!(said.kinds, None);
        assert_eq!(said.layout, Some(vec![Some(Kind::Body), None]));
        assert!(said.is_article);
        for own in [
            json!("two columns"),
            json!(["body", "portrait"]),
            json!([null]),
        ] {
            assert_eq!(hints(json!({"layout": own}), json!({})).layout, None);
        }
        let said = hints(
            json!({"kinds": ["body"], "layout": "body", "article": "2"}),
            json!({}),
        );
        assert_eq!(said.kinds, Some(vec![Kind::Body]));
        assert_eq!(said.layout, None);
        assert!(!said.is_article);
    }
}
