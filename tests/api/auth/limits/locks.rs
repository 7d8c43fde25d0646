//! The lock of a sign-in name at one source, and what lifts it.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::{Role, Status, UserId};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use super::{Guessed, MILLISECOND, fail, guessed, locked, seconds};
use crate::steps::{login, raw, reset, reset_token};

const ADA: &str = "ada@example.com";

async fn world() -> (World, Person) {
    let world = World::new().await;
    world.make_user(ADA, |user| user.username = Some("ada".parse().unwrap())).await;
    let ada = Person::sign_in(&world, ADA, PASSWORD).await;
    (world, ada)
}

/// A11.
#[tokio::test]
async fn after_five_wrong_passwords_each_try_waits_twice_as_long_up_to_15_minutes() {
    let (world, _) = world().await;
    fail(&world, ADA, 5).await;
    for lock in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] {
        locked(&login(&world, ADA, OTHER_PASSWORD).await, lock);
        locked(&login(&world, ADA, PASSWORD).await, lock);
        world.wait(seconds(lock) - MILLISECOND);
        locked(&login(&world, ADA, PASSWORD).await, 1);
        world.wait(MILLISECOND);
        fail(&world, ADA, 1).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 900);
    world.wait(seconds(900) - MILLISECOND);
    locked(&login(&world, ADA, PASSWORD).await, 1);
    world.wait(MILLISECOND);
    // The 15 minutes without a try were also those after which all is forgotten.
    fail(&world, ADA, 5).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
}

/// A11: whoever repeats the request at once does not prolong the lock.
#[tokio::test]
async fn a_try_during_a_lock_does_not_count() {
    let (world, _) = world().await;
    fail(&world, ADA, 5).await;
    for _ in 0..30 {
        locked(&login(&world, ADA, OTHER_PASSWORD).await, 1);
    }
    world.wait(seconds(1));
    fail(&world, ADA, 1).await;
    locked(&login(&world, ADA, OTHER_PASSWORD).await, 2);
    assert_eq!(guessed(&world).await, [Guessed { anywhere: 6, by_source: vec![6] }]);
}

/// A11.
#[tokio::test]
async fn the_right_password_after_a_lock_signs_in_and_clears_it() {
    let (world, _) = world().await;
    fail(&world, ADA, 5).await;
    world.wait(seconds(1));
    login(&world, ADA, PASSWORD).await.ok(200);
    assert_eq!(guessed(&world).await, []);
    fail(&world, ADA, 5).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
}

/// DynamoDB deletes late: the item is still there.
#[tokio::test]
async fn wrong_passwords_are_forgotten_after_15_idle_minutes() {
    let (world, _) = world().await;
    fail(&world, ADA, 4).await;
    world.wait(seconds(900) - MILLISECOND);
    fail(&world, ADA, 1).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
    world.wait(SignedDuration::from_mins(15));
    assert_eq!(guessed(&world).await, [Guessed { anywhere: 5, by_source: vec![5] }]);
    fail(&world, ADA, 5).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
}

#[tokio::test]
async fn a_name_counts_in_any_case() {
    let (world, _) = world().await;
    for name in
        ["ada@example.com", "ADA@example.com", "Ada@Example.Com", " ada@example.com", "ada@EXAMPLE.com"]
    {
        login(&world, name, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    }
    locked(&login(&world, ADA, PASSWORD).await, 1);
    let body = |name: &str| json!({ "username": name, "password": OTHER_PASSWORD });
    for name in ["ada", "ADA", "Ada", "aDa", "adA"] {
        world.post("/auth/login", body(name)).await.refused(401, "invalid_credentials");
    }
    locked(&world.post("/auth/login", body("ada")).await, 1);
}

/// A11: a lock is of signing in, and of nothing else.
#[tokio::test]
async fn who_is_signed_in_is_not_concerned_by_a_lock() {
    let (world, ada) = world().await;
    let eve = Person::user(&world, "eve@example.com").await;
    fail(&world, ADA, 5).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
    ada.get(&world, "/users/me").await.ok(200);
    ada.refresh(&world).await.ok(200);
    eve.refresh(&world).await.ok(200);
    login(&world, "eve@example.com", PASSWORD).await.ok(200);
}

/// A11: the way out of a lock.
#[tokio::test]
async fn a_reset_works_during_a_lock_and_lifts_it_for_all_names_of_the_account() {
    let (world, _) = world().await;
    let by_username = json!({ "username": "ada", "password": OTHER_PASSWORD });
    fail(&world, ADA, 5).await;
    for _ in 0..5 {
        world.post("/auth/login", by_username.clone()).await.refused(401, "invalid_credentials");
    }
    locked(&world.post("/auth/login", by_username.clone()).await, 1);
    let token = reset_token(&world, ADA).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    assert_eq!(guessed(&world).await, []);
    login(&world, ADA, OTHER_PASSWORD).await.ok(200);
    world.post("/auth/login", by_username).await.ok(200);
}

/// A11, A12: a name that nobody has is locked in the same way, to the byte.
#[tokio::test]
async fn a_lock_tells_nothing_of_whether_there_is_an_account() {
    let (world, _) = world().await;
    world.make_user("out@example.com", |user| user.status = Status::Deactivated).await;
    let names = [ADA, "nobody@example.com", "out@example.com"];
    for wait in [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 900, 0] {
        world.wait(seconds(wait));
        let mut answers = Vec::<Value>::new();
        for name in names {
            let body = json!({ "email": name, "password": OTHER_PASSWORD });
            answers.push(raw(&world, "/auth/login", body).await);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    let counted = guessed(&world).await;
    assert!(counted.len() == names.len() && counted.iter().all(|one| *one == counted[0]), "{counted:?}");
}

/// The password was right, so nothing was guessed.
#[tokio::test]
async fn an_account_that_is_not_active_is_not_locked_by_its_own_password() {
    let (world, _) = world().await;
    for (email, status, code) in [
        ("out@example.com", Status::Deactivated, "account_deactivated"),
        ("new@example.com", Status::Pending, "account_pending"),
    ] {
        world.make_user(email, |user| user.status = status).await;
        for _ in 0..10 {
            login(&world, email, PASSWORD).await.refused(403, code);
        }
    }
    assert_eq!(guessed(&world).await, []);
}

/// A11: one event per lock, on the account or on nobody's.
#[tokio::test]
async fn a_lock_is_written_down_once_when_it_begins() {
    let (world, ada) = world().await;
    let root = world.make_user("root@example.com", |user| user.role = Role::Admin).await;
    let locks = async |id: &str| {
        let root = Person::sign_in(&world, root.email.as_str(), PASSWORD).await;
        let path = format!("/admin/audit?subject={id}&action=authn_login_lock");
        let events = root.get(&world, &path).await.ok(200).body["data"].as_array().unwrap().clone();
        assert!(events.iter().all(|event| event["actor"] == "unknown"), "{events:?}");
        events.len()
    };
    for (name, id) in [(ADA, ada.id.as_str()), ("nobody@example.com", &UserId::NOBODY.to_string())] {
        fail(&world, name, 4).await;
        assert_eq!(locks(id).await, 0, "{name}");
        fail(&world, name, 1).await;
        assert_eq!(locks(id).await, 1, "{name}");
        locked(&login(&world, name, OTHER_PASSWORD).await, 1);
        world.wait(seconds(1));
        fail(&world, name, 1).await;
        assert_eq!(locks(id).await, 1, "{name}: the same lock, longer");
        world.wait(SignedDuration::from_mins(15));
        fail(&world, name, 5).await;
        assert_eq!(locks(id).await, 2, "{name}: another one");
    }
}

/// H13: nobody fills the list of changes with names that nobody has.
#[tokio::test]
async fn the_lock_of_a_made_up_name_is_no_change_and_is_gone_in_a_day() {
    let (world, ada) = world().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    fail(&world, ADA, 5).await;
    fail(&world, "nobody@example.com", 5).await;
    let subjects = async |query: &str| {
        let root = Person::sign_in(&world, &root.email, PASSWORD).await;
        let path = format!("/admin/audit?action=authn_login_lock{query}");
        let events = root.get(&world, &path).await.ok(200).body["data"].as_array().unwrap().clone();
        events.iter().map(|event| event["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let nobody = UserId::NOBODY.to_string();
    assert_eq!(subjects("").await, [ada.id.as_str()]);
    assert_eq!(subjects(&format!("&subject={nobody}")).await, [nobody.as_str()]);
    world.wait(SignedDuration::from_hours(24));
    assert!(subjects(&format!("&subject={nobody}")).await.is_empty());
}
