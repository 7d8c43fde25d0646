//! `GET /admin/users`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::App;
use shared::http::{AdminCaller, Cursor, Limit, Page, Problem, Problems, Query};
use shared::model::{Role, Status, UserDocument, listed_name};
use shared::store::{Filter, Selection};
use utoipa::{IntoParams, ToSchema};

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    Newest,
    Oldest,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListUsers {
    /// How many at most, 25 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only those with this role.
    #[param(inline)]
    role: Option<Role>,
    /// `newest` first, if not given. Not with a prefix.
    #[param(inline)]
    order: Option<Order>,
    /// Only those whose address begins so, in alphabetical order.
    #[param(min_length = 1, max_length = 254)]
    email: Option<String>,
    /// Only those whose username begins so, in alphabetical order.
    #[param(min_length = 1, max_length = 30)]
    username: Option<String>,
    /// Only those whose name (the full one; else first and last name) begins so, in
    /// alphabetical order, whatever the case.
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
}

/// List users
///
/// A page looks at 1,000 users at most: with a filter it may be short, even
/// empty, while `has_more` is true.
#[utoipa::path(
    get, path = "/admin/users", tag = "admin", params(ListUsers), security(("bearer" = [])),
    responses((status = 200, description = "A page of users", body = Page<UserDocument>), Problems)
)]
pub(crate) async fn list_users(
    State(app): State<App>,
    AdminCaller(_): AdminCaller,
    Query(query): Query<ListUsers>,
) -> Result<Json<Page<UserDocument>>, Problem> {
    let selection = selection(&query)?;
    let filter = Filter { status: query.status, role: query.role };
    let list = format!("{selection:?} {filter:?}");
    let after = query.cursor.map(|cursor| Cursor::decode(&list, &cursor)).transpose()?;
    if after.as_deref().is_some_and(|position| !selection.has_position(position)) {
        return Err(Problem::InvalidCursor);
    }
    let limit = query.limit.unwrap_or_default().get();
    let listed = app.store.list_users(&selection, filter, after, limit).await?;
    let next = listed.next.map(|position| Cursor::encode(&list, &position));
    Ok(Json(Page::new(listed.users.iter().map(UserDocument::from).collect(), next)))
}

fn selection(query: &ListUsers) -> Result<Selection, Problem> {
    let refused = |detail: &str| Err(Problem::InvalidQuery(detail.to_owned()));
    let prefix = listed_name;
    let fits = |text: &str, most: usize| {
        (1..=most).contains(&prefix(text).chars().count()) && !text.chars().any(char::is_control)
    };
    match (&query.email, &query.username, &query.name, query.order) {
        (None, None, None, Some(Order::Oldest)) => Ok(Selection::Oldest),
        (None, None, None, _) => Ok(Selection::Newest),
        (Some(text), None, None, None) if fits(text, 254) => Ok(Selection::Email(prefix(text))),
        (None, Some(text), None, None) if fits(text, 30) => Ok(Selection::Username(prefix(text))),
        (None, None, Some(text), None) if fits(text, 100) => Ok(Selection::Name(prefix(text))),
        (Some(_), None, None, None) | (None, Some(_), None, None) | (None, None, Some(_), None) => refused(
            "A prefix has 1 to 254 characters, of a username 1 to 30, of a name 1 to 100; none of control.",
        ),
        (_, _, _, Some(_)) => refused("With a prefix the order is alphabetical."),
        _ => refused("Give a prefix of one of email, username and name."),
    }
}
