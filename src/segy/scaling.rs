//! How do header words become coordinates and start times? Their scalars, and who says them.
//!
//! ```text
//! coordinate  = word × scalar of bytes 71–72        start time = delay (bytes 109–110) × scalar of bytes 215–216
//! ```
//! A positive scalar multiplies, a negative one divides, 0 counts as 1. (r2.0 §7.1)

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::wording;

/// The scalars that the standard allows, beside 0. (r2.0 §7.1, bytes 69–72 and 215–216)
const LEGAL_SCALARS: [i64; 10] = [1, 10, 100, 1000, 10_000, -1, -10, -100, -1000, -10_000];

/// Whether the standard knows this scalar; 0 counts as 1.
pub fn is_legal_scalar(scalar: i64) -> bool {
    scalar == 0 || LEGAL_SCALARS.contains(&scalar)
}

/// A negative scalar divides, a positive one multiplies; 0 counts as 1.
pub fn scaled(value: f64, scalar: i64) -> f64 {
    match scalar {
        0 => value,
        ..0 => value / scalar.unsigned_abs() as f64,
        1.. => value * scalar as f64,
    }
}

/// Who says a scalar. In JSON: `"header"`, or the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Scalar {
    /// The header of each trace.
    #[default]
    OfEachTrace,
    /// The same for all traces, whatever their headers say; never 0.
    Constant(i32),
}

/// A scalar in JSON.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(i32),
    Word(String),
}

impl TryFrom<Written> for Scalar {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Number(number) => Self::parse(&number.to_string()),
            Written::Word(word) => Self::parse(&word),
        }
    }
}

impl From<Scalar> for Written {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::OfEachTrace => Self::Word("header".to_owned()),
            Scalar::Constant(constant) => Self::Number(constant),
        }
    }
}

impl Scalar {
    /// Reads "header", "ignore" (which is 1) or a whole number other than 0.
    ///
    /// # Errors
    /// A sentence about what is expected.
    ///
    /// # Examples
    /// ```
    /// use shotpoint::segy::Scalar;
    /// assert_eq!(Scalar::parse("-100"), Ok(Scalar::Constant(-100)));
    /// assert!(Scalar::parse("0.01").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "header" => Ok(Self::OfEachTrace),
            "ignore" => Ok(Self::Constant(1)),
            // The typographic minus sign is what a PDF gives.
            number => match number.replace('−', "-").parse::<i32>() {
                Ok(0) => {
                    Err("0 is no scalar: say 1 to take values as they are, or header".to_owned())
                }
                Ok(constant) => Ok(Self::Constant(constant)),
                Err(_unparsed) => Err(format!(
                    "\"{text}\" is no whole number; a scalar such as -100 divides by 100, 100 \
                     multiplies, header takes each trace's own, ignore is 1"
                )),
            },
        }
    }

    /// The scalar of a trace whose header says `word`.
    pub fn of(self, word: i64) -> i64 {
        match self {
            Self::OfEachTrace => word,
            Self::Constant(constant) => i64::from(constant),
        }
    }

    /// The scalar that holds for all traces.
    pub fn constant(self) -> Option<i32> {
        match self {
            Self::OfEachTrace => None,
            Self::Constant(constant) => Some(constant),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfEachTrace => f.write_str("each trace's own"),
            Self::Constant(constant) => f.write_str(&wording::integer(i64::from(*constant))),
        }
    }
}

/// How the words of a file's trace headers become coordinates and start times.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Of coordinates.
    pub coordinate_scalar: Scalar,
    /// Of the delay recording time.
    pub time_scalar: Scalar,
    /// When all traces start; `None`: as the delay recording time of each says.
    pub delay_millis: Option<f64>,
}

/// As the trace headers stand: what a file of revision 0 means.
impl Default for Scaling {
    fn default() -> Self {
        Self {
            coordinate_scalar: Scalar::OfEachTrace,
            time_scalar: Scalar::Constant(1),
            delay_millis: None,
        }
    }
}

impl Scaling {
    /// When a trace starts, in milliseconds: `delay` and `scalar` are what its header says.
    pub fn start_millis(&self, delay: i64, scalar: i64) -> f64 {
        if let Some(millis) = self.delay_millis {
            return millis;
        }
        let scalar = match self.time_scalar {
            // What the standard does not know is no scalar in that trace.
            Scalar::OfEachTrace if !is_legal_scalar(scalar) => 1,
            Scalar::OfEachTrace => scalar,
            Scalar::Constant(constant) => i64::from(constant),
        };
        scaled(delay as f64, scalar)
    }

    /// Whether each trace's delay recording time is when it starts, as written.
    pub fn delay_is_as_written(&self) -> bool {
        self.delay_millis.is_none() && self.time_scalar == Scalar::Constant(1)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn scalars_multiply_divide_or_do_nothing() {
        for (scalar, expected) in [
            (10, 1230.0),
            (-100, 1.23),
            (0, 123.0),
            (1, 123.0),
            (-1, 123.0),
        ] {
            assert!((scaled(123.0, scalar) - expected).abs() < 1e-12, "{scalar}");
        }
    }

    #[test]
    fn a_scalar_is_a_word_or_a_number_in_json_and_both_ways_the_same() {
        for (json, scalar) in [
            ("\"header\"", Scalar::OfEachTrace),
            ("-100", Scalar::Constant(-100)),
            ("1", Scalar::Constant(1)),
        ] {
            assert_eq!(serde_json::from_str::<Scalar>(json).unwrap(), scalar);
            assert_eq!(serde_json::to_string(&scalar).unwrap(), json);
        }
        for wrong in ["0", "0.5", "\"none\"", "null"] {
            assert!(serde_json::from_str::<Scalar>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_trace_starts_at_its_delay_times_its_own_scalar_unless_told_otherwise() {
        let each = Scaling {
            time_scalar: Scalar::OfEachTrace,
            ..Scaling::default()
        };
        let of = |scaling: Scaling, scalar| scaling.start_millis(40, scalar).to_string();
        assert_eq!(of(Scaling::default(), -10), "40");
        assert_eq!(of(each, -10), "4");
        assert_eq!(of(each, 0), "40");
        assert_eq!(of(each, 17), "40");
        let told = Scaling {
            delay_millis: Some(-2.5),
            ..each
        };
        assert_eq!(of(told, -10), "-2.5");
        assert!(Scaling::default().delay_is_as_written() && !each.delay_is_as_written());
    }
}
