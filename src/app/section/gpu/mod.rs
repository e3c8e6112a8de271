//! The painter on a graphics card: the same picture as the processor's, drawn anew in every frame.
//!
//! ```text
//! gather or tiles ─► layers (amplitudes + PicturePlan) ─► paint callback: upload once, draw by shader
//! ```
//! Chosen by the adapter: where OpenGL itself is software, the processor's painter is faster (it
//! paints only what changes) and is taken. Where the shader does not compile or amplitudes do not
//! fit, the processor paints, and a notice says why.

mod compare;
mod context;
mod pictures;
mod shader;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eframe::egui_glow;
use egui::{Id, Rect, Ui};

use super::painter::{Prepared, Request, What};
use crate::app::settings::PainterChoice;
use crate::browse::{Gather, OverviewTile};
use crate::view::{ClipRange, DisplayMode, PicturePlan};
pub(crate) use compare::Answer;
use context::Context;
use pictures::{Pictures, Target};

/// A pixel that looks at more amplitudes than this is the processor's: it shares them between pixels.
const MOST_SAMPLES_A_PIXEL: u64 = 4096;
/// Words in the names of drivers without a card.
const SOFTWARE: [&str; 6] = [
    "llvmpipe",
    "softpipe",
    "swrast",
    "swiftshader",
    "software",
    "gdi generic",
];

/// Who draws the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Adapter {
    /// In the driver's words.
    pub(crate) name: String,
    /// Of OpenGL.
    pub(crate) version: String,
    /// No graphics card.
    pub(crate) is_software: bool,
}

/// The painter on the graphics card, one for the window.
#[derive(Debug)]
pub(crate) struct Gpu {
    pub(crate) adapter: Adapter,
    /// Touched by paint callbacks only, which run one after another: nobody ever waits for it.
    state: Mutex<State>,
    /// Why it cannot paint; said once.
    failure: Mutex<Option<String>>,
    failed: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    pictures: Option<Pictures>,
}

/// Amplitudes.
#[derive(Clone, Debug)]
enum LayerData {
    Gather(Arc<Gather>),
    Tile(Arc<OverviewTile>),
}

impl LayerData {
    fn values(&self) -> &[f32] {
        match self {
            Self::Gather(gather) => &gather.samples,
            Self::Tile(tile) => &tile.values,
        }
    }
}

/// Amplitudes, and how they are drawn.
#[derive(Clone, Debug)]
struct Layer {
    data: LayerData,
    plan: PicturePlan,
}

/// A picture to be drawn.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    layers: Arc<Vec<Layer>>,
    lookup: Arc<[[u8; 4]; 256]>,
    /// At the ends of the colours.
    pub(super) clip: ClipRange,
}

impl Scene {
    /// What `request` asks for, once its clip is known; `None` where the processor is quicker.
    pub(super) fn of(request: &Request, prepared: &Prepared) -> Option<Self> {
        let size = (request.width, request.height);
        let clip = request.clip_shown(prepared);
        let (layers, display) = match &prepared.what {
            What::Gather {
                gather,
                first_trace,
            } => {
                let display = request.look.display(clip);
                let window = request.window.moved_by(-first_trace);
                let shape = (gather.n_traces(), gather.n_samples);
                let placement = request.placement.as_deref();
                let plan = PicturePlan::of_gather(shape, placement, &window, &display, size);
                let data = LayerData::Gather(Arc::clone(gather));
                (vec![Layer { data, plan }], display)
            }
            What::Tiles { tiles, n_samples } => {
                let mut display = request.look.display(request.look.range_of(prepared.clip));
                display.mode = DisplayMode::Density;
                let layer = |tile: &Arc<OverviewTile>| Layer {
                    plan: PicturePlan::of_tile(
                        tile,
                        request.gain_of_tile(prepared, tile),
                        &request.window,
                        *n_samples,
                        &display,
                        size,
                    ),
                    data: LayerData::Tile(Arc::clone(tile)),
                };
                (tiles.iter().map(layer).collect(), display)
            }
        };
        let layers: Vec<Layer> = layers;
        let heavy = |layer: &Layer| layer.plan.most_samples_a_pixel() > MOST_SAMPLES_A_PIXEL;
        if layers.iter().any(heavy) {
            return None;
        }
        Some(Self {
            layers: Arc::new(layers),
            lookup: Arc::new(display.lookup()),
            clip,
        })
    }
}

impl Gpu {
    /// Looks at who draws the window; `None` where it is not OpenGL.
    pub(crate) fn of(creation: &eframe::CreationContext<'_>) -> Option<Arc<Self>> {
        let gl = Context::at_start(creation)?;
        let name = gl.renderer();
        let lower = name.to_lowercase();
        Some(Arc::new(Self {
            adapter: Adapter {
                is_software: SOFTWARE.iter().any(|word| lower.contains(word)),
                name,
                version: gl.version().0,
            },
            state: Mutex::default(),
            failure: Mutex::default(),
            failed: AtomicBool::new(false),
        }))
    }

    /// Whether it paints, by what the user has chosen.
    pub(crate) fn is_chosen(&self, choice: PainterChoice) -> bool {
        let wanted = match choice {
            PainterChoice::Automatic => !self.adapter.is_software,
            PainterChoice::Gpu => true,
            PainterChoice::Processor => false,
        };
        wanted && !self.failed.load(Ordering::Relaxed)
    }

    /// Who draws the window, and who paints sections, by the user's choice.
    pub(crate) fn words(&self, choice: PainterChoice) -> String {
        let Adapter { name, version, .. } = &self.adapter;
        let who = if self.is_chosen(choice) {
            "it paints sections too"
        } else if self.failed.load(Ordering::Relaxed) {
            "it cannot paint sections: the processor does"
        } else if self.adapter.is_software {
            "no graphics card: the processor paints sections"
        } else {
            "the processor paints sections"
        };
        format!("The window is drawn by {name} (OpenGL {version}); {who}")
    }

    /// Lets sections find the painter; `None`: the processor paints.
    pub(crate) fn install(ctx: &egui::Context, gpu: Option<&Arc<Self>>) {
        let id = Id::unique("section painter");
        ctx.data_mut(|data| data.insert_temp(id, gpu.map(Arc::clone)));
    }

    /// The painter that was installed last.
    pub(super) fn installed(ctx: &egui::Context) -> Option<Arc<Self>> {
        let id = Id::unique("section painter");
        ctx.data(|data| data.get_temp::<Option<Arc<Self>>>(id))
            .flatten()
    }

    /// Why it cannot paint; once.
    pub(crate) fn take_failure(&self) -> Option<String> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn fail(&self, ctx: &egui::Context, words: String) {
        if !self.failed.swap(true, Ordering::Relaxed) {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            *failure = Some(words);
            ctx.request_repaint();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws `scene` into `plot`; while its amplitudes are on their way, what `shown` holds, which is
    /// the scene afterwards.
    pub(super) fn draw(self: &Arc<Self>, ui: &Ui, plot: Rect, scene: Scene, shown: &Shown) {
        let gpu = Arc::clone(self);
        let shown = Arc::clone(&shown.0);
        let ctx = ui.ctx().clone();
        let callback = egui_glow::CallbackFn::new(move |info, painter| {
            let gl = Context::in_callback(painter);
            let left = (plot.left() * info.pixels_per_point).round();
            let top = (plot.top() * info.pixels_per_point).round();
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            let origin = [left as i32, top as i32];
            let target = Target {
                origin,
                screen: info.screen_size_px,
            };
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            match gpu.state().draw(gl, &scene, shown.as_ref(), target) {
                Ok(true) => *shown = Some(scene.clone()),
                Ok(false) => ctx.request_repaint(),
                Err(words) => gpu.fail(&ctx, words),
            }
        });
        let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
        painter.add(egui::PaintCallback {
            rect: plot,
            callback: Arc::new(callback),
        });
    }
}

impl Gpu {
    /// Draws what `shown` holds. Whether it holds something.
    pub(super) fn draw_again(self: &Arc<Self>, ui: &Ui, plot: Rect, shown: &Shown) -> bool {
        let scene = shown
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let is_there = scene.is_some();
        if let Some(scene) = scene {
            self.draw(ui, plot, scene, shown);
        }
        is_there
    }
}

/// The scene that was drawn last.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown(Arc<Mutex<Option<Scene>>>);

impl State {
    fn pictures(&mut self, gl: Context<'_>) -> Result<&mut Pictures, String> {
        match &mut self.pictures {
            Some(pictures) => Ok(pictures),
            empty @ None => Ok(empty.insert(Pictures::new(gl)?)),
        }
    }

    /// Draws the scene, or the one before while it is on its way. Whether it was the scene.
    fn draw(
        &mut self,
        gl: Context<'_>,
        scene: &Scene,
        before: Option<&Scene>,
        target: Target,
    ) -> Result<bool, String> {
        let pictures = self.pictures(gl)?;
        if pictures.upload(gl, &scene.layers)? {
            pictures.draw(gl, &scene.layers, &scene.lookup, target)?;
            return Ok(true);
        }
        if let Some(before) = before
            && pictures.upload(gl, &before.layers)?
        {
            pictures.draw(gl, &before.layers, &before.lookup, target)?;
        }
        Ok(false)
    }
}
