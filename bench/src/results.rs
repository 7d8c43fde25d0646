//! The files in `bench/results`, and the tables in the documents between markers.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::Failure;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Writes `bench/results/NAME.json`.
///
/// # Errors
/// The file cannot be written.
pub fn write(name: &str, results: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(results)?;
    Ok(fs::write(root().join(format!("bench/results/{name}.json")), text + "\n")?)
}

/// Reads `bench/results/NAME.json`.
///
/// # Errors
/// It is missing or no JSON.
pub fn read(name: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&fs::read_to_string(root().join(format!("bench/results/{name}.json")))?)?)
}

/// Puts `text` between `<!-- bench:MARK -->` and `<!-- /bench:MARK -->` of a document, named from
/// the repository's root.
///
/// # Errors
/// The document or the marks are missing.
pub fn place(document: &str, mark: &str, text: &str) -> Result<(), Failure> {
    let path = root().join(document);
    let whole = fs::read_to_string(&path).map_err(|error| format!("{document}: {error}"))?;
    let (open, close) = (format!("<!-- bench:{mark} -->\n"), format!("<!-- /bench:{mark} -->"));
    let missing = || format!("{document} has no marks {mark}");
    let start = whole.find(&open).ok_or_else(missing)? + open.len();
    let end = whole[start..].find(&close).ok_or_else(missing)? + start;
    let text = text.trim_end();
    Ok(fs::write(path, format!("{}{text}\n{}", &whole[..start], &whole[end..]))?)
}
