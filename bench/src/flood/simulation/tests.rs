//! The simulation against what is known of queues.

use super::super::queue::erlang_b;
use super::super::scenario::{Scenario, Services};
use super::simulate;

fn services() -> Services {
    Services {
        sign_in: 100_000,
        wrong: 100_000,
        locked: 5_000,
        spent: 10_000,
        read: 5_000,
        auth_start: 0,
        users_start: 0,
        read_route: (1e9, 1e9),
    }
}

fn scenario() -> Scenario {
    Scenario { sign_ins: 100.0, reserved: Some(10), ..Scenario::quiet() }
}

#[test]
fn the_same_seed_gives_the_same_and_another_one_another() {
    let busy = Scenario { flood: 200.0, counters: true, ..scenario() };
    let of = |seed| serde_json::to_string(&simulate(&busy, &services(), 60, seed)).unwrap();
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

/// 10 erlangs on 10 copies: what finds none is lost, as Erlang's formula B says.
#[test]
#[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
fn what_finds_no_copy_is_as_much_as_erlang_says() {
    let outcome = simulate(&scenario(), &services(), 3600, 7);
    let lost = outcome.sign_ins.no_copy as f64 / outcome.sign_ins.came as f64;
    let should = erlang_b(10.0, 10);
    assert!((lost / should - 1.0).abs() < 0.03, "{lost} is not {should}");
    assert_eq!(outcome.peak, 10);
}

#[test]
fn a_reserve_for_sign_ins_leaves_the_others_theirs_and_no_reserve_does_not() {
    let flooded = Scenario { flood: 2000.0, account: 20, reads: 50.0, ..scenario() };
    let reserved = simulate(&flooded, &services(), 60, 1);
    assert_eq!((reserved.reads.no_copy, reserved.peak), (0, 10));
    let shared = simulate(&Scenario { reserved: None, ..flooded }, &services(), 60, 1);
    assert!(shared.reads.no_copy * 2 > shared.reads.came, "{:?}", shared.reads);
}

#[test]
fn every_request_has_one_fate() {
    let flooded = Scenario { flood: 500.0, counters: true, login_route: Some((50.0, 50.0)), ..scenario() };
    let outcome = simulate(&flooded, &services(), 60, 1);
    for fate in [&outcome.sign_ins, &outcome.reads, &outcome.flood] {
        assert_eq!(fate.came, fate.throttled + fate.no_copy + fate.counted_out + fate.served);
    }
    assert!(outcome.flood.counted_out > 0 && outcome.flood.throttled > 0);
}
