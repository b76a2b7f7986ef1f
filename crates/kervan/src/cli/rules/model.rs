//! `kervan rules model`: the learned score of an administration.

use super::super::{Failure, Outcome, output};
use crate::facts::Facts;
use crate::setup::open_node;
use clap::Subcommand;
use kervan_customs::{Case, FEATURES, decide, features_of};
use kervan_model::{TerritoryId, in_plain_words};
use kervan_node::{find_model, keep_model, list_examples, list_past_cases};
use kervan_risk::{Model, Training, assess_quality, fit_threshold, train};
use std::path::{Path, PathBuf};

/// The learned score.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ModelCommand {
    /// Train a model from the results of controls at a node, and put it in force.
    #[command(after_help = "Example:
  kervan rules model train --territory GE --days 30 --controls-a-day 12

The threshold is set so that of the past declarations as many are selected a day as the team can control.")]
    Train {
        /// The territory.
        #[arg(long)]
        territory: TerritoryId,
        /// Over how many days the past declarations are spread.
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// How many controls the team can make a day.
        #[arg(long, value_name = "N", default_value_t = 10)]
        controls_a_day: u32,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = super::super::serve::DATA)]
        data: PathBuf,
        /// Also write the model to this file.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Put a model of a file in force.
    Use {
        /// The model, JSON.
        model: PathBuf,
        /// The territory.
        #[arg(long)]
        territory: TerritoryId,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = super::super::serve::DATA)]
        data: PathBuf,
    },
    /// Explain the score of a past declaration: what each feature adds.
    Explain {
        /// The movement.
        movement: String,
        /// The territory.
        #[arg(long)]
        territory: TerritoryId,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = super::super::serve::DATA)]
        data: PathBuf,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub(super) fn run(command: ModelCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let failure = |error: kervan_node::Refusal| Failure::new(error.to_string());
    match command {
        ModelCommand::Train { territory, days, controls_a_day, data, out } => {
            let desk = open_node(facts, &data)?.desk;
            let examples = list_examples(&desk, &territory).map_err(failure)?;
            let id = format!("{}-{}", territory.as_str().to_lowercase(), examples.len());
            let mut model = train(&id, FEATURES, &examples, &Training::default()).map_err(|finding| {
                Failure::new(finding.message).remedy("record the results of more controls")
            })?;
            let chances: Vec<u32> = past_features(&desk, &territory)?
                .iter()
                .map(|(_, values)| model.chance_permille(values))
                .collect();
            model.threshold_permille = fit_threshold(&chances, days, controls_a_day).min(1_000);
            let quality = assess_quality(&model, &examples);
            if let Some(out) = out {
                let text =
                    serde_json::to_string_pretty(&model).map_err(|error| Failure::new(error.to_string()))?;
                std::fs::write(&out, text + "\n")
                    .map_err(|error| Failure::new(format!("{}: {error}", out.display())))?;
            }
            let line = format!(
                "model {} from {} controls, {} of which found something; AUC on its own examples {:.3}; selects from {} in 1000 on",
                model.model, quality.examples, quality.found, quality.auc, model.threshold_permille
            );
            keep_model(&desk, &territory, model).map_err(failure)?;
            output::line(&line);
            Ok(Outcome::Done)
        }
        ModelCommand::Use { model, territory, data } => {
            let model = read_model(&model)?;
            let desk = open_node(facts, &data)?.desk;
            keep_model(&desk, &territory, model).map_err(failure)?;
            output::line(&format!("the model is in force for {territory}"));
            Ok(Outcome::Done)
        }
        ModelCommand::Explain { movement, territory, data, json } => {
            let desk = open_node(facts, &data)?.desk;
            let Some((model, hash)) = find_model(&desk, &territory) else {
                return Err(Failure::new(format!("no model is in force for {territory}"))
                    .remedy("kervan rules model train"));
            };
            let past = past_features(&desk, &territory)?;
            let values = past.iter().find(|(id, _)| *id == movement).map(|(_, values)| values);
            let values = values.ok_or_else(|| Failure::new(format!("no decision on {movement} is here")))?;
            let explained = model.explain(values);
            if json {
                output::json(&explained);
                return Ok(Outcome::Done);
            }
            output::line(&format!(
                "{movement}: {} in 1000 by model {} ({})",
                explained.chance_permille,
                model.model,
                hash.get(..16).unwrap_or(&hash)
            ));
            let mut table = output::table(&["feature", "value", "adds (millionths of log odds)"]);
            table.add_row(["an average case".to_owned(), String::new(), explained.average.to_string()]);
            for part in &explained.parts {
                table.add_row([part.feature.clone(), part.value.to_string(), part.adds.to_string()]);
            }
            table.add_row(["score".to_owned(), String::new(), explained.score.to_string()]);
            output::line(&table.to_string());
            Ok(Outcome::Done)
        }
    }
}

/// Reads a model from a file.
fn read_model(path: &Path) -> Result<Model, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::unread(path))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("it is not a model: {}", in_plain_words(&error))))
}

/// The features of the past declarations of a territory, by movement.
fn past_features(
    desk: &kervan_node::Desk,
    territory: &TerritoryId,
) -> Result<Vec<(String, Vec<i64>)>, Failure> {
    let packs = desk.rules.packs();
    let cases = list_past_cases(desk, u32::MAX).map_err(|error| Failure::new(error.to_string()))?;
    let of = |case: &Case, decided| {
        let declared = &case.declaration;
        let day = declared.enters.to_zoned(jiff::tz::TimeZone::UTC).date();
        let pack = packs.find_for(&declared.territory, declared.procedure, day)?;
        Some(features_of(case, &decide(pack, case, decided)))
    };
    let past = cases.into_iter().filter(|past| past.case.declaration.territory == *territory);
    Ok(past.filter_map(|past| Some((past.movement.clone(), of(&past.case, past.decided)?))).collect())
}
