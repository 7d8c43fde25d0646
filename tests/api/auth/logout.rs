//! `POST /auth/logout`.

use std::sync::Arc;

use tests::{Call, PASSWORD, Person, World};

use serde_json::json;

/// Ada on three devices, and Bob.
async fn four(world: &World) -> (Person, Person, Person, Person) {
    let phone = Person::registered(world, "ada@example.com").await;
    let laptop = Person::sign_in(world, "ada@example.com", PASSWORD).await;
    let desk = Person::sign_in(world, "ada@example.com", PASSWORD).await;
    (phone, laptop, desk, Person::registered(world, "bob@example.com").await)
}

async fn logout(world: &World, person: &Person, query: &str) -> tests::Reply {
    person.call(world, Call::new("POST", &format!("/auth/logout{query}"))).await
}

async fn is_in(world: &World, person: &Person) {
    person.get(world, "/users/me").await.ok(200);
    person.refresh(world).await.ok(200);
}

async fn is_out(world: &World, person: &Person) {
    person.get(world, "/users/me").await.refused(401, "session_ended");
    person.refresh(world).await.refused(401, "session_ended");
    person.post(world, "/auth/logout", json!({})).await.refused(401, "session_ended");
}

/// S05; product.md, never 4.
#[tokio::test]
async fn signing_out_ends_this_session_at_once() {
    for query in ["", "?scope=local"] {
        let world = World::new().await;
        let (phone, laptop, _, bob) = four(&world).await;
        logout(&world, &phone, query).await.ok(204);
        is_out(&world, &phone).await;
        is_in(&world, &laptop).await;
        is_in(&world, &bob).await;
    }
}

/// S07.
#[tokio::test]
async fn signing_out_the_others_keeps_this_session() {
    let world = World::new().await;
    let (phone, laptop, desk, bob) = four(&world).await;
    logout(&world, &laptop, "?scope=others").await.ok(204);
    is_out(&world, &phone).await;
    is_out(&world, &desk).await;
    is_in(&world, &laptop).await;
    is_in(&world, &bob).await;
}

/// S05.
#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let world = World::new().await;
    let (phone, laptop, desk, bob) = four(&world).await;
    logout(&world, &desk, "?scope=global").await.ok(204);
    for person in [&phone, &laptop, &desk] {
        is_out(&world, person).await;
    }
    is_in(&world, &bob).await;
    is_in(&world, &Person::sign_in(&world, "ada@example.com", PASSWORD).await).await;
}

/// H07.
#[tokio::test]
async fn a_bad_query_is_refused_and_ends_nothing() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let queries = ["scope=bogus", "scope=", "scope", "Scope=global", "scope=GLOBAL", "all=true"];
    let repeated = ["scope=local&scope=global", "scope=global&scope=global", "scope=global&x=1"];
    for query in queries.into_iter().chain(repeated) {
        logout(&world, &ada, &format!("?{query}")).await.refused(400, "invalid_query");
    }
    is_in(&world, &ada).await;
}

#[tokio::test]
async fn a_stranger_signs_nobody_out() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    world.call(Call::new("POST", "/auth/logout?scope=global")).await.refused(401, "unauthenticated");
    let call = Call::new("POST", "/auth/logout?scope=global").token(&ada.refresh_token);
    world.call(call).await.refused(401, "invalid_access_token");
    is_in(&world, &ada).await;
}

/// An old refresh token of a session that was signed out raises no alarm.
#[tokio::test]
async fn a_signed_out_token_is_no_reuse() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    ada.refresh(&world).await.ok(200);
    logout(&world, &ada, "?scope=global").await.ok(204);
    world.wait(jiff::SignedDuration::from_mins(5));
    ada.refresh(&world).await.refused(401, "session_ended");
    assert_eq!(world.mails_to(&ada.email).await.len(), 1);
}

/// Two tabs, or a double click.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_the_others_twice_at_once_keeps_this_session() {
    let world = Arc::new(World::new().await);
    let ada = Person::registered(&world, "ada@example.com").await;
    for _ in 0..5 {
        let twice = [(); 2].map(|()| {
            let (world, ada) = (world.clone(), ada.clone());
            tokio::spawn(
                async move { ada.call(&world, Call::new("POST", "/auth/logout?scope=others")).await },
            )
        });
        for reply in twice {
            reply.await.unwrap().ok(204);
        }
        ada.get(&world, "/users/me").await.ok(200);
    }
}
