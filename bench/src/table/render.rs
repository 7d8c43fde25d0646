//! The tables in Markdown.

use crate::budgets::{Budget, Measured};
use crate::cold::Cold;
use crate::measure::Row;

/// The tables, each with the mark of its place in the document.
pub(super) fn all(measured: &Measured) -> Vec<(&'static str, String)> {
    let machine = format!("Measured on: {}.\n", measured.machine);
    vec![
        ("machine", machine),
        ("budgets", budgets(&measured.budgets)),
        ("others", others(measured)),
        ("operations", operations(&measured.operations)),
        ("cold", cold(&measured.cold)),
    ]
}

/// Every operation.
pub(super) fn operations(rows: &[Row]) -> String {
    let head = "| operation | p50 | p99 | own CPU | floor | floor p50 | floor p99 | floor CPU | p50 to floor | CPU to floor \
        | calls | round trips | RRU | WRU | index WRU | stream |\n\
        |---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
    let row = |row: &Row| {
        format!(
            "| {} | {:.2} | {:.2} | {:.2} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {} | {} | {} | {} | {} | {} |\n",
            row.name,
            row.p50_ms,
            row.p99_ms,
            row.cpu_ms,
            row.floor.replace('_', " "),
            row.floor_p50_ms,
            row.floor_p99_ms,
            row.floor_cpu_ms,
            row.wall_ratio,
            row.cpu_ratio,
            row.calls,
            row.round_trips,
            row.rru,
            row.wru,
            row.index_wru,
            row.stream_records,
        )
    };
    head.to_owned() + &rows.iter().map(row).collect::<String>()
}

/// Every function's start.
pub(super) fn cold(rows: &[Cold]) -> String {
    let head = "| function | binary | start to first poll | empty function | hash buffer | first request \
        | second request | peak memory |\n|---|--:|--:|--:|--:|--:|--:|--:|\n";
    let row = |row: &Cold| {
        let buffer = if row.buffer_ms > 0.0 { format!("{:.1} ms", row.buffer_ms) } else { "-".to_owned() };
        format!(
            "| `{}` | {:.1} MB | {:.2} ms | {:.2} ms | {buffer} | {:.2} ms | {:.2} ms | {:.0} MiB |\n",
            row.function,
            row.binary_mb,
            row.first_poll_ms,
            row.empty_first_poll_ms,
            row.first_request_ms,
            row.second_request_ms,
            row.peak_mib,
        )
    };
    head.to_owned() + &rows.iter().map(row).collect::<String>()
}

fn budgets(budgets: &[Budget]) -> String {
    let row = |one: &Budget| {
        let kept = if one.kept { "yes" } else { "**no**" };
        format!("| {} | {:.2} | {:.3} | {kept} |\n", one.what, one.limit, one.measured)
    };
    "| what | at most | measured | kept |\n|---|--:|--:|---|\n".to_owned()
        + &budgets.iter().map(row).collect::<String>()
}

/// Ours beside the five Flask systems' figures.
fn others(measured: &Measured) -> String {
    let of = |name: &str, value: fn(&Row) -> f64| {
        let row = measured.operations.iter().find(|row| row.name == name);
        row.map_or_else(|| "-".to_owned(), |row| format!("{:.2} ms", value(row)))
    };
    let slowest = |value: fn(&Cold) -> f64| measured.cold.iter().map(value).fold(0.0, f64::max);
    let first = slowest(|cold| cold.first_poll_ms + cold.first_request_ms);
    let peak = slowest(|cold| cold.peak_mib);
    format!(
        "| what | five Flask systems | Usher |\n|---|--:|--:|\n\
        | from start to the first answer | 330 to 730 ms | {first:.0} ms (its slowest function) |\n\
        | memory | 80 to 97 MiB | {peak:.0} MiB (its largest function) |\n\
        | own CPU of one's profile | 0.76 to 1.3 ms | {} |\n\
        | list of users | 26 to 31 ms (all rows) | {} (a page of 20) |\n\
        | sign-in | 236 ms (bcrypt, cost 12) | {} (Argon2id) |\n\
        | profile while another signs in | 239 ms (1.26 ms otherwise) | {} as ever: the sign-in is in another instance |\n",
        of("GET /users/me", |row| row.cpu_ms),
        of("GET /admin/users", |row| row.p50_ms),
        of("POST /auth/login", |row| row.p50_ms),
        of("GET /users/me", |row| row.p50_ms),
    )
}
