//! Aligns two texts: blocks that both have, in any order, and where these differ inside.

use crate::page::edit::Span;
use crate::repeats::align::costs;
use crate::repeats::strict::{Gap, Sign};
use crate::text::hash::Mixed;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

/// Signs in a row that identify a place: more if letters are few.
const ANCHOR_HAN: usize = 5;
const ANCHOR_LATIN: usize = 9;
/// Two ends of different lengths need this many common signs to be the same end; chosen by eye.
const LEAST_TAIL: usize = 8;
/// Cells of the table by which a gap between two anchors is aligned; larger gaps make different texts.
const MOST_CELLS: usize = 160_000;
/// By how many signs two anchors of one block may leave the diagonal; chosen by eye.
const SLACK: usize = 64;
/// A moved block has at least this many signs: a shorter one is a phrase that recurs. Chosen by eye.
const SHORTEST_MOVED: usize = 40;
/// Signs at the edge of a moved block that are aligned; chosen by eye.
const EDGE: usize = 48;

/// A place where two texts differ: a span of each; either may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub a: Span,
    pub b: Span,
}

#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// Equal signs, as (in a, in b, how many), in the order of the first text.
    pub same: Vec<(usize, usize, usize)>,
    /// Where the two differ inside blocks that both have.
    pub runs: Vec<Run>,
    /// What only one of them has, at its ends or beside a moved block.
    pub loose: [Vec<Span>; 2],
}

pub(super) fn align(a: &[Sign], b: &[Sign]) -> Alignment {
    let equal = |(a, b): &(&Sign, &Sign)| a.code() == b.code();
    let head = a.iter().zip(b).take_while(equal).count();
    let tail = a[head..]
        .iter()
        .rev()
        .zip(b[head..].iter().rev())
        .take_while(equal)
        .count();
    // if a text is cut off, its last sign may equal the last of the other by chance
    let is_sentence = |text: &[Sign]| tail > 0 && text[text.len() - tail].gap() >= Gap::Sentence;
    let is_chance = tail < LEAST_TAIL
        && a.len().abs_diff(b.len()) > LEAST_TAIL
        && !(is_sentence(a) && is_sentence(b));
    let tail = if is_chance { 0 } else { tail };
    let (inner_a, inner_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut blocks = blocks(inner_a, inner_b);
    for block in &mut blocks {
        for piece in &mut block.pieces {
            *piece = (piece.0 + head, piece.1 + head, piece.2);
        }
    }
    if head > 0 {
        blocks.insert(
            0,
            Block {
                pieces: vec![(0, 0, head)],
            },
        );
    }
    if tail > 0 {
        blocks.push(Block {
            pieces: vec![(a.len() - tail, b.len() - tail, tail)],
        });
    }
    let mut alignment = Alignment::default();
    if blocks.is_empty() {
        // no anchors: the texts are short or very different
        if a.len() * b.len() <= MOST_CELLS {
            alignment.between(a, b, 0..a.len(), 0..b.len());
        } else {
            alignment.loose[0].push(0..a.len());
            alignment.loose[1].push(0..b.len());
        }
        return alignment;
    }
    alignment.chain(a, b, &blocks);
    alignment
}

/// A row of equal pieces that are in the same order in both texts.
#[derive(Debug, Clone)]
struct Block {
    /// (in a, in b, how many), rising in both.
    pieces: Vec<(usize, usize, usize)>,
}

impl Block {
    fn start(&self) -> (usize, usize) {
        (self.pieces[0].0, self.pieces[0].1)
    }

    fn end(&self) -> (usize, usize) {
        let (a, b, length) = self.pieces[self.pieces.len() - 1];
        (a + length, b + length)
    }

    fn letters(&self) -> usize {
        self.pieces.iter().map(|piece| piece.2).sum()
    }
}

/// Blocks of runs of signs that occur once in each text (MUMmer: Delcher et al., Nucleic Acids Research 1999), extended
/// as far as the texts are equal. Linear in the two lengths.
fn blocks(a: &[Sign], b: &[Sign]) -> Vec<Block> {
    let han = a.iter().filter(|sign| sign.is_han()).count();
    let anchor = if 2 * han > a.len() {
        ANCHOR_HAN
    } else {
        ANCHOR_LATIN
    };
    let mut blocks: Vec<Block> = Vec::new();
    for (at, there) in anchors(a, b, anchor) {
        let last = blocks.last().map(Block::end);
        if last.is_some_and(|(i, _)| at < i) {
            continue; // inside the piece before
        }
        let equal = |(a, b): &(&Sign, &Sign)| a.code() == b.code();
        let ahead = a[at..].iter().zip(&b[there..]).take_while(equal).count();
        if ahead < anchor {
            continue; // hashes that happen to be equal
        }
        let floor = last.map_or((0, 0), |(i, j)| (i, if there >= j { j } else { 0 }));
        let behind = a[floor.0..at]
            .iter()
            .rev()
            .zip(b[floor.1..there].iter().rev())
            .take_while(equal)
            .count();
        let piece = (at - behind, there - behind, ahead + behind);
        match (last, blocks.last_mut()) {
            (Some((i, j)), Some(block))
                if piece.1 >= j && (piece.0 - i).abs_diff(piece.1 - j) <= SLACK =>
            {
                block.pieces.push(piece)
            }
            _ => blocks.push(Block {
                pieces: vec![piece],
            }),
        }
    }
    settle(blocks)
}

/// Keeps the heaviest chain of blocks that rise in both texts, and of the others those long enough to have been moved:
/// a shorter one is a phrase that recurs.
fn settle(blocks: Vec<Block>) -> Vec<Block> {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| blocks[*at].start().1);
    let mut rank = vec![0; blocks.len()];
    order
        .iter()
        .enumerate()
        .for_each(|(place, at)| rank[*at] = place + 1);
    // the heaviest chain that ends at a rank or below (Fenwick 1994)
    let mut tree: Vec<(usize, usize)> = vec![(0, usize::MAX); blocks.len() + 1];
    let mut before = vec![usize::MAX; blocks.len()];
    let mut best = (0, usize::MAX);
    for (at, block) in blocks.iter().enumerate() {
        let mut heaviest = (0, usize::MAX);
        let mut place = rank[at];
        while place > 0 {
            heaviest = heaviest.max(tree[place]);
            place &= place - 1;
        }
        before[at] = heaviest.1;
        let own = (heaviest.0 + block.letters(), at);
        best = if own.0 > best.0 { own } else { best };
        place = rank[at];
        while place < tree.len() {
            tree[place] = tree[place].max(own);
            place += place & place.wrapping_neg();
        }
    }
    let mut keeps: Vec<bool> = blocks
        .iter()
        .map(|block| block.letters() >= SHORTEST_MOVED)
        .collect();
    let mut at = best.1;
    while at != usize::MAX {
        keeps[at] = true;
        at = before[at];
    }
    let kept = blocks
        .into_iter()
        .zip(keeps)
        .filter(|(_, keeps)| *keeps)
        .map(|(block, _)| block);
    overlapping_once(kept.collect())
}

/// Cuts blocks that overlap a longer one in the second text to what is left.
fn overlapping_once(blocks: Vec<Block>) -> Vec<Block> {
    let mut by_length: Vec<usize> = (0..blocks.len()).collect();
    by_length.sort_by_key(|at| std::cmp::Reverse(blocks[*at].letters()));
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new(); // start to end, in b
    let mut cut: Vec<Option<Block>> = vec![None; blocks.len()];
    for at in by_length {
        let (start, end) = (blocks[at].start().1, blocks[at].end().1);
        let middle = start.midpoint(end);
        let from = taken
            .range(..=middle)
            .next_back()
            .map_or(0, |(_, taken)| *taken);
        let to = taken
            .range(middle + 1..)
            .next()
            .map_or(usize::MAX, |(taken, _)| *taken);
        let pieces: Vec<_> = blocks[at]
            .pieces
            .iter()
            .filter_map(|(i, j, length)| {
                let before = from.saturating_sub(*j).min(*length);
                let length = (*length - before).min(to.saturating_sub(*j + before));
                (length > 0).then_some((i + before, j + before, length))
            })
            .collect();
        if !pieces.is_empty() {
            let block = Block { pieces };
            taken.insert(block.start().1, block.end().1);
            cut[at] = Some(block);
        }
    }
    cut.into_iter().flatten().collect()
}

/// Where runs of `length` signs occur once in each text, in the order of the first.
fn anchors(a: &[Sign], b: &[Sign], length: usize) -> impl Iterator<Item = (usize, usize)> {
    const NONE: u32 = u32::MAX;
    const MANY: u32 = u32::MAX - 1;
    let mut places: HashMap<u64, [u32; 2], BuildHasherDefault<Mixed>> =
        HashMap::with_capacity_and_hasher(a.len(), Default::default());
    let hashes: Vec<u64> = rolling(a, length).collect();
    for (hash, at) in hashes.iter().zip(0..) {
        places
            .entry(*hash)
            .and_modify(|[own, _]| *own = MANY)
            .or_insert([at, NONE]);
    }
    for (hash, there) in rolling(b, length).zip(0..) {
        if let Some([_, other]) = places.get_mut(&hash) {
            *other = if *other == NONE { there } else { MANY };
        }
    }
    let single = move |(hash, at): (u64, u32)| {
        let [own, there] = places[&hash];
        (own == at && there < MANY).then_some((at as usize, there as usize))
    };
    hashes.into_iter().zip(0u32..).filter_map(single)
}

/// The hashes of all runs of `length` signs (Rabin and Karp).
pub(super) fn rolling(text: &[Sign], length: usize) -> impl Iterator<Item = u64> + '_ {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let leaving = (0..length).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0u64;
    text.iter().enumerate().filter_map(move |(at, sign)| {
        hash = hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(sign.code()) + 1);
        if at >= length {
            hash =
                hash.wrapping_sub((u64::from(text[at - length].code()) + 1).wrapping_mul(leaving));
        }
        (at + 1 >= length).then_some(hash ^ hash >> 31)
    })
}

impl Alignment {
    /// Goes through the blocks in the order of the first text. Between two that follow each other in both texts the
    /// differences are aligned; at the edges of others, as far as the texts are alike.
    fn chain(&mut self, a: &[Sign], b: &[Sign], blocks: &[Block]) {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_key(|at| blocks[*at].start().1);
        let mut place = vec![0; blocks.len()];
        order
            .iter()
            .enumerate()
            .for_each(|(at, block)| place[*block] = at);
        // signs of the second text that are free before and after each block
        let free_before = |at: usize| {
            let start = place[at]
                .checked_sub(1)
                .map_or(0, |before| blocks[order[before]].end().1);
            start..blocks[at].start().1
        };
        let free_after = |at: usize| {
            let end = order
                .get(place[at] + 1)
                .map_or(b.len(), |next| blocks[*next].start().1);
            blocks[at].end().1..end
        };
        let mut used_b: Vec<Span> = Vec::new();
        let mut at_a = 0;
        for (number, block) in blocks.iter().enumerate() {
            let gap_a = at_a..block.start().0;
            if number > 0 && place[number] == place[number - 1] + 1 {
                let gap_b = free_before(number);
                self.between(a, b, gap_a, gap_b.clone());
                used_b.push(gap_b);
            } else {
                self.edges(
                    a,
                    b,
                    gap_a,
                    (number > 0).then(|| free_after(number - 1)),
                    Some(free_before(number)),
                    &mut used_b,
                );
            }
            for pair in block.pieces.windows(2) {
                let ((i, j, length), next) = (pair[0], pair[1]);
                self.same.push((i, j, length));
                self.between(a, b, i + length..next.0, j + length..next.1);
            }
            self.same.extend(block.pieces.last());
            used_b.push(block.start().1..block.end().1);
            at_a = block.end().0;
        }
        let last = blocks.len() - 1;
        self.edges(
            a,
            b,
            at_a..a.len(),
            Some(free_after(last)),
            None,
            &mut used_b,
        );
        used_b.sort_by_key(|span| (span.start, span.end));
        let mut at_b = 0;
        for span in used_b {
            if span.start > at_b {
                self.loose[1].push(at_b..span.start);
            }
            at_b = at_b.max(span.end);
        }
        if at_b < b.len() {
            self.loose[1].push(at_b..b.len());
        }
        self.look_again(a, b);
        self.same.sort_unstable();
    }

    /// Aligns what only one text seemed to have with what only the other had, if the two are alike: sentences that
    /// recur with noise in each may have been aligned with the wrong one.
    fn look_again(&mut self, a: &[Sign], b: &[Sign]) {
        /// Signs of a piece, pieces of either text, and the share of signs that may differ.
        const SHORTEST: usize = 8;
        const MOST: usize = 24;
        const MOST_DIFFERENT: f64 = 0.4;
        let mut left: [Vec<Span>; 2] = Default::default();
        for which in [0, 1] {
            left[which].extend(
                self.loose[which]
                    .iter()
                    .filter(|span| span.len() >= SHORTEST)
                    .cloned(),
            );
        }
        left[0].extend(
            self.runs
                .iter()
                .filter(|run| run.b.is_empty() && run.a.len() >= SHORTEST)
                .map(|run| run.a.clone()),
        );
        left[1].extend(
            self.runs
                .iter()
                .filter(|run| run.a.is_empty() && run.b.len() >= SHORTEST)
                .map(|run| run.b.clone()),
        );
        if left.iter().any(|left| left.is_empty() || left.len() > MOST) {
            return;
        }
        let [left, mut others] = left;
        for here in &left {
            let alike = others.iter().position(|there| {
                let (short, long) = (here.len().min(there.len()), here.len().max(there.len()));
                short * long <= MOST_CELLS
                    && 10 * (long - short) <= 3 * long
                    && f64::from(costs(&a[here.clone()], &b[there.clone()], is_equal)[0])
                        <= MOST_DIFFERENT * long as f64
            });
            if let Some(at) = alike {
                let there = others.swap_remove(at);
                self.loose[0].retain(|span| span != here);
                self.loose[1].retain(|span| *span != there);
                self.runs.retain(|run| {
                    !(run.b.is_empty() && run.a == *here || run.a.is_empty() && run.b == there)
                });
                self.between(a, b, here.clone(), there);
            }
        }
    }

    /// The text between two blocks of the first text that are apart in the second: it continues the first of them, or
    /// leads to the second, as far as the texts are alike there.
    fn edges(
        &mut self,
        a: &[Sign],
        b: &[Sign],
        gap: Span,
        after: Option<Span>,
        before: Option<Span>,
        used: &mut Vec<Span>,
    ) {
        let mut gap = gap;
        let after = after.map(|mut after| {
            loop {
                let (i, j) = alike_from(&a[gap.clone()], &b[after.clone()]);
                if i + j == 0 {
                    return after;
                }
                self.between(a, b, gap.start..gap.start + i, after.start..after.start + j);
                used.push(after.start..after.start + j);
                (gap.start, after.start) = (gap.start + i, after.start + j);
            }
        });
        if let Some(mut before) = before {
            if let Some(after) = after.filter(|after| after.end == before.end) {
                before.start = before.start.max(after.start);
            }
            let backwards =
                |text: &[Sign]| text.iter().rev().take(EDGE).copied().collect::<Vec<_>>();
            loop {
                let (i, j) =
                    alike_from(&backwards(&a[gap.clone()]), &backwards(&b[before.clone()]));
                if i + j == 0 {
                    break;
                }
                self.between(a, b, gap.end - i..gap.end, before.end - j..before.end);
                used.push(before.end - j..before.end);
                (gap.end, before.end) = (gap.end - i, before.end - j);
            }
        }
        if !gap.is_empty() {
            self.loose[0].push(gap);
        }
    }

    /// Aligns the text between two anchors by edit distance (Needleman and Wunsch 1970), and notes the runs that
    /// differ.
    fn between(&mut self, a: &[Sign], b: &[Sign], here: Span, there: Span) {
        if here.is_empty() && there.is_empty() {
            return;
        }
        let (x, y) = (&a[here.clone()], &b[there.clone()]);
        let is_long = x.len().max(y.len()) > usize::from(u16::MAX);
        if x.is_empty() || y.is_empty() || is_long || x.len() * y.len() > MOST_CELLS {
            self.runs.push(Run { a: here, b: there });
            return;
        }
        let costs = costs(x, y, is_equal);
        let width = y.len() + 1;
        let (mut i, mut j) = (0, 0);
        let mut open: Option<(usize, usize)> = None;
        loop {
            let ends = i == x.len() && j == y.len();
            let is_same = i < x.len()
                && j < y.len()
                && x[i].code() == y[j].code()
                && costs[i * width + j] == costs[(i + 1) * width + j + 1];
            if (ends || is_same)
                && let Some((from, to)) = open.take()
            {
                self.runs.push(Run {
                    a: here.start + from..here.start + i,
                    b: there.start + to..there.start + j,
                });
            }
            if ends {
                return;
            }
            if is_same {
                match self.same.last_mut() {
                    Some(last)
                        if last.0 + last.2 == here.start + i
                            && last.1 + last.2 == there.start + j =>
                    {
                        last.2 += 1
                    }
                    _ => self.same.push((here.start + i, there.start + j, 1)),
                }
                (i, j) = (i + 1, j + 1);
                continue;
            }
            open.get_or_insert((i, j));
            let cost = costs[i * width + j];
            if i < x.len() && j < y.len() && cost == costs[(i + 1) * width + j + 1] + 1 {
                (i, j) = (i + 1, j + 1);
            } else if i < x.len() && cost == costs[(i + 1) * width + j] + 1 {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
}

#[inline]
fn is_equal(a: &Sign, b: &Sign) -> bool {
    a.code() == b.code()
}

/// How far two texts are alike from their beginning, in signs of each: where 2 for an equal sign and -3 for a
/// difference sum up to the most (an X-drop extension, as in BLAST: Altschul et al. 1997).
fn alike_from(a: &[Sign], b: &[Sign]) -> (usize, usize) {
    let same = a
        .iter()
        .zip(b)
        .take_while(|(a, b)| a.code() == b.code())
        .count();
    if same > EDGE {
        return (same, same);
    }
    let (a, b) = (&a[..a.len().min(EDGE)], &b[..b.len().min(EDGE)]);
    // the row of the sign before and that of this sign
    let mut above = [0i32; EDGE + 1];
    let mut row: [i32; EDGE + 1] = std::array::from_fn(|j| -3 * j as i32);
    let mut best = (0, (0, 0));
    for (sign, i) in a.iter().zip(1..) {
        std::mem::swap(&mut above, &mut row);
        row[0] = above[0] - 3;
        for (other, j) in b.iter().zip(1..) {
            let pair = if sign.code() == other.code() { 2 } else { -3 };
            row[j] = (above[j - 1] + pair).max(above[j] - 3).max(row[j - 1] - 3);
            if row[j] > best.0 {
                best = (row[j], (i, j));
            }
        }
    }
    best.1
}
