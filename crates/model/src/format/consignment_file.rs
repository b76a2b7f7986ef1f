//! The consignment file: what a forwarder writes in YAML or JSON.
//!
//! Kilograms and decimal amounts instead of grams and cents, every code as text. Reading it gives every finding at once,
//! each with the path of the field.

use crate::consignment_check::{LONGEST_TEXT, MOST_EQUIPMENT, MOST_GOODS};
use crate::{
    Consignment, DangerousGoods, DeliveryTerms, Equipment, Finding, GoodsItem, Party, PartyRole, Prices,
    Seal, has_errors,
};
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;

/// Shown when a file cannot be read at all.
pub const SCHEMA_HINT: &str = "see docs/consignment-file.md for an example with every field";

/// A consignment as people write it. Every field is text or a number as it stands in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is explained at its place in Consignment and in docs/consignment-file.md"
)]
pub struct ConsignmentFile {
    pub reference: String,
    pub from: String,
    pub to: String,
    pub ready: String,
    pub terms: TermsFile,
    pub parties: Vec<PartyFile>,
    pub goods: Vec<GoodsFile>,
    pub equipment: Vec<EquipmentFile>,
    pub invoice: InvoiceFile,
}

/// Terms of delivery in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see DeliveryTerms")]
pub struct TermsFile {
    pub incoterm: String,
    pub place: String,
}

/// A party in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Party")]
pub struct PartyFile {
    pub role: PartyRole,
    pub id: String,
    pub name: String,
    pub address: String,
    pub country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

/// A goods item in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see GoodsItem")]
pub struct GoodsFile {
    pub description: String,
    pub hs: String,
    pub origin: String,
    pub packages: u32,
    pub package_kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<String>,
    pub gross_mass_kg: serde_json::Value,
    pub net_mass_kg: serde_json::Value,
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangerous: Option<DangerousGoods>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
}

/// A container in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Equipment")]
pub struct EquipmentFile {
    pub number: String,
    pub size_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare_kg: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
}

/// The invoice in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Prices")]
pub struct InvoiceFile {
    pub number: String,
    pub date: String,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
}

impl ConsignmentFile {
    /// Reads the file into a consignment.
    ///
    /// Errors: every finding at once, each with the JSON pointer of the field, if any of them is an error.
    pub fn read(&self) -> Result<Consignment, Vec<Finding>> {
        let mut reader = Reader::default();
        let consignment = reader.consignment(self);
        match consignment {
            Some(consignment) if !has_errors(&reader.findings) => Ok(consignment),
            _ => Err(reader.findings),
        }
    }
}

/// Collects findings while it reads; a field that cannot be read becomes `None` and reading goes on.
#[derive(Default)]
struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn error(&mut self, path: &str, code: &str, message: impl Into<String>, remedy: &str) {
        self.findings.push(Finding::error(format!("consignment.{code}"), message).at(path).remedy(remedy));
    }

    fn parse<T: FromStr<Err: Display>>(&mut self, path: &str, text: &str) -> Option<T> {
        text.parse()
            .map_err(|error: T::Err| self.error(path, "not-a-code", error.to_string(), "correct the value"))
            .ok()
    }

    fn text(&mut self, path: &str, text: &str) -> String {
        let plain = text.trim().to_owned();
        if plain.is_empty() {
            self.error(path, "empty", "this text is empty", "fill it in");
        }
        if plain.chars().count() > LONGEST_TEXT {
            self.error(
                path,
                "too-long",
                format!("this text is longer than {LONGEST_TEXT} characters"),
                "shorten it",
            );
        }
        if plain.chars().any(char::is_control) {
            self.error(
                path,
                "control-character",
                "this text holds a control character",
                "write it on one plain line",
            );
        }
        plain
    }

    fn mass(&mut self, path: &str, value: &serde_json::Value) -> Option<Mass> {
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Mass::from_kilogram_decimal(&text)
            .map_err(|error| {
                self.error(path, "not-a-mass", error.to_string(), "write kilograms, such as 18420 or 18420.5")
            })
            .ok()
    }

    fn consignment(&mut self, file: &ConsignmentFile) -> Option<Consignment> {
        self.check_counts(file);
        let reference = self.parse("/reference", &file.reference);
        let from = self.parse("/from", &file.from);
        let to = self.parse("/to", &file.to);
        let ready = self.parse("/ready", &file.ready);
        let incoterm = self.parse("/terms/incoterm", &file.terms.incoterm);
        let place = self.text("/terms/place", &file.terms.place);
        let parties: Vec<_> =
            file.parties.iter().enumerate().map(|(i, party)| self.party(i, party)).collect();
        let equipment: Vec<_> =
            file.equipment.iter().enumerate().map(|(i, item)| self.equipment(i, item)).collect();
        let goods: Vec<_> = file.goods.iter().enumerate().map(|(i, item)| self.goods(i, item)).collect();
        let prices = self.prices(file);
        let consignment = Consignment {
            reference: reference?,
            from: from?,
            to: to?,
            ready: ready?,
            terms: DeliveryTerms { incoterm: incoterm?, place },
            equipment: equipment.into_iter().collect::<Option<_>>()?,
            goods: goods.into_iter().collect::<Option<_>>()?,
            parties: parties.into_iter().collect::<Option<_>>()?,
            prices: Some(prices?),
        };
        consignment.check_parties(&mut self.findings);
        consignment.check_between(&mut self.findings);
        Some(consignment)
    }

    fn check_counts(&mut self, file: &ConsignmentFile) {
        for (path, count, most) in
            [("/goods", file.goods.len(), MOST_GOODS), ("/equipment", file.equipment.len(), MOST_EQUIPMENT)]
        {
            if count == 0 {
                self.error(path, "empty-list", "the list is empty", "give at least one");
            }
            if count > most {
                self.error(
                    path,
                    "too-many",
                    format!("{count} are more than {most}"),
                    "split the consignment",
                );
            }
        }
    }

    fn party(&mut self, index: usize, file: &PartyFile) -> Option<Party> {
        let at = |field: &str| format!("/parties/{index}/{field}");
        let id = self.parse(&at("id"), &file.id);
        let name = self.text(&at("name"), &file.name);
        let address = self.text(&at("address"), &file.address);
        let country = self.parse(&at("country"), &file.country);
        let identifier = file.identifier.clone();
        Some(Party { role: file.role, id: id?, name, address, country: country?, identifier })
    }

    fn equipment(&mut self, index: usize, file: &EquipmentFile) -> Option<Equipment> {
        let at = |field: &str| format!("/equipment/{index}/{field}");
        let number = self.parse(&at("number"), &file.number);
        let size_type = self.parse(&at("size_type"), &file.size_type);
        let tare = file.tare_kg.as_ref().and_then(|value| self.mass(&at("tare_kg"), value));
        for (seal_index, seal) in file.seals.iter().enumerate() {
            let path = format!("/equipment/{index}/seals/{seal_index}/number");
            if seal.number.is_empty() || seal.number.len() > 20 || !seal.number.is_ascii() {
                self.error(
                    &path,
                    "seal",
                    "a seal number needs 1 to 20 plain characters",
                    "write the number on the seal",
                );
            }
        }
        Some(Equipment { number: number?, size_type: size_type?, tare, seals: file.seals.clone() })
    }

    fn goods(&mut self, index: usize, file: &GoodsFile) -> Option<GoodsItem> {
        let at = |field: &str| format!("/goods/{index}/{field}");
        let description = self.text(&at("description"), &file.description);
        let hs = self.parse(&at("hs"), &file.hs);
        let origin = self.parse(&at("origin"), &file.origin);
        let package_kind = self.parse(&at("package_kind"), &file.package_kind);
        let gross_mass = self.mass(&at("gross_mass_kg"), &file.gross_mass_kg);
        let net_mass = self.mass(&at("net_mass_kg"), &file.net_mass_kg);
        let containers: Vec<_> = file
            .containers
            .iter()
            .enumerate()
            .map(|(i, number)| self.parse(&format!("/goods/{index}/containers/{i}"), number))
            .collect();
        if file.packages == 0 && file.package_kind != "NE" {
            self.error(
                &at("packages"),
                "no-packages",
                "the number of packages is 0",
                "count them, or use NE for unpacked",
            );
        }
        if let (Some(gross), Some(net)) = (gross_mass, net_mass)
            && net > gross
        {
            let message = format!("net mass {net} is above gross mass {gross}");
            self.error(&at("net_mass_kg"), "net-above-gross", message, "correct one of the two");
        }
        Some(GoodsItem {
            description,
            hs: hs?,
            origin: origin?,
            packages: file.packages,
            package_kind: package_kind?,
            marks: file.marks.clone(),
            gross_mass: gross_mass?,
            net_mass: net_mass?,
            dangerous: file.dangerous.clone(),
            containers: containers.into_iter().collect::<Option<_>>()?,
        })
    }

    fn prices(&mut self, file: &ConsignmentFile) -> Option<Prices> {
        let invoice_number = self.text("/invoice/number", &file.invoice.number);
        let invoice_date = self.parse("/invoice/date", &file.invoice.date);
        let currency = self.parse("/invoice/currency", &file.invoice.currency)?;
        let mut items = Vec::new();
        for (index, item) in file.goods.iter().enumerate() {
            match Money::from_decimal(&item.value, currency) {
                Ok(money) => items.push(money),
                Err(error) => {
                    let path = format!("/goods/{index}/value");
                    self.error(
                        &path,
                        "not-an-amount",
                        error.to_string(),
                        "write a plain decimal, such as 48200.00",
                    );
                }
            }
        }
        let contract = file.invoice.contract.clone();
        Some(Prices { invoice_number, invoice_date: invoice_date?, contract, items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> serde_json::Value {
        serde_json::json!({
            "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
            "terms": {"incoterm": "FCA", "place": "Xi'an"},
            "parties": [
                {"role": "consignor", "id": "seller", "name": "Seller", "address": "1 Road", "country": "CN"},
                {"role": "consignee", "id": "buyer", "name": "Buyer", "address": "2 Road", "country": "TR"},
                {"role": "forwarder", "id": "mover", "name": "Mover", "address": "3 Road", "country": "KZ"}
            ],
            "goods": [{"description": "Washing machines", "hs": "8450.11", "origin": "CN", "packages": 100,
                "package_kind": "CT", "gross_mass_kg": 7000.5, "net_mass_kg": "6500", "value": "21000.00"}],
            "equipment": [{"number": "CSQU3054383", "size_type": "45G1", "seals": [{"number": "A1", "affixed_by": "consignor"}]}],
            "invoice": {"number": "INV-1", "date": "2026-11-20", "currency": "USD"}
        })
    }

    #[test]
    fn a_good_file_is_read() {
        let file: ConsignmentFile = serde_json::from_value(good()).unwrap();
        let consignment = file.read().unwrap();
        assert_eq!(consignment.gross_mass().grams(), 7_000_500);
        assert_eq!(consignment.find_total().unwrap().to_string(), "21000.00 USD");
        let text = serde_json::to_string(&consignment).unwrap();
        assert_eq!(serde_json::from_str::<Consignment>(&text).unwrap(), consignment);
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let mut file = good();
        for (path, value) in [
            ("/from", "XX"),
            ("/ready", "tomorrow"),
            ("/goods/0/hs", "80810"),
            ("/goods/0/gross_mass_kg", "-5"),
            ("/goods/0/value", "1,000"),
            ("/equipment/0/number", "CSQU3054384"),
            ("/parties/1/name", " "),
        ] {
            *file.pointer_mut(path).unwrap() = value.into();
        }
        let findings = serde_json::from_value::<ConsignmentFile>(file).unwrap().read().unwrap_err();
        let paths: Vec<_> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
        for path in [
            "/from",
            "/ready",
            "/goods/0/hs",
            "/goods/0/gross_mass_kg",
            "/goods/0/value",
            "/equipment/0/number",
        ] {
            assert!(paths.contains(&path), "{path} is missing in {paths:?}");
        }
        assert_eq!(findings.len(), 7);
    }

    #[test]
    fn faults_between_fields_are_found() {
        let cases = [
            ("/to", serde_json::json!("CNXIA"), "consignment.same-place"),
            ("/goods/0/net_mass_kg", serde_json::json!(8000), "consignment.net-above-gross"),
            ("/parties/2/role", serde_json::json!("notify"), "consignment.party-count"),
            ("/goods/0/packages", serde_json::json!(0), "consignment.no-packages"),
        ];
        for (path, value, code) in cases {
            let mut file = good();
            *file.pointer_mut(path).unwrap() = value;
            let findings = serde_json::from_value::<ConsignmentFile>(file).unwrap().read().unwrap_err();
            assert!(findings.iter().any(|finding| finding.code == code), "{code}: {findings:?}");
        }
    }
}
