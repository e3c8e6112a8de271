//! What is on the screen now, held so that a thread can paint it again in another size.

use std::sync::Arc;

use super::painter::{Request, What, paint_request};
use super::{Section, Setting};
use crate::browse::Gather;
use crate::dataset::VerticalAxis;
use crate::view::{ClipRange, Content, Figure, FigureRow, Gain, Image, figure_of};

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    request: Request,
    clip: ClipRange,
    axis: VerticalAxis,
    rows: Vec<FigureRow>,
    notes: Vec<String>,
    n_traces: u64,
    n_samples: u64,
    /// Between gathers.
    separators: Vec<f64>,
}

/// Of the lines between gathers.
const SEPARATOR_INK: [u8; 3] = [20, 120, 125];

impl Snapshot {
    /// The picture on the screen in pixels.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.request.width, self.request.height)
    }

    /// Paints it with a title, axes, rows and the colour bar. Never in frame code.
    pub(crate) fn figure(&self, title: &str, width: usize, height: usize) -> Image {
        let content = Content {
            axis: self.axis.clone(),
            rows: self.rows.clone(),
            paint: &|width, height| {
                let (mut image, clip) = paint_request(&Request {
                    width,
                    height,
                    ..self.request.clone()
                });
                self.draw_separators(&mut image);
                (image, clip)
            },
            n_traces: self.n_traces,
            n_samples: self.n_samples,
            notes: self.notes.clone(),
        };
        let mut display = self.request.look.display(self.clip);
        if let What::Tiles { .. } = self.request.what {
            display.mode = crate::view::DisplayMode::Density;
        }
        let window = self.request.window;
        let figure = Figure {
            title: title.to_owned(),
            display,
            window: Some(window),
            width,
            height,
        };
        figure_of(&content, &window, &figure)
    }

    fn draw_separators(&self, image: &mut Image) {
        let width = image.width as f64;
        for trace in &self.separators {
            let (x, _) = self.request.window.screen_from_section(*trace, 0.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a column of the picture; saturates"
            )]
            let column = (x * width) as usize;
            (0..image.height).for_each(|y| image.blend(column, y, SEPARATOR_INK, 0.8));
        }
    }
}

impl Section {
    /// What is on the screen; `None` before the first picture.
    pub(crate) fn snapshot(&self, setting: Setting<'_>) -> Option<Snapshot> {
        let request = self.painter.last_request()?.clone();
        let mut notes = Vec::new();
        if setting.look.gain != Gain::None {
            notes.push(format!("{}, display only", setting.look.gain.label()));
        }
        notes.extend(self.places_words());
        if self.from_afar {
            notes.push("Overview".to_owned());
        }
        Some(Snapshot {
            clip: self.clip()?,
            axis: setting.look.axis_unit.applied(self.axis()?),
            rows: self.figure_rows(&setting),
            notes,
            n_traces: self.n_traces(),
            n_samples: self.n_samples(),
            separators: self.separators().collect(),
            request,
        })
    }

    fn n_samples(&self) -> u64 {
        let of_line = self.line.as_ref().map(|line| line.n_samples());
        let of_gather = self.gather.as_ref().map(|gather| gather.n_samples);
        of_line.or(of_gather).unwrap_or(0) as u64
    }

    fn figure_rows(&self, setting: &Setting<'_>) -> Vec<FigureRow> {
        let names = self.all_rows(setting);
        let band = self.band_row(&names, setting);
        let band = band.filter(|_| !self.key_cells.is_empty());
        let label = |name: &String| crate::app::names::label(name);
        if let Some(line) = &self.line {
            let near = line.traces().filter(|_| !self.from_afar);
            return names
                .iter()
                .filter_map(|name| {
                    let cells = self.key_cells.iter();
                    let labels = match near {
                        _ if band == Some(name) => cells
                            .map(|cell| (f64::midpoint(cell.from, cell.to), cell.text.clone()))
                            .collect(),
                        Some((first, gather)) => values_from(gather, first, name)?,
                        None => line
                            .labels
                            .row(name)
                            .map(|(trace, value)| (trace as f64 + 0.5, text_of(value)))
                            .collect(),
                    };
                    Some(FigureRow::Labels(
                        label(name),
                        thin(labels, self.window()?.n_traces),
                    ))
                })
                .collect();
        }
        let (Some(gather), placement) = (&self.gather, self.places.get()) else {
            return Vec::new();
        };
        names
            .iter()
            .filter_map(|name| {
                if let Some(placement) = placement
                    && self.places.column() == Some(name)
                {
                    return Some(FigureRow::Positions(label(name), Arc::clone(placement)));
                }
                let mut row = gather.headers.iter().find(|row| row.name == *name)?.clone();
                row.name = label(name);
                Some(FigureRow::Header(row, placement.map(Arc::clone)))
            })
            .collect()
    }
}

pub(super) fn text_of(value: Option<i64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| v.to_string())
}

fn values_from(gather: &Gather, first: u64, name: &str) -> Option<Vec<(f64, String)>> {
    let row = gather.headers.iter().find(|row| row.name == name)?;
    let at = |i: usize| (first as f64) + i as f64 + 0.5;
    let labels = row.values.iter().enumerate();
    Some(labels.map(|(i, value)| (at(i), text_of(*value))).collect())
}

/// A dozen labels at most: they shall not touch, whatever size the picture gets.
fn thin(labels: Vec<(f64, String)>, n_traces: f64) -> Vec<(f64, String)> {
    let least = n_traces / 12.0;
    let mut free_from = f64::NEG_INFINITY;
    labels
        .into_iter()
        .filter(|(at, _)| {
            let free = *at >= free_from;
            if free {
                free_from = at + least;
            }
            free
        })
        .collect()
}
