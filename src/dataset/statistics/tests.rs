#![expect(clippy::unwrap_used, clippy::float_cmp, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn of(samples: &Samples) -> StatisticsAccumulator {
    let mut statistics = StatisticsAccumulator::default();
    statistics.add(samples);
    statistics
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-30)
}

#[test]
fn known_numbers_have_known_statistics() {
    let mut values: Vec<f32> = (1..=1000u16).map(f32::from).collect();
    values.extend([f32::NAN, f32::INFINITY, 0.0, -0.0]);
    let found = of(&Samples::Float32(values)).finish().unwrap();
    assert_eq!(
        (found.count, found.n_non_finite, found.n_zeros),
        (1002, 2, 2)
    );
    assert_eq!((found.min, found.max), (0.0, 1000.0));
    assert!(close(found.mean, 500_500.0 / 1002.0));
    assert!(close(found.rms, (333_833_500.0_f64 / 1002.0).sqrt()));
    for (percentile, exact) in [
        (found.abs_p50, 499.0),
        (found.abs_p90, 900.0),
        (found.abs_p99, 990.0),
        (found.abs_p999, 999.0),
    ] {
        assert!(
            (percentile / exact - 1.0).abs() < 0.01,
            "{percentile} {exact}"
        );
    }
}

#[test]
fn nothing_finite_has_no_statistics() {
    assert_eq!(of(&Samples::Float64(vec![f64::NAN; 3])).finish(), None);
    assert_eq!(of(&Samples::Int8(Vec::new())).finish(), None);
}

#[test]
fn numbers_at_the_ends_of_their_types_stay_finite() {
    let huge = of(&Samples::Float64(vec![f64::MAX, f64::MAX, f64::MIN]))
        .finish()
        .unwrap();
    assert_eq!((huge.count, huge.n_non_finite), (3, 0));
    assert!(huge.mean.is_finite() && huge.rms.is_finite() && huge.abs_p50.is_finite());
    let integers = of(&Samples::Uint64(vec![u64::MAX; 5])).finish().unwrap();
    assert_eq!(integers.abs_p999, u64::MAX as f64);
    let constant = of(&Samples::Int16(vec![-5; 5])).finish().unwrap();
    assert_eq!((constant.abs_p50, constant.rms), (5.0, 5.0));
}

#[test]
fn padding_is_left_out() {
    let mut statistics = StatisticsAccumulator::default();
    statistics.add_first(&Samples::Int32(vec![7, 7, 0, 0]), 2);
    assert_eq!(statistics.finish().unwrap().n_zeros, 0);
}

#[test]
fn past_a_million_samples_percentiles_stay_within_one_per_cent() {
    // 2,000,003 samples, 1 to 1000 in a mixed order.
    let values: Vec<f32> = (0..2_000_003u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 8) % 1000 + 1)
        .map(|x| x as f32)
        .collect();
    let found = of(&Samples::Float32(values)).finish().unwrap();
    assert_eq!(found.count, 2_000_003);
    assert!((found.abs_p50 / 500.0 - 1.0).abs() < 0.012, "{found:?}");
    assert!((found.abs_p99 / 990.0 - 1.0).abs() < 0.012, "{found:?}");
}

proptest! {
    #[test]
    fn the_fast_sums_are_the_plain_sums(
        mut values in proptest::collection::vec(
            prop_oneof![any::<f32>(), -100.0f32..100.0, Just(0.0), Just(f32::NAN)], 64..1024),
        scale in prop_oneof![Just(1.0f32), Just(1e-10), Just(1e10)],
        all_huge in any::<bool>(),
    ) {
        values.truncate(values.len() / 64 * 64);
        if !all_huge {
            for x in &mut values {
                *x = (*x % 1000.0) * scale;
            }
        }
        let wide = Sums::wide(&values);
        if let Some(narrow) = Sums::narrow(&values) {
            let summed = (wide.sum_of_squares * wide.n_finite as f64).sqrt();
            prop_assert!((wide.sum - narrow.sum).abs() <= 1e-5 * summed);
            prop_assert!(close(wide.sum_of_squares, narrow.sum_of_squares));
            let alike = Sums { sum: wide.sum, sum_of_squares: wide.sum_of_squares, ..narrow };
            prop_assert_eq!(wide, alike);
        } else {
            let largest = wide.max.abs().max(wide.min.abs());
            let all_finite = wide.n_finite == values.len() as u64;
            prop_assert!(!all_finite || !(1e-14..1e14).contains(&largest));
        }
    }

    #[test]
    fn merged_partials_are_the_statistics_of_all(
        values in proptest::collection::vec(any::<f32>(), 1..3000),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(values.len());
        let whole = of(&Samples::Float32(values.clone()));
        let mut merged = of(&Samples::Float32(values[..cut].to_vec()));
        merged.merge(&of(&Samples::Float32(values[cut..].to_vec())));
        prop_assert_eq!(&whole.histogram, &merged.histogram);
        prop_assert_eq!(whole.count() + whole.n_non_finite(), values.len() as u64);
        match (whole.finish(), merged.finish()) {
            (Some(whole), Some(merged)) => {
                // Sums of huge numbers of both signs cancel: compare with what was summed.
                prop_assert!((whole.mean - merged.mean).abs() <= 1e-6 * whole.rms);
                prop_assert!(close(whole.rms, merged.rms));
                let alike = AmplitudeStatistics { mean: whole.mean, rms: whole.rms, ..merged };
                prop_assert_eq!(whole, alike);
            }
            (whole, merged) => prop_assert_eq!(whole, merged),
        }
    }

    #[test]
    fn a_percentile_is_within_one_per_cent(mut values in proptest::collection::vec(1e-30f32..1e30, 1..500)) {
        let found = of(&Samples::Float32(values.clone())).finish().unwrap();
        values.sort_by(f32::total_cmp);
        let exact = f64::from(values[(values.len() * 9).div_ceil(10) - 1]);
        prop_assert!((found.abs_p90 / exact - 1.0).abs() < 0.01);
    }
}
