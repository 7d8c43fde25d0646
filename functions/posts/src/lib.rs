//! `/posts/**`: posts and comments, the example of your own resource behind Usher. Who
//! is active reads and writes; its author or an admin changes and deletes.

mod comment;
mod comments;
mod path;
mod permission;
mod post;
mod posts;

use shared::config::Setting;
use shared::http::Routes;
use shared::routes;

/// The settings that this function uses.
pub const SETTINGS: &[Setting] = &[
    Setting::TableName,
    Setting::AdminMfa,
    Setting::TokenAudience,
    Setting::WriteLimit,
    Setting::PublicUrl,
    Setting::CorsOrigins,
];

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(posts::list_posts, posts::create_post))
        .routes(routes!(post::get_post, post::update_post, post::delete_post))
        .routes(routes!(comments::list_comments, comments::create_comment))
        .routes(routes!(comment::update_comment, comment::delete_comment))
}
