//! `kervan guarantee` and `kervan deadlines`: accounts and the clock of a stopped node.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::random::Random;
use crate::setup::open_node;
use crate::ticker::run_clock;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use kervan_codes::Grn;
use kervan_model::{Finding, PartyId};
use kervan_node::{Call, Refusal, find_guarantee, list_guarantees, open_guarantee};
use std::path::PathBuf;

/// Look at guarantee accounts and open them.
#[derive(Debug, Subcommand)]
pub(super) enum GuaranteeCommand {
    /// List the accounts with what is reserved and free.
    #[command(after_help = "Example:
  kervan guarantee list --holder silkline")]
    List {
        /// Only those of this party.
        #[arg(long, value_name = "PARTY")]
        holder: Option<PartyId>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Show an account with its history.
    #[command(after_help = "Example:
  kervan guarantee show 26KZ0000000000015")]
    Show {
        /// Guarantee reference number.
        grn: Grn,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Open an account in the name of an office of guarantee, or change the registration of one.
    #[command(after_help = "Example:
  kervan guarantee open 26KZ0000000000015 --holder silkline --office customs-eaeu --guarantor 'Steppe Insurance' \\
    --reference 400000.00 --currency USD --regime eaeu-transit --valid-from 2026-12-01

Stop the server of the same folder first, or send the same to POST /api/guarantees.")]
    Open(Box<OpenCommand>),
}

/// What an account is opened with.
#[derive(Debug, Args)]
pub(super) struct OpenCommand {
    /// Guarantee reference number.
    grn: String,
    /// Who may use it, by party id.
    #[arg(long)]
    holder: String,
    /// The customs administration that accepts it, by party id.
    #[arg(long, value_name = "PARTY")]
    office: PartyId,
    /// Who answers for the debt.
    #[arg(long)]
    guarantor: String,
    /// Reference amount, decimal.
    #[arg(long, value_name = "AMOUNT")]
    reference: String,
    /// Currency of the reference amount.
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    currency: String,
    /// A regime under which it may be used; may be given several times.
    #[arg(long = "regime", value_name = "REGIME", required = true)]
    regimes: Vec<String>,
    /// comprehensive, individual, voucher or tir.
    #[arg(long, default_value = "comprehensive")]
    kind: String,
    /// First day on which it may be used.
    #[arg(long, value_name = "DAY")]
    valid_from: String,
    /// Last day.
    #[arg(long, value_name = "DAY")]
    valid_until: Option<String>,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Do what is due by now: lodge declarations, let deadlines pass, try guarantees again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan deadlines
  kervan deadlines --as-of 2027-01-31T00:00Z --json

A node that serves does this by itself every half minute. Exit code 1 if a deadline has passed.")]
pub(super) struct DeadlinesCommand {
    /// The instant; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

fn failed(error: &Refusal) -> Failure {
    Failure::new(error.to_string())
}

/// Runs a command on guarantees.
pub(super) fn run(command: GuaranteeCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        GuaranteeCommand::List { holder, json, data } => {
            let desk = open_node(facts, &data)?.desk;
            let accounts = list_guarantees(&desk, holder.as_ref()).map_err(|error| failed(&error))?;
            let accounts: Vec<_> = accounts.iter().map(wire::Guarantee::from).collect();
            if json {
                output::json(&accounts);
                return Ok(Outcome::Done);
            }
            let mut table = output::table(&[
                "grn",
                "holder",
                "guarantor",
                "regimes",
                "reference",
                "reserved",
                "free",
                "status",
            ]);
            for account in &accounts {
                let money = |money: &wire::Money| format!("{} {}", money.amount, money.currency);
                table.add_row([
                    account.grn.clone(),
                    account.holder.clone(),
                    account.guarantor.clone(),
                    account.regimes.join(", "),
                    money(&account.reference),
                    money(&account.reserved),
                    money(&account.free),
                    account.status.to_owned(),
                ]);
            }
            output::line(&table.to_string());
        }
        GuaranteeCommand::Show { grn, json, data } => {
            let desk = open_node(facts, &data)?.desk;
            show(
                &wire::GuaranteeDetail::from(&find_guarantee(&desk, &grn).map_err(|error| failed(&error))?),
                json,
            );
        }
        GuaranteeCommand::Open(command) => return open(*command, facts),
    }
    Ok(Outcome::Done)
}

fn open(command: OpenCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let request = wire::OpenGuarantee {
        grn: command.grn,
        kind: command.kind,
        holder: command.holder,
        guarantor: command.guarantor,
        regimes: command.regimes,
        reference: command.reference,
        currency: command.currency,
        valid_from: command.valid_from,
        valid_until: command.valid_until,
        why: None,
    };
    let account = match request.read() {
        Ok(account) => account,
        Err(findings) => return Ok(refuse(&findings)),
    };
    let mut salts = Random::System.salts("guarantee");
    let call = Call { now: Clock::Wall.now(), actor: command.office, salts: &mut *salts };
    match open_guarantee(&desk, &call, &account, "accepted by the office of guarantee") {
        Ok(file) => {
            show(&wire::GuaranteeDetail::from(&file), false);
            Ok(Outcome::Done)
        }
        Err(Refusal::Invalid(findings)) => Ok(refuse(&findings)),
        Err(other) => Err(failed(&other)),
    }
}

fn refuse(findings: &[Finding]) -> Outcome {
    output::findings(findings);
    Outcome::FoundErrors
}

fn show(detail: &wire::GuaranteeDetail, json: bool) {
    if json {
        output::json(detail);
        return;
    }
    let account = &detail.guarantee;
    output::line(&format!(
        "{} {} of {}, guaranteed by {}, {}; reference {} {}, reserved {}, free {}; valid from {}{}; for {}",
        account.grn,
        account.kind,
        account.holder,
        account.guarantor,
        account.status,
        account.reference.amount,
        account.reference.currency,
        account.reserved.amount,
        account.free.amount,
        account.valid_from,
        account.valid_until.as_ref().map_or_else(String::new, |day| format!(" until {day}")),
        account.regimes.join(", ")
    ));
    let mut table = output::table(&["at", "act", "movement", "amount", "reserved", "who", "why"]);
    for step in &detail.history {
        table.add_row([
            step.at.clone(),
            step.act.clone(),
            step.movement.clone().unwrap_or_default(),
            step.amount.amount.clone(),
            step.reserved.amount.clone(),
            step.actor.clone(),
            step.why.clone(),
        ]);
    }
    output::line(&table.to_string());
}

/// Runs the clock once.
pub(super) fn run_deadlines(command: &DeadlinesCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let now = command.as_of.unwrap_or_else(|| Clock::Wall.now());
    let events = run_clock(&desk, Random::System, now);
    if command.json {
        output::json(&events);
    } else {
        for event in &events {
            output::line(&format!("{}: {}", event.movement, event.finding.message));
        }
        output::line(&format!("{} things were due by {now}", events.len()));
    }
    let passed = events.iter().any(|event| event.finding.code.starts_with("customs.deadline."));
    Ok(if passed { Outcome::FoundErrors } else { Outcome::Done })
}
