//! Conditions and changes in DynamoDB's expression language.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::mem;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde_dynamo::string_set::StringSet;

use super::StoreError;
use super::key::{Item, PK};

/// What to change in an item and on which conditions. All names and values go
/// in by reference, so no reserved word and no input can bend an expression.
#[derive(Default)]
pub(super) struct Terms {
    set: String,
    remove: String,
    delete: String,
    conditions: String,
    /// The attributes that are named: each once.
    names: Vec<String>,
    values: Vec<AttributeValue>,
    /// Which value a number in conditions and counts is: each is sent once, however often it is asked for.
    numbers: Vec<(i64, usize)>,
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
        also(&mut self.set, ", ").extend([&*name, " = ", &value]);
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
        also(&mut self.set, ", ").extend([&*name, " = ", &name, " + ", &one]);
        self
    }

    /// Adds one to a number that counts from 0 where it is absent.
    pub fn count(self, attribute: &str) -> Self {
        self.add(attribute, 1)
    }

    /// Adds to a number that counts from 0 where it is absent.
    pub fn add(mut self, attribute: &str, number: i64) -> Self {
        let (name, zero, number) = (self.name(attribute), self.number(0), self.number(number));
        let sum = [&*name, " = if_not_exists(", &name, ", ", &zero, ") + ", &number];
        also(&mut self.set, ", ").extend(sum);
        self
    }

    /// Takes one from a number that is there.
    pub fn decrement(mut self, attribute: &str) -> Self {
        let (name, one) = (self.name(attribute), self.number(1));
        also(&mut self.set, ", ").extend([&*name, " = ", &name, " - ", &one]);
        self
    }

    pub fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        also(&mut self.remove, ", ").push_str(&name);
        self
    }

    /// Takes a text out of a set of texts; an empty set is no attribute.
    pub fn take_out(mut self, attribute: &str, text: &str) -> Self {
        let (name, set) = (self.name(attribute), self.value(StringSet([text])));
        also(&mut self.delete, ", ").extend([&*name, " ", &set]);
        self
    }

    /// Only if the attribute equals the value.
    pub fn when(self, attribute: &str, value: impl Serialize) -> Self {
        self.compare(attribute, " = ", value)
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
        self.compare(attribute, " > ", value)
    }

    /// Only if the attribute is less than the value.
    pub fn when_below(self, attribute: &str, value: impl Serialize) -> Self {
        self.compare(attribute, " < ", value)
    }

    /// Only if the text is in the attribute, a set of texts.
    pub fn when_holding(mut self, attribute: &str, text: &str) -> Self {
        let (name, value) = (self.name(attribute), self.value(text));
        also(&mut self.conditions, " AND ").extend(["contains(", &name, ", ", &value, ")"]);
        self
    }

    pub fn when_absent(self, attribute: &str) -> Self {
        self.only_if(&Condition::Absent(attribute))
    }

    /// Only if there is an item.
    pub fn when_there(mut self) -> Self {
        let name = self.name(PK);
        also(&mut self.conditions, " AND ").extend(["attribute_exists(", &name, ")"]);
        self
    }

    /// Only if the condition holds.
    pub fn only_if(mut self, condition: &Condition<'_>) -> Self {
        let mut text = mem::take(&mut self.conditions);
        self.spell(condition, also(&mut text, " AND "));
        self.conditions = text;
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
        also(&mut self.conditions, " AND ").extend([&*name, operator, &value]);
        self
    }

    /// What stands for an attribute.
    fn name(&mut self, attribute: &str) -> String {
        if !self.names.iter().any(|name| name == attribute) {
            self.names.push(attribute.to_owned());
        }
        placeholder_of(attribute)
    }

    /// What stands for a number.
    fn number(&mut self, number: i64) -> String {
        if let Some((_, place)) = self.numbers.iter().find(|(other, _)| *other == number) {
            return placeholder(*place);
        }
        self.numbers.push((number, self.values.len()));
        self.value(number)
    }

    /// What stands for a value.
    fn value(&mut self, value: impl Serialize) -> String {
        let value = serde_dynamo::to_attribute_value(value).unwrap_or_else(|error| {
            self.error = Some(StoreError::encoding(error));
            AttributeValue::Null(true)
        });
        self.values.push(value);
        placeholder(self.values.len() - 1)
    }

    /// The expressions.
    pub fn finish(self) -> Result<Expressions, StoreError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut update = String::new();
        for (verb, clauses) in [("SET ", &self.set), ("REMOVE ", &self.remove), ("DELETE ", &self.delete)] {
            if !clauses.is_empty() {
                also(&mut update, " ").extend([verb, clauses]);
            }
        }
        let names = self.names.into_iter().map(|name| (placeholder_of(&name), name)).collect();
        let values = self.values.into_iter().enumerate();
        let values = values.map(|(place, value)| (placeholder(place), value)).collect();
        Ok(Expressions {
            update: Some(update).filter(|update| !update.is_empty()),
            condition: Some(self.conditions).filter(|conditions| !conditions.is_empty()),
            names: Some(names).filter(|names: &HashMap<_, _>| !names.is_empty()),
            values: Some(values).filter(|values: &Item| !values.is_empty()),
        })
    }
}

/// The text, to which something is appended: after `separator`, if there was something before.
fn also<'a>(text: &'a mut String, separator: &str) -> &'a mut String {
    if !text.is_empty() {
        text.push_str(separator);
    }
    text
}

fn placeholder_of(attribute: &str) -> String {
    ["#", attribute].concat()
}

fn placeholder(place: usize) -> String {
    format!(":v{place}")
}
