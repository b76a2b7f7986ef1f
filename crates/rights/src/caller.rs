//! Who asks.

use kervan_model::{PartyId, Role, TerritoryId};

/// As what somebody asks. Everybody but a visitor has shown who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nobody knows who it is.
    Visitor,
    /// A party's own system, by a key of the party.
    Party,
    /// A person of a party.
    Person,
    /// An officer of a customs administration.
    Officer,
    /// Who runs the node.
    Operator,
    /// Who audits the node.
    Auditor,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: [Self; 6] =
        [Self::Visitor, Self::Party, Self::Person, Self::Officer, Self::Operator, Self::Auditor];

    /// The word in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Party => "party",
            Self::Person => "person",
            Self::Officer => "officer",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }

    /// Whether it acts for a party, so that it is in `Kervan::Standing::"member"` as well.
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Party | Self::Person | Self::Officer)
    }
}

/// Who asks, as far as policies may know it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// As what.
    pub standing: Standing,
    /// For which party.
    pub party: Option<PartyId>,
    /// In which roles, ascending.
    pub roles: Vec<Role>,
    /// The customs territory of an administration.
    pub territory: Option<TerritoryId>,
    /// The offices that an officer is bound to, by reference number, ascending; none binds to no office.
    pub offices: Vec<String>,
}

impl Caller {
    /// Somebody whom nobody knows.
    pub const fn visitor() -> Self {
        Self::bare(Standing::Visitor)
    }

    /// Somebody who acts for no party.
    pub const fn bare(standing: Standing) -> Self {
        Self { standing, party: None, roles: Vec::new(), territory: None, offices: Vec::new() }
    }

    /// A party's own system.
    pub fn party(party: PartyId, mut roles: Vec<Role>, territory: Option<TerritoryId>) -> Self {
        roles.sort();
        roles.dedup();
        Self { standing: Standing::Party, party: Some(party), roles, territory, offices: Vec::new() }
    }

    /// The same party by somebody of it.
    #[must_use]
    pub fn as_standing(self, standing: Standing) -> Self {
        Self { standing, ..self }
    }

    /// Bound to offices.
    #[must_use]
    pub fn at_offices(mut self, mut offices: Vec<String>) -> Self {
        offices.sort();
        offices.dedup();
        self.offices = offices;
        self
    }
}
