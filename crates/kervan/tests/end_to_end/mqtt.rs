//! A broker of devices that speaks MQTT 3.1.1 frame by frame, in the clear and with TLS.

use super::node::Node;
use super::program::run;
use kervan_store::Store;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const TOPIC: &str = "fleet/356938035643809/nmea";
const DEVICE: &str = "imei:356938035643809";

/// The side of the broker of one connection. Source: MQTT 3.1.1, chapters 2 and 3.
struct Peer<S>(S);

impl<S: Read + Write> Peer<S> {
    /// The first byte and the rest of the next packet.
    fn packet(&mut self) -> (u8, Vec<u8>) {
        let mut byte = || {
            let mut one = [0];
            self.0.read_exact(&mut one).unwrap();
            usize::from(one[0])
        };
        let (first, mut length, mut shift) = (byte(), 0, 0);
        loop {
            let next = byte();
            length |= (next & 0x7f) << shift;
            shift += 7;
            if next < 0x80 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        (first as u8, body)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
        self.0.flush().unwrap();
    }

    /// Lets it in and gives it what it subscribes to. An acknowledgement that the line before lost may come first.
    fn welcome(&mut self) -> String {
        let (first, connect) = self.packet();
        assert_eq!(first, 0x10);
        assert!(connect.starts_with(b"\x00\x04MQTT\x04"), "{connect:?}");
        self.send(&[0x20, 2, 0, 0]);
        let (mut first, mut subscribe) = self.packet();
        while first == 0x40 {
            (first, subscribe) = self.packet();
        }
        assert_eq!(first, 0x82);
        self.send(&[0x90, 3, subscribe[0], subscribe[1], 1]);
        String::from_utf8_lossy(&subscribe[4..subscribe.len() - 1]).into_owned()
    }

    /// Publishes a text that is to be acknowledged.
    fn publish(&mut self, id: u8, again: bool, text: &str) {
        let mut body = vec![0, TOPIC.len() as u8];
        body.extend(TOPIC.as_bytes());
        body.extend([0, id]);
        body.extend(text.as_bytes());
        assert!(body.len() < 128 * 128);
        let first = if again { 0x3a } else { 0x32 };
        self.send(
            &[&[first, (body.len() % 128) as u8 | 0x80, (body.len() / 128) as u8], body.as_slice()].concat(),
        );
    }

    /// Waits for the next acknowledgement.
    fn acknowledged(&mut self) -> u8 {
        loop {
            let (first, body) = self.packet();
            if first == 0xc0 {
                self.send(&[0xd0, 0]);
                continue;
            }
            assert_eq!(first, 0x40, "{body:?}");
            return body[1];
        }
    }
}

/// A sentence of a receiver at a minute of the day.
fn sentence(minute: u32) -> String {
    let body = format!(
        "GPRMC,{:02}{:02}00,A,4336.{minute:02},N,05112.00,E,010.0,084.4,011126,,",
        minute / 60,
        minute % 60
    );
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("${body}*{sum:02X}\r\n")
}

fn accept(listener: &TcpListener) -> TcpStream {
    let stream = listener.accept().unwrap().0;
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// A node that takes positions from a broker, and the folder of its store.
fn node(folder: &Path, broker: &str, more: &str) -> Node {
    let data = folder.join("data").to_str().unwrap().to_owned();
    run(&["party", "add", "rail", "--name", "Rail", "--country", "KZ", "--role", "carrier", "--data", &data]);
    let file = folder.join("devices.yaml");
    let text = format!(
        "broker: {broker}\nclient_id: kervan\nparty: rail\n{more}topics:\n- {{filter: fleet/+/nmea, form: nmea, device: 'imei:{{2}}'}}\n"
    );
    std::fs::write(&file, text).unwrap();
    Node::start(&["serve", "--data", &data, "--mqtt", file.to_str().unwrap()])
}

/// The minutes of the positions that are on the disk.
fn kept(folder: &Path) -> Vec<i64> {
    let store = Store::open(&folder.join("data")).unwrap();
    let fixes = store.list_fixes(DEVICE, 100).unwrap();
    fixes.iter().map(|fix| fix.at.as_second().rem_euclid(86_400) / 60).collect()
}

#[test]
fn what_is_acknowledged_is_on_the_disk_and_what_is_not_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let running = node(folder.path(), &listener.local_addr().unwrap().to_string(), "");
    let mut peer = Peer(accept(&listener));
    assert_eq!(peer.welcome(), "fleet/+/nmea");
    // One that says nothing and one that is garbled are acknowledged as well: they would come for ever.
    peer.publish(1, false, &sentence(1));
    peer.publish(2, false, "garbled");
    peer.publish(3, false, &(sentence(2) + &sentence(3)));
    assert_eq!([peer.acknowledged(), peer.acknowledged(), peer.acknowledged()], [1, 2, 3]);
    // The line breaks before the acknowledgement comes through: it connects anew and gets the same again.
    peer.publish(4, false, &sentence(4));
    drop(peer);
    let mut peer = Peer(accept(&listener));
    peer.welcome();
    peer.publish(4, true, &sentence(4));
    assert_eq!(peer.acknowledged(), 4);
    // Killed, not stopped: nothing of what was acknowledged may hang on an end in order.
    drop(running);
    assert_eq!(kept(folder.path()), [1, 2, 3, 4]);
}

/// An authority, and the configuration of a server of this machine that it vouches for. Writes the authority's certificate.
fn authority(folder: &Path, name: &str) -> (std::path::PathBuf, Arc<ServerConfig>) {
    let mut of_authority = CertificateParams::new(Vec::new()).unwrap();
    of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    of_authority.distinguished_name.push(DnType::CommonName, name);
    let issuer = CertifiedIssuer::self_signed(of_authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let file = folder.join(name);
    std::fs::write(&file, issuer.pem()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key)
        .unwrap();
    (file, Arc::new(config))
}

#[test]
fn a_broker_with_tls_must_prove_who_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (trusted, config) = authority(folder.path(), "ca.pem");
    let (other, _) = authority(folder.path(), "other.pem");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("mqtts://{}", listener.local_addr().unwrap());
    let connect = |ca: &Path| {
        let running = node(folder.path(), &address, &format!("ca_file: {}\n", ca.display()));
        let stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), accept(&listener));
        (running, Peer(stream))
    };
    let (running, mut stranger) = connect(&other);
    // It hangs up with an alert: not a byte of what it would say, its password first, goes to a stranger.
    let refused = stranger.0.read(&mut [0; 1]).unwrap_err();
    assert!(refused.to_string().contains("UnknownCA"), "{refused}");
    drop((running, stranger));

    let (running, mut peer) = connect(&trusted);
    assert_eq!(peer.welcome(), "fleet/+/nmea");
    peer.publish(1, false, &sentence(7));
    assert_eq!(peer.acknowledged(), 1);
    drop(running);
    assert_eq!(kept(folder.path()), [7]);
}
