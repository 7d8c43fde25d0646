//! `docs/problems.md` lists every problem, and no other.

use shared::http::Problem;

use crate::read;

const FILE: &str = "docs/problems.md";

/// The table's rows, in cells.
fn rows() -> Vec<Vec<String>> {
    let rows =
        read(FILE).lines().filter(|line| line.starts_with("| `")).map(str::to_owned).collect::<Vec<_>>();
    let cells = |row: &String| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.iter().map(cells).collect()
}

#[test]
fn every_problem_has_its_row_in_the_order_of_the_code() {
    let rows = rows();
    for (index, (code, status, title)) in Problem::ALL.iter().enumerate() {
        let expected = [format!("`{code}`"), status.as_u16().to_string()];
        let paste = format!("| `{code}` | {} | {title}. When? | What to do? |", status.as_u16());
        let found = rows.get(index).map(|row| row[..2].to_vec());
        assert_eq!(found, Some(expected.to_vec()), "{FILE}: paste as row {}:\n{paste}", index + 1);
    }
    assert_eq!(
        rows.len(),
        Problem::ALL.len(),
        "{FILE}: {:?} is no problem of ours; take it out",
        rows.last()
    );
}

#[test]
fn every_row_says_when_and_what_to_do() {
    for row in rows() {
        assert_eq!(row.len(), 4, "{FILE}: {row:?}");
        let said = |cell: &String| cell.len() > 4 && cell.ends_with('.') && !cell.ends_with("?.");
        assert!(said(&row[2]) && said(&row[3]), "{FILE}: {row:?}");
    }
}
