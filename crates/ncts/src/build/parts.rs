//! Parts that many messages have: parties, places, documents, means of transport.

use crate::element::Element;

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostalAddress {
    /// Street and number. Shape: 1 to 70 characters.
    pub street: String,
    /// Postcode, where the country has them.
    pub postcode: Option<String>,
    /// City. Shape: 1 to 35 characters.
    pub city: String,
    /// ISO 3166 alpha-2.
    pub country: String,
}

impl PostalAddress {
    pub(crate) fn element(&self) -> Element {
        Element::group("Address")
            .field("streetAndNumber", &self.street)
            .field_if("postcode", self.postcode.as_ref())
            .field("city", &self.city)
            .field("country", &self.country)
    }
}

/// Whom to call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Address of electronic mail.
    pub email: Option<String>,
}

impl Contact {
    pub(crate) fn element(&self) -> Element {
        Element::group("ContactPerson")
            .field("name", &self.name)
            .field("phoneNumber", &self.phone)
            .field_if("eMailAddress", self.email.as_ref())
    }
}

/// A trader: by identification, or by name and address where it has none (C0250).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Identification (EORI or that of a third country). Shape: 1 to 17 characters.
    pub identification: Option<String>,
    /// Name. Shape: 1 to 70 characters.
    pub name: Option<String>,
    /// Address.
    pub address: Option<PostalAddress>,
    /// Whom to call.
    pub contact: Option<Contact>,
}

impl Party {
    pub(crate) fn element(&self, name: &'static str) -> Element {
        Element::group(name)
            .field_if("identificationNumber", self.identification.as_ref())
            .field_if("name", self.name.as_ref())
            .with_if(self.address.as_ref().map(PostalAddress::element))
            .with_if(self.contact.as_ref().map(Contact::element))
    }
}

/// The holder of the transit procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Who it is.
    pub party: Party,
    /// Identification of the holder under TIR (C0904).
    pub tir_identification: Option<String>,
}

impl Holder {
    pub(crate) fn element(&self) -> Element {
        self.party
            .element("HolderOfTheTransitProcedure")
            .field_if("TIRHolderIdentificationNumber", self.tir_identification.as_ref())
    }

    /// The same without contact: most answers of an office have none.
    pub(crate) fn without_contact(&self) -> Element {
        let party = Party { contact: None, ..self.party.clone() };
        Self { party, tir_identification: self.tir_identification.clone() }.element()
    }
}

/// Who acts for the holder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Representative {
    /// Identification.
    pub identification: String,
    /// `2` direct, `3` indirect representation.
    pub status: String,
    /// Whom to call.
    pub contact: Option<Contact>,
}

impl Representative {
    pub(crate) fn element(&self) -> Element {
        Element::group("Representative")
            .field("identificationNumber", &self.identification)
            .field("status", &self.status)
            .with_if(self.contact.as_ref().map(Contact::element))
    }
}

/// A further actor of the supply chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplyChainActor {
    /// Role, such as `CS` consolidator, `FW` forwarder, `MF` manufacturer, `WH` warehouse keeper.
    pub role: String,
    /// Identification.
    pub identification: String,
}

impl SupplyChainActor {
    pub(crate) fn element(&self) -> Element {
        Element::group("AdditionalSupplyChainActor")
            .field("role", &self.role)
            .field("identificationNumber", &self.identification)
    }
}

/// A supporting or transport document, or an additional reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Four characters: `N730` consignment note (road), `N720` CIM note, `N380` commercial invoice.
    pub kind: String,
    /// Its number.
    pub reference: String,
    /// The line of the document that is meant.
    pub line: Option<u32>,
    /// More about it.
    pub complement: Option<String>,
}

impl Document {
    pub(crate) fn supporting(&self) -> Element {
        self.element("SupportingDocument")
            .field_if("documentLineItemNumber", self.line.map(|line| line.to_string()))
            .field_if("complementOfInformation", self.complement.as_ref())
    }

    pub(crate) fn element(&self, name: &'static str) -> Element {
        Element::group(name).field("type", &self.kind).field("referenceNumber", &self.reference)
    }
}

/// A statement to the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Five characters of the list of statements.
    pub code: String,
    /// Text.
    pub text: Option<String>,
}

impl Note {
    pub(crate) fn element(&self) -> Element {
        Element::group("AdditionalInformation").field("code", &self.code).field_if("text", self.text.as_ref())
    }
}

/// A means of transport.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// `20` wagon, `21` train, `30` road vehicle, `31` trailer, `10` IMO ship number, `80` inland vessel, ...
    pub kind: String,
    /// Number or registration.
    pub identification: String,
    /// Country where it is registered, ISO 3166 alpha-2.
    pub nationality: String,
    /// The office at the border that it passes, for the active means there.
    pub border_office: Option<String>,
    /// Number of the voyage, flight or train.
    pub journey: Option<String>,
}

impl Means {
    pub(crate) fn departure(&self) -> Element {
        Element::group("DepartureTransportMeans")
            .field("typeOfIdentification", &self.kind)
            .field("identificationNumber", &self.identification)
            .field("nationality", &self.nationality)
    }

    pub(crate) fn border(&self) -> Element {
        Element::group("ActiveBorderTransportMeans")
            .field_if("customsOfficeAtBorderReferenceNumber", self.border_office.as_ref())
            .field("typeOfIdentification", &self.kind)
            .field("identificationNumber", &self.identification)
            .field("nationality", &self.nationality)
            .field_if("conveyanceReferenceNumber", self.journey.as_ref())
    }
}

/// A place of loading or unloading: by UN/LOCODE, or by country and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// UN/LOCODE.
    pub un_locode: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Name.
    pub name: Option<String>,
}

impl Place {
    pub(crate) fn element(&self, name: &'static str) -> Element {
        Element::group(name)
            .field_if("UNLocode", self.un_locode.as_ref())
            .field_if("country", self.country.as_ref())
            .field_if("location", self.name.as_ref())
    }
}

/// Where the goods are, said in one of the ways that the messages have; the qualifier follows from it (C0394).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// An authorised place, by the number of the authorisation.
    Authorisation(String),
    /// A place of the UN/LOCODE list.
    UnLocode(String),
    /// At a customs office, by its reference number.
    Office(String),
    /// A point. Unit: degree, with 5 to 7 decimals.
    Point(String, String),
    /// With an economic operator, by its identification.
    Operator(String),
    /// An address.
    Address(PostalAddress),
}

impl Location {
    /// The group. `kind` is the type of location: `A` designated, `B` authorised, `C` approved, `D` other place.
    pub(crate) fn element(&self, kind: &str) -> Element {
        let group = |qualifier: &str| {
            Element::group("LocationOfGoods")
                .field("typeOfLocation", kind)
                .field("qualifierOfIdentification", qualifier)
        };
        match self {
            Self::Authorisation(number) => group("Y").field("authorisationNumber", number),
            Self::UnLocode(code) => group("U").field("UNLocode", code),
            Self::Office(number) => {
                group("V").with(Element::group("CustomsOffice").field("referenceNumber", number))
            }
            Self::Point(latitude, longitude) => group("W")
                .with(Element::group("GNSS").field("latitude", latitude).field("longitude", longitude)),
            Self::Operator(number) => {
                group("X").with(Element::group("EconomicOperator").field("identificationNumber", number))
            }
            Self::Address(address) => group("Z").with(address.element()),
        }
    }
}
