//! What the functions log. security.md L01 to L04, H04.

mod events;
mod life;
mod lines;
mod process;
mod secrets;
mod walk;

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use serde_json::Value;

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What is logged on this thread: a test has one of its own.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Begins with nothing.
    fn start() {
        static START: Once = Once::new();
        START.call_once(|| {
            tracing::subscriber::set_global_default(shared::log::lines(tracing::Level::TRACE, || Self))
                .unwrap();
        });
        LOGGED.take();
    }

    fn text() -> String {
        LOGGED.with_borrow(|logged| String::from_utf8(logged.clone()).unwrap())
    }

    /// The lines, each of which is a JSON object.
    fn lines() -> Vec<Value> {
        let text = Self::text();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
        let lines: Vec<Value> = lines.collect();
        assert!(lines.iter().all(Value::is_object));
        lines
    }
}
