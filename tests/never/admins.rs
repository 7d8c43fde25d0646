//! 2. Anyone making themselves admin: a `role` in the registration body, an unset
//!    key matching an absent field.
//! 3. Deactivation that does nothing: a deactivated user signs in; a deactivated
//!    admin re-activates itself.

use serde_json::{Value, json};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

const KEY: &str = "a key for admins that has 32 characters";

/// Z03
#[tokio::test]
async fn a_role_in_the_registration_makes_nobody_an_admin() {
    for verification in ["required", "optional"] {
        let world = World::with(&[("EMAIL_VERIFICATION", verification)]).await;
        for (field, value) in [
            ("role", json!("admin")),
            ("roles", json!(["admin"])),
            ("is_admin", json!(true)),
            ("status", json!("active")),
        ] {
            let body = json!({ "email": "eve@example.com", "password": PASSWORD, field: value });
            world.post("/auth/register", body).await.refused(422, "invalid_body");
        }
        assert_eq!(world.items().await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn an_unset_admin_key_matches_nothing_not_even_nothing() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional"), ("ADMIN_REGISTRATION_KEY", "")]).await;
    for key in ["", "null", "None", "undefined", "0", "false", KEY] {
        let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
        world.post("/auth/register", body).await.refused(403, "invalid_admin_key");
    }
    for key in [json!(0), json!(false), json!([]), json!({ "$ne": 1 })] {
        let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
        world.post("/auth/register", body).await.refused(422, "invalid_body");
    }
    let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": null });
    let user = world.post("/auth/register", body).await.ok(201).body;
    assert_eq!(user["role"], "user");
}

#[tokio::test]
async fn a_set_admin_key_matches_neither_an_absent_nor_a_wrong_one() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional"), ("ADMIN_REGISTRATION_KEY", KEY)]).await;
    for key in ["", &KEY[1..], &KEY.to_uppercase(), &format!("{KEY} ")] {
        let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
        world.post("/auth/register", body).await.refused(403, "invalid_admin_key");
    }
    let body = json!({ "email": "eve@example.com", "password": PASSWORD });
    assert_eq!(world.post("/auth/register", body).await.ok(201).body["role"], "user");
}

/// Z03: whoever adds a body that takes a role, or an open one, has to look here.
#[test]
fn no_body_but_that_of_the_role_route_has_a_role_or_a_status() {
    let document = crate::document();
    let mut bodies = 0;
    for (method, path, id) in tests::openapi::operations(&document) {
        let Some(schema) = crate::body_schema(&document, &method, &path) else { continue };
        bodies += 1;
        assert_eq!(schema["additionalProperties"], false, "{id} takes any field");
        for field in schema["properties"].as_object().unwrap().keys() {
            let is_free = !["role", "status", "email_verified", "id", "created_at"].contains(&field.as_str());
            assert!(is_free || (id == "change_role" && field == "role"), "{id}: {field}");
        }
    }
    assert!(bodies >= 13, "{bodies}");
}

/// S06, A14
#[tokio::test]
async fn a_deactivated_user_signs_in_by_no_way_there_is() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = Person::registered(&world, "bob@example.com").await;
    bob.patch(&world, "/users/me", json!({ "username": "bob" })).await.ok(200);
    eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200);
    for login in
        [json!({ "email": bob.email }), json!({ "email": "BOB@example.com" }), json!({ "username": "bob" })]
    {
        let mut login = login;
        login["password"] = json!(PASSWORD);
        world.post("/auth/login", login).await.refused(403, "account_deactivated");
    }
    bob.refresh(&world).await.refused(401, "session_ended");
    world.deliver().await;
    let before = world.mailbox.messages().len();
    world.post("/auth/forgot-password", json!({ "email": bob.email })).await.ok(202);
    world.post("/auth/register", json!({ "email": bob.email, "password": OTHER_PASSWORD })).await.ok(202);
    let mails = world.mails_to(&bob.email).await;
    assert_eq!(world.mailbox.messages().len(), before + 1);
    assert!(!mails.last().unwrap().text.contains("token="));
}

#[tokio::test]
async fn a_deactivated_admin_does_not_let_itself_in_again() {
    let world = World::with(&[("ADMIN_REGISTRATION_KEY", KEY)]).await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let mal = Person::an_admin(&world, "mal@example.com").await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", mal.id), None).await.ok(200);
    let before = world.stored(&mal.id).await.unwrap();
    let path = format!("/admin/users/{}", mal.id);
    for action in ["activate", "deactivate"] {
        mal.put(&world, &format!("{path}/{action}"), None).await.refused(401, "session_ended");
    }
    let role = Some(json!({ "role": "admin" }));
    mal.put(&world, &format!("{path}/role"), role).await.refused(401, "session_ended");
    mal.patch(&world, &path, json!({ "status": "active" })).await.refused(401, "session_ended");
    mal.delete(&world, "/users/me").await.refused(401, "session_ended");
    let again = json!({ "email": mal.email, "password": PASSWORD, "admin_key": KEY });
    world.post("/auth/register", again).await.ok(202);
    assert!(!world.mails_to(&mal.email).await.last().unwrap().text.contains("token="));
    let after = world.stored(&mal.id).await.unwrap();
    assert_eq!((after.status, after.session_epoch), (before.status, before.session_epoch));
}
