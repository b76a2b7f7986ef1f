//! Questions about events under a name.

use crate::scribe::to_text;
use crate::{Call, Desk, Refusal};
use kervan_events::query::{Given, Query, read_query};
use kervan_model::Finding;
use kervan_store::{NamedQueryRow, Write};
use serde_json::Value;

/// Longest name of a query. Unit: byte. It is a part of addresses.
const LONGEST_NAME: usize = 100;

/// The parameters of a query in JSON. Errors: it is no object, or a value is neither text, number, truth value nor list of
/// them.
pub fn parameters_of(query: &Value) -> Result<Vec<Given>, Vec<Finding>> {
    let fault =
        |path: String, message: &str| vec![Finding::error("events.query-parameter", message).at(path)];
    let fields =
        query.as_object().ok_or_else(|| fault(String::new(), "a query is an object of parameters"))?;
    let (mut given, mut findings) = (Vec::new(), Vec::new());
    for (name, value) in fields {
        match Given::json(name, value) {
            Some(parameter) => given.push(parameter),
            None => findings.extend(fault(
                format!("/{name}"),
                "this is a text, a number, a truth value or a list of them",
            )),
        }
    }
    if findings.is_empty() { Ok(given) } else { Err(findings) }
}

/// Keeps a query of the caller under its name. Returns the name. Errors: it is wrong, or there is one of this name.
pub fn create_named_query(desk: &Desk, call: &Call<'_>, definition: &Value) -> Result<String, Refusal> {
    let name = definition.get("name").and_then(Value::as_str).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        let message = "`name` is 1 to 100 letters, digits, hyphens, dots and underscores";
        return Err(Refusal::invalid(Finding::error("events.query-parameter", message).at("/name")));
    }
    let query = definition.get("query").unwrap_or(&Value::Null);
    parameters_of(query).and_then(|given| read_query(&given)).map_err(Refusal::Invalid)?;
    if desk.store.find_named_query(name)?.is_some() {
        let message = format!("there is a query `{name}` already");
        return Err(Refusal::conflict(
            Finding::error("events.query-exists", message).remedy("choose another name"),
        ));
    }
    let (name, definition) = (name.to_owned(), to_text(query)?);
    let row = NamedQueryRow { name: name.clone(), party: call.actor.clone(), definition };
    desk.save(vec![Write::NamedQuery(row)])?;
    Ok(name)
}

/// The named query. Errors: there is none.
pub fn load_named_query(desk: &Desk, name: &str) -> Result<NamedQueryRow, Refusal> {
    let found = desk.store.find_named_query(name)?;
    found.ok_or_else(|| Refusal::NotFound { what: "query", id: name.to_owned() })
}

/// Removes a query of the caller and every subscription to it.
pub fn remove_named_query(desk: &Desk, call: &Call<'_>, name: &str) -> Result<(), Refusal> {
    let row = load_named_query(desk, name)?;
    if row.party != call.actor {
        return Err(Refusal::NotAllowed(format!("the query `{name}` belongs to another party")));
    }
    desk.save(vec![Write::RemoveNamedQuery(row.name)])
}

/// The question of a row.
pub(crate) fn question_of(row: &NamedQueryRow) -> Result<Query, Refusal> {
    let definition =
        serde_json::from_str(&row.definition).map_err(|error| Refusal::broken("a query", &error))?;
    parameters_of(&definition).and_then(|given| read_query(&given)).map_err(Refusal::Invalid)
}
