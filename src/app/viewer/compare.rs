//! Two views of data beside each other: which, how they are drawn, and what moves together.
//!
//! ```text
//! A: the viewer itself      links: gathers, time, traces, clip, cursor      B: another OpenView
//!                └──────────── both gathers ─► difference (thread) ─► a third section
//! ```

use std::sync::Arc;
use std::time::Duration;

use super::{OFFSET, OpenView, ViewerCommand};
use crate::app::section::{ClipChoice, Section, Setting, Snapshot};
use crate::app::workers::{Newest, Workers};
use crate::browse::Gather;
use crate::dataset::VerticalAxis;
use crate::view::{SectionWindow, difference};

/// How both are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    SideBySide,
    /// One in the place of the other, Space changes them.
    Flip,
    /// A minus B.
    Difference,
}

/// What moves together.
#[expect(clippy::struct_excessive_bools, reason = "switches, each of its own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Links {
    pub(crate) gathers: bool,
    pub(crate) time: bool,
    pub(crate) traces: bool,
    pub(crate) clip: bool,
    pub(crate) cursor: bool,
}

/// What can be asked of a comparison.
#[derive(Clone, Debug)]
pub(crate) enum CompareCommand {
    /// With the same data, to choose another key.
    WithItself,
    /// With what another page shows.
    With(crate::app::state::DocumentId),
    /// Something for B.
    Other(Box<ViewerCommand>),
    SetMode(Mode),
    SetLinks(Links),
    Flip,
    Close,
}

type Pair = (Arc<Gather>, Arc<Gather>);
/// The difference with its share of A, or why there is none.
type Made = (Pair, Result<(Arc<Gather>, f64), String>);

/// See the module.
pub(crate) struct Compare {
    pub(crate) other: Box<OpenView>,
    /// Of B.
    pub(crate) name: String,
    pub(crate) mode: Mode,
    /// In the flip mode: B is shown.
    pub(crate) flipped: bool,
    pub(crate) links: Links,
    pub(crate) difference: Section,
    thread: Newest<Pair, Made>,
    asked: Option<Pair>,
    pub(crate) made: Option<Result<f64, String>>,
    /// The gather of A that B was last sent to.
    followed: Option<(usize, Vec<String>)>,
    /// Windows as they were left, to see which one was moved.
    left: (Option<SectionWindow>, Option<SectionWindow>),
    /// That B has no such gather.
    pub(crate) note: Option<String>,
    /// That the same height is not the same time.
    pub(crate) other_times: Option<String>,
}

impl std::fmt::Debug for Compare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compare")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Compare {
    pub(crate) fn new(other: OpenView, name: String, workers: &Workers) -> Self {
        let thread = Newest::spawn("difference", workers.waker(), |pair: Pair| {
            let made = difference(&pair.0, &pair.1);
            (pair, made.map(|(gather, share)| (Arc::new(gather), share)))
        });
        Self {
            other: Box::new(other),
            name,
            mode: Mode::SideBySide,
            flipped: false,
            links: Links {
                gathers: true,
                time: true,
                traces: true,
                clip: true,
                cursor: true,
            },
            difference: Section::new(workers.waker()),
            thread,
            asked: None,
            made: None,
            followed: None,
            left: (None, None),
            note: None,
            other_times: None,
        }
    }

    pub(crate) fn keep_time(&mut self) -> Option<Duration> {
        self.other.keep_time()
    }

    /// What is on the screen in the place of A, with its title.
    pub(crate) fn snapshot(&self, setting: Setting<'_>) -> Option<(Snapshot, String)> {
        let gather = self.other.gather_title().unwrap_or_default();
        match self.mode {
            Mode::Flip if self.flipped => {
                let setting = Setting {
                    look: &self.other.look,
                    statistics: self.other.source.facts().amplitude.as_ref(),
                    rows: &self.other.rows,
                    ..setting
                };
                let title = format!("{} · {gather}", self.name);
                Some((self.other.section.snapshot(setting)?, title))
            }
            Mode::Difference => {
                let title = format!("Less {} · {gather}", self.name);
                Some((self.difference.snapshot(setting)?, title))
            }
            Mode::Flip | Mode::SideBySide => None,
        }
    }

    /// Makes B follow A, and windows follow the one that was moved.
    pub(crate) fn link(&mut self, main: &mut OpenView) {
        self.link_gathers(main);
        self.link_look(main);
        self.link_windows(main);
        self.link_cursors(main);
        self.ask_difference(main);
    }

    fn link_gathers(&mut self, main: &OpenView) {
        let (Some(index), Some(theirs)) = (&main.index, &self.other.index) else {
            return;
        };
        let now = (main.wanted, theirs.keys.clone());
        if !self.links.gathers || self.followed.as_ref() == Some(&now) {
            return;
        }
        self.followed = Some(now);
        self.note = None;
        if index.keys != theirs.keys {
            return;
        }
        let Some(entry) = index.get(main.wanted) else {
            return;
        };
        match theirs.find(&entry.key) {
            Some(Ok(position)) => self.other.go(position),
            Some(Err(position)) => {
                self.other.go(position);
                self.note = Some("B has no such gather: the nearest is shown".to_owned());
            }
            None => {}
        }
    }

    fn link_look(&mut self, main: &OpenView) {
        let own = (self.other.look.clip, self.other.look.scope);
        let position_by = main
            .look
            .position_by
            .clone()
            .filter(|column| self.other.source.facts().header_names.contains(column));
        self.other.look.clone_from(&main.look);
        self.other.look.position_by = position_by;
        if !self.links.clip {
            (self.other.look.clip, self.other.look.scope) = own;
            return;
        }
        let statistics = main.source.facts().amplitude.as_ref();
        let of_source = main.look.dataset_clip(statistics);
        let shown = of_source.map(|clip| main.look.range_of(clip));
        if let Some(range) = shown.or_else(|| main.section.clip()) {
            self.other.look.clip = ClipChoice::Range(range.low, range.high);
        }
    }

    fn link_windows(&mut self, main: &mut OpenView) {
        let links = self.links;
        let (mine, theirs) = (main.section.window(), self.other.section.window());
        let is_new = self.left.1.is_none();
        if mine != self.left.0 || is_new {
            follow(&main.section, &mut self.other.section, links);
        } else if theirs != self.left.1 {
            follow(&self.other.section, &mut main.section, links);
        }
        self.left = (main.section.window(), self.other.section.window());
        self.other_times = links
            .time
            .then(|| other_times(&main.section, &self.other.section))
            .flatten();
    }

    fn link_cursors(&mut self, main: &mut OpenView) {
        let place = |from: &OpenView, to: &OpenView| {
            let hit = from.section.hit?;
            // Without the same trace there is still the same time.
            let position = counterpart(from, to, hit.trace).unwrap_or(f64::NAN);
            Some((position, hit.sample as f64 + 0.5))
        };
        let (mine, theirs) = (place(main, &self.other), place(&self.other, main));
        let axes = (
            main.section.axis().cloned(),
            self.other.section.axis().cloned(),
        );
        let there = |(position, sample): (f64, f64), from: &VerticalAxis, to: &VerticalAxis| {
            (position, sample_on(sample, from, to))
        };
        let (to_other, to_main) = match &axes {
            (Some(a), Some(b)) if self.links.cursor && self.mode == Mode::SideBySide => (
                mine.map(|place| there(place, a, b)),
                theirs.map(|place| there(place, b, a)),
            ),
            _ => (None, None),
        };
        self.other.section.ghost = to_other;
        main.section.ghost = to_main;
    }

    fn ask_difference(&mut self, main: &OpenView) {
        if let Some((pair, made)) = self.thread.poll()
            && self.asked.as_ref().is_some_and(|asked| same(asked, &pair))
        {
            self.made = Some(match made {
                Ok((gather, share)) => {
                    self.difference.set_gather(gather);
                    Ok(share)
                }
                Err(why) => Err(why),
            });
        }
        if self.mode != Mode::Difference {
            return;
        }
        let (Some(a), Some(b)) = (main.section.gather(), self.other.section.gather()) else {
            let why = "The difference is shown of gathers; the whole line is side by side";
            self.made = Some(Err(why.to_owned()));
            self.asked = None;
            return;
        };
        // Both on their way to the same gather: what is half there has no difference.
        if main.shown != Some(main.wanted) || self.other.shown != Some(self.other.wanted) {
            return;
        }
        let pair = (Arc::clone(a), Arc::clone(b));
        if !self.asked.as_ref().is_some_and(|asked| same(asked, &pair)) {
            self.thread.request(pair.clone());
            self.asked = Some(pair);
        }
        self.difference.follow(main.section.window());
    }
}

/// Where the trace of one view stands in the other: in the same place of the same gather; else the
/// trace itself, where that is there too; else one of the same offset.
fn counterpart(from: &OpenView, to: &OpenView, trace: usize) -> Option<f64> {
    let keys = |view: &OpenView| view.index.as_ref().map(|index| index.keys.clone());
    let (Some(_), Some(gather)) = (from.section.gather(), to.section.gather()) else {
        return from.section.position_of(trace);
    };
    if keys(from) == keys(to) {
        return from.section.position_of(trace);
    }
    let itself = Arc::ptr_eq(&from.source, &to.source)
        .then(|| to.section.place_of(from.section.trace_index(trace)?))
        .flatten();
    let offset = from.section.header_value(OFFSET, trace);
    let alike = |place: &usize| to.section.header_value(OFFSET, *place) == offset;
    let place = itself.or_else(|| {
        let places = 0..gather.n_traces();
        offset.and_then(|_| places.into_iter().find(alike))
    })?;
    to.section.position_of(place)
}

fn same(a: &Pair, b: &Pair) -> bool {
    Arc::ptr_eq(&a.0, &b.0) && Arc::ptr_eq(&a.1, &b.1)
}

/// The place of a sample of one axis on another, at the same time.
fn sample_on(sample: f64, from: &VerticalAxis, to: &VerticalAxis) -> f64 {
    if to.interval == 0.0 || from.unit != to.unit {
        return sample;
    }
    let value = from.first + (sample - 0.5) * from.interval;
    (value - to.first) / to.interval + 0.5
}

/// Where linked windows do not show the same times, because one source has no more of them.
fn other_times(main: &Section, other: &Section) -> Option<String> {
    let (a, b) = (main.axis()?, other.axis()?);
    let shown = |section: &Section, axis: &VerticalAxis| {
        let window = section.window()?;
        // The first and the last sample that are seen, not the edges half a sample beyond them.
        let at = |sample: f64| axis.first + sample * axis.interval;
        let last = window.first_sample + window.n_samples - 1.0;
        Some((at(window.first_sample), at(last)))
    };
    words_of_other_times((shown(main, a)?, &a.unit), (shown(other, b)?, &b.unit))
}

fn words_of_other_times(
    ((top, bottom), unit): ((f64, f64), &str),
    ((top_b, bottom_b), unit_b): ((f64, f64), &str),
) -> Option<String> {
    if unit != unit_b {
        return Some(format!(
            "A counts in {unit}, B in {unit_b}: not linked in time"
        ));
    }
    let tolerance = 0.01 * (bottom - top).abs();
    let same = (top - top_b).abs() <= tolerance && (bottom - bottom_b).abs() <= tolerance;
    (!same).then(|| {
        format!("Not the same times: B shows {top_b:.0} to {bottom_b:.0} {unit}, and has no others")
    })
}

/// Moves one window to where the other is.
fn follow(from: &Section, to: &mut Section, links: Links) {
    let (Some(source), Some(target)) = (from.window(), to.window()) else {
        return;
    };
    let (Some(a), Some(b)) = (from.axis(), to.axis()) else {
        return;
    };
    let mut window = target;
    if links.time {
        let top = sample_on(source.first_sample, a, b);
        let bottom = sample_on(source.first_sample + source.n_samples, a, b);
        (window.first_sample, window.n_samples) = (top, bottom - top);
    }
    if links.traces {
        let share = to.units() / from.units().max(1.0);
        window.first_trace = source.first_trace * share;
        window.n_traces = source.n_traces * share;
    }
    to.follow(Some(window));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::VerticalDomain;

    #[test]
    fn other_times_at_the_same_height_are_said() {
        let said = |a, b, unit| words_of_other_times((a, "ms"), (b, unit));
        assert_eq!(said((0.0, 3000.0), (0.0, 2998.0), "ms"), None);
        let shorter = said((0.0, 3000.0), (0.0, 998.0), "ms").unwrap_or_default();
        assert!(shorter.contains("0 to 998 ms"), "{shorter}");
        assert!(said((0.0, 3000.0), (0.0, 3000.0), "m").is_some());
    }

    #[test]
    fn the_same_time_is_another_sample_on_another_axis() {
        let axis = |first: f64, interval: f64| VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first,
            interval,
        };
        // Sample 10 of 4 ms stands at 40 ms: sample 20 of 2 ms, or 5 samples after 20 ms.
        assert!((sample_on(10.5, &axis(0.0, 4.0), &axis(0.0, 2.0)) - 20.5).abs() < 1e-9);
        assert!((sample_on(10.5, &axis(0.0, 4.0), &axis(20.0, 4.0)) - 5.5).abs() < 1e-9);
    }
}
