//! Two views beside each other, by label: side by side, flipped, their difference, another key.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shotpoint::app::App;
use window_kit::{SHOTS, click, settle, wait_for, window, write_segy};

/// Bytes of a trace of the kit's files, header included, and where the traces begin.
const TRACE_BYTES: usize = 240 + 4 * 150;
const FIRST_BYTE: usize = 3600;

/// Line 12 and a second file whose sample 40 of the first trace is larger by 5.
fn two_files(folder: &Path) -> Harness<'static, App> {
    let (a, b) = (folder.join("line12.sgy"), folder.join("line13.sgy"));
    write_segy(&a, SHOTS);
    let mut file = std::fs::read(&a).unwrap();
    assert_eq!((file.len() - FIRST_BYTE) % TRACE_BYTES, 0);
    let at = FIRST_BYTE + 240 + 4 * 40;
    let sample = f32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    file[at..at + 4].copy_from_slice(&(sample + 5.0).to_be_bytes());
    std::fs::write(&b, file).unwrap();
    let mut harness = window(vec![b, a]);
    for name in ["line13.sgy", "line12.sgy"] {
        let page = format!("Import {name}");
        wait_for(&mut harness, &page);
        click(&mut harness, &page);
        wait_for(&mut harness, "Just view, do not import");
        click(&mut harness, "Just view, do not import");
        wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    }
    harness
}

/// Opens a menu and clicks an entry of it.
fn choose(harness: &mut Harness<'_, App>, menu: &str, entry: &str) {
    let role = egui::accesskit::Role::Button;
    let is_there = |harness: &Harness<'_, App>| {
        let mut found = harness.query_all_by_role_and_label(role, entry);
        found.next().is_some()
    };
    // A page that is still being laid out may close what was just opened.
    for _ in 0..20 {
        if is_there(harness) {
            break;
        }
        click(harness, menu);
        harness.run_steps(2);
    }
    harness.get_by_role_and_label(role, entry).click();
    harness.run_steps(2);
}

/// Over the middle of the first trace of the section whose name contains `name`, at sample 40.
fn hover(harness: &mut Harness<'_, App>, name: &str) {
    let section = harness.query_all_by_label_contains(name).next().unwrap();
    let rect = section.rect();
    let at = rect.left_top() + rect.size() * egui::vec2(0.5 / 12.0, 40.5 / 150.0);
    harness.event(egui::Event::PointerMoved(at));
    harness.run_steps(3);
}

#[test]
fn the_difference_of_two_files_is_shown_with_what_both_hold() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = two_files(folder.path());
    choose(&mut harness, "Compare", "With line13.sgy");
    wait_for(&mut harness, "Seismic section, B, FFID 101, 12 traces");
    hover(&mut harness, "Seismic section, A,");
    wait_for(&mut harness, "amplitude      1.000");
    wait_for(&mut harness, "B      6.000");
    hover(&mut harness, "Seismic section, B,");
    wait_for(&mut harness, "amplitude      6.000");
    wait_for(&mut harness, "A      1.000");
    click(&mut harness, "Difference");
    wait_for(&mut harness, "A − B · FFID 101 · RMS");
    wait_for(&mut harness, "Seismic section, difference, FFID 101");
    hover(&mut harness, "Seismic section, difference");
    wait_for(&mut harness, "B      6.000");
    wait_for(&mut harness, "A − B     −5.000");
    harness.key_press(egui::Key::ArrowRight);
    wait_for(&mut harness, "A − B · FFID 102 · RMS 0.00 %");
    settle(&mut harness);
}

#[test]
fn the_same_data_by_another_key_follow_the_cursor_by_trace() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = two_files(folder.path());
    choose(&mut harness, "Compare", "These data by another key");
    wait_for(&mut harness, "Seismic section, B, FFID 101, 12 traces");
    choose(&mut harness, "Key of B: FFID", "Offset");
    wait_for(&mut harness, "Seismic section, B, Offset 100, 5 traces");
    hover(&mut harness, "Seismic section, A,");
    // The trace of FFID 101 and offset 100 stands in both.
    wait_for(&mut harness, "B      1.000");
    settle(&mut harness);
}
