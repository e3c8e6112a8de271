#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn axis(first: f64, interval: f64) -> VerticalAxis {
    VerticalAxis {
        domain: VerticalDomain::Time,
        unit: "ms".to_owned(),
        first,
        interval,
    }
}

fn labels_of(ticks: &[Tick]) -> Vec<&str> {
    ticks
        .iter()
        .filter(|t| !t.label.is_empty())
        .map(|t| t.label.as_str())
        .collect()
}

fn row(values: impl IntoIterator<Item = i64>) -> HeaderRow {
    HeaderRow {
        name: "offset".to_owned(),
        values: values.into_iter().map(Some).collect(),
    }
}

fn texts(labels: &[HeaderLabel]) -> Vec<&str> {
    labels.iter().map(|l| l.text.as_str()).collect()
}

#[test]
fn ticks_stand_at_round_values_and_on_their_samples() {
    let axis = axis(0.0, 4.0);
    let window = SectionWindow::all(10, 751);
    let ticks = vertical_ticks(&axis, &window, 600.0, 50.0);
    assert_eq!(
        labels_of(&ticks),
        ["0", "500", "1 000", "1 500", "2 000", "2 500", "3 000"]
    );
    let at_500 = ticks.iter().find(|t| t.label == "500").unwrap();
    // 500 ms is sample 125, whose centre is 125.5 of 751.
    assert!((at_500.position - 125.5 / 751.0).abs() < 1e-12);
}

#[test]
fn the_delay_is_on_the_axis() {
    let window = SectionWindow::all(1, 100);
    let ticks = vertical_ticks(&axis(-120.0, 2.0), &window, 500.0, 60.0);
    assert_eq!(labels_of(&ticks), ["-100", "-50", "0", "50"]);
}

#[test]
fn ticks_stay_apart_and_minor_ones_lie_between() {
    for n_samples in [4_usize, 10, 57, 751, 100_000] {
        for interval in [0.001, 0.03, 1.0, 4.0, 25.0] {
            let window = SectionWindow::all(1, n_samples);
            let ticks = vertical_ticks(&axis(3.0, interval), &window, 800.0, 45.0);
            let major: Vec<f64> = ticks
                .iter()
                .filter(|t| !t.label.is_empty())
                .map(|t| t.position * 800.0)
                .collect();
            assert!(major.windows(2).all(|p| p[1] - p[0] >= 44.9));
            assert!(major.len() >= 4 && ticks.len() > major.len());
            assert!(ticks.iter().all(|t| (0.0..=1.0).contains(&t.position)));
        }
    }
}

#[test]
fn seconds_have_decimals() {
    let axis = in_seconds(&axis(0.0, 4.0));
    let ticks = vertical_ticks(&axis, &SectionWindow::all(1, 501), 500.0, 60.0);
    assert_eq!(labels_of(&ticks), ["0.0", "0.5", "1.0", "1.5", "2.0"]);
    assert_eq!(axis_title(&axis), "Time (s)");
}

#[test]
fn sample_axes_have_whole_ticks_only() {
    let axis = VerticalAxis {
        domain: VerticalDomain::Sample,
        unit: "sample".to_owned(),
        first: 0.0,
        interval: 1.0,
    };
    let ticks = vertical_ticks(&axis, &SectionWindow::all(1, 4), 800.0, 40.0);
    assert_eq!(labels_of(&ticks), ["0", "1", "2", "3"]);
    assert_eq!(ticks.len(), 4);
}

#[test]
fn a_mad_axis_has_no_ticks() {
    let window = SectionWindow::all(1, 100);
    assert!(vertical_ticks(&axis(0.0, 0.0), &window, 500.0, 50.0).is_empty());
    assert!(vertical_ticks(&axis(f64::NAN, 4.0), &window, 500.0, 50.0).is_empty());
    assert!(vertical_ticks(&axis(0.0, 4.0), &window, 0.0, 50.0).is_empty());
}

#[test]
fn a_constant_row_is_labelled_once_at_the_left_edge() {
    let labels = header_labels(&row([1042; 60]), &SectionWindow::all(60, 1), 600.0, 50.0);
    assert_eq!(labels.len(), 1);
    assert_eq!((labels[0].trace, labels[0].text.as_str()), (0, "1042"));
}

#[test]
fn stretches_are_labelled_where_the_value_changes() {
    let values = (0..90).map(|i| 7 + i / 30);
    let labels = header_labels(&row(values), &SectionWindow::all(90, 1), 900.0, 50.0);
    let at: Vec<usize> = labels.iter().map(|l| l.trace).collect();
    assert_eq!(at, [0, 30, 60]);
    assert_eq!(texts(&labels), ["7", "8", "9"]);
}

#[test]
fn even_offsets_are_labelled_at_round_values() {
    let offsets = (0..240).map(|i| -5975 + 25 * i);
    let labels = header_labels(&row(offsets), &SectionWindow::all(240, 1), 600.0, 60.0);
    assert_eq!(
        texts(&labels),
        ["-5000", "-4000", "-3000", "-2000", "-1000", "0"]
    );
}

#[test]
fn uneven_rows_are_labelled_at_every_nth_trace() {
    let values = (0..100).map(|i| i * i + 3);
    let labels = header_labels(&row(values), &SectionWindow::all(100, 1), 500.0, 60.0);
    let at: Vec<usize> = labels.iter().map(|l| l.trace).collect();
    assert_eq!(at, [0, 20, 40, 60, 80]);
}

#[test]
fn labels_never_overlap_and_stand_in_the_window() {
    let rows = [
        row((0..500).map(|i| 100 + i)),
        row((0..500).map(|i| i / 7)),
        row((0..500).map(|i| (i * 7919) % 501)),
        row((0..500).map(|i| -3000 + i * 12)),
    ];
    for row in rows {
        for (first_trace, n_traces) in [(0.0, 500.0), (13.3, 41.7), (499.0, 1.0), (100.5, 2.0)] {
            let window = SectionWindow {
                first_trace,
                n_traces,
                first_sample: 0.0,
                n_samples: 1.0,
                from_right: false,
            };
            let labels = header_labels(&row, &window, 800.0, 55.0);
            let x: Vec<f64> = labels
                .iter()
                .map(|l| window.screen_from_section(l.trace as f64 + 0.5, 0.0).0 * 800.0)
                .collect();
            assert!(x.windows(2).all(|p| p[1] - p[0] >= 54.9), "{x:?}");
            assert!(x.iter().all(|x| (0.0..=800.0).contains(x)));
            assert!(n_traces < 3.0 || !labels.is_empty());
        }
    }
}

#[test]
fn a_missing_value_is_a_dash() {
    let row = HeaderRow {
        name: "offset".to_owned(),
        values: vec![Some(5), None],
    };
    let labels = header_labels(&row, &SectionWindow::all(2, 1), 200.0, 50.0);
    assert_eq!(texts(&labels), ["5", "–"]);
}
