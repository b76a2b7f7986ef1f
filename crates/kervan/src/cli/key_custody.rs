//! `kervan key list`, `encrypt`, `change-secret` and `signer`: how the keys of a node are kept.

use super::output;
use super::people::AT_THE_MACHINE;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::custody::{FolderKeeper, fresh_seal, read_secret_file};
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::open_node;
use kervan_custody::limits::LONGEST_LINE;
use kervan_custody::{Answer, Keeper, Request, check_secret};
use kervan_dossier::PartyKey;
use kervan_node::{Attempt, Refusal, change_secret, count_signing_keys, list_signing_keys};
use serde_json::json;
use std::io::{BufRead, Read, Write};
use std::path::Path;

fn failed(refusal: Refusal) -> Failure {
    Failure::new(refusal.to_string())
}

/// Lists the keys of a node and how each is kept.
pub(super) fn list(facts: &Facts, data: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let desk = open_node(facts, data)?.desk;
    let keys = list_signing_keys(&desk).map_err(failed)?;
    if as_json {
        let line = |key: &kervan_node::KeyLine| json!({"party": key.party, "key": key.id, "kept": key.kept});
        output::json(&keys.iter().map(line).collect::<Vec<_>>());
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["party", "kept", "key"]);
    for key in &keys {
        let party = key.party.as_ref().map_or_else(|| "the node".to_owned(), ToString::to_string);
        // The fragment of a did:key says the key once more.
        let did = key.id.split('#').next().unwrap_or_default().to_owned();
        table.add_row([party, key.kept.to_owned(), did]);
    }
    output::line(&table.to_string());
    if keys.iter().any(|key| key.kept == "clear") {
        let because = "whoever may read the store may sign with the keys that stand in the clear";
        output::next("key encrypt", data, because);
    }
    Ok(Outcome::Done)
}

/// Takes the keys that stand in the clear out of it.
pub(super) fn encrypt(facts: &Facts, data: &Path) -> Result<Outcome, Failure> {
    if !facts.keys().is_strict()? {
        return Err(Failure::new("there is no secret under which keys could be sealed").remedy(
            "openssl rand -base64 32 > FILE; chmod 600 FILE; KERVAN_KEYS_SECRET_FILE=FILE kervan key encrypt",
        ));
    }
    let shown = facts.store_of(data)?;
    if !shown.may_hold_store() {
        return Err(
            Failure::new(format!("there is no store in {shown}")).remedy("name the folder with --data DIR")
        );
    }
    // A node that is opened with a secret seals what stands in the clear.
    let desk = open_node(facts, data)?.desk;
    let counts = count_signing_keys(&desk).map_err(failed)?;
    output::line(&format!(
        "{} keys sealed, {} kept outside, {} in the clear",
        counts.sealed, counts.outside, counts.clear
    ));
    output::line(
        "copies and backups from before still hold keys in the clear: keep them as you keep keys, or remove them",
    );
    Ok(if counts.clear == 0 { Outcome::Done } else { Outcome::FoundErrors })
}

/// Puts the keys under another secret.
pub(super) fn change(facts: &Facts, data: &Path, new: &Path) -> Result<Outcome, Failure> {
    let new = read_secret_file(new)?;
    check_secret(&new).map_err(|fault| {
        Failure::new(fault.to_string()).remedy("openssl rand -base64 32 makes a good one")
    })?;
    let old = facts.keys().read_secret()?;
    let desk = open_node(facts, data)?.desk;
    // Files first: told again after a stop, it takes those that are done as they are, and the old secret still opens the store.
    let mut files = 0;
    if let (Some(folder), Some(old)) = (&facts.keys().folder, old) {
        let keeper = FolderKeeper::new(folder, old);
        files = keeper.change_secret(&new).map_err(|error| Failure::new(error.to_string()))?;
    }
    let by = Attempt { by: AT_THE_MACHINE, now: Clock::Wall.now() };
    let keys = change_secret(&desk, &by, &new, fresh_seal()).map_err(failed)?;
    output::line(&format!(
        "{} keys are under the new secret; give it to the node before its next start",
        keys + files
    ));
    output::line("backups from before open with the old one");
    Ok(Outcome::Done)
}

/// Answers a node that asks it to sign, line by line, until its input ends. What goes wrong is answered, and told on standard error.
pub(super) fn sign_for(folder: &Path, secret: kervan_identity::Secret) -> Result<Outcome, Failure> {
    check_secret(&secret).map_err(|fault| Failure::new(fault.to_string()))?;
    let keeper = FolderKeeper::new(folder, secret);
    let (mut asked, mut told) = (std::io::stdin().lock(), std::io::stdout().lock());
    loop {
        let mut line = Vec::new();
        let read = asked.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line);
        let length = read.map_err(|error| Failure::new(error.to_string()))?;
        if length == 0 {
            return Ok(Outcome::Done);
        }
        let answer = match Request::parse(&String::from_utf8_lossy(&line)) {
            Ok(request) => answer(&keeper, request),
            Err(why) => Answer::Error(why),
        };
        if let Answer::Error(why) = &answer {
            output::error(why);
        }
        let said = writeln!(told, "{}", answer.to_line()).and_then(|()| told.flush());
        if said.is_err() || line.last() != Some(&b'\n') {
            return Ok(Outcome::Done);
        }
    }
}

fn answer(keeper: &FolderKeeper, request: Request) -> Answer {
    let answered = match request {
        Request::Hello => return Answer::Hello,
        Request::Make(holder) => {
            let fresh = PartyKey::from_seed(Random::System.secret("key"));
            keeper.keep(&holder, fresh).map(Answer::Key)
        }
        Request::Sign { holder, id, message } => {
            keeper.sign(&holder, &id, &message).map(|signature| Answer::Signature(Box::new(signature)))
        }
    };
    answered.unwrap_or_else(|error| Answer::Error(error.to_string()))
}
