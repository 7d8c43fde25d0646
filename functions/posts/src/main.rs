//! The `posts` function.

fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(posts::SETTINGS, posts::routes)
}
