//! Gives each tail at most one head and each head at most one tail, so that all junctions together are likeliest.

use super::junction::Junction;
use crate::logistic::logit;
use std::collections::{BTreeMap, HashMap};

/// The junctions of at least the threshold's probability that together gain most over leaving their halves alone: a
/// maximum-weight matching, solved for each group of halves that compete with each other.
pub fn assign(candidates: Vec<Junction>, threshold: f32) -> Vec<Junction> {
    let price = logit(threshold);
    let gain = |j: &Junction| f64::from(logit(j.probability) - price);
    let worth: Vec<Junction> = candidates.into_iter().filter(|j| gain(j) >= 0.0).collect();
    let mut junctions: Vec<Junction> = Vec::new();
    for group in groups(&worth) {
        let tails = numbered(group.iter().map(|j| j.tail));
        let heads = numbered(group.iter().map(|j| j.head));
        // each tail has a column of its own to stay alone
        let mut gains = vec![vec![0.0; heads.len() + tails.len()]; tails.len()];
        for junction in &group {
            // so that a junction of no gain is made rather than left
            gains[tails[&junction.tail]][heads[&junction.head]] = gain(junction) + 1e-6;
        }
        let chosen = best_columns(&gains);
        let is_chosen = |j: &Junction| chosen[tails[&j.tail]] == heads[&j.head];
        junctions.extend(group.into_iter().filter(is_chosen));
    }
    without_circles(junctions)
}

fn numbered(places: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut numbers: BTreeMap<usize, usize> = places.map(|p| (p, 0)).collect();
    numbers
        .values_mut()
        .enumerate()
        .for_each(|(n, number)| *number = n);
    numbers
}

/// The first of the group that a junction is in.
fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Groups junctions that share a tail or a head, directly or through others.
fn groups(junctions: &[Junction]) -> Vec<Vec<Junction>> {
    let mut parent: Vec<usize> = (0..junctions.len()).collect();
    let mut owner: HashMap<(bool, usize), usize> = HashMap::new();
    for (at, junction) in junctions.iter().enumerate() {
        for half in [(false, junction.tail), (true, junction.head)] {
            let other = *owner.entry(half).or_insert(at);
            let (a, b) = (root(&mut parent, at), root(&mut parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Junction>> = BTreeMap::new();
    for (at, junction) in junctions.iter().enumerate() {
        groups
            .entry(root(&mut parent, at))
            .or_default()
            .push(*junction);
    }
    groups.into_values().collect()
}

/// For each row a column, all different, with the greatest sum (Kuhn 1955, Munkres 1957, with potentials as by Jonker
/// and Volgenant 1987; rows must not outnumber columns).
fn best_columns(gains: &[Vec<f64>]) -> Vec<usize> {
    let (rows, columns) = (gains.len(), gains[0].len());
    let mut row_price = vec![0.0; rows + 1];
    let mut column_price = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1]; // 1-based; column 0 is where a search begins
    for row in 1..=rows {
        row_of[0] = row;
        let mut slack = vec![f64::INFINITY; columns + 1];
        let mut from = vec![0; columns + 1];
        let mut done = vec![false; columns + 1];
        let mut at = 0;
        while row_of[at] != 0 {
            done[at] = true;
            let row = row_of[at];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in (1..=columns).filter(|c| !done[*c]) {
                let cost = -gains[row - 1][column - 1] - row_price[row] - column_price[column];
                if cost < slack[column] {
                    slack[column] = cost;
                    from[column] = at;
                }
                if slack[column] < step {
                    step = slack[column];
                    next = column;
                }
            }
            for column in 0..=columns {
                if done[column] {
                    row_price[row_of[column]] += step;
                    column_price[column] -= step;
                } else {
                    slack[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            row_of[at] = row_of[from[at]];
            at = from[at];
        }
    }
    let mut chosen = vec![0; rows];
    for (column, row) in row_of
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, row)| **row != 0)
    {
        chosen[row - 1] = column - 1;
    }
    chosen
}

/// Breaks every circle of junctions (a paragraph that would continue with itself) at its least likely junction.
fn without_circles(mut junctions: Vec<Junction>) -> Vec<Junction> {
    let tails = junctions.iter().enumerate();
    let next: HashMap<usize, usize> = tails.map(|(at, j)| (j.tail, at)).collect();
    let follower = |at: usize| next.get(&junctions[at].head).copied();
    let mut walk = vec![0; junctions.len()]; // the number of the walk that came by
    let mut weakest = Vec::new();
    for start in 0..junctions.len() {
        let mut at = Some(start).filter(|at| walk[*at] == 0);
        while let Some(here) = at {
            walk[here] = start + 1;
            at = follower(here);
            if at.is_some_and(|on| walk[on] == start + 1) {
                let others = std::iter::successors(at, |on| follower(*on));
                let circle = std::iter::once(here).chain(others.take_while(|on| *on != here));
                let probability = |at: &usize| junctions[*at].probability;
                weakest.extend(circle.min_by(|a, b| probability(a).total_cmp(&probability(b))));
                break;
            }
            at = at.filter(|on| walk[*on] == 0);
        }
    }
    let mut at = 0;
    junctions.retain(|_| {
        at += 1;
        !weakest.contains(&(at - 1))
    });
    junctions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn junction(tail: usize, head: usize, probability: f32) -> Junction {
        Junction {
            tail,
            head,
            probability,
        }
    }

    #[test]
    fn two_good_junctions_beat_one_very_good_one() {
        let made = assign(
            vec![
                junction(1, 2, 0.99),
                junction(1, 5, 0.97),
                junction(4, 2, 0.97),
            ],
            0.5,
        );
        assert_eq!(made, [junction(1, 5, 0.97), junction(4, 2, 0.97)]);
    }

    #[test]
    fn what_is_not_worth_its_price_stays_alone() {
        assert_eq!(
            assign(vec![junction(1, 2, 0.6), junction(3, 4, 0.9)], 0.8),
            [junction(3, 4, 0.9)]
        );
    }

    #[test]
    fn a_circle_breaks_at_its_weakest_junction() {
        let made = assign(
            vec![
                junction(1, 2, 0.99),
                junction(2, 1, 0.9),
                junction(3, 3, 0.99),
            ],
            0.5,
        );
        assert_eq!(made, [junction(1, 2, 0.99)]);
    }
}
