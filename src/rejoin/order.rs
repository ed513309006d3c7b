//! The reading order that follows from the junctions, and the white space that shows it.

use super::{Junction, RULE};
use crate::edit::{Cause, Edit, Evidence, Span};
use crate::page::{Kind, Page};
use crate::segment::KINDS;
use crate::shingle::is_running_text;
use std::collections::HashMap;

/// The cause by which white space between paragraphs becomes one blank line.
pub const LAYOUT: &str = "layout";

/// Puts the blocks in reading order, joined halves without a gap, paragraphs with a blank line between them, and says
/// in the metadata what kind each paragraph is.
pub(super) fn lay_out(page: &mut Page, junctions: &[Junction]) {
    let next: HashMap<usize, Junction> = junctions.iter().map(|j| (j.tail, *j)).collect();
    trim(page);
    let paragraphs = paragraphs(reading_order(page, junctions), &next);
    if !page.laid_out {
        let kinds: Vec<Kind> = paragraphs.iter().map(|p| page.blocks[p[0]].kind).collect();
        page.metadata.insert(KINDS.into(), serde_json::to_value(kinds).expect("kinds are plain names"));
    }
    set_gaps(page, &paragraphs, &next);
    let order: Vec<usize> = paragraphs.into_iter().flatten().collect();
    if order.windows(2).any(|two| two[0] > two[1]) {
        let spans = spans(page, &order);
        page.reorder(spans);
    }
}

/// Takes the white space that repairs have laid bare off the ends of blocks, and drops those that hold nothing else.
fn trim(page: &mut Page) {
    let mut edits = Vec::new();
    for at in 0..page.blocks.len() {
        if page.blocks[at].dropped {
            continue;
        }
        let reading = page.reading(page.blocks[at].span.clone());
        let (text, kept) = (&reading.text, reading.text.trim());
        if kept.is_empty() {
            page.drop_block(&Cause::certain(LAYOUT), at);
        } else if kept.len() < text.len() {
            let lead = text.len() - text.trim_start().len();
            let ends = [0..lead, lead + kept.len()..text.len()];
            edits.extend(ends.into_iter().filter(|end| !end.is_empty()).map(|end| reading.trace(Edit::delete(end))));
        }
    }
    page.edit(&Cause::certain(LAYOUT), edits);
}

/// The blocks that stay, with the runs that far junctions move behind their tails.
///
/// A run goes from the head of a far junction to the next tail of one, or to the end of its article: whatever column
/// a half stood in comes along.
fn reading_order(page: &Page, junctions: &[Junction]) -> Vec<usize> {
    let blocks: Vec<usize> = (0..page.blocks.len()).filter(|at| !page.blocks[*at].dropped).collect();
    let text_between =
        |from: usize, to: usize| (from + 1..to).any(|at| is_running_text(&page.blocks[at]) && !page.blocks[at].dropped);
    let (far, near): (Vec<&Junction>, Vec<&Junction>) =
        junctions.iter().partition(|j| j.head < j.tail || text_between(j.tail, j.head));
    if far.is_empty() {
        return blocks;
    }
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut ended = true;
    for at in blocks {
        let in_junction = || near.iter().any(|j| j.tail < at && at <= j.head);
        let begins = far.iter().any(|j| j.head == at) || page.blocks[at].kind == Kind::Headline && !in_junction();
        if ended || begins {
            runs.push(Vec::new());
        }
        runs.last_mut().expect("the first block begins a run").push(at);
        ended = far.iter().any(|j| j.tail == at);
    }
    let begins_with: HashMap<usize, usize> = runs.iter().enumerate().map(|(run, blocks)| (blocks[0], run)).collect();
    let follows = |run: usize| far.iter().find(|j| Some(&j.tail) == runs[run].last()).map(|j| begins_with[&j.head]);
    let mut has_before = vec![false; runs.len()];
    (0..runs.len()).filter_map(follows).for_each(|run| has_before[run] = true);
    let mut order = Vec::new();
    for first in (0..runs.len()).filter(|run| !has_before[*run]) {
        let mut run = Some(first);
        while let Some(at) = run {
            order.extend(&runs[at]);
            run = follows(at);
        }
    }
    // a circle of runs has no first: such text stays where it is, behind the rest
    let mut placed = vec![false; page.blocks.len()];
    order.iter().for_each(|at| placed[*at] = true);
    order.extend(runs.iter().flatten().filter(|at| !placed[**at]));
    order
}

/// Joined blocks together; what stood between two halves comes behind their paragraph.
fn paragraphs(order: Vec<usize>, next: &HashMap<usize, Junction>) -> Vec<Vec<usize>> {
    let heads: std::collections::HashSet<usize> = next.values().map(|j| j.head).collect();
    let first = order.into_iter().filter(|at| !heads.contains(at));
    first.map(|at| std::iter::successors(Some(at), |at| next.get(at).map(|j| j.head)).collect()).collect()
}

/// Sets the white space behind every block: none within a paragraph, a blank line between two.
fn set_gaps(page: &mut Page, paragraphs: &[Vec<usize>], next: &HashMap<usize, Junction>) {
    let mut layout = Vec::new();
    let mut joints = Vec::new();
    let last = paragraphs.iter().flatten().last().copied();
    let lead = 0..page.blocks.first().map_or(page.text().len(), |b| b.span.start);
    if !lead.is_empty() {
        layout.push(Edit::delete(lead));
    }
    for (at, block) in page.blocks.iter().enumerate() {
        let gap = block.span.end..page.blocks.get(at + 1).map_or(page.text().len(), |b| b.span.start);
        match next.get(&at) {
            Some(junction) => {
                let glue = glue(page, at, junction.head);
                let evidence = Evidence { probability: Some(junction.probability), ..Evidence::default() };
                joints.push((Cause::verified(RULE, evidence), Edit::new(gap, glue)));
            }
            None => {
                let space = if block.dropped || Some(at) == last { "" } else { "\n\n" };
                if page.text()[gap.clone()] != *space {
                    layout.push(Edit::new(gap, space));
                }
            }
        }
    }
    page.edit(&Cause::certain(LAYOUT), layout);
    for (cause, edit) in joints {
        page.edit(&cause, vec![edit]);
    }
}

/// What stands between two joined halves: a space between Latin words, else nothing.
fn glue(page: &Page, tail: usize, head: usize) -> &'static str {
    let reading = |at: usize| page.reading(page.blocks[at].span.clone()).text;
    let narrow = |c: char| c.is_alphanumeric() && !crate::chars::is_wide(c);
    let (tail, head) = (reading(tail), reading(head));
    if super::latin::is_seam(&tail, &head) {
        return super::latin::glue(&tail, &head);
    }
    let spaced = head.starts_with(narrow) && tail.ends_with(|c| narrow(c) || matches!(c, ',' | ';' | ':'));
    // a number goes on without a space
    let number = tail.ends_with(|c: char| c.is_ascii_digit()) && head.starts_with(|c: char| c.is_ascii_digit());
    if spaced && !number { " " } else { "" }
}

/// The spans of the text in the order of the blocks; those that left the text stay behind the block they followed.
fn spans(page: &Page, order: &[usize]) -> Vec<Span> {
    let start = |at: usize| page.blocks.get(at).map_or(page.text().len(), |b| b.span.start);
    let first = (0..page.blocks.len()).find(|at| !page.blocks[*at].dropped).unwrap_or(page.blocks.len());
    let end = |at: usize| {
        (at + 1..=page.blocks.len()).find(|next| page.blocks.get(*next).is_none_or(|b| !b.dropped)).unwrap_or(at + 1)
    };
    std::iter::once(0..start(first)).chain(order.iter().map(|at| start(*at)..start(end(*at)))).collect()
}
