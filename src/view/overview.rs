//! How does a line look from afar? From tiles to pixels.
//!
//! Every pixel shows the signed extreme of the cells whose centres it holds, as [`super::density`]
//! does with samples. Tiles are painted in the order given, coarse first, so that a finer one lies
//! over it. Where a cell is larger than a pixel (a coarse tile while the finer one loads) the
//! picture is drawn straight from cell to cell down the trace.

use std::ops::Range;

use rayon::prelude::*;

use super::density::{Colours, extreme};
use super::sampling::{Row, between, cells};
use super::{Display, Image, SectionWindow};
use crate::browse::{OverviewTile, PADDING, TileKey, is_padding};

/// Rows of one band.
const BAND_ROWS: usize = 64;

/// Draws the window of a line of `n_samples` a trace from tiles, the coarsest first. What no tile
/// covers is the background. `gain` multiplies the clip for a tile: extremes of many samples are larger.
pub fn paint_overview<T: AsRef<OverviewTile> + Sync>(
    tiles: &[T],
    gain: &dyn Fn(&OverviewTile) -> f32,
    window: &SectionWindow,
    n_samples: usize,
    display: &Display,
    width: usize,
    height: usize,
) -> Image {
    let [r, g, b] = display.background;
    let mut image = Image::filled(width, height, [r, g, b, 255]);
    if width == 0 || height == 0 || n_samples == 0 {
        return image;
    }
    let parts: Vec<Part<'_>> = tiles
        .iter()
        .map(|tile| {
            let tile = tile.as_ref();
            let display = Display {
                clip: display.clip * gain(tile),
                ..display.clone()
            };
            Part::of(tile, window, n_samples, (width, height), &display)
        })
        .collect();
    image
        .pixels_mut()
        .par_chunks_mut(width * BAND_ROWS)
        .enumerate()
        .for_each(|(band, pixels)| {
            let mut values = Vec::new();
            for part in &parts {
                let first = band * BAND_ROWS;
                let rows = &part.rows[first.min(height)..(first + BAND_ROWS).min(height)];
                for (x, columns) in &part.columns {
                    part.values(columns.clone(), rows, &mut values);
                    let lines = pixels.chunks_mut(width);
                    for ((line, row), value) in lines.zip(rows).zip(&values) {
                        if !matches!(row, Row::Outside)
                            && !is_padding(*value)
                            && let Some(pixel) = line.get_mut(*x)
                        {
                            *pixel = part.colours.of_amplitude(*value);
                        }
                    }
                }
            }
        });
    image
}

/// The zoom whose columns are as wide as a pixel, or a little narrower.
pub fn overview_zoom(window: &SectionWindow, width: usize, n_traces: u64) -> u8 {
    let traces_a_pixel = (window.n_traces / (width as f64).max(1.0)).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 64"
    )]
    let zoom = traces_a_pixel.log2().floor().clamp(0.0, 48.0) as u8;
    zoom.min(TileKey::top_zoom(n_traces))
}

/// Column of pixels, columns of the tile.
pub(super) type TileColumns = Vec<(usize, Range<usize>)>;

/// Which cells the rows and columns of pixels show; columns that show nothing are left out.
pub(super) fn rows_and_columns_of(
    tile: &OverviewTile,
    window: &SectionWindow,
    n_samples: usize,
    (width, height): (usize, usize),
) -> (Vec<Row>, TileColumns) {
    let a_cell = tile.coarseness.samples_a_cell.max(1) as f64;
    let first = window.first_sample / a_cell;
    let step = window.n_samples / height as f64 / a_cell;
    let end = n_samples as f64 / a_cell;
    let rows = cells(first, step, height, tile.n_cells)
        .enumerate()
        .map(|(y, cell)| {
            let position = first + (y as f64 + 0.5) * step;
            if cell.is_empty() || position >= end {
                Row::Outside
            } else if step < 1.0 {
                Row::Between(between(position - 0.5, tile.n_cells, false))
            } else {
                Row::Samples(cell)
            }
        })
        .collect();
    let a_column = tile.key.traces_a_column() as f64;
    let left = (window.first_trace - tile.traces.start as f64) / a_column;
    let step = window.n_traces / width as f64 / a_column;
    // The last column may stand for fewer traces.
    let right = (tile.traces.end - tile.traces.start) as f64 / a_column;
    let columns = cells(left, step, width, tile.n_columns())
        .enumerate()
        .filter(|(x, columns)| !columns.is_empty() && left + (*x as f64 + 0.5) * step < right)
        .map(|(x, columns)| {
            let x = if window.from_right { width - 1 - x } else { x };
            (x, columns)
        })
        .collect();
    (rows, columns)
}

/// A tile with the pixels that it covers.
struct Part<'a> {
    tile: &'a OverviewTile,
    colours: Colours,
    rows: Vec<Row>,
    columns: TileColumns,
}

impl<'a> Part<'a> {
    fn of(
        tile: &'a OverviewTile,
        window: &SectionWindow,
        n_samples: usize,
        (width, height): (usize, usize),
        display: &Display,
    ) -> Self {
        let (rows, columns) = rows_and_columns_of(tile, window, n_samples, (width, height));
        Self {
            tile,
            colours: Colours::of(display),
            rows,
            columns,
        }
    }

    fn values(&self, columns: Range<usize>, rows: &[Row], values: &mut Vec<f32>) {
        values.clear();
        values.resize(rows.len(), PADDING);
        for column in columns {
            let cells = self.tile.column(column);
            for (row, value) in rows.iter().zip(values.iter_mut()) {
                let new = match row {
                    Row::Outside => continue,
                    Row::Samples(range) => {
                        let cells = cells.get(range.clone()).unwrap_or_default();
                        cells.iter().copied().fold(PADDING, extreme_of_numbers)
                    }
                    Row::Between(mix) => mix.of(cells),
                };
                *value = extreme_of_numbers(*value, new);
            }
        }
    }
}

/// The one of larger magnitude; a number before none.
#[inline]
fn extreme_of_numbers(old: f32, new: f32) -> f32 {
    if old.is_nan() && (!is_padding(new) || is_padding(old)) {
        new
    } else if new.is_nan() {
        old
    } else {
        extreme(old, new)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::{load_range, load_tile};
    use crate::view::paint;

    fn tiles(source: &FakeSource, zoom: u8, n: u64) -> Vec<Arc<OverviewTile>> {
        TileKey::over(0..n, zoom)
            .map(|key| Arc::new(load_tile(source, key).unwrap()))
            .collect()
    }

    #[test]
    fn tiles_show_what_the_samples_themselves_would_show() {
        let source = FakeSource::new(1024, 64);
        let display = Display {
            clip: 1e6,
            ..Display::default()
        };
        let gather = load_range(&source, 0..1024, &[]).unwrap();
        let window = SectionWindow::all(1024, 64);
        for (zoom, width) in [(0, 512), (1, 512), (2, 256), (3, 64)] {
            let from_samples = paint(&gather, &window, &display, width, 32);
            let tiles = tiles(&source, zoom, 1024);
            let from_tiles = paint_overview(&tiles, &|_| 1.0, &window, 64, &display, width, 32);
            assert_eq!(from_samples, from_tiles, "zoom {zoom}");
        }
    }

    #[test]
    fn a_window_in_the_middle_shows_its_own_traces_and_nothing_beyond_the_end() {
        let source = FakeSource::new(1000, 8);
        let display = Display {
            clip: 1e6,
            ..Display::default()
        };
        let window = SectionWindow {
            first_trace: 900.0,
            n_traces: 200.0,
            first_sample: 0.0,
            n_samples: 8.0,
            from_right: false,
        };
        let gather = load_range(&source, 0..1000, &[]).unwrap();
        let from_samples = paint(&gather, &window, &display, 50, 8);
        let from_tiles = paint_overview(
            &tiles(&source, 1, 1000),
            &|_| 1.0,
            &window,
            8,
            &display,
            50,
            8,
        );
        assert_eq!(from_samples, from_tiles);
        assert_eq!(from_tiles.pixel(49, 3), Some([255; 4]));
    }

    #[test]
    fn a_line_from_the_right_is_the_mirrored_picture() {
        let source = FakeSource::new(1000, 8);
        let display = Display {
            clip: 1e6,
            ..Display::default()
        };
        let gather = load_range(&source, 0..1000, &[]).unwrap();
        let tiles = tiles(&source, 2, 1000);
        let window = SectionWindow {
            first_trace: -30.25,
            n_traces: 512.5,
            ..SectionWindow::all(1, 8)
        };
        let turned = window.turned(true);
        let from_tiles = |w| paint_overview(&tiles, &|_| 1.0, w, 8, &display, 64, 8);
        let pictures = [
            [
                paint(&gather, &window, &display, 64, 8),
                paint(&gather, &turned, &display, 64, 8),
            ],
            [from_tiles(&window), from_tiles(&turned)],
        ];
        for [from_left, from_right] in pictures {
            for (x, y) in (0..64).flat_map(|x| (0..8).map(move |y| (x, y))) {
                assert_eq!(from_left.pixel(x, y), from_right.pixel(63 - x, y));
            }
        }
    }

    #[test]
    fn a_finer_tile_lies_over_a_coarse_one() {
        let source = FakeSource::new(2048, 8);
        let display = Display {
            clip: 3e6,
            ..Display::default()
        };
        let window = SectionWindow::all(2048, 8);
        let mut both = tiles(&source, 3, 2048);
        let fine = tiles(&source, 1, 2048);
        both.extend(fine.iter().take(1).cloned());
        let mixed = paint_overview(&both, &|_| 1.0, &window, 8, &display, 512, 8);
        let only_fine = paint_overview(&fine, &|_| 1.0, &window, 8, &display, 512, 8);
        let only_coarse = paint_overview(&both[..1], &|_| 1.0, &window, 8, &display, 512, 8);
        assert_eq!(mixed.pixel(3, 4), only_fine.pixel(3, 4));
        assert_eq!(mixed.pixel(400, 4), only_coarse.pixel(400, 4));
    }

    #[test]
    fn the_zoom_follows_the_traces_of_a_pixel() {
        let zoom = |n_traces: f64| {
            let window = SectionWindow {
                n_traces,
                ..SectionWindow::all(1, 100)
            };
            overview_zoom(&window, 1000, 10_000_000)
        };
        assert_eq!([zoom(10.0), zoom(1999.0), zoom(2000.0)], [0, 0, 1]);
        assert_eq!(zoom(10_000_000.0), 13);
    }
}
