//! Capacity units, against the examples in AWS's documentation.

use bench::capacity::{Read, Units, index_units, item_size, read_units, write_units};
use bench::wire::{Call, Image, round_trips};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn same(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-9, "{one} and not {other}");
}

fn call(operation: &str, request: Value, read: Vec<Value>, written: Vec<Image>) -> Call {
    let now = Instant::now();
    let (operation, response) = (operation.to_owned(), json!({}));
    Call { operation, started: now, ended: now, status: 200, request, response, read, written }
}

fn of_bytes(bytes: usize) -> Value {
    json!({ "PK": { "S": "x".repeat(bytes - 2) } })
}

/// "Units for a 4 KB item: one strongly consistent, half an eventually consistent, two transactional;
/// 8 KB: 2, 1, 4." DynamoDB read and write operations.
#[test]
fn a_read_costs_a_unit_for_each_4_kb_begun() {
    for (bytes, strong) in [(1, 1.0), (4096, 1.0), (4097, 2.0), (8192, 2.0), (3 * 1024 + 512, 1.0)] {
        same(read_units(bytes, Read::Strong), strong);
        same(read_units(bytes, Read::Eventual), strong / 2.0);
        same(read_units(bytes, Read::Transactional), strong * 2.0);
    }
    same(read_units(0, Read::Strong), 1.0);
    same(read_units(0, Read::Eventual), 0.5);
}

/// "If your item size is 2 KB, two write request units, four for a transactional write."
#[test]
fn a_write_costs_a_unit_for_each_1_kb_begun() {
    for (bytes, units) in [(1, 1.0), (512, 1.0), (1024, 1.0), (1025, 2.0), (2048, 2.0)] {
        same(write_units(bytes, false), units);
        same(write_units(bytes, true), units * 2.0);
    }
}

/// "`BatchGetItem`: items of 1.5 KB and 6.5 KB are 4 KB and 8 KB; Query: all items as one, 40.8 KB are 44."
#[test]
fn a_batch_rounds_each_item_and_a_query_the_sum() {
    let items = vec![of_bytes(1536), of_bytes(6656)];
    let asked = json!({ "RequestItems": { "table": { "ConsistentRead": true, "Keys": [] } } });
    same(Units::of(&call("BatchGetItem", asked, items.clone(), vec![])).read, 3.0);
    // "A read of an item that does not exist still consumes read throughput."
    let asked = json!({ "RequestItems": { "table": { "ConsistentRead": true, "Keys": [1, 2, 3] } } });
    same(Units::of(&call("BatchGetItem", asked, items, vec![])).read, 4.0);
    same(Units::of(&call("TransactGetItems", json!({ "TransactItems": [1, 2] }), vec![], vec![])).read, 4.0);
    let items = vec![of_bytes(40 * 1024 + 819)];
    same(Units::of(&call("Query", json!({ "ConsistentRead": true }), items.clone(), vec![])).read, 11.0);
    same(Units::of(&call("Query", json!({}), items, vec![])).read, 5.5);
    same(Units::of(&call("Query", json!({}), vec![], vec![])).read, 0.5);
}

/// "DynamoDB item sizes and formats".
#[test]
fn an_item_is_as_large_as_its_names_and_values() {
    for (value, bytes) in [
        (json!({ "S": "Grüße" }), 7),
        (json!({ "N": "27" }), 2),
        (json!({ "N": "-27" }), 2),
        (json!({ "N": "461" }), 3),
        (json!({ "N": "1700000000" }), 2),
        (json!({ "N": "0.0027" }), 2),
        (json!({ "N": "0" }), 1),
        (json!({ "B": "AAECAw==" }), 4),
        (json!({ "BOOL": true }), 1),
        (json!({ "NULL": true }), 1),
        (json!({ "SS": ["one", "three"] }), 8),
        (json!({ "L": [] }), 3),
        (json!({ "L": [{ "S": "ab" }, { "BOOL": false }] }), 3 + 1 + 2 + 1 + 1),
        (json!({ "M": { "name": { "S": "Ada" } } }), 3 + 1 + 4 + 3),
    ] {
        assert_eq!(item_size(&json!({ "name": value })), 4 + bytes, "{value}");
    }
}

fn indexed(sort: &str, status: &str, name: &str) -> Value {
    let text = |text: &str| json!({ "S": text });
    let [hash, range] = shared::store::schema::DEFINITION.index_key;
    json!({ "PK": text("USER#1"), "SK": text("PROFILE"), hash: text("USERS"), range: text(sort),
        "status": text(status), "name": text(name) })
}

/// "Using Global Secondary Indexes": write capacity units.
#[test]
fn an_index_costs_what_its_entry_changes() {
    let (one, other) = (indexed("1", "active", "Ada"), indexed("2", "active", "Ada"));
    let bare = json!({ "PK": { "S": "USER#1" }, "SK": { "S": "PROFILE" } });
    same(index_units(None, Some(&one)), 1.0);
    same(index_units(Some(&one), None), 1.0);
    same(index_units(Some(&bare), Some(&one)), 1.0);
    same(index_units(Some(&one), Some(&other)), 2.0);
    same(index_units(Some(&one), Some(&indexed("1", "pending", "Ada"))), 1.0);
    same(index_units(Some(&one), Some(&indexed("1", "active", "Grace"))), 0.0);
    same(index_units(Some(&bare), Some(&bare)), 0.0);
    same(index_units(None, None), 0.0);
}

#[test]
fn a_write_is_as_dear_as_the_larger_of_before_and_after_and_so_is_one_that_fails() {
    let image = |before, after| Image { before, after, checked: false };
    let write = |operation, image| Units::of(&call(operation, json!({}), vec![], vec![image]));
    let shrunk = write("UpdateItem", image(Some(of_bytes(3000)), Some(of_bytes(10))));
    same(shrunk.write, 3.0);
    assert_eq!(shrunk.stream_records, 1);
    let refused = write("UpdateItem", image(Some(of_bytes(3000)), Some(of_bytes(3000))));
    same(refused.write, 3.0);
    assert_eq!(refused.stream_records, 0, "nothing changed");
    same(write("DeleteItem", image(None, None)).write, 1.0);
    same(write("TransactWriteItems", image(None, Some(of_bytes(1500)))).write, 4.0);
}

#[test]
fn round_trips_are_the_longest_chain_of_calls() {
    let begun = Instant::now();
    let at = |from: u64, to: u64| {
        let time = |ms| begun + Duration::from_millis(ms);
        Call { started: time(from), ended: time(to), ..call("GetItem", json!({}), vec![], vec![]) }
    };
    assert_eq!(round_trips(&[]), 0);
    assert_eq!(round_trips(&[at(0, 5), at(1, 4)]), 1);
    assert_eq!(round_trips(&[at(0, 5), at(1, 4), at(5, 9), at(6, 8)]), 2);
    assert_eq!(round_trips(&[at(0, 3), at(0, 20), at(4, 9), at(10, 12)]), 3);
}
