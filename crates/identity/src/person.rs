//! People: somebody who acts for a party, or for the node itself.

use crate::limits::{LONGEST_LINKED, LONGEST_NAME, LONGEST_OFFICE, MOST_OFFICES};
use crate::password::PasswordHash;
use jiff::Timestamp;
use kervan_model::{Finding, PartyId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The name with which a person signs in: an id, and the party that they act for.
///
/// Shape: `4711@customs-ge`, or the id alone for who runs or audits the node. The id stands in what an officer signs. Somebody who
/// acts for two parties is two people here, because what they may do and sign differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonName {
    party: Option<PartyId>,
    id: String,
}

impl PersonName {
    /// A person of a party, or of the node.
    ///
    /// Errors: `identity.name` if the id is empty, too long or holds other characters than letters, digits, `-`, `_` and `.`.
    pub fn new(id: &str, party: Option<PartyId>) -> Result<Self, Finding> {
        let id = id.trim();
        let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if id.is_empty() || id.chars().count() > LONGEST_NAME || !id.chars().all(good) {
            let text =
                format!("the id of a person needs 1 to {LONGEST_NAME} letters, digits, `-`, `_` or `.`");
            return Err(Finding::error("identity.name", text).at("/id").remedy("such as 4711 or n.beridze"));
        }
        Ok(Self { party, id: id.to_owned() })
    }

    /// The id at the party; it stands in signed entries.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The party; none for people of the node.
    pub fn party(&self) -> Option<&PartyId> {
        self.party.as_ref()
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.party {
            Some(party) => write!(f, "{}@{party}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

impl FromStr for PersonName {
    type Err = Finding;

    fn from_str(text: &str) -> Result<Self, Finding> {
        match text.trim().rsplit_once('@') {
            None => Self::new(text, None),
            Some((id, party)) => {
                let party = party.parse().map_err(|_| {
                    let finding =
                        Finding::error("identity.name", "what stands behind the @ is no id of a party");
                    finding.at("/name").remedy("such as 4711@customs-ge")
                })?;
                Self::new(id, Some(party))
            }
        }
    }
}

impl Serialize for PersonName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PersonName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|finding: Finding| de::Error::custom(finding.message))
    }
}

/// What a person is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Acts for a party; at a customs administration an officer.
    Member,
    /// Runs the node.
    Operator,
    /// Audits the node.
    Auditor,
}

impl Duty {
    /// Every duty, in order.
    pub const ALL: [Self; 3] = [Self::Member, Self::Operator, Self::Auditor];

    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }
}

/// A person as they are registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name with which they sign in.
    pub name: PersonName,
    /// What colleagues call them; it stands in no entry.
    pub called: String,
    /// What they are here for.
    pub duty: Duty,
    /// The offices that an officer is bound to, by reference number; none for every office of the territory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offices: Vec<String>,
    /// Since when.
    pub since: Timestamp,
    /// Since when no more. What they signed stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// What stands for their password; none for who signs in elsewhere, or by a key only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordHash>,
    /// Who they are at providers of OpenID Connect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// Who somebody is at a provider of OpenID Connect: the pair that it promises never to give to anybody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The provider (`iss`).
    pub issuer: String,
    /// The subject there (`sub`).
    pub subject: String,
    /// Whether a rule about claims made the link, and not an operator: then it lasts only as long as a rule fits.
    #[serde(default)]
    pub by_rule: bool,
}

impl Link {
    /// A link that an operator makes; it lasts until the person has left.
    ///
    /// Errors: `identity.link` if the provider is no https address, or the subject is empty, too long or not visible.
    pub fn of_operator(issuer: &str, subject: &str) -> Result<Self, Finding> {
        let visible = |text: &str| {
            (1..=LONGEST_LINKED).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !issuer.starts_with("https://") || !visible(issuer) || !visible(subject) {
            let text = format!(
                "an account at a provider is its https address and a subject of 1 to {LONGEST_LINKED} visible characters"
            );
            let place =
                if issuer.starts_with("https://") && visible(issuer) { "/subject" } else { "/issuer" };
            let finding = Finding::error("identity.link", text).at(place);
            return Err(finding.remedy("as the provider shows them: iss and sub"));
        }
        Ok(Self { issuer: issuer.to_owned(), subject: subject.to_owned(), by_rule: false })
    }

    /// Whether it is the same account, whoever made the link.
    pub fn is_of(&self, issuer: &str, subject: &str) -> bool {
        self.issuer == issuer && self.subject == subject
    }
}

impl Person {
    /// Somebody who acts for a party, or has a duty at the node.
    ///
    /// Errors: `identity.name` if what colleagues call them is empty or too long; `identity.duty` if a member has no party, or who
    /// runs or audits the node has one.
    pub fn new(name: PersonName, called: &str, duty: Duty, since: Timestamp) -> Result<Self, Finding> {
        let called = called.trim();
        let unprintable = called.chars().any(char::is_control);
        if called.is_empty() || called.chars().count() > LONGEST_NAME || unprintable {
            let text = format!("what a person is called needs 1 to {LONGEST_NAME} characters");
            return Err(Finding::error("identity.name", text).at("/called").remedy("such as N. Beridze"));
        }
        if name.party().is_some() != (duty == Duty::Member) {
            let text = "who acts for a party is a member of it; who runs or audits the node acts for none";
            return Err(Finding::error("identity.duty", text)
                .at("/duty")
                .remedy("4711@customs-ge, or aygul --duty operator"));
        }
        let (offices, links) = (Vec::new(), Vec::new());
        Ok(Self { name, called: called.to_owned(), duty, offices, since, ended: None, password: None, links })
    }

    /// Bound to offices, by reference number.
    ///
    /// Errors: `identity.office` if there are too many, or one cannot be a reference number.
    pub fn at_offices(mut self, offices: Vec<String>) -> Result<Self, Finding> {
        let good = |office: &String| {
            (1..=LONGEST_OFFICE).contains(&office.len()) && office.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if offices.len() > MOST_OFFICES || !offices.iter().all(good) {
            let text = format!(
                "an officer is bound to at most {MOST_OFFICES} offices, each by its reference number"
            );
            let finding = Finding::error("identity.office", text).at("/offices");
            return Err(finding.remedy("such as GE000001; none binds to every office of the territory"));
        }
        self.offices = offices;
        Ok(self)
    }

    /// Whether they may sign in at all.
    pub fn is_active(&self) -> bool {
        self.ended.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        let long = "x".repeat(LONGEST_NAME + 1);
        let cases: &[(&str, Option<&str>)] = &[
            ("4711@customs-ge", Some("4711@customs-ge")),
            (" aygul ", Some("aygul")),
            ("n.beridze@customs-ge", Some("n.beridze@customs-ge")),
            ("Нино@customs-ge", Some("Нино@customs-ge")),
            ("", None),
            ("@customs-ge", None),
            ("a@", None),
            ("a b@customs-ge", None),
            ("a@b@customs-ge", None),
            ("<b>@customs-ge", None),
            (&long, None),
        ];
        for (text, expected) in cases {
            let name = text.parse::<PersonName>().ok().map(|name| name.to_string());
            assert_eq!(name.as_deref(), *expected, "{text}");
        }
    }

    #[test]
    fn an_account_at_a_provider_is_an_address_and_a_subject() {
        let long = "x".repeat(LONGEST_LINKED + 1);
        let at = "https://login.example";
        for (issuer, subject, place) in [
            (at, "248289761001", None),
            (at, "", Some("/subject")),
            (at, "a b", Some("/subject")),
            (at, long.as_str(), Some("/subject")),
            ("http://login.example", "1", Some("/issuer")),
            ("", "1", Some("/issuer")),
        ] {
            let made = Link::of_operator(issuer, subject);
            assert_eq!(
                made.err().and_then(|finding| finding.path),
                place.map(str::to_owned),
                "{issuer} {subject}"
            );
        }
    }

    #[test]
    fn a_duty_goes_with_a_party_or_without() {
        let cases = [
            ("4711@customs-ge", Duty::Member, true),
            ("4711@customs-ge", Duty::Operator, false),
            ("aygul", Duty::Operator, true),
            ("aygul", Duty::Auditor, true),
            ("aygul", Duty::Member, false),
        ];
        for (name, duty, good) in cases {
            let person = Person::new(name.parse().unwrap(), "A", duty, Timestamp::UNIX_EPOCH);
            assert_eq!(person.is_ok(), good, "{name} {duty:?}");
        }
        let officer = || {
            Person::new("4711@customs-ge".parse().unwrap(), "A", Duty::Member, Timestamp::UNIX_EPOCH).unwrap()
        };
        assert_eq!(officer().at_offices(vec!["GE000001".into()]).unwrap().offices.len(), 1);
        for offices in [vec![String::new()], vec!["GE 1".into()], vec!["GE000001".into(); MOST_OFFICES + 1]] {
            assert_eq!(officer().at_offices(offices).unwrap_err().code, "identity.office");
        }
        for called in ["", " ", "a\nb"] {
            let made = Person::new("aygul".parse().unwrap(), called, Duty::Operator, Timestamp::UNIX_EPOCH);
            assert_eq!(made.unwrap_err().code, "identity.name");
        }
    }
}
