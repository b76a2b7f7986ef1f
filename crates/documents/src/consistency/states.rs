//! What the consignment, its itinerary and attached documents state.

use super::dates::ITINERARY;
use super::statement::{StatedFact, Statement};
use crate::shared::find_load;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_codes::DocumentType;
use kervan_model::{
    AttachedDocument, Consignment, DateKind, GoodsItem, Itinerary, KeyFacts, Party, PartyRole,
};

/// The parties whose names documents repeat.
const NAMED: [PartyRole; 3] = [PartyRole::Consignor, PartyRole::Consignee, PartyRole::Notify];

/// The type of the document whose number the consignment itself carries. Source: UNTDID 1001, commercial invoice.
const INVOICE: &str = "380";

/// The day of an instant in UTC.
fn day(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

fn writings(party: &Party) -> Vec<String> {
    [party.name.clone()].into_iter().chain(party.names.iter().map(|name| name.name.clone())).collect()
}

/// What the consignment states.
pub fn state_consignment(consignment: &Consignment) -> Statement {
    let mut says = Statement::new("consignment");
    if !consignment.goods.is_empty() {
        says.say("/goods/*/gross_mass", StatedFact::GrossMass(consignment.gross_mass()));
        says.say("/goods/*/net_mass", StatedFact::NetMass(consignment.net_mass()));
        says.say("/goods/*/packages", StatedFact::Packages(consignment.packages()));
    }
    for (index, item) in consignment.goods.iter().enumerate() {
        goods(&mut says, &format!("/goods/{index}"), item);
    }
    equipment(&mut says, consignment);
    for (index, wagon) in consignment.wagons.iter().enumerate() {
        says.say(format!("/wagons/{index}/number"), StatedFact::Wagon(wagon.number.to_string()));
    }
    says.say("/terms/incoterm", StatedFact::Term(consignment.terms.incoterm));
    says.say("/ready", StatedFact::Day(DateKind::Ready, day(consignment.ready)));
    for (index, party) in
        consignment.parties.iter().enumerate().filter(|(_, party)| NAMED.contains(&party.role))
    {
        says.say(format!("/parties/{index}/name"), StatedFact::Name(party.role, writings(party)));
    }
    prices(&mut says, consignment);
    charges(&mut says, consignment);
    for (index, movement) in consignment.transport.iter().enumerate() {
        if let Some(name) = &movement.name {
            says.say(format!("/transport/{index}/name"), StatedFact::Vessel(name.clone()));
        }
    }
    says
}

/// The papers that a consignment refers to, each as a statement of its own: number and days.
pub fn state_references(consignment: &Consignment) -> Vec<Statement> {
    let stated = consignment.documents.iter().enumerate().map(|(index, reference)| {
        let name = reference.type_code.find_name().unwrap_or("document");
        let mut says = Statement::new(format!(
            "{} {} as the consignment names it",
            name.to_lowercase(),
            reference.number
        ));
        let at = format!("/documents/{index}");
        says.type_code = Some(reference.type_code.clone());
        says.say(
            format!("{at}/number"),
            StatedFact::Number(reference.type_code.clone(), reference.number.clone()),
        );
        if let Some(date) = reference.issued {
            says.day = Some(date);
            says.say(format!("{at}/issued"), StatedFact::Day(DateKind::Issued, date));
        }
        if let Some(date) = reference.valid_until {
            says.say(format!("{at}/valid_until"), StatedFact::Day(DateKind::ValidUntil, date));
        }
        says
    });
    stated.collect()
}

fn goods(says: &mut Statement, at: &str, item: &GoodsItem) {
    says.say(format!("{at}/hs"), StatedFact::Commodity(item.hs.clone()));
    says.say(format!("{at}/description"), StatedFact::Described(item.hs.clone(), item.description.clone()));
    for (index, other) in item.descriptions.iter().enumerate() {
        says.say(
            format!("{at}/descriptions/{index}/text"),
            StatedFact::Described(item.hs.clone(), other.text.clone()),
        );
    }
    says.say(format!("{at}/origin"), StatedFact::Origin(item.origin));
    if let Some(dangerous) = &item.dangerous {
        let fact = StatedFact::Dangerous(
            dangerous.un_number,
            Some(dangerous.class.clone()),
            dangerous.packing_group.clone(),
        );
        says.say(format!("{at}/dangerous"), fact);
    }
}

fn equipment(says: &mut Statement, consignment: &Consignment) {
    for (index, item) in consignment.equipment.iter().enumerate() {
        let (at, number) = (format!("/equipment/{index}"), &item.number);
        says.say(format!("{at}/number"), StatedFact::Container(number.clone()));
        says.say(format!("{at}/size_type"), StatedFact::SizeType(number.clone(), item.size_type.clone()));
        if let Some(tare) = item.tare {
            says.say(format!("{at}/tare"), StatedFact::Tare(number.clone(), tare));
        }
        if let Some(load) = find_load(consignment, item) {
            says.say("/goods/*/gross_mass", StatedFact::Load(number.clone(), load));
        }
        if let Some(verified) = &item.verified_mass {
            says.say(
                format!("{at}/verified_mass/mass"),
                StatedFact::VerifiedMass(number.clone(), verified.mass),
            );
        }
        for (place, seal) in item.seals.iter().enumerate() {
            let fact = StatedFact::Seal(Some(number.clone()), seal.number.clone());
            says.say(format!("{at}/seals/{place}/number"), fact);
        }
    }
}

fn prices(says: &mut Statement, consignment: &Consignment) {
    let Some(prices) = &consignment.prices else { return };
    for (index, amount) in prices.items.iter().enumerate() {
        says.say(format!("/prices/items/{index}"), StatedFact::Amount(*amount));
    }
    if let Some(total) = consignment.find_total() {
        says.say("/prices/items", StatedFact::Total(total));
    }
    if let Ok(invoice) = INVOICE.parse::<DocumentType>() {
        says.say("/prices/invoice_number", StatedFact::Number(invoice, prices.invoice_number.clone()));
    }
}

fn charges(says: &mut Statement, consignment: &Consignment) {
    for (index, charge) in consignment.charges.iter().enumerate() {
        let fact = StatedFact::Charge {
            kind: charge.kind,
            payer: charge.payer,
            settlement: charge.settlement,
            one_end: (charge.from == consignment.from) != (charge.to == consignment.to),
        };
        says.say(format!("/charges/{index}"), fact);
    }
}

/// The invoice of the consignment as a document with its date.
pub fn state_invoice(consignment: &Consignment) -> Option<Statement> {
    let prices = consignment.prices.as_ref()?;
    let mut says = Statement::new(format!("commercial invoice {} of the consignment", prices.invoice_number));
    says.type_code = INVOICE.parse().ok();
    says.say("/prices/invoice_date", StatedFact::Day(DateKind::Issued, prices.invoice_date));
    Some(says)
}

/// What an itinerary states: when the goods depart and, most probably, arrive.
pub fn state_itinerary(itinerary: &Itinerary) -> Statement {
    let mut says = Statement::new(ITINERARY);
    says.say("/itinerary/departs", StatedFact::Day(DateKind::Departs, day(itinerary.departs)));
    says.say("/itinerary/arrives/p50", StatedFact::Day(DateKind::Arrives, day(itinerary.arrives.p50)));
    says
}

/// What a document of somebody else states, as far as it was typed in. `at` is its pointer: `/attachments/0`.
pub fn state_attached(at: &str, attached: &AttachedDocument) -> Statement {
    let mut says = Statement::new(attached.describe());
    says.type_code = Some(attached.type_code.clone());
    says.day = Some(attached.issued);
    says.say(format!("{at}/number"), StatedFact::Number(attached.type_code.clone(), attached.number.clone()));
    says.say(format!("{at}/issued"), StatedFact::Day(DateKind::Issued, attached.issued));
    figures(&mut says, at, &attached.facts);
    sealed(&mut says, at, &attached.facts);
    words(&mut says, at, &attached.facts);
    says
}

fn figures(says: &mut Statement, at: &str, facts: &KeyFacts) {
    let single = [
        ("gross_mass", facts.gross_mass.map(StatedFact::GrossMass)),
        ("net_mass", facts.net_mass.map(StatedFact::NetMass)),
        ("packages", facts.packages.map(StatedFact::Packages)),
        ("total", facts.total.map(StatedFact::Total)),
        ("pages", facts.pages.map(StatedFact::Pages)),
        ("pages_at_hand", facts.pages_at_hand.map(StatedFact::PagesAtHand)),
        ("incoterm", facts.incoterm.map(StatedFact::Term)),
    ];
    for (name, fact) in single {
        if let Some(fact) = fact {
            says.say(format!("{at}/facts/{name}"), fact);
        }
    }
    for (index, tare) in facts.tares.iter().enumerate() {
        says.say(format!("{at}/facts/tares/{index}"), StatedFact::Tare(tare.container.clone(), tare.mass));
    }
    for (index, verified) in facts.verified_masses.iter().enumerate() {
        let fact = StatedFact::VerifiedMass(verified.container.clone(), verified.mass);
        says.say(format!("{at}/facts/verified_masses/{index}"), fact);
    }
}

fn sealed(says: &mut Statement, at: &str, facts: &KeyFacts) {
    for (index, number) in facts.containers.iter().enumerate() {
        says.say(format!("{at}/facts/containers/{index}"), StatedFact::Container(number.clone()));
    }
    for (index, number) in facts.wagons.iter().enumerate() {
        says.say(format!("{at}/facts/wagons/{index}"), StatedFact::Wagon(number.to_string()));
    }
    for (index, seal) in facts.seals.iter().enumerate() {
        let fact = StatedFact::Seal(seal.container.clone(), seal.number.clone());
        says.say(format!("{at}/facts/seals/{index}"), fact);
    }
    for (index, seal) in facts.removed_seals.iter().enumerate() {
        let fact = StatedFact::SealRemoved(seal.container.clone(), seal.number.clone());
        says.say(format!("{at}/facts/removed_seals/{index}"), fact);
    }
}

fn words(says: &mut Statement, at: &str, facts: &KeyFacts) {
    let names = [
        ("consignor_name", PartyRole::Consignor, &facts.consignor_name),
        ("consignee_name", PartyRole::Consignee, &facts.consignee_name),
    ];
    for (field, role, name) in names {
        if let Some(name) = name {
            says.say(format!("{at}/facts/{field}"), StatedFact::Name(role, vec![name.clone()]));
        }
    }
    for (index, code) in facts.commodities.iter().enumerate() {
        says.say(format!("{at}/facts/commodities/{index}"), StatedFact::Commodity(code.clone()));
    }
    for (index, origin) in facts.origins.iter().enumerate() {
        says.say(format!("{at}/facts/origins/{index}"), StatedFact::Origin(*origin));
    }
    for (kind, date) in &facts.days {
        says.say(format!("{at}/facts/days/{kind}"), StatedFact::Day(*kind, *date));
    }
    if let Some(name) = &facts.vessel {
        says.say(format!("{at}/facts/vessel"), StatedFact::Vessel(name.clone()));
    }
    for (index, goods) in facts.dangerous.iter().enumerate() {
        let fact = StatedFact::Dangerous(goods.un_number, goods.class.clone(), goods.packing_group.clone());
        says.say(format!("{at}/facts/dangerous/{index}"), fact);
    }
    for (index, reference) in facts.references.iter().enumerate() {
        let fact = StatedFact::Reference(reference.type_code.clone(), reference.number.clone());
        says.say(format!("{at}/facts/references/{index}"), fact);
    }
}
