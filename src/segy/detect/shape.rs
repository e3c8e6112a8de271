//! Are the traces of a place all alike and side by side, of varying size, or damaged?
//!
//! ```text
//! headers in place, size fits             ─► uniform
//! a header displaced, or the size does not fit, and counts of trace headers lead on ─► varying
//! a header displaced, and headers of the same stride go on elsewhere                ─► gaps
//! otherwise                               ─► uniform with a doubt, or refused
//! ```

use std::sync::Arc;

use super::coding::Coding;
use super::damage;
use super::evidence::{Grid, Headers, Witness};
use super::extensions;
use super::judging::{Judged, traces_before_trailer};
use super::places::{Announced, Place};
use super::resync::Samples;
use super::varying;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::geometry::TraceIndex;
use crate::segy::measure::{ExtensionRule, LengthRule, Measure, Sizes, TraceSize};
use crate::segy::source::Source;
use crate::segy::text::{TEXTUAL_HEADER_BYTES, looks_like_text};
use crate::segy::{Gap, LayoutWarning, Revision, SegyError, TraceGeometry};

/// What the traces of a place look like.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) geometry: TraceGeometry,
    pub(super) n_traces: u64,
    /// Behind the last trace.
    pub(super) end: u64,
    /// Of the longest trace.
    pub(super) n_samples: u32,
    /// Additional headers; of the trace that has the most.
    pub(super) n_additional: u32,
    pub(super) warnings: Vec<LayoutWarning>,
}

/// All that is known of a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) source: &'a Source,
    pub(super) coding: &'a Coding,
    pub(super) revision: Revision,
    pub(super) announced: &'a Announced,
    /// Whether the user wants each trace to be as long as it says.
    pub(super) lengths_demanded: bool,
}

/// All traces alike, as judged.
pub(super) fn uniform(judged: &Judged) -> Shape {
    Shape {
        geometry: TraceGeometry::Uniform,
        n_traces: judged.n_traces,
        end: judged.grid.position_of(judged.n_traces),
        n_samples: judged.place.n_samples,
        n_additional: judged.place.n_additional,
        warnings: Vec::new(),
    }
}

impl Surroundings<'_> {
    fn samples(&self) -> Samples {
        Samples {
            format: self.coding.format.value,
            order: self.coding.byte_order.value,
        }
    }

    fn measures(&self, place: &Place) -> Vec<Measure> {
        let Self {
            coding,
            announced,
            lengths_demanded,
            ..
        } = *self;
        varying::measures(place, coding, self.revision, announced, lengths_demanded)
    }

    /// Whether the first traces of a place follow each other as their extensions' own counts say, and
    /// the first of them says one: zeros prove nothing.
    pub(super) fn begins_by_extension_counts(&self, place: &Place) -> Result<bool, SegyError> {
        if place.data_start + TRACE_HEADER_BYTES as u64 > self.source.size_bytes() {
            return Ok(false);
        }
        let witness = Witness::new(self.source, place.data_start)?;
        let is_asked =
            |measure: &Measure| matches!(measure.extensions, ExtensionRule::InExtension { .. });
        let measures = self.measures(place).into_iter().filter(is_asked);
        let own =
            extensions::count_of_first(self.source, self.coding, self.announced, place.data_start)?;
        if own.is_none() {
            return Ok(false);
        }
        any(measures, |measure| {
            varying::begins(self.source, &witness, &measure, place.data_start)
        })
    }

    /// Traces of varying size, where there is evidence for them behind `displaced`, the first
    /// displaced header of the grid, or at the grid's end.
    pub(super) fn varying_by_evidence(
        &self,
        judged: &Judged,
        displaced: Option<u64>,
    ) -> Result<Option<Shape>, SegyError> {
        let (place, grid) = (&judged.place, &judged.grid);
        let witness = Witness::new(self.source, place.data_start)?;
        let measures = self.measures(place);
        let leads_on = |trace_index: u64| {
            let position = grid.position_of(trace_index);
            any(measures.iter(), |measure| {
                varying::own_length_leads_on(self.source, &witness, grid, measure, position)
            })
        };
        let fills = |trace_index| {
            any(measures.iter(), |measure| {
                self.fills_the_file(&witness, grid, measure, trace_index)
            })
        };
        let suspicious = match displaced {
            Some(displaced) => leads_on(displaced - 1)?,
            // A shorter or longer last trace, which fills the file.
            None => {
                !judged.size_fits
                    && judged.headers != Headers::Disagree
                    && (fills(judged.n_traces)? || fills(judged.n_traces - 1)?)
            }
        };
        if suspicious || judged.headers == Headers::Disagree {
            self.varying(place)
        } else {
            Ok(None)
        }
    }

    /// Whether the trace of the grid begins with a header, whose count leads to the file's end.
    fn fills_the_file(
        &self,
        witness: &Witness<'_>,
        grid: &Grid,
        measure: &Measure,
        trace_index: u64,
    ) -> Result<bool, SegyError> {
        let position = grid.position_of(trace_index);
        let needed = measure.needed_bytes() as u64;
        if position + needed > self.source.size_bytes()
            || trace_index > 0 && witness.resembles_first(position)? != Some(true)
        {
            return Ok(false);
        }
        let headers = self.source.read(position..position + needed)?;
        let size = measure.size(&headers);
        let end = position + measure.bytes(size);
        Ok(size.n_samples > 0 && end == self.source.size_bytes())
    }

    /// Traces of varying size, where the counts of the first traces lead on, and then to the end.
    pub(super) fn varying(&self, place: &Place) -> Result<Option<Shape>, SegyError> {
        if place.data_start + TRACE_HEADER_BYTES as u64 > self.source.size_bytes() {
            return Ok(None);
        }
        let witness = Witness::new(self.source, place.data_start)?;
        let mut measures = Vec::new();
        for measure in self.measures(place) {
            if varying::begins(self.source, &witness, &measure, place.data_start)? {
                measures.push(measure);
            }
        }
        let followed = varying::follow(self.source, place, &measures, self.samples(), |end| {
            self.is_trailer(end)
        })?;
        let Some((chain, measure)) = followed else {
            return Ok(None);
        };
        let mut warnings = Vec::new();
        let Sizes { least, most } = chain.sizes;
        if least.n_samples != most.n_samples {
            warnings.push(LayoutWarning::TraceLengthsVary {
                shortest: least.n_samples,
                longest: most.n_samples,
                n_traces: chain.n_traces,
            });
        }
        if least.n_additional != most.n_additional {
            warnings.push(LayoutWarning::HeaderExtensionsVary {
                fewest: least.n_additional,
                most: most.n_additional,
                n_traces: chain.n_traces,
            });
        }
        warnings.extend(quarantined(&chain.gaps));
        Ok(Some(Shape {
            n_traces: chain.n_traces,
            end: chain.end,
            n_samples: most.n_samples,
            n_additional: most.n_additional,
            geometry: TraceGeometry::Indexed(Arc::new(TraceIndex {
                measure,
                checkpoints: chain.checkpoints,
                data_start: place.data_start,
                n_traces: chain.n_traces,
                end: chain.end,
                gaps: chain.gaps,
                sizes: chain.sizes,
            })),
            warnings,
        }))
    }

    /// Equally long traces with damage between them, where they go on behind it.
    pub(super) fn damaged(&self, judged: &Judged) -> Result<Option<Shape>, SegyError> {
        let place = &judged.place;
        let witness = Witness::new(self.source, place.data_start)?;
        let measure = Measure {
            rule: LengthRule::Fixed {
                n_samples: place.n_samples,
            },
            extensions: ExtensionRule::Fixed {
                n_additional: place.n_additional,
            },
            sample_bytes: self.coding.format.value.size_bytes() as u64,
        };
        // The number of traces is that of the undamaged file.
        let announced = Announced {
            traces: 0,
            ..self.announced.clone()
        };
        let whole = |grid: &Grid| traces_before_trailer(self.source, &witness, grid, &announced);
        let (source, samples) = (self.source, self.samples());
        let mend = |until: u64| {
            let is_all = until == source.size_bytes();
            damage::mend(
                source,
                &witness,
                &judged.grid,
                measure,
                samples,
                until,
                |grid| {
                    if is_all {
                        whole(grid)
                    } else {
                        Ok(grid.n_traces)
                    }
                },
            )
        };
        let mut mended = mend(source.size_bytes())?;
        if let Some(trailer_start) = self.trailer_announced(place.data_start) {
            let in_front = mend(trailer_start)?;
            let is_followed = in_front.end + 2 * judged.grid.stride_bytes > trailer_start
                && witness.resembles_first(trailer_start)? != Some(true);
            if is_followed && in_front.gaps.is_empty() {
                let judged = Judged {
                    n_traces: in_front.n_traces,
                    ..judged.clone()
                };
                return Ok(Some(uniform(&judged)));
            }
            if is_followed {
                mended = in_front;
            }
        }
        let lost_bytes: u64 = mended.gaps.iter().map(|gap| gap.n_bytes).sum();
        let is_rubble = lost_bytes > (mended.end - place.data_start) / 2;
        let hopeless = is_rubble || mended.lost_from.is_some() && judged.rank() == 5;
        if mended.gaps.is_empty() || hopeless || mended.n_traces == 0 {
            return Ok(None);
        }
        let mut warnings: Vec<LayoutWarning> = quarantined(&mended.gaps).into_iter().collect();
        warnings.extend(
            mended
                .lost_from
                .map(|first_trace_index| LayoutWarning::TraceHeadersMisplaced {
                    first_trace_index,
                }),
        );
        Ok(Some(Shape {
            n_traces: mended.n_traces,
            end: mended.end,
            n_samples: place.n_samples,
            n_additional: place.n_additional,
            geometry: TraceGeometry::Indexed(Arc::new(TraceIndex {
                measure,
                checkpoints: Arc::default(),
                data_start: place.data_start,
                n_traces: mended.n_traces,
                end: mended.end,
                gaps: mended.gaps,
                sizes: Sizes::all(TraceSize {
                    n_samples: place.n_samples,
                    n_additional: place.n_additional,
                }),
            })),
            warnings,
        }))
    }

    /// Where the announced trailer begins, if it is the end of the file.
    fn trailer_announced(&self, data_start: u64) -> Option<u64> {
        let n_stanzas = u64::try_from(self.announced.trailer_stanzas).ok()?;
        let n_bytes = n_stanzas.checked_mul(TEXTUAL_HEADER_BYTES as u64)?;
        let start = self.source.size_bytes().checked_sub(n_bytes)?;
        (n_bytes > 0 && start > data_start).then_some(start)
    }

    /// Whether what begins here may follow the traces: an announced trailer, or blocks of text.
    fn is_trailer(&self, position: u64) -> Result<bool, SegyError> {
        let block_bytes = TEXTUAL_HEADER_BYTES as u64;
        let left_bytes = self.source.size_bytes() - position;
        let announced = u64::try_from(self.announced.trailer_stanzas).unwrap_or(0);
        if announced > 0 && announced.saturating_mul(block_bytes) == left_bytes {
            return Ok(true);
        }
        if left_bytes == 0 || !left_bytes.is_multiple_of(block_bytes) {
            return Ok(false);
        }
        let block = self.source.read(position..position + block_bytes)?;
        Ok(looks_like_text(&block))
    }
}

/// Whether the test holds for any of them.
fn any<T>(
    items: impl IntoIterator<Item = T>,
    test: impl Fn(T) -> Result<bool, SegyError>,
) -> Result<bool, SegyError> {
    for item in items {
        if test(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn quarantined(gaps: &[Gap]) -> Option<LayoutWarning> {
    let first = gaps.first()?;
    Some(LayoutWarning::DamageQuarantined {
        n_gaps: gaps.len() as u64,
        n_bytes: gaps.iter().map(|gap| gap.n_bytes).sum(),
        first_position: first.position,
        first_before_trace: first.before_trace,
    })
}
