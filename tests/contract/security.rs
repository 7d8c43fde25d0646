//! `docs/security.md`: each requirement names the tests that show it, and they
//! are there.

use std::collections::BTreeSet;

use crate::read;

/// How many requirements of each kind there are, by their letter: A01 to A32 and
/// so on. Some numbers were never given out.
const ROWS: [(char, u32); 8] =
    [('A', 32), ('S', 19), ('J', 14), ('Z', 8), ('H', 17), ('C', 7), ('L', 7), ('P', 14)];
const NEVER_GIVEN: [&str; 1] = ["S04"];

/// The rows of the document: id, what holds, what shows it.
fn rows() -> Vec<[String; 3]> {
    let document = read("docs/security.md");
    let cells = |line: &str| {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
        <[String; 5]>::try_from(cells).ok().map(|[_, id, what, shown, _]| [id, what, shown])
    };
    let is_id = |id: &str| id.len() == 3 && id[1..].bytes().all(|byte| byte.is_ascii_digit());
    document.lines().filter_map(cells).filter(|[id, ..]| is_id(id)).collect()
}

#[test]
fn every_requirement_has_a_row() {
    let found: BTreeSet<String> = rows().into_iter().map(|[id, ..]| id).collect();
    for (letter, last) in ROWS {
        for number in 1..=last {
            let id = format!("{letter}{number:02}");
            assert!(
                found.contains(&id) || NEVER_GIVEN.contains(&id.as_str()),
                "docs/security.md has no row {id}"
            );
        }
    }
}

/// A test is named as `file::test`, the file without `tests/`, if it is there.
#[test]
fn every_test_that_a_row_names_is_there() {
    let mut named = 0;
    for [id, _, shown] in rows() {
        for name in shown.split('`').skip(1).step_by(2) {
            let Some((file, test)) = name.split_once("::") else {
                continue;
            };
            let candidates = [format!("tests/{file}.rs"), format!("{file}.rs")];
            let path = candidates.iter().find(|path| tests::samples::root().join(path).is_file());
            let path = path.unwrap_or_else(|| panic!("{id}: there is no file {file}"));
            assert!(read(path).contains(&format!("fn {test}(")), "{id}: {path} has no test {test}");
            named += 1;
        }
        assert!(!shown.is_empty(), "{id} is shown by nothing");
    }
    assert!(named > 120, "{named}");
}
