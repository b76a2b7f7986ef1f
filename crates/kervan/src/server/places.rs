//! Room for connections: so many, and so many from one address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Files that the node keeps open beside connections: the store, its readers, runs of the index, brokers, receivers.
const OTHER_FILES: usize = 400;

/// Connections that the system's limit of open files leaves room for.
pub(super) fn allowed_by_system() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let files: Option<usize> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    files.map_or(usize::MAX, |files| files.saturating_sub(OTHER_FILES).max(files / 2))
}

/// The places of a listener.
#[derive(Clone)]
pub(super) struct Places {
    most: usize,
    most_of_one: usize,
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
    count: watch::Sender<usize>,
}

/// A place that is taken until this is dropped.
pub(super) struct Place {
    address: IpAddr,
    places: Places,
}

impl Places {
    pub(super) fn new(most: usize, most_of_one: usize) -> Self {
        Self { most, most_of_one, taken: Arc::default(), count: watch::Sender::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for an address, if there is one.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let mut taken = self.lock();
        let own = taken.get(&address).copied().unwrap_or(0);
        if *self.count.borrow() >= self.most || own >= self.most_of_one {
            return None;
        }
        taken.insert(address, own + 1);
        self.count.send_modify(|count| *count += 1);
        Some(Place { address, places: self.clone() })
    }

    /// Waits until every place is free.
    pub(super) async fn all_free(&self) {
        let mut count = self.count.subscribe();
        let _ = count.wait_for(|count| *count == 0).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(own) = taken.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.address);
            }
        }
        self.places.count.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use std::net::IpAddr;

    #[test]
    fn one_address_cannot_take_every_place() {
        let (one, other, third): (IpAddr, IpAddr, IpAddr) =
            ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap(), "10.0.0.3".parse().unwrap());
        let places = Places::new(3, 2);
        let first = places.take(one);
        let second = places.take(one);
        assert!(first.is_some() && second.is_some() && places.take(one).is_none());
        let last = places.take(other);
        assert!(last.is_some() && places.take(third).is_none(), "no place is left");
        drop(first);
        assert!(places.take(third).is_some() && places.take(one).is_some());
    }
}
