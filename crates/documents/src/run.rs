//! The part of the carriage that one document covers, with what the facts say about it.

use crate::carriage::countries_of;
use crate::definition::Draft;
use crate::{Inputs, Part};
use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Itinerary, Leg, ProcessKind, TransportMovement};

/// Legs in a row that one document covers.
pub(crate) struct Run<'a> {
    /// The legs with their places in the itinerary.
    pub(crate) legs: Vec<(usize, &'a Leg)>,
    inputs: &'a Inputs<'a>,
}

/// One carrier, from where to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carrier<'a> {
    pub(crate) name: &'a str,
    pub(crate) from: &'a PlaceCode,
    pub(crate) to: &'a PlaceCode,
}

/// What carries the goods on a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Means<'a> {
    /// Wagon number, registration, IMO number, train number.
    pub(crate) identification: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) nationality: Option<&'a CountryCode>,
    pub(crate) journey: Option<&'a str>,
}

impl<'a> Draft<'a> {
    /// The legs that the document covers; all of them for a document of the whole.
    pub(crate) fn run(&self) -> Run<'a> {
        let legs = self.inputs.itinerary.into_iter().flat_map(Itinerary::legs).enumerate();
        let covers = |index: usize| match self.request.part {
            Part::Legs { first, last } => (first..=last).contains(&index),
            Part::Whole | Part::Movement(_) | Part::Equipment(_) | Part::Goods(_) => true,
        };
        Run { legs: legs.filter(|(index, _)| covers(*index)).collect(), inputs: self.inputs }
    }
}

impl<'a> Run<'a> {
    /// Where the goods are taken over.
    pub(crate) fn from(&self) -> &'a PlaceCode {
        self.legs.first().map_or(&self.inputs.consignment.from, |(_, leg)| &leg.from)
    }

    /// Where they are delivered, or handed over to the next contract.
    pub(crate) fn to(&self) -> &'a PlaceCode {
        self.legs.last().map_or(&self.inputs.consignment.to, |(_, leg)| &leg.to)
    }

    /// When they leave.
    pub(crate) fn departs(&self) -> Timestamp {
        self.legs.first().map_or(self.inputs.consignment.ready, |(_, leg)| leg.departs)
    }

    /// When they should arrive.
    pub(crate) fn arrives(&self) -> Option<Timestamp> {
        self.legs.last().map(|(_, leg)| leg.arrives)
    }

    /// Whether it ends where the goods are delivered to the consignee.
    pub(crate) fn ends_at_destination(&self) -> bool {
        *self.to() == self.inputs.consignment.to
    }

    /// Countries crossed, in order, each once for each entry.
    pub(crate) fn countries(&self) -> Vec<CountryCode> {
        let legs: Vec<&Leg> = self.legs.iter().map(|(_, leg)| *leg).collect();
        countries_of(&legs)
    }

    /// Countries between the first and the last.
    pub(crate) fn transit_countries(&self) -> Vec<CountryCode> {
        let countries = self.countries();
        let between = countries.get(1..countries.len().saturating_sub(1)).unwrap_or_default();
        between.to_vec()
    }

    /// Places of border formalities between both ends, each once, in order.
    pub(crate) fn borders(&self) -> Vec<&'a PlaceCode> {
        let stays = self.inputs.itinerary.into_iter().flat_map(Itinerary::stays);
        let mut borders: Vec<&PlaceCode> = Vec::new();
        for stay in stays {
            let on_the_way = self.legs.iter().any(|(_, leg)| leg.from == stay.place || leg.to == stay.place);
            let is_border = stay.processes.iter().any(|process| process.kind == ProcessKind::Border);
            let is_end = stay.place == *self.from() || stay.place == *self.to();
            if is_border && on_the_way && !is_end && !borders.contains(&&stay.place) {
                borders.push(&stay.place);
            }
        }
        borders
    }

    /// Carriers with their sections; one that carries on from its own section has one.
    pub(crate) fn carriers(&self) -> Vec<Carrier<'a>> {
        let mut carriers: Vec<Carrier<'a>> = Vec::new();
        for (_, leg) in &self.legs {
            match carriers.last_mut() {
                Some(last) if last.name == leg.operator => last.to = &leg.to,
                _ => carriers.push(Carrier { name: &leg.operator, from: &leg.from, to: &leg.to }),
            }
        }
        carriers
    }

    /// What carries the goods on each leg, as far as it is known: what was reported, else what was assigned.
    pub(crate) fn means(&self) -> Vec<Means<'a>> {
        self.legs.iter().filter_map(|(index, leg)| self.means_of(*index, leg)).collect()
    }

    /// What carries the goods on a leg.
    pub(crate) fn means_of(&self, index: usize, leg: &Leg) -> Option<Means<'a>> {
        let reported = self.inputs.conveyances.iter().find(|conveyance| conveyance.leg == index);
        let reported = reported.map(|conveyance| Means {
            identification: &conveyance.identification,
            name: conveyance.name.as_deref(),
            nationality: conveyance.nationality.as_ref(),
            journey: conveyance.journey.as_deref(),
        });
        let is_of_leg = |movement: &&TransportMovement| {
            movement.mode == leg.mode && movement.from == leg.from && movement.to == leg.to
        };
        let assigned = || self.inputs.consignment.transport.iter().find(is_of_leg);
        reported.or_else(|| {
            assigned().map(|movement| Means {
                identification: &movement.means,
                name: movement.name.as_deref(),
                nationality: movement.nationality.as_ref(),
                journey: movement.journey.as_deref(),
            })
        })
    }
}
