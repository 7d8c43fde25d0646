//! Posts and comments: each is found where all of them are, and what says that there
//! is one says so of one that is there.

use super::{Table, name, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut has = |item, pk: &str, sk: &str| {
        if table.get(pk, sk).is_none() {
            found.push(format!("{}: there is no {pk} / {sk}", name(item)));
        }
    };
    let mut posts = 0;
    for post in table.all("POST#", "POST") {
        let (id, author) = (text(post, "id"), text(post, "author_id"));
        has(post, "POSTS", &format!("POST#{id}"));
        has(post, &format!("AUTHOR#{author}"), &format!("POST#{id}"));
        posts += 1;
    }
    for comment in table.all("POST#", "COMMENT#") {
        let (id, post, author) = (text(comment, "id"), text(comment, "post_id"), text(comment, "author_id"));
        has(comment, &format!("AUTHOR#{author}"), &format!("COMMENT#{post}#{id}"));
    }
    for authored in table.all("AUTHOR#", "POST#") {
        has(authored, &format!("POST#{}", text(authored, "post_id")), "POST");
    }
    for authored in table.all("AUTHOR#", "COMMENT#") {
        let (post, id) = (text(authored, "post_id"), text(authored, "comment_id"));
        has(authored, &format!("POST#{post}"), &format!("COMMENT#{id}"));
    }
    let listed = table.all("POSTS", "").count();
    if listed != posts {
        found.push(format!("{listed} posts are listed of {posts}"));
    }
    found
}
