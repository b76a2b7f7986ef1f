//! What is foreseen of each step of a way; a request read whole.

use super::plan::{HourOdds, Odds, Plan, PlanRequest, tenth};
use kervan_network::Network;
use kervan_planning as planning;
use serde::Serialize;
use utoipa::ToSchema;

/// What is foreseen of a step: eight in ten lie between the ends.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepBand {
    /// When it is over.
    pub ends: Odds,
    /// How long it lasts, waits and all.
    pub lasts_h: HourOdds,
}

impl From<&planning::Foreseen> for StepBand {
    fn from(foreseen: &planning::Foreseen) -> Self {
        let (ends, lasts) = (foreseen.ends, foreseen.lasts.map(|lasts| tenth(lasts.as_hours_f64())));
        Self {
            ends: kervan_model::ArrivalOdds { p10: ends.p10, p50: ends.p50, p90: ends.p90 }.into(),
            lasts_h: HourOdds { p10: lasts.p10, p50: lasts.p50, p90: lasts.p90 },
        }
    }
}

impl Plan {
    /// The same with what is foreseen of each step of its ways.
    #[must_use]
    pub fn with_bands(
        mut self,
        plan: &planning::Plan,
        network: &Network,
        learned: &planning::Learned,
    ) -> Self {
        let ways = plan.alternatives.iter().map(|way| &way.itinerary);
        for (shown, foreseen) in
            self.alternatives.iter_mut().zip(planning::foresee_all(network, ways, learned))
        {
            shown.bands = foreseen.iter().map(StepBand::from).collect();
        }
        self
    }
}

impl PlanRequest {
    /// The request and what the forwarder prefers. Errors: every finding on either at once, those of the planner among them.
    pub fn read_whole(
        &self,
        network: &Network,
        options: &planning::PlanOptions,
    ) -> Result<(planning::PlanRequest, planning::Preferences), Vec<kervan_model::Finding>> {
        match (self.read(), self.preferences()) {
            (Ok(request), Ok(preferences)) => Ok((request, preferences)),
            (Ok(request), Err(mut findings)) => {
                let others = planning::check_request(network, &request, options).into_iter();
                findings.extend(others.filter(|one| one.severity == kervan_model::Severity::Error));
                Err(findings)
            }
            (Err(mut findings), preferences) => {
                findings.extend(preferences.err().into_iter().flatten());
                Err(findings)
            }
        }
    }
}
