//! From a gather to pixels: window, gain, colour, density, wiggle, axes. Pure: no files, no widgets.

mod axis;
mod clip;
mod colour;
mod figure;
mod image;
mod paint;
mod text;
mod window;

pub use axis::{HeaderLabel, Tick, header_labels, vertical_ticks};
pub use clip::{abs_percentile, clip_of};
pub use colour::{COLOUR_TABLES, ColourTable};
pub use figure::{Figure, figure};
pub use image::Image;
pub use paint::{Display, DisplayMode, paint};
pub use window::SectionWindow;
