//! The control teams of offices: how many controls each can do in a day, as data.

use crate::table::{Period, Row, Table};
use crate::{OfficeCode, Territories};
use jiff::civil::Date;
use kervan_model::{Finding, Provenance, TerritoryId};

/// How many controls a team can do in a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTeam {
    /// The territory whose administration it is of.
    pub territory: TerritoryId,
    /// The office that it serves; `None` serves all offices of the territory that have no team of their own.
    pub office: Option<OfficeCode>,
    /// Controls a day that rules do not demand. Range: 0 on, 0 looks only at what rules demand.
    pub controls: u32,
    /// Days of entry for which the figure holds.
    pub period: Period,
    /// Where the figure comes from.
    pub provenance: Provenance,
}

impl ControlTeam {
    /// What the team is called in decisions: its office, or its territory.
    pub fn name(&self) -> &str {
        self.office.as_ref().map_or_else(|| self.territory.as_str(), OfficeCode::as_str)
    }
}

pub(crate) fn read_teams(
    read: &impl Fn(&str) -> Option<String>,
    findings: &mut Vec<Finding>,
) -> Vec<ControlTeam> {
    Table::open("capacity.csv", read, findings).read(read_team)
}

fn read_team(row: &mut Row) -> Option<ControlTeam> {
    let (territory, controls) = (row.parse("territory"), row.parse("controls_a_day"));
    let (office, period, provenance) = (row.optional("office"), row.period(), row.provenance());
    Some(ControlTeam {
        territory: territory?,
        office: office?,
        controls: controls?,
        period: period?,
        provenance: provenance?,
    })
}

impl Territories {
    /// The team that controls goods presented at an office on a day; `None` if no capacity is set, so that nothing bounds the
    /// selection.
    pub fn find_team(&self, territory: &TerritoryId, office: &OfficeCode, day: Date) -> Option<&ControlTeam> {
        let of = |wanted: Option<&OfficeCode>| {
            self.teams().iter().find(|team| {
                team.territory == *territory && team.office.as_ref() == wanted && team.period.contains(day)
            })
        };
        of(Some(office)).or_else(|| of(None))
    }
}
