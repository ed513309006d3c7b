//! What is shown does not depend on the order of documents, covers every rule, and has an end.

use super::pages::{Piece, Stretch};
use super::*;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Grade};
use crate::repeats::Duplicate;
use crate::write::record;

const RULES: [CauseId; 5] = [
    CauseId::Width,
    CauseId::Gloss,
    CauseId::Layout,
    CauseId::Spliced,
    CauseId::Doubled,
];

/// A page on which two rules acted and one saw something.
fn page(number: usize, text: &str) -> Page {
    let mut page = Page::new(format!("{number:06}.txt"), format!("第{number}页,{text}"));
    let comma = page.text().find(',').expect("it was just put there");
    let (rule, other) = (RULES[number % 4], RULES[(number / 4) % 4]);
    page.edit(
        &Cause::certain(rule),
        vec![Edit::new(comma..comma + 1, "，")],
    );
    page.edit(
        &Cause::verified(other, Evidence::default()),
        vec![Edit::delete(comma + 1..comma + 4)],
    );
    if number.is_multiple_of(7) {
        page.remark(
            Cause::suspected(CauseId::Doubled, Evidence::default()),
            0..3,
        );
    }
    page
}

fn verdict(number: usize) -> Verdict {
    let cluster = format!("{:06}.txt", number - number % (2 + number % 3));
    let of = Some(cluster.clone()).filter(|_| !number.is_multiple_of(5));
    let duplicate = Duplicate {
        cluster,
        of,
        similarity: (number % 100) as f64 / 100.0,
        is_copy: number.is_multiple_of(2),
    };
    Verdict {
        duplicate: Some(duplicate).filter(|_| number % 11 < 4),
        ..Verdict::default()
    }
}

/// The samples of these documents, offered so many at a time.
fn sampled(
    numbers: impl Iterator<Item = usize>,
    together: usize,
    text: &str,
) -> (Samples, Clusters) {
    let numbers: Vec<usize> = numbers.collect();
    let mut clusters = Clusters::default();
    numbers
        .iter()
        .for_each(|number| clusters.count(&verdict(*number)));
    clusters.choose();
    let mut samples = Samples::default();
    for batch in numbers.chunks(together) {
        let offer = |number: &usize| {
            let page = page(*number, text);
            samples.offer(
                &page,
                &record::changes(&page),
                &verdict(*number),
                &clusters,
                true,
            )
        };
        let offers: Vec<Offer> = batch.iter().map(offer).collect();
        offers.into_iter().for_each(|offer| samples.take(offer));
    }
    (samples, clusters)
}

const TEXT: &str = "港口的灯塔重新点亮，守塔人说这一天他等了很久。";

#[test]
fn the_order_of_documents_and_how_many_come_together_change_nothing() {
    let json = |(samples, clusters): (Samples, Clusters)| {
        [
            serde_json::to_string(&samples).unwrap(),
            serde_json::to_string(&clusters).unwrap(),
        ]
    };
    let once = json(sampled(0..2000, 2000, TEXT));
    assert_eq!(once, json(sampled((0..2000).rev(), 1, TEXT)));
    let mixed = (0..2000).map(|n| n * 773 % 2000);
    assert_eq!(once, json(sampled(mixed, 37, TEXT)));
}

#[test]
fn every_rule_and_grade_that_acted_has_examples_and_none_has_too_many() {
    let (samples, _) = sampled(0..2000, 50, TEXT);
    let samples = serde_json::to_value(&samples).unwrap();
    let count = |rule: &str, grade: Grade| {
        let grade = serde_json::to_value(grade).unwrap();
        let examples = samples["examples"].as_array().unwrap().iter();
        examples
            .filter(|e| e["rule"] == rule && e["grade"] == grade)
            .count()
    };
    for rule in &RULES[..4] {
        assert_eq!(
            (
                count(rule.name(), Grade::Certain),
                count(rule.name(), Grade::Verified)
            ),
            (MOST_EXAMPLES, MOST_EXAMPLES),
            "{rule}"
        );
    }
    assert_eq!(count("doubled", Grade::Suspected), MOST_REMARKS);
    let pages = samples["pages"].as_array().unwrap();
    assert!(
        (4..=RULES.len() * MOST_PAGES).contains(&pages.len()),
        "{}",
        pages.len()
    );
    let members = samples["members"].as_array().unwrap();
    let clusters: HashSet<&str> = members
        .iter()
        .map(|m| m["cluster"].as_str().unwrap())
        .collect();
    assert!(clusters.len() > 3 && members.len() > clusters.len());
}

#[test]
fn a_hundred_thousand_long_and_hostile_pages_give_a_page_below_5_mb() {
    let text = "</script><b>\u{1}\"".repeat(4000);
    let (samples, clusters) = sampled(0..4000, 100, &text);
    let (samples, clusters) = (
        serde_json::to_value(&samples).unwrap(),
        serde_json::to_value(&clusters).unwrap(),
    );
    let mut report = serde_json::to_value(crate::report::Report::default()).unwrap();
    (report["samples"], report["clusters"]) = (samples, clusters);
    let html = crate::report::html::page(&report.to_string()).unwrap();
    assert!(html.len() < 4_000_000, "{}", html.len());
}

#[test]
fn a_hundred_thousand_pages_are_sampled() {
    let (samples, clusters) = sampled(0..100_000, 5000, TEXT);
    assert!(serde_json::to_string(&samples).unwrap().len() < 3 * MOST_BYTES);
    assert!(
        serde_json::to_value(&clusters).unwrap()["clusters"]
            .as_u64()
            .unwrap()
            > 10_000
    );
}

#[test]
fn the_pieces_of_a_page_are_its_text_before_and_after() {
    let mut page = Page::new("p", "甲乙,丙丁\n\n戊己庚辛");
    page.edit(&Cause::certain(CauseId::Width), vec![Edit::new(6..7, "，")]);
    page.edit(
        &Cause::verified(CauseId::Rejoin, Evidence::default()),
        vec![Edit::delete(13..15)],
    );
    page.edit(
        &Cause::certain(CauseId::Standin),
        vec![Edit::new(27..27, "。")],
    );
    page.remark(Cause::suspected(CauseId::Open, Evidence::default()), 13..13);
    page.remark(Cause::suspected(CauseId::Loop, Evidence::default()), 3..9);
    page.remark(
        Cause::suspected(CauseId::Unreadable, Evidence::default()),
        27..27,
    );
    page.reorder(vec![15..21, 0..15, 21..27]);
    let shown = Shown::of(&page, 0);
    let text = |stretches: Vec<&Stretch>, after: bool| -> String {
        let pieces = stretches.into_iter().flat_map(|stretch| &stretch.pieces);
        pieces
            .map(|piece| match piece {
                Piece::Kept(text) => text.as_str(),
                Piece::Changed(_, before, with) => {
                    if after {
                        with
                    } else {
                        before
                    }
                }
                Piece::Remark(_) => "",
            })
            .collect()
    };
    assert_eq!(text(shown.stretches.iter().collect(), false), page.text());
    assert_eq!(
        text(
            shown.order.iter().map(|at| &shown.stretches[*at]).collect(),
            true
        ),
        page.clean()
    );
    assert_eq!(
        shown
            .stretches
            .iter()
            .filter(|stretch| stretch.moved)
            .count(),
        1
    );
    let remarks = shown
        .stretches
        .iter()
        .flat_map(|s| &s.pieces)
        .filter(|piece| matches!(piece, Piece::Remark(_)));
    assert_eq!(remarks.count(), 3);
    assert!(!shown.cut);
}

#[test]
fn a_long_page_is_shown_up_to_its_limit() {
    let mut page = Page::new("p", "港口的灯塔,".repeat(5000));
    let commas: Vec<usize> = page.text().match_indices(',').map(|(at, _)| at).collect();
    page.edit(
        &Cause::certain(CauseId::Width),
        commas
            .into_iter()
            .map(|at| Edit::new(at..at + 1, "，"))
            .collect(),
    );
    let shown = Shown::of(&page, 0);
    assert!(shown.cut && shown.causes.len() == 1);
    assert!(serde_json::to_string(&shown).unwrap().len() < 60_000);
}

#[test]
fn what_is_shortened_says_how_much_is_missing() {
    assert_eq!(shortened("短文", 9), "短文");
    assert_eq!(
        shortened(&"长".repeat(100), 9),
        format!("{} […91 characters…] {}", "长".repeat(6), "长".repeat(3))
    );
}
