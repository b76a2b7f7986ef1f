//! Every field of a consignment file, written wrongly in every way: each fault is told at its place, in words of people.

use kervan_model::Finding;
use kervan_model::format::ConsignmentFile;
use serde_json::{Value, json};

/// A file with every field that there is.
fn whole() -> Value {
    json!({
        "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
        "terms": {"incoterm": "FCA", "place": "Xi'an"},
        "parties": [
            {"role": "consignor", "id": "seller", "name": "Seller", "address": "1 Road", "country": "CN", "identifier": "USCC 1",
                "identifiers": [{"scheme": "USCC", "value": "91610112MA6TQ8X42H"}],
                "names": [{"language": "zh", "name": "卖方", "address": "一路"}],
                "contact": {"name": "Desk", "phone": "+86 29 5550 0100", "email": "desk@example.org"}},
            {"role": "consignee", "id": "buyer", "name": "Buyer", "address": "2 Road", "country": "TR"},
            {"role": "forwarder", "id": "mover", "name": "Mover", "address": "3 Road", "country": "KZ"}
        ],
        "goods": [{"description": "Paint", "descriptions": [{"language": "ru", "text": "Краска"}], "hs": "320890",
            "rail_codes": {"gng": "32089000", "etsng": "441074"}, "origin": "CN", "packages": 100, "package_kind": "CT",
            "packaging": {"count": 4, "kind": "CT", "inside": {"count": 2, "kind": "BX"}}, "marks": "M 1-100",
            "gross_mass_kg": 7000.5, "net_mass_kg": "6500", "value": "21000.00",
            "dangerous": {"un_number": 1263, "shipping_name": "PAINT", "class": "3", "subsidiary": ["8"], "packing_group": "III",
                "flash_point_c": 31, "marine_pollutant": false, "limited_quantity": false, "emergency_contact": "+86 1"},
            "plant": {"botanical_name": "Malus domestica", "treatment": "Cold", "treated": "2026-11-10"},
            "temperature_c": [2, 8], "containers": ["CSQU3054383"]}],
        "equipment": [{"number": "CSQU3054383", "size_type": "45G1", "tare_kg": 3750,
            "seals": [{"number": "A1", "affixed_by": "consignor"}], "temperature_c": [2, 8],
            "verified_mass": {"mass_kg": 11000, "method": "weighed", "responsible": "Seller", "at": "2026-11-30T00:00:00Z"}}],
        "invoice": {"number": "INV-1", "date": "2026-11-20", "currency": "USD", "contract": "C-1"},
        "wagons": [{"number": "52908241", "tare_kg": 21500, "load_limit_kg": 72000, "axles": 4, "owner": "Owner",
            "provided_by": "carrier", "containers": ["CSQU3054383"], "seals": [{"number": "B1", "affixed_by": "carrier"}]}],
        "vehicles": [{"registration": "34ABC123", "country": "TR", "kind": "tractor", "approval": "A-1"}],
        "transport": [{"mode": "sea", "from": "KZAAU", "to": "AZALA", "means": "8919271", "name": "Professor Gul",
            "nationality": "AZ", "journey": "114"}],
        "instructions": [{"to": "carrier", "code": "7", "text": "Keep dry"}],
        "documents": [{"type_code": "830", "number": "26CN0000", "issued": "2026-11-20", "valid_until": "2027-11-20",
            "issuer": "Customs", "previous": true}],
        "charges": [{"kind": "freight", "from": "CNXIA", "to": "KZAAU", "payer": "consignor", "settlement": "prepaid",
            "account": "ACC-1", "amount": "1200.50 USD"}]
    })
}

/// The pointers of everything in a value.
fn list_pointers(value: &Value, path: &str, pointers: &mut Vec<String>) {
    if !path.is_empty() {
        pointers.push(path.to_owned());
    }
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| list_pointers(inner, &format!("{path}/{name}"), pointers))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, inner)| list_pointers(inner, &format!("{path}/{at}"), pointers)),
        _ => {}
    }
}

fn read(file: &Value) -> Vec<Finding> {
    ConsignmentFile::read_value(file.clone()).err().unwrap_or_default()
}

/// What no finding may hold: words of the libraries and of the language that the program is written in.
const FOREIGN: &[&str] = &[
    "jiff",
    "serde",
    "invalid type",
    "invalid value",
    "invalid length",
    "expected",
    "struct ",
    "::",
    "enum",
    "u32",
    "u16",
    "u8",
    "i16",
    "variant",
    "deserialize",
    "sequence",
    "failed to parse",
    "unknown field",
    "missing field",
    "Option",
    "Some(",
    "None",
];

/// The faults of what is said of a file with one wrong field.
fn faults_of(findings: &[Finding], place: &str, what: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for finding in findings {
        let said = format!("{} {}", finding.message, finding.remedy.as_deref().unwrap_or_default());
        let told =
            format!("{place}: {what}: {:?}: {}", finding.path, said.chars().take(300).collect::<String>());
        if FOREIGN.iter().any(|word| said.contains(word)) {
            faults.push(format!("foreign words: {told}"));
        }
        if finding.remedy.as_deref().unwrap_or_default().is_empty() {
            faults.push(format!("no remedy: {told}"));
        }
        if said.chars().count() > 900 {
            faults.push(format!("long: {told}"));
        }
    }
    // What stands at the place, in it, or around it; what rests on it may be told as well.
    let near = |path: &str| path.starts_with(place) || (place.starts_with(path) && path.len() > 1);
    let paths: Vec<&str> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    let between = findings.iter().all(|finding| finding.code == "consignment.net-above-gross");
    if !between && !paths.iter().any(|path| near(path)) {
        faults.push(format!("no finding at the place: {place}: {what}: {findings:?}"));
    }
    faults
}

#[test]
fn the_whole_file_is_read() {
    let findings = read(&whole());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn every_field_that_is_wrong_is_told_at_its_place_in_words_of_people() {
    let (file, mut pointers, mut faults, mut told) = (whole(), Vec::new(), Vec::new(), 0);
    list_pointers(&file, "", &mut pointers);
    let wrong = [
        ("a group", json!({"a": {"b": 1}})),
        ("a list", json!([["x"]])),
        ("a switch", json!(true)),
        ("nothing", json!(null)),
        ("a number", json!(-70_000)),
        ("a fraction", json!(0.123_456_7)),
        ("a large number", json!(u64::MAX)),
        ("no text", json!("")),
        ("a form that nothing has", json!("§ tomorrow")),
        ("a long text", json!("x".repeat(5_000))),
        ("a control character", json!("a\u{7}b")),
        ("a date that is not", json!("2026-02-30")),
        ("digits", json!("99")),
    ];
    assert!(pointers.len() > 120, "{}", pointers.len());
    for place in &pointers {
        let was = file.pointer(place).unwrap();
        for (what, value) in &wrong {
            let mut file = file.clone();
            *file.pointer_mut(place).unwrap() = value.clone();
            let findings = read(&file);
            // A group, a long text and a control character are never right, whatever the field.
            let never = ["a group", "a long text", "a control character"].contains(what);
            let other_form = was.is_string() && ["a list", "a switch"].contains(what);
            if (never || other_form) && findings.is_empty() {
                faults.push(format!("{place}: {what} is taken"));
            }
            told += findings.len();
            faults.extend(faults_of(&findings, place, what));
        }
    }
    assert!(told > 1_000, "{told}");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_field_that_is_missing_or_unknown_is_told_at_its_place() {
    let (file, mut pointers, mut faults) = (whole(), Vec::new(), Vec::new());
    list_pointers(&file, "", &mut pointers);
    pointers.push(String::new());
    let mut missing = Vec::new();
    for place in &pointers {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        let mut without = file.clone();
        if let Some(Value::Object(members)) = without.pointer_mut(parent) {
            members.remove(name);
            let findings = read(&without);
            faults.extend(faults_of(&findings, place, "missing"));
            if findings
                .iter()
                .any(|finding| finding.code == "consignment.missing" && finding.path.as_ref() == Some(place))
            {
                missing.push(place.as_str());
            } else if !findings.is_empty() {
                faults.push(format!("{place} is missing: {findings:?}"));
            }
        }
        let mut more = file.clone();
        if let Some(Value::Object(members)) = more.pointer_mut(place) {
            members.insert("colour".to_owned(), json!("red"));
            let findings = read(&more);
            let at = format!("{place}/colour");
            if findings.iter().all(|finding| finding.path.as_deref() != Some(&at)) {
                faults.push(format!("{at}: {findings:?}"));
            }
            faults.extend(faults_of(&findings, &at, "unknown"));
        }
    }
    for place in [
        "/reference",
        "/terms",
        "/parties/0/role",
        "/goods/0/net_mass_kg",
        "/equipment/0/verified_mass/mass_kg",
        "/charges/0/payer",
    ] {
        assert!(missing.contains(&place), "{place} is not told as missing");
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn all_faults_of_form_are_told_at_once() {
    let mut file = whole();
    let wrong = [
        ("/reference", json!(5)),
        ("/terms", json!("FCA")),
        ("/parties/1/role", json!("buyer")),
        ("/goods/0/packages", json!("many")),
        ("/goods/0/hs", json!("12")),
        ("/equipment/0/seals", json!("A1")),
        ("/invoice/date", json!("26.11.2026")),
        ("/wagons/0/tare_kg", json!({})),
        ("/documents/0/issued", json!("26.11.2026")),
    ];
    for (place, value) in &wrong {
        *file.pointer_mut(place).unwrap() = value.clone();
    }
    file.as_object_mut().unwrap().remove("ready");
    let findings = read(&file);
    let paths: Vec<&str> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    for place in wrong.iter().map(|(place, _)| *place).chain(["/ready"]) {
        assert_eq!(paths.iter().filter(|path| **path == place).count(), 1, "{place} in {paths:?}");
    }
    assert_eq!(paths.len(), wrong.len() + 1, "{findings:#?}");
    for (file, place) in [(json!([]), "/"), (json!("x"), "/"), (json!({}), "/goods")] {
        assert!(read(&file).iter().any(|finding| finding.path.as_deref() == Some(place)), "{file}");
    }
}
