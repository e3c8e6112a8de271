//! Where does the textual header say that keys and coordinates lie?
//!
//! ```text
//! "C12   INLINE BYTES 189-193 ¦ OFFSET BYTES 037-041"   "C25 Xline number : bytes 21-24"
//! "C24 ILINE 189 Integer - 4 byte"                      "C37 INLINE: 189, XLINE: 193,"
//! ```
//! Words are found by a table of phrases (`phrases.rs`). What a text says is a claim, no fact: text
//! is copied from file to file, so the data must agree before anybody believes it.

use super::Role;
use super::phrases::{BYTE_WORDS, FILLERS, PHRASES, USUAL_STARTS, VALUE_WORDS};
use crate::segy::FieldKind;

/// A place that the text names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextClaim {
    pub(super) role: Role,
    /// From 1.
    pub(super) byte: u16,
    pub(super) kind: FieldKind,
    /// From 1.
    pub(super) line: usize,
    /// The line's own words.
    pub(super) quote: String,
    /// Whether it says "byte", gives a whole range, or stands under such a heading.
    pub(super) is_explicit: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(u32),
    /// Between two numbers: "9-12".
    Dash,
    /// ":" "=" "(" and the like.
    Soft,
    /// "," ";" "|".
    Hard,
}

/// What the lines before this one said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Section {
    #[default]
    None,
    /// Under a heading on bytes of the trace header.
    TraceBytes,
    /// Under a heading on the binary header: nothing there is meant.
    Binary,
}

/// All claims of a textual header's lines, in their order.
pub(super) fn claims(lines: &[String]) -> Vec<TextClaim> {
    let mut found = Vec::new();
    let mut section = Section::None;
    for (line, text) in (1..).zip(lines) {
        let tokens = tokens(text);
        section = section_after(section, &tokens);
        if section == Section::Binary || tokens.is_empty() {
            continue;
        }
        let in_section = section == Section::TraceBytes;
        for place in places_of_line(&tokens, in_section) {
            found.push(TextClaim {
                role: place.role,
                byte: place.byte,
                kind: place.kind,
                line,
                quote: text.trim().chars().take(70).collect(),
                is_explicit: place.is_explicit,
            });
        }
    }
    found
}

/// The card's number is no word of the text: "C 6", "C06", "C11FORMAT".
fn without_card_number(text: &str) -> &str {
    let trimmed = text.trim_start();
    let Some(rest) = trimmed.strip_prefix(['C', 'c']) else {
        return trimmed;
    };
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    match digits {
        1 | 2 => rest.get(digits..).unwrap_or(rest),
        _ => trimmed,
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = without_card_number(text)
        .chars()
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        if c.is_ascii_alphanumeric() {
            let word: String = characters
                .iter()
                .skip(at)
                .take_while(|c| c.is_ascii_alphanumeric())
                .collect();
            at += word.len();
            let decimal = characters.get(at) == Some(&'.')
                && characters.get(at + 1).is_some_and(char::is_ascii_digit)
                && word.chars().all(|c| c.is_ascii_digit());
            if decimal {
                // A measure, no byte: "2499.75".
                at += 1;
                while characters.get(at).is_some_and(char::is_ascii_digit) {
                    at += 1;
                }
                tokens.push(Token::Word("DECIMAL".to_owned()));
                continue;
            }
            match word.parse::<u32>() {
                Ok(number) => tokens.push(Token::Number(number)),
                Err(_not_a_number) => tokens.push(Token::Word(word)),
            }
            continue;
        }
        match c {
            '-' | '–' | '~' if matches!(tokens.last(), Some(Token::Number(_))) => {
                tokens.push(Token::Dash);
            }
            ',' | ';' | '|' | '¦' | '!' => tokens.push(Token::Hard),
            ':' | '=' | '(' | ')' | '[' | ']' | '@' | '#' | '<' | '>' => tokens.push(Token::Soft),
            _ => {}
        }
        at += 1;
    }
    tokens
}

fn has_word(tokens: &[Token], words: &[&str]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Word(word) if words.contains(&word.as_str())))
}

fn section_after(section: Section, tokens: &[Token]) -> Section {
    let says = |words: &[&str]| has_word(tokens, words);
    if tokens.is_empty() || says(&["END"]) {
        return Section::None;
    }
    let on_headers = says(&["HEADER", "HEADERS", "HDR"]);
    if says(&["BINARY"]) && on_headers && !says(&["TRACE"]) {
        return Section::Binary;
    }
    let on_places = says(&[
        "BYTE",
        "BYTES",
        "LOCATION",
        "LOCATIONS",
        "POSITION",
        "POSITIONS",
        "MAPPING",
        "LAYOUT",
    ]);
    let has_number = tokens.iter().any(|token| matches!(token, Token::Number(_)));
    let is_heading = on_headers && on_places && !has_number;
    if is_heading || (says(&["TRACE"]) && on_headers && on_places) {
        return Section::TraceBytes;
    }
    section
}

/// A place on a line.
#[derive(Debug)]
struct Place {
    role: Role,
    byte: u16,
    kind: FieldKind,
    is_explicit: bool,
}

/// A phrase on a line.
#[derive(Clone, Copy, Debug)]
struct Mention {
    role: Role,
    start: usize,
    end: usize,
}

fn mentions(tokens: &[Token]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let fits = |words: &&[&str]| {
            words.iter().enumerate().all(|(i, wanted)| {
                matches!(tokens.get(at + i), Some(Token::Word(word)) if word == wanted)
            })
        };
        let longest = PHRASES
            .iter()
            .filter(|(_, words)| fits(words))
            .max_by_key(|(_, words)| words.len());
        match longest {
            Some((role, words)) => {
                let end = at + words.len();
                let before = at.checked_sub(1).and_then(|i| tokens.get(i));
                let is_value = matches!(before, Some(Token::Word(word))
                    if VALUE_WORDS.contains(&word.as_str()));
                if !is_value {
                    found.push(Mention {
                        role: *role,
                        start: at,
                        end,
                    });
                }
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Numbers that say where: first byte, perhaps the last one.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    first: u32,
    last: Option<u32>,
    says_byte: bool,
    /// Behind them.
    end: usize,
}

fn places_of_line(tokens: &[Token], in_section: bool) -> Vec<Place> {
    let mentions = mentions(tokens);
    let backward = stands_before(tokens, &mentions);
    mentions
        .iter()
        .zip((1..).map(|next| mentions.get(next)))
        .enumerate()
        .filter_map(|(i, (mention, next))| {
            if backward {
                let from = i.checked_sub(1).and_then(|i| mentions.get(i));
                let from = from.map_or(0, |mention| mention.end);
                let numbers = numbers_in(tokens, from, mention.start)?;
                place(
                    tokens,
                    mention.role,
                    numbers,
                    numbers.end..mention.start,
                    in_section,
                )
            } else {
                let until = next.map_or(tokens.len(), |next| next.start);
                let numbers = numbers_after(tokens, mention.end, until)?;
                let end = tokens
                    .iter()
                    .enumerate()
                    .skip(numbers.end)
                    .find(|(_, token)| **token == Token::Hard)
                    .map_or(until, |(at, _)| at.min(until));
                place(tokens, mention.role, numbers, numbers.end..end, in_section)
            }
        })
        .collect()
}

/// Whether places stand before their names: "189-192 INLINE   193-196 CROSSLINE".
fn stands_before(tokens: &[Token], mentions: &[Mention]) -> bool {
    let (Some(first), Some(last)) = (mentions.first(), mentions.last()) else {
        return false;
    };
    let leads = numbers_in(tokens, 0, first.start)
        .is_some_and(|numbers| numbers.says_byte || numbers.last.is_some());
    leads && numbers_after(tokens, last.end, tokens.len()).is_none()
}

/// The numbers behind a phrase, with nothing but fillers in between.
fn numbers_after(tokens: &[Token], from: usize, until: usize) -> Option<Numbers> {
    let mut says_byte = false;
    for at in from..until {
        match tokens.get(at)? {
            Token::Word(word) if BYTE_WORDS.contains(&word.as_str()) => says_byte = true,
            Token::Word(word) if FILLERS.contains(&word.as_str()) => {}
            Token::Soft => {}
            Token::Number(_) if is_size(tokens, at) => {}
            Token::Number(first) => return Some(ranged(tokens, at, *first, says_byte)),
            Token::Word(word) if is_type_word(word) => {}
            Token::Word(_) | Token::Dash | Token::Hard => return None,
        }
    }
    None
}

/// The numbers between two positions, wherever they stand there.
fn numbers_in(tokens: &[Token], from: usize, until: usize) -> Option<Numbers> {
    let mut says_byte = false;
    for at in from..until {
        match tokens.get(at)? {
            Token::Word(word) if BYTE_WORDS.contains(&word.as_str()) => says_byte = true,
            Token::Number(first) if !is_size(tokens, at) => {
                return Some(ranged(tokens, at, *first, says_byte));
            }
            Token::Word(_) | Token::Number(_) | Token::Soft | Token::Hard | Token::Dash => {}
        }
    }
    None
}

/// "4 BYTE", "32 BIT": how long, not where.
fn is_size(tokens: &[Token], at: usize) -> bool {
    let Some(Token::Number(number)) = tokens.get(at) else {
        return false;
    };
    let after = match tokens.get(at + 1) {
        Some(Token::Dash) => tokens.get(at + 2),
        other => other,
    };
    let unit = matches!(after, Some(Token::Word(word))
        if ["BYTE", "BYTES", "BIT", "BITS"].contains(&word.as_str()));
    unit && [1, 2, 4, 8, 16, 32, 64].contains(number)
        && !matches!(tokens.get(at + 2), Some(Token::Number(_)))
}

fn ranged(tokens: &[Token], at: usize, first: u32, says_byte: bool) -> Numbers {
    let joins = match tokens.get(at + 1) {
        Some(Token::Dash) => true,
        Some(Token::Word(word)) => word == "TO" || word == "THRU",
        _ => false,
    };
    match (joins, tokens.get(at + 2)) {
        (true, Some(Token::Number(last))) => Numbers {
            first,
            last: Some(*last),
            says_byte,
            end: at + 3,
        },
        _ => Numbers {
            first,
            last: None,
            says_byte,
            end: at + 1,
        },
    }
}

fn is_type_word(word: &str) -> bool {
    matches!(
        word,
        "INTEGER"
            | "INT"
            | "INTEGERS"
            | "SIGNED"
            | "LONG"
            | "SHORT"
            | "FLOAT"
            | "FLOATING"
            | "REAL"
            | "IBM"
            | "IEEE"
            | "I4"
            | "I2"
            | "4I"
            | "2I"
            | "R4"
            | "4R"
            | "F4"
            | "4F"
            | "INT4"
            | "INT2"
            | "INT32"
            | "INT16"
            | "FLOAT32"
            | "REAL4"
            | "IBM4"
            | "IEEE4"
            | "4BYTE"
            | "2BYTE"
            | "32BIT"
            | "16BIT"
            | "BYTE"
            | "BYTES"
            | "BIT"
            | "BITS"
            | "DOUBLE"
    )
}

/// The type that words behind a place (or between place and name) tell: "Integer - 4 byte".
fn told_kind(tokens: &[Token]) -> Option<FieldKind> {
    let says = |words: &[&str]| has_word(tokens, words);
    let sized = |size: u32| {
        tokens
            .iter()
            .any(|token| matches!(token, Token::Number(n) if *n == size))
    };
    if says(&["IBM", "IBM4"]) {
        return Some(FieldKind::Ibm32);
    }
    if says(&["DOUBLE"]) {
        return Some(FieldKind::F64);
    }
    if says(&[
        "FLOAT", "FLOATING", "REAL", "IEEE", "R4", "4R", "F4", "4F", "FLOAT32", "REAL4", "IEEE4",
    ]) {
        return Some(if sized(8) {
            FieldKind::F64
        } else {
            FieldKind::F32
        });
    }
    if says(&["I2", "2I", "INT2", "INT16", "2BYTE", "16BIT", "SHORT"]) || sized(2) || sized(16) {
        return Some(FieldKind::I16);
    }
    if says(&[
        "I4", "4I", "INT4", "INT32", "4BYTE", "32BIT", "INTEGER", "INT", "LONG",
    ]) || sized(4)
        || sized(32)
    {
        return Some(FieldKind::I32);
    }
    None
}

/// The place that numbers mean, if they can mean one.
fn place(
    tokens: &[Token],
    role: Role,
    numbers: Numbers,
    behind: std::ops::Range<usize>,
    in_section: bool,
) -> Option<Place> {
    let words = tokens.get(behind).unwrap_or_default();
    let told = told_kind(words);
    // "INLINE 9 OVER 8 M": another sentence goes on behind the number.
    let goes_on = words
        .iter()
        .any(|token| matches!(token, Token::Word(word) if !is_type_word(word) && !FILLERS.contains(&word.as_str())));
    let usual = USUAL_STARTS.contains(&numbers.first);
    let spoken = numbers.says_byte || in_section || told.is_some();
    let length = match numbers.last {
        // One too many is a usual slip: "189-193".
        Some(last) => match (last + 1).checked_sub(numbers.first)? {
            2 | 3 => 2,
            4 | 5 => 4,
            8 => 8,
            _ => return None,
        },
        None => 0,
    };
    let is_explicit = spoken || (length == 4 && usual);
    if !is_explicit && (!usual || goes_on) {
        return None;
    }
    let kind = told
        .filter(|kind| length == 0 || kind.size_bytes() == length)
        .unwrap_or(match (length, role) {
            (2, _) | (0, Role::CoordinateScalar | Role::Delay) => FieldKind::I16,
            (
                8,
                Role::CdpX
                | Role::CdpY
                | Role::SourceX
                | Role::SourceY
                | Role::GroupX
                | Role::GroupY,
            ) => FieldKind::F64,
            (8, _) => FieldKind::I64,
            _ => FieldKind::I32,
        });
    let byte = u16::try_from(numbers.first).ok()?;
    let fits = byte >= 1 && usize::from(byte) + kind.size_bytes() <= 241;
    fits.then_some(Place {
        role,
        byte,
        kind,
        is_explicit,
    })
}

#[cfg(test)]
mod tests;
