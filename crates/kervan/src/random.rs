//! Where randomness comes from: the system, or a seed for plays that can be repeated.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A source of random bytes.
#[derive(Clone, Copy, Debug)]
pub enum Random {
    /// The system's.
    System,
    /// Drawn from a seed: the same requests get the same bytes. For plays only, never for real parties.
    Seeded(u64),
}

impl Random {
    /// Random 16-byte values for one request; with a seed they depend on the seed and on `request` alone.
    pub fn salts(self, request: &str) -> Box<dyn FnMut() -> [u8; 16] + Send> {
        match self {
            Self::System => Box::new(system_bytes),
            Self::Seeded(seed) => {
                let mut generator = Xoshiro256PlusPlus::from_seed(Self::seed_for(seed, request));
                Box::new(move || {
                    let mut bytes = [0; 16];
                    generator.fill_bytes(&mut bytes);
                    bytes
                })
            }
        }
    }

    /// 32 random bytes, for a key or a token.
    pub fn secret(self, purpose: &str) -> [u8; 32] {
        match self {
            Self::System => {
                let (one, other): ([u8; 16], [u8; 16]) = (system_bytes(), system_bytes());
                std::array::from_fn(|index| if index < 16 { one[index] } else { other[index - 16] })
            }
            Self::Seeded(seed) => Self::seed_for(seed, purpose),
        }
    }

    fn seed_for(seed: u64, purpose: &str) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_be_bytes());
        hasher.update(purpose.as_bytes());
        hasher.finalize().into()
    }
}

/// Random bytes that name a thing: not repeatable, whatever is played.
pub(crate) fn fresh<const N: usize>() -> [u8; N] {
    system_bytes()
}

/// Random bytes of the system. Without them no key or salt is safe, so the program ends.
fn system_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes; stopping");
        std::process::exit(70);
    }
    bytes
}
