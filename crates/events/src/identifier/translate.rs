//! The identifiers of an event in the form that a reader wants.

use super::company::{LONGEST, SHORTEST};
use super::{CompanyPrefixes, canonical_digital_link, company_prefix, epc_urn};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// In which form identifiers of GS1 are told. Source: EPCIS 2.0, section 12.8, header `GS1-EPC-Format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpcFormat {
    /// As captured; the repository chooses this.
    #[default]
    #[serde(rename = "No_Preference")]
    NoPreference,
    /// As GS1 Digital Link.
    #[serde(rename = "Always_GS1_Digital_Link")]
    DigitalLink,
    /// As EPC URN.
    #[serde(rename = "Always_EPC_URN")]
    EpcUrn,
    /// As captured.
    #[serde(rename = "Never_Translates")]
    AsCaptured,
}

impl EpcFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NoPreference, Self::DigitalLink, Self::EpcUrn, Self::AsCaptured];

    /// The word of the standard.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoPreference => "No_Preference",
            Self::DigitalLink => "Always_GS1_Digital_Link",
            Self::EpcUrn => "Always_EPC_URN",
            Self::AsCaptured => "Never_Translates",
        }
    }

    /// The format of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// Fields of an event with identifiers in a list, with one identifier, and those of the items of a list.
const LISTS: &[&str] = &["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
const SINGLE: &[&str] = &["parentID", "transformationID"];
const PLACES: &[&str] = &["readPoint", "bizLocation"];
const ITEMS: &[(&str, &str)] = &[
    ("quantityList", "epcClass"),
    ("childQuantityList", "epcClass"),
    ("inputQuantityList", "epcClass"),
    ("outputQuantityList", "epcClass"),
    ("bizTransactionList", "bizTransaction"),
    ("sourceList", "source"),
    ("destinationList", "destination"),
];

/// What sensors say of devices and of documents about how they measured.
const OF_SENSORS: &[&str] = &["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"];

/// Why an identifier cannot be told as EPC URN.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotTranslated {
    /// How many of its digits name the company is not known: a Digital Link does not say it, and it is not guessed.
    CompanyUnknown(String),
    /// Its key has no EPC, whatever the company.
    NoEpc(String),
}

impl NotTranslated {
    /// The identifier.
    pub fn uri(&self) -> &str {
        match self {
            Self::CompanyUnknown(uri) | Self::NoEpc(uri) => uri,
        }
    }
}

impl std::fmt::Display for NotTranslated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CompanyUnknown(uri) => write!(f, "`{uri}`: the length of its company prefix is not known"),
            Self::NoEpc(uri) => write!(f, "`{uri}`: its key has no EPC"),
        }
    }
}

/// Puts one identifier into a form. What is no key of GS1 stays, and so does what has the form already.
///
/// Errors: it is a Digital Link that cannot be told as EPC URN.
pub fn translate_identifier(
    uri: &str,
    format: EpcFormat,
    prefixes: &CompanyPrefixes,
) -> Result<Option<String>, NotTranslated> {
    let is_urn = uri.starts_with("urn:epc:");
    match format {
        EpcFormat::NoPreference | EpcFormat::AsCaptured => Ok(None),
        EpcFormat::DigitalLink => Ok(is_urn.then(|| canonical_digital_link(uri)).flatten()),
        EpcFormat::EpcUrn if is_urn || canonical_digital_link(uri).is_none() => Ok(None),
        EpcFormat::EpcUrn => match prefixes.epc_urn(uri) {
            Some(urn) => Ok(Some(urn)),
            None if has_epc(uri) => Err(NotTranslated::CompanyUnknown(uri.to_owned())),
            None => Err(NotTranslated::NoEpc(uri.to_owned())),
        },
    }
}

/// Whether there is an EPC of a key for some company prefix.
fn has_epc(uri: &str) -> bool {
    (SHORTEST..=LONGEST).any(|digits| epc_urn(uri, digits).is_some())
}

/// Puts every identifier of GS1 in an event into a form: things, classes, places, parties, transactions and devices. What is
/// no key of GS1 stays, and so does what has the form already.
///
/// Errors: Digital Links that cannot be told as EPC URN, each once; they stay as they are.
pub fn translate_event(
    event: &mut Value,
    format: EpcFormat,
    prefixes: &CompanyPrefixes,
) -> Result<(), Vec<NotTranslated>> {
    if matches!(format, EpcFormat::NoPreference | EpcFormat::AsCaptured) {
        return Ok(());
    }
    let mut failed = BTreeSet::new();
    let mut put = |value: &mut Value| {
        let Some(text) = value.as_str() else { return };
        match translate_identifier(text, format, prefixes) {
            Ok(Some(told)) => *value = told.into(),
            Ok(None) => {}
            Err(why) => {
                failed.insert(why);
            }
        }
    };
    for list in LISTS {
        event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten().for_each(&mut put);
    }
    for field in SINGLE {
        event.get_mut(*field).into_iter().for_each(&mut put);
    }
    for place in PLACES {
        event.get_mut(*place).and_then(|place| place.get_mut("id")).into_iter().for_each(&mut put);
    }
    for (list, field) in ITEMS {
        let items = event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten();
        items.filter_map(|item| item.get_mut(*field)).for_each(&mut put);
    }
    for sensor in event.get_mut("sensorElementList").and_then(Value::as_array_mut).into_iter().flatten() {
        for field in OF_SENSORS {
            sensor
                .get_mut("sensorMetadata")
                .and_then(|part| part.get_mut(*field))
                .into_iter()
                .for_each(&mut put);
            let reports = sensor.get_mut("sensorReport").and_then(Value::as_array_mut).into_iter().flatten();
            reports.filter_map(|report| report.get_mut(*field)).for_each(&mut put);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.into_iter().collect()) }
}

/// The company prefixes that the EPC URNs of an event show, each once: in the fields that [`translate_event`] puts into a
/// form.
pub fn shown_prefixes(event: &Value) -> BTreeSet<&str> {
    let mut shown = BTreeSet::new();
    let items = |list: &str| event.get(list).and_then(Value::as_array).into_iter().flatten();
    shown.extend(LISTS.iter().flat_map(|list| items(list)).filter_map(prefix_of));
    shown.extend(SINGLE.iter().filter_map(|field| prefix_of(event.get(*field)?)));
    shown.extend(PLACES.iter().filter_map(|place| prefix_of(event.get(*place)?.get("id")?)));
    for (list, field) in ITEMS {
        shown.extend(items(list).filter_map(|item| prefix_of(item.get(*field)?)));
    }
    for sensor in items("sensorElementList") {
        let reports = sensor.get("sensorReport").and_then(Value::as_array).into_iter().flatten();
        for part in reports.chain(sensor.get("sensorMetadata")) {
            shown.extend(OF_SENSORS.iter().filter_map(|field| prefix_of(part.get(*field)?)));
        }
    }
    shown
}

fn prefix_of(value: &Value) -> Option<&str> {
    company_prefix(value.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_identifier_takes_the_form_that_is_wanted() {
        let captured = json!({
            "epcList": ["urn:epc:id:sgtin:4012345.011111.9876", "urn:epc:id:bic:CSQU3054383"],
            "parentID": "https://shop.example/00/340123451111111111",
            "quantityList": [{"epcClass": "urn:epc:idpat:sgtin:4012345.099914.*", "quantity": 1}],
            "readPoint": {"id": "https://id.gs1.org/414/4012345000054/254/122"},
            "bizTransactionList": [{"bizTransaction": "urn:epc:id:gdti:4012345.00001.1618034"}],
            "sensorElementList": [{"sensorMetadata": {"deviceID": "https://id.gs1.org/8004/4012345111"}, "sensorReport": []}],
        });
        let mut prefixes = CompanyPrefixes::default();
        prefixes.add("4012345");
        let told = |format| {
            let mut event = captured.clone();
            translate_event(&mut event, format, &prefixes).map(|()| event)
        };
        assert_eq!(told(EpcFormat::AsCaptured), Ok(captured.clone()));
        let links = told(EpcFormat::DigitalLink).unwrap();
        assert_eq!(
            links["epcList"],
            json!(["https://id.gs1.org/01/04012345111118/21/9876", "urn:epc:id:bic:CSQU3054383"])
        );
        // What is a Digital Link already keeps its domain.
        assert_eq!(links["parentID"], captured["parentID"]);
        let urns = told(EpcFormat::EpcUrn).unwrap();
        assert_eq!(urns["parentID"], "urn:epc:id:sscc:4012345.3111111111");
        assert_eq!(urns["readPoint"]["id"], "urn:epc:id:sgln:4012345.00005.122");
        assert_eq!(
            urns.pointer("/sensorElementList/0/sensorMetadata/deviceID").unwrap(),
            "urn:epc:id:giai:4012345.111"
        );
        let mut event = captured;
        let failed = translate_event(&mut event, EpcFormat::EpcUrn, &CompanyPrefixes::default()).unwrap_err();
        assert_eq!(failed.len(), 3);
        assert!(failed.iter().all(|why| matches!(why, NotTranslated::CompanyUnknown(_))), "{failed:?}");
        for format in EpcFormat::ALL {
            assert_eq!(EpcFormat::find(format.word()), Some(format));
        }
    }

    /// Every field that the standard gives an identifier of GS1: what is translated in it is also where a prefix is learned.
    #[test]
    fn each_field_is_translated_and_shows_its_company() {
        const URN: &str = "urn:epc:id:gdti:4012345.00001.1618034";
        let link = canonical_digital_link(URN).unwrap();
        let mut known = CompanyPrefixes::default();
        known.add("4012345");
        let mut fields: Vec<Value> = LISTS.iter().map(|list| json!({*list: [URN]})).collect();
        fields.extend(SINGLE.iter().map(|field| json!({*field: URN})));
        fields.extend(PLACES.iter().map(|place| json!({*place: {"id": URN}})));
        fields.extend(ITEMS.iter().map(|(list, field)| json!({*list: [{*field: URN}]})));
        fields.extend(OF_SENSORS.iter().flat_map(|field| {
            let element = |element: Value| json!({"sensorElementList": [element]});
            [
                element(json!({"sensorMetadata": {*field: URN}})),
                element(json!({"sensorReport": [{*field: URN}]})),
            ]
        }));
        assert_eq!(fields.len(), 4 + 2 + 2 + 7 + 10);
        for captured in fields {
            assert_eq!(shown_prefixes(&captured).into_iter().collect::<Vec<_>>(), ["4012345"], "{captured}");
            let mut event = captured.clone();
            translate_event(&mut event, EpcFormat::DigitalLink, &CompanyPrefixes::default()).unwrap();
            assert_eq!(event.to_string(), captured.to_string().replace(URN, &link));
            assert!(shown_prefixes(&event).is_empty());
            let failed = translate_event(&mut event, EpcFormat::EpcUrn, &CompanyPrefixes::default());
            assert_eq!(failed, Err(vec![NotTranslated::CompanyUnknown(link.clone())]));
            translate_event(&mut event, EpcFormat::EpcUrn, &known).unwrap();
            assert_eq!(event, captured);
        }
    }

    #[test]
    fn what_has_no_epc_is_told_apart_from_what_has_no_known_company() {
        let told = |uri: &str| translate_identifier(uri, EpcFormat::EpcUrn, &CompanyPrefixes::default());
        let coupon = "https://id.gs1.org/8013/4012345ABC";
        assert!(matches!(
            told("https://id.gs1.org/417/9999999999994"),
            Err(NotTranslated::CompanyUnknown(_))
        ));
        assert_eq!(told("urn:epc:id:bic:CSQU3054383"), Ok(None));
        assert_eq!(told("https://id.kervan.example/place/KZAAU"), Ok(None));
        if canonical_digital_link(coupon).is_some() {
            assert_eq!(told(coupon), Err(NotTranslated::NoEpc(coupon.to_owned())));
        }
    }
}
