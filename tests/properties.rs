//! Properties of the door for change and of the rules, on texts that nobody would write.

use crate::run::{finished, undone};
use jiaokan::bench::normalise::{REPAIRS, RULES};
use jiaokan::bench::page::Page;
use jiaokan::bench::page::edit::{Cause, Edit, Span};
use jiaokan::bench::page::hints::KINDS;
use jiaokan::settings::Target;
use jiaokan::{CauseId, Cleaner, Hints, Kind, Metadata, Settings};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

/// What rules and segmentation look at, and characters that are more than one of something.
const ODD: &[&str] = &[
    "**",
    "# ",
    "- ",
    "的的",
    "⽔",
    "e\u{301}",
    "👩\u{200d}🔬",
    "𠮷",
    "\u{200b}",
    "\u{feff}",
    "業(yè)",
];

/// Lines that rules change, beside those that they show as their examples.
const LINES: &[&str] = &[
    "主办：望江日报社",
    "2031年7月3日",
    "星期四",
    "第14期(总第4704期)",
    "灯塔重新点亮，守塔人说这一天他等了很",
    "久，连海鸥也像是来贺喜的。（下转第3版）",
    "（上接第1版）",
    "本报记者 顾渡摄",
    "本报记者 顾渡",
    "图为守塔人上塔。",
    "| 船 | 价 |\n|---|---|\n| 渡轮 | 4,5 |",
    "```\nf(x,y) = 的的\n```",
    "新開(kāi)的書(shū)店,老闆說:\u{200b}歡迎(免費)!",
    "見 http://a.example/b?c=1,2(d) 一頁",
    "The ferry (No. 2) left, late; nobody minded!",
    "",
];

/// The same so many cases in every run; with `PROPTEST_CASES=10000`, so many new ones.
fn cases(cases: u32) -> ProptestConfig {
    // what fails becomes a test of its own, not a file of seeds
    let asked = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return asked;
    }
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(1),
        ..asked
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn edits_and_moves_can_be_undone(text in text(), batches in batches(), cuts in places()) {
        let mut page = Page::new("p", text);
        let mut model = page.text().to_string();
        for batch in batches {
            // from the last to the first, so that none moves the others
            for edit in edits(&model, &batch).into_iter().rev() {
                let traced = page.reading(0..page.text().len()).trace(edit.clone());
                page.edit(&Cause::certain(CauseId::Width), vec![traced]);
                apply(&mut model, &edit);
            }
        }
        prop_assert_eq!(page.clean(), model);
        let order = order(&page, &cuts);
        page.reorder(order);
        let source = undone(&page);
        prop_assert_eq!(source.as_deref(), Some(page.text()));
    }

    #[test]
    fn a_reading_knows_where_its_bytes_come_from(text in text(), batch in places_with_text()) {
        let mut page = Page::new("p", text);
        let mut model = page.text().to_string();
        let edits = edits(page.text(), &batch);
        edits.iter().rev().for_each(|edit| apply(&mut model, edit));
        page.edit(&Cause::certain(CauseId::Width), edits);
        let reading = page.reading(0..page.text().len());
        let origins: Vec<usize> = reading.text.char_indices().map(|(at, _)| reading.origin(at)).collect();
        prop_assert_eq!(&*reading.text, model);
        prop_assert!(origins.is_sorted());
        prop_assert!(origins.iter().all(|at| page.text().is_char_boundary(*at)));
    }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn a_page_that_triggers_every_rule_can_be_undone(text in page_of_triggers(), script in script()) {
        let page = clean(text, &Settings { script, ..Settings::default() });
        let source = undone(&page);
        prop_assert_eq!(source.as_deref(), Some(page.text()));
    }

    #[test]
    fn the_rules_have_nothing_left_to_do(text in page_of_triggers(), script in script()) {
        let cleaner = Cleaner::new(Settings { script, ..Settings::default() });
        let first = cleaner.page("p", text, Map::new(), Hints::default());
        let kinds = told_kinds(&first);
        let kinds = Metadata::from(kinds);
        let hints = Hints::of(&kinds, &Metadata::new());
        let again = cleaner.page("p", first.clean(), kinds, hints);
        prop_assert_eq!(again.clean(), first.clean());
    }

    #[test]
    fn text_that_triggers_no_rule_is_left_alone(text in "[\u{4e00}-\u{6fff}]{1,12}(，[\u{4e00}-\u{6fff}]{1,12}){0,3}。") {
        prop_assume!(!text.contains("的的"));
        let page = clean(text, &Settings::default());
        prop_assert!(page.changes().is_empty(), "{:?}", page.changes());
    }
}

/// A page of its own, after all three passes.
fn clean(text: String, config: &Settings) -> Page {
    finished(vec![("p".into(), text, Map::new())], config).remove(0)
}

/// What the record of a page says of the kinds of its paragraphs.
fn told_kinds(page: &Page) -> Map<String, Value> {
    let kinds: Vec<Kind> = page
        .blocks
        .iter()
        .filter(|block| !block.dropped)
        .map(|block| block.kind)
        .collect();
    Map::from_iter([(KINDS.to_string(), json!(kinds))])
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::char::range('\u{4e00}', '\u{9fff}').prop_map(String::from),
        2 => "[a-zA-Z0-9 ]",
        2 => "[，。；：“”（）,;:?!()的]",
        1 => select(ODD).prop_map(String::from),
        1 => Just("\n".to_string()),
    ];
    prop::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

/// Places in a text of any length, each a share of it.
fn places() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1.0, 0..8)
}

/// The places of a batch of edits, two an edit, and what each edit puts there.
type Batch = (Vec<f64>, Vec<String>);

fn places_with_text() -> impl Strategy<Value = Batch> {
    (
        places(),
        prop::collection::vec("[a-z汉字，\u{301}]{0,3}", 4),
    )
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    prop::collection::vec(places_with_text(), 0..5)
}

fn script() -> impl Strategy<Value = Target> {
    select(
        &[
            Target::Keep,
            Target::Simplified,
            Target::Traditional,
            Target::Taiwan,
            Target::HongKong,
        ][..],
    )
}

/// The examples of all rules, the lines above and odd text, put together with the white space of pages.
fn page_of_triggers() -> impl Strategy<Value = String> {
    let examples = RULES
        .iter()
        .map(|rule| rule.examples)
        .chain(REPAIRS.iter().map(|repair| repair.examples));
    let examples: Vec<&str> = examples.flatten().map(|(before, _)| *before).collect();
    let line = prop_oneof![
        3 => select(examples).prop_map(String::from),
        3 => select(LINES).prop_map(String::from),
        // no column begins with a mark
        2 => text().prop_map(|text| format!("江{}", text.replace('\n', ""))),
    ];
    let gap = select(&["\n", "\n\n", "\r\n", " \n\n\n\n", "\n　　"][..]);
    prop::collection::vec((line, gap), 1..12)
        .prop_map(|lines| lines.into_iter().map(|(line, gap)| line + gap).collect())
}

/// Disjoint edits of a text, between characters: every two places make one.
fn edits(text: &str, (places, with): &Batch) -> Vec<Edit> {
    let spans = bounds(text, places);
    let spans = spans.chunks_exact(2).map(|two| two[0]..two[1]);
    spans
        .zip(with)
        .map(|(span, with)| Edit::new(span, with))
        .collect()
}

/// The boundaries of characters that the places fall on, in order, each once.
fn bounds(text: &str, places: &[f64]) -> Vec<usize> {
    let all: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let mut bounds: Vec<usize> = places
        .iter()
        .map(|share| all[(share * all.len() as f64) as usize])
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

fn apply(text: &mut String, edit: &Edit) {
    text.replace_range(edit.span.clone(), &edit.with);
}

/// All of a page's text in pieces that cut through no change, in an order of their own.
fn order(page: &Page, cuts: &[f64]) -> Vec<Span> {
    let through = |at: &usize| {
        page.changes()
            .iter()
            .any(|c| c.span.start < *at && *at < c.span.end)
    };
    let inner = bounds(page.text(), cuts)
        .into_iter()
        .filter(|at| *at > 0 && *at < page.text().len() && !through(at));
    let ends: Vec<usize> = [0]
        .into_iter()
        .chain(inner)
        .chain([page.text().len()])
        .collect();
    let mut pieces: Vec<Span> = ends.windows(2).map(|two| two[0]..two[1]).collect();
    let turn = cuts
        .first()
        .map_or(0, |share| (share * pieces.len() as f64) as usize);
    pieces.rotate_left(turn);
    if cuts.len() % 2 == 1 {
        pieces.reverse();
    }
    pieces
}
