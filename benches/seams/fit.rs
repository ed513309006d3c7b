//! Logistic regression by Newton's method, with a little ridge.

use super::{Model, Over, joins, lexicons};
use crate::generate::Broken;
use jiaokan::page::Page;
use jiaokan::rejoin::seam::{FEATURES, FIRST, Halves, Pair, look_again, pairs};

/// A pair's features, and whether it is one sentence.
struct Sample<const N: usize> {
    features: [f64; N],
    joined: bool,
}

/// Fits one set of weights to pages with a lexicon over everything, over the pages, and over each page alone.
pub fn fit(pages: &[(Broken, Page)], rest: &[Page]) -> Model {
    let mut seen: Vec<Vec<(Pair, bool)>> = Vec::new();
    for over in [Over::Pages(usize::MAX), Over::Pages(0), Over::Page] {
        let lexicons = lexicons(pages, rest, over);
        for (at, (broken, page)) in pages.iter().enumerate() {
            let lexicon = &lexicons[at.min(lexicons.len() - 1)];
            let joins = joins(broken);
            let pairs = pairs(&Halves::of(page, lexicon), lexicon);
            seen.push(
                pairs
                    .into_iter()
                    .map(|p| (joins.contains(&(p.tail, p.head)), p))
                    .map(|(j, p)| (p, j))
                    .collect(),
            );
        }
    }
    let first = newton(&samples::<FIRST>(&seen));
    for page in &mut seen {
        let (mut pairs, joined): (Vec<Pair>, Vec<bool>) = page.drain(..).unzip();
        look_again(&mut pairs, &first);
        page.extend(pairs.into_iter().zip(joined));
    }
    let samples = samples(&seen);
    println!(
        "{} pairs, {} of them joined",
        samples.len(),
        samples.iter().filter(|s| s.joined).count()
    );
    Model {
        first,
        weights: newton(&samples),
    }
}

fn samples<const N: usize>(seen: &[Vec<(Pair, bool)>]) -> Vec<Sample<N>> {
    let sample = |(pair, joined): &(Pair, bool)| Sample {
        features: std::array::from_fn(|at| f64::from(pair.features[at])),
        joined: *joined,
    };
    seen.iter().flatten().map(sample).collect()
}

/// The weights that make what is joined likeliest.
fn newton<const N: usize>(samples: &[Sample<N>]) -> [f32; N] {
    const RIDGE: f64 = 0.5;
    let mut weights = [0.0; N];
    for _ in 0..30 {
        let mut gradient = [0.0; N];
        let mut curvature = vec![[0.0; N]; N];
        for Sample {
            features: x,
            joined,
        } in samples
        {
            let sum: f64 = x.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(*joined)) - p;
            for i in 0..N {
                gradient[i] += error * x[i];
                for j in 0..N {
                    curvature[i][j] += p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        for i in 0..N {
            gradient[i] -= RIDGE * weights[i];
            curvature[i][i] += RIDGE;
        }
        let step = solve(curvature, gradient);
        weights
            .iter_mut()
            .zip(step)
            .for_each(|(weight, step)| *weight += step);
    }
    weights.map(|w| w as f32)
}

/// Solves a system of linear equations by elimination with pivots.
fn solve<const N: usize>(mut a: Vec<[f64; N]>, mut b: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let pivot = (column..N)
            .max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()))
            .unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (done, rest) = a.split_at_mut(column + 1);
        let pivot = &done[column];
        for (at, row) in rest.iter_mut().enumerate() {
            let factor = row[column] / pivot[column];
            row.iter_mut()
                .zip(pivot)
                .skip(column)
                .for_each(|(value, above)| *value -= factor * above);
            b[column + 1 + at] -= factor * b[column];
        }
    }
    for column in (0..N).rev() {
        b[column] = (b[column] - (column + 1..N).map(|k| a[column][k] * b[k]).sum::<f64>())
            / a[column][column];
    }
    b
}

/// Writes the weights as source.
pub fn write(path: &str, model: &Model) {
    let list = |weights: &[f32]| -> String {
        weights
            .iter()
            .zip(FEATURES)
            .map(|(weight, feature)| format!("    {weight:.3}, // {feature}\n"))
            .collect()
    };
    let source = format!(
        "//! The weights of the seam model, in the order of `FEATURES`, as `make weights` fits and writes them.\n\n\
         use super::seam::{{FEATURES, FIRST}};\n\n\
         pub const FIRST_WEIGHTS: [f32; FIRST] = [\n{}];\n\n\
         pub const WEIGHTS: [f32; FEATURES.len()] = [\n{}];\n",
        list(&model.first),
        list(&model.weights)
    );
    std::fs::write(path, source).unwrap_or_else(|e| panic!("{path}: {e}"));
}
