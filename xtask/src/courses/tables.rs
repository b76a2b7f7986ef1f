//! The tables of the network, as far as this task needs them, and the two files it writes.

use super::TaskError;
use super::geometry::Point;
use std::collections::BTreeMap;
use std::path::Path;

/// A link as its row says.
pub(super) struct LinkRow {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) mode: String,
    /// Published typical length. Unit: kilometre.
    pub(super) km: f64,
}

/// A point with the question of its licence.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) point: Point,
    pub(super) open_database: bool,
}

/// A point on the way.
pub(super) struct Via {
    pub(super) placed: Placed,
    /// Whether the way to it is straight, because no line leads there.
    pub(super) straight: bool,
}

/// How a link is drawn.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) method: Method,
    /// Layers or names of lines that may be used; all if empty.
    pub(super) lines: Vec<String>,
    /// Names of lines that may not be used.
    pub(super) closed: Vec<String>,
    /// Whether the way from the last point given to the end is straight, because no line leads there.
    pub(super) last_straight: bool,
}

/// What a course follows.
#[derive(Clone, Copy)]
pub(super) enum Method {
    /// Railway lines.
    Rail,
    /// Sea lanes.
    Sea,
    /// Straight lines through the points given.
    Points,
}

/// A drawn course.
pub(super) struct Course {
    pub(super) link: String,
    pub(super) points: Vec<Point>,
    pub(super) open_database: bool,
}

/// Links, points, rules and points on the way.
pub(super) struct Tables {
    pub(super) links: Vec<LinkRow>,
    points: BTreeMap<String, Placed>,
    rules: BTreeMap<String, Rule>,
    via: BTreeMap<String, Vec<Via>>,
}

impl Tables {
    /// Reads what is needed from the folder of the network.
    pub(super) fn read(dir: &Path) -> Result<Self, TaskError> {
        let mut tables =
            Self { links: Vec::new(), points: BTreeMap::new(), rules: BTreeMap::new(), via: BTreeMap::new() };
        for row in rows(dir, "links.csv")? {
            tables.links.push(LinkRow {
                km: number(&row, "km_typ")?,
                id: text(&row, "id"),
                from: text(&row, "from"),
                to: text(&row, "to"),
                mode: text(&row, "mode"),
            });
        }
        for (file, open_database) in [("points.csv", false), ("points_odbl.csv", true)] {
            for row in rows(dir, file)? {
                tables.points.insert(text(&row, "place"), Placed { point: point(&row)?, open_database });
            }
        }
        for row in rows(dir, "course_rules.csv")? {
            let method = match text(&row, "method").as_str() {
                "rail" => Method::Rail,
                "sea" => Method::Sea,
                "points" => Method::Points,
                other => return Err(format!("course_rules.csv: `{other}` is no method").into()),
            };
            let list =
                |name| text(&row, name).split(';').filter(|w| !w.is_empty()).map(str::to_owned).collect();
            let rule = Rule {
                method,
                lines: list("lines"),
                closed: list("closed"),
                last_straight: text(&row, "last") == "straight",
            };
            tables.rules.insert(text(&row, "link"), rule);
        }
        for row in rows(dir, "course_via.csv")? {
            let open_database = text(&row, "licence").starts_with("ODbL");
            let straight = text(&row, "before") == "straight";
            let placed = Placed { point: point(&row)?, open_database };
            tables.via.entry(text(&row, "link")).or_default().push(Via { placed, straight });
        }
        Ok(tables)
    }

    /// The rule of a link: its own row, or the row named like its mode.
    pub(super) fn rule_of(&self, link: &LinkRow) -> Rule {
        let straight =
            || Rule { method: Method::Points, lines: Vec::new(), closed: Vec::new(), last_straight: true };
        self.rules.get(&link.id).or_else(|| self.rules.get(&link.mode)).cloned().unwrap_or_else(straight)
    }

    /// The point of a place.
    pub(super) fn point_of(&self, code: &str) -> Result<Placed, TaskError> {
        self.points.get(code).copied().ok_or_else(|| format!("`{code}` has no point").into())
    }

    /// The points on the way of a link, in order.
    pub(super) fn via_of(&self, link: &str) -> &[Via] {
        self.via.get(link).map_or(&[], Vec::as_slice)
    }
}

/// Writes the courses to their two files, or only compares. Returns whether the files are (now) as they should be.
pub(super) fn write_courses(dir: &Path, courses: &[Course], only_check: bool) -> Result<bool, TaskError> {
    let mut same = true;
    for (file, open_database) in [("courses.csv", false), ("courses_odbl.csv", true)] {
        let mut text = String::from("link,seq,lat,lon\n");
        for course in courses.iter().filter(|course| course.open_database == open_database) {
            for (number, point) in course.points.iter().enumerate() {
                text.push_str(&format!("{},{},{:.5},{:.5}\n", course.link, number + 1, point.lat, point.lon));
            }
        }
        let path = dir.join(file);
        if only_check {
            same &= std::fs::read_to_string(&path).is_ok_and(|old| old == text);
        } else {
            std::fs::write(&path, text)?;
        }
    }
    Ok(same)
}

type Record = BTreeMap<String, String>;

fn rows(dir: &Path, file: &str) -> Result<Vec<Record>, TaskError> {
    let path = dir.join(file);
    let mut reader = csv::Reader::from_path(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    reader
        .deserialize()
        .map(|row| row.map_err(|error| format!("{}: {error}", path.display()).into()))
        .collect()
}

fn text(row: &Record, column: &str) -> String {
    row.get(column).cloned().unwrap_or_default()
}

fn number(row: &Record, column: &str) -> Result<f64, TaskError> {
    let text = text(row, column);
    text.parse().map_err(|_| format!("`{column}`: `{text}` is not a number").into())
}

fn point(row: &Record) -> Result<Point, TaskError> {
    Ok(Point { lat: number(row, "lat")?, lon: number(row, "lon")? })
}
