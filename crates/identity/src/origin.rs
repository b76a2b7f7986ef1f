//! Whether a request that shows a session comes from the node's own page, and not from a page of others (CSRF).
//!
//! A browser sends the cookie of a session with requests that other pages make it send. It also says where a request comes from, and
//! a page cannot change what it says. So no token in forms is needed: what changes something and shows a cookie must come from here.
//! Requests that show a key in a header are not asked: no page of others can make a browser send one.

/// What a browser says of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Header `Sec-Fetch-Site`. Source: W3C Fetch Metadata Request Headers.
    pub fetch_site: Option<&'a str>,
    /// Header `Origin`. Source: RFC 6454.
    pub origin: Option<&'a str>,
    /// Header `Host`.
    pub host: Option<&'a str>,
}

/// Whether a request comes from the page that this node serves. `origins`: where else people see the page, such as at a proxy.
///
/// One that says nothing of where it comes from is not believed: every browser of the last years says it for what changes something.
pub fn is_from_own_page(said: &Said<'_>, origins: &[String]) -> bool {
    let same_host = |origin: &str| {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        rest.is_some() && rest == said.host
    };
    let own =
        |origin: &str| same_host(origin) || origins.iter().any(|known| known.eq_ignore_ascii_case(origin));
    match (said.fetch_site, said.origin) {
        (Some("same-origin"), origin) => origin.is_none_or(own),
        (Some(_), _) | (None, None) => false,
        (None, Some(origin)) => own(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_is_believed() {
        let host = Some("desk.example:8080");
        let (here, clear) = (Some("https://desk.example:8080"), Some("http://desk.example:8080"));
        let proxy = Some("https://kervan.example");
        let cases = [
            ("a browser of today", Some("same-origin"), here, true),
            ("in clear on the own machine", Some("same-origin"), clear, true),
            ("without its origin", Some("same-origin"), None, true),
            ("an older browser", None, here, true),
            ("behind a proxy that is known", None, proxy, true),
            ("behind a proxy that is known, today", Some("same-origin"), proxy, true),
            ("another site", Some("cross-site"), Some("https://evil.example"), false),
            ("a neighbour of the site", Some("same-site"), Some("https://other.desk.example"), false),
            ("typed into the address", Some("none"), None, false),
            (
                "another origin that lies about its site",
                Some("same-origin"),
                Some("https://evil.example"),
                false,
            ),
            ("an older browser, another site", None, Some("https://evil.example"), false),
            ("another port", None, Some("https://desk.example:8081"), false),
            ("a host that goes on", None, Some("https://desk.example:8080.evil.example"), false),
            ("a sandboxed frame", None, Some("null"), false),
            ("no scheme", None, host, false),
            ("nothing said", None, None, false),
        ];
        for (case, fetch_site, origin, expected) in cases {
            let known = ["https://kervan.example".to_owned()];
            assert_eq!(is_from_own_page(&Said { fetch_site, origin, host }, &known), expected, "{case}");
        }
        let homeless = Said { fetch_site: None, origin: Some("https://"), host: None };
        assert!(!is_from_own_page(&homeless, &[]));
    }
}
