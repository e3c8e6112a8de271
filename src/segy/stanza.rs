//! Which stanzas do the extended textual headers and the data trailer hold? (r2.0 §6, §8)
//!
//! ```text
//! ((SEG: Measurement Units ver 1.0))      the stanza's header: a line of its own
//! Data Sample Measurement Unit = …        its body, until the next header or ((SEG: EndText))
//! ```
//! A stanza may run over several records of 3200 bytes. Lines are cards of 80 characters, or end
//! with carriage returns and line feeds. Bodies stay text: what XML or base64 in them says is not
//! our business.

use std::ops::Range;

use super::{TEXTUAL_HEADER_BYTES, TextEncoding, TextualHeader};

/// One stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stanza {
    /// Within the double parentheses: "SEG: Measurement Units ver 1.0". Empty for text in front of
    /// the first stanza.
    pub name: String,
    /// The lines behind its header, blanks at their ends removed, joined by line feeds.
    pub body: String,
    /// Where it lies in the file, its header included.
    pub bytes: Range<u64>,
}

/// Characters of a line without line ends.
const CARD: usize = 80;

/// One line of a record.
struct Line {
    text: String,
    start: u64,
    end: u64,
}

/// The stanzas of pages of extended textual headers that were kept apart from their file.
pub fn stanzas_of_pages(pages: &[TextualHeader]) -> Vec<Stanza> {
    parse(pages, 0)
}

/// The stanzas of records that lie one after another in the file from `position` on.
///
/// Records of blanks or zeros only, and the stanza `EndText`, are left out.
pub(super) fn parse(records: &[TextualHeader], position: u64) -> Vec<Stanza> {
    let mut stanzas: Vec<Stanza> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    let mut start = position;
    for record in records {
        lines_of(record, start, &mut lines);
        start += record.raw.len() as u64;
    }
    let mut open: Option<(Stanza, Vec<String>)> = None;
    for line in lines {
        if let Some(name) = stanza_name(&line.text) {
            close(open.take(), &mut stanzas);
            open = Some((begin(name, &line), Vec::new()));
            continue;
        }
        let (stanza, body) = open.get_or_insert_with(|| (begin(String::new(), &line), Vec::new()));
        stanza.bytes.end = line.end;
        body.push(line.text);
    }
    close(open, &mut stanzas);
    stanzas
}

fn begin(name: String, line: &Line) -> Stanza {
    Stanza {
        name,
        body: String::new(),
        bytes: line.start..line.end,
    }
}

/// Adds a finished stanza, if it says anything.
fn close(open: Option<(Stanza, Vec<String>)>, stanzas: &mut Vec<Stanza>) {
    let Some((mut stanza, body)) = open else {
        return;
    };
    let text = body.join("\n");
    let text = text.trim_end();
    let text = if stanza.name.is_empty() {
        text.trim_start_matches('\n')
    } else {
        text
    };
    stanza.body.push_str(text);
    let says_nothing = stanza.name.is_empty() && stanza.body.trim().is_empty();
    if !says_nothing && !is_end_text(&stanza.name) {
        stanzas.push(stanza);
    }
}

/// `SEG: EndText`, blanks and case aside.
fn is_end_text(name: &str) -> bool {
    let squeezed: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    squeezed.eq_ignore_ascii_case("seg:endtext")
}

/// The name in a stanza's header, if the line is one: double parentheses around a name with a colon.
fn stanza_name(line: &str) -> Option<String> {
    let inner = line.trim_start().strip_prefix("((")?;
    let name = inner.split_once("))")?.0.trim();
    name.contains(':').then(|| name.to_owned())
}

/// The lines of a record: by its line ends where it has any, else cards.
fn lines_of(record: &TextualHeader, start: u64, lines: &mut Vec<Line>) {
    let text: Vec<char> = record.encoding.decode(&record.raw).chars().collect();
    let is_end = |c: &char| matches!(c, '\n' | '\r' | '\u{85}');
    let has_ends = text.iter().any(|c| matches!(c, '\n' | '\u{85}'))
        || text.windows(2).any(|pair| pair == ['\r', '\n']);
    let mut add = |from: usize, to: usize| {
        let shown: String = text
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .map(|&c| if c.is_control() { ' ' } else { c })
            .collect();
        lines.push(Line {
            text: shown.trim_end().to_owned(),
            start: start + from as u64,
            end: start + to as u64,
        });
    };
    if !has_ends {
        for from in (0..text.len()).step_by(CARD) {
            add(from, text.len().min(from + CARD));
        }
        return;
    }
    let mut from = 0;
    while from < text.len() {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        add(from, from + length);
        let ends = match rest.get(length..length + 2) {
            Some(['\r', '\n']) => 2,
            _ => 1,
        };
        from += length + ends;
    }
}

/// Blocks of 3200 bytes as records, each in the code that it looks like; `None` where they do not
/// read as text.
pub(super) fn records_of(
    bytes: &[u8],
    encoding: Option<TextEncoding>,
) -> Option<Vec<TextualHeader>> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(TEXTUAL_HEADER_BYTES) {
        return None;
    }
    bytes
        .chunks(TEXTUAL_HEADER_BYTES)
        .map(|raw| {
            let reads = super::text::looks_like_text(raw) || raw.iter().all(|&byte| byte == 0);
            reads.then(|| TextualHeader {
                raw: raw.to_vec(),
                encoding: encoding.unwrap_or_else(|| TextEncoding::guess(raw)),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(lines: &[&str], encoding: TextEncoding) -> TextualHeader {
        TextualHeader::from_lines(lines, encoding)
    }

    #[test]
    fn stanzas_run_over_records_and_end_where_the_next_begins() {
        for encoding in [TextEncoding::Ebcdic, TextEncoding::Ascii] {
            let mut lines = vec![
                "WORDS IN FRONT",
                "((SEG: Location Data ver 1.0))",
                "Type = 1",
            ];
            lines.resize(39, "");
            lines.push("last line of the record");
            let records = [
                record(&lines, encoding),
                record(
                    &[
                        "first of the next",
                        "  (( ACME : Own Things ver 2 )) x",
                        "<xml/>",
                    ],
                    encoding,
                ),
                record(&["((SEG: EndText))", "not looked at"], encoding),
            ];
            let stanzas = parse(&records, 3600);
            let names: Vec<&str> = stanzas.iter().map(|stanza| stanza.name.as_str()).collect();
            assert_eq!(
                names,
                ["", "SEG: Location Data ver 1.0", "ACME : Own Things ver 2"]
            );
            assert_eq!(stanzas[0].body, "WORDS IN FRONT");
            assert_eq!(stanzas[0].bytes, 3600..3680);
            assert!(stanzas[1].body.starts_with("Type = 1\n\n"));
            assert!(
                stanzas[1]
                    .body
                    .ends_with("last line of the record\nfirst of the next")
            );
            assert_eq!(stanzas[1].bytes, 3680..3600 + 3200 + 80);
            assert_eq!(stanzas[2].body, "<xml/>");
            assert_eq!(stanzas[2].bytes, 6880..10_000);
        }
    }

    #[test]
    fn lines_may_end_with_line_feeds() {
        let mut raw =
            b"((SEG: A ver 1.0))\r\nUnit = m\r\n\r\n((X: B ver 1))\nyes (( no ))\n".to_vec();
        raw.resize(3200, b' ');
        let header = TextualHeader {
            raw,
            encoding: TextEncoding::Ascii,
        };
        let stanzas = parse(&[header], 0);
        assert_eq!(stanzas.len(), 2);
        assert_eq!(stanzas[0].body, "Unit = m");
        assert_eq!(stanzas[1].body, "yes (( no ))");
    }

    #[test]
    fn empty_records_hold_no_stanza() {
        for byte in [0, b' '] {
            let header = TextualHeader {
                raw: vec![byte; 3200],
                encoding: TextEncoding::Ascii,
            };
            assert_eq!(parse(&[header], 0), []);
        }
        assert_eq!(parse(&[], 0), []);
    }
}
