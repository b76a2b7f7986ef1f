//! Positions from a broker of devices (MQTT 3.1.1): only when configured, and acknowledged only after they are on the disk.
//!
//! The connection has no TLS of its own: let a broker on this machine, which has it, take the devices in.

use crate::cli::Failure;
use crate::http::Api;
use kervan_model::{Finding, PartyId};
use kervan_node::{Call, Desk, Intake, Refusal, take_positions};
use kervan_positions::{Batch, Circumstances, DeviceId, Form, read};
use rumqttc::{AsyncClient, Event, EventLoop, Incoming, MqttOptions, Publish, QoS, SubscribeFilter};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Messages that may wait for the disk; the broker keeps the others.
const MOST_WAITING: usize = 10_000;
/// Messages that are kept together: one flush for all of them.
const MOST_TOGETHER: usize = 2_000;
/// Largest message. Unit: byte. A device that was offline for a week.
const LARGEST_MESSAGE: usize = 1024 * 1024;
/// How long to wait before a broker that is not there, or a disk that is full, is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// A broker and what to read there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerFile {
    /// Address, such as `127.0.0.1:1883`.
    broker: String,
    /// Name under which the broker keeps messages while we are away.
    client_id: String,
    /// In whose name the positions are taken.
    party: PartyId,
    /// Name for the broker, if it wants one.
    #[serde(default)]
    username: Option<String>,
    /// File that holds the password.
    #[serde(default)]
    password_file: Option<PathBuf>,
    /// What to read.
    topics: Vec<TopicLine>,
}

/// Topics of one form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicLine {
    /// Topic filter, such as `fleet/+/nmea`.
    filter: String,
    /// Form of its messages.
    form: FormWord,
    /// The device, with levels of the topic in braces, counted from 1: `imei:{2}`. Nothing if messages name it.
    #[serde(default)]
    device: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormWord {
    Nmea,
    GeoJson,
    Json,
}

impl From<FormWord> for Form {
    fn from(word: FormWord) -> Self {
        match word {
            FormWord::Nmea => Self::Nmea,
            FormWord::GeoJson => Self::GeoJson,
            FormWord::Json => Self::Json,
        }
    }
}

impl BrokerFile {
    /// Loads a file. Errors: it cannot be read, or says something that cannot be.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("{shown} cannot be read: {error}")))?;
        let file: Self = serde_norway::from_str(&text).map_err(|error| {
            Failure::new(format!("{shown}: {error}"))
                .remedy("docs/positions.md shows a file with every member")
        })?;
        if file.topics.is_empty() || file.host().is_none() {
            return Err(Failure::new(format!("{shown}: a broker needs host:port, and at least one topic")));
        }
        Ok(file)
    }

    /// In whose name the positions are taken.
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    fn host(&self) -> Option<(&str, u16)> {
        let (host, port) = self.broker.rsplit_once(':')?;
        Some((host, port.parse().ok()?))
    }

    fn options(&self) -> Result<MqttOptions, Failure> {
        let (host, port) = self.host().ok_or_else(|| Failure::new("a broker needs host:port"))?;
        let mut options = MqttOptions::new(&self.client_id, host, port);
        options.set_manual_acks(true);
        // The broker keeps what comes while we are away.
        options.set_clean_session(false);
        options.set_keep_alive(Duration::from_secs(30));
        options.set_max_packet_size(LARGEST_MESSAGE, LARGEST_MESSAGE);
        if let Some(username) = &self.username {
            let password = match &self.password_file {
                Some(path) => std::fs::read_to_string(path)
                    .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?,
                None => String::new(),
            };
            options.set_credentials(username, password.trim_end());
        }
        Ok(options)
    }

    /// Reads a message by the first topic that fits. Nothing if none does.
    fn read(&self, topic: &str, payload: &[u8], received: jiff::Timestamp) -> Option<Batch> {
        let line = self.topics.iter().find(|line| fits(&line.filter, topic))?;
        let device = line.device.as_ref().map(|pattern| device_of(pattern, topic));
        let device = match device {
            None => None,
            Some(Ok(device)) => Some(device),
            Some(Err(finding)) => return Some(Batch { findings: vec![finding], ..Batch::default() }),
        };
        let text = String::from_utf8_lossy(payload);
        // One report alone is a list of one.
        let alone = line.form == FormWord::Json && text.trim_start().starts_with('{');
        let text = if alone { format!("[{text}]").into() } else { text };
        Some(read(&text, line.form.into(), &Circumstances { device, received }))
    }
}

/// Whether a topic fits a filter. Source: MQTT 3.1.1, section 4.7.
fn fits(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

fn device_of(pattern: &str, topic: &str) -> Result<DeviceId, Finding> {
    let mut text = pattern.to_owned();
    for (number, level) in topic.split('/').enumerate() {
        text = text.replace(&format!("{{{}}}", number + 1), level);
    }
    text.parse().map_err(|error: kervan_positions::DeviceIdError| {
        Finding::error("positions.subject", error.to_string()).at(topic.to_owned())
    })
}

/// Subscribes for as long as the node serves; comes back to a broker that went away.
///
/// Errors: the password file cannot be read.
pub async fn subscribe(api: Api, file: BrokerFile) -> Result<(), Failure> {
    // Room for an acknowledgement of everything that may wait, so that keeping never waits for the connection.
    let (client, connection) = AsyncClient::new(file.options()?, 2 * MOST_WAITING);
    let (send, receive) = channel(MOST_WAITING);
    let file = Arc::new(file);
    let keeping = tokio::spawn(keep(api, Arc::clone(&file), client.clone(), receive));
    listen(&file, &client, connection, &send).await;
    keeping.abort();
    Ok(())
}

/// Hands on what comes. Ends when nobody takes it any more.
async fn listen(file: &BrokerFile, client: &AsyncClient, mut connection: EventLoop, send: &Sender<Publish>) {
    loop {
        match connection.poll().await {
            Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                let filters = file
                    .topics
                    .iter()
                    .map(|line| SubscribeFilter::new(line.filter.clone(), QoS::AtLeastOnce));
                if let Err(error) = client.try_subscribe_many(filters) {
                    tracing::error!(%error, "the broker's topics could not be subscribed to");
                }
                tracing::info!(broker = file.broker, "connected");
            }
            Ok(Event::Incoming(Incoming::Publish(message))) => {
                if send.send(message).await.is_err() {
                    return;
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, broker = file.broker, "the broker cannot be reached; trying again");
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
    for message in messages {
        let Some(mut batch) = file.read(&message.topic, &message.payload, received) else { continue };
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
        match save(api, &file.party, Arc::clone(&together)).await {
            Ok(intake) => {
                tracing::debug!(kept = intake.kept, doubted = intake.doubted, "positions");
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

async fn save(api: &Api, party: &PartyId, batch: Arc<Batch>) -> Result<Intake, Refusal> {
    let (desk, random, now, actor) = (Arc::clone(&api.desk), api.random, api.clock.now(), party.clone());
    let work = move |desk: &Desk| {
        let mut salts = random.salts(&format!("positions {now}"));
        take_positions(desk, Call { now, actor, salts: &mut *salts }, &batch.reports, &batch.sensed)
    };
    match tokio::task::spawn_blocking(move || work(&desk)).await {
        Ok(result) => result,
        Err(error) => Err(Refusal::Broken(format!("a worker ended: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> BrokerFile {
        serde_norway::from_str(
            "broker: 127.0.0.1:1883\nclient_id: kervan\nparty: carrier\ntopics:\n\
             - {filter: fleet/+/nmea, form: nmea, device: 'imei:{2}'}\n\
             - {filter: 'boxes/#', form: json}\n",
        )
        .unwrap()
    }

    #[test]
    fn topics_fit_as_the_standard_says() {
        for (filter, topic, wanted) in [
            ("a/+/c", "a/b/c", true),
            ("a/+/c", "a/b/c/d", false),
            ("a/#", "a", true),
            ("a/#", "a/b/c", true),
            ("a/+", "a", false),
            ("a/b", "a/b", true),
            ("+/b", "a/c", false),
        ] {
            assert_eq!(fits(filter, topic), wanted, "{filter} {topic}");
        }
    }

    #[test]
    fn a_message_is_read_by_its_topic() {
        let now = "2026-12-09T12:00:00Z".parse().unwrap();
        let rmc = b"$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*70";
        let batch = file().read("fleet/356938035643809/nmea", rmc, now).unwrap();
        assert_eq!((batch.reports.len(), batch.findings.len()), (1, 0));
        let wrong = file().read("fleet/12/nmea", rmc, now).unwrap();
        assert_eq!(wrong.findings[0].code, "positions.subject");
        let alone =
            br#"{"container": "CSQU3054383", "lat": 43.6, "lon": 51.2, "at": "2026-12-09T11:00:00Z"}"#;
        assert_eq!(file().read("boxes/x", alone, now).unwrap().reports.len(), 1);
        assert!(file().read("elsewhere", alone, now).is_none());
    }
}
