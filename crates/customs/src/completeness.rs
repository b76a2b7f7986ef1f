//! What a declaration must have whatever the territory, before any rule pack is asked.

use crate::{Declaration, Procedure};
use kervan_model::Finding;
use kervan_units::Mass;

impl Declaration {
    /// What is missing or contradicts itself, whatever the territory. Source: NCTS conditions and rules, each named in
    /// its finding. An error here means that the declaration is rejected before it is accepted.
    pub fn check_completeness(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_parties(&mut findings);
        self.check_goods(&mut findings);
        self.check_seals(&mut findings);
        let same = self.departure.code == self.destination.code && !self.departure.stand_in;
        if same && self.procedure == Procedure::Transit {
            let message = format!("{} is both office of departure and of destination", self.departure.name);
            let remedy = "choose an itinerary that leaves the place";
            findings.push(fault("same-office", "two-offices", "/itinerary", message, remedy));
        }
        findings
    }

    fn check_parties(&self, findings: &mut Vec<Finding>) {
        let wanted = [
            (&self.holder, "C0250", "holder of the procedure"),
            (&self.consignor, "C0542", "consignor"),
            (&self.consignee, "C0001", "consignee"),
        ];
        for (trader, rule, what) in wanted {
            let named = |trader: &crate::Trader| !trader.name.is_empty() && !trader.address.is_empty();
            if !trader.as_ref().is_some_and(named) {
                let message = format!("the {what} has no name and address");
                findings.push(fault("party-missing", rule, "/parties", message, "name the party"));
            }
        }
    }

    fn check_goods(&self, findings: &mut Vec<Finding>) {
        if self.goods.is_empty() {
            let remedy = "list at least one goods item";
            findings.push(fault("no-goods", "R0988", "/goods", "there are no goods items", remedy));
        }
        if self.equipment.is_empty() {
            let remedy = "name the containers";
            findings.push(fault("no-equipment", "C0055", "/equipment", "no container is named", remedy));
        }
        let items: Mass = self.goods.iter().map(|item| item.gross_mass).sum();
        if items > self.gross_mass {
            let message =
                format!("the goods items weigh {items}, more than the whole of {}", self.gross_mass);
            findings.push(fault("mass-of-items", "R0994", "/goods", message, "correct the gross mass"));
        }
        for (index, item) in self.goods.iter().enumerate() {
            for number in &item.containers {
                if !self.equipment.iter().any(|equipment| equipment.number == *number) {
                    let path = format!("/goods/{index}/containers");
                    let message = format!("container {number} of item {} is not declared", item.item);
                    let remedy = "declare the container or correct the number";
                    findings.push(fault("container-unknown", "C0670", &path, message, remedy));
                }
            }
        }
    }

    fn check_seals(&self, findings: &mut Vec<Finding>) {
        let seals: Vec<_> = self.equipment.iter().flat_map(|item| &item.seals).collect();
        for (index, seal) in seals.iter().enumerate() {
            if seals.iter().take(index).any(|earlier| earlier.number == seal.number) {
                let message = format!("seal {} stands in the declaration twice", seal.number);
                let remedy = "correct one of the seal numbers";
                findings.push(fault("seal-twice", "R0107", "/equipment", message, remedy));
            }
        }
    }
}

/// A finding that rejects the declaration; `rule` is the number of the NCTS rule, or a word of ours.
fn fault(code: &str, rule: &str, path: &str, message: impl Into<String>, remedy: &str) -> Finding {
    let ncts = rule.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let source = if ncts {
        format!("NCTS {rule}")
    } else {
        "judgement: a transit movement leads somewhere".to_owned()
    };
    Finding::error(format!("declaration.{code}"), message).at(path).rule(rule).source(source).remedy(remedy)
}
