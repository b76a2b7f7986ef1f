//! The parameters of the standard's table: their names and what their values are.

use super::test::{Comparison, Field, Part, Things, TimeField};

/// A parameter as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its values, as text.
    pub values: Vec<String>,
}

impl Given {
    /// A parameter of a query string: values of a list stand between upright bars.
    pub fn text(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), values: text.split('|').map(str::to_owned).collect() }
    }

    /// A parameter of a query in JSON: a text, a number, a truth value or a list of them; nothing for anything else.
    pub fn json(name: &str, value: &serde_json::Value) -> Option<Self> {
        use serde_json::Value;
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let values = match value {
            Value::Array(items) => items.iter().map(text).collect::<Option<_>>()?,
            other => vec![text(other)?],
        };
        Some(Self { name: name.to_owned(), values })
    }
}

/// What a parameter with a fixed name asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    Words(Field),
    Place { location: bool, within: bool },
    Things(Things),
    Quantity(Comparison),
    Time(TimeField, bool),
    ErrorDeclared,
    Truth,
    OrderBy,
    OrderDirection,
    Limit,
    Most,
}

/// Names and meanings of the parameters with fixed names. Source: EPCIS 2.0, section 8.2.7.1.
pub(super) const FIXED: &[(&str, Asked)] = &[
    ("eventType", Asked::Words(Field::EventType)),
    ("GE_eventTime", Asked::Time(TimeField::Event, false)),
    ("LT_eventTime", Asked::Time(TimeField::Event, true)),
    ("GE_recordTime", Asked::Time(TimeField::Record, false)),
    ("LT_recordTime", Asked::Time(TimeField::Record, true)),
    ("EQ_action", Asked::Words(Field::Action)),
    ("EQ_bizStep", Asked::Words(Field::BizStep)),
    ("EQ_disposition", Asked::Words(Field::Disposition)),
    ("EQ_persistentDisposition_set", Asked::Words(Field::DispositionSet)),
    ("EQ_persistentDisposition_unset", Asked::Words(Field::DispositionUnset)),
    ("EQ_readPoint", Asked::Place { location: false, within: false }),
    ("WD_readPoint", Asked::Place { location: false, within: true }),
    ("EQ_bizLocation", Asked::Place { location: true, within: false }),
    ("WD_bizLocation", Asked::Place { location: true, within: true }),
    ("EQ_transformationID", Asked::Words(Field::TransformationId)),
    ("MATCH_epc", Asked::Things(Things::Epc)),
    ("MATCH_parentID", Asked::Things(Things::Parent)),
    ("MATCH_inputEPC", Asked::Things(Things::Input)),
    ("MATCH_outputEPC", Asked::Things(Things::Output)),
    ("MATCH_anyEPC", Asked::Things(Things::Any)),
    ("MATCH_epcClass", Asked::Things(Things::Class)),
    ("MATCH_inputEPCClass", Asked::Things(Things::InputClass)),
    ("MATCH_outputEPCClass", Asked::Things(Things::OutputClass)),
    ("MATCH_anyEPCClass", Asked::Things(Things::AnyClass)),
    ("EQ_quantity", Asked::Quantity(Comparison::Equal)),
    ("GT_quantity", Asked::Quantity(Comparison::Greater)),
    ("GE_quantity", Asked::Quantity(Comparison::GreaterOrEqual)),
    ("LT_quantity", Asked::Quantity(Comparison::Less)),
    ("LE_quantity", Asked::Quantity(Comparison::LessOrEqual)),
    ("EQ_eventID", Asked::Words(Field::EventId)),
    ("EXISTS_errorDeclaration", Asked::ErrorDeclared),
    ("GE_errorDeclarationTime", Asked::Time(TimeField::ErrorDeclaration, false)),
    ("LT_errorDeclarationTime", Asked::Time(TimeField::ErrorDeclaration, true)),
    ("EQ_errorReason", Asked::Words(Field::ErrorReason)),
    ("EQ_correctiveEventID", Asked::Words(Field::CorrectiveEventId)),
    ("orderBy", Asked::OrderBy),
    ("orderDirection", Asked::OrderDirection),
    ("eventCountLimit", Asked::Limit),
    ("maxEventCount", Asked::Most),
    ("GE_startTime", Asked::Time(TimeField::Sensor("startTime"), false)),
    ("LT_startTime", Asked::Time(TimeField::Sensor("startTime"), true)),
    ("GE_endTime", Asked::Time(TimeField::Sensor("endTime"), false)),
    ("LT_endTime", Asked::Time(TimeField::Sensor("endTime"), true)),
    ("EQ_type", Asked::Words(Field::Sensor("type"))),
    ("EQ_deviceID", Asked::Words(Field::Sensor("deviceID"))),
    ("EQ_dataProcessingMethod", Asked::Words(Field::Sensor("dataProcessingMethod"))),
    ("EQ_microorganism", Asked::Words(Field::Sensor("microorganism"))),
    ("EQ_chemicalSubstance", Asked::Words(Field::Sensor("chemicalSubstance"))),
    ("EQ_bizRules", Asked::Words(Field::Sensor("bizRules"))),
    ("EQ_stringValue", Asked::Words(Field::Sensor("stringValue"))),
    ("EQ_hexBinaryValue", Asked::Words(Field::Sensor("hexBinaryValue"))),
    ("EQ_uriValue", Asked::Words(Field::Sensor("uriValue"))),
    ("EQ_booleanValue", Asked::Truth),
];

/// Lists whose items have a type that stands in the name of the parameter: prefix, list, field of the item.
pub(super) const LISTED: &[(&str, &str, &str)] = &[
    ("EQ_bizTransaction_", "bizTransactionList", "bizTransaction"),
    ("EQ_source_", "sourceList", "source"),
    ("EQ_destination_", "destinationList", "destination"),
];

/// Values of a sensor's report whose unit stands in the name of the parameter; a rank has none.
pub(super) const MEASURED: &[&str] =
    &["value", "minValue", "maxValue", "meanValue", "sDev", "percValue", "percRank"];

/// Parts of an event that are named before an extension field.
pub(super) const PARTS: &[(&str, Part)] = &[
    ("ILMD_", Part::Ilmd),
    ("ERROR_DECLARATION_", Part::ErrorDeclaration),
    ("SENSORELEMENT_", Part::SensorElement),
    ("SENSORMETADATA_", Part::SensorMetadata),
    ("SENSORREPORT_", Part::SensorReport),
];

/// Words before the name of a field that say how it compares.
pub(super) const COMPARISONS: &[(&str, Comparison)] = &[
    ("EQ_", Comparison::Equal),
    ("GT_", Comparison::Greater),
    ("GE_", Comparison::GreaterOrEqual),
    ("LT_", Comparison::Less),
    ("LE_", Comparison::LessOrEqual),
];
