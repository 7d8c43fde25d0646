//! Reading what an item holds.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::StoreError;
use super::key::{Item, Key, Record};

/// What an item says, read attribute by attribute: `serde_dynamo::from_item` would first make the
/// map anew, twice.
pub(super) fn parse<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    let attributes = item.into_iter().map(|(name, value)| (name, Attribute(value)));
    T::deserialize(MapDeserializer::new(attributes)).map_err(StoreError::encoding)
}

struct Attribute(AttributeValue);

impl IntoDeserializer<'_, serde_dynamo::Error> for Attribute {
    type Deserializer = serde_dynamo::Deserializer;

    fn into_deserializer(self) -> Self::Deserializer {
        serde_dynamo::Deserializer::from_attribute_value(self.0.into())
    }
}

/// Reads a record back; one past its `expires_at` is absent.
pub(super) fn from_item<R: Record>(item: Item, now: Timestamp) -> Result<Option<R>, StoreError> {
    let record: R = parse(item)?;
    let expired = record.expires_at().is_some_and(|time| time <= now);
    Ok((!expired).then_some(record))
}

/// The same for one among others: what does not read is logged and passed over, or
/// nobody would see the others.
pub(super) fn from_listed<R: Record>(item: Item, now: Timestamp) -> Option<R> {
    let key = Key::of(&item);
    from_item(item, now).unwrap_or_else(|error| {
        tracing::error!(item = key.map(|key| key.pk), %error, "an item of a list does not read");
        None
    })
}
