//! Which colour does an amplitude have? Tables of control points, positive numbers at 1.

/// A colour table by control points from 0 (most negative) to 1 (most positive).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourTable {
    /// As shown to users.
    pub name: &'static str,
    /// Position and sRGB colour, ascending.
    pub points: &'static [(f32, [u8; 3])],
}

impl ColourTable {
    /// 256 colours, from most negative to most positive.
    pub fn lookup(&self) -> [[u8; 4]; 256] {
        todo!()
    }
}

/// All tables; the first is the default.
pub const COLOUR_TABLES: &[ColourTable] = &[];
