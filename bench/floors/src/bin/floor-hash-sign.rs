//! One argon2id hash in a buffer that is kept, and one RS256 signature.

use std::cell::RefCell;

use floors::{answer, hash, sign, signing_key};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (key, memory) = (&signing_key()?, &RefCell::new(Vec::new()));
    let work = async move |event: LambdaEvent<Value>| {
        let password = event.payload["password"].as_str().unwrap_or_default();
        let hash = hash(password.as_bytes(), &mut memory.borrow_mut())?;
        Ok::<_, Error>(answer(&json!({ "hash": hash, "signature": sign(key)? })))
    };
    run(service_fn(work)).await
}
