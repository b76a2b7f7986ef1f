//! Tests of policies, as data: who may do what, and which policy says so.

use crate::{Action, Caller, Relations, Rights, Standing};
use kervan_model::{Finding, Role};

/// A line of `tests.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTest {
    /// Who asks.
    pub caller: Caller,
    /// For what.
    pub action: Action,
    /// In which relations to it.
    pub relations: Relations,
    /// The policy that must decide; none where no policy may permit it.
    pub policy: Option<String>,
}

impl PolicyTest {
    /// Reads a line: `standing,party,roles,territory,action,relations,policy`; roles and relations are parted by blanks.
    ///
    /// Errors: a finding that names the cell.
    pub fn read(line: &str, number: usize) -> Result<Self, Finding> {
        let fault = |what: &str, cell: &str| {
            let message = format!("tests.csv line {number}: `{cell}` is no {what}");
            Finding::error("rights.test", message).at(format!("/tests.csv/{number}"))
        };
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [standing, party, roles, territory, action, relations, policy] = cells.as_slice() else {
            return Err(fault("line of seven cells", line));
        };
        let found = Standing::ALL.into_iter().find(|known| known.word() == *standing);
        let mut caller = Caller::bare(found.ok_or_else(|| fault("standing", standing))?);
        if !party.is_empty() {
            caller.party = Some(party.parse().map_err(|_| fault("party", party))?);
        }
        if !territory.is_empty() {
            caller.territory = Some(territory.parse().map_err(|_| fault("territory", territory))?);
        }
        for word in roles.split_whitespace() {
            let role = Role::ALL.into_iter().find(|role| role.word() == word);
            caller.roles.push(role.ok_or_else(|| fault("role", word))?);
        }
        caller.roles.sort();
        Ok(Self {
            caller,
            action: Action::find(action).ok_or_else(|| fault("action", action))?,
            relations: Relations::parse(relations).map_err(|word| fault("relation", &word))?,
            policy: (!policy.is_empty()).then(|| (*policy).to_owned()),
        })
    }
}

/// Runs the tests of a folder. Returns how many there are, and a finding for each that fails or cannot be read.
pub fn run_policy_tests(rights: &Rights, text: &str) -> (usize, Vec<Finding>) {
    let (mut count, mut findings) = (0, Vec::new());
    for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        count += 1;
        match PolicyTest::read(line, at + 1) {
            Err(finding) => findings.push(finding),
            Ok(test) => {
                let found = rights.decide(&test.caller, test.action, test.relations);
                if found.policy != test.policy {
                    let expected = test.policy.as_deref().unwrap_or("no policy permits");
                    let message = format!(
                        "tests.csv line {}: decided by `{}`, expected `{expected}`",
                        at + 1,
                        found.reason()
                    );
                    findings
                        .push(Finding::error("rights.test", message).at(format!("/tests.csv/{}", at + 1)));
                }
            }
        }
    }
    (count, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded_for_tests;

    #[test]
    fn the_tests_of_the_policies_hold() {
        let rights = Rights::load(&embedded_for_tests()).unwrap();
        let text = include_str!("../../../data/rights/tests.csv");
        let (count, findings) = run_policy_tests(&rights, text);
        assert!(findings.is_empty(), "{findings:#?}");
        for policy in rights.list() {
            assert!(
                text.lines().any(|line| line.ends_with(&format!(",{}", policy.id))),
                "no test for `{}` of {}",
                policy.id,
                policy.file
            );
        }
        assert!(count > rights.list().len(), "and some that nothing permits");
    }

    #[test]
    fn a_test_that_fails_says_what_was_decided() {
        let rights = Rights::load(&embedded_for_tests()).unwrap();
        let text = "standing,party,roles,territory,action,relations,policy\nvisitor,,,,get-consignment,,visitors-see-facts\n";
        let (_, findings) = run_policy_tests(&rights, text);
        assert!(findings[0].message.contains("decided by `no policy permits`"), "{findings:?}");
        for wrong in
            ["x,,,,amend,,", "party,,pilot,,amend,,", "party,,,,fly,,", "party,,,,amend,friend,", "party"]
        {
            assert!(PolicyTest::read(wrong, 2).is_err(), "{wrong}");
        }
    }
}
