//! How the section is shown, by label: histogram, palette, true offset, zoom, pictures, memory.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod window_kit;

use std::path::Path;

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use shotpoint::app::App;
use window_kit::{SHOTS, click, settle, viewed, wait_for, write_segy};

/// A viewer of the five shots.
fn viewer(folder: &Path) -> Harness<'static, App> {
    let path = folder.join("line12.sgy");
    write_segy(&path, SHOTS);
    viewed(path)
}

fn has(harness: &Harness<'_, App>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

/// Types into a field in place of what is in it.
fn retype(harness: &mut Harness<'_, App>, label: &str, text: &str) {
    // Its caption may have the same words.
    let is_captioned = harness.query_all_by_label(label).nth(1).is_some();
    let role = egui::accesskit::Role::SpinButton;
    let field = |harness: &Harness<'_, App>, act: &dyn Fn(&Node<'_>)| {
        if is_captioned {
            act(&harness.get_by_role_and_label(role, label));
        } else {
            act(&harness.get_by_label(label));
        }
    };
    field(harness, &|node| node.focus());
    harness.step();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    field(harness, &|node| node.type_text(text));
    harness.step();
}

#[test]
fn the_clip_is_dragged_in_the_histogram_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    harness.key_press(egui::Key::G);
    wait_for(&mut harness, "Histogram of amplitudes");
    wait_for(&mut harness, "% beyond the clip");
    wait_for(&mut harness, "Clip percentile P99");

    let handle = harness.get_by_label("Upper end of the clip, handle").rect();
    let from = handle.center();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from - egui::vec2(20.0, 0.0));
    harness.step();
    harness.drop_at(from - egui::vec2(20.0, 0.0));
    wait_for(&mut harness, "Clip percentile by hand");

    harness.key_press(egui::Key::Num0);
    wait_for(&mut harness, "Clip percentile P99");
    // Each end by itself.
    click(&mut harness, "Tie ends");
    let handle = harness.get_by_label("Lower end of the clip, handle").rect();
    let from = handle.center();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from + egui::vec2(30.0, 0.0));
    harness.step();
    harness.drop_at(from + egui::vec2(30.0, 0.0));
    wait_for(&mut harness, "Clip percentile by hand");
    click(&mut harness, "Gather");
    wait_for(&mut harness, "Of this gather");
    settle(&mut harness);
}

#[test]
fn commands_are_found_by_name_and_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    for (typed, then) in [
        ("polarity", "Polarity: reversed"),
        ("true offset", "Traces stand: Offset"),
        ("gain agc 250", "Gain: AGC 250 ms"),
    ] {
        harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
        harness.run_steps(2);
        harness.get_by_label("Search commands").type_text(typed);
        harness.run_steps(2);
        harness.key_press(egui::Key::Enter);
        harness.run_steps(2);
        assert!(
            harness.query_by_label("Search commands").is_none(),
            "{typed}: {:#?}",
            harness.root()
        );
        wait_for(&mut harness, then);
    }
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::P);
    harness.run_steps(2);
    harness.get_by_label("Search commands").type_text("theme");
    harness.run_steps(2);
    assert!(has(&harness, "Theme: light"));
    settle(&mut harness);
}

#[test]
fn zooms_go_back_and_forward() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    let zoomed =
        |harness: &Harness<'_, App>| !harness.get_by_label("Fit").accesskit_node().is_disabled();
    assert!(!zoomed(&harness));
    harness.key_press(egui::Key::Plus);
    harness.run_steps(2);
    assert!(zoomed(&harness));
    harness.key_press(egui::Key::Backspace);
    harness.run_steps(2);
    assert!(!zoomed(&harness));
    harness.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowRight);
    harness.run_steps(2);
    assert!(zoomed(&harness));
    click(&mut harness, "Zoom back");
    assert!(!zoomed(&harness));
    settle(&mut harness);
}

#[test]
fn a_picture_is_saved_and_nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    let path = folder.path().join("shot.png");
    let save = |harness: &mut Harness<'_, App>| {
        // Before the first picture is painted there is none to save.
        settle(harness);
        harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::S);
        wait_for(harness, "Save a picture");
        retype(harness, "File of the picture", &path.display().to_string());
        click(harness, "Save");
    };
    save(&mut harness);
    wait_for(&mut harness, "Picture saved");
    let first = std::fs::read(&path).unwrap();
    assert_eq!(first.get(1..4), Some(b"PNG".as_slice()));
    save(&mut harness);
    wait_for(&mut harness, "There is a file shot.png already.");
    click(&mut harness, "Replace it");
    settle(&mut harness);
    assert_eq!(std::fs::read(&path).unwrap(), first);
}

#[test]
fn a_file_that_is_opened_again_looks_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    harness.key_press(egui::Key::P);
    harness.key_press(egui::Key::O);
    harness.key_press(egui::Key::ArrowRight);
    wait_for(&mut harness, "Seismic section, FFID 102, 12 traces");
    harness.key_press(egui::Key::Plus);
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::W);
    wait_for(&mut harness, "Just view, do not import");
    click(&mut harness, "Just view, do not import");
    wait_for(&mut harness, "Seismic section, FFID 102, 12 traces");
    wait_for(&mut harness, "Polarity: reversed");
    assert!(has(&harness, "Traces stand: Offset"));
    let fit = harness.get_by_label("Fit");
    assert!(!fit.accesskit_node().is_disabled());

    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::R);
    wait_for(&mut harness, "Polarity: as stored");
    assert!(has(&harness, "Traces stand: evenly"));
    settle(&mut harness);
}

#[test]
fn lines_stand_between_gathers_along_the_line_and_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    harness.key_press(egui::Key::L);
    // Five shots: four lines.
    wait_for(
        &mut harness,
        "Whole line, 60 traces, 4 lines between gathers",
    );
    harness.key_press(egui::Key::X);
    harness.run_steps(3);
    assert!(!has(&harness, "lines between gathers"));
    harness.key_press(egui::Key::X);
    wait_for(&mut harness, "4 lines between gathers");
    settle(&mut harness);
}

#[test]
fn a_line_runs_from_right_to_left_and_what_lies_under_the_cursor_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    harness.key_press(egui::Key::L);
    wait_for(&mut harness, "Whole line, 60 traces");
    let hover_left = |harness: &mut Harness<'_, App>| {
        let section = harness
            .query_all_by_label_contains("Seismic section")
            .next();
        let at = section.unwrap().rect().left_center() + egui::vec2(2.0, 0.0);
        harness.event(egui::Event::PointerMoved(at));
        harness.run_steps(2);
    };
    hover_left(&mut harness);
    wait_for(&mut harness, "trace  1/60 (#1)");
    harness.key_press(egui::Key::D);
    wait_for(&mut harness, "from right to left");
    hover_left(&mut harness);
    wait_for(&mut harness, "trace 60/60 (#60)");
    // Gathers and the zoom of the line turn with it.
    harness.key_press(egui::Key::Plus);
    harness.run_steps(3);
    harness.key_press(egui::Key::D);
    harness.run_steps(3);
    assert!(!has(&harness, "from right to left"));
    settle(&mut harness);
}

#[test]
fn the_section_is_drawn_at_a_scale_and_the_screen_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    harness.key_press(egui::Key::Z);
    wait_for(&mut harness, "96 points an inch");
    assert!(has(&harness, "all 12 traces fill it at"));
    retype(&mut harness, "traces per cm", "0.3");
    click(&mut harness, "Draw at this scale");
    harness.run_steps(3);
    assert!(!harness.get_by_label("Fit").accesskit_node().is_disabled());
    harness.key_press(egui::Key::Z);
    wait_for(&mut harness, "96 points an inch");
    assert!(has(&harness, "0.3"));
    retype(&mut harness, "Measured length in cm", "4");
    wait_for(&mut harness, "as you measured");
    harness.key_press(egui::Key::Escape);
    settle(&mut harness);
}

#[test]
fn the_picture_is_copied_with_its_axes() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    let held = egui::Modifiers::COMMAND | egui::Modifiers::SHIFT;
    harness.event_modifiers(egui::Event::Copy, held);
    harness.step();
    wait_for(&mut harness, "Picture copied");
    assert!(has(&harness, "with axes and colour bar"));
}

#[test]
fn curves_have_an_excursion_a_cut_and_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = viewer(folder.path());
    assert!(
        harness.query_by_label("Curves").is_none(),
        "colours have none"
    );
    click(&mut harness, "Wiggle");
    click(&mut harness, "Curves");
    for name in [
        "Excursion in traces",
        "Largest deflection in traces",
        "Width of the line in pixels",
    ] {
        harness.get_by_label(name);
    }
    click(&mut harness, "Line at zero");
    click(&mut harness, "negative numbers");
    wait_for(&mut harness, "Fill −");
    click(&mut harness, "As usual");
    wait_for(&mut harness, "Fill +");
    settle(&mut harness);
}
