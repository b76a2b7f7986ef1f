//! The tables: which procedure has which, and their rows.

use super::node::XmlShape;
use kervan_model::Finding;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const TABLES: &str = include_str!("../../../../data/documents/datasets.csv");

/// The text of each table by its name.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        const TEXTS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../data/documents/datasets/", $name, ".csv")))),+];
    };
}

texts![
    "ncts-cc015c",
    "eaeu-transit",
    "az-transit",
    "ge-transit",
    "uz-transit",
    "tm-transit",
    "tj-transit",
    "cn-transit",
    "national-transit",
    "tir-carnet",
    "certificate-of-origin",
    "phytosanitary-certificate",
    "dangerous-goods-declaration",
    "verified-gross-mass",
    "origin-st-1",
    "origin-form-a",
];

static READ: LazyLock<Result<Vec<DataTable>, Vec<Finding>>> = LazyLock::new(read_tables);

/// A table: the fields of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTable {
    /// Its name, that of its file; of several, with spaces between them.
    pub name: String,
    /// The kind of document, by slug.
    pub kind: String,
    /// The regime whose movements it is for; empty for any.
    pub regime: String,
    /// What the message is called.
    pub title: String,
    /// The published XML shape, if there is one.
    pub(crate) xml: Option<XmlShape>,
    /// Whether the printed form lists the fields, instead of having a box for each.
    pub lists_fields: bool,
    /// Where the shape comes from.
    pub source: String,
    /// Its fields, in the order in which they are written.
    pub fields: Vec<DataField>,
    /// Names of the view that its fields refer to.
    pub(crate) needed: BTreeSet<String>,
}

/// A field of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataField {
    /// Its number or name in the law.
    pub id: String,
    /// Where it stands in the message. Shape: names with `/` between them; `[]` after one that repeats with its fact, `[1]`
    /// after a list of one.
    pub path: String,
    /// The fact. Shape: names of the view with `/` between them and `[]` after lists; `#` counts from 1; `=TEXT` is fixed.
    pub fact: String,
    /// A fact that must be there for the field to be written, or with `!` must not.
    pub when: String,
    /// Whether the message is incomplete without it.
    pub required: bool,
    /// Greatest number of characters; 0 for any.
    pub longest: usize,
    /// The box of the printed form; with a point, table and column number from 1.
    pub print: String,
    /// Where the fact is declared. Shape: JSON pointer into the consignment, or empty.
    pub declared: String,
    /// What to do when it is missing.
    pub remedy: String,
    /// Who asks for it.
    pub source: String,
    /// Labels by language.
    pub labels: Vec<(String, String)>,
}

impl DataField {
    /// The label in the languages of a form, each that it has.
    pub fn label(&self, languages: &[String]) -> String {
        let found = languages.iter().filter_map(|language| {
            self.labels.iter().find(|(known, text)| known == language && !text.is_empty())
        });
        found.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" / ")
    }

    /// Names of the view that the field refers to.
    fn needs(&self) -> impl Iterator<Item = String> {
        let first = |path: &str| {
            let name = path.trim_start_matches('!').split(['/', '=']).next().unwrap_or_default();
            name.trim_end_matches("[]").to_owned()
        };
        [first(&self.fact), first(&self.when)].into_iter().filter(|name| !name.is_empty() && name != "#")
    }
}

/// Every table.
///
/// Errors: every row that cannot be read.
pub fn list_data_tables() -> Result<&'static [DataTable], &'static [Finding]> {
    READ.as_ref().map(Vec::as_slice).map_err(Vec::as_slice)
}

/// The table of a kind for a regime: its own, else the one for any.
pub(crate) fn find_data_table(kind: &str, regime: &str) -> Option<&'static DataTable> {
    let tables = list_data_tables().ok()?;
    let of_kind = || tables.iter().filter(|table| table.kind == kind);
    of_kind().find(|table| table.regime == regime).or_else(|| of_kind().find(|table| table.regime.is_empty()))
}

fn read_tables() -> Result<Vec<DataTable>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut tables = Vec::new();
    let mut reader = csv::Reader::from_reader(TABLES.as_bytes());
    for (index, record) in reader.records().enumerate() {
        let row = record.map_err(|error| kervan_model::in_plain_words(&error));
        match row.and_then(|row| read_table(&row, &mut findings)) {
            Ok(table) => tables.push(table),
            Err(message) => findings.push(unreadable("datasets.csv", index + 2, message)),
        }
    }
    if findings.is_empty() { Ok(tables) } else { Err(findings) }
}

fn unreadable(file: &str, line: usize, message: String) -> Finding {
    Finding::error("documents.table-unreadable", message)
        .at(format!("data/documents/{file}:{line}"))
        .remedy("correct the row; data/documents/README.md explains the columns")
}

/// Columns: kind, regime, table, title, root, namespace, attributes, lists_fields, source, confidence.
fn read_table(row: &csv::StringRecord, findings: &mut Vec<Finding>) -> Result<DataTable, String> {
    let cell =
        |index: usize| row.get(index).map(str::to_owned).ok_or_else(|| format!("there is no column {index}"));
    let name = cell(2)?;
    // Several tables one after the other: what many share, then what is its own.
    let mut fields = Vec::new();
    for part in name.split(' ') {
        let text = TEXTS.iter().find(|(known, _)| *known == part).map(|(_, text)| *text);
        let text = text.ok_or_else(|| format!("there is no table {part}"))?;
        fields.extend(read_fields(part, text, findings));
    }
    let root = cell(4)?;
    let xml = (!root.is_empty()).then_some(()).map(|()| -> Result<_, String> {
        Ok(XmlShape { root: root.clone(), namespace: cell(5)?, attributes: cell(6)? })
    });
    Ok(DataTable {
        kind: cell(0)?,
        regime: cell(1)?,
        title: cell(3)?,
        xml: xml.transpose()?,
        lists_fields: cell(7)? == "yes",
        source: cell(8)?,
        needed: fields.iter().flat_map(DataField::needs).collect(),
        fields,
        name,
    })
}

fn read_fields(name: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<DataField> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let mut fields = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let row = record.map_err(|error| kervan_model::in_plain_words(&error));
        match row.and_then(|row| read_field(&header, &row)) {
            Ok(field) => fields.push(field),
            Err(message) => findings.push(unreadable(&format!("datasets/{name}.csv"), index + 2, message)),
        }
    }
    fields
}

fn read_field(header: &csv::StringRecord, row: &csv::StringRecord) -> Result<DataField, String> {
    let cell = |name: &str| {
        let column = header.iter().position(|column| column == name);
        column.and_then(|column| row.get(column)).ok_or_else(|| format!("there is no column {name}"))
    };
    let longest = cell("longest")?;
    let labels = header
        .iter()
        .zip(row)
        .filter_map(|(name, text)| Some((name.strip_prefix("label_")?.to_owned(), text.to_owned())));
    let field = DataField {
        id: cell("id")?.to_owned(),
        path: cell("path")?.to_owned(),
        fact: cell("fact")?.to_owned(),
        when: cell("when")?.to_owned(),
        required: match cell("required")? {
            "yes" => true,
            "no" => false,
            other => return Err(format!("required is neither yes nor no: {other}")),
        },
        longest: match longest {
            "" => 0,
            text => text.parse().map_err(|_| format!("longest is not a number: {text}"))?,
        },
        print: cell("print")?.to_owned(),
        declared: cell("declared")?.to_owned(),
        remedy: cell("remedy")?.to_owned(),
        source: cell("source")?.to_owned(),
        labels: labels.collect(),
    };
    if field.required && field.remedy.is_empty() {
        return Err(format!("the required field {} has no remedy", field.id));
    }
    Ok(field)
}
