//! What `kervan network show` prints of services as they run: departures, hours, charges, what is taken.

use super::network::provenance;
use super::output;
use kervan_network::{DangerousAccepted, Network, Pattern, Place, Runs, SurchargeAmount};
use kervan_units::{Estimate, Money};

/// Prints what is known of a place beyond its processes and services; tables without rows are left out.
pub(super) fn show(network: &Network, place: &Place) {
    let tables =
        [departures(network, place), hours(network, place), charges(network, place), taken(network, place)];
    for table in tables.into_iter().filter(|table| table.row_iter().next().is_some()) {
        output::line(&table.to_string());
    }
}

fn departures(network: &Network, place: &Place) -> comfy_table::Table {
    let mut table = output::table(&["schedule", "service", "leaves (local time)", "holds", "source"]);
    for service in network.services_from(&place.code) {
        for row in network.schedules_of_service(&service.id) {
            let (leaves, validity) = match &row.pattern {
                Pattern::Timetable(timetable) => {
                    let calendar = &timetable.calendar;
                    let except: Vec<String> = calendar.except.iter().map(ToString::to_string).collect();
                    let but = if except.is_empty() {
                        String::new()
                    } else {
                        format!("\nnot on {}", except.join(", "))
                    };
                    let time = timetable.departs.strftime("%H:%M");
                    (
                        format!("{} {time}, cut-off {} before{but}", calendar.weekdays, timetable.cut_off),
                        calendar.validity,
                    )
                }
                Pattern::Frequency { validity, runs } => {
                    let words = match runs {
                        Runs::Headway { every } => format!("every {every}"),
                        Runs::LeavesWhenFull { wait } => {
                            format!("when full, wait {} / {} / {}", wait.min(), wait.typ(), wait.max())
                        }
                        Runs::OnDemand => "on demand".to_owned(),
                    };
                    (words, *validity)
                }
            };
            table.add_row([
                row.id.clone(),
                format!("{}\n{}", service.id, service.name),
                leaves,
                span(validity),
                provenance(&row.provenance),
            ]);
        }
    }
    table
}

fn hours(network: &Network, place: &Place) -> comfy_table::Table {
    let mut table = output::table(&["hours", "for", "open (local time)", "holds", "source"]);
    for row in network.list_opening_hours().filter(|row| row.place == place.code) {
        let subject = match (row.process, row.mode) {
            (Some(process), Some(mode)) => format!("{} by {mode}", process.word()),
            (Some(process), None) => process.word().to_owned(),
            (None, Some(mode)) => format!("all by {mode}"),
            (None, None) => "all".to_owned(),
        };
        let closes = row.closes.map_or("24:00".to_owned(), |closes| closes.strftime("%H:%M").to_string());
        let closed: Vec<String> = row.calendar.except.iter().map(ToString::to_string).collect();
        let but =
            if closed.is_empty() { String::new() } else { format!("\nclosed on {}", closed.join(", ")) };
        table.add_row([
            row.id.clone(),
            subject,
            format!("{} {} to {closes}{but}", row.calendar.weekdays, row.opens.strftime("%H:%M")),
            span(row.calendar.validity),
            provenance(&row.provenance),
        ]);
    }
    table
}

fn charges(network: &Network, place: &Place) -> comfy_table::Table {
    let mut table = output::table(&["charge", "for", "min / typical / max", "holds", "source"]);
    let unit = |per: kervan_network::TariffUnit| {
        let words = kervan_network::TariffUnit::WORDS;
        words.iter().find(|(_, other)| *other == per).map_or("", |(word, _)| word).replace('_', " ")
    };
    let reefer = |reefer: bool| if reefer { ", reefer" } else { "" };
    for row in network.list_handling_rates().filter(|row| row.place == place.code) {
        let from = row.from_mode.map_or(String::new(), |mode| format!(" from {mode}"));
        let to = row.to_mode.map_or(String::new(), |mode| format!(" to {mode}"));
        let what = format!("move of a {}{from}{to}{}", unit(row.per), reefer(row.reefer));
        table.add_row([
            row.id.clone(),
            what,
            amount(row.amount, row.currency),
            span(row.validity),
            provenance(&row.provenance),
        ]);
    }
    for row in network.list_storage_rates().filter(|row| row.place == place.code) {
        let to = row.to_day.map_or("on".to_owned(), |day| format!("to {day}"));
        let what = format!("day {} {to} of a {}{}", row.from_day, unit(row.per), reefer(row.reefer));
        table.add_row([
            row.id.clone(),
            what,
            amount(row.amount, row.currency),
            span(row.validity),
            provenance(&row.provenance),
        ]);
    }
    for row in network.list_surcharges().filter(|row| row.scope.is_of_place(place)) {
        if let SurchargeAmount::PerUnit { per, amount: value, currency } = row.amount {
            let what = format!("{} per {}", row.kind.in_words(), unit(per));
            table.add_row([
                row.id.clone(),
                what,
                amount(value, currency),
                span(row.validity),
                provenance(&row.provenance),
            ]);
        }
    }
    table
}

fn taken(network: &Network, place: &Place) -> comfy_table::Table {
    let mut table = output::table(&["takes", "dangerous goods", "reefers", "longest", "heaviest", "source"]);
    let unknown = || "not known".to_owned();
    for row in network.acceptances_of_place(place) {
        let dangerous = row.dangerous.as_ref().map_or_else(unknown, |accepted| match accepted {
            DangerousAccepted::All => "all classes".to_owned(),
            DangerousAccepted::None => "none".to_owned(),
            DangerousAccepted::Only(classes) => {
                classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            }
        });
        let plugs = row.reefer_plugs.map_or(String::new(), |plugs| format!(", {plugs} plugs"));
        let reefers =
            row.reefer.map_or_else(unknown, |taken| format!("{}{plugs}", if taken { "yes" } else { "no" }));
        table.add_row([
            row.id.clone(),
            dangerous,
            reefers,
            row.longest_ft.map_or_else(unknown, |feet| format!("{feet} ft")),
            row.heaviest.map_or_else(unknown, |mass| format!("{} kg", mass.to_kilogram_decimal())),
            provenance(&row.provenance),
        ]);
    }
    table
}

fn amount(amount: Estimate<i64>, currency: kervan_units::Currency) -> String {
    let decimal = |minor: i64| Money::from_minor(minor, currency).to_decimal();
    if amount.min() == amount.max() {
        return format!("{} {currency}", decimal(amount.typ()));
    }
    format!("{} / {} / {} {currency}", decimal(amount.min()), decimal(amount.typ()), decimal(amount.max()))
}

fn span(validity: kervan_network::Validity) -> String {
    match (validity.from, validity.to) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
    }
}
