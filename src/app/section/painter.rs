//! The thread that paints sections: the newest request wins.

use std::sync::Arc;
use std::time::Instant;

use crate::app::section::look::{ClipChoice, Look, Scope};
use crate::app::workers::Newest;
use crate::browse::{Brightness, Gather, OverviewTile};
use crate::view::{
    ClipRange, DisplayMode, Gain, Image, Placement, SectionWindow, clip_of, gained, paint_overview,
    paint_placed,
};

/// What there is to paint.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Traces, the first of them standing at `first_trace` of the window's count.
    Gather {
        gather: Arc<Gather>,
        first_trace: f64,
    },
    /// A line from afar, the coarsest tiles first.
    Tiles {
        tiles: Vec<Arc<OverviewTile>>,
        n_samples: usize,
    },
}

impl What {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Gather {
                    gather: a,
                    first_trace: first_a,
                },
                Self::Gather {
                    gather: b,
                    first_trace: first_b,
                },
            ) => Arc::ptr_eq(a, b) && (first_a - first_b).abs() < 1e-9,
            (Self::Tiles { tiles: a, .. }, Self::Tiles { tiles: b, .. }) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
            }
            (Self::Gather { .. }, Self::Tiles { .. })
            | (Self::Tiles { .. }, Self::Gather { .. }) => false,
        }
    }
}

/// What to paint.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) what: What,
    /// How much extremes grow with the zoom; `None`: as they are.
    pub(crate) brightness: Option<Arc<Brightness>>,
    pub(crate) window: SectionWindow,
    pub(crate) look: Look,
    /// Where the traces of a gather stand; `None`: evenly.
    pub(crate) placement: Option<Arc<Placement>>,
    /// `None`: taken from what is painted.
    pub(crate) dataset_clip: Option<f32>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Request {
    fn same(&self, other: &Self) -> bool {
        let same_brightness = match (&self.brightness, &other.brightness) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_brightness
            && self.what.same(&other.what)
            && self.window == other.window
            && match (&self.placement, &other.placement) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
            && self.look == other.look
            && self.dataset_clip == other.dataset_clip
            && self.width == other.width
            && self.height == other.height
    }
}

/// A finished picture.
#[derive(Debug)]
pub(crate) struct Painted {
    pub(crate) image: egui::ColorImage,
    pub(crate) window: SectionWindow,
    /// At the ends of the colours of this picture.
    pub(crate) clip: ClipRange,
    pub(crate) millis: f32,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Painter {
    thread: Newest<Request, Painted>,
    asked: Option<Request>,
}

impl Painter {
    pub(crate) fn spawn(wake: impl Fn() + Send + 'static) -> Self {
        let mut clips = GatherClip::default();
        let thread = Newest::spawn("painter", wake, move |request| {
            painted(&request, &mut clips)
        });
        Self {
            thread,
            asked: None,
        }
    }

    /// Asks for a picture unless it is the one asked for last.
    pub(crate) fn ask(&mut self, request: Request) {
        if self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.same(&request))
        {
            return;
        }
        self.thread.request(request.clone());
        self.asked = Some(request);
    }

    /// What was asked for last.
    pub(crate) fn last_request(&self) -> Option<&Request> {
        self.asked.as_ref()
    }

    /// The newest picture, if one arrived.
    pub(crate) fn poll(&self) -> Option<Painted> {
        self.thread.poll()
    }
}

/// The clip of the gather painted last: percentiles are not sought again while one zooms.
#[derive(Debug, Default)]
struct GatherClip {
    gather: Option<Arc<Gather>>,
    percentile: f32,
    clip: f32,
    /// As it came, with which gain, and with it applied.
    gained: Option<(Arc<Gather>, Gain, Arc<Gather>)>,
}

impl GatherClip {
    /// The gather with a gain; the last one is kept, so that zooming applies it once.
    fn gained(&mut self, gather: &Arc<Gather>, gain: Gain) -> Arc<Gather> {
        if gain == Gain::None {
            return Arc::clone(gather);
        }
        if let Some((from, by, made)) = &self.gained
            && Arc::ptr_eq(from, gather)
            && *by == gain
        {
            return Arc::clone(made);
        }
        let made = Arc::new(gained(gather, gain));
        self.gained = Some((Arc::clone(gather), gain, Arc::clone(&made)));
        made
    }

    fn of(&mut self, gather: &Arc<Gather>, percentile: f32) -> f32 {
        let known = self.gather.as_ref().is_some_and(|g| Arc::ptr_eq(g, gather))
            && (self.percentile - percentile).abs() < 1e-6;
        if !known {
            self.clip = clip_of(&gather.samples, percentile);
            self.gather = Some(Arc::clone(gather));
            self.percentile = percentile;
        }
        self.clip
    }
}

/// The samples in the window.
pub(crate) fn visible_samples(
    gather: &Gather,
    window: &SectionWindow,
    placement: Option<&Placement>,
    first_trace: f64,
) -> Vec<f32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positions in a gather; negative ones become 0"
    )]
    let index = |position: f64| position.max(0.0) as usize;
    let first = index((window.first_trace - first_trace).floor());
    let end = index((window.first_trace - first_trace + window.n_traces).ceil());
    let top = index(window.first_sample.floor());
    let bottom = index((window.first_sample + window.n_samples).ceil()).min(gather.n_samples);
    let is_visible = |trace: &usize| match placement {
        Some(placement) => placement.centre(*trace).is_some_and(|centre| {
            (window.first_trace..window.first_trace + window.n_traces).contains(&centre)
        }),
        None => (first..end).contains(trace),
    };
    (0..gather.n_traces())
        .filter(is_visible)
        .flat_map(|trace| gather.trace(trace).get(top..bottom).unwrap_or_default())
        .copied()
        .collect()
}

/// The picture of a request and its clip, for one that is saved. Never in frame code.
pub(crate) fn paint_request(request: &Request) -> (Image, ClipRange) {
    picture_of(request, &mut GatherClip::default())
}

fn picture_of(request: &Request, clips: &mut GatherClip) -> (Image, ClipRange) {
    match &request.what {
        What::Gather {
            gather,
            first_trace,
        } => {
            let gather = &clips.gained(gather, request.look.gain);
            let clip = request
                .dataset_clip
                .unwrap_or_else(|| match request.look.clip {
                    ClipChoice::Fixed(clip) => clip,
                    ClipChoice::Range(low, high) => low.abs().max(high.abs()),
                    ClipChoice::Percentile(percentile) if request.look.scope == Scope::Window => {
                        let placement = request.placement.as_deref();
                        let seen =
                            visible_samples(gather, &request.window, placement, *first_trace);
                        clip_of(&seen, percentile)
                    }
                    ClipChoice::Percentile(percentile) => clips.of(gather, percentile),
                });
            let clip = brightened(request.look.range_of(clip), gain_of_pixels(request));
            let window = SectionWindow {
                first_trace: request.window.first_trace - first_trace,
                ..request.window
            };
            let display = request.look.display(clip);
            let image = paint_placed(
                gather,
                request.placement.as_deref(),
                &window,
                &display,
                request.width,
                request.height,
            );
            (image, clip)
        }
        What::Tiles { tiles, n_samples } => paint_tiles(request, tiles, *n_samples),
    }
}

fn painted(request: &Request, clips: &mut GatherClip) -> Painted {
    let start = Instant::now();
    let (image, clip) = picture_of(request, clips);
    let image = egui::ColorImage::from_rgba_unmultiplied([image.width, image.height], &image.rgba);
    Painted {
        image,
        window: request.window,
        clip,
        millis: start.elapsed().as_secs_f32() * 1000.0,
    }
}

/// Traces and samples of a pixel; at least one.
fn pixel_of(request: &Request) -> (f64, f64) {
    (
        (request.window.n_traces / request.width.max(1) as f64).max(1.0),
        (request.window.n_samples / request.height.max(1) as f64).max(1.0),
    )
}

fn gain_of_pixels(request: &Request) -> f32 {
    let (traces, samples) = pixel_of(request);
    request
        .brightness
        .as_ref()
        .map_or(1.0, |b| b.gain(traces * samples))
}

/// The clip at which extremes of many samples are as bright as the samples; only numbers that swing
/// about 0 grow with the zoom.
fn brightened(clip: ClipRange, gain: f32) -> ClipRange {
    if clip.is_symmetric() {
        clip.scaled(gain)
    } else {
        clip
    }
}

fn paint_tiles(
    request: &Request,
    tiles: &[Arc<OverviewTile>],
    n_samples: usize,
) -> (Image, ClipRange) {
    let (traces, samples) = pixel_of(request);
    let gain = |tile: &OverviewTile| {
        let looked_at =
            traces.max(tile.key.traces_a_column() as f64) / tile.coarseness.one_in.max(1) as f64;
        let down = samples.max(tile.coarseness.samples_a_cell as f64);
        request
            .brightness
            .as_ref()
            .map_or(1.0, |b| b.gain(looked_at.max(1.0) * down))
    };
    let clip = request.dataset_clip.unwrap_or_else(|| {
        let percentile = match request.look.clip {
            ClipChoice::Fixed(clip) => return clip,
            ClipChoice::Range(low, high) => return low.abs().max(high.abs()),
            ClipChoice::Percentile(percentile) => percentile,
        };
        let first = tiles.first();
        first.map_or(1.0, |tile| clip_of(&tile.values, percentile) / gain(tile))
    });
    let clip = request.look.range_of(clip);
    let even = clip.is_symmetric();
    let gain = |tile: &OverviewTile| if even { gain(tile) } else { 1.0 };
    let mut display = request.look.display(clip);
    // Curves of thousands of traces are a grey mass: from afar there is only colour.
    display.mode = DisplayMode::Density;
    let image = paint_overview(
        tiles,
        &gain,
        &request.window,
        n_samples,
        &display,
        request.width,
        request.height,
    );
    let gain = tiles.last().map_or(1.0, |tile| gain(tile));
    (image, brightened(clip, gain))
}
