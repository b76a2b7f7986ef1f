//! What must hold between the values of a consignment, whoever wrote it down.

use crate::{Consignment, Finding, PartyRole};

/// Most goods items of one consignment. Source: NCTS allows 999 items in a house consignment.
pub(crate) const MOST_GOODS: usize = 999;
/// Most containers of one consignment: a block train of 120 TEU in single boxes.
pub(crate) const MOST_EQUIPMENT: usize = 120;
/// Longest free text. Unit: character. Source: NCTS description of goods, an..512.
pub(crate) const LONGEST_TEXT: usize = 512;

impl Consignment {
    /// Checks what the types cannot: counts, sums, references between lists. Gives all findings; paths are JSON pointers
    /// into the serialized consignment. What a copy withholds (parties, prices) is not asked for.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_lists(&mut findings);
        self.check_texts(&mut findings);
        self.check_goods(&mut findings);
        self.check_prices(&mut findings);
        if !self.parties.is_empty() {
            self.check_parties(&mut findings);
        }
        self.check_between(&mut findings);
        self.check_more(&mut findings);
        findings
    }

    fn check_lists(&self, findings: &mut Vec<Finding>) {
        for (path, count, most) in
            [("/goods", self.goods.len(), MOST_GOODS), ("/equipment", self.equipment.len(), MOST_EQUIPMENT)]
        {
            if count == 0 {
                findings.push(error(path, "empty-list", "the list is empty", "give at least one"));
            }
            if count > most {
                let message = format!("{count} are more than {most}");
                findings.push(error(path, "too-many", message, "split the consignment"));
            }
        }
    }

    fn check_texts(&self, findings: &mut Vec<Finding>) {
        let goods = self.goods.iter().enumerate().flat_map(|(index, item)| {
            let marks = item.marks.as_ref().map(|text| (format!("/goods/{index}/marks"), text));
            [Some((format!("/goods/{index}/description"), &item.description)), marks]
        });
        let parties = self.parties.iter().enumerate().flat_map(|(index, party)| {
            let name = (format!("/parties/{index}/name"), &party.name);
            [Some(name), Some((format!("/parties/{index}/address"), &party.address))]
        });
        let place = Some(("/terms/place".to_owned(), &self.terms.place));
        for (path, text) in goods.chain(parties).chain([place]).flatten() {
            if text.trim().is_empty() {
                findings.push(error(&path, "empty", "this text is empty", "fill it in"));
            }
            if text.chars().count() > LONGEST_TEXT {
                let message = format!("this text is longer than {LONGEST_TEXT} characters");
                findings.push(error(&path, "too-long", message, "shorten it"));
            }
            if text.chars().any(char::is_control) {
                let message = "this text holds a control character";
                findings.push(error(&path, "control-character", message, "write it on one plain line"));
            }
        }
    }

    fn check_goods(&self, findings: &mut Vec<Finding>) {
        for (index, item) in self.goods.iter().enumerate() {
            if item.packages == 0 && item.package_kind.as_str() != "NE" {
                let path = format!("/goods/{index}/packages");
                let remedy = "count them, or use NE for unpacked";
                findings.push(error(&path, "no-packages", "the number of packages is 0", remedy));
            }
            if item.net_mass > item.gross_mass {
                let path = format!("/goods/{index}/net_mass");
                let message = format!("net mass {} is above gross mass {}", item.net_mass, item.gross_mass);
                findings.push(error(&path, "net-above-gross", message, "correct one of the two"));
            }
        }
    }

    fn check_prices(&self, findings: &mut Vec<Finding>) {
        let Some(prices) = &self.prices else { return };
        if prices.items.len() != self.goods.len() {
            let message = format!("{} prices for {} goods items", prices.items.len(), self.goods.len());
            findings.push(error(
                "/prices/items",
                "price-count",
                message,
                "give one price for each goods item",
            ));
        }
        if !prices.items.is_empty() && self.find_total().is_none() {
            let message = "the prices are in several currencies";
            findings.push(error("/prices/items", "currencies", message, "write one invoice in one currency"));
        }
    }

    pub(crate) fn check_parties(&self, findings: &mut Vec<Finding>) {
        for role in [PartyRole::Consignor, PartyRole::Consignee, PartyRole::Forwarder] {
            let count = self.parties.iter().filter(|party| party.role == role).count();
            if count != 1 {
                let message = format!("there are {count} parties as {}, one is needed", role.word());
                let remedy = "name exactly one consignor, consignee and forwarder";
                findings.push(error("/parties", "party-count", message, remedy));
            }
        }
    }

    pub(crate) fn check_between(&self, findings: &mut Vec<Finding>) {
        let numbers: Vec<_> = self.equipment.iter().map(|item| &item.number).collect();
        for (index, number) in numbers.iter().enumerate() {
            if numbers.iter().take(index).any(|earlier| earlier == number) {
                let path = format!("/equipment/{index}/number");
                let message = format!("container {number} stands here twice");
                findings.push(error(&path, "container-twice", message, "remove one"));
            }
        }
        for (index, item) in self.goods.iter().enumerate() {
            for (position, number) in item.containers.iter().enumerate() {
                if !numbers.contains(&number) {
                    let path = format!("/goods/{index}/containers/{position}");
                    let message = format!("container {number} is not among the equipment");
                    let remedy = "add it to the equipment or correct the number";
                    findings.push(error(&path, "container-unknown", message, remedy));
                }
            }
        }
        if self.from == self.to {
            let message = "origin and destination are the same place";
            findings.push(error("/to", "same-place", message, "correct one of the two"));
        }
    }
}

pub(crate) fn error(path: &str, code: &str, message: impl Into<String>, remedy: &str) -> Finding {
    Finding::error(format!("consignment.{code}"), message).at(path).remedy(remedy)
}
