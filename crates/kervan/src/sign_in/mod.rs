//! What signing in needs while a node runs: how often somebody may try, logins at a provider that have begun, how sessions end.

mod provider;

pub use provider::{ProviderClient, ProviderSettings, read_roots};

use jiff::{SignedDuration, Timestamp};
use kervan_identity::{PasswordHash, Person, PersonName, Secret, SessionLimits, Throttle};
use kervan_node::{Desk, check_password};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Passwords that are worked on at once: each takes 64 MiB and a core.
const AT_ONCE: usize = 2;

/// How people sign in here.
pub struct SignIns {
    /// How long sessions last.
    pub limits: SessionLimits,
    /// Whether browsers reach the node by TLS only, so that cookies go no other way.
    pub secure: bool,
    /// Where people see the page, if elsewhere than at the address that they call, such as at a proxy.
    pub origins: Vec<String>,
    /// The provider of OpenID Connect, if there is one.
    pub provider: Option<ProviderClient>,
    throttle: Mutex<Throttle>,
    work: Semaphore,
}

impl Default for SignIns {
    fn default() -> Self {
        Self::new(false, Vec::new(), None)
    }
}

impl SignIns {
    /// How people sign in.
    pub fn new(secure: bool, origins: Vec<String>, provider: Option<ProviderClient>) -> Self {
        let (throttle, work) = (Mutex::default(), Semaphore::new(AT_ONCE));
        Self { limits: SessionLimits::default(), secure, origins, provider, throttle, work }
    }

    /// The name of the cookie of a session. Under TLS one that no neighbour and no insecure page can set.
    pub fn cookie(&self) -> &'static str {
        if self.secure { "__Host-kervan" } else { "kervan" }
    }

    /// The name of the cookie of a login at the provider.
    pub fn login_cookie(&self) -> &'static str {
        if self.secure { "__Host-kervan-login" } else { "kervan-login" }
    }

    /// Takes one of the few places in which passwords are worked on; waits for it.
    pub async fn place(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.work.acquire().await.ok()
    }

    /// How long whoever tries has to wait.
    pub fn find_wait(&self, name: &str, network: &str, now: Timestamp) -> Option<SignedDuration> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner).find_wait(name, network, now)
    }

    /// Counts a try.
    pub fn note(&self, name: &str, network: &str, now: Timestamp, good: bool) {
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        if good {
            throttle.note_success(name, network);
        } else {
            throttle.note_failure(name, network, now);
        }
    }
}

/// The person of what was typed as name and password.
pub fn find_by_password(desk: &Desk, name: &str, password: &Secret) -> Option<Person> {
    let name: Option<PersonName> = name.parse().ok();
    check_password(desk, name.as_ref(), password)
}

/// The hash of a new password. Errors: it is no good.
pub fn hash_password(
    password: &Secret,
    of: &PersonName,
    salt: [u8; 16],
) -> Result<PasswordHash, kervan_model::Finding> {
    PasswordHash::make(password, of, salt, kervan_identity::PasswordCost::TODAY)
}
