//! The password of a signed-in user, asked for again. security.md A09, A11.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::ada;

async fn change_password(world: &World, person: &Person, current: &str) -> Reply {
    let body = json!({ "current_password": current, "new_password": "a third and rather good one" });
    person.post(world, "/users/me/change-password", body).await
}

async fn change_email(world: &World, person: &Person, current: &str) -> Reply {
    let body = json!({ "new_email": "countess@example.com", "current_password": current });
    person.post(world, "/users/me/change-email", body).await
}

async fn five_wrong(world: &World, person: &Person) {
    for n in 0..5 {
        let reply = if n % 2 == 0 {
            change_password(world, person, OTHER_PASSWORD).await
        } else {
            change_email(world, person, OTHER_PASSWORD).await
        };
        reply.refused(403, "wrong_password");
    }
}

#[track_caller]
fn limited(reply: &Reply, seconds: u32) {
    reply.refused(429, "too_many_requests");
    assert_eq!(reply.header("retry-after"), seconds.to_string());
}

/// A11: whoever came by an access token does not guess the password with it.
#[tokio::test]
async fn wrong_passwords_of_a_session_count_wherever_they_are_given() {
    let (world, ada) = ada().await;
    five_wrong(&world, &ada).await;
    limited(&change_email(&world, &ada, PASSWORD).await, 1);
    limited(&change_password(&world, &ada, PASSWORD).await, 1);
    world.wait(SignedDuration::from_secs(1));
    change_password(&world, &ada, OTHER_PASSWORD).await.refused(403, "wrong_password");
    limited(&change_password(&world, &ada, PASSWORD).await, 2);
    world.wait(SignedDuration::from_mins(15));
    let ada = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    five_wrong(&world, &ada).await;
}

#[tokio::test]
async fn a_session_that_guesses_concerns_no_other() {
    let (world, thief) = ada().await;
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    five_wrong(&world, &thief).await;
    limited(&change_password(&world, &thief, PASSWORD).await, 1);
    change_password(&world, &ada, PASSWORD).await.ok(204);
    thief.get(&world, "/users/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn the_right_password_clears_the_wrong_ones() {
    let (world, ada) = ada().await;
    for _ in 0..3 {
        for _ in 0..4 {
            change_email(&world, &ada, OTHER_PASSWORD).await.refused(403, "wrong_password");
        }
        change_email(&world, &ada, PASSWORD).await.ok(202);
    }
}
