//! A whole picture with title, axes, header rows, colour bar and section, for `render` and `demo`.
//!
//! ```text
//!              title
//!      offset  -3000   -2500   -2000        header rows
//!            0 ┌───────────────────────┐  ▓ peak +
//!  Time (ms)   │ section               │  ░
//!         1000 └───────────────────────┘  ▁ trough −
//!              how it is drawn
//! ```

mod row;

pub use row::FigureRow;

use super::density::Colours;
use super::text::{Align, Fonts, Style};
use super::{
    ClipRange, Display, Image, SectionWindow, axis_title, paint, vertical_ticks, wiggle_step,
};
use crate::browse::Gather;
use crate::dataset::VerticalAxis;
use crate::wording;

const WHITE: [u8; 4] = [255; 4];
const INK: [u8; 3] = [25, 25, 28];
const MUTED: [u8; 3] = [95, 95, 100];
const FRAME: [u8; 3] = [70, 70, 74];
/// The size at which lengths below are pixels; others scale.
const DESIGN: (f32, f32) = (1200.0, 800.0);

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

/// The section of a figure, however it is painted.
pub struct Content<'a> {
    /// Down the side.
    pub axis: VerticalAxis,
    /// Rows of labels along the top.
    pub rows: Vec<FigureRow>,
    /// Paints so many pixels of the section, and says at which clip.
    pub paint: &'a dyn Fn(usize, usize) -> (Image, ClipRange),
    /// Of what is shown.
    pub n_traces: u64,
    /// Of what is shown.
    pub n_samples: u64,
    /// What one must know besides, for the line below.
    pub notes: Vec<String>,
}

/// Draws the figure of a gather.
pub fn figure(gather: &Gather, figure: &Figure) -> Image {
    let window = figure
        .window
        .unwrap_or_else(|| SectionWindow::all(gather.n_traces(), gather.n_samples));
    let clip = ClipRange {
        low: figure.display.middle - figure.display.clip,
        high: figure.display.middle + figure.display.clip,
    };
    let content = Content {
        axis: gather.axis.clone(),
        rows: gather
            .headers
            .iter()
            .map(|row| FigureRow::Header(row.clone(), None))
            .collect(),
        paint: &|width, height| {
            let image = paint(gather, &window, &figure.display, width, height);
            (image, clip)
        },
        n_traces: gather.n_traces() as u64,
        n_samples: gather.n_samples as u64,
        notes: Vec::new(),
    };
    figure_of(&content, &window, figure)
}

/// Draws a figure of anything: `figure.window` does not count, but `window`.
pub fn figure_of(content: &Content<'_>, window: &SectionWindow, figure: &Figure) -> Image {
    let fonts = Fonts::new();
    let mut sheet = Sheet {
        image: Image::filled(figure.width, figure.height, WHITE),
        layout: Layout::of(content, figure, window, &fonts),
        content,
        figure,
        display: figure.display.clone(),
        window: *window,
        fonts,
    };
    sheet.draw_section();
    sheet.draw_title();
    sheet.draw_vertical_axis();
    sheet.draw_header_rows();
    if figure.display.mode.has_colours() {
        sheet.draw_colour_bar();
    }
    sheet.draw_footer();
    sheet.image
}

/// Where everything stands, in pixels.
struct Layout {
    scale: f32,
    text: f32,
    /// Of the widest tick label.
    labels: f32,
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Layout {
    fn of(content: &Content<'_>, figure: &Figure, window: &SectionWindow, fonts: &Fonts) -> Self {
        let (width, height) = (figure.width as f32, figure.height as f32);
        let scale = (width / DESIGN.0).min(height / DESIGN.1).clamp(0.7, 4.0);
        let text = 15.0 * scale;
        let line = text * 1.5;
        let labels = vertical_ticks(&content.axis, window, f64::from(height), f64::from(line))
            .iter()
            .map(|tick| fonts.width(&tick.label, text))
            .fold(0.0, f32::max);
        let names = content
            .rows
            .iter()
            .map(|row| fonts.width(row.name(), text))
            .fold(0.0, f32::max)
            .min(0.17 * width);
        let left = (line + labels + 20.0 * scale).max(names + 44.0 * scale);
        let right = if figure.display.mode.has_colours() {
            let Display { clip, middle, .. } = figure.display;
            let widest = [middle - clip, middle + clip]
                .map(|end| fonts.width(&wording::amplitude(f64::from(end)), text));
            let words = fonts.width("trough +", text);
            let words = words.max(widest[0]).max(widest[1]);
            words + 66.0 * scale
        } else {
            36.0 * scale
        };
        let top = 3.0 * line + content.rows.len() as f32 * line;
        let bottom = 2.6 * line;
        Self {
            scale,
            text,
            labels,
            left: pixel(left),
            top: pixel(top - 0.4 * line),
            width: pixel((width - left - right).max(1.0)),
            height: pixel((height - top - bottom + 0.4 * line).max(1.0)),
        }
    }

    fn scaled(&self, length: f32) -> f32 {
        length * self.scale
    }

    /// At least one pixel.
    fn thickness(&self) -> usize {
        pixel(self.scale).max(1)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length in pixels, not negative; saturates"
)]
fn pixel(length: f32) -> usize {
    length.round() as usize
}

/// A figure being drawn.
struct Sheet<'a> {
    image: Image,
    layout: Layout,
    content: &'a Content<'a>,
    figure: &'a Figure,
    /// With the clip that was painted.
    display: Display,
    window: SectionWindow,
    fonts: Fonts,
}

impl Sheet<'_> {
    fn style(&self, colour: [u8; 3], align: Align) -> Style {
        Style {
            size: self.layout.text,
            colour,
            align,
        }
    }

    fn draw_section(&mut self) {
        let Layout {
            left,
            top,
            width,
            height,
            ..
        } = self.layout;
        let (mut section, clip) = (self.content.paint)(width, height);
        self.display.clip = clip.half();
        self.display.middle = if clip.is_symmetric() {
            0.0
        } else {
            clip.middle()
        };
        if !self.display.mode.has_colours() {
            self.draw_timing_lines(&mut section);
        }
        let frame = self.layout.thickness();
        self.image.fill_rect(
            left.saturating_sub(frame),
            top.saturating_sub(frame),
            (width + 2 * frame, height + 2 * frame),
            FRAME,
        );
        self.image.place(&section, left, top);
    }

    /// Faint lines at the labelled times, as on paper sections.
    fn draw_timing_lines(&self, section: &mut Image) {
        let height = section.height as f64;
        for tick in vertical_ticks(
            &self.content.axis,
            &self.window,
            height,
            self.tick_spacing(),
        ) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a row of the picture; saturates"
            )]
            let y = (tick.position * height) as usize;
            if !tick.label.is_empty() {
                (0..section.width).for_each(|x| section.blend(x, y, [0; 3], 0.2));
            }
        }
    }

    /// Least distance between labels of the vertical axis.
    fn tick_spacing(&self) -> f64 {
        f64::from(self.layout.text) * 2.6
    }

    fn draw_title(&mut self) {
        let size = self.layout.text * 1.3;
        let left = self.layout.left as f32;
        let room = self.image.width as f32 - left - self.layout.scaled(14.0);
        let title = self.fonts.elided(&self.figure.title, size, room);
        let style = Style {
            size,
            ..self.style(INK, Align::Left)
        };
        let baseline = self.layout.text * 2.1;
        self.fonts
            .draw(&mut self.image, left, baseline, &title, style);
    }

    fn draw_vertical_axis(&mut self) {
        let (left, top) = (self.layout.left, self.layout.top);
        let height = self.layout.height as f64;
        let spacing = self.tick_spacing();
        let style = self.style(INK, Align::Right);
        let thickness = self.layout.thickness();
        for tick in vertical_ticks(&self.content.axis, &self.window, height, spacing) {
            let is_major = !tick.label.is_empty();
            let length = pixel(self.layout.scaled(if is_major { 8.0 } else { 4.0 })).max(2);
            #[expect(clippy::cast_possible_truncation, reason = "a length in pixels")]
            let y = top as f32 + (tick.position * height) as f32;
            let row = pixel((y - 0.5 * thickness as f32).max(0.0));
            let from = left.saturating_sub(length + thickness);
            self.image.fill_rect(from, row, (length, thickness), FRAME);
            let x = left as f32 - self.layout.scaled(13.0);
            let baseline = y + Fonts::digit_height(style.size) / 2.0;
            self.fonts
                .draw(&mut self.image, x, baseline, &tick.label, style);
        }
        let title = axis_title(&self.content.axis);
        let x =
            left as f32 - self.layout.labels - self.layout.scaled(13.0) - 0.8 * self.layout.text;
        let y = top as f32 + self.layout.height as f32 / 2.0;
        let style = self.style(INK, Align::Centre);
        self.fonts
            .draw_upwards(&mut self.image, x, y, &title, style);
    }

    fn draw_header_rows(&mut self) {
        let content = self.content;
        let n_rows = content.rows.len();
        for (i, row) in content.rows.iter().enumerate() {
            let above = (n_rows - 1 - i) as f32 * self.layout.text * 1.5;
            let baseline = self.layout.top as f32 - self.layout.scaled(12.0) - above;
            self.draw_header_row(row, baseline, i + 1 == n_rows);
        }
    }

    fn draw_header_row(&mut self, row: &FigureRow, baseline: f32, has_ticks: bool) {
        let size = self.layout.text;
        let (left, width) = (self.layout.left as f32, self.layout.width as f64);
        // All digits are as wide as a 0.
        let digit = self.fonts.width("0", size);
        let room = |digits: usize| f64::from(digit * digits as f32 + size);
        let thickness = self.layout.thickness();
        let mut overhang = 0.0_f32;
        for (position, text) in row.labels(&self.window, width, &room) {
            let (at, _) = self.window.screen_from_section(position, 0.0);
            #[expect(clippy::cast_possible_truncation, reason = "a length in pixels")]
            let x = left + (at * width) as f32;
            overhang = overhang.max(left - x + self.fonts.width(&text, size) / 2.0);
            let style = self.style(INK, Align::Centre);
            self.fonts.draw(&mut self.image, x, baseline, &text, style);
            if has_ticks {
                let length = pixel(self.layout.scaled(5.0)).max(2);
                let from = self.layout.top.saturating_sub(length + thickness);
                let column = pixel((x - 0.5 * thickness as f32).max(0.0));
                self.image
                    .fill_rect(column, from, (thickness, length), FRAME);
            }
        }
        let right = left - overhang - self.layout.scaled(8.0);
        let name = self
            .fonts
            .elided(row.name(), size, right - self.layout.scaled(6.0));
        let style = self.style(MUTED, Align::Right);
        self.fonts
            .draw(&mut self.image, right, baseline, &name, style);
    }

    fn draw_colour_bar(&mut self) {
        let display = &self.display;
        let colours = Colours::of(display);
        let top = self.layout.top;
        let least = pixel(self.layout.text * 8.0).min(self.layout.height);
        let height = (self.layout.height * 2 / 3).max(least).max(1);
        let left = self.layout.left + self.layout.width + pixel(self.layout.scaled(22.0));
        let width = pixel(self.layout.scaled(16.0)).max(3);
        let frame = self.layout.thickness();
        let around = (width + 2 * frame, height + 2 * frame);
        let corner = (left.saturating_sub(frame), top.saturating_sub(frame));
        self.image.fill_rect(corner.0, corner.1, around, FRAME);
        // The displayed peak is at the top, whatever the polarity.
        let sign = if display.reverse_polarity { -1.0 } else { 1.0 };
        let (middle, peak) = (display.middle, display.clip * sign);
        for y in 0..height {
            let amplitude = middle + peak * (1.0 - 2.0 * (y as f32 + 0.5) / height as f32);
            let [r, g, b, _] = colours.of_amplitude(amplitude);
            self.image.fill_rect(left, top + y, (width, 1), [r, g, b]);
        }
        let words = if display.reverse_polarity {
            ["peak −", "trough +"]
        } else {
            ["peak +", "trough −"]
        };
        let x = (left + width) as f32 + self.layout.scaled(9.0);
        let (text, top, height) = (self.layout.text, top as f32, height as f32);
        let digits = Fonts::digit_height(text);
        let amplitude = |value: f32| wording::amplitude(f64::from(value));
        let mut labels = vec![
            (top + digits, words[0].to_owned(), MUTED),
            (top + digits + 1.35 * text, amplitude(middle + peak), INK),
            (top + height - 1.35 * text, amplitude(middle - peak), INK),
            (top + height, words[1].to_owned(), MUTED),
        ];
        if height > 7.0 * text {
            labels.push((top + 0.5 * (height + digits), amplitude(middle), INK));
        }
        for (y, words, colour) in labels {
            let style = self.style(colour, Align::Left);
            self.fonts.draw(&mut self.image, x, y, &words, style);
        }
    }

    fn draw_footer(&mut self) {
        let size = self.layout.text * 0.93;
        let left = self.layout.left as f32;
        let room = self.image.width as f32 - left - self.layout.scaled(14.0);
        let mut parts = self.footer_parts();
        // The last parts matter least.
        while parts.len() > 1 && self.fonts.width(&parts.join("  ·  "), size) > room {
            parts.pop();
        }
        let text = self.fonts.elided(&parts.join("  ·  "), size, room);
        let baseline = (self.layout.top + self.layout.height) as f32 + self.layout.text * 1.9;
        let style = Style {
            size,
            ..self.style(MUTED, Align::Left)
        };
        self.fonts
            .draw(&mut self.image, left, baseline, &text, style);
    }

    /// What a reader must know to believe the picture, the most important first.
    fn footer_parts(&self) -> Vec<String> {
        let display = &self.display;
        let mut parts = vec![display.mode.label().to_owned(), clip_words(display)];
        let step = wiggle_step(&self.window, self.layout.width);
        if display.mode.has_wiggles() && step > 1 {
            parts.push(format!("every {} trace drawn", ordinal(step)));
        }
        if display.reverse_polarity {
            parts.push("Polarity reversed".to_owned());
        }
        if display.mode.has_colours() {
            let reversed = if display.reverse_colours {
                ", reversed"
            } else {
                ""
            };
            parts.push(format!("{}{reversed}", display.table().name));
        }
        parts.push(format!(
            "{} × {}",
            wording::things(self.content.n_traces, "trace"),
            wording::things(self.content.n_samples, "sample")
        ));
        parts.splice(2..2, self.content.notes.iter().cloned());
        parts
    }
}

/// "Clip ±1.2e4", "Clip 0 to 3".
fn clip_words(display: &Display) -> String {
    let amplitude = |value: f32| wording::amplitude(f64::from(value));
    let Display { clip, middle, .. } = *display;
    if middle == 0.0 {
        return format!("Clip ±{}", amplitude(clip));
    }
    format!(
        "Clip {} to {}",
        amplitude(middle - clip),
        amplitude(middle + clip)
    )
}

/// "2nd", "3rd", "4th", "11th".
fn ordinal(n: usize) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
