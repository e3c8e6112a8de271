//! How strongly does all that speaks for a place speak? Independent reasons add up; what speaks
//! against it takes away.

/// Reasons with their weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Weight between 0 and 1, and why.
    reasons: Vec<(f64, String)>,
    /// The part of the score that is left, and why.
    objections: Vec<(f64, String)>,
}

impl Evidence {
    /// A reason of a weight between 0 and 1: with it, the doubt that was left shrinks by so much.
    pub(super) fn speaks_for(&mut self, weight: f64, why: impl Into<String>) {
        self.reasons.push((weight, why.into()));
    }

    /// What leaves only a part of the score.
    pub(super) fn speaks_against(&mut self, factor: f64, why: impl Into<String>) {
        self.objections.push((factor, why.into()));
    }

    /// This place's own reasons, and those that it shares with its neighbour.
    pub(super) fn with(&self, shared: &Self) -> Self {
        let mut all = self.clone();
        all.reasons.extend_from_slice(&shared.reasons);
        all.objections.extend_from_slice(&shared.objections);
        all
    }

    /// Between 0 and 1.
    pub(super) fn score(&self) -> f64 {
        let doubt: f64 = self
            .reasons
            .iter()
            .map(|(weight, _)| 1.0 - weight)
            .product();
        let left: f64 = self.objections.iter().map(|(factor, _)| factor).product();
        (1.0 - doubt) * left
    }

    /// What speaks against it first, then the reasons, strongest first.
    pub(super) fn reasons(&self) -> Vec<String> {
        let mut sorted: Vec<&(f64, String)> = self.reasons.iter().collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.objections
            .iter()
            .chain(sorted)
            .map(|(_, why)| why.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_add_up_and_objections_take_away() {
        let mut evidence = Evidence::default();
        assert!(evidence.score().abs() < 1e-12);
        evidence.speaks_for(0.5, "a");
        evidence.speaks_for(0.6, "b");
        assert!((evidence.score() - 0.8).abs() < 1e-12);
        evidence.speaks_against(0.1, "c");
        assert!((evidence.score() - 0.08).abs() < 1e-12);
        assert_eq!(evidence.reasons(), ["c", "b", "a"]);
    }
}
