//! 7. Telling whether an address exists: by message, by status, or by time. These
//!    compare answers and what is written; the times are the benchmark's to show.
//!    `EMAIL_VERIFICATION=optional` is the one exception, for register alone.

use serde_json::{Value, json};
use shared::model::{Agent, Status};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

/// A world with an account of each kind, and Mal, who wants to know.
async fn world() -> (World, Person) {
    let world = World::new().await;
    for (name, status) in
        [("known", Status::Active), ("pending", Status::Pending), ("deactivated", Status::Deactivated)]
    {
        world.make_user(&format!("{name}@example.com"), |user| user.status = status).await;
    }
    let gone = world.make_user("deleted@example.com", |_| ()).await;
    let grace = jiff::SignedDuration::from_hours(24);
    world.store.begin_deletion(&Agent::operator(), &gone, grace).await.unwrap().unwrap();
    world.make_user("unverified@example.com", |user| user.email_verified = false).await;
    let body = json!({ "email": "unconfirmed@example.com", "password": PASSWORD });
    world.post("/auth/register", body).await.ok(202);
    world.deliver().await;
    let mal = Person::user(&world, "mal@example.com").await;
    (world, mal)
}

const NAMES: [&str; 7] =
    ["unknown", "known", "pending", "deactivated", "deleted", "unverified", "unconfirmed"];

/// Panics unless all answers are alike, byte for byte, and returns one.
fn alike(answers: &[(&str, Reply)]) -> Reply {
    let seen = |reply: &Reply| (reply.status, reply.headers.clone(), reply.text.clone());
    let (_, first) = &answers[0];
    for (name, reply) in answers {
        assert_eq!(seen(reply), seen(first), "{name}");
    }
    first.clone()
}

/// A12
#[tokio::test]
async fn no_request_for_a_mail_tells_whether_an_address_has_an_account() {
    let (world, _) = world().await;
    for (path, more) in [
        ("/auth/register", json!({ "password": OTHER_PASSWORD })),
        ("/auth/forgot-password", json!({})),
        ("/auth/resend-verification", json!({})),
    ] {
        let mut answers = Vec::new();
        for name in NAMES {
            let mut body = more.clone();
            body["email"] = json!(format!("{name}@example.com"));
            let before = world.items().await.len();
            answers.push((name, world.post(path, body).await));
            assert_eq!(
                world.items().await.len(),
                before + 1,
                "{path} {name}: one mail waits, and nothing else"
            );
        }
        assert_eq!(alike(&answers).status, 202, "{path}");
        world.deliver().await;
    }
}

async fn register(world: &World, email: &str, username: &str) -> Reply {
    let body = json!({ "email": email, "password": OTHER_PASSWORD, "username": username });
    world.post("/auth/register", body).await
}

/// A12: what a username is answered with is the username's, not the address's.
#[tokio::test]
async fn no_username_tells_whether_the_address_beside_it_has_an_account() {
    let (world, _) = world().await;
    world.make_user("holder@example.com", |user| user.username = "held".parse().ok()).await;
    let mut told: Vec<(&str, Vec<Reply>)> = Vec::new();
    for name in NAMES {
        let (email, free) = (format!("{name}@example.com"), format!("{name}-1"));
        let other = format!("other-{name}@example.com");
        let mut answers = Vec::new();
        // Before and after the mails have gone out; nobody confirms.
        for _ in 0..2 {
            for (email, username) in [
                (&email, &*free),
                (&other, &free),
                (&email, &free.to_uppercase()),
                (&email, "another-name"),
                (&other, "another-name"),
                (&email, "held"),
                (&other, "HELD"),
            ] {
                answers.push(register(&world, email, username).await);
            }
            world.deliver().await;
        }
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [202, 202, 202, 202, 202, 409, 409].repeat(2), "{name}");
        told.push((name, answers));
    }
    for step in 0..told[0].1.len() {
        let answers: Vec<_> = told.iter().map(|(name, answers)| (*name, answers[step].clone())).collect();
        alike(&answers);
    }
}

/// A12: who has both, whether from long ago or since a moment, and who has neither
/// where somebody else has the username: all look alike.
#[tokio::test]
async fn no_held_username_tells_whose_it_is() {
    let (world, _) = world().await;
    world.make_user("both@example.com", |user| user.username = "both".parse().ok()).await;
    world.make_user("holder@example.com", |user| user.username = "neither".parse().ok()).await;
    register(&world, "confirmed@example.com", "confirmed").await.ok(202);
    let body = json!({ "token": world.token_for("confirmed@example.com").await, "password": OTHER_PASSWORD });
    world.post("/auth/confirm-registration", body).await.ok(200);
    let (mut with_it, mut with_another) = (Vec::new(), Vec::new());
    for name in ["both", "neither", "confirmed"] {
        let email = format!("{name}@example.com");
        for (from, email) in [(name, email.clone()), ("a stranger", format!("stranger-{name}@example.com"))] {
            with_it.push((from, register(&world, &email, name).await));
            with_another.push((from, register(&world, &email, "unheard-of").await));
        }
    }
    alike(&with_it).refused(409, "username_taken");
    assert_eq!(alike(&with_another).status, 202);
}

/// A12
#[tokio::test]
async fn no_wrong_sign_in_tells_whether_there_is_an_account() {
    let (world, _) = world().await;
    let mut answers = Vec::new();
    for name in NAMES {
        let body = json!({ "email": format!("{name}@example.com"), "password": OTHER_PASSWORD });
        answers.push((name, world.post("/auth/login", body).await));
        let body = json!({ "username": name, "password": OTHER_PASSWORD });
        answers.push((name, world.post("/auth/login", body).await));
    }
    alike(&answers).refused(401, "invalid_credentials");
}

/// A12: the right password of a registration that is not confirmed says no more.
#[tokio::test]
async fn an_unconfirmed_registration_signs_in_as_an_unknown_one() {
    let (world, _) = world().await;
    let mut answers = Vec::new();
    for name in ["unknown", "unconfirmed"] {
        let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
        answers.push((name, world.post("/auth/login", body).await));
    }
    let reply = alike(&answers);
    assert!(reply.body["detail"].as_str().unwrap().contains("confirm the registration"));
}

/// A12
#[tokio::test]
async fn no_signed_in_stranger_learns_whether_an_address_has_an_account() {
    let (world, mal) = world().await;
    let mut answers = Vec::new();
    for name in NAMES {
        let email = format!("{name}@example.com");
        let body = json!({ "new_email": email, "current_password": PASSWORD });
        let before = world.items().await.len();
        answers.push((name, mal.post(&world, "/users/me/change-email", body).await));
        assert_eq!(world.items().await.len(), before + 2, "{name}");
    }
    assert_eq!(alike(&answers).status, 202);
}

/// A12: what a token is good for is told to nobody who does not hold it.
#[tokio::test]
async fn no_bad_token_tells_why_it_is_bad() {
    let (world, _) = world().await;
    world.post("/auth/forgot-password", json!({ "email": "known@example.com" })).await.ok(202);
    let spent = world.token_for("known@example.com").await;
    let reset = |token: &str| json!({ "token": token, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", reset(&spent)).await.ok(204);
    let registration = world.token_for("unconfirmed@example.com").await;
    let mut answers = Vec::new();
    for token in [spent.as_str(), &registration, &spent.to_uppercase(), "", "x"] {
        answers.push(("reset", world.post("/auth/reset-password", reset(token)).await));
    }
    alike(&answers).refused(400, "invalid_token");
}

/// A12, A02: the exception is where the documentation says it is, and nowhere else.
#[tokio::test]
async fn where_verification_is_optional_only_register_tells() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    world.make_user("known@example.com", |_| ()).await;
    let body = json!({ "email": "known@example.com", "password": PASSWORD });
    world.post("/auth/register", body).await.refused(409, "email_taken");
    for path in ["/auth/forgot-password", "/auth/resend-verification"] {
        let mut answers = Vec::new();
        for name in ["known", "unknown"] {
            let body: Value = json!({ "email": format!("{name}@example.com") });
            answers.push((name, world.call(Call::new("POST", path).json(&body)).await));
        }
        assert_eq!(alike(&answers).status, 202);
    }
}
