//! Says how many repairs of misread letters come out right, on pages with their right text.
//!
//!     cargo bench --bench letters -- --from PAIRS.jsonl [--show]
//!
//! PAIRS.jsonl holds records with `text` as it was recognised and `gold`. They are a run together, and the first thirty of
//! them; the right texts are a run too, in which nothing is to be repaired. The weights of `data/weights` are measured,
//! which `make weights-letters` fits on other pages. `--show` lists the repairs that are wrong.

#[allow(dead_code)] // fitting needs the rest
mod pairs;

use jiaokan::bench::normalise::letters::{APPLY_FROM, MODEL};
use pairs::{Sample, cleaned, read, samples_of};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let at = args.iter().position(|a| a == "--from");
    let Some(from) = at.and_then(|at| args.get(at + 1)) else {
        println!("letters: nothing to do without --from PAIRS.jsonl");
        return;
    };
    let show = args.iter().any(|a| a == "--show");
    let pairs = read(from);
    for (run, samples) in [
        ("all", samples_of(&pairs)),
        (
            "the first thirty",
            samples_of(&pairs[..pairs.len().min(30)]),
        ),
        ("all, right texts", samples_of(&cleaned(&pairs))),
    ] {
        for from in [0.5, 0.7, APPLY_FROM, 0.85, 0.9, 0.95] {
            measure(run, &samples, from, show && from == APPLY_FROM);
        }
    }
}

fn measure(run: &str, samples: &[Sample], from: f32, show: bool) {
    let made: Vec<&Sample> = samples
        .iter()
        .filter(|s| MODEL.probability(&s.misread.features) >= from)
        .collect();
    let right = made.iter().filter(|s| s.right).count();
    println!(
        "    {run}: from {from:.2}: {} repairs, {right} right, of {}",
        made.len(),
        samples.len()
    );
    if show {
        for sample in made.iter().filter(|s| !s.right) {
            println!(
                "        {} -> {}: {}",
                sample.misread.seen, sample.misread.with, sample.around
            );
        }
    }
}
