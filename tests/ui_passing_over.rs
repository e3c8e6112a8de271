//! A file that is browsed while it is imported becomes its dataset on the screen, without a jump.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use egui_kittest::kittest::Queryable as _;
use window_kit::{click, settle, viewed, wait_for, write_segy};

#[test]
fn the_view_of_a_file_passes_over_to_its_dataset_and_stays_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.sgy");
    write_segy(&path, 1000);
    let mut harness = viewed(path);
    harness.key_press(egui::Key::ArrowRight);
    harness.key_press(egui::Key::ArrowRight);
    wait_for(&mut harness, "Seismic section, FFID 103, 12 traces");
    wait_for(&mut harness, "3 of 1 000");

    click(&mut harness, "Import line12.sgy");
    wait_for(&mut harness, "Just view, do not import");
    click(&mut harness, "Import");
    wait_for(&mut harness, "12 000 traces in");
    // The viewer's tab is the dataset's now, behind the page of the import.
    wait_for(&mut harness, "line12.shotpoint");
    click(&mut harness, "line12.shotpoint");
    // At once, with the first frame: the picture is kept until the dataset has drawn it.
    harness.get_by_label_contains("Seismic section, FFID 103, 12 traces");
    wait_for(&mut harness, "3 of 1 000");
    harness.key_press(egui::Key::ArrowRight);
    wait_for(&mut harness, "Seismic section, FFID 104, 12 traces");
    settle(&mut harness);
}
