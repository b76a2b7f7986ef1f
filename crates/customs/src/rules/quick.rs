//! Evaluates most conditions without CEL, straight on the case.
//!
//! A condition becomes a tree of tests whose values can be read from the case; what cannot is `None`, and then CEL is asked.
//! The logic is that of CEL: in `&&` and `||` an unknown part does not matter if the other part decides. A property test
//! compares every answer with CEL's.

use super::file::Parameter;
use super::pack::Each;
use super::reads::{Element, It, Quick, Read, ReadList, find_element_read, find_list, find_read};
use super::render::render;
use super::table::{Key, Table};
use crate::Case;
use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A condition as a tree of tests.
#[derive(Debug)]
pub(crate) struct Screen(Node);

/// `it`, and the elements of the loops around, outermost first.
type Elements<'a> = [It<'a>; 3];

/// What a condition is asked of.
#[derive(Clone, Copy)]
struct View<'a> {
    case: &'a Case,
    now: i64,
}

#[derive(Debug)]
enum Node {
    Known(bool),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Choose(Box<Node>, Box<Node>, Box<Node>),
    Truth(Value),
    Compare(Value, Comparison, Value),
    OneOf(Value, BTreeSet<String>),
    OneOfInts(Value, BTreeSet<i64>),
    Contains(Value, ReadList, usize),
    Required(String),
    Found(Arc<Table>, Vec<Value>),
    /// `exists` if `true` decides, `all` if `false` does.
    Walk {
        list: ReadList,
        of: usize,
        depth: usize,
        decides: bool,
        body: Box<Node>,
    },
    Unknown,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug)]
enum Value {
    Read(Read, usize),
    /// The instant of the decision.
    Now,
    Int(i64),
    Text(String),
    Bool(bool),
    Add(Box<Value>, Box<Value>),
    Subtract(Box<Value>, Box<Value>),
    Multiply(Box<Value>, Box<Value>),
    Apart(Box<Value>, Box<Value>),
}

impl Screen {
    /// The tests of a condition.
    pub(crate) fn of(
        condition: &IdedExpr,
        parameters: &BTreeMap<String, Parameter>,
        tables: &BTreeMap<String, Arc<Table>>,
        each: Option<Each>,
    ) -> Self {
        let locals = each.map(|each| ("it".to_owned(), Element::Listed(each), 0)).into_iter().collect();
        Self(Reader { parameters, tables, locals }.node(condition))
    }

    /// Whether the condition holds, if it can be told without CEL.
    pub(crate) fn find_truth(&self, case: &Case, now: Timestamp, it: It<'_>) -> Option<bool> {
        self.0.truth(View { case, now: now.as_second() }, [it, It::None, It::None])
    }
}

impl Node {
    fn truth<'a>(&self, view: View<'a>, its: Elements<'a>) -> Option<bool> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Not(inner) => inner.truth(view, its).map(|value| !value),
            Self::And(left, right) => match left.truth(view, its) {
                Some(false) => Some(false),
                left => match (left, right.truth(view, its)) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Self::Or(left, right) => match left.truth(view, its) {
                Some(true) => Some(true),
                left => match (left, right.truth(view, its)) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
            Self::Choose(asked, left, right) => {
                if asked.truth(view, its)? {
                    left.truth(view, its)
                } else {
                    right.truth(view, its)
                }
            }
            Self::Truth(value) => match value.read(view, its) {
                Quick::Bool(value) => Some(value),
                _ => None,
            },
            Self::Compare(left, comparison, right) => {
                comparison.holds(order(left.read(view, its), right.read(view, its))?)
            }
            Self::OneOf(value, texts) => match value.read(view, its) {
                Quick::Text(text) => Some(texts.contains(text)),
                _ => None,
            },
            Self::OneOfInts(value, ints) => match value.read(view, its) {
                Quick::Int(int) => Some(ints.contains(&int)),
                _ => None,
            },
            Self::Contains(value, list, of) => match value.read(view, its) {
                Quick::Text(text) => {
                    let elements = list(view.case, at(&its, *of));
                    Some(elements.iter().any(|element| matches!(element, It::Text(known) if *known == text)))
                }
                _ => None,
            },
            Self::Required(name) => {
                Some(view.case.declaration.requirements.keys().any(|code| code.as_str() == name))
            }
            Self::Found(table, keys) => find_row(table, keys, view, its),
            Self::Walk { list, of, depth, decides, body } => {
                let mut answer = Some(!decides);
                for element in list(view.case, at(&its, *of)) {
                    let mut inner = its;
                    *inner.get_mut(*depth)? = element;
                    match body.truth(view, inner) {
                        Some(value) if value == *decides => return Some(*decides),
                        Some(_) => {}
                        None => answer = None,
                    }
                }
                answer
            }
            Self::Unknown => None,
        }
    }
}

/// Whether a table has a row for keys that can be told.
fn find_row(table: &Table, keys: &[Value], view: View<'_>, its: Elements<'_>) -> Option<bool> {
    let key = |key: &Value| match key.read(view, its) {
        Quick::Text(text) => Some(Key::Text(text.to_owned())),
        Quick::Int(int) => Some(Key::Int(int)),
        _ => None,
    };
    Some(table.has(&keys.iter().map(key).collect::<Option<Vec<_>>>()?))
}

fn at<'a>(its: &Elements<'a>, depth: usize) -> It<'a> {
    its.get(depth).copied().unwrap_or(It::None)
}

fn order(left: Quick<'_>, right: Quick<'_>) -> Option<Ordering> {
    match (left, right) {
        (Quick::Int(left), Quick::Int(right)) => Some(left.cmp(&right)),
        (Quick::Text(left), Quick::Text(right)) => Some(left.cmp(right)),
        (Quick::Bool(left), Quick::Bool(right)) => Some(left.cmp(&right)),
        (Quick::Currency(left), Quick::Currency(right)) => Some(left.as_str().cmp(right.as_str())),
        _ => None,
    }
}

impl Comparison {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            operators::EQUALS => Self::Equal,
            operators::NOT_EQUALS => Self::Unequal,
            operators::LESS => Self::Less,
            operators::LESS_EQUALS => Self::AtMost,
            operators::GREATER => Self::More,
            operators::GREATER_EQUALS => Self::AtLeast,
            _ => return None,
        })
    }

    const fn holds(self, order: Ordering) -> Option<bool> {
        Some(match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        })
    }
}

impl Value {
    fn read<'a>(&'a self, view: View<'a>, its: Elements<'a>) -> Quick<'a> {
        let two = |left: &'a Self, right: &'a Self, with: fn(i64, i64) -> Option<i64>| match (
            left.read(view, its),
            right.read(view, its),
        ) {
            (Quick::Int(left), Quick::Int(right)) => with(left, right).map_or(Quick::Unknown, Quick::Int),
            _ => Quick::Unknown,
        };
        match self {
            Self::Read(read, depth) => read(view.case, at(&its, *depth)),
            Self::Now => Quick::Int(view.now),
            Self::Int(value) => Quick::Int(*value),
            Self::Text(value) => Quick::Text(value),
            Self::Bool(value) => Quick::Bool(*value),
            Self::Add(left, right) => two(left, right, i64::checked_add),
            Self::Subtract(left, right) => two(left, right, i64::checked_sub),
            Self::Multiply(left, right) => two(left, right, i64::checked_mul),
            Self::Apart(left, right) => {
                two(left, right, |left, right| i64::try_from(left.abs_diff(right)).ok())
            }
        }
    }
}

struct Reader<'a> {
    parameters: &'a BTreeMap<String, Parameter>,
    tables: &'a BTreeMap<String, Arc<Table>>,
    /// Names of elements with what they are and at which depth they stand, innermost last.
    locals: Vec<(String, Element, usize)>,
}

impl Reader<'_> {
    fn node(&mut self, expression: &IdedExpr) -> Node {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Node::Known(*value.inner()),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(walk) => self.walk(walk).unwrap_or(Node::Unknown),
            Expr::Select(_) | Expr::Ident(_) => self.value(expression).map_or(Node::Unknown, Node::Truth),
            _ => Node::Unknown,
        }
    }

    fn call(&mut self, call: &CallExpr) -> Node {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => Node::Not(Box::new(self.node(inner))),
            (operators::LOGICAL_AND, [left, right]) => {
                Node::And(Box::new(self.node(left)), Box::new(self.node(right)))
            }
            (operators::LOGICAL_OR, [left, right]) => {
                Node::Or(Box::new(self.node(left)), Box::new(self.node(right)))
            }
            (operators::CONDITIONAL, [asked, left, right]) => Node::Choose(
                Box::new(self.node(asked)),
                Box::new(self.node(left)),
                Box::new(self.node(right)),
            ),
            ("found", [table, keys @ ..]) => self.found(table, keys).unwrap_or(Node::Unknown),
            (operators::IN, [one, list]) => self.membership(one, list).unwrap_or(Node::Unknown),
            (name, [left, right]) => match (Comparison::find(name), self.value(left), self.value(right)) {
                (Some(comparison), Some(left), Some(right)) => Node::Compare(left, comparison, right),
                _ => Node::Unknown,
            },
            _ => Node::Unknown,
        }
    }

    fn found(&self, table: &IdedExpr, keys: &[IdedExpr]) -> Option<Node> {
        let name = render(table);
        let table = self.tables.get(name.strip_prefix("tables.")?)?;
        let keys = keys.iter().map(|key| self.value(key)).collect::<Option<Vec<_>>>()?;
        Some(Node::Found(Arc::clone(table), keys))
    }

    fn membership(&self, one: &IdedExpr, list: &IdedExpr) -> Option<Node> {
        if let (Expr::Ident(list), Expr::Literal(LiteralValue::String(name))) = (&list.expr, &one.expr) {
            return (list == "requirements").then(|| Node::Required(name.inner().to_owned()));
        }
        let one = self.value(one)?;
        match &list.expr {
            Expr::List(list) => {
                let values: Vec<_> =
                    list.elements.iter().map(|element| self.value(element)).collect::<Option<_>>()?;
                let ints = values.iter().filter_map(|value| match value {
                    Value::Int(int) => Some(*int),
                    _ => None,
                });
                let texts = values.iter().filter_map(|value| match value {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                });
                let (ints, texts): (BTreeSet<_>, BTreeSet<_>) = (ints.collect(), texts.collect());
                match (ints.is_empty(), texts.is_empty()) {
                    (true, _) => Some(Node::OneOf(one, texts)),
                    (false, true) => Some(Node::OneOfInts(one, ints)),
                    (false, false) => None,
                }
            }
            Expr::Select(select) if is_parameters(&select.operand) => {
                match self.parameters.get(&select.field)? {
                    Parameter::Texts(texts) => Some(Node::OneOf(one, texts.iter().cloned().collect())),
                    Parameter::Ints(ints) => Some(Node::OneOfInts(one, ints.iter().copied().collect())),
                    Parameter::Bool(_) | Parameter::Int(_) | Parameter::Text(_) => None,
                }
            }
            _ => {
                let (element, read, of) = self.list(list)?;
                (element == Element::Text).then_some(Node::Contains(one, read, of))
            }
        }
    }

    /// `exists` and `all`; other loops are left to CEL.
    fn walk(&mut self, walk: &ComprehensionExpr) -> Option<Node> {
        let is_result =
            |expression: &IdedExpr| matches!(&expression.expr, Expr::Ident(name) if *name == walk.accu_var);
        let (Expr::Literal(LiteralValue::Boolean(start)), Expr::Call(step)) =
            (&walk.accu_init.expr, &walk.loop_step.expr)
        else {
            return None;
        };
        let decides = match (*start.inner(), step.func_name.as_str()) {
            (false, operators::LOGICAL_OR) => true,
            (true, operators::LOGICAL_AND) => false,
            _ => return None,
        };
        let [result, body] = step.args.as_slice() else { return None };
        if !is_result(result) || !is_result(&walk.result) {
            return None;
        }
        let (element, list, of) = self.list(&walk.iter_range)?;
        let depth = self.locals.iter().map(|(.., depth)| depth + 1).max().unwrap_or(1).max(1);
        if depth >= 3 {
            return None;
        }
        self.locals.push((walk.iter_var.clone(), element, depth));
        let body = Box::new(self.node(body));
        self.locals.pop();
        Some(Node::Walk { list, of, depth, decides, body })
    }

    fn list(&self, expression: &IdedExpr) -> Option<(Element, ReadList, usize)> {
        let (term, local) = self.term(expression);
        let (element, read) = find_list(&term)?;
        // `it.seals` of an element that has none would read as empty.
        let owner = local.map(|(_, element, depth)| (*element, *depth));
        match (term.as_str(), owner) {
            ("it.containers", Some((Element::Listed(Each::Goods | Each::Attachments), depth)))
            | ("it.seals", Some((Element::Listed(Each::Equipment), depth))) => Some((element, read, depth)),
            (_, None) if !term.starts_with("it.") => Some((element, read, 0)),
            _ => None,
        }
    }

    /// The name of a term with its element called `it`, and that element.
    fn term(&self, expression: &IdedExpr) -> (String, Option<&(String, Element, usize)>) {
        let term = render(expression);
        for local in self.locals.iter().rev() {
            for (before, after) in [("", "."), ("size(", "."), ("has(", "."), ("", ""), ("size(", ")")] {
                if let Some(rest) = term.strip_prefix(&format!("{before}{}{after}", local.0))
                    && (!after.is_empty() || rest.is_empty())
                {
                    return (format!("{before}it{after}{rest}"), Some(local));
                }
            }
        }
        (term, None)
    }

    fn value(&self, expression: &IdedExpr) -> Option<Value> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Int(value)) => Some(Value::Int(*value.inner())),
            Expr::Literal(LiteralValue::String(value)) => Some(Value::Text(value.inner().to_owned())),
            Expr::Literal(LiteralValue::Boolean(value)) => Some(Value::Bool(*value.inner())),
            Expr::Select(select) if is_parameters(&select.operand) && !select.test => {
                match self.parameters.get(&select.field)? {
                    Parameter::Int(value) => Some(Value::Int(*value)),
                    Parameter::Text(value) => Some(Value::Text(value.clone())),
                    Parameter::Bool(value) => Some(Value::Bool(*value)),
                    Parameter::Ints(_) | Parameter::Texts(_) => None,
                }
            }
            Expr::Select(_) | Expr::Ident(_) => self.read(expression),
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                ("size", _) => self.read(expression),
                (name, [left, right]) if call.target.is_none() => {
                    let make = match name {
                        "apart" => Value::Apart,
                        operators::ADD => Value::Add,
                        operators::SUBSTRACT => Value::Subtract,
                        operators::MULTIPLY => Value::Multiply,
                        _ => return None,
                    };
                    Some(make(Box::new(self.value(left)?), Box::new(self.value(right)?)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn read(&self, expression: &IdedExpr) -> Option<Value> {
        match self.term(expression) {
            (term, Some((_, element, depth))) => {
                find_element_read(&term, *element).map(|read| Value::Read(read, *depth))
            }
            (term, None) if term == "now" => Some(Value::Now),
            (term, None) => find_read(&term).map(|read| Value::Read(read, 0)),
        }
    }
}

fn is_parameters(expression: &IdedExpr) -> bool {
    matches!(&expression.expr, Expr::Ident(name) if name == "parameters")
}

#[cfg(test)]
mod tests {
    use super::super::scopes::elements_of;
    use crate::{Case, RulePacks};
    use std::collections::BTreeMap;

    #[test]
    fn rules_that_are_shipped_need_no_cel_on_a_clean_case() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
        let files: BTreeMap<String, String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (
                    path.file_name().unwrap().to_str().unwrap().to_owned(),
                    std::fs::read_to_string(&path).unwrap(),
                )
            })
            .collect();
        let packs = RulePacks::load(&files).unwrap();
        let case: Case = serde_norway::from_str(&files["specimen.case.yaml"]).unwrap();
        let mut slow = Vec::new();
        for pack in packs.list() {
            for rule in &pack.rules {
                let told = |it| rule.screen.find_truth(&case, case.lodged, it).is_some();
                if !elements_of(rule.each, &case).into_iter().all(told) {
                    slow.push(rule.id.clone());
                }
            }
        }
        slow.sort();
        slow.dedup();
        assert!(slow.is_empty(), "these rules ask CEL: {slow:?}");
    }
}
