//! The `posts` function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(posts::SETTINGS, posts::routes).await
}
