//! How well does a name fit what was typed? Letters in order, words' beginnings first.

/// How well `query` fits `name`: more is better, `None` not at all. Spaces and cases do not count.
pub(super) fn score(query: &str, name: &str) -> Option<i32> {
    let letters: Vec<char> = query
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    if letters.is_empty() {
        return Some(0);
    }
    // From every place where the first letter stands: the first one found is not always the best.
    let starts = (0..name.len()).filter(|&at| name.get(at) == letters.first());
    starts
        .filter_map(|at| score_from(&letters, &name, at))
        .max()
}

fn score_from(letters: &[char], name: &[char], start: usize) -> Option<i32> {
    let mut score = 0;
    let mut at = start;
    let mut before = None;
    for letter in letters {
        let found = at + name.get(at..)?.iter().position(|c| c == letter)?;
        score += match before {
            Some(before) if before + 1 == found => 6,
            _ if begins_word(name, found) => 5,
            Some(_) | None => -1,
        };
        // Letters between that say something else.
        score -= i32::try_from(found - at).unwrap_or(i32::MAX).min(8);
        before = Some(found);
        at = found + 1;
    }
    // Of two that fit alike the shorter, and the one where it stands first.
    let rest = name.len().saturating_sub(letters.len());
    Some(score * 4 - i32::try_from(rest + start).unwrap_or(i32::MAX).min(60) / 4)
}

fn begins_word(name: &[char], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| name.get(before))
        .is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(query: &str, names: &[&'a str]) -> Option<&'a str> {
        names
            .iter()
            .filter_map(|name| Some((score(query, name)?, *name)))
            .max_by_key(|(score, _)| *score)
            .map(|(_, name)| name)
    }

    #[test]
    fn names_are_found_by_words_pieces_and_initials() {
        let names = [
            "Next gather",
            "Go to a key value",
            "Reverse the polarity",
            "Theme: dark or light",
            "Next zoom",
            "Close this page",
        ];
        assert_eq!(best("polarity", &names), Some("Reverse the polarity"));
        assert_eq!(best("go to", &names), Some("Go to a key value"));
        assert_eq!(best("theme", &names), Some("Theme: dark or light"));
        assert_eq!(best("nz", &names), Some("Next zoom"));
        assert_eq!(best("ngath", &names), Some("Next gather"));
        assert_eq!(best("xyz", &names), None);
    }

    #[test]
    fn nothing_typed_fits_everything_alike() {
        assert_eq!(score("  ", "Fit"), Some(0));
        assert_eq!(score("fit", ""), None);
    }
}
