//! Why traces could not be shown.

use crate::dataset::DatasetError;
use crate::segy::SegyError;
use crate::wording;

/// Why traces could not be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowseError {
    /// The dataset cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The file cannot be read.
    #[error(transparent)]
    Segy(#[from] SegyError),
    /// A key that this source does not have.
    #[error("there is no header called \"{name}\"; nearest names: {}", nearest.join(", "))]
    NoSuchHeader {
        /// As asked for.
        name: String,
        /// Similar ones.
        nearest: Vec<String>,
    },
    /// A text that is neither a header nor a computation.
    #[error(
        "\"{key}\" is not a key: {problem}. Name a header, or compute with headers as in bin(offset, 100)"
    )]
    NotAKey {
        /// As typed.
        key: String,
        /// What was expected where.
        problem: String,
    },
    /// More gathers, or more scattered ones, than memory is given for.
    #[error(
        "by this key the traces fall into {} and {}, whose index takes more than {}. Choose a coarser key, as bin(offset, 100)",
        wording::things(*n_gathers, "gather"), wording::things(*n_runs, "run"), wording::bytes(*limit_bytes)
    )]
    IndexTooLarge {
        /// Gathers so far.
        n_gathers: u64,
        /// Runs of traces so far.
        n_runs: u64,
        /// Bytes so far.
        needed_bytes: u64,
        /// What is allowed.
        limit_bytes: u64,
    },
    /// A gather with more samples than may be held at once.
    #[error(
        "this gather has {}, {} in memory; no more than {} are shown at once. Choose a finer key, or fewer traces",
        wording::things(*n_traces, "trace"), wording::bytes(*needed_bytes), wording::bytes(*limit_bytes)
    )]
    GatherTooLarge {
        /// Traces in it.
        n_traces: u64,
        /// As f32.
        needed_bytes: u64,
        /// What is allowed.
        limit_bytes: u64,
    },
    /// A position behind the last gather.
    #[error("there is no gather {}; the last one is {n_gathers}", position + 1)]
    NoSuchGather {
        /// From 0.
        position: usize,
        /// All of them.
        n_gathers: usize,
    },
    /// Traces behind the last one.
    #[error("there are no traces {first} to {last}; the source has {n_traces}, counted from 0")]
    NoSuchTraces {
        /// From 0.
        first: u64,
        /// The last one asked for.
        last: u64,
        /// All of them.
        n_traces: u64,
    },
    /// A bug of ours, caught.
    #[error("loading the gather failed inside the program: {message}. Please report this")]
    Panicked {
        /// The panic's own words.
        message: String,
    },
}

/// [`BrowseError::NoSuchHeader`] with the names that look most like `name`.
pub(super) fn no_such_header(name: &str, known: &[String]) -> BrowseError {
    let wanted = name.to_lowercase();
    let mut ranked: Vec<(usize, &String)> = known
        .iter()
        .map(|known| (unlikeness(&wanted, known), known))
        .collect();
    ranked.sort();
    BrowseError::NoSuchHeader {
        name: name.to_owned(),
        nearest: ranked.into_iter().take(3).map(|(_, n)| n.clone()).collect(),
    }
}

/// 0 where one name holds the other, else the letters to change (Levenshtein).
fn unlikeness(a: &str, b: &str) -> usize {
    if !a.is_empty() && (b.contains(a) || a.contains(b)) {
        return 0;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..b.len() {
            let changed = diagonal + usize::from(letter != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_are_named() {
        let known = [
            "cdp",
            "inline",
            "crossline",
            "offset",
            "field_record_number",
        ]
        .map(str::to_owned)
        .to_vec();
        let text = no_such_header("Crosline", &known).to_string();
        assert!(
            text.starts_with("there is no header called \"Crosline\"; nearest names: crossline"),
            "{text}"
        );
        let text = no_such_header("record", &known).to_string();
        assert!(text.contains("names: field_record_number"), "{text}");
    }
}
