//! `/posts`.

use serde_json::json;
use shared::model::{Comment, CommentId, Post, PostId, UserId};
use shared::store::{Counter, Limit};

use crate::Failure;
use crate::request::Request;
use crate::stage::Stage;

/// A page of posts or comments has so many.
const PAGE: usize = 25;

pub(super) async fn request(stage: &mut Stage, id: &str, request: Request) -> Result<Request, Failure> {
    let person = stage.person(|_| ()).await?;
    let request = request.token(&person.access);
    let author = person.user.id;
    Ok(match id {
        "create_post" => request.body(&json!({ "title": "A title", "body": "A body of a few words" })),
        "list_posts" => {
            // A whole page from the first time on.
            let missing = if stage.number() == 1 { PAGE } else { 1 };
            for _ in 0..missing {
                post(stage, author).await?;
            }
            request
        }
        _ => {
            let post = post(stage, author).await?;
            let post_id = post.to_string();
            match id {
                "update_post" => request.at(&[&post_id]).body(&json!({ "title": "Another title" })),
                "list_comments" => {
                    for _ in 0..PAGE {
                        comment(stage, author, post).await?;
                    }
                    request.at(&[&post_id])
                }
                "create_comment" => request.at(&[&post_id]).body(&json!({ "body": "A comment" })),
                "update_comment" => {
                    let comment = comment(stage, author, post).await?;
                    request.at(&[&post_id, &comment]).body(&json!({ "body": "Another comment" }))
                }
                "delete_comment" => request.at(&[&post_id, &comment(stage, author, post).await?]),
                _ => request.at(&[&post_id]),
            }
        }
    })
}

async fn post(stage: &Stage, author_id: UserId) -> Result<PostId, Failure> {
    let now = stage.app.clock.now();
    let text = "Words ".repeat(20);
    let title = "A title".to_owned().try_into().map_err(|_| "a title")?;
    let body = text.try_into().map_err(|_| "a text")?;
    let post = Post { id: PostId::new(now), author_id, title, body, updated_at: now };
    let _ = stage.app.store.create_post(&post, &Counter::new("write", "", Limit::Off, now)).await?;
    Ok(post.id)
}

async fn comment(stage: &Stage, author_id: UserId, post_id: PostId) -> Result<String, Failure> {
    let now = stage.app.clock.now();
    let body = "A comment of a few words".to_owned().try_into().map_err(|_| "a text")?;
    let comment = Comment { id: CommentId::new(now), post_id, author_id, body, updated_at: now };
    let _ = stage.app.store.create_comment(&comment, &Counter::new("write", "", Limit::Off, now)).await?;
    Ok(comment.id.to_string())
}
