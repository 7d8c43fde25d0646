//! The local run sends each path to the function that the template sends it to.

use crate::{API, operations, read};

/// `[workspace.metadata.lambda.watch.router]`: patterns and functions.
fn router() -> Vec<(String, String)> {
    let manifest = read("Cargo.toml");
    let (_, section) =
        manifest.split_once("[workspace.metadata.lambda.watch.router]\n").expect("the section");
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    pairs.map(|(pattern, function)| (bare(pattern), bare(function))).collect()
}

/// Where `cargo lambda watch` sends a path: the most specific pattern wins.
fn routed(path: &str) -> Option<String> {
    let matching = |pattern: &str| {
        pattern.strip_suffix("{*rest}").map_or(pattern == path, |start| path.starts_with(start))
    };
    let found = router().into_iter().filter(|(pattern, _)| matching(pattern));
    found.max_by_key(|(pattern, _)| (pattern == path, pattern.len())).map(|(_, function)| function)
}

#[test]
fn every_path_reaches_the_function_of_its_first_segment() {
    for (method, path, id) in operations() {
        let first = path.split('/').nth(1).unwrap();
        let paste = format!(
            "paste into [workspace.metadata.lambda.watch.router] of Cargo.toml:\n\"/{first}/{{*rest}}\" = \"{first}\""
        );
        assert_eq!(routed(&path).as_deref(), Some(first), "{id}, {method} {path}: {paste}");
        assert!(API.iter().any(|(function, _)| *function == first), "{id}: no function is called {first}");
    }
}

/// As API Gateway's `$default` route does.
#[test]
fn every_other_path_reaches_docs() {
    for path in ["/", "/nothing", "/nothing/at/all", "/auth", "/users", "/mailer", "/worker", "/docs"] {
        assert_eq!(routed(path).as_deref(), Some("docs"), "{path}");
    }
}
