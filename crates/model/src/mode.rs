//! How goods move and what happens to them where they stop.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Closed lists of words, each with its spelling in data, on the wire and on screen.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data, on the wire and on screen.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a word, if it is one.
            pub fn find(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// A mode of transport. Source: UN/ECE Recommendation 19, with the rail ferry kept apart from other ships.
    Mode {
        /// Railway.
        Rail => "rail",
        /// Road.
        Road => "road",
        /// Sea, by cargo ship.
        Sea => "sea",
        /// Ferry that carries wagons, trucks or containers on deck.
        Ferry => "ferry",
        /// River or canal.
        InlandWater => "inland_water",
    }
}

words! {
    /// A class of traffic: the same line serves them at very different speeds, and one mean fits neither.
    TrafficClass {
        /// Container block train with priority.
        BlockTrain => "block_train",
        /// Single wagons and groups in ordinary freight trains.
        Carload => "carload",
        /// Truck.
        Truck => "truck",
        /// Container on a vessel.
        ContainerVessel => "container_vessel",
        /// Wagon, truck or container on a ferry.
        Ferry => "ferry",
    }
}

words! {
    /// What happens to goods at a place.
    ProcessKind {
        /// Border formalities and hand-over.
        Border => "border",
        /// Transshipment or bogie change between gauges.
        GaugeChange => "gauge_change",
        /// Transfer between modes, with the wait for the next vessel or train where the figure contains it.
        Transfer => "transfer",
        /// Re-marshalling, locomotive or crew change.
        Yard => "yard",
        /// Building the train or loading at the origin.
        Formation => "formation",
        /// Unloading and hand-over at the destination.
        Delivery => "delivery",
        /// Waiting for the next departure, where no other figure contains it.
        Wait => "wait",
    }
}

pub(crate) use words;
