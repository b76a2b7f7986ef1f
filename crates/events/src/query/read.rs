//! From parameters to a question; what is not understood is refused by its name.

use super::custom::read_custom;
use super::parameter::{Asked, COMPARISONS, FIXED, Given, LISTED, MEASURED};
use super::test::{Comparison, Field, Test};
use super::units::UnitTable;
use super::{Order, OrderBy, Pattern, Query};
use crate::event::Action;
use crate::format::{is_uri, parse_instant};
use crate::limits::{MOST_PARAMETER_VALUES, MOST_PARAMETERS};
use crate::vocabulary::{Vocabulary, Word, nearest_of};
use crate::{EventType, canonical_name};
use jiff::Timestamp;
use kervan_model::Finding;
use std::collections::BTreeSet;

/// Reads a question. Errors: every parameter that is unknown, has a wrong value, or does not go with another.
pub fn read_query(parameters: &[Given]) -> Result<Query, Vec<Finding>> {
    let mut reader = Reader::default();
    if parameters.len() > MOST_PARAMETERS {
        let message = format!("a query has at most {MOST_PARAMETERS} parameters");
        return Err(vec![Finding::error("events.query-parameter", message)]);
    }
    for (index, given) in parameters.iter().enumerate() {
        if parameters.iter().take(index).any(|before| before.name == given.name) {
            reader.fault(given, "is given twice", Some("put its values into one list".to_owned()));
        } else if given.values.len() > MOST_PARAMETER_VALUES {
            reader.fault(given, &format!("has more than {MOST_PARAMETER_VALUES} values"), None);
        } else if let Err(fault) = reader.take(given) {
            reader.fault(given, &fault.why, fault.remedy);
        }
    }
    reader.finish()
}

/// Why a parameter is refused.
pub(super) struct Fault {
    why: String,
    remedy: Option<String>,
}

impl From<&str> for Fault {
    fn from(why: &str) -> Self {
        Self { why: why.to_owned(), remedy: None }
    }
}

impl From<String> for Fault {
    fn from(why: String) -> Self {
        Self { why, remedy: None }
    }
}

#[derive(Default)]
struct Reader {
    tests: Vec<Test>,
    by: Option<OrderBy>,
    descending: Option<bool>,
    limit: Option<u64>,
    most: Option<u64>,
    findings: Vec<Finding>,
}

impl Reader {
    fn fault(&mut self, given: &Given, why: &str, remedy: Option<String>) {
        let finding = Finding::error("events.query-parameter", format!("`{}` {why}", given.name))
            .at(format!("/{}", given.name.replace('~', "~0").replace('/', "~1")))
            .source("GS1 EPCIS 2.0, section 8.2.7.1");
        self.findings.push(match remedy {
            Some(remedy) => finding.remedy(remedy),
            None => finding,
        });
    }

    fn finish(mut self) -> Result<Query, Vec<Finding>> {
        let named = |name: &str| Given { name: name.to_owned(), values: Vec::new() };
        if self.limit.is_some() && self.most.is_some() {
            self.fault(&named("maxEventCount"), "and `eventCountLimit` exclude each other", None);
        }
        if self.limit.is_some() && self.by.is_none() {
            self.fault(&named("eventCountLimit"), "needs `orderBy`, which says what is first", None);
        }
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        let descending = self.descending.unwrap_or(true);
        let order = self.by.map(|by| Order { by, descending });
        Ok(Query { tests: self.tests, order, limit: self.limit, most: self.most })
    }

    fn take(&mut self, given: &Given) -> Result<(), Fault> {
        if let Some((_, asked)) = FIXED.iter().find(|(name, _)| *name == given.name) {
            return self.take_fixed(given, *asked);
        }
        let test = match read_listed(given)? {
            Some(test) => test,
            None => match read_measured(given)? {
                Some(test) => test,
                None => read_custom(given)?.ok_or_else(|| unknown(&given.name))?,
            },
        };
        self.tests.push(test);
        Ok(())
    }

    fn take_fixed(&mut self, given: &Given, asked: Asked) -> Result<(), Fault> {
        let test = match asked {
            Asked::Words(field) => Test::In(field, words(field, &given.values)?),
            Asked::Place { location, within } => {
                Test::Place { location, within, names: uris(&given.values)? }
            }
            Asked::Things(things) => {
                let read = |text: &String| Pattern::read(text).map_err(|why| format!("has `{text}`: {why}"));
                Test::Things(things, given.values.iter().map(read).collect::<Result<_, _>>()?)
            }
            Asked::Quantity(comparison) => Test::Quantity(comparison, number(given)?),
            Asked::Time(field, before) => Test::Time { field, before, at: instant(given)? },
            Asked::Truth => Test::Truth(truth(given)?),
            Asked::ErrorDeclared => match truth(given)? {
                true => Test::ErrorDeclared,
                false => return Ok(()),
            },
            Asked::OrderBy => {
                self.by = Some(match one(given)? {
                    "eventTime" => OrderBy::EventTime,
                    "recordTime" => OrderBy::RecordTime,
                    name if name.contains(':') => OrderBy::Extension(name.to_owned()),
                    _ => {
                        return Err(
                            "is `eventTime`, `recordTime` or the qualified name of an extension field".into(),
                        );
                    }
                });
                return Ok(());
            }
            Asked::OrderDirection => {
                self.descending = Some(match one(given)? {
                    "ASC" => false,
                    "DESC" => true,
                    _ => return Err("is `ASC` or `DESC`".into()),
                });
                return Ok(());
            }
            Asked::Limit => {
                self.limit = Some(count(given)?);
                return Ok(());
            }
            Asked::Most => {
                self.most = Some(count(given)?);
                return Ok(());
            }
        };
        self.tests.push(test);
        Ok(())
    }
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&str> = FIXED.iter().map(|(name, _)| *name).collect();
    let remedy = match nearest_of(&names, name) {
        Some(near) => format!("write `{near}`"),
        None => "use a parameter of the standard; an extension field needs its qualified name".to_owned(),
    };
    Fault { why: "is no parameter of a query of events".to_owned(), remedy: Some(remedy) }
}

/// The one value of a parameter.
pub(super) fn one(given: &Given) -> Result<&str, Fault> {
    match given.values.as_slice() {
        [one] => Ok(one),
        _ => Err("has one value".into()),
    }
}

pub(super) fn number(given: &Given) -> Result<f64, Fault> {
    let number = one(given)?.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "is a number".into())
}

fn count(given: &Given) -> Result<u64, Fault> {
    let count = one(given)?.parse().ok().filter(|count: &u64| *count > 0);
    count.ok_or_else(|| "is a whole number above zero".into())
}

fn truth(given: &Given) -> Result<bool, Fault> {
    one(given)?.parse().map_err(|_| "is `true` or `false`".into())
}

fn instant(given: &Given) -> Result<Timestamp, Fault> {
    // A plus that was not escaped in a query string has become a space.
    let text = one(given)?.replace(' ', "+");
    parse_instant(&text).ok_or_else(|| "is a time with an offset, such as `2026-12-01T08:00:00Z`".into())
}

fn uris(values: &[String]) -> Result<Vec<String>, Fault> {
    let wrong = values.iter().find(|uri| !is_uri(uri));
    match wrong {
        Some(wrong) => Err(format!("has `{wrong}`, which is no URI").into()),
        None => {
            let names: BTreeSet<String> = values.iter().map(|uri| canonical_name(uri)).collect();
            Ok(names.into_iter().collect())
        }
    }
}

/// Words of a field in the form in which events are compared.
fn words(field: Field, values: &[String]) -> Result<Vec<String>, Fault> {
    values.iter().map(|value| word(field, value)).collect()
}

fn word(field: Field, text: &str) -> Result<String, Fault> {
    let vocabulary = match field {
        Field::BizStep => Vocabulary::BizStep,
        Field::Disposition | Field::DispositionSet | Field::DispositionUnset => Vocabulary::Disposition,
        Field::ErrorReason => Vocabulary::ErrorReason,
        Field::Sensor("type") => Vocabulary::MeasurementType,
        Field::Action => {
            let known = Action::find(text).map(|action| action.word().to_owned());
            return known.ok_or_else(|| format!("has `{text}`; it is ADD, OBSERVE or DELETE").into());
        }
        Field::EventType => {
            return match EventType::of_word(text) {
                EventType::Extended(uri) if !is_uri(&uri) => {
                    Err(format!("has `{text}`, which is no type of event").into())
                }
                _ => Ok(text.to_owned()),
            };
        }
        Field::TransformationId => return Ok(canonical_name(text)),
        Field::EventId | Field::CorrectiveEventId | Field::Sensor(_) => return Ok(text.to_owned()),
    };
    match vocabulary.read(text) {
        Word::Standard(word) => Ok(word.to_owned()),
        Word::Foreign => Ok(text.to_owned()),
        Word::Unknown(_) | Word::Malformed => {
            let why = format!("has `{text}`, which is no {}", vocabulary.name());
            let remedy = vocabulary.nearest(text).map(|near| format!("write `{near}`"));
            Err(Fault { why, remedy })
        }
    }
}

fn read_listed(given: &Given) -> Result<Option<Test>, Fault> {
    for (prefix, list, item) in LISTED {
        let Some(kind) = given.name.strip_prefix(prefix) else { continue };
        let vocabulary = match *item {
            "bizTransaction" => Vocabulary::BizTransactionType,
            _ => Vocabulary::SourceDestinationType,
        };
        let kind = match vocabulary.read(kind) {
            Word::Standard(word) => word.to_owned(),
            Word::Foreign => kind.to_owned(),
            Word::Unknown(_) | Word::Malformed => {
                let why = format!("names `{kind}`, which is no {}", vocabulary.name());
                let remedy = vocabulary.nearest(kind).map(|near| format!("write `{prefix}{near}`"));
                return Err(Fault { why, remedy });
            }
        };
        let names = given.values.iter().map(|uri| canonical_name(uri)).collect();
        return Ok(Some(Test::Listed { list, item, kind, names }));
    }
    Ok(None)
}

fn read_measured(given: &Given) -> Result<Option<Test>, Fault> {
    for (prefix, comparison) in COMPARISONS {
        let Some(rest) = given.name.strip_prefix(prefix) else { continue };
        if let Some(field) = MEASURED.iter().find(|field| **field == rest) {
            if *field != "percRank" {
                return Err("needs a unit in its name, such as `GE_value_CEL`".into());
            }
            return Ok(Some(measured(field, *comparison, number(given)?, None)));
        }
        let named = rest.split_once('_').and_then(|(name, unit)| {
            Some((MEASURED.iter().find(|field| **field == name && **field != "percRank")?, unit))
        });
        if let Some((field, unit)) = named {
            if !UnitTable::built_in().knows(unit) && !(2..=3).contains(&unit.len()) {
                return Err(format!("names `{unit}`, which is no code of UN/ECE Recommendation 20").into());
            }
            return Ok(Some(measured(field, *comparison, number(given)?, Some(unit.to_owned()))));
        }
    }
    Ok(None)
}

fn measured(field: &'static str, comparison: Comparison, value: f64, unit: Option<String>) -> Test {
    Test::Measured { field, comparison, value, unit }
}
