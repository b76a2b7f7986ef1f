//! Variables of the environment that look like a key and are none.
//!
//! An environment holds what others put there: Kubernetes sets `KERVAN_SERVICE_HOST` and `KERVAN_PORT_8080_TCP` beside a service of that
//! name. What is near to no key is therefore passed over; what is near to one is told, and hinders nothing.

use super::keys::{KEYS, Key};
use kervan_model::Finding;

/// How variables of the program begin.
const BEGIN: &str = "KERVAN_";

/// What the program reads of the environment beside its keys.
const OTHERS: &[&str] = &["KERVAN_STORE", "KERVAN_KEYS_SECRET", "KERVAN_PASSPHRASE", "KERVAN_URL"];

/// How the variables end that Kubernetes sets for a service, or how the last but one part of them does.
const OF_SERVICES: &[&str] = &["_SERVICE_HOST", "_SERVICE_PORT", "_PORT", "_PORT_", "_SERVICE_PORT_"];

/// Letters that may differ between a name and the one that was meant.
const MOST_DIFFERENT: usize = 2;

/// A warning for each variable that is near to one that the program reads and is none of them. `variables` are the names of all.
pub fn warn_of_variables(variables: impl Iterator<Item = String>) -> Vec<Finding> {
    let near = variables.filter_map(|variable| Some((find_near(&variable)?, variable)));
    let mut findings: Vec<Finding> = near
        .map(|(meant, variable)| {
            let shown: String = variable.chars().take(80).collect();
            let remedy = format!("did you mean {meant}? kervan config --default prints every key");
            Finding::warning(
                "config.unknown-variable",
                format!("no key has the variable {shown}; it is passed over"),
            )
            .at(shown)
            .remedy(remedy)
        })
        .collect();
    findings.sort();
    findings
}

/// The variable that somebody may have meant who set another one; nothing if that is one of ours, or of somebody else.
fn find_near(variable: &str) -> Option<String> {
    let rest = variable.strip_prefix(BEGIN).filter(|rest| rest.len() > 2)?;
    let ours: Vec<String> =
        KEYS.iter().map(Key::variable).chain(OTHERS.iter().map(|&name| name.to_owned())).collect();
    if ours.iter().any(|known| known == variable) || is_of_service(variable) {
        return None;
    }
    let distances = ours.iter().map(|known| (strsim::damerau_levenshtein(known, variable), known));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    if distance <= MOST_DIFFERENT {
        return Some(nearest.clone());
    }
    // The name of the table was left away, or the name of the key cut short.
    let meant = |key: &&Key| {
        let (table, name) = key.name.split_once('.').unwrap_or_default();
        let cut = rest.len() >= table.len() + 4 && key.variable().starts_with(variable);
        cut || name.to_uppercase() == rest
    };
    KEYS.iter().find(meant).map(Key::variable)
}

fn is_of_service(variable: &str) -> bool {
    OF_SERVICES
        .iter()
        .any(|part| if part.ends_with('_') { variable.contains(part) } else { variable.ends_with(part) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_near_to_a_key_is_told_and_others_are_passed_over() {
        let near = [
            ("KERVAN_LIMITS_BURSTS", "KERVAN_LIMITS_BURST"),
            ("KERVAN_LIMIT_BURST", "KERVAN_LIMITS_BURST"),
            ("KERVAN_LIMITS_BURTS", "KERVAN_LIMITS_BURST"),
            ("KERVAN_SERVER__LISTEN", "KERVAN_SERVER_LISTEN"),
            ("KERVAN_SEVER_LISTEN", "KERVAN_SERVER_LISTEN"),
            ("KERVAN_LISTEN", "KERVAN_SERVER_LISTEN"),
            ("KERVAN_TLS_CERT", "KERVAN_TLS_CERTIFICATE"),
            ("KERVAN_SIGNIN_ISSUER", "KERVAN_SIGN_IN_ISSUER"),
            ("KERVAN_SERVER_CORS_ORIGIN", "KERVAN_SERVER_CORS_ORIGINS"),
            ("KERVAN_KEY_SECRET", "KERVAN_KEYS_SECRET"),
        ];
        for (variable, meant) in near {
            let told = warn_of_variables([variable.to_owned()].into_iter());
            assert_eq!(told.len(), 1, "{variable}");
            let remedy = told[0].remedy.as_deref().unwrap_or_default();
            assert!(remedy.starts_with(&format!("did you mean {meant}?")), "{variable}: {remedy}");
        }
        let others = [
            "KERVAN_SERVICE_HOST",
            "KERVAN_SERVICE_PORT",
            "KERVAN_SERVICE_PORT_HTTP",
            "KERVAN_PORT",
            "KERVAN_PORT_8080_TCP",
            "KERVAN_PORT_8080_TCP_ADDR",
            "KERVAN_SERVER_SERVICE_HOST",
            "KERVAN_SERVER_PORT",
            "KERVAN_VERSION",
            "KERVAN_HOME",
            "KERVAN_",
            "KERVAN_X",
            "KERVANSARAY_LISTEN",
            "PATH",
            "limits_burst",
        ];
        let known = KEYS.iter().map(Key::variable).chain(OTHERS.iter().map(|name| (*name).to_owned()));
        assert_eq!(warn_of_variables(others.iter().map(|name| (*name).to_owned()).chain(known)), []);
    }
}
