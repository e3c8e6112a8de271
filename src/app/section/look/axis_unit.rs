//! In which unit does the axis down the side count?

use serde::{Deserialize, Serialize};

use crate::dataset::{VerticalAxis, VerticalDomain};

/// In what the vertical axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AxisUnit {
    /// Milliseconds, metres or feet, as the source says.
    #[default]
    Stored,
    /// Seconds; of a depth axis metres and feet change places.
    Other,
    /// Samples from 0.
    Samples,
}

/// Metres of an international foot.
const FOOT_METRES: f64 = 0.3048;

impl AxisUnit {
    pub(crate) const ALL: [Self; 3] = [Self::Stored, Self::Other, Self::Samples];

    /// The axis in this unit.
    pub(crate) fn applied(self, axis: &VerticalAxis) -> VerticalAxis {
        let scaled = |unit: &str, factor: f64| VerticalAxis {
            unit: unit.to_owned(),
            first: axis.first * factor,
            interval: axis.interval * factor,
            ..axis.clone()
        };
        match (self, axis.domain, axis.unit.as_str()) {
            (Self::Other, VerticalDomain::Time, "ms") => scaled("s", 1e-3),
            (Self::Other, VerticalDomain::Depth, "m") => scaled("ft", 1.0 / FOOT_METRES),
            (Self::Other, VerticalDomain::Depth, "ft") => scaled("m", FOOT_METRES),
            (Self::Samples, _, _) => VerticalAxis {
                domain: VerticalDomain::Sample,
                unit: "sample".to_owned(),
                first: 0.0,
                interval: 1.0,
            },
            (Self::Stored | Self::Other, _, _) => axis.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_counts_in_seconds_feet_or_samples() {
        let axis = |domain, unit: &str| VerticalAxis {
            domain,
            unit: unit.to_owned(),
            first: 100.0,
            interval: 4.0,
        };
        let time = axis(VerticalDomain::Time, "ms");
        let seconds = AxisUnit::Other.applied(&time);
        assert_eq!((seconds.unit.as_str(), seconds.first), ("s", 0.1));
        assert_eq!(AxisUnit::Stored.applied(&time), time);
        assert!(AxisUnit::Samples.applied(&time).first.abs() < 1e-9);
        let feet = AxisUnit::Other.applied(&axis(VerticalDomain::Depth, "m"));
        assert!(feet.unit == "ft" && (feet.interval - 13.123).abs() < 1e-3);
    }
}
