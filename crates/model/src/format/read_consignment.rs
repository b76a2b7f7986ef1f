//! Reads a consignment file into a consignment.

use crate::consignment_check::{LONGEST_TEXT, MOST_EQUIPMENT, MOST_GOODS};
use crate::format::consignment_file::{ConsignmentFile, EquipmentFile, GoodsFile, PartyFile};
use crate::format::people::written_path;
use crate::{Consignment, DeliveryTerms, Equipment, Finding, GoodsItem, Party, Prices};
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_units::{Mass, Money};
use serde_json::Value;
use std::fmt::Display;
use std::str::FromStr;

/// The beginning of a text, as long as a message repeats it.
pub(super) fn shortened(text: &str) -> String {
    let short: String = text.chars().filter(|letter| !letter.is_control()).take(80).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// Collects findings while it reads; a field that cannot be read becomes `None` and reading goes on.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    pub(super) fn error(&mut self, path: &str, code: &str, message: impl Into<String>, remedy: &str) {
        self.findings.push(Finding::error(format!("consignment.{code}"), message).at(path).remedy(remedy));
    }

    fn instant(&mut self, path: &str, text: &str) -> Option<Timestamp> {
        let read = text.trim().parse().ok();
        if read.is_none() {
            let message = format!("`{}` is not an instant", shortened(text));
            let remedy = "write it such as 2026-12-01T14:00:00Z, with `Z` or an offset";
            self.error(path, "not-a-time", message, remedy);
        }
        read
    }

    fn date(&mut self, path: &str, text: &str) -> Option<Date> {
        let read = text.trim().parse().ok();
        if read.is_none() {
            let message = format!("`{}` is not a date", shortened(text));
            self.error(path, "not-a-time", message, "write it such as 2026-11-26");
        }
        read
    }

    /// A text that may be left out.
    fn remark(&mut self, path: &str, text: Option<&String>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.text(path, text);
        }
    }

    fn parse<T: FromStr<Err: Display + 'static>>(&mut self, path: &str, text: &str) -> Option<T> {
        if text.chars().count() > LONGEST_TEXT || text.chars().any(char::is_control) {
            self.text(path, text);
            return None;
        }
        text.parse()
            .map_err(|error: T::Err| {
                self.error(path, "not-a-code", crate::words_of(&error), "correct the value")
            })
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

    pub(super) fn mass(&mut self, path: &str, value: &Value) -> Option<Mass> {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let text = shortened(&text);
        Mass::from_kilogram_decimal(&text)
            .map_err(|error| {
                self.error(path, "not-a-mass", error.to_string(), "write kilograms, such as 18420 or 18420.5")
            })
            .ok()
    }

    pub(super) fn consignment(&mut self, file: &ConsignmentFile) -> Option<Consignment> {
        self.check_counts(file);
        let reference = self.parse("/reference", &file.reference);
        let from = self.parse("/from", &file.from);
        let to = self.parse("/to", &file.to);
        let ready = self.instant("/ready", &file.ready);
        let incoterm = self.parse("/terms/incoterm", &file.terms.incoterm);
        let place = self.text("/terms/place", &file.terms.place);
        let parties: Vec<_> =
            file.parties.iter().enumerate().map(|(i, party)| self.party(i, party)).collect();
        let equipment: Vec<_> =
            file.equipment.iter().enumerate().map(|(i, item)| self.equipment(i, item)).collect();
        let goods: Vec<_> = file.goods.iter().enumerate().map(|(i, item)| self.goods(i, item)).collect();
        let prices = self.prices(file);
        let wagons = self.list("/wagons", &file.wagons);
        let vehicles = self.list("/vehicles", &file.vehicles);
        let transport = self.list("/transport", &file.transport);
        let instructions = self.list("/instructions", &file.instructions);
        let documents = self.list("/documents", &file.documents);
        let charges = self.list("/charges", &file.charges);
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
            wagons,
            vehicles,
            transport,
            instructions,
            documents,
            charges,
        };
        consignment.check_parties(&mut self.findings);
        consignment.check_between(&mut self.findings);
        let read = self.findings.len();
        consignment.check_more(&mut self.findings);
        for finding in self.findings.iter_mut().skip(read) {
            finding.path = finding.path.as_deref().map(written_path);
        }
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
        self.remark(&at("identifier"), identifier.as_ref());
        let (identifiers, names, contact) =
            (file.identifiers.clone(), file.names.clone(), file.contact.clone());
        let country = country?;
        Some(Party {
            role: file.role,
            id: id?,
            name,
            address,
            country,
            identifier,
            identifiers,
            names,
            contact,
        })
    }

    fn equipment(&mut self, index: usize, file: &EquipmentFile) -> Option<Equipment> {
        let at = |field: &str| format!("/equipment/{index}/{field}");
        let number = self.parse(&at("number"), &file.number);
        let size_type = self.parse(&at("size_type"), &file.size_type);
        let tare = file.tare_kg.as_ref().and_then(|value| self.mass(&at("tare_kg"), value));
        let temperature =
            file.temperature_c.as_ref().and_then(|value| self.temperature(&at("temperature_c"), value));
        let verified_mass =
            file.verified_mass.as_ref().and_then(|value| self.item(&at("verified_mass"), value));
        let seals = file.seals.clone();
        Some(Equipment { number: number?, size_type: size_type?, tare, seals, temperature, verified_mass })
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
        self.remark(&at("marks"), file.marks.as_ref());
        let packaging = file.packaging.as_ref().and_then(|value| self.item(&at("packaging"), value));
        let dangerous = file.dangerous.as_ref().and_then(|value| self.item(&at("dangerous"), value));
        let plant = file.plant.as_ref().and_then(|value| self.item(&at("plant"), value));
        let temperature =
            file.temperature_c.as_ref().and_then(|value| self.temperature(&at("temperature_c"), value));
        Some(GoodsItem {
            description,
            descriptions: file.descriptions.clone(),
            hs: hs?,
            rail_codes: file.rail_codes.clone(),
            origin: origin?,
            packages: file.packages,
            package_kind: package_kind?,
            packaging,
            marks: file.marks.clone(),
            gross_mass: gross_mass?,
            net_mass: net_mass?,
            dangerous,
            plant,
            temperature,
            containers: containers.into_iter().collect::<Option<_>>()?,
        })
    }

    fn prices(&mut self, file: &ConsignmentFile) -> Option<Prices> {
        let invoice_number = self.text("/invoice/number", &file.invoice.number);
        let invoice_date = self.date("/invoice/date", &file.invoice.date);
        self.remark("/invoice/contract", file.invoice.contract.as_ref());
        let currency = self.parse("/invoice/currency", &file.invoice.currency)?;
        let mut items = Vec::new();
        for (index, item) in file.goods.iter().enumerate() {
            match Money::from_decimal(&shortened(&item.value), currency) {
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
