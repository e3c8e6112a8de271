//! A whole line on the screen: what is loaded of it, and what of that is drawn now.
//!
//! From afar tiles are drawn, near by the traces themselves, read with a margin so that panning
//! finds them there. Nothing here waits: what is missing is asked for and drawn when it comes.

use std::ops::Range;
use std::sync::Arc;

use super::labels::Labels;
use super::painter::What;
use super::separators::Separators;
use crate::app::workers::{Newest, Workers};
use crate::browse::{
    Brightness, Gather, LineLoader, LinePart, LineRequest, OverviewTile, TileSet, TraceSource,
};
use crate::dataset::VerticalAxis;
use crate::view::{SectionWindow, overview_zoom};

/// Bytes of tiles, and of traces themselves, before anybody says otherwise.
const FIRST_BYTES: usize = 32 << 20;
/// Traces are drawn themselves while no more than so many share a column of pixels.
const MOST_TRACES_A_PIXEL: f64 = 2.0;
/// The range that is read begins and ends at multiples of this.
const ALIGNED_TRACES: u64 = 64;

/// See the module.
pub(crate) struct Line {
    source: Arc<dyn TraceSource>,
    loader: Option<LineLoader>,
    tiles: TileSet,
    /// A stretch of traces is read up to so many bytes.
    traces_bytes: u64,
    brightness: Arc<Brightness>,
    traces: Option<(Range<u64>, Arc<Gather>)>,
    taken: u64,
    asked: Option<LineRequest>,
    pub(crate) labels: Labels,
    pub(super) separators: Separators,
    /// One trace at full resolution, for the readout.
    cursor: Newest<u64, (u64, Vec<f32>)>,
    cursor_asked: Option<u64>,
    under_cursor: Option<(u64, Vec<f32>)>,
    /// Why something could not be read.
    pub(crate) error: Option<String>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

/// What is drawn, and what one must know about it.
pub(super) struct Scene {
    pub(super) what: What,
    pub(super) brightness: Arc<Brightness>,
    pub(super) badge: Option<String>,
}

impl Line {
    pub(crate) fn new(source: Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let n_traces = source.facts().n_traces;
        let loader = LineLoader::spawn(Arc::clone(&source), workers.waker());
        let error = loader.as_ref().err().map(ToString::to_string);
        let reader = Arc::clone(&source);
        let cursor = Newest::spawn("cursor", workers.waker(), move |trace: u64| {
            let mut samples = Vec::new();
            // What cannot be read has no amplitude; the picture says why.
            drop(reader.read_traces(trace..trace + 1, &mut samples));
            (trace, samples)
        });
        Self {
            labels: Labels::new(Arc::clone(&source), workers),
            separators: Separators::new(Arc::clone(&source), workers),
            source,
            loader: loader.ok(),
            tiles: TileSet::new(n_traces, FIRST_BYTES),
            traces_bytes: FIRST_BYTES as u64,
            brightness: Arc::new(Brightness::even()),
            traces: None,
            taken: 0,
            asked: None,
            cursor,
            cursor_asked: None,
            under_cursor: None,
            error,
        }
    }

    pub(crate) fn n_traces(&self) -> u64 {
        self.source.facts().n_traces
    }

    pub(crate) fn n_samples(&self) -> usize {
        self.source.facts().n_samples as usize
    }

    pub(crate) fn axis(&self) -> &VerticalAxis {
        &self.source.facts().axis
    }

    /// Whether there is a column of this name.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.source.facts().header_names.iter().any(|n| n == name)
    }

    /// All of it.
    pub(crate) fn bounds(&self) -> SectionWindow {
        let n_traces = usize::try_from(self.n_traces()).unwrap_or(usize::MAX);
        SectionWindow::all(n_traces, self.n_samples())
    }

    /// Bytes of tiles and traces.
    pub(crate) fn size_bytes(&self) -> usize {
        let traces = self.traces.as_ref().map_or(0, |(_, g)| g.size_bytes());
        self.tiles.size_bytes() + traces
    }

    /// Takes other limits, for tiles and for one stretch of traces.
    pub(crate) fn set_limits(&mut self, tiles_bytes: usize, traces_bytes: usize) {
        self.tiles.set_capacity(tiles_bytes);
        self.traces_bytes = traces_bytes as u64;
    }

    /// Forgets the tiles that are not needed to draw something at all.
    pub(crate) fn clear(&mut self) {
        self.tiles.clear();
        self.asked = None;
    }

    /// Whether something is being read.
    pub(crate) fn is_busy(&self) -> bool {
        self.loader.as_ref().is_some_and(LineLoader::is_busy)
    }

    /// The traces themselves and the first one's index, where they are there.
    pub(crate) fn traces(&self) -> Option<(u64, &Arc<Gather>)> {
        self.traces.as_ref().map(|(range, g)| (range.start, g))
    }

    /// Takes what arrived. Never waits.
    pub(crate) fn take(&mut self) {
        self.labels.take();
        if let Some(read) = self.cursor.poll() {
            self.under_cursor = Some(read);
        }
        let Some(loader) = &self.loader else {
            return;
        };
        for (number, part) in loader.poll() {
            self.taken = number;
            match part {
                LinePart::Tile(tile) => self.tiles.put(tile),
                LinePart::Traces(range, gather) => self.traces = Some((range, gather)),
                LinePart::Brightness(found) => self.brightness = Arc::new(found),
                LinePart::Failed(error) => self.error = Some(error.to_string()),
            }
        }
    }

    /// The amplitude as stored; `None` until it is read.
    pub(crate) fn amplitude(&mut self, trace: u64, sample: usize) -> Option<f32> {
        if let Some((range, gather)) = &self.traces
            && range.contains(&trace)
        {
            let at = usize::try_from(trace - range.start).ok()?;
            return gather.trace(at).get(sample).copied();
        }
        if self.cursor_asked.replace(trace) != Some(trace) {
            self.cursor.request(trace);
        }
        let (known, samples) = self.under_cursor.as_ref()?;
        (*known == trace)
            .then(|| samples.get(sample).copied())
            .flatten()
    }

    /// What to draw of `window` with so many pixels; asks for what is missing.
    pub(super) fn scene(
        &mut self,
        window: &SectionWindow,
        size: (usize, usize),
        header_names: &[String],
    ) -> Scene {
        self.take();
        let visible = traces_of(window, self.n_traces());
        let near = self.is_near(&visible, window, size.0);
        let loaded = self
            .traces
            .as_ref()
            .filter(|(range, _)| near && range.start <= visible.start && visible.end <= range.end)
            .map(|(range, gather)| (range.clone(), Arc::clone(gather)));
        let zoom = overview_zoom(window, size.0, self.n_traces());
        self.ask(
            &visible,
            near,
            zoom,
            window.n_samples / size.1.max(1) as f64,
            header_names,
        );
        let brightness = Arc::clone(&self.brightness);
        if let Some((range, gather)) = loaded {
            return Scene {
                what: What::Gather {
                    gather,
                    first_trace: range.start as f64,
                },
                brightness,
                badge: None,
            };
        }
        let tiles = self.tiles.to_draw(&visible, zoom);
        let badge = badge_of(&tiles, near, zoom);
        Scene {
            what: What::Tiles {
                tiles,
                n_samples: self.n_samples(),
            },
            brightness,
            badge,
        }
    }

    /// The whole line in small.
    pub(super) fn whole(&mut self) -> Scene {
        let all = 0..self.n_traces();
        let tiles = self.tiles.to_draw(&all, u8::MAX);
        Scene {
            what: What::Tiles {
                tiles,
                n_samples: self.n_samples(),
            },
            brightness: Arc::clone(&self.brightness),
            badge: None,
        }
    }

    fn is_near(&self, visible: &Range<u64>, window: &SectionWindow, width: usize) -> bool {
        let bytes = (visible.end - visible.start).saturating_mul(self.n_samples() as u64 * 4);
        window.n_traces <= width as f64 * MOST_TRACES_A_PIXEL && bytes <= self.traces_bytes
    }

    fn ask(
        &mut self,
        visible: &Range<u64>,
        near: bool,
        zoom: u8,
        samples_a_pixel: f64,
        header_names: &[String],
    ) {
        let traces = near.then(|| self.range_to_read(visible));
        let have = self.traces.as_ref();
        let read_again = have.is_none_or(|(range, gather)| {
            Some(range) != traces.as_ref()
                || header_names
                    .iter()
                    .any(|name| gather.headers.iter().all(|row| row.name != *name))
        });
        let mut tiles = if near {
            // The traces themselves are on their way: under them only the coarsest tiles.
            self.tiles.wanted(&(0..0), u8::MAX)
        } else {
            self.tiles.wanted(visible, zoom)
        };
        if near {
            tiles.retain(|wanted| wanted.have.is_none());
        }
        let request = LineRequest {
            tiles,
            samples_a_pixel,
            traces: traces.filter(|_| read_again),
            header_names: header_names.to_vec(),
            taken: self.taken,
        };
        if self.asked.as_ref() != Some(&request)
            && let Some(loader) = &self.loader
        {
            loader.request(request.clone());
            self.asked = Some(request);
        }
    }

    /// The visible traces with a margin; the range that is there already, while it does.
    fn range_to_read(&self, visible: &Range<u64>) -> Range<u64> {
        let n = visible.end - visible.start;
        let last = self.n_traces();
        if let Some((range, _)) = &self.traces {
            let left = range.start == 0 || visible.start.saturating_sub(range.start) >= n / 4;
            let right = range.end == last || range.end.saturating_sub(visible.end) >= n / 4;
            let inside = range.start <= visible.start && visible.end <= range.end;
            let small = range.end - range.start <= 8 * n.max(ALIGNED_TRACES);
            if left && right && inside && small {
                return range.clone();
            }
        }
        // As much before and behind as there is room for.
        let room = self.traces_bytes / (self.n_samples() as u64 * 4).max(1);
        let margin = n.max(ALIGNED_TRACES).min(room.saturating_sub(n) / 2);
        let start = visible.start.saturating_sub(margin) / ALIGNED_TRACES * ALIGNED_TRACES;
        let end = (visible.end + margin).next_multiple_of(ALIGNED_TRACES);
        start..end.min(last)
    }
}

/// The traces that a window shows, whole or in part.
pub(super) fn traces_of(window: &SectionWindow, n_traces: u64) -> Range<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "kept between 0 and n_traces"
    )]
    let at = |edge: f64| edge.clamp(0.0, n_traces as f64) as u64;
    let start = at(window.first_trace.floor());
    start..at((window.first_trace + window.n_traces).ceil()).max(start)
}

/// "Overview 1:16", and what one must know about it.
fn badge_of(tiles: &[Arc<OverviewTile>], near: bool, zoom: u8) -> Option<String> {
    // Tiles come coarse first: the last is the finest.
    let finest = tiles.last()?;
    let coarsest = tiles.first()?;
    let one_in = tiles.iter().map(|t| t.coarseness.one_in).max().unwrap_or(1);
    let mut text = format!(
        "Overview 1:{}",
        crate::app::numbers::count(coarsest.key.traces_a_column())
    );
    if one_in > 1 {
        let of = crate::app::numbers::count(one_in);
        text = format!("{text} · one trace in {of} was read: import the file to see all");
    }
    if near || coarsest.key.zoom > zoom.max(finest.key.zoom) || finest.key.zoom > zoom {
        text.push_str(" · finer on its way");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_the_traces_that_it_touches() {
        let window = SectionWindow {
            first_trace: 9.5,
            n_traces: 3.0,
            first_sample: 0.0,
            n_samples: 10.0,
            from_right: false,
        };
        assert_eq!(traces_of(&window, 100), 9..13);
        assert_eq!(traces_of(&window, 11), 9..11);
        assert_eq!(traces_of(&window, 5), 5..5);
    }
}
