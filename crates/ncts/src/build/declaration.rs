//! What a declarant sends to the office of departure: declaration, amendment, presentation.

use super::goods::{Equipment, HouseConsignment};
use super::parts::{Document, Holder, Location, Means, Note, Party, Place, Representative, SupplyChainActor};
use super::{Envelope, PreviousDocument, build, day, flag, moment};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use jiff::civil::{Date, DateTime};
use kervan_units::{Mass, Money};

/// An authorisation that the declaration relies on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorisation {
    /// `C521` authorised consignor, `C523` special seals, `C524` reduced data set, ...
    pub kind: String,
    /// Its number.
    pub reference: String,
}

impl Authorisation {
    pub(crate) fn element(&self) -> Element {
        Element::group("Authorisation").field("type", &self.kind).field("referenceNumber", &self.reference)
    }
}

/// A guarantee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guarantee {
    /// One character: `0` waiver, `1` comprehensive, `2` individual by undertaking, `4` voucher, `B` TIR, ...
    pub kind: String,
    /// Reference of another kind, for the types that have one (C0130).
    pub other_reference: Option<String>,
    /// The guarantees behind it.
    pub references: Vec<GuaranteeReference>,
}

/// A registered guarantee and what of it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeReference {
    /// Guarantee reference number.
    pub grn: Option<String>,
    /// Access code. Shape: 4 characters.
    pub access_code: Option<String>,
    /// How much of it this movement needs.
    pub amount: Money,
}

impl Guarantee {
    fn element(&self) -> Element {
        let references = self.references.iter().map(|reference| {
            Element::group("GuaranteeReference")
                .field_if("GRN", reference.grn.as_ref())
                .field_if("accessCode", reference.access_code.as_ref())
                .field("amountToBeCovered", reference.amount.to_decimal())
                .field("currency", reference.amount.currency().as_str())
        });
        Element::group("Guarantee")
            .field("guaranteeType", &self.kind)
            .field_if("otherGuaranteeReference", self.other_reference.as_ref())
            .with_all(references)
    }
}

/// An office on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransitOffice {
    /// Reference number.
    pub office: String,
    /// When the goods are expected there.
    pub arrival: Option<DateTime>,
}

/// A declaration, of one house consignment or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Local reference number: the declarant's own. Shape: 1 to 22 characters.
    pub lrn: String,
    /// `T1`, `T2`, `T2F`, `T` (mixed), `TIR`.
    pub declaration_type: String,
    /// Whether the goods are presented later: a pre-lodged declaration (additional type D instead of A).
    pub pre_lodged: bool,
    /// Number of the TIR carnet.
    pub carnet: Option<String>,
    /// When the goods will be presented, for a pre-lodged declaration.
    pub presentation: Option<DateTime>,
    /// `0` none, `1` entry, `2` exit, `3` both summary declarations are part of it.
    pub security: String,
    /// Whether the reduced data set is used.
    pub reduced: bool,
    /// Language of the office's letters, ISO 639-1.
    pub language: Option<String>,
    /// Whether the itinerary is binding.
    pub binding_itinerary: bool,
    /// Day until which the goods are to arrive.
    pub limit: Option<Date>,
    /// Authorisations.
    pub authorisations: Vec<Authorisation>,
    /// Office of departure.
    pub departure: String,
    /// Office of destination.
    pub destination: String,
    /// Offices of transit, in the order of the way.
    pub transit: Vec<TransitOffice>,
    /// Offices of exit for transit.
    pub exit: Vec<String>,
    /// The holder of the procedure.
    pub holder: Holder,
    /// Who acts for the holder.
    pub representative: Option<Representative>,
    /// Guarantees; at least one.
    pub guarantees: Vec<Guarantee>,
    /// Country of dispatch, if the same for all.
    pub dispatch_country: Option<String>,
    /// Country of destination, if the same for all.
    pub destination_country: Option<String>,
    /// Whether goods are in containers; not said where a pre-lodged declaration does not know.
    pub containers: Option<bool>,
    /// Mode of transport inland, UN/ECE Recommendation 19.
    pub inland_mode: Option<String>,
    /// Mode of transport at the border.
    pub border_mode: Option<String>,
    /// Gross mass; without one the sum of the house consignments.
    pub gross: Option<Mass>,
    /// Unique consignment reference, if the same for all.
    pub ucr: Option<String>,
    /// The carrier.
    pub carrier: Option<Party>,
    /// Consignor, if the same for all.
    pub consignor: Option<Party>,
    /// Consignee, if the same for all.
    pub consignee: Option<Party>,
    /// Further actors.
    pub actors: Vec<SupplyChainActor>,
    /// Containers and sealed loading spaces.
    pub equipment: Vec<Equipment>,
    /// Where the goods are: type of location and how it is said.
    pub location: Option<(String, Location)>,
    /// Means of transport at departure.
    pub means: Vec<Means>,
    /// Countries of the route, in its order.
    pub routing: Vec<String>,
    /// Active means of transport at the border.
    pub border_means: Vec<Means>,
    /// Place of loading.
    pub loading: Option<Place>,
    /// Place of unloading.
    pub unloading: Option<Place>,
    /// Documents of procedures before.
    pub previous: Vec<PreviousDocument>,
    /// Supporting documents.
    pub documents: Vec<Document>,
    /// Transport documents.
    pub transport_documents: Vec<Document>,
    /// Additional references.
    pub references: Vec<Document>,
    /// Statements.
    pub notes: Vec<Note>,
    /// Method of payment of the transport charges, one letter.
    pub payment: Option<String>,
    /// House consignments; at least one.
    pub houses: Vec<HouseConsignment>,
}

impl Declaration {
    fn operation(&self) -> Element {
        Element::group("TransitOperation")
            .field("LRN", &self.lrn)
            .field("declarationType", &self.declaration_type)
            .field("additionalDeclarationType", if self.pre_lodged { "D" } else { "A" })
            .field_if("TIRCarnetNumber", self.carnet.as_ref())
            .field_if("presentationOfTheGoodsDateAndTime", self.presentation.map(moment))
            .field("security", &self.security)
            .field("reducedDatasetIndicator", flag(self.reduced))
            .field_if("communicationLanguageAtDeparture", self.language.as_ref())
            .field("bindingItinerary", flag(self.binding_itinerary))
            .field_if("limitDate", self.limit.map(day))
    }

    fn offices(&self) -> Vec<Element> {
        let office = |name, number: &str| Element::group(name).field("referenceNumber", number);
        let mut offices = vec![
            office("CustomsOfficeOfDeparture", &self.departure),
            office("CustomsOfficeOfDestinationDeclared", &self.destination),
        ];
        offices.extend(self.transit.iter().map(|transit| {
            office("CustomsOfficeOfTransitDeclared", &transit.office)
                .field_if("arrivalDateAndTimeEstimated", transit.arrival.map(moment))
        }));
        offices
            .extend(self.exit.iter().map(|number| office("CustomsOfficeOfExitForTransitDeclared", number)));
        offices
    }

    fn groups(&self) -> Vec<Element> {
        let mut groups = self.offices();
        groups.extend(self.authorisations.iter().map(Authorisation::element));
        groups.push(self.holder.element());
        groups.extend(self.representative.as_ref().map(Representative::element));
        groups.extend(self.guarantees.iter().map(Guarantee::element));
        groups.push(self.consignment());
        groups
    }

    fn consignment(&self) -> Element {
        let gross = self.gross.unwrap_or_else(|| self.houses.iter().map(HouseConsignment::gross_mass).sum());
        let carrier = self.carrier.as_ref().map(|party| {
            Element::group("Carrier")
                .field_if("identificationNumber", party.identification.as_ref())
                .with_if(party.contact.as_ref().map(super::Contact::element))
        });
        let consignee = self.consignee.as_ref().map(|party| Party { contact: None, ..party.clone() });
        let routing = self
            .routing
            .iter()
            .map(|country| Element::group("CountryOfRoutingOfConsignment").field("country", country));
        let payment = self
            .payment
            .as_ref()
            .map(|method| Element::group("TransportCharges").field("methodOfPayment", method));
        let mut first = 1;
        let houses = self.houses.iter().map(|house| {
            let element = house.element(first);
            first += house.items.len();
            element
        });
        Element::group("Consignment")
            .field_if("countryOfDispatch", self.dispatch_country.as_ref())
            .field_if("countryOfDestination", self.destination_country.as_ref())
            .field_if("containerIndicator", self.containers.map(flag))
            .field_if("inlandModeOfTransport", self.inland_mode.as_ref())
            .field_if("modeOfTransportAtTheBorder", self.border_mode.as_ref())
            .field("grossMass", gross.to_kilogram_decimal())
            .field_if("referenceNumberUCR", self.ucr.as_ref())
            .with_if(carrier)
            .with_if(self.consignor.as_ref().map(|party| party.element("Consignor")))
            .with_if(consignee.map(|party| party.element("Consignee")))
            .with_all(self.actors.iter().map(SupplyChainActor::element))
            .with_all(self.equipment.iter().map(Equipment::element))
            .with_if(self.location.as_ref().map(|(kind, location)| location.element(kind)))
            .with_all(self.means.iter().map(Means::departure))
            .with_all(routing)
            .with_all(self.border_means.iter().map(Means::border))
            .with_if(self.loading.as_ref().map(|place| place.element("PlaceOfLoading")))
            .with_if(self.unloading.as_ref().map(|place| place.element("PlaceOfUnloading")))
            .with_all(self.previous.iter().map(PreviousDocument::element))
            .with_all(self.documents.iter().map(Document::supporting))
            .with_all(self.transport_documents.iter().map(|document| document.element("TransportDocument")))
            .with_all(self.references.iter().map(|document| document.element("AdditionalReference")))
            .with_all(self.notes.iter().map(Note::element))
            .with_if(payment)
            .with_all(houses)
    }
}

/// CC015C: the declaration.
pub fn declaration(envelope: &Envelope, declared: &Declaration) -> Message {
    let mut groups = declared.groups();
    groups.push(declared.operation());
    build(MessageType::Cc015c, envelope, groups)
}

/// Which declaration an amendment changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amendment {
    /// One that has no MRN yet.
    Lrn,
    /// One that was accepted.
    Mrn(String),
    /// One that was accepted, and only its guarantees change.
    Guarantees(String),
}

/// CC013C: the declaration as it is to be from now on.
pub fn amendment(envelope: &Envelope, declared: &Declaration, amends: &Amendment) -> Message {
    let (mrn, guarantees) = match amends {
        Amendment::Lrn => (None, false),
        Amendment::Mrn(mrn) => (Some(mrn), false),
        Amendment::Guarantees(mrn) => (Some(mrn), true),
    };
    let mut operation = declared.operation();
    if mrn.is_some() {
        operation.children_mut().retain(|element| element.name() != "LRN");
    }
    let operation = operation.field_if("MRN", mrn).field("amendmentTypeFlag", flag(guarantees));
    let mut groups = declared.groups();
    groups.push(operation);
    build(MessageType::Cc013c, envelope, groups)
}

/// CC170C: the goods of a pre-lodged declaration are there.
pub fn presentation(envelope: &Envelope, declared: &Declaration) -> Message {
    let whole = declaration(envelope, declared);
    let groups = ["CustomsOfficeOfDeparture", "HolderOfTheTransitProcedure", "Representative", "Consignment"]
        .iter()
        .filter_map(|name| super::project(&whole, MessageType::Cc170c, name));
    let operation = Element::group("TransitOperation")
        .field("LRN", &declared.lrn)
        .field_if("limitDate", declared.limit.map(day));
    build(MessageType::Cc170c, envelope, groups.chain([operation]))
}
