//! From a way of the search to an itinerary with odds, cost, emissions and what is not known of it.

use crate::adapt::Way;
use crate::cuts::Conditioned;
use crate::ground::Ground;
use crate::odds::{Course, FigureId, LearnedKey, Odds, hours, learned_ranges};
use crate::price::{Charge, price_storage};
use crate::ride::Ride;
use crate::stay::StayFacts;
use crate::{PlanOptions, PlanRequest};
use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{
    ArrivalOdds, Confidence, Cost, CostBasis, Finding, Itinerary, Leg, LegCost, PlanInputs, ProcessKind,
    ProcessStay, ServiceStatus, Stay, Step,
};
use kervan_network::{ExchangeRate, Status, TariffUnit};
use kervan_units::{Currency, Money, Seconds};

/// An itinerary, with what stands beside it in a plan.
pub(crate) struct Assembled {
    pub(crate) itinerary: Itinerary,
    pub(crate) via: Vec<PlaceCode>,
    pub(crate) transfers: u32,
    /// Figures that are missing, as the search counts them.
    pub(crate) unknown: u64,
    /// Exposure, by the weights of the request. Unit: weighted metre.
    pub(crate) exposure: u64,
    /// Rates of exchange that prices were converted at, in words.
    pub(crate) rates: Vec<String>,
    pub(crate) findings: Vec<Finding>,
    /// Units of the tariffs applied.
    pub(crate) units: Vec<TariffUnit>,
}

/// What is summed up along a way.
#[derive(Default)]
struct Sums<'n> {
    charges: Vec<Charge<'n>>,
    unknown: Vec<String>,
    countries: Vec<CountryCode>,
    confidence: Option<Confidence>,
    via: Vec<PlaceCode>,
    transfers: u32,
    unknown_figures: u64,
    findings: Vec<Finding>,
}

impl Sums<'_> {
    fn trust(&mut self, confidence: Confidence) {
        self.confidence = Some(self.confidence.map_or(confidence, |least| least.min(confidence)));
    }
}

/// How closely a way is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closely {
    /// When it ends. The times of its steps are when goods are ready: enough to compare it with others.
    Ends,
    /// When each of its steps begins and ends: the median of each takes longer than the play.
    Steps,
}

/// Builds the itinerary of a way. `None` only if the way is not of this ground.
pub(crate) fn assemble<'n>(
    ground: &Ground<'n>,
    conditioned: &Conditioned<'_>,
    (request, options): (&PlanRequest, &PlanOptions),
    way: &Way,
    odds: &mut Odds<'n>,
    closely: Closely,
) -> Option<Assembled> {
    let ready = instant(ground.begins, way.begins.get());
    let mut sums = Sums::default();
    let mut course = odds.start();
    let mut steps = Vec::new();
    let at = |course: &mut Course| match closely {
        Closely::Ends => ready,
        Closely::Steps => instant(ready, course.median()),
    };
    let mut arriving: Option<usize> = None;
    let mut arrives = ready;
    for departing in way.rides.iter().copied().map(Some).chain([None]) {
        let stay = ground.stay(arriving, departing)?;
        let stored = arriving.is_some() && departing.is_some() && stay.is_stored(ground.price_inputs());
        let came = stored.then(|| course.clone());
        pass_stay(ground, &stay, ready, odds, &mut course);
        let leaves = at(&mut course);
        steps.push(Step::Stay(Stay {
            place: stay.place.code.clone(),
            arrives,
            leaves,
            processes: processes(&stay),
        }));
        sum_stay(&stay, ground, &mut sums);
        came.iter().for_each(|came| sum_storage(&stay, came, &course, ground, &mut sums));
        if let Some(index) = departing {
            let ride = ground.rides.get(index)?;
            pass_ride(ride, odds, &mut course);
            arrives = at(&mut course);
            steps.push(Step::Leg(leg(ground, ride, leaves, arrives)));
            sum_ride(ride, &mut sums);
            sums.findings.extend(not_known(conditioned, ground, ride));
        }
        arriving = departing;
    }
    let quantiles = course.quantiles();
    let rides = || way.rides.iter().filter_map(|index| ground.rides.get(*index));
    sums.countries.dedup();
    let units = units_of(&sums.charges);
    let itinerary = Itinerary {
        inputs: PlanInputs {
            network_version: ground.network.version().to_owned(),
            seed: options.seed,
            samples: options.samples,
            equipment: request.equipment.clone(),
            gross_mass: ground.boxes.mass,
            figures: None,
        },
        departs: ready,
        arrives: ArrivalOdds {
            p10: instant(ready, quantiles.p10),
            p50: instant(ready, quantiles.p50),
            p90: instant(ready, quantiles.p90),
        },
        distance: rides().map(|ride| ride.distance.typ()).sum(),
        countries: sums.countries,
        confidence: sums.confidence.unwrap_or(Confidence::Low),
        cost: total(&sums.charges, sums.unknown, ground.currency),
        carbon: rides().map(|ride| ride.carbon).sum(),
        steps,
    };
    Some(Assembled {
        itinerary,
        via: sums.via,
        transfers: sums.transfers,
        unknown: sums.unknown_figures,
        exposure: rides().map(|ride| ride.exposure).sum(),
        rates: rates_in_words(&sums.charges),
        findings: sums.findings,
        units,
    })
}

/// An instant so many seconds after another one; the end of time if it lies beyond.
fn instant(ready: Timestamp, seconds: u64) -> Timestamp {
    ready.checked_add(Seconds::new(seconds).to_duration()).unwrap_or(Timestamp::MAX)
}

fn pass_ride<'n>(ride: &Ride<'n>, odds: &mut Odds<'n>, course: &mut Course) {
    let figure = FigureId::Ride(ride.service.id.as_str());
    let key = LearnedKey::Ride(ride.service.id.clone());
    if !odds.pass_learned(course, figure, &key) {
        odds.pass(course, figure, ride.service.running);
    }
}

/// Lets a stay pass: its processes, each when the place is open for it, and the wait for the next departure. What was learned
/// of a part of it takes the place of that part.
fn pass_stay<'n>(
    ground: &Ground<'n>,
    stay: &StayFacts<'n>,
    ready: Timestamp,
    odds: &mut Odds<'n>,
    course: &mut Course,
) {
    let mut kinds: Vec<ProcessKind> = stay.processes.iter().map(|dwell| dwell.process.kind).collect();
    kinds.extend(stay.wait.map(|_| ProcessKind::Wait));
    for range in learned_ranges(&kinds) {
        let key = LearnedKey::Stay {
            place: stay.place.code.clone(),
            processes: kinds.get(range.clone()).unwrap_or_default().to_vec(),
            towards: stay.towards.clone(),
        };
        if odds.pass_learned(course, FigureId::Process(stay.place.code.as_str()), &key) {
            continue;
        }
        for index in range {
            match (stay.processes.get(index), stay.wait) {
                (Some(dwell), _) => {
                    if let Some(hours) = dwell.opening.as_ref().and_then(|opening| hours(opening, ready)) {
                        odds.enter(course, &hours);
                    }
                    odds.pass(course, FigureId::Process(&dwell.process.id), dwell.duration);
                }
                (None, Some(wait)) => odds.board(course, ground.network, wait.service, ready),
                (None, None) => {}
            }
        }
    }
}

pub(crate) fn processes(stay: &StayFacts<'_>) -> Vec<ProcessStay> {
    let known = stay.processes.iter().map(|dwell| ProcessStay {
        kind: dwell.process.kind,
        duration: dwell.duration,
        includes_waiting: dwell.process.includes_waiting && !dwell.without_wait,
        provenance: stay.provenance(dwell),
    });
    let wait = stay.wait.iter().map(|wait| ProcessStay {
        kind: ProcessKind::Wait,
        duration: wait.estimate(),
        includes_waiting: true,
        provenance: wait.provenance.clone(),
    });
    known.chain(wait).collect()
}

/// What lying at a place costs, in the mean of all the stays that were played.
fn sum_storage<'n>(
    stay: &StayFacts<'n>,
    came: &Course,
    left: &Course,
    ground: &Ground<'n>,
    sums: &mut Sums<'n>,
) {
    let pairs = came.samples().iter().zip(left.samples());
    let days: Vec<u32> = pairs.map(|(came, left)| left.saturating_sub(*came).div_ceil(86_400)).collect();
    for charge in price_storage(&stay.place.code, &days, ground.price_inputs()) {
        sums.trust(charge.provenance.confidence);
        sums.charges.push(charge);
    }
}

/// The units of charges, each once.
fn units_of(charges: &[Charge<'_>]) -> Vec<TariffUnit> {
    let mut units: Vec<TariffUnit> = charges.iter().map(|charge| charge.unit).collect();
    units.sort();
    units.dedup();
    units
}

/// The rates of exchange of charges, each once, in words.
fn rates_in_words(charges: &[Charge<'_>]) -> Vec<String> {
    let mut rates: Vec<&ExchangeRate> =
        charges.iter().flat_map(|charge| charge.rates.iter().copied()).collect();
    rates.sort_by_key(|rate| &rate.id);
    rates.dedup_by_key(|rate| &rate.id);
    let words = |rate: &ExchangeRate| {
        let value = rate.billionths as f64 / 1e9;
        format!("1 {} = {value} {} on {} ({})", rate.base, rate.quote, rate.day, rate.provenance.source)
    };
    rates.into_iter().map(words).collect()
}

fn sum_stay<'n>(stay: &StayFacts<'n>, ground: &Ground<'n>, sums: &mut Sums<'n>) {
    let (charges, unknown) = stay.price(ground.price_inputs());
    for charge in &charges {
        sums.trust(charge.provenance.confidence);
    }
    sums.charges.extend(charges);
    sums.unknown.extend(unknown);
    sums.unknown_figures += stay.changes_without_duration();
    if let Some(confidence) = stay.confidence() {
        sums.trust(confidence);
    }
    let crosses_border = stay.has(ProcessKind::Border) && stay.towards.is_some();
    if stay.is_transfer || crosses_border {
        sums.via.push(stay.place.code.clone());
    }
    sums.transfers += u32::from(stay.is_transfer);
    sums.findings.extend(remarks(stay));
}

/// What people should know of a stay: durations that are missing, or taken from another case.
fn remarks(stay: &StayFacts<'_>) -> Vec<Finding> {
    let what = |kind: ProcessKind| match kind {
        ProcessKind::GaugeChange => "the change of gauge",
        ProcessKind::Transfer => "the change of vehicle",
        ProcessKind::Formation => "loading and departure",
        ProcessKind::Delivery => "unloading and hand-over",
        ProcessKind::Border | ProcessKind::Yard | ProcessKind::Wait => kind.word(),
    };
    let name = &stay.place.name;
    let remedy = format!("add a row for {} to the processes of the network", stay.place.code);
    let assumed = stay.assumed.iter().map(|process| {
        let message =
            format!("{} at {name} is taken to last as long as in another case there", what(process.kind));
        Finding::info("planning.duration-assumed", message).remedy(remedy.clone())
    });
    let missing = stay.missing.iter().map(|kind| {
        let message = format!("no duration is known for {} at {name}; none is counted", what(*kind));
        let finding = match kind {
            ProcessKind::GaugeChange | ProcessKind::Transfer => {
                Finding::warning("planning.no-duration", message)
            }
            _ => Finding::info("planning.no-duration", message),
        };
        finding.remedy(remedy.clone())
    });
    assumed.chain(missing).collect()
}

/// What the goods need and nobody says of a service.
fn not_known(conditioned: &Conditioned<'_>, ground: &Ground<'_>, ride: &Ride<'_>) -> Option<Finding> {
    let unknown = conditioned.not_known(ground.network, ride.service);
    if unknown.is_empty() {
        return None;
    }
    let message = format!("nobody says whether {} takes {}", ride.service.name, unknown.join(" and "));
    let remedy = format!("ask {}; add what it takes to the network", ride.service.operator);
    Some(Finding::warning("planning.acceptance-unknown", message).remedy(remedy))
}

fn sum_ride<'n>(ride: &Ride<'n>, sums: &mut Sums<'n>) {
    for charge in &ride.price.charges {
        sums.trust(charge.provenance.confidence);
    }
    for factor in &ride.factors {
        sums.trust(factor.provenance.confidence);
    }
    sums.trust(ride.service.provenance.confidence.min(ride.distance_confidence));
    sums.charges.extend(ride.price.charges.iter().cloned());
    sums.unknown.extend(ride.price.unknown.iter().cloned());
    sums.unknown_figures += ride.weight().unknown;
    sums.countries.extend(&ride.countries);
    if ride.carbon_unknown {
        sums.findings.push(
            Finding::warning(
                "planning.no-emission-factor",
                format!("no emission factor is known for a part of {}; none is counted", ride.service.name),
            )
            .remedy("add a row for its mode to the emission factors of the network"),
        );
    }
}

fn leg(ground: &Ground<'_>, ride: &Ride<'_>, departs: Timestamp, arrives: Timestamp) -> Leg {
    let service = ride.service;
    Leg {
        service: service.id.clone(),
        name: service.name.clone(),
        operator: service.operator.clone(),
        class: service.class,
        mode: service.mode,
        from: service.from.clone(),
        to: service.to.clone(),
        departs,
        arrives,
        running: service.running,
        distance: ride.distance,
        countries: ride.countries.clone(),
        cost: leg_cost(ride, ground.currency),
        carbon: ride.carbon,
        status: status(ground, ride),
        provenance: service.provenance.clone(),
    }
}

/// The status of a ride: its own, or that of the first link or end of it that is not open.
fn status(ground: &Ground<'_>, ride: &Ride<'_>) -> ServiceStatus {
    let not_open =
        crate::ride::statuses(ground.network, ride.service).find(|status| **status != Status::Open);
    not_open.map_or(ServiceStatus::Open, ServiceStatus::from)
}

/// The price of a ride, if all of it is known; its basis is the weakest of its parts.
pub(crate) fn leg_cost(ride: &Ride<'_>, currency: Currency) -> Option<LegCost> {
    let weakest = ride.price.charges.iter().max_by_key(|charge| charge.basis)?;
    if !ride.price.unknown.is_empty() {
        return None;
    }
    let sum = |part: fn(&Charge<'_>) -> u64| money(ride.price.charges.iter().map(part), currency);
    Some(LegCost {
        low: sum(|charge| charge.low),
        typical: sum(|charge| charge.typical),
        high: sum(|charge| charge.high),
        basis: weakest.basis,
        provenance: weakest.provenance.clone(),
    })
}

fn money(amounts: impl Iterator<Item = u64>, currency: Currency) -> Money {
    let sum = amounts.fold(0_u64, u64::saturating_add);
    Money::from_minor(i64::try_from(sum).unwrap_or(i64::MAX), currency)
}

fn total(charges: &[Charge<'_>], mut unknown: Vec<String>, currency: Currency) -> Cost {
    let of = |basis: CostBasis| {
        money(charges.iter().filter(|charge| charge.basis == basis).map(|charge| charge.typical), currency)
    };
    let mut named = std::collections::BTreeSet::new();
    unknown.retain(|words| named.insert(words.clone()));
    Cost {
        total: money(charges.iter().map(|charge| charge.typical), currency),
        low: money(charges.iter().map(|charge| charge.low), currency),
        high: money(charges.iter().map(|charge| charge.high), currency),
        published: of(CostBasis::Published),
        judged: of(CostBasis::Judgement),
        unknown,
    }
}
