//! The `users` function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(users::SETTINGS, users::routes).await
}
