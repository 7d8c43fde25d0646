//! What goes wrong is called as the OWASP Logging Vocabulary calls it, on the
//! request's line. security.md L03. What goes well is written with the change:
//! `tests/api/admin/audit.rs`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::App;
use shared::config::Config;
use shared::http::{Function, Problem, Routes};
use shared::model::Status;
use tests::{Call, PASSWORD, Person, Reply, World, event};

use super::Log;

/// The events on the lines of a request, in their order.
fn events() -> Vec<Value> {
    let lines = Log::lines();
    lines.iter().map(|line| line["event"].clone()).filter(Value::is_string).collect()
}

/// Sends it, and panics unless its lines have this one event, or none.
async fn logs(world: &World, call: Call, status: u16, event: Option<&str>) -> Reply {
    Log::start();
    let reply = world.call(call.clone()).await.ok(status);
    let expected: Vec<Value> = event.into_iter().map(|event| json!(event)).collect();
    assert_eq!(events(), expected, "{call:?}");
    reply
}

fn post(path: &str, body: &Value) -> Call {
    Call::new("POST", path).json(body)
}

/// A world in which nobody is throttled.
async fn world() -> World {
    World::with(&[("LOGIN_FAILURES", "off"), ("SOURCE_LIMIT", "off"), ("MAIL_LIMIT", "off")]).await
}

#[tokio::test]
async fn a_sign_in_that_fails_is_authn_login_fail_once() {
    let world = world().await;
    for (name, status) in [("pending", Status::Pending), ("deactivated", Status::Deactivated)] {
        world.make_user(&format!("{name}@example.com"), |user| user.status = status).await;
    }
    let ada = Person::user(&world, "ada@example.com").await;
    let fail = Some("authn_login_fail");
    let login =
        |email: &str, password: &str| post("/auth/login", &json!({ "email": email, "password": password }));
    logs(&world, login("ada@example.com", "a wrong password"), 401, fail).await;
    logs(&world, login("nobody@example.com", "a wrong password"), 401, fail).await;
    logs(&world, login("pending@example.com", PASSWORD), 403, fail).await;
    logs(&world, login("deactivated@example.com", PASSWORD), 403, fail).await;
    let body = json!({ "current_password": "a wrong password", "new_password": "another good password" });
    logs(&world, post("/users/me/change-password", &body).token(&ada.access_token), 403, fail).await;
}

#[tokio::test]
async fn what_one_may_not_do_is_authz_fail_once() {
    let world = world().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = world.make_user("bob@example.com", |_| ()).await;
    let fail = Some("authz_fail");
    let token = &ada.access_token;
    logs(&world, Call::new("GET", "/admin/users").token(token), 403, fail).await;
    logs(&world, Call::new("GET", &format!("/users/{}", bob.id)).token(token), 403, fail).await;
    logs(&world, Call::new("GET", "/users/me"), 401, fail).await;
    logs(&world, Call::new("GET", "/users/me").token("a.b.c"), 401, fail).await;
    logs(&world, post("/auth/refresh", &json!({ "refresh_token": "x" })), 401, fail).await;
    let line = Log::lines().pop().unwrap();
    assert_eq!((&line["code"], &line["route"]), (&json!("invalid_refresh_token"), &json!("/auth/refresh")));
}

#[tokio::test]
async fn what_is_not_valid_is_input_validation_fail_once() {
    let world = world().await;
    let fail = Some("input_validation_fail");
    let forgot = || Call::new("POST", "/auth/forgot-password").header("content-type", "application/json");
    logs(&world, forgot().raw("{"), 400, fail).await;
    logs(&world, forgot().raw("{}"), 422, fail).await;
    logs(&world, forgot().raw(&" ".repeat(70_000)), 413, fail).await;
    logs(&world, Call::new("POST", "/auth/forgot-password").raw("{}"), 415, fail).await;
    logs(&world, Call::new("GET", "/docs/health?x=1"), 400, fail).await;
    logs(&world, post("/auth/verify-email", &json!({ "token": "x" })), 400, fail).await;
    let weak = json!({ "email": "ada@example.com", "password": "password" });
    logs(&world, post("/auth/register", &weak), 422, fail).await;
}

#[tokio::test]
async fn a_session_that_is_over_and_a_token_used_twice_have_their_names_once() {
    let world = world().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let refresh = || post("/auth/refresh", &json!({ "refresh_token": ada.refresh_token }));
    let _ = world.call(refresh()).await.ok(200);
    world.wait(SignedDuration::from_mins(1));
    logs(&world, refresh(), 401, Some("authn_token_reuse")).await;
    let over = Some("session_use_after_expire");
    logs(&world, refresh(), 401, over).await;
    logs(&world, Call::new("GET", "/users/me").token(&ada.access_token), 401, over).await;
}

/// What is asked for most is logged once, not as a request and as an event.
#[tokio::test]
async fn a_refresh_is_one_short_line_that_names_it_and_its_session() {
    let world = world().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let refresh = post("/auth/refresh", &json!({ "refresh_token": ada.refresh_token }));
    logs(&world, refresh, 200, Some("session_renewed")).await;
    let lines = Log::lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let span = &lines[0]["span"];
    assert_eq!((&span["user_id"], &span["sid"]), (&json!(ada.id), &json!(ada.session_id)));
    // With the trace's id, which it has in AWS. docs/costs.md is made with this length (bench/model.yaml).
    let trace = r#","trace_id":"1-67c2f5e6-4d1b8a2c6f3e9d7a5b0c1e2f""#;
    assert!(Log::text().trim_end().len() + trace.len() <= 420, "{}", Log::text());
}

#[tokio::test]
async fn what_is_merely_not_there_or_taken_is_no_event() {
    let world = world().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    world.make_user("ada@example.com", |user| user.username = "ada".parse().ok()).await;
    logs(&world, Call::new("GET", "/nothing"), 404, None).await;
    logs(&world, Call::new("GET", "/auth/login"), 405, None).await;
    let taken = json!({ "email": "eve@example.com", "password": PASSWORD, "username": "ada" });
    logs(&world, post("/auth/register", &taken), 409, None).await;
    logs(&world, Call::new("GET", "/users/me").token(&root.access_token), 200, None).await;
}

/// H06: not on the request's line, but where the panic is logged.
#[tokio::test]
async fn a_handler_that_panics_is_sys_crash_once() {
    async fn boom() {
        panic!("a secret in a panic");
    }
    let world = World::new().await;
    let store = world.store.clone();
    let app = App::new(Config::default(), store, world.clock.clone());
    let function = Function::new(app, Routes::new().route("/boom", axum::routing::get(boom)));
    Log::start();
    Reply::read(&function.call(&event("GET", "/boom", "")).await).refused(500, "internal_error");
    assert_eq!(events(), [json!("sys_crash")]);
    assert!(!Log::text().contains("secret"));
}

/// Whatever is refused for who or what it is has a name, in codes yet to come, too.
#[test]
fn every_refusal_by_status_has_an_event() {
    let names = [
        (Problem::Forbidden, "authz_fail"),
        (Problem::RegistrationClosed, "authz_fail"),
        (Problem::InvalidAdminKey, "authz_fail"),
        (Problem::ReauthenticationRequired, "authz_fail"),
        (Problem::InvalidCursor, "input_validation_fail"),
        (Problem::InvalidToken, "input_validation_fail"),
    ];
    for (problem, name) in names {
        assert_eq!(problem.event(), Some(name), "{problem:?}");
    }
    assert_eq!((Problem::Internal.event(), Problem::TemporarilyUnavailable.event()), (None, None));
}
