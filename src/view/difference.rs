//! What is the difference of two gathers? Sample by sample, where they hold the same traces.

use crate::browse::{Gather, HeaderRow, is_padding};

/// Headers by which traces are the same: record, channel, CDP, offset.
const TELL_TRACES_APART: [&str; 5] = [
    "orig_field_record_num",
    "trace_num_orig_record",
    "ensemble_num",
    "trace_num_ensemble",
    "source_to_receiver_distance",
];
/// Axes that differ by less than this share of an interval are the same.
const AXIS_TOLERANCE: f64 = 1e-6;

/// The first gather minus the second, and the RMS of that over the RMS of the first.
///
/// # Errors
/// A sentence that says what is not the same.
pub fn difference(a: &Gather, b: &Gather) -> Result<(Gather, f64), String> {
    if a.n_traces() != b.n_traces() {
        let (n, m) = (a.n_traces(), b.n_traces());
        return Err(format!(
            "There is no difference to show: A has {n} traces here, B has {m}"
        ));
    }
    if a.n_samples != b.n_samples {
        let (n, m) = (a.n_samples, b.n_samples);
        return Err(format!(
            "There is no difference to show: traces of A have {n} samples, those of B {m}"
        ));
    }
    let near = |x: f64, y: f64| (x - y).abs() <= AXIS_TOLERANCE * a.axis.interval.abs();
    if !near(a.axis.first, b.axis.first)
        || !near(a.axis.interval, b.axis.interval)
        || a.axis.unit != b.axis.unit
    {
        let words = |g: &Gather| {
            format!(
                "every {} {} from {}",
                g.axis.interval, g.axis.unit, g.axis.first
            )
        };
        return Err(format!(
            "There is no difference to show: A is sampled {}, B {}",
            words(a),
            words(b)
        ));
    }
    if let Some((name, trace, x, y)) = first_other_trace(a, b) {
        let say = |v: Option<i64>| v.map_or_else(|| "none".to_owned(), |v| v.to_string());
        return Err(format!(
            "There is no difference to show: trace {} has {name} {} in A and {} in B",
            trace + 1,
            say(x),
            say(y)
        ));
    }
    let mut made = a.clone();
    let (mut of_difference, mut of_first) = (0.0_f64, 0.0_f64);
    for (x, y) in made.samples.iter_mut().zip(&b.samples) {
        if is_padding(*x) {
            continue;
        }
        if is_padding(*y) {
            *x = *y;
            continue;
        }
        let first = f64::from(*x);
        *x -= *y;
        if x.is_finite() && first.is_finite() {
            of_difference += f64::from(*x) * f64::from(*x);
            of_first += first * first;
        }
    }
    let share = if of_first > 0.0 {
        (of_difference / of_first).sqrt()
    } else if of_difference > 0.0 {
        f64::INFINITY
    } else {
        0.0
    };
    Ok((made, share))
}

/// The first header value by which two traces in the same place are not the same.
fn first_other_trace<'a>(
    a: &'a Gather,
    b: &Gather,
) -> Option<(&'a str, usize, Option<i64>, Option<i64>)> {
    fn row<'g>(gather: &'g Gather, name: &str) -> Option<&'g HeaderRow> {
        gather.headers.iter().find(|row| row.name == name)
    }
    TELL_TRACES_APART
        .iter()
        .filter_map(|name| Some((row(a, name)?, row(b, name)?)))
        .find_map(|(mine, theirs)| {
            let pairs = mine.values.iter().zip(&theirs.values);
            let (trace, (x, y)) = pairs.enumerate().find(|(_, (x, y))| x != y)?;
            Some((mine.name.as_str(), trace, *x, *y))
        })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    fn gather(first: u64, n: u64) -> Gather {
        let source = FakeSource::new(20, 8).with_header("ensemble_num", 0..20);
        load_range(&source, first..first + n, &["ensemble_num".to_owned()]).unwrap()
    }

    #[test]
    fn the_same_gather_has_no_difference_and_a_changed_sample_shows() {
        let a = gather(0, 4);
        let (none, share) = difference(&a, &a).unwrap();
        assert!(none.samples.iter().all(|v| *v == 0.0) && share == 0.0);
        let mut b = a.clone();
        b.samples[9] -= 3.0;
        let (made, share) = difference(&a, &b).unwrap();
        assert!((made.samples[9] - 3.0).abs() < 1e-5 && share > 0.0);
        assert_eq!(made.samples.iter().filter(|v| **v != 0.0).count(), 1);
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let a = gather(0, 4);
        let said = |b: &Gather| difference(&a, b).unwrap_err();
        assert!(said(&gather(0, 3)).contains("A has 4 traces here, B has 3"));
        assert!(said(&gather(1, 4)).contains("trace 1 has ensemble_num 0 in A and 1 in B"));
        let mut finer = a.clone();
        finer.axis.interval /= 2.0;
        assert!(said(&finer).contains("is sampled every"));
        let mut shorter = a.clone();
        shorter.n_samples = 4;
        assert!(said(&shorter).contains("have 8 samples, those of B 4"));
    }
}
