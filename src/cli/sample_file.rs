//! The sample line as a SEG-Y file: revision 1, IBM floats, EBCDIC, as contractors deliver.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::sample::{
    Earth, FIRST_FIELD_RECORD, Geometry, INTERVAL_MICROS, N_CHANNELS, N_SAMPLES, N_SHOTS, is_dead,
};
use crate::job::{JobContext, Phase, Stop};
use crate::samples::Samples;
use crate::segy::{
    ByteOrder, FileHeaderSpec, SampleFormat, SegyError, SegyWriter, TextEncoding, TextualHeader,
    TraceHeaderBuilder,
};

/// Coordinates are written in centimetres: the scalar −100 divides them.
const COORDINATE_SCALAR: i64 = -100;

/// Writes the sample shot gathers to `path`, replacing what is there.
///
/// # Errors
/// When the file cannot be written; cancelled: then nothing is left.
pub fn write_sample(path: &Path, context: &JobContext) -> Result<(), Stop<SegyError>> {
    let partial = path.with_extension("sgy.partial");
    let written = write_to(&partial, context).and_then(|()| {
        fs::rename(&partial, path)
            .map_err(|source| Stop::Failed(failed("write the sample file", path, source)))
    });
    if written.is_err() {
        // Whatever went wrong, half a file must not stay; it may not even exist.
        drop(fs::remove_file(&partial));
    }
    written
}

/// The sample file for the window's "Open sample shot gathers": in the folder for temporary files.
///
/// # Errors
/// A sentence.
pub fn sample_for_window(context: &JobContext) -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join("shotpoint-demo");
    fs::create_dir_all(&folder).map_err(|error| {
        format!(
            "cannot make the folder: {error}. Folder: {}",
            folder.display()
        )
    })?;
    let path = folder.join("sample-shots.sgy");
    write_sample(&path, context).map_err(|stop| stop.to_string())?;
    Ok(path)
}

fn failed(action: &'static str, path: &Path, source: std::io::Error) -> SegyError {
    SegyError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

fn write_to(path: &Path, context: &JobContext) -> Result<(), Stop<SegyError>> {
    let file = File::create(path)
        .map_err(|source| Stop::Failed(failed("write the sample file", path, source)))?;
    let n_traces = u64::from(N_SHOTS * N_CHANNELS);
    let trace_bytes = 240 + 4 * u64::from(N_SAMPLES);
    context.progress.set_total(n_traces, n_traces * trace_bytes);
    context.progress.enter(Phase::Preparing);
    let header = file_header().map_err(Stop::Failed)?;
    let mut writer = SegyWriter::new(BufWriter::new(file), &header).map_err(Stop::Failed)?;
    let earth = Earth::new();
    for shot in 0..N_SHOTS {
        context.check_cancelled()?;
        for channel in 1..=N_CHANNELS {
            let header = trace_header(shot, channel).map_err(Stop::Failed)?;
            let samples = Samples::Float32(earth.trace(shot, channel));
            writer
                .write_trace(header.bytes(), &samples)
                .map_err(Stop::Failed)?;
            context.progress.add(1, trace_bytes);
        }
    }
    writer.finish().map_err(Stop::Failed)?;
    Ok(())
}

fn file_header() -> Result<FileHeaderSpec, SegyError> {
    let lines = [
        "C 1 CLIENT: NONE                    LINE: SAMPLE-1        AREA: NOWHERE AT SEA",
        "C 2 SYNTHETIC SHOT GATHERS MADE BY SHOTPOINT; NOTHING IN THIS FILE IS REAL",
        "C 3",
        "C 4 40 SHOTS, FIELD RECORDS 1001-1040, 96 CHANNELS EACH, SHOT SPACING 25 M",
        "C 5 END-ON SPREAD, NEAR OFFSET 125 M, GROUP SPACING 25 M, STREAMER BEHIND",
        "C 6 SAMPLE INTERVAL 4 MS, 751 SAMPLES, RECORD LENGTH 3000 MS",
        "C 7 SAMPLE FORMAT IBM FLOATING POINT, BIG ENDIAN, FIXED TRACE LENGTH",
        "C 8 FIFTEEN REFLECTORS WITH DIP AND A FOLD, RICKER WAVELET, DIRECT WAVE, NOISE",
        "C 9 CHANNEL 37 IS DEAD FROM FIELD RECORD 1021 ON",
        "C10",
        "C11 TRACE HEADER BYTES",
        "C12 FIELD RECORD 9-12   CHANNEL 13-16   SHOT POINT 17-20   CDP 21-24",
        "C13 OFFSET 37-40   SOURCE X/Y 73-80   GROUP X/Y 81-88   CDP X/Y 181-188",
        "C14 COORDINATES IN METRES TIMES 100 (SCALAR -100 AT BYTES 71-72)",
    ];
    let mut cards: Vec<String> = (1..=40).map(|number| format!("C{number:2}")).collect();
    for (card, line) in cards.iter_mut().zip(lines) {
        line.clone_into(card);
    }
    "C39 SEG Y REV1".clone_into(&mut cards[38]);
    "C40 END TEXTUAL HEADER".clone_into(&mut cards[39]);
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    let mut header = FileHeaderSpec::new(
        ByteOrder::Big,
        SampleFormat::Ibm32,
        N_SAMPLES,
        f64::from(INTERVAL_MICROS),
    );
    header.textual_header = TextualHeader::from_lines(&cards, TextEncoding::Ebcdic);
    header
        .binary_header
        .set("job_id", 1)?
        .set("line_num", 1)?
        .set("reel_num", 1)?
        .set("data_traces_per_ensemble", i64::from(N_CHANNELS))?
        .set("trace_sorting_code", 1)?
        .set("measurement_system_code", 1)?;
    Ok(header)
}

fn trace_header(shot: u32, channel: u32) -> Result<TraceHeaderBuilder, SegyError> {
    let geometry = Geometry::of(shot, channel);
    let number = i64::from(shot * N_CHANNELS + channel);
    let (source_x, group_x, midpoint_x) =
        (geometry.source_x, geometry.group_x, geometry.midpoint_x());
    let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
    header
        .set("trace_seq_num_line", number)?
        .set("trace_seq_num_reel", number)?
        .set(
            "orig_field_record_num",
            i64::from(FIRST_FIELD_RECORD) + i64::from(shot),
        )?
        .set("trace_num_orig_record", i64::from(channel))?
        .set("energy_source_point_num", 2001 + i64::from(shot))?
        .set("ensemble_num", i64::from(geometry.cdp()))?
        .set("trace_id_code", if is_dead(shot, channel) { 2 } else { 1 })?
        .set("source_to_receiver_distance", whole(geometry.offset))?
        .set("source_depth_below_surface", 6)?
        .set("elevation_depth_scalar", 1)?
        .set("coordinate_scalar", COORDINATE_SCALAR)?
        .set("source_coord_x", whole(source_x * 100.0))?
        .set("source_coord_y", 600_000_000)?
        .set("group_coord_x", whole(group_x * 100.0))?
        .set("group_coord_y", 600_000_000)?
        .set("cdp_x", whole(midpoint_x * 100.0))?
        .set("cdp_y", 600_000_000)?
        .set("coordinate_unit", 1)?
        .set("samples_per_trace", i64::from(N_SAMPLES))?
        .set("sample_interval", i64::from(INTERVAL_MICROS))?
        .set("year_recorded", 2026)?
        .set("day_of_year", 100)?
        .set("hour_of_day", 6)?
        .set("minute_of_hour", i64::from(shot * 10 / 60))?
        .set("second_of_minute", i64::from(shot * 10 % 60))?;
    Ok(header)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "metres and centimetres along a line of a few kilometres"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
