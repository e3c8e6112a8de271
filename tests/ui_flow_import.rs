//! Importing, proving and exporting in the window, by label. Needs no display and no GPU.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shotpoint::app::App;
use tempfile::TempDir;
use window_kit::{SHOTS, click, settle, wait_for, window, write_segy};

/// A window that shows the import page of a small file, and the folder in which that lies.
fn import_page() -> (TempDir, Harness<'static, App>) {
    let folder = tempfile::tempdir().unwrap();
    let harness = import_page_in(folder.path());
    (folder, harness)
}

/// The import page of a small file in `folder`.
fn import_page_in(folder: &Path) -> Harness<'static, App> {
    let path = folder.join("line12.sgy");
    write_segy(&path, SHOTS);
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "First gather key: FFID");
    wait_for(&mut harness, "because");
    harness
}

/// A window in which that file was just imported.
fn imported() -> (TempDir, Harness<'static, App>) {
    let (folder, mut harness) = import_page();
    click(&mut harness, "Import");
    wait_for(&mut harness, "60 traces in");
    (folder, harness)
}

fn type_into(harness: &mut Harness<'_, App>, label: &str, text: &str) {
    // Its caption may have the same words.
    let role = egui::accesskit::Role::TextInput;
    harness.get_by_role_and_label(role, label).focus();
    harness.run_steps(1);
    harness.get_by_role_and_label(role, label).type_text(text);
    harness.run_steps(2);
}

#[test]
fn an_overruled_format_is_scanned_again_and_reset() {
    let (_folder, mut harness) = import_page();
    click(&mut harness, "Sample format: 5: IEEE float, 4 bytes");
    click(&mut harness, "1: IBM float, 4 bytes");
    wait_for(&mut harness, "1 fact is set by you");
    wait_for(&mut harness, "Sample format: 1: IBM float, 4 bytes (set)");
    wait_for(&mut harness, "because");
    click(&mut harness, "Reset Sample format");
    wait_for(&mut harness, "Sample format: 5: IEEE float, 4 bytes");
    assert!(harness.query_by_label("1 fact is set by you").is_none());
}

/// The first digit adds a line above the field: the second one must still go into it.
#[test]
fn an_overruling_number_is_typed_digit_by_digit() {
    let (_folder, mut harness) = import_page();
    let role = egui::accesskit::Role::TextInput;
    let name = "Samples per trace";
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
    for digit in ["7", "5"] {
        harness.event(egui::Event::Text(digit.to_owned()));
        harness.run_steps(3);
    }
    let field = harness.get_by_role_and_label(role, name);
    assert!(field.is_focused());
    assert_eq!(field.value().as_deref(), Some("75"));
}

/// Scalars and delay are told where the other facts are, and scanned again.
#[test]
fn a_coordinate_scalar_and_a_delay_can_be_told() {
    let (_folder, mut harness) = import_page();
    click(&mut harness, "Coordinates and start times");
    wait_for(&mut harness, "bytes 71–72 say 0 in the headers looked at");
    wait_for(&mut harness, "bytes 215–216 say 0 in the headers looked at");
    type_into(&mut harness, "Coordinate scalar", "-100");
    type_into(&mut harness, "Delay in milliseconds", "250");
    harness.key_press(egui::Key::Tab);
    harness.run_steps(2);
    wait_for(&mut harness, "2 facts are set by you");
    wait_for(&mut harness, "Reset Delay (ms)");
    wait_for(&mut harness, "250 ms");
    wait_for(&mut harness, "because");
    type_into(&mut harness, "Time scalar", "0");
    wait_for(&mut harness, "A whole number other than 0 is needed");
}

#[test]
fn a_preset_moves_the_fields_and_undo_takes_it_back() {
    let (_folder, mut harness) = import_page();
    click(&mut harness, "Presets");
    click(&mut harness, "Petrel");
    wait_for(&mut harness, "The preset Petrel is used");
    wait_for(&mut harness, "moved");
    click(&mut harness, "Undo");
    assert!(
        harness
            .query_all_by_label_contains("moved")
            .next()
            .is_none()
    );
}

#[test]
fn the_choice_of_keys_is_counted_and_mapped() {
    let (_folder, mut harness) = import_page();
    wait_for(&mut harness, "5 gathers, the largest of 12 traces");
    click(&mut harness, "Map");
    wait_for(&mut harness, "No coordinates: they are all zero");
}

#[test]
fn what_is_wrong_with_a_computed_column_is_said_beside_it() {
    let (_folder, mut harness) = import_page();
    // It stands below the fields, out of sight in a small window.
    harness
        .get_by_label("Add computed column")
        .click_accesskit();
    harness.run_steps(2);
    wait_for(&mut harness, "Type an expression");
    let field = "Expression of computed column 1";
    type_into(&mut harness, field, "orig_field_record_num + nosuch");
    wait_for(&mut harness, "nosuch");
    harness
        .get_by_label("Remove computed column 1")
        .click_accesskit();
    harness.run_steps(2);
    wait_for(&mut harness, "because");
    assert!(harness.query_by_label(field).is_none());
}

#[test]
fn all_traces_are_examined() {
    let (_folder, mut harness) = import_page();
    click(&mut harness, "Examine all traces");
    wait_for(&mut harness, "All 60 traces examined");
    assert!(harness.query_by_label("Examine all traces").is_none());
}

#[test]
fn an_import_is_verified_as_the_last_step() {
    let (_folder, mut harness) = imported();
    click(&mut harness, "Verify");
    wait_for(
        &mut harness,
        "Verified: an export would be identical to the original file",
    );
    settle(&mut harness);
}

#[test]
fn the_exact_copy_is_the_original_file() {
    let (folder, mut harness) = imported();
    click(&mut harness, "Export…");
    wait_for(&mut harness, "Export line12.shotpoint");
    wait_for(&mut harness, "Exact copy");
    // The place is looked at on a thread.
    settle(&mut harness);
    click(&mut harness, "Export");
    wait_for(&mut harness, "identical to the original file");
    let original = std::fs::read(folder.path().join("line12.sgy")).unwrap();
    let exported = std::fs::read(folder.path().join("line12_exported.sgy")).unwrap();
    assert!(original == exported);
}

#[test]
fn another_form_says_what_differs_before_and_after() {
    let (folder, mut harness) = imported();
    click(&mut harness, "Export…");
    wait_for(&mut harness, "Another form");
    click(
        &mut harness,
        "Another form: some traces, another format, another text",
    );
    wait_for(&mut harness, "Nothing would differ");
    type_into(&mut harness, "Only traces where", "offset < 150");
    click(&mut harness, "Sample format: as imported");
    click(&mut harness, "3: integer, 2 bytes");
    wait_for(&mut harness, "samples converted");
    click(&mut harness, "Export");
    wait_for(&mut harness, "in another form than the original file");
    wait_for(&mut harness, "left out");
    let exported = std::fs::metadata(folder.path().join("line12_exported.sgy")).unwrap();
    // Two of twelve channels are nearer than 150.
    assert_eq!(exported.len(), 3600 + 10 * (240 + 2 * 150));
}

#[test]
fn a_form_that_does_not_fit_is_refused_in_the_dialog() {
    let (folder, mut harness) = imported();
    click(&mut harness, "Export…");
    wait_for(&mut harness, "Another form");
    click(
        &mut harness,
        "Another form: some traces, another format, another text",
    );
    type_into(&mut harness, "Only traces where", "nosuch < 150");
    wait_for(&mut harness, "The form does not fit");
    click(&mut harness, "Cancel");
    assert!(!folder.path().join("line12_exported.sgy").exists());
}

#[test]
fn settings_are_a_key_away() {
    let mut harness = window(Vec::new());
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Comma);
    wait_for(&mut harness, "Memory for streaming");
    settle(&mut harness);
    click(&mut harness, "Close");
    assert!(harness.query_by_label("Memory for streaming").is_none());
}

#[test]
fn keys_do_nothing_behind_a_dialog() {
    let (_folder, mut harness) = import_page();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Comma);
    wait_for(&mut harness, "Memory for streaming");
    // Start page, and closing the page: neither may happen unseen.
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::H);
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::W);
    harness.run_steps(2);
    click(&mut harness, "Close");
    wait_for(&mut harness, "First gather key: FFID");
}
