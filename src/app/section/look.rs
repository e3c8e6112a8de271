//! How shall sections look? What the toolbar sets and what is kept between runs.

mod axis_unit;

use serde::{Deserialize, Serialize};

pub(crate) use axis_unit::AxisUnit;

use crate::dataset::AmplitudeStatistics;
use crate::view::{
    COLOUR_TABLES, ClipRange, ColourTable, Display, DisplayMode, Gain, SectionWindow,
};

/// The percentiles on offer.
pub(crate) const PERCENTILES: [f32; 6] = [90.0, 95.0, 98.0, 99.0, 99.9, 100.0];

/// Where the amplitude comes from at which the colours end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClipChoice {
    /// Of |amplitude|.
    Percentile(f32),
    /// As typed, or changed step by step.
    Fixed(f32),
    /// Both ends as dragged or typed, each by itself.
    Range(f32, f32),
}

/// Which side of 0 the colours show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sides {
    /// From −clip to clip.
    #[default]
    Both,
    /// From 0 to clip: for velocities, envelopes, semblance.
    Positive,
    /// From −clip to 0.
    Negative,
}

impl Sides {
    pub(crate) const ALL: [Self; 3] = [Self::Both, Self::Positive, Self::Negative];

    /// "±", "0 to +", "− to 0".
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Both => "Both sides",
            Self::Positive => "Positive only",
            Self::Negative => "Negative only",
        }
    }

    fn range(self, clip: f32) -> ClipRange {
        let (low, high) = match self {
            Self::Both => (-clip, clip),
            Self::Positive => (0.0, clip),
            Self::Negative => (-clip, 0.0),
        };
        ClipRange { low, high }
    }
}

/// Over what a percentile is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// The whole source: stepping through gathers does not flicker.
    #[default]
    Dataset,
    /// The gather on the screen.
    Gather,
    /// What of it is in the window.
    Window,
}

impl Scope {
    /// "dataset".
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Gather => "gather",
            Self::Window => "window",
        }
    }

    /// The next one, round and round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Dataset => Self::Gather,
            Self::Gather => Self::Window,
            Self::Window => Self::Dataset,
        }
    }
}

/// How sections are drawn.
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of a toolbar, each of its own"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    pub(crate) mode: DisplayMode,
    /// A name of [`COLOUR_TABLES`].
    pub(crate) colour_table: String,
    pub(crate) reverse_colours: bool,
    pub(crate) clip: ClipChoice,
    pub(crate) scope: Scope,
    pub(crate) reverse_polarity: bool,
    /// Wiggles where traces stand far enough apart, else colours; `mode` waits.
    pub(crate) automatic: bool,
    /// The area of negative numbers is filled.
    pub(crate) fill_negative: bool,
    /// For the eye only.
    pub(crate) gain: Gain,
    pub(crate) axis_unit: AxisUnit,
    pub(crate) sides: Sides,
    /// The column at whose values traces stand; `None`: evenly.
    pub(crate) position_by: Option<String>,
    /// Traces from right to left.
    pub(crate) reverse_traces: bool,
    /// Deflection of a curve at the clip, in traces.
    pub(crate) excursion: f32,
    /// Curves are cut flat at so many traces.
    pub(crate) most_deflection: f32,
    /// Of the line of curves, in pixels; 0: by the distance of the traces.
    pub(crate) line_pixels: f32,
    /// A faint line at the zero of curves.
    pub(crate) zero_line: bool,
    /// Lines where the gather changes, along the whole line.
    pub(crate) separators: bool,
    /// The next gather shows all its traces; times stay as they are.
    pub(crate) fit_on_step: bool,
}

/// From so many points a trace the automatic mode draws wiggles.
const AUTOMATIC_WIGGLE_POINTS: f64 = 9.0;

impl Default for Look {
    fn default() -> Self {
        Self {
            mode: DisplayMode::Density,
            colour_table: String::new(),
            reverse_colours: false,
            clip: ClipChoice::Percentile(99.0),
            scope: Scope::Dataset,
            reverse_polarity: false,
            automatic: false,
            fill_negative: false,
            gain: Gain::None,
            axis_unit: AxisUnit::Stored,
            sides: Sides::Both,
            position_by: None,
            reverse_traces: false,
            excursion: 1.2,
            most_deflection: 1.8,
            line_pixels: 0.0,
            zero_line: false,
            separators: true,
            fit_on_step: false,
        }
    }
}

impl Look {
    /// What would be wrong for another file: a typed clip, a reversed polarity.
    pub(crate) fn forget_what_belongs_to_a_file(&mut self) {
        if self.is_by_hand() {
            self.clip = ClipChoice::Percentile(99.0);
        }
        self.sides = Sides::Both;
        self.position_by = None;
        self.reverse_traces = false;
        self.reverse_polarity = false;
    }

    /// Whether the clip was typed or dragged.
    pub(crate) fn is_by_hand(&self) -> bool {
        matches!(self.clip, ClipChoice::Fixed(_) | ClipChoice::Range(..))
    }

    /// For a source that nobody has looked at yet: amplitudes on one side of 0 only (velocities,
    /// envelopes) are not spread about it.
    pub(crate) fn suited_to(&mut self, statistics: Option<&AmplitudeStatistics>) {
        let Some(s) = statistics.filter(|s| s.mean.abs() > 0.5 * s.rms) else {
            return;
        };
        if s.min >= 0.0 {
            self.sides = Sides::Positive;
        } else if s.max <= 0.0 {
            self.sides = Sides::Negative;
        }
    }

    /// The clip times `factor`, from what is on the screen.
    pub(crate) fn scale_clip(&mut self, shown: ClipRange, factor: f32) {
        let scaled = shown.scaled(factor);
        let Some(scaled) = ClipRange::between(scaled.low, scaled.high) else {
            return;
        };
        self.set_range(scaled);
    }

    /// Takes a range set by hand; an even one stays so.
    pub(crate) fn set_range(&mut self, range: ClipRange) {
        self.clip = if self.sides == Sides::Both && range.is_symmetric() {
            ClipChoice::Fixed(range.half())
        } else {
            ClipChoice::Range(range.low, range.high)
        };
    }

    /// The range of a clip that was found or typed.
    pub(crate) fn range_of(&self, clip: f32) -> ClipRange {
        match self.clip {
            ClipChoice::Range(low, high) => ClipRange::between(low, high)
                .unwrap_or_else(|| ClipRange::symmetric(clip.max(f32::MIN_POSITIVE))),
            ClipChoice::Fixed(_) | ClipChoice::Percentile(_) => self.sides.range(clip),
        }
    }

    /// Takes another gain. A clip that was set by hand belonged to the numbers before.
    pub(crate) fn set_gain(&mut self, gain: Gain) {
        if gain != self.gain && self.is_by_hand() {
            self.clip = ClipChoice::Percentile(99.0);
        }
        self.gain = gain;
    }

    /// With the mode that is drawn: the automatic one chooses by the width of a trace.
    pub(crate) fn resolved(&self, window: &SectionWindow, width_points: f32) -> Self {
        let mut look = self.clone();
        if self.automatic {
            let wide = f64::from(width_points) / window.n_traces >= AUTOMATIC_WIGGLE_POINTS;
            look.mode = if wide {
                DisplayMode::Wiggle
            } else {
                DisplayMode::Density
            };
        }
        look
    }

    /// Index of the colour table.
    pub(crate) fn table_index(&self) -> usize {
        COLOUR_TABLES
            .iter()
            .position(|t| t.name == self.colour_table)
            .unwrap_or(0)
    }

    /// The colour table.
    pub(crate) fn table(&self) -> Option<&'static ColourTable> {
        COLOUR_TABLES.get(self.table_index())
    }

    /// Takes the next colour table.
    pub(crate) fn next_table(&mut self) {
        let n = COLOUR_TABLES.len().max(1);
        if let Some(table) = COLOUR_TABLES.get((self.table_index() + 1) % n) {
            table.name.clone_into(&mut self.colour_table);
        }
    }

    /// Takes the next mode.
    pub(crate) fn next_mode(&mut self) {
        let all = DisplayMode::ALL;
        let at = all.iter().position(|m| *m == self.mode).unwrap_or(0);
        self.mode = all.get((at + 1) % all.len()).copied().unwrap_or_default();
    }

    /// The clip that the whole source gives; `None` where the gather decides.
    pub(crate) fn dataset_clip(&self, statistics: Option<&AmplitudeStatistics>) -> Option<f32> {
        match (self.clip, self.scope) {
            (ClipChoice::Fixed(clip), _) => Some(clip),
            (ClipChoice::Range(low, high), _) => Some(low.abs().max(high.abs())),
            (ClipChoice::Percentile(_), _) if self.gain != Gain::None => None,
            (ClipChoice::Percentile(p), Scope::Dataset) => statistics
                .map(|s| percentile_of(s, p))
                .filter(|c| c.is_finite() && *c > 0.0),
            (ClipChoice::Percentile(_), Scope::Gather | Scope::Window) => None,
        }
    }

    /// For the painter.
    pub(crate) fn display(&self, clip: ClipRange) -> Display {
        Display {
            mode: self.mode,
            colour_table: self.table_index(),
            reverse_colours: self.reverse_colours,
            clip: clip.half(),
            middle: if clip.is_symmetric() {
                0.0
            } else {
                clip.middle()
            },
            reverse_polarity: self.reverse_polarity,
            fill_negative: self.fill_negative,
            excursion: self.excursion,
            most_deflection: self.most_deflection,
            line_pixels: self.line_pixels,
            zero_line: self.zero_line,
            ..Display::default()
        }
    }

    /// "P99 of the dataset", "set by hand".
    pub(crate) fn clip_words(&self) -> String {
        match (self.clip, self.scope) {
            (ClipChoice::Fixed(_) | ClipChoice::Range(..), _) => "set by hand".to_owned(),
            (ClipChoice::Percentile(p), Scope::Dataset) if self.gain != Gain::None => {
                format!("{} of this gather, with its gain", percentile_label(p))
            }
            (ClipChoice::Percentile(p), Scope::Dataset) => {
                format!("{} of the dataset", percentile_label(p))
            }
            (ClipChoice::Percentile(p), Scope::Gather) => {
                format!("{} of this gather", percentile_label(p))
            }
            (ClipChoice::Percentile(p), Scope::Window) => {
                format!("{} of what is in the window", percentile_label(p))
            }
        }
    }
}

/// "P99.9".
pub(crate) fn percentile_label(p: f32) -> String {
    if p.fract() == 0.0 {
        format!("P{p:.0}")
    } else {
        format!("P{p:.1}")
    }
}

/// A short name for buttons.
pub(crate) fn mode_label(mode: DisplayMode) -> &'static str {
    match mode {
        DisplayMode::Density => "Density",
        DisplayMode::Wiggle => "Wiggle",
        DisplayMode::WiggleLines => "Lines",
        DisplayMode::VariableArea => "Area",
        DisplayMode::DensityWiggle => "Both",
    }
}

fn percentile_of(s: &AmplitudeStatistics, p: f32) -> f32 {
    let value = if p >= 100.0 {
        s.min.abs().max(s.max.abs())
    } else if p >= 99.5 {
        s.abs_p999
    } else if p >= 98.5 {
        s.abs_p99
    } else if p >= 96.5 {
        s.abs_p98
    } else if p >= 92.5 {
        s.abs_p95
    } else {
        s.abs_p90
    };
    #[expect(clippy::cast_possible_truncation, reason = "what is drawn is f32")]
    let value = value as f32;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_percentile_has_its_own_statistic() {
        let s = AmplitudeStatistics {
            count: 1,
            n_non_finite: 0,
            n_zeros: 0,
            min: -7.0,
            max: 6.0,
            mean: 0.0,
            rms: 1.0,
            abs_p50: 0.5,
            abs_p90: 1.0,
            abs_p95: 2.0,
            abs_p98: 3.0,
            abs_p99: 4.0,
            abs_p999: 5.0,
        };
        let found: Vec<f32> = PERCENTILES.iter().map(|p| percentile_of(&s, *p)).collect();
        assert_eq!(found, [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]);
    }

    #[test]
    fn the_automatic_mode_chooses_by_the_width_of_a_trace() {
        let look = Look {
            automatic: true,
            ..Look::default()
        };
        let window = SectionWindow::all(100, 10);
        assert_eq!(look.resolved(&window, 500.0).mode, DisplayMode::Density);
        assert_eq!(look.resolved(&window, 1000.0).mode, DisplayMode::Wiggle);
    }

    #[test]
    fn stepping_through_modes_and_tables_comes_round() {
        let mut look = Look::default();
        for _ in DisplayMode::ALL {
            look.next_mode();
        }
        assert_eq!(look.mode, DisplayMode::Density);
        for _ in COLOUR_TABLES {
            look.next_table();
        }
        assert_eq!(look.table_index(), 0);
    }
}
