//! Which header values of the traces on the screen are known?

use std::sync::Arc;

use super::{OpenView, TraceHeaders};
use crate::app::workers::{Newest, Workers};
use crate::browse::TraceSource;

impl OpenView {
    /// The trace whose headers are wanted: under the cursor, or the first one.
    pub(crate) fn chosen_trace(&self) -> Option<u64> {
        let under = self.section.hit.map(|hit| hit.trace);
        let trace = under.or_else(|| (self.asked_headers_in != self.shown).then_some(0))?;
        self.section.trace_index(trace)
    }

    /// A header value of a trace on the screen, as far as it is in memory.
    pub(crate) fn header_value(&self, name: &str, trace: usize) -> Option<i64> {
        let pinned = || {
            let index = self.section.trace_index(trace)?;
            self.reading.pins.value(index, name)
        };
        self.section
            .header_value(name, trace)
            .or_else(pinned)
            .or_else(|| {
                let (known, headers) = self.trace_headers.as_ref()?;
                if Some(*known) != self.section.trace_index(trace) {
                    return None;
                }
                let (_, value) = headers.as_ref().ok()?.iter().find(|(n, _)| n == name)?;
                *value
            })
    }
}

/// Reads all headers of a trace.
pub(super) fn header_thread(
    source: &Arc<dyn TraceSource>,
    workers: &Workers,
) -> Newest<u64, TraceHeaders> {
    let reader = Arc::clone(source);
    Newest::spawn("headers", workers.waker(), move |trace: u64| {
        let headers = reader.read_all_headers(trace);
        (trace, headers.map_err(|e| e.to_string()))
    })
}
