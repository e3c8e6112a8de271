//! What stands around and on a section: ticks at the left, header rows on top, the colour bar.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, TextStyle, Ui, Vec2,
};

use super::labels::Labels;
use super::look::Look;
use super::separators::KeyCell;
use crate::app::{names, numbers, theme};
use crate::browse::{Gather, HeaderRow};
use crate::dataset::VerticalAxis;
use crate::view::{
    ClipRange, Placement, SectionWindow, axis_title, header_labels, placed_labels, position_ticks,
    vertical_ticks, wiggle_step,
};

/// Room for tick labels.
const LEFT: f32 = 84.0;
/// Room for the colour bar with its numbers.
const RIGHT: f32 = 104.0;
/// Room at the right without a colour bar.
const RIGHT_BARE: f32 = 14.0;
/// One header row.
const ROW: f32 = 18.0;
/// Least distance of two tick labels.
const TICK_SPACING: f64 = 46.0;

/// Between two labels of a row.
const LABEL_GAP: f32 = 5.0;
/// Least distance of two labels of positions.
const POSITION_SPACING: f64 = 78.0;

/// Where picture, rows and bar stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) all: Rect,
    pub(crate) plot: Rect,
}

impl Frame {
    pub(crate) fn new(all: Rect, n_rows: usize, bar: bool) -> Self {
        let top = 8.0 + ROW * n_rows as f32 + 7.0;
        let right = if bar { RIGHT } else { RIGHT_BARE };
        let mut plot = all;
        plot.min += Vec2::new(LEFT, top);
        plot.max -= Vec2::new(right, 12.0);
        plot.max = plot.max.max(plot.min + Vec2::splat(20.0));
        Self { all, plot }
    }
}

/// Where the header values on top come from.
pub(crate) enum Tops<'a> {
    /// A gather, its first trace standing at this place of the window's count.
    Gather(&'a Gather, f64),
    /// A gather whose traces stand where the placement says; at the values of this column.
    Placed(&'a Gather, &'a Placement, Option<&'a str>),
    /// A few traces of a line.
    Few(&'a Labels),
}

/// Draws ticks and header rows.
pub(crate) fn draw(
    ui: &Ui,
    frame: &Frame,
    axis: &VerticalAxis,
    tops: &Tops<'_>,
    window: &SectionWindow,
    (rows, band): (&[String], Option<(&str, &[KeyCell])>),
) {
    let painter = ui.painter();
    let p = theme::palette(ui);
    painter.rect_stroke(
        frame.plot,
        0.0,
        Stroke::new(1.0, p.line),
        egui::StrokeKind::Outside,
    );
    ticks(ui, frame, axis, window);
    for (i, name) in rows.iter().enumerate() {
        let y = frame.plot.top() - 7.0 - ROW * (rows.len() - i) as f32 + ROW / 2.0;
        row_name(ui, frame, name, y);
        if let Some((_, cells)) = band.filter(|(of, _)| of == name) {
            band_row(ui, frame, window, cells, y);
            continue;
        }
        match tops {
            Tops::Gather(gather, first) => {
                if let Some(row) = gather.headers.iter().find(|row| row.name == *name) {
                    header_row(ui, frame, &window.moved_by(-first), row, y);
                }
            }
            Tops::Placed(_, placement, Some(column)) if *column == name => {
                position_row(ui, frame, placement, window, y);
            }
            Tops::Placed(gather, placement, _) => {
                if let Some(row) = gather.headers.iter().find(|row| row.name == *name) {
                    placed_row(ui, frame, (window, placement), row, y);
                }
            }
            Tops::Few(labels) => few_labels(ui, frame, window, labels.row(name), y),
        }
    }
}

fn ticks(ui: &Ui, frame: &Frame, axis: &VerticalAxis, window: &SectionWindow) {
    let painter = ui.painter();
    let p = theme::palette(ui);
    let font = small_number(ui);
    let plot = frame.plot;
    for tick in vertical_ticks(axis, window, f64::from(plot.height()), TICK_SPACING) {
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
        let y = plot.top() + tick.position as f32 * plot.height();
        let long = !tick.label.is_empty();
        let x = plot.left();
        painter.hline(
            x - if long { 7.0 } else { 4.0 }..=x - 1.0,
            y,
            Stroke::new(1.0, p.weak),
        );
        if long {
            let y = y.clamp(plot.top() + 5.0, plot.bottom() - 5.0);
            painter.text(
                Pos2::new(x - 10.0, y),
                Align2::RIGHT_CENTER,
                &tick.label,
                font.clone(),
                p.text,
            );
        }
    }
    let title = axis_title(axis);
    let galley = painter.layout_no_wrap(title, TextStyle::Small.resolve(ui.style()), p.weak);
    let at = Pos2::new(
        frame.all.left() + 2.0,
        plot.center().y + galley.size().x / 2.0,
    );
    painter.add(Shape::Text(
        egui::epaint::TextShape::new(at, galley, p.weak).with_angle(-std::f32::consts::FRAC_PI_2),
    ));
}

fn row_name(ui: &Ui, frame: &Frame, name: &str, y: f32) {
    let painter = ui.painter();
    let p = theme::palette(ui);
    let name = painter.layout(
        numbers::elide(&names::label(name), 13),
        TextStyle::Small.resolve(ui.style()),
        p.weak,
        LEFT,
    );
    let left = frame.plot.left() - 10.0 - name.size().x;
    painter.galley(Pos2::new(left, y - name.size().y / 2.0), name, p.weak);
}

fn header_row(ui: &Ui, frame: &Frame, window: &SectionWindow, row: &HeaderRow, y: f32) {
    let width = f64::from(frame.plot.width());
    let labels = header_labels(row, window, width, label_width(row));
    let labels = labels
        .into_iter()
        .map(|label| (label.trace as f64 + 0.5, label.text));
    row_labels(ui, frame, window, labels, y);
}

/// Room for the longest value of a row, in points.
fn label_width(row: &HeaderRow) -> f64 {
    let values = row.values.iter().flatten();
    let widest = values.map(|v| v.to_string().len()).max().unwrap_or(1);
    f64::from(widest as f32 * 7.6 + 10.0)
}

/// Values over traces that do not stand evenly.
fn placed_row(
    ui: &Ui,
    frame: &Frame,
    (window, placement): (&SectionWindow, &Placement),
    row: &HeaderRow,
    y: f32,
) {
    let width = f64::from(frame.plot.width());
    let labels = placed_labels(row, placement, window, width, label_width(row));
    let labels = labels
        .into_iter()
        .filter_map(|label| Some((placement.centre(label.trace)?, label.text)));
    row_labels(ui, frame, window, labels, y);
}

/// Round values where they lie, whether a trace stands there or not.
fn position_row(ui: &Ui, frame: &Frame, placement: &Placement, window: &SectionWindow, y: f32) {
    let width = f64::from(frame.plot.width());
    let ticks = position_ticks(placement, window, width, POSITION_SPACING);
    let labels = ticks
        .into_iter()
        .filter(|tick| !tick.label.is_empty())
        .map(|tick| {
            let at = window.first_trace + tick.position * window.n_traces;
            (at, tick.label)
        });
    row_labels(ui, frame, window, labels, y);
}

fn few_labels(
    ui: &Ui,
    frame: &Frame,
    window: &SectionWindow,
    row: impl Iterator<Item = (u64, Option<i64>)>,
    y: f32,
) {
    let labels = row.map(|(trace, value)| {
        let text = value.map_or_else(|| "–".to_owned(), |v| v.to_string());
        (trace as f64 + 0.5, text)
    });
    row_labels(ui, frame, window, labels, y);
}

/// Gathers of a line as a band of cells, their keys in the middle of what is seen of them.
fn band_row(ui: &Ui, frame: &Frame, window: &SectionWindow, cells: &[KeyCell], y: f32) {
    let painter = ui.painter();
    let p = theme::palette(ui);
    let plot = frame.plot;
    let x = |position: f64| {
        let (x, _) = window.screen_from_section(position, 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
        let x = plot.left() + x as f32 * plot.width();
        x.clamp(plot.left(), plot.right())
    };
    let mut before = Rangef::NOTHING;
    for cell in cells {
        let ends = Rangef::new(x(cell.from), x(cell.to)).as_positive();
        let (left, right) = (ends.min + 1.0, ends.max - 1.0);
        if right <= left {
            continue;
        }
        let rect = Rect::from_x_y_ranges(left..=right, y - 8.0..=y + 8.0);
        painter.rect_filled(rect, 2.0, p.accent.gamma_multiply(0.18));
        let galley = painter.layout_no_wrap(cell.text.clone(), small_number(ui), p.text);
        let half = galley.size() / 2.0;
        let centre = rect.center().x.clamp(
            plot.left() + half.x,
            (plot.right() - half.x).max(plot.left() + half.x),
        );
        let taken = Rangef::new(centre - half.x, centre + half.x);
        // The key of a narrow gather reaches over its neighbours, where these have no room either;
        // not that of a sliver at the edge, which would stand over another gather.
        let is_cut = left <= plot.left() + 1.5 || right >= plot.right() - 1.5;
        let fits = galley.size().x <= rect.width();
        if !before.intersects(taken) && (fits || !is_cut) {
            painter.galley(Pos2::new(centre - half.x, y - half.y), galley, p.text);
            before = taken.expand(LABEL_GAP);
        }
    }
}

/// Labels in the order of the traces; one that would touch the one before is left out.
fn row_labels(
    ui: &Ui,
    frame: &Frame,
    window: &SectionWindow,
    labels: impl Iterator<Item = (f64, String)>,
    y: f32,
) {
    let mut before = Rangef::NOTHING;
    for (position, text) in labels {
        if let Some(taken) = top_label(ui, frame, window, (position, text, y), before) {
            before = taken.expand(LABEL_GAP);
        }
    }
}

/// A label over a position, with its tick; the room it takes, if that is free of the one before.
fn top_label(
    ui: &Ui,
    frame: &Frame,
    window: &SectionWindow,
    (position, text, y): (f64, String, f32),
    before: Rangef,
) -> Option<Rangef> {
    let painter = ui.painter();
    let p = theme::palette(ui);
    let plot = frame.plot;
    let (x, _) = window.screen_from_section(position, 0.0);
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
    let x = plot.left() + x as f32 * plot.width();
    if x < plot.left() - 1.0 || x > plot.right() + 1.0 {
        return None;
    }
    let galley = painter.layout_no_wrap(text, small_number(ui), p.text);
    let half = galley.size() / 2.0;
    // The first and the last label stay over the picture; the tick says where they belong.
    let centre = x.clamp(
        plot.left() + half.x,
        (plot.right() - half.x).max(plot.left() + half.x),
    );
    let taken = Rangef::new(centre - half.x, centre + half.x);
    if before.intersects(taken) {
        return None;
    }
    painter.galley(Pos2::new(centre - half.x, y - half.y), galley, p.text);
    painter.vline(
        x,
        plot.top() - 6.0..=plot.top() - 1.0,
        Stroke::new(1.0, p.weak),
    );
    Some(taken)
}

fn small_number(ui: &Ui) -> FontId {
    FontId::monospace(TextStyle::Small.resolve(ui.style()).size - 0.5)
}

/// Where the colours stand.
pub(crate) fn bar_rect(frame: &Frame) -> Rect {
    let top = frame.plot.top() + 16.0;
    let left = frame.plot.right() + 12.0;
    let bottom = (top + 260.0).min(frame.plot.bottom() - 18.0);
    Rect::from_min_max(Pos2::new(left, top), Pos2::new(left + 14.0, bottom))
}

/// The colours from the most positive (top) to the most negative, with the clip's numbers.
pub(crate) fn colour_bar(ui: &Ui, frame: &Frame, look: &Look, clip: Option<ClipRange>) {
    let Some(table) = look.table() else {
        return;
    };
    let p = theme::palette(ui);
    let painter = ui.painter();
    let bar = bar_rect(frame);
    if bar.height() < 40.0 {
        return;
    }
    let flipped = look.reverse_colours != look.reverse_polarity;
    swatch(painter, bar, table, flipped, true);
    painter.rect_stroke(
        bar,
        0.0,
        Stroke::new(1.0, p.line),
        egui::StrokeKind::Outside,
    );
    let small = TextStyle::Small.resolve(ui.style());
    let x = bar.right() + 5.0;
    let text = |y: f32, text: &str, ink: Color32| {
        painter.text(
            Pos2::new(x, y),
            Align2::LEFT_CENTER,
            text,
            small_number(ui),
            ink,
        );
    };
    if let Some(clip) = clip {
        // Reversed polarity turns the colours; the numbers are those that are stored.
        text(bar.top() + 3.0, &numbers::amplitude(clip.high), p.text);
        let middle = if clip.is_symmetric() {
            0.0
        } else {
            clip.middle()
        };
        text(bar.center().y, &numbers::amplitude(middle), p.text);
        text(bar.bottom() - 3.0, &numbers::amplitude(clip.low), p.text);
    }
    let word = |y: f32, word: &str, align: Align2| {
        painter.text(Pos2::new(bar.left(), y), align, word, small.clone(), p.weak);
    };
    let two_sided = clip.is_none_or(|clip| clip.low < 0.0 && clip.high > 0.0);
    let (above, below) = if two_sided {
        ("peak +", "trough −")
    } else {
        ("high", "low")
    };
    word(bar.top() - 4.0, above, Align2::LEFT_BOTTOM);
    word(bar.bottom() + 3.0, below, Align2::LEFT_TOP);
}

/// A colour table as a band; `upright`: most positive on top, else at the right.
pub(crate) fn swatch(
    painter: &Painter,
    rect: Rect,
    table: &crate::view::ColourTable,
    reversed: bool,
    upright: bool,
) {
    const STEPS: u16 = 48;
    let mut mesh = Mesh::default();
    let lookup = table.lookup();
    for i in 0..=STEPS {
        let share = f32::from(i) / f32::from(STEPS);
        let position = if reversed { 1.0 - share } else { share };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0..=255"
        )]
        let entry = (position * 255.0).round() as usize;
        let [r, g, b, _] = lookup.get(entry).copied().unwrap_or([0, 0, 0, 255]);
        let colour = Color32::from_rgb(r, g, b);
        let (first, second) = if upright {
            let y = egui::lerp(rect.bottom()..=rect.top(), share);
            (Pos2::new(rect.left(), y), Pos2::new(rect.right(), y))
        } else {
            let x = egui::lerp(rect.left()..=rect.right(), share);
            (Pos2::new(x, rect.top()), Pos2::new(x, rect.bottom()))
        };
        mesh.colored_vertex(first, colour);
        mesh.colored_vertex(second, colour);
        if i > 0 {
            let n = u32::from(i) * 2;
            mesh.add_triangle(n - 2, n - 1, n);
            mesh.add_triangle(n - 1, n, n + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// A line over the trace that is pinned.
pub(crate) fn trace_marker(
    painter: &Painter,
    plot: Rect,
    window: &SectionWindow,
    position: f64,
    colour: Color32,
) {
    let (x, _) = window.screen_from_section(position, 0.0);
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
    let x = plot.left() + x as f32 * plot.width();
    painter.vline(x, plot.y_range(), Stroke::new(1.5, colour));
}

/// Where the cursor of a linked section is; only its time where the position is not a number.
pub(crate) fn crosshair(
    painter: &Painter,
    plot: Rect,
    window: &SectionWindow,
    position: f64,
    sample: f64,
) {
    let (x, y) = window.screen_from_section(position, sample);
    #[expect(clippy::cast_possible_truncation, reason = "fractions of the screen")]
    let (x, y) = (x as f32, y as f32);
    let at = plot.min + Vec2::new(x * plot.width(), y * plot.height());
    // Light on dark and dark on light.
    for (width, ink) in [
        (3.0, Color32::from_black_alpha(110)),
        (1.0, Color32::from_rgb(90, 220, 220)),
    ] {
        if position.is_finite() {
            painter.vline(at.x, plot.y_range(), Stroke::new(width, ink));
        }
        painter.hline(plot.x_range(), at.y, Stroke::new(width, ink));
    }
}

/// What one must know about the picture: not every trace is drawn, polarity is reversed.
pub(crate) fn badges(painter: &Painter, plot: Rect, words: Vec<String>) {
    let mut y = plot.top() + 8.0;
    for word in words {
        let galley = painter.layout_no_wrap(word, FontId::proportional(13.0), Color32::WHITE);
        let size = galley.size() + Vec2::new(16.0, 6.0);
        let rect = Rect::from_min_size(Pos2::new(plot.right() - size.x - 8.0, y), size);
        painter.rect_filled(rect, 4.0, Color32::from_black_alpha(190));
        painter.galley(rect.min + Vec2::new(8.0, 3.0), galley, Color32::WHITE);
        y += size.y + 4.0;
    }
}

/// The words of those badges that gathers and lines share.
pub(crate) fn badge_words(window: &SectionWindow, look: &Look, width: usize) -> Vec<String> {
    let mut words = Vec::new();
    let step = wiggle_step(window, width);
    if look.mode.has_wiggles() && step > 1 {
        words.push(format!("One trace in {step} is drawn: zoom in for all"));
    }
    if look.reverse_polarity {
        words.push("Polarity reversed".to_owned());
    }
    words
}
