//! The table. A new operation needs a row.

/// What somebody gets who has no token.
const ANON: &str = "401 unauthenticated";
/// What somebody gets who may not.
const NO: &str = "403 forbidden";
/// What somebody gets whose account is deactivated.
const OUT: &str = "401 session_ended";
/// What somebody gets whose access token has expired.
const OLD: &str = "401 invalid_access_token";

/// The same for everyone.
const fn all(status: &'static str) -> [&'static str; 7] {
    [status; 7]
}

/// For the signed-in, with a body or path that names nobody else.
const fn own(status: &'static str) -> [&'static str; 7] {
    [ANON, status, status, status, status, OUT, OLD]
}

/// For admins.
const fn admin(on_a_user: &'static str, on_an_admin: &'static str) -> [&'static str; 7] {
    [ANON, NO, NO, on_a_user, on_an_admin, OUT, OLD]
}

/// Operation id, and the answer to: nobody; a user on itself; a user on another
/// user; an admin on a user; an admin on another admin; a deactivated admin on
/// itself; an admin with an expired token on itself. Where an operation names
/// nobody, "on" does not matter; where it names a post or a comment, it is one of
/// theirs.
pub(crate) const TABLE: &[(&str, [&str; 7])] = &[
    ("register", all("202")),
    ("confirm_registration", all("200")),
    ("verify_email", all("204")),
    ("resend_verification", all("202")),
    ("login", all("200")),
    ("refresh", all("200")),
    ("logout", own("204")),
    ("forgot_password", all("202")),
    ("reset_password", all("204")),
    ("revoke", all("204")),
    ("accept_invite", all("200")),
    ("get_mfa", own("200")),
    ("finish_sign_in", all("200")),
    ("enrol_totp", own("200")),
    ("confirm_totp", own("200")),
    ("disable_totp", own("204")),
    ("create_recovery_codes", own("200")),
    ("mail_page", all("200")),
    ("page_asset", all("200")),
    ("jwks", all("200")),
    ("openid_configuration", all("200")),
    ("get_me", own("200")),
    ("update_me", own("200")),
    ("delete_me", own("204")),
    ("change_password", own("204")),
    ("change_email", own("202")),
    ("export_me", own("200")),
    ("list_my_activity", own("200")),
    ("list_my_sessions", own("200")),
    ("end_my_session", [ANON, "204", "404 not_found", "404 not_found", "404 not_found", OUT, OLD]),
    ("get_user", [ANON, "200", NO, "200", "200", OUT, OLD]),
    ("update_user", [ANON, "200", NO, "200", NO, OUT, OLD]),
    ("delete_user", [ANON, "204", NO, "204", NO, OUT, OLD]),
    ("list_users", admin("200", "200")),
    ("create_user", admin("201", "201")),
    ("invite_again", admin("202", "202")),
    ("admin_get_user", admin("200", "200")),
    ("admin_update_user", admin("200", NO)),
    ("admin_delete_user", admin("204", NO)),
    ("activate_user", admin("200", "200")),
    ("deactivate_user", admin("200", "200")),
    ("change_role", admin("200", "200")),
    ("require_password_change", admin("200", "200")),
    ("list_audit", admin("200", "200")),
    ("get_stats", admin("200", "200")),
    ("list_user_audit", admin("200", "200")),
    ("remove_mfa", admin("204", "204")),
    ("list_user_sessions", admin("200", "200")),
    ("end_user_sessions", admin("204", "204")),
    ("list_posts", own("200")),
    ("create_post", own("201")),
    ("get_post", own("200")),
    ("update_post", [ANON, "200", NO, "200", "200", OUT, OLD]),
    ("delete_post", [ANON, "204", NO, "204", "204", OUT, OLD]),
    ("list_comments", own("200")),
    ("create_comment", own("201")),
    ("update_comment", [ANON, "200", NO, "200", "200", OUT, OLD]),
    ("delete_comment", [ANON, "204", NO, "204", "204", OUT, OLD]),
    ("swagger_ui", all("200")),
    ("docs_asset", all("200")),
    ("openapi_json", all("200")),
    ("health", all("200")),
];
