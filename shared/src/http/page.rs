//! Lists, a page at a time.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Problem;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Give it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// Whether there is a next page. With a filter, a page may be short, even
    /// empty, though there is.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// A page, and the cursor of the next one.
    #[must_use]
    pub fn new(data: Vec<T>, next_cursor: Option<String>) -> Self {
        Self { data, has_more: next_cursor.is_some(), next_cursor }
    }
}

/// How many entries a page has: 1 to 100, 25 if not given.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
pub struct Limit(u32);

impl Limit {
    /// The number.
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(25)
    }
}

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(limit: u32) -> Result<Self, Self::Error> {
        if (1..=100).contains(&limit) { Ok(Self(limit)) } else { Err("limit") }
    }
}

/// Which page of a list that takes nothing else.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many at most, 25 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub limit: Option<Limit>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Where a list goes on. Opaque to clients, and good for the very list it came
/// from: a checksum over the list's name and filters refuses any other, and any
/// change by hand. It is no secret: whoever has one may read the list.
#[derive(Clone, Debug)]
pub struct Cursor;

const CHECK: usize = 12;

impl Cursor {
    /// The cursor of `position` in `list`.
    #[must_use]
    pub fn encode(list: &str, position: &str) -> String {
        URL_SAFE_NO_PAD.encode([&checksum(list, position)[..], position.as_bytes()].concat())
    }

    /// The position that a cursor of `list` holds.
    ///
    /// # Errors
    /// `invalid_cursor` for anything else.
    pub fn decode(list: &str, cursor: &str) -> Result<String, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Problem::InvalidCursor)?;
        let (check, position) = bytes.split_at_checked(CHECK).ok_or(Problem::InvalidCursor)?;
        let position = String::from_utf8(position.to_vec()).map_err(|_| Problem::InvalidCursor)?;
        if check == checksum(list, &position) { Ok(position) } else { Err(Problem::InvalidCursor) }
    }
}

fn checksum(list: &str, position: &str) -> [u8; CHECK] {
    let digest = digest(&SHA256, format!("{list}\n{position}").as_bytes());
    let mut check = [0; CHECK];
    check.copy_from_slice(&digest.as_ref()[..CHECK]);
    check
}
