//! 10. A README whose paths, variables or steps differ from the code. (Its steps
//!     are taken by `scripts/smoke/tour.py`.)

use std::collections::BTreeSet;

use shared::config::{Config, Setting};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn readme() -> String {
    crate::file("README.md")
}

/// The section under a heading, to the next of its rank or above.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let rest =
        text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading:?} in README.md")).1;
    rest.split("\n## ").next().unwrap().split("\n### ").next().unwrap()
}

/// The README without the columns that name the paths of the old systems.
fn ours() -> String {
    let readme = readme();
    let old = section(&readme, "## Coming from elsewhere");
    let ours: Vec<&str> = old.lines().map(|line| line.rsplit(" | ").next().unwrap()).collect();
    readme.replace(old, &ours.join("\n"))
}

/// `(method or nothing, path)` of every path of the API that the text names, its
/// variables as `{id}`.
fn paths(text: &str) -> Vec<(String, String)> {
    let breaks = |c: char| c.is_whitespace() || "`\"'()|<>,;".contains(c);
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let path = word.trim_start_matches("$API").trim_start_matches("http://localhost:9000");
        let path = path.split('?').next().unwrap().trim_end_matches(['.', ':', '\\']);
        let is_ours =
            ["/auth/", "/users/", "/admin/", "/posts", "/docs"].iter().any(|prefix| path.starts_with(prefix));
        if is_ours {
            let segments = path.split('/').map(|part| if part.starts_with('$') { "{id}" } else { part });
            let method = at.checked_sub(1).map(|before| words[before]).filter(|word| METHODS.contains(word));
            found.push((method.unwrap_or_default().to_owned(), segments.collect::<Vec<_>>().join("/")));
        }
    }
    found
}

#[test]
fn every_path_in_the_readme_is_one_of_the_api() {
    let known = tests::openapi::operations(&crate::document());
    let named = paths(&ours());
    assert!(named.len() > 20, "{named:?}");
    for (method, path) in named {
        let exists = known.iter().any(|(m, p, _)| *p == path && (method.is_empty() || *m == method));
        assert!(exists, "README.md names {method} {path}, and there is no such operation");
    }
}

/// `(name, default)` of each row of the settings' table.
fn rows() -> Vec<(String, String)> {
    let readme = readme();
    let table = section(&readme, "### Settings").lines().filter(|line| line.starts_with("| `"));
    let rows = table.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
    });
    rows.collect()
}

fn settings() -> Vec<Setting> {
    [
        auth::SETTINGS,
        users::SETTINGS,
        admin::SETTINGS,
        posts::SETTINGS,
        docs::SETTINGS,
        mailer::SETTINGS,
        worker::SETTINGS,
    ]
    .concat()
}

#[test]
fn the_readme_names_every_setting_and_no_other() {
    let named: BTreeSet<String> = rows().into_iter().map(|(name, _)| name).collect();
    let known: BTreeSet<String> = settings().iter().map(|setting| setting.name().to_owned()).collect();
    assert_eq!(
        named, known,
        "the settings' table of README.md (left) is not what the functions read (right)"
    );
}

#[test]
fn the_readme_tells_the_right_default_of_every_setting() {
    for (name, default) in rows() {
        let setting = settings().into_iter().find(|setting| setting.name() == name).unwrap();
        assert_eq!(default.starts_with("required"), setting.is_required(), "{name}: {default}");
        if let Some(value) = default.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            let config = Config::read(&[setting], |_| Some(value.to_owned())).unwrap();
            assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()), "{name}: {default}");
        }
    }
}
