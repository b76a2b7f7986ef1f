//! Who somebody is here whom a provider knows: rules, as data.

use super::{Claims, OidcFault};
use crate::limits::MOST_MAPPINGS;
use crate::person::{Duty, Link, Person, PersonName};
use jiff::Timestamp;
use kervan_model::{Finding, PartyId};
use serde::Deserialize;

/// One rule: whoever has this claim is a person of this party.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The claim that is looked at, such as `groups` or `realm_access.roles`.
    pub claim: String,
    /// The value that it must have, or hold.
    pub value: String,
    /// The party that the person then acts for; none for people of the node.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// What the person is here for.
    #[serde(default = "member")]
    pub duty: Duty,
    /// The offices of an officer.
    #[serde(default)]
    pub offices: Vec<String>,
    /// The claim whose text is the id at the party: an employee's number.
    #[serde(default = "preferred")]
    pub id: String,
}

fn member() -> Duty {
    Duty::Member
}

fn preferred() -> String {
    "preferred_username".to_owned()
}

/// The rules of a provider, in their order: the first that fits counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mappings(Vec<Mapping>);

impl Mappings {
    /// Takes rules.
    ///
    /// Errors: `identity.mapping` for each that contradicts itself, or if there are too many.
    pub fn new(rules: Vec<Mapping>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        if rules.len() > MOST_MAPPINGS {
            findings.push(Finding::error(
                "identity.mapping",
                format!("there are more than {MOST_MAPPINGS} rules"),
            ));
        }
        for (number, rule) in rules.iter().enumerate() {
            let fault = if rule.claim.is_empty() || rule.value.is_empty() || rule.id.is_empty() {
                "claim, value and id must say something"
            } else if rule.party.is_some() != (rule.duty == Duty::Member) {
                "a member needs a party; an operator or auditor has none"
            } else {
                continue;
            };
            findings.push(Finding::error("identity.mapping", fault).at(format!("/{number}")));
        }
        if findings.is_empty() { Ok(Self(rules)) } else { Err(findings) }
    }

    /// The person that claims describe. Those who are linked already are found by their link and not by this.
    ///
    /// Errors: [`OidcFault::Nobody`] if no rule fits, or the claims do not say enough.
    pub fn describe(&self, claims: &Claims, now: Timestamp) -> Result<Person, OidcFault> {
        let fits = |rule: &&Mapping| claims.texts(&rule.claim).contains(&rule.value.as_str());
        let rule = self.0.iter().find(fits).ok_or(OidcFault::Nobody)?;
        let id = claims.texts(&rule.id).first().copied().ok_or(OidcFault::Nobody)?;
        let name = PersonName::new(id, rule.party.clone()).map_err(|_| OidcFault::Nobody)?;
        let called =
            claims.texts("name").first().copied().filter(|text| !text.trim().is_empty()).unwrap_or(id);
        let called: String =
            called.chars().filter(|c| !c.is_control()).take(crate::limits::LONGEST_NAME).collect();
        let mut person = Person::new(name, &called, rule.duty, now).map_err(|_| OidcFault::Nobody)?;
        person.offices.clone_from(&rule.offices);
        person.links =
            vec![Link { issuer: claims.issuer.clone(), subject: claims.subject.clone(), by_rule: true }];
        Ok(person)
    }
}
