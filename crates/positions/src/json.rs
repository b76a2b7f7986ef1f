//! Our own JSON: a list of positions.

use crate::batch::{Batch, Circumstances};
use crate::members::{Members, parse};
use crate::report::Report;
use kervan_model::Finding;
use kervan_units::GeoPoint;
use serde_json::Value;

const KNOWN: [&str; 12] = [
    "device",
    "imei",
    "mmsi",
    "container",
    "consignment",
    "lat",
    "lon",
    "at",
    "speed_kmh",
    "course_deg",
    "temperature_c",
    "seal",
];

/// Reads every object of the list; one that has a fault is left out.
pub(crate) fn read(text: &str, circumstances: &Circumstances, batch: &mut Batch) {
    let Some(document) = parse(text, batch) else { return };
    let Value::Array(items) = &document else {
        let finding = Finding::error("positions.not-a-list", "positions are a list of objects").at("");
        batch.find(finding.remedy("put the positions between [ and ]"));
        return;
    };
    for (index, item) in items.iter().enumerate() {
        batch.looked_at += 1;
        let path = format!("/{index}");
        match item {
            Value::Object(object) => {
                if !read_item(&Members { object, path }, circumstances, batch) {
                    return;
                }
            }
            _ => {
                let finding = Finding::error("positions.not-an-object", "a position is an object").at(path);
                batch.find(finding.remedy("write {\"device\": …, \"lat\": …, \"lon\": …, \"at\": …}"));
            }
        }
    }
}

fn read_item(members: &Members<'_>, circumstances: &Circumstances, batch: &mut Batch) -> bool {
    members.refuse_others(&KNOWN, batch);
    let subject = members.subject(circumstances, batch);
    let at = members.time(&["at"], batch);
    let point = read_point(members, batch);
    let (speed, heading) = members.speed_and_heading(batch);
    let (Some(subject), Some(at)) = (subject, at) else { return true };
    members.sensed(&subject, at, batch);
    let Some(point) = point else { return true };
    batch.keep(Report { subject, at, point, speed, heading })
}

fn read_point(members: &Members<'_>, batch: &mut Batch) -> Option<GeoPoint> {
    let mut degrees = |name: &'static str, most: f64| {
        let found = members.find(&[name]).and_then(|(_, value)| value.as_f64());
        let found = found.filter(|value| (-most..=most).contains(value));
        if found.is_none() {
            let message = format!("a position needs `{name}`, a number of degrees from -{most} to {most}");
            batch.find(members.error(
                name,
                "positions.off-the-globe",
                message,
                "write degrees with decimals, north and east positive",
            ));
        }
        found
    };
    let (lat, lon) = (degrees("lat", 90.0), degrees("lon", 180.0));
    GeoPoint::from_degrees(lat?, lon?).ok()
}

#[cfg(test)]
mod tests {
    use crate::{Circumstances, Form, Sensed, read};

    fn circumstances() -> Circumstances {
        Circumstances { device: None, received: "2026-12-09T12:00:00Z".parse().unwrap() }
    }

    #[test]
    fn every_fault_has_its_path_and_the_rest_stands() {
        let text = r#"[
            {"device": "tracker:A", "lat": 43.6, "lon": 51.2, "at": "2026-12-09T10:00:00Z", "temperature_c": 4.25},
            {"device": "tracker:A", "lat": 91, "lon": 51.2, "at": "2026-12-09T10:00:00Z"},
            {"device": "imei:1", "lat": 43.6, "lon": 51.2, "at": "yesterday", "spede": 3},
            7,
            {"lat": 43.6, "lon": 51.2, "at": 1796000000},
            {"mmsi": 273456789, "lat": 43.6, "lon": 51.2, "at": 1796000000123, "speed_kmh": 36}
        ]"#;
        let batch = read(text, Form::Json, &circumstances());
        let found: Vec<_> =
            batch.findings.iter().map(|f| (f.code.as_str(), f.path.as_deref().unwrap_or_default())).collect();
        assert_eq!(
            found,
            [
                ("positions.off-the-globe", "/1/lat"),
                ("positions.unknown-member", "/2/spede"),
                ("positions.subject", "/2/device"),
                ("positions.time", "/2/at"),
                ("positions.not-an-object", "/3"),
                ("positions.no-device", "/4/device"),
            ]
        );
        let kept: Vec<_> =
            batch.reports.iter().map(|report| (report.at.as_millisecond(), report.speed)).collect();
        assert_eq!(kept, [(1_796_810_400_000, None), (1_796_000_000_123, Some(1_000))]);
        assert_eq!(batch.sensed[0].value, Sensed::Temperature(43));
    }

    #[test]
    fn broken_json_says_where() {
        let batch = read("[{\"lat\": 1,\n ]", Form::Json, &circumstances());
        assert_eq!(batch.findings[0].path.as_deref(), Some("line 2, column 2"));
        assert_eq!(batch.findings.len(), 1);
        assert_eq!(read("{}", Form::Json, &circumstances()).findings[0].code, "positions.not-a-list");
    }
}
