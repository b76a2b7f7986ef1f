//! `kervan positions check` and `match`: texts of devices from files, without a node.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use kervan_model::{Finding, LinkId, has_errors};
use kervan_positions::route::{PlannedWay, assess_deviation, assess_route};
use kervan_positions::{
    Batch, Bounds, Circumstances, DeviceId, Fences, Figures, Fix, Form, Marks, Matcher, Observation, OnLink,
    SenseState, Subject, Visit, list_doubts, read,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Check texts of devices, and see where on the network they were.
#[derive(Debug, Subcommand)]
pub(super) enum PositionsCommand {
    /// Say whether texts of positions can be read, and what is doubtful about each.
    #[command(after_help = "Examples:
  kervan positions check track.nmea --device imei:356938035643809
  kervan positions check --json day.geojson

Forms: NMEA 0183 and AIS sentences, GeoJSON (RFC 7946), our own JSON; found by their looks unless --form says.
Exit codes: 0 nothing is wrong, 1 something is, 2 a file cannot be read.")]
    Check(TextArguments),
    /// Say on which links of the network the positions lie, at which places they were, and whether that is the way of a plan.
    #[command(
        name = "match",
        after_help = "Examples:
  kervan positions match track.nmea --device tracker:NW-17 --geojson track.geojson
  kervan positions match day.json --planned L001,L005 --json

The GeoJSON has the positions as reported, each with its marks and its link, and a line from each to its point of the course."
    )]
    Match(MatchArguments),
}

/// A text of positions.
#[derive(Debug, Args)]
pub(super) struct TextArguments {
    /// The text; `-` is standard input.
    file: PathBuf,
    /// Its form.
    #[arg(long)]
    form: Option<FormWord>,
    /// The device that sent it, for forms that do not name it.
    #[arg(long, value_name = "DEVICE")]
    device: Option<DeviceId>,
    /// When it was received; now unless told. Messages of ships say only the second.
    #[arg(long, value_name = "INSTANT")]
    received: Option<Timestamp>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct MatchArguments {
    #[command(flatten)]
    text: TextArguments,
    /// Links of the plan, with commas between; deviations are then told.
    #[arg(long, value_name = "LINKS", value_delimiter = ',')]
    planned: Vec<LinkId>,
    /// Write the track as GeoJSON to this file.
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormWord {
    Nmea,
    Geojson,
    Json,
}

/// Runs a positions command.
pub(super) fn run(command: &PositionsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        PositionsCommand::Check(arguments) => check(arguments, facts),
        PositionsCommand::Match(arguments) => match_track(arguments, facts),
    }
}

/// Loads the figures of tracking. Errors: the rows that cannot be read.
pub(super) fn load_figures(facts: &Facts) -> Result<Figures, Failure> {
    Figures::load(|path| facts.find(path)).map_err(|findings| {
        output::findings(&findings);
        Failure::new("the figures of tracking cannot be read").remedy("mend the rows named above")
    })
}

/// Reads a file up to a size. Errors: it cannot be read, or is larger.
pub(super) fn read_file(path: &Path, largest: usize) -> Result<String, Failure> {
    let failure = |error: std::io::Error| {
        Failure::new(format!("{} cannot be read: {}", path.display(), kervan_model::in_plain_words(&error)))
    };
    let mut bytes = Vec::new();
    let most = largest as u64 + 1;
    match path.to_str() {
        Some("-") => std::io::stdin().take(most).read_to_end(&mut bytes).map_err(failure)?,
        _ => {
            std::fs::File::open(path).map_err(failure)?.take(most).read_to_end(&mut bytes).map_err(failure)?
        }
    };
    if bytes.len() > largest {
        let message = format!("{} is larger than {largest} bytes", path.display());
        return Err(Failure::new(message).remedy("split it"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl TextArguments {
    fn load(&self) -> Result<(Batch, Timestamp), Failure> {
        let text = read_file(&self.file, kervan_positions::limits::MOST_BYTES)?;
        let form = match self.form {
            Some(FormWord::Nmea) => Form::Nmea,
            Some(FormWord::Geojson) => Form::GeoJson,
            Some(FormWord::Json) => Form::Json,
            None => Form::guess(&text),
        };
        let received = self.received.unwrap_or_else(|| crate::clock::Clock::Wall.now());
        Ok((read(&text, form, &Circumstances { device: self.device.clone(), received }), received))
    }
}

/// Positions of one subject with their marks, in order of time.
struct Marked {
    subject: String,
    fixes: Vec<(Fix, Marks)>,
}

/// Marks the positions of each subject.
fn mark(batch: &Batch, figures: &Figures, received: Timestamp) -> Vec<Marked> {
    let mut by_subject: BTreeMap<&Subject, Vec<Fix>> = BTreeMap::new();
    for report in &batch.reports {
        by_subject.entry(&report.subject).or_default().push(Fix { at: report.at, point: report.point });
    }
    let bounds = Bounds { fastest_km_h: figures.fastest_km_h(None), received };
    let mark = |(subject, mut fixes): (&Subject, Vec<Fix>)| {
        fixes.sort_unstable();
        fixes.dedup();
        let mut state = SenseState::default();
        let fixes = fixes.into_iter().map(|fix| (fix, state.take(fix, bounds))).collect();
        Marked { subject: name(subject), fixes }
    };
    by_subject.into_iter().map(mark).collect()
}

fn name(subject: &Subject) -> String {
    match subject {
        Subject::Device(device) => device.to_string(),
        Subject::Container(number) => number.to_string(),
        Subject::Consignment(reference) => reference.to_string(),
    }
}

fn check(arguments: &TextArguments, facts: &Facts) -> Result<Outcome, Failure> {
    let figures = load_figures(facts)?;
    let (batch, received) = arguments.load()?;
    let marked = mark(&batch, &figures, received);
    let wrong = has_errors(&batch.findings);
    let doubts: Vec<(String, Vec<Observation>)> = marked
        .iter()
        .map(|one| {
            let marks: Vec<_> = one.fixes.iter().map(|(fix, marks)| (fix.at, *marks)).collect();
            (one.subject.clone(), list_doubts(&marks))
        })
        .collect();
    let doubted = doubts.iter().any(|(_, doubts)| !doubts.is_empty());
    if arguments.json {
        let subjects: Vec<Value> = marked
            .iter()
            .zip(&doubts)
            .map(|(one, (_, doubts))| json!({"subject": one.subject, "positions": one.fixes.len(), "doubts": doubts}))
            .collect();
        output::json(&json!({
            "looked_at": batch.looked_at, "positions": batch.reports.len(), "sensed": batch.sensed.len(),
            "ships": batch.ships.len(), "subjects": subjects, "findings": batch.findings,
        }));
    } else {
        output::findings(&batch.findings);
        show_subjects(&marked, &doubts);
        let counts = output::count(&batch.findings);
        output::line(&format!("{} looked at, {} positions; {counts}", batch.looked_at, batch.reports.len()));
    }
    Ok(if wrong || doubted { Outcome::FoundErrors } else { Outcome::Done })
}

fn show_subjects(marked: &[Marked], doubts: &[(String, Vec<Observation>)]) {
    if marked.is_empty() {
        return;
    }
    let mut table = output::table(&["device", "positions", "first", "last", "doubted"]);
    for (one, (_, doubts)) in marked.iter().zip(doubts) {
        let ends = one.fixes.first().zip(one.fixes.last());
        let (first, last) = ends
            .map_or_else(Default::default, |(first, last)| (first.0.at.to_string(), last.0.at.to_string()));
        let doubts: Vec<String> = doubts.iter().map(say).collect();
        table.add_row(vec![one.subject.clone(), one.fixes.len().to_string(), first, last, doubts.join("\n")]);
    }
    output::line(&table.to_string());
}

/// An observation in a line.
fn say(observation: &Observation) -> String {
    match observation {
        Observation::Entered(crossing) => format!("came to {} about {}", crossing.place, crossing.at),
        Observation::Left { crossing, dwell } => {
            let dwell = dwell.map(|dwell| format!(" after {dwell}")).unwrap_or_default();
            format!("left {} about {}{dwell}", crossing.place, crossing.at)
        }
        Observation::Deviated(deviation) => {
            let (km, most) = (deviation.farthest_m / 1_000, deviation.tolerance_m / 1_000);
            format!(
                "from {} for {} up to {km} km off the way, {most} are tolerated",
                deviation.since, deviation.duration
            )
        }
        Observation::RouteNotTaken { planned, taken, since, until, along_m } => {
            let instead = planned.as_ref().map(|link| format!(" instead of {link}")).unwrap_or_default();
            let back = until.map_or_else(|| "so far".to_owned(), |at| format!("and back on {at}"));
            format!("from {since} by {taken}{instead}, {} km {back}", along_m / 1_000)
        }
        Observation::Doubted { mark, since, count, .. } => format!("{mark}: {count} from {since}"),
        Observation::Excursion(excursion) => {
            let what = excursion.container.as_ref().map_or_else(String::new, |number| format!("{number} "));
            format!("{what}outside of {} from {}", excursion.range, excursion.since)
        }
        Observation::SealChainBroken { number, fault, at } => {
            format!("seal {number} at {at}: {}", fault.reason())
        }
    }
}

/// The track of one subject as it was matched.
struct Matched {
    marked: Marked,
    on: Vec<Option<OnLink>>,
    observations: Vec<Observation>,
}

fn match_track(arguments: &MatchArguments, facts: &Facts) -> Result<Outcome, Failure> {
    let figures = load_figures(facts)?;
    let network = super::load_network(facts)?;
    if let Some(unknown) = arguments.planned.iter().find(|link| network.find_link(link).is_none()) {
        return Err(
            Failure::new(format!("{unknown} is no link of the network")).remedy("kervan network links")
        );
    }
    let (matcher, fences) = (Matcher::new(&network, &figures), Fences::new(&network, &figures));
    let way = PlannedWay::along(&arguments.planned, &network);
    let (batch, received) = arguments.text.load()?;
    let mut tracks = Vec::new();
    for marked in mark(&batch, &figures, received) {
        let believed: Vec<Fix> =
            marked.fixes.iter().filter(|(_, marks)| marks.is_believed()).map(|(fix, _)| *fix).collect();
        let on = matcher.match_track(&believed, &way.links());
        let mut observations: Vec<_> =
            fences.visits(&believed).iter().flat_map(Visit::observations).collect();
        if !arguments.planned.is_empty() {
            observations.extend(assess_deviation(&believed, &way, &figures));
            observations.extend(assess_route(&believed, &on, &way, &network, &matcher));
        }
        let marks: Vec<_> = marked.fixes.iter().map(|(fix, marks)| (fix.at, *marks)).collect();
        observations.extend(list_doubts(&marks));
        observations.sort_by_key(Observation::since);
        let mut found = on.into_iter();
        let on = marked
            .fixes
            .iter()
            .map(|(_, marks)| if marks.is_believed() { found.next().flatten() } else { None });
        let on = on.collect();
        tracks.push(Matched { marked, on, observations });
    }
    if let Some(path) = &arguments.geojson {
        let text =
            serde_json::to_string(&geojson(&tracks)).map_err(|error| Failure::new(error.to_string()))?;
        std::fs::write(path, text)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    }
    show_matched(arguments, &tracks, &batch.findings);
    let off_way = |observation: &Observation| {
        matches!(
            observation,
            Observation::Deviated(_) | Observation::RouteNotTaken { .. } | Observation::Doubted { .. }
        )
    };
    let found = tracks.iter().any(|track| track.observations.iter().any(off_way));
    Ok(if found || has_errors(&batch.findings) { Outcome::FoundErrors } else { Outcome::Done })
}

/// A run of positions on one link: since when, until when, how many, its first and last, the most it is off. Unit: metre.
type LinkRun<'a> = (Timestamp, Timestamp, usize, Option<(&'a OnLink, &'a OnLink)>, f64);

fn runs(track: &Matched) -> Vec<LinkRun<'_>> {
    let mut runs: Vec<LinkRun<'_>> = Vec::new();
    let fixes = track.marked.fixes.iter().zip(&track.on).filter(|((_, marks), _)| marks.is_believed());
    for ((fix, _), on) in fixes {
        let link = on.as_ref().map(|on| &on.link);
        match runs.last_mut() {
            Some((_, until, count, ends, off)) if ends.map(|(first, _)| &first.link) == link => {
                *until = fix.at;
                *count += 1;
                if let (Some((_, last)), Some(on)) = (ends.as_mut(), on) {
                    *last = on;
                    *off = off.max(on.off_m);
                }
            }
            _ => runs.push((
                fix.at,
                fix.at,
                1,
                on.as_ref().map(|on| (on, on)),
                on.as_ref().map_or(0.0, |on| on.off_m),
            )),
        }
    }
    runs
}

fn show_matched(arguments: &MatchArguments, tracks: &[Matched], findings: &[Finding]) {
    if arguments.text.json {
        let shown: Vec<Value> = tracks
            .iter()
            .map(|track| {
                let runs = runs(track).into_iter().map(|(since, until, count, ends, off)| {
                    let link = ends.map(|(first, _)| first.link.to_string());
                    let shares = ends.map(|(first, last)| [first.share, last.share]);
                    json!({"since": since, "until": until, "positions": count, "link": link, "share": shares, "most_off_m": off.round()})
                });
                json!({"subject": track.marked.subject, "runs": runs.collect::<Vec<_>>(), "observations": track.observations})
            })
            .collect();
        output::json(&json!({"tracks": shown, "findings": findings}));
        return;
    }
    output::findings(findings);
    for track in tracks {
        let mut table = output::table(&["from", "to", "positions", "link", "along", "most off"]);
        for (since, until, count, ends, off) in runs(track) {
            let (link, along) = ends.map_or(("-".to_owned(), String::new()), |(first, last)| {
                let percent = |share: f64| (share * 100.0).round();
                (
                    format!("{} {}", first.link, first.mode),
                    format!("{} to {} %", percent(first.share), percent(last.share)),
                )
            });
            let off = if ends.is_some() { format!("{:.1} km", off / 1e3) } else { String::new() };
            table.add_row(vec![since.to_string(), until.to_string(), count.to_string(), link, along, off]);
        }
        output::line(&format!("{}\n{table}", track.marked.subject));
        for observation in &track.observations {
            output::line(&format!("  {}", say(observation)));
        }
    }
}

/// The tracks for a map: points as reported, and a line from each to its point of the course.
fn geojson(tracks: &[Matched]) -> Value {
    let mut features = Vec::new();
    for track in tracks {
        for ((fix, marks), on) in track.marked.fixes.iter().zip(&track.on) {
            let reported = [fix.point.lon(), fix.point.lat()];
            let words: Vec<_> = marks.list().map(kervan_positions::Mark::word).collect();
            let link = on.as_ref().map(|on| on.link.to_string());
            features.push(json!({
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": reported},
                "properties": {"device": track.marked.subject, "time": fix.at, "marks": words, "link": link,
                    "share": on.as_ref().map(|on| on.share), "off_m": on.as_ref().map(|on| on.off_m.round())},
            }));
            if let Some(on) = on {
                features.push(json!({
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": [reported, [on.point.lon(), on.point.lat()]]},
                    "properties": {"link": on.link.to_string()},
                }));
            }
        }
    }
    json!({"type": "FeatureCollection", "features": features})
}
