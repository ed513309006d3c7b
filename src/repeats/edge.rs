//! Two documents that were compared over all their letters, and the result.

use serde::Serialize;

/// Two documents, the earlier first, by rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub ranks: [u32; 2],
    /// How much of the smaller one's shingles the other has; the fewer documents hold a shingle, the more it weighs.
    pub weighted: f64,
    /// For each, the share of its letters that the other has.
    pub shares: [f64; 2],
    /// For each, whether it is so like the other that it may go.
    pub is_copy: [bool; 2],
    /// Whether the two share a cluster.
    pub is_alike: bool,
    /// What differs, as `2023-11-07 | 2025-07-15`, most telling first.
    pub differs: Vec<String>,
}

/// A line of pairs.jsonl.
#[derive(Serialize)]
struct Pair<'d> {
    ids: [&'d str; 2],
    /// For each, the share of its letters that the other has.
    shares: [f64; 2],
    weighted: f64,
    verdict: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    differs: &'d [String],
}

impl Edge {
    /// The line of pairs.jsonl for it, with the ids of the two.
    pub fn line<'d>(&'d self, ids: [&'d str; 2]) -> String {
        let round = |share: f64| (share * 1e4).round() / 1e4;
        let pair = Pair {
            ids,
            shares: self.shares.map(round),
            weighted: round(self.weighted),
            verdict: match (self.is_copy != [false; 2], self.is_alike) {
                (true, _) => "copy",
                (false, true) => "cluster",
                (false, false) => "apart",
            },
            differs: &self.differs,
        };
        let mut line = serde_json::to_string(&pair).expect("a pair holds only names and numbers");
        line.push('\n');
        line
    }
}
