//! Equipment, house consignments and goods items of a declaration.

use super::parts::{Document, Means, Note, Party, SupplyChainActor};
use crate::element::Element;
use kervan_units::Mass;

/// A container, or the loading space of a vehicle that is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Equipment {
    /// Container number, for a container.
    pub container: Option<String>,
    /// Seals, in their order.
    pub seals: Vec<String>,
    /// The goods in it, by declaration goods item number.
    pub goods: Vec<u32>,
}

impl Equipment {
    pub(crate) fn element(&self) -> Element {
        let seals = self.seals.iter().map(|seal| Element::group("Seal").field("identifier", seal));
        let goods = self.goods.iter().map(|number| {
            Element::group("GoodsReference").field("declarationGoodsItemNumber", number.to_string())
        });
        Element::group("TransportEquipment")
            .field_if("containerIdentificationNumber", self.container.as_ref())
            .field("numberOfSeals", self.seals.len().to_string())
            .with_all(seals)
            .with_all(goods)
    }
}

/// A document of a procedure before this one, such as the export declaration (`N830`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviousDocument {
    /// Four characters.
    pub kind: String,
    /// Its number, such as the MRN of the export.
    pub reference: String,
    /// The item of it that is meant; only for a document of a goods item.
    pub item: Option<u32>,
    /// More about it.
    pub complement: Option<String>,
}

impl PreviousDocument {
    pub(crate) fn element(&self) -> Element {
        Element::group("PreviousDocument")
            .field("type", &self.kind)
            .field("referenceNumber", &self.reference)
            .field_if("goodsItemNumber", self.item.map(|item| item.to_string()))
            .field_if("complementOfInformation", self.complement.as_ref())
    }
}

/// Packages of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packaging {
    /// Kind, UN/ECE Recommendation 21.
    pub kind: String,
    /// How many; none for goods in bulk, 0 where they are packed together with another item.
    pub number: Option<u32>,
    /// Marks and numbers on them.
    pub marks: Option<String>,
}

impl Packaging {
    fn element(&self) -> Element {
        Element::group("Packaging")
            .field("typeOfPackages", &self.kind)
            .field_if("numberOfPackages", self.number.map(|number| number.to_string()))
            .field_if("shippingMarks", self.marks.as_ref())
    }
}

/// A goods item. Its numbers come from its place in the declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsignmentItem {
    /// Declaration type of the item, in a declaration of mixed type.
    pub declaration_type: Option<String>,
    /// Country of dispatch, if the item has its own.
    pub dispatch: Option<String>,
    /// Country of destination, if the item has its own.
    pub destination: Option<String>,
    /// Unique consignment reference of the item.
    pub ucr: Option<String>,
    /// Further actors.
    pub actors: Vec<SupplyChainActor>,
    /// What it is. Shape: 1 to 512 characters.
    pub description: String,
    /// CUS number of a chemical.
    pub cus: Option<String>,
    /// Six digits of the Harmonized System.
    pub harmonized_system: Option<String>,
    /// Two more digits of the Combined Nomenclature.
    pub combined_nomenclature: Option<String>,
    /// UN numbers of dangerous goods, four digits each.
    pub dangerous: Vec<String>,
    /// With packing.
    pub gross: Mass,
    /// Without packing.
    pub net: Option<Mass>,
    /// In what it is packed; at least one.
    pub packages: Vec<Packaging>,
    /// Documents of procedures before.
    pub previous: Vec<PreviousDocument>,
    /// Supporting documents.
    pub documents: Vec<Document>,
    /// Additional references.
    pub references: Vec<Document>,
    /// Statements.
    pub notes: Vec<Note>,
}

impl ConsignmentItem {
    /// `number` counts within the house consignment, `declared` through the declaration; both from 1.
    fn element(&self, number: usize, declared: usize) -> Element {
        let code = self.harmonized_system.as_ref().map(|code| {
            Element::group("CommodityCode")
                .field("harmonizedSystemSubHeadingCode", code)
                .field_if("combinedNomenclatureCode", self.combined_nomenclature.as_ref())
        });
        let measure = Element::group("GoodsMeasure")
            .field("grossMass", self.gross.to_kilogram_decimal())
            .field_if("netMass", self.net.map(Mass::to_kilogram_decimal));
        let commodity = Element::group("Commodity")
            .field("descriptionOfGoods", &self.description)
            .field_if("cusCode", self.cus.as_ref())
            .with_if(code)
            .with_all(
                self.dangerous
                    .iter()
                    .map(|number| Element::group("DangerousGoods").field("UNNumber", number)),
            )
            .with(measure);
        Element::group("ConsignmentItem")
            .field("goodsItemNumber", number.to_string())
            .field("declarationGoodsItemNumber", declared.to_string())
            .field_if("declarationType", self.declaration_type.as_ref())
            .field_if("countryOfDispatch", self.dispatch.as_ref())
            .field_if("countryOfDestination", self.destination.as_ref())
            .field_if("referenceNumberUCR", self.ucr.as_ref())
            .with_all(self.actors.iter().map(SupplyChainActor::element))
            .with(commodity)
            .with_all(self.packages.iter().map(Packaging::element))
            .with_all(self.previous.iter().map(PreviousDocument::element))
            .with_all(self.documents.iter().map(Document::supporting))
            .with_all(self.references.iter().map(|document| document.element("AdditionalReference")))
            .with_all(self.notes.iter().map(Note::element))
    }
}

/// A house consignment: what one consignor sends to one consignee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseConsignment {
    /// Country of dispatch, if not the same for all.
    pub dispatch: Option<String>,
    /// Country of destination, if not the same for all.
    pub destination: Option<String>,
    /// Its gross mass; without one the sum of its items.
    pub gross: Option<Mass>,
    /// Unique consignment reference.
    pub ucr: Option<String>,
    /// Consignor, if not the same for all.
    pub consignor: Option<Party>,
    /// Consignee, if not the same for all.
    pub consignee: Option<Party>,
    /// Further actors.
    pub actors: Vec<SupplyChainActor>,
    /// Means of transport at departure, if not the same for all.
    pub means: Vec<Means>,
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
    /// Goods items; at least one.
    pub items: Vec<ConsignmentItem>,
}

impl HouseConsignment {
    /// The gross mass that is declared.
    pub fn gross_mass(&self) -> Mass {
        self.gross.unwrap_or_else(|| self.items.iter().map(|item| item.gross).sum())
    }

    /// `first` is the declaration goods item number of the first item.
    pub(crate) fn element(&self, first: usize) -> Element {
        // The consignor has a contact at house level, the consignee nowhere in a declaration.
        let consignee = self.consignee.as_ref().map(|party| Party { contact: None, ..party.clone() });
        let items = self.items.iter().enumerate().map(|(index, item)| item.element(index + 1, first + index));
        Element::group("HouseConsignment")
            .field_if("countryOfDispatch", self.dispatch.as_ref())
            .field_if("countryOfDestination", self.destination.as_ref())
            .field("grossMass", self.gross_mass().to_kilogram_decimal())
            .field_if("referenceNumberUCR", self.ucr.as_ref())
            .with_if(self.consignor.as_ref().map(|party| party.element("Consignor")))
            .with_if(consignee.map(|party| party.element("Consignee")))
            .with_all(self.actors.iter().map(SupplyChainActor::element))
            .with_all(self.means.iter().map(Means::departure))
            .with_all(self.previous.iter().map(PreviousDocument::element))
            .with_all(self.documents.iter().map(Document::supporting))
            .with_all(self.transport_documents.iter().map(|document| document.element("TransportDocument")))
            .with_all(self.references.iter().map(|document| document.element("AdditionalReference")))
            .with_all(self.notes.iter().map(Note::element))
            .with_all(items)
    }
}
