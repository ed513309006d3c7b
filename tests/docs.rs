//! The documentation says what is so.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of documentation, with their names.
fn pages() -> Vec<(String, String)> {
    let folder = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let pages = folder.chain(["README.md", "ARCHITECTURE.md"].map(|name| root().join(name)));
    let pages = pages.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages
        .map(|path| {
            (
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

/// What stands between fences of Rust, the first line of which names a file.
fn quotations(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("```rust\n// ").skip(1);
    blocks
        .filter_map(|block| block.split("```").next()?.split_once('\n'))
        .collect()
}

#[test]
fn what_is_quoted_stands_in_the_source() {
    let page = fs::read_to_string(root().join("docs/extending.md")).unwrap();
    let quotations = quotations(&page);
    assert!(quotations.len() >= 4);
    for (file, quoted) in quotations {
        let source =
            fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert!(
            source.contains(quoted.trim_end()),
            "{file} does not hold\n{quoted}"
        );
    }
}

#[test]
fn links_lead_somewhere() {
    for (name, page) in pages() {
        let folder = Path::new(&name).parent().unwrap();
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = link.split('#').next().unwrap();
            let is_elsewhere = link.contains("://") || target.is_empty();
            assert!(
                is_elsewhere || folder.join(target).exists(),
                "{name} links to {link}"
            );
        }
    }
}

#[test]
fn the_map_names_places_that_are_there() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let names = map.split('`').skip(1).step_by(2);
    for name in names.filter(|name| {
        ["src/", "tests/", "benches/", "data/"]
            .iter()
            .any(|top| name.starts_with(top))
    }) {
        assert!(root().join(name).exists(), "ARCHITECTURE.md names {name}");
    }
    let folders = fs::read_dir(root().join("src")).unwrap();
    for entry in folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
    {
        let name = entry.file_name().into_string().unwrap();
        assert!(
            map.contains(&format!("`src/{name}/`")),
            "ARCHITECTURE.md does not name src/{name}"
        );
    }
}
