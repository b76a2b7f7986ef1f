//! The committed OpenAPI document is the one that the code makes.

#[test]
fn openapi_json_is_up_to_date() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    let made = kervan::http::openapi().unwrap();
    assert!(committed == made, "openapi.json is out of date: run `cargo xtask gen`");
}
