//! The messages, in memory and, when asked for, as lines of a file.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A mail as it was sent. Its JSON form is the answer of `GET /messages` and a line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The `MessageId` that the sender was told.
    pub id: String,
    /// Every recipient, as the sender wrote them: to, then cc, then bcc.
    pub to: Vec<String>,
    /// The sender's address, with its display name if it has one.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The plain text; empty when the mail has none.
    pub text: String,
    /// The HTML body; empty when the mail has none.
    pub html: String,
    /// When the mail was accepted; RFC 3339 in UTC as JSON.
    pub sent_at: Timestamp,
}

/// Messages, oldest first.
#[derive(Debug, Default)]
pub(super) struct Store {
    messages: Vec<Message>,
    file: Option<PathBuf>,
}

impl Store {
    /// A store that begins with the lines of the file at `path`, if there is one.
    ///
    /// A line that is no message, such as one cut short by a power failure, is skipped and said so.
    pub(super) fn kept_in(path: &Path) -> io::Result<Self> {
        let lines = match fs::read_to_string(path) {
            Ok(lines) => lines,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let mut messages = Vec::new();
        for (number, line) in (1..).zip(lines.lines()) {
            match serde_json::from_str(line) {
                Ok(message) => messages.push(message),
                Err(error) => eprintln!("mailbox: line {number} of the kept mail: {error}"),
            }
        }
        Ok(Self { messages, file: Some(path.to_owned()) })
    }

    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Adds `message`, to the file first: what is shown is also kept.
    pub(super) fn add(&mut self, message: Message) -> io::Result<()> {
        if let Some(path) = &self.file {
            let mut line = serde_json::to_string(&message)?;
            line.push('\n');
            OpenOptions::new().create(true).append(true).open(path)?.write_all(line.as_bytes())?;
        }
        self.messages.push(message);
        Ok(())
    }

    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.messages.clear();
        self.file.as_ref().map_or(Ok(()), |path| fs::write(path, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str) -> Message {
        Message {
            id: id.to_owned(),
            to: vec!["a@example.com".to_owned()],
            from: "Usher <no-reply@example.com>".to_owned(),
            subject: "Hello\nthere".to_owned(),
            text: "line 1\nline 2".to_owned(),
            html: String::new(),
            sent_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn messages_survive_a_restart_and_a_line_cut_short_does_not_hide_the_others() {
        let path = std::env::temp_dir().join(format!("mailbox-{}.jsonl", uuid::Uuid::now_v7()));
        let mut store = Store::kept_in(&path).expect("a missing file is an empty mailbox");
        store.add(message("1")).expect("added");
        store.add(message("2")).expect("added");
        let mut lines = fs::read_to_string(&path).expect("kept");
        lines.push_str("{\"id\":\"3\",\"to\":[");
        fs::write(&path, &lines).expect("written");

        let again = Store::kept_in(&path).expect("opened again");
        assert_eq!(again.messages(), [message("1"), message("2")]);

        store.clear().expect("cleared");
        assert_eq!(Store::kept_in(&path).expect("opened again").messages(), []);
        fs::remove_file(&path).expect("removed");
    }
}
