//! One condition of a question.

use super::Pattern;
use jiff::Timestamp;

/// A condition on an event. All of a question must hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// A field holds one of these words, in the form in which the event is indexed.
    In(Field, Vec<String>),
    /// A place is one of these, or lies in one of them. The names are in order, each once.
    Place { location: bool, within: bool, names: Vec<String> },
    /// One of these things is among the event's.
    Things(Things, Vec<Pattern>),
    /// A quantity of a class of things compares so.
    Quantity(Comparison, f64),
    /// An item of a list with this type names one of these.
    Listed { list: &'static str, item: &'static str, kind: String, names: Vec<String> },
    /// A time is not before, or is before.
    Time { field: TimeField, before: bool, at: Timestamp },
    /// Whether there is a declaration of error.
    ErrorDeclared,
    /// A sensor reported so much.
    Measured { field: &'static str, comparison: Comparison, value: f64, unit: Option<String> },
    /// A sensor reported this truth value.
    Truth(bool),
    /// Master data say so of the value of a field; `names` are the elements of which they do, once they are known.
    Described { field: String, wanted: Wanted, names: Vec<String> },
    /// An extension field.
    Custom { part: Part, inner: bool, name: String, wanted: Wanted },
}

/// A field with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    EventType,
    Action,
    BizStep,
    Disposition,
    DispositionSet,
    DispositionUnset,
    EventId,
    TransformationId,
    ErrorReason,
    CorrectiveEventId,
    /// An attribute of a sensor's metadata or reports.
    Sensor(&'static str),
}

/// Which things of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Things {
    Epc,
    Parent,
    Input,
    Output,
    Any,
    Class,
    InputClass,
    OutputClass,
    AnyClass,
}

/// Which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeField {
    Event,
    Record,
    ErrorDeclaration,
    /// A time of a sensor's metadata.
    Sensor(&'static str),
}

/// How a value compares with the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    pub(super) const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

/// Which part of an event an extension field is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Event,
    Ilmd,
    ErrorDeclaration,
    SensorElement,
    SensorMetadata,
    SensorReport,
}

/// What is wanted of an extension field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// It is there.
    Exists,
    /// It is one of these.
    OneOf(Vec<String>),
    /// It compares so with a number.
    Number(Comparison, f64),
    /// It compares so with a time.
    Time(Comparison, Timestamp),
    /// It has an attribute of one of these names.
    HasAttribute(Vec<String>),
    /// It has an attribute with one of these values.
    Attribute(String, Vec<String>),
}
