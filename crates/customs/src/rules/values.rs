//! Values of expressions: records that are cheap to copy, and our own functions.

use super::file::Parameter;
use super::table::{Key, Table};
use cel::common::functions::Function;
use cel::common::types::{self, CelInt, CelList, CelString, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use cel::{
    Env, ExecutionError,
    common::traits::{Container, Indexer},
};
use kervan_units::{Mass, Money, Seconds};
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Named fields, shared: a copy costs one counter, however many fields there are. CEL copies every element that a loop
/// walks over, so this matters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(Arc<BTreeMap<Cow<'static, str>, Box<dyn Val>>>);

static RECORD: Type = Type::new_struct_type("kervan.Record");

impl Record {
    /// From fields; absent ones are left out, so `has(...)` finds nothing there.
    pub(crate) fn new<N: Into<Cow<'static, str>>>(
        fields: impl IntoIterator<Item = (N, Option<Box<dyn Val>>)>,
    ) -> Self {
        let present = fields.into_iter().filter_map(|(name, value)| value.map(|value| (name.into(), value)));
        Self(Arc::new(present.collect()))
    }

    pub(crate) fn fields(&self) -> &BTreeMap<Cow<'static, str>, Box<dyn Val>> {
        &self.0
    }
}

impl Indexer for Record {
    fn get<'b, 'v>(&'b self, name: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = name.downcast_ref::<CelString>().map_or("", CelString::inner);
        match self.0.get(name) {
            Some(value) => Ok(CowVal::Borrowed(value.as_ref())),
            None => Err(ExecutionError::NoSuchKey(Arc::new(name.to_owned()))),
        }
    }

    fn steal<'v>(self: Box<Self>, name: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(name).map(CowVal::into_owned)
    }
}

impl Container for Record {
    fn contains(&self, name: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(name.downcast_ref::<CelString>().is_some_and(|name| self.0.contains_key(name.inner())))
    }
}

impl Val for Record {
    fn get_type(&self) -> &Type {
        &RECORD
    }

    fn cel_type() -> &'static Type {
        &RECORD
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for Record {}

/// A field that is always there.
pub(crate) fn text(value: impl Into<String>) -> Option<Box<dyn Val>> {
    Some(Box::new(CelString::from(value.into())))
}

/// A text that may be absent.
pub(crate) fn maybe_text(value: Option<impl Into<String>>) -> Option<Box<dyn Val>> {
    value.and_then(text)
}

/// A whole number; what does not fit is the largest.
pub(crate) fn int(value: impl TryInto<i64>) -> Option<Box<dyn Val>> {
    Some(Box::new(CelInt::from(value.try_into().unwrap_or(i64::MAX))))
}

/// A whole number that may be absent.
pub(crate) fn maybe_int(value: Option<impl TryInto<i64>>) -> Option<Box<dyn Val>> {
    value.and_then(int)
}

/// `true` or `false`.
pub(crate) fn bool(value: bool) -> Option<Box<dyn Val>> {
    Some(Box::new(types::CelBool::from(value)))
}

/// A record as a field.
pub(crate) fn record(value: Record) -> Option<Box<dyn Val>> {
    Some(Box::new(value))
}

/// A list.
pub(crate) fn list(values: impl IntoIterator<Item = Option<Box<dyn Val>>>) -> Option<Box<dyn Val>> {
    let values: Vec<Box<dyn Val>> = values.into_iter().flatten().collect();
    Some(Box::new(CelList::from(values)))
}

/// A decision table as a value.
#[derive(Clone, Debug)]
pub(crate) struct TableValue(pub(crate) Arc<Table>);

static TABLE: Type = Type::new_struct_type("kervan.Table");

impl Val for TableValue {
    fn get_type(&self) -> &Type {
        &TABLE
    }

    fn cel_type() -> &'static Type {
        &TABLE
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for TableValue {}

/// The environment of every expression: CEL without optional syntax, and our functions.
pub(crate) static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib().with_optional_support(false);
    let declared = [
        env.add_overload("apart", "apart_int", vec![types::INT_TYPE, types::INT_TYPE], apart),
        env.add_overload("kilograms", "kilograms_int", vec![types::INT_TYPE], kilograms),
        env.add_overload("money", "money_int_text", vec![types::INT_TYPE, types::STRING_TYPE], money),
        env.add_overload("hours", "hours_int", vec![types::INT_TYPE], hours),
        env.add_overload("instant", "instant_int", vec![types::INT_TYPE], instant),
        env.add_overload("join", "join_list", vec![types::LIST_TYPE], join),
    ];
    let lookups: [(&str, Function); 4] =
        [("found", found), ("number", number), ("word", number), ("words", words)];
    for (name, function) in lookups {
        for keys in 1..=3 {
            let takes = (0..=keys).map(|_| types::DYN_TYPE).collect();
            let added = env.add_overload(name, &format!("{name}_{keys}"), takes, function);
            debug_assert!(added.is_ok());
        }
    }
    // The names are not those of CEL, and a test calls each; a failure here would be found there.
    debug_assert!(declared.iter().all(Result::is_ok));
    Arc::new(env)
});

type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

fn int_at(args: &Args, at: usize) -> Result<i64, ExecutionError> {
    let value = args.get(at).and_then(|value| value.downcast_ref::<CelInt>());
    value.map(|int| *int.inner()).ok_or(ExecutionError::MissingArgumentOrTarget)
}

fn give_text<'b, 'v>(text: String) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelString::from(text)))
}

fn apart<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let distance = int_at(&args, 0)?.abs_diff(int_at(&args, 1)?);
    Ok(CowVal::owned(CelInt::from(i64::try_from(distance).unwrap_or(i64::MAX))))
}

fn kilograms<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    give_text(Mass::from_grams(u64::try_from(int_at(&args, 0)?).unwrap_or(0)).to_string())
}

fn money<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let minor = int_at(&args, 0)?;
    let code = args.get(1).and_then(|value| value.downcast_ref::<CelString>()).map_or("", CelString::inner);
    match code.parse() {
        Ok(currency) => give_text(Money::from_minor(minor, currency).to_string()),
        Err(_) => give_text(format!("{minor} {code}")),
    }
}

fn hours<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    give_text(Seconds::new(int_at(&args, 0)?.unsigned_abs()).to_string())
}

fn instant<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let at = jiff::Timestamp::from_second(int_at(&args, 0)?).unwrap_or_default();
    give_text(at.to_string())
}

fn join<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let texts = args.first().and_then(|value| value.downcast_ref::<CelList>());
    let texts = texts.ok_or(ExecutionError::MissingArgumentOrTarget)?;
    let parts: Vec<_> = texts
        .inner()
        .iter()
        .filter_map(|text| text.downcast_ref::<CelString>().map(CelString::inner))
        .collect();
    give_text(parts.join(", "))
}

/// The table and the keys of a lookup; the checker has seen to their kinds.
fn asked(args: &Args) -> Result<(Arc<Table>, Vec<Key>), ExecutionError> {
    let table = args.first().and_then(|value| value.downcast_ref::<TableValue>());
    let table = table.ok_or(ExecutionError::MissingArgumentOrTarget)?;
    let key = |value: &CowVal| {
        let text = value.downcast_ref::<CelString>().map(|text| Key::Text(text.inner().to_owned()));
        text.or_else(|| value.downcast_ref::<CelInt>().map(|int| Key::Int(*int.inner())))
    };
    let keys: Option<Vec<_>> = args.iter().skip(1).map(key).collect();
    Ok((Arc::clone(&table.0), keys.ok_or(ExecutionError::MissingArgumentOrTarget)?))
}

fn found<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (table, keys) = asked(&args)?;
    Ok(CowVal::owned(types::CelBool::from(table.has(&keys))))
}

fn number<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (table, keys) = asked(&args)?;
    match table.find(&keys) {
        Some(Parameter::Int(value)) => Ok(CowVal::owned(CelInt::from(*value))),
        Some(Parameter::Text(value)) => give_text(value.clone()),
        _ => Err(ExecutionError::MissingArgumentOrTarget),
    }
}

fn words<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (table, keys) = asked(&args)?;
    let texts = table.list(&keys).into_iter().filter_map(|gives| match gives {
        Parameter::Text(text) => Some(Box::new(CelString::from(text.clone())) as Box<dyn Val>),
        _ => None,
    });
    Ok(CowVal::owned(CelList::from(texts.collect::<Vec<_>>())))
}
