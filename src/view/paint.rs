//! From samples to pixels: density and wiggle. The processor's painter, in parallel over columns or rows.

use serde::{Deserialize, Serialize};

use super::{Image, SectionWindow};
use crate::browse::Gather;

/// How traces are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayMode {
    /// Variable density: colour.
    #[default]
    Density,
    /// Wiggle lines with positive area filled.
    Wiggle,
    /// Wiggle lines without fill.
    WiggleLines,
    /// Positive area only.
    VariableArea,
    /// Wiggle over density.
    DensityWiggle,
}

/// How a section is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    /// Density or wiggle.
    pub mode: DisplayMode,
    /// Index into [`super::COLOUR_TABLES`].
    pub colour_table: usize,
    /// Colours the other way round.
    pub reverse_colours: bool,
    /// Amplitude at the end of the colour table and of one wiggle excursion; more than 0.
    pub clip: f32,
    /// Numbers times −1.
    pub reverse_polarity: bool,
    /// Excursion of a wiggle at the clip, in traces.
    pub excursion: f32,
    /// Between samples down the trace: smooth instead of nearest, when magnified.
    pub interpolate_time: bool,
    /// Behind wiggles.
    pub background: [u8; 3],
}

/// Draws the window of the gather into a picture of `width × height` pixels.
///
/// Density: nearest across traces (a dead trace stays one crisp column), band-limited in time when
/// magnified; when minified the extreme of each cell, so that no event disappears. NaN is magenta.
/// Outside of the gather: the background.
pub fn paint(
    gather: &Gather,
    window: &SectionWindow,
    display: &Display,
    width: usize,
    height: usize,
) -> Image {
    let _ = (gather, window, display, width, height);
    todo!()
}
