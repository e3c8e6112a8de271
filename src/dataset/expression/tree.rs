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
    /// A function of one or two numbers.
    Call(Function, Vec<Self>),
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

/// What can be done with numbers beside arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Floor,
    Ceil,
    Round,
    Abs,
    Sqrt,
    Min,
    Max,
    Hypot,
}

/// Name, function, number of arguments.
pub(super) const FUNCTIONS: [(&str, Function, usize); 8] = [
    ("floor", Function::Floor, 1),
    ("ceil", Function::Ceil, 1),
    ("round", Function::Round, 1),
    ("abs", Function::Abs, 1),
    ("sqrt", Function::Sqrt, 1),
    ("min", Function::Min, 2),
    ("max", Function::Max, 2),
    ("hypot", Function::Hypot, 2),
];

impl Value {
    /// Whether only whole numbers can come out, given which columns hold whole numbers.
    pub(super) fn is_whole(&self, columns: &[bool]) -> bool {
        match self {
            Self::Constant(number) => matches!(number, Number::Integer(_)),
            Self::Column(column) => columns.get(*column).copied().unwrap_or(false),
            Self::Negative(part) => part.is_whole(columns),
            Self::Call(Function::Floor | Function::Ceil | Function::Round, _) => true,
            Self::Call(Function::Sqrt | Function::Hypot, _) => false,
            Self::Call(Function::Abs | Function::Min | Function::Max, parts) => {
                parts.iter().all(|part| part.is_whole(columns))
            }
            Self::Chain(first, rest) => {
                first.is_whole(columns)
                    && rest.iter().all(|(operator, part)| {
                        *operator != Operator::Over && part.is_whole(columns)
                    })
            }
        }
    }
}

/// Integers stay exact: i128 holds all of i64 and u64, and their sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}
