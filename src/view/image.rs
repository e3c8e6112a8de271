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
        let mut bytes = Vec::new();
        let too_large = |_| png::EncodingError::LimitsExceeded;
        let width = u32::try_from(self.width).map_err(too_large)?;
        let height = u32::try_from(self.height).map_err(too_large)?;
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgba)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// The pixel at column `x` and row `y`; `None` outside.
    pub fn pixel(&self, x: usize, y: usize) -> Option<[u8; 4]> {
        if x >= self.width {
            return None;
        }
        self.rgba
            .as_chunks::<4>()
            .0
            .get(y * self.width + x)
            .copied()
    }

    /// All pixels, row by row from the top.
    pub fn pixels_mut(&mut self) -> &mut [[u8; 4]] {
        self.rgba.as_chunks_mut::<4>().0
    }

    /// Lays `colour` over a pixel, `cover` (0..=1) of it; does nothing outside.
    pub(crate) fn blend(&mut self, x: usize, y: usize, colour: [u8; 3], cover: f32) {
        if x >= self.width {
            return;
        }
        let width = self.width;
        if let Some(pixel) = self.pixels_mut().get_mut(y * width + x) {
            blend(pixel, colour, cover);
        }
    }

    /// Copies `part` with its upper left corner at (`left`, `top`); what sticks out is cut off.
    pub(super) fn place(&mut self, part: &Self, left: usize, top: usize) {
        let width = self.width;
        if part.width == 0 || left >= width {
            return;
        }
        let n = part.width.min(width - left);
        let rows = self.pixels_mut().chunks_exact_mut(width.max(1)).skip(top);
        let parts = part.rgba.as_chunks::<4>().0.chunks_exact(part.width);
        for (row, part) in rows.zip(parts) {
            row[left..left + n].copy_from_slice(&part[..n]);
        }
    }

    /// Fills a rectangle; what sticks out is cut off.
    pub(super) fn fill_rect(
        &mut self,
        left: usize,
        top: usize,
        size: (usize, usize),
        colour: [u8; 3],
    ) {
        let right = (left + size.0).min(self.width);
        for y in top..(top + size.1).min(self.height) {
            for x in left..right {
                self.blend(x, y, colour, 1.0);
            }
        }
    }
}

/// Lays `colour` over an opaque pixel, `cover` (0..=1) of it.
#[inline]
pub(super) fn blend(pixel: &mut [u8; 4], colour: [u8; 3], cover: f32) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and is kept to 256"
    )]
    let part = ((cover * 256.0 + 0.5) as u32).min(256);
    for (old, new) in pixel.iter_mut().zip(colour) {
        let mixed = (u32::from(*old) * (256 - part) + u32::from(new) * part + 128) >> 8;
        *old = u8::try_from(mixed).unwrap_or(u8::MAX);
    }
}
