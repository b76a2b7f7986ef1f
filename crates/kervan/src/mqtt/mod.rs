//! Positions from a broker of devices (MQTT 3.1.1, with TLS or without): only when configured, and acknowledged only after they
//! are on the disk.

mod file;
mod tls;

pub use file::BrokerFile;

use crate::http::Api;
use crate::running::{Broker, Running};
use kervan_model::PartyId;
use kervan_node::{Call, Desk, Intake, Refusal, Sight, take_positions};
use kervan_positions::{Awaiting, Batch};
use rumqttc::{AsyncClient, Event, EventLoop, Incoming, MqttOptions, Publish, QoS, SubscribeFilter};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Messages that may wait for the disk; the broker keeps the others.
const MOST_WAITING: usize = 10_000;
/// Messages that are kept together: one flush for all of them.
const MOST_TOGETHER: usize = 2_000;
/// How long to wait before a broker that is not there, or a disk that is full, is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Subscribes for as long as the node serves; comes back to a broker that went away.
///
/// `options` are those of the file; whoever starts the node reads them first, so that a file that is missing ends it at once.
pub async fn subscribe(api: Api, file: BrokerFile, options: MqttOptions) {
    // Room for an acknowledgement of everything that may wait, so that keeping never waits for the connection.
    let (client, connection) = AsyncClient::new(options, 2 * MOST_WAITING);
    let (send, receive) = channel(MOST_WAITING);
    let file = Arc::new(file);
    let running = Arc::clone(&api.running);
    running.note_broker(Broker::Away);
    let keeping = tokio::spawn(keep(api, Arc::clone(&file), client.clone(), receive));
    listen(&file, &client, connection, &send, &running).await;
    keeping.abort();
}

/// Hands on what comes. Ends when nobody takes it any more.
async fn listen(
    file: &BrokerFile,
    client: &AsyncClient,
    mut connection: EventLoop,
    send: &Sender<Publish>,
    running: &Running,
) {
    loop {
        match connection.poll().await {
            Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                let filters = file.filters();
                let filters = filters.map(|filter| SubscribeFilter::new(filter.to_owned(), QoS::AtLeastOnce));
                if let Err(error) = client.try_subscribe_many(filters) {
                    tracing::error!(%error, "the broker's topics could not be subscribed to");
                }
                running.note_broker(Broker::Connected);
                tracing::info!(broker = file.address(), "connected");
            }
            Ok(Event::Incoming(Incoming::Publish(message))) => {
                if send.send(message).await.is_err() {
                    return;
                }
            }
            Ok(_) => {}
            Err(error) => {
                running.note_broker(Broker::Away);
                tracing::warn!(%error, broker = file.address(), "the broker cannot be reached; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Keeps what waits, many messages in one batch, and acknowledges them when they are on the disk.
async fn keep(api: Api, file: Arc<BrokerFile>, client: AsyncClient, mut receive: Receiver<Publish>) {
    let mut messages = Vec::new();
    while receive.recv_many(&mut messages, MOST_TOGETHER).await > 0 {
        // One message that names something unknown must not take the others with it.
        if !keep_messages(&api, &file, &messages).await && messages.len() > 1 {
            for message in &messages {
                keep_messages(&api, &file, std::slice::from_ref(message)).await;
            }
        }
        for message in messages.drain(..) {
            if message.qos != QoS::AtMostOnce
                && let Err(error) = client.ack(&message).await
            {
                tracing::warn!(%error, "a message could not be acknowledged; it will come again");
            }
        }
    }
}

/// Keeps messages in one batch, however long the disk takes. Says whether they were kept: what can never be is refused, and
/// must not come again for ever.
async fn keep_messages(api: &Api, file: &BrokerFile, messages: &[Publish]) -> bool {
    let received = api.clock.now();
    let mut together = Batch::default();
    // A topic is a source: what one of its messages leaves unfinished the next one ends.
    let radios = &api.desk.tracking.radios;
    let mut unfinished: BTreeMap<&str, Awaiting> = BTreeMap::new();
    for message in messages {
        let topic = message.topic.as_str();
        let awaiting = unfinished.entry(topic).or_insert_with(|| radios.find(&source_of(topic)));
        let Some(mut batch) = file.read(topic, &message.payload, received, awaiting) else { continue };
        for finding in &batch.findings {
            tracing::warn!(
                topic = message.topic,
                code = finding.code,
                path = finding.path,
                "{}",
                finding.message
            );
        }
        together.reports.append(&mut batch.reports);
        together.sensed.append(&mut batch.sensed);
    }
    let together = Arc::new(together);
    loop {
        match save(api, file.party(), Arc::clone(&together)).await {
            Ok(intake) => {
                tracing::debug!(kept = intake.kept, doubted = intake.doubted, "positions");
                for (topic, awaiting) in unfinished {
                    radios.keep(&source_of(topic), awaiting);
                }
                return true;
            }
            Err(Refusal::Invalid(findings)) => {
                for finding in findings {
                    tracing::warn!(code = finding.code, "positions refused: {}", finding.message);
                }
                return false;
            }
            Err(refusal) => {
                tracing::error!(%refusal, "positions could not be kept; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The name of a topic among the sources of sentences; no party has a space in its name.
fn source_of(topic: &str) -> String {
    format!("mqtt {topic}")
}

async fn save(api: &Api, party: &PartyId, batch: Arc<Batch>) -> Result<Intake, Refusal> {
    let (desk, random, now, actor) = (Arc::clone(&api.desk), api.random, api.clock.now(), party.clone());
    let work = move |desk: &Desk| {
        let mut salts = random.salts(&format!("positions {now}"));
        let caller = desk.party(&actor)?.to_caller();
        let call = Call { now, actor, salts: &mut *salts };
        take_positions(Sight::of(desk, &caller), call, &batch.reports, &batch.sensed)
    };
    match tokio::task::spawn_blocking(move || work(&desk)).await {
        Ok(result) => result,
        Err(error) => Err(Refusal::Broken(format!("a worker ended: {error}"))),
    }
}
