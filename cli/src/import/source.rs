//! Reading a file's accounts: JSON Lines, CSV with a header, or one JSON document.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// An account's fields as the file names them.
pub(super) type Fields = Map<String, Value>;

/// A line, or why it cannot be read.
pub(super) struct Line {
    /// From 1; in a JSON document, the account's place. A field of a CSV that has line
    /// ends in it is taken for one line.
    pub number: u64,
    pub fields: Result<Fields, Vec<String>>,
}

type Lines = Box<dyn Iterator<Item = Line>>;

/// The lines of a file, by the end of its name.
pub(super) fn open(path: &Path, file: impl Read + 'static) -> Result<Lines, Failure> {
    // Whatever is in it, age's own ending comes last.
    let sealed = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("age"));
    let path = if sealed { &path.with_extension("") } else { path };
    let kind = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let file = BufReader::new(file);
    match kind.as_ref().and_then(|kind| kind.to_str()) {
        Some("jsonl" | "ndjson") => Ok(Box::new(json_lines(file))),
        Some("json") => document(file),
        Some("csv") => csv(file),
        _ => Err(Failure::new("the file's name has to end in .jsonl, .ndjson, .csv or .json")),
    }
}

fn json_lines(file: impl BufRead) -> impl Iterator<Item = Line> {
    let mut is_over = false;
    // What cannot be read once cannot be read again: a sealed file that was cut short.
    let lines = file.split(b'\n').take_while(move |line| !std::mem::replace(&mut is_over, line.is_err()));
    (1..).zip(lines).filter_map(|(number, line)| {
        let line = line.and_then(|line| String::from_utf8(line).map_err(std::io::Error::other));
        let fields = match line {
            Ok(line) => {
                let line = line.trim_start_matches('\u{feff}').trim();
                if line.is_empty() {
                    return None;
                }
                serde_json::from_str(line).map_err(|error| vec![no_object(&error)])
            }
            Err(error) => Err(vec![format!("cannot be read: {error}")]),
        };
        Some(Line { number, fields })
    })
}

/// What is JSON of another kind would be repeated, and it may be a hash.
fn no_object(error: &serde_json::Error) -> String {
    if error.is_data() { "is no JSON object".to_owned() } else { format!("is no JSON object: {error}") }
}

/// `{"users": [...]}`, as Firebase exports them, or `[...]`; or JSON Lines after all.
fn document(mut file: impl BufRead + 'static) -> Result<Lines, Failure> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let users = match serde_json::from_str(&text) {
        Ok(Value::Array(users)) => users,
        Ok(Value::Object(mut document)) if matches!(document.get("users"), Some(Value::Array(_))) => {
            match document.remove("users") {
                Some(Value::Array(users)) => users,
                _ => Vec::new(),
            }
        }
        _ => return Ok(Box::new(json_lines(std::io::Cursor::new(text)))),
    };
    Ok(Box::new((1..).zip(users).map(|(number, user)| {
        let fields = match user {
            Value::Object(fields) => Ok(fields),
            _ => Err(vec!["is no JSON object".to_owned()]),
        };
        Line { number, fields }
    })))
}

/// RFC 4180, with a header. An empty field is an absent one.
fn csv(file: impl BufRead + 'static) -> Result<Lines, Failure> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers()?.clone();
    // Every system's has that one.
    if header.iter().all(|name| name != "email") {
        return Err(Failure::new("the first line of a CSV has to name the fields, and email among them"));
    }
    let mut is_over = false;
    let records = reader.into_records().take_while(move |record| {
        !std::mem::replace(&mut is_over, record.as_ref().is_err_and(csv::Error::is_io_error))
    });
    // The header is the first line.
    Ok(Box::new((2..).zip(records).map(move |(number, record)| {
        let fields = match record {
            Ok(record) => {
                let named = header.iter().zip(record.iter()).filter(|(_, text)| !text.is_empty());
                Ok(named.map(|(name, text)| (name.to_owned(), Value::from(text))).collect())
            }
            Err(error) => Err(vec![format!("is no line of this CSV: {error}")]),
        };
        Line { number, fields }
    })))
}
