//! Questions to the open links of the network, or to a graph of somebody's own.

use kervan_flows::freight::{FreightData, ScenarioText, layer_of_network, read_scenario, unknown_place};
use kervan_flows::{
    Apart, CostLoss, EndsError, Layer, LayerFile, MinCostError, Part, Route, RoutesError, assess_removals,
    find_apart, find_bottleneck, find_cheapest, limits,
};
use kervan_model::Finding;
use kervan_network::Network;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question between two places.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerQuestion {
    /// Id of the place where it starts.
    #[schema(example = "CNXIA")]
    pub from: String,
    /// Id of the place where it ends.
    #[schema(example = "TRIST")]
    pub to: String,
    /// Links, places and corridors that are not used.
    #[serde(default)]
    pub avoid: Vec<String>,
    /// Links that are used although they are planned or disrupted.
    #[serde(default)]
    pub open: Vec<String>,
    /// The year whose links are open; without it that of the demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// Units to bring: for the cheapest flow, and for what a removal costs. Without it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Routes asked for. Without it two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Routes share no place either, not only no link.
    #[serde(default)]
    pub no_place_shared: bool,
}

/// A link or place with a figure.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartUnits {
    /// Id of the link or place.
    pub id: String,
    /// Name with the id.
    pub name: String,
    /// Units.
    pub units: i64,
}

/// The most that flows, and what bounds it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BottleneckAnswer {
    /// Units; absent if some way has no known limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// What bounds it, nearest to the start, and what each takes.
    pub bottleneck: Vec<PartUnits>,
    /// What bounds it, nearest to the end; the same if there is only one bottleneck.
    pub last_bottleneck: Vec<PartUnits>,
}

/// A route over a layer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LayerRoute {
    /// Cost of one unit.
    pub cost: i64,
    /// Units, if the answer is a flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Names of its places, ends included.
    pub places: Vec<String>,
    /// Ids of its links.
    pub links: Vec<String>,
}

/// Routes that share nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DisjointAnswer {
    /// The routes, cheapest first; together the cheapest that there are.
    pub routes: Vec<LayerRoute>,
    /// Why there are no more, if more were asked for: names of links and places one of which every route uses.
    pub shared: Vec<String>,
}

/// What the removal of a link or place does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RemovalAnswer {
    /// Id of the link or place.
    pub id: String,
    /// Name with the id.
    pub name: String,
    /// Units that still flow at most; absent if no limit is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    /// Units that flow less at most; absent if no limit was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<i64>,
    /// What the units asked for cost more; absent if they cannot all be brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dearer_by: Option<i64>,
    /// Units asked for that cannot be brought any more.
    pub unsent: i64,
}

/// The cheapest flow of a volume.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheapestAnswer {
    /// Whole cost.
    pub cost: i64,
    /// The ways that it takes.
    pub routes: Vec<LayerRoute>,
    /// What each link and place carries.
    pub carried: Vec<PartUnits>,
}

/// A layer with the two ends of a question.
pub struct Asked {
    layer: Layer,
    from: usize,
    to: usize,
}

impl Asked {
    /// The open links of the network. Errors: every finding.
    pub fn of_network(
        network: &Network,
        data: &FreightData,
        question: &LayerQuestion,
    ) -> Result<Self, Vec<Finding>> {
        let text = ScenarioText {
            year: question.year,
            close: question.avoid.clone(),
            open: question.open.clone(),
            ..ScenarioText::default()
        };
        let mut findings = Vec::new();
        let scenario = read_scenario(&text, network, data).map_err(|mut found| {
            // Paths speak of the question, where closing is called avoiding.
            for path in found.iter_mut().filter_map(|finding| finding.path.as_mut()) {
                *path = path.replace("/close/", "/avoid/");
            }
            findings.append(&mut found);
        });
        for (path, text) in [("/from", &question.from), ("/to", &question.to)] {
            if !network.list_places().any(|place| place.code.as_str() == text) {
                findings.push(unknown_place(network, text, path));
            }
        }
        let Ok(scenario) = scenario else { return Err(findings) };
        if !findings.is_empty() {
            return Err(findings);
        }
        Self::of_file(layer_of_network(network, data, &scenario), question)
    }

    /// A graph of somebody's own. Errors: every finding.
    pub fn of_file(file: LayerFile, question: &LayerQuestion) -> Result<Self, Vec<Finding>> {
        let mut file = file;
        file.links.retain(|link| !question.avoid.contains(&link.id));
        file.places
            .iter_mut()
            .filter(|place| question.avoid.contains(&place.id))
            .for_each(|place| place.capacity = Some(0));
        let refused = |error: kervan_flows::LayerError| {
            vec![
                Finding::error("flows.graph", error.to_string())
                    .at(error.to_string().split(':').next().unwrap_or("").to_owned())
                    .remedy("give places with an id and name, links with an id, from, to, capacity and cost"),
            ]
        };
        let layer = Layer::new(file).map_err(refused)?;
        let mut findings = check_figures(question);
        let mut end = |path: &str, id: &String| {
            let found = layer.find_place(id);
            if found.is_none() {
                let known: Vec<&str> = layer
                    .places
                    .iter()
                    .take(limits::SUGGESTED_PLACES)
                    .map(|place| place.id.as_str())
                    .collect();
                findings.push(
                    Finding::error("flows.unknown-place", format!("`{id}` is no place of the graph"))
                        .at(path)
                        .remedy(format!("its places are {} and so on", known.join(", "))),
                );
            }
            found
        };
        let (from, to) = (end("/from", &question.from), end("/to", &question.to));
        match (from, to) {
            (Some(from), Some(to)) if findings.is_empty() => Ok(Self { layer, from, to }),
            _ => Err(findings),
        }
    }

    fn part(&self, (part, units): (Part, i64)) -> PartUnits {
        PartUnits { id: self.id(part), name: self.layer.name(part), units }
    }

    fn id(&self, part: Part) -> String {
        match part {
            Part::Link(number) => self.layer.links.get(number).map_or(String::new(), |link| link.id.clone()),
            Part::Place(number) => {
                self.layer.places.get(number).map_or(String::new(), |place| place.id.clone())
            }
        }
    }

    fn route(&self, route: &Route, units: Option<i64>) -> LayerRoute {
        let arcs = || route.arcs.iter().filter_map(|arc| self.layer.plain.arcs().get(*arc));
        let name =
            |place: usize| self.layer.places.get(place).map_or(String::new(), |place| place.name.clone());
        let first = arcs().next().map(|arc| arc.from);
        LayerRoute {
            cost: route.cost,
            units,
            places: first.into_iter().chain(arcs().map(|arc| arc.to)).map(name).collect(),
            links: route
                .arcs
                .iter()
                .filter_map(|arc| self.layer.parts.get(*arc))
                .map(|part| self.id(*part))
                .collect(),
        }
    }

    /// The most that flows, and what bounds it.
    pub fn bottleneck(&self) -> Result<BottleneckAnswer, Vec<Finding>> {
        let found = find_bottleneck(&self.layer, self.from, self.to).map_err(|error| vec![of_ends(error)])?;
        let parts = |parts: Vec<(Part, i64)>| parts.into_iter().map(|part| self.part(part)).collect();
        Ok(BottleneckAnswer {
            units: found.value,
            bottleneck: parts(found.cut),
            last_bottleneck: parts(found.last_cut),
        })
    }

    /// Routes that share nothing.
    pub fn disjoint(&self, question: &LayerQuestion) -> Result<DisjointAnswer, Vec<Finding>> {
        let apart = if question.no_place_shared { Apart::Vertices } else { Apart::Arcs };
        let found = find_apart(&self.layer, self.from, self.to, question.count.unwrap_or(2), apart);
        let found = found.map_err(|error| {
            vec![match error {
                RoutesError::Ends(error) => of_ends(error),
                RoutesError::NegativeCost(_) => Finding::error("flows.negative-cost", error.to_string())
                    .at("/links")
                    .remedy("give costs of zero or more"),
                RoutesError::Count(_) => Finding::error("flows.out-of-range", error.to_string())
                    .at("/count")
                    .remedy(format!("ask for 1 to {}", limits::MOST_ROUTES)),
            }]
        })?;
        let links = found.shared_arcs.iter().filter_map(|arc| self.layer.parts.get(*arc).copied());
        let places = found.shared_vertices.iter().map(|place| Part::Place(*place));
        Ok(DisjointAnswer {
            routes: found.routes.iter().map(|route| self.route(route, None)).collect(),
            shared: links.chain(places).map(|part| self.layer.name(part)).collect(),
        })
    }

    /// What each removal does, the worst first.
    pub fn removals(&self, question: &LayerQuestion) -> Result<Vec<RemovalAnswer>, Vec<Finding>> {
        let found = assess_removals(&self.layer, self.from, self.to, question.units.unwrap_or(1));
        let found = found.map_err(|error| vec![of_ends(error)])?;
        Ok(found
            .into_iter()
            .map(|removal| RemovalAnswer {
                id: self.id(removal.part),
                name: self.layer.name(removal.part),
                left: removal.left,
                lost: removal.lost,
                dearer_by: match removal.cost {
                    Some(CostLoss::Dearer { by }) => i64::try_from(by).ok(),
                    Some(CostLoss::Unsent { .. }) | None => None,
                },
                unsent: match removal.cost {
                    Some(CostLoss::Unsent { units }) => units,
                    Some(CostLoss::Dearer { .. }) | None => 0,
                },
            })
            .collect())
    }

    /// The cheapest flow of a volume. Errors: that it cannot flow, with what bounds it.
    pub fn cheapest(&self, question: &LayerQuestion) -> Result<CheapestAnswer, Vec<Finding>> {
        if self.from == self.to {
            return Err(vec![of_ends(EndsError::Same)]);
        }
        let units = question.units.unwrap_or(1);
        let found = find_cheapest(&self.layer, self.from, self.to, units)
            .map_err(|error| vec![self.too_much(&error)])?;
        Ok(CheapestAnswer {
            cost: i64::try_from(found.cost).unwrap_or(i64::MAX),
            routes: found.ways.iter().map(|(route, units)| self.route(route, Some(*units))).collect(),
            carried: found.carried.into_iter().map(|part| self.part(part)).collect(),
        })
    }

    fn too_much(&self, error: &MinCostError) -> Finding {
        let MinCostError::Infeasible(shortage) = error else {
            return Finding::error("flows.out-of-range", error.to_string()).at("/units");
        };
        let names: Vec<String> = shortage
            .cut
            .iter()
            .filter_map(|arc| self.layer.parts.get(*arc))
            .map(|part| self.layer.name(*part))
            .collect();
        let message = if names.is_empty() {
            "no way leads there".to_owned()
        } else {
            format!(
                "{} of {} units find no way: {} take {} together",
                shortage.unsent,
                shortage.supply,
                names.join(", "),
                shortage.capacity
            )
        };
        Finding::error("flows.no-way", message)
            .at("/units")
            .remedy(format!("ask for at most {}, or open another way", shortage.capacity))
    }
}

fn of_ends(error: EndsError) -> Finding {
    match error {
        EndsError::Same => Finding::error("flows.same-place", "origin and destination are the same")
            .at("/to")
            .remedy("give two different places"),
        EndsError::NoVertex(_) => Finding::error("flows.unknown-place", error.to_string()).at("/from"),
    }
}

fn check_figures(question: &LayerQuestion) -> Vec<Finding> {
    let units = question.units.unwrap_or(1);
    if (1..=limits::MOST_CAPACITY).contains(&units) {
        return Vec::new();
    }
    let code = if units < 0 { "flows.negative-demand" } else { "flows.out-of-range" };
    vec![
        Finding::error(code, format!("{units} units"))
            .at("/units")
            .remedy(format!("give 1 to {}", limits::MOST_CAPACITY)),
    ]
}
