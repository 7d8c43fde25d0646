//! How far each shard has been dealt with.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Each shard's last record that is dealt with, by its sequence number.
#[derive(Debug, Default)]
pub(super) struct Positions {
    last: BTreeMap<String, String>,
    file: Option<PathBuf>,
}

impl Positions {
    /// The positions kept at `path`. What is no list of positions counts as none: records are
    /// delivered again, which the function has to bear anyway.
    pub(super) fn kept_in(path: &Path) -> io::Result<Self> {
        let last = match fs::read(path) {
            Ok(json) => serde_json::from_slice(&json).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { last, file: Some(path.to_owned()) })
    }

    pub(super) fn after(&self, shard: &str) -> Option<&str> {
        self.last.get(shard).map(String::as_str)
    }

    pub(super) fn advance(&mut self, shard: &str, sequence_number: &str) -> io::Result<()> {
        self.last.insert(shard.to_owned(), sequence_number.to_owned());
        self.keep()
    }

    pub(super) fn forget(&mut self, shard: &str) {
        self.last.remove(shard);
    }

    /// Replaces the file whole, so that one cut short is never read.
    fn keep(&self) -> io::Result<()> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let next = path.with_extension("next");
        fs::write(&next, serde_json::to_vec(&self.last)?)?;
        fs::rename(next, path)
    }
}
