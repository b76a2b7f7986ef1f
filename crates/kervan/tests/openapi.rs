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
