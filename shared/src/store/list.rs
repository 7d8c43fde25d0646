//! Listing users, a page at a time, through the index. The index is read
//! eventually consistent; what is shown of each user is not.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::claim::{NameEntry, listed, position};
use super::item::from_listed;
use super::key::{EMAILS, INDEX, INDEX_PK, INDEX_SK, Item, Key, NAMES, USERNAMES, USERS};
use super::{Store, StoreError};
use crate::model::{Role, Status, User, UserId, Username};

/// Which users, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All, the newest first.
    Newest,
    /// All, the oldest first.
    Oldest,
    /// Those whose address begins so, in alphabetical order.
    Email(String),
    /// Those whose username begins so, in alphabetical order.
    Username(String),
    /// Those whose name begins so, in alphabetical order; in small letters.
    Name(String),
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those with this role.
    pub role: Option<Role>,
}

/// A page of users.
#[derive(Debug)]
pub struct Listed {
    /// The users.
    pub users: Vec<User>,
    /// After which position the next page begins, if there is one.
    pub next: Option<String>,
}

/// A page looks at so many users at most, so with a filter it may be short.
const EVALUATED: usize = 1000;
/// By prefix, so many are looked at in one go.
const BY_PREFIX: usize = 100;

impl Filter {
    fn is_set(self) -> bool {
        self.status.is_some() || self.role.is_some()
    }

    fn admits(self, user: &User) -> bool {
        self.status.is_none_or(|status| status == user.status)
            && self.role.is_none_or(|role| role == user.role)
    }
}

impl Selection {
    fn partition(&self) -> &'static str {
        match self {
            Self::Newest | Self::Oldest => USERS,
            Self::Email(_) => EMAILS,
            Self::Username(_) => USERNAMES,
            Self::Name(_) => NAMES,
        }
    }

    fn prefix(&self) -> Option<&str> {
        match self {
            Self::Newest | Self::Oldest => None,
            Self::Email(prefix) | Self::Username(prefix) | Self::Name(prefix) => Some(prefix),
        }
    }

    /// Whether a position can be one of this selection's: whoever makes a cursor
    /// by hand gets no further than this.
    #[must_use]
    pub fn has_position(&self, position: &str) -> bool {
        match self {
            Self::Newest | Self::Oldest => position.parse::<UserId>().is_ok(),
            Self::Email(prefix) | Self::Username(prefix) | Self::Name(prefix) => {
                position.len() <= 1024
                    && listed(position).is_some_and(|(text, _)| text.starts_with(prefix.as_str()))
            }
        }
    }

    /// The table's key of the item that the index lists at `sort`.
    fn key(&self, sort: &str) -> Key {
        let (text, id) = listed(sort).unwrap_or(("", UserId::NOBODY));
        match self {
            Self::Newest | Self::Oldest => Key::listed_user(sort),
            Self::Email(_) => Key::listed_email(text),
            Self::Username(_) => Key::listed_username(text),
            Self::Name(_) => Key::name(id),
        }
    }

    /// Whose the item is that the index lists at `sort`.
    fn owner(&self, sort: &str) -> Option<UserId> {
        match self {
            Self::Newest | Self::Oldest => sort.parse().ok(),
            Self::Email(_) | Self::Username(_) | Self::Name(_) => Some(listed(sort)?.1),
        }
    }

    /// Where the index lists a user: nowhere, where what it is to be listed by is wanting
    /// or begins otherwise.
    fn position(&self, user: &User) -> Option<String> {
        let text = match self {
            Self::Newest | Self::Oldest => return Some(user.id.to_string()),
            Self::Email(_) => user.email.to_string(),
            Self::Username(_) => user.username.as_ref().map(Username::lower)?,
            Self::Name(_) => NameEntry::of(user)?.name,
        };
        let begins = self.prefix().is_some_and(|prefix| text.starts_with(prefix));
        begins.then(|| position(&text, user.id))
    }
}

impl Store {
    /// A page of at most `limit` users, after the position `after`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn list_users(
        &self,
        selection: &Selection,
        filter: Filter,
        after: Option<String>,
        limit: usize,
    ) -> Result<Listed, StoreError> {
        let chunk = match (filter.is_set(), selection.prefix()) {
            (false, _) => limit + 1,
            (true, Some(_)) => BY_PREFIX,
            (true, None) => EVALUATED,
        };
        // By prefix, what is filtered is filtered after it was read.
        let reads_all = filter.is_set() && selection.prefix().is_some();
        let (mut users, mut last, mut after) = (Vec::new(), None, after);
        let mut evaluated = 0;
        loop {
            let (mut entries, mut end) = self.index_page(selection, filter, after, chunk).await?;
            evaluated += chunk;
            let enough = limit - users.len();
            if entries.len() > enough && !reads_all {
                entries.truncate(enough);
                end = entries.last().cloned();
            }
            let mut loaded = self.listed_users(selection, &entries).await?;
            for entry in entries {
                let Some(user) = loaded.remove(&entry).filter(|user| filter.admits(user)) else {
                    continue;
                };
                if users.len() == limit {
                    return Ok(Listed { users, next: last });
                }
                users.push(user);
                last = Some(entry);
            }
            match end {
                None => return Ok(Listed { users, next: None }),
                Some(end) if evaluated >= EVALUATED || users.len() == limit => {
                    return Ok(Listed { users, next: Some(end) });
                }
                Some(end) => after = Some(end),
            }
        }
    }

    /// One query of the index: the positions found and, if there is more, the
    /// last one evaluated.
    pub(super) async fn index_page(
        &self,
        selection: &Selection,
        filter: Filter,
        after: Option<String>,
        chunk: usize,
    ) -> Result<(Vec<String>, Option<String>), StoreError> {
        let mut condition = format!("{INDEX_PK} = :partition");
        let mut query = QueryInput::builder()
            .table_name(&self.table)
            .index_name(INDEX)
            .expression_attribute_values(":partition", text(selection.partition()))
            .scan_index_forward(*selection != Selection::Newest)
            .limit(i32::try_from(chunk).unwrap_or(i32::MAX));
        if let Some(prefix) = selection.prefix() {
            condition.push_str(&format!(" AND begins_with({INDEX_SK}, :prefix)"));
            query = query.expression_attribute_values(":prefix", text(prefix));
        } else {
            let mut terms = Vec::new();
            for (name, value) in
                [("role", filter.role.map(Role::as_str)), ("status", filter.status.map(Status::as_str))]
            {
                if let Some(value) = value {
                    terms.push(format!("#{name} = :{name}"));
                    query = query
                        .expression_attribute_names(format!("#{name}"), name)
                        .expression_attribute_values(format!(":{name}"), text(value));
                }
            }
            query = query.set_filter_expression((!terms.is_empty()).then(|| terms.join(" AND ")));
        }
        let start = after.map(|sort| start_key(selection, &sort));
        let query = query.key_condition_expression(condition).set_exclusive_start_key(start);
        let output = self.client.send(query).await?;
        let end = output.last_evaluated_key.as_ref().and_then(sort_of);
        Ok((output.items.unwrap_or_default().iter().filter_map(sort_of).collect(), end))
    }

    /// The users behind a page of positions, each as it is stored. One that was deleted
    /// meanwhile, or is listed elsewhere by now, is missing.
    async fn listed_users(
        &self,
        selection: &Selection,
        entries: &[String],
    ) -> Result<HashMap<String, User>, StoreError> {
        // Somebody who moves from one position to another may be found at both.
        let ids: HashSet<UserId> = entries.iter().filter_map(|entry| selection.owner(entry)).collect();
        let keys: Vec<Key> = ids.into_iter().map(Key::user).collect();
        let mut users = HashMap::new();
        for item in self.get_all(&keys).await? {
            if let Some(user) = from_listed::<User>(item, self.now())
                && let Some(position) = selection.position(&user)
            {
                users.insert(position, user);
            }
        }
        Ok(users)
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn sort_of(item: &Item) -> Option<String> {
    item.get(INDEX_SK).and_then(|value| value.as_s().ok()).cloned()
}

fn start_key(selection: &Selection, sort: &str) -> Item {
    let mut key = selection.key(sort).attributes();
    key.insert(INDEX_PK.into(), text(selection.partition()));
    key.insert(INDEX_SK.into(), text(sort));
    key
}
