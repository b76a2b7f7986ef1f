//! What one document says, each fact with the place where it says it.

use jiff::civil::Date;
use kervan_codes::{ContainerNumber, CountryCode, DocumentType, HsCode, Incoterm, SizeType};
use kervan_model::{ChargeKind, DateKind, PartyRole, Settlement};
use kervan_units::{Mass, Money};
use serde::Serialize;
use std::fmt;

/// What one document says. The consignment itself is the first statement of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the document is called in a sentence: `commercial invoice INV-7 of 2026-11-20`.
    pub document: String,
    /// Its type; none for the consignment, the itinerary and events.
    pub type_code: Option<DocumentType>,
    /// The day from which on what it says of seals holds: its issue, or the day of the event.
    pub day: Option<Date>,
    /// Whether it speaks of a part of the goods only, or of some of the seals, so that nothing follows from what it leaves out.
    pub is_partial: bool,
    /// Whether it is an event of the journey: events follow each other in the order in which they are given.
    pub is_event: bool,
    /// Its facts.
    pub facts: Vec<Said>,
}

/// One fact and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where. Shape: JSON pointer, beginning with the document's own.
    pub path: String,
    /// What.
    pub fact: StatedFact,
}

/// A fact that two documents may both state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatedFact {
    /// Gross mass of all goods.
    GrossMass(Mass),
    /// Net mass of all goods.
    NetMass(Mass),
    /// Number of all packages.
    Packages(u64),
    /// Price of one line.
    Amount(Money),
    /// Price of all goods.
    Total(Money),
    /// A container of the consignment.
    Container(ContainerNumber),
    /// A wagon, by its digits.
    Wagon(String),
    /// Size and type of a container.
    SizeType(ContainerNumber, SizeType),
    /// A container's own mass.
    Tare(ContainerNumber, Mass),
    /// Mass of the goods in a container.
    Load(ContainerNumber, Mass),
    /// Verified gross mass of a packed container. Source: SOLAS VI/2.
    VerifiedMass(ContainerNumber, Mass),
    /// A seal, on a container if the document says on which.
    Seal(Option<ContainerNumber>, String),
    /// A seal that was taken off or broken, with a reason to know of it.
    SealRemoved(Option<ContainerNumber>, String),
    /// A container was seen without any seal.
    Unsealed(ContainerNumber),
    /// The commodity code of a goods item.
    Commodity(HsCode),
    /// The description of a goods item beside its commodity code.
    Described(HsCode, String),
    /// A country of origin.
    Origin(CountryCode),
    /// Terms of delivery.
    Term(Incoterm),
    /// A charge: what for, who pays and when.
    Charge {
        /// What is paid for.
        kind: ChargeKind,
        /// Who pays.
        payer: PartyRole,
        /// When.
        settlement: Settlement,
        /// Whether its section is one end of the way only, which a named place may part from the main carriage.
        one_end: bool,
    },
    /// The name of a party, in every writing that the document gives.
    Name(PartyRole, Vec<String>),
    /// A day.
    Day(DateKind, Date),
    /// A vessel.
    Vessel(String),
    /// Dangerous goods: UN number, class, packing group; the last two as far as they are said.
    Dangerous(u16, Option<String>, Option<String>),
    /// How many pages the document says that it has.
    Pages(u32),
    /// How many pages are at hand.
    PagesAtHand(u32),
    /// The document's own number.
    Number(DocumentType, String),
    /// The number of another document.
    Reference(DocumentType, String),
}

impl Statement {
    /// An empty statement of a document.
    pub fn new(document: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            type_code: None,
            day: None,
            is_partial: false,
            is_event: false,
            facts: Vec::new(),
        }
    }

    /// Adds a fact.
    pub fn say(&mut self, path: impl Into<String>, fact: StatedFact) {
        self.facts.push(Said { path: path.into(), fact });
    }

    /// The facts that a picker takes, each with its place.
    pub(super) fn pick<'a, T: 'a>(
        &'a self,
        picker: impl Fn(&'a StatedFact) -> Option<T> + 'a,
    ) -> impl Iterator<Item = (&'a Said, T)> + 'a {
        self.facts.iter().filter_map(move |said| Some((said, picker(&said.fact)?)))
    }

    /// The place of a fact.
    pub(super) fn place(&self, said: &Said) -> Place {
        Place { document: self.document.clone(), path: said.path.clone(), value: said.fact.to_string() }
    }
}

impl StatedFact {
    /// Whether it is a figure of all goods, which a document of a part of them gives for its part.
    pub(super) const fn is_of_all_goods(&self) -> bool {
        matches!(
            self,
            Self::GrossMass(_) | Self::NetMass(_) | Self::Packages(_) | Self::Total(_) | Self::Amount(_)
        )
    }
}

/// One side of an inconsistency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// What the document is called in a sentence.
    pub document: String,
    /// Where in it. Shape: JSON pointer.
    pub path: String,
    /// What it says there.
    pub value: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in the {} ({})", self.value, self.document, self.path)
    }
}

impl fmt::Display for StatedFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GrossMass(mass)
            | Self::NetMass(mass)
            | Self::Tare(_, mass)
            | Self::Load(_, mass)
            | Self::VerifiedMass(_, mass) => write!(f, "{mass}"),
            Self::Packages(count) => write!(f, "{count}"),
            Self::Amount(money) | Self::Total(money) => write!(f, "{money}"),
            Self::Container(number) => write!(f, "{number}"),
            Self::Wagon(text) | Self::Vessel(text) | Self::Described(_, text) => f.write_str(text),
            Self::SizeType(_, size_type) => write!(f, "{size_type}"),
            Self::Seal(_, number) | Self::SealRemoved(_, number) => f.write_str(number),
            Self::Unsealed(_) => f.write_str("no seal"),
            Self::Commodity(code) => write!(f, "{code}"),
            Self::Origin(country) => write!(f, "{country}"),
            Self::Term(term) => write!(f, "{term}"),
            Self::Charge { kind, payer, settlement, .. } => {
                write!(f, "{kind}, {settlement}, paid by the {}", payer.word())
            }
            Self::Name(_, names) => f.write_str(names.first().map_or("", String::as_str)),
            Self::Day(_, date) => write!(f, "{date}"),
            Self::Dangerous(number, class, group) => {
                write!(f, "UN {number:04}")?;
                if let Some(class) = class {
                    write!(f, ", class {class}")?;
                }
                group.as_ref().map_or(Ok(()), |group| write!(f, ", PG {group}"))
            }
            Self::Pages(count) | Self::PagesAtHand(count) => write!(f, "{count} pages"),
            Self::Number(_, number) | Self::Reference(_, number) => f.write_str(number),
        }
    }
}
