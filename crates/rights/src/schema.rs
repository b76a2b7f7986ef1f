//! The schema of policies, written from the closed tables: what policies may name, and nothing else.

use crate::action::{Action, Group, Thing};
use crate::relation::Relation;
use std::fmt::Write;

/// The schema in Cedar's own words. `data/rights/kervan.cedarschema` is a copy for people and their tools.
pub fn schema() -> String {
    let mut text = String::from(
        "// What policies may name. Written by `cargo xtask gen` from the tables of crates/rights; do not edit.\n\
         namespace Kervan {\n  \
         /// As what somebody asks: visitor, party, person, officer, operator, auditor; the middle three are members too.\n  \
         entity Standing;\n  \
         /// In which role the caller's party asks: forwarder, carrier, customs, ...\n  \
         entity Role;\n  \
         /// Who asks.\n  \
         entity Caller in [Standing, Role] { party?: String, territory?: String };\n",
    );
    // Writing to a string does not fail.
    for thing in Thing::ALL {
        let _ = writeln!(text, "  entity {};", thing.word());
    }
    let _ = writeln!(text, "  /// How the caller stands to the thing.\n  type Relations = {{");
    for relation in Relation::ALL {
        let _ = writeln!(text, "    {}: Bool,", relation.word());
    }
    let _ = writeln!(text, "  }};");
    for group in Group::ALL {
        let _ = writeln!(text, "  /// {}\n  action \"{}\";", group.says(), group.word());
        for action in Action::ALL.iter().filter(|action| action.group() == *group) {
            if let Some((method, path)) = action.route() {
                let _ = writeln!(text, "  /// {method} {path}");
            }
            let _ = writeln!(
                text,
                "  action \"{}\" in [\"{}\"] appliesTo {{ principal: [Caller], resource: [{}], context: Relations }};",
                action.word(),
                group.word(),
                action.about().thing().word()
            );
        }
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_copy_for_people_is_the_schema() {
        let copy = include_str!("../../../data/rights/kervan.cedarschema");
        assert!(copy == super::schema(), "data/rights/kervan.cedarschema is old; run `cargo xtask gen`");
    }
}
