//! Twenty thousand random changes of a dossier: none verifies, none panics. `examples/dossier_mutations.rs` makes a million.
#![allow(clippy::unwrap_used, reason = "in tests an error is a failure")]

mod mutation;

#[test]
fn no_changed_dossier_verifies() {
    assert!(mutation::run(20_000, 1) > 19_000);
}
