//! The limit of one source, whatever it tries.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::config::{Config, Setting};
use shared::model::{Status, TicketId};
use shared::token::TicketToken;
use tests::{APP_SECRET, Call, Factor, OTHER_PASSWORD, PASSWORD, Person, World};

use super::{ELSEWHERE, MILLISECOND, counters, fail_from, guessed, limited, seconds, try_from};
use crate::steps::{confirm, login, registration};

/// A world with the product's `SOURCE_LIMIT`, at the beginning of 5 minutes.
async fn world() -> World {
    World::with(&[("SOURCE_LIMIT", "")]).await
}

/// Such a world, in which somebody signed in before these 5 minutes.
async fn world_of_ada() -> (World, Person) {
    let world = world().await;
    let ada = Person::user(&world, "ada@example.com").await;
    world.wait(seconds(300));
    (world, ada)
}

async fn fail_thirty_names(world: &World) {
    for n in 0..30 {
        let name = format!("p{n}@example.com");
        login(world, &name, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    }
}

/// H13, A11.
#[tokio::test]
async fn a_source_fails_to_sign_in_thirty_times_in_5_minutes() {
    let (world, _) = world_of_ada().await;
    fail_thirty_names(&world).await;
    limited(&login(&world, "ada@example.com", PASSWORD).await, 300);
    limited(&login(&world, "nobody@example.com", PASSWORD).await, 300);
    try_from(&world, ELSEWHERE, "ada@example.com", PASSWORD).await.ok(200);
    world.wait(seconds(300) - MILLISECOND);
    limited(&login(&world, "ada@example.com", PASSWORD).await, 1);
    world.wait(MILLISECOND);
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
    world.wait(seconds(300));
    fail_thirty_names(&world).await;
}

/// What is counted of each source, for signing in.
async fn counted(world: &World) -> Vec<u64> {
    counters(world, "source-login").await.iter().filter_map(|counter| counter["count"].as_u64()).collect()
}

/// An office behind one address may sign in, and has 20 failures left.
#[tokio::test]
async fn right_passwords_take_up_no_more_than_a_third_of_the_sources_limit() {
    let world = world().await;
    Person::user(&world, "ada@example.com").await;
    for _ in 0..40 {
        login(&world, "ada@example.com", PASSWORD).await.ok(200);
    }
    for n in 0..20 {
        fail_from(&world, super::HERE, &format!("p{n}@example.com"), 1).await;
    }
    limited(&login(&world, "ada@example.com", PASSWORD).await, 300);
}

/// The same where signing in makes no session, or takes a second step.
#[tokio::test]
async fn right_codes_and_accounts_that_are_off_take_up_no_more_either() {
    let world = World::with(&[("SOURCE_LIMIT", "6/5m")]).await;
    world.make_user("out@example.com", |user| user.status = Status::Deactivated).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let factor = Factor::enrolled(&world, &ada).await;
    for _ in 0..4 {
        login(&world, "out@example.com", PASSWORD).await.refused(403, "account_deactivated");
        world.wait(seconds(30));
        Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code(&world)).await;
    }
    assert_eq!(counted(&world).await, [2]);
}

/// A password and a code are two tries.
#[tokio::test]
async fn the_first_right_ones_stay_counted_after_a_lock_and_of_each_step() {
    let world = World::with(&[("SOURCE_LIMIT", ""), ("LOGIN_FAILURES", "1")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    fail_from(&world, super::HERE, "ada@example.com", 1).await;
    world.wait(seconds(1));
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
    assert_eq!(counted(&world).await, [3]);
    let factor = Factor::enrolled(&world, &ada).await;
    world.wait(seconds(30));
    Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code(&world)).await;
    assert_eq!(counted(&world).await, [5]);
}

/// A lock that ends is counted in one call more; a busy source is taken back within the
/// transaction then.
#[tokio::test]
async fn after_a_lock_a_busy_source_has_only_its_failures_counted() {
    let world = World::with(&[("SOURCE_LIMIT", "2/5m"), ("LOGIN_FAILURES", "1")]).await;
    Person::user(&world, "ada@example.com").await;
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
    assert_eq!(counted(&world).await, [0]);
    fail_from(&world, super::HERE, "ada@example.com", 1).await;
    world.wait(seconds(1));
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
    assert_eq!(counted(&world).await, [1]);
}

/// What the source's limit refused was not counted for the name.
#[tokio::test]
async fn a_limited_source_locks_nobody() {
    let (world, ada) = world_of_ada().await;
    fail_thirty_names(&world).await;
    for _ in 0..10 {
        limited(&login(&world, &ada.email, OTHER_PASSWORD).await, 300);
    }
    assert_eq!(guessed(&world).await.len(), 30, "none of ada's");
    world.wait(seconds(300));
    login(&world, &ada.email, PASSWORD).await.ok(200);
}

/// A token whose MAC is good, but that stands for nothing.
fn void_token(world: &World) -> String {
    let config = Config::read(&[Setting::AppSecret], |_| Some(APP_SECRET.to_owned())).unwrap();
    TicketToken(TicketId::new(world.now())).encode(&config.app_secret.unwrap())
}

/// A route, its body for the `n`th request, and its answer's status.
type Route = (&'static str, Box<dyn Fn(usize) -> Value>, u16);

/// Every limited route but login.
fn routes(world: &World) -> Vec<Route> {
    let (verify, reset, confirm) = (void_token(world), void_token(world), void_token(world));
    let email = |n: usize| format!("p{n}@example.com");
    vec![
        ("/auth/register", Box::new(move |n| json!({ "email": email(n), "password": PASSWORD })), 202),
        ("/auth/forgot-password", Box::new(move |n| json!({ "email": email(n) })), 202),
        ("/auth/resend-verification", Box::new(move |n| json!({ "email": email(n) })), 202),
        ("/auth/verify-email", Box::new(move |_| json!({ "token": verify })), 400),
        ("/auth/reset-password", Box::new(move |_| json!({ "token": reset, "new_password": PASSWORD })), 400),
        (
            "/auth/confirm-registration",
            Box::new(move |_| json!({ "token": confirm, "password": PASSWORD })),
            400,
        ),
    ]
}

/// H13: each has a counter of its own.
#[tokio::test]
async fn a_source_asks_thirty_times_in_5_minutes_of_each_kind() {
    let world = world().await;
    for (path, body, status) in routes(&world) {
        for n in 0..30 {
            world.post(path, body(n)).await.ok(status);
        }
        let items = world.items().await.len();
        limited(&world.post(path, body(30)).await, 300);
        assert_eq!(world.items().await.len(), items, "{path}: nothing was written");
        let call = Call::new("POST", path).json(&body(30));
        world.call(call.clone().from(ELSEWHERE)).await.ok(status);
        let spoofed = call.header("x-forwarded-for", "192.0.2.1");
        limited(&world.call(spoofed).await, 300);
    }
    world.wait(SignedDuration::from_mins(5));
    for (path, body, status) in routes(&world) {
        world.post(path, body(31)).await.ok(status);
    }
}

/// Whoever guesses the admin key asks to register, too.
#[tokio::test]
async fn a_source_guesses_the_admin_key_thirty_times_in_5_minutes() {
    let key = "a key that makes admins, of more than 32";
    let world = World::with(&[("SOURCE_LIMIT", ""), ("ADMIN_REGISTRATION_KEY", key)]).await;
    let body = |key: &str| json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
    for _ in 0..30 {
        world.post("/auth/register", body("a guess")).await.refused(403, "invalid_admin_key");
    }
    limited(&world.post("/auth/register", body("a guess")).await, 300);
    limited(&world.post("/auth/register", body(key)).await, 300);
}

/// A refused try is none, so nobody's link is burnt by a neighbour.
#[tokio::test]
async fn a_limited_source_burns_no_registration() {
    let world = world().await;
    let token = registration(&world, &json!({ "email": "ada@example.com", "password": PASSWORD })).await;
    for _ in 0..30 {
        confirm(&world, &void_token(&world), PASSWORD).await.refused(400, "invalid_token");
    }
    for _ in 0..10 {
        limited(&confirm(&world, &token, OTHER_PASSWORD).await, 300);
    }
    world.wait(seconds(300));
    confirm(&world, &token, PASSWORD).await.ok(200);
}

/// S11: whoever is signed in stays so, wherever the neighbours are.
#[tokio::test]
async fn refreshing_is_never_limited() {
    let (world, ada) = world_of_ada().await;
    fail_thirty_names(&world).await;
    for _ in 0..100 {
        ada.refresh(&world).await.ok(200);
    }
}

/// What a forger sends is refused before the table is asked, or written.
#[tokio::test]
async fn a_bad_token_counts_nowhere() {
    let world = world().await;
    let before = world.items().await;
    for path in ["/auth/verify-email", "/auth/reset-password", "/auth/confirm-registration", "/auth/refresh"]
    {
        for _ in 0..40 {
            let mut body = json!({ "token": "forged", "password": PASSWORD });
            match path {
                "/auth/verify-email" => body = json!({ "token": "forged" }),
                "/auth/reset-password" => body = json!({ "token": "forged", "new_password": PASSWORD }),
                "/auth/refresh" => body = json!({ "refresh_token": "forged" }),
                _ => {}
            }
            let reply = world.post(path, body).await;
            assert!([400, 401].contains(&reply.status), "{path}: {}", reply.body);
        }
    }
    assert_eq!(world.items().await, before);
}
