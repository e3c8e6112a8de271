//! From a gather to pixels: window, gain, colour, density, wiggle, axes. Pure: no files, no widgets.
//!
//! ```text
//! Gather + SectionWindow + Display ─paint─► Image (density or wiggle)
//!          SectionWindow ─► vertical_ticks, header_labels          figure = all of it in one picture
//! ```

mod axis;
mod clip;
mod colour;
mod density;
mod difference;
mod figure;
mod gain;
mod histogram;
mod image;
mod number;
mod overview;
mod paint;
mod placement;
mod plan;
mod sampling;
mod scale;
mod spectrum;
mod text;
mod wiggle;
mod window;

pub use axis::{
    HeaderLabel, Tick, axis_title, axis_value, header_labels, in_seconds, placed_labels,
    position_ticks, vertical_ticks,
};
pub use clip::{ClipRange, abs_percentile, clip_of};
pub use colour::{COLOUR_TABLES, ColourTable};
pub use density::NAN_COLOUR;
pub use difference::difference;
pub use figure::{Content, Figure, FigureRow, figure, figure_of};
pub use gain::{Gain, gained};
pub use histogram::{AmplitudeHistogram, amplitude_histogram};
pub use image::Image;
pub use number::format_fixed;
pub use overview::{overview_zoom, paint_overview};
pub use paint::{Display, DisplayMode, paint, paint_placed};
pub use placement::Placement;
pub use plan::{CurvePlan, PicturePlan, RowTable};
pub use scale::value_ticks;
pub use spectrum::{MOST_SPECTRUM_TRACES, Spectrum, frequency_axis, spectrum};
pub use wiggle::{MIN_WIGGLE_PIXELS, wiggle_step};
pub use window::SectionWindow;
