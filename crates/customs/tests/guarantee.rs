//! Guarantees: amounts by rules, the account that covers them, messages about accounts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use kervan_codes::Grn;
use kervan_customs::{
    AccountState, GuaranteeAccount, GuaranteeBasis, GuaranteeKind, GuaranteeMessage, GuaranteeStatus,
    GuaranteedGoods, MovementPlan, assess_guarantee, choose_account, receive_for_guarantee,
};
use kervan_model::Mode;
use kervan_units::Money;
use world::{MAIN_LINE, plan_of, territories};

fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').unwrap();
    Money::from_decimal(amount, currency.parse().unwrap()).unwrap()
}

fn goods(items: &[(&str, &str)]) -> GuaranteedGoods {
    let items: Vec<_> = items.iter().map(|(hs, value)| (hs.parse().unwrap(), Some(money(value)))).collect();
    GuaranteedGoods { items, total: None }
}

/// The transit of the main line over Georgia and Türkiye, and the one over the Eurasian union.
fn transits() -> (MovementPlan, MovementPlan) {
    let plan = plan_of("CNXIA", "TRIST", "2026-12-01T08:00:00Z", MAIN_LINE);
    let find =
        |regime: &str| plan.procedures.iter().find(|plan| plan.regime.as_str() == regime).unwrap().clone();
    (find("common-transit"), find("eaeu-transit"))
}

#[test]
fn the_amount_is_the_highest_debt_on_the_way() {
    let territories = territories();
    let (common, eaeu) = transits();
    let need = |plan: &MovementPlan, goods: &GuaranteedGoods| {
        assess_guarantee(territories.guarantees(), plan, goods)
    };
    // Clothes worth 10,000 euro in Türkiye: 12 % duty, 20 % tax on both: 1,200 + 2,240.
    let clothes = need(&common, &goods(&[("6201.20", "10000.00 EUR")])).unwrap();
    assert_eq!(clothes.amount, money("3440.00 EUR"), "{}", clothes.because);
    // Two items add up, each by its own chapter and currency.
    let mixed = need(&common, &goods(&[("6201.20", "10000.00 EUR"), ("8471.30", "1150.00 USD")])).unwrap();
    assert_eq!(mixed.amount, money("3676.00 EUR"), "1,000 euro of machines: 3 % and 20 % of 1,030");
    // Nothing is known of the value: the presumed amount.
    let unknown = GuaranteedGoods { items: vec![("8471.30".parse().unwrap(), None)], total: None };
    assert_eq!(need(&common, &unknown).unwrap().amount, money("10000.00 EUR"));
    // By rail through the Eurasian union nothing is asked for; by road it is.
    assert_eq!(need(&eaeu, &unknown).unwrap().basis, GuaranteeBasis::Waived);
    let by_road = MovementPlan { modes: vec![Mode::Road], ..eaeu.clone() };
    assert_eq!(need(&by_road, &unknown).unwrap().basis, GuaranteeBasis::Debt);
    let mixed_modes = MovementPlan { modes: vec![Mode::Rail, Mode::Road], ..eaeu };
    assert_eq!(
        need(&mixed_modes, &unknown).unwrap().basis,
        GuaranteeBasis::Debt,
        "a waiver for rail holds for rail alone"
    );
}

#[test]
fn amounts_are_converted_exactly_and_rounded_up() {
    let territories = territories();
    let day = "2026-12-01".parse().unwrap();
    let cases = [
        ("100.00 EUR", "USD", "115.00 USD"),
        ("115.00 USD", "EUR", "100.00 EUR"),
        ("0.01 EUR", "JPY", "2 JPY"),
        ("1 JPY", "EUR", "0.01 EUR"),
    ];
    for (from, to, expected) in cases {
        let converted = territories.guarantees().convert(money(from), to.parse().unwrap(), day);
        assert_eq!(converted, Some(money(expected)), "{from} in {to}");
    }
    assert_eq!(territories.guarantees().convert(money("1.00 EUR"), "XOF".parse().unwrap(), day), None);
}

fn account(serial: u64, reference: &str, holder: &str) -> GuaranteeAccount {
    GuaranteeAccount {
        grn: Grn::issue(2026, "TR".parse().unwrap(), serial),
        kind: GuaranteeKind::Comprehensive,
        holder: holder.parse().unwrap(),
        guarantor: "A bank".into(),
        regimes: vec!["common-transit".parse().unwrap()],
        reference: money(reference),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_until: Some("2026-12-31".parse().unwrap()),
        status: GuaranteeStatus::Open,
    }
}

#[test]
fn the_account_that_fits_best_is_taken_and_every_fault_has_its_code() {
    let territories = territories();
    let (common, eaeu) = transits();
    let tables = territories.guarantees();
    let need = assess_guarantee(tables, &common, &goods(&[("6201.20", "10000.00 EUR")])).unwrap();
    let free = |account: GuaranteeAccount, reserved: i64| AccountState { account, reserved };
    let holder = "mover".parse().unwrap();
    let choose =
        |accounts: &[AccountState]| choose_account(tables, "ncts", accounts, &holder, &common, &need);
    let accounts = [
        free(account(1, "1000000.00 EUR", "mover"), 0),
        free(account(2, "5000.00 USD", "mover"), 0),
        free(account(3, "5000.00 EUR", "other"), 0),
    ];
    let chosen = choose(&accounts).unwrap();
    assert_eq!((chosen.grn, chosen.amount), (accounts[1].account.grn.clone(), money("3956.00 USD")));
    let cases = [
        (vec![], "G01"),
        (vec![free(account(3, "5000.00 EUR", "other"), 0)], "G04"),
        (
            vec![
                free(account(3, "5000.00 EUR", "other"), 0),
                free(
                    GuaranteeAccount {
                        status: GuaranteeStatus::Cancelled,
                        ..account(1, "9000.00 EUR", "mover")
                    },
                    0,
                ),
            ],
            "G02",
        ),
        (
            vec![free(
                GuaranteeAccount {
                    valid_until: Some("2026-12-02".parse().unwrap()),
                    ..account(1, "9000.00 EUR", "mover")
                },
                0,
            )],
            "G02",
        ),
        (vec![free(account(1, "5000.00 EUR", "mover"), 200_000)], "G05"),
    ];
    for (accounts, code) in cases {
        let fault = choose(&accounts).unwrap_err();
        assert_eq!(
            (fault.error.code.as_str(), fault.finding.code.as_str()),
            (code, "customs.guarantee-not-valid")
        );
    }
    // An account for one regime says nothing for another.
    let other = choose_account(tables, "eaeu", &accounts, &holder, &eaeu, &need).unwrap_err();
    assert_eq!(other.reason.word(), "unknown");
}

#[test]
fn an_account_is_cancelled_before_its_guarantor_is_free() {
    let territories = territories();
    let tables = territories.guarantees();
    let mut state = AccountState { account: account(1, "5000.00 EUR", "mover"), reserved: 10 };
    assert_eq!(
        receive_for_guarantee(tables, &state, GuaranteeMessage::Liberated).unwrap_err().code,
        "customs.guarantee-message-misfit"
    );
    let (status, rule) = receive_for_guarantee(tables, &state, GuaranteeMessage::Cancelled).unwrap();
    assert_eq!((status, rule.code.as_str()), (GuaranteeStatus::Cancelled, "CC231C"));
    state.account.status = status;
    assert_eq!(
        receive_for_guarantee(tables, &state, GuaranteeMessage::Liberated).unwrap_err().code,
        "customs.guarantee-in-use"
    );
    state.reserved = 0;
    assert_eq!(
        receive_for_guarantee(tables, &state, GuaranteeMessage::Liberated).unwrap().0,
        GuaranteeStatus::Liberated
    );
    for message in GuaranteeMessage::ALL {
        assert!(tables.list_rules().iter().any(|rule| rule.message == *message), "{}", message.word());
    }
}
