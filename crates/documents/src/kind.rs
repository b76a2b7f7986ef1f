//! The kinds of document that can be generated. Each is one module of [`crate::kinds`] with a `DEFINITION`.

use crate::definition::Definition;
use std::fmt;

/// Lists the kinds: one line names the variant and the module that defines it.
macro_rules! document_kinds {
    ($($(#[$documentation:meta])* $variant:ident => $module:ident,)*) => {
        /// A kind of document that can be generated from a consignment.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DocumentKind { $($(#[$documentation])* $variant,)* }

        impl DocumentKind {
            /// Every kind, in the order in which a package lists them.
            pub const ALL: [Self; [$(stringify!($variant)),*].len()] = [$(Self::$variant),*];

            /// What the kind is made of.
            pub(crate) fn definition(self) -> &'static Definition {
                match self { $(Self::$variant => &crate::kinds::$module::DEFINITION,)* }
            }
        }
    };
}

document_kinds! {
    // Trade.
    /// The seller's invoice to the buyer.
    CommercialInvoice => commercial_invoice,
    /// What is in which package and container.
    PackingList => packing_list,
    // Transport.
    /// The consignment note of the Agreement on International Goods Transport by Rail.
    Smgs => smgs,
    /// The common consignment note of the two laws of carriage by rail, CIM and SMGS.
    CimSmgs => cim_smgs,
    /// The wagons of a note by rail.
    WagonList => wagon_list,
    /// The containers of a note by rail.
    ContainerList => container_list,
    /// The consignment note of carriage by road.
    Cmr => cmr,
    /// The negotiable document of carriage by sea.
    BillOfLading => bill_of_lading,
    /// The document of carriage by sea to a named consignee.
    SeaWaybill => sea_waybill,
    /// The consignments of a voyage.
    CargoManifest => cargo_manifest,
    // Regulatory.
    /// The application for a certificate of origin.
    CertificateOfOrigin => certificate_of_origin,
    /// The application for a phytosanitary certificate.
    PhytosanitaryCertificate => phytosanitary_certificate,
    /// The shipper's declaration of dangerous goods.
    DangerousGoodsDeclaration => dangerous_goods_declaration,
    /// The verified gross mass of a packed container.
    VerifiedGrossMass => verified_gross_mass,
    // Customs.
    /// The declaration of common or Union transit.
    NctsDeclaration => ncts_declaration,
    /// The transit declaration of another territory.
    TransitDeclaration => transit_declaration,
    /// The data of a TIR carnet.
    TirCarnet => tir_carnet,
}

impl DocumentKind {
    /// The name used in addresses and on the command line.
    pub fn slug(self) -> &'static str {
        self.definition().slug
    }

    /// The kind of a slug, if it is one.
    pub fn find(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The type of document. Source: UNTDID 1001.
    pub fn type_code(self) -> &'static str {
        self.definition().type_code
    }

    /// The English title.
    pub fn title(self) -> &'static str {
        self.definition().title
    }

    /// Whether the document waits until somebody else gives what it lacks: an authority its number, a terminal a mass. It is
    /// made when it is asked for, and acceptance of an itinerary does not depend on it.
    pub const fn waits(self) -> bool {
        matches!(
            self,
            Self::CertificateOfOrigin
                | Self::PhytosanitaryCertificate
                | Self::DangerousGoodsDeclaration
                | Self::VerifiedGrossMass
                | Self::NctsDeclaration
                | Self::TransitDeclaration
                | Self::TirCarnet
        )
    }

    /// Whether it is a contract of carriage: the next one names it where the law of carriage changes.
    pub fn is_contract(self) -> bool {
        self.definition().is_contract
    }

    /// The schema that the data follows, by its file name in its publication; none if nobody has published one.
    pub fn find_schema(self) -> Option<&'static str> {
        self.definition().schema
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}
