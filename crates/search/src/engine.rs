//! The entry points: a search in one call, or step by step with its progress.

use crate::front::Found;
use crate::journey::{Journey, Teller};
use crate::network::Network;
use crate::query::{Query, list_faults};
use crate::search::{Progress, Run, Stopped};
use crate::setting::Setting;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// The ways, in order of time and then of the weights.
    ///
    /// Without an epsilon: every weight that no other way beats, with one way each. With one: ways of which none beats
    /// another, such that for every way there is one here that is at most epsilon worse in every criterion (times are
    /// counted from the beginning of the query).
    pub journeys: Vec<Journey>,
    /// How much work it was.
    pub progress: Progress,
}

/// Every good way from the origins to the destinations of a query.
///
/// Looks for ways that may visit a stop again first; if none of the result does, it is the result, because what visits no
/// stop twice is among them. If not, it searches again with labels that remember where they were.
///
/// Errors: [`Stopped`].
pub fn find_front(network: &Network, query: &Query) -> Result<Front, Stopped> {
    let mut fronts = search(network, query, false)?;
    Ok(fronts.pop().unwrap_or_default())
}

/// The front of each destination of a query by itself, in the order of [`Query::to`]: one row of a matrix in one pass.
///
/// Errors: [`Stopped`].
pub fn list_fronts(network: &Network, query: &Query) -> Result<Vec<Front>, Stopped> {
    search(network, query, true)
}

fn search(network: &Network, query: &Query, separate: bool) -> Result<Vec<Front>, Stopped> {
    let faults = list_faults(network, query);
    if !faults.is_empty() {
        return Err(Stopped::Query(faults));
    }
    let setting = Setting::new(network, query, separate);
    match setting.selected.len() {
        0 => Asked::<0> { network, query, setting: &setting }.answer(),
        1 => Asked::<1> { network, query, setting: &setting }.answer(),
        2 => Asked::<2> { network, query, setting: &setting }.answer(),
        3 => Asked::<3> { network, query, setting: &setting }.answer(),
        4 => Asked::<4> { network, query, setting: &setting }.answer(),
        5 => Asked::<5> { network, query, setting: &setting }.answer(),
        _ => Asked::<6> { network, query, setting: &setting }.answer(),
    }
}

struct Asked<'a, const N: usize> {
    network: &'a Network,
    query: &'a Query,
    setting: &'a Setting<'a>,
}

impl<const N: usize> Asked<'_, N> {
    fn answer(&self) -> Result<Vec<Front>, Stopped> {
        match self.run(false)? {
            Some(fronts) => Ok(fronts),
            None => Ok(self.run(true)?.unwrap_or_default()),
        }
    }

    /// One search; `None` if one of its ways visits a stop twice and none may.
    fn run(&self, simple: bool) -> Result<Option<Vec<Front>>, Stopped> {
        let mut run = Run::<N>::new(self.setting, simple);
        while run.advance(usize::MAX)? {}
        let progress = run.progress();
        let (labels, fronts) = run.into_found();
        let teller = Teller { network: self.network, query: self.query, labels: &labels };
        if !simple && fronts.iter().flatten().any(|found| visits_twice(teller.stops(found))) {
            return Ok(None);
        }
        let mut result = Vec::with_capacity(fronts.len());
        for mut found in fronts {
            found.sort_by_key(order);
            let journeys = found.iter().map(|found| teller.tell(found)).collect();
            result.push(Front { journeys, progress });
        }
        Ok(Some(result))
    }
}

fn order<const N: usize>(found: &Found<N>) -> (u32, [u32; N]) {
    (found.time, found.weight)
}

fn visits_twice(mut stops: Vec<u32>) -> bool {
    stops.sort_unstable();
    stops.windows(2).any(|pair| matches!(pair, [one, next] if one == next))
}
