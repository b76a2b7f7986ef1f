//! `kervan events verify`: whether a delivery was signed by the node that is said to have sent it.

use super::{Failure, Outcome, output};
use clap::Args;
use kervan_dossier::{Did, PublicKey};
use kervan_node::{ReceivedMessage, verify_message};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

/// Largest request that is read. Unit: byte. A delivery has a megabyte or two.
const LARGEST_REQUEST: u64 = 64 * 1024 * 1024;

/// Arguments of `kervan events verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The request as it was received: its first line, its headers, an empty line, and the bytes of its body.
    request: PathBuf,
    /// The node's key, as `did:key:...`; `GET /api/node/key` of the node tells it.
    #[arg(long, value_name = "DID")]
    key: String,
    /// The address that was called, as it was given with the subscription.
    #[arg(long, value_name = "ADDRESS")]
    url: Option<String>,
    /// Print the verdict as JSON.
    #[arg(long)]
    json: bool,
}

/// A request taken apart: its method, its headers by their names in small letters, its body.
struct Request<'a> {
    method: String,
    headers: BTreeMap<String, String>,
    body: &'a [u8],
}

/// Takes a request apart. Nothing if it has no head.
fn take_apart(bytes: &[u8]) -> Option<Request<'_>> {
    let end = |mark: &[u8]| {
        let at = bytes.windows(mark.len()).position(|window| window == mark)?;
        Some((bytes.get(..at)?, bytes.get(at + mark.len()..)?))
    };
    let (head, body) = end(b"\r\n\r\n").or_else(|| end(b"\n\n"))?;
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let method = lines.next()?.split(' ').next()?.to_owned();
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some(Request { method, headers: lines.filter_map(header).collect(), body })
}

fn read_key(text: &str) -> Result<PublicKey, Failure> {
    let remedy = "take it from GET /api/node/key of the node that sends";
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("--key: {error}")).remedy(remedy);
    let did: Did = text.parse().map_err(|error| wrong(&error))?;
    let multikey = did.as_str().strip_prefix("did:key:").ok_or_else(|| wrong(&"it is a did:key"))?;
    PublicKey::from_multikey(multikey).map_err(|error| wrong(&error))
}

/// Runs the command.
pub(super) fn run(arguments: &VerifyArguments) -> Result<Outcome, Failure> {
    let shown = arguments.request.display();
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{shown} cannot be read: {error}"));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&arguments.request).map_err(|error| failed(&error))?;
    file.take(LARGEST_REQUEST).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    let request = take_apart(&bytes).ok_or_else(|| {
        failed(&"there is no head of a request")
            .remedy("keep the headers, an empty line, and the bytes of the body")
    })?;
    let key = read_key(&arguments.key)?;
    let target = arguments.url.as_deref().map(|url| (request.method.as_str(), url));
    let message = ReceivedMessage { target, headers: &request.headers, body: request.body };
    match verify_message(&message, &key) {
        Ok(signed) => {
            if arguments.json {
                output::json(&json!({ "valid": true, "signed": signed, "key": arguments.key }));
            } else {
                output::line(&format!("signed by {} at {signed}", arguments.key));
            }
            Ok(Outcome::Done)
        }
        Err(finding) => {
            if arguments.json {
                output::json(&json!({ "valid": false, "findings": [finding] }));
            } else {
                output::findings(&[finding]);
            }
            Ok(Outcome::FoundErrors)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::take_apart;

    #[test]
    fn a_request_is_taken_apart_without_touching_its_body() {
        let request = take_apart(b"POST /hook HTTP/1.1\r\nKervan-Delivery: d\r\n\r\n{\r\n\r\n}").unwrap();
        assert_eq!((request.method.as_str(), request.body), ("POST", b"{\r\n\r\n}".as_slice()));
        assert_eq!(request.headers["kervan-delivery"], "d");
        assert!(take_apart(b"{}").is_none());
    }
}
