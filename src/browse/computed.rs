//! Which numbers does a computed key stand for? Whole numbers from header columns.
//!
//! ```text
//! key     := sum              sum  := term { ("+" | "-") term }
//! term    := unary { ("*" | "/" | "%") unary }        unary := ["-"] unary | number | column
//!                                                            | function "(" sum { "," sum } ")" | "(" sum ")"
//! bin(offset, 100)   the lower edge of the bin of width 100: 100 for 137, -100 for -5
//! ```
//! Keys are whole numbers: `/` rounds down, `%` is never negative for a positive divisor. A value
//! that a trace lacks, a division by zero or a number beyond 64 bits gives no key.

use std::ops::Range;

use super::{BrowseError, TraceSource};

/// What functions there are, and how many numbers they take.
const FUNCTIONS: [(&str, usize, Function); 4] = [
    ("bin", 2, Function::Bin),
    ("abs", 1, Function::Abs),
    ("min", 2, Function::Min),
    ("max", 2, Function::Max),
];
/// Deeper ones are refused: nobody means them.
const MOST_DEEP: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Bin,
    Abs,
    Min,
    Max,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Negate,
}

/// One step of a computation, as on a pocket calculator with a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Number(i64),
    Column(usize),
    Apply(Function),
}

/// A computed key, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    steps: Vec<Step>,
    /// Columns that it needs, as they were written.
    pub columns: Vec<String>,
}

impl Computed {
    /// Parses the text of a key.
    ///
    /// # Errors
    /// What was expected, and at which character (from 1).
    ///
    /// # Examples
    /// ```
    /// # use shotpoint::browse::Computed;
    /// let key = Computed::parse("bin(offset, 100)").unwrap();
    /// assert_eq!(key.columns, ["offset"]);
    /// assert_eq!(key.value(&[Some(137)]), Some(100));
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            text: text.chars().collect(),
            at: 0,
            made: Self {
                steps: Vec::new(),
                columns: Vec::new(),
            },
        };
        parser.sum(0)?;
        parser.skip_blanks();
        if parser.at < parser.text.len() {
            return Err(parser.expected("an operator or the end"));
        }
        Ok(parser.made)
    }

    /// The key of a trace with these values of [`Self::columns`].
    pub fn value(&self, columns: &[Option<i64>]) -> Option<i64> {
        let mut stack: Vec<i64> = Vec::new();
        for step in &self.steps {
            let value = match step {
                Step::Number(number) => *number,
                Step::Column(i) => columns.get(*i).copied().flatten()?,
                Step::Apply(function) => apply(*function, &mut stack)?,
            };
            stack.push(value);
        }
        stack.pop()
    }
}

fn apply(function: Function, stack: &mut Vec<i64>) -> Option<i64> {
    let b = stack.pop()?;
    match function {
        Function::Abs => return b.checked_abs(),
        Function::Negate => return b.checked_neg(),
        Function::Bin
        | Function::Min
        | Function::Max
        | Function::Add
        | Function::Subtract
        | Function::Multiply
        | Function::Divide
        | Function::Remainder => {}
    }
    let a = stack.pop()?;
    match function {
        Function::Bin => floor_div(a, b)?.checked_mul(b),
        Function::Min => Some(a.min(b)),
        Function::Max => Some(a.max(b)),
        Function::Add => a.checked_add(b),
        Function::Subtract => a.checked_sub(b),
        Function::Multiply => a.checked_mul(b),
        Function::Divide => floor_div(a, b),
        Function::Remainder => a.checked_sub(floor_div(a, b)?.checked_mul(b)?),
        Function::Abs | Function::Negate => None,
    }
}

/// Rounded down, also for negative numbers.
fn floor_div(a: i64, b: i64) -> Option<i64> {
    let towards_zero = a.checked_div(b)?;
    let exact = a.checked_rem(b)? == 0;
    Some(towards_zero - i64::from(!exact && (a < 0) != (b < 0)))
}

struct Parser {
    text: Vec<char>,
    at: usize,
    made: Computed,
}

impl Parser {
    fn skip_blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    /// Takes one of these signs, if it is next.
    fn take(&mut self, signs: &[char]) -> Option<char> {
        self.skip_blanks();
        let next = self.text.get(self.at).copied();
        let found = next.filter(|c| signs.contains(c))?;
        self.at += 1;
        Some(found)
    }

    fn expected(&self, what: &str) -> String {
        let found = self
            .text
            .get(self.at)
            .map_or_else(|| "the end".to_owned(), |c| format!("\"{c}\""));
        format!(
            "expected {what} but found {found} at character {} of the key",
            self.at + 1
        )
    }

    fn push(&mut self, function: Function) {
        self.made.steps.push(Step::Apply(function));
    }

    fn sum(&mut self, deep: usize) -> Result<(), String> {
        self.term(deep)?;
        while let Some(sign) = self.take(&['+', '-', '−']) {
            self.term(deep)?;
            self.push(if sign == '+' {
                Function::Add
            } else {
                Function::Subtract
            });
        }
        Ok(())
    }

    fn term(&mut self, deep: usize) -> Result<(), String> {
        self.unary(deep)?;
        while let Some(sign) = self.take(&['*', '/', '%']) {
            self.unary(deep)?;
            self.push(match sign {
                '*' => Function::Multiply,
                '/' => Function::Divide,
                _ => Function::Remainder,
            });
        }
        Ok(())
    }

    fn unary(&mut self, deep: usize) -> Result<(), String> {
        if deep > MOST_DEEP {
            return Err("the key is nested too deeply".to_owned());
        }
        if self.take(&['-', '−']).is_some() {
            self.unary(deep + 1)?;
            self.push(Function::Negate);
            return Ok(());
        }
        if self.take(&['(']).is_some() {
            self.sum(deep + 1)?;
            return self.close();
        }
        self.skip_blanks();
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_alphanumeric() || *c == '_')
        {
            self.at += 1;
        }
        let word: String = self
            .text
            .get(start..self.at)
            .unwrap_or_default()
            .iter()
            .collect();
        if word.is_empty() {
            return Err(self.expected("a header, a number or a bracket"));
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let number = word.parse().map_err(|_too_large| {
                format!(
                    "\"{word}\" at character {} is not a whole number",
                    start + 1
                )
            })?;
            self.made.steps.push(Step::Number(number));
            return Ok(());
        }
        if self.take(&['(']).is_some() {
            return self.call(&word, deep);
        }
        self.column(word);
        Ok(())
    }

    fn call(&mut self, name: &str, deep: usize) -> Result<(), String> {
        let known = FUNCTIONS.iter().find(|f| f.0.eq_ignore_ascii_case(name));
        let Some(&(name, n_numbers, function)) = known else {
            return Err(format!(
                "there is no function \"{name}\"; there are bin, abs, min and max"
            ));
        };
        for i in 0..n_numbers {
            if i > 0 && self.take(&[',', ';']).is_none() {
                return Err(format!(
                    "{name} takes {n_numbers} numbers; {}",
                    self.expected("a comma")
                ));
            }
            self.sum(deep + 1)?;
        }
        self.push(function);
        self.close()
    }

    fn close(&mut self) -> Result<(), String> {
        match self.take(&[')']) {
            Some(_) => Ok(()),
            None => Err(self.expected("a closing bracket")),
        }
    }

    fn column(&mut self, name: String) {
        let columns = &mut self.made.columns;
        let at = columns.iter().position(|c| *c == name).unwrap_or_else(|| {
            columns.push(name);
            columns.len() - 1
        });
        self.made.steps.push(Step::Column(at));
    }
}

/// Appends the values of a key, a header column or a computed one, of `traces` to `out`.
///
/// # Errors
/// As `TraceSource::read_header`; `NotAKey` where the text is neither.
pub fn read_key(
    source: &dyn TraceSource,
    key: &str,
    traces: Range<u64>,
    out: &mut Vec<Option<i64>>,
) -> Result<(), BrowseError> {
    if key.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return source.read_header(key, traces, out);
    }
    let computed = Computed::parse(key).map_err(|problem| BrowseError::NotAKey {
        key: key.to_owned(),
        problem,
    })?;
    let mut columns = vec![Vec::new(); computed.columns.len()];
    for (name, column) in computed.columns.iter().zip(&mut columns) {
        source.read_header(name, traces.clone(), column)?;
    }
    let mut values = Vec::with_capacity(columns.len());
    let n_traces = usize::try_from(traces.end - traces.start).unwrap_or(0);
    out.extend((0..n_traces).map(|row| {
        values.clear();
        values.extend(columns.iter().map(|c| c.get(row).copied().flatten()));
        computed.value(&values)
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use proptest::prelude::*;

    fn value(text: &str, columns: &[Option<i64>]) -> Option<i64> {
        Computed::parse(text).unwrap().value(columns)
    }

    #[test]
    fn bins_round_down_on_both_sides_of_zero() {
        for (offset, edge) in [(137, 100), (100, 100), (0, 0), (-5, -100), (-100, -100)] {
            assert_eq!(value("bin(offset, 100)", &[Some(offset)]), Some(edge));
        }
        assert_eq!(value("(-7) / 2", &[]), Some(-4));
        assert_eq!(value("-7 % 3", &[]), Some(2));
    }

    #[test]
    fn operators_bind_as_in_school_and_columns_are_read_once() {
        let key = Computed::parse("1 + 2 * cdp - abs(-cdp) + min(inline, 3)").unwrap();
        assert_eq!(key.columns, ["cdp", "inline"]);
        assert_eq!(key.value(&[Some(10), Some(7)]), Some(14));
    }

    #[test]
    fn what_cannot_be_computed_is_no_key() {
        for (text, cdp) in [
            ("cdp + 1", None),
            ("1 / cdp", Some(0)),
            ("cdp * cdp", Some(i64::MAX)),
        ] {
            assert_eq!(value(text, &[cdp]), None, "{text}");
        }
        assert_eq!(value("cdp / -1", &[Some(i64::MIN)]), None);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, part) in [
            (
                "bin(offset 100)",
                "expected a comma but found \"1\" at character 12",
            ),
            ("cdp +", "found the end at character 6"),
            ("foo(1)", "there is no function \"foo\""),
            ("(cdp", "expected a closing bracket"),
            ("cdp cdp", "expected an operator or the end"),
            ("99999999999999999999", "not a whole number"),
        ] {
            let problem = Computed::parse(text).unwrap_err();
            assert!(problem.contains(part), "{text}: {problem}");
        }
        assert!(Computed::parse(&"(".repeat(10_000)).is_err());
        assert!(Computed::parse(&"-".repeat(10_000)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}", value in proptest::option::of(any::<i64>())) {
            if let Ok(key) = Computed::parse(&text) {
                let _ = key.value(&vec![value; key.columns.len()]);
            }
        }
    }

    #[test]
    fn a_key_may_be_a_column_or_computed() {
        let source = FakeSource::new(4, 1).with_header("offset", [-150, 0, 99, 100]);
        let mut values = Vec::new();
        read_key(&source, "offset", 1..3, &mut values).unwrap();
        read_key(&source, "bin(offset, 100)", 0..4, &mut values).unwrap();
        let found: Vec<i64> = values.into_iter().flatten().collect();
        assert_eq!(found, [0, 99, -200, 0, 0, 100]);
        assert!(read_key(&source, "bin(cdp, 2)", 0..4, &mut Vec::new()).is_err());
    }
}
