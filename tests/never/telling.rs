//! 7. Telling whether an address exists: by message, by status, or by time. These
//!    compare answers and what is written; the times are the benchmark's to show.
//!    `EMAIL_VERIFICATION=optional` is the one exception, for register alone.

use serde_json::{Value, json};
use shared::model::Status;
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

/// A world with an account of each kind, and Mal, who wants to know.
async fn world() -> (World, Person) {
    let world = World::new().await;
    for (name, status) in
        [("known", Status::Active), ("pending", Status::Pending), ("deactivated", Status::Deactivated)]
    {
        world.make_user(&format!("{name}@example.com"), |user| user.status = status).await;
    }
    world.make_user("unverified@example.com", |user| user.email_verified = false).await;
    let body = json!({ "email": "unconfirmed@example.com", "password": PASSWORD });
    world.post("/auth/register", body).await.ok(202);
    world.deliver().await;
    let mal = Person::user(&world, "mal@example.com").await;
    (world, mal)
}

const NAMES: [&str; 6] = ["unknown", "known", "pending", "deactivated", "unverified", "unconfirmed"];

/// Panics unless all answers are alike, and returns one.
fn alike(answers: &[(&str, Reply)]) -> Reply {
    let seen = |reply: &Reply| (reply.status, reply.headers.clone(), reply.body.clone());
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
