//! A provider with keys of its own, and every token that must not be believed.

use super::*;
use crate::person::Duty;
use crate::secret::Secret;
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

const NOW: i64 = 1_796_000_000;
const ISSUER: &str = "https://login.example";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn provider() -> Provider {
    let text = json!({
        "issuer": ISSUER, "authorization_endpoint": "https://login.example/auth", "token_endpoint": "https://login.example/token",
        "jwks_uri": "https://login.example/keys", "authorization_response_iss_parameter_supported": true, "other": [1],
    });
    Provider::read(ISSUER, &text.to_string()).unwrap()
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn keys(published: &[(&str, u8)]) -> ProviderKeys {
    let key = |(kid, seed): &(&str, u8)| {
        let x = BASE64URL_NOPAD.encode(pair(*seed).public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid, "x": x })
    };
    let mut list: Vec<Value> = published.iter().map(key).collect();
    list.push(json!({ "kty": "something new", "kid": 7 }));
    ProviderKeys::read(&json!({ "keys": list }).to_string()).unwrap()
}

fn token(header: &Value, claims: &Value, seed: u8) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = BASE64URL_NOPAD.encode(pair(seed).sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

fn good_header() -> Value {
    json!({ "alg": "EdDSA", "kid": "one" })
}

fn good_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "kervan", "sub": "u-1", "nonce": "n", "iat": NOW - 5, "exp": NOW + 300,
        "groups": ["staff", "ge-officers"], "preferred_username": "4711", "name": "N. Beridze",
        "realm_access": { "roles": ["audit"] },
    })
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value.as_object_mut().unwrap().insert(name.to_owned(), to);
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

fn check(token: &str) -> Result<Claims, OidcFault> {
    check_id_token(
        token,
        &keys(&[("one", 1), ("two", 2)]),
        &Expected { issuer: ISSUER, client: "kervan", nonce: "n", now: now() },
    )
}

#[test]
fn every_token_that_must_not_be_believed() {
    let (head, body) = (good_header, good_claims);
    let cases: Vec<(&str, Value, Value, Result<(), OidcFault>)> = vec![
        ("good", head(), body(), Ok(())),
        ("a list of one", head(), with(body(), "aud", json!(["kervan"])), Ok(())),
        (
            "for us among others",
            head(),
            with(with(body(), "aud", json!(["kervan", "b"])), "azp", json!("kervan")),
            Ok(()),
        ),
        ("no key named", json!({ "alg": "EdDSA" }), body(), Ok(())),
        ("clocks a little apart", head(), with(body(), "iat", json!(NOW + 59)), Ok(())),
        ("seconds with a fraction", head(), with(body(), "iat", json!(1_795_999_999.5)), Ok(())),
        ("another nonce", head(), with(body(), "nonce", json!("m")), Err(OidcFault::Nonce)),
        ("no nonce", head(), without(body(), "nonce"), Err(OidcFault::Nonce)),
        ("for others", head(), with(body(), "aud", json!("another")), Err(OidcFault::Audience)),
        ("for nobody", head(), without(body(), "aud"), Err(OidcFault::Audience)),
        ("for a number", head(), with(body(), "aud", json!(7)), Err(OidcFault::Audience)),
        ("given to others", head(), with(body(), "azp", json!("another")), Err(OidcFault::Audience)),
        (
            "for many, given to nobody",
            head(),
            with(body(), "aud", json!(["kervan", "b"])),
            Err(OidcFault::Audience),
        ),
        (
            "of another provider",
            head(),
            with(body(), "iss", json!("https://evil.example")),
            Err(OidcFault::Issuer),
        ),
        ("expired", head(), with(body(), "exp", json!(NOW - 61)), Err(OidcFault::Time)),
        ("from the future", head(), with(body(), "iat", json!(NOW + 61)), Err(OidcFault::Time)),
        ("begins later", head(), with(body(), "nbf", json!(NOW + 3_600)), Err(OidcFault::Time)),
        ("never expires", head(), without(body(), "exp"), Err(OidcFault::Shape)),
        ("expires in words", head(), with(body(), "exp", json!("later")), Err(OidcFault::Shape)),
        ("nobody's", head(), with(body(), "sub", json!("")), Err(OidcFault::Shape)),
        ("not signed", with(head(), "alg", json!("none")), body(), Err(OidcFault::Algorithm)),
        (
            "by the public key as a secret",
            with(head(), "alg", json!("HS256")),
            body(),
            Err(OidcFault::Algorithm),
        ),
        ("in small letters", with(head(), "alg", json!("eddsa")), body(), Err(OidcFault::Algorithm)),
        ("what must be understood", with(head(), "crit", json!(["b64"])), body(), Err(OidcFault::Algorithm)),
        ("a key of another kind", with(head(), "alg", json!("RS256")), body(), Err(OidcFault::UnknownKey)),
        ("a key not published", with(head(), "kid", json!("three")), body(), Err(OidcFault::UnknownKey)),
        ("another's key", with(head(), "kid", json!("two")), body(), Err(OidcFault::Signature)),
    ];
    for (case, header, claims, expected) in cases {
        assert_eq!(check(&token(&header, &claims, 1)).map(|_| ()), expected, "{case}");
    }
}

#[test]
fn torn_tokens_are_refused() {
    let good = token(&good_header(), &good_claims(), 1);
    let cut: Vec<&str> = good.split('.').collect();
    let other = token(&good_header(), &with(good_claims(), "sub", json!("admin")), 1);
    let other: Vec<&str> = other.split('.').collect();
    let cases = [
        (String::new(), OidcFault::Shape),
        ("a.b".into(), OidcFault::Shape),
        (format!("{good}.x"), OidcFault::Shape),
        (format!("{}.{}.", cut[0], cut[1]), OidcFault::Signature),
        (format!("{}.{}.{}", cut[0], other[1], cut[2]), OidcFault::Signature),
        (format!("{good}="), OidcFault::Shape),
        ("x".repeat(crate::limits::LARGEST_ID_TOKEN + 1), OidcFault::Shape),
    ];
    for (text, expected) in cases {
        assert_eq!(check(&text).unwrap_err(), expected, "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn keys_that_were_changed_are_asked_for_again() {
    let token = token(&with(good_header(), "kid", json!("two")), &good_claims(), 2);
    let expected = Expected { issuer: ISSUER, client: "kervan", nonce: "n", now: now() };
    assert_eq!(check_id_token(&token, &keys(&[("one", 1)]), &expected).unwrap_err(), OidcFault::UnknownKey);
    assert_eq!(check_id_token(&token, &keys(&[("two", 2)]), &expected).unwrap().subject, "u-1");
}

/// Source: RFC 7515, A.2 (RS256) and A.3 (ES256); their payloads are no ID tokens, so only what is signed is held.
#[test]
fn signatures_of_the_standard_are_verified() {
    let key = json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
    ] });
    let keys = ProviderKeys::read(&key.to_string()).unwrap();
    let signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let by = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let expected = Expected { issuer: "joe", client: "kervan", nonce: "n", now: now() };
    // Past the signature: the token of the standard is meant for nobody.
    let told = check_id_token(&format!("{signed}.{by}"), &keys, &expected).unwrap_err();
    assert_eq!(told, OidcFault::Audience);
    let torn = by.replace('D', "E");
    assert_eq!(
        check_id_token(&format!("{signed}.{torn}"), &keys, &expected).unwrap_err(),
        OidcFault::Signature
    );
}

#[test]
fn a_description_must_be_of_the_issuer_and_safe() {
    let text = |issuer: &str, token: &str| {
        let (to, keys) = (format!("{issuer}/a"), format!("{issuer}/k"));
        json!({ "issuer": issuer, "authorization_endpoint": to, "token_endpoint": token, "jwks_uri": keys })
            .to_string()
    };
    let good = "https://login.example/token";
    let cases = [
        (ISSUER, text(ISSUER, good), true),
        (ISSUER, text("https://evil.example", good), false),
        (ISSUER, text("https://login.example/", good), false),
        (ISSUER, text(ISSUER, "http://login.example/token"), false),
        ("http://127.0.0.1:9", text("http://127.0.0.1:9", "http://127.0.0.1:9/token"), true),
        (ISSUER, "{}".to_owned(), false),
        (ISSUER, "x".repeat(crate::limits::LARGEST_PROVIDER_DOCUMENT + 1), false),
    ];
    for (issuer, text, good) in cases {
        assert_eq!(Provider::read(issuer, &text).is_ok(), good, "{}", &text[..text.len().min(80)]);
    }
    assert_eq!(Provider::description_of("https://a/b/"), "https://a/b/.well-known/openid-configuration");
}

#[test]
fn an_answer_must_be_to_this_login() {
    let (provider, login) = (provider(), Login::begin([[1; 32], [2; 32], [3; 32]], now()));
    let answer = |state: &Secret, issuer: Option<&str>| LoginAnswer {
        code: Some(Secret::new("c")),
        state: Some(state.clone()),
        issuer: issuer.map(str::to_owned),
        error: None,
    };
    let good = answer(&login.state, Some(ISSUER));
    let later = |seconds: i64| Timestamp::from_second(NOW + seconds).unwrap();
    let cases = [
        ("good", good.clone(), 5, Ok(())),
        ("another login's", answer(&login.nonce, Some(ISSUER)), 5, Err(OidcFault::State)),
        ("no state", LoginAnswer { state: None, ..good.clone() }, 5, Err(OidcFault::State)),
        ("too late", good.clone(), 600, Err(OidcFault::State)),
        ("another provider", answer(&login.state, Some("https://evil.example")), 5, Err(OidcFault::Issuer)),
        (
            "a provider that always says who it is does not",
            answer(&login.state, None),
            5,
            Err(OidcFault::Issuer),
        ),
        (
            "refused",
            LoginAnswer { error: Some("access_denied".into()), ..good.clone() },
            5,
            Err(OidcFault::Refused),
        ),
        ("no code", LoginAnswer { code: None, ..good }, 5, Err(OidcFault::Refused)),
    ];
    for (case, answer, seconds, expected) in cases {
        assert_eq!(login.code_of(&answer, &provider, later(seconds)).map(|_| ()), expected, "{case}");
    }
}

/// Source: RFC 7636, B: the challenge of a known verifier.
#[test]
fn the_way_there_holds_everything_and_no_secret() {
    let mut login = Login::begin([[1; 32], [2; 32], [3; 32]], now());
    login.verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let url = login.to_url(&provider(), "kervan node", "https://desk.example/api/login/back");
    assert!(
        url.starts_with("https://login.example/auth?response_type=code&client_id=kervan%20node&"),
        "{url}"
    );
    assert!(url.contains("redirect_uri=https%3A%2F%2Fdesk.example%2Fapi%2Flogin%2Fback"), "{url}");
    assert!(
        url.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"),
        "{url}"
    );
    assert!(!url.contains(login.verifier.reveal()));
    let form = login.to_token_request(&Secret::new("a b"), "kervan", "https://desk.example/back");
    assert!(form.reveal().contains("code=a%20b&") && form.reveal().contains(login.verifier.reveal()));
    assert!(!format!("{login:?} {form:?}").contains(login.verifier.reveal()));
}

#[test]
fn rules_say_who_somebody_is_here() {
    let rule = |text: &str| serde_json::from_str::<Mapping>(text).unwrap();
    let rules = vec![
        rule(r#"{"claim":"groups","value":"ge-officers","party":"customs-ge","offices":["GE123456"]}"#),
        rule(r#"{"claim":"realm_access.roles","value":"audit","duty":"auditor","id":"email"}"#),
        rule(r#"{"claim":"realm_access.roles","value":"audit","duty":"auditor"}"#),
    ];
    let mappings = Mappings::new(rules).unwrap();
    let claims = |body: Value| check(&token(&good_header(), &body, 1)).unwrap();
    let cases = [
        (good_claims(), Some(("4711@customs-ge", Duty::Member, 1))),
        (without(good_claims(), "preferred_username"), None),
        (with(good_claims(), "preferred_username", json!("../x")), None),
        (with(good_claims(), "groups", json!("ge-officers")), Some(("4711@customs-ge", Duty::Member, 1))),
        // The second rule fits first, and the claim that it needs is not there: no guess is made.
        (with(good_claims(), "groups", json!([])), None),
        (without(without(good_claims(), "groups"), "realm_access"), None),
    ];
    for (body, expected) in cases {
        let person = mappings.describe(&claims(body.clone()), now()).ok();
        let found = person.as_ref().map(|one| (one.name.to_string(), one.duty, one.offices.len()));
        assert_eq!(found.as_ref().map(|(name, duty, n)| (name.as_str(), *duty, *n)), expected, "{body}");
        assert!(person.is_none_or(|person| person.links.len() == 1 && person.called == "N. Beridze"));
    }
    let torn = [
        r#"{"claim":"","value":"a","party":"rail-az"}"#,
        r#"{"claim":"a","value":"a"}"#,
        r#"{"claim":"a","value":"a","party":"rail-az","duty":"operator"}"#,
    ];
    assert_eq!(Mappings::new(torn.iter().map(|text| rule(text)).collect()).unwrap_err().len(), 3);
}
