//! How the table shows that an operation was done, and what it may answer when it
//! is sent again after it was done although the answer said 503. A new operation
//! that writes needs a row.

use crate::items::Items;
use crate::scene::Scene;

/// What an operation leaves in the table.
#[derive(Debug)]
pub(crate) struct Effect {
    /// Whether it was done.
    pub(crate) shows: fn(&Items, &Scene) -> bool,
    /// What it says, besides what it says the first time, to who sends it again.
    pub(crate) again: &'static [&'static str],
}

/// The effect of an operation, if it has one.
pub(crate) fn effect_of(operation: &str) -> Option<&'static Effect> {
    EFFECTS.iter().find(|(id, _)| *id == operation).map(|(_, effect)| effect)
}

const fn effect(shows: fn(&Items, &Scene) -> bool, again: &'static [&'static str]) -> Effect {
    Effect { shows, again }
}

/// The token is spent: the person signs in with the password it chose.
const SPENT: &[&str] = &["400 invalid_token"];
/// The account, or the session that asked, is gone: that was asked for.
const OUT: &[&str] = &["401 session_ended"];

const EFFECTS: &[(&str, Effect)] = &[
    // A second mail, or the one mail; a registration is sent again when in doubt.
    ("register", effect(|items, scene| items.waits_for(&scene.new_email), &[])),
    ("confirm_registration", effect(|items, scene| items.user_of(&scene.new_email).is_object(), SPENT)),
    ("verify_email", effect(|items, scene| items.user_of(&scene.new_email)["email_verified"] == true, SPENT)),
    ("resend_verification", effect(|items, scene| items.waits_for(&scene.target.email), &[])),
    // A second session; the first one's tokens nobody has.
    ("login", effect(|items, scene| !items.sessions(&scene.target.id).is_empty(), &[])),
    // Within the grace the same successor.
    (
        "refresh",
        effect(|items, scene| items.sessions(&scene.target.id)[0]["counter"].as_u64() > Some(0), &[]),
    ),
    ("logout", effect(|items, scene| !items.is_live(&scene.caller.id, &scene.caller.session_id), OUT)),
    ("forgot_password", effect(|items, scene| items.waits_for(&scene.target.email), &[])),
    ("reset_password", effect(|items, scene| items.user(&scene.target.id)["session_epoch"] == 1, SPENT)),
    (
        "revoke",
        effect(|items, scene| items.user(&scene.target.id)["password_change_required"] == true, SPENT),
    ),
    (
        "accept_invite",
        effect(|items, scene| items.user_of(&scene.new_email)["last_login_at"].is_string(), SPENT),
    ),
    // With an idempotency key, the same answer.
    ("create_user", effect(|items, scene| items.user_of(&scene.new_email).is_object(), &["409 email_taken"])),
    // Once a minute.
    ("invite_again", effect(|items, scene| items.waits_for(&scene.target.email), &["429 too_many_requests"])),
    ("update_me", effect(|items, scene| items.user(&scene.caller.id)["name"] == "Somebody", &[])),
    ("delete_me", effect(|items, scene| items.is_gone(&scene.caller.id), OUT)),
    // The current password is the new one by then.
    (
        "change_password",
        effect(|items, scene| items.user(&scene.caller.id)["session_epoch"] == 1, &["403 wrong_password"]),
    ),
    // A second link to the new address; either is good, and one use ends both.
    ("change_email", effect(|items, scene| items.waits_for(&scene.new_email), &[])),
    (
        "end_my_session",
        effect(
            |items, scene| !items.is_live(&scene.target.id, &scene.target.session_id),
            &["401 session_ended", "404 not_found"],
        ),
    ),
    ("update_user", effect(|items, scene| items.user(&scene.target.id)["name"] == "Somebody", &[])),
    // By itself: signed out. By an admin: nobody there.
    (
        "delete_user",
        effect(|items, scene| items.is_gone(&scene.target.id), &["401 session_ended", "404 not_found"]),
    ),
    ("admin_update_user", effect(|items, scene| items.user(&scene.target.id)["name"] == "Somebody", &[])),
    ("admin_delete_user", effect(|items, scene| items.user(&scene.target.id).is_null(), &["404 not_found"])),
    ("activate_user", effect(|items, scene| items.user(&scene.target.id)["status"] == "active", &[])),
    ("deactivate_user", effect(|items, scene| items.user(&scene.target.id)["status"] == "deactivated", &[])),
    (
        "restore_user",
        effect(|items, scene| items.user(&scene.target.id)["status"] == "active", &["409 not_deleted"]),
    ),
    ("change_role", effect(|items, scene| !items.is_admin(&scene.target.id), &[])),
    (
        "end_user_sessions",
        effect(|items, scene| items.user(&scene.target.id)["session_epoch"].as_u64() > Some(0), &[]),
    ),
    // A second one; of the first nobody knows.
    ("create_post", effect(|items, _| items.says("POST#", "POST", "New words"), &[])),
    ("update_post", effect(|items, _| items.says("POST#", "POST", "New words"), &[])),
    ("delete_post", effect(|items, _| !items.says("POST#", "POST", "Old words"), &["404 not_found"])),
    ("create_comment", effect(|items, _| items.says("POST#", "COMMENT#", "New words"), &[])),
    ("update_comment", effect(|items, _| items.says("POST#", "COMMENT#", "New words"), &[])),
    ("delete_comment", effect(|items, _| !items.says("POST#", "COMMENT#", "Old words"), &["404 not_found"])),
    // The session that enrolled is the first one.
    (
        "finish_sign_in",
        effect(|items, scene| items.sessions(&scene.target.id).len() > 1, &["401 invalid_mfa_token"]),
    ),
    ("enrol_totp", effect(|items, scene| items.factor(&scene.caller.id).is_object(), &[])),
    // Whoever missed the recovery codes makes new ones.
    (
        "confirm_totp",
        effect(
            |items, scene| items.factor(&scene.caller.id)["confirmed_at"].is_string(),
            &["409 mfa_already_enrolled"],
        ),
    ),
    (
        "disable_totp",
        effect(|items, scene| items.factor(&scene.caller.id).is_null(), &["409 mfa_not_enrolled"]),
    ),
    // The code is used up: with the next one.
    (
        "create_recovery_codes",
        effect(
            |items, scene| items.happened(&scene.caller.id, "authn_recovery_codes_created"),
            &["403 wrong_mfa_code"],
        ),
    ),
    (
        "require_password_change",
        effect(|items, scene| items.user(&scene.target.id)["password_change_required"] == true, &[]),
    ),
    ("remove_mfa", effect(|items, scene| items.factor(&scene.target.id).is_null(), &["404 not_found"])),
];
