//! `cargo xtask gen`: what is generated and committed: `openapi.json` from the code, the page's types from
//! `openapi.json`, and what people read of the policies of rights.

use crate::progress::Progress;
use crate::shell::{Failure, output_of, run_logged};
use crate::ui;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of `cargo xtask gen`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if the files differ from what would be written.
    #[arg(long)]
    check: bool,
}

/// What people read of the policies of rights, and the command that prints it.
const RIGHTS: [(&str, &str); 2] =
    [("data/rights/kervan.cedarschema", "schema"), ("docs/rights-table.md", "table")];

/// Writes the files, or compares them.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    let document = progress.step("openapi.json", || {
        let text =
            output_of(workspace.cargo().args(["run", "--quiet", "--package", "kervan", "--", "openapi"]))?;
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&text);
        parsed
            .map(|_| text)
            .map_err(|error| Failure::new(format!("`kervan openapi` printed no JSON: {error}")))
    })?;
    let mut same = keep(&workspace.root.join("openapi.json"), &document, args.check, &progress)?;
    for (path, what) in RIGHTS {
        let text = progress.step(path, || {
            let arguments = ["run", "--quiet", "--package", "kervan", "--", "rights", what];
            output_of(workspace.cargo().args(arguments))
        })?;
        same &= keep(&workspace.root.join(path), &text, args.check, &progress)?;
    }
    ui::install(&workspace)?;
    if args.check {
        same &= check_types(&workspace, &progress)?;
    } else {
        progress.step("ui/src/api/schema.ts", || {
            run_logged(&mut ui::npm(&workspace, &["run", "gen"]), &ui::log(&workspace, "gen"))
        })?;
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the page's types are those of `openapi.json`.
pub(crate) fn check_types(workspace: &Workspace, progress: &Progress) -> Result<bool, Failure> {
    let mut npm = ui::npm(workspace, &["exec", "--", "openapi-typescript", "../openapi.json"]);
    let types = output_of(&mut npm)?;
    keep(&workspace.ui().join("src/api/schema.ts"), &types, true, progress)
}

/// Writes a file if it differs, or only says so. Returns whether it is now as it should be.
fn keep(path: &Path, text: &str, check: bool, progress: &Progress) -> Result<bool, Failure> {
    let name = path.display();
    if fs::read_to_string(path).is_ok_and(|old| old.trim_end() == text.trim_end()) {
        progress.say(format_args!("{name} is as the code gives it"));
        return Ok(true);
    }
    if check {
        progress.say(format_args!("{name} is not what the code gives; run `cargo xtask gen` and commit it"));
        return Ok(false);
    }
    fs::write(path, format!("{}\n", text.trim_end()))?;
    progress.say(format_args!("{name} written"));
    Ok(true)
}
