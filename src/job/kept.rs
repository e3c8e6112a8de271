//! What did a task that was stopped leave behind, so that it can go on later?

use std::path::PathBuf;

/// Something unfinished on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Where.
    pub path: PathBuf,
    /// Of the work, between 0 and 1: what need not be done again.
    pub share_done: f64,
}
