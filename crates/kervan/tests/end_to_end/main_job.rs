//! The main job: consignments are planned, documented, cleared, tracked and delivered. That the same seed does it again, even when it
//! is killed on the way, is shown with the kills.

use super::program::{play, played, run};
use serde_json::Value;

fn texts<'a>(journey: &'a Value, by: &str) -> Vec<&'a str> {
    let timeline = journey["timeline"].as_array().unwrap();
    let own = timeline.iter().filter(|happening| happening["by"] == by);
    own.map(|happening| happening["what"].as_str().unwrap()).collect()
}

#[test]
fn every_consignment_is_delivered_and_verifies() {
    let (folder, report) = played();
    assert_eq!(report["verified"], true);
    let journeys = report["consignments"].as_array().unwrap();
    assert!(journeys.len() >= 10, "{} consignments", journeys.len());
    for journey in journeys {
        let reference = &journey["reference"];
        assert_eq!(journey["state"], "delivered", "{reference}");
        assert_eq!(journey["verified"], true, "{reference}");
        assert_eq!(journey["ignored_entries"], 0, "{reference}");
    }
    let eastbound = journeys.iter().filter(|journey| journey["to"].as_str().unwrap().starts_with("CN"));
    assert!(eastbound.count() >= 2, "both directions are played");

    // The clean one passes its first territory untouched; the other is held until a correction.
    let clean = texts(&journeys[0], "customs-cn");
    assert!(clean.iter().any(|text| text.starts_with("release of")), "{clean:?}");
    assert!(clean.iter().all(|text| !text.contains("under_control")), "{clean:?}");
    let held = texts(&journeys[1], "customs-cn");
    let position = |word: &str| held.iter().position(|text| text.contains(word));
    assert!(position("control_decision") < position("amendment_accepted"), "{held:?}");
    assert!(position("amendment_accepted") < position("release of"), "{held:?}");
    assert!(texts(&journeys[1], "anadolu").iter().any(|text| text.starts_with("amended:")));

    // Played again in the same folder nothing is left to do, and the result is the same.
    assert_eq!(play(folder.path(), 1), report);

    // What was played is served to those whose it is.
    super::rights::hold_against_the_table(folder.path());
}

#[test]
fn another_seed_on_the_same_folder_is_refused_with_a_way_out() {
    let (folder, _) = played();
    let data = folder.path().to_str().unwrap();
    let output = run(&["demo", "--until-delivered", "--seed", "2", "--data", data]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--fresh"), "{said}");
}
