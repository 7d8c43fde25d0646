//! CSV, ours and Cognito's.

use serde_json::json;
use shared::model::Role;
use tests::{PASSWORD, Person};

use super::{WERKZEUG, import, installation, user};

#[tokio::test(flavor = "multi_thread")]
async fn csv_has_a_header_and_empty_fields() {
    let world = installation().await;
    let text = format!(
        "\u{feff}email,email_verified,name,role,password_hash\r\n\
         ada@example.com,True,\"Lovelace, Ada\",,{WERKZEUG}\r\n\
         bob@example.com,,,admin,\r\n\
         too,many,fields,are,in,this\r\n"
    );
    let said = import(&world, "users.csv", &text, &[]).await;
    assert!(said.err.contains("2 made, 0 there already, 1 refused"), "{}", said.err);
    assert!(said.err.contains("line 4: is no line of this CSV"), "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!((ada.email_verified, ada.name.unwrap().as_str()), (true, "Lovelace, Ada"));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let bob = user(&world, "bob@example.com").await;
    assert_eq!((bob.role, bob.email_verified), (Role::Admin, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_without_a_password_sets_one_by_mail() {
    let world = installation().await;
    let text = "cognito:username,sub,email,email_verified,given_name,family_name,phone_number,cognito:mfa_enabled\n\
                ada,1f0c8a52-6a4d-4c57-9a7e-2f1d3b5c7e90,ada@example.com,true,Ada,Lovelace,,false\n";
    let said = import(&world, "pool.csv", text, &["--from", "cognito"]).await;
    assert!(said.ok, "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!(ada.external_id.as_deref(), Some("1f0c8a52-6a4d-4c57-9a7e-2f1d3b5c7e90"));
    let body = |password: &str| json!({ "email": "ada@example.com", "password": password });
    for password in ["!", PASSWORD] {
        world.post("/auth/login", body(password)).await.refused(401, "invalid_credentials");
    }
    let _ = world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let reset = json!({ "token": token, "new_password": PASSWORD });
    let _ = world.post("/auth/reset-password", reset).await.ok(204);
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
}
