//! `kervan events query`: events of a node or of a data folder, by the parameters of the standard.

use super::track::{short, shown};
use super::{Failure, Outcome, output};
use crate::facts::Facts;
use crate::http::epcis::{Told, query_document};
use crate::setup::open_existing_node;
use clap::Args;
use kervan_events::Event;
use kervan_events::query::{Given, read_query};
use kervan_node::query_events;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// How long a node may take for its answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Arguments of `kervan events query`.
#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    /// Parameters of EPCIS 2.0, as NAME=VALUE; values of a list stand between upright bars.
    #[arg(value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Folder of a store that no node is using.
    #[arg(long, value_name = "DIR", conflicts_with = "node")]
    data: Option<PathBuf>,
    /// The node.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    node: String,
    /// The API token of the party that asks the node.
    #[arg(long)]
    token: Option<String>,
    /// Most events that are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    most: u32,
    /// Print the whole events, as an EPCIS query document.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &QueryArguments, facts: &Facts) -> Result<Outcome, Failure> {
    let pairs: Vec<(&str, &str)> = arguments
        .parameters
        .iter()
        .map(|text| {
            text.split_once('=').ok_or_else(|| {
                Failure::new(format!("`{text}` is not NAME=VALUE")).remedy("for example EQ_bizStep=departing")
            })
        })
        .collect::<Result<_, _>>()?;
    let given: Vec<Given> = pairs.iter().map(|(name, value)| Given::text(name, value)).collect();
    let query = match read_query(&given) {
        Ok(query) => query,
        Err(findings) => {
            output::findings(&findings);
            return Ok(Outcome::FoundErrors);
        }
    };
    let (document, more) = match &arguments.data {
        Some(data) => {
            let node = open_existing_node(facts, data)?;
            let page = query_events(&node.desk, &query, None, arguments.most as usize)
                .map_err(|refusal| Failure::new(refusal.to_string()))?;
            let prefixes = kervan_events::CompanyPrefixes::default();
            let told = Told::plainly("SimpleEventQuery", &prefixes);
            let more = page.next.is_some();
            let events: Vec<Event> = page.events.into_iter().map(|(_, event)| event).collect();
            (query_document(crate::clock::Clock::Wall.now(), &told, events).0, more)
        }
        None => ask(arguments, &pairs)?,
    };
    if arguments.json {
        output::json(&document);
    } else {
        show(&document, more);
    }
    Ok(Outcome::Done)
}

/// Asks a node. Returns its answer, and whether there is more of it.
fn ask(arguments: &QueryArguments, pairs: &[(&str, &str)]) -> Result<(Value, bool), Failure> {
    let node = arguments.node.trim_end_matches('/');
    let unreachable = |error: &dyn std::fmt::Display| {
        Failure::new(format!("{node} cannot be asked: {}", kervan_model::in_plain_words(&error)))
            .remedy("start it with `kervan serve`, or read its folder with --data")
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .build()
        .into();
    let most = arguments.most.to_string();
    let mut request = agent.get(format!("{node}/epcis/events")).query("perPage", &most);
    for (name, value) in pairs {
        request = request.query(name, value);
    }
    if let Some(token) = &arguments.token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let mut answer = request.call().map_err(|error| unreachable(&error))?;
    let more = answer.headers().contains_key("link");
    let text = answer.body_mut().read_to_string().map_err(|error| unreachable(&error))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| unreachable(&error))?;
    if !answer.status().is_success() {
        let detail = document.get("detail").and_then(Value::as_str).unwrap_or("no reason was given");
        let failure = Failure::new(format!("the node refused: {detail}"));
        return Err(match answer.status().as_u16() {
            401 => failure
                .remedy("--token TOKEN, as `kervan party add` printed it; or --data DIR of a node at rest"),
            _ => failure,
        });
    }
    Ok((document, more))
}

/// Things that a line of the table names; the others are counted.
const MOST_THINGS: usize = 2;

fn show(document: &Value, more: bool) {
    let list = document.pointer("/epcisBody/queryResults/resultsBody/eventList").and_then(Value::as_array);
    let events = list.map(Vec::as_slice).unwrap_or_default();
    let mut table = output::table(&["when", "type", "step", "where", "things"]);
    for event in events {
        let text = |path: &str| event.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
        let lists = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
        let mut things: Vec<&str> = event.get("parentID").and_then(Value::as_str).into_iter().collect();
        things.extend(
            lists.iter().filter_map(|list| event.get(*list)?.as_array()).flatten().filter_map(Value::as_str),
        );
        let kind = text("/type").replace("Event", "");
        let others = things.len().saturating_sub(MOST_THINGS);
        let mut named: Vec<String> = things.iter().take(MOST_THINGS).map(|thing| plain(thing)).collect();
        named.extend((others > 0).then(|| format!("and {others} more")));
        let (step, place) = (text("/bizStep"), text("/readPoint/id"));
        table.add_row([shown(&text("/eventTime")), kind, plain(&step), plain(&place), named.join(" ")]);
    }
    output::line(&table.to_string());
    output::line(&match events.len() {
        1 => "1 event".to_owned(),
        count => format!("{count} events"),
    });
    if more {
        output::line("there is more: ask for it with --most");
    }
}

/// An identifier without what all of its kind share; `--json` has it whole.
fn plain(uri: &str) -> String {
    let own = short(uri);
    let own = own.strip_prefix("place/").or_else(|| own.strip_prefix("step/")).unwrap_or(own);
    own.strip_prefix("urn:epc:id:")
        .or_else(|| own.strip_prefix("https://id.gs1.org/"))
        .unwrap_or(own)
        .to_owned()
}
