//! The table of rights that people read: every action, every kind of caller, how it is answered.

use crate::files::{RightsFiles, embedded};
use crate::policy::Answer;
use crate::{Action, Caller, Group, Relation, Relations, Rights, Standing};
use kervan_model::{Finding, Role};
use std::fmt::Write;

/// A column: who asks, and in which relations to what is asked for.
struct Column {
    head: &'static str,
    says: &'static str,
    caller: Caller,
    relations: Relations,
}

fn party(roles: &[Role]) -> Caller {
    Caller { roles: roles.to_vec(), ..Caller::bare(Standing::Party) }
}

fn columns() -> Vec<Column> {
    use Relation::{Carrier, Declarant, Listed, Office, Owner, Participant, Territory, Trader};
    let column = |head, says, caller, relations: &[Relation]| Column {
        head,
        says,
        caller,
        relations: Relations::of(relations),
    };
    let (customs, officer) =
        (party(&[Role::Customs]), party(&[Role::Customs]).as_standing(Standing::Officer));
    vec![
        column("visitor", "nobody knows who it is", Caller::visitor(), &[]),
        column(
            "here",
            "a visitor at the node's own machine, or at an address of `metrics.from`",
            Caller::visitor(),
            &[Listed],
        ),
        column("stranger", "a carrier that has no part in it", party(&[Role::Carrier]), &[]),
        column(
            "forwarder",
            "the forwarder that declared it",
            party(&[Role::Forwarder]),
            &[Participant, Declarant],
        ),
        column(
            "carrier",
            "a carrier or terminal that takes part",
            party(&[Role::Carrier]),
            &[Participant, Carrier],
        ),
        column(
            "trader",
            "its consignor, consignee or bank",
            party(&[Role::Consignee]),
            &[Participant, Trader],
        ),
        column("owner", "a carrier that sent, asked, holds or mounted it", party(&[Role::Carrier]), &[Owner]),
        column("customs else", "customs of another territory", customs.clone(), &[]),
        column(
            "customs",
            "the system of the customs of its territory",
            customs,
            &[Participant, Territory, Office],
        ),
        column(
            "officer else",
            "an officer of the territory bound to another office",
            officer.clone(),
            &[Participant, Territory],
        ),
        column(
            "officer",
            "an officer of the territory at its office",
            officer,
            &[Participant, Territory, Office],
        ),
        column("operator", "who runs the node", Caller::bare(Standing::Operator), &[]),
        column("auditor", "who audits the node", Caller::bare(Standing::Auditor), &[]),
    ]
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Allowed => "yes",
        Answer::InPart => "in part",
        Answer::SignIn => "401",
        Answer::Forbidden => "403",
        Answer::NotFound => "404",
    }
}

/// Writes the table of the policies that come with the program, in Markdown: `docs/rights-table.md`.
///
/// Errors: the policies cannot be loaded.
pub fn write_table() -> Result<String, Vec<Finding>> {
    let rights = Rights::load(&RightsFiles::read(embedded, false))?;
    let demo = Rights::load(&RightsFiles::read(embedded, true))?;
    let columns = columns();
    let mut text = String::from(
        "# Who may do what\n\nWritten by `cargo xtask gen` from `data/rights`; a test holds every route of a running node against it. \
         `docs/rights.md` says how to read it and how to change it.\n\n",
    );
    text.push_str("| answer | meaning |\n|---|---|\n");
    for (answer, means) in [
        (Answer::Allowed, "answered; lists and counts hold only what the caller may see"),
        (
            Answer::InPart,
            "answered with parts withheld: prices, customs data, bodies for others, counts of few",
        ),
        (Answer::SignIn, "refused: say who asks"),
        (Answer::Forbidden, "refused: the caller may know of it, but not do this"),
        (Answer::NotFound, "answered as if there were no such thing"),
    ] {
        let _ = writeln!(text, "| {} | {means} |", word(answer));
    }
    text.push_str("\n| column | who asks |\n|---|---|\n");
    for column in &columns {
        let _ = writeln!(text, "| {} | {} |", column.head, column.says);
    }
    text.push_str("| demo | a visitor of `kervan demo`, where `demo.cedar` counts as well |\n");
    for group in Group::ALL {
        write_group(&mut text, *group, &columns, (&rights, &demo));
    }
    text.push_str("\n## The policies\n\n| policy | file | what it says |\n|---|---|---|\n");
    for policy in demo.list() {
        let _ = writeln!(text, "| `{}` | `{}` | {} |", policy.id, policy.file, policy.says);
    }
    Ok(text)
}

fn write_group(text: &mut String, group: Group, columns: &[Column], (rights, demo): (&Rights, &Rights)) {
    let _ = writeln!(text, "\n## `{}`\n\n{}\n", group.word(), group.says());
    let heads: Vec<&str> = columns.iter().map(|column| column.head).chain(["demo"]).collect();
    let _ = writeln!(text, "| action | route | {} |", heads.join(" | "));
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(heads.len()));
    for action in Action::ALL.iter().copied().filter(|action| action.group() == group) {
        let route = action.route().map_or_else(String::new, |(method, path)| format!("`{method} {path}`"));
        let cell = |column: &Column| {
            if group == Group::Part {
                let relations = column.relations.with(Relation::Audience);
                return if rights.permits(&column.caller, action, relations) { "yes" } else { "withheld" };
            }
            word(rights.answer(&column.caller, action, column.relations))
        };
        let mut cells: Vec<&str> = columns.iter().map(cell).collect();
        cells.push(match group {
            Group::Part if demo.permits(&Caller::visitor(), action, Relations::NONE) => "yes",
            Group::Part => "withheld",
            _ => word(demo.answer(&Caller::visitor(), action, Relations::NONE)),
        });
        let _ = writeln!(text, "| `{}` | {route} | {} |", action.word(), cells.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_table_is_what_the_policies_say() {
        let committed = include_str!("../../../docs/rights-table.md");
        let written = super::write_table().unwrap();
        assert!(committed == written, "docs/rights-table.md is old; run `cargo xtask gen`");
    }
}
