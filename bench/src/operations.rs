//! What is measured: every operation of the API, and what each of its requests needs.

mod admin;
mod auth;
mod mfa;
mod posts;
mod users;

use serde_json::{Value, json};

use crate::Failure;
use crate::request::Request;
use crate::stage::{Stage, record};

/// What an operation is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// An empty function.
    Empty,
    /// One strongly consistent `GetItem`.
    GetItem,
    /// One `UpdateItem`.
    UpdateItem,
    /// One `UpdateItem` and one RS256 signature.
    UpdateSign,
    /// One argon2id hash and one RS256 signature.
    HashSign,
}

impl Floor {
    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::GetItem => "get_item",
            Self::UpdateItem => "update_item",
            Self::UpdateSign => "update_sign",
            Self::HashSign => "hash_sign",
        }
    }

    /// Its binary.
    #[must_use]
    pub fn binary(self) -> String {
        format!("floor-{}", self.name().replace('_', "-"))
    }
}

/// An operation: a file in `events/`, perhaps with a word after a dot for another way through it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// `login`, `login.wrong`.
    pub id: &'static str,
    /// What it is held against.
    pub floor: Floor,
    /// The status it answers with.
    pub status: u16,
}

const fn row(id: &'static str, floor: Floor, status: u16) -> Operation {
    Operation { id, floor, status }
}

/// Every one, in the order of the table.
pub const OPERATIONS: &[Operation] = &[
    row("get_me", Floor::GetItem, 200),
    row("refresh", Floor::UpdateSign, 200),
    row("login", Floor::HashSign, 200),
    row("login.wrong", Floor::HashSign, 401),
    row("login.unknown", Floor::HashSign, 401),
    row("logout", Floor::UpdateItem, 204),
    row("register", Floor::HashSign, 202),
    row("confirm_registration", Floor::HashSign, 200),
    row("resend_verification", Floor::UpdateItem, 202),
    row("verify_email", Floor::UpdateItem, 204),
    row("forgot_password", Floor::UpdateItem, 202),
    row("reset_password", Floor::HashSign, 204),
    row("revoke", Floor::UpdateItem, 204),
    row("accept_invite", Floor::HashSign, 200),
    row("get_mfa", Floor::GetItem, 200),
    row("enrol_totp", Floor::UpdateItem, 200),
    row("confirm_totp", Floor::UpdateItem, 200),
    row("finish_sign_in", Floor::UpdateSign, 200),
    row("create_recovery_codes", Floor::UpdateItem, 200),
    row("disable_totp", Floor::HashSign, 204),
    row("jwks", Floor::Empty, 200),
    row("openid_configuration", Floor::Empty, 200),
    row("mail_page", Floor::Empty, 200),
    row("page_asset", Floor::Empty, 200),
    row("update_me", Floor::UpdateItem, 200),
    row("change_password", Floor::HashSign, 204),
    row("change_email", Floor::HashSign, 202),
    row("list_my_sessions", Floor::GetItem, 200),
    row("end_my_session", Floor::UpdateItem, 204),
    row("list_my_activity", Floor::GetItem, 200),
    row("export_me", Floor::GetItem, 200),
    row("delete_me", Floor::UpdateItem, 204),
    row("get_user", Floor::GetItem, 200),
    row("update_user", Floor::UpdateItem, 200),
    row("delete_user", Floor::UpdateItem, 204),
    row("list_users", Floor::GetItem, 200),
    row("list_users.search", Floor::GetItem, 200),
    row("create_user", Floor::UpdateItem, 201),
    row("invite_again", Floor::UpdateItem, 202),
    row("admin_get_user", Floor::GetItem, 200),
    row("admin_update_user", Floor::UpdateItem, 200),
    row("admin_delete_user", Floor::UpdateItem, 204),
    row("activate_user", Floor::UpdateItem, 200),
    row("deactivate_user", Floor::UpdateItem, 200),
    row("restore_user", Floor::UpdateItem, 200),
    row("change_role", Floor::UpdateItem, 200),
    row("require_password_change", Floor::UpdateItem, 200),
    row("remove_mfa", Floor::UpdateItem, 204),
    row("list_user_sessions", Floor::GetItem, 200),
    row("end_user_sessions", Floor::UpdateItem, 204),
    row("list_user_audit", Floor::GetItem, 200),
    row("list_audit", Floor::GetItem, 200),
    row("get_stats", Floor::GetItem, 200),
    row("list_posts", Floor::GetItem, 200),
    row("create_post", Floor::UpdateItem, 201),
    row("get_post", Floor::GetItem, 200),
    row("update_post", Floor::UpdateItem, 200),
    row("delete_post", Floor::UpdateItem, 204),
    row("list_comments", Floor::GetItem, 200),
    row("create_comment", Floor::UpdateItem, 201),
    row("update_comment", Floor::UpdateItem, 200),
    row("delete_comment", Floor::UpdateItem, 204),
    row("swagger_ui", Floor::Empty, 200),
    row("docs_asset", Floor::Empty, 200),
    row("openapi_json", Floor::Empty, 200),
    row("health", Floor::Empty, 200),
    row("authorizer", Floor::GetItem, 200),
    row("mailer", Floor::UpdateItem, 200),
    row("worker", Floor::UpdateItem, 200),
];

impl Operation {
    /// The sample's name.
    fn sample(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Its name in tables: the route, or the function where none leads to it.
    ///
    /// # Errors
    /// There is no sample of it.
    pub fn name(&self) -> Result<String, Failure> {
        let name = match self.id {
            "authorizer" => "authorizer, one request".to_owned(),
            "mailer" => "mailer, one mail".to_owned(),
            "worker" => "worker, one new account".to_owned(),
            _ => Request::of(self.sample())?.route().to_owned(),
        };
        Ok(match self.id.split_once('.') {
            Some((_, way)) => format!("{name} ({way})"),
            None => name,
        })
    }

    /// The function that serves it.
    ///
    /// # Errors
    /// There is no sample of it.
    pub fn function(&self) -> Result<String, Failure> {
        if matches!(self.id, "authorizer" | "mailer" | "worker") {
            return Ok(self.id.to_owned());
        }
        let request = Request::of(self.sample())?;
        Ok(request.route().split('/').nth(1).unwrap_or_default().to_owned())
    }

    /// An event with all that it needs in the table.
    ///
    /// # Errors
    /// The table did not take it.
    pub async fn event(&self, stage: &mut Stage) -> Result<Value, Failure> {
        match self.id {
            "authorizer" => {
                let person = stage.person(|_| ()).await?;
                let mut event = Request::of("get_me")?.token(&person.access).event().clone();
                event["type"] = json!("REQUEST");
                return Ok(event);
            }
            "mailer" => return auth::mail_event(stage).await,
            "worker" => {
                let user = stage.user(|_| ()).await?;
                return Ok(record("INSERT", &format!("USER#{}", user.id), "PROFILE"));
            }
            _ => {}
        }
        let request = Request::of(self.sample())?.from(stage.number());
        let request = match self.function()?.as_str() {
            "users" => users::request(stage, self.id, request).await?,
            "admin" => admin::request(stage, self.id, request).await?,
            "posts" => posts::request(stage, self.id, request).await?,
            "auth" if mfa::HERE.contains(&self.id) => mfa::request(stage, self.id, request).await?,
            "auth" => auth::request(stage, self.id, request).await?,
            _ => request,
        };
        Ok(request.event().clone())
    }
}
