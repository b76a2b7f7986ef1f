//! Chooses the web page that is put into the binary: the built one if it is there, else a page that says how to build it.

use std::path::Path;

fn main() {
    let built = Path::new("../../ui/dist");
    let folder = if built.join("index.html").is_file() { built } else { Path::new("src/http/no_ui") };
    println!("cargo::rustc-env=KERVAN_UI_FOLDER={}", folder.display());
    println!("cargo::rerun-if-changed=../../ui/dist");
    println!("cargo::rerun-if-changed=src/http/no_ui");
    println!("cargo::rerun-if-changed=../../data");
    println!("cargo::rerun-if-changed=../../scenarios");
}
