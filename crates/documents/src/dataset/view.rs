//! The facts of a consignment under plain names: what the rows of the tables refer to.

use crate::definition::Draft;
use crate::shared::find_load;
use crate::shared::text::utc_date;
use crate::{MovementFacts, Part};
use kervan_codes::PlaceCode;
use kervan_model::{
    Consignment, DocumentReference, Equipment, GoodsItem, Itinerary, Leg, Mode, Party, PartyRole, Seal,
    VehicleKind, WeighingMethod,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The facts that a table names, under those names. Numbers are texts, masses are kilograms; what is not known is not there.
///
/// Facts that no row of the table refers to are not gathered: a document of one container must not cost all of them.
pub(crate) fn view(draft: &Draft<'_>, needed: &BTreeSet<String>) -> Value {
    let mut view = Map::new();
    for name in needed {
        if let Some(facts) = gather(draft, name) {
            view.insert(name.clone(), facts);
        }
    }
    Value::Object(view)
}

/// The facts of one name; none if they are not known, or nothing is called so.
fn gather(draft: &Draft<'_>, name: &str) -> Option<Value> {
    let consignment = draft.inputs.consignment;
    let movement = match draft.request.part {
        Part::Movement(index) => draft.inputs.movements.get(index),
        _ => None,
    };
    let facts = match name {
        "document" => document(draft),
        "consignment" => consignment_view(draft),
        // The forwarder declares and holds the procedure where nobody else is named.
        "holder" => find_declarant(consignment).map_or(Value::Null, |found| party(consignment, found)),
        "movement" => movement_view(movement?),
        "declaration" => movement?.declaration.clone(),
        "goods" => goods(draft, |_| true),
        "dangerous" => goods(draft, |item| item.dangerous.is_some()),
        "plants" => goods(draft, |item| item.plant.is_some()),
        "containers" => chosen_equipment(draft).map(|item| container(item, consignment)).collect(),
        "dangerous_containers" => dangerous_containers(consignment),
        "emergency" => {
            let mut dangerous = consignment.goods.iter().filter_map(|item| item.dangerous.as_ref());
            json!(dangerous.find_map(|goods| goods.emergency_contact.clone()))
        }
        "carnet" => json!(find_carnet(consignment).map(|number| json!({ "number": number }))),
        "tir_holder" => {
            let holds = |party: &&Party| party.find_identifier(TIR).is_some();
            let holder = consignment.parties.iter().find(holds);
            let holder = holder.or(consignment.find_party(PartyRole::Carrier));
            holder.or(find_declarant(consignment)).map_or(Value::Null, |found| party(consignment, found))
        }
        "wagons" => wagons(consignment),
        "vehicles" => vehicles(consignment),
        "means" => means(draft),
        "route" => route(draft),
        "papers" => papers(draft).into_iter().filter(|paper| !is_contract(paper)).collect(),
        "contracts" => papers(draft).into_iter().filter(is_contract).collect(),
        "previous" => previous(draft),
        role => {
            let role = PartyRole::ALL.into_iter().find(|known| known.word() == role)?;
            party(consignment, consignment.find_party(role)?)
        }
    };
    Some(facts)
}

fn find_declarant(consignment: &Consignment) -> Option<&Party> {
    consignment.find_party(PartyRole::Declarant).or(consignment.find_party(PartyRole::Forwarder))
}

/// The goods that the document covers, of a sort.
fn goods(draft: &Draft<'_>, is_of_sort: fn(&GoodsItem) -> bool) -> Value {
    let consignment = draft.inputs.consignment;
    let prices = consignment.prices.as_ref();
    let view = |(index, item): (usize, &GoodsItem)| {
        let price = prices.and_then(|prices| prices.items.get(index));
        let price = price.map(|price| (price.to_decimal(), price.currency().to_string()));
        goods_item(index, item, consignment, price)
    };
    chosen_goods(draft).filter(|(_, item)| is_of_sort(item)).map(view).collect()
}

fn dangerous_containers(consignment: &Consignment) -> Value {
    let carries = |item: &&Equipment| {
        let inside =
            |goods: &GoodsItem| goods.containers.is_empty() || goods.containers.contains(&item.number);
        consignment.goods.iter().any(|goods| goods.dangerous.is_some() && inside(goods))
    };
    let carrying = consignment.equipment.iter().filter(carries);
    carrying.map(|item| container(item, consignment)).collect()
}

/// Scheme of the identification number of a holder of TIR carnets.
const TIR: &str = "TIR";
/// TIR carnet. Source: UNTDID 1001.
const CARNET: &str = "952";

/// The number of the TIR carnet that the consignment refers to.
pub(crate) fn find_carnet(consignment: &Consignment) -> Option<&str> {
    let carnet = consignment.documents.iter().find(|reference| reference.type_code.as_str() == CARNET);
    carnet.map(|reference| reference.number.as_str())
}

fn document(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let issued = inputs.issued.to_string();
    json!({
        "number": draft.number(),
        "issued": issued,
        "seconds": issued.get(..19),
        "date": utc_date(inputs.issued).to_string(),
        "dossier": inputs.dossier,
        "head": inputs.head,
    })
}

fn place(draft: &Draft<'_>, code: &PlaceCode) -> Value {
    json!({
        "code": code.as_str(),
        "locode": code.is_un_locode().then(|| code.as_str()),
        "name": (draft.inputs.place_name)(code),
        "country": code.country_letters(),
    })
}

fn consignment_view(draft: &Draft<'_>) -> Value {
    let consignment = draft.inputs.consignment;
    let (total, prices) = (consignment.find_total(), consignment.prices.as_ref());
    json!({
        "reference": consignment.reference.as_str(),
        "from": place(draft, &consignment.from),
        "to": place(draft, &consignment.to),
        "ready": utc_date(consignment.ready).to_string(),
        "term": consignment.terms.incoterm.to_string(),
        "term_place": consignment.terms.place,
        "gross_kg": consignment.gross_mass().to_kilogram_decimal(),
        "net_kg": consignment.net_mass().to_kilogram_decimal(),
        "packages": consignment.packages().to_string(),
        "items": consignment.goods.len().to_string(),
        "containers": consignment.equipment.len().to_string(),
        "is_containerized": !consignment.equipment.is_empty(),
        "total": total.map(kervan_units::Money::to_decimal),
        "currency": total.map(|total| total.currency().to_string()),
        "invoice_number": prices.map(|prices| prices.invoice_number.clone()),
        "invoice_date": prices.map(|prices| prices.invoice_date.to_string()),
        "contract": prices.and_then(|prices| prices.contract.clone()),
    })
}

/// A party, and where it is declared. Street, postcode and town are taken apart where the address has commas between them.
fn party(consignment: &Consignment, party: &Party) -> Value {
    let place = consignment.parties.iter().position(|one| std::ptr::eq(one, party));
    let parts: Vec<&str> = party.address.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_postcode = |word: &&str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let postcode = party.address.split([' ', ',']).find(is_postcode);
    let town = parts.last().filter(|_| parts.len() > 1).map(|last| {
        let words = last.split(' ').filter(|word| !is_postcode(word));
        words.collect::<Vec<_>>().join(" ")
    });
    let street =
        parts.split_last().filter(|(_, street)| !street.is_empty()).map(|(_, street)| street.join(", "));
    let ids = party.identifiers.iter().map(|number| (number.scheme.clone(), json!(number.value)));
    let contact = party.contact.as_ref();
    json!({
        "declared_at": place.map(|index| format!("/parties/{index}")),
        "name": party.name,
        "name_en": party.find_name("en").map(|name| name.name.clone()),
        "name_ru": party.find_name("ru").map(|name| name.name.clone()),
        "address": party.address,
        "street": street.unwrap_or_else(|| party.address.clone()),
        "postcode": postcode,
        "town": town,
        "country": party.country.as_str(),
        "identifier": party.identifier,
        "id": ids.collect::<Map<_, _>>(),
        "contact": contact.map(|contact| json!({
            "name": contact.name, "phone": contact.phone, "email": contact.email,
        })),
    })
}

fn movement_view(facts: &MovementFacts) -> Value {
    let text = |pointer: &str| facts.declaration.pointer(pointer).and_then(Value::as_str);
    let office = |side: &str| {
        let code = text(&format!("/{side}/code"));
        let country = text(&format!("/{side}/country"));
        json!({
            "office": code,
            // An office of the common list has eight letters and digits; others have codes of our own.
            "code": code.filter(|code| is_listed_office(code)),
            "name": text(&format!("/{side}/name")),
            "place": text(&format!("/{side}/place")),
            "country": country,
            "authority": country.map(|country| format!("NTA.{country}")),
        })
    };
    let reference: String = facts.id.chars().filter(char::is_ascii_alphanumeric).collect();
    let lrn = reference.get(reference.len().saturating_sub(LRN_LENGTH)..).unwrap_or_default();
    let filing = text("/filing").map(|filing| if filing == "prelodged" { "D" } else { "A" });
    let mode = |name: &str| text(name).and_then(Mode::find).map(mode_code);
    let transit = facts.declaration.pointer("/transit_offices").cloned();
    json!({
        "id": facts.id,
        "lrn": lrn,
        "mrn": facts.mrn,
        "territory": facts.territory,
        "regime": facts.regime,
        "filing": filing,
        "departure": office("departure"),
        "destination": office("destination"),
        "transit": transit,
        "entry_mode": mode("/entry_mode"),
        "enters": text("/enters").and_then(|instant| instant.get(..10)),
        "enters_at": text("/enters").and_then(|instant| instant.get(..19)),
        "dispatch": text("/country_of_dispatch"),
        "destination_country": text("/country_of_destination"),
        "grn": text("/guarantee/grn"),
        "guarantee_type": text("/guarantee/kind"),
        "guarantee_amount": text("/guarantee/amount"),
        "guarantee_currency": text("/guarantee/currency"),
    })
}

/// Length of a local reference number. Source: NCTS, LRN an..22.
const LRN_LENGTH: usize = 22;
/// Length of the code of a customs office in the common list. Source: NCTS, CL171 an8.
const OFFICE_LENGTH: usize = 8;

fn is_listed_office(code: &str) -> bool {
    code.len() == OFFICE_LENGTH && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Source: UN/ECE Recommendation 19.
const fn mode_code(mode: Mode) -> &'static str {
    match mode {
        Mode::Sea | Mode::Ferry => "1",
        Mode::Rail => "2",
        Mode::Road => "3",
        Mode::InlandWater => "8",
    }
}

fn chosen_goods<'a>(draft: &Draft<'a>) -> impl Iterator<Item = (usize, &'a GoodsItem)> {
    let part = draft.request.part;
    let goods = draft.inputs.consignment.goods.iter().enumerate();
    goods.filter(move |(index, _)| !matches!(part, Part::Goods(only) if only != *index))
}

fn chosen_equipment<'a>(draft: &Draft<'a>) -> impl Iterator<Item = &'a Equipment> {
    let part = draft.request.part;
    let equipment = draft.inputs.consignment.equipment.iter().enumerate();
    equipment
        .filter(move |(index, _)| !matches!(part, Part::Equipment(only) if only != *index))
        .map(|(_, item)| item)
}

fn goods_item(
    index: usize,
    item: &GoodsItem,
    consignment: &Consignment,
    price: Option<(String, String)>,
) -> Value {
    let dangerous = item.dangerous.as_ref();
    let digits = |count: usize| item.hs.as_str().get(..count);
    let all = consignment.equipment.iter().map(|equipment| &equipment.number);
    let containers: Vec<String> = if item.containers.is_empty() {
        all.map(ToString::to_string).collect()
    } else {
        item.containers.iter().map(ToString::to_string).collect()
    };
    json!({
        "declared_at": index,
        "number": (index + 1).to_string(),
        "description": item.description,
        "description_en": item.find_description("en").unwrap_or(&item.description),
        "description_ru": item.find_description("ru"),
        "description_zh": item.find_description("zh"),
        "hs": item.hs.as_str(),
        "hs6": item.hs.six_digits(),
        "hs8": digits(8),
        "cn2": item.hs.as_str().get(6..8),
        "hs10": digits(10),
        "gng": item.rail_codes.gng,
        "etsng": item.rail_codes.etsng,
        "origin": item.origin.as_str(),
        "packages": item.packages.to_string(),
        "package_kind": item.package_kind.as_str(),
        "package_name": item.package_kind.name(),
        "marks": item.marks,
        "marks_or_none": item.marks.clone().unwrap_or_else(|| NO_MARKS.to_owned()),
        "gross_kg": item.gross_mass.to_kilogram_decimal(),
        "net_kg": item.net_mass.to_kilogram_decimal(),
        "value": price.as_ref().map(|(amount, _)| amount),
        "currency": price.as_ref().map(|(_, currency)| currency),
        "containers": containers.iter().map(|number| json!({ "number": number })).collect::<Value>(),
        "is_dangerous": dangerous.map(|_| true),
        "un_number": dangerous.map(|goods| format!("{:04}", goods.un_number)),
        "shipping_name": dangerous.and_then(|goods| goods.shipping_name.clone()),
        "class": dangerous.map(|goods| goods.class.clone()),
        "subsidiary": dangerous.filter(|goods| !goods.subsidiary.is_empty()).map(|goods| goods.subsidiary.join(", ")),
        "packing_group": dangerous.and_then(|goods| goods.packing_group.clone()),
        "flash_point_c": dangerous.and_then(|goods| goods.flash_point).map(tenths),
        "marine_pollutant": dangerous.filter(|goods| goods.marine_pollutant).map(|_| true),
        "limited_quantity": dangerous.filter(|goods| goods.limited_quantity).map(|_| true),
        "emergency_contact": dangerous.and_then(|goods| goods.emergency_contact.clone()),
        "botanical_name": item.plant.as_ref().map(|plant| plant.botanical_name.clone()),
        "treatment": item.plant.as_ref().and_then(|plant| plant.treatment.clone()),
        "treated": item.plant.as_ref().and_then(|plant| plant.treated).map(|date| date.to_string()),
    })
}

/// What stands where packages bear no marks. Source: the trade's usual abbreviation of `no marks`.
const NO_MARKS: &str = "N/M";

fn tenths(tenths: i16) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

fn seals(seals: &[Seal]) -> Value {
    seals.iter().map(|seal| json!({ "number": seal.number, "by": seal.affixed_by })).collect()
}

fn container(item: &Equipment, consignment: &Consignment) -> Value {
    let inside = consignment.goods.iter().enumerate();
    let inside =
        inside.filter(|(_, goods)| goods.containers.is_empty() || goods.containers.contains(&item.number));
    let inside: Vec<(usize, &GoodsItem)> = inside.collect();
    let verified = item.verified_mass.as_ref();
    json!({
        "declared_at": consignment.equipment.iter().position(|one| std::ptr::eq(one, item)),
        "number": item.number.as_str(),
        "size_type": item.size_type.as_str(),
        "tare_kg": item.tare.map(kervan_units::Mass::to_kilogram_decimal),
        "load_kg": find_load(consignment, item).map(kervan_units::Mass::to_kilogram_decimal),
        "seals": seals(&item.seals),
        "seal_count": item.seals.len().to_string(),
        "goods": inside.iter().map(|(index, _)| json!({ "number": (index + 1).to_string() })).collect::<Value>(),
        "verified_kg": verified.map(|verified| verified.mass.to_kilogram_decimal()),
        "method": verified.map(|verified| match verified.method {
            WeighingMethod::Weighed => "1",
            WeighingMethod::Calculated => "2",
        }),
        "responsible": verified.map(|verified| verified.responsible.clone()),
        "verified_at": verified.map(|verified| verified.at.to_string()),
        "verified_on": verified.map(|verified| utc_date(verified.at).to_string()),
        "temperature": item.temperature.map(|range| range.to_string()),
    })
}

fn wagons(consignment: &Consignment) -> Value {
    let wagon = |wagon: &kervan_model::Wagon| {
        json!({
            "number": wagon.number.as_str(),
            "tare_kg": wagon.tare.map(kervan_units::Mass::to_kilogram_decimal),
            "owner": wagon.owner,
            "seals": seals(&wagon.seals),
        })
    };
    consignment.wagons.iter().map(wagon).collect()
}

fn vehicles(consignment: &Consignment) -> Value {
    let vehicle = |vehicle: &kervan_model::RoadVehicle| {
        json!({
            "registration": vehicle.registration,
            "country": vehicle.country.as_str(),
            "kind": vehicle.kind.word(),
            "is_drawn": match vehicle.kind {
                VehicleKind::SemiTrailer | VehicleKind::Trailer => Some(true),
                VehicleKind::Tractor | VehicleKind::Truck => None,
            },
            "approval": vehicle.approval,
        })
    };
    consignment.vehicles.iter().map(vehicle).collect()
}

/// Type of identification of a means of transport. Source: NCTS, CL750: ship by its IMO number, wagon, road vehicle.
const fn means_type(mode: Mode) -> &'static str {
    match mode {
        Mode::Sea | Mode::Ferry => "10",
        Mode::Rail => "20",
        Mode::Road => "30",
        Mode::InlandWater => "80",
    }
}

/// What carries the goods, as far as it is assigned: movements, else wagons and vehicles.
fn means(draft: &Draft<'_>) -> Value {
    let consignment = draft.inputs.consignment;
    let mut means: Vec<Value> = consignment
        .transport
        .iter()
        .map(|movement| {
            json!({
                "mode": mode_code(movement.mode),
                "type": means_type(movement.mode),
                "number": movement.means,
                "name": movement.name,
                "country": movement.nationality.map(|country| country.to_string()),
                "journey": movement.journey,
            })
        })
        .collect();
    let of = |mode: Mode, number: &str, country: Option<String>| {
        let (code, kind) = (mode_code(mode), means_type(mode));
        json!({ "mode": code, "type": kind, "number": number, "country": country })
    };
    if means.is_empty() {
        means.extend(consignment.wagons.iter().map(|wagon| of(Mode::Rail, wagon.number.as_str(), None)));
        let vehicles = consignment.vehicles.iter();
        means.extend(
            vehicles.map(|vehicle| of(Mode::Road, &vehicle.registration, Some(vehicle.country.to_string()))),
        );
    }
    Value::Array(means)
}

fn route(draft: &Draft<'_>) -> Value {
    let itinerary = draft.inputs.itinerary;
    let legs: Vec<&Leg> = itinerary.into_iter().flat_map(Itinerary::legs).collect();
    let countries = itinerary.into_iter().flat_map(|itinerary| itinerary.countries.iter());
    let (last, means) =
        (legs.last(), legs.iter().map(|leg| leg.mode).find(|mode| matches!(mode, Mode::Sea | Mode::Ferry)));
    let sea = legs.iter().find(|leg| Some(leg.mode) == means);
    json!({
        "countries": countries.map(|country| json!({ "code": country.as_str() })).collect::<Value>(),
        "first_mode": legs.first().map(|leg| mode_code(leg.mode)),
        "last_mode": last.map(|leg| mode_code(leg.mode)),
        "first_carrier": legs.first().map(|leg| leg.operator.clone()),
        "departs": itinerary.map(|itinerary| utc_date(itinerary.departs).to_string()),
        "arrives": itinerary.map(|itinerary| utc_date(itinerary.arrives.p50).to_string()),
        "port_of_loading": sea.map(|leg| place(draft, &leg.from)),
        "port_of_discharge": sea.map(|leg| place(draft, &leg.to)),
        "legs": legs.iter().map(|leg| json!({
            "from": place(draft, &leg.from),
            "to": place(draft, &leg.to),
            "mode": mode_code(leg.mode),
            "carrier": leg.operator,
        })).collect::<Value>(),
        "text": legs.iter().map(|leg| format!("{} – {} ({})", (draft.inputs.place_name)(&leg.from),
            (draft.inputs.place_name)(&leg.to), leg.mode)).collect::<Vec<_>>().join("; "),
    })
}

fn paper(type_code: &str, number: &str, issued: Option<String>) -> Value {
    json!({ "type": type_code, "code": format!("N{type_code:0>3}"), "number": number, "issued": issued })
}

/// The papers that go along, each once: those that the consignment refers to, attached ones and its invoice.
fn papers(draft: &Draft<'_>) -> Vec<Value> {
    let inputs = draft.inputs;
    let referred = inputs.consignment.documents.iter().filter(|reference| !reference.previous).map(referred);
    let attached = inputs.attachments.iter();
    let attached =
        attached.map(|one| paper(one.type_code.as_str(), &one.number, Some(one.issued.to_string())));
    let invoice = inputs.consignment.prices.iter();
    let invoice =
        invoice.map(|prices| paper(INVOICE, &prices.invoice_number, Some(prices.invoice_date.to_string())));
    let mut papers: Vec<Value> = Vec::new();
    let issued = inputs.previous.iter();
    let issued = issued.map(|one| paper(&one.type_code, &one.number, Some(one.issued.to_string())));
    for paper in referred.chain(attached).chain(invoice).chain(issued) {
        let same = |known: &Value| {
            known.get("type") == paper.get("type") && known.get("number") == paper.get("number")
        };
        if !papers.iter().any(same) {
            papers.push(paper);
        }
    }
    papers
}

/// Whether a paper is a contract of carriage. Source: UNTDID 1001, types 700 to 799 are transport documents.
fn is_contract(paper: &Value) -> bool {
    paper.get("type").and_then(Value::as_str).is_some_and(|code| code.len() == 3 && code.starts_with('7'))
}

/// Customs documents that this one follows, such as an export declaration.
fn previous(draft: &Draft<'_>) -> Value {
    draft.inputs.consignment.documents.iter().filter(|reference| reference.previous).map(referred).collect()
}

fn referred(reference: &DocumentReference) -> Value {
    paper(reference.type_code.as_str(), &reference.number, reference.issued.map(|date| date.to_string()))
}

/// Commercial invoice. Source: UNTDID 1001.
const INVOICE: &str = "380";
