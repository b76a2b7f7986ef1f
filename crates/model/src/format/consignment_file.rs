//! The consignment file: what a forwarder writes in YAML or JSON.
//!
//! Kilograms and decimal amounts instead of grams and cents, every code as text. Reading it gives every finding at once,
//! each with the path of the field.

use crate::format::read_consignment::{Reader, shortened};
use crate::{
    Consignment, Contact, Finding, LocalName, LocalText, PartyIdentifier, PartyRole, RailCodes, Seal,
    has_errors,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wagons: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructions: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Value>,
}

/// A code as text, or as the number that a spreadsheet made of it: what is wrong with it is said where codes are checked.
fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => {
            Err(serde::de::Error::custom(format!("{} is no commodity code", shortened(&other.to_string()))))
        }
    }
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<PartyIdentifier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<LocalName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// A goods item in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see GoodsItem")]
pub struct GoodsFile {
    pub description: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<LocalText>,
    #[serde(deserialize_with = "text_or_number")]
    pub hs: String,
    #[serde(default, skip_serializing_if = "RailCodes::is_empty")]
    pub rail_codes: RailCodes,
    pub origin: String,
    pub packages: u32,
    pub package_kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<String>,
    pub gross_mass_kg: Value,
    pub net_mass_kg: Value,
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangerous: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plant: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<Value>,
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
    pub tare_kg: Option<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_mass: Option<Value>,
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
            _ => {
                let mut findings = Vec::new();
                for finding in reader.findings {
                    if !findings.contains(&finding) {
                        findings.push(finding);
                    }
                }
                Err(findings)
            }
        }
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

    #[test]
    fn details_are_read_and_their_faults_are_placed() {
        let mut file = good();
        let more = serde_json::json!({
            "wagons": [{"number": "52908241", "tare_kg": 21.5, "axles": 4, "provided_by": "carrier",
                "containers": ["CSQU3054383"]}],
            "vehicles": [{"registration": "34ABC123", "country": "TR", "kind": "tractor"}],
            "transport": [{"mode": "sea", "from": "KZAAU", "to": "AZALA", "means": "8919271",
                "name": "Professor Gul", "nationality": "AZ"}],
            "instructions": [{"to": "carrier", "code": "7", "text": "Keep dry"}],
            "documents": [{"type_code": "830", "number": "26CN0000", "issued": "2026-11-20", "previous": true}],
            "charges": [{"kind": "freight", "from": "CNXIA", "to": "KZAAU", "payer": "consignor",
                "settlement": "prepaid", "amount": "1200.50 USD"}]
        });
        for (key, value) in more.as_object().unwrap() {
            file[key] = value.clone();
        }
        file["goods"][0]["packaging"] =
            serde_json::json!({"count": 4, "kind": "CT", "inside": {"count": 2, "kind": "BX"}});
        file["goods"][0]["temperature_c"] = serde_json::json!([2, 8.5]);
        file["equipment"][0]["verified_mass"] = serde_json::json!({
            "mass_kg": 11000, "method": "weighed", "responsible": "Seller", "at": "2026-11-30T00:00:00Z"
        });
        let consignment = serde_json::from_value::<ConsignmentFile>(file.clone()).unwrap().read().unwrap();
        assert_eq!(consignment.wagons[0].tare.unwrap().grams(), 21_500);
        assert_eq!(consignment.charges[0].amount.unwrap().to_string(), "1200.50 USD");
        assert_eq!(consignment.goods[0].temperature.unwrap().max, 85);
        assert_eq!(consignment.goods[0].packaging.as_ref().unwrap().depth(), 2);
        assert!(consignment.check().is_empty(), "{:?}", consignment.check());
        for (path, value, at) in [
            ("/wagons/0/number", serde_json::json!("52908242"), "/wagons/0/number"),
            ("/wagons/0/containers/0", serde_json::json!("MSKU1234565"), "/wagons/0/containers/0"),
            ("/vehicles/0/registration", serde_json::json!("34 ABC"), "/vehicles/0/registration"),
            ("/transport/0/mode", serde_json::json!("space"), "/transport/0/mode"),
            ("/charges/0/amount", serde_json::json!("1200"), "/charges/0/amount"),
            ("/documents/0/number", serde_json::json!(""), "/documents/0/number"),
            ("/goods/0/temperature_c", serde_json::json!([8, 2]), "/goods/0/temperature_c"),
            ("/goods/0/packaging/inside/count", serde_json::json!(0), "/goods/0/packaging/inside/count"),
            (
                "/equipment/0/verified_mass/method",
                serde_json::json!("guessed"),
                "/equipment/0/verified_mass/method",
            ),
        ] {
            let mut file = file.clone();
            *file.pointer_mut(path).unwrap() = value;
            let findings = serde_json::from_value::<ConsignmentFile>(file).unwrap().read().unwrap_err();
            let paths: Vec<_> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
            assert_eq!(paths, [at]);
        }
    }
}
