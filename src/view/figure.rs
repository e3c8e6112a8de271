//! A whole picture with title, axes, header rows, colour bar and section, for `render` and `demo`.

use super::{Display, Image, SectionWindow};
use crate::browse::Gather;

/// What to draw around and in the section.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Over everything.
    pub title: String,
    /// How the section is drawn.
    pub display: Display,
    /// Which part; `None`: all.
    pub window: Option<SectionWindow>,
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
}

/// Draws the figure.
pub fn figure(gather: &Gather, figure: &Figure) -> Image {
    let _ = (gather, figure);
    todo!()
}
