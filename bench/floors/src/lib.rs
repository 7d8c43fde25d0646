//! What the floors share: the SDK's client with the settings of Usher's, a signing key, a hash.

use std::collections::HashMap;
use std::fmt::Display;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_http::{Body, Error, Request, Response};
use serde_json::{Value, from_slice};

/// An item's key, as the client takes it.
pub type Key = HashMap<String, AttributeValue>;

/// The SDK's client, with Usher's settings: time limits, retries, roots.
#[must_use]
pub fn client() -> Client {
    Client::new(&shared::aws::sdk_config())
}

/// What the request's body asks for.
///
/// # Errors
/// It is no JSON.
pub fn asked(request: &Request) -> Result<Value, Error> {
    from_slice(request.body().as_ref()).map_err(failed)
}

/// Table and key.
#[must_use]
pub fn place(asked: &Value) -> (String, Key) {
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let key = ["PK", "SK"].map(|name| (name.to_owned(), AttributeValue::S(text(name))));
    (text("table"), HashMap::from(key))
}

/// One `UpdateItem` of the item that is asked for.
///
/// # Errors
/// The table did not take it.
pub async fn update(client: &Client, request: &Request) -> Result<(), Error> {
    let (table, key) = place(&asked(request)?);
    let write = client.update_item().table_name(table).set_key(Some(key)).update_expression("ADD times :one");
    let one = AttributeValue::N("1".to_owned());
    write.expression_attribute_values(":one", one).send().await.map_err(failed)?;
    Ok(())
}

/// An answer with a JSON body.
///
/// # Errors
/// The answer cannot be built.
pub fn answer(body: &Value) -> Result<Response<Body>, Error> {
    let answer = Response::builder().header("content-type", "application/json");
    answer.body(body.to_string().into()).map_err(failed)
}

/// Any error, for the runtime.
pub fn failed(error: impl Display) -> Error {
    error.to_string().into()
}

/// A new 2,048-bit key.
///
/// # Errors
/// The key could not be made.
pub fn signing_key() -> Result<RsaKeyPair, Error> {
    RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)
}

/// One RS256 signature over as much as a token of ours has.
///
/// # Errors
/// The key does not sign.
pub fn sign(key: &RsaKeyPair) -> Result<Vec<u8>, Error> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &[b'a'; 700], &mut signature).map_err(failed)?;
    Ok(signature)
}

/// One argon2id hash with Usher's parameters, in a buffer that is kept.
///
/// # Errors
/// The parameters are refused.
pub fn hash(password: &[u8], memory: &mut Vec<Block>) -> Result<[u8; 32], Error> {
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(failed)?;
    memory.resize(params.block_count(), Block::new());
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, &[7; 16], &mut out, memory)
        .map_err(failed)?;
    Ok(out)
}
