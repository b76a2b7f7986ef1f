//! Holds documents of others against the consignment: the same fact said differently is a finding with both places.

use crate::{AttachedDocument, Tolerance, Tolerances};
use kervan_codes::ContainerNumber;
use kervan_model::{Consignment, Finding, PartyRole, Severity};
use kervan_units::Mass;

/// Compares every attached document with the consignment.
///
/// A fact that either side does not state is not compared: a copy without prices, an invoice without masses. Each finding
/// has a code `documents.*`, the pointer of the fact in the attachment as its path (`/attachments/0/facts/gross_mass`), the
/// place in the consignment in its message, the tolerance as its rule, and a remedy.
pub fn check_consistency(
    consignment: &Consignment,
    attachments: &[AttachedDocument],
    tolerances: &Tolerances,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, attachment) in attachments.iter().enumerate() {
        let check = Check { consignment, attachment, index, tolerances };
        findings.extend(check.mass("gross_mass", consignment.gross_mass(), attachment.facts.gross_mass));
        findings.extend(check.mass("net_mass", consignment.net_mass(), attachment.facts.net_mass));
        findings.extend(check.packages());
        findings.extend(check.total());
        findings.extend(check.containers());
        findings.extend(check.consignee());
    }
    findings
}

struct Check<'a> {
    consignment: &'a Consignment,
    attachment: &'a AttachedDocument,
    index: usize,
    tolerances: &'a Tolerances,
}

impl Check<'_> {
    fn finding(&self, tolerance: &Tolerance, fact: &str, code: &str, message: String) -> Finding {
        let code = format!("documents.{code}");
        let finding = match tolerance.severity {
            Severity::Info => Finding::info(code, message),
            Severity::Warning => Finding::warning(code, message),
            Severity::Error => Finding::error(code, message),
        };
        finding
            .at(format!("/attachments/{}/facts/{fact}", self.index))
            .rule(format!("tolerance of {fact}: {} ‰, at least {}", tolerance.per_mille, tolerance.floor))
            .source(tolerance.source.clone())
            .remedy(tolerance.remedy.clone())
    }

    fn mass(&self, fact: &str, ours: Mass, theirs: Option<Mass>) -> Option<Finding> {
        let tolerance = self.tolerances.find(fact)?;
        let theirs = theirs?;
        let difference = ours.abs_diff(theirs);
        if difference.grams() <= tolerance.allowed(ours.grams()) {
            return None;
        }
        let name = fact.replace('_', " ");
        let message = format!(
            "the {name} is {ours} in the consignment (sum of /goods/*/{fact}) and {theirs} in the {}: they differ by \
             {difference}{}, and {} is allowed",
            self.attachment.describe(),
            share(difference.grams(), ours.grams()),
            Mass::from_grams(tolerance.allowed(ours.grams())),
        );
        Some(self.finding(tolerance, fact, &format!("{}-differs", fact.replace('_', "-")), message))
    }

    fn packages(&self) -> Option<Finding> {
        let tolerance = self.tolerances.find("packages")?;
        let (ours, theirs) = (self.consignment.packages(), self.attachment.facts.packages?);
        if ours.abs_diff(theirs) <= tolerance.allowed(ours) {
            return None;
        }
        let message = format!(
            "{ours} packages stand in the consignment (sum of /goods/*/packages) and {theirs} in the {}",
            self.attachment.describe()
        );
        Some(self.finding(tolerance, "packages", "packages-differ", message))
    }

    fn total(&self) -> Option<Finding> {
        let (ours, theirs) = (self.consignment.find_total()?, self.attachment.facts.total?);
        let describe = self.attachment.describe();
        if ours.currency() != theirs.currency() {
            let message = format!(
                "the total is {ours} in the consignment (/prices/items) and {theirs} in the {describe}: another currency"
            );
            return Some(self.finding(
                self.tolerances.find("currency")?,
                "total",
                "currency-differs",
                message,
            ));
        }
        let tolerance = self.tolerances.find("total")?;
        let difference = ours.minor().abs_diff(theirs.minor());
        if difference <= tolerance.allowed(ours.minor().unsigned_abs()) {
            return None;
        }
        let message = format!(
            "the total is {ours} in the consignment (sum of /prices/items) and {theirs} in the {describe}{}",
            share(difference, ours.minor().unsigned_abs())
        );
        Some(self.finding(tolerance, "total", "total-differs", message))
    }

    fn containers(&self) -> Vec<Finding> {
        let theirs = &self.attachment.facts.containers;
        let Some(tolerance) = self.tolerances.find("container") else { return Vec::new() };
        if theirs.is_empty() {
            return Vec::new();
        }
        let ours: Vec<&ContainerNumber> =
            self.consignment.equipment.iter().map(|item| &item.number).collect();
        let describe = self.attachment.describe();
        let unknown = theirs.iter().filter(|number| !ours.contains(number)).map(|number| {
            let message =
                format!("container {number} of the {describe} is not in the consignment (/equipment)");
            self.finding(tolerance, "containers", "container-unknown", message)
        });
        let missing = ours.iter().filter(|number| !theirs.contains(number)).map(|number| {
            let message =
                format!("container {number} of the consignment (/equipment) is not in the {describe}");
            self.finding(tolerance, "containers", "container-missing", message)
        });
        unknown.chain(missing).collect()
    }

    fn consignee(&self) -> Option<Finding> {
        let tolerance = self.tolerances.find("consignee")?;
        let ours = self.consignment.find_party(PartyRole::Consignee)?;
        let theirs = self.attachment.facts.consignee_name.as_deref()?;
        if bare_name(&ours.name) == bare_name(theirs) {
            return None;
        }
        let place = self.consignment.parties.iter().position(|party| party.role == PartyRole::Consignee)?;
        let message = format!(
            "the consignee is `{}` in the consignment (/parties/{place}/name) and `{theirs}` in the {}",
            ours.name,
            self.attachment.describe()
        );
        Some(self.finding(tolerance, "consignee_name", "consignee-differs", message))
    }
}

/// A difference as a share for people, one decimal: ` (4.2 %)`. Nothing if there is nothing to take a share of.
fn share(difference: u64, ours: u64) -> String {
    if ours == 0 {
        return String::new();
    }
    let per_mille = u128::from(difference).saturating_mul(1_000) / u128::from(ours);
    format!(" ({}.{} %)", per_mille / 10, per_mille % 10)
}

/// A name without letter case, punctuation and spaces. Letters of every script count.
fn bare_name(name: &str) -> String {
    // Lower case first: İ becomes i and a combining dot, which is then dropped.
    name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_and_case_do_not_make_another_name() {
        for (a, b, same) in [
            ("Anadolu Makina A.Ş.", "ANADOLU MAKİNA AŞ", true),
            ("Anadolu Makina A.Ş.", "anadolu makina a.ş", true),
            ("ООО «Караван»", "ооо Караван", true),
            ("Kervan Ltd", "Kervan Ltd.", true),
            ("Kervan Ltd", "Karvan Ltd", false),
        ] {
            assert_eq!(bare_name(a) == bare_name(b), same, "{a} / {b}");
        }
    }

    #[test]
    fn shares_have_one_decimal() {
        assert_eq!(share(780_000, 18_420_000), " (4.2 %)");
        assert_eq!(share(1, 0), "");
    }
}
