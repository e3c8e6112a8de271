//! Where does the gather change along the line on the screen? A thin line stands there, and the
//! gather's key in a band over it.
//!
//! The keys of what is visible are read on a thread, in blocks that stay the same while one pans.
//! Where lines would stand closer than [`LEAST_POINTS`] there are none: they would cover the data.

use std::ops::Range;
use std::sync::Arc;

use egui::{Rect, Stroke, Ui};

use super::Section;
use super::line::traces_of;
use super::snapshot::text_of;
use crate::app::theme;
use crate::app::workers::{Newest, Workers};
use crate::browse::{SameKey, TraceSource, same_keys};
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
    thread: Newest<Asked, (Asked, Vec<SameKey>)>,
    asked: Option<Asked>,
    known: Option<(Asked, Vec<SameKey>)>,
}

/// A gather along the line, as far as it is in the window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyCell {
    /// Positions of its first trace and of the one behind its last.
    pub(super) from: f64,
    pub(super) to: f64,
    /// Of the key.
    pub(super) text: String,
    /// It begins before the window, or before what is known.
    pub(super) began_before: bool,
}

impl Separators {
    pub(super) fn new(source: Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let thread = Newest::spawn("separators", workers.waker(), move |asked: Asked| {
            // Keys that cannot be read separate nothing; the picture says why.
            let found = same_keys(source.as_ref(), &asked.0, &asked.1).unwrap_or_default();
            (asked, found)
        });
        Self {
            thread,
            asked: None,
            known: None,
        }
    }

    /// Asks for the keys of the window, if they are not there.
    fn ask(&mut self, visible: &Range<u64>, n_traces: u64, keys: &[String]) {
        if let Some(known) = self.thread.poll() {
            self.known = Some(known);
        }
        if !keys.is_empty()
            && let Some(stretch) = stretch_of(visible, n_traces)
        {
            let asked = (keys.to_vec(), stretch);
            if self.asked.as_ref() != Some(&asked) {
                self.thread.request(asked.clone());
                self.asked = Some(asked);
            }
        }
    }

    /// The gathers in the window, as far as they are known; none where they are too many for the
    /// width.
    fn of(&self, visible: &Range<u64>, width: f64, keys: &[String]) -> Vec<KeyCell> {
        let known = self.known.as_ref().filter(|((of, _), _)| of == keys);
        let Some(((_, stretch), runs)) = known else {
            return Vec::new();
        };
        let first = runs.partition_point(|run| run.first <= visible.start);
        let end = runs.partition_point(|run| run.first < visible.end);
        // A line stands at each run that begins in the window.
        if end.saturating_sub(first) as f64 * LEAST_POINTS > width {
            return Vec::new();
        }
        let shown = runs.get(first.saturating_sub(1)..end).unwrap_or_default();
        let ends = shown.iter().skip(1).map(|run| run.first);
        let ends = ends.chain([visible.end.min(stretch.end)]);
        shown
            .iter()
            .zip(ends)
            .filter(|(run, end)| run.first < *end && *end > visible.start)
            .map(|(run, end)| KeyCell {
                from: run.first.max(visible.start) as f64,
                to: end as f64,
                text: key_text(&run.key),
                began_before: run.first <= visible.start.max(stretch.start),
            })
            .collect()
    }
}

/// "1500", "12 / 340".
fn key_text(key: &[Option<i64>]) -> String {
    let words = key.iter().map(|value| text_of(*value));
    words.collect::<Vec<_>>().join(" / ")
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
    /// The gathers in the window; none where lines between them would cover the data.
    fn key_cells(&mut self, window: &SectionWindow, width: f64, keys: &[String]) -> Vec<KeyCell> {
        let Some(line) = &mut self.line else {
            return Vec::new();
        };
        let n_traces = line.n_traces();
        let visible = traces_of(window, n_traces);
        line.separators.ask(&visible, n_traces, keys);
        line.separators.of(&visible, width, keys)
    }

    /// Where lines stand between gathers.
    pub(super) fn separators(&self) -> impl Iterator<Item = f64> {
        let begun = self.key_cells.iter().filter(|cell| !cell.began_before);
        begun.map(|cell| cell.from)
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
        self.key_cells = self.key_cells(window, f64::from(plot.width()), keys);
        for trace in self.separators() {
            let (x, _) = window.screen_from_section(trace, 0.0);
            #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
            let x = plot.left() + x as f32 * plot.width();
            painter.vline(x, plot.y_range(), Stroke::new(1.0, ink));
        }
    }

    /// The header row in which gathers are shown as a band: that of a key.
    pub(super) fn band_row<'a>(
        &self,
        rows: &'a [String],
        setting: &super::Setting<'_>,
    ) -> Option<&'a String> {
        let is_there = self.line.is_some() && setting.look.separators;
        rows.iter()
            .find(|row| is_there && setting.keys.contains(row))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn gathers_have_cells_as_far_as_they_are_seen() {
        let source = FakeSource::new(12, 1)
            .with_header("shot", [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3])
            .with_header("line", [7; 12]);
        let source: Arc<dyn TraceSource> = Arc::new(source);
        let keys = ["shot".to_owned(), "line".to_owned()];
        let runs = same_keys(source.as_ref(), &keys, &(0..12)).unwrap();
        let mut all = Separators::new(source, &Workers::new(egui::Context::default()));
        all.known = Some(((keys.to_vec(), 0..12), runs));
        let cells = all.of(&(1..9), 800.0, &keys);
        let cell = |from, to, text: &str, began_before| KeyCell {
            from,
            to,
            text: text.to_owned(),
            began_before,
        };
        assert_eq!(
            cells,
            [
                cell(1.0, 3.0, "1 / 7", true),
                cell(3.0, 7.0, "2 / 7", false),
                cell(7.0, 9.0, "3 / 7", false),
            ]
        );
        assert!(all.of(&(1..9), 10.0, &keys).is_empty(), "too close");
        assert!(all.of(&(1..9), 800.0, &keys[..1]).is_empty(), "other keys");
    }

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
