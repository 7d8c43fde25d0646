//! Whoever took an account over, against "this was not me". The cases are those of
//! `docs/decisions/0015-this-was-not-me.md`.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, World};

use crate::revoke::{NEW, OLD, ada, all_at_once, change_password, move_to, only_a_reset_lets_in, revoke};
use crate::steps::{login, reset, reset_token, verify};

const THIRD: &str = "mallory@example.com";

#[tokio::test]
async fn changing_the_password_twice_does_not_void_the_first_link() {
    let (world, _) = ada().await;
    let mut thief = Person::sign_in(&world, OLD, PASSWORD).await;
    change_password(&world, &thief, OTHER_PASSWORD).await;
    let first = world.undo_for(OLD).await;
    OTHER_PASSWORD.clone_into(&mut thief.password);
    change_password(&world, &thief, "a third password of somebody").await;
    let second = world.undo_for(OLD).await;
    revoke(&world, &first).await.ok(204);
    thief.get(&world, "/users/me").await.refused(401, "session_ended");
    revoke(&world, &second).await.refused(400, "invalid_token");
    only_a_reset_lets_in(&world, OLD, "a third password of somebody").await;
}

#[tokio::test]
async fn changing_the_address_twice_does_not_void_the_first_link_and_the_second_is_no_way_back() {
    let (world, ada) = ada().await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let owners = world.undo_for(OLD).await;
    move_to(&world, NEW, PASSWORD, THIRD).await;
    let thiefs = world.undo_for(NEW).await;
    revoke(&world, &owners).await.ok(204);
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), OLD);
    // Mailed to an address of the thief's, while the account had it.
    revoke(&world, &thiefs).await.refused(400, "invalid_token");
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
    revoke(&world, &thiefs).await.refused(400, "invalid_token");
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), OLD);
}

#[tokio::test]
async fn the_thief_cannot_undo_first_to_void_the_owners_link() {
    let (world, ada) = ada().await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let owners = world.undo_for(OLD).await;
    move_to(&world, NEW, PASSWORD, THIRD).await;
    let thiefs = world.undo_for(NEW).await;
    revoke(&world, &thiefs).await.ok(204);
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), NEW);
    let token = world.token_for(NEW).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    revoke(&world, &owners).await.ok(204);
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), OLD);
    login(&world, NEW, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    only_a_reset_lets_in(&world, OLD, OTHER_PASSWORD).await;
}

#[tokio::test]
async fn a_second_theft_does_not_bring_the_first_ones_links_back() {
    let (world, ada) = ada().await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let owners = world.undo_for(OLD).await;
    move_to(&world, NEW, PASSWORD, THIRD).await;
    let thiefs = world.undo_for(NEW).await;
    revoke(&world, &owners).await.ok(204);
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
    let mine = Person::sign_in(&world, OLD, "a password nobody else knows").await;
    change_password(&world, &mine, OTHER_PASSWORD).await;
    let again = world.undo_for(OLD).await;
    revoke(&world, &again).await.ok(204);
    revoke(&world, &thiefs).await.refused(400, "invalid_token");
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), OLD);
}

#[tokio::test]
async fn a_factor_added_in_place_of_ones_own_goes_too() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    let thief = Person::sign_in(&world, OLD, OTHER_PASSWORD).await;
    Factor::enrolled(&world, &thief).await;
    world.deliver().await;
    revoke(&world, &token).await.ok(204);
    assert_eq!(world.stored(&ada.id).await.unwrap().mfa_since, None);
    only_a_reset_lets_in(&world, OLD, OTHER_PASSWORD).await;
}

/// Under `EMAIL_VERIFICATION=optional` an address that was left can be had at once.
#[tokio::test]
async fn where_the_old_address_was_taken_nobody_gets_in_until_an_admin_has_looked() {
    let (world, ada) = ada().await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let token = world.undo_for(OLD).await;
    let squatter = world.make_user(OLD, |_| ()).await;
    revoke(&world, &token).await.ok(204);
    let user = world.stored(&ada.id).await.unwrap();
    assert_eq!((user.email.as_str(), user.status), (NEW, shared::model::Status::Deactivated));
    login(&world, NEW, PASSWORD).await.refused(403, "account_deactivated");
    let _ = world.post("/auth/forgot-password", json!({ "email": NEW })).await.ok(202);
    let mails = world.mails_to(NEW).await;
    assert!(mails.iter().all(|mail| mail.subject != "Set a new password"), "{mails:?}");
    // The other account is let alone.
    let other = world.stored(&squatter.id.to_string()).await.unwrap();
    assert_eq!((other.session_epoch, other.password_change_required), (0, false));
    revoke(&world, &token).await.refused(400, "invalid_token");
}

#[tokio::test]
async fn the_last_admin_stays_one_and_is_locked() {
    let world = World::new().await;
    let root = Person::admin(&world, OLD).await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let token = world.undo_for(OLD).await;
    world.make_user(OLD, |_| ()).await;
    revoke(&world, &token).await.ok(204);
    let user = world.stored(&root.id).await.unwrap();
    assert!(user.is_active_admin() && user.password_change_required);
    root.get(&world, "/users/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_deleted_account_is_not_brought_back() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    let thief = Person::sign_in(&world, OLD, OTHER_PASSWORD).await;
    let _ = thief.delete(&world, "/users/me").await.ok(204);
    revoke(&world, &token).await.refused(400, "invalid_token");
    let user = world.stored(&ada.id).await.unwrap();
    assert_eq!(user.status, shared::model::Status::Deleted);
    world.store.delete_user(&shared::model::Agent::operator(), &user).await.unwrap().unwrap();
    world.deliver().await;
    Person::registered(&world, OLD).await;
    revoke(&world, &token).await.refused(400, "invalid_token");
}

/// The owner's own reset comes first: the older link is still safe. It costs another
/// reset, by the same mailbox.
#[tokio::test]
async fn a_link_from_before_ones_own_reset_does_no_harm() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let old = world.undo_for(OLD).await;
    let token = reset_token(&world, OLD).await;
    reset(&world, &token, "a password nobody else knows").await.ok(204);
    world.deliver().await;
    revoke(&world, &old).await.ok(204);
    let user = world.stored(&ada.id).await.unwrap();
    assert_eq!((user.email.as_str(), user.status), (OLD, shared::model::Status::Active));
    login(&world, OLD, "a password nobody else knows").await.refused(403, "password_change_required");
    let token = world.token_for(OLD).await;
    reset(&world, &token, PASSWORD).await.ok(204);
    login(&world, OLD, PASSWORD).await.ok(200);
}

/// Whoever reads the old address is not to undo what an admin decided.
#[tokio::test]
async fn what_an_admin_moved_stays_where_it_is() {
    let (world, ada) = ada().await;
    let root = Person::admin(&world, "root@example.com").await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    let path = format!("/admin/users/{}", ada.id);
    root.patch(&world, &path, json!({ "email": NEW })).await.ok(200);
    let told = world.mails_to(OLD).await.pop().unwrap();
    assert_eq!(told.subject, "Your e-mail address was changed by an administrator");
    assert!(!told.text.contains("revoke="), "{}", told.text);
    revoke(&world, &token).await.refused(400, "invalid_token");
    assert_eq!(world.stored(&ada.id).await.unwrap().email.as_str(), NEW);
}

/// The thief's pending link and the owner's press, at the same instant: the account is
/// the owner's in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_with_the_thief_is_the_owners() {
    for _ in 0..4 {
        let (world, ada) = ada().await;
        let body = json!({ "new_email": NEW, "current_password": PASSWORD });
        let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
        let pending = world.token_for(NEW).await;
        let undo = world.undo_for(OLD).await;
        let world = Arc::new(world);
        let posts = [("/auth/verify-email", pending.clone()), ("/auth/revoke", undo)];
        let replies = all_at_once(&world, posts).await;
        assert!(replies.iter().any(|reply| reply.status == 204), "{replies:?}");
        let user = world.stored(&ada.id).await.unwrap();
        assert_eq!((user.email.as_str(), user.password_change_required), (OLD, true));
        verify(&world, &pending).await.refused(400, "invalid_token");
        world.wait(SignedDuration::from_mins(1));
    }
}
