//! `kervan people`: who may sign in to a node, for which party and as what.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::{key_of, open_node};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use kervan_identity::{Duty, KeyOwner, Link, PasswordCost, PasswordHash, Person, PersonName, Scope, Secret};
use kervan_model::Finding;
use kervan_node::{
    Attempt, Desk, Refusal, Spare, add_key, add_person, end_person, link_person, set_password,
};
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// Who acts when a command does, in the audit log: whoever may use the data folder.
pub const AT_THE_MACHINE: &str = "command line";

/// Register people, and what they sign in with.
#[derive(Debug, Subcommand)]
pub(super) enum PeopleCommand {
    /// Register a person of a party, such as an officer of an administration, or who runs or audits the node.
    #[command(after_help = "Examples:
  kervan people add 4711@customs-ge --called 'N. Beridze'
  kervan people add 4711@customs-ge --called 'N. Beridze' --office GE000001 --key
  kervan people add aygul --called 'Aygul S.' --duty operator

The id before the @ stands in what an officer signs; what they are called stands in no entry. Give them a password with
kervan people password, or a key for programs with --key. Stop the server of the same folder first.")]
    Add {
        /// The name with which they sign in: ID@PARTY, or ID for who runs or audits the node.
        #[arg(value_parser = read_name)]
        name: PersonName,
        /// What colleagues call them.
        #[arg(long)]
        called: String,
        /// What they are here for.
        #[arg(long, value_enum, default_value = "member")]
        duty: DutyWord,
        /// The reference number of an office that an officer is bound to; may be given several times. None: every office.
        #[arg(long, value_name = "OFFICE")]
        office: Vec<String>,
        /// Make a key of the API for them as well and print its token. It is shown once and kept only as a hash.
        #[arg(long)]
        key: bool,
        /// Folder of the store; made if it is missing.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// List the people.
    #[command(after_help = "Examples:\n  kervan people list\n  kervan people list --party customs-ge --json")]
    List {
        /// Those of this party only.
        #[arg(long)]
        party: Option<kervan_model::PartyId>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// End what a person may do: their password, keys and sessions are worth nothing; what they signed stays.
    #[command(after_help = "Example:\n  kervan people disable 4711@customs-ge")]
    Disable {
        /// The person.
        #[arg(value_parser = read_name)]
        name: PersonName,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Give a person a password; their sessions end.
    #[command(after_help = "Examples:
  kervan people password 4711@customs-ge --file password.txt
  pass show kervan/4711 | kervan people password 4711@customs-ge

The password is the first line of the file, or of standard input. It needs 15 characters; what kinds is free.")]
    Password {
        /// The person.
        #[arg(value_parser = read_name)]
        name: PersonName,
        /// The file; standard input without it.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Say who a person is at a provider of OpenID Connect, so that they may sign in there.
    #[command(after_help = "Example:
  kervan people link 4711@customs-ge --issuer https://login.customs.example --subject 248289761001")]
    Link {
        /// The person.
        #[arg(value_parser = read_name)]
        name: PersonName,
        /// The provider, as the configuration names it.
        #[arg(long)]
        issuer: String,
        /// The subject (`sub`) there.
        #[arg(long)]
        subject: String,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// A duty, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DutyWord {
    /// Acts for a party.
    Member,
    /// Runs the node.
    Operator,
    /// Audits the node.
    Auditor,
}

impl From<DutyWord> for Duty {
    fn from(word: DutyWord) -> Self {
        match word {
            DutyWord::Member => Self::Member,
            DutyWord::Operator => Self::Operator,
            DutyWord::Auditor => Self::Auditor,
        }
    }
}

/// Reads the name of a person.
pub(super) fn read_name(text: &str) -> Result<PersonName, String> {
    text.parse().map_err(|finding: Finding| finding.message)
}

/// A finding about what was given, as a failure.
pub(super) fn wrong(finding: Finding) -> Failure {
    let failure = Failure::new(finding.message);
    match finding.remedy {
        Some(remedy) => failure.remedy(remedy),
        None => failure,
    }
}

/// A refusal, as a failure.
pub(super) fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotFound { what: "person", .. } => {
            Failure::new(refusal.to_string()).remedy("kervan people list")
        }
        Refusal::NotFound { what: "party or person", .. } => Failure::new(refusal.to_string())
            .remedy("kervan party list, or kervan people list; kervan party add registers one"),
        Refusal::Conflict(finding) => wrong(*finding),
        refusal => Failure::new(refusal.to_string()),
    }
}

fn desk_of(facts: &Facts, data: &Path) -> Result<Desk, Failure> {
    Ok(open_node(facts, data)?.desk)
}

/// Runs the command.
pub(super) fn run(command: PeopleCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let by = Attempt { by: AT_THE_MACHINE, now: Clock::Wall.now() };
    match command {
        PeopleCommand::Add { name, called, duty, office, key, data } => {
            let person = Person::new(name, &called, duty.into(), by.now).map_err(wrong)?;
            let person = person.at_offices(office).map_err(wrong)?;
            let desk = desk_of(facts, &data)?;
            add_person(&desk, &by, person.clone()).map_err(refused)?;
            if key {
                let owner = KeyOwner::Person(person.name.clone());
                let (key, token) =
                    key_of(Random::System, owner, "key of the registration", Scope::All, (by.now, None))
                        .map_err(wrong)?;
                add_key(&desk, &by, key).map_err(refused)?;
                output::line(&format!("token: {}", token.reveal()));
            } else {
                output::line(&format!("{} is registered", person.name));
                output::next(&format!("people password {}", person.name), &data, "");
            }
        }
        PeopleCommand::List { party, json, data } => list(&desk_of(facts, &data)?, party.as_ref(), json),
        PeopleCommand::Disable { name, data } => {
            end_person(&desk_of(facts, &data)?, &by, &name, Spare::Nobody).map_err(refused)?;
            output::line(&format!("{name} can sign in no more; keys and sessions have ended"));
        }
        PeopleCommand::Password { name, file, data } => {
            let password = read_password(file.as_deref())?;
            let salt = Random::System.salts("password")();
            let hash = PasswordHash::make(&password, &name, salt, PasswordCost::TODAY).map_err(wrong)?;
            set_password(&desk_of(facts, &data)?, &by, &name, hash, None).map_err(refused)?;
            output::line(&format!("{name} has a new password"));
        }
        PeopleCommand::Link { name, issuer, subject, data } => {
            let link = Link::of_operator(&issuer, &subject).map_err(wrong)?;
            link_person(&desk_of(facts, &data)?, &by, &name, link).map_err(refused)?;
            output::line(&format!("{name} may sign in there"));
        }
    }
    Ok(Outcome::Done)
}

fn list(desk: &Desk, party: Option<&kervan_model::PartyId>, json: bool) {
    let people: Vec<Person> = desk.with_registry(|registry| {
        let all = registry.people().list();
        all.filter(|one| party.is_none() || one.name.party() == party).cloned().collect()
    });
    let shown = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    if json {
        let line = |one: &Person| {
            serde_json::json!({
                "name": one.name, "called": one.called, "duty": one.duty, "offices": one.offices, "since": one.since,
                "ended": one.ended, "password": one.password.is_some(), "linked": one.links.len(),
            })
        };
        return output::json(&people.iter().map(line).collect::<Vec<_>>());
    }
    let mut table = output::table(&["name", "called", "duty", "offices", "signs in with", "since", "until"]);
    for one in people {
        let ways = [(one.password.is_some(), "password"), (!one.links.is_empty(), "provider")];
        let ways: Vec<&str> = ways.iter().filter(|(there, _)| *there).map(|(_, way)| *way).collect();
        table.add_row([
            one.name.to_string(),
            one.called.clone(),
            one.duty.word().to_owned(),
            one.offices.join(", "),
            ways.join(", "),
            one.since.to_string(),
            shown(one.ended),
        ]);
    }
    output::line(&table.to_string());
}

/// The first line of a file, or of standard input.
fn read_password(file: Option<&Path>) -> Result<Secret, Failure> {
    let text = match file {
        Some(file) => String::from_utf8(super::dossier_file::read_bytes(file)?)
            .map_err(|_| Failure::new(format!("{} is no text", file.display())))?,
        None => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_line(&mut text);
            read.map_err(|error| {
                Failure::new(format!(
                    "standard input cannot be read: {}",
                    kervan_model::in_plain_words(&error)
                ))
            })?;
            text
        }
    };
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}
