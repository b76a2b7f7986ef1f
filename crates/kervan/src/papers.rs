//! What the papers of a consignment are made from, held together: from a file that somebody wrote, or from a dossier.

use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_customs::{Filing, Territories, derive_declaration, plan_movements};
use kervan_documents::{Inputs, MovementFacts, PaperCheck, check_all};
use kervan_dossier::{AttachedDocument, DossierState};
use kervan_model::{Consignment, Itinerary};
use kervan_node::{Press, Rules, compare_party_names};

/// Facts of one consignment, as far as they are known.
#[derive(Clone, Debug)]
pub struct PaperFacts {
    /// The consignment.
    pub consignment: Consignment,
    /// The way that was accepted, or would be taken.
    pub itinerary: Option<Itinerary>,
    /// Documents of others.
    pub attachments: Vec<AttachedDocument>,
    /// Movements under customs procedures.
    pub movements: Vec<MovementFacts>,
    /// Id of the dossier; empty without one.
    pub dossier: String,
    /// Its head.
    pub head: String,
    /// When the papers are issued.
    pub issued: Timestamp,
}

impl PaperFacts {
    /// A consignment that stands in no dossier yet.
    pub fn of_consignment(consignment: Consignment, issued: Timestamp) -> Self {
        Self {
            consignment,
            itinerary: None,
            attachments: Vec::new(),
            movements: Vec::new(),
            dossier: String::new(),
            head: String::new(),
            issued,
        }
    }

    /// What a dossier says; none if its consignment cannot be read here.
    pub fn of_state(state: &DossierState, now: Timestamp) -> Option<Self> {
        let movements = state.movements.values().map(|movement| {
            let declared = &movement.declared.fact;
            MovementFacts {
                id: declared.movement.to_string(),
                territory: declared.territory.to_string(),
                regime: declared.regime.clone(),
                mrn: movement.mrn.as_ref().map(ToString::to_string),
                declaration: declared.declaration.clone(),
            }
        });
        Some(Self {
            consignment: state.consignment.clone()?,
            itinerary: state.itinerary.as_ref().map(|stated| stated.fact.clone()),
            attachments: state.list_attached().cloned().collect(),
            movements: movements.collect(),
            dossier: state.dossier.to_string(),
            head: state.heads.first().map(ToString::to_string).unwrap_or_default(),
            issued: state.documents.first().map_or(now, |stated| stated.fact.issued),
        })
    }

    /// With a way, and the movements that it asks for, as they would be declared.
    #[must_use]
    pub fn with_way(mut self, itinerary: Itinerary, territories: &Territories) -> Self {
        let plan = plan_movements(&self.consignment, &itinerary, territories);
        let facts = plan.movements().map(|movement| {
            let declaration =
                derive_declaration(&self.consignment, &itinerary, movement, Filing::Prelodged, &[]);
            MovementFacts {
                id: format!("{}/{}", self.consignment.reference, movement.number),
                territory: movement.territory.to_string(),
                regime: movement.regime.to_string(),
                mrn: None,
                declaration: serde_json::to_value(&declaration).unwrap_or_default(),
            }
        });
        self.movements = facts.collect();
        self.itinerary = Some(itinerary);
        self
    }

    /// Calls a function with the inputs of the documents.
    pub fn with_inputs<T>(&self, press: Press<'_>, function: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let place_name = |code: &PlaceCode| {
            press.network.find_place(code).map_or_else(|| code.to_string(), |place| place.name.clone())
        };
        let inputs = Inputs {
            itinerary: self.itinerary.as_ref(),
            head: &self.head,
            dossier: &self.dossier,
            attachments: &self.attachments,
            movements: &self.movements,
            fonts: press.fonts,
            languages: press.languages,
            ..Inputs::new(&self.consignment, &place_name, self.issued)
        };
        function(&inputs)
    }

    /// Checks every paper.
    pub fn check(&self, press: Press<'_>, rules: &Rules) -> PaperCheck {
        let names = |ours: &str, theirs: &str| compare_party_names(&rules.names, ours, theirs);
        self.with_inputs(press, |inputs| check_all(inputs, &[], &rules.tolerances, &names))
    }
}
