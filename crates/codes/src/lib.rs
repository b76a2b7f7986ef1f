//! Code lists and identifiers of the field, parsed once into closed types.
//!
//! A value of these types is well formed by construction: it has the right shape, a right check digit where the standard
//! has one, and stands in its list where the list is closed. Whether a place or a commodity *exists* in some data set is
//! the business of the room that has the data set.
//!
//! ```
//! use kervan_codes::{ContainerNumber, HsCode, PlaceCode};
//!
//! assert!("CSQU3054383".parse::<ContainerNumber>().is_ok());
//! assert_eq!("CSQU3054384".parse::<ContainerNumber>().unwrap_err().to_string(),
//!     "`CSQU3054384` is not a container number of ISO 6346: the check digit should be 3");
//! assert!("KZAAU".parse::<PlaceCode>().unwrap().is_un_locode());
//! assert_eq!("8471.30".parse::<HsCode>().unwrap().chapter(), 84);
//! ```

mod check_digit;
mod container;
mod country;
mod document_type;
mod error;
mod grn;
mod hs;
mod incoterm;
mod mrn;
mod package_kind;
mod pairs;
mod place;
mod size_type;
mod text_code;
mod wagon;

pub use container::ContainerNumber;
pub use country::CountryCode;
pub use document_type::DocumentType;
pub use error::CodeError;
pub use grn::Grn;
pub use hs::HsCode;
pub use incoterm::Incoterm;
pub use mrn::{Mrn, MrnParts, MrnProcedure};
pub use package_kind::PackageKind;
pub use place::PlaceCode;
pub use size_type::SizeType;
pub use wagon::WagonNumber;
