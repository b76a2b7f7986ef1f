//! Reads what a document in the UN/CEFACT JSON encoding states: one of ours, or a message of somebody else.
//!
//! The schemas name an element alike wherever it stands, so facts are found by the names of their elements and the object
//! around them. What cannot be read as what it should be is passed over: a schema or a check of codes complains about it.

use super::statement::{StatedFact, Statement};
use crate::{Document, DocumentKind, Part};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_codes::{ContainerNumber, DocumentType, HsCode};
use kervan_model::{DateKind, PartyRole};
use kervan_units::{Mass, Money};
use serde_json::{Map, Value};
use std::str::FromStr;

/// Deepest nesting that is read. The published schemas stay under 30.
const DEEPEST: usize = 64;

/// Elements whose objects are the consignment.
const CONSIGNMENTS: [&str; 2] = ["specifiedConsignment", "relatedConsignment"];
/// Elements that name parties, by the part they play.
const PARTIES: [(&str, PartyRole); 5] = [
    ("consignor", PartyRole::Consignor),
    ("seller", PartyRole::Consignor),
    ("consignee", PartyRole::Consignee),
    ("buyer", PartyRole::Consignee),
    ("notified", PartyRole::Notify),
];
/// Elements whose objects are other documents.
const REFERENCES: [&str; 3] =
    ["associatedReferencedDocument", "additionalReferencedDocument", "previousReferencedDocument"];
/// The type of documents of which no type is said. Source: UNTDID 1001, related document.
const RELATED: &str = "916";

/// What a document of ours states. Its paths begin with `/documents/` and its slug.
pub fn state_document(document: &Document) -> Statement {
    let name = format!("{} {}", document.kind.title(), document.number);
    let mut says = read_statement(&format!("/documents/{}", document.kind), &name, &document.data);
    says.type_code = document.kind.type_code().parse().ok();
    says.is_partial = covers_part(document.kind, document.part);
    if document.kind.waits() {
        // An application bears the day on which it was printed; the authority dates what it issues.
        says.day = None;
        says.facts.retain(|said| !matches!(said.fact, StatedFact::Day(DateKind::Issued, _)));
    }
    if says.is_partial {
        says.facts.retain(|said| !said.fact.is_of_all_goods());
    }
    says
}

/// Whether a document speaks of a part of the goods only, so that nothing follows from what it leaves out.
fn covers_part(kind: DocumentKind, part: Part) -> bool {
    let of_some_goods =
        matches!(kind, DocumentKind::PhytosanitaryCertificate | DocumentKind::DangerousGoodsDeclaration);
    match part {
        Part::Whole | Part::Legs { .. } | Part::Movement(_) => of_some_goods,
        Part::Equipment(_) | Part::Goods(_) => true,
    }
}

/// What a document in the UN/CEFACT JSON encoding states. `at` is the pointer that its own places begin with.
pub fn read_statement(at: &str, name: &str, data: &Value) -> Statement {
    let mut says = Statement::new(name);
    head(&mut says, at, data);
    let mut reader = Reader { says, containers: Vec::new() };
    reader.visit(at, "", "", data, 0);
    reader.says
}

/// Number and date of the document itself.
fn head(says: &mut Statement, at: &str, data: &Value) {
    let Some(document) = data.get("exchangedDocument") else { return };
    let type_code: Option<DocumentType> = document.get("typeCode").and_then(parse);
    says.type_code.clone_from(&type_code);
    if let (Some(type_code), Some(number)) = (type_code, document.get("id").and_then(text)) {
        let at = format!("{at}/exchangedDocument/id");
        says.say(at, StatedFact::Number(type_code, number.to_owned()));
    }
    let issued = document.get("issueDateTime").and_then(text).and_then(read_day);
    if let Some(issued) = issued {
        says.day = Some(issued);
        says.say(format!("{at}/exchangedDocument/issueDateTime"), StatedFact::Day(DateKind::Issued, issued));
    }
}

/// The text of a scalar: a plain string, an object with `content`, or the first of several.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(fields) => fields.get("content")?.as_str(),
        Value::Array(values) => text(values.first()?),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn parse<T: FromStr>(value: &Value) -> Option<T> {
    text(value)?.parse().ok()
}

fn read_day(text: &str) -> Option<Date> {
    let instant = text.parse::<Timestamp>().ok().map(|instant| TimeZone::UTC.to_datetime(instant).date());
    instant.or_else(|| text.parse().ok())
}

fn read_mass(value: &Value) -> Option<Mass> {
    match value {
        Value::Array(values) => read_mass(values.first()?),
        // A mass in another unit is left to the checks of the message.
        Value::Object(fields) if fields.get("unitCode").is_none_or(|unit| unit == "KGM") => {
            Mass::from_kilogram_decimal(text(value)?).ok()
        }
        _ => None,
    }
}

fn read_money(value: &Value) -> Option<Money> {
    match value {
        Value::Array(values) => read_money(values.first()?),
        Value::Object(fields) => {
            let currency = fields.get("currencyId")?.as_str()?.parse().ok()?;
            Money::from_decimal(text(value)?, currency).ok()
        }
        _ => None,
    }
}

struct Reader {
    says: Statement,
    containers: Vec<ContainerNumber>,
}

impl Reader {
    /// Visits a value. `name` is its element's and `around` that of the object it stands in.
    fn visit(&mut self, at: &str, around: &str, name: &str, value: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    self.visit(&format!("{at}/{index}"), around, name, value, depth + 1);
                }
            }
            Value::Object(fields) => {
                self.object(at, around, name, fields);
                for (field, value) in fields {
                    self.visit(&format!("{at}/{field}"), name, field, value, depth + 1);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn say(&mut self, at: &str, field: &str, fact: Option<StatedFact>) {
        if let Some(fact) = fact {
            self.says.say(format!("{at}/{field}"), fact);
        }
    }

    fn object(&mut self, at: &str, around: &str, name: &str, fields: &Map<String, Value>) {
        if CONSIGNMENTS.contains(&name) {
            self.consignment(at, fields);
        }
        if let Some((_, role)) = PARTIES.iter().find(|(element, _)| *element == name) {
            let named = fields.get("name").and_then(text).map(|name| vec![name.to_owned()]);
            self.say(at, "name", named.map(|names| StatedFact::Name(*role, names)));
        }
        if REFERENCES.contains(&name) {
            self.reference(at, fields);
        }
        match name {
            "includedConsignmentItem" => self.item(at, fields),
            "designatedProductClassification" => {
                let code: Option<HsCode> = fields.get("classCode").and_then(parse);
                self.say(at, "classCode", code.map(StatedFact::Commodity));
            }
            "originTradeCountry" => {
                let country = fields.get("id").and_then(parse);
                self.say(at, "id", country.map(StatedFact::Origin));
            }
            "applicableDangerousGoods" => self.dangerous(at, fields),
            "utilizedLogisticsTransportEquipment" | "associatedTransportEquipment" => {
                self.equipment(at, fields)
            }
            "carriedAssociatedTransportEquipment" if around != "utilizedLogisticsTransportEquipment" => {
                self.equipment(at, fields);
            }
            "applicableTradeDeliveryTerms" | "specifiedTradeDeliveryTerms" => {
                let term = fields.get("deliveryTypeCode").and_then(parse);
                self.say(at, "deliveryTypeCode", term.map(StatedFact::Term));
            }
            "specifiedTradeSettlementLineMonetarySummation" => {
                let amount = fields.get("lineTotalAmount").and_then(read_money);
                self.say(at, "lineTotalAmount", amount.map(StatedFact::Amount));
            }
            "specifiedTradeSettlementHeaderMonetarySummation" => {
                let total = fields.get("duePayableAmount").and_then(read_money);
                self.say(at, "duePayableAmount", total.map(StatedFact::Total));
            }
            _ => {}
        }
    }

    fn consignment(&mut self, at: &str, fields: &Map<String, Value>) {
        let gross = fields.get("grossWeight").and_then(read_mass);
        self.say(at, "grossWeight", gross.map(StatedFact::GrossMass));
        let net = fields.get("netWeight").and_then(read_mass);
        self.say(at, "netWeight", net.map(StatedFact::NetMass));
        let packages = fields.get("packageQuantity").and_then(parse);
        self.say(at, "packageQuantity", packages.map(StatedFact::Packages));
        let total = fields.get("associatedInvoiceAmount").and_then(read_money);
        self.say(at, "associatedInvoiceAmount", total.map(StatedFact::Total));
    }

    fn item(&mut self, at: &str, fields: &Map<String, Value>) {
        // Notes by rail identify an item by its commodity code.
        let code: Option<HsCode> = fields.get("id").and_then(parse);
        self.say(at, "id", code.map(StatedFact::Commodity));
        let amount = fields.get("invoiceAmount").and_then(read_money);
        self.say(at, "invoiceAmount", amount.map(StatedFact::Amount));
    }

    fn dangerous(&mut self, at: &str, fields: &Map<String, Value>) {
        let class = fields.get("hazardClassificationId").and_then(text).map(str::to_owned);
        let group = match fields.get("packagingDangerLevelCode").and_then(text) {
            Some("1") => Some("I".to_owned()),
            Some("2") => Some("II".to_owned()),
            Some("3") => Some("III".to_owned()),
            _ => None,
        };
        let number: Option<u16> = fields.get("undgIdCode").and_then(parse);
        self.say(at, "undgIdCode", number.map(|number| StatedFact::Dangerous(number, class, group)));
    }

    /// A container, or a wagon with the containers on it. Seals of a wagon with one container are that container's.
    fn equipment(&mut self, at: &str, fields: &Map<String, Value>) {
        let carried = match fields.get("carriedAssociatedTransportEquipment") {
            Some(Value::Array(carried)) => carried.as_slice(),
            _ => &[],
        };
        let own: Option<ContainerNumber> = fields.get("id").and_then(parse);
        if let Some(number) = &own {
            self.container(&format!("{at}/id"), number, fields);
        }
        let mut on_it = Vec::new();
        for (index, container) in carried.iter().enumerate() {
            let number: Option<ContainerNumber> = container.get("id").and_then(parse);
            if let (Some(number), Value::Object(fields)) = (number, container) {
                let place = format!("{at}/carriedAssociatedTransportEquipment/{index}");
                self.container(&format!("{place}/id"), &number, fields);
                self.seals(&place, Some(&number), fields);
                on_it.push(number);
            }
        }
        let sealed = match (&own, on_it.as_slice()) {
            (Some(number), _) => Some(number.clone()),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        };
        self.seals(at, sealed.as_ref(), fields);
    }

    fn container(&mut self, at: &str, number: &ContainerNumber, fields: &Map<String, Value>) {
        if !self.containers.contains(number) {
            self.containers.push(number.clone());
            self.says.say(at, StatedFact::Container(number.clone()));
        }
        let size_type = fields.get("characteristicCode").and_then(parse);
        if let Some(size_type) = size_type {
            self.says.say(at, StatedFact::SizeType(number.clone(), size_type));
        }
        let verified = fields.get("verifiedGrossWeight").and_then(read_mass);
        if let Some(mass) = verified {
            self.says.say(at, StatedFact::VerifiedMass(number.clone(), mass));
        }
        if let Some(mass) = fields.get("tareWeight").and_then(read_mass) {
            self.says.say(at, StatedFact::Tare(number.clone(), mass));
        }
    }

    fn seals(&mut self, at: &str, container: Option<&ContainerNumber>, fields: &Map<String, Value>) {
        let Some(Value::Array(seals)) = fields.get("affixedLogisticsSeal") else { return };
        for (index, seal) in seals.iter().enumerate() {
            if let Some(number) = seal.get("id").and_then(text) {
                let fact = StatedFact::Seal(container.cloned(), number.to_owned());
                self.says.say(format!("{at}/affixedLogisticsSeal/{index}/id"), fact);
            }
        }
    }

    fn reference(&mut self, at: &str, fields: &Map<String, Value>) {
        let number =
            ["id", "issuerAssignedId"].into_iter().find_map(|field| fields.get(field)).and_then(text);
        let type_code: Option<DocumentType> = fields.get("typeCode").and_then(parse);
        if let (Some(type_code), Some(number)) = (type_code, number)
            && type_code.as_str() != RELATED
        {
            self.say(at, "id", Some(StatedFact::Reference(type_code, number.to_owned())));
        }
    }
}
