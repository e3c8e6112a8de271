//! Which names did the user perhaps mean?

/// Up to three of `names`, nearest to `wanted` first: few typing errors, or one holds the other.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let limit = (wanted.len() / 3).max(1);
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let distance = edit_distance(&wanted, &name.to_lowercase());
            let holds = wanted.len() >= 3 && (name.contains(&wanted) || wanted.contains(name));
            if distance <= limit {
                Some((distance, name))
            } else {
                holds.then_some((limit + 1, name))
            }
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
        .into_iter()
        .take(3)
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// Insertions, deletions and replacements that turn `a` into `b`.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_near_and_other_words_are_not() {
        let names = ["inline", "crossline", "shot_point", "cdp_x"];
        assert_eq!(nearest("inlin", names.into_iter()), ["inline"]);
        assert_eq!(nearest("shotpoint", names.into_iter()), ["shot_point"]);
        assert_eq!(nearest("line", names.into_iter()), ["crossline", "inline"]);
        assert!(nearest("azimuth", names.into_iter()).is_empty());
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("abc", "abc"), 0);
    }
}
