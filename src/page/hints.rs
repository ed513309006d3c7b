//! What readers and earlier runs say of a document beside its text, so that no stage looks for it in the metadata.

use super::Kind;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The key of `metadata` under which clean records say what kind each of their paragraphs is.
pub const KINDS: &str = "kinds";

/// The key of `metadata` under which a reader says what kind its format gives each block, by name; null, or a name that is
/// not one of ours, where it does not say.
pub const LAYOUT: &str = "layout";

/// The key of `metadata` under which a reader of scanned pages says which regions the text stands in.
pub const REGIONS: &str = "regions";

/// The key of `metadata` under which the record of an article says which of its page it is.
pub const ARTICLE: &str = "article";

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
    pub fn of(metadata: &Map<String, Value>, beside: &Map<String, Value>) -> Self {
        Hints {
            kinds: metadata
                .get(KINDS)
                .and_then(|kinds| Vec::deserialize(kinds).ok()),
            layout: metadata.get(LAYOUT).and_then(layout),
            is_article: metadata.get(ARTICLE).is_some_and(Value::is_u64),
            date: date(metadata, beside),
        }
    }
}

fn layout(names: &Value) -> Option<Vec<Option<Kind>>> {
    let kind = |name: &Value| Kind::deserialize(name).ok();
    Some(names.as_array()?.iter().map(kind).collect())
}

/// The digits of the first date that the fields give, up to the second.
fn date(metadata: &Map<String, Value>, beside: &Map<String, Value>) -> u64 {
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
    let given = |field: &&str| metadata.get(*field).or_else(|| beside.get(*field));
    let Some(value) = FIELDS.iter().find_map(given) else {
        return 0;
    };
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits:0<14}").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hints(metadata: Value, beside: Value) -> Hints {
        let [metadata, beside] = [metadata, beside].map(|map| map.as_object().unwrap().clone());
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
    fn kinds_are_of_this_program_and_layout_may_have_others() {
        let said = hints(
            json!({"kinds": ["body", "portrait"], "layout": ["body", "portrait", null], "article": 2}),
            json!({}),
        );
        assert_eq!(said.kinds, None);
        assert_eq!(said.layout, Some(vec![Some(Kind::Body), None, None]));
        assert!(said.is_article);
        let said = hints(
            json!({"kinds": ["body"], "layout": "body", "article": "2"}),
            json!({}),
        );
        assert_eq!(said.kinds, Some(vec![Kind::Body]));
        assert_eq!(said.layout, None);
        assert!(!said.is_article);
    }
}
