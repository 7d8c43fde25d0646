//! Keycloak's way to write a password's hash: a credential of its realm export, an
//! object that holds two texts of JSON.

use serde_json::{Value, json};

/// The hash as one text, in the Modular Crypt Format; `None`: it is no such credential.
pub(super) fn password_hash(value: &Value) -> Option<Value> {
    let read = |value: &Value| match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        Value::Object(_) => Some(value.clone()),
        _ => None,
    };
    let credential: Value = read(value)?;
    let (secret, data) = (read(&credential["secretData"])?, read(&credential["credentialData"])?);
    let plain = |value: &Value| Some(value.as_str()?.trim_end_matches('=').to_owned());
    let (salt, hash) = (plain(&secret["salt"])?, plain(&secret["value"])?);
    let (algorithm, passes) = (data["algorithm"].as_str()?, data["hashIterations"].as_u64()?);
    if algorithm != "argon2" {
        return Some(json!(format!("${algorithm}${passes}${salt}${hash}")));
    }
    let more = |name: &str| data["additionalParameters"][name][0].as_str();
    let (kind, memory, lanes) = (more("type")?, more("memory")?, more("parallelism")?);
    let version = if more("version") == Some("1.0") { 16 } else { 19 };
    Some(json!(format!("$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}${salt}${hash}")))
}
