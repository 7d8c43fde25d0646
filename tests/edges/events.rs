//! Events that API Gateway would hardly send. security.md H06, H07, H04.

use serde_json::{Value, json};
use shared::App;
use shared::config::Config;
use shared::http::{Function, Routes};
use tests::{Call, Person, Reply, World, event};

pub(crate) const FUNCTIONS: [&str; 5] = ["auth", "users", "admin", "posts", "docs"];

/// Whatever the event, the answer is one: no 5xx, and a problem if it is an error.
pub(crate) async fn answered(world: &World, function: &str, event: &Value) -> Reply {
    let answer = world.answer(function, event).await;
    let status = answer["statusCode"].as_u64().unwrap_or_default();
    assert!((200..500).contains(&status), "{function}: {answer}\n{event}");
    Reply::read(&answer)
}

/// H07.
#[tokio::test]
async fn what_is_no_request_is_answered_with_a_problem() {
    let world = World::new().await;
    let with = |pointer: &str, value: Value| {
        let mut event = event("POST", "/auth/login", "");
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let events = [
        json!(null),
        json!(true),
        json!(17),
        json!("event"),
        json!([]),
        json!([event("GET", "/docs", "")]),
        json!({}),
        json!({ "requestContext": null }),
        json!({ "requestContext": { "http": "GET /docs" } }),
        json!({ "requestContext": { "http": ["GET", "203.0.113.7", "tests/1.0"] } }),
        json!({ "requestContext": ["id", "example.com", event("GET", "/", "")["requestContext"]["http"]] }),
        json!(["/docs", "", {}, [], null, false, event("GET", "/", "")["requestContext"]]),
        with("/requestContext", json!(null)),
        with("/requestContext/http", json!([])),
        with("/requestContext/http/method", json!(7)),
        with("/requestContext/http/method", json!("")),
        with("/requestContext/http/method", json!("GET /docs")),
        with("/requestContext/http/method", json!("G\u{e9}T")),
        with("/requestContext/http/method", json!("POST\r\nx: y")),
    ];
    for function in FUNCTIONS {
        for event in &events {
            answered(&world, function, event).await.refused(400, "invalid_request");
        }
    }
}

/// H07: `lambda_http` panics on most of these before any handler runs.
#[tokio::test]
async fn no_query_string_makes_more_than_a_refusal() {
    let world = World::new().await;
    let long = "a".repeat(70_000);
    let queries =
        ["\"", "<", ">", " ", "\t", "\u{0}", "\u{7f}", "\r\nx: y", "\u{e9}", "%", "%ff", "a=%00", "#", &long];
    for function in FUNCTIONS {
        for query in queries {
            let path = if function == "docs" { "/docs/health" } else { "/auth/.well-known/jwks.json" };
            let reply = answered(&world, function, &event("GET", path, query)).await;
            // A fragment is none of the server's business; and only two functions have the route.
            let fine = query == "#" || matches!(function, "users" | "admin" | "posts");
            assert!(fine || reply.status == 400, "{function} {query:?}: {}", reply.body);
        }
    }
}

/// H07.
#[tokio::test]
async fn no_path_makes_more_than_a_refusal() {
    let world = World::new().await;
    let long = format!("/{}", "a".repeat(70_000));
    let paths = [
        "",
        "/",
        "//",
        "docs",
        "*",
        "http://evil.example/docs",
        "//docs",
        "/docs/",
        "/docs//health",
        "/docs/../users/me",
        "/%00",
        "/docs/assets/%00",
        "/docs/assets/%ff",
        "/docs/assets/..%2f..%2fCargo.toml",
        "/users/%ff",
        "/users/",
        "/admin/users/%ff",
        "/users/me/sessions/%ff",
        "/ \"<>",
        "/\u{0}",
        "/\u{e9}",
        "/a?b=c",
        "/a#b",
        "/{id}",
        "/%",
        &long,
    ];
    for function in FUNCTIONS {
        for path in paths {
            for method in ["GET", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", "PROPFIND"] {
                let reply = answered(&world, function, &event(method, path, "")).await;
                let served = function == "docs" && path == "/docs/../users/me";
                assert!(
                    reply.status >= 400 && !served || reply.status == 404 || reply.status == 405,
                    "{path}"
                );
            }
        }
    }
}

/// H07.
#[tokio::test]
async fn bad_base64_and_bodies_that_are_no_text_are_refused() {
    let world = World::new().await;
    for (body, encoded, code) in [
        (json!("%%%"), true, "invalid_request"),
        (json!("e30"), true, "invalid_request"),
        (json!("e30=\n"), true, "invalid_request"),
        (json!("//79/A=="), true, "invalid_json"),
        (json!("eyJlbWFpbCI6Iv/+In0="), true, "invalid_json"),
        (json!({ "email": "a@example.com" }), false, "invalid_request"),
        (json!(7), false, "invalid_request"),
        (json!(null), false, "invalid_json"),
        (json!(""), false, "invalid_json"),
    ] {
        let mut event = event("POST", "/auth/forgot-password", "");
        event["headers"]["content-type"] = json!("application/json");
        event["body"] = body.clone();
        event["isBase64Encoded"] = json!(encoded);
        let reply = answered(&world, "auth", &event).await;
        assert_eq!((reply.status, reply.code()), (400, code), "{body}");
    }
}

/// H07: a header that HTTP does not allow is as good as none; the others stay.
#[tokio::test]
async fn bad_headers_and_cookies_do_not_hide_the_good_ones() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let mut event = Call::new("GET", "/users/me").token(&ada.access_token).event();
    event["headers"]["bad header"] = json!("x");
    event["headers"][""] = json!("x");
    event["headers"]["x-line"] = json!("a\r\nb");
    event["headers"]["x-type"] = json!(["a"]);
    event["headers"]["host"] = json!("a b:99999");
    event["cookies"] = json!(["good=1", "b\u{0}d", 7, null]);
    answered(&world, "users", &event).await.ok(200);
    for headers in [json!(null), json!([]), json!("x"), json!({ "authorization": 7 })] {
        event["headers"] = headers;
        answered(&world, "users", &event).await.refused(401, "unauthenticated");
    }
}

/// H07: text that no JSON of ours would have.
#[tokio::test]
async fn an_event_that_is_odd_as_text_is_answered() {
    let world = World::new().await;
    let good = event("GET", "/docs/health", "").to_string();
    let cookies = format!("\"cookies\":[{}],", vec!["\"a=b\""; 30_000].join(","));
    let deep = format!("\"deep\":{}{},", "[".repeat(5_000), "]".repeat(5_000));
    let store = world.store.clone();
    let docs = Function::new(App::new(Config::default(), store, world.clock.clone()), docs::routes());
    for (start, status) in [
        ("", 200),
        (&*cookies, 200),
        (&*deep, 200),
        (r#""headers":{"x":"\ud800"},"#, 400),
        (r#""rawPath":"/docs/health","#, 400),
        (r#""requestContext":null,"#, 400),
    ] {
        let text = good.replacen('{', &format!("{{{start}"), 1);
        let raw = serde_json::value::RawValue::from_string(text).unwrap();
        let answer = serde_json::to_value(docs.traced(&raw, None).await).unwrap();
        assert_eq!(answer["statusCode"], status, "{}", start.chars().take(40).collect::<String>());
    }
}

/// H06, H04: the last resort.
#[tokio::test]
async fn a_handler_that_panics_is_a_problem_and_the_next_request_is_served() {
    async fn boom() {
        panic!("a secret in a panic");
    }
    let world = World::new().await;
    let store = world.store.clone();
    let app = App::new(Config::default(), store, world.clock.clone());
    let routes = Routes::new().route("/boom", axum::routing::get(boom));
    let function = Function::new(app, routes);
    for _ in 0..2 {
        let reply = Reply::read(&function.call(&event("GET", "/boom", "")).await);
        reply.refused(500, "internal_error");
        assert!(!reply.body.to_string().contains("secret"));
    }
}
