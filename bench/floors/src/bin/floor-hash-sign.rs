//! One argon2id hash in a buffer that is kept, and one RS256 signature.

use std::sync::Mutex;

use floors::{answer, asked, failed, hash, sign, signing_key};
use lambda_http::{Error, Request, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (key, memory) = (&signing_key()?, &Mutex::new(Vec::new()));
    let work = async move |request: Request| {
        let asked = asked(&request)?;
        let password = asked["password"].as_str().unwrap_or_default();
        let hash = hash(password.as_bytes(), &mut *memory.lock().map_err(failed)?)?;
        answer(&json!({ "hash": hash, "signature": sign(key)? }))
    };
    run(service_fn(work)).await
}
