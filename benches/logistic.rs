//! Fits a logistic model: Newton's method on its log-likelihood, with a little ridge.

const RIDGE: f64 = 0.5;

/// The weights under which samples (features, and whether the answer is yes) are likeliest.
pub fn fit<const N: usize>(samples: &[([f32; N], bool)]) -> [f32; N] {
    let mut weights = [0.0f64; N];
    for _ in 0..25 {
        let mut gradient = [0.0f64; N];
        let mut curvature = vec![[0.0f64; N]; N];
        for (features, yes) in samples {
            let x: [f64; N] = features.map(f64::from);
            let sum: f64 = x.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(*yes)) - p;
            for i in (0..N).filter(|i| x[*i] != 0.0) {
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
