//! `/auth`, but for second factors.

use serde_json::{Value, json};
use shared::model::{Agent, Mail, MailKind, PasswordHash, Role};

use crate::Failure;
use crate::request::Request;
use crate::stage::{OTHER_PASSWORD, PASSWORD, Stage};

/// A mail that waits, to somebody who wants a new password.
pub(super) async fn mail_event(stage: &mut Stage) -> Result<Value, Failure> {
    let user = stage.user(|_| ()).await?;
    let mail = Mail::new(user.email, MailKind::ResetPassword, stage.app.clock.now());
    stage.app.store.put_mail(&mail).await?;
    stage.mail_record().await
}

pub(super) async fn request(stage: &mut Stage, id: &str, request: Request) -> Result<Request, Failure> {
    let body = match id {
        "register" => json!({
            "email": stage.address(), "password": PASSWORD, "username": format!("ada-{}", stage.number()),
            "first_name": "Ada", "last_name": "Lovelace",
        }),
        "login" => json!({ "email": stage.user(|_| ()).await?.email, "password": PASSWORD }),
        "login.wrong" => json!({ "email": stage.user(|_| ()).await?.email, "password": OTHER_PASSWORD }),
        "login.unknown" => json!({ "email": stage.address(), "password": PASSWORD }),
        "refresh" => json!({ "refresh_token": stage.person(|_| ()).await?.refresh }),
        "forgot_password" => json!({ "email": stage.user(|_| ()).await?.email }),
        "resend_verification" => {
            json!({ "email": stage.user(|user| user.email_verified = false).await?.email })
        }
        "confirm_registration" | "verify_email" | "reset_password" | "revoke" | "accept_invite" => {
            mailed(stage, id).await?
        }
        "logout" => return Ok(request.token(&stage.person(|_| ()).await?.access)),
        _ => return Ok(request),
    };
    Ok(request.body(&body))
}

/// The body of what a mailed link leads to.
async fn mailed(stage: &mut Stage, id: &str) -> Result<Value, Failure> {
    let now = stage.app.clock.now();
    Ok(match id {
        "confirm_registration" => {
            let body = json!({ "email": stage.address(), "password": PASSWORD });
            let request = Request::of("register")?.from(stage.number()).body(&body);
            stage.auth().await?.invoke(request.event()).await?;
            json!({ "token": stage.mailed("token=").await?, "password": PASSWORD })
        }
        "verify_email" => {
            let user = stage.user(|user| user.email_verified = false).await?;
            stage.app.store.put_mail(&Mail::new(user.email, MailKind::VerifyEmail, now)).await?;
            json!({ "token": stage.mailed("token=").await? })
        }
        "reset_password" => {
            let user = stage.user(|_| ()).await?;
            stage.app.store.put_mail(&Mail::new(user.email, MailKind::ResetPassword, now)).await?;
            json!({ "token": stage.mailed("token=").await?, "new_password": OTHER_PASSWORD })
        }
        "revoke" => {
            let user = stage.user(|_| ()).await?;
            let made = stage.app.store.set_role(&Agent::operator(), &user, Role::Admin).await?;
            made.map_err(|error| format!("{error:?}"))?;
            json!({ "token": stage.mailed("#revoke=").await? })
        }
        _ => {
            let user = stage.user(|user| user.password_hash = PasswordHash::none()).await?;
            let _ = stage.app.store.invite_again(&Agent::operator(), &user).await?;
            json!({ "token": stage.mailed("token=").await?, "password": PASSWORD })
        }
    })
}
