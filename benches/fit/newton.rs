//! Fits a logistic model: Newton's method on its log-likelihood, with a little ridge.

use jiaokan::bench::logistic::{Features, Logistic};
use jiaokan::bench::rejoin::judge::{Looks, Pair, Seams, look_again};

/// What is known of something, and whether the answer is yes.
pub(crate) type Sample<F> = (F, bool);

/// Steps after which no weight of any model here changes in its third place.
const STEPS: usize = 30;
/// What each weight is held to 0 by, in samples.
const RIDGE: f64 = 0.5;

/// The weights under which the samples are likeliest, to a thousandth.
///
/// # Panics
/// Without samples of both answers: a file of other records must not replace weights with nothing.
pub(crate) fn fit<F: Features>(samples: &[Sample<F>]) -> Logistic<F> {
    let is_both = [true, false].map(|answer| samples.iter().any(|(_, yes)| *yes == answer));
    assert_eq!(
        is_both, [true; 2],
        "there are no samples of both answers to fit on"
    );
    let count = F::NAMES.len();
    let mut weights = vec![0.0; count];
    for _ in 0..STEPS {
        let mut gradient = vec![0.0; count];
        let mut curvature = vec![vec![0.0; count]; count];
        for (features, yes) in samples {
            let x: Vec<f64> = features.values().iter().map(|x| f64::from(*x)).collect();
            let sum: f64 = x.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(*yes)) - p;
            for i in (0..count).filter(|i| x[*i] != 0.0) {
                gradient[i] += error * x[i];
                let weight = p * (1.0 - p) * x[i];
                for (sum, x) in curvature[i].iter_mut().zip(&x) {
                    *sum += weight * x;
                }
            }
        }
        for i in 0..count {
            gradient[i] -= RIDGE * weights[i];
            curvature[i][i] += RIDGE;
        }
        let step = solve(curvature, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += step;
        }
    }
    let mut model = Logistic {
        weights: F::default(),
    };
    for (rounded, weight) in model.weights.values_mut().iter_mut().zip(weights) {
        *rounded = ((weight * 1000.0).round() / 1000.0) as f32;
    }
    model
}

/// The pairs of a page, and which of them are halves of one sentence.
pub(crate) type Judged<F> = (Vec<Pair<F>>, Vec<bool>);

/// The models of both looks, of the pairs of each page, with whether each is one sentence.
pub(crate) fn fit_looks<S: Seams>(mut pages: Vec<Judged<S::Features>>) -> Looks<S::Features> {
    let first = fit(&samples(&pages));
    for (pairs, _) in &mut pages {
        look_again::<S>(pairs, &first);
    }
    let samples = samples(&pages);
    let joined = samples.iter().filter(|(_, joined)| *joined).count();
    println!("{} pairs, {joined} of them joined", samples.len());
    Looks {
        first,
        second: fit(&samples),
    }
}

fn samples<F: Features>(pages: &[(Vec<Pair<F>>, Vec<bool>)]) -> Vec<Sample<F>> {
    pages
        .iter()
        .flat_map(|(pairs, joined)| {
            pairs
                .iter()
                .map(|pair| pair.features)
                .zip(joined.iter().copied())
        })
        .collect()
}

/// Solves a system of linear equations by elimination with pivots.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let count = b.len();
    for column in 0..count {
        let pivot = (column..count)
            .max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()))
            .unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (done, rest) = a.split_at_mut(column + 1);
        let pivot = &done[column];
        for (at, row) in rest.iter_mut().enumerate() {
            let factor = row[column] / pivot[column];
            for (value, above) in row.iter_mut().zip(pivot).skip(column) {
                *value -= factor * above;
            }
            b[column + 1 + at] -= factor * b[column];
        }
    }
    for column in (0..count).rev() {
        let known: f64 = (column + 1..count).map(|k| a[column][k] * b[k]).sum();
        b[column] = (b[column] - known) / a[column][column];
    }
    b
}
