//! Which sample interval does the textual header speak of? A hint where no header word has one.

use crate::segy::TextEncoding;

/// What the text says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldInterval {
    /// In microseconds.
    pub(super) micros: f64,
    /// The words of the text.
    pub(super) words: String,
}

/// Words of the trade for the interval, as they stand in front of its number.
const NAMES: [[&str; 2]; 5] = [
    ["SAMPLE", "INTERVAL"],
    ["SAMPLING", "INTERVAL"],
    ["SAMPLE", "RATE"],
    ["SAMPLING", "RATE"],
    ["SAMPLE", "PERIOD"],
];
/// Units, and microseconds of each.
const UNITS: [(&str, f64); 14] = [
    ("MS", 1e3),
    ("MSEC", 1e3),
    ("MSECS", 1e3),
    ("MILLISECOND", 1e3),
    ("MILLISECONDS", 1e3),
    ("US", 1.0),
    ("USEC", 1.0),
    ("MICROS", 1.0),
    ("MICROSEC", 1.0),
    ("MICROSECOND", 1.0),
    ("MICROSECONDS", 1.0),
    ("SEC", 1e6),
    ("SECOND", 1e6),
    ("SECONDS", 1e6),
];
/// A microsecond to ten seconds.
const PLAUSIBLE_MICROS: std::ops::RangeInclusive<f64> = 1.0..=1e7;

/// The first interval with a unit in the text. A number without a unit is not taken: 4 may be
/// milliseconds, 250 may be samples a second.
pub(super) fn find(text: &[u8], encoding: TextEncoding) -> Option<ToldInterval> {
    let text = encoding.decode(text).to_uppercase();
    lines(&text).find_map(|line| in_line(&line))
}

/// Lines of 80 letters, or as they are broken.
fn lines(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let cards: Vec<String> = letters
        .chunks(80)
        .map(|card| card.iter().collect())
        .collect();
    cards
        .into_iter()
        .flat_map(|card| card.lines().map(str::to_owned).collect::<Vec<_>>())
}

fn in_line(line: &str) -> Option<ToldInterval> {
    let words = words_of(line);
    NAMES.iter().find_map(|[first, second]| {
        let at = words
            .windows(2)
            .position(|pair| matches!(pair, [a, b] if a == first && b == second))?;
        let [number, unit] = words.get(at + 2..at + 4)? else {
            return None;
        };
        let value: f64 = number.parse().ok()?;
        let (_, factor) = UNITS.iter().find(|(name, _)| name == unit)?;
        let micros = value * factor;
        PLAUSIBLE_MICROS.contains(&micros).then(|| ToldInterval {
            micros,
            words: format!("{first} {second} {number} {unit}"),
        })
    })
}

/// Words and numbers, apart also where no blank parts them ("4MS", "RATE:2").
fn words_of(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = None;
    for letter in line.chars() {
        let new_kind = match letter {
            '0'..='9' | '.' => Some(true),
            'A'..='Z' => Some(false),
            _ => None,
        };
        match (new_kind, words.last_mut()) {
            (Some(_), Some(word)) if new_kind == kind => word.push(letter),
            (Some(_), _) => words.push(letter.to_string()),
            (None, _) => {}
        }
        kind = new_kind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<(f64, String)> {
        let mut text = " ".repeat(80);
        text.push_str(line);
        let bytes = TextEncoding::Ebcdic.encode(&text);
        find(&bytes, TextEncoding::Ebcdic).map(|told| (told.micros, told.words))
    }

    #[test]
    fn intervals_are_found_as_people_write_them() {
        let cases = [
            ("C 5 SAMPLE INTERVAL 4 MS", 4000.0),
            ("C 5 SAMPLE INTERVAL: 2000 US  SAMPLES/TRACE: 1500", 2000.0),
            ("C12 SAMPLING RATE=0.5MSEC", 500.0),
            ("C 6 Sample rate : 2 milliseconds", 2000.0),
            ("C 6 sample interval (0.004 sec)", 4000.0),
        ];
        for (line, micros) in cases {
            assert_eq!(found(line).map(|(found, _)| found), Some(micros), "{line}");
        }
        assert_eq!(
            found("C 5 SAMPLE INTERVAL: 4MS")
                .map(|(_, words)| words)
                .as_deref(),
            Some("SAMPLE INTERVAL 4 MS")
        );
    }

    #[test]
    fn templates_rates_and_bare_numbers_are_no_interval() {
        for line in [
            "C 6 SAMPLE INTERVAL        SAMPLES/TRACE       BITS/IN",
            "C 6 SAMPLE RATE 250 HZ",
            "C 6 SAMPLE INTERVAL 4",
            "C 6 SAMPLE INTERVAL 0 MS",
            "C 6 SAMPLE INTERVAL 99999 SEC",
            "C 6 RECORD LENGTH 6000 MS",
        ] {
            assert_eq!(found(line), None, "{line}");
        }
    }
}
