//! The `users` function.

fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(users::SETTINGS, users::routes)
}
