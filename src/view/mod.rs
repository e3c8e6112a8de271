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
mod figure;
mod gain;
mod image;
mod number;
mod overview;
mod paint;
mod plan;
mod sampling;
mod text;
mod wiggle;
mod window;

pub use axis::{
    HeaderLabel, Tick, axis_title, axis_value, header_labels, in_seconds, vertical_ticks,
};
pub use clip::{abs_percentile, clip_of};
pub use colour::{COLOUR_TABLES, ColourTable};
pub use density::NAN_COLOUR;
pub use figure::{Figure, figure};
pub use gain::{Gain, gained};
pub use image::Image;
pub use number::format_fixed;
pub use overview::{overview_zoom, paint_overview};
pub use paint::{Display, DisplayMode, paint};
pub use plan::{CurvePlan, PicturePlan, RowTable};
pub use wiggle::{MIN_WIGGLE_PIXELS, wiggle_step};
pub use window::SectionWindow;
