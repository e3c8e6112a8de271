//! What was odd but did not stop the import: typed, counted, with a first example.

use crate::segy::LayoutWarning;

/// A warning about the file's contents. `Display` is the sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportWarning {
    /// About the file's structure.
    #[error(transparent)]
    Layout(#[from] LayoutWarning),
    // SampleCountDiffers { traces, first }, NonFinite { samples, first_trace }, ScalarVaries, ScalarZero,
    // DelayVaries, FieldConstant, DeadTraces …
}

impl ImportWarning {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        todo!()
    }

    /// How often.
    pub fn count(&self) -> u64 {
        todo!()
    }

    /// Where first, where that is a trace.
    pub fn first_trace(&self) -> Option<u64> {
        todo!()
    }
}
