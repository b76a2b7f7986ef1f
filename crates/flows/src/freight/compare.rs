//! The model held against published volumes, and how volumes answer to prices and times.

use super::data::{FreightData, Published, without_direction};
use super::model::Model;
use super::scenario::Scenario;
use crate::{Demand, Equilibrium, find_equilibrium, respond};
use kervan_network::Network;

/// A published volume and what the model says.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Row of the table of published volumes, by number.
    pub row: usize,
    /// What the model says. Unit: TEU a year.
    pub model_teu: f64,
}

/// How the volume of a corridor answers to a corridor's prices or times: percent per percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elasticity {
    /// Corridor whose routes get dearer or slower, by number.
    pub of: usize,
    /// Corridor whose volume answers, by number.
    pub on: usize,
    /// To the price.
    pub price: f64,
    /// To the time.
    pub time: f64,
}

/// The base year of the model beside what was published for it.
pub fn compare_published(network: &Network, data: &FreightData) -> Vec<Held> {
    compare(&Model::of_scenario(network, data, &Scenario::unchanged(data)))
}

fn compare(model: &Model<'_>) -> Vec<Held> {
    let found = find_equilibrium(&model.delays, &model.demands, None);
    let published = &model.data.published;
    (0..published.len())
        .map(|row| Held { row, model_teu: volume_of(model, &found, &published[row]) })
        .collect()
}

/// The volume of what a published figure counts.
fn volume_of(model: &Model<'_>, found: &Equilibrium, published: &Published) -> f64 {
    let mut teu = 0.0;
    for ((key, ways), volumes) in model.keys.iter().zip(&model.ways).zip(&found.volumes) {
        let demand = &model.data.demand[key.row];
        let between = published.between.as_ref().is_none_or(|(one, other)| {
            (one.contains(&demand.from) && other.contains(&demand.to))
                || (one.contains(&demand.to) && other.contains(&demand.from))
        });
        for (way, volume) in ways.iter().zip(volumes).filter(|_| between) {
            let in_corridor = published.corridor.is_none_or(|corridor| way.corridor == Some(corridor));
            let on_link = published
                .link
                .as_ref()
                .is_none_or(|link| way.links.iter().any(|own| without_direction(own) == *link));
            teu += if in_corridor && on_link { *volume } else { 0.0 };
        }
    }
    teu
}

/// Constants of the corridors with which the model gives the published volumes that are for fitting, beginning from those of
/// the table. A corridor that takes another's
/// constant moves with it; others without such a volume keep theirs. Unit: US dollar per forty-foot container.
pub fn fit_constants(network: &Network, data: &FreightData) -> Vec<f64> {
    /// Rounds at most; each divides what is left by about three.
    const ROUNDS: usize = 80;
    /// Parts of a volume that may be left.
    const CLOSE: f64 = 2e-4;
    let mut model = Model::of_scenario(network, data, &Scenario::unchanged(data));
    let mut constants: Vec<f64> = data.corridors.iter().map(|corridor| corridor.constant_usd).collect();
    let targets: Vec<(usize, usize)> = data
        .published
        .iter()
        .enumerate()
        .filter(|(_, row)| row.fitted && row.link.is_none() && row.between.is_none())
        .filter_map(|(number, row)| Some((number, row.corridor?)))
        .collect();
    let scale = data.commodities.iter().map(|commodity| commodity.scale).fold(0.0, f64::max);
    for _ in 0..ROUNDS {
        let held = compare(&model);
        let mut worst = 0.0_f64;
        for (row, corridor) in &targets {
            let off = (held[*row].model_teu.max(1e-6) / data.published[*row].teu.max(1e-6)).ln();
            worst = worst.max(off.abs());
            for (number, constant) in constants.iter_mut().enumerate() {
                if number == *corridor || data.corridors[number].constant_like == data.corridors[*corridor].id
                {
                    *constant += off / scale;
                    model.add_to_corridor(number, off / scale);
                }
            }
        }
        if worst < CLOSE {
            break;
        }
    }
    constants
}

/// Changes of the costs of the routes of a corridor for one part in one of its prices, or of its times.
fn changes(model: &Model<'_>, of: usize, by_time: bool) -> Vec<Vec<f64>> {
    let demands = model.demands.iter().zip(&model.ways);
    let one = |(demand, ways): (&Demand, &Vec<super::Way>)| {
        let change = |way: &super::Way| {
            let whole = if by_time { demand.hour_value * way.hours } else { way.usd };
            if way.corridor == Some(of) { whole } else { 0.0 }
        };
        ways.iter().map(change).collect()
    };
    demands.map(one).collect()
}

fn sums(model: &Model<'_>, volumes: &[Vec<f64>]) -> Vec<f64> {
    let mut sums = vec![0.0; model.data.corridors.len()];
    for (way, volume) in model.ways.iter().flatten().zip(volumes.iter().flatten()) {
        if let Some(corridor) = way.corridor {
            sums[corridor] += volume;
        }
    }
    sums
}

/// The elasticities of every corridor to every corridor, by the formula of implicit functions, congestion answering.
pub fn elasticities(network: &Network, data: &FreightData, scenario: &Scenario) -> Vec<Elasticity> {
    let model = Model::of_scenario(network, data, scenario);
    let found = find_equilibrium(&model.delays, &model.demands, None);
    let volumes = sums(&model, &found.volumes);
    table(&model, &volumes, |by| {
        respond(&model.delays, &model.demands, &found, by).map(|answer| sums(&model, &answer))
    })
}

/// The same by computing the equilibrium anew a step up and a step down: slower, and the check of the formula.
pub fn elasticities_by_steps(network: &Network, data: &FreightData, scenario: &Scenario) -> Vec<Elasticity> {
    /// Part of a price or time.
    const STEP: f64 = 1e-4;
    let model = Model::of_scenario(network, data, scenario);
    let volumes = sums(&model, &find_equilibrium(&model.delays, &model.demands, None).volumes);
    table(&model, &volumes, |by| {
        let moved = |step: f64| {
            let mut demands = model.demands.clone();
            for (route, by) in
                demands.iter_mut().flat_map(|demand| &mut demand.routes).zip(by.iter().flatten())
            {
                route.cost += step * by;
            }
            sums(&model, &find_equilibrium(&model.delays, &demands, None).volumes)
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        Some(up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * STEP)).collect())
    })
}

fn table(
    model: &Model<'_>,
    volumes: &[f64],
    answer: impl Fn(&[Vec<f64>]) -> Option<Vec<f64>>,
) -> Vec<Elasticity> {
    let mut table = Vec::new();
    for of in 0..volumes.len() {
        let price = answer(&changes(model, of, false));
        let time = answer(&changes(model, of, true));
        let (Some(price), Some(time)) = (price, time) else { continue };
        for on in (0..volumes.len()).filter(|on| volumes[*on] > 0.0 && volumes[of] > 0.0) {
            table.push(Elasticity { of, on, price: price[on] / volumes[on], time: time[on] / volumes[on] });
        }
    }
    table
}
