//! How is the memory for browsing shared? One budget for all that a viewer keeps.
//!
//! ```text
//!   gathers on the screen    all of it for gathers
//!   the line on the screen   a quarter for gathers, half for tiles, an eighth for traces, which are
//!                            there twice while new ones replace them
//!   a page that is hidden    nothing but what it will show again
//! ```

/// The least that a line needs to be drawn at all, in bytes: else a budget would mean a blank window.
const LEAST_TRACES_BYTES: usize = 4 << 20;
/// Traces themselves are read up to so many bytes, however large the budget.
const MOST_TRACES_BYTES: usize = 64 << 20;

/// Bytes for each part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) gathers: usize,
    pub(crate) tiles: usize,
    /// Of one stretch of the line.
    pub(crate) traces: usize,
}

impl Shares {
    /// Of a budget, by what is on the screen.
    pub(crate) fn of(budget_bytes: usize, is_shown: bool, is_line: bool) -> Self {
        let traces = (budget_bytes / 8).clamp(LEAST_TRACES_BYTES, MOST_TRACES_BYTES);
        let gathers = match (is_shown, is_line) {
            (false, _) => 0,
            (true, false) => budget_bytes,
            (true, true) => budget_bytes / 4,
        };
        Self {
            gathers,
            tiles: if is_shown { budget_bytes / 2 } else { 0 },
            traces,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_a_line_are_no_more_than_the_budget() {
        for budget in [64, 512, 4096] {
            let budget = budget << 20;
            let shares = Shares::of(budget, true, true);
            assert!(shares.gathers + shares.tiles + 2 * shares.traces <= budget);
            assert_eq!(Shares::of(budget, true, false).gathers, budget);
            assert_eq!(Shares::of(budget, false, true).gathers, 0);
        }
    }
}
