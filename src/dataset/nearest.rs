//! Which existing names did the user probably mean?

/// How many names are suggested.
const MAX_SUGGESTIONS: usize = 3;

/// The names most like `wanted`, best first; at most three.
pub(super) fn nearest_names<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (distance_to(&wanted, name), name))
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .take(MAX_SUGGESTIONS)
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// Edit distance; a name that contains the wanted one (or the other way round) counts as near.
fn distance_to(wanted: &str, name: &str) -> usize {
    let contained = !wanted.is_empty() && (name.contains(wanted) || wanted.contains(name));
    if contained {
        return wanted.len().abs_diff(name.len()).min(2);
    }
    edit_distance(wanted.as_bytes(), name.as_bytes())
}

/// Levenshtein's distance with one row in memory.
fn edit_distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            left = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_counts_single_changes() {
        let cases = [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("inline", "inlien", 2),
        ];
        for (a, b, distance) in cases {
            assert_eq!(
                edit_distance(a.as_bytes(), b.as_bytes()),
                distance,
                "{a} {b}"
            );
        }
    }

    #[test]
    fn a_slip_of_the_finger_finds_the_name() {
        let names = ["trace_index", "inline", "crossline", "ensemble_number"];
        assert_eq!(nearest_names("inlien", names)[0], "inline");
        assert_eq!(nearest_names("Ensemble", names)[0], "ensemble_number");
        assert_eq!(nearest_names("x", names).len(), 3);
    }
}
