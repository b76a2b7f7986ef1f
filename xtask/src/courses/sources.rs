//! The lines of others: railways and sea lanes, read from GeoJSON.

use super::TaskError;
use super::geometry::Point;
use super::graph::Graph;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// One line with what is known about it.
pub(super) struct Line {
    pub(super) points: Vec<Point>,
    /// Which collection it is from: `ne`, `derived`, `osm` or `sea`.
    pub(super) layer: &'static str,
    /// Its own name: the id of a derived line, the name of a strait.
    pub(super) name: String,
}

impl Line {
    /// Whether it stands under the Open Database Licence.
    pub(super) fn open_database(&self) -> bool {
        matches!(self.layer, "derived" | "osm")
    }

    /// Gaps from its loose ends to other lines that are taken for one way. Unit: metre.
    ///
    /// The derived lines end in stations that may lie off the coarse lines of Natural Earth.
    pub(super) fn bridge_m(&self) -> f64 {
        match self.layer {
            "derived" => 10_000.0,
            "sea" => 0.0,
            _ => 2_500.0,
        }
    }
}

/// Layers or names of lines that may be used, and names that may not.
type Choice = (Vec<String>, Vec<String>);

/// All lines of one mode.
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Nets by what they are made of; most links share one.
    graphs: RefCell<BTreeMap<Choice, Rc<Graph>>>,
}

impl Lines {
    /// Natural Earth railroads, the new lines derived from stations, and the partial lines of OpenStreetMap.
    pub(super) fn read_rail(dir: &Path) -> Result<Self, TaskError> {
        let mut lines = Vec::new();
        for (name, layer) in
            [("ne_10m_railroads", "ne"), ("derived_new_lines", "derived"), ("osm_rail_partial", "osm")]
        {
            for feature in features(&read_geojson(dir, name)?) {
                let properties = &feature["properties"];
                let on_rail = properties["ferry"].as_i64() != Some(1);
                let built = !matches!(properties["railway"].as_str(), Some("proposed" | "narrow_gauge"));
                if on_rail && built {
                    let id = properties["id"].as_str().unwrap_or_default();
                    lines.extend(strings(&feature["geometry"]).map(|points| Line {
                        points,
                        layer,
                        name: id.into(),
                    }));
                }
            }
        }
        Ok(Self { lines, graphs: RefCell::default() })
    }

    /// The sea lanes of the searoute package.
    pub(super) fn read_sea(dir: &Path) -> Result<Self, TaskError> {
        let mut lines = Vec::new();
        for feature in features(&read_geojson(dir, "marnet_searoute")?) {
            let passage = feature["properties"]["passage"].as_str().unwrap_or_default();
            lines.extend(strings(&feature["geometry"]).map(|points| Line {
                points,
                layer: "sea",
                name: passage.into(),
            }));
        }
        Ok(Self { lines, graphs: RefCell::default() })
    }

    /// The net of the lines of some layers without the closed lines.
    pub(super) fn graph_for(&self, layers: &[String], closed: &[String]) -> Rc<Graph> {
        let key = (layers.to_vec(), closed.to_vec());
        if let Some(graph) = self.graphs.borrow().get(&key) {
            return Rc::clone(graph);
        }
        let wanted = |line: &&Line| {
            layers.is_empty() || layers.iter().any(|layer| layer == line.layer || *layer == line.name)
        };
        let open = |line: &&Line| line.name.is_empty() || !closed.contains(&line.name);
        let usable = self.lines.iter().filter(wanted).filter(open);
        let graph = Rc::new(Graph::build(usable));
        self.graphs.borrow_mut().insert(key, Rc::clone(&graph));
        graph
    }
}

fn read_geojson(dir: &Path, name: &str) -> Result<Value, TaskError> {
    let plain = dir.join(format!("{name}.geojson"));
    let packed = dir.join(format!("{name}.geojson.gz"));
    let text = if plain.exists() {
        std::fs::read_to_string(plain)?
    } else {
        let file = std::fs::File::open(&packed).map_err(|error| format!("{}: {error}", packed.display()))?;
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text)?;
        text
    };
    Ok(serde_json::from_str(&text)?)
}

fn features(collection: &Value) -> impl Iterator<Item = &Value> {
    collection["features"].as_array().into_iter().flatten()
}

/// The line strings of a geometry.
fn strings(geometry: &Value) -> impl Iterator<Item = Vec<Point>> + '_ {
    let coordinates = &geometry["coordinates"];
    let many = geometry["type"].as_str() == Some("MultiLineString");
    let strings: Vec<&Value> =
        if many { coordinates.as_array().into_iter().flatten().collect() } else { vec![coordinates] };
    strings.into_iter().map(|string| string.as_array().into_iter().flatten().filter_map(point).collect())
}

fn point(pair: &Value) -> Option<Point> {
    let (lon, lat) = (pair.get(0)?.as_f64()?, pair.get(1)?.as_f64()?);
    // Some sea lanes count longitudes on beyond 180 degrees.
    let lon = if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    };
    Some(Point { lat, lon })
}
