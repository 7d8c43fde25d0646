//! Invitations that get through, and how often.

use jiff::SignedDuration;
use serde_json::json;
use shared::model::{Actor, Agent, Role};
use shared::store::NotInvitedAgain;
use tests::{PASSWORD, Person, World};

use crate::invite::{GRACE, accept, create, grace_is_invited, invite_again};

/// Whatever strangers have mailed to the address before.
#[tokio::test]
async fn an_invitation_is_not_held_back_by_what_strangers_ask_for() {
    let world = World::with(&[("MAIL_LIMIT", "")]).await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let _ = world.post("/auth/register", json!({ "email": GRACE, "password": PASSWORD })).await.ok(202);
    world.deliver().await;
    let user = create(&world, &eve, &json!({ "email": GRACE })).await.ok(201).body;
    world.deliver().await;
    let _ = world.post("/auth/register", json!({ "email": GRACE, "password": PASSWORD })).await.ok(202);
    world.deliver().await;
    invite_again(&world, &eve, user["id"].as_str().unwrap()).await.ok(202);
    let mails = world.mails_to(GRACE).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject == "You are invited").count(), 2, "{mails:?}");
}

#[tokio::test]
async fn an_invitation_is_mailed_again_once_a_minute() {
    let (world, eve, user) = grace_is_invited().await;
    let id = user["id"].as_str().unwrap();
    let calls = (0..8).map(|_| invite_again(&world, &eve, id));
    let answers = futures_util::future::join_all(calls).await;
    for refused in answers.iter().filter(|reply| reply.status != 202) {
        assert_eq!((refused.status, refused.code()), (429, "too_many_requests"), "{refused:?}");
        assert!((1..=60).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    }
    assert_eq!(answers.iter().filter(|reply| reply.status == 202).count(), 1);
    assert_eq!(world.mails_to(GRACE).await.len(), 2);
    world.wait(SignedDuration::from_mins(1));
    invite_again(&world, &eve, id).await.ok(202);
}

/// With the change of its address the first invitation is void.
#[tokio::test]
async fn who_was_invited_at_a_mistyped_address_is_invited_at_the_right_one() {
    let (world, eve, user) = grace_is_invited().await;
    let first = world.token_for(GRACE).await;
    let right = "grace.hopper@example.com";
    let path = format!("/admin/users/{}", user["id"].as_str().unwrap());
    let _ = eve.patch(&world, &path, json!({ "email": right })).await.ok(200);
    world.post("/auth/accept-invite", accept(&first, PASSWORD)).await.refused(400, "invalid_token");
    let token = world.token_for(right).await;
    let _ = world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.ok(200);
    let grace = Person::sign_in(&world, right, PASSWORD).await;
    assert_eq!(grace.get(&world, "/users/me").await.ok(200).body["email_verified"], true);
}

/// Between the look at the caller and the write.
#[tokio::test]
async fn who_is_no_admin_any_more_invites_nobody() {
    let (world, eve, user) = grace_is_invited().await;
    let user = world.stored(user["id"].as_str().unwrap()).await.unwrap();
    let admin = world.stored(&eve.id).await.unwrap();
    let root = Agent::operator();
    world.store.set_role(&root, &admin, Role::User).await.unwrap().unwrap();
    let agent = Agent { actor: Actor::User(admin.id), ..root };
    let answer = world.store.invite_again(&agent, &user).await.unwrap();
    assert_eq!(answer, Err(NotInvitedAgain::ActorLost));
}

/// Whoever asks for a link to verify the address does not void the invitation: there is
/// nothing to verify before the account has a password.
#[tokio::test]
async fn a_strangers_request_to_verify_the_address_does_not_void_the_invitation() {
    let (world, ..) = grace_is_invited().await;
    let token = world.token_for(GRACE).await;
    let _ = world.post("/auth/resend-verification", json!({ "email": GRACE })).await.ok(202);
    let mails = world.mails_to(GRACE).await;
    assert_eq!(mails.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), ["You are invited"]);
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.ok(200);
}

/// An account that came with a second factor and without a password, before such were
/// refused.
#[tokio::test]
async fn an_invitation_opens_no_session_past_a_second_factor() {
    let world = World::new().await;
    let made = |user: &mut shared::model::User| {
        user.password_hash = shared::model::PasswordHash::none();
        user.mfa_since = Some(user.updated_at);
    };
    let user = world.make_user(GRACE, made).await;
    let agent = Agent::operator();
    world.store.invite_again(&agent, &user).await.unwrap().unwrap();
    let token = world.token_for(GRACE).await;
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.refused(400, "invalid_token");
}
