//! Checks an expression before it is ever evaluated: unknown names, wrong kinds, unguarded absence, size.
//!
//! CEL itself finds these only while it evaluates, and only on the branch it takes; a rule that fails on the one case
//! it was written for is worse than none.

use super::reading::Expressions;
use super::schema::{FUNCTIONS, Field, Kind, TableShape};
use crate::limits::{DEEPEST_LOOPS, MOST_NODES};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SelectExpr, operators};
use std::collections::{BTreeMap, BTreeSet};

/// The names that an expression may use.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'a> {
    /// Variables by name.
    pub(crate) variables: BTreeMap<&'static str, Kind>,
    /// Kinds of the pack's parameters.
    pub(crate) parameters: &'a BTreeMap<String, Kind>,
    /// Kinds of the pack's tables.
    pub(crate) tables: &'a BTreeMap<String, Kind>,
    /// What was parsed before.
    pub(crate) expressions: &'a Expressions,
}

/// Paths of optional fields that are known to be there, because `has(...)` asked for them.
pub(crate) type Guards = BTreeSet<String>;

/// The kind of an expression, and what it asks `has(...)` of besides what `known` says is there already.
///
/// Errors: every fault, in words.
pub(crate) fn check(
    expression: &IdedExpr,
    scope: &Scope,
    known: &Guards,
) -> Result<(Kind, Guards), Vec<String>> {
    let mut checker =
        Checker { scope, locals: Vec::new(), guarded: known.clone(), faults: Vec::new(), nodes: 0 };
    checker.collect_guards(expression);
    let kind = checker.kind(expression);
    if checker.nodes > MOST_NODES {
        checker.faults.push(format!("the expression has {} parts, more than {MOST_NODES}", checker.nodes));
    }
    match (kind, checker.faults.is_empty()) {
        (Some(kind), true) => Ok((kind, checker.guarded)),
        (None, true) => Err(vec!["the kind of its value cannot be told".to_owned()]),
        (_, false) => Err(checker.faults),
    }
}

struct Checker<'a> {
    scope: &'a Scope<'a>,
    /// Names bound by loops around the present place, innermost last; `None` for a kind that could not be told.
    locals: Vec<(String, Option<Kind>)>,
    /// Paths that some `has(...)` of the expression asks for.
    guarded: Guards,
    faults: Vec<String>,
    nodes: usize,
}

/// `a.b.c` of an identifier and selections on it.
fn path_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path_of(&select.operand.expr)?, select.field))
        }
        _ => None,
    }
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Double)
}

fn element_of(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Texts => Some(Kind::Text),
        Kind::Ints => Some(Kind::Int),
        Kind::Records(fields) => Some(Kind::Record(fields)),
        Kind::Bool
        | Kind::Int
        | Kind::Double
        | Kind::Text
        | Kind::Nothing
        | Kind::Record(_)
        | Kind::IntsByName
        | Kind::Tables
        | Kind::Table(_)
        | Kind::Parameters => None,
    }
}

fn list_of(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Text => Some(Kind::Texts),
        Kind::Int => Some(Kind::Ints),
        Kind::Record(fields) => Some(Kind::Records(fields)),
        Kind::Bool
        | Kind::Double
        | Kind::Texts
        | Kind::Ints
        | Kind::Nothing
        | Kind::Records(_)
        | Kind::IntsByName
        | Kind::Tables
        | Kind::Table(_)
        | Kind::Parameters => None,
    }
}

/// Whether two kinds can be compared with `==`.
fn comparable(left: Kind, right: Kind) -> bool {
    let list = |kind| matches!(kind, Kind::Texts | Kind::Ints | Kind::Nothing);
    left == right && !matches!(left, Kind::Record(_) | Kind::Records(_))
        || is_number(left) && is_number(right)
        || list(left) && list(right) && (left == Kind::Nothing || right == Kind::Nothing)
}

impl Checker<'_> {
    fn fault<T>(&mut self, text: impl Into<String>) -> Option<T> {
        self.faults.push(text.into());
        None
    }

    fn collect_guards(&mut self, expression: &IdedExpr) {
        if let Expr::Select(select) = &expression.expr
            && select.test
            && let Some(path) = path_of(&select.operand.expr)
        {
            self.guarded.insert(format!("{path}.{}", select.field));
        }
        for child in children(&expression.expr) {
            self.collect_guards(child);
        }
    }

    fn kind(&mut self, expression: &IdedExpr) -> Option<Kind> {
        self.nodes += 1;
        match &expression.expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => {
                let kinds: Vec<_> = list.elements.iter().map(|element| self.kind(element)).collect();
                let Some(first) = kinds.first() else { return Some(Kind::Nothing) };
                if kinds.iter().any(|kind| kind != first) {
                    return self.fault("the elements of a list must be of one kind");
                }
                let first = (*first)?;
                list_of(first).or_else(|| self.fault(format!("a list of {} is not supported", first.word())))
            }
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.fault("map and struct literals are not supported")
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue) -> Option<Kind> {
        match literal {
            LiteralValue::Boolean(_) => Some(Kind::Bool),
            LiteralValue::Int(_) => Some(Kind::Int),
            LiteralValue::Double(_) => Some(Kind::Double),
            LiteralValue::String(_) => Some(Kind::Text),
            LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_) => {
                self.fault("bytes, null and unsigned literals are not supported")
            }
        }
    }

    fn name(&mut self, name: &str) -> Option<Kind> {
        if let Some((_, kind)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return *kind;
        }
        match self.scope.variables.get(name) {
            Some(kind) => Some(*kind),
            None => {
                let known: Vec<_> = self.scope.variables.keys().copied().collect();
                self.fault(format!("`{name}` is unknown here; known are {}", known.join(", ")))
            }
        }
    }

    fn select(&mut self, select: &SelectExpr) -> Option<Kind> {
        let path = path_of(&select.operand.expr).map(|path| format!("{path}.{}", select.field));
        let field = match self.kind(&select.operand)? {
            Kind::Record(fields) => self.field(fields, &select.field)?,
            Kind::Parameters => match self.scope.parameters.get(&select.field) {
                Some(kind) if !select.test => return Some(*kind),
                Some(_) => return Some(Kind::Bool),
                None => return self.fault(format!("the pack has no parameter `{}`", select.field)),
            },
            Kind::Tables => match self.scope.tables.get(&select.field) {
                Some(kind) if !select.test => return Some(*kind),
                Some(_) => return Some(Kind::Bool),
                None => return self.fault(format!("the pack has no table `{}`", select.field)),
            },
            other => return self.fault(format!("a {} has no field `{}`", other.word(), select.field)),
        };
        if select.test {
            return Some(Kind::Bool);
        }
        if field.optional && !path.is_some_and(|path| self.guarded.contains(&path)) {
            let text = format!("`{}` may be absent; ask has(...) of it in the same expression", select.field);
            return self.fault(text);
        }
        Some(field.kind)
    }

    fn field(&mut self, fields: &'static [Field], name: &str) -> Option<Field> {
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            return Some(*field);
        }
        let known: Vec<_> = fields.iter().map(|field| field.name).collect();
        self.fault(format!("there is no field `{name}`; known are {}", known.join(", ")))
    }

    fn call(&mut self, call: &CallExpr) -> Option<Kind> {
        let target = call.target.as_deref().map(|target| self.kind(target));
        let kinds: Vec<_> = call.args.iter().map(|argument| self.kind(argument)).collect();
        let kinds: Vec<_> = target.into_iter().chain(kinds).collect::<Option<_>>()?;
        let name = call.func_name.as_str();
        let answer = operator(name, &kinds).or_else(|| match call.target {
            Some(_) => member(name, &kinds),
            None => function(name, &kinds),
        });
        answer.or_else(|| {
            let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
            let shown = name.trim_matches(['_', '@']);
            self.fault(format!("`{shown}` does not work on ({})", words.join(", ")))
        })
    }

    /// A loop. Its accumulator has the kind that a step gives it, or its first value where no step changes it.
    fn comprehension(&mut self, comprehension: &ComprehensionExpr) -> Option<Kind> {
        let range = self.kind(&comprehension.iter_range)?;
        let element = match element_of(range) {
            Some(element) => element,
            None => return self.fault(format!("a {} cannot be walked over", range.word())),
        };
        let start = self.kind(&comprehension.accu_init)?;
        self.locals.push((comprehension.accu_var.clone(), Some(start)));
        self.locals.push((comprehension.iter_var.clone(), Some(element)));
        let loops = self.locals.len() / 2;
        if loops > DEEPEST_LOOPS {
            self.faults.push(format!("loops are nested deeper than {DEEPEST_LOOPS}"));
        }
        self.kind(&comprehension.loop_cond);
        let step = self.kind(&comprehension.loop_step);
        self.locals.pop();
        self.locals.pop();
        self.locals.push((comprehension.accu_var.clone(), step));
        let result = self.kind(&comprehension.result);
        self.locals.pop();
        result
    }
}

fn children(expression: &Expr) -> Vec<&IdedExpr> {
    match expression {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Select(select) => vec![&*select.operand],
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Comprehension(inner) => {
            vec![&inner.iter_range, &inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result]
        }
        Expr::Literal(_) | Expr::Ident(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Vec::new(),
    }
}

fn operator(name: &str, kinds: &[Kind]) -> Option<Kind> {
    use Kind::{Bool, Double, Int, Ints, IntsByName, Nothing, Records, Text, Texts};
    match (name, kinds) {
        (operators::LOGICAL_AND | operators::LOGICAL_OR, [Bool, Bool]) => Some(Bool),
        (operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, [Bool]) => Some(Bool),
        (operators::EQUALS | operators::NOT_EQUALS, [left, right]) if comparable(*left, *right) => Some(Bool),
        (
            operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
            [left, right],
        ) if is_number(*left) && is_number(*right) || (*left, *right) == (Text, Text) => Some(Bool),
        (operators::ADD, [Text, Text]) => Some(Text),
        (operators::ADD, [Nothing, list @ (Texts | Ints | Records(_))])
        | (operators::ADD, [list @ (Texts | Ints | Records(_)), Nothing]) => Some(*list),
        (operators::ADD, [left @ (Texts | Ints | Records(_)), right]) if left == right => Some(*left),
        (
            operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE,
            [left @ (Int | Double), right],
        ) if left == right => Some(*left),
        (operators::MODULO, [Int, Int]) => Some(Int),
        (operators::NEGATE, [number @ (Int | Double)]) => Some(*number),
        (operators::IN, [Text, Texts | IntsByName | Nothing] | [Int, Ints | Nothing]) => Some(Bool),
        (operators::INDEX, [Texts | Ints | Records(_), Int]) => element_of(*kinds.first()?),
        (operators::INDEX, [IntsByName, Text]) => Some(Int),
        (operators::CONDITIONAL, [Bool, left, right]) if left == right => Some(*left),
        (operators::CONDITIONAL, [Bool, Nothing, list @ (Texts | Ints | Records(_))])
        | (operators::CONDITIONAL, [Bool, list @ (Texts | Ints | Records(_)), Nothing]) => Some(*list),
        _ => None,
    }
}

fn function(name: &str, kinds: &[Kind]) -> Option<Kind> {
    use Kind::{Double, Int, Ints, Nothing, Records, Text, Texts};
    if let [Kind::Table(shape), keys @ ..] = kinds {
        return lookup(name, *shape, keys);
    }
    match (name, kinds) {
        ("size", [Text | Texts | Ints | Records(_) | Nothing]) => Some(Int),
        ("string", [Int | Double | Text | Kind::Bool]) => Some(Text),
        ("int", [Int | Double | Text]) => Some(Int),
        ("double", [Int | Double | Text]) => Some(Double),
        _ => FUNCTIONS
            .iter()
            .find(|function| function.name == name && function.takes == kinds)
            .map(|function| function.gives),
    }
}

fn member(name: &str, kinds: &[Kind]) -> Option<Kind> {
    use Kind::Text;
    match (name, kinds) {
        ("contains" | "startsWith" | "endsWith", [Text, Text]) => Some(Kind::Bool),
        ("size", [_]) => function(name, kinds),
        _ => None,
    }
}

/// The kind of a lookup in a table, if the keys are those of the table and it can answer so.
fn lookup(name: &str, shape: TableShape, keys: &[Kind]) -> Option<Kind> {
    let fits = |(number, kind): (usize, &Kind)| match shape.int_keys & (1 << number) {
        0 => *kind == Kind::Text,
        _ => *kind == Kind::Int,
    };
    if keys.len() != usize::from(shape.keys) || !keys.iter().enumerate().all(fits) {
        return None;
    }
    match (name, shape.collects, shape.gives_ints) {
        ("found", ..) => Some(Kind::Bool),
        ("number", false, true) if shape.always_answers => Some(Kind::Int),
        ("word", false, false) if shape.always_answers => Some(Kind::Text),
        ("words", true, false) => Some(Kind::Texts),
        _ => None,
    }
}
