//! Where does the gather change along the line on the screen? A thin line stands there.
//!
//! The keys of what is visible are read on a thread, in blocks that stay the same while one pans.
//! Where lines would stand closer than [`LEAST_POINTS`] there are none: they would cover the data.

use std::ops::Range;
use std::sync::Arc;

use egui::{Rect, Stroke, Ui};

use super::Section;
use super::line::traces_of;
use crate::app::theme;
use crate::app::workers::{Newest, Workers};
use crate::browse::{TraceSource, key_changes};
use crate::view::SectionWindow;

/// Keys of no more traces than these are read: 2 MiB a key, some milliseconds.
const MOST_TRACES: u64 = 1 << 18;
/// Stretches that are read begin and end at multiples of a power of two, at least of this.
const LEAST_BLOCK: u64 = 1024;
/// Lines stand so far apart on average, at least.
const LEAST_POINTS: f64 = 8.0;

/// Keys, and the stretch that is looked at.
type Asked = (Vec<String>, Range<u64>);

/// See the module.
pub(crate) struct Separators {
    thread: Newest<Asked, (Asked, Vec<u64>)>,
    asked: Option<Asked>,
    known: Option<(Asked, Vec<u64>)>,
}

impl Separators {
    pub(super) fn new(source: Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let thread = Newest::spawn("separators", workers.waker(), move |asked: Asked| {
            // Keys that cannot be read separate nothing; the picture says why.
            let found = key_changes(source.as_ref(), &asked.0, &asked.1).unwrap_or_default();
            (asked, found)
        });
        Self {
            thread,
            asked: None,
            known: None,
        }
    }

    /// The first traces of gathers in the window, as far as they are known; asks for what is missing.
    pub(super) fn of(
        &mut self,
        window: &SectionWindow,
        n_traces: u64,
        keys: &[String],
    ) -> Vec<u64> {
        if let Some(known) = self.thread.poll() {
            self.known = Some(known);
        }
        let visible = traces_of(window, n_traces);
        if !keys.is_empty()
            && let Some(stretch) = stretch_of(&visible, n_traces)
        {
            let asked = (keys.to_vec(), stretch);
            if self.asked.as_ref() != Some(&asked) {
                self.thread.request(asked.clone());
                self.asked = Some(asked);
            }
        }
        let known = self.known.iter().filter(|((of, _), _)| of == keys);
        let all = known.flat_map(|(_, found)| found.iter().copied());
        all.filter(|trace| visible.contains(trace)).collect()
    }
}

/// Whole blocks that cover the visible traces; `None` where these are too many.
fn stretch_of(visible: &Range<u64>, n_traces: u64) -> Option<Range<u64>> {
    let n = visible.end - visible.start;
    if n == 0 || n > MOST_TRACES {
        return None;
    }
    let block = n.next_power_of_two().max(LEAST_BLOCK);
    // With the trace before, or the first of the block would be compared with nothing.
    let start = (visible.start / block * block).saturating_sub(1);
    Some(start..visible.end.next_multiple_of(block).min(n_traces))
}

impl Section {
    /// Positions of the lines between gathers in the window; none where they would cover the data.
    pub(super) fn separators(
        &mut self,
        window: &SectionWindow,
        width: f64,
        keys: &[String],
    ) -> Vec<f64> {
        let Some(line) = &mut self.line else {
            return Vec::new();
        };
        let n_traces = line.n_traces();
        let found = line.separators.of(window, n_traces, keys);
        if found.len() as f64 * LEAST_POINTS > width {
            return Vec::new();
        }
        found.into_iter().map(|trace| trace as f64).collect()
    }

    pub(super) fn draw_separators(
        &mut self,
        ui: &Ui,
        plot: Rect,
        window: &SectionWindow,
        keys: &[String],
    ) {
        let ink = theme::palette(ui).accent.gamma_multiply(0.8);
        let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
        self.drawn_separators = self.separators(window, f64::from(plot.width()), keys);
        for trace in &self.drawn_separators {
            let (x, _) = window.screen_from_section(*trace, 0.0);
            #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
            let x = plot.left() + x as f32 * plot.width();
            painter.vline(x, plot.y_range(), Stroke::new(1.0, ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_stay_while_one_pans_and_have_an_end() {
        let first = stretch_of(&(5000..5600), 1_000_000);
        assert_eq!(first, Some(4095..6144));
        assert_eq!(stretch_of(&(5100..5700), 1_000_000), first);
        assert_eq!(stretch_of(&(0..600), 1_000_000), Some(0..1024));
        assert_eq!(stretch_of(&(0..600), 700), Some(0..700));
        assert_eq!(stretch_of(&(0..1_000_000), 1_000_000), None);
        assert_eq!(stretch_of(&(7..7), 10), None);
    }
}
