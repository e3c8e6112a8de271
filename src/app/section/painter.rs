//! The thread that paints sections: the newest request wins. Where a graphics card paints, the
//! thread only prepares: gain and clip of a gather are not work for a frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
    /// Whether the processor paints the picture.
    pub(crate) paint: bool,
}

/// What is painted, once its gain is applied and its clip known.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) what: What,
    /// As of samples: of what a pixel shows of many it grows.
    pub(crate) clip: f32,
}

/// What a painter has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaintCounts {
    /// Pictures that were asked for.
    pub(crate) asked: u64,
    /// Of those, painted or prepared; all others were overtaken by a newer one.
    pub(crate) painted: u64,
    /// Of those, shown.
    pub(crate) shown: u64,
}

impl Request {
    /// What needs no thread to be prepared.
    pub(crate) fn prepared_at_once(&self) -> Option<Prepared> {
        let has_gain = self.look.gain != Gain::None && matches!(self.what, What::Gather { .. });
        let clip = self.dataset_clip.filter(|_| !has_gain)?;
        Some(Prepared {
            what: self.what.clone(),
            clip,
        })
    }

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
            && self.paint == other.paint
    }
}

/// A finished picture.
#[derive(Debug)]
pub(crate) struct Painted {
    /// `None`: only prepared.
    pub(crate) image: Option<egui::ColorImage>,
    pub(crate) prepared: Prepared,
    /// Of the request.
    pub(crate) number: u64,
    pub(crate) window: SectionWindow,
    /// At the ends of the colours of this picture.
    pub(crate) clip: ClipRange,
    pub(crate) millis: f32,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Painter {
    thread: Newest<(u64, Request), Painted>,
    asked: Option<Request>,
    /// What is on the screen, by whomever it is painted.
    last: Option<Request>,
    n_asked: u64,
    n_painted: Arc<AtomicU64>,
}

impl Painter {
    pub(crate) fn spawn(wake: impl Fn() + Send + 'static) -> Self {
        let mut clips = GatherClip::default();
        let n_painted: Arc<AtomicU64> = Arc::default();
        let counted = Arc::clone(&n_painted);
        let thread = Newest::spawn("painter", wake, move |(number, request)| {
            let painted = painted(&request, number, &mut clips);
            counted.fetch_add(1, Ordering::Relaxed);
            painted
        });
        Self {
            thread,
            asked: None,
            last: None,
            n_asked: 0,
            n_painted,
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
        self.n_asked += 1;
        self.thread.request((self.n_asked, request.clone()));
        self.asked = Some(request);
    }

    /// Says what is on the screen.
    pub(crate) fn remember(&mut self, request: &Request) {
        self.last = Some(request.clone());
    }

    /// What is on the screen.
    pub(crate) fn last_request(&self) -> Option<&Request> {
        self.last.as_ref()
    }

    /// The newest picture, if one arrived.
    pub(crate) fn poll(&self) -> Option<Painted> {
        self.thread.poll()
    }

    /// The number of the picture asked for last.
    pub(crate) fn newest(&self) -> u64 {
        self.n_asked
    }

    /// Asked for and painted.
    pub(crate) fn counts(&self) -> PaintCounts {
        PaintCounts {
            asked: self.n_asked,
            painted: self.n_painted.load(Ordering::Relaxed),
            shown: 0,
        }
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
    /// Lets go of what belongs to another gather, or to a gain that is not asked for any more: it may
    /// be as large as the gather itself.
    fn keep_only(&mut self, now: Option<&Arc<Gather>>, gain: Gain) {
        let is_now = |gather: &Arc<Gather>| now.is_some_and(|now| Arc::ptr_eq(now, gather));
        self.gained
            .take_if(|(from, by, _)| !is_now(from) || *by != gain);
        let made = self.gained.as_ref().map(|(_, _, made)| Arc::clone(made));
        let is_made = |gather: &Arc<Gather>| made.as_ref().is_some_and(|m| Arc::ptr_eq(m, gather));
        self.gather
            .take_if(|gather| !is_now(gather) && !is_made(gather));
    }

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

fn prepared(request: &Request, clips: &mut GatherClip) -> Prepared {
    let by_hand = match request.look.clip {
        ClipChoice::Fixed(clip) => Some(clip),
        ClipChoice::Range(low, high) => Some(low.abs().max(high.abs())),
        ClipChoice::Percentile(_) => None,
    };
    let known = request.dataset_clip.or(by_hand);
    let percentile = match request.look.clip {
        ClipChoice::Percentile(percentile) => percentile,
        ClipChoice::Fixed(_) | ClipChoice::Range(..) => 100.0,
    };
    let now = match &request.what {
        What::Gather { gather, .. } => Some(gather),
        What::Tiles { .. } => None,
    };
    clips.keep_only(now, request.look.gain);
    match &request.what {
        What::Gather {
            gather,
            first_trace,
        } => {
            let gather = clips.gained(gather, request.look.gain);
            let clip = known.unwrap_or_else(|| {
                if request.look.scope == Scope::Window {
                    let placement = request.placement.as_deref();
                    let seen = visible_samples(&gather, &request.window, placement, *first_trace);
                    clip_of(&seen, percentile)
                } else {
                    clips.of(&gather, percentile)
                }
            });
            let what = What::Gather {
                gather,
                first_trace: *first_trace,
            };
            Prepared { what, clip }
        }
        What::Tiles { tiles, .. } => {
            let clip = known.unwrap_or_else(|| {
                let first = tiles.first();
                first.map_or(1.0, |tile| {
                    clip_of(&tile.values, percentile) / growth(request, tile)
                })
            });
            let what = request.what.clone();
            Prepared { what, clip }
        }
    }
}

/// The picture of a request and its clip, for one that is saved. Never in frame code.
pub(crate) fn paint_request(request: &Request) -> (Image, ClipRange) {
    let prepared = prepared(request, &mut GatherClip::default());
    paint_prepared(request, &prepared)
}

fn painted(request: &Request, number: u64, clips: &mut GatherClip) -> Painted {
    let start = Instant::now();
    let prepared = prepared(request, clips);
    let (image, clip) = if request.paint {
        let (image, clip) = paint_prepared(request, &prepared);
        let size = [image.width, image.height];
        (Some(colour_image(size, &image)), clip)
    } else {
        (None, request.look.range_of(prepared.clip))
    };
    Painted {
        image,
        prepared,
        number,
        window: request.window,
        clip,
        millis: start.elapsed().as_secs_f32() * 1000.0,
    }
}

/// Every pixel is opaque: its bytes are taken as they are.
fn colour_image(size: [usize; 2], image: &Image) -> egui::ColorImage {
    let opaque = |[r, g, b, _]: &[u8; 4]| egui::Color32::from_rgb(*r, *g, *b);
    let pixels = image.rgba.as_chunks::<4>().0.iter().map(opaque).collect();
    egui::ColorImage::new(size, pixels)
}

fn paint_prepared(request: &Request, prepared: &Prepared) -> (Image, ClipRange) {
    let (width, height) = (request.width, request.height);
    let clip = request.clip_shown(prepared);
    match &prepared.what {
        What::Gather {
            gather,
            first_trace,
        } => {
            let placement = request.placement.as_deref();
            let window = request.window.moved_by(-first_trace);
            let display = request.look.display(clip);
            let image = paint_placed(gather, placement, &window, &display, width, height);
            (image, clip)
        }
        What::Tiles { tiles, n_samples } => {
            let mut display = request.look.display(request.look.range_of(prepared.clip));
            // Curves of thousands of traces are a grey mass: from afar there is only colour.
            display.mode = DisplayMode::Density;
            let gain = |tile: &OverviewTile| request.gain_of_tile(prepared, tile);
            let window = &request.window;
            let image = paint_overview(tiles, &gain, window, *n_samples, &display, width, height);
            (image, clip)
        }
    }
}

impl Request {
    /// At the ends of the colours: extremes of many samples are as bright as the samples; only
    /// numbers that swing about 0 grow with the zoom.
    pub(crate) fn clip_shown(&self, prepared: &Prepared) -> ClipRange {
        let clip = self.look.range_of(prepared.clip);
        let gain = match &prepared.what {
            What::Gather { .. } => {
                let (traces, samples) = pixel_of(self);
                self.brightness
                    .as_ref()
                    .map_or(1.0, |b| b.gain(traces * samples))
            }
            What::Tiles { tiles, .. } => tiles.last().map_or(1.0, |tile| growth(self, tile)),
        };
        if clip.is_symmetric() {
            clip.scaled(gain)
        } else {
            clip
        }
    }

    /// What the clip is multiplied by for a tile.
    pub(crate) fn gain_of_tile(&self, prepared: &Prepared, tile: &OverviewTile) -> f32 {
        if self.look.range_of(prepared.clip).is_symmetric() {
            growth(self, tile)
        } else {
            1.0
        }
    }
}

/// Traces and samples of a pixel; at least one.
fn pixel_of(request: &Request) -> (f64, f64) {
    (
        (request.window.n_traces / request.width.max(1) as f64).max(1.0),
        (request.window.n_samples / request.height.max(1) as f64).max(1.0),
    )
}

/// By how much the extremes that a tile's cells hold are larger than samples.
fn growth(request: &Request, tile: &OverviewTile) -> f32 {
    let (traces, samples) = pixel_of(request);
    let a_column = traces.max(tile.key.traces_a_column() as f64);
    let looked_at = a_column / tile.coarseness.one_in.max(1) as f64;
    let down = samples.max(tile.coarseness.samples_a_cell as f64);
    request
        .brightness
        .as_ref()
        .map_or(1.0, |b| b.gain(looked_at.max(1.0) * down))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    #[test]
    fn a_painter_keeps_no_gather_but_the_one_that_it_painted_last() {
        let gather = |traces| Arc::new(load_range(&FakeSource::new(40, 50), traces, &[]).unwrap());
        let (a, b) = (gather(0..20), gather(20..40));
        let mut clips = GatherClip::default();
        let agc = Gain::Agc(100.0);
        let mut show = |gather: &Arc<Gather>, gain: Gain| {
            clips.keep_only(Some(gather), gain);
            let shown = clips.gained(gather, gain);
            clips.of(&shown, 99.0);
            clips.gained.is_some()
        };
        assert!(
            show(&a, agc) && Arc::strong_count(&a) == 2,
            "with its gained copy"
        );
        assert!(show(&b, agc));
        assert_eq!((Arc::strong_count(&a), Arc::strong_count(&b)), (1, 2));
        assert!(!show(&b, Gain::None), "the copy is gone");
        clips.keep_only(None, Gain::None);
        assert_eq!(Arc::strong_count(&b), 1, "a line is shown");
    }
}
