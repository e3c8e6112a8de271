//! The tree of a parsed expression. Chains are lists, so that long ones do not make deep trees.

/// What is true, false or unknown for a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare(Comparison, Box<Value>, Box<Value>),
    Between(Box<Value>, Box<Value>, Box<Value>),
    In(Box<Value>, Vec<Value>),
    IsNull(Box<Value>),
}

/// A number for a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Constant(Number),
    /// Position in the expression's own list of columns.
    Column(usize),
    Negative(Box<Self>),
    /// From left to right.
    Chain(Box<Self>, Vec<(Operator, Self)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
}

/// Integers stay exact: i128 holds all of i64 and u64, and their sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}
