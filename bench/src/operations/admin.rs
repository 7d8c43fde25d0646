//! `/admin`.

use serde_json::json;
use shared::model::{Agent, PasswordHash, Role, Status, User};

use super::mfa::enrolled;
use crate::Failure;
use crate::request::Request;
use crate::stage::Stage;

/// How many users there are besides, for lists.
const USERS: usize = 60;

pub(super) async fn request(stage: &mut Stage, id: &str, request: Request) -> Result<Request, Failure> {
    if stage.admin.is_none() {
        let admin = stage.person(|user| user.role = Role::Admin).await?;
        for _ in 0..USERS {
            stage.user(|_| ()).await?;
        }
        stage.admin = Some(admin);
    }
    let admin = stage.admin.clone().ok_or("no admin")?;
    let request = request.token(&admin.access);
    Ok(match id {
        "list_users" | "list_audit" => request.query("limit=20"),
        "list_users.search" => request.query("limit=20&email=ada.lovelace.0000"),
        "get_stats" => request.query(""),
        "create_user" => {
            let key = format!("\"request-{:08}\"", stage.number());
            request
                .header("idempotency-key", &key)
                .body(&json!({ "email": stage.address(), "first_name": "Grace", "last_name": "Hopper" }))
        }
        _ => {
            let user = on(stage, id).await?;
            let request = request.at(&[&user.id.to_string()]);
            match id {
                "admin_update_user" => request.body(&json!({ "email": stage.address() })),
                "change_role" => request.body(&json!({ "role": "admin" })),
                _ => request,
            }
        }
    })
}

/// Whom an admin acts on.
async fn on(stage: &mut Stage, id: &str) -> Result<User, Failure> {
    let user = match id {
        "activate_user" => stage.user(|user| user.status = Status::Deactivated).await?,
        "invite_again" => stage.user(|user| user.password_hash = PasswordHash::none()).await?,
        _ => stage.user(|_| ()).await?,
    };
    match id {
        "restore_user" => {
            let grace = stage.app.config.deletion_grace;
            let begun = stage.app.store.begin_deletion(&Agent::operator(), &user, grace).await?;
            begun.map_err(|error| format!("{error:?}"))?;
        }
        "remove_mfa" => {
            let person = stage.sign_in(user.clone()).await?;
            enrolled(stage, &person).await?;
        }
        "list_user_sessions" | "list_user_audit" | "end_user_sessions" => {
            for _ in 0..3 {
                stage.sign_in(user.clone()).await?;
            }
        }
        _ => {}
    }
    Ok(user)
}
