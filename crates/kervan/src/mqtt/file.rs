//! The file of a broker: where it is, what to read there, who answers for it.

use super::tls;
use crate::cli::Failure;
use kervan_model::{Finding, PartyId};
use kervan_positions::{Awaiting, Batch, Circumstances, DeviceId, Form, read_on};
use rumqttc::{MqttOptions, Transport};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest message. Unit: byte. A device that was offline for a week.
const LARGEST_MESSAGE: usize = 1024 * 1024;

/// How an address says that TLS is spoken there.
const WITH_TLS: &str = "mqtts://";

/// A broker and what to read there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerFile {
    /// Address, such as `127.0.0.1:1883`; with TLS `mqtts://broker.example:8883`.
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
    /// With TLS: the certificates that the broker's is held against, in PEM; those of the open web without it.
    #[serde(default)]
    ca_file: Option<PathBuf>,
    /// With TLS: our own certificates in PEM, if the broker wants them, the end of the chain first.
    #[serde(default)]
    certificate_file: Option<PathBuf>,
    /// With TLS: the key of our certificate, in PEM.
    #[serde(default)]
    key_file: Option<PathBuf>,
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
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(format!("{shown} cannot be read: {}", kervan_model::in_plain_words(&error)))
        })?;
        let file: Self = serde_norway::from_str(&text).map_err(|error| {
            Failure::new(format!("{shown}: {}", kervan_model::in_plain_words(&error)))
                .remedy("docs/positions.md shows a file with every member")
        })?;
        if file.topics.is_empty() || file.host().is_none() {
            return Err(Failure::new(format!("{shown}: a broker needs host:port, and at least one topic")));
        }
        let of_tls = [&file.ca_file, &file.certificate_file, &file.key_file];
        if !file.has_tls() && of_tls.iter().any(|path| path.is_some()) {
            let failure = Failure::new(format!("{shown}: certificates say nothing without TLS"));
            return Err(failure.remedy("write the broker as mqtts://host:port"));
        }
        Ok(file)
    }

    /// In whose name the positions are taken.
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    /// Its address, for people.
    pub(super) fn address(&self) -> &str {
        &self.broker
    }

    /// The topic filters to subscribe to.
    pub(super) fn filters(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(|line| line.filter.as_str())
    }

    fn has_tls(&self) -> bool {
        self.broker.starts_with(WITH_TLS)
    }

    fn host(&self) -> Option<(&str, u16)> {
        let address = self.broker.strip_prefix(WITH_TLS).unwrap_or(&self.broker);
        let address = address.strip_prefix("mqtt://").unwrap_or(address);
        let (host, port) = address.rsplit_once(':')?;
        (!host.is_empty() && !host.contains('/')).then_some((host, port.parse().ok()?))
    }

    /// What the connection needs. Errors: a file that it names cannot be read, or holds no certificate or key.
    pub fn options(&self) -> Result<MqttOptions, Failure> {
        let (host, port) = self.host().ok_or_else(|| Failure::new("a broker needs host:port"))?;
        let mut options = MqttOptions::new(&self.client_id, host, port);
        options.set_manual_acks(true);
        // The broker keeps what comes while we are away.
        options.set_clean_session(false);
        options.set_keep_alive(Duration::from_secs(30));
        options.set_max_packet_size(LARGEST_MESSAGE, LARGEST_MESSAGE);
        if self.has_tls() {
            let own = self.certificate_file.as_deref().zip(self.key_file.as_deref());
            options.set_transport(Transport::tls_with_config(tls::read(self.ca_file.as_deref(), own)?));
        }
        if let Some(username) = &self.username {
            let password = match &self.password_file {
                Some(path) => std::fs::read_to_string(path).map_err(Failure::unread(path))?,
                None => String::new(),
            };
            options.set_credentials(username, password.trim_end());
        }
        Ok(options)
    }

    /// Reads a message by the first topic that fits. Nothing if none does.
    pub(super) fn read(
        &self,
        topic: &str,
        payload: &[u8],
        received: jiff::Timestamp,
        awaiting: &mut Awaiting,
    ) -> Option<Batch> {
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
        Some(read_on(&text, line.form.into(), &Circumstances { device, received }, awaiting))
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
    fn addresses_say_whether_tls_is_spoken() {
        let file = |broker: &str| BrokerFile { broker: broker.to_owned(), ..file() };
        for (broker, host, tls) in [
            ("127.0.0.1:1883", Some(("127.0.0.1", 1883)), false),
            ("mqtt://broker.example:1883", Some(("broker.example", 1883)), false),
            ("mqtts://broker.example:8883", Some(("broker.example", 8883)), true),
            ("mqtts://broker.example", None, true),
            ("https://broker.example:443", None, false),
            (":1883", None, false),
        ] {
            assert_eq!((file(broker).host(), file(broker).has_tls()), (host, tls), "{broker}");
        }
    }

    #[test]
    fn a_message_is_read_by_its_topic() {
        let now = "2026-12-09T12:00:00Z".parse().unwrap();
        let read = |topic: &str, payload: &[u8]| file().read(topic, payload, now, &mut Awaiting::default());
        let rmc = b"$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*70";
        let batch = read("fleet/356938035643809/nmea", rmc).unwrap();
        assert_eq!((batch.reports.len(), batch.findings.len()), (1, 0));
        let wrong = read("fleet/12/nmea", rmc).unwrap();
        assert_eq!(wrong.findings[0].code, "positions.subject");
        let alone =
            br#"{"container": "CSQU3054383", "lat": 43.6, "lon": 51.2, "at": "2026-12-09T11:00:00Z"}"#;
        assert_eq!(read("boxes/x", alone).unwrap().reports.len(), 1);
        assert!(read("elsewhere", alone).is_none());
    }
}
