//! The bodies that change a profile.

use serde::{Deserialize, Deserializer};
use shared::model::{Email, Locale, PersonName, Username};
use shared::store::Profile;
use utoipa::ToSchema;

/// Changes to one's own profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Option<Username>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    first_name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    last_name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Locale>)]
    locale: Option<Option<Locale>>,
}

/// Changes to a user's profile. `email` is for admins, for others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9._-]{3,30}$")]
    username: Option<Option<Username>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    first_name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    last_name: Option<Option<PersonName>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Locale>)]
    locale: Option<Option<Locale>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, nullable = false, format = "email", max_length = 254)]
    email: Option<Email>,
}

/// A field that is given, be it as null, where the type has one.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl From<UpdateMe> for Profile {
    fn from(body: UpdateMe) -> Self {
        let UpdateMe { username, name, first_name, last_name, locale } = body;
        Self { username, name, first_name, last_name, locale, email: None }
    }
}

impl From<UpdateUser> for Profile {
    fn from(body: UpdateUser) -> Self {
        let UpdateUser { username, name, first_name, last_name, locale, email } = body;
        Self { username, name, first_name, last_name, locale, email }
    }
}
