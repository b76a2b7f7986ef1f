//! A random declaration decided twice gives the same decision byte for byte: rules, profiles, draw, score, the team of the day and
//! the screening are all part of it, and so are the signed entries.

use crate::world::{World, data, days, start};
use kervan_customs::FEATURES;
use kervan_model::{Reference, TerritoryId};
use kervan_node::{CaseFile, Denied, DrawWanted, commit_draw, keep_model};
use kervan_risk::{Example, Training, train};
use kervan_screening::{Index, read_list};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Consignments of a round; each is drawn from its number.
const DRAWN: u64 = 6;

/// A number that follows from another one. Source: SplitMix64.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A world with a draw, a model, a team and a list for the administration of the first export.
fn world() -> World {
    let team = "territory,office,controls_a_day,since,until,source,period,confidence\n\
                CN,,2,2020-01-01,,judgement: a test,2026,low\n";
    let mut world =
        World::with(|path| if path == "customs/capacity.csv" { Some(team.into()) } else { data(path) });
    world.guarantee_everything();
    let territory: TerritoryId = "CN".parse().unwrap();
    let wanted = DrawWanted {
        territory: territory.clone(),
        period: "2026-12".into(),
        since: "2026-12-02".parse().unwrap(),
        until: "2026-12-31".parse().unwrap(),
        rate_permille: 400,
    };
    commit_draw(&world.desk, &wanted, [7; 32], start()).unwrap();
    let examples: Vec<Example> = (0..200_i64)
        .map(|number| Example {
            values: (0..FEATURES.len() as i64).map(|feature| (number * (feature + 3)) % 101).collect(),
            found: number % 3 == 0,
        })
        .collect();
    let model = train("twice", FEATURES, &examples, &Training::default()).unwrap();
    keep_model(&world.desk, &territory, model).unwrap();
    let list = "id,kind,name,aliases,country,born,identifiers,programme,remark\n\
                D-1,organisation,Denied Goods Company,,CN,,,MADE-UP,a test\n";
    let (list, _) = read_list("own.csv", list, &[]).unwrap();
    let tables = Arc::clone(&world.desk.rules.names);
    let index = Index::new(&tables, vec![list]);
    world.desk.denied = Some(Denied { tables, index, goods: Vec::new() });
    world
}

/// Declares and accepts a consignment that follows from a number; every third has a consignor who is on the list.
fn accept(world: &World, number: u64) -> Reference {
    let mut seed = number;
    let reference = world.declare_changed(&format!("KRV-2026-07{number:02}"), days(5), |file| {
        let item = &mut file["goods"][0];
        item["hs"] = ["845011", "220830", "930200", "841810", "880220", "854231"]
            [(next(&mut seed) % 6) as usize]
            .into();
        item["value"] = format!("{}.00", 10 + next(&mut seed) % 500_000).into();
        item["packages"] = (1 + next(&mut seed) % 900).into();
        if number.is_multiple_of(3) {
            file["parties"][0]["name"] = "Denied Goods Co., Ltd.".into();
        }
    });
    let way = world.ways(&reference, &["cn-export"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

/// Every decision and every signed entry of a round.
fn round() -> (Vec<String>, Vec<String>) {
    let world = world();
    let (mut decisions, mut entries) = (Vec::new(), Vec::new());
    for number in 0..DRAWN {
        let reference = accept(&world, number);
        let files = world.movements(&reference);
        decisions.extend(files.iter().map(|file| serde_json::to_string(&file.decision).unwrap()));
        let case = CaseFile::load(&world.desk, &reference).unwrap();
        entries.extend(world.desk.store.list_entries(case.dossier.id()).unwrap());
    }
    (decisions, entries)
}

#[test]
fn a_random_declaration_decided_twice_gives_the_same_decision_byte_for_byte() {
    let (decisions, entries) = round();
    assert_eq!((&decisions, &entries), (&round().0, &round().1));
    let every = decisions.join("\n");
    for part in [
        "\"draw\"",
        "\"drawn\":true",
        "\"drawn\":false",
        "\"score\"",
        "\"capacity\"",
        "\"examined\":true",
        "\"profiles\"",
    ] {
        assert!(every.contains(part), "no decision holds {part}:\n{every}");
    }
    let outcomes: BTreeSet<&str> = ["\"outcome\":\"release\"", "\"outcome\":\"control\""]
        .into_iter()
        .filter(|word| every.contains(*word))
        .collect();
    assert_eq!(outcomes.len(), 2, "the declarations differ enough");
}
