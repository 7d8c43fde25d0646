//! Listing users, a page at a time, through the index. The index is read
//! eventually consistent; what is shown of each user is not.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;

use super::claim::{EmailClaim, NameEntry, UsernameClaim};
use super::key::{EMAILS, INDEX, INDEX_PK, INDEX_SK, Item, Key, NAMES, USERNAMES, USERS, from_item};
use super::{Store, StoreError};
use crate::model::{Role, Status, User, UserId};

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
            Self::Email(prefix) | Self::Username(prefix) => {
                position.starts_with(prefix.as_str()) && position.len() <= 254
            }
            Self::Name(prefix) => {
                position.starts_with(prefix.as_str())
                    && position.len() <= 1024
                    && NameEntry::owner(position).is_some()
            }
        }
    }

    /// The table's key of the item that the index lists at `sort`.
    fn key(&self, sort: &str) -> Key {
        match self {
            Self::Name(_) => Key::name(NameEntry::owner(sort).unwrap_or(UserId::NOBODY)),
            Self::Newest | Self::Oldest => Key::listed_user(sort),
            Self::Email(_) => Key::listed_email(sort),
            Self::Username(_) => Key::listed_username(sort),
        }
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
        let (mut users, mut last, mut after) = (Vec::new(), None, after);
        let mut evaluated = 0;
        loop {
            let (mut entries, mut end) = self.index_page(selection, filter, after, chunk).await?;
            evaluated += chunk;
            let enough = limit + 1 - users.len();
            if entries.len() > enough {
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
                Some(end) if evaluated >= EVALUATED => {
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
        let mut query = self
            .client
            .query()
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
        let output = query.key_condition_expression(condition).set_exclusive_start_key(start).send().await?;
        let end = output.last_evaluated_key.as_ref().and_then(sort_of);
        Ok((output.items.unwrap_or_default().iter().filter_map(sort_of).collect(), end))
    }

    /// The users behind a page of positions. One that was deleted meanwhile is
    /// missing.
    async fn listed_users(
        &self,
        selection: &Selection,
        entries: &[String],
    ) -> Result<HashMap<String, User>, StoreError> {
        let owners = self.owners(selection, entries).await?;
        // Somebody who moves between two claims meanwhile would be asked for twice.
        let ids: HashSet<UserId> = owners.values().copied().collect();
        let keys: Vec<Key> = ids.into_iter().map(Key::user).collect();
        let mut users = HashMap::new();
        for item in self.get_all(&keys).await? {
            if let Some(user) = from_item::<User>(item, self.now())? {
                users.insert(user.id, user);
            }
        }
        Ok(owners.into_iter().filter_map(|(entry, id)| Some((entry, users.remove(&id)?))).collect())
    }

    async fn owners(
        &self,
        selection: &Selection,
        entries: &[String],
    ) -> Result<HashMap<String, UserId>, StoreError> {
        if selection.prefix().is_none() {
            return Ok(entries.iter().filter_map(|id| Some((id.clone(), id.parse().ok()?))).collect());
        }
        // Who was renamed a moment ago may be in the index twice, under one key.
        let mut asked = HashSet::new();
        let keys = entries.iter().map(|entry| selection.key(entry));
        let keys: Vec<Key> = keys.filter(|key| asked.insert(key.pk.clone())).collect();
        let mut owners = HashMap::new();
        for item in self.get_all(&keys).await? {
            let now = self.now();
            owners.extend(match selection {
                Selection::Email(_) => {
                    from_item::<EmailClaim>(item, now)?.map(|claim| (claim.email.to_string(), claim.user_id))
                }
                Selection::Name(_) => {
                    from_item::<NameEntry>(item, now)?.map(|entry| (entry.position(), entry.user_id))
                }
                _ => from_item::<UsernameClaim>(item, now)?
                    .map(|claim| (claim.username.lower(), claim.user_id)),
            });
        }
        Ok(owners)
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
