//! The binaries in a known state of the page cache: each written in one piece.
//!
//! How a file came into the page cache decides in how large pieces (folios) the kernel maps it when
//! a process starts. A linker writes through a mapping, page by page, which is the worst case: the
//! start of a function that was just linked measures that as well, the more the larger the
//! function, and a build that was repeated measures it anew. So functions and floors are copied.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, process};

use crate::Failure;
use crate::cold::FUNCTIONS;
use crate::operations::Floor;

/// A folder with copies of the binaries, which goes with this value.
#[derive(Debug)]
pub struct Copies(PathBuf);

impl Copies {
    /// Copies the functions and the floors that are in `binaries` to a folder beside it: on the
    /// same file system, since they differ in how they cache a file.
    ///
    /// # Errors
    /// A file could not be copied, or there is none.
    pub fn of(binaries: &Path) -> Result<Self, Failure> {
        let name = binaries.file_name().unwrap_or_else(|| OsStr::new("binaries")).to_string_lossy();
        let copies = Self(binaries.with_file_name(format!("{name}-copies-{}", process::id())));
        let names = FUNCTIONS.map(|(function, _)| function.to_owned()).into_iter();
        let there: Vec<String> =
            names.chain(Floor::ALL.map(Floor::binary)).filter(|name| binaries.join(name).exists()).collect();
        if there.is_empty() {
            return Err(format!("{}: there are no binaries", binaries.display()).into());
        }
        fs::create_dir_all(&copies.0)?;
        for name in there {
            let copied = copy(&binaries.join(&name), &copies.0.join(&name));
            copied.map_err(|error| format!("{name} was not copied: {error}"))?;
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
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::write(to, fs::read(from)?)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}
