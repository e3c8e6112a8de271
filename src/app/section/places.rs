//! Where do the traces of the gather on the screen stand, and what does that mean for its window?

use std::sync::Arc;

use super::look::Look;
use crate::app::names;
use crate::browse::Gather;
use crate::view::{Placement, SectionWindow};

/// What the user asks for.
#[derive(Clone, Debug, Default, PartialEq)]
struct Wish {
    by: Option<String>,
    reversed: bool,
}

/// The placement of one gather; sorted once a gather, thousands of traces in a fraction of a frame.
#[derive(Debug, Default)]
pub(super) struct Places {
    wish: Wish,
    placement: Option<Arc<Placement>>,
    /// Why traces stand evenly although a column was chosen; how many have no place.
    badge: Option<String>,
}

impl Places {
    /// Takes what is asked for; says whether it is another wish than before.
    pub(super) fn ask(&mut self, look: &Look) -> bool {
        let wish = Wish {
            by: look.position_by.clone(),
            reversed: look.reverse_traces,
        };
        let other = wish != self.wish;
        self.wish = wish;
        other
    }

    /// Places the traces of a gather as asked.
    pub(super) fn place(&mut self, gather: &Gather) {
        self.placement = None;
        self.badge = None;
        if let Some(name) = &self.wish.by {
            let row = gather.headers.iter().find(|row| row.name == *name);
            let found = row.map(|row| Placement::by_values(&row.values, self.wish.reversed));
            let label = names::label(name);
            match found {
                Some(Some(placement)) => {
                    let unplaced = placement.n_without_place();
                    let missing = match unplaced {
                        0 => String::new(),
                        n => format!(" · {n} without a value are not shown"),
                    };
                    self.badge = Some(format!("Traces at their {label}{missing}"));
                    self.placement = Some(Arc::new(placement));
                }
                Some(None) => {
                    self.badge = Some(format!("Evenly: all traces have the same {label}"));
                }
                // The values are on their way.
                None => {}
            }
        }
        if self.placement.is_none() && self.wish.reversed {
            self.placement = Some(Arc::new(Placement::reversed(gather.n_traces())));
        }
    }

    /// Nothing is placed: a line stands evenly.
    pub(super) fn get(&self) -> Option<&Arc<Placement>> {
        self.placement.as_ref()
    }

    pub(super) fn badge(&self) -> Option<&str> {
        self.badge.as_deref()
    }

    /// The column that traces stand at.
    pub(super) fn column(&self) -> Option<&str> {
        let at_values = self.placement.as_ref()?.value_at(0.0).is_some();
        self.wish.by.as_deref().filter(|_| at_values)
    }

    pub(super) fn is_reversed(&self) -> bool {
        self.wish.reversed
    }
}

/// A window over one gather as a window over the next: the same times, and the same values where
/// traces stand at values, else the same share of the traces.
pub(super) fn carried_over(
    window: &SectionWindow,
    (old, old_bounds): (Option<&Placement>, &SectionWindow),
    (new, new_bounds): (Option<&Placement>, &SectionWindow),
) -> SectionWindow {
    let end = window.first_trace + window.n_traces;
    let at_values = old.zip(new).and_then(|(old, new)| {
        let from = new.position_of(old.value_at(window.first_trace)?)?;
        let to = new.position_of(old.value_at(end)?)?;
        Some((from, to - from))
    });
    let share = new_bounds.n_traces / old_bounds.n_traces.max(1.0);
    let (first_trace, n_traces) =
        at_values.unwrap_or((window.first_trace * share, window.n_traces * share));
    SectionWindow {
        first_trace,
        n_traces,
        ..*window
    }
    .kept_inside(new_bounds)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_same_offsets_stay_on_the_screen() {
        let values = |first: i64, n: i64| -> Vec<Option<i64>> {
            (0..n).map(|i| Some(first + 25 * i)).collect()
        };
        let old = Placement::by_values(&values(100, 40), false).unwrap();
        let new = Placement::by_values(&values(0, 60), false).unwrap();
        let window = SectionWindow {
            first_trace: 4.0,
            n_traces: 10.0,
            first_sample: 5.0,
            n_samples: 50.0,
            from_right: false,
        };
        let (old_bounds, new_bounds) = (SectionWindow::all(40, 100), SectionWindow::all(60, 100));
        let kept = carried_over(
            &window,
            (Some(&old), &old_bounds),
            (Some(&new), &new_bounds),
        );
        assert_eq!((kept.first_trace, kept.n_traces), (8.0, 10.0));
        let share = carried_over(&window, (None, &old_bounds), (None, &new_bounds));
        assert_eq!((share.first_trace, share.n_traces), (6.0, 15.0));
        assert_eq!((share.first_sample, share.n_samples), (5.0, 50.0));
    }
}
