//! Why a way of `kervan plan` is recommended, how sure that is, and what to do when it breaks.

use super::output;
use super::plan::local;
use crate::http::wire::name_of;
use kervan_network::{Network, Place};
use kervan_planning::{
    At, Fallback, FigureFit, FigureOf, Insight, Outlook, Plan, Reason, Rival, ServiceRef, Swing, SwingEnd,
};
use kervan_units::{Money, Seconds};

/// Steps shown with their share of the risk.
const RISKS: usize = 6;

/// Prints the explanation of a plan.
pub(super) fn show(insight: &Insight, plan: &Plan, network: &Network) {
    let to = network.find_place(&plan.request.to);
    let value = if insight.value_assumed { "assumed" } else { "as asked" };
    output::line(&format!(
        "\nRecommended: {}, if a day is worth {} ({value}){}",
        insight.recommended,
        insight.value_of_day,
        insight.deadline.map_or_else(String::new, |deadline| format!(
            " and the goods must be there by {} with a chance of {}",
            local(deadline, to),
            percent(insight.wanted_chance)
        ))
    ));
    for reason in &insight.reasons {
        output::line(&format!("  {}", words(reason)));
    }
    output::line(&odds(insight, network, to).to_string());
    if let Some(outlook) = insight.outlooks.iter().find(|outlook| outlook.id == insight.recommended) {
        risks(outlook, network);
        connections(outlook, network);
    }
    fallbacks(insight, network, to);
    prices(insight);
    output::line(&format!(
        "What carries {} (the figure at its least and at its greatest):",
        insight.recommended
    ));
    output::line(&tornado(&insight.swings, network).to_string());
    for assumption in &insight.assumptions {
        output::line(&format!(
            "assumed: {}: {} ({})",
            assumption.name, assumption.value, assumption.provenance.source
        ));
    }
}

fn percent(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.005 => "< 1 %".to_owned(),
        share if share < 1.0 && share > 0.995 => "> 99 %".to_owned(),
        share => format!("{:.0} %", share * 100.0),
    }
}

/// Hours, or days from two days on.
fn duration(hours: f64) -> String {
    if hours.abs() < 48.0 { format!("{hours:.0} h") } else { format!("{:.1} d", hours / 24.0) }
}

fn words(reason: &Reason) -> String {
    match reason {
        Reason::Only => "there is no other way".to_owned(),
        Reason::LeastTotal { total, ahead, of } => {
            format!("cost and value of the days come to {total}, the least; {of} is next, {ahead} above")
        }
        Reason::Earlier { than, hours, dearer, per_day } => {
            format!("{} earlier than {than} for {dearer} more: {per_day} for each day", duration(*hours))
        }
        Reason::Cheaper { than, saves, later, per_day } => {
            format!("saves {saves} against {than} and is {} later: {per_day} for each day", duration(*later))
        }
        Reason::BetterOnBoth { than, hours, saves } => {
            format!("{} earlier than {than} and {saves} cheaper", duration(*hours))
        }
        Reason::OnTime { chance } => format!("in time with a chance of {}", percent(*chance)),
        Reason::NearestToDeadline { chance } => {
            format!("no way is in time with the wanted chance; this one is likeliest, {}", percent(*chance))
        }
        Reason::OthersUnpriced { ways } => {
            let set = match ways {
                1 => "another way was set behind".to_owned(),
                ways => format!("{ways} other ways were set behind"),
            };
            format!("caution: {set}, because the price of a leg is not known")
        }
        Reason::PriceIncomplete { parts: 1 } => "caution: a part of its price is not known".to_owned(),
        Reason::PriceIncomplete { parts } => format!("caution: {parts} parts of its price are not known"),
        Reason::PriceJudged { share } => format!("caution: {} of its price is judgement", percent(*share)),
        Reason::NotRobust { figures: 1 } => {
            "caution: one figure would turn the recommendation within its own range".to_owned()
        }
        Reason::NotRobust { figures } => {
            format!("caution: {figures} figures would turn the recommendation within their own range")
        }
    }
}

fn odds(insight: &Insight, network: &Network, to: Option<&Place>) -> comfy_table::Table {
    let mut table = output::table(&["", "expected", "give or take", "in time", "most of the risk"]);
    for outlook in &insight.outlooks {
        let most = outlook.risks.first();
        table.add_row([
            outlook.id.to_string(),
            local(outlook.expected, to),
            duration(outlook.deviation),
            outlook.on_time.map_or_else(String::new, |on_time| percent(on_time.chance)),
            most.map_or_else(String::new, |risk| {
                format!("{}: {}", percent(risk.share), place_or_service(&risk.at, network))
            }),
        ]);
    }
    table
}

fn place_or_service(at: &At, network: &Network) -> String {
    match at {
        At::Leg { name, .. } => name.clone(),
        At::Stay { place } => format!("stay at {}", name_of(network, place)),
    }
}

fn risks(outlook: &Outlook, network: &Network) {
    output::line(&format!("Where the risk of {} sits (shares of the variance, 100 % in all):", outlook.id));
    let mut table = output::table(&["share", "", "step"]);
    for risk in outlook.risks.iter().take(RISKS) {
        let bar = "█".repeat((risk.share * 40.0).round() as usize);
        table.add_row([percent(risk.share), bar, place_or_service(&risk.at, network)]);
    }
    let rest: f64 = outlook.risks.iter().skip(RISKS).map(|risk| risk.share).sum();
    if rest > 0.0 {
        table.add_row([percent(rest), String::new(), "all others".to_owned()]);
    }
    output::line(&table.to_string());
}

fn connections(outlook: &Outlook, network: &Network) {
    if outlook.connections.is_empty() {
        return;
    }
    output::line("Departures to catch:");
    let mut table = output::table(&["at", "service", "planned", "missed", "the next one is later by"]);
    for catch in &outlook.connections {
        let place = network.find_place(&catch.place);
        table.add_row([
            name_of(network, &catch.place),
            catch.name.clone(),
            catch.planned.map_or_else(|| "not published".to_owned(), |planned| local(planned, place)),
            percent(catch.missed),
            duration(catch.costs),
        ]);
    }
    output::line(&table.to_string());
}

fn names(services: &[ServiceRef]) -> String {
    services.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", then ")
}

fn fallbacks(insight: &Insight, network: &Network, to: Option<&Place>) {
    let Some(plan) = &insight.fallbacks else { return };
    output::line(&format!(
        "If it breaks: by waiting {}, with the fallbacks {}, at the earliest {} ({})",
        local(plan.waiting.mean, to),
        local(plan.with_fallbacks.mean, to),
        local(plan.best.mean, to),
        names(&plan.best_by)
    ));
    if plan.fallbacks.is_empty() {
        output::line("  no other way is worth its cost wherever it waits: take the next departure");
    }
    for fallback in &plan.fallbacks {
        output::line(&format!("  {}", fallback_words(fallback, network)));
    }
}

fn fallback_words(fallback: &Fallback, network: &Network) -> String {
    let (hours, costs) = (fallback.gains, fallback.costs);
    let time = if hours < 0.0 {
        format!("{} later", duration(-hours))
    } else {
        format!("{} earlier", duration(hours))
    };
    let price = if costs.minor() < 0 {
        format!("{} less", Money::from_minor(-costs.minor(), costs.currency()))
    } else {
        format!("{costs} more")
    };
    format!(
        "{}: if {} leaves in {} or later (chance {}), take {}: {time}, {price}",
        name_of(network, &fallback.place),
        fallback.planned.name,
        duration(fallback.wait_from.as_hours_f64().max(Seconds::from_hours(1).as_hours_f64())),
        percent(fallback.chance),
        names(&fallback.instead)
    )
}

fn prices(insight: &Insight) {
    if !insight.days.is_empty() {
        output::line("What a day costs, from the cheapest way to the quickest:");
        let mut table = output::table(&["from", "to", "days gained", "for", "each day"]);
        for price in &insight.days {
            table.add_row([
                price.from.to_string(),
                price.to.to_string(),
                format!("{:.1}", price.days),
                price.costs.to_string(),
                price.per_day.to_string(),
            ]);
        }
        output::line(&table.to_string());
    }
    if !insight.rivals.is_empty() {
        output::line("What would make another way win (one of these):");
        let header = ["", "cheaper by", "per container", "quicker by", "or a day worth", "out because"];
        let mut table = output::table(&header);
        for rival in &insight.rivals {
            table.add_row(rival_row(rival));
        }
        output::line(&table.to_string());
    }
}

fn rival_row(rival: &Rival) -> [String; 6] {
    let behind = rival.price_down.minor() >= 0;
    let only = |text: String| if behind { text } else { "-".to_owned() };
    let value = match (rival.value_above, rival.value_below) {
        (Some(value), _) => format!("more than {value}"),
        (None, Some(value)) => format!("less than {value}"),
        (None, None) => "nothing makes it".to_owned(),
    };
    let mut out = Vec::new();
    if rival.misses_deadline {
        out.push("too late for the deadline");
    }
    if rival.unpriced {
        out.push("a leg has no price");
    }
    [
        rival.id.to_string(),
        only(rival.price_down.to_string()),
        only(rival.price_down_each.to_string()),
        only(rival.hours_down.map_or_else(String::new, duration)),
        only(value),
        out.join(", "),
    ]
}

fn tornado(swings: &[Swing], network: &Network) -> comfy_table::Table {
    let mut table = output::table(&["figure", "least", "most", "arrival", "cost", "then", "how sure"]);
    for swing in swings {
        let is_price = matches!(swing.of, FigureOf::Price { .. });
        let value =
            |end: &SwingEnd| if is_price { format!("{:.0} USD", end.value) } else { duration(end.value) };
        let both = |of: &dyn Fn(&SwingEnd) -> String| format!("{} / {}", of(&swing.least), of(&swing.most));
        let flips = |end: &SwingEnd| end.flips_to.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let turns = swing.least.flips_to.or(swing.most.flips_to).is_some();
        table.add_row([
            figure(swing, network),
            value(&swing.least),
            value(&swing.most),
            if is_price { String::new() } else { both(&|end| signed(end.arrival)) },
            if is_price { both(&|end| end.cost.to_decimal()) } else { String::new() },
            if turns { both(&flips) } else { String::new() },
            sure(swing),
        ]);
    }
    table
}

fn signed(hours: f64) -> String {
    let sign = if hours > 0.0 { "+" } else { "" };
    format!("{sign}{}", duration(hours))
}

fn figure(swing: &Swing, network: &Network) -> String {
    let name = swing.name.clone().unwrap_or_default();
    match &swing.of {
        FigureOf::Ride { .. } => format!("ride: {name}"),
        FigureOf::Wait { .. } => format!("wait: {name}"),
        FigureOf::Price { .. } => format!("price: {name}"),
        FigureOf::Process { place, kind, .. } => {
            format!("{}: {}", kind.word().replace('_', " "), name_of(network, place))
        }
    }
}

/// Confidence, and what the distribution rests on.
fn sure(swing: &Swing) -> String {
    let confidence = format!("{:?}", swing.provenance.confidence).to_lowercase();
    let family = swing.family.map(|family| family.word().replace('_', " ")).unwrap_or_default();
    match swing.fit {
        Some(FigureFit::Points { distance }) => {
            format!("{confidence}; {family}, triangle differs by {}", percent(distance))
        }
        Some(FigureFit::Learned { measured, .. }) => format!("{confidence}; measured {measured} times"),
        None => confidence,
    }
}
