//! `events/<operation_id>.json`: a sample of every operation that can be invoked
//! with `cargo lambda invoke`, and is never at fault itself.

use serde_json::{Value, json};
use tests::samples::{TOKEN, function, samples, signed, written};
use tests::{Person, Reply, World, event};

use crate::{described, operations};

/// What to paste into the file of an operation that has none.
fn skeleton(method: &str, path: &str) -> String {
    let mut event = event(method, path, "");
    event["routeKey"] = json!(format!("{method} {path}"));
    serde_json::to_string_pretty(&event).unwrap()
}

#[test]
fn every_operation_has_its_sample_and_every_sample_its_operation() {
    let samples = samples();
    for (method, path, id) in operations() {
        let found = samples.iter().any(|(sampled, _)| *sampled == id);
        assert!(found, "paste into events/{id}.json, then complete:\n{}", skeleton(&method, &path));
    }
    for (id, _) in &samples {
        let found = operations().iter().any(|(_, _, operation)| operation == id);
        assert!(found, "events/{id}.json: there is no such operation; delete or rename it");
    }
}

#[test]
fn every_sample_is_a_request_for_its_operation() {
    let operations = operations();
    for (id, sample) in samples() {
        let (method, path, _) = operations.iter().find(|(_, _, operation)| *operation == id).expect(&id);
        let text = |pointer: &str| sample.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let raw = text("/rawPath");
        assert!(matches(path, raw), "events/{id}.json: rawPath is {raw}, not of {path}");
        assert_eq!(text("/requestContext/http/path"), raw, "events/{id}.json: requestContext.http.path");
        assert_eq!(
            text("/requestContext/http/method"),
            method,
            "events/{id}.json: requestContext.http.method"
        );
        for key in ["/routeKey", "/requestContext/routeKey"] {
            assert_eq!(text(key), format!("{method} {path}"), "events/{id}.json: {key}");
        }
        assert_eq!(text("/version"), "2.0", "events/{id}.json");
        assert_eq!(text("/requestContext/stage"), "$default", "events/{id}.json");
    }
}

#[test]
fn no_sample_holds_a_real_token_and_those_that_need_one_say_so() {
    let document = described();
    let operations = operations();
    for (id, sample) in samples() {
        let (method, path, _) = operations.iter().find(|(_, _, operation)| *operation == id).expect(&id);
        let needs = document["paths"][path][method.to_lowercase()]["security"][0]["bearer"].is_array();
        let expected = if needs { json!(format!("Bearer {TOKEN}")) } else { json!(null) };
        assert_eq!(sample["headers"]["authorization"], expected, "events/{id}.json: headers.authorization");
        let text = sample.to_string();
        assert!(!text.contains("eyJ"), "events/{id}.json holds what looks like a JWT");
        assert_eq!(
            sample["body"].is_string(),
            sample["headers"]["content-type"] == "application/json",
            "events/{id}.json"
        );
    }
}

/// As it is, a sample gets the answer that its placeholders deserve.
#[tokio::test]
async fn every_sample_is_answered_for_its_tokens_alone() {
    let world = World::new().await;
    for (id, sample) in samples() {
        let reply = world.send(function(&sample), &sample).await;
        let expected = match (id.as_str(), sample["headers"]["authorization"].is_string()) {
            (_, true) => "invalid_access_token",
            ("login", _) => "invalid_credentials",
            ("refresh", _) => "invalid_refresh_token",
            ("finish_sign_in", _) => "invalid_mfa_token",
            ("confirm_registration" | "verify_email" | "reset_password" | "accept_invite" | "revoke", _) => {
                "invalid_token"
            }
            _ => "",
        };
        assert_eq!(reply.code(), expected, "events/{id}.json: {} {}", reply.status, reply.body);
        assert!(!expected.is_empty() || reply.status < 300, "events/{id}.json: {}", reply.body);
    }
}

/// With an admin's token, and about a user who exists, nothing in it is wrong.
#[tokio::test]
async fn every_sample_is_good_once_it_has_a_token() {
    let world = World::new().await;
    // Somebody whom no sample deletes.
    let author = Person::registered(&world, "author@example.com").await;
    for (id, sample) in samples() {
        let root = Person::admin(&world, &format!("root-{id}@example.com")).await;
        let user = Person::registered(&world, &format!("user-{id}@example.com")).await;
        written(&world, &author).await;
        let event = signed(&sample, &root, &user);
        let reply = world.send(function(&event), &event).await;
        let placeholders =
            ["invalid_token", "invalid_refresh_token", "invalid_credentials", "invalid_mfa_token"];
        // Nobody here has a second factor.
        let of_the_placeholder = placeholders.contains(&reply.code())
            || reply.code() == "mfa_not_enrolled"
            || (id == "remove_mfa" && reply.code() == "not_found")
            || (id == "invite_again" && reply.code() == "password_already_set")
            // Nor has anybody deleted itself.
            || reply.code() == "not_deleted";
        assert!(
            reply.status < 300 || of_the_placeholder,
            "events/{id}.json: {} {}",
            reply.status,
            reply.body
        );
    }
}

/// Without one, exactly those that say so are refused.
#[tokio::test]
async fn an_operation_is_described_with_security_if_and_only_if_it_needs_a_token() {
    let world = World::new().await;
    let document = described();
    for (method, path, id) in operations() {
        let described = &document["paths"][&path][method.to_lowercase()]["security"];
        let known = [
            json!(null),
            json!([{ "bearer": [] }]),
            json!([{ "bearer": [] }, { "refresh_cookie": [] }]),
            json!([{}, { "refresh_cookie": [] }]),
        ];
        assert!(known.contains(described), "{id}: {described}");
        let says = described[0]["bearer"].is_array();
        let mut sample = samples().into_iter().find(|(sampled, _)| *sampled == id).expect(&id).1;
        sample["headers"].as_object_mut().unwrap().remove("authorization");
        let reply: Reply = world.send(function(&sample), &sample).await;
        let paste = "paste `security((\"bearer\" = []))` into its attribute, or take it out";
        assert_eq!(reply.code() == "unauthenticated", says, "{id}: {paste}");
    }
}

/// Whether a path is one of an operation's.
fn matches(operation: &str, path: &str) -> bool {
    let (operation, path): (Vec<&str>, Vec<&str>) =
        (operation.split('/').collect(), path.split('/').collect());
    let same = |(known, part): (&&str, &&str)| {
        known == part || (known.starts_with('{') && !part.contains(['{', '}']))
    };
    operation.len() == path.len() && operation.iter().zip(&path).all(same)
}
