//! The fields of the standard, as tables: what each object may hold and what it must.
//!
//! Source: EPCIS 2.0 JSON schema (gs1/EPCIS), section by section; the rules that tie fields together stand in `rules`.

use crate::vocabulary::Vocabulary;

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Hexadecimal digits.
    Hex,
    /// An instant with offset.
    Instant,
    /// The offset of the place and time.
    Offset,
    /// A unit of measure.
    Unit,
    /// A version number.
    Version,
    /// Any URI.
    Uri,
    /// The URI of a thing or class, looked into if it is an EPC.
    Thing,
    /// One URI or a list of them.
    Uris,
    /// What the event does.
    Action,
    /// A word of a vocabulary.
    Word(Vocabulary),
    /// An object of the given shape.
    Object(&'static Shape),
    /// A list.
    List(&'static List),
    /// The JSON-LD context.
    Context,
    /// Looked into elsewhere: the type of an event before its fields, an event by itself.
    Anything,
    /// Extension elements only.
    Extensions,
}

/// What a list holds.
pub(super) struct List {
    pub(super) of: Kind,
    pub(super) least: usize,
    pub(super) unique: bool,
}

/// An object: its fields, and whether it may hold others.
pub(super) struct Shape {
    pub(super) fields: &'static [Field],
    pub(super) others: Others,
}

/// One field of an object.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) need: Need,
}

/// Whether a field may be left out.
#[derive(Clone, Copy)]
pub(super) enum Need {
    /// It may.
    Optional,
    /// It may not.
    Required,
    /// It may where this other field stands.
    Unless(&'static str),
}

/// Which fields beyond its own an object may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// None.
    None,
    /// Those named by a URI or compact URI.
    Uris,
    /// Any.
    Any,
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Optional }
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Required }
}

const fn must_unless(name: &'static str, other: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Unless(other) }
}

const fn list(of: Kind) -> List {
    List { of, least: 0, unique: false }
}

static EPCS: List = List { of: Kind::Thing, least: 0, unique: true };
static CHILD_EPCS: List = list(Kind::Thing);
static EVENT_IDS: List = list(Kind::Uri);
static QUANTITIES: List = list(Kind::Object(&QUANTITY));
static TRANSACTIONS: List = list(Kind::Object(&TRANSACTION));
static TRANSACTIONS_NEEDED: List = List { of: Kind::Object(&TRANSACTION), least: 1, unique: false };
static SOURCES: List = list(Kind::Object(&SOURCE));
static DESTINATIONS: List = list(Kind::Object(&DESTINATION));
static SENSORS: List = list(Kind::Object(&SENSOR));
static REPORTS: List = List { of: Kind::Object(&SENSOR_REPORT), least: 1, unique: false };
static DISPOSITIONS: List = List { of: Kind::Word(Vocabulary::Disposition), least: 1, unique: true };

static QUANTITY: Shape = Shape {
    fields: &[must("epcClass", Kind::Thing), may("quantity", Kind::Number), may("uom", Kind::Unit)],
    others: Others::None,
};

static TRANSACTION: Shape = Shape {
    fields: &[must("bizTransaction", Kind::Uri), may("type", Kind::Word(Vocabulary::BizTransactionType))],
    others: Others::None,
};

static SOURCE: Shape = Shape {
    fields: &[must("source", Kind::Thing), must("type", Kind::Word(Vocabulary::SourceDestinationType))],
    others: Others::None,
};

static DESTINATION: Shape = Shape {
    fields: &[must("destination", Kind::Thing), must("type", Kind::Word(Vocabulary::SourceDestinationType))],
    others: Others::None,
};

static PLACE: Shape = Shape { fields: &[must("id", Kind::Thing)], others: Others::Any };

static PERSISTENT_DISPOSITION: Shape = Shape {
    fields: &[may("set", Kind::List(&DISPOSITIONS)), may("unset", Kind::List(&DISPOSITIONS))],
    others: Others::None,
};

static ERROR_DECLARATION: Shape = Shape {
    fields: &[
        must("declarationTime", Kind::Instant),
        may("reason", Kind::Word(Vocabulary::ErrorReason)),
        may("correctiveEventIDs", Kind::List(&EVENT_IDS)),
    ],
    others: Others::Uris,
};

static SENSOR: Shape = Shape {
    fields: &[
        may("sensorMetadata", Kind::Object(&SENSOR_METADATA)),
        must("sensorReport", Kind::List(&REPORTS)),
    ],
    others: Others::Uris,
};

static SENSOR_METADATA: Shape = Shape {
    fields: &[
        may("time", Kind::Instant),
        may("startTime", Kind::Instant),
        may("endTime", Kind::Instant),
        may("deviceID", Kind::Thing),
        may("deviceMetadata", Kind::Uri),
        may("rawData", Kind::Uri),
        may("dataProcessingMethod", Kind::Uri),
        may("bizRules", Kind::Uri),
    ],
    others: Others::Uris,
};

static SENSOR_REPORT: Shape = Shape {
    fields: &[
        // A report of an alarm or a fault measures nothing. Source: EPCIS 2.0, section 7.3.7.4, and its XML examples.
        must_unless("type", "exception", Kind::Word(Vocabulary::MeasurementType)),
        may("exception", Kind::Word(Vocabulary::SensorAlertType)),
        may("deviceID", Kind::Thing),
        may("deviceMetadata", Kind::Uri),
        may("rawData", Kind::Uri),
        may("dataProcessingMethod", Kind::Uri),
        may("bizRules", Kind::Uri),
        may("time", Kind::Instant),
        may("microorganism", Kind::Uri),
        may("chemicalSubstance", Kind::Uri),
        may("coordinateReferenceSystem", Kind::Uri),
        may("value", Kind::Number),
        may("component", Kind::Word(Vocabulary::Component)),
        may("stringValue", Kind::Text),
        may("booleanValue", Kind::Boolean),
        may("hexBinaryValue", Kind::Hex),
        may("uriValue", Kind::Uri),
        may("minValue", Kind::Number),
        may("maxValue", Kind::Number),
        may("meanValue", Kind::Number),
        may("sDev", Kind::Number),
        may("percRank", Kind::Number),
        may("percValue", Kind::Number),
        may("uom", Kind::Text),
    ],
    others: Others::Uris,
};

/// Fields of every event.
pub(super) static EVENT: &[Field] = &[
    may("@context", Kind::Context),
    must("type", Kind::Anything),
    must("eventTime", Kind::Instant),
    may("recordTime", Kind::Instant),
    must("eventTimeZoneOffset", Kind::Offset),
    may("eventID", Kind::Uri),
    may("certificationInfo", Kind::Uris),
    may("errorDeclaration", Kind::Object(&ERROR_DECLARATION)),
];

/// Fields that say in what business and where; in all five kinds of event.
pub(super) static BUSINESS: &[Field] = &[
    may("bizStep", Kind::Word(Vocabulary::BizStep)),
    may("disposition", Kind::Word(Vocabulary::Disposition)),
    may("readPoint", Kind::Object(&PLACE)),
    may("bizLocation", Kind::Object(&PLACE)),
    may("sourceList", Kind::List(&SOURCES)),
    may("destinationList", Kind::List(&DESTINATIONS)),
    may("sensorElementList", Kind::List(&SENSORS)),
    // The JSON schema leaves it out of three kinds of event, the standard's text and XML schema do not.
    may("persistentDisposition", Kind::Object(&PERSISTENT_DISPOSITION)),
];

/// Fields of an ObjectEvent beyond those.
pub(super) static OBJECT_EVENT: &[Field] = &[
    must("action", Kind::Action),
    may("epcList", Kind::List(&EPCS)),
    may("quantityList", Kind::List(&QUANTITIES)),
    may("bizTransactionList", Kind::List(&TRANSACTIONS)),
    may("ilmd", Kind::Extensions),
];

/// Fields of an AggregationEvent beyond those.
pub(super) static AGGREGATION_EVENT: &[Field] = &[
    must("action", Kind::Action),
    may("parentID", Kind::Thing),
    may("childEPCs", Kind::List(&CHILD_EPCS)),
    may("childQuantityList", Kind::List(&QUANTITIES)),
    may("bizTransactionList", Kind::List(&TRANSACTIONS)),
];

/// Fields of an AssociationEvent beyond those.
pub(super) static ASSOCIATION_EVENT: &[Field] = &[
    must("action", Kind::Action),
    must("parentID", Kind::Thing),
    may("childEPCs", Kind::List(&CHILD_EPCS)),
    may("childQuantityList", Kind::List(&QUANTITIES)),
    may("bizTransactionList", Kind::List(&TRANSACTIONS)),
];

/// Fields of a TransactionEvent beyond those.
pub(super) static TRANSACTION_EVENT: &[Field] = &[
    must("action", Kind::Action),
    must("bizTransactionList", Kind::List(&TRANSACTIONS_NEEDED)),
    may("parentID", Kind::Thing),
    may("epcList", Kind::List(&CHILD_EPCS)),
    may("quantityList", Kind::List(&QUANTITIES)),
];

/// Fields of a TransformationEvent beyond those.
pub(super) static TRANSFORMATION_EVENT: &[Field] = &[
    may("inputEPCList", Kind::List(&EPCS)),
    may("inputQuantityList", Kind::List(&QUANTITIES)),
    may("outputEPCList", Kind::List(&EPCS)),
    may("outputQuantityList", Kind::List(&QUANTITIES)),
    may("transformationID", Kind::Uri),
    may("bizTransactionList", Kind::List(&TRANSACTIONS)),
    may("ilmd", Kind::Extensions),
];

/// Fields of both kinds of document.
pub(super) static DOCUMENT: &[Field] =
    &[must("@context", Kind::Context), must("type", Kind::Anything), may("id", Kind::Uri)];

/// Fields of an EPCISDocument beyond those.
pub(super) static CAPTURE_DOCUMENT: &[Field] = &[
    must("schemaVersion", Kind::Version),
    must("creationDate", Kind::Instant),
    may("instanceIdentifier", Kind::Text),
    may("sender", Kind::Text),
    may("receiver", Kind::Text),
    may("epcisHeader", Kind::Object(&HEADER)),
    must("epcisBody", Kind::Object(&CAPTURE_BODY)),
];

/// Fields of an EPCISQueryDocument beyond those.
pub(super) static QUERY_DOCUMENT: &[Field] = &[
    may("schemaVersion", Kind::Version),
    may("creationDate", Kind::Instant),
    must("epcisBody", Kind::Object(&QUERY_BODY)),
];

static CAPTURE_BODY: Shape = Shape { fields: &[must("eventList", Kind::List(&EVENTS))], others: Others::Any };

static QUERY_BODY: Shape =
    Shape { fields: &[must("queryResults", Kind::Object(&QUERY_RESULTS))], others: Others::Uris };

static QUERY_RESULTS: Shape = Shape {
    fields: &[
        must("queryName", Kind::Text),
        may("subscriptionID", Kind::Text),
        must("resultsBody", Kind::Object(&RESULTS)),
    ],
    others: Others::Uris,
};

static RESULTS: Shape = Shape {
    fields: &[must("eventList", Kind::List(&EVENTS)), may("vocabularyList", Kind::List(&VOCABULARIES))],
    others: Others::Uris,
};

static HEADER: Shape =
    Shape { fields: &[may("epcisMasterData", Kind::Object(&MASTER_DATA))], others: Others::Uris };

static MASTER_DATA: Shape =
    Shape { fields: &[may("vocabularyList", Kind::List(&VOCABULARIES))], others: Others::Any };

static VOCABULARY: Shape = Shape {
    fields: &[must("type", Kind::Uri), may("vocabularyElementList", Kind::List(&VOCABULARY_ELEMENTS))],
    others: Others::Any,
};

static VOCABULARY_ELEMENT: Shape = Shape {
    fields: &[
        must("id", Kind::Uri),
        may("attributes", Kind::List(&ATTRIBUTES)),
        may("children", Kind::List(&EVENT_IDS)),
    ],
    others: Others::Any,
};

static ATTRIBUTE: Shape = Shape { fields: &[must("id", Kind::Uri)], others: Others::Any };

/// The events are read one by one, each with its own findings; here they only have to be a list.
static EVENTS: List = list(Kind::Anything);
static VOCABULARIES: List = list(Kind::Object(&VOCABULARY));
static VOCABULARY_ELEMENTS: List = list(Kind::Object(&VOCABULARY_ELEMENT));
static ATTRIBUTES: List = list(Kind::Object(&ATTRIBUTE));
