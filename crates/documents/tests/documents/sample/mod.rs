//! A consignment of pumps from Xi'an to Istanbul, an itinerary for it, and the supplier's own invoice.

use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode, WagonNumber};
use kervan_documents::{
    AttachedDocument, Document, DocumentKind, DocumentRequest, Inputs, KeyFacts, Options, SeaContract,
    generate, list_applicable,
};
use kervan_model::{
    ArrivalOdds, Confidence, Consignment, Cost, Equipment, Finding, Itinerary, Leg, Mode, PlanInputs,
    ProcessKind, ProcessStay, Provenance, Seal, ServiceStatus, Stay, Step, TrafficClass, Wagon,
    WagonProvider,
};
use kervan_units::{Carbon, Distance, Estimate, Mass, Money, Seconds};

pub(crate) const DOSSIER: &str = "3f0b6a1c9d2e4f58a7c6b5d4e3f2a1b0c9d8e7f60514233241506f7e8d9cabbc";
pub(crate) const HEAD: &str = "9c1185a5c5e9fc54612808977ee8f548b2258d31a1b2c3d4e5f60718293a4b5c";

/// The consignment in the form that people write.
const FILE: &str = r#"{
  "reference": "KRV-2026-0117",
  "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T00:00:00Z",
  "terms": {"incoterm": "CIP", "place": "Istanbul, Halkali terminal"},
  "parties": [
    {"role": "consignor", "id": "xian-pumps", "name": "Xi'an Hengtai Pump & Valve Co., Ltd.",
     "address": "88 Fengcheng 8th Road, Weiyang District, 710018 Xi'an", "country": "CN", "identifier": "91610112MA6TQ8X42H"},
    {"role": "consignee", "id": "anadolu-su", "name": "Anadolu Su Sistemleri Sanayi ve Ticaret A.Ş.",
     "address": "İkitelli OSB Mah. Süleyman Demirel Blv. No: 14, 34490 Başakşehir, İstanbul", "country": "TR", "identifier": "0680412345"},
    {"role": "forwarder", "id": "silkway", "name": "ТОО «Silkway Forwarding»",
     "address": "пр. Кунаева 12/1, 010000 Астана", "country": "KZ"},
    {"role": "notify", "id": "marmara", "name": "Marmara Gümrükleme Ltd. Şti.", "address": "Halkalı Cad. 7, İstanbul", "country": "TR"}
  ],
  "goods": [
    {"description": "Centrifugal pumps for water supply, single-stage, with electric motors of 7.5 to 22 kW, assembled on base frames, including couplings, guards and counter flanges", "hs": "841370", "origin": "CN",
     "packages": 48, "package_kind": "CR", "marks": "ASS / İSTANBUL / 1-48", "gross_mass_kg": 15240.5, "net_mass_kg": 14376, "value": "186400.00", "containers": ["CSQU3054383"]},
    {"description": "Gate valves of cast iron, DN 100 to DN 300", "hs": "848180", "origin": "CN",
     "packages": 320, "package_kind": "CT", "gross_mass_kg": 9120, "net_mass_kg": 8736, "value": "58720.50", "containers": ["MSKU1234565"]},
    {"description": "Paint for touch-up, solvent-based, in tins of 5 l", "hs": "320890", "origin": "CN",
     "packages": 12, "package_kind": "BX", "gross_mass_kg": 96.4, "net_mass_kg": 84, "value": "1290.00",
     "dangerous": {"un_number": 1263, "class": "3", "packing_group": "III"}, "containers": ["MSKU1234565"]}
  ],
  "equipment": [
    {"number": "CSQU3054383", "size_type": "45G1", "tare_kg": 3900, "seals": [{"number": "CN4821177", "affixed_by": "consignor"}, {"number": "CCIC 990214", "affixed_by": "customs"}]},
    {"number": "MSKU1234565", "size_type": "22G1", "tare_kg": 2230, "seals": [{"number": "CN4821178", "affixed_by": "consignor"}]}
  ],
  "invoice": {"number": "HT-2026/1187", "date": "2026-11-24", "currency": "USD", "contract": "HT-ASS-2026-03"}
}"#;

pub(crate) fn consignment() -> Consignment {
    let file: kervan_model::format::ConsignmentFile = serde_json::from_str(FILE).unwrap();
    file.read().unwrap()
}

/// The kinds that every consignment has all facts for; those that wait for somebody are tested with facts of their own.
pub(crate) fn always_kinds() -> impl Iterator<Item = DocumentKind> {
    DocumentKind::ALL.into_iter().filter(|kind| !kind.waits())
}

pub(crate) fn place_name(code: &PlaceCode) -> String {
    let name = match code.as_str() {
        "CNXIA" => "Xi'an",
        "KZ-ALTYN" => "Altynkol",
        "KZAAU" => "Aktau",
        "AZALA" => "Alat",
        "GE-AKHAL" => "Akhalkalaki",
        "TRIST" => "Istanbul Halkalı",
        other => other,
    };
    name.to_owned()
}

fn provenance() -> Provenance {
    Provenance { source: "sample".into(), period: "2026".into(), confidence: Confidence::Low }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn leg(operator: &str, mode: Mode, from: &str, to: &str, departs: &str, arrives: &str) -> Step {
    let hours = |hours| Seconds::from_hours(hours);
    let distance = |km| Distance::from_kilometres(km);
    Step::Leg(Leg {
        service: format!("S-{from}-{to}").parse().unwrap(),
        name: format!("{from} to {to}"),
        operator: operator.into(),
        class: if mode == Mode::Rail { TrafficClass::BlockTrain } else { TrafficClass::Ferry },
        mode,
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        departs: time(departs),
        arrives: time(arrives),
        running: Estimate::new(hours(10), hours(20), hours(40)).unwrap(),
        distance: Estimate::new(distance(900), distance(1000), distance(1100)).unwrap(),
        countries: Vec::new(),
        cost: None,
        carbon: Carbon::from_grams(0),
        status: ServiceStatus::Open,
        provenance: provenance(),
    })
}

fn stay(place: &str, kind: ProcessKind, at: &str) -> Step {
    let hours = |hours| Seconds::from_hours(hours);
    Step::Stay(Stay {
        place: place.parse().unwrap(),
        arrives: time(at),
        leaves: time(at),
        processes: vec![ProcessStay {
            kind,
            duration: Estimate::new(hours(4), hours(12), hours(48)).unwrap(),
            includes_waiting: false,
            provenance: provenance(),
        }],
    })
}

pub(crate) fn itinerary() -> Itinerary {
    let usd = "USD".parse().unwrap();
    let zero = Money::zero(usd);
    Itinerary {
        inputs: PlanInputs {
            network_version: "0000000000000000".into(),
            seed: 1,
            samples: 100,
            equipment: Vec::new(),
            gross_mass: Mass::from_kilograms(24_457),
        },
        departs: time("2026-12-02T06:00:00Z"),
        arrives: ArrivalOdds {
            p10: time("2026-12-16T00:00:00Z"),
            p50: time("2026-12-20T00:00:00Z"),
            p90: time("2026-12-29T00:00:00Z"),
        },
        distance: Distance::from_kilometres(7_600),
        countries: Vec::new(),
        confidence: Confidence::Low,
        cost: Cost { total: zero, low: zero, high: zero, published: zero, judged: zero, unknown: Vec::new() },
        carbon: Carbon::from_grams(0),
        steps: vec![
            leg(
                "China Railway (CR)",
                Mode::Rail,
                "CNXIA",
                "KZ-ALTYN",
                "2026-12-02T06:00:00Z",
                "2026-12-05T06:00:00Z",
            ),
            stay("KZ-ALTYN", ProcessKind::Border, "2026-12-05T06:00:00Z"),
            leg(
                "АО «НК «Қазақстан темір жолы» (КТЖ)",
                Mode::Rail,
                "KZ-ALTYN",
                "KZAAU",
                "2026-12-06T00:00:00Z",
                "2026-12-09T00:00:00Z",
            ),
            stay("KZAAU", ProcessKind::Border, "2026-12-09T00:00:00Z"),
            leg("ASCO", Mode::Ferry, "KZAAU", "AZALA", "2026-12-11T00:00:00Z", "2026-12-12T00:00:00Z"),
            stay("AZALA", ProcessKind::Border, "2026-12-12T00:00:00Z"),
            leg(
                "Azərbaycan Dəmir Yolları (ADY)",
                Mode::Rail,
                "AZALA",
                "GE-AKHAL",
                "2026-12-13T00:00:00Z",
                "2026-12-15T00:00:00Z",
            ),
            stay("GE-AKHAL", ProcessKind::Border, "2026-12-15T00:00:00Z"),
            leg(
                "TCDD Taşımacılık A.Ş.",
                Mode::Rail,
                "GE-AKHAL",
                "TRIST",
                "2026-12-16T00:00:00Z",
                "2026-12-20T00:00:00Z",
            ),
        ],
    }
}

/// The supplier's own invoice, which states another gross mass than the consignment.
pub(crate) fn supplier_invoice() -> AttachedDocument {
    AttachedDocument {
        type_code: "380".parse().unwrap(),
        number: "HT-2026/1187".into(),
        issued: "2026-11-24".parse().unwrap(),
        issuer: "xian-pumps".parse().unwrap(),
        sha256: "0".repeat(64),
        media_type: "application/pdf".into(),
        facts: KeyFacts { gross_mass: Some(Mass::from_kilograms(25_600)), ..KeyFacts::default() },
    }
}

pub(crate) fn certificate_of_origin() -> AttachedDocument {
    AttachedDocument {
        type_code: "861".parse().unwrap(),
        number: "CO26-3301-77".into(),
        facts: KeyFacts::default(),
        ..supplier_invoice()
    }
}

pub(crate) fn inputs<'a>(
    consignment: &'a Consignment,
    itinerary: Option<&'a Itinerary>,
    attachments: &'a [AttachedDocument],
) -> Inputs<'a> {
    Inputs {
        itinerary,
        head: HEAD,
        dossier: DOSSIER,
        attachments,
        ..Inputs::new(consignment, &place_name, time("2026-12-01T07:30:00Z"))
    }
}

/// Makes the first document of a kind; for a kind that these inputs have no need of, with an itinerary that has.
pub(crate) fn make(kind: DocumentKind, inputs: &Inputs<'_>) -> Result<Document, Vec<Finding>> {
    let find = |inputs: &Inputs<'_>| list_applicable(inputs).into_iter().find(|request| request.kind == kind);
    if let Some(request) = find(inputs) {
        return generate(&request, inputs);
    }
    let mut many = inputs.consignment.clone();
    add_equipment(&mut many, 6);
    let ways =
        [(itinerary(), inputs.consignment), (itinerary_by_road(), inputs.consignment), (itinerary(), &many)];
    for (way, consignment) in &ways {
        for sea in [SeaContract::Waybill, SeaContract::Negotiable] {
            let wider = Inputs { itinerary: Some(way), consignment, options: Options { sea }, ..*inputs };
            if let Some(request) = find(&wider) {
                return generate(&request, &wider);
            }
        }
    }
    generate(&DocumentRequest::of_whole(kind, "1"), inputs)
}

/// Adds wagons with a container on each.
pub(crate) fn add_equipment(consignment: &mut Consignment, count: usize) {
    for index in 0..count {
        let container: ContainerNumber = checked(&format!("KRVU{index:06}"));
        let first = consignment.goods.first().map_or(0, |item| item.packages);
        let number: WagonNumber = checked(&format!("52{index:05}"));
        consignment.equipment.push(Equipment {
            number: container.clone(),
            size_type: "45G1".parse().unwrap(),
            tare: Some(Mass::from_kilograms(3_900)),
            seals: vec![Seal { number: format!("S{index}{first}"), affixed_by: "consignor".into() }],
            temperature: None,
            verified_mass: None,
        });
        consignment.wagons.push(Wagon {
            number,
            tare: Some(Mass::from_kilograms(22_500)),
            load_limit: Some(Mass::from_kilograms(69_000)),
            axles: Some(4),
            owner: Some("КТЖ".into()),
            provided_by: Some(WagonProvider::Carrier),
            containers: vec![container],
            seals: Vec::new(),
        });
    }
}

/// A number with the digit that makes it right.
fn checked<T: std::str::FromStr>(number: &str) -> T {
    (0..10).find_map(|digit| format!("{number}{digit}").parse().ok()).unwrap()
}

/// The same way with trucks after the sea.
pub(crate) fn itinerary_by_road() -> Itinerary {
    let mut way = itinerary();
    for step in &mut way.steps {
        if let Step::Leg(leg) = step
            && matches!(leg.from.as_str(), "AZALA" | "GE-AKHAL")
        {
            leg.mode = Mode::Road;
            leg.class = TrafficClass::Truck;
            leg.operator = "Kafkas Nakliyat".into();
        }
    }
    way
}

/// The same consignment with many goods items, many containers and Georgian text.
pub(crate) fn large_consignment(items: usize) -> Consignment {
    let mut large = consignment();
    let pattern = large.goods.clone();
    let price = large.prices.as_ref().unwrap().items.clone();
    let goods = (0..items).map(|index| {
        let mut item = pattern[index % pattern.len()].clone();
        item.containers = Vec::new();
        item.description = format!("{} — lot {}", item.description, index + 1);
        if index % 4 == 3 {
            item.description =
                format!("ქართული ღვინო, წითელი მშრალი, ბოთლებში 0,75 ლ — пример {}", index + 1);
        }
        item
    });
    large.goods = goods.collect();
    large.prices.as_mut().unwrap().items = (0..items).map(|index| price[index % price.len()]).collect();
    large
}
