//! `cargo xtask package`: a Debian package of the node, and with `--static` a program that needs no library of the system.
//!
//! The package has the program, the unit of systemd, a configuration with every key explained, and the user and folder that the unit
//! names. It is made by `dpkg-deb` alone.

use crate::package_documents::documents;
use crate::progress::Progress;
use crate::shell::{Failure, is_there, output_of, print_line, run};
use crate::ui;
use crate::workspace::Workspace;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Arguments of `cargo xtask package`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Package a program that is linked statically with musl: one file for any Linux.
    #[arg(long = "static")]
    is_static: bool,
    /// Package this program instead of building one.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Builds the program and the package around it.
pub(crate) fn run_package(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    if !is_there("dpkg-deb") {
        return Err(Failure::new("a Debian package needs dpkg-deb").next("apt-get install dpkg"));
    }
    let program = match &args.program {
        Some(program) => program.clone(),
        None => progress.step("kervan", || build(&workspace, args.is_static))?,
    };
    let package = progress.step("Debian package", || make(&workspace, &program))?;
    print_line(&format!("{}", package.display()));
    print_line(&format!("install it with: sudo apt install {}", package.display()));
    Ok(ExitCode::SUCCESS)
}

/// Builds the program for use, with the page in it if npm is there.
fn build(workspace: &Workspace, is_static: bool) -> Result<PathBuf, Failure> {
    if is_there("npm") {
        ui::install(workspace)?;
        ui::build(workspace)?;
    }
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", "kervan"]);
    if !is_static {
        run(&mut cargo)?;
        return Ok(workspace.program("release"));
    }
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    if !is_there("musl-gcc") {
        return Err(Failure::new("a static program needs musl-gcc, for the C of SQLite")
            .next("apt-get install musl-tools"));
    }
    let installed =
        output_of(Command::new("rustup").args(["target", "list", "--installed"])).unwrap_or_default();
    if !installed.lines().any(|line| line == target) {
        let added = run(Command::new("rustup").args(["target", "add", &target]));
        added.map_err(|failure| {
            failure.next(format!("rustup target add {target}, or package without --static"))
        })?;
    }
    run(cargo.args(["--target", &target]))?;
    Ok(workspace.target.join(target).join("release/kervan"))
}

/// Puts the package together.
fn make(workspace: &Workspace, program: &Path) -> Result<PathBuf, Failure> {
    let root = workspace.target.join("package/kervan");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let from = workspace.root.join("packaging");
    let put = |source: &Path, place: &str, mode: u32| -> Result<(), Failure> {
        let to = root.join(place);
        fs::create_dir_all(to.parent().unwrap_or(&root))?;
        fs::copy(source, &to).map_err(|error| Failure::new(format!("{}: {error}", source.display())))?;
        Ok(fs::set_permissions(&to, fs::Permissions::from_mode(mode))?)
    };
    put(program, "usr/bin/kervan", 0o755)?;
    run(Command::new("strip").arg(root.join("usr/bin/kervan")))?;
    put(&from.join("kervan.service"), "usr/lib/systemd/system/kervan.service", 0o644)?;
    for document in documents(&workspace.root)? {
        put(&workspace.root.join(&document), &format!("usr/share/doc/kervan/{}", document.display()), 0o644)?;
    }
    let config = output_of(Command::new(program).args(["config", "--default"]))?;
    let config = config.replace("data = \"kervan-data\"", "data = \"/var/lib/kervan\"");
    fs::create_dir_all(root.join("etc/kervan"))?;
    fs::write(root.join("etc/kervan/kervan.toml"), config)?;
    for (script, mode) in [("postinst", 0o755), ("prerm", 0o755), ("postrm", 0o755), ("conffiles", 0o644)] {
        put(&from.join("debian").join(script), &format!("DEBIAN/{script}"), mode)?;
    }
    let version = output_of(Command::new(program).arg("--version"))?;
    let version = version.trim().rsplit(' ').next().unwrap_or("0").to_owned();
    let architecture = output_of(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
    let size = fs::metadata(root.join("usr/bin/kervan"))?.len().div_ceil(1024);
    let control = fs::read_to_string(from.join("debian/control"))?
        .replace("VERSION", &version)
        .replace("ARCHITECTURE", &architecture)
        .replace("SIZE", &size.to_string())
        .replace("DEPENDS", &depends(program));
    fs::write(root.join("DEBIAN/control"), control.replace("Depends: \n", ""))?;
    let package = workspace.target.join(format!("package/kervan_{version}_{architecture}.deb"));
    run(Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&root).arg(&package))?;
    Ok(package)
}

/// The packages of the libraries that a program needs: none for a static one.
fn depends(program: &Path) -> String {
    let libraries = Command::new("ldd").arg(program).output().map(|output| output.stdout).unwrap_or_default();
    let libraries = String::from_utf8_lossy(&libraries).into_owned();
    let version = |name: &str| {
        let shown =
            Command::new("dpkg-query").args(["--show", "--showformat", "${Version}", name]).output().ok()?;
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        // The version that it was built against, without the distribution's own number.
        shown.split('-').next().filter(|version| !version.is_empty()).map(str::to_owned)
    };
    let mut needed = Vec::new();
    if libraries.contains("libc.so.6") {
        needed.push(version("libc6").map_or("libc6".into(), |version| format!("libc6 (>= {version})")));
    }
    if libraries.contains("libgcc_s.so.1") {
        needed.push("libgcc-s1".to_owned());
    }
    needed.join(", ")
}
