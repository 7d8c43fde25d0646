//! The table in Markdown.

use super::{Results, Row};

pub(super) fn table(found: &Results) -> String {
    let users: Vec<String> = found.tables.iter().map(|table| grouped(table.users)).collect();
    let (least, more) =
        users.split_first().map_or(("", [].as_slice()), |(least, more)| (least.as_str(), more));
    let mut lines = vec![
        format!(
            "| operation | calls | round trips | RRU | WRU | p50 at {least} | {} | function's CPU | engine alone |",
            more.iter().map(|users| format!("at {users}")).collect::<Vec<_>>().join(" | ")
        ),
        format!("|---|---|---|---|---|---|{}---|---|", "---|".repeat(more.len())),
    ];
    lines.extend(found.operations.iter().map(row));
    lines.push(String::new());
    let tables = found.tables.iter().zip(&found.file_mb);
    let sizes = tables.map(|(table, mb)| {
        let (users, items) = (grouped(table.users), grouped(table.items as u64));
        format!("{users} users are {items} items in a file of {} MB", grouped(*mb))
    });
    lines.push(format!(
        "{}. Each figure is the median of {}.",
        sizes.collect::<Vec<_>>().join("; "),
        found.rounds
    ));
    lines.join("\n")
}

fn row(row: &Row) -> String {
    let first = |list: &[f64]| list.first().copied().unwrap_or(f64::NAN);
    let more: Vec<String> = row.ratio.iter().skip(1).map(|ratio| format!("× {ratio:.2}")).collect();
    let last = |list: &[f64]| list.last().copied().unwrap_or(f64::NAN);
    format!(
        "| {} | {} | {} | {:.1} | {:.1} | {:.2} ms | {} | {:.2} ms, × {:.2} | {:.2} ms, × {:.2} |",
        row.name,
        row.calls.len(),
        row.round_trips,
        first(&row.rru),
        first(&row.wru) + first(&row.index_wru),
        first(&row.p50_ms),
        more.join(" | "),
        first(&row.cpu_ms),
        last(&row.cpu_ratio),
        first(&row.engine_p50_ms),
        last(&row.engine_ratio),
    )
}

/// `1,000,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
