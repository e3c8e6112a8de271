//! From tokens to a tree: names resolved, numbers and conditions kept apart.

use arrow::datatypes::Schema;

use super::ExpressionError;
use super::token::{Placed, Token, tokens};
use super::tree::{Comparison, Condition, FUNCTIONS, Function, Operator, Value};
use crate::dataset::nearest::nearest_names;

/// Deeper nesting would be a mistake, or an attack on the stack.
const MAX_DEPTH: usize = 64;

/// What a part of an expression turned out to be.
enum Part {
    Value(Value),
    Condition(Condition),
}

struct Parser<'a> {
    tokens: Vec<Placed>,
    next: usize,
    /// Where the text ends, for messages.
    end: usize,
    depth: usize,
    schema: &'a Schema,
    /// The column that a user means by another name.
    meant: &'a dyn Fn(&str) -> Option<String>,
    columns: Vec<String>,
}

pub(super) fn parse(
    text: &str,
    schema: &Schema,
    meant: &dyn Fn(&str) -> Option<String>,
) -> Result<(Condition, Vec<String>), ExpressionError> {
    let mut parser = Parser::new(text, schema, meant)?;
    let start = parser.position();
    let part = parser.any()?;
    if parser.next < parser.tokens.len() {
        return Err(parser.expected("an operator (= < between in and or …) or the end"));
    }
    Ok((condition_of(part, start)?, parser.columns))
}

/// Parses a number for each row instead of a condition.
pub(super) fn parse_value(
    text: &str,
    schema: &Schema,
    meant: &dyn Fn(&str) -> Option<String>,
) -> Result<(Value, Vec<String>), ExpressionError> {
    let mut parser = Parser::new(text, schema, meant)?;
    let value = parser.value(Parser::sum)?;
    if parser.next < parser.tokens.len() {
        return Err(parser.expected("an operator (+ - * / %) or the end"));
    }
    Ok((value, parser.columns))
}

impl<'a> Parser<'a> {
    fn new(
        text: &str,
        schema: &'a Schema,
        meant: &'a dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ExpressionError> {
        Ok(Self {
            tokens: tokens(text)?,
            next: 0,
            end: text.chars().count() + 1,
            depth: 0,
            schema,
            meant,
            columns: Vec::new(),
        })
    }
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Part, ExpressionError> {
        self.chain(&["or", "||"], Self::all, Condition::Any)
    }

    fn all(&mut self) -> Result<Part, ExpressionError> {
        self.chain(&["and", "&&"], Self::not, Condition::All)
    }

    /// `part { word part }`; several parts must all be conditions.
    fn chain(
        &mut self,
        words: &[&str],
        part: fn(&mut Self) -> Result<Part, ExpressionError>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Result<Part, ExpressionError> {
        let start = self.position();
        let first = part(self)?;
        if !words.iter().any(|word| self.is_next(word)) {
            return Ok(first);
        }
        let mut conditions = vec![condition_of(first, start)?];
        while words.iter().any(|word| self.take(word)) {
            let start = self.position();
            conditions.push(condition_of(part(self)?, start)?);
        }
        Ok(Part::Condition(join(conditions)))
    }

    fn not(&mut self) -> Result<Part, ExpressionError> {
        if !(self.take("not") || self.take("!")) {
            return self.comparison();
        }
        self.deeper(|parser| {
            let start = parser.position();
            let condition = condition_of(parser.not()?, start)?;
            Ok(Part::Condition(Condition::Not(Box::new(condition))))
        })
    }

    fn comparison(&mut self) -> Result<Part, ExpressionError> {
        let start = self.position();
        let left = self.sum()?;
        if let Some(comparison) = self.take_comparison() {
            let left = value_of(left, start)?;
            let right = self.value(Self::sum)?;
            let condition = Condition::Compare(comparison, Box::new(left), Box::new(right));
            return Ok(Part::Condition(condition));
        }
        if self.take("is") {
            let left = value_of(left, start)?;
            let negated = self.take("not");
            self.need("null")?;
            return Ok(negate(negated, Condition::IsNull(Box::new(left))));
        }
        let negated = self.take("not");
        if self.take("between") {
            let left = value_of(left, start)?;
            let low = self.value(Self::sum)?;
            self.need("and")?;
            let high = self.value(Self::sum)?;
            let between = Condition::Between(Box::new(left), Box::new(low), Box::new(high));
            return Ok(negate(negated, between));
        }
        if self.take("in") {
            let left = value_of(left, start)?;
            let list = self.list()?;
            return Ok(negate(negated, Condition::In(Box::new(left), list)));
        }
        if negated {
            return Err(self.expected("\"between\" or \"in\" after \"not\""));
        }
        Ok(left)
    }

    fn list(&mut self) -> Result<Vec<Value>, ExpressionError> {
        self.need("(")?;
        let mut list = vec![self.value(Self::sum)?];
        while self.take(",") {
            list.push(self.value(Self::sum)?);
        }
        self.need(")")?;
        Ok(list)
    }

    fn sum(&mut self) -> Result<Part, ExpressionError> {
        let operators = [("+", Operator::Plus), ("-", Operator::Minus)];
        self.operators(&operators, Self::term)
    }

    fn term(&mut self) -> Result<Part, ExpressionError> {
        let operators = [
            ("*", Operator::Times),
            ("/", Operator::Over),
            ("%", Operator::Remainder),
        ];
        self.operators(&operators, Self::unary)
    }

    /// `part { operator part }`; several parts must all be numbers.
    fn operators(
        &mut self,
        operators: &[(&str, Operator)],
        part: fn(&mut Self) -> Result<Part, ExpressionError>,
    ) -> Result<Part, ExpressionError> {
        let start = self.position();
        let first = part(self)?;
        let mut rest = Vec::new();
        while let Some((_, operator)) = operators.iter().find(|(symbol, _)| self.take(symbol)) {
            rest.push((*operator, self.value(part)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let first = value_of(first, start)?;
        Ok(Part::Value(Value::Chain(Box::new(first), rest)))
    }

    fn unary(&mut self) -> Result<Part, ExpressionError> {
        if self.take("-") {
            return self.deeper(|parser| {
                let value = parser.value(Self::unary)?;
                Ok(Part::Value(Value::Negative(Box::new(value))))
            });
        }
        if self.take("+") {
            return self.deeper(|parser| Ok(Part::Value(parser.value(Self::unary)?)));
        }
        if self.take("(") {
            return self.deeper(|parser| {
                let part = parser.any()?;
                parser.need(")")?;
                Ok(part)
            });
        }
        match self.tokens.get(self.next).cloned() {
            Some((_, Token::Number(number))) => {
                self.next += 1;
                Ok(Part::Value(Value::Constant(number)))
            }
            Some((_, Token::Name(name))) if self.function(&name).is_some() => self.call(&name),
            Some((position, Token::Name(name))) if !is_keyword(&name) => {
                let column = self.column(&name, position)?;
                self.next += 1;
                Ok(Part::Value(Value::Column(column)))
            }
            Some((_, Token::Name(_) | Token::Symbol(_))) | None => {
                Err(self.expected("a column, a number or \"(\""))
            }
        }
    }

    /// The function of this name, where a bracket follows it.
    fn function(&self, name: &str) -> Option<(Function, usize)> {
        let behind = self.tokens.get(self.next + 1).map(|(_, token)| token);
        let (_, function, n) = FUNCTIONS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        (behind == Some(&Token::Symbol("("))).then_some((*function, *n))
    }

    /// `name "(" sum { "," sum } ")"`.
    fn call(&mut self, name: &str) -> Result<Part, ExpressionError> {
        let Some((function, n_arguments)) = self.function(name) else {
            return Err(self.expected("a function"));
        };
        self.next += 2;
        self.deeper(|parser| {
            let mut arguments = vec![parser.value(Self::sum)?];
            while arguments.len() < n_arguments {
                parser.need(",")?;
                arguments.push(parser.value(Self::sum)?);
            }
            parser.need(")")?;
            Ok(Part::Value(Value::Call(function, arguments)))
        })
    }

    /// The position of a column in the expression's own list.
    fn column(&mut self, name: &str, position: usize) -> Result<usize, ExpressionError> {
        let fields = self.schema.fields();
        let field = fields
            .iter()
            .find(|field| field.name() == name)
            .or_else(|| fields.iter().find(|f| f.name().eq_ignore_ascii_case(name)))
            .or_else(|| {
                let meant = (self.meant)(name)?;
                fields.iter().find(|field| *field.name() == meant)
            });
        let Some(field) = field else {
            let nearest = nearest_names(name, fields.iter().map(|field| field.name().as_str()));
            return Err(ExpressionError::new(
                position,
                format!(
                    "there is no header called \"{name}\"; nearest names: {}",
                    nearest.join(", ")
                ),
            ));
        };
        if !field.data_type().is_numeric() {
            return Err(ExpressionError::new(
                position,
                format!(
                    "\"{name}\" holds {}, not numbers; choose a numeric column",
                    field.data_type()
                ),
            ));
        }
        let known = self.columns.iter().position(|known| known == field.name());
        Ok(known.unwrap_or_else(|| {
            self.columns.push(field.name().clone());
            self.columns.len() - 1
        }))
    }

    fn value(
        &mut self,
        part: fn(&mut Self) -> Result<Part, ExpressionError>,
    ) -> Result<Value, ExpressionError> {
        let start = self.position();
        value_of(part(self)?, start)
    }

    fn deeper(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<Part, ExpressionError>,
    ) -> Result<Part, ExpressionError> {
        if self.depth == MAX_DEPTH {
            return Err(ExpressionError::new(
                self.position(),
                format!("more than {MAX_DEPTH} levels of nesting; simplify the expression"),
            ));
        }
        self.depth += 1;
        let part = part(self);
        self.depth -= 1;
        part
    }

    fn take_comparison(&mut self) -> Option<Comparison> {
        const COMPARISONS: [(&str, Comparison); 9] = [
            ("=", Comparison::Equal),
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<>", Comparison::NotEqual),
            ("≠", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterOrEqual),
        ];
        let found = COMPARISONS.iter().find(|(symbol, _)| self.take(symbol));
        found.map(|(_, comparison)| *comparison)
    }

    /// Whether the next token is this keyword (in any case) or symbol.
    fn is_next(&self, word: &str) -> bool {
        match self.tokens.get(self.next) {
            Some((_, Token::Name(name))) => name.eq_ignore_ascii_case(word),
            Some((_, Token::Symbol(symbol))) => *symbol == word,
            Some((_, Token::Number(_))) | None => false,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is_next(word);
        self.next += usize::from(found);
        found
    }

    fn need(&mut self, word: &str) -> Result<(), ExpressionError> {
        if self.take(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("\"{word}\"")))
        }
    }

    fn position(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.end, |(position, _)| *position)
    }

    fn expected(&self, what: &str) -> ExpressionError {
        ExpressionError::new(self.position(), format!("here {what} is expected"))
    }
}

fn negate(negated: bool, condition: Condition) -> Part {
    Part::Condition(if negated {
        Condition::Not(Box::new(condition))
    } else {
        condition
    })
}

fn is_keyword(name: &str) -> bool {
    ["and", "or", "not", "between", "in", "is", "null"]
        .iter()
        .any(|keyword| keyword.eq_ignore_ascii_case(name))
}

fn condition_of(part: Part, position: usize) -> Result<Condition, ExpressionError> {
    match part {
        Part::Condition(condition) => Ok(condition),
        Part::Value(_) => Err(ExpressionError::new(
            position,
            "a number alone chooses no rows; compare it, as in cdp > 100",
        )),
    }
}

fn value_of(part: Part, position: usize) -> Result<Value, ExpressionError> {
    match part {
        Part::Value(value) => Ok(value),
        Part::Condition(_) => Err(ExpressionError::new(
            position,
            "a comparison is no number; join comparisons with and, or",
        )),
    }
}
