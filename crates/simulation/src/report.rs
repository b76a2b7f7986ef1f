//! From a stage of a journey to the act of the party whose matter it is.

use crate::act::What;
use crate::choose::Chosen;
use crate::journey::{Journey, Stage};
use crate::limits::SCATTER_DEGREES;
use crate::luck::Luck;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZoneDatabase};
use kervan_codes::PlaceCode;
use kervan_events::course::position_on_course;
use kervan_events::report::{self, Sighting};
use kervan_model::{Leg, PartyId};
use kervan_network::Network;
use kervan_units::{GeoPoint, Seconds};
use serde_json::Value;
use std::collections::BTreeMap;

/// What reports are made with.
pub(crate) struct Reporter<'a> {
    pub(crate) network: &'a Network,
    pub(crate) carriers: &'a BTreeMap<String, PartyId>,
    pub(crate) luck: Luck,
}

/// Who does what, and the name of it.
pub(crate) type Told = (PartyId, String, What);

impl Reporter<'_> {
    /// The act of a stage; nothing only if the journey has no such step.
    pub(crate) fn act(
        &self,
        journey: &Journey,
        at: Timestamp,
        stage: Stage,
        chosen: Option<&Chosen>,
    ) -> Option<Told> {
        let actors = &journey.scripted.actors;
        let plain = |actor: &PartyId, word: &str, what| Some((actor.clone(), word.to_owned(), what));
        match stage {
            Stage::Declare => {
                let file = Box::new(journey.scripted.file.clone());
                plain(&actors.forwarder, "declare", What::Declare { file })
            }
            Stage::Attach => {
                let attach = Box::new(journey.scripted.attach.clone()?);
                plain(&actors.consignor, "attach", What::Attach(attach))
            }
            Stage::Accept => {
                let chosen = chosen?;
                let (request, options) = (chosen.request.clone(), chosen.options);
                let what =
                    What::Accept { request: Box::new(request), options, alternative: chosen.alternative };
                plain(&actors.forwarder, "accept", what)
            }
            Stage::Ask { step, tries, process } => {
                let word = if process.is_some() { "border-ask" } else { "ask" };
                let place = journey.place(step)?.clone();
                let name = format!("{step:02}-{word}-{tries}");
                Some((actors.forwarder.clone(), name, What::AskRelease { place }))
            }
            Stage::Position { step, number } => {
                let leg = journey.leg(step)?;
                let point = self.point(journey, leg, at, number)?;
                let name = format!("{step:02}-position-{number}");
                Some((self.carrier(journey, leg), name, What::Position { point }))
            }
            Stage::Ready => {
                let event = report::ready(&self.sighting(journey, &journey.line.from, at));
                plain(&actors.consignor, "ready", capture(event, at))
            }
            Stage::Deliver { step } => {
                let event = report::delivered(&self.sighting(journey, journey.place(step)?, at));
                plain(&actors.consignee, "delivered", capture(event, at))
            }
            Stage::GaugeChanged { step, .. } => {
                self.at_stay(journey, at, step, "gauge-changed", report::changing_gauge)
            }
            Stage::Cleared { step, .. } => self.at_stay(journey, at, step, "cleared", report::cleared),
            Stage::Load { step } => {
                let conveyance = journey.conveyance()?;
                self.on_leg(journey, at, step, "loading", |start, _| report::loading(start, conveyance))
            }
            Stage::Depart { step } => {
                let leg = journey.leg(step)?;
                self.on_leg(journey, at, step, "departing", |start, _| {
                    report::departing(start, &leg.service, &leg.to)
                })
            }
            Stage::Arrive { step } => {
                self.on_leg(journey, at, step, "arriving", |_, end| report::arriving(end))
            }
            Stage::Unload { step } => {
                let conveyance = journey.conveyance()?;
                self.on_leg(journey, at, step, "unloading", |_, end| report::unloading(end, conveyance))
            }
        }
    }

    /// What the carrier that has the goods in its care reports from a stay: elsewhere than at the origin the one that
    /// brought them.
    fn at_stay(
        &self,
        journey: &Journey,
        at: Timestamp,
        step: usize,
        word: &str,
        event: impl Fn(&Sighting<'_>) -> Value,
    ) -> Option<Told> {
        let brought = step.checked_sub(1).and_then(|before| journey.leg(before));
        let leg = brought.or_else(|| journey.leg(step + 1))?;
        let event = event(&self.sighting(journey, journey.place(step)?, at));
        Some((self.carrier(journey, leg), format!("{step:02}-{word}"), capture(event, at)))
    }

    /// What a carrier reports from an end of its leg; `event` gets the sightings at the start and at the end.
    fn on_leg(
        &self,
        journey: &Journey,
        at: Timestamp,
        step: usize,
        word: &str,
        event: impl Fn(&Sighting<'_>, &Sighting<'_>) -> Value,
    ) -> Option<Told> {
        let leg = journey.leg(step)?;
        let event = event(&self.sighting(journey, &leg.from, at), &self.sighting(journey, &leg.to, at));
        Some((self.carrier(journey, leg), format!("{step:02}-{word}"), capture(event, at)))
    }

    /// The carrier of a leg; the forwarder, who ordered it, where nobody is known to run it.
    fn carrier(&self, journey: &Journey, leg: &Leg) -> PartyId {
        self.carriers.get(&leg.operator).unwrap_or(&journey.scripted.actors.forwarder).clone()
    }

    fn sighting<'s>(&self, journey: &'s Journey, place: &'s PlaceCode, at: Timestamp) -> Sighting<'s> {
        let offset = self.offset(place, at);
        Sighting { consignment: journey.reference(), containers: &journey.containers, place, at, offset }
    }

    /// The offset of a place at an instant; UTC where its zone is not known.
    fn offset(&self, place: &PlaceCode, at: Timestamp) -> Offset {
        let place = self.network.find_place(place);
        let zone = place.and_then(|place| TimeZoneDatabase::bundled().get(&place.zone).ok());
        zone.map_or(Offset::UTC, |zone| zone.to_offset(at))
    }

    /// Where the goods are on a leg, with the error of a tracker.
    fn point(&self, journey: &Journey, leg: &Leg, at: Timestamp, number: u32) -> Option<GeoPoint> {
        let ride = journey.ride.as_ref()?;
        let behind = Seconds::between(ride.departs, at).get() as f64;
        let whole = Seconds::between(ride.departs, ride.arrives).get().max(1) as f64;
        let course = self.network.course_of_service(&leg.service);
        let point = position_on_course(&course, behind / whole)?;
        let names = [journey.reference().as_str(), leg.service.as_str(), "position"];
        let (north, east) = self.luck.scatter(&names, u64::from(number));
        let scattered = GeoPoint::from_degrees(
            point.lat() + north * SCATTER_DEGREES,
            point.lon() + east * SCATTER_DEGREES,
        );
        Some(scattered.unwrap_or(point))
    }
}

fn capture(event: Value, at: Timestamp) -> What {
    What::Capture { document: report::document(&[event], at) }
}
