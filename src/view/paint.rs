//! From samples to pixels: density and wiggle. The processor's painter, in parallel over bands of rows.

use serde::{Deserialize, Serialize};

use super::{COLOUR_TABLES, ColourTable, Image, Placement, SectionWindow, density, wiggle};
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
    /// Wiggle lines over density.
    DensityWiggle,
}

impl DisplayMode {
    /// All modes, in the order of menus.
    pub const ALL: [Self; 5] = [
        Self::Density,
        Self::Wiggle,
        Self::WiggleLines,
        Self::VariableArea,
        Self::DensityWiggle,
    ];

    /// As shown to users.
    pub fn label(self) -> &'static str {
        match self {
            Self::Density => "Variable density",
            Self::Wiggle => "Wiggle, positive filled",
            Self::WiggleLines => "Wiggle lines",
            Self::VariableArea => "Variable area",
            Self::DensityWiggle => "Wiggle over density",
        }
    }

    /// Whether amplitudes have colours, so that a colour bar says something.
    pub fn has_colours(self) -> bool {
        matches!(self, Self::Density | Self::DensityWiggle)
    }

    /// Whether traces are drawn as curves, so that [`super::wiggle_step`] applies.
    pub fn has_wiggles(self) -> bool {
        self != Self::Density
    }
}

/// How a section is drawn.
#[expect(clippy::struct_excessive_bools, reason = "switches, each of its own")]
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    /// Density or wiggle.
    pub mode: DisplayMode,
    /// Index into [`super::COLOUR_TABLES`].
    pub colour_table: usize,
    /// Colours the other way round.
    pub reverse_colours: bool,
    /// From the middle of the colour table to its end, in amplitude; where the middle is 0 also one
    /// wiggle excursion. More than 0.
    pub clip: f32,
    /// Amplitude at the middle of the colour table: 0, unless the clip has one side only.
    pub middle: f32,
    /// Numbers times −1.
    pub reverse_polarity: bool,
    /// Excursion of a wiggle at the clip, in traces.
    pub excursion: f32,
    /// Wiggles are cut flat at so many traces from their baseline.
    pub most_deflection: f32,
    /// Width of the line of a wiggle in pixels; 0: by the distance of the traces.
    pub line_pixels: f32,
    /// A faint line where a wiggle would be zero.
    pub zero_line: bool,
    /// Between samples down the trace: smooth instead of nearest, when magnified.
    pub interpolate_time: bool,
    /// The area of negative numbers is filled instead of that of positive ones.
    pub fill_negative: bool,
    /// Behind wiggles.
    pub background: [u8; 3],
}

impl Default for Display {
    fn default() -> Self {
        Self {
            mode: DisplayMode::Density,
            colour_table: 0,
            reverse_colours: false,
            clip: 1.0,
            middle: 0.0,
            reverse_polarity: false,
            excursion: 1.2,
            most_deflection: 1.8,
            line_pixels: 0.0,
            zero_line: false,
            interpolate_time: true,
            fill_negative: false,
            background: [255; 3],
        }
    }
}

impl Display {
    /// The colour table; the first where the index is wrong.
    pub fn table(&self) -> &'static ColourTable {
        COLOUR_TABLES
            .get(self.colour_table)
            .unwrap_or(&COLOUR_TABLES[0])
    }

    /// Its 256 colours, reversed where asked for.
    pub fn lookup(&self) -> [[u8; 4]; 256] {
        let mut lookup = self.table().lookup();
        if self.reverse_colours {
            lookup.reverse();
        }
        lookup
    }

    /// What an amplitude is multiplied by so that the clip becomes `full`, polarity included.
    pub(super) fn gain(&self, full: f32) -> f32 {
        self.gain_to(self.clip, full)
    }

    /// The same for wiggles, whose baseline is 0 wherever the colours' middle is.
    pub(super) fn wiggle_gain(&self, full: f32) -> f32 {
        self.gain_to(self.clip + self.middle.abs(), full)
    }

    fn gain_to(&self, end: f32, full: f32) -> f32 {
        let usable = end.is_finite() && end > 0.0;
        let gain = full / if usable { end } else { 1.0 };
        let gain = gain.min(f32::MAX);
        if self.reverse_polarity { -gain } else { gain }
    }
}

/// Draws the window of the gather into a picture of `width × height` pixels.
///
/// Density: nearest across traces (a dead trace stays one crisp column), band-limited in time when
/// magnified; when minified the extreme of each cell, so that no event disappears. NaN is magenta.
/// Outside of the gather: the background.
///
/// Wiggle: positive numbers to the right, filled to the baseline, flat beyond [`Display::most_deflection`]; when
/// traces stand closer than six pixels only every [`super::wiggle_step`]-th.
pub fn paint(
    gather: &Gather,
    window: &SectionWindow,
    display: &Display,
    width: usize,
    height: usize,
) -> Image {
    paint_placed(gather, None, window, display, width, height)
}

/// [`paint`] with the traces where `placement` says; the window counts its units then.
pub fn paint_placed(
    gather: &Gather,
    placement: Option<&Placement>,
    window: &SectionWindow,
    display: &Display,
    width: usize,
    height: usize,
) -> Image {
    let [r, g, b] = display.background;
    let mut image = Image::filled(width, height, [r, g, b, 255]);
    if width == 0 || height == 0 || gather.n_samples == 0 {
        return image;
    }
    if display.mode.has_colours() {
        density::paint_density(&mut image, gather, placement, window, display);
    }
    if display.mode.has_wiggles() {
        wiggle::paint_wiggles(&mut image, gather, placement, window, display);
    }
    image
}
