//! More that operations can do than the sample request of each shows.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::{Agent, Status};
use tests::{Call, PASSWORD};

use crate::cast::Who;
use crate::effects::Effect;
use crate::lanes::Lane;
use crate::scene::Scene;

type Change = for<'a> fn(&'a Lane, &'a mut Scene) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// An operation, called otherwise.
pub(crate) struct Extra {
    pub(crate) name: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) who: Who,
    pub(crate) expected: &'static str,
    pub(crate) effect: Effect,
    /// Makes the scene another one.
    pub(crate) change: Change,
}

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

pub(crate) const EXTRAS: &[Extra] = &[
    Extra {
        name: "where the account is made at once",
        operation: "register",
        who: Who::Anonymous,
        expected: "201",
        effect: Effect {
            shows: |items, scene| {
                items.user_of(&scene.new_email).is_object() && items.waits_for(&scene.new_email)
            },
            again: &["409 email_taken"],
        },
        change: |lane, scene| Box::pin(scene.by_new_processes(lane, &[("EMAIL_VERIFICATION", "optional")])),
    },
    Extra {
        name: "the first of an installation, which makes the signing key",
        operation: "login",
        who: Who::Anonymous,
        expected: "200",
        effect: Effect { shows: |items, scene| !items.sessions(&scene.target.id).is_empty(), again: &[] },
        change: |lane, scene| Box::pin(without_keys(lane, scene)),
    },
    Extra {
        name: "the first of an installation, which makes the signing key",
        operation: "jwks",
        who: Who::Anonymous,
        expected: "200",
        effect: Effect { shows: |items, _| items.0.iter().any(|item| item["PK"] == "KEYS"), again: &[] },
        change: |lane, scene| Box::pin(without_keys(lane, scene)),
    },
    Extra {
        name: "with a token that was used before",
        operation: "refresh",
        who: Who::Anonymous,
        expected: "401 refresh_token_reused",
        effect: Effect {
            shows: |items, scene| {
                items.sessions(&scene.target.id).is_empty() && items.waits_for(&scene.target.email)
            },
            again: &["401 session_ended"],
        },
        change: |lane, scene| Box::pin(reused(lane, scene)),
    },
    Extra {
        name: "all but this one",
        operation: "logout",
        who: Who::UserOnItself,
        expected: "204",
        effect: Effect {
            shows: |items, scene| {
                items.user(&scene.caller.id)["session_epoch"].as_u64() > Some(0)
                    && items.is_live(&scene.caller.id, &scene.caller.session_id)
            },
            again: &[],
        },
        change: |_, scene| Box::pin(call(scene, "POST", "/auth/logout?scope=others", None)),
    },
    Extra {
        name: "everywhere",
        operation: "logout",
        who: Who::UserOnItself,
        expected: "204",
        effect: Effect {
            shows: |items, scene| !items.is_live(&scene.caller.id, &scene.caller.session_id),
            again: &["401 session_ended"],
        },
        change: |_, scene| Box::pin(call(scene, "POST", "/auth/logout?scope=global", None)),
    },
    Extra {
        name: "which moves the account to a new address",
        operation: "verify_email",
        who: Who::Anonymous,
        expected: "204",
        effect: Effect {
            shows: |items, scene| items.user(&scene.target.id)["email"] == "moved@example.com",
            again: &["400 invalid_token"],
        },
        change: |lane, scene| Box::pin(moving(lane, scene)),
    },
    Extra {
        name: "which gives the account its address back",
        operation: "revoke",
        who: Who::Anonymous,
        expected: "204",
        effect: Effect {
            shows: |items, scene| {
                let user = items.user(&scene.target.id);
                user["email"] == scene.target.email && user["password_change_required"] == true
            },
            again: &["400 invalid_token"],
        },
        change: |lane, scene| Box::pin(moved(lane, scene)),
    },
    Extra {
        name: "of an account whose address somebody has taken",
        operation: "revoke",
        who: Who::Anonymous,
        expected: "204",
        effect: Effect {
            shows: |items, scene| items.user(&scene.target.id)["status"] == "deactivated",
            again: &["400 invalid_token"],
        },
        change: |lane, scene| Box::pin(taken(lane, scene)),
    },
    Extra {
        name: "a username",
        operation: "update_me",
        who: Who::UserOnItself,
        expected: "200",
        effect: Effect {
            shows: |items, scene| items.user(&scene.caller.id)["username"] == "Countess",
            again: &[],
        },
        change: |_, scene| {
            Box::pin(call(scene, "PATCH", "/users/me", Some(json!({ "username": "Countess" }))))
        },
    },
    Extra {
        name: "an address",
        operation: "admin_update_user",
        who: Who::AdminOnUser,
        expected: "200",
        effect: Effect {
            shows: |items, scene| items.user(&scene.target.id)["email"] == "moved@example.com",
            again: &[],
        },
        change: |_, scene| {
            let path = format!("/admin/users/{}", scene.target.id);
            Box::pin(call(scene, "PATCH", path, Some(json!({ "email": "moved@example.com" }))))
        },
    },
    Extra {
        name: "to admin",
        operation: "change_role",
        who: Who::AdminOnUser,
        expected: "200",
        effect: Effect { shows: |items, scene| items.is_admin(&scene.target.id), again: &[] },
        change: |_, scene| {
            let path = format!("/admin/users/{}/role", scene.target.id);
            Box::pin(call(scene, "PUT", path, Some(json!({ "role": "admin" }))))
        },
    },
    Extra {
        name: "of oneself, which another admin has to witness",
        operation: "change_role",
        who: Who::AdminOnUser,
        expected: "200",
        // From then on it may not ask.
        effect: Effect { shows: |items, scene| !items.is_admin(&scene.caller.id), again: &["403 forbidden"] },
        change: |_, scene| {
            let path = format!("/admin/users/{}/role", scene.caller.id);
            Box::pin(call(scene, "PUT", path, Some(json!({ "role": "user" }))))
        },
    },
    Extra {
        name: "who was shut out",
        operation: "activate_user",
        who: Who::AdminOnUser,
        expected: "200",
        effect: Effect {
            shows: |items, scene| items.user(&scene.target.id)["status"] == "active",
            again: &[],
        },
        change: |lane, scene| Box::pin(shut_out(lane, scene)),
    },
];

fn call(scene: &mut Scene, method: &str, path: impl AsRef<str>, body: Option<Value>) -> Ready<()> {
    let call = Call::new(method, path.as_ref()).token(&scene.caller.access_token);
    scene.call = body.map_or(call.clone(), |body| call.json(&body));
    ready(())
}

/// The same people, but nobody has signed in yet.
async fn without_keys(lane: &Lane, scene: &mut Scene) {
    let user = lane.world.stored(&scene.target.id).await.unwrap();
    lane.empty_wholly().await;
    lane.world.store.create_user(&Agent::operator(), &user, &[]).await.unwrap().unwrap();
    scene.by_new_processes(lane, &[]).await;
}

async fn reused(lane: &Lane, scene: &mut Scene) {
    let successor = scene.target.refresh(&lane.world).await.ok(200);
    assert_ne!(successor.body["refresh_token"], scene.target.refresh_token.as_str());
    lane.world.wait(SignedDuration::from_mins(1));
}

async fn moving(lane: &Lane, scene: &mut Scene) {
    let person = tests::Person::sign_in(&lane.world, &scene.target.email, PASSWORD).await;
    let body = json!({ "new_email": "moved@example.com", "current_password": PASSWORD });
    let _ = person.post(&lane.world, "/users/me/change-email", body).await.ok(202);
    let token = lane.world.token_for("moved@example.com").await;
    scene.call = Call::new("POST", "/auth/verify-email").json(&json!({ "token": token }));
}

async fn moved(lane: &Lane, scene: &mut Scene) {
    moving(lane, scene).await;
    let _ = scene.send(lane).await.ok(204);
    let token = lane.world.undo_for(&scene.target.email).await;
    scene.call = Call::new("POST", "/auth/revoke").json(&json!({ "token": token }));
}

async fn taken(lane: &Lane, scene: &mut Scene) {
    moved(lane, scene).await;
    lane.world.make_user(&scene.target.email, |_| ()).await;
}

async fn shut_out(lane: &Lane, scene: &mut Scene) {
    let user = lane.world.stored(&scene.target.id).await.unwrap();
    lane.world.store.set_status(&Agent::operator(), &user, Status::Deactivated).await.unwrap().unwrap();
}
