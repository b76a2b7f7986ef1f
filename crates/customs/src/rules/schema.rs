//! What an expression of a rule can see: every variable with its fields, kinds and meaning.
//!
//! The one source for the checker, for the values (a test compares them) and for the table in `data/rules/README.md`
//! (another test compares that).

/// The kind of a value in an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with decimals.
    Double,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Ints,
    /// A list literal without elements.
    Nothing,
    /// Named fields.
    Record(&'static [Field]),
    /// A list of records.
    Records(&'static [Field]),
    /// Whole numbers by name; `'name' in map` asks whether there is one.
    IntsByName,
    /// The decision tables of the pack.
    Tables,
    /// A decision table.
    Table(TableShape),
    /// The parameters of the pack; each has the kind that its value in the pack has.
    Parameters,
}

impl Kind {
    /// The word for it in messages and in the README.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Text => "text",
            Self::Texts => "list of text",
            Self::Ints => "list of int",
            Self::Nothing => "empty list",
            Self::Record(_) => "record",
            Self::Records(_) => "list of records",
            Self::IntsByName => "int by name",
            Self::Parameters => "parameters",
            Self::Tables => "tables",
            Self::Table(_) => "table",
        }
    }
}

/// What a decision table takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// Number of its keys.
    pub keys: u8,
    /// Bit `n` says that key `n` is a whole number and not a text.
    pub int_keys: u8,
    /// Whether its answers are whole numbers and not texts.
    pub gives_ints: bool,
    /// Whether it gives the answers of all fitting rows.
    pub collects: bool,
    /// Whether a lookup always finds an answer.
    pub always_answers: bool,
}

/// A field of a record, or a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Whether it may be absent; an expression then has to ask `has(...)` first.
    pub optional: bool,
    /// What it means.
    pub meaning: &'static str,
}

const fn always(name: &'static str, kind: Kind, meaning: &'static str) -> Field {
    Field { name, kind, optional: false, meaning }
}

const fn maybe(name: &'static str, kind: Kind, meaning: &'static str) -> Field {
    Field { name, kind, optional: true, meaning }
}

/// The least and the most that a field of this name can be, where its meaning says so.
pub fn find_range(field: &str) -> Option<(i64, i64)> {
    match field {
        "chapter" => Some((1, 97)),
        "item" | "number" => Some((1, i64::MAX)),
        "un_number" => Some((0, 9_999)),
        "gross_mass" | "net_mass" | "packages" | "feet" | "index" => Some((0, i64::MAX)),
        _ => None,
    }
}

use Kind::{Bool, Int, IntsByName, Parameters, Record, Records, Tables, Text, Texts};

/// The variables that every expression sees.
pub const VARIABLES: &[Field] = &[
    always("declaration", Record(DECLARATION), "the declaration as a whole"),
    always("departure", Record(OFFICE), "the office of departure"),
    always("destination", Record(OFFICE), "the office of destination"),
    always("parties", Record(PARTIES), "holder, consignor, consignee"),
    always("goods", Records(GOODS), "goods items, in order"),
    always("equipment", Records(EQUIPMENT), "containers, in order"),
    always("documents", Records(DOCUMENTS), "documents that the declaration refers to"),
    always("attachments", Records(ATTACHMENTS), "key facts of attached documents, in order"),
    always(
        "consistency",
        Records(FINDINGS),
        "findings of checks made elsewhere, such as the comparison of documents",
    ),
    always(
        "requirements",
        IntsByName,
        "what the regime asks for on the day of entry (data/customs/requirements.csv)",
    ),
    always("parameters", Parameters, "the numbers and lists of the pack"),
    always("tables", Tables, "the decision tables of the pack, for `number`, `word`, `words` and `found`"),
    always("lodged", Int, "when the declaration was lodged, in seconds since 1970"),
    always("now", Int, "the instant of the decision, in seconds since 1970"),
];

/// The variables that a rule with `each` sees besides.
pub const EACH_INDEX: Field = always("index", Int, "position of `it`, from 0");

const DECLARATION: &[Field] = &[
    always("reference", Text, "reference of the consignment"),
    always("number", Int, "number of the movement on the way, from 1"),
    always("procedure", Text, "export or transit"),
    always("regime", Text, "code of the regime"),
    always("territory", Text, "the territory that decides"),
    always("territories", Texts, "territories that the movement crosses, in order"),
    always("countries", Texts, "countries of the whole way, in order"),
    always("modes", Texts, "modes inside the movement: rail, road, sea, ferry, inland_water"),
    always("entry_mode", Text, "mode at the entry"),
    always("prelodged", Bool, "whether it was lodged before the goods were there"),
    always("enters", Int, "when the goods are expected at the office of departure, in seconds since 1970"),
    always("lodge_by", Int, "latest time to lodge, in seconds since 1970"),
    maybe("dispatch", Text, "country where the whole way begins"),
    maybe("arrival", Text, "country where the whole way ends"),
    always("gross_mass", Int, "gross mass of all goods, in grams"),
    always("net_mass", Int, "net mass of all goods, in grams"),
    always("packages", Int, "number of packages of all goods"),
    maybe("value", Int, "value of all goods, in the smallest unit of the currency"),
    maybe("currency", Text, "currency of the value"),
];

const OFFICE: &[Field] = &[
    always("code", Text, "code of the office; a colon marks a private one"),
    always("name", Text, "name"),
    always("country", Text, "country whose administration it belongs to"),
    always("territory", Text, "its territory"),
    always("stand_in", Bool, "whether it only stands in for an office not yet named"),
    maybe("place", Text, "its place in the network"),
];

const PARTIES: &[Field] = &[
    maybe("holder", Record(TRADER), "holder of the procedure"),
    maybe("consignor", Record(TRADER), "consignor"),
    maybe("consignee", Record(TRADER), "consignee"),
];

const TRADER: &[Field] = &[
    always("name", Text, "registered name"),
    always("address", Text, "street and town"),
    always("country", Text, "country"),
    maybe("identifier", Text, "trader or tax number"),
];

/// Goods items.
pub const GOODS: &[Field] = &[
    always("item", Int, "number of the item, from 1"),
    always("description", Text, "what the goods are"),
    always("hs", Text, "commodity code as declared, 6 to 10 digits"),
    always("hs6", Text, "its first six digits"),
    always("heading", Text, "its first four digits"),
    always("chapter", Int, "its chapter, 1 to 97"),
    always("origin", Text, "country of origin"),
    always("packages", Int, "number of packages"),
    always("package_kind", Text, "kind of package (Recommendation 21)"),
    maybe("marks", Text, "shipping marks"),
    always("gross_mass", Int, "gross mass, in grams"),
    always("net_mass", Int, "net mass, in grams"),
    always("dangerous", Bool, "whether it is declared as dangerous goods"),
    maybe("un_number", Int, "UN number"),
    maybe("hazard_class", Text, "hazard class"),
    maybe("packing_group", Text, "packing group"),
    always("containers", Texts, "containers that hold it; empty means all"),
    maybe("value", Int, "value, in the smallest unit of the currency"),
    maybe("currency", Text, "currency of the value"),
];

/// Containers.
pub const EQUIPMENT: &[Field] = &[
    always("number", Text, "container number"),
    always("size_type", Text, "size and type"),
    always("feet", Int, "length in feet"),
    always("temperature_controlled", Bool, "whether it is refrigerated or heated"),
    always("seals", Records(SEALS), "seals on it"),
];

const SEALS: &[Field] = &[
    always("number", Text, "number on the seal"),
    always(
        "affixed_by",
        Text,
        "who put it on: consignor, carrier, customs; navigation for a navigation seal",
    ),
];

/// Documents of the declaration.
pub const DOCUMENTS: &[Field] =
    &[always("type_code", Text, "type (UNTDID 1001)"), always("number", Text, "number")];

/// Attached documents.
pub const ATTACHMENTS: &[Field] = &[
    always("type_code", Text, "type (UNTDID 1001), such as 380"),
    always("type_name", Text, "name of the type"),
    always("number", Text, "number"),
    always("issuer", Text, "who wrote it"),
    maybe("gross_mass", Int, "gross mass that it states, in grams"),
    maybe("net_mass", Int, "net mass that it states, in grams"),
    maybe("packages", Int, "number of packages that it states"),
    maybe("total", Int, "total that it states, in the smallest unit of the currency"),
    maybe("currency", Text, "currency of the total"),
    always("containers", Texts, "containers that it names"),
];

const FINDINGS: &[Field] = &[
    always("code", Text, "code of the finding"),
    always("severity", Text, "info, warning or error"),
    always("message", Text, "the finding in words"),
];

/// A function of ours; the others are those of CEL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Kinds of its arguments.
    pub takes: &'static [Kind],
    /// Kind of its result.
    pub gives: Kind,
    /// What it does.
    pub meaning: &'static str,
}

/// Functions besides those of CEL.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "apart",
        takes: &[Int, Int],
        gives: Int,
        meaning: "how far two numbers are apart, never negative",
    },
    Function {
        name: "kilograms",
        takes: &[Int],
        gives: Text,
        meaning: "grams as text in kilograms, such as 18420.5 kg",
    },
    Function {
        name: "money",
        takes: &[Int, Text],
        gives: Text,
        meaning: "an amount in the smallest unit as text, such as 1200.50 USD",
    },
    Function { name: "hours", takes: &[Int], gives: Text, meaning: "seconds as text, such as 2h 30m" },
    Function { name: "instant", takes: &[Int], gives: Text, meaning: "seconds since 1970 as text, in UTC" },
    Function {
        name: "join",
        takes: &[Texts],
        gives: Text,
        meaning: "the texts of a list with commas between them",
    },
];

/// The lists that `each` can walk, with the fields of their elements.
pub const EACH: &[(&str, &[Field])] =
    &[("goods", GOODS), ("equipment", EQUIPMENT), ("documents", DOCUMENTS), ("attachments", ATTACHMENTS)];

/// What a path of a condition means, such as `it.gross_mass` of a rule that walks `goods`; `None` for a parameter or a table.
pub fn find_meaning(path: &str, walks: Option<&str>) -> Option<&'static str> {
    let mut parts = path.split('.');
    let root = parts.next()?;
    let (mut meaning, mut kind) = match (root, walks) {
        ("it", Some(list)) => {
            let (_, fields) = EACH.iter().find(|(name, _)| *name == list)?;
            ("the element", Record(fields))
        }
        _ => VARIABLES
            .iter()
            .chain(std::iter::once(&EACH_INDEX))
            .find(|field| field.name == root)
            .map(|field| (field.meaning, field.kind))?,
    };
    for part in parts {
        let (Record(fields) | Records(fields)) = kind else { return None };
        let field = fields.iter().find(|field| field.name == part)?;
        (meaning, kind) = (field.meaning, field.kind);
    }
    Some(meaning)
}
