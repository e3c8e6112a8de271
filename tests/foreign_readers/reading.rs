//! What one program read of one file, and how two readings are compared.

use std::collections::BTreeMap;
use std::path::Path;

use shotpoint::samples::Samples;
use shotpoint::segy::fields_trace::TRACE_FIELDS;
use shotpoint::segy::{
    ByteOrder, Container, FieldKind, LayoutOverrides, SegyError, SegyFile, decode,
};

/// A reading of all traces.
pub(crate) struct Reading {
    /// Of each trace.
    pub(crate) samples: Vec<Vec<f64>>,
    /// Words by their byte, of each trace.
    pub(crate) headers: BTreeMap<u16, Vec<i64>>,
}

/// Where two readings differ; each kind once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    TraceCount,
    SampleCount,
    Samples,
    Headers,
}

/// Our own reading, and the byte order to tell others who do not find it.
pub(crate) fn ours(path: &Path) -> Result<(Reading, ByteOrder), SegyError> {
    let file = SegyFile::open(path, &LayoutOverrides::default())?;
    let layout = file.layout();
    let (format, order) = (layout.format.value, layout.byte_order.value);
    let window = file.window(0..layout.n_traces)?;
    let n_traces = window.n_traces();
    let mut samples = Vec::new();
    for trace in 0..n_traces {
        let bytes = window.sample_bytes(trace);
        let n_samples = bytes.len() / format.size_bytes();
        let mut decoded = Samples::zeros(format.number_type(), n_samples);
        decode(format, order, bytes, &mut decoded)?;
        samples.push(
            (0..n_samples)
                .map(|i| decoded.get_f64(i).unwrap())
                .collect(),
        );
    }
    let headers = TRACE_FIELDS
        .iter()
        .filter(|field| field.kind != FieldKind::Text8)
        .map(|field| {
            let word = |trace| field.kind.read_i64(window.header(trace), field.byte, order);
            let values = (0..n_traces).map(|trace| word(trace).unwrap()).collect();
            (field.byte, values)
        })
        .collect();
    window.check()?;
    Ok((Reading { samples, headers }, order))
}

/// Whether the file has SEG-Y's file headers, which the others need.
pub(crate) fn is_segy(path: &Path) -> bool {
    SegyFile::open(path, &LayoutOverrides::default())
        .is_ok_and(|file| file.layout().container.value == Container::SegY)
}

/// All kinds of differences, and the first of each in words. Words are compared modulo 65,536 where
/// they have two bytes: programs disagree about their signs.
pub(crate) fn differences(theirs: &Reading, ours: &Reading) -> BTreeMap<Difference, String> {
    let mut found = BTreeMap::new();
    let counts = (theirs.samples.len(), ours.samples.len());
    if counts.0 != counts.1 {
        found.insert(
            Difference::TraceCount,
            format!("{} traces, ours {}", counts.0, counts.1),
        );
    }
    for (trace, (their, our)) in theirs.samples.iter().zip(&ours.samples).enumerate() {
        if their.len() != our.len() {
            found.entry(Difference::SampleCount).or_insert_with(|| {
                format!("trace {trace}: {} samples, ours {}", their.len(), our.len())
            });
        }
        for (sample, (a, b)) in their.iter().zip(our).enumerate() {
            if a != b && !(a.is_nan() && b.is_nan()) {
                found
                    .entry(Difference::Samples)
                    .or_insert_with(|| format!("trace {trace} sample {sample}: {a}, ours {b}"));
            }
        }
    }
    for (byte, theirs) in &theirs.headers {
        let Some(ours) = ours.headers.get(byte) else {
            continue;
        };
        let field = TRACE_FIELDS.iter().find(|field| field.byte == *byte);
        let mask = match field.unwrap().kind.size_bytes() {
            2 => 0xffff,
            _ => -1,
        };
        let pairs = theirs.iter().zip(ours);
        if let Some((trace, (a, b))) = pairs
            .enumerate()
            .find(|(_, (a, b))| **a & mask != **b & mask)
        {
            found
                .entry(Difference::Headers)
                .or_insert_with(|| format!("trace {trace} byte {byte}: {a}, ours {b}"));
        }
    }
    found
}
