//! Which header values stand over a line that is seen from afar? Those of a few traces, at round numbers.
//!
//! They are read one by one on a thread; while one pans the same traces stay labelled.

use std::sync::Arc;

use super::line::traces_of;
use crate::app::workers::{Newest, Workers};
use crate::browse::TraceSource;
use crate::view::SectionWindow;

/// Points between two labels.
const SPACING: f64 = 92.0;

/// Header names and traces.
type Asked = (Vec<String>, Vec<u64>);
/// One row of values a name.
type Known = (Asked, Vec<Vec<Option<i64>>>);

/// See the module.
pub(crate) struct Labels {
    thread: Newest<Asked, Known>,
    asked: Option<Asked>,
    known: Option<Known>,
}

impl Labels {
    pub(super) fn new(source: Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let thread = Newest::spawn("labels", workers.waker(), move |asked: Asked| {
            let values = asked
                .0
                .iter()
                .map(|name| {
                    let mut row = Vec::new();
                    for &trace in &asked.1 {
                        let before = row.len();
                        // A value that cannot be read is missing; the picture says why.
                        drop(source.read_header(name, trace..trace + 1, &mut row));
                        row.resize(before + 1, None);
                    }
                    row
                })
                .collect();
            (asked, values)
        });
        Self {
            thread,
            asked: None,
            known: None,
        }
    }

    pub(super) fn take(&mut self) {
        if let Some(known) = self.thread.poll() {
            self.known = Some(known);
        }
    }

    /// Asks for what a window of so many points needs, if it is not there.
    pub(super) fn ask(
        &mut self,
        window: &SectionWindow,
        width: f64,
        n_traces: u64,
        names: &[String],
    ) {
        let asked = (names.to_vec(), labelled_traces(window, width, n_traces));
        if self.asked.as_ref() != Some(&asked) {
            self.thread.request(asked.clone());
            self.asked = Some(asked);
        }
    }

    /// Traces and values of a row.
    pub(super) fn row(&self, name: &str) -> impl Iterator<Item = (u64, Option<i64>)> {
        let found = self.known.as_ref().and_then(|((names, traces), values)| {
            let at = names.iter().position(|n| n == name)?;
            Some(traces.iter().copied().zip(values.get(at)?.iter().copied()))
        });
        found.into_iter().flatten()
    }
}

/// Traces at multiples of 1, 2 or 5 times a power of ten.
fn labelled_traces(window: &SectionWindow, width: f64, n_traces: u64) -> Vec<u64> {
    let least = (SPACING * window.n_traces / width.max(1.0)).max(1.0);
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(least);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 1; saturates"
    )]
    let step = (step as u64).max(1);
    let visible = traces_of(window, n_traces);
    (visible.start.div_ceil(step)..visible.end.div_ceil(step))
        .map(|i| i * step)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_at_round_traces_and_stay_there_while_one_pans() {
        let window = SectionWindow {
            first_trace: 1234.0,
            n_traces: 10_000.0,
            first_sample: 0.0,
            n_samples: 10.0,
            from_right: false,
        };
        let traces = labelled_traces(&window, 920.0, 1_000_000);
        assert_eq!(traces.first(), Some(&2000));
        assert_eq!(traces.len(), 10);
        let panned = SectionWindow {
            first_trace: 1300.0,
            ..window
        };
        assert_eq!(labelled_traces(&panned, 920.0, 1_000_000), traces);
        assert_eq!(labelled_traces(&window, 920.0, 2500), [2000]);
    }
}
