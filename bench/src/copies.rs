//! Binaries in a known state of the page cache: each written in one piece, a moment ago.
//!
//! How a file came into the page cache decides in how large pieces (folios) the kernel maps it when
//! a process starts. A linker writes through a mapping, page by page, which is the worst case: the
//! start of a function that was just linked measures that as well, the more the larger the
//! function. And what was written in one piece differs from copy to copy, so there are several.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io, process};

use crate::Failure;

/// A folder with copies of binaries, which goes with this value.
#[derive(Debug)]
pub struct Copies(PathBuf);

impl Copies {
    /// Copies the files of these names in `binaries` to a folder beside it: on the same file
    /// system, since they differ in how they cache a file.
    ///
    /// # Errors
    /// One of them could not be copied.
    pub fn of(binaries: &Path, names: &[&str]) -> Result<Self, Failure> {
        let folder = binaries.file_name().unwrap_or_else(|| OsStr::new("binaries")).to_string_lossy();
        let copies = Self(binaries.with_file_name(format!("{folder}-copies-{}", process::id())));
        fs::create_dir_all(&copies.0)?;
        for name in names {
            let done = copy(&binaries.join(name), &copies.0.join(name));
            done.map_err(|error| format!("{name} was not copied: {error}"))?;
        }
        Ok(copies)
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        // A process that is ended in the middle leaves it in `target`.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Not `fs::copy`, which hands over small pieces within the kernel.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::write(to, fs::read(from)?)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}
