//! Those who call, those on whom they call, and a request that is good for each
//! operation, so that only who calls decides.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::{Agent, PasswordHash, Role, Status, User};
use tests::{Call, Factor, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

/// Who calls, and on whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Anonymous,
    UserOnItself,
    UserOnAnother,
    AdminOnUser,
    AdminOnAdmin,
    Deactivated,
    Expired,
}

/// In the order of the table's columns.
pub(crate) const EVERYONE: [Who; 7] = [
    Who::Anonymous,
    Who::UserOnItself,
    Who::UserOnAnother,
    Who::AdminOnUser,
    Who::AdminOnAdmin,
    Who::Deactivated,
    Who::Expired,
];

/// People made for one request.
pub(crate) struct Cast {
    name: String,
    pub(crate) user: Person,
    pub(crate) admin: Person,
    pub(crate) other_admin: Person,
}

impl Cast {
    /// Those whom the operation needs for that call; only who has to is signed in.
    pub(crate) async fn new(world: &World, who: Who, id: &str) -> Self {
        let name = format!("{:016x}", fastrand::u64(..));
        let of_sessions = matches!(id, "refresh" | "end_my_session");
        let is_user = matches!(who, Who::UserOnItself | Who::UserOnAnother);
        let is_admin = !is_user && who != Who::Anonymous;
        let signed_in = is_user || of_sessions;
        let user = someone(world, &format!("user-{name}@example.com"), Role::User, signed_in).await;
        let admin = someone(world, &format!("admin-{name}@example.com"), Role::Admin, is_admin).await;
        let other = someone(world, &format!("other-{name}@example.com"), Role::Admin, of_sessions).await;
        Self { name, user, admin, other_admin: other }
    }

    /// Calls the operation as `who`.
    pub(crate) async fn call(&self, world: &World, who: Who, method: &str, path: &str, id: &str) -> Reply {
        world.call(self.request(world, who, method, path, id).await).await
    }

    /// The request with which `who` calls the operation.
    pub(crate) async fn request(&self, world: &World, who: Who, method: &str, path: &str, id: &str) -> Call {
        let (caller, target) = match who {
            Who::Anonymous => (None, &self.user),
            Who::UserOnItself => (Some(&self.user), &self.user),
            Who::UserOnAnother => (Some(&self.user), &self.third(world, id).await),
            Who::AdminOnUser => (Some(&self.admin), &self.user),
            Who::AdminOnAdmin => (Some(&self.admin), &self.other_admin),
            Who::Deactivated | Who::Expired => (Some(&self.admin), &self.admin),
        };
        let written = if path.starts_with("/posts/") { Some(written(world, target).await) } else { None };
        let (post, comment) = written.unwrap_or_default();
        let segment = match id {
            "end_my_session" => &target.session_id,
            _ if path.starts_with("/posts/") => &post,
            "docs_asset" => "swagger-ui.css",
            "page_asset" => "pages.js",
            "mail_page" => "reset-password",
            _ => &target.id,
        };
        let path = ["{id}", "{file}", "{page}"]
            .iter()
            .fold(path.to_owned(), |path, part| path.replace(part, segment))
            .replace("{comment_id}", &comment);
        match who {
            Who::Deactivated => self.deactivate(world).await,
            Who::Expired => world.wait(SignedDuration::from_mins(15)),
            _ => {}
        }
        if id == "restore_user" && matches!(who, Who::AdminOnUser | Who::AdminOnAdmin) {
            let user = world.stored(&target.id).await.unwrap();
            let grace = SignedDuration::from_hours(24 * 7);
            world.store.begin_deletion(&Agent::operator(), &user, grace).await.unwrap().unwrap();
        }
        let call = Call::new(method, &path);
        let is_out = matches!(who, Who::Deactivated | Who::Expired);
        let factor_of = match id {
            "remove_mfa" if matches!(who, Who::AdminOnUser | Who::AdminOnAdmin) => Some(target),
            "confirm_totp" | "disable_totp" | "create_recovery_codes" if !is_out => caller,
            _ => None,
        };
        if id == "invite_again" {
            world.set_hash(&target.id, &PasswordHash::none().0).await;
        }
        let code = code(world, id, factor_of).await;
        let call = match self.body(world, id, &code).await {
            Some(body) => call.json(&body),
            None => call,
        };
        caller.map_or(call.clone(), |caller| call.token(&caller.access_token))
    }

    /// An address that nobody has.
    pub(crate) fn new_email(&self) -> String {
        format!("new-{}@example.com", self.name)
    }

    async fn third(&self, world: &World, id: &str) -> Person {
        let email = format!("third-{}@example.com", self.name);
        someone(world, &email, Role::User, id == "end_my_session").await
    }

    async fn deactivate(&self, world: &World) {
        let admin: User = world.stored(&self.admin.id).await.unwrap();
        world.store.set_status(&Agent::operator(), &admin, Status::Deactivated).await.unwrap().unwrap();
    }

    /// A body with which the operation does what it is for.
    async fn body(&self, world: &World, id: &str, code: &str) -> Option<Value> {
        let email = &self.user.email;
        let new = self.new_email();
        Some(match id {
            "register" => json!({ "email": new, "password": PASSWORD }),
            "confirm_registration" => {
                world.post("/auth/register", json!({ "email": new, "password": PASSWORD })).await.ok(202);
                json!({ "token": world.token_for(&new).await, "password": PASSWORD })
            }
            "verify_email" => {
                world.make_user(&new, |user| user.email_verified = false).await;
                world.post("/auth/resend-verification", json!({ "email": new })).await.ok(202);
                json!({ "token": world.token_for(&new).await })
            }
            "accept_invite" => {
                let invite = |user: &mut User| user.password_hash = PasswordHash::none();
                let user = world.make_user(&new, invite).await;
                assert!(world.store.invite_again(&Agent::operator(), &user).await.unwrap().is_ok());
                json!({ "token": world.token_for(&new).await, "password": PASSWORD })
            }
            "create_user" => json!({ "email": new, "name": "Somebody" }),
            "resend_verification" | "forgot_password" => json!({ "email": email }),
            "login" => json!({ "email": email, "password": PASSWORD }),
            "finish_sign_in" => {
                let user = Person::sign_in(world, email, PASSWORD).await;
                let factor = Factor::enrolled(world, &user).await;
                let token = Person::password_step(world, email, PASSWORD).await;
                json!({ "mfa_token": token, "code": factor.recovery[0] })
            }
            "confirm_totp" | "create_recovery_codes" => json!({ "code": code }),
            "disable_totp" => json!({ "password": PASSWORD, "code": code }),
            "refresh" => json!({ "refresh_token": self.user.refresh_token }),
            "reset_password" => {
                world.post("/auth/forgot-password", json!({ "email": email })).await.ok(202);
                json!({ "token": world.token_for(email).await, "new_password": OTHER_PASSWORD })
            }
            "revoke" => {
                let id = self.user.id.parse().unwrap();
                let user = world.store.user(id).await.unwrap().unwrap();
                world.store.set_role(&Agent::operator(), &user, user.role).await.unwrap().unwrap();
                json!({ "token": world.undo_for(email).await })
            }
            "update_me" | "update_user" | "admin_update_user" => json!({ "name": "Somebody" }),
            "change_password" => json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD }),
            "change_email" => json!({ "current_password": PASSWORD, "new_email": new }),
            "change_role" => json!({ "role": Role::User }),
            "create_post" | "update_post" => json!({ "title": "New words", "body": "New words" }),
            "create_comment" | "update_comment" => json!({ "body": "New words" }),
            _ => return None,
        })
    }
}

/// The ids of a post that somebody wrote, and of a comment of its own on it.
async fn written(world: &World, author: &Person) -> (String, String) {
    let post = world.write_post(&author.id, "Old words").await;
    let comment = world.write_comment(&author.id, post.id, "Old words").await;
    (post.id.to_string(), comment.id.to_string())
}

/// A code that is good for the operation, from somebody who has a factor for it;
/// whoever has none gives any.
async fn code(world: &World, id: &str, owner: Option<&Person>) -> String {
    let Some(owner) = owner else { return "123456".to_owned() };
    if id == "confirm_totp" {
        return Factor::begun(world, owner).await.code(world);
    }
    let signed_in = match owner.access_token.as_str() {
        "" => &Person::sign_in(world, &owner.email, PASSWORD).await,
        _ => owner,
    };
    Factor::enrolled(world, signed_in).await.recovery.remove(0)
}

/// Somebody new, signed in if need be.
async fn someone(world: &World, email: &str, role: Role, signed_in: bool) -> Person {
    let user = world.make_user(email, |user| user.role = role).await;
    if signed_in {
        return Person::sign_in(world, email, PASSWORD).await;
    }
    Person {
        id: user.id.to_string(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        access_token: String::new(),
        refresh_token: String::new(),
        session_id: String::new(),
    }
}
