//! When a condition can hold: the set of values of its terms, as a union of boxes.
//!
//! A condition is lowered to a disjunction of boxes; a box bounds some terms (`it.chapter` is 93, `size(equipment)` is 0) and
//! is empty when a bound leaves nothing. What cannot be bounded, such as a loop, is a term of its own that is true or false.
//! So the answers err on one side only: an empty region never holds, a region inside another always implies it; of the
//! rest nothing is said. The review of packs asks these questions.

use super::file::Parameter;
use super::render::render;
use super::schema;
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use std::collections::{BTreeMap, BTreeSet};

/// Most boxes of one region; a condition that needs more is not reasoned about.
const MOST_BOXES: usize = 64;

/// What a term may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Disjoint ranges in ascending order, ends included.
    Ints(Vec<(i64, i64)>),
    /// One of these.
    OneOf(BTreeSet<String>),
    /// None of these.
    NoneOf(BTreeSet<String>),
    /// Whether it may be true, and whether it may be false.
    Truth(bool, bool),
}

impl Bound {
    fn is_empty(&self) -> bool {
        match self {
            Self::Ints(ranges) => ranges.is_empty(),
            Self::OneOf(texts) => texts.is_empty(),
            Self::NoneOf(_) => false,
            Self::Truth(may_hold, may_fail) => !may_hold && !may_fail,
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Ints(left), Self::Ints(right)) => {
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
                Self::Ints(pairs.filter(|(low, high)| low <= high).collect())
            }
            (Self::OneOf(left), Self::OneOf(right)) => {
                Self::OneOf(left.intersection(right).cloned().collect())
            }
            (Self::OneOf(some), Self::NoneOf(not)) | (Self::NoneOf(not), Self::OneOf(some)) => {
                Self::OneOf(some.difference(not).cloned().collect())
            }
            (Self::NoneOf(left), Self::NoneOf(right)) => Self::NoneOf(left.union(right).cloned().collect()),
            (Self::Truth(a, b), Self::Truth(c, d)) => Self::Truth(*a && *c, *b && *d),
            // A term has one kind, so this does not come up; the first bound is kept, which says less and stays right.
            _ => self.clone(),
        }
    }

    fn is_inside(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ints(left), Self::Ints(right)) => {
                left.iter().all(|a| right.iter().any(|b| b.0 <= a.0 && a.1 <= b.1))
            }
            (Self::OneOf(some), Self::OneOf(more)) => some.is_subset(more),
            (Self::OneOf(some), Self::NoneOf(not)) => some.is_disjoint(not),
            (Self::NoneOf(more), Self::NoneOf(not)) => not.is_subset(more),
            (Self::Truth(a, b), Self::Truth(c, d)) => (!a || *c) && (!b || *d),
            _ => false,
        }
    }
}

/// Bounds of terms, all of which hold.
pub(crate) type Bounds = BTreeMap<String, Bound>;

/// A union of boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region(pub(crate) Vec<Bounds>);

impl Region {
    /// The region of a condition; `None` if it is too involved.
    pub(crate) fn of(condition: &IdedExpr, parameters: &BTreeMap<String, Parameter>) -> Option<Self> {
        Lowering { parameters }.region(condition, true)
    }

    /// The region in which a condition does not hold; `None` if it is too involved.
    pub(crate) fn outside_of(condition: &IdedExpr, parameters: &BTreeMap<String, Parameter>) -> Option<Self> {
        Lowering { parameters }.region(condition, false)
    }

    /// Whether the condition never holds.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(is_empty)
    }

    /// Whether wherever this holds, the other holds too. `false` may also mean that it cannot be told.
    pub(crate) fn is_inside(&self, other: &Self) -> bool {
        let fits = |inner: &Bounds, outer: &Bounds| {
            outer.iter().all(|(term, bound)| {
                inner.get(term).cloned().or_else(|| natural(term)).is_some_and(|inner| inner.is_inside(bound))
            })
        };
        let boxes = self.0.iter().filter(|bounds| !is_empty(bounds));
        boxes.into_iter().all(|inner| other.0.iter().any(|outer| fits(inner, outer)))
    }

    fn everything() -> Self {
        Self(vec![Bounds::new()])
    }

    fn of_term(term: String, bound: Bound) -> Self {
        let bound = natural(&term).map_or(bound.clone(), |natural| natural.meet(&bound));
        Self(if bound.is_empty() { vec![] } else { vec![Bounds::from([(term, bound)])] })
    }

    fn or(mut self, other: Self) -> Option<Self> {
        self.0.extend(other.0);
        (self.0.len() <= MOST_BOXES).then_some(self)
    }

    fn and(self, other: &Self) -> Option<Self> {
        if self.0.len() * other.0.len() > MOST_BOXES * MOST_BOXES {
            return None;
        }
        let mut boxes = Vec::new();
        for (left, right) in self.0.iter().flat_map(|left| other.0.iter().map(move |right| (left, right))) {
            let mut both = left.clone();
            for (term, bound) in right {
                let met = both.get(term).map_or_else(|| bound.clone(), |known| known.meet(bound));
                both.insert(term.clone(), met);
            }
            if !is_empty(&both) {
                boxes.push(both);
            }
        }
        (boxes.len() <= MOST_BOXES).then_some(Self(boxes))
    }
}

/// What a term can be at all: masses and counts are not negative, chapters are 1 to 97.
fn natural(term: &str) -> Option<Bound> {
    if term.starts_with("size(") {
        return Some(Bound::Ints(vec![(0, i64::MAX)]));
    }
    if term.contains([' ', '(', '[']) {
        return None;
    }
    let field = term.rsplit('.').next()?;
    schema::find_range(field).map(|(low, high)| Bound::Ints(vec![(low, high)]))
}

fn is_empty(bounds: &Bounds) -> bool {
    bounds.values().any(Bound::is_empty) || contradicts_itself(bounds)
}

/// Commodity codes contain each other: a heading lies in its chapter, six digits lie in their heading.
fn contradicts_itself(bounds: &Bounds) -> bool {
    let part = |term: &str, field: &str| match bounds.get(&format!("{term}.{field}")) {
        Some(Bound::OneOf(texts)) => Some(texts.clone()),
        _ => None,
    };
    bounds.iter().any(|(term, bound)| {
        match (term.strip_suffix(".chapter"), term.strip_suffix(".heading"), bound) {
            (Some(owner), _, Bound::Ints(ranges)) => {
                [part(owner, "heading"), part(owner, "hs6")].into_iter().flatten().any(|codes| {
                    !codes.iter().any(|code| {
                        let chapter = code.get(..2).and_then(|digits| digits.parse::<i64>().ok());
                        chapter.is_none_or(|chapter| {
                            ranges.iter().any(|(low, high)| (*low..=*high).contains(&chapter))
                        })
                    })
                })
            }
            (_, Some(owner), Bound::OneOf(headings)) => part(owner, "hs6").is_some_and(|codes| {
                !codes.iter().any(|code| headings.iter().any(|heading| code.starts_with(heading)))
            }),
            _ => false,
        }
    })
}

/// A value that is known beforehand.
enum Known {
    Int(i64),
    Text(String),
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

struct Lowering<'a> {
    parameters: &'a BTreeMap<String, Parameter>,
}

impl Lowering<'_> {
    fn region(&self, expression: &IdedExpr, holds: bool) -> Option<Region> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => {
                Some(if *value.inner() == holds { Region::everything() } else { Region(vec![]) })
            }
            Expr::Call(call) => self.call(expression, call, holds),
            _ => Some(self.opaque(expression, holds)),
        }
    }

    fn opaque(&self, expression: &IdedExpr, holds: bool) -> Region {
        Region::of_term(render(expression), Bound::Truth(holds, !holds))
    }

    fn call(&self, whole: &IdedExpr, call: &CallExpr, holds: bool) -> Option<Region> {
        let arguments: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => self.region(inner, !holds),
            (operators::LOGICAL_AND, [left, right]) => self.both(left, right, holds, holds),
            (operators::LOGICAL_OR, [left, right]) => self.both(left, right, holds, !holds),
            (operators::CONDITIONAL, [asked, left, right]) => {
                let first = self.region(asked, true)?.and(&self.region(left, holds)?)?;
                first.or(self.region(asked, false)?.and(&self.region(right, holds)?)?)
            }
            (operators::IN, [one, list]) => Some(match self.known(list) {
                Some(Known::Texts(texts)) => text_region(render(one), texts.into_iter().collect(), holds),
                Some(Known::Ints(numbers)) => {
                    let ranges = ranges_of(numbers.into_iter().collect());
                    Region::of_term(
                        render(one),
                        Bound::Ints(if holds { ranges } else { complement(&ranges) }),
                    )
                }
                Some(Known::Int(_) | Known::Text(_)) | None => self.opaque(whole, holds),
            }),
            (name, [left, right]) => Some(self.comparison(whole, name, left, right, holds)),
            _ => Some(self.opaque(whole, holds)),
        }
    }

    /// `both` of them must do as `holds` says, or one of them.
    fn both(&self, left: &IdedExpr, right: &IdedExpr, holds: bool, both: bool) -> Option<Region> {
        let (left, right) = (self.region(left, holds)?, self.region(right, holds)?);
        if both { left.and(&right) } else { left.or(right) }
    }

    fn comparison(
        &self,
        whole: &IdedExpr,
        name: &str,
        left: &IdedExpr,
        right: &IdedExpr,
        holds: bool,
    ) -> Region {
        let Some(ranges) = ranges_against_zero(name) else {
            return self.opaque(whole, holds);
        };
        match (self.known(left), self.known(right)) {
            (None, Some(Known::Int(number))) => self.int_region(left, name, number, holds),
            (Some(Known::Int(number)), None) => self.int_region(right, flipped(name), number, holds),
            (None, Some(Known::Text(text))) if is_equality(name) => {
                text_region(render(left), BTreeSet::from([text]), holds == (name == operators::EQUALS))
            }
            (Some(Known::Text(text)), None) if is_equality(name) => {
                text_region(render(right), BTreeSet::from([text]), holds == (name == operators::EQUALS))
            }
            (None, None) if !has_double(left) && !has_double(right) => {
                // The order of two terms: -1, 0 or 1.
                let (first, second) = (render(left), render(right));
                let ranges = if holds { ranges } else { complement(&ranges) };
                let order = Bound::Ints(vec![(-1, 1)]);
                let (term, ranges) = if first <= second {
                    (format!("{first} <=> {second}"), ranges)
                } else {
                    (format!("{second} <=> {first}"), mirrored(&ranges))
                };
                Region::of_term(term, order.meet(&Bound::Ints(ranges)))
            }
            _ => self.opaque(whole, holds),
        }
    }

    fn int_region(&self, term: &IdedExpr, name: &str, number: i64, holds: bool) -> Region {
        let shift = |(low, high): (i64, i64)| {
            let end =
                |end: i64| if end == i64::MIN || end == i64::MAX { end } else { end.saturating_add(number) };
            (end(low), end(high))
        };
        let ranges: Vec<_> = ranges_against_zero(name).unwrap_or_default().into_iter().map(shift).collect();
        Region::of_term(render(term), Bound::Ints(if holds { ranges } else { complement(&ranges) }))
    }

    fn known(&self, expression: &IdedExpr) -> Option<Known> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Int(value)) => Some(Known::Int(*value.inner())),
            Expr::Literal(LiteralValue::String(value)) => Some(Known::Text(value.inner().to_owned())),
            Expr::Select(select)
                if !select.test
                    && matches!(&select.operand.expr, Expr::Ident(name) if name == "parameters") =>
            {
                match self.parameters.get(&select.field)? {
                    Parameter::Int(value) => Some(Known::Int(*value)),
                    Parameter::Text(value) => Some(Known::Text(value.clone())),
                    Parameter::Ints(values) => Some(Known::Ints(values.clone())),
                    Parameter::Texts(values) => Some(Known::Texts(values.clone())),
                    Parameter::Bool(_) => None,
                }
            }
            Expr::List(list) => {
                let known: Vec<_> =
                    list.elements.iter().map(|element| self.known(element)).collect::<Option<_>>()?;
                let texts = known.iter().filter_map(|one| match one {
                    Known::Text(text) => Some(text.clone()),
                    _ => None,
                });
                let ints = known.iter().filter_map(|one| match one {
                    Known::Int(number) => Some(*number),
                    _ => None,
                });
                let (texts, ints): (Vec<_>, Vec<_>) = (texts.collect(), ints.collect());
                if texts.len() == known.len() {
                    Some(Known::Texts(texts))
                } else if ints.len() == known.len() {
                    Some(Known::Ints(ints))
                } else {
                    None
                }
            }
            Expr::Call(call) => {
                let [left, right] = call.args.as_slice() else { return None };
                let (Known::Int(left), Known::Int(right)) = (self.known(left)?, self.known(right)?) else {
                    return None;
                };
                let value = match call.func_name.as_str() {
                    operators::ADD => left.checked_add(right),
                    operators::SUBSTRACT => left.checked_sub(right),
                    operators::MULTIPLY => left.checked_mul(right),
                    _ => None,
                };
                value.map(Known::Int)
            }
            _ => None,
        }
    }
}

fn text_region(term: String, texts: BTreeSet<String>, holds: bool) -> Region {
    Region::of_term(term, if holds { Bound::OneOf(texts) } else { Bound::NoneOf(texts) })
}

fn is_equality(name: &str) -> bool {
    matches!(name, operators::EQUALS | operators::NOT_EQUALS)
}

/// Where `x name 0` holds.
fn ranges_against_zero(name: &str) -> Option<Vec<(i64, i64)>> {
    Some(match name {
        operators::EQUALS => vec![(0, 0)],
        operators::NOT_EQUALS => vec![(i64::MIN, -1), (1, i64::MAX)],
        operators::LESS => vec![(i64::MIN, -1)],
        operators::LESS_EQUALS => vec![(i64::MIN, 0)],
        operators::GREATER => vec![(1, i64::MAX)],
        operators::GREATER_EQUALS => vec![(0, i64::MAX)],
        _ => return None,
    })
}

fn flipped(name: &str) -> &str {
    match name {
        operators::LESS => operators::GREATER,
        operators::LESS_EQUALS => operators::GREATER_EQUALS,
        operators::GREATER => operators::LESS,
        operators::GREATER_EQUALS => operators::LESS_EQUALS,
        other => other,
    }
}

fn mirrored(ranges: &[(i64, i64)]) -> Vec<(i64, i64)> {
    ranges.iter().rev().map(|(low, high)| (high.saturating_neg(), low.saturating_neg())).collect()
}

fn ranges_of(numbers: BTreeSet<i64>) -> Vec<(i64, i64)> {
    numbers.into_iter().map(|number| (number, number)).collect()
}

/// What lies between and beside ascending ranges.
fn complement(ranges: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut next = Some(i64::MIN);
    for (low, high) in ranges {
        if let Some(from) = next
            && from < *low
        {
            gaps.push((from, low.saturating_sub(1)));
        }
        next = high.checked_add(1);
    }
    gaps.extend(next.map(|from| (from, i64::MAX)));
    gaps
}

fn has_double(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::Literal(LiteralValue::Double(_)) => true,
        Expr::Call(call) => call.func_name == "double" || call.args.iter().any(has_double),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::ENVIRONMENT;
    use super::*;

    fn region(text: &str) -> Region {
        let parameters = BTreeMap::from([
            ("many".to_owned(), Parameter::Int(100)),
            ("codes".to_owned(), Parameter::Texts(vec!["8450".into(), "9301".into()])),
        ]);
        Region::of(ENVIRONMENT.compile(text).unwrap().expression(), &parameters).unwrap()
    }

    #[test]
    fn what_never_holds_is_empty() {
        for text in [
            "it.packages > 5 && it.packages < 3",
            "it.packages > 5 && it.packages < 6",
            "it.packages < 0",
            "size(equipment) < 0",
            "it.chapter == 98",
            "it.chapter == 93 && it.heading == '8450'",
            "it.chapter == 93 && it.heading in parameters.codes && it.heading != '9301'",
            "it.heading == '8450' && it.hs6 == '930100'",
            "it.dangerous && !it.dangerous",
            "it.gross_mass > it.net_mass && it.net_mass >= it.gross_mass",
            "it.packages > parameters.many && it.packages <= 100",
            "!(it.packages < 7 || it.packages >= 7)",
            "it.packages == 3 ? it.packages == 4 : it.packages == 3",
            "goods.exists(x, x.packages == 1) && !goods.exists(x, x.packages == 1)",
        ] {
            assert!(region(text).is_empty(), "{text}: {:?}", region(text));
        }
        for text in [
            "it.packages > 5 && it.packages < 7",
            "it.chapter == 93 && it.heading in parameters.codes",
            "it.a == 'x' && it.b == 'y'",
        ] {
            assert!(!region(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn one_region_inside_another_is_told() {
        for (inner, outer) in [
            ("it.packages > 10", "it.packages > 5"),
            ("it.packages > 10 && it.dangerous", "it.packages >= 11"),
            ("it.heading == '8450'", "it.heading in parameters.codes"),
            ("it.heading == '8450' || it.heading == '9301'", "it.heading in ['8450', '9301', '1']"),
            ("it.gross_mass > it.net_mass", "it.net_mass <= it.gross_mass"),
            ("it.packages == 1", "it.packages >= 0"),
            ("it.chapter in [1, 2]", "it.chapter < 3"),
        ] {
            assert!(region(inner).is_inside(&region(outer)), "{inner} in {outer}");
            assert!(
                inner == outer || !region(outer).is_inside(&region(inner)) || outer.contains(">= 11"),
                "{outer} in {inner}"
            );
        }
    }
}
