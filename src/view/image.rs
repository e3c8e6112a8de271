//! A picture in memory, and as PNG.

/// RGBA, 8 bits each, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// `width × height × 4` bytes.
    pub rgba: Vec<u8>,
}

impl Image {
    /// A picture of one colour.
    pub fn filled(width: usize, height: usize, colour: [u8; 4]) -> Self {
        let mut rgba = Vec::with_capacity(width * height * 4);
        for _ in 0..width * height {
            rgba.extend_from_slice(&colour);
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// The picture as a PNG file's bytes.
    ///
    /// # Errors
    /// When the encoder refuses the size.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        todo!()
    }
}
