#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray, UInt64Array};
use arrow::datatypes::SchemaRef;
use proptest::prelude::*;

use super::*;

fn batch() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "cdp",
            Arc::new(Int32Array::from(vec![
                Some(100),
                Some(101),
                None,
                Some(-7),
                Some(200),
            ])),
        ),
        (
            "offset",
            Arc::new(Int32Array::from(vec![
                Some(0),
                Some(50),
                Some(75),
                None,
                Some(-50),
            ])),
        ),
        (
            "file_offset",
            Arc::new(UInt64Array::from(vec![0, 1, u64::MAX, 3, 4])),
        ),
        (
            "source_x",
            Arc::new(Float64Array::from(vec![0.5, 1.5, f64::NAN, -2.5, 1e9])),
        ),
        (
            "text",
            Arc::new(StringArray::from(vec!["a", "b", "c", "d", "e"])),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn schema() -> SchemaRef {
    batch().schema()
}

/// The chosen rows.
fn rows(text: &str) -> Vec<usize> {
    let chosen = Expression::parse(text, &schema())
        .unwrap()
        .evaluate(&batch())
        .unwrap();
    (0..5).filter(|&row| chosen.value(row)).collect()
}

#[test]
fn conditions_choose_the_rows_they_say() {
    let cases: [(&str, &[usize]); 34] = [
        ("cdp = 101", &[1]),
        ("cdp == 101", &[1]),
        ("CDP = 101", &[1]),
        ("cdp != 101", &[0, 3, 4]),
        ("cdp <> 101", &[0, 3, 4]),
        ("cdp < 101", &[0, 3]),
        ("cdp<=101", &[0, 1, 3]),
        ("cdp > 100 and offset > 0", &[1]),
        ("cdp > 100 && offset > 0", &[1]),
        ("cdp = 100 or offset = 75", &[0, 2]),
        ("cdp = 100 || offset = 75", &[0, 2]),
        ("cdp = 100 or cdp = 101 and offset = 0", &[0]),
        ("(cdp = 100 or cdp = 101) and offset = 50", &[1]),
        ("not cdp = 100", &[1, 3, 4]),
        ("! (cdp = 100)", &[1, 3, 4]),
        ("not not cdp = 100", &[0]),
        ("cdp between 100 and 150", &[0, 1]),
        ("cdp not between 100 and 150", &[3, 4]),
        ("cdp between 100 and 150 and offset = 50", &[1]),
        ("cdp in (100, 200, 100+1)", &[0, 1, 4]),
        ("cdp not in (100)", &[1, 3, 4]),
        ("cdp is null", &[2]),
        ("cdp is not null", &[0, 1, 3, 4]),
        ("offset / 2 = 37.5", &[2]),
        ("cdp % 2 = 0", &[0, 4]),
        ("cdp / 0 = 1 or offset = 75", &[2]),
        ("-cdp = 7", &[3]),
        ("cdp - 1 - 1 = 99", &[1]),
        ("2 + 3 * offset = 152", &[1]),
        ("(2 + 3) * offset = 250", &[1]),
        ("file_offset = 18446744073709551615", &[2]),
        ("file_offset + 1 = 18446744073709551616", &[2]),
        ("source_x > 1e8", &[4]),
        ("source_x = .5 or source_x < -2.", &[0, 3]),
    ];
    for (text, expected) in cases {
        assert_eq!(rows(text), expected, "{text}");
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, position, words) in [
        ("", 1, "a column, a number"),
        ("cdp", 1, "compare it"),
        ("cdp >", 6, "a column, a number"),
        ("cdp > 1 offset", 9, "an operator"),
        ("cpd > 1", 1, "nearest names: cdp"),
        (
            "offset = 1 and inline = 2",
            16,
            "no header called \"inline\"",
        ),
        ("text = 1", 1, "not numbers"),
        ("cdp = 'a'", 7, "means nothing"),
        ("cdp = 12a", 7, "number"),
        ("cdp = 1.2.3", 7, "number"),
        ("(cdp = 1", 9, "\")\""),
        ("cdp = 1)", 8, "an operator"),
        ("cdp in ()", 9, "a column"),
        ("cdp in 1", 8, "\"(\""),
        ("cdp between 1 or 2", 15, "\"and\""),
        ("cdp not 5", 9, "\"between\" or \"in\""),
        ("(cdp = 1) + 1 = 2", 1, "no number"),
        ("cdp = 1 and 5", 13, "compare it"),
        (
            "cdp = 99999999999999999999999999999999999999999",
            7,
            "number",
        ),
        ("über = 1", 1, "no header"),
    ] {
        let error = Expression::parse(text, &schema()).unwrap_err();
        assert_eq!(error.position, position, "{text}: {error}");
        assert!(error.problem.contains(words), "{text}: {error}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("{}cdp = 1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Expression::parse(&deep[..9000], &schema()).is_err());
    let nots = format!("{}cdp = 1", "!".repeat(9000));
    assert!(Expression::parse(&nots, &schema()).is_err());
    let long = format!("cdp = 1{}", " or cdp = 1".repeat(900));
    let expression = Expression::parse(&long, &schema()).unwrap();
    assert_eq!(expression.columns(), ["cdp"]);
    let sum = format!("cdp = 1{}", "+1".repeat(4900));
    assert!(
        Expression::parse(&sum, &schema())
            .unwrap()
            .evaluate(&batch())
            .is_ok()
    );
    assert!(Expression::parse(&"cdp = 1 or ".repeat(5000), &schema()).is_err());
}

#[test]
fn a_batch_without_the_column_is_an_error() {
    let expression = Expression::parse("cdp = 1 and offset = 2", &schema()).unwrap();
    assert_eq!(expression.columns(), ["cdp", "offset"]);
    let other = batch().project(&[0]).unwrap();
    assert!(expression.evaluate(&other).is_err());
}

/// What an expression says, as a tree that a naive oracle walks.
#[derive(Clone, Debug)]
enum Oracle {
    Less(bool, i32),
    Equal(bool, i32),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

impl Oracle {
    fn text(&self) -> String {
        let column = |first: bool| if first { "cdp" } else { "offset" };
        match self {
            Self::Less(first, x) => format!("{} < {x}", column(*first)),
            Self::Equal(first, x) => format!("{}={x}", column(*first)),
            Self::Not(part) => format!("not ({})", part.text()),
            Self::And(a, b) => format!("({}) and ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) or ({})", a.text(), b.text()),
        }
    }

    fn truth(&self, cdp: Option<i32>, offset: Option<i32>) -> Option<bool> {
        let column = |first: bool| if first { cdp } else { offset };
        let both = |a: &Self, b: &Self| (a.truth(cdp, offset), b.truth(cdp, offset));
        match self {
            Self::Less(first, x) => column(*first).map(|value| value < *x),
            Self::Equal(first, x) => column(*first).map(|value| value == *x),
            Self::Not(part) => part.truth(cdp, offset).map(|known| !known),
            Self::And(a, b) => match both(a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match both(a, b) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

fn oracle() -> impl Strategy<Value = Oracle> {
    let leaf = prop_oneof![
        (any::<bool>(), -3..3).prop_map(|(first, x)| Oracle::Less(first, x)),
        (any::<bool>(), -3..3).prop_map(|(first, x)| Oracle::Equal(first, x)),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            inner.prop_map(|part| Oracle::Not(Box::new(part))),
            pair.clone()
                .prop_map(|(a, b)| Oracle::And(Box::new(a), Box::new(b))),
            pair.prop_map(|(a, b)| Oracle::Or(Box::new(a), Box::new(b))),
        ]
    })
}

proptest! {
    #[test]
    fn conditions_agree_with_a_naive_oracle(
        oracle in oracle(),
        values in proptest::collection::vec((prop::option::of(-3..3), prop::option::of(-3..3)), 1..20),
    ) {
        let (cdp, offset): (Vec<_>, Vec<_>) = values.iter().copied().unzip();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("cdp", Arc::new(Int32Array::from(cdp))),
            ("offset", Arc::new(Int32Array::from(offset))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let expression = Expression::parse(&oracle.text(), &schema()).unwrap();
        let chosen = expression.evaluate(&batch).unwrap();
        for (row, (cdp, offset)) in values.into_iter().enumerate() {
            prop_assert_eq!(chosen.value(row), oracle.truth(cdp, offset) == Some(true));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9 ()<>=!&|+*/%,.-]{0,60}|\\PC{0,40}") {
        if let Ok(expression) = Expression::parse(&text, &schema()) {
            prop_assert!(expression.evaluate(&batch()).is_ok());
        }
    }
}
