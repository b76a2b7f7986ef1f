//! The kinds of document that can be generated.

use std::fmt;

/// A kind of document that can be generated from a consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// The seller's invoice to the buyer.
    CommercialInvoice,
    /// What is in which package and container.
    PackingList,
    /// The common consignment note of the two laws of carriage by rail, CIM and SMGS.
    CimSmgs,
}

impl DocumentKind {
    /// Every kind, in the order in which a package lists them.
    pub const ALL: [Self; 3] = [Self::CommercialInvoice, Self::PackingList, Self::CimSmgs];

    /// The name used in addresses and on the command line.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::CommercialInvoice => "commercial-invoice",
            Self::PackingList => "packing-list",
            Self::CimSmgs => "cim-smgs",
        }
    }

    /// The kind of a slug, if it is one.
    pub fn find(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The type of document. Source: UNTDID 1001; the UN/CEFACT schema of the CIM/SMGS note fixes 722.
    pub const fn type_code(self) -> &'static str {
        match self {
            Self::CommercialInvoice => "380",
            Self::PackingList => "271",
            Self::CimSmgs => "722",
        }
    }

    /// The English title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::CommercialInvoice => "Commercial invoice",
            Self::PackingList => "Packing list",
            Self::CimSmgs => "CIM/SMGS consignment note",
        }
    }

    /// The D23B schema that the data follows, by its file name in UN/CEFACT's publication.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::CommercialInvoice => "UNECE-CrossIndustryInvoice.json",
            Self::PackingList => "UNECE-CrossIndustryExportPackingList.json",
            Self::CimSmgs => "UNECE-MMTCIM-SMGSConsignmentNote.json",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}
