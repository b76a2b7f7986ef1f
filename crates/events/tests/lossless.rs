//! What XML says that JSON has no field for: it comes back as it went.

#![expect(clippy::panic, reason = "a helper of tests")]

use kervan_events::{WordForm, check_capture, event_hash_in, json_of_xml, xml_of_json, xml_of_json_in};
use kervan_model::has_errors;
use serde_json::{Value, json};

const EXTENDED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://ns.example.com/x/"
    xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    ex:route="middle" creationDate="2026-12-01T08:10:00Z" schemaVersion="2.0">
  <EPCISHeader>
    <sh:StandardBusinessDocumentHeader>
      <sh:HeaderVersion>1.3</sh:HeaderVersion>
      <sh:Sender>
        <sh:Identifier Authority="SGLN">urn:epc:id:sgln:0353579.00001.0</sh:Identifier>
        <sh:ContactInformation><sh:Contact>John Doe</sh:Contact><sh:EmailAddress>j@example.com</sh:EmailAddress></sh:ContactInformation>
      </sh:Sender>
      <sh:Receiver><sh:Identifier Authority="SGLN">urn:epc:id:sgln:5012345.00001.0</sh:Identifier></sh:Receiver>
      <sh:Receiver><sh:Identifier>urn:epc:id:sgln:5012345.00002.0</sh:Identifier></sh:Receiver>
      <sh:DocumentIdentification>
        <sh:Standard>EPCglobal</sh:Standard><sh:TypeVersion>1.0</sh:TypeVersion>
        <sh:InstanceIdentifier>1234567890</sh:InstanceIdentifier><sh:Type>Events</sh:Type>
        <sh:MultipleType>false</sh:MultipleType>
        <sh:CreationDateAndTime>2006-01-10T00:00:00.000Z</sh:CreationDateAndTime>
      </sh:DocumentIdentification>
      <sh:Manifest>
        <sh:NumberOfItems>1</sh:NumberOfItems>
        <sh:ManifestItem>
          <sh:MimeTypeQualifierCode>application/xml</sh:MimeTypeQualifierCode>
          <sh:UniformResourceIdentifier>https://example.com/a</sh:UniformResourceIdentifier>
          <sh:LanguageCode>en</sh:LanguageCode>
        </sh:ManifestItem>
      </sh:Manifest>
      <sh:BusinessScope>
        <sh:Scope>
          <sh:Type>Traceability</sh:Type><sh:InstanceIdentifier>S-1</sh:InstanceIdentifier>
          <sh:CorrelationInformation>
            <sh:RequestingDocumentInstanceIdentifier>R-1</sh:RequestingDocumentInstanceIdentifier>
          </sh:CorrelationInformation>
        </sh:Scope>
      </sh:BusinessScope>
    </sh:StandardBusinessDocumentHeader>
    <ex:batch number="7">night</ex:batch>
  </EPCISHeader>
  <EPCISBody><EventList>
    <ObjectEvent ex:origin="gate-2">
      <eventTime>2026-12-01T08:00:00Z</eventTime>
      <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
      <epcList><epc>urn:epc:id:sgtin:4012345.011111.9876</epc></epcList>
      <action>ADD</action>
      <bizStep>https://ref.gs1.org/cbv/BizStep-commissioning</bizStep>
      <readPoint ex:lane="3"><id>urn:epc:id:sgln:4012345.00005.122</id></readPoint>
      <ilmd ex:source="plant"><ex:grade scale="A-F" ex:by="auditor" xml:lang="en">A</ex:grade></ilmd>
      <ex:seal kind="bolt"/>
      <ex:door side="left"><ex:leaf ex:hinge="2">open</ex:leaf><ex:leaf>closed</ex:leaf></ex:door>
    </ObjectEvent>
  </EventList></EPCISBody>
</epcis:EPCISDocument>"#;

fn read(xml: &str) -> Value {
    json_of_xml(xml).unwrap_or_else(|findings| panic!("{findings:#?}\n{xml}"))
}

#[test]
fn attributes_and_headers_come_back_as_they_went() {
    let document = read(EXTENDED);
    assert!(!has_errors(&check_capture(&document)), "{:#?}", check_capture(&document));
    let event = &document["epcisBody"]["eventList"][0];
    assert_eq!(event["ex:door"]["@side"], "left");
    assert_eq!(event["ex:door"]["ex:leaf"], json!([{"ex:@hinge": "2", "#text": "open"}, "closed"]));
    assert_eq!(event["ex:seal"], json!({"@kind": "bolt"}));
    assert_eq!(event["ex:@origin"], "gate-2");
    assert_eq!(event["readPoint"], json!({"id": "urn:epc:id:sgln:4012345.00005.122", "ex:@lane": "3"}));
    assert_eq!(
        event["ilmd"]["ex:grade"],
        json!({"@scale": "A-F", "ex:@by": "auditor", "xml:@lang": "en", "#text": "A"})
    );
    assert_eq!(document["epcisHeader"]["ex:batch"], json!({"@number": "7", "#text": "night"}));
    assert_eq!(
        (&document["sender"], &document["ex:@route"]),
        (&json!("urn:epc:id:sgln:0353579.00001.0"), &json!("middle"))
    );

    let xml = xml_of_json(&document).unwrap();
    assert_eq!(read(&xml), document, "{xml}");
    // And the other way round, from JSON to XML to JSON to XML.
    assert_eq!(xml_of_json(&read(&xml)).unwrap(), xml);
    for part in [
        "sbdh:Identifier Authority=\"SGLN\">urn:epc:id:sgln:0353579.00001.0<",
        "<ex:door side=\"left\">",
        "<ex:seal kind=\"bolt\"/>",
        "ex:origin=\"gate-2\"",
        "xml:lang=\"en\"",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
    // The parts of the header stand in the order of its schema.
    let order = [
        "HeaderVersion",
        "Sender",
        "Receiver",
        "Standard",
        "InstanceIdentifier",
        "Manifest",
        "BusinessScope",
    ];
    let places: Vec<usize> = order.iter().map(|name| xml.find(&format!("<sbdh:{name}>")).unwrap()).collect();
    assert!(places.is_sorted(), "{xml}");
}

#[test]
fn a_header_that_says_no_more_than_json_leaves_no_extension() {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
        "sender": "urn:epc:id:sgln:0353579.00001.0", "receiver": "urn:epc:id:sgln:5012345.00001.0",
        "instanceIdentifier": "1", "epcisBody": {"eventList": []},
    });
    let mut again = read(&xml_of_json(&document).unwrap());
    assert_eq!(again, document);
    // A whole header takes the fields of JSON in their places.
    again = read(EXTENDED);
    again["receiver"] = "urn:epc:id:sgln:5012345.00009.0".into();
    let xml = xml_of_json(&again).unwrap();
    assert!(
        xml.contains("5012345.00009.0")
            && !xml.contains("5012345.00001.0")
            && xml.contains("5012345.00002.0"),
        "{xml}"
    );
}

#[test]
fn an_attribute_counts_for_the_hash_as_an_element_does() {
    let document = read(EXTENDED);
    let hash = |event: &Value| event_hash_in(event, &document["@context"]).unwrap();
    let event = document["epcisBody"]["eventList"][0].clone();
    let mut plain = event.clone();
    plain["ex:seal"] = json!({"kind": "bolt"});
    assert_eq!(hash(&event).1, hash(&plain).1);
    let mut other = event.clone();
    other["ex:seal"] = json!({"@kind": "bottle"});
    assert_ne!(hash(&event).1, hash(&other).1);
    assert!(!hash(&event).0.contains('@'), "{}", hash(&event).0);
}

#[test]
fn words_are_written_in_the_form_that_is_wanted() {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
        "epcisBody": {"eventList": [{
            "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-12-01T08:00:00Z",
            "eventTimeZoneOffset": "+00:00", "epcList": ["urn:epc:id:bic:CSQU3054383"],
            "bizStep": "departing", "disposition": "https://ref.gs1.org/cbv/Disp-in_transit",
            "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1"}],
        }]},
    });
    const STEP: [&str; 2] =
        ["urn:epcglobal:cbv:bizstep:departing", "https://ref.gs1.org/cbv/BizStep-departing"];
    const STATE: [&str; 2] = ["urn:epcglobal:cbv:disp:in_transit", "https://ref.gs1.org/cbv/Disp-in_transit"];
    const KIND: [&str; 2] = ["urn:epcglobal:cbv:btt:po", "https://ref.gs1.org/cbv/BTT-po"];
    for (form, [step, state, kind]) in [
        (WordForm::Urn, [STEP[0], STATE[0], KIND[0]]),
        (WordForm::WebUri, [STEP[1], STATE[1], KIND[1]]),
        (WordForm::AsCaptured, [STEP[0], STATE[1], KIND[0]]),
    ] {
        let xml = xml_of_json_in(&document, form).unwrap();
        for part in [format!(">{step}<"), format!(">{state}<"), format!("\"{kind}\"")] {
            assert!(xml.contains(&part), "{form:?} {part}\n{xml}");
        }
        assert_eq!(read(&xml)["epcisBody"]["eventList"][0]["bizStep"], "departing");
    }
}
