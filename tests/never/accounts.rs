//! 9. `Bob@x.io` and `bob@x.io` as two accounts; not-an-e-mail accepted; two
//!    concurrent registrations of one address both succeeding; query-operator
//!    injection.

use std::sync::Arc;

use serde_json::{Value, json};
use tests::{Call, PASSWORD, Person, World};

async fn profiles(world: &World) -> usize {
    world.items().await.iter().filter(|item| item["SK"] == "PROFILE").count()
}

#[tokio::test]
async fn two_spellings_of_an_address_are_never_two_accounts() {
    let world = World::new().await;
    let mut tokens = Vec::new();
    for email in ["Bob@x.io", "bob@x.io", "BOB@X.IO", " bob@x.io "] {
        world.post("/auth/register", json!({ "email": email, "password": PASSWORD })).await.ok(202);
        tokens.push(world.token_for("bob@x.io").await);
    }
    let confirm = |token: &str| json!({ "token": token, "password": PASSWORD });
    world.post("/auth/confirm-registration", confirm(&tokens[0])).await.ok(200);
    for token in &tokens[1..] {
        world.post("/auth/confirm-registration", confirm(token)).await.refused(400, "invalid_token");
    }
    assert_eq!(profiles(&world).await, 1);
    Person::sign_in(&world, "bOB@x.io", PASSWORD).await;
}

/// H07
#[tokio::test]
async fn what_is_no_address_is_accepted_nowhere() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = world.make_user("bob@example.com", |_| ()).await.id;
    let before = world.items().await;
    let long = format!("{}@example.com", "a".repeat(320));
    for email in [
        "",
        "bob",
        "bob@",
        "@x.io",
        "bob@x",
        "a@b@c.io",
        "bob@x.io\r\nbcc: eve@x.io",
        "<b@x.io>",
        &long,
        "bob@x.io\u{0}",
    ] {
        for (path, body) in [
            ("/auth/register", json!({ "email": email, "password": PASSWORD })),
            ("/auth/forgot-password", json!({ "email": email })),
            ("/auth/resend-verification", json!({ "email": email })),
            ("/auth/login", json!({ "email": email, "password": PASSWORD })),
            ("/users/me/change-email", json!({ "new_email": email, "current_password": PASSWORD })),
        ] {
            eve.post(&world, path, body).await.refused(422, "invalid_body");
        }
        let body = json!({ "email": email });
        eve.patch(&world, &format!("/users/{bob}"), body).await.refused(422, "invalid_body");
    }
    assert_eq!(world.items().await, before);
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_registrations_of_one_address_make_one_account() {
    for verification in ["optional", "required"] {
        let world = Arc::new(World::with(&[("EMAIL_VERIFICATION", verification)]).await);
        let mut calls = Vec::new();
        for n in 0..12 {
            let email = if n % 2 == 0 { "ada@example.com" } else { "Ada@Example.com" };
            let body = json!({ "email": email, "password": PASSWORD });
            if verification == "optional" {
                calls.push(("/auth/register", body));
            } else {
                world.post("/auth/register", body).await.ok(202);
                let token = world.token_for("ada@example.com").await;
                calls.push(("/auth/confirm-registration", json!({ "token": token, "password": PASSWORD })));
            }
        }
        let tasks = calls.into_iter().map(|(path, body)| {
            let world = world.clone();
            tokio::spawn(async move { world.post(path, body).await })
        });
        let mut made = 0;
        for task in tasks.collect::<Vec<_>>() {
            match task.await.unwrap() {
                reply if reply.status < 300 => made += 1,
                reply => assert!(matches!(reply.code(), "email_taken" | "invalid_token"), "{}", reply.body),
            }
        }
        assert_eq!((made, profiles(&world).await), (1, 1), "{verification}");
    }
}

#[tokio::test]
async fn query_operator_injection_finds_nobody() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let operators = [
        json!({ "$ne": null }),
        json!({ "$gt": "" }),
        json!({ "$regex": ".*" }),
        json!(["eve@example.com"]),
        json!({ "S": "eve@example.com" }),
    ];
    for operator in operators {
        let bodies: [(&str, Value); 5] = [
            ("/auth/login", json!({ "email": operator, "password": PASSWORD })),
            ("/auth/login", json!({ "email": "eve@example.com", "password": operator })),
            ("/auth/login", json!({ "username": operator, "password": operator })),
            ("/auth/reset-password", json!({ "token": operator, "new_password": PASSWORD })),
            ("/auth/refresh", json!({ "refresh_token": operator })),
        ];
        for (path, body) in bodies {
            world.post(path, body).await.refused(422, "invalid_body");
        }
    }
    for query in ["email[$ne]=x", "email[$regex]=.*", "status[$ne]=x", "$where=1", "filter=1"] {
        let call = Call::new("GET", &format!("/admin/users?{query}"));
        eve.call(&world, call).await.refused(400, "invalid_query");
    }
    for prefix in [".*", "%25", "*", "$", "'%20OR%20'1'='1", ":prefix", "%23role", "EMAIL%23"] {
        for field in ["email", "username"] {
            let page = eve.get(&world, &format!("/admin/users?{field}={prefix}")).await.ok(200);
            assert_eq!(page.body["data"], json!([]), "{prefix}");
        }
    }
}
