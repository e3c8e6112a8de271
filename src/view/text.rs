//! How is text set into an [`Image`]? For pictures made without a window.
//!
//! The fonts are those of the window (egui's), so that both look alike.

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};

use super::Image;

/// Ubuntu Light is thin at small sizes: cover is raised so that it reads as black.
const WEIGHT: f32 = 0.62;

/// On which side of the given point text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Size and colour of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Pixels of one em.
    pub(super) size: f32,
    pub(super) colour: [u8; 3],
    pub(super) align: Align,
}

/// The fonts, first choice first.
pub(super) struct Fonts {
    fonts: [FontRef<'static>; 2],
}

impl Fonts {
    pub(super) fn new() -> Self {
        let font = |bytes| FontRef::try_from_slice(bytes).expect("a font of the program itself");
        Self {
            fonts: [
                font(epaint_default_fonts::UBUNTU_LIGHT),
                font(epaint_default_fonts::HACK_REGULAR),
            ],
        }
    }

    /// Pixels that `text` takes from left to right.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        self.lay_out(text, size).1
    }

    /// Height of capital letters and digits, for centring.
    pub(super) fn digit_height(size: f32) -> f32 {
        size * 0.7
    }

    /// Sets `text` with its baseline at `y`.
    pub(super) fn draw(&self, image: &mut Image, x: f32, y: f32, text: &str, style: Style) {
        let (glyphs, width) = self.lay_out(text, style.size);
        let left = (x - before(style.align, width)).round();
        self.ink(&glyphs, |glyph_x, glyph_y, cover| {
            put(
                image,
                left + glyph_x,
                y.round() + glyph_y,
                style.colour,
                cover,
            );
        });
    }

    /// Sets `text` to be read upwards, with its baseline at `x`; `y` is where [`Style::align`] says.
    pub(super) fn draw_upwards(&self, image: &mut Image, x: f32, y: f32, text: &str, style: Style) {
        let (glyphs, width) = self.lay_out(text, style.size);
        let bottom = (y + before(style.align, width)).round() - 1.0;
        self.ink(&glyphs, |glyph_x, glyph_y, cover| {
            put(
                image,
                x.round() + glyph_y,
                bottom - glyph_x,
                style.colour,
                cover,
            );
        });
    }

    /// `text`, or as much of its ends as fits into `width` pixels around an "…".
    pub(super) fn elided(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        for kept in (1..letters.len()).rev() {
            let head = kept.div_ceil(2);
            let tail = letters.len() - (kept - head);
            let short: String = letters[..head]
                .iter()
                .chain(&['…'])
                .chain(&letters[tail..])
                .collect();
            if self.width(&short, size) <= width {
                return short;
            }
        }
        String::new()
    }

    /// Glyphs from the origin on, each with the font that has it, and the whole width.
    fn lay_out(&self, text: &str, size: f32) -> (Vec<(usize, Glyph)>, f32) {
        let mut glyphs = Vec::new();
        let mut x = 0.0;
        let mut last: Option<(usize, GlyphId)> = None;
        for letter in text.chars() {
            let (which, id) = self.glyph_of(letter);
            let font = &self.fonts[which];
            let scale = em_scale(font, size);
            let scaled = font.as_scaled(scale);
            if let Some((same, before)) = last
                && same == which
            {
                x += scaled.kern(before, id);
            }
            glyphs.push((which, id.with_scale_and_position(scale, point(x, 0.0))));
            x += scaled.h_advance(id);
            last = Some((which, id));
        }
        (glyphs, x)
    }

    /// The font that has the letter; the first font's box where none has.
    fn glyph_of(&self, letter: char) -> (usize, GlyphId) {
        let fonts = self.fonts.iter().enumerate();
        fonts
            .map(|(i, font)| (i, font.glyph_id(letter)))
            .find(|(_, id)| id.0 != 0)
            .unwrap_or_default()
    }

    /// Calls `put` with the cover of each pixel.
    fn ink(&self, glyphs: &[(usize, Glyph)], mut put: impl FnMut(f32, f32, f32)) {
        for (which, glyph) in glyphs {
            let Some(outline) = self.fonts[*which].outline_glyph(glyph.clone()) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, cover| {
                if cover > 0.0 {
                    put(
                        corner.x + x as f32,
                        corner.y + y as f32,
                        cover.min(1.0).powf(WEIGHT),
                    );
                }
            });
        }
    }
}

fn before(align: Align, width: f32) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Centre => width / 2.0,
        Align::Right => width,
    }
}

/// The scale at which one em is `size` pixels.
fn em_scale(font: &FontRef<'_>, size: f32) -> PxScale {
    let em = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(size * font.height_unscaled() / em)
}

fn put(image: &mut Image, x: f32, y: f32, colour: [u8; 3], cover: f32) {
    if x >= 0.0 && y >= 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, saturates"
        )]
        image.blend(x as usize, y as usize, colour, cover);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style {
        size: 14.0,
        colour: [0; 3],
        align: Align::Left,
    };

    /// Left, top, right, bottom of what is not white.
    fn inked(image: &Image) -> (usize, usize, usize, usize) {
        let mut found = (usize::MAX, usize::MAX, 0, 0);
        for y in 0..image.height {
            for x in 0..image.width {
                if image.pixel(x, y) != Some([255; 4]) {
                    found = (
                        found.0.min(x),
                        found.1.min(y),
                        found.2.max(x),
                        found.3.max(y),
                    );
                }
            }
        }
        found
    }

    fn page() -> Image {
        Image::filled(100, 100, [255; 4])
    }

    #[test]
    fn text_stands_on_its_baseline_on_the_side_that_was_asked_for() {
        let fonts = Fonts::new();
        for (align, from, to) in [
            (Align::Left, 50, 75),
            (Align::Centre, 36, 65),
            (Align::Right, 24, 50),
        ] {
            let mut image = page();
            fonts.draw(&mut image, 50.0, 60.0, "125", Style { align, ..STYLE });
            let (left, top, right, bottom) = inked(&image);
            assert!(left >= from && right <= to, "{align:?} {left} {right}");
            assert!(top >= 48 && bottom <= 60, "{align:?} {top} {bottom}");
        }
    }

    #[test]
    fn upward_text_is_the_same_text_turned() {
        let fonts = Fonts::new();
        let (mut flat, mut turned) = (page(), page());
        fonts.draw(&mut flat, 10.0, 50.0, "Time (ms)", STYLE);
        fonts.draw_upwards(&mut turned, 50.0, 90.0, "Time (ms)", STYLE);
        for y in 0..100 {
            for x in 0..100 {
                assert_eq!(flat.pixel(x, y), turned.pixel(y, 99 - x));
            }
        }
    }

    #[test]
    fn every_letter_that_figures_use_is_in_a_font() {
        let fonts = Fonts::new();
        for letter in "0123456789 abcxyzABC±−–·×…()/%=+-_,°µ".chars() {
            assert_ne!(fonts.glyph_of(letter).1.0, 0, "{letter:?}");
        }
    }

    #[test]
    fn long_names_keep_both_ends() {
        let fonts = Fonts::new();
        let short = fonts.elided("source_to_receiver_distance", 14.0, 100.0);
        assert!(short.starts_with("sou") && short.ends_with("nce") && short.contains('…'));
        assert!(fonts.width(&short, 14.0) <= 100.0);
        assert_eq!(fonts.elided("cdp", 14.0, 100.0), "cdp");
    }
}
