//! The identifiers of an event in the form that a reader wants.

use super::{CompanyPrefixes, canonical_digital_link};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// Fields of an event with identifiers in a list, and those of the items of a list.
const LISTS: &[&str] = &["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
const ITEMS: &[(&str, &str)] = &[
    ("quantityList", "epcClass"),
    ("childQuantityList", "epcClass"),
    ("inputQuantityList", "epcClass"),
    ("outputQuantityList", "epcClass"),
    ("bizTransactionList", "bizTransaction"),
    ("sourceList", "source"),
    ("destinationList", "destination"),
];

/// Puts every identifier of GS1 in an event into a form: things, classes, places, parties, transactions and devices. What is
/// no key of GS1 stays, and so does what has the form already.
///
/// Errors: Digital Links that cannot be told as EPC URN, because the key has none or its company prefix is not known.
pub fn translate_event(
    event: &mut Value,
    format: EpcFormat,
    prefixes: &CompanyPrefixes,
) -> Result<(), Vec<String>> {
    let mut failed = Vec::new();
    let mut put = |value: &mut Value| {
        let Some(text) = value.as_str() else { return };
        let is_urn = text.starts_with("urn:epc:");
        match format {
            EpcFormat::NoPreference | EpcFormat::AsCaptured => {}
            EpcFormat::DigitalLink if !is_urn => {}
            EpcFormat::DigitalLink => {
                if let Some(link) = canonical_digital_link(text) {
                    *value = link.into();
                }
            }
            EpcFormat::EpcUrn if is_urn || canonical_digital_link(text).is_none() => {}
            EpcFormat::EpcUrn => match prefixes.epc_urn(text) {
                Some(urn) => *value = urn.into(),
                None => failed.push(text.to_owned()),
            },
        }
    };
    for list in LISTS {
        event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten().for_each(&mut put);
    }
    for (list, field) in ITEMS {
        let items = event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten();
        items.filter_map(|item| item.get_mut(*field)).for_each(&mut put);
    }
    for field in ["parentID", "transformationID"] {
        event.get_mut(field).into_iter().for_each(&mut put);
    }
    for place in ["readPoint", "bizLocation"] {
        event.get_mut(place).and_then(|place| place.get_mut("id")).into_iter().for_each(&mut put);
    }
    for sensor in event.get_mut("sensorElementList").and_then(Value::as_array_mut).into_iter().flatten() {
        sensor.pointer_mut("/sensorMetadata/deviceID").into_iter().for_each(&mut put);
        let reports = sensor.get_mut("sensorReport").and_then(Value::as_array_mut).into_iter().flatten();
        reports.filter_map(|report| report.get_mut("deviceID")).for_each(&mut put);
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
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
        for format in EpcFormat::ALL {
            assert_eq!(EpcFormat::find(format.word()), Some(format));
        }
    }
}
