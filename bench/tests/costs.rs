//! The documents that the bench writes are those that it writes of what is committed.

use std::fs;

use bench::costs::{Inputs, root};
use bench::flood;

fn committed(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_documents_of_costs_are_what_the_generator_writes() {
    for (path, text) in Inputs::read(&root()).unwrap().documents().unwrap() {
        assert!(text == committed(path), "{path} is old: make bench-costs");
    }
}

#[test]
fn the_document_of_the_flood_is_what_the_generator_writes() {
    let inputs = Inputs::read(&root()).unwrap();
    let text = flood::document(&committed("bench/results/flood.json"), &inputs).unwrap();
    assert!(
        text == committed("docs/performance/flood.md"),
        "docs/performance/flood.md is old: make bench-costs"
    );
}

/// All that `bench/model.yaml` supposes of a request is measured or written down.
#[test]
fn every_habit_is_measured_and_every_function_has_a_size() {
    let inputs = Inputs::read(&root()).unwrap();
    for habit in &inputs.model.mix {
        let operation = inputs.measured.operation(&habit.operation).unwrap();
        assert!(inputs.now.size(&operation.function).is_ok(), "{}", habit.operation);
    }
}

/// The budget that the cuts were made for: nobody turns one of them on again unseen.
#[test]
fn the_cuts_are_still_made() {
    let now = Inputs::read(&root()).unwrap().now;
    assert!(
        !now.choices.tracing
            && !now.choices.route_metrics
            && !now.choices.platform_lines
            && now.choices.access_infrequent
    );
    assert!(now.choices.access_line < 200.0, "{}", now.choices.access_line);
}
