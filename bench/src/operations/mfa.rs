//! Second factors.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};

use crate::Failure;
use crate::request::Request;
use crate::stage::{PASSWORD, Person, Stage};

/// The operations that are here.
pub(super) const HERE: [&str; 6] =
    ["get_mfa", "enrol_totp", "confirm_totp", "finish_sign_in", "create_recovery_codes", "disable_totp"];

pub(super) async fn request(stage: &mut Stage, id: &str, request: Request) -> Result<Request, Failure> {
    let person = stage.person(|_| ()).await?;
    let request = request.token(&person.access);
    Ok(match id {
        "confirm_totp" => request.body(&json!({ "code": begun(stage, &person).await? })),
        "finish_sign_in" => {
            let code = enrolled(stage, &person).await?;
            let body = json!({ "email": person.email, "password": PASSWORD });
            let answer = ask(stage, Request::of("login")?.body(&body)).await?;
            let request = Request::of(id)?.from(stage.number());
            request.body(&json!({ "mfa_token": answer["mfa_token"], "code": code }))
        }
        "create_recovery_codes" => request.body(&json!({ "code": enrolled(stage, &person).await? })),
        "disable_totp" => {
            request.body(&json!({ "password": PASSWORD, "code": enrolled(stage, &person).await? }))
        }
        _ => request,
    })
}

/// Enrols somebody's authenticator app; one of the recovery codes.
pub(super) async fn enrolled(stage: &mut Stage, person: &Person) -> Result<String, Failure> {
    let code = begun(stage, person).await?;
    let request = Request::of("confirm_totp")?.token(&person.access).body(&json!({ "code": code }));
    let answer = ask(stage, request).await?;
    Ok(answer["recovery_codes"][0].as_str().ok_or("no recovery codes")?.to_owned())
}

/// Begins to enrol; the code that the app shows now.
async fn begun(stage: &mut Stage, person: &Person) -> Result<String, Failure> {
    let answer = ask(stage, Request::of("enrol_totp")?.token(&person.access)).await?;
    let secret = answer["secret"].as_str().ok_or("no secret")?;
    let step = stage.app.clock.now().as_second().div_euclid(30);
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).map_err(|error| error.to_string())?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(mac.as_ref()[19] % 16);
    let number = u32::from_be_bytes(mac.as_ref()[offset..offset + 4].try_into()?);
    Ok(format!("{:06}", (number & 0x7fff_ffff) % 1_000_000))
}

async fn ask(stage: &mut Stage, request: Request) -> Result<Value, Failure> {
    let request = request.from(stage.number());
    let answer = stage.auth().await?.invoke(request.event()).await?;
    if answer.status >= 300 {
        return Err(format!("{}: {}", request.route(), answer.body).into());
    }
    Ok(answer.body)
}
