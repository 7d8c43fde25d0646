//! Files that were sealed with age (<https://age-encryption.org/v1>).

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use age::{Decryptor, Identity, IdentityFile};

use crate::failure::Failure;

const MAGIC: &[u8] = b"age-encryption.org/v1\n";

/// What the file holds: as it is, or opened with the keys in `identity`.
pub(crate) fn open(file: impl Read + 'static, identity: Option<&Path>) -> Result<Box<dyn Read>, Failure> {
    let mut file = BufReader::new(file);
    if !file.fill_buf()?.starts_with(MAGIC) {
        return Ok(Box::new(file));
    }
    let path = identity.ok_or_else(|| Failure::new("the file is sealed: give --identity FILE"))?;
    let failure = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
    let keys = File::open(path).and_then(|file| IdentityFile::from_buffer(BufReader::new(file)));
    let keys = keys.map_err(|error| failure(&error))?.into_identities().map_err(|error| failure(&error))?;
    let keys = keys.iter().map(|key| -> &dyn Identity { &**key });
    let opened = Decryptor::new_buffered(file)?.decrypt(keys);
    Ok(Box::new(opened.map_err(|error| Failure::new(format!("the file does not open: {error}")))?))
}
