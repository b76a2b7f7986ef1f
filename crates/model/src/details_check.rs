//! Checks of the details of a consignment: wagons, vehicles, means of transport, charges, instructions, packaging, temperatures.

use crate::consignment_check::{LONGEST_TEXT, error};
use crate::{Consignment, DangerousGoods, Finding, GoodsItem, InnerPackaging, Seal, TemperatureRange};
use std::collections::BTreeMap;

/// Most entries of each list of details: three for each container of a block train.
const MOST_DETAILS: usize = 360;
/// Most levels of packages inside packages. Source: UN/ECE Recommendation 21 knows three; one more is room enough.
const DEEPEST_PACKAGING: usize = 4;
/// Most languages in which a field is repeated.
const MOST_LANGUAGES: usize = 8;
/// Longest registration, journey or account number. Unit: character. Source: NCTS, an..35.
const LONGEST_NUMBER: usize = 35;
/// Longest number of a document. Unit: character. Source: NCTS, an..70.
const LONGEST_DOCUMENT_NUMBER: usize = 70;

impl Consignment {
    /// Checks the details. Paths are JSON pointers into the serialized consignment.
    pub(crate) fn check_more(&self, findings: &mut Vec<Finding>) {
        self.check_detail_counts(findings);
        self.check_wagons(findings);
        self.check_vehicles(findings);
        self.check_transport(findings);
        self.check_detail_texts(findings);
        self.check_seals(findings);
        for (index, item) in self.goods.iter().enumerate() {
            check_item(&format!("/goods/{index}"), item, findings);
        }
        for (index, item) in self.equipment.iter().enumerate() {
            let range = item.temperature;
            check_temperature(&format!("/equipment/{index}/temperature"), range, findings);
        }
    }

    fn check_detail_counts(&self, findings: &mut Vec<Finding>) {
        for (path, count) in [
            ("/wagons", self.wagons.len()),
            ("/vehicles", self.vehicles.len()),
            ("/transport", self.transport.len()),
            ("/instructions", self.instructions.len()),
            ("/documents", self.documents.len()),
            ("/charges", self.charges.len()),
        ] {
            if count > MOST_DETAILS {
                let message = format!("{count} are more than {MOST_DETAILS}");
                findings.push(error(path, "too-many", message, "split the consignment"));
            }
        }
    }

    fn check_wagons(&self, findings: &mut Vec<Finding>) {
        for (index, wagon) in self.wagons.iter().enumerate() {
            if self.wagons.iter().take(index).any(|earlier| earlier.number == wagon.number) {
                let message = format!("wagon {} stands here twice", wagon.number);
                let path = format!("/wagons/{index}/number");
                findings.push(error(&path, "wagon-twice", message, "remove one"));
            }
            if wagon.axles.is_some_and(|axles| !(2..=32).contains(&axles)) {
                let path = format!("/wagons/{index}/axles");
                findings.push(error(&path, "axles", "a wagon has 2 to 32 axles", "count them"));
            }
            for (position, number) in wagon.containers.iter().enumerate() {
                let path = format!("/wagons/{index}/containers/{position}");
                if !self.equipment.iter().any(|item| item.number == *number) {
                    let message = format!("container {number} is not among the equipment");
                    let remedy = "add it to the equipment or correct the number";
                    findings.push(error(&path, "container-unknown", message, remedy));
                }
                let others = self.wagons.iter().take(index).flat_map(|earlier| &earlier.containers);
                if others.chain(wagon.containers.iter().take(position)).any(|other| other == number) {
                    let message = format!("container {number} stands on two wagons");
                    findings.push(error(&path, "container-on-two-wagons", message, "remove one"));
                }
            }
        }
    }

    fn check_vehicles(&self, findings: &mut Vec<Finding>) {
        for (index, vehicle) in self.vehicles.iter().enumerate() {
            let path = format!("/vehicles/{index}/registration");
            let plain = |c: char| c.is_alphanumeric() || c == '-';
            let text = &vehicle.registration;
            if text.is_empty() || text.chars().count() > 20 || !text.chars().all(plain) {
                let message = format!("`{text:.40}` is not a registration number");
                findings.push(error(
                    &path,
                    "registration",
                    message,
                    "write 1 to 20 letters and digits, no spaces",
                ));
            }
        }
    }

    fn check_transport(&self, findings: &mut Vec<Finding>) {
        for (index, movement) in self.transport.iter().enumerate() {
            if movement.from == movement.to {
                let path = format!("/transport/{index}/to");
                let message = "a means of transport loads and unloads at the same place";
                findings.push(error(&path, "same-place", message, "correct one of the two"));
            }
        }
    }

    fn check_detail_texts(&self, findings: &mut Vec<Finding>) {
        let mut texts: Vec<(String, &str, usize)> = Vec::new();
        for (index, party) in self.parties.iter().enumerate() {
            let at = format!("/parties/{index}");
            check_languages(
                &format!("{at}/names"),
                party.names.iter().map(|name| name.language.as_str()),
                findings,
            );
            for (position, name) in party.names.iter().enumerate() {
                texts.push((format!("{at}/names/{position}/name"), &name.name, LONGEST_TEXT));
            }
            for (position, number) in party.identifiers.iter().enumerate() {
                texts.push((format!("{at}/identifiers/{position}/scheme"), &number.scheme, 12));
                texts.push((format!("{at}/identifiers/{position}/value"), &number.value, LONGEST_NUMBER));
            }
            if let Some(contact) = &party.contact {
                texts.push((format!("{at}/contact/name"), &contact.name, LONGEST_TEXT));
            }
        }
        for (index, movement) in self.transport.iter().enumerate() {
            texts.push((format!("/transport/{index}/means"), &movement.means, LONGEST_NUMBER));
        }
        for (index, instruction) in self.instructions.iter().enumerate() {
            texts.push((format!("/instructions/{index}/text"), &instruction.text, LONGEST_TEXT));
        }
        for (index, document) in self.documents.iter().enumerate() {
            texts.push((format!("/documents/{index}/number"), &document.number, LONGEST_DOCUMENT_NUMBER));
        }
        for (path, text, longest) in texts {
            check_text(&path, text, longest, findings);
        }
        for (path, text) in self.list_remarks() {
            check_remark(&path, text, findings);
        }
    }

    /// Texts that may be left out or empty, with their places.
    fn list_remarks(&self) -> Vec<(String, &str)> {
        let mut texts: Vec<(String, Option<&String>)> = Vec::new();
        for (index, party) in self.parties.iter().enumerate() {
            for (position, name) in party.names.iter().enumerate() {
                texts.push((format!("/parties/{index}/names/{position}/address"), name.address.as_ref()));
            }
            let contact = party.contact.as_ref();
            texts.push((
                format!("/parties/{index}/contact/phone"),
                contact.and_then(|contact| contact.phone.as_ref()),
            ));
            texts.push((
                format!("/parties/{index}/contact/email"),
                contact.and_then(|contact| contact.email.as_ref()),
            ));
        }
        for (index, item) in self.goods.iter().enumerate() {
            let at = |field: &str| format!("/goods/{index}/{field}");
            if let Some(dangerous) = &item.dangerous {
                texts.push((at("dangerous/shipping_name"), dangerous.shipping_name.as_ref()));
                texts.push((at("dangerous/emergency_contact"), dangerous.emergency_contact.as_ref()));
            }
            if let Some(plant) = &item.plant {
                texts.push((at("plant/botanical_name"), Some(&plant.botanical_name)));
                texts.push((at("plant/treatment"), plant.treatment.as_ref()));
            }
        }
        for (index, item) in self.equipment.iter().enumerate() {
            let at = |field: &str| format!("/equipment/{index}/{field}");
            texts.push((
                at("verified_mass/responsible"),
                item.verified_mass.as_ref().map(|mass| &mass.responsible),
            ));
            let seals = item.seals.iter().enumerate();
            texts.extend(
                seals.map(|(number, seal)| {
                    (at(&format!("seals/{number}/affixed_by")), Some(&seal.affixed_by))
                }),
            );
        }
        for (index, wagon) in self.wagons.iter().enumerate() {
            texts.push((format!("/wagons/{index}/owner"), wagon.owner.as_ref()));
            let seals = wagon.seals.iter().enumerate();
            texts.extend(seals.map(|(number, seal)| {
                (format!("/wagons/{index}/seals/{number}/affixed_by"), Some(&seal.affixed_by))
            }));
        }
        for (index, vehicle) in self.vehicles.iter().enumerate() {
            texts.push((format!("/vehicles/{index}/approval"), vehicle.approval.as_ref()));
        }
        for (index, movement) in self.transport.iter().enumerate() {
            texts.push((format!("/transport/{index}/name"), movement.name.as_ref()));
            texts.push((format!("/transport/{index}/journey"), movement.journey.as_ref()));
        }
        for (index, instruction) in self.instructions.iter().enumerate() {
            texts.push((format!("/instructions/{index}/code"), instruction.code.as_ref()));
        }
        for (index, document) in self.documents.iter().enumerate() {
            texts.push((format!("/documents/{index}/issuer"), document.issuer.as_ref()));
        }
        for (index, charge) in self.charges.iter().enumerate() {
            texts.push((format!("/charges/{index}/account"), charge.account.as_ref()));
        }
        texts.into_iter().filter_map(|(path, text)| text.map(|text| (path, text.as_str()))).collect()
    }

    /// A seal number stands once: the same number on two boxes means that one of them was copied wrongly.
    fn check_seals(&self, findings: &mut Vec<Finding>) {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        let boxes =
            self.equipment.iter().enumerate().map(|(at, item)| (format!("/equipment/{at}"), &item.seals));
        let wagons =
            self.wagons.iter().enumerate().map(|(at, wagon)| (format!("/wagons/{at}"), &wagon.seals));
        for (holder, seals) in boxes.chain(wagons) {
            for (index, Seal { number, .. }) in seals.iter().enumerate() {
                let path = format!("{holder}/seals/{index}/number");
                if number.is_empty()
                    || number.len() > 20
                    || !number.bytes().all(|byte| matches!(byte, b' '..=b'~'))
                {
                    let message = "a seal number needs 1 to 20 plain characters";
                    findings.push(error(&path, "seal", message, "write the number on the seal"));
                }
                if let Some(first) = seen.insert(number, path.clone()) {
                    let message = format!("seal {number} stands at {first} already");
                    findings.push(error(
                        &path,
                        "seal-twice",
                        message,
                        "look at the seal and correct one of the two",
                    ));
                }
            }
        }
    }
}

fn check_item(path: &str, item: &GoodsItem, findings: &mut Vec<Finding>) {
    let languages = item.descriptions.iter().map(|text| text.language.as_str());
    check_languages(&format!("{path}/descriptions"), languages, findings);
    for (index, text) in item.descriptions.iter().enumerate() {
        check_text(&format!("{path}/descriptions/{index}/text"), &text.text, LONGEST_TEXT, findings);
    }
    for (name, code, length) in [("gng", &item.rail_codes.gng, 8), ("etsng", &item.rail_codes.etsng, 6)] {
        if code.as_ref().is_some_and(|code| code.len() != length || !code.bytes().all(|b| b.is_ascii_digit()))
        {
            let message = format!("a code of the railways by {name} needs {length} digits");
            let place = format!("{path}/rail_codes/{name}");
            findings.push(error(&place, "rail-code", message, "look it up in the railways' nomenclature"));
        }
    }
    check_temperature(&format!("{path}/temperature"), item.temperature, findings);
    if let Some(packaging) = &item.packaging {
        check_packaging(&format!("{path}/packaging"), packaging, findings);
    }
    if let Some(dangerous) = &item.dangerous {
        check_dangerous(&format!("{path}/dangerous"), dangerous, findings);
    }
}

fn check_packaging(path: &str, packaging: &InnerPackaging, findings: &mut Vec<Finding>) {
    if packaging.depth() > DEEPEST_PACKAGING {
        let message = format!("packages lie in packages {} levels deep", packaging.depth());
        let remedy = "leave out the innermost, they are not packages of transport";
        findings.push(error(path, "packaging-deep", message, remedy));
    }
    let (mut place, mut level) = (path.to_owned(), Some(packaging));
    while let Some(inner) = level {
        if inner.count == 0 {
            let place = format!("{place}/count");
            findings.push(error(
                &place,
                "no-packages",
                "the number of inner packages is 0",
                "count them or leave them out",
            ));
        }
        place.push_str("/inside");
        level = inner.inside.as_deref();
    }
}

pub(crate) fn check_dangerous(path: &str, goods: &DangerousGoods, findings: &mut Vec<Finding>) {
    if !(1..=9999).contains(&goods.un_number) {
        let message = format!("{} is not a UN number", goods.un_number);
        findings.push(error(
            &format!("{path}/un_number"),
            "un-number",
            message,
            "write the four digits of the regulations",
        ));
    }
    let classes = [(format!("{path}/class"), &goods.class)];
    let more =
        goods.subsidiary.iter().enumerate().map(|(at, class)| (format!("{path}/subsidiary/{at}"), class));
    for (place, class) in classes.into_iter().chain(more) {
        if !is_hazard_class(class) {
            let message = format!("`{class:.20}` is not a hazard class");
            findings.push(error(
                &place,
                "hazard-class",
                message,
                "write a class 1 to 9 or a division such as 2.1 or 1.4S",
            ));
        }
    }
    if goods.packing_group.as_ref().is_some_and(|group| !matches!(group.as_str(), "I" | "II" | "III")) {
        let place = format!("{path}/packing_group");
        findings.push(error(
            &place,
            "packing-group",
            "a packing group is I, II or III",
            "correct it or leave it out",
        ));
    }
}

/// Whether a text has the shape of a class or division of the UN Model Regulations.
fn is_hazard_class(text: &str) -> bool {
    match text.split_once('.') {
        None => matches!(text, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"),
        Some(("1", rest)) => {
            let (division, group) = rest.split_at_checked(1).unwrap_or((rest, ""));
            matches!(division, "1" | "2" | "3" | "4" | "5" | "6")
                && (group.is_empty()
                    || matches!(
                        group,
                        "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "J" | "K" | "L" | "N" | "S"
                    ))
        }
        Some(("2" | "4", rest)) => matches!(rest, "1" | "2" | "3"),
        Some(("5" | "6", rest)) => matches!(rest, "1" | "2"),
        Some(_) => false,
    }
}

fn check_temperature(path: &str, range: Option<TemperatureRange>, findings: &mut Vec<Finding>) {
    if range.is_some_and(|range| !range.is_sound()) {
        let message = "the lower end is above the upper one, or one is beyond 100 degrees";
        findings.push(error(path, "temperature", message, "give [min, max] in degrees Celsius"));
    }
}

fn check_languages<'a>(path: &str, tags: impl Iterator<Item = &'a str>, findings: &mut Vec<Finding>) {
    let tags: Vec<_> = tags.collect();
    if tags.len() > MOST_LANGUAGES {
        let message = format!("more than {MOST_LANGUAGES} languages: {}", tags.len());
        findings.push(error(path, "too-many", message, "keep those of the way"));
    }
    for (index, tag) in tags.iter().enumerate() {
        if tags.iter().take(index).any(|earlier| earlier == tag) {
            let message = format!("language {tag} stands here twice");
            findings.push(error(&format!("{path}/{index}"), "language-twice", message, "remove one"));
        }
    }
}

/// A text that may be empty.
fn check_remark(path: &str, text: &str, findings: &mut Vec<Finding>) {
    if !text.is_empty() {
        check_text(path, text, LONGEST_TEXT, findings);
    }
}

fn check_text(path: &str, text: &str, longest: usize, findings: &mut Vec<Finding>) {
    if text.trim().is_empty() {
        findings.push(error(path, "empty", "this text is empty", "fill it in"));
    }
    if text.chars().count() > longest {
        let message = format!("this text is longer than {longest} characters");
        findings.push(error(path, "too-long", message, "shorten it"));
    }
    if text.chars().any(char::is_control) {
        let message = "this text holds a control character";
        findings.push(error(path, "control-character", message, "write it on one plain line"));
    }
}

#[cfg(test)]
mod tests {
    use super::is_hazard_class;

    #[test]
    fn classes_have_the_shape_of_the_model_regulations() {
        for class in ["3", "2.1", "1.4S", "1.1", "4.3", "5.1", "6.2", "7", "8", "9"] {
            assert!(is_hazard_class(class), "{class}");
        }
        for class in ["", "0", "10", "2.4", "3.1", "1.7", "1.4Z", "1.4SS", "class 3", "6.3", "."] {
            assert!(!is_hazard_class(class), "{class}");
        }
    }
}
