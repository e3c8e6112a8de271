//! How do users say what stands in the textual file header?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::export::ExportError;
use crate::segy::TEXTUAL_HEADER_BYTES;

/// Lines of a textual header, and characters of a line.
const LINES: usize = 40;
const LINE_CHARACTERS: usize = TEXTUAL_HEADER_BYTES / LINES;

/// Lines of a text file (UTF-8) that shall become the textual file header.
///
/// # Errors
/// When it cannot be read, or has more or longer lines than a textual header.
pub fn read_text_lines(path: &Path) -> Result<Vec<String>, ExportError> {
    /// A full header in four bytes a character, and line ends.
    const MOST_BYTES: u64 = 4 * TEXTUAL_HEADER_BYTES as u64 + 1024;

    let failed = |source| ExportError::io("read the text", path)(source);
    let file = File::open(path).map_err(failed)?;
    let mut text = String::new();
    let read = file.take(MOST_BYTES + 1).read_to_string(&mut text);
    read.map_err(failed)?;
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    check_lines(&lines)?;
    Ok(lines)
}

/// "C 7 PROCESSED BY NOBODY": the number of the line, and the line as a whole.
///
/// # Errors
/// A sentence, when it does not begin with C and a number from 1 to 40, or is too long.
pub fn text_line(text: &str) -> Result<(u8, String), String> {
    let number: Option<u8> = text
        .strip_prefix(['C', 'c'])
        .map(str::trim_start)
        .and_then(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
    let number = number
        .filter(|&n| (1..=LINES).contains(&usize::from(n)))
        .ok_or_else(|| {
            format!("\"{text}\" begins with no line number; write 'C 1 …' to 'C40 …'")
        })?;
    check_line(number, text)?;
    Ok((number, text.to_owned()))
}

/// Whether all lines fit into a textual header.
pub(super) fn check_lines(lines: &[String]) -> Result<(), ExportError> {
    let unfit = |problem: String| ExportError::FormUnfit { problem };
    if lines.len() > LINES {
        return Err(unfit(format!(
            "the text has {} lines, and a textual header holds {LINES}; leave some out",
            lines.len()
        )));
    }
    for (number, line) in (1..).zip(lines) {
        check_line(number, line).map_err(unfit)?;
    }
    Ok(())
}

/// Whether a line fits into its place.
pub(super) fn check_line(number: u8, line: &str) -> Result<(), String> {
    let n = line.chars().count();
    if n > LINE_CHARACTERS {
        return Err(format!(
            "line {number} of the text has {n} characters, and a line holds {LINE_CHARACTERS}; shorten it"
        ));
    }
    let foreign = |&c: &char| u8::try_from(c).is_err() || c.is_control();
    line.chars().find(foreign).map_or(Ok(()), |c| {
        Err(format!(
            "line {number} of the text has the character {c:?}, which textual headers cannot hold; write another"
        ))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_line_says_where_it_stands() {
        assert_eq!(
            text_line("C 1 CLIENT: ME"),
            Ok((1, "C 1 CLIENT: ME".to_owned()))
        );
        assert_eq!(text_line("C40 END").unwrap().0, 40);
        assert_eq!(text_line("c7").unwrap().0, 7);
        for wrong in ["CLIENT", "C 0 X", "C41 X", "C", "", "7 X", "C 1 \u{2192}"] {
            assert!(text_line(wrong).is_err(), "{wrong}");
        }
        let long = format!("C 2 {}", "X".repeat(77));
        assert!(text_line(&long).unwrap_err().contains("81 characters"));
    }

    #[test]
    fn a_text_file_is_read_by_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.txt");
        std::fs::write(&path, "C 1 ONE  \r\nC 2 TWO\n").unwrap();
        assert_eq!(read_text_lines(&path).unwrap(), ["C 1 ONE", "C 2 TWO"]);
        std::fs::write(&path, "X\n".repeat(41)).unwrap();
        let error = read_text_lines(&path).unwrap_err().to_string();
        assert!(error.contains("41 lines"), "{error}");
        std::fs::write(&path, [0xc3, 0xf1, 0x40]).unwrap();
        assert!(read_text_lines(&path).is_err(), "not UTF-8");
    }
}
