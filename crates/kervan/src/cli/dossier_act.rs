//! `kervan dossier amend`, `accept`, `consent` and `bill`: what parties of a node say about the contract of carriage.

use super::dossier::Folder;
use super::dossier_file::refuse;
use super::{Failure, Outcome, output};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::random::Random;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_dossier::{BillStanding, BillState};
use kervan_model::{EntryKind, Finding, PartyId, Reference};
use kervan_node::{
    Call, CaseFile, Desk, Refusal, accept_carriage, amend_consignment, answer_amendment, state_fact,
};
use serde_json::{Value, json};

/// Who says it, about which consignment, and when.
#[derive(Debug, Args)]
pub(super) struct Act {
    /// Reference of the consignment.
    reference: Reference,
    /// The party that says it, by id; the node keeps its key.
    #[arg(long, value_name = "PARTY")]
    by: PartyId,
    /// The instant; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    #[command(flatten)]
    folder: Folder,
    /// Print what stands afterwards as JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `kervan dossier amend`.
#[derive(Debug, Args)]
pub(super) struct Amend {
    #[command(flatten)]
    act: Act,
    /// Why.
    #[arg(long)]
    reason: String,
    /// A value as in the consignment file, such as /goods/0/gross_mass_kg=7100; may be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE", required = true)]
    set: Vec<String>,
}

/// Arguments of `kervan dossier accept`.
#[derive(Debug, Args)]
pub(super) struct Accept {
    #[command(flatten)]
    act: Act,
    /// Name or number of the document of carriage.
    #[arg(long, value_name = "NAME")]
    document: Option<String>,
    /// Where the goods were taken over.
    #[arg(long, value_name = "PLACE")]
    place: Option<PlaceCode>,
}

/// Arguments of `kervan dossier consent`.
#[derive(Debug, Args)]
pub(super) struct Consent {
    #[command(flatten)]
    act: Act,
    /// The entry that amends, or the beginning of its id; the only one that waits for the party if it is absent.
    #[arg(long, value_name = "ENTRY")]
    entry: Option<String>,
    /// Refuse it.
    #[arg(long, requires = "reason")]
    refuse: bool,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Arguments of `kervan dossier bill`.
#[derive(Debug, Args)]
pub(super) struct Bill {
    #[command(flatten)]
    act: Act,
    #[command(subcommand)]
    what: BillAct,
}

/// What is done with a bill of lading.
#[derive(Debug, Subcommand)]
enum BillAct {
    /// The carrier issues it to its first holder.
    Issue {
        /// Its number.
        #[arg(long)]
        number: String,
        /// To whose order.
        #[arg(long, value_name = "PARTY")]
        to: PartyId,
    },
    /// The holder passes control on.
    Transfer {
        /// The new holder.
        #[arg(long, value_name = "PARTY")]
        to: PartyId,
        /// As a pledge only, such as to a bank.
        #[arg(long)]
        pledge: bool,
    },
    /// The holder gives it up to the carrier: the goods may be delivered.
    Surrender,
    /// The carrier says who holds a bill that was transferred twice.
    Resolve {
        /// The holder from now on.
        #[arg(long, value_name = "PARTY")]
        to: PartyId,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

impl Act {
    /// Does something with the node's desk and shows what stands afterwards.
    fn run(
        &self,
        facts: &Facts,
        what: impl FnOnce(&Desk, Call<'_>, &Reference) -> Result<CaseFile, Refusal>,
    ) -> Result<Outcome, Failure> {
        let desk = super::dossier::open(facts, &self.folder)?;
        let mut salts = Random::System.salts("dossier");
        let now = self.as_of.unwrap_or_else(|| Clock::Wall.now());
        let call = Call { now, actor: self.by.clone(), salts: &mut *salts };
        match what(&desk, call, &self.reference) {
            Ok(case) => {
                self.show(&desk, &case);
                Ok(Outcome::Done)
            }
            Err(Refusal::Invalid(findings)) => Ok(refuse(&findings, self.json)),
            Err(Refusal::Conflict(finding) | Refusal::Changed(finding)) => Ok(refuse(&[*finding], self.json)),
            Err(other) => {
                Err(Failure::new(other.to_string()).remedy("kervan dossier list; kervan party list"))
            }
        }
    }

    fn show(&self, desk: &Desk, case: &CaseFile) {
        let proposals = wire::ProposedAmendment::list(&case.state);
        let issued = wire::IssuedDocument::list(desk.press(), &case.dossier, &case.state);
        let bills = wire::BillView::list(&case.state);
        if self.json {
            output::json(&json!({ "proposals": proposals, "issued": issued, "bills": bills }));
            return;
        }
        for proposal in proposals {
            let waits = proposal.waits_for.join(", ");
            let waits = if waits.is_empty() { waits } else { format!(", waits for {waits}") };
            let entry: String = proposal.entry.chars().take(12).collect();
            output::line(&format!("amendment {entry} ({}): {}{waits}", proposal.reason, proposal.standing));
        }
        for one in issued.iter().filter(|one| one.replaces.is_some() && one.standing == "current") {
            let replaced = one.replaces.as_deref().unwrap_or_default();
            output::line(&format!("{} {} stands in the place of {replaced}", one.title, one.number));
        }
        for bill in bills {
            output::line(&format!("bill {}: {}", bill.number, bill.in_words()));
        }
        output::line(&format!("{} entries", case.dossier.len()));
    }
}

/// Amends a consignment.
pub(super) fn amend(command: &Amend, facts: &Facts) -> Result<Outcome, Failure> {
    let mut changes = Vec::new();
    for text in &command.set {
        let Some((path, value)) = text.split_once('=') else {
            return Err(Failure::new(format!("`{text}` is no PATH=VALUE"))
                .remedy("--set /goods/0/gross_mass_kg=7100"));
        };
        // What is no JSON is a text.
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        changes.push(wire::AmendedValue { path: path.to_owned(), value });
    }
    let amendment = wire::Amendment { reason: command.reason.clone(), changes };
    let wanted = match amendment.read() {
        Ok(wanted) => wanted,
        Err(findings) => return Ok(refuse(&findings, command.act.json)),
    };
    command.act.run(facts, |desk, call, reference| {
        amend_consignment(desk, call, reference, &amendment.reason, &wanted)
    })
}

/// A carrier accepts the goods.
pub(super) fn accept(command: &Accept, facts: &Facts) -> Result<Outcome, Failure> {
    command.act.run(facts, |desk, call, reference| {
        accept_carriage(desk, call, reference, command.document.as_deref(), command.place.clone())
    })
}

/// A carrier answers an amendment.
pub(super) fn consent(command: &Consent, facts: &Facts) -> Result<Outcome, Failure> {
    command.act.run(facts, |desk, call, reference| {
        let entry = match &command.entry {
            Some(entry) => entry.clone(),
            None => find_waiting(&CaseFile::load(desk, reference)?, &command.act.by)?,
        };
        answer_amendment(desk, call, reference, &entry, (!command.refuse, &command.reason))
    })
}

/// The only amendment that waits for a party.
fn find_waiting(case: &CaseFile, party: &PartyId) -> Result<String, Refusal> {
    let party = party.to_string();
    let all = wire::ProposedAmendment::list(&case.state).into_iter();
    let waiting: Vec<String> =
        all.filter(|one| one.waits_for.contains(&party)).map(|one| one.entry).collect();
    match waiting.as_slice() {
        [entry] => Ok(entry.clone()),
        _ => {
            let finding = Finding::error(
                "node.which-amendment",
                format!("{} amendments wait for {party}", waiting.len()),
            );
            let remedy = if waiting.is_empty() {
                "nothing is to be answered".to_owned()
            } else {
                format!("name one with --entry: {}", waiting.join(", "))
            };
            Err(Refusal::Invalid(vec![finding.remedy(remedy)]))
        }
    }
}

/// A bill of lading is issued, passed on or given up.
pub(super) fn bill(command: &Bill, facts: &Facts) -> Result<Outcome, Failure> {
    command.act.run(facts, |desk, call, reference| {
        let case = CaseFile::load(desk, reference)?;
        let open = |(_, bill): &(_, &BillState)| bill.standing != BillStanding::Surrendered;
        let bills = &case.state.bills;
        let out = bills.iter().find(open).or_else(|| bills.iter().next_back());
        let out = out.map(|(entry, _)| entry.to_string());
        let none = || {
            let finding = Finding::error("node.no-bill", "no bill of lading was issued for this consignment");
            Refusal::Invalid(vec![
                finding.remedy("kervan dossier bill REF --by CARRIER issue --number N --to PARTY"),
            ])
        };
        let (kind, body) = match &command.what {
            BillAct::Issue { number, to } => {
                (EntryKind::BillIssued, json!({ "number": number, "holder": to }))
            }
            BillAct::Transfer { to, pledge } => (
                EntryKind::BillTransferred,
                json!({ "bill": out.ok_or_else(none)?, "to": to, "pledge": pledge }),
            ),
            BillAct::Surrender => (EntryKind::BillSurrendered, json!({ "bill": out.ok_or_else(none)? })),
            BillAct::Resolve { to, reason } => (
                EntryKind::BillResolved,
                json!({ "bill": out.ok_or_else(none)?, "holder": to, "reason": reason }),
            ),
        };
        state_fact(desk, call, reference, kind.word(), None, &body)
    })
}
