//! How many halves are joined, how many of them rightly, and how often junctions of a probability are right.

use super::joins;
use generate::Broken;
use jiaokan::bench::rejoin::{Junction, assign};

/// A page with what the model says of its pairs.
pub(crate) struct Scored<'a> {
    pub broken: &'a Broken,
    pub candidates: Vec<Junction>,
}

#[derive(Default)]
struct Tally {
    right: usize,
    made: usize,
    gold: usize,
}

impl Tally {
    fn precision(&self) -> f64 {
        self.right as f64 / self.made.max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.gold.max(1) as f64
    }
}

/// Precision and recall over thresholds; of pages that lost a column; and joins on pages where nothing is broken.
pub(crate) fn curve(pages: &[Scored]) {
    println!(
        "    least  precision  recall     F1  neighbours  far apart  lost a column  joins in 1,000 blocks unbroken"
    );
    for threshold in [
        0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95,
    ] {
        let (mut all, mut near, mut far, mut lossy) = <(Tally, Tally, Tally, Tally)>::default();
        let (mut unbroken, mut made_there) = (0, 0);
        for page in pages {
            let joins = joins(page.broken);
            let junctions = assign(page.candidates.clone(), threshold);
            let right = junctions
                .iter()
                .filter(|j| joins.contains(&(j.tail, j.head)));
            let next = |j: &Junction| j.head == j.tail + 1;
            let right_next = right.clone().filter(|j| next(j)).count();
            let add = |tally: &mut Tally, right: usize, made: usize, gold: usize| {
                tally.right += right;
                tally.made += made;
                tally.gold += gold;
            };
            let right = right.count();
            add(&mut all, right, junctions.len(), joins.len());
            let (made_next, gold_next) = (
                junctions.iter().filter(|j| next(j)).count(),
                joins.iter().filter(|(t, h)| *h == t + 1).count(),
            );
            add(&mut near, right_next, made_next, gold_next);
            add(
                &mut far,
                right - right_next,
                junctions.len() - made_next,
                joins.len() - gold_next,
            );
            if page.broken.lost {
                add(&mut lossy, right, junctions.len(), joins.len());
            }
            if joins.is_empty() {
                unbroken += page.broken.blocks.len();
                made_there += junctions.len();
            }
        }
        let (precision, recall) = (all.precision(), all.recall());
        println!(
            "    {threshold:5.2}  {precision:9.3}  {recall:6.3}  {:5.3}  {:.3} {:.3}  {:.3} {:.3}  {:.3} {:.3}      {:.2}",
            2.0 * precision * recall / (precision + recall),
            near.precision(),
            near.recall(),
            far.precision(),
            far.recall(),
            lossy.precision(),
            lossy.recall(),
            1000.0 * made_there as f64 / f64::max(1.0, unbroken as f64)
        );
    }
}

/// How often junctions of a probability are true.
pub(crate) fn reliability(pages: &[Scored]) {
    let mut bins = [(0, 0, 0.0); 10];
    for page in pages {
        let joins = joins(page.broken);
        for junction in assign(page.candidates.clone(), 0.05) {
            let (all, right, said) = &mut bins[((junction.probability * 10.0) as usize).min(9)];
            *all += 1;
            *right += usize::from(joins.contains(&(junction.tail, junction.head)));
            *said += f64::from(junction.probability);
        }
    }
    println!("    probability said  true  junctions");
    for (all, right, said) in bins.iter().filter(|b| b.0 > 0) {
        println!(
            "                {said:4.2}  {:4.2}  {all}",
            *right as f64 / *all as f64,
            said = said / *all as f64
        );
    }
}
