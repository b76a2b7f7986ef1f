//! GeoJSON: points with a time and a device among their properties. Source: RFC 7946.
//!
//! A `LineString` or `MultiPoint` whose property `coordTimes` (or `times`) has an instant for each of its positions is read as
//! so many points, as converters of tracks write it.

use crate::batch::{Batch, Circumstances};
use crate::members::{Members, parse};
use crate::report::{Report, shorten};
use kervan_model::Finding;
use kervan_units::GeoPoint;
use serde_json::{Map, Value};

const TIMES: [&str; 5] = ["time", "timestamp", "datetime", "at", "fixTime"];

/// Reads a `FeatureCollection` or a `Feature`; a feature that has a fault is left out.
pub(crate) fn read(text: &str, circumstances: &Circumstances, batch: &mut Batch) {
    let Some(document) = parse(text, batch) else { return };
    match document.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => {
            let Some(features) = document.get("features").and_then(Value::as_array) else {
                let finding =
                    Finding::error("geojson.no-features", "a FeatureCollection has no list of features");
                batch.find(finding.at("/features").remedy("write \"features\": […]"));
                return;
            };
            for (index, feature) in features.iter().enumerate() {
                read_feature(feature, &format!("/features/{index}"), circumstances, batch);
            }
        }
        Some("Feature") => read_feature(&document, "", circumstances, batch),
        _ => {
            let message = "the document is neither a FeatureCollection nor a Feature";
            let finding = Finding::error("geojson.type", message).at("/type").source("RFC 7946, section 3");
            batch.find(finding.remedy("write \"type\": \"FeatureCollection\""));
        }
    }
}

fn read_feature(feature: &Value, path: &str, circumstances: &Circumstances, batch: &mut Batch) {
    batch.looked_at += 1;
    let empty = Map::new();
    let object = feature.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let members = Members { object, path: format!("{path}/properties") };
    let geometry = feature.get("geometry");
    let kind = geometry.and_then(|geometry| geometry.get("type")).and_then(Value::as_str);
    let coordinates = geometry.and_then(|geometry| geometry.get("coordinates"));
    let at = format!("{path}/geometry/coordinates");
    match kind {
        Some("Point") => {
            let point = read_position(coordinates, &at, batch);
            let subject = members.subject(circumstances, batch);
            let time = members.time(&TIMES, batch);
            let (speed, heading) = members.speed_and_heading(batch);
            let (Some(subject), Some(time)) = (subject, time) else { return };
            members.sensed(&subject, time, batch);
            if let Some(point) = point {
                batch.keep(Report { subject, at: time, point, speed, heading });
            }
        }
        Some("LineString" | "MultiPoint") => read_line(&members, coordinates, &at, circumstances, batch),
        other => {
            let message =
                format!("a geometry of type `{}` says no positions", shorten(other.unwrap_or("nothing")));
            let finding = Finding::error("geojson.geometry", message).at(format!("{path}/geometry"));
            batch.find(finding.remedy("send a Point for each position"));
        }
    }
}

fn read_line(
    members: &Members<'_>,
    coordinates: Option<&Value>,
    at: &str,
    circumstances: &Circumstances,
    batch: &mut Batch,
) {
    let points = coordinates.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let times = members.find(&["coordTimes", "times"]).and_then(|(_, value)| value.as_array());
    let times = times.map(Vec::as_slice).unwrap_or_default();
    if points.is_empty() || points.len() != times.len() {
        let message = format!("a line of {} positions has {} instants", points.len(), times.len());
        let remedy = "give an instant for each position in the property `coordTimes`";
        batch.find(members.error("coordTimes", "geojson.times", message, remedy));
        return;
    }
    let Some(subject) = members.subject(circumstances, batch) else { return };
    for (index, (point, time)) in points.iter().zip(times).enumerate() {
        let point = read_position(Some(point), &format!("{at}/{index}"), batch);
        let Some(time) = time.as_str().and_then(|text| text.parse().ok()) else {
            let message = format!("`{}` is no instant", shorten(&time.to_string()));
            let name = format!("coordTimes/{index}");
            batch.find(members.error(
                &name,
                "positions.time",
                message,
                "write an instant such as 2026-12-01T08:00:00Z",
            ));
            continue;
        };
        let Some(point) = point else { continue };
        if !batch.keep(Report { subject: subject.clone(), at: time, point, speed: None, heading: None }) {
            return;
        }
    }
}

/// Longitude, then latitude. Source: RFC 7946, section 3.1.1.
fn read_position(value: Option<&Value>, path: &str, batch: &mut Batch) -> Option<GeoPoint> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let number = |at: usize| list.get(at).and_then(Value::as_f64);
    let point = match (number(0), number(1), list.len()) {
        (Some(lon), Some(lat), 2..=4) => GeoPoint::from_degrees(lat, lon).ok(),
        _ => None,
    };
    if point.is_none() {
        let shown = shorten(&value.unwrap_or(&Value::Null).to_string());
        let finding =
            Finding::error("positions.off-the-globe", format!("`{shown}` is no place on the globe")).at(path);
        batch
            .find(finding.source("RFC 7946, section 3.1.1").remedy("write [longitude, latitude] in degrees"));
    }
    point
}

#[cfg(test)]
mod tests {
    use crate::{Circumstances, Form, read};

    #[test]
    fn points_and_lines_are_read_and_faults_have_paths() {
        let circumstances = Circumstances { device: None, received: "2026-12-09T12:00:00Z".parse().unwrap() };
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [51.2, 43.6]},
             "properties": {"device": "tracker:A", "time": "2026-12-09T10:00:00Z", "battery": 80}},
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[51.2, 43.6], [51.3, 143.6]]},
             "properties": {"imei": "356938035643809", "coordTimes": ["2026-12-09T10:00:00Z", "2026-12-09T10:05:00Z"]}},
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": null},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [51.2]}, "properties": {"device": "tracker:A"}}
        ]}"#;
        let batch = read(text, Form::GeoJson, &circumstances);
        let found: Vec<_> =
            batch.findings.iter().map(|f| (f.code.as_str(), f.path.as_deref().unwrap_or_default())).collect();
        assert_eq!(
            found,
            [
                ("positions.off-the-globe", "/features/1/geometry/coordinates/1"),
                ("geojson.geometry", "/features/2/geometry"),
                ("positions.off-the-globe", "/features/3/geometry/coordinates"),
                ("positions.no-time", "/features/3/properties/time"),
            ]
        );
        assert_eq!(batch.reports.len(), 2);
        assert_eq!(read("{}", Form::GeoJson, &circumstances).findings[0].code, "geojson.type");
    }
}
