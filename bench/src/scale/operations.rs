//! What is measured at every size.

use serde_json::{Value, json};
use shared::http::Cursor;
use shared::store::{Filter, Selection};

use super::fill::PASSWORD;
use super::town::Town;
use crate::Failure;
use crate::request::Request;
use crate::runtime::Answer;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// The newest users.
    First,
    /// A page in the middle.
    Deep,
    /// Those who are deactivated: 2 of 100.
    Filtered,
    /// By the beginning of an address.
    Email,
    /// By the beginning of a username.
    Username,
    /// By the beginning of a name.
    Name,
    /// With a password.
    Login,
    /// With a refresh token.
    Refresh,
    /// One's own profile.
    Me,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::First,
        Self::Deep,
        Self::Filtered,
        Self::Email,
        Self::Username,
        Self::Name,
        Self::Login,
        Self::Refresh,
        Self::Me,
    ];

    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "GET /admin/users, first page",
            Self::Deep => "GET /admin/users, a page in the middle",
            Self::Filtered => "GET /admin/users?status=deactivated",
            Self::Email => "GET /admin/users?email=ma",
            Self::Username => "GET /admin/users?username=ma",
            Self::Name => "GET /admin/users?name=ma",
            Self::Login => "POST /auth/login",
            Self::Refresh => "POST /auth/refresh",
            Self::Me => "GET /users/me",
        }
    }

    /// Who serves it.
    #[must_use]
    pub fn function(self) -> &'static str {
        match self {
            Self::Login | Self::Refresh => "auth",
            Self::Me => "users",
            _ => "admin",
        }
    }

    /// The event of the `round`th request in a town.
    ///
    /// # Errors
    /// There is no sample of it.
    pub fn event(self, town: &mut Town, round: usize) -> Result<Value, Failure> {
        let at = round % town.people.len();
        let request = match self {
            Self::Login => {
                let body = json!({ "email": town.somebody()?, "password": PASSWORD });
                Request::of("login")?.body(&body)
            }
            Self::Refresh => {
                Request::of("refresh")?.body(&json!({ "refresh_token": town.people[at].refresh }))
            }
            Self::Me => Request::of("get_me")?.token(&town.people[at].access),
            Self::First => listing(town, "limit=25")?,
            Self::Deep => {
                let cursor = middle(town)?;
                listing(town, &format!("limit=25&cursor={cursor}"))?
            }
            Self::Filtered => listing(town, "limit=25&status=deactivated")?,
            Self::Email => listing(town, "limit=25&email=ma")?,
            Self::Username => listing(town, "limit=25&username=ma")?,
            Self::Name => listing(town, "limit=25&name=ma")?,
        };
        Ok(request.from(town.random.u64(..1 << 24)).event().clone())
    }

    /// Looks at the answer, and keeps what the next request needs.
    ///
    /// # Errors
    /// It is not what it should be.
    pub fn settle(self, town: &mut Town, round: usize, answer: &Answer) -> Result<(), Failure> {
        if answer.status != 200 {
            return Err(format!("{}: {} {}", self.name(), answer.status, answer.body).into());
        }
        let at = round % town.people.len();
        if self == Self::Refresh {
            let token = answer.body["refresh_token"].as_str().unwrap_or_default();
            token.clone_into(&mut town.people[at].refresh);
        }
        let listed = answer.body["data"].as_array().map(Vec::len);
        let expected = match self {
            Self::Login | Self::Refresh | Self::Me => None,
            // Of the 1,000 that a page looks at.
            Self::Filtered => Some(20),
            _ => Some(25),
        };
        if listed != expected {
            return Err(format!("{}: a page of {listed:?}", self.name()).into());
        }
        Ok(())
    }
}

fn listing(town: &Town, query: &str) -> Result<Request, Failure> {
    Ok(Request::of("list_users")?.token(&town.admin).query(query))
}

/// A cursor somewhere between the second and the third quarter.
fn middle(town: &mut Town) -> Result<String, Failure> {
    let number = town.population.number;
    let at = town.random.u64(number / 4..number * 3 / 4);
    let list = format!("{:?} {:?}", Selection::Newest, Filter::default());
    Ok(Cursor::encode(&list, &town.population.account(at)?.user.id.to_string()))
}
