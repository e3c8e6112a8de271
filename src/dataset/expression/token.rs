//! From characters to tokens with their positions.

use super::ExpressionError;
use super::tree::Number;

/// A longer expression is nobody's wish.
const MAX_CHARACTERS: usize = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// Column or keyword, as written.
    Name(String),
    Number(Number),
    /// An operator or punctuation mark.
    Symbol(&'static str),
}

/// A token and where it begins, in characters from 1.
pub(super) type Placed = (usize, Token);

/// Longest first.
const SYMBOLS: [&str; 20] = [
    "==", "!=", "<>", "<=", ">=", "&&", "||", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")",
    ",", "!", "≠",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ExpressionError> {
    if text.chars().count() > MAX_CHARACTERS {
        return Err(ExpressionError::new(
            MAX_CHARACTERS,
            format!("the expression is longer than {MAX_CHARACTERS} characters; shorten it"),
        ));
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut position = 1;
    loop {
        let trimmed = rest.trim_start();
        position += rest.chars().count() - trimmed.chars().count();
        rest = trimmed;
        if rest.is_empty() {
            return Ok(tokens);
        }
        let (token, length) = next(rest, position)?;
        tokens.push((position, token));
        let (taken, behind) = rest.split_at(length);
        position += taken.chars().count();
        rest = behind;
    }
}

/// The token at the start of `rest`, and its length in bytes.
fn next(rest: &str, position: usize) -> Result<(Token, usize), ExpressionError> {
    let first = rest.chars().next().unwrap_or(' ');
    let starts_number = first.is_ascii_digit()
        || (first == '.' && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    if starts_number {
        return number(rest, position);
    }
    if first.is_alphabetic() || first == '_' {
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or(rest);
        return Ok((Token::Name(name.to_owned()), length));
    }
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(&symbol) => Ok((Token::Symbol(symbol), symbol.len())),
        None => Err(ExpressionError::new(
            position,
            format!(
                "'{first}' means nothing here; use column names, numbers, and operators like = < and or"
            ),
        )),
    }
}

/// Digits, then perhaps a fraction, then perhaps an exponent.
fn number(rest: &str, position: usize) -> Result<(Token, usize), ExpressionError> {
    let digits = |at: usize| {
        let behind = rest.get(at..).unwrap_or("");
        at + behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len())
    };
    let starts = |at: usize, marks: &[char]| rest.get(at..).is_some_and(|r| r.starts_with(marks));
    let mut end = digits(0);
    let mut is_float = false;
    if starts(end, &['.']) {
        is_float = true;
        end = digits(end + 1);
    }
    if starts(end, &['e', 'E']) {
        let sign = usize::from(starts(end + 1, &['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            is_float = true;
            end = exponent;
        }
    }
    let text = rest.get(..end).unwrap_or(rest);
    let glued = rest
        .get(end..)
        .and_then(|behind| behind.chars().next())
        .is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let parsed = if is_float {
        text.parse()
            .ok()
            .filter(|x: &f64| x.is_finite())
            .map(Number::Float)
    } else {
        text.parse().ok().map(Number::Integer)
    };
    match parsed.filter(|_| !glued) {
        Some(number) => Ok((Token::Number(number), end)),
        None => Err(ExpressionError::new(
            position,
            format!(
                "\"{text}\" is not the start of a number that can be used; write 12, 1.5 or 2e3"
            ),
        )),
    }
}
