//! Logistic models: features that have names, what each of them weighs, and the probability that follows.

/// A set of features, made by [`features!`]: a struct with a number for each.
pub trait Features: bytemuck::Pod + Default {
    /// The names of the fields, in their order.
    const NAMES: &'static [&'static str];

    /// The numbers in the order of their names.
    fn values(&self) -> &[f32] {
        bytemuck::cast_slice(std::slice::from_ref(self))
    }

    /// The same, to be written to.
    fn values_mut(&mut self) -> &mut [f32] {
        bytemuck::cast_slice_mut(std::slice::from_mut(self))
    }
}

/// Makes a struct of numbers that is a set of features.
macro_rules! features {
    ($(#[$about:meta])* $visible:vis struct $name:ident { $($(#[$doc:meta])* $feature:ident,)* }) => {
        $(#[$about])*
        #[repr(C)]
        #[derive(Debug, Clone, Copy, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
        $visible struct $name {
            $($(#[$doc])* pub $feature: f32,)*
        }

        impl $crate::logistic::Features for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($feature)),*];
        }
    };
}
pub(crate) use features;

/// A logistic model: the weight of each feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic<F> {
    pub weights: F,
}

impl<F: Features> Logistic<F> {
    /// How likely the answer is yes, from 0 to 1.
    pub fn probability(&self, features: &F) -> f32 {
        let pairs = features.values().iter().zip(self.weights.values());
        logistic(pairs.map(|(feature, weight)| feature * weight).sum())
    }

    /// A model of `data/weights`, which tests read too.
    ///
    /// # Panics
    /// If the text is not one of these features.
    pub fn shipped(tsv: &str) -> Self {
        Logistic::from_tsv(tsv).unwrap_or_else(|why| panic!("data/weights: {why}"))
    }

    /// Reads a model: on each line the name of a feature and its weight, in the order of the features.
    ///
    /// # Errors
    /// Says which line is wrong, and how.
    pub fn from_tsv(text: &str) -> Result<Self, String> {
        let mut weights = F::default();
        let mut lines = text.lines();
        for (name, weight) in F::NAMES.iter().zip(weights.values_mut()) {
            let line = lines.next().unwrap_or_default();
            let found = line.split_once('\t').filter(|(found, _)| found == name);
            let (_, number) =
                found.ok_or_else(|| format!("{line:?} is not the weight of {name}"))?;
            *weight = number.parse().map_err(|e| format!("{line:?}: {e}"))?;
        }
        match lines.next() {
            Some(line) => Err(format!("{line:?} is the weight of no feature")),
            None => Ok(Logistic { weights }),
        }
    }

    /// The model as `from_tsv` reads it, each weight with as many digits as tell it from any other.
    pub fn to_tsv(&self) -> String {
        let lines = F::NAMES.iter().zip(self.weights.values());
        lines
            .map(|(name, weight)| format!("{name}\t{weight}\n"))
            .collect()
    }
}

/// The probability of which these are the odds, as their natural logarithm.
pub(crate) fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The natural logarithm of the odds of a probability, which is kept from 0 and 1 by a millionth.
pub(crate) fn logit(probability: f32) -> f32 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    features! {
        struct Weather {
            one,
            clouds,
        }
    }

    #[test]
    fn weights_survive_their_text_to_the_last_bit() {
        let weights = Weather {
            one: -0.1,
            clouds: 1.0 / 3.0,
        };
        let model = Logistic { weights };
        assert_eq!(Logistic::from_tsv(&model.to_tsv()), Ok(model));
        assert_eq!(logistic(0.0), 0.5);
        assert_eq!(model.probability(&Weather::default()), 0.5);
    }

    #[test]
    fn weights_of_other_features_are_refused() {
        for text in ["one\t1\n", "clouds\t1\none\t2\n", "one\t1\nclouds\tmany\n"] {
            assert!(Logistic::<Weather>::from_tsv(text).is_err(), "{text}");
        }
        let more = Logistic::<Weather>::from_tsv("one\t1\nclouds\t2\nrain\t3\n");
        assert_eq!(
            more.unwrap_err(),
            "\"rain\\t3\" is the weight of no feature"
        );
    }
}
