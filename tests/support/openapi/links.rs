//! Links (OpenAPI 3.1, "Link Object"): which answer holds what another operation
//! asks for.

use serde_json::{Value, json};

/// Where an answer, by its schema, holds the id of a user.
const USERS: [(&str, &str); 3] =
    [("UserDocument", "/id"), ("TokenAnswer", "/user/id"), ("Page_UserDocument", "/data/0/id")];
/// Where an answer holds the id of one of the caller's own sessions.
const SESSIONS: [(&str, &str); 2] = [("TokenAnswer", "/session_id"), ("Page_SessionDocument", "/data/0/id")];
/// Where an answer holds the id of a post.
const POSTS: [(&str, &str); 4] = [
    ("PostDocument", "/id"),
    ("Page_PostDocument", "/data/0/id"),
    ("CommentDocument", "/post_id"),
    ("Page_CommentDocument", "/data/0/post_id"),
];
/// Where an answer that holds the id of a comment, too, has it.
const COMMENTS: [(&str, &str); 2] = [("CommentDocument", "/id"), ("Page_CommentDocument", "/data/0/id")];

/// Adds to each answer the operations that what it holds leads to.
pub(super) fn add(document: &mut Value) {
    let mut on_users = Vec::new();
    let mut on_own_sessions = Vec::new();
    let mut on_posts = Vec::new();
    super::each_operation(document, |path, _, operation| {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        if path.contains("/sessions/{id}") {
            on_own_sessions.push(id);
        } else if path.starts_with("/posts/") {
            on_posts.push((id, path.contains("/{comment_id}")));
        } else if path.contains("/{id}") {
            on_users.push(id);
        }
    });
    super::each_operation(document, |path, _, operation| {
        let is_own = !path.starts_with("/admin");
        for (status, response) in operation["responses"].as_object_mut().unwrap() {
            let schema = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
            let Some(schema) = schema.and_then(|path| path.rsplit('/').next()).map(str::to_owned) else {
                continue;
            };
            if !status.starts_with('2') {
                continue;
            }
            for (_, pointer) in USERS.iter().filter(|(name, _)| *name == schema) {
                for id in &on_users {
                    link(response, id, "parameters", "id", pointer);
                }
            }
            for (_, pointer) in SESSIONS.iter().filter(|(name, _)| is_own && *name == schema) {
                for id in &on_own_sessions {
                    link(response, id, "parameters", "id", pointer);
                }
            }
            let comment = COMMENTS.iter().find(|(name, _)| *name == schema);
            for (_, pointer) in POSTS.iter().filter(|(name, _)| *name == schema) {
                for (id, is_on_comment) in &on_posts {
                    match comment.filter(|_| *is_on_comment) {
                        Some((_, comment)) => {
                            link(response, id, "parameters", "id", pointer);
                            let given = json!(format!("$response.body#{comment}"));
                            response["links"][id]["parameters"]["comment_id"] = given;
                        }
                        None if *is_on_comment => {}
                        None => link(response, id, "parameters", "id", pointer),
                    }
                }
            }
            if schema == "TokenAnswer" {
                link(response, "refresh", "requestBody", "refresh_token", "/refresh_token");
            }
        }
    });
}

fn link(response: &mut Value, operation: &str, part: &str, name: &str, pointer: &str) {
    let given = json!({ name: format!("$response.body#{pointer}") });
    response["links"][operation] = json!({ "operationId": operation, part: given });
}
