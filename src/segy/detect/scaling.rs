//! By which scalars are coordinates and start times to be taken?
//!
//! The words of a few trace headers are the evidence. The coordinate scalar is older than the
//! standard's revisions and always counts. The scalar of times stands in bytes that were anybody's
//! before revision 1: it counts only if it is one that the standard knows, and if times stay times.

use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::{
    ByteOrder, Decided, FieldKind, LayoutOverrides, Revision, Scalar, SegyError, is_legal_scalar,
    scaled,
};
use crate::wording;

/// No trace starts later: a scalar that makes it so is none.
const LATEST_START_MILLIS: f64 = 200_000.0;

/// What was decided.
#[derive(Debug)]
pub(super) struct Scalings {
    pub(super) coordinate_scalar: Decided<Scalar>,
    pub(super) delay_millis: Decided<Option<f64>>,
    pub(super) time_scalar: Decided<Scalar>,
}

/// The words of a few trace headers.
#[derive(Debug, Default)]
pub(super) struct Words {
    coordinate_scalars: Vec<i64>,
    delays: Vec<i64>,
    time_scalars: Vec<i64>,
}

impl Words {
    /// Of the first two traces, one in the middle, and the last.
    pub(super) fn read(
        source: &Source,
        n_traces: u64,
        order: ByteOrder,
        position_of: impl Fn(u64) -> Result<u64, SegyError>,
    ) -> Result<Self, SegyError> {
        let mut traces = vec![0, 1, n_traces / 2, n_traces.saturating_sub(1)];
        traces.sort_unstable();
        traces.dedup();
        let mut words = Self::default();
        for trace_index in traces.into_iter().filter(|&trace| trace < n_traces) {
            let position = position_of(trace_index)?;
            let header = source.read(position..position + TRACE_HEADER_BYTES as u64)?;
            words.add(&header, order);
        }
        Ok(words)
    }

    fn add(&mut self, header: &[u8], order: ByteOrder) {
        let word = |byte| FieldKind::I16.read_i64(header, byte, order).unwrap_or(0);
        self.coordinate_scalars.push(word(71));
        self.delays.push(word(109));
        self.time_scalars.push(word(215));
    }
}

/// Decides all three.
pub(super) fn decide(words: &Words, revision: Revision, overrides: &LayoutOverrides) -> Scalings {
    Scalings {
        coordinate_scalar: match overrides.coordinate_scalar {
            Some(scalar) => Decided::by_user(scalar),
            None => Decided::new(Scalar::OfEachTrace, coordinates(&words.coordinate_scalars)),
        },
        delay_millis: match overrides.delay_millis {
            Some(millis) => Decided::by_user(Some(millis)),
            None => Decided::new(None, format!("bytes 109–110 {}", say(&words.delays))),
        },
        time_scalar: match overrides.time_scalar {
            Some(scalar) => Decided::by_user(scalar),
            None => time_scalar(words, revision),
        },
    }
}

/// "say -100 in the headers looked at", "say 40 to 48 in …".
fn say(words: &[i64]) -> String {
    let least = words.iter().min().copied().unwrap_or(0);
    let most = words.iter().max().copied().unwrap_or(0);
    let range = if least == most {
        wording::integer(least)
    } else {
        format!("{} to {}", wording::integer(least), wording::integer(most))
    };
    format!("say {range} in the headers looked at")
}

fn coordinates(scalars: &[i64]) -> String {
    let said = format!("bytes 71–72 {}", say(scalars));
    let first = scalars.first().copied().unwrap_or(0);
    if scalars.iter().any(|&scalar| scalar != first) {
        return format!("{said}; coordinates are taken by each trace's own");
    }
    let effect = match first {
        0 => "which counts as 1".to_owned(),
        1 | -1 => "coordinates are taken as they stand".to_owned(),
        ..0 => format!(
            "which divides coordinates by {}",
            wording::count(first.unsigned_abs())
        ),
        2.. => format!(
            "which multiplies coordinates by {}",
            wording::integer(first)
        ),
    };
    format!("{said}, {effect}")
}

fn time_scalar(words: &Words, revision: Revision) -> Decided<Scalar> {
    let none = Scalar::Constant(1);
    let said = format!("bytes 215–216 {}", say(&words.time_scalars));
    if words.time_scalars.iter().all(|&scalar| scalar == 0) {
        return Decided::new(none, format!("{said}, which counts as 1"));
    }
    if words
        .time_scalars
        .iter()
        .all(|scalar| matches!(scalar, -1..=1))
    {
        return Decided::new(none, format!("{said}: times are taken as they stand"));
    }
    let latest = latest_start(words);
    let against = if revision.major < 1 {
        Some("revision 0 knows no scalar of times, those bytes are anybody's".to_owned())
    } else if words.time_scalars.iter().any(|&s| !is_legal_scalar(s)) {
        Some("that is no scalar of the standard's".to_owned())
    } else if latest > LATEST_START_MILLIS {
        Some(format!("traces would start at {latest} ms by that"))
    } else {
        None
    };
    match against {
        Some(reason) => Decided::new(none, format!("{said}, but {reason}"))
            .instead_of("the header's own, if it is a scalar; compare with --time-scalar header"),
        None => Decided::new(Scalar::OfEachTrace, format!("{said}{}", effect(words))).instead_of(
            "1, if the delay is in milliseconds as it stands; compare with --time-scalar ignore",
        ),
    }
}

/// The largest start time that the scalars would make.
fn latest_start(words: &Words) -> f64 {
    let starts = words.delays.iter().zip(&words.time_scalars);
    starts
        .map(|(&delay, &scalar)| scaled(delay as f64, scalar).abs())
        .fold(0.0, f64::max)
}

/// "; a delay of 10 000 is 1 000 ms by that".
fn effect(words: &Words) -> String {
    let pairs = words.delays.iter().zip(&words.time_scalars);
    let told = pairs.into_iter().find(|(delay, _)| **delay != 0);
    told.map_or_else(
        || "; the delay is 0 anyway".to_owned(),
        |(&delay, &scalar)| {
            let millis = scaled(delay as f64, scalar);
            format!(
                "; a delay of {} is {millis} ms by that",
                wording::integer(delay)
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const REVISION_1: Revision = Revision { major: 1, minor: 0 };

    fn words(delays: &[i64], time_scalars: &[i64]) -> Words {
        Words {
            coordinate_scalars: vec![-100; delays.len()],
            delays: delays.to_vec(),
            time_scalars: time_scalars.to_vec(),
        }
    }

    fn decided(delays: &[i64], scalars: &[i64], revision: Revision) -> Decided<Scalar> {
        decide(
            &words(delays, scalars),
            revision,
            &LayoutOverrides::default(),
        )
        .time_scalar
    }

    #[test]
    fn a_believable_scalar_of_times_is_taken_with_what_it_does() {
        let found = decided(&[10_000, 10_000], &[-10, -10], REVISION_1);
        assert_eq!(found.value, Scalar::OfEachTrace);
        assert_eq!(
            found.decided_by,
            "bytes 215–216 say -10 in the headers looked at; a delay of 10 000 is 1 000 ms by that"
                .replace("1 000 ms", "1000 ms")
        );
        assert_eq!(found.alternatives.len(), 1);
    }

    #[test]
    fn what_is_no_scalar_of_times_is_said_and_left_out() {
        let old = Revision { major: 0, minor: 0 };
        for (delays, scalars, revision, why) in [
            ([40, 40], [0, 0], REVISION_1, "counts as 1"),
            ([40, 40], [1, 0], REVISION_1, "as they stand"),
            (
                [40, 40],
                [20, 20],
                REVISION_1,
                "no scalar of the standard's",
            ),
            ([40, 40], [-10, -10], old, "anybody's"),
            ([4000, 40], [1000, 1000], REVISION_1, "4000000 ms"),
        ] {
            let found = decided(&delays, &scalars, revision);
            assert_eq!(found.value, Scalar::Constant(1), "{scalars:?}");
            assert!(found.decided_by.contains(why), "{}", found.decided_by);
        }
    }

    #[test]
    fn coordinate_scalars_are_told_with_their_effect() {
        for (scalars, tells) in [
            ([-100, -100], "divides coordinates by 100"),
            ([1000, 1000], "multiplies coordinates by 1 000"),
            ([0, 0], "counts as 1"),
            (
                [1, -10],
                "say -10 to 1 in the headers looked at; coordinates are taken by each",
            ),
        ] {
            let told = coordinates(&scalars);
            assert!(told.contains(tells), "{told}");
        }
    }

    #[test]
    fn the_user_decides_before_any_word() {
        let overrides = LayoutOverrides {
            coordinate_scalar: Some(Scalar::Constant(-10)),
            delay_millis: Some(120.0),
            time_scalar: Some(Scalar::Constant(1)),
            ..LayoutOverrides::default()
        };
        let found = decide(&words(&[40], &[-10]), REVISION_1, &overrides);
        assert_eq!(found.coordinate_scalar.value, Scalar::Constant(-10));
        assert_eq!(found.delay_millis.value, Some(120.0));
        assert_eq!(found.time_scalar.decided_by, "given by the user");
    }
}
