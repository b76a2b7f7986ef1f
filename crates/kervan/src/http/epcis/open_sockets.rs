//! The sockets that are open: at most so many, one for each subscription, all told when the node stops.

use kervan_model::PartyId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Sockets of all parties. Each holds at most one delivery, a megabyte or two.
pub(super) const MOST_SOCKETS: usize = 1_000;

/// Sockets of one party.
pub(super) const MOST_SOCKETS_OF_PARTY: usize = 50;

/// Why the node ends a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Its subscription has a newer socket.
    Replaced,
    /// The node stops.
    Stopping,
}

/// The sockets that are open.
#[derive(Clone, Debug, Default)]
pub struct Sockets(Arc<Mutex<BTreeMap<String, Open>>>);

#[derive(Debug)]
struct Open {
    party: PartyId,
    order: watch::Sender<Option<Order>>,
}

impl Sockets {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn is_full(&self, party: &PartyId) -> bool {
        let open = self.lock();
        let own = open.values().filter(|one| one.party == *party).count();
        open.len() >= MOST_SOCKETS || own >= MOST_SOCKETS_OF_PARTY
    }

    /// Notes the socket of a subscription; an older one is told to end.
    pub(super) fn hold(&self, id: &str, party: &PartyId) -> watch::Receiver<Option<Order>> {
        let (order, receiver) = watch::channel(None);
        let open = Open { party: party.clone(), order };
        if let Some(older) = self.lock().insert(id.to_owned(), open) {
            older.order.send_replace(Some(Order::Replaced));
        }
        receiver
    }

    /// Forgets a socket, unless a newer one has taken its place.
    pub(super) fn release(&self, id: &str, order: &watch::Receiver<Option<Order>>) {
        let mut open = self.lock();
        if open.get(id).is_some_and(|one| one.order.subscribe().same_channel(order)) {
            open.remove(id);
        }
    }

    /// Ends every socket with a word, and waits a moment for them.
    pub async fn stop(&self) {
        const ROUNDS: u32 = 50;
        for one in self.lock().values() {
            one.order.send_replace(Some(Order::Stopping));
        }
        for _ in 0..ROUNDS {
            if self.lock().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_socket_of_a_subscription_ends_the_older() {
        let sockets = Sockets::default();
        let party: PartyId = "rail-one".parse().unwrap();
        let older = sockets.hold("s", &party);
        let newer = sockets.hold("s", &party);
        assert_eq!((*older.borrow(), *newer.borrow()), (Some(Order::Replaced), None));
        sockets.release("s", &older);
        assert_eq!(sockets.lock().len(), 1);
        sockets.release("s", &newer);
        assert!(sockets.lock().is_empty());
    }
}
