//! The authorizer that other APIs ask about each request: what a caller is refused
//! there is what Usher itself refuses. security.md J07, S06.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]
#![recursion_limit = "256"]

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::faults::Faults;
use tests::{Call, Person, World};

/// A request to another API, as its gateway shows it to an authorizer.
fn request(authorization: Option<&str>) -> Value {
    let call = Call::new("GET", "/orders/7");
    let mut event = authorization.map_or(call.clone(), |value| call.header("authorization", value)).event();
    event["type"] = json!("REQUEST");
    event["routeArn"] = json!("arn:aws:execute-api:eu-central-1:123456789012:other1/$default/GET/orders/7");
    event["identitySource"] = json!([authorization]);
    event["requestContext"]["domainName"] = json!("other1.execute-api.eu-central-1.amazonaws.com");
    event
}

fn of(person: &Person) -> Value {
    request(Some(&format!("Bearer {}", person.access_token)))
}

async fn is_refused(world: &World, event: &Value) -> bool {
    world.authorize(event).await.unwrap() == json!({ "isAuthorized": false })
}

#[tokio::test]
async fn who_is_signed_in_is_authorized_and_the_api_learns_who_it_is() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let root = Person::admin(&world, "root@example.com").await;
    for (person, role) in [(&ada, "user"), (&root, "admin")] {
        let context = json!({ "sub": person.id, "role": role, "sid": person.session_id });
        let answer = world.authorize(&of(person)).await.unwrap();
        assert_eq!(answer, json!({ "isAuthorized": true, "context": context }));
    }
}

/// S06: at once, on a token that is good for a quarter of an hour yet.
#[tokio::test]
async fn whoever_is_out_at_usher_is_out_at_once() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|name| format!("{name}@example.com"));
    let (ada, bob, eve) = (
        Person::registered(&world, &ada).await,
        Person::registered(&world, &bob).await,
        Person::registered(&world, &eve).await,
    );
    root.put(&world, &format!("/admin/users/{}/deactivate", ada.id), None).await.ok(200);
    bob.call(&world, Call::new("POST", "/auth/logout")).await.ok(204);
    eve.delete(&world, "/users/me").await.ok(204);
    for gone in [&ada, &bob, &eve] {
        assert!(is_refused(&world, &of(gone)).await, "{}", gone.email);
    }
    world.wait(SignedDuration::from_mins(15));
    assert!(is_refused(&world, &of(&root)).await, "an expired token");
}

/// The role is the stored one, not the token's.
#[tokio::test]
async fn a_demotion_is_seen_at_once() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let other = Person::admin(&world, "other@example.com").await;
    let path = format!("/admin/users/{}/role", other.id);
    root.put(&world, &path, Some(json!({ "role": "user" }))).await.ok(200);
    let answer = world.authorize(&of(&other)).await.unwrap();
    assert!(answer["isAuthorized"] == false || answer["context"]["role"] == "user", "{answer}");
}

#[tokio::test]
async fn what_is_no_good_token_or_no_event_at_all_is_refused_and_no_error() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let token = &ada.access_token;
    let values = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer {token}x"),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer {}", ada.refresh_token),
        "Bearer \u{0}\u{e9}\"".to_owned(),
        "Bearer a.b.c".to_owned(),
    ];
    for value in values {
        assert!(is_refused(&world, &request(Some(&value))).await, "{value}");
    }
    let mut odd = of(&ada);
    odd["headers"] = json!([["authorization", format!("Bearer {token}")]]);
    let events = [
        request(None),
        odd,
        json!(null),
        json!([]),
        json!("x"),
        json!({}),
        json!({ "headers": { "authorization": 7 }, "requestContext": [] }),
    ];
    for event in events {
        assert!(is_refused(&world, &event).await, "{event}");
    }
}

/// J06: a token of another installation's audience or issuer is refused here, too.
#[tokio::test]
async fn a_token_for_somebody_else_is_refused() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    for (name, value) in [("TOKEN_AUDIENCE", "others"), ("PUBLIC_URL", "https://other.example.com")] {
        let mut settings = world.settings.clone();
        settings.insert(name.to_owned(), value.to_owned());
        let endpoint = tests::endpoint().await;
        let other = World::join(&endpoint, settings, world.outside.clone()).await;
        assert!(is_refused(&other, &of(&ada)).await, "{name}");
    }
}

/// API Gateway makes a 500 of it: not knowing is never yes, and no sign-out either.
#[tokio::test]
async fn without_the_table_it_decides_nothing() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    assert!(world.authorize(&of(&ada)).await.is_ok());
    faults.gone();
    assert!(world.authorize(&of(&ada)).await.is_err());
}

#[tokio::test]
async fn without_the_issuers_address_it_decides_nothing() {
    let world = World::with(&[("PUBLIC_URL", "")]).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    assert!(world.authorize(&of(&ada)).await.is_err());
}
