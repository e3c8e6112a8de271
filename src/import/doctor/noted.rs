//! How often, where first, and the first few places.

use crate::import::finding::{Example, Finding, MAX_EXAMPLES, Severity};

/// Places of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted {
    pub(super) count: u64,
    pub(super) examples: Vec<Example>,
}

impl Noted {
    /// One more place; `what` is only asked for while examples are wanted.
    pub(super) fn add(&mut self, trace_index: u64, what: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < MAX_EXAMPLES {
            self.examples.push(Example {
                trace_index,
                what: what(),
            });
        }
    }

    pub(super) fn first(&self) -> Option<u64> {
        self.examples.first().map(|example| example.trace_index)
    }

    /// The finding, where there was any place.
    pub(super) fn finding(
        &self,
        severity: Severity,
        code: &'static str,
        counted: &'static str,
        message: impl FnOnce(u64) -> String,
    ) -> Option<Finding> {
        (self.count > 0).then(|| Finding {
            code,
            severity,
            message: message(self.count),
            count: self.count,
            counted,
            first_trace: self.first(),
            examples: self.examples.clone(),
        })
    }
}
