//! `usher import`: from a file to a sign-in.

mod csv;
mod documents;
mod json_lines;
mod refused;
mod runs;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use shared::clock::Clock;
use shared::model::User;
use tests::World;

use super::{Said, run};

/// Werkzeug's, of [`tests::PASSWORD`].
pub(crate) const WERKZEUG: &str =
    "pbkdf2:sha256:10000$dUw2TnTjLUpmHVTU$4fd9e53057d5927902afa10d8e27340a8d4ed9cd96826739181b365ad67c0b97";
/// bcrypt's.
pub(crate) const BCRYPT: &str = "$2b$05$b6pOv/3pJiQDgdv6KDHP9.FQuJBfj5j16GC4ryYftPFMKQtCbg5bq";
pub(crate) const IDENTITY: &str =
    "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==";

/// A file that goes away with the test.
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{:016x}-{name}", fastrand::u64(..)));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn lines(rows: &[Value]) -> String {
    rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect()
}

pub(crate) async fn import_file(world: &World, path: &str, more: &[&str]) -> Said {
    let endpoint = tests::endpoint().await;
    let command = ["--table", &world.table, "--endpoint-url", &endpoint, "import", path];
    run(&[&command, more].concat(), "")
}

pub(crate) async fn import(world: &World, name: &str, text: &str, more: &[&str]) -> Said {
    import_file(world, Temporary::new(name, text).path(), more).await
}

pub(crate) async fn user(world: &World, email: &str) -> User {
    world.store.user_by_email(&email.parse().unwrap()).await.unwrap().unwrap()
}

/// An installation whose clock is the command's.
pub(crate) async fn installation() -> World {
    let world = World::new().await;
    world.wait(Clock::system().now().duration_since(world.now()));
    world
}

pub(crate) fn ada() -> Value {
    json!({
        "id": 17, "email": "Ada@Example.com", "email_verified": true, "username": "Ada",
        "first_name": "Ada", "last_name": "Lovelace", "created_at": "2021-05-01T12:00:00Z",
        "last_login_at": "2024-01-02T03:04:05Z", "password_hash": WERKZEUG,
    })
}
