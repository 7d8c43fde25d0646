//! Conditions and changes in DynamoDB's expression language.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde_dynamo::string_set::StringSet;

use super::StoreError;
use super::key::{Item, PK};

/// What to change in an item and on which conditions. All names and values go
/// in by reference, so no reserved word and no input can bend an expression.
#[derive(Default)]
pub(super) struct Terms {
    set: Vec<String>,
    remove: Vec<String>,
    delete: Vec<String>,
    conditions: Vec<String>,
    names: HashMap<String, String>,
    values: Item,
    /// What stands for which number in conditions and counts: each once, however often it is asked for.
    numbers: Vec<(i64, String)>,
    error: Option<StoreError>,
}

/// A condition made of others, on numbers, for [`Terms::only_if`].
pub(super) enum Condition<'a> {
    /// The attribute is absent.
    Absent(&'a str),
    /// The attribute is less than the number.
    Below(&'a str, i64),
    /// The attribute is the number or less.
    AtMost(&'a str, i64),
    /// The attribute is greater than the number.
    Above(&'a str, i64),
    /// All hold.
    All(Vec<Condition<'a>>),
    /// One holds, at least.
    Any(Vec<Condition<'a>>),
}

/// [`Terms`] as the SDK wants them.
pub(super) struct Expressions {
    pub update: Option<String>,
    pub condition: Option<String>,
    pub names: Option<HashMap<String, String>>,
    pub values: Option<Item>,
}

impl Terms {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute.
    pub fn set(mut self, attribute: &str, value: impl Serialize) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.set.push(format!("{name} = {value}"));
        self
    }

    /// Sets an attribute, or removes it if there is no value.
    pub fn set_or_remove(self, attribute: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self.remove(attribute),
        }
    }

    /// Adds one to a number that is there.
    pub fn increment(mut self, attribute: &str) -> Self {
        let (name, one) = (self.name(attribute), self.number(1));
        self.set.push(format!("{name} = {name} + {one}"));
        self
    }

    /// Adds one to a number that counts from 0 where it is absent.
    pub fn count(mut self, attribute: &str) -> Self {
        let (name, zero, one) = (self.name(attribute), self.number(0), self.number(1));
        self.set.push(format!("{name} = if_not_exists({name}, {zero}) + {one}"));
        self
    }

    /// Adds to a number that counts from 0 where it is absent.
    pub fn add(mut self, attribute: &str, number: i64) -> Self {
        let (name, zero, number) = (self.name(attribute), self.number(0), self.number(number));
        self.set.push(format!("{name} = if_not_exists({name}, {zero}) + {number}"));
        self
    }

    /// Takes one from a number that is there.
    pub fn decrement(mut self, attribute: &str) -> Self {
        let (name, one) = (self.name(attribute), self.number(1));
        self.set.push(format!("{name} = {name} - {one}"));
        self
    }

    pub fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.remove.push(name);
        self
    }

    /// Takes a text out of a set of texts; an empty set is no attribute.
    pub fn take_out(mut self, attribute: &str, text: &str) -> Self {
        let (name, set) = (self.name(attribute), self.value(StringSet([text])));
        self.delete.push(format!("{name} {set}"));
        self
    }

    /// Only if the attribute equals the value.
    pub fn when(self, attribute: &str, value: impl Serialize) -> Self {
        self.compare(attribute, "=", value)
    }

    /// Only if the attribute equals the value, or is absent if there is none.
    pub fn when_same(self, attribute: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.when(attribute, value),
            None => self.when_absent(attribute),
        }
    }

    /// Only if the attribute is greater than the value.
    pub fn when_above(self, attribute: &str, value: impl Serialize) -> Self {
        self.compare(attribute, ">", value)
    }

    /// Only if the attribute is less than the value.
    pub fn when_below(self, attribute: &str, value: impl Serialize) -> Self {
        self.compare(attribute, "<", value)
    }

    /// Only if the text is in the attribute, a set of texts.
    pub fn when_holding(mut self, attribute: &str, text: &str) -> Self {
        let (name, value) = (self.name(attribute), self.value(text));
        self.conditions.push(format!("contains({name}, {value})"));
        self
    }

    pub fn when_absent(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// Only if there is an item.
    pub fn when_there(mut self) -> Self {
        let name = self.name(PK);
        self.conditions.push(format!("attribute_exists({name})"));
        self
    }

    /// Only if the condition holds.
    pub fn only_if(mut self, condition: &Condition<'_>) -> Self {
        let mut text = String::new();
        self.spell(condition, &mut text);
        self.conditions.push(text);
        self
    }

    /// Appends the condition.
    fn spell(&mut self, condition: &Condition<'_>, text: &mut String) {
        let (attribute, operator, number) = match condition {
            Condition::Absent(attribute) => {
                text.extend(["attribute_not_exists(", &self.name(attribute), ")"]);
                return;
            }
            Condition::All(all) => return self.join(all, " AND ", text),
            Condition::Any(any) => return self.join(any, " OR ", text),
            Condition::Below(attribute, number) => (attribute, " < ", number),
            Condition::AtMost(attribute, number) => (attribute, " <= ", number),
            Condition::Above(attribute, number) => (attribute, " > ", number),
        };
        text.extend([&*self.name(attribute), operator, &self.number(*number)]);
    }

    fn join(&mut self, conditions: &[Condition<'_>], with: &str, text: &mut String) {
        text.push('(');
        for (place, condition) in conditions.iter().enumerate() {
            text.push_str(if place == 0 { "" } else { with });
            self.spell(condition, text);
        }
        text.push(')');
    }

    fn compare(mut self, attribute: &str, operator: &str, value: impl Serialize) -> Self {
        let (name, value) = (self.name(attribute), self.value(value));
        self.conditions.push(format!("{name} {operator} {value}"));
        self
    }

    fn name(&mut self, attribute: &str) -> String {
        let name = format!("#{attribute}");
        if !self.names.contains_key(&name) {
            self.names.insert(name.clone(), attribute.to_owned());
        }
        name
    }

    fn number(&mut self, number: i64) -> String {
        if let Some((_, name)) = self.numbers.iter().find(|(other, _)| *other == number) {
            return name.clone();
        }
        let name = self.value(number);
        self.numbers.push((number, name.clone()));
        name
    }

    fn value(&mut self, value: impl Serialize) -> String {
        let name = format!(":v{}", self.values.len());
        let value = serde_dynamo::to_attribute_value(value).unwrap_or_else(|error| {
            self.error = Some(StoreError::encoding(error));
            AttributeValue::Null(true)
        });
        self.values.insert(name.clone(), value);
        name
    }

    /// The expressions.
    pub fn finish(self) -> Result<Expressions, StoreError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut update = Vec::new();
        if !self.set.is_empty() {
            update.push(format!("SET {}", self.set.join(", ")));
        }
        if !self.remove.is_empty() {
            update.push(format!("REMOVE {}", self.remove.join(", ")));
        }
        if !self.delete.is_empty() {
            update.push(format!("DELETE {}", self.delete.join(", ")));
        }
        Ok(Expressions {
            update: (!update.is_empty()).then(|| update.join(" ")),
            condition: (!self.conditions.is_empty()).then(|| self.conditions.join(" AND ")),
            names: (!self.names.is_empty()).then_some(self.names),
            values: (!self.values.is_empty()).then_some(self.values),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Terms};

    #[test]
    fn a_number_is_sent_once_and_everything_that_is_sent_is_asked_for() {
        let locked = Condition::All(vec![Condition::Absent("gone"), Condition::AtMost("tries", 7)]);
        let condition = Condition::Any(vec![Condition::Below("tries", 7), locked]);
        let terms = Terms::new().set("tries", 7).add("sum", 0).only_if(&condition).finish().unwrap();
        let (update, condition) = (terms.update.unwrap(), terms.condition.unwrap());
        assert_eq!(update, "SET #tries = :v0, #sum = if_not_exists(#sum, :v1) + :v1");
        assert_eq!(condition, "(#tries < :v2 OR (attribute_not_exists(#gone) AND #tries <= :v2))");
        let values = terms.values.unwrap();
        let number = |name: &str| values[name].as_n().unwrap().as_str();
        assert_eq!((number(":v0"), number(":v1"), number(":v2"), values.len()), ("7", "0", "7", 3));
        assert_eq!(terms.names.unwrap().len(), 3);
    }
}
