//! Every operation, found in `events/`, in good and in bad requests: what is added
//! to the API is walked without a word here.

use serde_json::{Value, json};
use tests::samples::{function, samples, signed, written};
use tests::{Person, World};

use super::life::CANARY;

/// Sends every operation as it is in `events/`, by an admin about a user.
pub(super) async fn good(world: &World, root: &Person, target: &Person) {
    written(world, target).await;
    for (id, sample) in samples() {
        // These would end the walk: the life has them.
        if !id.contains("delete") && id != "logout" && !id.starts_with("end_") {
            let _ = world.send(function(&sample), &signed(&sample, root, target)).await;
        }
    }
}

/// Sends every operation with each of its values replaced, and with what does not
/// belong there, by an admin, by the user and by nobody.
pub(super) async fn bad(world: &World, root: &Person) {
    for (number, (_, sample)) in samples().into_iter().enumerate() {
        // Some of it works, and changes who it is about.
        let target = &Person::user(world, &format!("canary.{number}@example.com")).await;
        written(world, target).await;
        let nobody = json!({ "headers": { "authorization": null } });
        for event in [signed(&sample, root, target), signed(&sample, target, root), merged(&sample, &nobody)]
        {
            for spoiled in spoilt(&event) {
                let reply = world.send(function(&event), &spoiled).await;
                assert!(reply.status < 500, "{}: {spoiled}", reply.body);
            }
        }
    }
}

fn spoilt(event: &Value) -> Vec<Value> {
    let bearer = format!("Bearer {CANARY}.{CANARY}.{CANARY}");
    let mut events = vec![
        merged(event, &json!({ "headers": { "authorization": bearer } })),
        merged(event, &json!({ "headers": { "authorization": "Basic Y2FuYXJ5OmNhbmFyeQ==" } })),
        merged(event, &json!({ "rawQueryString": "canary=canary&email=canary%40example.com" })),
        merged(event, &json!({ "rawQueryString": "cursor=canary&limit=canary&email=canary@" })),
    ];
    if let Some(id) = event["pathParameters"]["id"].as_str() {
        let path = event["rawPath"].as_str().unwrap();
        let last = path.split('/').find(|part| part.len() == id.len()).unwrap_or(id);
        events.push(merged(event, &json!({ "rawPath": path.replace(last, "canary@example.com") })));
    }
    let body = event["body"].as_str().and_then(|body| serde_json::from_str::<Value>(body).ok());
    if body.is_some() {
        events.extend([
            merged(event, &json!({ "body": "{\"canary-field\": \"canary" })),
            merged(event, &json!({ "body": "{\"canary-field\": \"canary\"}" })),
            merged(event, &json!({ "body": "Y2FuYXJ5!", "isBase64Encoded": true })),
            merged(event, &json!({ "headers": { "content-type": "text/canary" } })),
        ]);
    }
    for (field, old) in body.iter().filter_map(Value::as_object).flatten() {
        for value in
            [json!("canary"), json!("canary@example.com"), json!(["canary"]), json!("canary\n\u{1b}[31m")]
        {
            let mut body = body.clone().unwrap_or_default();
            body[field] = if old.is_string() { value } else { json!("canary") };
            events.push(merged(event, &json!({ "body": body.to_string() })));
        }
    }
    events
}

/// The event with the members of `change`, two levels deep; null takes one out.
fn merged(event: &Value, change: &Value) -> Value {
    let mut event = event.clone();
    for (name, value) in change.as_object().unwrap() {
        match value.as_object() {
            None => event[name] = value.clone(),
            Some(inner) => {
                for (key, value) in inner {
                    if value.is_null() {
                        event[name].as_object_mut().unwrap().remove(key);
                    } else {
                        event[name][key] = value.clone();
                    }
                }
            }
        }
    }
    event
}

/// The operations that were answered with success, by their ids.
pub(super) fn succeeded(world: &World) -> Vec<String> {
    let document = serde_json::to_value(tests::openapi::document()).unwrap();
    let operations = tests::openapi::operations(&document);
    let mut found: Vec<String> = Vec::new();
    for (event, answer) in world.traffic() {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (method, path) = (text("/requestContext/http/method"), text("/rawPath"));
        let is_it =
            |(known, template, _): &&(String, String, String)| known == method && fits(template, path);
        let literal = |template: &str| template.matches('{').count();
        let fitting = operations.iter().filter(is_it).min_by_key(|(_, template, _)| literal(template));
        if let (Some((_, _, id)), true) = (fitting, answer["statusCode"].as_u64().unwrap() < 300) {
            found.push(id.clone());
        }
    }
    found.sort();
    found.dedup();
    found
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(known, part)| known == part || known.starts_with('{'))
}
