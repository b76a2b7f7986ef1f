//! The committed OpenAPI document is the one that the code makes.

#[test]
fn openapi_json_is_up_to_date() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    let made = kervan::http::openapi().unwrap();
    assert!(committed == made, "openapi.json is out of date: run `cargo xtask gen`");
}

/// A client is generated with a function for each operation: two of one name would be one.
#[test]
fn every_operation_has_a_name_of_its_own() {
    let document: serde_json::Value = serde_json::from_str(&kervan::http::openapi().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.values().flat_map(|path| path.as_object().unwrap().values());
    let mut names: Vec<&str> = methods.filter_map(|method| method["operationId"].as_str()).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(names.len() > 50 && twice.is_empty(), "{} operations, twice: {twice:?}", names.len());
}

/// A route without a row in the table of actions is answered to nobody, and a row without a route is about nothing.
#[test]
fn every_route_is_an_action_and_every_action_a_route() {
    let document: serde_json::Value = serde_json::from_str(&kervan::http::openapi().unwrap()).unwrap();
    let mut routes: Vec<(String, String)> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let verbs = ["get", "post", "put", "patch", "delete"];
        let methods = methods.as_object().unwrap().keys().filter(|method| verbs.contains(&method.as_str()));
        routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    // The document itself and the page that shows it stand in no document.
    routes.extend(["/openapi.json", "/api", "/api/style.css"].map(|path| ("GET".into(), path.into())));
    let actions = kervan_rights::Action::ALL.iter().filter_map(|action| action.route());
    let mut actions: Vec<(String, String)> =
        actions.map(|(method, path)| (method.into(), path.into())).collect();
    routes.sort();
    actions.sort();
    let missing: Vec<_> = routes.iter().filter(|route| !actions.contains(route)).collect();
    let idle: Vec<_> = actions.iter().filter(|action| !routes.contains(action)).collect();
    assert!(missing.is_empty(), "give these a row in crates/rights/src/action.rs: {missing:?}");
    assert!(idle.is_empty(), "these rows of crates/rights/src/action.rs have no route: {idle:?}");
}
