//! Questions to a layer, by hand and on the network of the corridor.

use kervan_flows::freight::{FreightData, Scenario, ScenarioText, layer_of_network, read_scenario};
use kervan_flows::{
    Apart, CostLoss, EndsError, Layer, LayerError, LayerFile, MinCostError, Part, assess_removals,
    find_apart, find_bottleneck, find_cheapest,
};
use kervan_network::Network;

/// Two cables and a line, with a station on one of them that takes less than its lines.
fn cables() -> LayerFile {
    serde_json::from_str(
        r#"{ "places": [ {"id":"A","name":"Wind park"}, {"id":"B","name":"Converter","capacity":4},
                         {"id":"C","name":"Landing"}, {"id":"D","name":"City"} ],
             "links": [ {"id":"a","from":"A","to":"B","capacity":9,"cost":1}, {"id":"b","from":"B","to":"D","capacity":9,"cost":1},
                        {"id":"c","name":"Sea cable","from":"A","to":"C","capacity":3,"cost":5,"both_ways":true},
                        {"id":"d","from":"C","to":"D","capacity":8,"cost":1} ] }"#,
    )
    .unwrap()
}

#[test]
fn a_layer_of_ones_own_names_its_bottleneck() {
    let layer = Layer::new(cables()).unwrap();
    let found = find_bottleneck(&layer, 0, 3).unwrap();
    let names: Vec<String> = found.cut.iter().map(|(part, _)| layer.name(*part)).collect();
    assert_eq!((found.value, names), (Some(7), vec!["Sea cable (c)".to_owned(), "Converter (B)".to_owned()]));
    assert_eq!(find_bottleneck(&layer, 2, 2), Err(EndsError::Same));

    let cheapest = find_cheapest(&layer, 0, 3, 6).unwrap();
    assert_eq!(cheapest.cost, 4 * 2 + 2 * 6);
    assert_eq!(
        cheapest.ways.iter().map(|(way, units)| (way.cost, *units)).collect::<Vec<_>>(),
        [(2, 4), (6, 2)]
    );
    let Err(MinCostError::Infeasible(shortage)) = find_cheapest(&layer, 0, 3, 9) else {
        panic!("it is too much")
    };
    assert_eq!((shortage.unsent, shortage.capacity), (2, 7));

    let removals = assess_removals(&layer, 0, 3, 3).unwrap();
    let worst: Vec<(Part, Option<i64>, Option<CostLoss>)> =
        removals.iter().map(|one| (one.part, one.lost, one.cost)).collect();
    let dearer = Some(CostLoss::Dearer { by: 12 });
    let same = Some(CostLoss::Dearer { by: 0 });
    assert_eq!(
        worst,
        [
            (Part::Link(0), Some(4), dearer),
            (Part::Link(1), Some(4), dearer),
            (Part::Place(1), Some(4), dearer),
            (Part::Link(2), Some(3), same),
            (Part::Link(3), Some(3), same),
            (Part::Place(2), Some(3), same),
        ]
    );
}

#[test]
fn files_that_make_no_layer_are_refused() {
    let (mut twice, mut nowhere) = (cables(), cables());
    twice.links[1].id = "a".to_owned();
    nowhere.links[2].to = "X".to_owned();
    let cases = [
        (twice, LayerError::Twice { what: "links", number: 1, id: "a".to_owned() }),
        (nowhere, LayerError::NoPlace { number: 2, end: "to", id: "X".to_owned() }),
    ];
    for (file, expected) in cases {
        assert_eq!(Layer::new(file).unwrap_err(), expected);
    }
}

#[test]
fn the_corridor_has_its_bottleneck_and_its_second_route() {
    let read = |name: String| std::fs::read_to_string(format!("../../data/{name}")).ok();
    let (network, _) = Network::load(|name| read(format!("network/{name}"))).unwrap();
    let (data, _) = FreightData::load(|name| read(format!("flows/{name}")), &network);
    let text = ScenarioText {
        close: ["northern", "southern", "sea"].map(str::to_owned).to_vec(),
        ..ScenarioText::default()
    };
    let middle = read_scenario(&text, &network, &data).unwrap();
    let layer = Layer::new(layer_of_network(&network, &data, &middle)).unwrap();
    let place = |code: &str| layer.find_place(code).unwrap();
    let found = find_bottleneck(&layer, place("CNXIA"), place("TRIST")).unwrap();
    let names: Vec<String> = found.cut.iter().map(|(part, _)| layer.name(*part)).collect();
    assert_eq!(
        names,
        [
            "Aktau - Alat (Baku International Sea Trade Port) (L020)",
            "Kuryk - Alat (Baku International Sea Trade Port) (L021)",
            "Turkmenbashi - Alat (Baku International Sea Trade Port) (L022)"
        ]
    );
    assert_eq!(found.value, Some(35_200 - 3_000 + 2 * (35_000 - 12_000)));
    let removals = assess_removals(&layer, place("CNXIA"), place("TRIST"), 1_000).unwrap();
    let alat = removals.iter().find(|one| one.part == Part::Place(place("AZALA"))).unwrap();
    assert_eq!((alat.left, alat.cost), (Some(0), Some(CostLoss::Unsent { units: 1_000 })));

    let layer = Layer::new(layer_of_network(&network, &data, &Scenario::unchanged(&data))).unwrap();
    let place = |code: &str| layer.find_place(code).unwrap();
    let two = find_apart(&layer, place("CNXIA"), place("TRIST"), 2, Apart::Vertices).unwrap();
    assert_eq!(two.routes.len(), 2);
}
