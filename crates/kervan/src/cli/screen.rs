//! `kervan screen`: names against lists of denied parties, pairs of names, and the lists themselves.

mod lists;
mod pairs;

use super::{Failure, Outcome, output};
use crate::facts::Facts;
use clap::{Args, Subcommand};
use kervan_codes::CountryCode;
use kervan_node::Denied;
use kervan_screening::list::{is_spreadsheet, read_spreadsheet};
use kervan_screening::{Birth, GoodsList, Hit, Identifier, Index, List, PartyKind, Question, Score, Tables};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Screen a name against lists of denied parties that you load; none comes with the program.
///
/// Read are OFAC (sdn.xml; sdn.csv with alt.csv and add.csv beside it), the European Union (XML and CSV 1.1), the United
/// Nations (XML), the United Kingdom (ConList as CSV and ODS; UK Sanctions List as XML, CSV and ODS), targets.simple.csv,
/// and a simple table of your own: id,kind,name,aliases,country,born,identifiers,programme,remark.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  kervan screen 'Никита Хрущёв' --list sdn.xml --kind person --born 1894
  kervan screen 'Altyn Jol Logistic LLP' --list own.csv --country KZ --json
  kervan screen pairs pairs.csv
  kervan screen list check sdn.xml
  kervan screen list diff sdn-monday.xml sdn-tuesday.xml

Exit codes: 0 nobody found, 1 somebody found, 2 a list or an argument cannot be read."
)]
pub(super) struct ScreenCommand {
    #[command(subcommand)]
    command: Option<ScreenSubcommand>,
    /// The name, in any script.
    #[arg(required = true)]
    name: Option<String>,
    /// A list; may be given several times.
    #[arg(long = "list", value_name = "FILE", required = true)]
    lists: Vec<PathBuf>,
    /// What it is the name of: person, organisation, vessel.
    #[arg(long)]
    kind: Option<String>,
    /// Country of establishment, nationality or flag, two letters.
    #[arg(long)]
    country: Option<CountryCode>,
    /// Year or day of birth.
    #[arg(long, value_name = "YYYY[-MM-DD]")]
    born: Option<String>,
    /// A number of the party such as `imo:9074729` or `passport:N123`; may be given several times.
    #[arg(long = "identifier", value_name = "SCHEME:NUMBER")]
    identifiers: Vec<String>,
    /// Least score of a hit, 0 to 1, instead of the one in data/screening/parameters.csv.
    #[arg(long)]
    threshold: Option<f64>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ScreenSubcommand {
    /// Compare the names of a table row by row.
    Pairs(pairs::PairsCommand),
    #[command(subcommand)]
    List(lists::ListCommand),
}

/// Runs the command.
pub(super) fn run(command: &ScreenCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match &command.command {
        Some(ScreenSubcommand::Pairs(command)) => pairs::run(command, facts),
        Some(ScreenSubcommand::List(command)) => lists::run(command),
        None => screen_name(command, facts),
    }
}

/// The tables of matching.
pub(super) fn load_tables(facts: &Facts) -> Result<Tables, Failure> {
    Tables::load(|file| facts.find(file)).map_err(|findings| {
        let first = findings.first().map_or_else(String::new, |f| format!("{} at {:?}", f.message, f.path));
        Failure::new(format!(
            "the tables of data/screening have {} faults; the first: {first}",
            findings.len()
        ))
        .remedy("cargo test -p kervan-screening names them all")
    })
}

/// Reads a list with the companions that stand beside it; findings go to standard error.
pub(super) fn read_list_file(path: &Path) -> Result<(List, Vec<kervan_model::Finding>), Failure> {
    let read = |path: &Path| {
        let bytes = std::fs::read(path).map_err(Failure::unread(path))?;
        if !is_spreadsheet(&bytes) {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        read_spreadsheet(&bytes).map_err(|finding| {
            Failure::new(format!("{}: {}", path.display(), finding.message))
                .remedy("save it as CSV and load that")
        })
    };
    let text = read(path)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut companions: Vec<(String, String)> = Vec::new();
    for other in ["alt.csv", "add.csv"] {
        let beside = path.with_file_name(other);
        if name.eq_ignore_ascii_case("sdn.csv") && beside.is_file() {
            companions.push((other.to_owned(), read(&beside)?));
        }
    }
    let companions: Vec<(&str, &str)> = companions.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    kervan_screening::read_list(&name, &text, &companions).map_err(|findings| {
        let said: Vec<_> = findings
            .iter()
            .map(|f| format!("{} ({}, {})", f.message, f.code, f.path.as_deref().unwrap_or(&name)))
            .collect();
        let remedy = findings.first().and_then(|f| f.remedy.clone()).unwrap_or_default();
        Failure::new(format!("{name}: {}", said.join("; "))).remedy(remedy)
    })
}

/// Reads a list of goods; none if the file is a list of parties.
fn read_goods_file(path: &Path) -> Result<Option<GoodsList>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("{} cannot be read: {}", path.display(), kervan_model::in_plain_words(&error)))
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    if !GoodsList::is_one(&text) {
        return Ok(None);
    }
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    GoodsList::read(&name, &text).map(Some).map_err(|findings| {
        let said: Vec<_> = findings.iter().map(|f| f.message.clone()).collect();
        Failure::new(format!("{name}: {}", said.join("; "))).remedy("columns hs,words,title,source")
    })
}

/// Loads the lists of denied parties and of goods of a node with its tables; remarks go to standard error. None where no list is
/// given.
pub(super) fn load_denied(tables: &Arc<Tables>, files: &[PathBuf]) -> Result<Option<Denied>, Failure> {
    if files.is_empty() {
        return Ok(None);
    }
    let (mut lists, mut goods): (Vec<List>, Vec<GoodsList>) = (Vec::new(), Vec::new());
    for path in files {
        if let Some(list) = read_goods_file(path)? {
            output::error(&format!("list {}: {} rules about goods", list.name, list.rules.len()));
            goods.push(list);
            continue;
        }
        let (list, findings) = read_list_file(path)?;
        if lists.iter().any(|known| known.name == list.name) {
            return Err(Failure::new(format!("two lists have the name {}", list.name))
                .remedy("give them file names of their own: decisions name the list"));
        }
        let remarks = match findings.len() {
            0 => String::new(),
            count => format!("; {count} remarks, kervan screen list check {} prints them", path.display()),
        };
        let version = list.version.get(..12).unwrap_or_default();
        output::error(&format!(
            "list {}: {} entities, version {version}{remarks}",
            list.name,
            list.entities.len()
        ));
        lists.push(list);
    }
    let index = Index::new(tables, lists);
    Ok(Some(Denied { tables: Arc::clone(tables), index, goods }))
}

/// A threshold between 0 and 1, or the one of the tables.
pub(super) fn threshold(given: Option<f64>, tables: &Tables) -> Result<Score, Failure> {
    match given {
        None => Ok(tables.threshold()),
        // In range by the guard; the cast keeps whole thousandths.
        Some(share) if (0.0..=1.0).contains(&share) => {
            Ok(Score::from_thousandths((share * 1000.0).round() as u16))
        }
        Some(share) => Err(Failure::new(format!("the threshold {share} is not between 0 and 1"))),
    }
}

/// A kind by its word.
pub(super) fn kind(word: Option<&str>) -> Result<Option<PartyKind>, Failure> {
    match word {
        None => Ok(None),
        Some(word) => PartyKind::find(word).map(Some).ok_or_else(|| {
            Failure::new(format!("`{word}` is no kind")).remedy("person, organisation or vessel")
        }),
    }
}

/// A score as people write it.
pub(super) fn share(score: Score) -> f64 {
    f64::from(score.thousandths()) / 1000.0
}

fn question(command: &ScreenCommand) -> Result<Question, Failure> {
    let mut identifiers = Vec::new();
    for text in &command.identifiers {
        let (scheme, number) = text.split_once(':').unwrap_or(("other", text));
        identifiers.extend(Identifier::new(scheme, number));
    }
    let born = match &command.born {
        None => None,
        Some(text) => Some(
            Birth::find(text)
                .ok_or_else(|| Failure::new(format!("`{text}` is no day or year")).remedy("--born 1965"))?,
        ),
    };
    let name = command.name.clone().unwrap_or_default();
    if !name.chars().any(char::is_alphabetic) && identifiers.is_empty() {
        return Err(
            Failure::new(format!("`{name}` is no name")).remedy("a name, or --identifier SCHEME:NUMBER")
        );
    }
    let kind = kind(command.kind.as_deref())?;
    Ok(Question { name, kind, country: command.country, born, identifiers })
}

fn screen_name(command: &ScreenCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let tables = load_tables(facts)?;
    let (question, threshold) = (question(command)?, threshold(command.threshold, &tables)?);
    let mut lists = Vec::new();
    for path in &command.lists {
        let (list, findings) = read_list_file(path)?;
        if !findings.is_empty() {
            output::error(&format!(
                "{}: {} remarks; kervan screen list check {} prints them",
                list.name,
                findings.len(),
                path.display()
            ));
        }
        lists.push(list);
    }
    let index = Index::new(&tables, lists);
    let hits = index.screen(&tables, &question, threshold);
    if command.json {
        let hits: Vec<Value> = hits.iter().map(hit_json).collect();
        output::json(&json!({
            "name": question.name, "threshold": share(threshold), "lists": index.list_heads(), "hits": hits
        }));
    } else {
        print_hits(&hits, &index, threshold);
    }
    Ok(if hits.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
}

/// A hit for programs: the score as a share, the reasons as data and as text.
pub(super) fn hit_json(hit: &Hit) -> Value {
    let texts: Vec<String> = hit.reasons.iter().map(ToString::to_string).collect();
    json!({
        "list": hit.list, "version": hit.version, "entity": hit.entity, "name": hit.name,
        "score": share(hit.score), "reasons": texts, "grounds": hit.reasons, "question": hit.question,
        "material": hit.material
    })
}

fn print_hits(hits: &[Hit], index: &Index, threshold: Score) {
    let mut table = output::table(&["score", "name on the list", "list · entity", "reasons"]);
    for hit in hits {
        let reasons: Vec<_> = hit.reasons.iter().map(ToString::to_string).collect();
        table.add_row([
            hit.score.to_string(),
            hit.name.clone(),
            format!("{} · {}", hit.list, hit.entity),
            reasons.join("\n"),
        ]);
    }
    if !hits.is_empty() {
        output::line(&table.to_string());
    }
    let entities: usize = index.list_heads().iter().map(|head| head.entities).sum();
    let lists: Vec<_> = index.list_heads().iter().map(|head| head.name.as_str()).collect();
    output::line(&format!("{} of {entities} entities of {} reach {threshold}", hits.len(), lists.join(", ")));
}
