//! `/users`.

use serde_json::json;

use crate::Failure;
use crate::request::Request;
use crate::stage::{OTHER_PASSWORD, PASSWORD, Stage};

pub(super) async fn request(stage: &mut Stage, id: &str, request: Request) -> Result<Request, Failure> {
    let person = stage.person(|_| ()).await?;
    let request = request.token(&person.access);
    Ok(match id {
        "update_me" => request.body(&json!({ "name": "Ada Lovelace" })),
        "change_password" => {
            request.body(&json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD }))
        }
        "change_email" => {
            request.body(&json!({ "current_password": PASSWORD, "new_email": stage.address() }))
        }
        "end_my_session" => {
            let other = stage.sign_in(person.user).await?;
            request.at(&[&other.session])
        }
        "update_user" => request.at(&[&person.id]).body(&json!({ "first_name": "Ada", "last_name": null })),
        "get_user" | "delete_user" => request.at(&[&person.id]),
        _ => request,
    })
}
