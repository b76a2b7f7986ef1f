//! Policies, loaded and asked.

use crate::action::{About, Action, Group};
use crate::caller::{Caller, Standing};
use crate::files::{RightsFiles, SmallCounts, read_parameters, read_parts};
use crate::limits::{MOST_POLICIES, MOST_POLICY_BYTES, MOST_REMEMBERED};
use crate::relation::{Relation, Relations};
use crate::schema::schema;
use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Effect, Entities, Entity, EntityUid, Policy, PolicyId,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use kervan_model::Finding;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

/// What was decided, and by which policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is permitted.
    pub permitted: bool,
    /// The policy that permits it, or the one that forbids it; none where no policy permits it.
    pub policy: Option<String>,
}

impl Decision {
    /// The reason in words, for the operator and the audit log.
    pub fn reason(&self) -> &str {
        self.policy.as_deref().unwrap_or("no policy permits")
    }
}

/// How a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Wholly.
    Allowed,
    /// With parts withheld.
    InPart,
    /// With the demand to say who asks.
    SignIn,
    /// With a refusal: the caller may know of the thing, but not do this to it.
    Forbidden,
    /// As if there were no such thing.
    NotFound,
}

/// A policy as people look it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) file: String,
    pub(crate) id: String,
    pub(crate) says: String,
}

type Memory = BTreeMap<Caller, BTreeMap<(Action, Relations), Decision>>;

/// The policies of a node.
pub struct Rights {
    schema: Schema,
    policies: PolicySet,
    actions: Entities,
    listed: Vec<Listed>,
    small: SmallCounts,
    parts: BTreeMap<String, Action>,
    forbids: bool,
    memory: RwLock<Memory>,
}

impl std::fmt::Debug for Rights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rights").field("policies", &self.listed.len()).finish_non_exhaustive()
    }
}

impl Rights {
    /// Loads the policies of a folder and checks them against the schema.
    ///
    /// Errors: every finding of every file; nothing is loaded half.
    pub fn load(files: &RightsFiles) -> Result<Self, Vec<Finding>> {
        let broken = |what: &str, error: &dyn std::fmt::Display| {
            vec![Finding::error(
                "rights.schema",
                format!("the schema of policies cannot be read, {what}: {error}"),
            )]
        };
        let (schema, _) =
            Schema::from_cedarschema_str(&schema()).map_err(|error| broken("the text", &error))?;
        let actions = schema.action_entities().map_err(|error| broken("the actions", &error))?;
        let mut findings = Vec::new();
        let (mut policies, mut listed) = (PolicySet::new(), Vec::new());
        for (file, text) in &files.policies {
            match read_file(file, text) {
                Ok(read) => {
                    for (policy, line) in read {
                        if policies.add(policy).is_err() {
                            let message = format!("{file}: there is another policy `{}`", line.id);
                            findings.push(
                                Finding::error("rights.policy-id", message)
                                    .at(format!("/{file}/{}", line.id)),
                            );
                        }
                        listed.push(line);
                    }
                }
                Err(mut more) => findings.append(&mut more),
            }
        }
        if listed.len() > MOST_POLICIES {
            let message = format!("{} policies are more than {MOST_POLICIES}", listed.len());
            findings.push(
                Finding::error("rights.too-many", message).remedy("name groups of actions in one policy"),
            );
        }
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        findings.extend(checked.validation_errors().map(|error| {
            Finding::error("rights.policy-invalid", error.to_string())
                .at(format!("/{}", error.policy_id()))
                .remedy("data/rights/kervan.cedarschema says what policies may name")
        }));
        let small = read_parameters(&files.parameters).map_err(|finding| findings.push(finding));
        let parts = read_parts(&files.parts).map_err(|finding| findings.push(finding));
        let forbids = policies.policies().any(|policy| policy.effect() == Effect::Forbid);
        match (small, parts, findings.is_empty()) {
            (Ok(small), Ok(parts), true) => {
                let memory = RwLock::default();
                Ok(Self { schema, policies, actions, listed, small, parts, forbids, memory })
            }
            _ => Err(findings),
        }
    }

    /// Decides. The same question has the same answer for as long as the policies stay.
    pub fn decide(&self, caller: &Caller, action: Action, relations: Relations) -> Decision {
        let key = (action, relations);
        let known = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(decision) = known.get(caller).and_then(|decisions| decisions.get(&key)) {
            return decision.clone();
        }
        drop(known);
        let decision =
            self.ask(caller, action, relations).unwrap_or(Decision { permitted: false, policy: None });
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        if memory.values().map(BTreeMap::len).sum::<usize>() >= MOST_REMEMBERED {
            memory.clear();
        }
        memory.entry(caller.clone()).or_default().insert(key, decision.clone());
        decision
    }

    /// Whether something is permitted.
    pub fn permits(&self, caller: &Caller, action: Action, relations: Relations) -> bool {
        self.decide(caller, action, relations).permitted
    }

    /// Whether something is permitted however the caller stands to it: nothing has to be looked up.
    pub fn permits_always(&self, caller: &Caller, action: Action) -> bool {
        !self.forbids && self.permits(caller, action, Relations::NONE)
    }

    /// How a request is answered by whoever stands in these relations to what it names.
    pub fn answer(&self, caller: &Caller, action: Action, relations: Relations) -> Answer {
        if self.permits(caller, action, relations) {
            let seen = |part: Action| self.permits(caller, part, relations.with(Relation::Audience));
            let whole = !action.has_parts() || parts_of(action).iter().all(|part| seen(*part));
            return if whole { Answer::Allowed } else { Answer::InPart };
        }
        if caller.standing == Standing::Visitor {
            return Answer::SignIn;
        }
        match action.about().thing().shown_by() {
            None => Answer::Forbidden,
            Some(shown) if shown != action && self.permits(caller, shown, relations) => Answer::Forbidden,
            Some(_) => Answer::NotFound,
        }
    }

    /// From how many on a count over many consignments is told.
    pub const fn small_counts(&self) -> SmallCounts {
        self.small
    }

    /// The part of an answer in which a group of a body stands.
    pub fn part_of_group(&self, group: &str) -> Option<Action> {
        self.parts.get(group).copied()
    }

    pub(crate) fn list(&self) -> &[Listed] {
        &self.listed
    }

    fn ask(&self, caller: &Caller, action: Action, relations: Relations) -> Option<Decision> {
        let principal = principal(caller)?;
        let resource = uid(action.about().thing().word(), "asked")?;
        let context = Relation::ALL.into_iter().map(|relation| {
            (relation.word().to_owned(), RestrictedExpression::new_bool(relations.has(relation)))
        });
        let context = Context::from_pairs(context).ok()?;
        let asked = Request::new(
            principal.uid(),
            uid("Action", action.word())?,
            resource,
            context,
            Some(&self.schema),
        );
        let entities = self.actions.clone().add_entities([principal], None).ok()?;
        let response = Authorizer::new().is_authorized(&asked.ok()?, &self.policies, &entities);
        // A policy that cannot be evaluated permits nothing; neither do the others then.
        if response.diagnostics().errors().next().is_some() {
            return None;
        }
        let policy = response.diagnostics().reason().map(ToString::to_string).min();
        Some(Decision { permitted: response.decision() == CedarDecision::Allow, policy })
    }
}

/// The parts of an answer.
pub(crate) fn parts_of(action: Action) -> &'static [Action] {
    match action.group() {
        Group::ReadConsignment | Group::ReadDossier => {
            &[Action::SeeBody, Action::SeePrices, Action::SeeCustoms]
        }
        Group::ReadCorridor => &[Action::SeeSmallCounts],
        Group::Ask if action.about() == About::Node => &[Action::SeeAllWords],
        _ => &[],
    }
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = cedar_policy::EntityTypeName::from_str(&format!("Kervan::{kind}")).ok()?;
    Some(EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id)))
}

fn principal(caller: &Caller) -> Option<Entity> {
    let standing = uid("Standing", caller.standing.word());
    let member = caller.standing.is_member().then(|| uid("Standing", "member"));
    let roles = caller.roles.iter().map(|role| uid("Role", role.word()));
    let parents = [standing].into_iter().chain(member).chain(roles).collect::<Option<_>>()?;
    let text = |value: &dyn ToString| RestrictedExpression::new_string(value.to_string());
    let party = caller.party.as_ref().map(|party| ("party".to_owned(), text(party)));
    let territory = caller.territory.as_ref().map(|territory| ("territory".to_owned(), text(territory)));
    let attributes = party.into_iter().chain(territory).collect();
    Entity::new(uid("Caller", "asking")?, attributes, parents).ok()
}

/// Reads the policies of a file. Errors: what cannot be read, and policies without a name or without words.
fn read_file(file: &str, text: &str) -> Result<Vec<(Policy, Listed)>, Vec<Finding>> {
    if text.len() > MOST_POLICY_BYTES {
        let message = format!("{file} has more than {MOST_POLICY_BYTES} bytes");
        return Err(vec![Finding::error("rights.too-large", message).at(format!("/{file}"))]);
    }
    let set = PolicySet::from_str(text).map_err(|errors| {
        let of = |error: &dyn std::fmt::Display| {
            Finding::error("rights.policy-syntax", format!("{file}: the policy cannot be read: {error}"))
                .at(format!("/{file}"))
        };
        errors.iter().map(|error| of(error)).collect::<Vec<_>>()
    })?;
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    let mut policies: Vec<&Policy> = set.policies().collect();
    policies.sort_by_key(|policy| {
        policy.id().to_string().trim_start_matches("policy").parse::<u32>().unwrap_or(0)
    });
    for policy in policies {
        match (policy.annotation("id"), policy.annotation("says")) {
            (Some(id), Some(says)) if !id.is_empty() && !says.is_empty() => {
                let listed = Listed { file: file.to_owned(), id: id.to_owned(), says: says.to_owned() };
                read.push((policy.new_id(PolicyId::new(id)), listed));
            }
            _ => {
                let message = format!("{file}: a policy has no @id or no @says:\n{policy}");
                let finding = Finding::error("rights.policy-unnamed", message).at(format!("/{file}"));
                findings
                    .push(finding.remedy("write @id(\"its-name\") and @says(\"what it permits, in words\")"));
            }
        }
    }
    if findings.is_empty() { Ok(read) } else { Err(findings) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded_for_tests;

    fn with(policy: &str) -> RightsFiles {
        let mut files = embedded_for_tests();
        files.policies.insert("own.cedar".into(), policy.into());
        files
    }

    #[test]
    fn faults_of_policies_are_named() {
        for (policy, code) in [
            ("permit (principal", "rights.policy-syntax"),
            ("permit (principal, action, resource);", "rights.policy-unnamed"),
            ("@id(\"a\") permit (principal, action, resource);", "rights.policy-unnamed"),
            (
                "@id(\"participants-read\") @says(\"x\") permit (principal, action, resource);",
                "rights.policy-id",
            ),
            (
                "@id(\"a\") @says(\"x\") permit (principal, action == Kervan::Action::\"fly\", resource);",
                "rights.policy-invalid",
            ),
            (
                "@id(\"a\") @says(\"x\") permit (principal, action, resource) when { context.friend };",
                "rights.policy-invalid",
            ),
            (
                "@id(\"a\") @says(\"x\") permit (principal in Kervan::Standing::\"member\", action, resource) \
                 when { principal.party == 7 };",
                "rights.policy-invalid",
            ),
        ] {
            let findings = Rights::load(&with(policy)).unwrap_err();
            assert!(findings.iter().any(|finding| finding.code == code), "{policy}: {findings:?}");
        }
    }

    #[test]
    fn a_forbidding_policy_wins_and_is_named() {
        let forbid = "@id(\"nobody-amends\") @says(\"no amendments while the court looks at them\")
            forbid (principal, action == Kervan::Action::\"amend\", resource);";
        let (plain, strict) =
            (Rights::load(&embedded_for_tests()).unwrap(), Rights::load(&with(forbid)).unwrap());
        let mover = Caller::party("mover".parse().unwrap(), vec![kervan_model::Role::Forwarder], None);
        let own = Relations::of(&[Relation::Participant, Relation::Declarant]);
        assert!(plain.permits(&mover, Action::Amend, own));
        let decision = strict.decide(&mover, Action::Amend, own);
        assert_eq!((decision.permitted, decision.reason()), (false, "nobody-amends"));
        assert!(
            !strict.permits_always(&Caller::visitor(), Action::GetNetwork),
            "a forbid may hang on a relation"
        );
        assert_eq!(strict.answer(&mover, Action::Amend, own), Answer::Forbidden);
    }

    #[test]
    fn a_policy_may_name_a_party() {
        let one = "@id(\"police\") @says(\"the police look at everything\")
            permit (principal in Kervan::Standing::\"member\", action in [Kervan::Action::\"read-consignment\"], resource)
            when { principal has party && principal.party == \"police\" };";
        let rights = Rights::load(&with(one)).unwrap();
        let of = |name: &str| Caller::party(name.parse().unwrap(), vec![], None);
        assert!(rights.permits(&of("police"), Action::GetConsignment, Relations::NONE));
        assert!(!rights.permits(&of("polite"), Action::GetConsignment, Relations::NONE));
    }
}
