//! Terms of delivery against who pays the charges.

use super::compare::{At, Comparison};
use super::finding::{Inconsistency, Weight, inconsistency};
use super::statement::StatedFact;
use super::tables::{Tables, TermCosts};
use kervan_model::{ChargeKind, PartyRole, Settlement, Severity};

/// What to do about a charge that does not fit.
const REMEDY: &str = "correct who pays the charge, or agree another term of delivery";

/// A charge as it is stated.
#[derive(Clone, Copy)]
struct ChargeFact {
    kind: ChargeKind,
    payer: PartyRole,
    settlement: Settlement,
    one_end: bool,
}

impl Comparison<'_> {
    /// Charges that the term of delivery lays upon the other side, and insurance that it asks for and nobody paid.
    pub(super) fn charges(&self, tables: &Tables) -> Vec<Inconsistency> {
        let term = self.pick(|fact| match fact {
            StatedFact::Term(term) => Some(*term),
            _ => None,
        });
        let Some((term_at, term)) = term.into_iter().next() else { return Vec::new() };
        let Some(costs) = tables.find_term(term) else { return Vec::new() };
        let charges = self.pick(|fact| match fact {
            StatedFact::Charge { kind, payer, settlement, one_end } => {
                Some(ChargeFact { kind: *kind, payer: *payer, settlement: *settlement, one_end: *one_end })
            }
            _ => None,
        });
        let mut found: Vec<Inconsistency> =
            charges.iter().filter_map(|(at, charge)| misplaced(term_at, costs, *at, *charge)).collect();
        found.extend(self.insurance(term_at, costs, &charges));
        found.extend(self.by_water(term_at, costs));
        found
    }

    fn insurance(
        &self,
        term_at: At<'_>,
        costs: &TermCosts,
        charges: &[(At<'_>, ChargeFact)],
    ) -> Option<Inconsistency> {
        // A consignment without any charge says nothing about who insures.
        let (first, _) = charges.first()?;
        let insured = charges.iter().any(|(_, charge)| charge.kind == ChargeKind::Insurance);
        if !costs.seller_insures || insured {
            return None;
        }
        let message = format!(
            "the term of delivery is {}, under which the seller insures the goods, and no charge for insurance stands \
             among the charges of the {} ({})",
            term_at.0.place(term_at.1),
            first.0.document,
            first.1.path
        );
        let weight = Weight {
            severity: Severity::Warning,
            source: &costs.source,
            remedy: "add the charge for insurance, paid by the seller",
        };
        let (ours, theirs) = (term_at.0.place(term_at.1), first.0.place(first.1));
        Some(inconsistency(&weight, "insurance-missing", message, ours, theirs))
    }

    /// Terms for goods alongside or on board a ship do not fit goods that are handed over in containers.
    fn by_water(&self, term_at: At<'_>, costs: &TermCosts) -> Option<Inconsistency> {
        let containers = self.pick(|fact| match fact {
            StatedFact::Container(number) => Some(number),
            _ => None,
        });
        let (first, _) = containers.into_iter().next()?;
        if !costs.water_only {
            return None;
        }
        let (ours, theirs) = (term_at.0.place(term_at.1), first.0.place(first.1));
        let message = format!(
            "the term of delivery is {ours}, which is made for goods handed over at a ship; the goods are in container {theirs}"
        );
        let weight = Weight {
            severity: Severity::Info,
            source: &costs.source,
            remedy: "agree the term for any mode that shares costs alike",
        };
        Some(inconsistency(&weight, "incoterm-by-water", message, ours, theirs))
    }
}

/// A charge that is paid by the wrong side, or at the wrong end.
fn misplaced(term_at: At<'_>, costs: &TermCosts, at: At<'_>, charge: ChargeFact) -> Option<Inconsistency> {
    let seller_pays = match charge.kind {
        ChargeKind::Freight => costs.seller_pays_carriage,
        ChargeKind::Insurance if costs.seller_insures => true,
        // Who pays for handling and the rest is a matter of the contract, and so is insurance that no term asks for.
        ChargeKind::Insurance
        | ChargeKind::Loading
        | ChargeKind::Unloading
        | ChargeKind::Handling
        | ChargeKind::Storage
        | ChargeKind::Customs
        | ChargeKind::Guarantee
        | ChargeKind::Other => return None,
    };
    let prepaid = charge.settlement == Settlement::Prepaid;
    let wrong_side = match charge.payer {
        PartyRole::Consignor => !seller_pays,
        PartyRole::Consignee => seller_pays,
        // Somebody else pays for one of the two; for which one, prepaid or collect says.
        PartyRole::Forwarder
        | PartyRole::Notify
        | PartyRole::Declarant
        | PartyRole::Payer
        | PartyRole::Carrier
        | PartyRole::Guarantor
        | PartyRole::Bank => false,
    };
    if !wrong_side && prepaid == seller_pays {
        return None;
    }
    let (ours, theirs) = (term_at.0.place(term_at.1), at.0.place(at.1));
    let side = if seller_pays { "the seller pays it, in advance" } else { "the buyer pays it, on arrival" };
    let unless = if charge.one_end {
        ", unless the named place parts this section from the main carriage"
    } else {
        ""
    };
    let message =
        format!("the term of delivery is {ours}, under which {side}; the charge is {theirs}{unless}");
    let severity = if charge.one_end { Severity::Info } else { Severity::Warning };
    let weight = Weight { severity, source: &costs.source, remedy: REMEDY };
    Some(inconsistency(&weight, "charge-against-incoterm", message, ours, theirs))
}
