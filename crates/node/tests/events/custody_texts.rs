//! The secrets of subscriptions and the seeds of draws in custody: sealed with the keys, and the same for whoever has the secret.

use crate::world::{call, capture, event, files, open, start};
use jiff::{SignedDuration, Timestamp};
use kervan_identity::{PasswordCost, Secret};
use kervan_node::{
    Attempt, Custody, Desk, DrawWanted, FreshSeal, Refusal, Task, change_secret, commit_draw,
    create_named_query, list_draws, seal_clear_keys, serve_subscription, subscribe, verify_draws,
};
use kervan_store::Store;
use serde_json::json;
use std::path::Path;

const FRESH: FreshSeal =
    FreshSeal { salt: [1; 16], box_key: [2; 32], cost: PasswordCost { memory: 64, passes: 1, lanes: 1 } };
const TOKEN: &str = "hook token 5b1f9c";
const LATER: &str = "later token 77aa01";

fn open_with(folder: &Path, secret: Option<&str>) -> Desk {
    let (network, rules) = files();
    let store = Store::open(folder).unwrap();
    let secret = secret.map(Secret::new);
    let custody = Custody::open(&store, secret.as_ref(), None, FRESH).unwrap();
    Desk::with_custody(store, network, rules, custody, Box::new(|| {})).unwrap()
}

fn by() -> Attempt<'static> {
    Attempt { by: "test", now: start() }
}

fn join(desk: &Desk, number: u8, token: &str) -> Result<String, Refusal> {
    let terms = json!({"dest": "https://example.com/hook", "stream": true, "signatureToken": token});
    call(number, start(), |call| subscribe(desk, call, "all", &terms)).map(|(id, _)| id)
}

/// The secret of the delivery that is due now.
fn secret_of(desk: &Desk, id: &str) -> Result<Option<String>, Refusal> {
    loop {
        match serve_subscription(desk, id, start())?.unwrap() {
            Task::Again => {}
            Task::Wait(_) => return Ok(None),
            Task::Send(delivery) => return Ok(delivery.secret),
        }
    }
}

fn draw(desk: &Desk, period: &str, since: &str, until: &str, seed: u8) -> Result<(), Refusal> {
    let wanted = DrawWanted {
        territory: "GE".parse().unwrap(),
        period: period.to_owned(),
        since: since.parse().unwrap(),
        until: until.parse().unwrap(),
        rate_permille: 100,
    };
    commit_draw(desk, &wanted, [seed; 32], start()).map(|_| ())
}

/// The seeds that are shown when all periods have ended.
fn seeds(desk: &Desk) -> Vec<Option<String>> {
    let ended: Timestamp = start() + SignedDuration::from_hours(24 * 400);
    list_draws(desk, &"GE".parse().unwrap(), ended).into_iter().map(|record| record.seed).collect()
}

/// Whether a text stands in a file of a folder.
fn stands_in(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    files.filter(|path| path.is_file()).any(holds)
}

#[test]
fn secrets_and_seeds_are_sealed_with_the_keys_and_stay_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = ("correct horse battery staple", "another horse battery staple");
    let seed = |byte: u8| format!("{byte:02x}").repeat(32);
    let first = {
        let desk = open(folder.path());
        call(1, start(), |call| create_named_query(&desk, &call, &json!({"name": "all", "query": {}})))
            .unwrap();
        draw(&desk, "2026-12", "2026-12-02", "2026-12-31", 0x5e).unwrap();
        join(&desk, 7, TOKEN).unwrap()
    };
    assert!(
        stands_in(folder.path(), TOKEN) && stands_in(folder.path(), &seed(0x5e)),
        "the search finds them"
    );

    let desk = open_with(folder.path(), Some(one));
    assert_eq!(seal_clear_keys(&desk, &by()).unwrap(), 3, "a key, a subscription, the draws of a territory");
    assert_eq!(seal_clear_keys(&desk, &by()).unwrap(), 0, "once is enough");
    let second = join(&desk, 8, LATER).unwrap();
    draw(&desk, "2027-01", "2027-01-01", "2027-01-31", 0x6f).unwrap();
    capture(&desk, start(), &(0..20).map(event).collect::<Vec<_>>()).unwrap();
    let same = |desk: &Desk| {
        assert_eq!(secret_of(desk, &first).unwrap().as_deref(), Some(TOKEN));
        assert_eq!(secret_of(desk, &second).unwrap().as_deref(), Some(LATER));
        assert_eq!(seeds(desk), [Some(seed(0x5e)), Some(seed(0x6f))]);
    };
    same(&desk);
    drop(desk);
    let hidden = |texts: &[&str]| texts.iter().all(|text| !stands_in(folder.path(), text));
    assert!(hidden(&[TOKEN, LATER, &seed(0x5e), &seed(0x6f)]));

    let desk = open_with(folder.path(), Some(one));
    let fresh = FreshSeal { salt: [3; 16], box_key: [4; 32], ..FRESH };
    assert_eq!(change_secret(&desk, &by(), &Secret::new(other), fresh).unwrap(), 4);
    same(&desk);
    drop(desk);
    same(&open_with(folder.path(), Some(other)));
    assert!(hidden(&[TOKEN, LATER, &seed(0x5e), &seed(0x6f)]));

    // Without the secret nothing is signed, drawn, shown or kept in the clear beside it.
    let desk = open_with(folder.path(), None);
    let sealed = |refused: Option<Refusal>| matches!(refused, Some(Refusal::NotSigned(why)) if why.contains("keys.secret_file"));
    assert!(sealed(secret_of(&desk, &first).err()));
    assert!(sealed(join(&desk, 9, "a third").err()));
    assert!(sealed(draw(&desk, "2027-02", "2027-02-01", "2027-02-28", 1).err()));
    assert_eq!(seeds(&desk), [None, None]);
    let ended = start() + SignedDuration::from_hours(24 * 400);
    assert!(sealed(verify_draws(&desk, &"GE".parse().unwrap(), "2026-12", ended).err()));
}
