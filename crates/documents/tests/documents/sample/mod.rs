//! A consignment of pumps from Xi'an to Istanbul, an itinerary for it, and the supplier's own invoice.

#![allow(dead_code, reason = "each user takes the samples that it needs")]

use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode, WagonNumber};
use kervan_documents::{
    AttachedDocument, Document, DocumentKind, DocumentRequest, Inputs, KeyFacts, MovementFacts, Options,
    SeaContract, generate, list_applicable,
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
            figures: None,
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

/// The same consignment with everything that documents of carriage can tell.
pub(crate) fn detailed_consignment() -> Consignment {
    let mut file: serde_json::Value = serde_json::from_str(FILE).unwrap();
    let wagon: WagonNumber = checked("5200001");
    let more = serde_json::json!({
        "wagons": [{"number": wagon.as_str(), "tare_kg": 22500, "load_limit_kg": 69000, "axles": 4, "owner": "КТЖ",
            "provided_by": "carrier", "containers": ["CSQU3054383", "MSKU1234565"]}],
        "vehicles": [{"registration": "34KRV117", "country": "TR", "kind": "tractor"}],
        "transport": [{"mode": "ferry", "from": "KZAAU", "to": "AZALA", "means": "8919271", "name": "Professor Gül",
            "nationality": "AZ", "journey": "26-114"}],
        "instructions": [{"to": "carrier", "code": "7", "text": "Keep dry"}],
        "documents": [{"type_code": "830", "number": "26CN0000117", "issued": "2026-11-30", "previous": true}],
        "charges": [
            {"kind": "freight", "from": "CNXIA", "to": "KZAAU", "payer": "consignor", "settlement": "prepaid",
                "account": "CR-771", "amount": "4100.00 USD"},
            {"kind": "freight", "from": "KZAAU", "to": "AZALA", "payer": "forwarder", "settlement": "prepaid",
                "amount": "900.00 USD"},
            {"kind": "freight", "from": "AZALA", "to": "TRIST", "payer": "consignee", "settlement": "collect",
                "account": "ADY-12", "amount": "3200.00 USD"}
        ]
    });
    for (key, value) in more.as_object().unwrap() {
        file[key] = value.clone();
    }
    let words = [("насосы центробежные", "离心泵"), ("задвижки чугунные", "铸铁闸阀"), ("краска", "油漆")];
    for (index, (russian, chinese)) in words.into_iter().enumerate() {
        let item = &mut file["goods"][index];
        item["descriptions"] =
            serde_json::json!([{"language": "ru", "text": russian}, {"language": "zh", "text": chinese}]);
        item["rail_codes"] =
            serde_json::json!({"gng": format!("{}00", item["hs"].as_str().unwrap()), "etsng": "371017"});
    }
    file["goods"][2]["dangerous"]["shipping_name"] = "PAINT".into();
    file["parties"][0]["names"] = serde_json::json!([{"language": "zh", "name": "西安恒泰泵阀有限公司", "address": "西安市未央区凤城八路88号"}]);
    file["parties"][0]["contact"] =
        serde_json::json!({"name": "Li Na", "phone": "+862986001122", "email": "li.na@hengtai.example"});
    for index in 0..2 {
        file["equipment"][index]["verified_mass"] = serde_json::json!({"mass_kg": 15000 + index, "method": "weighed",
            "responsible": "Xi'an Hengtai", "at": "2026-11-30T00:00:00Z"});
    }
    let file: kervan_model::format::ConsignmentFile = serde_json::from_value(file).unwrap();
    file.read().unwrap()
}

/// A movement under a customs procedure that is accepted.
pub(crate) fn movements() -> Vec<MovementFacts> {
    vec![MovementFacts {
        id: "m1".into(),
        territory: "TR".into(),
        regime: "common-transit".into(),
        mrn: Some("26TR34130000012345".into()),
        declaration: serde_json::Value::Null,
    }]
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
