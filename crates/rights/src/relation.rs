//! How a caller stands to a thing: the closed set of facts that policies may ask for.

use std::fmt;

/// One way in which a caller stands to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// The caller's party takes part in the dossier of the consignment.
    Participant,
    /// It declared the consignment and answers for it.
    Declarant,
    /// It takes part as carrier or terminal.
    Carrier,
    /// It takes part as consignor, consignee or bank: a party to the sale.
    Trader,
    /// The thing lies within the customs territory of the caller.
    Territory,
    /// And at one of the offices at which the officer is; for whoever is bound to no office, as `Territory`.
    Office,
    /// The thing is the caller's own: it sent the message, holds the guarantee, mounted the device, captured the event.
    Owner,
    /// The body is addressed to the caller's party, or to every participant.
    Audience,
    /// The node itself is asked from its own machine, or from an address that its configuration lists (`metrics.from`).
    Listed,
}

impl Relation {
    /// Every relation, in order.
    pub const ALL: [Self; 9] = [
        Self::Participant,
        Self::Declarant,
        Self::Carrier,
        Self::Trader,
        Self::Territory,
        Self::Office,
        Self::Owner,
        Self::Audience,
        Self::Listed,
    ];

    /// The name of the attribute of the context in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Declarant => "declarant",
            Self::Carrier => "carrier",
            Self::Trader => "trader",
            Self::Territory => "territory",
            Self::Office => "office",
            Self::Owner => "owner",
            Self::Audience => "audience",
            Self::Listed => "listed",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of relations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relations(u16);

impl Relations {
    /// No relation: a stranger.
    pub const NONE: Self = Self(0);

    /// The set of these.
    pub fn of(relations: &[Relation]) -> Self {
        relations.iter().fold(Self::NONE, |set, relation| set.with(*relation))
    }

    /// The set and one more.
    #[must_use]
    pub const fn with(self, relation: Relation) -> Self {
        Self(self.0 | relation.bit())
    }

    /// The set and another.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without one.
    #[must_use]
    pub const fn without(self, relation: Relation) -> Self {
        Self(self.0 & !relation.bit())
    }

    /// Whether it holds a relation.
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & relation.bit() != 0
    }

    /// The set as a number, to be stored. Invariant: [`Relations::from_bits`] gives the same set.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set of a stored number; bits without a meaning are left out.
    pub fn from_bits(bits: u16) -> Self {
        let known = Relation::ALL.into_iter().filter(|relation| bits & relation.bit() != 0);
        known.fold(Self::NONE, Self::with)
    }

    /// The set of words parted by blanks. Errors: the word that is no relation.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split_whitespace().try_fold(Self::NONE, |set, word| {
            let found = Relation::ALL.into_iter().find(|relation| relation.word() == word);
            found.map(|relation| set.with(relation)).ok_or_else(|| word.to_owned())
        })
    }
}

impl fmt::Display for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Relation::ALL.into_iter().filter(|relation| self.has(*relation)).map(Relation::word);
        f.write_str(&words.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_comes_back_from_its_number_and_its_words() {
        for bits in 0..(1 << Relation::ALL.len()) {
            let set = Relations::from_bits(bits);
            assert_eq!(set.bits(), bits);
            assert_eq!(Relations::parse(&set.to_string()), Ok(set));
        }
        assert_eq!(Relations::from_bits(u16::MAX).bits().count_ones(), 9);
        let both = Relations::of(&[Relation::Owner, Relation::Listed]);
        assert_eq!(both.without(Relation::Listed), Relations::of(&[Relation::Owner]));
        assert_eq!(Relations::parse("owner friend"), Err("friend".to_owned()));
    }
}
