//! Where things are: the root of the workspace, the folder of cargo's results, the files under version control.

use crate::shell::{Failure, output_of};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders that tasks work in.
pub(crate) struct Workspace {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Cargo's folder of results.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo where its folders are.
    pub(crate) fn load() -> Result<Self, Failure> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let text = output_of(
            Command::new("cargo")
                .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
                .arg(manifest),
        )?;
        let metadata: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| Failure::new(format!("cargo metadata: {error}")))?;
        let folder = |name: &str| {
            let path = metadata.get(name).and_then(serde_json::Value::as_str).map(PathBuf::from);
            path.ok_or_else(|| Failure::new(format!("cargo metadata does not say {name}")))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// `cargo`, to be run at the root.
    pub(crate) fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// A program, to be run at the root.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The folder of the web page.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The built program of a profile's folder.
    pub(crate) fn program(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("kervan")
    }

    /// Files under version control and new ones that are not ignored, with `/`, that are there.
    pub(crate) fn files(&self) -> Result<Vec<String>, Failure> {
        let mut git = self.command("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let text = output_of(&mut git)?;
        let mut files: Vec<_> = text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        files.retain(|path| self.root.join(path).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }
}
