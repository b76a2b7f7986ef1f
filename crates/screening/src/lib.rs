//! Screening of parties, vessels and goods against lists of denied parties that the operator loads.
//!
//! A name is read ([`Tables::read_name`]) into words of plain Latin with their sounds, whatever script it came in: which of
//! them carry it, which are titles, legal forms, fathers' names. Two names are compared ([`Tables::compare_names`]) word by
//! word; the [`Score`] comes with every [`Reason`]. Lists are read in the shapes in which they are published
//! ([`read_list`]), compared with their last version ([`diff_lists`]) and asked through an [`Index`]. A [`Hit`] is decided
//! once: [`standing_of`] tells whether a [`Decision`] still holds.
//!
//! Everything is pure; letters, sounds, legal forms, given names and numbers are tables in `data/screening`. Absent: any
//! list. None comes with the program, because a list that is not current is worse than none.
//!
//! ```
//! use kervan_screening::{PartyKind, Tables};
//!
//! let tables = Tables::load(|file| std::fs::read_to_string(format!("../../data/{file}")).ok()).unwrap();
//! let same = tables.compare_texts("Никита Сергеевич Хрущёв", "Nikita Chruschtschow", Some(PartyKind::Person));
//! assert!(same.score >= tables.threshold());
//! let other = tables.compare_texts("Иван Иванович Петров", "Ivan Petrovich Petrov", Some(PartyKind::Person));
//! assert!(other.score < tables.threshold());
//! ```

mod affix;
mod align;
mod country;
mod decision;
mod delta;
mod entity;
mod fold;
mod goods;
mod index;
mod keys;
mod letters_apart;
mod likeness;
pub mod limits;
pub mod list;
mod name;
mod parameters;
mod parties;
mod score;
mod screen;
mod sound;
mod table;
mod tables;

pub use decision::{Decision, Standing, Verdict, standing_of};
pub use delta::{Delta, diff_lists};
pub use entity::{Birth, Entity, Identifier, List, is_imo_number};
pub use goods::{GoodsList, GoodsRule, read_goods_list, screen_goods};
pub use index::{Index, ListHead};
pub use likeness::How;
pub use list::{Format, find_format, read_list};
pub use name::{Name, PartyKind};
pub use parties::{Asked, PartyHit, findings_of, screen_parties};
pub use score::{Comparison, Ground, Reason, Score};
pub use screen::{Hit, Question};
pub use tables::Tables;
