//! Properties, tried on values made at random: 256 of each, the same on every run;
//! `make fuzz` tries many more, others each time. What fails is shrunk to the least
//! that does.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bodies;
mod cursors;
mod events;
mod hashes;
mod model;
mod queries;
mod tokens;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Map, Value, json};
use tests::{Person, Reply, World};
use tokio::runtime::Runtime;

/// How many of each, where `PROPTEST_CASES` does not say.
const CASES: u32 = 256;

/// Panics unless `property` holds, as it does when it does not panic, for values of
/// `strategy`.
fn holds<S: Strategy>(strategy: &S, property: impl Fn(S::Value)) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.cases == CASES {
        config.rng_seed = RngSeed::Fixed(20_260_301);
    }
    let tried = TestRunner::new(config).run(strategy, |value| {
        property(value);
        Ok(())
    });
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

/// A world with an admin and a user, for properties of requests.
struct Stage {
    runtime: Runtime,
    world: World,
    root: Person,
    ada: Person,
}

impl Stage {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (world, root, ada) = runtime.block_on(async {
            let off = [("LOGIN_FAILURES", "off"), ("SOURCE_LIMIT", "off"), ("MAIL_LIMIT", "off")];
            let world = World::with(&off).await;
            let root = Person::an_admin(&world, "root@example.com").await;
            let ada = Person::user(&world, "ada@example.com").await;
            tests::samples::written(&world, &ada).await;
            (world, root, ada)
        });
        Self { runtime, world, root, ada }
    }

    /// The answer to an event: in API Gateway's form, a problem if it is an error,
    /// and never an error of ours.
    fn answered(&self, function: &str, event: &Value) -> Reply {
        let answer = self.runtime.block_on(self.world.answer(function, event));
        let status = answer["statusCode"].as_u64().unwrap();
        assert!((200..500).contains(&status), "{function}: {answer}\n{event}");
        assert!(answer["headers"].as_object().unwrap().values().all(Value::is_string), "{answer}");
        assert!(answer["cookies"].is_array() && answer["body"].is_string(), "{answer}");
        assert!(answer["isBase64Encoded"].is_boolean(), "{answer}");
        Reply::read(&answer)
    }
}

/// Texts: of any characters, and of those that mean something to somebody on the way.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[\"<> \0\r\n\t%/.?#&=\\\\\u{e9}\u{feff}\u{7f}a-zA-Z0-9:;,_@-]{0,40}",
        2 => any::<String>(),
        1 => (select(&["a", "\u{e9}", "%00", "../", "\u{1f600}"][..]), 0_usize..20_000)
            .prop_map(|(part, length)| part.repeat(length / part.len())),
    ]
}

/// JSON of any kind, four levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let members = prop::collection::vec((text(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::Array),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}
