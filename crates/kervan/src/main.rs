//! The `kervan` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    kervan::cli::run()
}
