//! Where an export goes: hashes of passwords are secrets, so to no terminal, and to no
//! file that others may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use age::x25519::Recipient;

use crate::failure::Failure;

/// What is written to, sealed or not.
pub(super) struct Output {
    sink: Option<Sink>,
    file: Option<Partial>,
}

type Plain = BufWriter<Box<dyn Write>>;

enum Sink {
    Plain(Plain),
    Sealed(Box<StreamWriter<Plain>>),
}

/// A file that has another name until it is whole, and goes if it does not become so.
struct Partial {
    file: File,
    until_whole: PathBuf,
    path: PathBuf,
}

impl Output {
    /// The file, or standard output; sealed to the recipients, if there are any.
    pub fn open(path: Option<&Path>, recipients: &[String]) -> Result<Self, Failure> {
        let recipients = recipients.iter().map(|text| recipient(text)).collect::<Result<Vec<_>, _>>()?;
        let says_sealed = path.and_then(Path::extension).is_some_and(|end| end.eq_ignore_ascii_case("age"));
        if says_sealed && recipients.is_empty() {
            return Err(Failure::new(
                "a name that ends in .age says that the file is sealed: give --recipient, or another name",
            ));
        }
        let file = path.map(Partial::create).transpose()?;
        let to: Box<dyn Write> = match &file {
            Some(file) => Box::new(file.file.try_clone()?),
            None if io::stdout().is_terminal() => {
                return Err(Failure::new(
                    "this writes the hashes of all passwords, which no terminal should show: give --output FILE",
                ));
            }
            None => Box::new(io::stdout()),
        };
        let plain = BufWriter::new(to);
        let sink = if recipients.is_empty() {
            Sink::Plain(plain)
        } else {
            let all = recipients.iter().map(|recipient| -> &dyn age::Recipient { recipient });
            Sink::Sealed(Box::new(age::Encryptor::with_recipients(all)?.wrap_output(plain)?))
        };
        Ok(Self { sink: Some(sink), file })
    }

    /// Ends the seal, and gives the file its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        let mut plain = match self.sink.take() {
            Some(Sink::Plain(plain)) => plain,
            Some(Sink::Sealed(sealed)) => sealed.finish()?,
            None => return Ok(()),
        };
        plain.flush()?;
        if let Some(file) = &self.file {
            file.file.sync_all()?;
            fs::rename(&file.until_whole, &file.path)?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Some(Sink::Plain(plain)) => plain.write(bytes),
            Some(Sink::Sealed(sealed)) => sealed.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Some(Sink::Plain(plain)) => plain.flush(),
            Some(Sink::Sealed(sealed)) => sealed.flush(),
            None => Ok(()),
        }
    }
}

impl Partial {
    fn create(path: &Path) -> Result<Self, Failure> {
        let failure = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        if path.symlink_metadata().is_ok() {
            return Err(failure(&"is there already; nothing was written"));
        }
        let mut until_whole = path.as_os_str().to_owned();
        until_whole.push(".partial");
        let until_whole = PathBuf::from(until_whole);
        // What an export that was killed left behind.
        let _ = fs::remove_file(&until_whole);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&until_whole);
        let file = file.map_err(|error| failure(&error))?;
        Ok(Self { file, until_whole, path: path.to_owned() })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Not there any more if it became whole.
        let _ = fs::remove_file(&self.until_whole);
    }
}

fn recipient(text: &str) -> Result<Recipient, Failure> {
    // Not repeated: it may be a secret key.
    let no = |_| Failure::new("what --recipient has is no public key of age, such as age1...");
    text.trim().parse().map_err(no)
}
