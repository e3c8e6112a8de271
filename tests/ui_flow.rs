//! The window's road, by label: open, scan, import, browse. Needs no display and no GPU.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shotpoint::app::App;
use window_kit::{SHOTS, click, drop_file, settle, viewed, wait_for, window, write_segy};

#[test]
fn the_start_page_says_what_can_be_done() {
    let mut harness = window(Vec::new());
    harness.run();
    harness.get_by_label("Drop SEG-Y files or a dataset folder here");
    harness.get_by_label("Open files…");
    harness.get_by_label("Open dataset folder…");
    harness.get_by_label("Path of a file or dataset");
    assert!(harness.query_by_label("Open sample shot gathers").is_none());
}

#[test]
fn a_file_that_hovers_is_named_with_what_will_happen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, SHOTS);
    let mut harness = window(Vec::new());
    harness.run();
    let hovered = egui::HoveredFile {
        path: Some(path),
        ..egui::HoveredFile::default()
    };
    harness.input_mut().hovered_files.push(hovered);
    wait_for(&mut harness, "Drop to scan 1 file");
    wait_for(&mut harness, "will be scanned, not changed");
}

#[test]
fn a_dropped_file_is_scanned_imported_opened_and_stepped_through() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, SHOTS);
    let mut harness = window(Vec::new());
    harness.run();

    drop_file(&mut harness, &path);
    wait_for(&mut harness, "What the file is".to_uppercase().as_str());
    wait_for(&mut harness, "First gather key: FFID");
    wait_for(&mut harness, "Seismic section, preview of the file");
    wait_for(&mut harness, "About ");
    settle(&mut harness);

    click(&mut harness, "Import");
    wait_for(&mut harness, "60 traces in");
    assert!(
        folder
            .path()
            .join("line12.shotpoint/manifest.json")
            .is_file()
    );

    click(&mut harness, "Open");
    wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    harness.key_press(egui::Key::ArrowRight);
    wait_for(&mut harness, "Seismic section, FFID 102, 12 traces");
    wait_for(&mut harness, "2 of 5");
    harness.key_press(egui::Key::End);
    wait_for(&mut harness, "Seismic section, FFID 105, 12 traces");
    harness.key_press(egui::Key::Home);
    wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    settle(&mut harness);
}

#[test]
fn a_file_can_be_viewed_without_importing_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, SHOTS);
    let mut harness = viewed(path);
    assert!(!folder.path().join("line12.shotpoint").exists());

    // For the eye only, with its key; and the mode that chooses for itself.
    harness.key_press(egui::Key::A);
    wait_for(&mut harness, "Gain: AGC 500 ms");
    harness.key_press(egui::Key::A);
    wait_for(&mut harness, "Gain: No gain");
    click(&mut harness, "Auto");
    wait_for(&mut harness, "Fill +");
    click(&mut harness, "Fill +");
    wait_for(&mut harness, "Fill −");
    click(&mut harness, "Density");
    wait_for(&mut harness, "Axis in ms");

    // Offsets 100 to 375 in bins of 100: four gathers of the channels of all shots.
    click(&mut harness, "Compute…");
    harness.get_by_label("Computed key");
    click(&mut harness, "Use");
    wait_for(&mut harness, "Seismic section, Offset 100…199, 20 traces");
    wait_for(&mut harness, "1 of 3");
    settle(&mut harness);
}

#[test]
fn the_list_of_gathers_follows_the_one_on_the_screen_and_the_wheel() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, 3000);
    let mut harness = viewed(path);
    let lists = |harness: &Harness<'_, App>, ffid: u32| {
        let row = format!("{ffid} 12");
        harness.query_by_label(&row).is_some()
    };
    assert!(lists(&harness, 102) && !lists(&harness, 1600));

    harness.get_by_label("Go to FFID").focus();
    harness.step();
    harness.get_by_label("Go to FFID").type_text("1600");
    harness.step();
    click(&mut harness, "Go");
    wait_for(&mut harness, "Seismic section, FFID 1600, 12 traces");
    assert!(lists(&harness, 1599) && lists(&harness, 1601) && !lists(&harness, 102));

    // Three notches of the wheel over the list: 150 points, six rows of 23.
    let listed = |harness: &Harness<'_, App>| {
        let rows = (1500..1700).filter(|ffid| lists(harness, *ffid));
        rows.collect::<Vec<u32>>()
    };
    let before = listed(&harness);
    let at = harness.get_by_label("1601 12").rect().center();
    harness.hover_at(at);
    harness.step();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: egui::vec2(0.0, -3.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run_steps(2);
    let moved: Vec<u32> = before.iter().map(|ffid| ffid + 6).collect();
    assert_eq!(listed(&harness), moved);
    harness.key_press(egui::Key::End);
    wait_for(&mut harness, "Seismic section, FFID 3100, 12 traces");
    assert!(lists(&harness, 3100) && !lists(&harness, 1601));
    settle(&mut harness);
}

#[test]
fn the_whole_line_is_one_section_and_any_range_of_traces_can_be_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    // 60,000 traces: from afar, because they are more than a picture has columns.
    write_segy(&path, 5000);
    let mut harness = viewed(path);
    harness.key_press(egui::Key::L);
    wait_for(
        &mut harness,
        "Seismic section, Whole line, 60 000 traces, overview",
    );
    wait_for(&mut harness, "shown: 1 to 60 000");
    harness.get_by_label("The whole line: click or drag to move");

    let go_to = |harness: &mut Harness<'_, App>, text: &str| {
        harness.get_by_label("Go to trace").focus();
        harness.step();
        harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        harness.get_by_label("Go to trace").type_text(text);
        harness.step();
        click(harness, "Go");
    };
    go_to(&mut harness, "24001-24120");
    wait_for(&mut harness, "shown: 24 001 to 24 120");
    // Near by the traces themselves are drawn.
    let start = Instant::now();
    while harness
        .query_all_by_label_contains("traces, overview")
        .next()
        .is_some()
    {
        assert!(start.elapsed() < Duration::from_secs(30));
        harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    go_to(&mut harness, "70000");
    wait_for(
        &mut harness,
        "There is no trace 70 000: the line has 60 000.",
    );
    // Back to the gathers: the one that holds the trace in the middle, shot 2,006 of 5,000.
    harness.key_press(egui::Key::Escape);
    harness.run_steps(2);
    click(&mut harness, "Whole line");
    harness.key_press(egui::Key::L);
    wait_for(&mut harness, "Seismic section, FFID 2106, 12 traces");
    settle(&mut harness);
}

#[test]
fn a_file_that_is_not_segy_gets_a_sentence_and_its_details() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise.sgy");
    std::fs::write(&path, vec![0xA5; 9000]).unwrap();
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "This file cannot be imported");
    harness.get_by_label("Copy details");
    harness.get_by_label("Scan again");
    settle(&mut harness);
}

#[test]
fn a_missing_file_is_said_to_be_missing() {
    let mut harness = window(vec![PathBuf::from("/nowhere/at/all.sgy")]);
    wait_for(&mut harness, "all.sgy cannot be opened");
    wait_for(&mut harness, "There is no folder /nowhere/at");
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, 6000);
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "Compression: balanced");
    wait_for(&mut harness, "because");
    click(&mut harness, "Import");
    click(&mut harness, "Cancel");
    wait_for(&mut harness, "Nothing was left on disk");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    harness.get_by_label("Back to the settings");
}

#[test]
fn the_keys_are_listed() {
    let mut harness = window(Vec::new());
    harness.run();
    harness.key_press(egui::Key::Questionmark);
    wait_for(&mut harness, "Keys and mouse");
    harness.get_by_label("Reverse the polarity");
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Keys and mouse").is_none());
}
