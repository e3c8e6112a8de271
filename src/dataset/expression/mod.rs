//! Which rows does `headers --where EXPRESSION` choose?

/// Why an expression says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at character {position} of the expression)")]
pub struct ExpressionError {
    /// Of the character, from 1.
    pub position: usize,
    /// With a remedy.
    pub problem: String,
}
