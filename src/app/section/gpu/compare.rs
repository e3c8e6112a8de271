//! Do both painters draw the same? Many small pictures by both, in the window's own context.
//!
//! Part of the tour (`compare_painters`), so that it can be asked on any machine's graphics card;
//! `tests/painters.rs` asks it on the software driver.

use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui_glow;
use serde_json::{Value, json};

use super::context::Context;
use super::pictures::Target;
use super::{Gpu, Layer, LayerData, State};
use crate::browse::{Coarseness, Gather, OverviewTile, PADDING, TileKey};
use crate::dataset::{VerticalAxis, VerticalDomain};
use crate::view::{
    Display, DisplayMode, Image, PicturePlan, Placement, SectionWindow, paint_overview,
    paint_placed,
};

/// Of a picture.
const SIZE: (usize, usize) = (150, 110);

/// What came of it, once it did.
pub(crate) type Answer = Arc<Mutex<Option<Value>>>;

impl Gpu {
    /// Compares in the next frame.
    pub(crate) fn compare(self: &Arc<Self>, ctx: &egui::Context, answer: &Answer) {
        let (gpu, answer) = (Arc::clone(self), Arc::clone(answer));
        let callback = egui_glow::CallbackFn::new(move |_, painter| {
            let gl = Context::in_callback(painter);
            let told = gpu.state().compare(gl);
            let told = told.unwrap_or_else(|words| json!({ "error": words }));
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        });
        let painter = ctx.layer_painter(egui::LayerId::background());
        painter.add(egui::PaintCallback {
            rect: ctx.content_rect(),
            callback: Arc::new(callback),
        });
    }
}

/// How far two pictures are apart.
#[derive(Clone, Copy, Debug, Default)]
struct Difference {
    pixels: usize,
    differing: usize,
    /// Of the 255 steps of a channel.
    largest: u8,
}

impl Difference {
    fn between(a: &Image, b: &Image) -> Self {
        let mut found = Self {
            pixels: a.width * a.height,
            ..Self::default()
        };
        for (a, b) in a.rgba.chunks_exact(4).zip(b.rgba.chunks_exact(4)) {
            let apart = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
            let apart = apart.unwrap_or(0);
            found.differing += usize::from(apart > 0);
            found.largest = found.largest.max(apart);
        }
        if a.rgba.len() != b.rgba.len() {
            found.largest = u8::MAX;
        }
        found
    }

    fn and(self, other: Self) -> Self {
        Self {
            pixels: self.pixels + other.pixels,
            differing: self.differing + other.differing,
            largest: self.largest.max(other.largest),
        }
    }

    fn told(self) -> Value {
        json!({
            "pixels": self.pixels,
            "differing": self.differing,
            "largest": self.largest,
        })
    }
}

impl State {
    fn compare(&mut self, gl: Context<'_>) -> Result<Value, String> {
        let gather = Arc::new(gather());
        let (mut density, mut curves) = (Difference::default(), Difference::default());
        let before = self.uploaded_bytes(gl)?;
        for (display, window, placement) in cases() {
            let placement = placement.as_ref();
            let shape = (gather.n_traces(), gather.n_samples);
            let plan = PicturePlan::of_gather(shape, placement, &window, &display, SIZE);
            let data = LayerData::Gather(Arc::clone(&gather));
            let theirs = self.picture(gl, &[Layer { data, plan }], &display)?;
            let ours = paint_placed(&gather, placement, &window, &display, SIZE.0, SIZE.1);
            let difference = Difference::between(&ours, &theirs);
            if display.mode.has_wiggles() {
                curves = curves.and(difference);
            } else {
                density = density.and(difference);
            }
        }
        let uploaded = self.uploaded_bytes(gl)? - before;
        let mut overview = Difference::default();
        for (tiles, window) in tile_cases() {
            let display = Display {
                clip: 2.0,
                colour_table: 2,
                ..Display::default()
            };
            let gain = |tile: &OverviewTile| 1.0 + f32::from(tile.key.zoom);
            let layer = |tile: &Arc<OverviewTile>| Layer {
                plan: PicturePlan::of_tile(tile, gain(tile), &window, 300, &display, SIZE),
                data: LayerData::Tile(Arc::clone(tile)),
            };
            let layers: Vec<Layer> = tiles.iter().map(layer).collect();
            let theirs = self.picture(gl, &layers, &display)?;
            let ours = paint_overview(&tiles, &gain, &window, 300, &display, SIZE.0, SIZE.1);
            overview = overview.and(Difference::between(&ours, &theirs));
        }
        Ok(json!({
            "renderer": gl.renderer(),
            "density": density.told(),
            "curves": curves.told(),
            "overview": overview.told(),
            "pictures_of_a_gather": cases().len(),
            "gather_bytes": gather.samples.len() * 4,
            "uploaded_bytes": uploaded,
        }))
    }

    fn uploaded_bytes(&mut self, gl: Context<'_>) -> Result<u64, String> {
        Ok(self.pictures(gl)?.uploaded_bytes)
    }

    fn picture(
        &mut self,
        gl: Context<'_>,
        layers: &[Layer],
        display: &Display,
    ) -> Result<Image, String> {
        let (width, height) = (side(SIZE.0), side(SIZE.1));
        let pictures = self.pictures(gl)?;
        while !pictures.upload(gl, layers)? {}
        let target = Target {
            origin: [0, 0],
            screen: [width, height],
        };
        let bottom_up = gl.picture(width, height, || {
            let [r, g, b] = display.background;
            gl.clear([r, g, b]);
            pictures.draw(gl, layers, &display.lookup(), target)
        })?;
        let rows = bottom_up.chunks_exact(SIZE.0 * 4).rev();
        Ok(Image {
            width: SIZE.0,
            height: SIZE.1,
            rgba: rows.flatten().copied().collect(),
        })
    }
}

fn side(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(0)
}

/// Every mode, polarity, fill and table, near and far, over the edges, with NaN and dead traces.
fn cases() -> Vec<(Display, SectionWindow, Option<Placement>)> {
    let mut cases = Vec::new();
    for window in windows(24, 300) {
        for mode in DisplayMode::ALL {
            for (i, reverse_polarity) in [false, true].into_iter().enumerate() {
                cases.push((
                    Display {
                        mode,
                        colour_table: 4 * i,
                        reverse_colours: i == 1,
                        clip: [1.0, 0.3][i],
                        reverse_polarity,
                        fill_negative: i == 1,
                        zero_line: i == 1,
                        interpolate_time: i == 0,
                        background: [[255; 3], [20, 30, 40]][i],
                        middle: [0.0, 0.2][i],
                        ..Display::default()
                    },
                    window,
                    placement(cases.len()),
                ));
            }
        }
    }
    cases
}

/// Evenly, from behind, and at values with gaps, some of them missing.
fn placement(case: usize) -> Option<Placement> {
    let value = |trace: i64| (trace % 7 != 3).then_some(trace * trace);
    let values: Vec<Option<i64>> = (0..24).map(value).collect();
    match case % 4 {
        2 => Some(Placement::reversed(24)),
        3 => Placement::by_values(&values, false),
        _ => None,
    }
}

fn windows(n_traces: usize, n_samples: usize) -> Vec<SectionWindow> {
    let window = |first_trace, n_traces, first_sample, n_samples| SectionWindow {
        first_trace,
        n_traces,
        first_sample,
        n_samples,
        from_right: false,
    };
    vec![
        SectionWindow::all(n_traces, n_samples),
        // Over the left and the upper edge; one sample higher than a pixel and much smaller ones.
        window(-3.25, 9.5, -20.0, 75.5),
        window(4.3, 3.1, 100.1, 9.9),
        window(20.0, 8.0, 280.0, 40.0),
        // So far that curves are left out.
        window(-40.0, 110.0, 0.0, 300.0),
        window(4.3, 9.5, 100.1, 75.5).turned(true),
    ]
}

/// 24 traces of waves with noise; one is dead, one is a NaN, one has a few of them and infinities, and
/// two are shorter than the others.
fn gather() -> Gather {
    let n_samples = 300;
    let mut samples = Vec::new();
    let mut noise = 1_u32;
    for trace in 0..24 {
        for i in 0..n_samples {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let t = i as f32 / 9.0 + trace as f32 * 0.7;
            let noise = (noise >> 8) as f32 / 16_777_216.0 - 0.5;
            let value = t.sin() * (1.0 - i as f32 / 400.0) + 0.4 * noise;
            samples.push(match (trace, i) {
                (5, _) => 0.0,
                (11, _) | (17, 40..50) => f32::NAN,
                (8, 120..) | (20, 250..) => PADDING,
                (17, 100) => f32::INFINITY,
                (17, 160) => f32::NEG_INFINITY,
                _ => value,
            });
        }
    }
    Gather {
        key: Vec::new(),
        trace_indices: (0..24).collect(),
        n_samples,
        samples,
        headers: Vec::new(),
        axis: VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: 0.0,
            interval: 4.0,
        },
        start_offsets: None,
    }
}

/// A coarse tile under a fine one, the last column short, and numbers that are missing.
fn tile_cases() -> Vec<(Vec<Arc<OverviewTile>>, SectionWindow)> {
    let tile = |zoom: u8, index: u64, samples_a_cell: u64| {
        let key = TileKey { zoom, index };
        let traces = key.traces(1500);
        let n_cells = 300_usize.div_ceil(usize::try_from(samples_a_cell).unwrap_or(1));
        let n_columns = (traces.end - traces.start).div_ceil(key.traces_a_column());
        let n_values = usize::try_from(n_columns).unwrap_or(0) * n_cells;
        let value = |i: usize| match i % 97 {
            13 => f32::NAN,
            40..45 => PADDING,
            _ => (i as f32 * 0.37).sin() * (1.0 + f32::from(zoom)),
        };
        Arc::new(OverviewTile {
            key,
            traces,
            n_cells,
            coarseness: Coarseness {
                one_in: 1,
                samples_a_cell,
            },
            values: (0..n_values).map(value).collect(),
        })
    };
    let tiles = vec![tile(3, 0, 16), tile(1, 0, 4), tile(0, 1, 1)];
    let windows = windows(1500, 300);
    windows
        .into_iter()
        .map(|window| (tiles.clone(), window))
        .collect()
}
