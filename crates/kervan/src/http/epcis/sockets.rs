//! Subscriptions on sockets: opened by a request with `Upgrade: websocket`, served one delivery at a time.
//!
//! A delivery is acknowledged by the subscriber's own message, or, unless `acknowledge=message` was asked for, by the pong
//! that every WebSocket client sends for the ping behind it: a client that has read the ping has read the delivery before it
//! (RFC 6455, section 5.5.3). The cursor moves with the acknowledgement and not before.

use super::document::{Told, prefixes_for, query_document, wanted_epcs};
use super::exception::Exception;
use super::open_sockets::{MOST_SOCKETS, MOST_SOCKETS_OF_PARTY, Order};
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::caller::Caller;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use kervan_model::Finding;
use kervan_node::{
    Call, Delivery, Desk, Shown, SignedMessage, Task, end_socket, note_delivery, note_left, open_socket,
    serve_subscription, sign_message,
};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::watch;

/// Parameters that say when deliveries go; with one of them a request means a socket.
pub(super) const TRIGGERS: &[&str] =
    &["stream", "second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek", "subscriptionID"];

/// Longest message of a subscriber. Unit: byte. It acknowledges, and says nothing else.
const LONGEST_MESSAGE: usize = 4 * 1024;

/// How long a subscriber may take to read a delivery, and to acknowledge it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a quiet socket is asked whether somebody is there; who has not answered by the next time is gone.
const ALIVE: Duration = Duration::from_secs(30);

/// How long the other side may take to close a socket that is closed.
const PARTING: Duration = Duration::from_secs(1);

/// How long saves are gathered before a subscription is looked at.
const GATHER: Duration = Duration::from_millis(50);

/// The parameters cannot open a socket.
pub(super) fn refused(why: &str) -> Exception {
    Finding::error("events.subscription", why).into()
}

/// What a subscriber wants of its socket, beside when.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    /// Whether only a message acknowledges.
    by_message: bool,
    /// Whether each delivery comes with the node's signature.
    signed: bool,
}

impl Manner {
    /// Takes the parameters of the manner out of all.
    fn read(pairs: &mut Vec<(String, String)>) -> Result<Self, Exception> {
        let mut manner = Self::default();
        let mut wrong = None;
        pairs.retain(|(name, value)| match (name.as_str(), value.as_str()) {
            ("acknowledge", "message") => {
                manner.by_message = true;
                false
            }
            ("acknowledge", "pong") | ("signed", "false") => false,
            ("signed", "true") => {
                manner.signed = true;
                false
            }
            ("acknowledge", _) => {
                wrong = Some("`acknowledge` is `pong` or `message`");
                false
            }
            ("signed", _) => {
                wrong = Some("`signed` is true or false");
                false
            }
            _ => true,
        });
        wrong.map_or(Ok(manner), |why| Err(refused(why)))
    }
}

/// Opens a socket for a party that has shown its token.
pub(super) async fn open(
    api: Api,
    upgrade: WebSocketUpgrade,
    caller: Result<Caller, Problem>,
    headers: &HeaderMap,
    query: String,
    mut pairs: Vec<(String, String)>,
) -> Result<Response, Exception> {
    let caller = caller?;
    let manner = Manner::read(&mut pairs)?;
    let resumed = pairs.iter().any(|(name, _)| name == "subscriptionID");
    let format = wanted_epcs(headers)?.filter(|_| !resumed);
    if let Some(format) = format.filter(|_| pairs.iter().all(|(name, _)| name != "epcFormat")) {
        pairs.push(("epcFormat".to_owned(), format.word().to_owned()));
    }
    let upgrade =
        upgrade.protocols(["epcis"]).max_message_size(LONGEST_MESSAGE).max_frame_size(LONGEST_MESSAGE);
    let (party, by) = (caller.party.clone(), caller.by.clone());
    if api.sockets.is_full(&party) {
        let reason =
            format!("{MOST_SOCKETS_OF_PARTY} sockets of a party, and {MOST_SOCKETS} of all, are the most");
        return Ok(upgrade.on_upgrade(move |mut socket| async move {
            close(&mut socket, close_code::AGAIN, &reason).await;
        }));
    }
    let work = move |desk: &Desk, call: Call<'_>| open_socket(desk, call, &query, &pairs);
    let id = api.act(caller.party, caller.key, work).await?;
    let (order, saved) = (api.sockets.hold(&id, &party), api.saved.clone());
    let mut socket = Socket { order, saved, api, id: id.clone(), manner, by };
    let mut response = upgrade.on_upgrade(move |mut stream| async move {
        let end = socket.serve(&mut stream).await;
        socket.leave(&mut stream, end).await;
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("kervan-subscription", value);
    }
    Ok(response)
}

/// How a socket came to its end.
enum End {
    /// The subscriber closed it in order, or ended the subscription.
    Closed,
    /// The network did.
    Lost,
    /// The node closes it, with a code and a reason.
    Refused(u16, String),
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        tracing::error!(problem.detail, "a socket could not be served");
        Self::Refused(close_code::ERROR, "the node failed; open the socket again".to_owned())
    }
}

/// What a subscriber said.
enum Said {
    /// It has the delivery of this id.
    Has(String),
    /// It is there.
    Alive,
}

/// A socket that is served.
struct Socket {
    api: Api,
    saved: watch::Receiver<u64>,
    id: String,
    manner: Manner,
    by: Shown,
    order: watch::Receiver<Option<Order>>,
}

impl Socket {
    async fn serve(&mut self, stream: &mut WebSocket) -> End {
        loop {
            match self.step(stream).await {
                Ok(()) => {}
                Err(end) => return end,
            }
        }
    }

    /// Takes the next step of the subscription.
    async fn step(&mut self, stream: &mut WebSocket) -> Result<(), End> {
        if !self.api.is_in_force(&self.by) {
            let reason = "the key that opened it was taken back, or the session has ended";
            return Err(End::Refused(close_code::POLICY, reason.to_owned()));
        }
        self.saved.mark_unchanged();
        let (now, named) = (self.api.clock.now(), self.id.clone());
        match self.api.run(move |desk| serve_subscription(desk, &named, now)).await? {
            None => Err(End::Refused(close_code::NORMAL, "the subscription was ended".to_owned())),
            Some(Task::Again) => Ok(()),
            Some(Task::Wait(until)) => self.wait(stream, until).await,
            Some(Task::Send(delivery)) => {
                let reached = self.deliver(stream, &delivery).await;
                let (subscription, id) = (delivery.subscription, delivery.id);
                let (now, had) = (self.api.clock.now(), reached.is_ok());
                self.api.run(move |desk| note_delivery(desk, &subscription, &id, had, now)).await?;
                reached
            }
        }
    }

    /// Waits for something to be saved or for a time to come, and looks whether the subscriber is there.
    async fn wait(&mut self, stream: &mut WebSocket, until: Option<jiff::Timestamp>) -> Result<(), End> {
        let mut asked = false;
        loop {
            let left = until.map(|at| at.as_second().saturating_sub(self.api.clock.now().as_second()));
            let left = left.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
            let pause = left.map_or(ALIVE, |left| left.max(GATHER).min(ALIVE));
            tokio::select! {
                order = self.order.changed() => return Err(self.ordered(order.is_ok())),
                changed = self.saved.changed() => {
                    if changed.is_err() {
                        return Err(End::Refused(close_code::AWAY, "the node stops".to_owned()));
                    }
                    tokio::time::sleep(GATHER).await;
                    return Ok(());
                }
                said = read(stream) => match said? {
                    Said::Has(_) | Said::Alive => asked = false,
                },
                () = tokio::time::sleep(pause) => {
                    if left.is_some_and(|left| left <= pause) {
                        return Ok(());
                    }
                    if asked {
                        return Err(End::Lost);
                    }
                    asked = true;
                    send(stream, Message::Ping(Vec::new().into())).await?;
                    if !self.api.is_in_force(&self.by) {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn ordered(&self, alive: bool) -> End {
        let order = if alive { *self.order.borrow() } else { None };
        match order {
            Some(Order::Replaced) => {
                End::Refused(close_code::POLICY, "a newer socket serves this subscription".to_owned())
            }
            Some(Order::Stopping) | None => {
                End::Refused(close_code::AWAY, "the node stops; open the socket again".to_owned())
            }
        }
    }

    /// Sends a delivery and waits until the subscriber has it.
    async fn deliver(&mut self, stream: &mut WebSocket, delivery: &Delivery) -> Result<(), End> {
        let prefixes = prefixes_for(&self.api, delivery.epc_format).await?;
        let told = Told {
            query: &delivery.query,
            subscription: Some(&delivery.subscription),
            delivery: Some(&delivery.id),
            epcs: delivery.epc_format,
            prefixes: &prefixes,
        };
        let now = self.api.clock.now();
        let body = query_document(now, &told, delivery.events.clone()).0.to_string();
        let signature = self.manner.signed.then(|| -> Result<String, Problem> {
            let message = SignedMessage { target: None, content_type: None, delivery: &delivery.id };
            let signed = sign_message(&*self.api.key, &message, body.as_bytes(), now)?;
            let mut told: serde_json::Map<String, Value> =
                signed.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            told.insert("Kervan-Delivery".to_owned(), delivery.id.as_str().into());
            Ok(Value::Object(told).to_string())
        });
        let signature = signature.transpose()?;
        send(stream, Message::Text(body.into())).await?;
        if let Some(signature) = signature {
            send(stream, Message::Text(signature.into())).await?;
        }
        if !self.manner.by_message {
            send(stream, Message::Ping(delivery.id.clone().into_bytes().into())).await?;
        }
        self.await_word(stream, &delivery.id).await
    }

    async fn await_word(&mut self, stream: &mut WebSocket, delivery: &str) -> Result<(), End> {
        let patience = tokio::time::sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            tokio::select! {
                order = self.order.changed() => return Err(self.ordered(order.is_ok())),
                said = read(stream) => match said? {
                    Said::Has(id) if id == delivery => return Ok(()),
                    Said::Has(_) | Said::Alive => {}
                },
                () = &mut patience => {
                    let reason = format!("delivery {delivery} was not acknowledged within {} s", PATIENCE.as_secs());
                    return Err(End::Refused(close_code::POLICY, reason));
                }
            }
        }
    }

    /// Ends the socket, and with it the subscription if its subscriber wanted that.
    async fn leave(&mut self, stream: &mut WebSocket, end: End) {
        let (id, now) = (self.id.clone(), self.api.clock.now());
        let replaced = *self.order.borrow() == Some(Order::Replaced);
        self.api.sockets.release(&self.id, &self.order);
        let noted = match &end {
            End::Closed => self.api.run(move |desk| end_socket(desk, &id)).await,
            End::Lost | End::Refused(..) if replaced => Ok(()),
            End::Lost | End::Refused(..) => self.api.run(move |desk| note_left(desk, &id, now)).await,
        };
        if let Err(problem) = noted {
            tracing::error!(subscription = self.id, problem.detail, "the end of a socket could not be noted");
        }
        match end {
            End::Closed => hear_out(stream).await,
            End::Refused(code, reason) => close(stream, code, &reason).await,
            End::Lost => {}
        }
    }
}

/// The next thing that a subscriber says. Errors: it says what it may not, or is gone.
async fn read(stream: &mut WebSocket) -> Result<Said, End> {
    match stream.recv().await {
        None | Some(Err(_)) => Err(End::Lost),
        // Leaving in order ends the subscription; a browser that goes away says so with another code, and may come back.
        Some(Ok(Message::Close(Some(frame)))) if frame.code == close_code::NORMAL => Err(End::Closed),
        Some(Ok(Message::Close(_))) => Err(End::Lost),
        Some(Ok(Message::Ping(_))) => Ok(Said::Alive),
        Some(Ok(Message::Pong(payload))) => Ok(match std::str::from_utf8(&payload) {
            Ok(id) if !id.is_empty() => Said::Has(id.to_owned()),
            _ => Said::Alive,
        }),
        Some(Ok(Message::Text(text))) => acknowledged(&text).map(Said::Has).ok_or_else(|| {
            let reason = "a subscriber says {\"acknowledge\": \"urn:uuid:...\"} and nothing else";
            End::Refused(close_code::POLICY, reason.to_owned())
        }),
        Some(Ok(Message::Binary(_))) => {
            Err(End::Refused(close_code::UNSUPPORTED, "acknowledge in text".to_owned()))
        }
    }
}

/// The delivery that a message acknowledges, by the `id` of its document.
fn acknowledged(text: &str) -> Option<String> {
    let message: Value = serde_json::from_str(text).ok()?;
    let id = message.get("acknowledge")?.as_str()?;
    Some(id.strip_prefix("urn:uuid:").unwrap_or(id).to_owned())
}

async fn send(stream: &mut WebSocket, message: Message) -> Result<(), End> {
    match tokio::time::timeout(PATIENCE, stream.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Lost),
    }
}

async fn close(stream: &mut WebSocket, code: u16, reason: &str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from(reason) };
    // Who is gone already hears no reason.
    if send(stream, Message::Close(Some(frame))).await.is_ok() {
        hear_out(stream).await;
    }
}

/// Reads on until the other side has closed too, for a moment: a socket that is cut with something unread loses the word
/// that was sent last.
async fn hear_out(stream: &mut WebSocket) {
    let closed = async { while let Some(Ok(_)) = stream.recv().await {} };
    // Who does not close is cut.
    let _ = tokio::time::timeout(PARTING, closed).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_names_its_delivery() {
        assert_eq!(acknowledged(r#"{"acknowledge": "urn:uuid:7d44"}"#).as_deref(), Some("7d44"));
        for text in ["", "{}", "{\"acknowledge\": 1}", "ok"] {
            assert_eq!(acknowledged(text), None, "{text}");
        }
    }
}
