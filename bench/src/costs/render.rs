//! The documents' words and tables.

mod cuts;
mod memory;
mod month;
mod operations;
mod others;
mod text;

pub(super) use memory::memory;

use super::Inputs;
use crate::Failure;

/// The numbers of users that the tables are for.
const USERS: [f64; 5] = [1e3, 1e4, 1e5, 1e6, 1e7];

/// `docs/costs.md`.
pub(super) fn costs(inputs: &Inputs) -> Result<String, Failure> {
    let parts = [
        text::opening(inputs),
        month::month(inputs)?,
        others::others(inputs)?,
        cuts::cuts(inputs)?,
        operations::operations(inputs)?,
        text::suppositions(inputs),
        text::prices(inputs),
    ];
    Ok(parts.join("\n"))
}

/// A table in Markdown of texts.
fn list(head: &[&str], rows: &[Vec<String>]) -> String {
    table(&cells(head), rows).replace("---:|", "---|")
}

/// A table in Markdown: the first column left, the others right.
fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|---|{}\n", "---:|".repeat(head.len() - 1));
    let rows: String = rows.iter().map(|row| line(row)).collect();
    line(head) + &rule + &rows
}

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Dollars, to the cent below 100 and whole from there on.
fn dollars(amount: f64) -> String {
    if amount.abs() < 0.005 {
        "0".to_owned()
    } else if amount.abs() < 99.995 {
        format!("{amount:.2}")
    } else {
        whole(amount)
    }
}

/// A whole number with its thousands parted.
fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0.0 { format!("-{text}") } else { text }
}

fn per_user_head(first: &str) -> Vec<String> {
    let users = USERS.map(whole);
    std::iter::once(first.to_owned()).chain(users).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        let written = [0.004, 0.126, 12.5, 99.999, 1234.5, 1_234_567.0].map(dollars);
        assert_eq!(written, ["0", "0.13", "12.50", "100", "1,234", "1,234,567"]);
        assert_eq!(whole(1e7), "10,000,000");
    }
}
