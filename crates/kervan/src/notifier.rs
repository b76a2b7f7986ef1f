//! Serves subscriptions: deliveries go out by HTTP, signed, to addresses that may be called, and again until acknowledged.

use crate::http::epcis::{Told, prefixes_for, query_document};
use crate::http::{Api, Problem};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use kervan_dossier::Signatory;
use kervan_events::CompanyPrefixes;
use kervan_events::subscription::Destination;
use kervan_node::{
    Delivery, SignedMessage, Task, list_called, note_delivery, serve_subscription, sign_message,
};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// How often schedules and retries are looked at when nothing is saved.
const LOOK: Duration = Duration::from_secs(1);

/// How long saves are gathered before subscriptions are looked at: bursts of captures become one delivery.
const GATHER: Duration = Duration::from_millis(50);

/// How long a receiver may take for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves subscriptions for as long as the node serves. Receivers on private addresses are called only if `allow_private`.
pub async fn notify(api: Api, allow_private: bool) {
    let agent = agent(allow_private);
    let busy = Arc::new(Mutex::new(BTreeSet::new()));
    let mut saved = api.saved.clone();
    loop {
        for id in api.run(list_called).await.unwrap_or_default() {
            // One delivery of a subscription at a time; a slow receiver keeps no other waiting.
            if lock(&busy).insert(id.clone()) {
                let (api, agent, busy) = (api.clone(), agent.clone(), Arc::clone(&busy));
                tokio::spawn(async move {
                    if let Err(problem) = serve(&api, &agent, &id).await {
                        tracing::error!(
                            subscription = id,
                            problem.detail,
                            "a subscription could not be served"
                        );
                    }
                    lock(&busy).remove(&id);
                });
            }
        }
        tokio::select! {
            changed = saved.changed() => match changed {
                Ok(()) => tokio::time::sleep(GATHER).await,
                Err(_) => tokio::time::sleep(LOOK).await,
            },
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

fn lock(busy: &Mutex<BTreeSet<String>>) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what is to be done for a subscription until there is nothing left, or its receiver fails.
async fn serve(api: &Api, agent: &Agent, id: &str) -> Result<(), Problem> {
    loop {
        let (now, named) = (api.clock.now(), id.to_owned());
        match api.run(move |desk| serve_subscription(desk, &named, now)).await? {
            None | Some(Task::Wait(_)) => return Ok(()),
            Some(Task::Again) => {}
            Some(Task::Send(delivery)) => {
                let (agent, clock) = (agent.clone(), Arc::clone(&api.clock));
                let (subscription, sent) = (delivery.subscription.clone(), delivery.id.clone());
                let (key, prefixes) = (Arc::clone(&api.key), prefixes_for(api, delivery.epc_format).await?);
                let post = move || send(&agent, &key, &prefixes, &delivery, clock.now());
                let reached = match tokio::task::spawn_blocking(post).await {
                    Ok(Ok(())) => true,
                    Ok(Err(why)) => {
                        tracing::warn!(
                            subscription,
                            delivery = sent,
                            why,
                            "a delivery failed; it is tried again"
                        );
                        false
                    }
                    Err(_) => false,
                };
                let now = api.clock.now();
                api.run(move |desk| note_delivery(desk, &subscription, &sent, reached, now)).await?;
                if !reached {
                    return Ok(());
                }
            }
        }
    }
}

/// Type of the body of a delivery.
const LINKED_DATA: &str = "application/ld+json";

fn send(
    agent: &Agent,
    key: &dyn Signatory,
    prefixes: &CompanyPrefixes,
    delivery: &Delivery,
    now: jiff::Timestamp,
) -> Result<(), String> {
    let Destination::Address(address) = &delivery.dest else {
        return Err("a socket is not called".to_owned());
    };
    // The address is signed as it is called: with a path, even if it was given without one.
    let address = address.parse::<Uri>().map_err(|error| error.to_string())?.to_string();
    let told = Told {
        query: &delivery.query,
        subscription: Some(&delivery.subscription),
        delivery: Some(&delivery.id),
        epcs: delivery.epc_format,
        prefixes,
    };
    let (document, untold) = query_document(now, &told, delivery.events.clone());
    let body = serde_json::to_vec(&document).map_err(|error| error.to_string())?;
    let mut request = agent
        .post(&address)
        .header("Content-Type", LINKED_DATA)
        .header("GS1-EPCIS-Version", "2.0.0")
        .header("GS1-CBV-Version", "2.0.0")
        .header("Kervan-Delivery", &delivery.id);
    if !untold.is_empty() {
        request = request.header("Kervan-As-Captured", untold.len().to_string());
    }
    if let Some(secret) = &delivery.secret {
        request = request.header("GS1-Signature", sign(secret, &body));
    }
    let message = SignedMessage {
        target: Some(("POST", &address)),
        content_type: Some(LINKED_DATA),
        delivery: &delivery.id,
    };
    let signed = sign_message(key, &message, &body, now).map_err(|error| error.to_string())?;
    for (name, value) in signed {
        request = request.header(name, value);
    }
    let answer = request.send(body.as_slice()).map_err(|error| error.to_string())?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(format!("the receiver answered {}", answer.status()))
    }
}

/// The signature of a body: `sha256=` and the HMAC-SHA256 under the secret, hexadecimal. Source: RFC 2104.
fn sign(secret: &str, body: &[u8]) -> String {
    // A key of any length is taken.
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
        }
        Err(_) => String::new(),
    }
}

/// A client that follows no redirect, so that what was checked is what is called.
fn agent(allow_private: bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .build();
    let resolver = GuardedResolver { allow_private, inner: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Finds the addresses of a receiver, and only those that may be called. The connection goes to an address that was looked
/// at here, so a name cannot mean another one a moment later.
#[derive(Debug)]
struct GuardedResolver {
    allow_private: bool,
    inner: DefaultResolver,
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.allow_private || is_public(address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            let why =
                "the receiver is on a private address; `kervan serve --allow-private-receivers` calls it";
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, why).into());
        }
        Ok(allowed)
    }
}

/// Whether an address is one of the open net. Source: IANA registries of special-purpose addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let special = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19));
            !special
        }
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public(IpAddr::V4(v4));
    }
    let [first, second, ..] = address.segments();
    // Global unicast without documentation, and without 6to4, Teredo and NAT64, behind which private addresses may lie.
    (first & 0xe000) == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_open_net_are_called() {
        for (address, public) in [
            ("93.184.216.34", true),
            ("2606:2800:220:1:248:1893:25c8:1946", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("::ffff:127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn a_body_is_signed_as_rfc_4231_signs_it() {
        let digest = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), digest);
    }
}
