//! JSON of other systems: Auth0, Firebase, Keycloak.

use serde_json::json;
use shared::model::Status;
use tests::{PASSWORD, Person};

use super::{BCRYPT, import, installation, lines, user};

#[tokio::test(flavor = "multi_thread")]
async fn the_exports_of_auth0_and_firebase_are_read() {
    let world = installation().await;
    let auth0 = json!({
        "user_id": "auth0|64f0", "email": "ada@example.com", "email_verified": true, "name": "ada@example.com",
        "given_name": "Ada", "nickname": "ada", "created_at": "2023-09-01T10:00:00.000Z",
        "last_login": "2024-01-01T00:00:00.000Z", "logins_count": 7, "passwordHash": BCRYPT,
    });
    let said = import(&world, "auth0.json", &lines(&[auth0]), &["--from", "auth0"]).await;
    assert!(said.ok, "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!((ada.external_id.as_deref(), ada.name), (Some("auth0|64f0"), None));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;

    let firebase = json!({ "users": [{
        "localId": "Xy12", "email": "user1@example.com", "emailVerified": true, "displayName": "User One",
        "passwordHash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        "salt": "42xEC+ixf3L2lw==", "createdAt": "1600000000000", "disabled": false, "providerUserInfo": [],
    }] });
    let wanting = import(&world, "users.json", &firebase.to_string(), &["--from", "firebase"]).await;
    assert!(wanting.err.contains("--firebase-signer-key"), "{}", wanting.err);
    let signer = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let more = ["--from", "firebase", "--firebase-signer-key", signer];
    let said = import(&world, "users.json", &firebase.to_string(), &more).await;
    assert!(said.ok, "{}", said.err);
    let one = user(&world, "user1@example.com").await;
    assert_eq!((one.status, one.id.created_at().as_second()), (Status::Active, 1_600_000_000));
    Person::sign_in(&world, "user1@example.com", "user1password").await;
}

/// A credential of a realm's export, as Keycloak writes it.
#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_keycloak_are_taken_as_they_are() {
    let world = installation().await;
    let pbkdf2 = json!({
        "type": "password",
        "secretData": "{\"value\":\"Ca/W1uHPdOF53bPWSQyrHQQPdk6KOe20VTbaw0U+WWswH2gciKNBqwk+H7RPgAmCshFAhVRLSSar72bo1/g8dA==\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\",\"additionalParameters\":{}}",
        "credentialData": "{\"hashIterations\":27500,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}",
    });
    let argon2 = json!({
        "secretData": "{\"value\":\"8cZyfmGLYgTYc8avb2ZXWqFShr92bklhQdS/tplOl9k=\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\"}",
        "credentialData": "{\"hashIterations\":5,\"algorithm\":\"argon2\",\"additionalParameters\":{\"hashLength\":[\"32\"],\"memory\":[\"7168\"],\"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}",
    });
    let rows = [
        json!({ "email": "ada@example.com", "password_hash": pbkdf2 }),
        json!({ "email": "bob@example.com", "password_hash": argon2.to_string() }),
    ];
    let said = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert!(said.ok, "{}", said.err);
    for email in ["ada@example.com", "bob@example.com"] {
        Person::sign_in(&world, email, PASSWORD).await;
    }
}
