//! The limits of this room, each with its reason.

/// Events in one capture. A capture is one transaction of the store; larger uploads are split by the sender.
pub const MOST_EVENTS: usize = 10_000;

/// Levels of nesting inside an event. The standard's own fields need six; extensions are walked recursively.
pub const MOST_LEVELS: usize = 64;

/// Findings of one document. Who gets a thousand has one cause, and the answer must fit a screen and a response.
pub const MOST_FINDINGS: usize = 1_000;

/// How far the reporter's clock may be ahead of ours before the event is marked. Unit: second. Generous for clocks that
/// drift, far below any step of an itinerary.
pub const CLOCK_TOLERANCE_S: i64 = 300;

/// Bytes of one XML document. Ten thousand events of three kilobytes, the size of a long one.
pub const MOST_XML_BYTES: usize = 32 * 1024 * 1024;

/// Levels of nesting of an XML document: those of an event, and of the document around it.
pub const MOST_XML_LEVELS: usize = MOST_LEVELS + 8;

/// Parameters of one query. The standard's table has some sixty with fixed names; this leaves room for extensions.
pub const MOST_PARAMETERS: usize = 200;

/// Values of one parameter of a query: the containers of a long train, and ten times as many.
pub const MOST_PARAMETER_VALUES: usize = 10_000;

/// Elements of vocabularies in one document: the places of a continent's terminals. They are one transaction of the store.
pub const MOST_VOCABULARY_ELEMENTS: usize = 10_000;

/// Rows of a list of lengths of company prefixes. The published one has some thousands.
pub const MOST_PREFIX_LENGTHS: usize = 1_000_000;
