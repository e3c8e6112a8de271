//! Reading a section by label: pinned traces, spectrum, strips, table, map, file headers.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shotpoint::app::App;
use window_kit::{click, settle, viewed, wait_for, write_segy};

/// A viewer over a file of five shots.
fn viewer(folder: &tempfile::TempDir) -> Harness<'static, App> {
    let path = folder.path().join("line12.sgy");
    write_segy(&path, 5);
    viewed(path)
}

#[test]
fn a_pinned_trace_shows_its_headers_its_wiggle_and_its_spectrum() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    let section = harness
        .get_by_label("Seismic section, FFID 101, 12 traces")
        .rect();
    harness.hover_at(section.center());
    harness.run_steps(2);
    harness.key_press(egui::Key::K);
    wait_for(&mut harness, "Wiggle of 1 trace");
    wait_for(&mut harness, "Amplitude spectrum of the pinned trace");
    // A header is put into the readout.
    click(&mut harness, "Channel in the readout");
    harness.get_by_label("Pinned trace: Wiggle");
    click(&mut harness, "Pinned trace: Wiggle");
    assert!(harness.query_by_label("Wiggle of 1 trace").is_none());
    harness.key_press(egui::Key::Escape);
    wait_for(&mut harness, "Click a trace to pin it");
    settle(&mut harness);
}

#[test]
fn the_spectrum_of_the_window_has_its_scale_and_its_spread() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    harness.key_press(egui::Key::S);
    wait_for(&mut harness, "Amplitude spectrum, peak at");
    wait_for(&mut harness, "mean of 12 traces, 0 to 596 ms");
    click(&mut harness, "Amplitudes in: dB");
    wait_for(&mut harness, "Amplitudes in: Linear");
    click(&mut harness, "Spectrum of: Box");
    wait_for(&mut harness, "Drag a box over the section with Shift held.");
    settle(&mut harness);
}

#[test]
fn headers_are_plotted_along_the_traces() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    harness.key_press(egui::Key::H);
    wait_for(&mut harness, "Strip of Offset");
    click(&mut harness, "+ strip");
    wait_for(&mut harness, "Strip of CDP");
    click(&mut harness, "Remove the strip of CDP");
    assert!(harness.query_by_label("Strip of CDP").is_none());
    harness.key_press(egui::Key::L);
    wait_for(&mut harness, "Seismic section, Whole line, 60 traces");
    wait_for(&mut harness, "Strip of Offset");
    settle(&mut harness);
}

#[test]
fn the_table_filters_sorts_and_shows_the_trace_that_is_clicked() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    harness.key_press(egui::Key::E);
    wait_for(&mut harness, "60 traces");
    wait_for(&mut harness, "Trace 1 in the table");
    let filter = "Filter the table by an expression";
    harness.get_by_label(filter).focus();
    harness.step();
    harness
        .get_by_label(filter)
        .type_text("ffid = 103 and channel > 5");
    harness.step();
    click(&mut harness, "Filter");
    wait_for(&mut harness, "Trace 30 in the table");
    wait_for(&mut harness, "7 of 60 traces");
    assert!(harness.query_by_label("Trace 29 in the table").is_none());
    click(&mut harness, "Trace 31 in the table");
    wait_for(&mut harness, "Seismic section, FFID 103, 12 traces");
    wait_for(&mut harness, "Wiggle of 1 trace");
    click(&mut harness, "Sort by Offset");
    wait_for(&mut harness, "sorted by Offset, smallest first");
    click(&mut harness, "Clear");
    wait_for(&mut harness, "60 traces");
    // Still sorted; the pinned trace stays in sight, between others of its channel.
    wait_for(&mut harness, "Trace 43 in the table");
    harness.get_by_label("Trace 31 in the table");
    settle(&mut harness);
}

#[test]
fn a_map_without_coordinates_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    harness.key_press(egui::Key::M);
    wait_for(
        &mut harness,
        "There is no map: the coordinates of midpoints are zero",
    );
    click(&mut harness, "Map of sources");
    wait_for(
        &mut harness,
        "There is no map: the coordinates of sources are zero",
    );
    settle(&mut harness);
}

#[test]
fn the_file_s_headers_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(&folder);
    harness.key_press(egui::Key::T);
    wait_for(&mut harness, "C 1 SHOTS FOR THE WINDOW'S TEST");
    click(&mut harness, "Binary header");
    wait_for(&mut harness, "4-byte IEEE floating point");
    wait_for(&mut harness, "3217–3218");
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Binary header").is_none());
}
