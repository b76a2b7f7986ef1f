//! An NCTS message, as an authority or a trader sends it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = kervan_ncts::check(bytes);
});
