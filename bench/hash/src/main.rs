//! One password, hashed by every candidate with the parameters of `shared/src/password/stored.rs`. `compare ROUNDS`
//! runs them in turn and prints the median times as JSON; `one NAME COUNT` runs one of them, to be counted by
//! callgrind; `names` lists them. All have to find the same hash.

mod candidates;

use std::hint::black_box;
use std::time::Instant;

use candidates::{Hash, Tag, candidates};
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["names"] => candidates().iter().for_each(|(name, _)| println!("{name}")),
        ["compare", rounds] => compare(rounds.parse().expect("a number of rounds")),
        ["one", name, count] => one(name, count.parse().expect("a number of hashes")),
        _ => panic!("hash names | compare ROUNDS | one NAME COUNT"),
    }
}

/// Each round runs every candidate once, so that what slows the machine slows them all.
fn compare(rounds: usize) {
    let mut all = candidates();
    let expected = all[0].1(b"a password");
    let mut times = vec![Vec::new(); all.len()];
    for round in 0..=rounds {
        for ((name, hash), times) in all.iter_mut().zip(&mut times) {
            let (tag, took) = timed(hash);
            assert_eq!(tag, expected, "{name}");
            if round > 0 {
                times.push(took);
            }
        }
    }
    let rows = all.iter().zip(times).map(|((name, _), mut times)| {
        times.sort_by(f64::total_cmp);
        json!({ "name": name, "median_ms": times[times.len() / 2], "min_ms": times[0] })
    });
    println!("{}", json!({ "rounds": rounds, "candidates": rows.collect::<Vec<_>>() }));
}

fn timed(hash: &mut Hash) -> (Tag, f64) {
    let started = Instant::now();
    let tag = hash(black_box(b"a password"));
    (tag, started.elapsed().as_secs_f64() * 1e3)
}

fn one(name: &str, count: usize) {
    let mut all = candidates();
    let (_, hash) = all.iter_mut().find(|(found, _)| *found == name).expect("a candidate's name");
    for _ in 0..count {
        black_box(hash(black_box(b"a password")));
    }
}
