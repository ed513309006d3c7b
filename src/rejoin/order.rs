//! The reading order that follows from the junctions, and the white space that shows it.

use super::articles::{self, Laid};
use super::glue::glue;
use super::junction::Junction;
use super::options::Split;
use super::topic::Topics;
use crate::page::cause::CauseId;
use crate::page::edit::{Cause, Edit, Evidence, Span};
use crate::page::hints::{ARTICLE, KINDS};
use crate::page::nature::Form;
use crate::page::{Article, Block, Kind, Page};
use crate::text::sentence::ends_sentence;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Puts the blocks in reading order: joined halves without a gap, a blank line between paragraphs, captions after the
/// text of their article. Records the kind of each paragraph in the metadata. If the page is to be split, records where
/// its articles begin, and moves their heads to the metadata.
pub(super) fn lay_out(page: &mut Page, junctions: &[Junction], split: Split) {
    let next: HashMap<usize, Junction> = junctions.iter().map(|j| (j.tail, *j)).collect();
    trim(page);
    let order = reading_order(page, junctions);
    let is_split = split == Split::Articles && !is_article(page);
    let runs_in = match page.laid_out || is_split {
        true => HashMap::new(),
        false => datelines(page, &order, &next),
    };
    let heads = next.values().map(|j| (j.tail, j.head));
    let follows = heads.chain(runs_in.iter().map(|(a, b)| (*a, *b))).collect();
    let mut paragraphs = paragraphs(order, &follows);
    let boxed = boxed(page, junctions);
    if page.nature.breaks.broken && !page.laid_out && page.regions.is_empty() {
        paragraphs = asides_last(page, paragraphs, &boxed);
    }
    if is_split {
        paragraphs = split_up(page, paragraphs, &boxed);
    }
    let kinds = kinds(page, &paragraphs);
    match page.laid_out {
        // those that its record had were ours
        true => page.metadata.insert(KINDS, kinds),
        false => page.metadata.claim(KINDS, kinds),
    }
    set_gaps(page, &paragraphs, &next, &runs_in);
    let order: Vec<usize> = paragraphs.into_iter().flatten().collect();
    if is_split || order.windows(2).any(|two| two[0] > two[1]) {
        let spans = spans(page, &order);
        page.reorder(spans);
    }
}

/// The kinds of paragraphs as the metadata lists them: that of the first block, or of the one that a dateline was run
/// in to.
fn kinds(page: &Page, paragraphs: &[Vec<usize>]) -> Value {
    let kind = |paragraph: &Vec<usize>| match page.blocks[paragraph[0]].kind {
        Kind::Dateline => page.blocks[paragraph[paragraph.len().min(2) - 1]].kind,
        kind => kind,
    };
    serde_json::to_value(paragraphs.iter().map(kind).collect::<Vec<_>>())
        .expect("kinds are plain names")
}

/// Trims white space that repairs have exposed at the ends of blocks, and drops blocks that hold nothing else.
fn trim(page: &mut Page) {
    let mut edits = Vec::new();
    for at in 0..page.blocks.len() {
        if page.blocks[at].dropped {
            continue;
        }
        let reading = page.reading(page.blocks[at].span.clone());
        let (text, kept) = (&reading.text, reading.text.trim());
        if kept.is_empty() {
            page.drop_block(&Cause::certain(CauseId::Layout), at);
        } else if kept.len() < text.len() {
            let lead = text.len() - text.trim_start().len();
            let ends = [0..lead, lead + kept.len()..text.len()];
            edits.extend(
                ends.into_iter()
                    .filter(|end| !end.is_empty())
                    .map(|end| reading.trace(Edit::delete(end))),
            );
        }
    }
    page.edit(&Cause::certain(CauseId::Layout), edits);
}

/// The blocks that stay, with the runs that far junctions move to the place after their tails.
///
/// A run goes from the head of a far junction to the next tail of one, or to the end of its article: a half takes the
/// rest of its column along.
fn reading_order(page: &Page, junctions: &[Junction]) -> Vec<usize> {
    if !page.regions.is_empty() {
        return column_by_column(page);
    }
    let text_between = |from: usize, to: usize| {
        (from + 1..to).any(|at| page.blocks[at].is_running_text() && !page.blocks[at].dropped)
    };
    let (far, near): (Vec<&Junction>, Vec<&Junction>) = junctions
        .iter()
        .partition(|j| j.head < j.tail || text_between(j.tail, j.head));
    let runs = runs(page, &far, &near);
    if far.is_empty() {
        return runs.concat();
    }
    let begins_with: HashMap<usize, usize> =
        (0..runs.len()).map(|run| (runs[run][0], run)).collect();
    let follower = |run: &Vec<usize>| {
        let junction = far.iter().find(|j| Some(&j.tail) == run.last());
        junction.map(|j| begins_with[&j.head])
    };
    let follows: Vec<Option<usize>> = runs.iter().map(follower).collect();
    let enclosed = enclosed(page, &runs, &follows, &near);
    let mut has_before = vec![false; runs.len()];
    for run in follows.iter().flatten().chain(enclosed.values().flatten()) {
        has_before[*run] = true;
    }
    let mut order = Vec::new();
    for first in (0..runs.len()).filter(|run| !has_before[*run]) {
        for run in std::iter::successors(Some(first), |run| follows[*run]) {
            for block in &runs[run] {
                let inside = enclosed.get(block).into_iter().flatten();
                order.extend(inside.flat_map(|run| &runs[*run]));
                order.push(*block);
            }
        }
    }
    // a circle of runs has no first one: such text stays where it is, after the rest
    let mut placed = vec![false; page.blocks.len()];
    order.iter().for_each(|at| placed[*at] = true);
    order.extend(runs.iter().flatten().filter(|at| !placed[**at]));
    order
}

/// The blocks that stay, those of a region in the order of its columns.
fn column_by_column(page: &Page) -> Vec<usize> {
    let mut order = Vec::new();
    let mut at = 0;
    for region in &page.regions {
        order.extend(at..region.blocks.start);
        order.extend(region.paragraphs.iter().flatten());
        at = region.blocks.end;
    }
    order.extend(at..page.blocks.len());
    order.retain(|at| !page.blocks[*at].dropped);
    order
}

/// The runs of the blocks that stay.
fn runs(page: &Page, far: &[&Junction], near: &[&Junction]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut ended = true;
    for at in (0..page.blocks.len()).filter(|at| !page.blocks[*at].dropped) {
        let in_junction = || near.iter().any(|j| j.tail < at && at <= j.head);
        // a line that merely looks like a headline does not end a run: usually it is a half that found no other
        let begins = far.iter().any(|j| j.head == at)
            || page.blocks[at].kind == Kind::Headline && !in_junction();
        match runs.last_mut().filter(|_| !ended && !begins) {
            Some(run) => run.push(at),
            None => runs.push(vec![at]),
        }
        ended = far.iter().any(|j| j.tail == at);
    }
    runs
}

/// The runs without a junction of their own that belong inside another: before which block each group of them goes.
///
/// A picture that cuts the columns of a text leaves an upper and a lower row of them, U1 U2 U3 … D1 D2 D3 …. If
/// junctions make it U1 D1 U2 and U2' D3 U3, with a single run from U2 to U2', then D2 was under one of its columns: it
/// goes between two of its paragraphs, where the topics of the blocks on both sides are closest to its own. Junctions
/// on one side (U1 D1 U2 alone) are not enough: on pages broken on purpose .929 of the pieces then came before their
/// true successor, against .933 without.
fn enclosed(
    page: &Page,
    runs: &[Vec<usize>],
    follows: &[Option<usize>],
    near: &[&Junction],
) -> HashMap<usize, Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; runs.len()];
    for (run, next) in follows.iter().enumerate() {
        if let Some(next) = next {
            before[*next] = Some(run);
        }
    }
    let is_alone = |run: usize| before[run].is_none() && follows[run].is_none();
    let mut known = None;
    let mut enclosed: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = 0;
    while at < runs.len() {
        let alone = (at..runs.len()).take_while(|run| is_alone(*run)).count();
        let group = at..at + alone;
        at += alone.max(1);
        let Some(column) = column_around(&group, follows, &before) else {
            continue;
        };
        let blocks = runs[group.clone()].concat();
        if group.is_empty() || begins_article(page, &blocks) {
            continue;
        }
        let topics = known.get_or_insert_with(|| topics(page));
        let column: Vec<&[usize]> = column.iter().map(|run| &runs[*run][..]).collect();
        if let Some(block) = place_by_topic(page, &blocks, &column, topics, near) {
            enclosed.entry(block).or_default().extend(group);
        }
    }
    enclosed
}

/// The block of a column's runs before which other blocks fit best: between two paragraphs that are closer to them in
/// topic than to each other.
fn place_by_topic(
    page: &Page,
    blocks: &[usize],
    column: &[&[usize]],
    topics: &Topics,
    near: &[&Junction],
) -> Option<usize> {
    let top = speaking(page, blocks.iter());
    let foot = speaking(page, blocks.iter().rev());
    let likeness = |one: Option<usize>, other: Option<usize>| {
        one.zip(other).map_or(0.0, |(a, b)| topics.of_two(a, b))
    };
    let all = column.concat();
    let gain = |block: usize| {
        let at = all.iter().position(|other| *other == block);
        let (over, under) = all.split_at(at.expect("the pair stands in it"));
        let over = speaking(page, over.iter().rev());
        let under = speaking(page, under.iter());
        likeness(over, top) + likeness(foot, under) - likeness(over, under)
    };
    let pairs = column.iter().flat_map(|run| run.windows(2));
    let gaps = pairs.filter(|two| is_gap(page, two[0], two[1], near));
    let best = gaps
        .map(|two| (gain(two[1]), two[1]))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, block)| block)
}

/// The runs from U2 to U2', one after another, if they enclose a group as they do D2.
fn column_around(
    group: &Range<usize>,
    follows: &[Option<usize>],
    before: &[Option<usize>],
) -> Option<Vec<usize>> {
    let (above, last) = rows_around(group, follows, before)?;
    let next = |run: &usize| follows[*run].filter(|_| *run != last);
    let column: Vec<usize> = std::iter::successors(Some(above), next)
        .take(follows.len())
        .collect();
    (column.last() == Some(&last)).then_some(column)
}

/// The runs U2 and U2' if the group is placed like D2: on the page, too, U2 comes after U1 and U3 after U2'.
fn rows_around(
    group: &Range<usize>,
    follows: &[Option<usize>],
    before: &[Option<usize>],
) -> Option<(usize, usize)> {
    let under = group.start.checked_sub(1)?;
    let (first, last) = (follows[under]?, (*before.get(group.end)?)?);
    (before[under]? + 1 == first && follows[group.end]? == last + 1).then_some((first, last))
}

/// The first block that is long enough to have a topic.
fn speaking<'b>(page: &Page, mut blocks: impl Iterator<Item = &'b usize>) -> Option<usize> {
    /// Bytes: some 40 characters, which no headline has.
    const TELLING: usize = 120;
    blocks
        .find(|at| page.blocks[**at].span.len() >= TELLING)
        .copied()
}

/// The topics of all blocks that stay.
fn topics(page: &Page) -> Topics {
    let text = |b: &Block| {
        if b.dropped {
            Cow::default()
        } else {
            page.reading(b.span.clone()).text
        }
    };
    let texts: Vec<Cow<str>> = page.blocks.iter().map(text).collect();
    Topics::of(texts.iter().map(|text| (text.as_ref(), false)))
}

/// Whether one block ends a paragraph and the other begins a new one.
fn is_gap(page: &Page, one: usize, other: usize, near: &[&Junction]) -> bool {
    let text = page.reading(page.blocks[one].span.clone()).text;
    let is_whole = page.blocks[one].kind != Kind::Body || ends_sentence(&text);
    is_whole && !near.iter().any(|j| j.tail <= one && other <= j.head)
}

/// Whether an article certainly begins among these blocks.
fn begins_article(page: &Page, blocks: &[usize]) -> bool {
    let paragraphs: Vec<Vec<usize>> = blocks.iter().map(|at| vec![*at]).collect();
    articles::cut(&Laid {
        page,
        paragraphs: &paragraphs,
        boxed: &HashSet::new(),
    })
    .iter()
    .any(|a| a.is_sure)
}

/// Puts joined blocks together; what was between two halves comes after their paragraph.
fn paragraphs(order: Vec<usize>, follows: &HashMap<usize, usize>) -> Vec<Vec<usize>> {
    let heads: HashSet<usize> = follows.values().copied().collect();
    let first = order.into_iter().filter(|at| !heads.contains(at));
    first
        .map(|at| std::iter::successors(Some(at), |at| follows.get(at).copied()).collect())
        .collect()
}

/// Puts datelines on lines of their own with the paragraph that they open.
fn datelines(
    page: &Page,
    order: &[usize],
    next: &HashMap<usize, Junction>,
) -> HashMap<usize, usize> {
    let heads: HashSet<usize> = next.values().map(|j| j.head).collect();
    let kinds = |two: &[usize]| [page.blocks[two[0]].kind, page.blocks[two[1]].kind];
    let opens =
        |two: &&[usize]| kinds(two) == [Kind::Dateline, Kind::Body] && !heads.contains(&two[1]);
    order
        .windows(2)
        .filter(opens)
        .map(|two| (two[0], two[1]))
        .collect()
}

/// The blocks of boxes between two halves: a headline, and the items of a list under it.
fn boxed(page: &Page, junctions: &[Junction]) -> HashSet<usize> {
    let mut boxed = HashSet::new();
    for junction in junctions.iter().filter(|j| j.tail < j.head) {
        let between: Vec<usize> = (junction.tail + 1..junction.head)
            .filter(|at| !page.blocks[*at].dropped)
            .collect();
        let kind = |at: &usize| page.blocks[*at].kind;
        let items: Vec<usize> = between
            .into_iter()
            .filter(|at| !matches!(kind(at), Kind::Caption | Kind::Credit))
            .collect();
        if items.len() > 1
            && kind(&items[0]) == Kind::Headline
            && items[1..].iter().all(|at| kind(at) == Kind::List)
        {
            boxed.extend(items);
        }
    }
    boxed
}

/// Within each article whose beginning is certain: the text, then captions and credits, then boxes. Where another
/// article may begin unseen, they stay on their side of it.
fn asides_last(
    page: &Page,
    paragraphs: Vec<Vec<usize>>,
    boxed: &HashSet<usize>,
) -> Vec<Vec<usize>> {
    let laid = Laid {
        page,
        paragraphs: &paragraphs,
        boxed,
    };
    let articles = articles::cut(&laid);
    let order = articles
        .iter()
        .flat_map(|article| asides_last_in(&laid, article));
    order.map(|at| paragraphs[at].clone()).collect()
}

fn asides_last_in(laid: &Laid, article: &articles::ArticleSpan) -> Vec<usize> {
    let all = article.paragraphs.clone();
    let from = match article.is_sure {
        true => articles::last_doubt(laid, article).unwrap_or(all.start),
        false => all.end,
    };
    let own = || from..all.end;
    let mut order: Vec<usize> = (all.start..from).collect();
    order.extend(own().filter(|p| !laid.is_caption(*p) && !laid.is_boxed(*p)));
    order.extend(own().filter(|p| laid.is_caption(*p)));
    order.extend(own().filter(|p| laid.is_boxed(*p)));
    order
}

/// Whether the page is an article that an earlier run split off.
fn is_article(page: &Page) -> bool {
    page.laid_out && page.hints.is_article
}

/// Records where the articles begin and what their heads say; the heads leave the text. Returns the paragraphs that
/// stay.
fn split_up(
    page: &mut Page,
    paragraphs: Vec<Vec<usize>>,
    boxed: &HashSet<usize>,
) -> Vec<Vec<usize>> {
    let laid = Laid {
        page,
        paragraphs: &paragraphs,
        boxed,
    };
    let cut = articles::cut(&laid).into_iter();
    let about = |article: &articles::ArticleSpan| articles::about(&laid, article);
    let cut: Vec<(articles::ArticleSpan, Map<String, Value>)> = cut
        .map(|article| (article.clone(), about(&article)))
        .collect();
    let mut left = Vec::new();
    for (number, (article, mut about)) in (1u64..).zip(cut) {
        let (head, body) = paragraphs[article.paragraphs].split_at(article.head);
        for block in head.iter().flatten() {
            page.drop_block(&Cause::certain(CauseId::Article), *block);
        }
        about.insert("page".into(), page.id.clone().into());
        about.insert(ARTICLE.into(), number.into());
        about.insert(KINDS.into(), kinds(page, body));
        page.articles.push(Article {
            start: page.blocks[body[0][0]].span.start,
            about,
        });
        left.extend_from_slice(body);
    }
    left
}

/// Sets the white space after every block: none within a paragraph, a blank line between two.
fn set_gaps(
    page: &mut Page,
    paragraphs: &[Vec<usize>],
    next: &HashMap<usize, Junction>,
    runs_in: &HashMap<usize, usize>,
) {
    let mut layout = Vec::new();
    let mut joints = Vec::new();
    let order: Vec<usize> = paragraphs.iter().flatten().copied().collect();
    let last = order.last().copied();
    let after: HashMap<usize, usize> = order.windows(2).map(|two| (two[0], two[1])).collect();
    let first = page.blocks.first();
    let lead = first.map_or(page.text().len(), |b| b.span.start - indent(page, 0).len());
    if lead > 0 {
        layout.push(Edit::delete(0..lead));
    }
    for (at, block) in page.blocks.iter().enumerate() {
        let following = page.blocks.get(at + 1);
        let gap = block.span.end..following.map_or(page.text().len(), |b| b.span.start);
        if let Some(junction) = next.get(&at) {
            let glue = glue(page, at, junction.head);
            joints.push((Edit::new(gap, glue), cause_of(page, junction)));
        } else if runs_in.contains_key(&at) {
            joints.push((Edit::new(gap, " "), Cause::certain(CauseId::Dateline)));
        } else {
            let space = match block.dropped || Some(at) == last {
                true => String::new(),
                false => space_after(page, at, after.get(&at).copied()),
            };
            let came = &page.text()[gap.clone()];
            if !came.trim().is_empty() {
                joints.push((Edit::new(gap, space), Cause::certain(CauseId::Gutter)));
            } else if came != space {
                layout.push(Edit::new(gap, space));
            }
        }
    }
    page.edit(&Cause::certain(CauseId::Layout), layout);
    page.edit_each(joints);
}

/// The cause of a junction, which carries its probability.
fn cause_of(page: &Page, junction: &Junction) -> Cause {
    let evidence = Evidence {
        probability: Some(junction.probability),
        ..Evidence::default()
    };
    let rule = match page.is_piece(junction.tail) {
        true => CauseId::Gutter,
        false => CauseId::Rejoin,
    };
    Cause::verified(rule, evidence)
}

/// What goes between two blocks that were not joined: a blank line, or what was there if each is of a form whose lines
/// are the writer's.
fn space_after(page: &Page, block: usize, next: Option<usize>) -> String {
    let Some(next) = next.filter(|next| *next > block) else {
        return "\n\n".into();
    };
    let begins_article = |article: &Article| article.start == page.blocks[next].span.start;
    let is_apart = (block + 1..next).any(|at| !page.blocks[at].dropped)
        || page.articles.iter().any(begins_article);
    if is_apart || !keeps_lines(page, block) || !keeps_lines(page, next) {
        return format!("\n\n{}", indent(page, next));
    }
    let blank_lines = page.blocks[block + 1..=next].iter().map(|b| b.gap).max();
    let blank_lines = blank_lines.unwrap_or(0);
    let keeps_all = keeps_all_lines(page) || page.form(next) == Form::Code;
    let line_ends = if keeps_all {
        blank_lines
    } else {
        blank_lines.min(1)
    } + 1;
    "\n".repeat(line_ends) + indent(page, next)
}

/// Whether the page's lines are already right: those of a listing, and of the output of an earlier run.
fn keeps_all_lines(page: &Page) -> bool {
    page.laid_out || page.nature.is_listing
}

/// Whether a line of this block is a line in the clean text too. An item of Markdown that loses its mark becomes a
/// paragraph: as a mere line nothing would tell it from the next.
fn keeps_lines(page: &Page, block: usize) -> bool {
    let form = page.form(block);
    let loses_its_mark = page.nature.markdown && page.blocks[block].kind == Kind::List;
    keeps_all_lines(page)
        || form == Form::List && !loses_its_mark
        || form.keeps_lines() && !matches!(form, Form::Heading | Form::Furniture)
}

/// The white space at the beginning of a block's line, if it means something.
fn indent(page: &Page, block: usize) -> &str {
    let is_set_in = matches!(page.form(block), Form::Code | Form::Verse | Form::Data);
    if !is_set_in && !keeps_all_lines(page) && !page.nature.has_code {
        return "";
    }
    let before = &page.text()[..page.blocks[block].span.start];
    let kept = before.trim_end_matches([' ', '\t']);
    if kept.is_empty() || kept.ends_with('\n') {
        &before[kept.len()..]
    } else {
        ""
    }
}

/// The spans of the text in the order of the blocks; spans that left the text stay after the block that they followed.
fn spans(page: &Page, order: &[usize]) -> Vec<Span> {
    let start = |at: usize| {
        page.blocks
            .get(at)
            .map_or(page.text().len(), |b| b.span.start)
    };
    let first = (0..page.blocks.len())
        .find(|at| !page.blocks[*at].dropped)
        .unwrap_or(page.blocks.len());
    let end = |at: usize| {
        (at + 1..=page.blocks.len())
            .find(|next| page.blocks.get(*next).is_none_or(|b| !b.dropped))
            .unwrap_or(at + 1)
    };
    std::iter::once(0..start(first))
        .chain(order.iter().map(|at| start(*at)..start(end(*at))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nature::nature;
    use crate::segment::segment;

    fn laid_out(blocks: &[&str], junctions: &[(usize, usize)], split: Split) -> Page {
        let mut page = Page::new("p", blocks.join("\n\n"));
        segment(&mut page);
        page.nature = nature(&page);
        page.nature.breaks.broken = true;
        assert_eq!(page.blocks.len(), blocks.len());
        let junction = |(tail, head): &(usize, usize)| Junction {
            tail: *tail,
            head: *head,
            probability: 0.9,
        };
        lay_out(
            &mut page,
            &junctions.iter().map(junction).collect::<Vec<_>>(),
            split,
        );
        page
    }

    /// Two rows of columns: 0 to 5 above the picture, 6 to 9 under it.
    const ROWS: [&str; 10] = [
        "江上的渡轮从清晨开到深夜，船员三班轮换，最远的一班要开到下游的盐",
        "的工地上又添了两台吊车，夜里也不停。",
        "渡轮改用电池以后，江面上听不见马达的声音，守塔人说他反倒睡不惯了，夜里总要起来看一看船到了没有。",
        "茶山上的新茶比去年早了六天开采，采茶的人天不亮就背着竹篓上山，太阳出来以前要采满头一篓嫩",
        "才算交了差。",
        "茶厂收青叶到半夜，炒茶的师傅一锅一锅地炒，满街都是茶香。",
        "仓，那里从前只有一条石板路，如今旧桥",
        "守塔人又说，渡轮上的电池三天一换，船到了就在江面的浮码头上换，夜里看得见塔上和船上的灯。",
        "采茶的竹篓也换了新的，茶山上的人说，新茶嫩，老竹篓会压坏。采茶的日子只有二十天，早一天是宝。",
        "芽够五斤，",
    ];

    #[test]
    fn a_column_left_alone_between_two_rows_goes_where_its_topic_is() {
        let page = laid_out(&ROWS, &[(0, 6), (6, 1), (3, 9), (9, 4)], Split::Page);
        let clean = page.clean();
        let place = |block: usize| clean.find(&ROWS[block][..15]).expect("it stands there");
        let order: Vec<usize> = [0, 6, 1, 2, 7, 8, 3, 9, 4, 5].map(place).into();
        assert!(order.is_sorted(), "{clean}");
    }

    #[test]
    fn another_article_between_two_rows_stays_out_of_them() {
        let mut rows = ROWS;
        rows[7] = "## 码头添了新灯";
        rows[8] = "本报讯 码头上昨天添了十盏新灯，夜里装卸不用再打手电。";
        let page = laid_out(&rows, &[(0, 6), (6, 1), (3, 9), (9, 4)], Split::Page);
        let clean = page.clean();
        assert!(
            clean.find("码头添了新灯") > clean.find("茶厂收青叶"),
            "{clean}"
        );
    }

    #[test]
    fn boxes_come_after_captions_at_the_end_of_their_article() {
        let blocks = [
            "## 渡口的钟又响了",
            "本报讯 修钟的人花了整整一个冬天，才把断了的齿",
            "## 修钟要带什么",
            "- 一把小锤",
            "- 一盏头灯",
            "轮配齐。",
            "图为修钟人在钟楼上。",
            "钟声传得很远。",
            "## 茶山今年提前开采",
            "本报讯 茶山比去年早了六天开采。",
        ];
        let page = laid_out(&blocks, &[(1, 5)], Split::Page);
        let order: Vec<String> = page
            .clean()
            .split("\n\n")
            .map(|p| p.chars().take(6).collect())
            .collect();
        let wanted = [
            "## 渡口的",
            "本报讯 修钟",
            "钟声传得很远",
            "图为修钟人在",
            "## 修钟要",
            "- 一把小锤",
            "- 一盏头灯",
        ];
        assert_eq!(order[..7], wanted);
        let page = laid_out(&blocks, &[(1, 5)], Split::Articles);
        assert_eq!(page.articles.len(), 2);
        assert_eq!(page.clean_articles().len(), 2);
    }
}
