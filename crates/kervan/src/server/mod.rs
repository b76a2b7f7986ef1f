//! The sockets of a serving node: how many, for how long, and how they end.
//!
//! HTTP/1.1 by `hyper`, with limits on everything a stranger can make long: heads, silence, answers that nobody takes, the number
//! of connections. When the node stops, nothing new is taken, what runs may end, and then the program does.

mod certificate;
mod places;
mod stalled;
mod tls;

pub use tls::secure;

use crate::config::Limits;
use crate::http::Peer;
use crate::running::Running;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use places::{Place, Places};
use stalled::Stalled;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tower::ServiceExt;

/// A stream of bytes to a caller: a socket, or a socket under TLS.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Makes a socket a stream to its caller, such as by a TLS handshake; it is given as long as a head.
pub type Secure =
    Arc<dyn Fn(TcpStream) -> Pin<Box<dyn Future<Output = io::Result<Box<dyn Wire>>> + Send>> + Send + Sync>;

/// What is answered where there is no room: written as it stands, because no request is read.
const NO_ROOM: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 5\r\n\
connection: close\r\ncontent-length: 177\r\n\r\n\
{\"type\":\"https://kervan.example/problems/no-room\",\"title\":\"No room\",\"status\":503,\
\"detail\":\"there are too many connections; keep fewer open, or come back later\",\"code\":\"no-room\"}";

/// How long the listener rests when the system gives it no socket, such as for want of file descriptors.
const REST: Duration = Duration::from_millis(200);
/// How long a connection that is turned away may take for its answer.
const TURN_AWAY: Duration = Duration::from_secs(1);

/// Serves until told to stop by `running`, and then at most so long as its settings allow. Gives the number of connections
/// that had to be cut.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    running: Arc<Running>,
    secure: Option<Secure>,
) -> u64 {
    let mut stopping = running.stopping();
    let limits = &running.settings.limits;
    let places =
        Places::new(limits.connections.min(places::allowed_by_system()), limits.connections_per_address);
    loop {
        let accepted = tokio::select! {
            biased;
            () = told(&mut stopping) => break,
            accepted = listener.accept() => accepted,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let _ = socket.set_nodelay(true);
        let Some(place) = places.take(peer.ip()) else {
            running.meters.turned_away.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(turn_away(socket, secure.is_none()));
            continue;
        };
        let seat = Seat::take(place, &running);
        let (router, running, secure) = (router.clone(), Arc::clone(&running), secure.clone());
        tokio::spawn(async move { connect((socket, peer), router, &running, secure, seat).await });
    }
    drop(listener);
    let _ = timeout(running.settings.stop_within, places.all_free()).await;
    running.meters.connections.load(Ordering::Relaxed)
}

/// An open connection, counted until it is dropped.
struct Seat {
    _place: Place,
    running: Arc<Running>,
}

impl Seat {
    fn take(place: Place, running: &Arc<Running>) -> Self {
        running.meters.connections.fetch_add(1, Ordering::Relaxed);
        Self { _place: place, running: Arc::clone(running) }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.running.meters.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits until the node is told to stop.
async fn told(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Tells a caller that there is no room, if it can be told in clear, and lets it go.
async fn turn_away(mut socket: TcpStream, clear: bool) {
    if clear {
        let _ = timeout(TURN_AWAY, socket.write_all(NO_ROOM.as_bytes())).await;
        let _ = timeout(TURN_AWAY, socket.shutdown()).await;
    }
}

async fn connect(
    (socket, peer): (TcpStream, SocketAddr),
    router: Router,
    running: &Running,
    secure: Option<Secure>,
    seat: Seat,
) {
    let limits = &running.settings.limits;
    let wire: Box<dyn Wire> = match secure {
        None => Box::new(socket),
        Some(secure) => match timeout(limits.head_within, secure(socket)).await {
            Ok(Ok(wire)) => wire,
            Ok(Err(error)) => return tracing::debug!(%error, "a handshake failed"),
            Err(_) => return tracing::debug!("a handshake took too long"),
        },
    };
    talk(Stalled::new(wire, limits.stalled_within, seat), peer, router, limits, running.stopping()).await;
}

async fn talk(
    wire: Stalled,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let routes = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_headers(limits.headers)
        .max_header_size(limits.head)
        .serve_connection(TokioIo::new(wire), TowerToHyperService::new(routes))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::NO_ROOM;

    #[test]
    fn the_answer_without_room_is_a_whole_problem() {
        let (head, body) = NO_ROOM.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(503), Some("no-room")));
    }
}
