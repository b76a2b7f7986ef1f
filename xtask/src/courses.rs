//! `cargo xtask courses`: the course of every link, from railway lines and sea lanes of others to our own few points.
//!
//! Each link is drawn by the rule of its row in `course_rules.csv`, or by its mode: rail along the railway lines, sea
//! along the sea lanes, road and everything ruled `points` straight through its points in `course_via.csv`. What is
//! drawn with any line or point of OpenStreetMap goes to `courses_odbl.csv`, the rest to `courses.csv`.

mod geometry;
mod graph;
mod sources;
mod tables;

use geometry::{Point, length_m, simplify};
use graph::{Graph, Way};
use sources::Lines;
use std::path::PathBuf;
use std::process::ExitCode;
use tables::{Course, LinkRow, Method, Tables};

/// The error of a task: a sentence for the person at the terminal.
pub(crate) type TaskError = Box<dyn std::error::Error>;

/// Most points of a drawn course, and the number below which none is left out.
const MOST_POINTS: usize = 80;
const LEAST_POINTS: usize = 20;

/// A ratio of course to published length outside this band is marked in the printed table.
const PLAUSIBLE_RATIO: std::ops::RangeInclusive<f64> = 0.80..=1.25;

/// Arguments of `cargo xtask courses`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with ne_10m_railroads, derived_new_lines and osm_rail_partial (.geojson or .geojson.gz).
    #[arg(long)]
    rail: PathBuf,
    /// Folder with marnet_searoute (.geojson or .geojson.gz).
    #[arg(long)]
    sea: PathBuf,
    /// Folder of the network tables.
    #[arg(long, default_value = "data/network")]
    network: PathBuf,
    /// Write nothing; fail if the files differ from what would be written.
    #[arg(long)]
    check: bool,
}

/// A course, with its length before it was simplified.
struct Drawn {
    course: Course,
    full_m: f64,
    bridged_m: f64,
}

/// Derives all courses, prints the table of lengths, and writes or compares the two files.
pub(crate) fn run(args: &Args) -> Result<ExitCode, TaskError> {
    let tables = Tables::read(&args.network)?;
    let rail = Lines::read_rail(&args.rail)?;
    let sea = Lines::read_sea(&args.sea)?;
    let mut drawn = Vec::new();
    let mut failed = 0;
    say(&format!(
        "{:<7} {:<13} {:<13} {:>9} {:>9} {:>6} {:>7} points",
        "link", "from", "to", "published", "course", "ratio", "bridged"
    ));
    for link in &tables.links {
        match draw(link, &tables, &rail, &sea) {
            Ok(one) => {
                report(link, &one);
                drawn.push(one);
            }
            Err(error) => {
                failed += 1;
                say(&format!("{:<7} {:<13} {:<13} NOT DRAWN: {error}", link.id, link.from, link.to));
            }
        }
    }
    say(&format!("{} courses drawn, {failed} not", drawn.len()));
    let courses: Vec<Course> = drawn.into_iter().map(|one| one.course).collect();
    let same = tables::write_courses(&args.network, &courses, args.check)?;
    if args.check && !same {
        say("the courses in the tables are not what this data gives; run without --check");
    }
    Ok(if failed > 0 || (args.check && !same) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn report(link: &LinkRow, drawn: &Drawn) {
    let ratio = drawn.full_m / 1e3 / link.km;
    let mark = if PLAUSIBLE_RATIO.contains(&ratio) { "" } else { "  <-- look" };
    say(&format!(
        "{:<7} {:<13} {:<13} {:>6.0} km {:>6.0} km {:>6.2} {:>4.0} km {:>4}{}{mark}",
        link.id,
        link.from,
        link.to,
        link.km,
        drawn.full_m / 1e3,
        ratio,
        drawn.bridged_m / 1e3,
        drawn.course.points.len(),
        if drawn.course.open_database { " ODbL" } else { "" },
    ));
}

/// Draws one link by its rule.
fn draw(link: &LinkRow, tables: &Tables, rail: &Lines, sea: &Lines) -> Result<Drawn, TaskError> {
    let rule = tables.rule_of(link);
    let (start, end) = (tables.point_of(&link.from)?, tables.point_of(&link.to)?);
    let via = tables.via_of(&link.id);
    let mut open_database = via.iter().any(|via| via.placed.open_database);
    let lines = match rule.method {
        Method::Points => {
            // Nothing else to draw it from, so the points of the places belong to the course here.
            open_database |= start.open_database || end.open_database;
            let on_the_way = via.iter().map(|via| via.placed.point);
            let points: Vec<Point> =
                std::iter::once(start.point).chain(on_the_way).chain(std::iter::once(end.point)).collect();
            let full_m = length_m(&points);
            return Ok(Drawn {
                full_m,
                bridged_m: 0.0,
                course: Course { link: link.id.clone(), points, open_database },
            });
        }
        Method::Rail => rail,
        Method::Sea => sea,
    };
    let last = (!rule.last_straight).then_some((end.point, false));
    let stops: Vec<(Point, bool)> =
        via.iter().map(|via| (via.placed.point, via.straight)).chain(last).collect();
    let way = follow(&lines.graph_for(&rule.lines, &rule.closed), start.point, &stops)?;
    let ends_m = way.points.first().map_or(0.0, |first| start.point.distance_m(*first))
        + way.points.last().map_or(0.0, |last| end.point.distance_m(*last));
    let full_m = length_m(&way.points) + ends_m;
    let points = simplify(&way.points, LEAST_POINTS, MOST_POINTS);
    open_database |= way.open_database;
    Ok(Drawn {
        full_m,
        bridged_m: way.bridged_m,
        course: Course { link: link.id.clone(), points, open_database },
    })
}

/// The shortest way through all stops, one after the other; straight to those that no line leads to.
fn follow(graph: &Graph, start: Point, stops: &[(Point, bool)]) -> Result<Way, TaskError> {
    let mut whole = Way::default();
    let mut here = graph.near(start);
    for (stop, straight) in stops {
        if *straight {
            whole.points.push(*stop);
            here = graph.near(*stop);
            continue;
        }
        let way = graph
            .shortest(&here, &graph.near(*stop))
            .ok_or_else(|| format!("no line leads to {:.3} {:.3}", stop.lat, stop.lon))?;
        here = vec![(way.end, 0.0)];
        whole.append(way);
    }
    Ok(whole)
}

#[expect(clippy::print_stdout, reason = "the table of lengths is the answer of this task")]
fn say(line: &str) {
    println!("{line}");
}
