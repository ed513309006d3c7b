//! The features of a tail and a head of Latin script.

use crate::logistic::features;

features! {
    /// The features of a pair. *next* means that the head follows its tail directly, *far* any other pair; *by size*
    /// means multiplied by `size`.
    pub struct Features {
        one,
        /// How far the counts of the run can be trusted: 0 for not at all, 1 for ten million words.
        size,
        adjacent,
        across_captions,
        across_headline,
        far_ahead,
        /// The natural logarithm of the distance of a far head in texts, and .1; 0 if it is next.
        distance,
        small_head,
        small_head_next,
        hyphen,
        /// The run has the word that the hyphen breaks.
        hyphen_known,
        hyphen_known_often,
        hyphen_unknown_by_size,
        hyphen_known_far,
        no_word_by_size,
        no_word_hyphen,
        after_clause,
        fit,
        fit_by_size,
        fit_far,
        seen_together,
        no_end,
        no_beginning,
        quotes_close,
        quotes_clash,
        tail_like_headline,
        head_like_headline,
        in_order_next,
        in_order_far,
        fit_over_heads,
        fit_over_tails,
        /// Another head completes the broken word.
        completed_elsewhere,
        shared_words,
        shared_words_lead,
        shared_words_far,
        // features of the second look only
        alongside,
        alongside_far,
        first_look_lead,
        reads_on_next,
        reads_on_far,
        far_halves_far,
        // features of the first look too
        grammar,
        grammar_by_size,
        grammar_of_three,
        grammar_of_three_by_size,
        // features of the second look only
        neighbours_fit_next,
        neighbours_fit_far,
        alongside_fit_next,
        alongside_fit_far,
    }
}

impl Features {
    /// Whether other texts come between the two, or the head comes before the tail.
    pub fn is_far(&self) -> bool {
        self.distance > 0.0
    }

    /// Whether the hyphen at the tail's end and the head make a word that the run has.
    pub fn completes_word(&self) -> bool {
        self.hyphen > 0.0 && self.hyphen_known > 0.0
    }
}
