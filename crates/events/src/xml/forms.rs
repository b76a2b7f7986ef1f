//! How the fields of an event stand in XML, in the order of the schema.
//!
//! Source: EPCIS 2.0 XML schema. The JSON name of a field is that of its element.

use crate::vocabulary::Vocabulary;

/// How a field stands in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An element with text.
    Text,
    /// An element with text, as often as there are values.
    Texts,
    /// An element with a word of a vocabulary.
    Word(Vocabulary),
    /// A list element around elements of this name.
    Items(&'static str),
    /// A list of `quantityElement`.
    Quantities,
    /// A list of elements of this name with a `type` attribute of a vocabulary; the JSON value has the same name.
    Typed(&'static str, Vocabulary),
    /// An `id` and extensions.
    Place,
    /// `unset` and `set`.
    Disposition,
    /// An error declaration.
    Declaration,
    /// Sensor elements.
    Sensors,
    /// Extensions only.
    Extensions,
}

/// A field: its name and form.
pub(super) type Field = (&'static str, Form);

/// Namespace of a document in version 2.0, and the URIs of its relatives.
pub(super) const EPCIS: &str = "urn:epcglobal:epcis:xsd:2";
/// Namespace of a document in versions 1.0 to 1.2.
pub(super) const EPCIS_1: &str = "urn:epcglobal:epcis:xsd:1";
/// Namespace of query results.
pub(super) const QUERY: &str = "urn:epcglobal:epcis-query:xsd:2";
/// Namespace of query results in versions 1.0 to 1.2.
pub(super) const QUERY_1: &str = "urn:epcglobal:epcis-query:xsd:1";
/// Namespace of master data, version 2.0.
pub(super) const MASTER_DATA: &str = "urn:epcglobal:epcis-masterdata:xsd:2";
/// Namespace of master data, versions 1.0 to 1.2.
pub(super) const MASTER_DATA_1: &str = "urn:epcglobal:epcis-masterdata:xsd:1";
/// Namespace of the standard business document header.
pub(super) const HEADER: &str = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";
/// Namespace of the types of XML schema, which values of extensions may name.
pub(super) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
/// Namespace of `type` on an element.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Namespace of the attributes of XML itself, such as `xml:lang`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

const BIZ_STEP: Field = ("bizStep", Form::Word(Vocabulary::BizStep));
const DISPOSITION: Field = ("disposition", Form::Word(Vocabulary::Disposition));
const READ_POINT: Field = ("readPoint", Form::Place);
const BIZ_LOCATION: Field = ("bizLocation", Form::Place);
const TRANSACTIONS: Field =
    ("bizTransactionList", Form::Typed("bizTransaction", Vocabulary::BizTransactionType));
const SOURCES: Field = ("sourceList", Form::Typed("source", Vocabulary::SourceDestinationType));
const DESTINATIONS: Field =
    ("destinationList", Form::Typed("destination", Vocabulary::SourceDestinationType));
const SENSORS: Field = ("sensorElementList", Form::Sensors);
const PERSISTENT: Field = ("persistentDisposition", Form::Disposition);
const ACTION: Field = ("action", Form::Text);
const EPCS: Field = ("epcList", Form::Items("epc"));
const PARENT: Field = ("parentID", Form::Text);
const CHILDREN: Field = ("childEPCs", Form::Items("epc"));
const CHILD_QUANTITIES: Field = ("childQuantityList", Form::Quantities);
const QUANTITIES: Field = ("quantityList", Form::Quantities);
const ILMD: Field = ("ilmd", Form::Extensions);

/// Fields of every event, which come first.
pub(super) const EVENT: &[Field] = &[
    ("eventTime", Form::Text),
    ("recordTime", Form::Text),
    ("eventTimeZoneOffset", Form::Text),
    ("eventID", Form::Text),
    ("errorDeclaration", Form::Declaration),
    ("certificationInfo", Form::Texts),
];

const OBJECT: &[Field] = &[
    EPCS,
    ACTION,
    BIZ_STEP,
    DISPOSITION,
    READ_POINT,
    BIZ_LOCATION,
    TRANSACTIONS,
    QUANTITIES,
    SOURCES,
    DESTINATIONS,
    SENSORS,
    PERSISTENT,
    ILMD,
];
const AGGREGATION: &[Field] = &[
    PARENT,
    CHILDREN,
    ACTION,
    BIZ_STEP,
    DISPOSITION,
    READ_POINT,
    BIZ_LOCATION,
    TRANSACTIONS,
    CHILD_QUANTITIES,
    SOURCES,
    DESTINATIONS,
    SENSORS,
    PERSISTENT,
];
const TRANSACTION: &[Field] = &[
    TRANSACTIONS,
    PARENT,
    EPCS,
    ACTION,
    BIZ_STEP,
    DISPOSITION,
    READ_POINT,
    BIZ_LOCATION,
    QUANTITIES,
    SOURCES,
    DESTINATIONS,
    SENSORS,
    PERSISTENT,
];
const TRANSFORMATION: &[Field] = &[
    ("inputEPCList", Form::Items("epc")),
    ("inputQuantityList", Form::Quantities),
    ("outputEPCList", Form::Items("epc")),
    ("outputQuantityList", Form::Quantities),
    ("transformationID", Form::Text),
    BIZ_STEP,
    DISPOSITION,
    READ_POINT,
    BIZ_LOCATION,
    TRANSACTIONS,
    SOURCES,
    DESTINATIONS,
    SENSORS,
    PERSISTENT,
    ILMD,
];
const ASSOCIATION: &[Field] = &[
    PARENT,
    CHILDREN,
    CHILD_QUANTITIES,
    ACTION,
    BIZ_STEP,
    DISPOSITION,
    READ_POINT,
    BIZ_LOCATION,
    TRANSACTIONS,
    SOURCES,
    DESTINATIONS,
    SENSORS,
    PERSISTENT,
];

/// The fields that a kind of event has beyond those of every event, in the order of the schema.
pub(super) fn find_fields(kind: &str) -> Option<&'static [Field]> {
    match kind {
        "ObjectEvent" => Some(OBJECT),
        "AggregationEvent" => Some(AGGREGATION),
        "TransactionEvent" => Some(TRANSACTION),
        "TransformationEvent" => Some(TRANSFORMATION),
        "AssociationEvent" => Some(ASSOCIATION),
        _ => None,
    }
}

/// Attributes of a sensor report that are numbers.
pub(super) const REPORT_NUMBERS: &[&str] =
    &["value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"];
