//! Compiled expressions, and texts with expressions in them.

use super::check::{Guards, Scope, check};
use super::flatten::flatten;
use super::schema::Kind;
use crate::limits::{LONGEST_EXPRESSION, LONGEST_TEXT};
use cel::common::types::{CelBool, CelInt, CelString};
use cel::{Context, IdedExpr, Value};

/// A condition, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Condition {
    flat: IdedExpr,
    /// As it was written.
    pub(crate) written: IdedExpr,
}

/// A text with `{expression}` in it, ready to be filled.
#[derive(Debug, Default)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Expression(IdedExpr),
}

/// An expression as it was written and as it is evaluated, its kind, and what it asks `has(...)` of.
struct Compiled {
    written: IdedExpr,
    flat: IdedExpr,
    kind: Kind,
    guards: Guards,
}

fn compile(source: &str, scope: &Scope, known: &Guards) -> Result<Compiled, Vec<String>> {
    if source.chars().count() > LONGEST_EXPRESSION {
        return Err(vec![format!("the expression is longer than {LONGEST_EXPRESSION} characters")]);
    }
    let written = scope.expressions.parse(source)?;
    let (kind, guards) = check(&written, scope, known)?;
    Ok(Compiled { flat: flat(&written), written, kind, guards })
}

/// An expression as it is evaluated.
pub(crate) fn flat(written: &IdedExpr) -> IdedExpr {
    let mut expression = written.clone();
    flatten(&mut expression);
    expression
}

impl Condition {
    /// Compiles a condition and says what it asks `has(...)` of. Errors: every fault, in words.
    pub(crate) fn compile(source: &str, scope: &Scope) -> Result<(Self, Guards), Vec<String>> {
        let Compiled { written, flat, kind, guards } = compile(source, scope, &Guards::new())?;
        match kind {
            Kind::Bool => Ok((Self { flat, written }, guards)),
            other => Err(vec![format!("a condition must be true or false, this one is a {}", other.word())]),
        }
    }

    /// Whether it holds. Errors: what CEL says.
    pub(crate) fn holds(&self, context: &Context) -> Result<bool, String> {
        let value = Value::resolve_val(&self.flat, context).map_err(|error| error.to_string())?;
        value
            .downcast_ref::<CelBool>()
            .map(|value| *value.inner())
            .ok_or_else(|| "it is no truth value".to_owned())
    }
}

impl Template {
    /// Compiles a text; `{` and `}` enclose an expression of kind text or int, `{{` is a plain brace.
    ///
    /// Errors: every fault, in words.
    pub(crate) fn compile(text: &str, scope: &Scope, known: &Guards) -> Result<Self, Vec<String>> {
        if text.chars().count() > LONGEST_TEXT {
            return Err(vec![format!("the text is longer than {LONGEST_TEXT} characters")]);
        }
        let mut parts = Vec::new();
        let mut faults = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            plain.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at + 1..).unwrap_or_default();
            if let Some(after) = rest.strip_prefix('{') {
                plain.push('{');
                rest = after;
                continue;
            }
            let Some((source, after)) = rest.split_once('}') else {
                faults.push("a `{` has no `}`".to_owned());
                break;
            };
            rest = after;
            match compile(source, scope, known) {
                Ok(Compiled { flat, kind: Kind::Text | Kind::Int, .. }) => {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Expression(flat));
                }
                Ok(Compiled { kind, .. }) => {
                    faults.push(format!("`{source}` is a {}, not a text or int", kind.word()))
                }
                Err(more) => faults.extend(more.into_iter().map(|fault| format!("`{source}`: {fault}"))),
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        if faults.is_empty() { Ok(Self(parts)) } else { Err(faults) }
    }

    /// The text with the values of this case. A value that cannot be told is shown as `?`.
    pub(crate) fn fill(&self, context: &Context) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Expression(expression) => text.push_str(&value_as_text(expression, context)),
            }
        }
        text
    }
}

fn value_as_text(expression: &IdedExpr, context: &Context) -> String {
    let Ok(value) = Value::resolve_val(expression, context) else {
        return "?".to_owned();
    };
    if let Some(text) = value.downcast_ref::<CelString>() {
        return text.inner().to_owned();
    }
    value.downcast_ref::<CelInt>().map_or_else(|| "?".to_owned(), |int| int.inner().to_string())
}
