//! A forger who has a key of its own, and one whose key is even on the list.

use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::{Call, Person, Reply, World};

/// The id of the forger's key.
pub const KID: &str = "forged";

/// base64url.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The JSON of a token's part: 0 is the header, 1 the claims.
pub fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The forger's key pair.
pub fn pair() -> &'static RsaKeyPair {
    static PAIR: OnceLock<RsaKeyPair> = OnceLock::new();
    PAIR.get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
}

/// Its public half as a `SubjectPublicKeyInfo` document.
pub fn public_der() -> Vec<u8> {
    let der: PublicKeyX509Der<'_> = pair().public_key().as_der().unwrap();
    der.as_ref().to_vec()
}

/// A token of any header and claims, signed by the forger.
pub fn sign_text(header: &str, claims: &str) -> String {
    sign_with(&RSA_PKCS1_SHA256, header, claims)
}

/// Signed with another RSA signature scheme.
pub fn sign_with(scheme: &'static dyn RsaEncoding, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let mut signature = vec![0; pair().public_modulus_len()];
    pair().sign(scheme, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", encode(&signature))
}

/// A token of any header and claims, signed by the forger.
pub fn sign(header: &Value, claims: &Value) -> String {
    sign_text(&header.to_string(), &claims.to_string())
}

/// The header that a good token has.
pub fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "RS256", "kid": KID })
}

/// A world in which the forger's key is on the list, somebody signed in there, and
/// the claims of that person's token: signed by the forger they are good.
pub async fn stage() -> (World, Person, Value) {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let key = pair().public_key();
    let entry: AttributeValue = serde_dynamo::to_attribute_value(json!({
        "kid": KID,
        "n": encode(key.modulus().big_endian_without_leading_zero()),
        "e": encode(key.exponent().big_endian_without_leading_zero()),
        "created_at": tests::START,
        "signs_from": "2099-01-01T00:00:00Z",
    }))
    .unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = world.client.update_item().table_name(&world.table);
    update
        .key("PK", text("KEYS"))
        .key("SK", text("PUBLIC"))
        .update_expression("SET #keys = list_append(#keys, :key)")
        .expression_attribute_names("#keys", "keys")
        .expression_attribute_values(":key", AttributeValue::L(vec![entry]))
        .send()
        .await
        .unwrap();
    let claims = part(&ada.access_token, 1);
    present(&world, &sign(&header(), &claims)).await.ok(200);
    (world, ada, claims)
}

/// Presents a token as a bearer.
pub async fn present(world: &World, token: &str) -> Reply {
    world.call(Call::new("GET", "/users/me").token(token)).await
}

/// Panics unless the token is refused.
pub async fn refused(world: &World, what: &str, token: &str) {
    let reply = present(world, token).await;
    assert_eq!((reply.status, reply.code()), (401, "invalid_access_token"), "{what}: {}", reply.body);
    assert_eq!(reply.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{what}");
}
