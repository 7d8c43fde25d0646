//! The size of an item
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The bytes of an item in `DynamoDB`'s JSON: its attributes' names in UTF-8 and their values.
#[must_use]
pub fn item_size(item: &Value) -> usize {
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &Value) -> usize {
    let Some((kind, value)) = value.as_object().and_then(|fields| fields.iter().next()) else { return 0 };
    match kind.as_str() {
        "S" => text(value).len(),
        "N" => number(text(value)),
        "B" => binary(text(value)),
        "SS" => texts(value).map(str::len).sum(),
        "NS" => texts(value).map(number).sum(),
        "BS" => texts(value).map(binary).sum(),
        // "An attribute of type List or Map requires 3 bytes of overhead, regardless of its contents.
        // Each List or Map element also requires 1 byte of overhead."
        "L" => 3 + value.as_array().into_iter().flatten().map(|one| 1 + value_size(one)).sum::<usize>(),
        "M" => {
            let fields = value.as_object().into_iter().flatten();
            3 + fields.map(|(name, one)| 1 + name.len() + value_size(one)).sum::<usize>()
        }
        // NULL and BOOL.
        _ => 1,
    }
}

/// One byte for every two significant digits, and one: leading and trailing zeroes do not count.
fn number(text: &str) -> usize {
    let digits: String = text.split(['e', 'E']).next().unwrap_or_default().to_owned();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let whole = digits.trim_start_matches('0');
    let significant = whole.trim_end_matches('0');
    significant.len().div_ceil(2) + 1
}

fn binary(text: &str) -> usize {
    STANDARD.decode(text).map_or(0, |bytes| bytes.len())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(text)
}
