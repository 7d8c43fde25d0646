//! Lists of the functions that no compiler holds together: a function that is missing
//! in one would go untested, unmeasured or unheard.

use crate::{API, read};

/// How a list spells a function.
type Spelled = fn(&str) -> String;

/// Files, and how each spells a function.
const LISTS: [(&str, Spelled); 12] = [
    ("shared/src/log.rs", quoted),
    ("tests/contract/policies.rs", quoted),
    ("tests/edges/events.rs", quoted),
    ("tests/edges/logs/lines.rs", quoted),
    ("tests/edges/logs/process.rs", quoted),
    ("tests/fuzz/events.rs", quoted),
    ("tests/never/secrets.rs", quoted),
    ("tests/never/paper.rs", |function| format!("{function}::SETTINGS")),
    ("bench/src/cold.rs", |function| format!("({}, ", quoted(function))),
    ("scripts/bench.sh", |function| format!(" {function} ")),
    ("README.md", |function| format!("`{function}`")),
    ("docs/architecture.md", |function| format!(" {function} ")),
];

fn quoted(function: &str) -> String {
    format!("\"{function}\"")
}

#[test]
fn every_function_is_in_every_list_of_functions() {
    let missing = API.iter().flat_map(|(function, _)| {
        let lacks = |(file, spelled): &(&str, Spelled)| !read(file).contains(&spelled(function));
        let lacking = LISTS.into_iter().filter(lacks);
        lacking.map(move |(file, spelled)| format!("{file}: add {} beside the others", spelled(function)))
    });
    let missing: Vec<String> = missing.collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
