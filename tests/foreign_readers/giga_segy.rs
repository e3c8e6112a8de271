//! giga-segy, a reader in Rust by others.

use std::fs::File;
use std::panic::catch_unwind;
use std::path::Path;

use giga_segy_in::{SegyFile, SegySettings};
use shotpoint::segy::ByteOrder;

use crate::reading::Reading;

/// What giga-segy reads in this byte order (which it does not find), or its refusal.
pub(crate) fn reading(path: &Path, order: ByteOrder) -> Result<Reading, String> {
    // It panics at some files.
    catch_unwind(|| try_reading(path, order)).unwrap_or_else(|_| Err("it panicked".to_owned()))
}

fn try_reading(path: &Path, order: ByteOrder) -> Result<Reading, String> {
    let file = File::open(path).unwrap();
    let mut settings = SegySettings::default();
    settings.set_override_to_le(order == ByteOrder::Little);
    let file = SegyFile::open(file, settings).map_err(|error| error.to_string())?;
    let mut samples = Vec::new();
    let mut words: [(u16, Vec<i64>); 8] =
        [1, 5, 9, 13, 21, 37, 73, 77].map(|byte| (byte, Vec::new()));
    for trace in file.traces_iter() {
        let data = file
            .get_trace_data_as_f32_from_trace(trace)
            .map_err(|error| error.to_string())?;
        samples.push(data.into_iter().map(f64::from).collect());
        let header = trace.get_header();
        let values = [
            header.trace_sequence_on_line,
            header.trace_sequence_in_file,
            header.field_record_no,
            header.trace_no,
            header.ensemble_no,
            header.source_to_receiver_distance,
            header.source_x,
            header.source_y,
        ];
        for ((_, column), value) in words.iter_mut().zip(values) {
            column.push(i64::from(value));
        }
    }
    Ok(Reading {
        samples,
        headers: words.into_iter().collect(),
    })
}
