//! The thread that paints sections: the newest request wins.

use std::sync::Arc;
use std::time::Instant;

use crate::app::section::look::{ClipChoice, Look};
use crate::app::workers::Newest;
use crate::browse::Gather;
use crate::view::{SectionWindow, clip_of, paint};

/// What to paint.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) gather: Arc<Gather>,
    pub(crate) window: SectionWindow,
    pub(crate) look: Look,
    /// `None`: taken from the gather.
    pub(crate) dataset_clip: Option<f32>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Request {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.gather, &other.gather)
            && self.window == other.window
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
    pub(crate) clip: f32,
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
}

impl GatherClip {
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

fn painted(request: &Request, clips: &mut GatherClip) -> Painted {
    let start = Instant::now();
    let clip = request
        .dataset_clip
        .unwrap_or_else(|| match request.look.clip {
            ClipChoice::Fixed(clip) => clip,
            ClipChoice::Percentile(percentile) => clips.of(&request.gather, percentile),
        });
    let display = request.look.display(clip);
    let image = paint(
        &request.gather,
        &request.window,
        &display,
        request.width,
        request.height,
    );
    let image = egui::ColorImage::from_rgba_unmultiplied([image.width, image.height], &image.rgba);
    Painted {
        image,
        window: request.window,
        clip,
        millis: start.elapsed().as_secs_f32() * 1000.0,
    }
}
