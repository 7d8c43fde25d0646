//! The embedded `DynamoDB` engine: dynoxide, on `SQLite`, behind `DynamoDB`'s own wire protocol.

use std::io;
use std::path::Path;

use dynoxide::Database;
use dynoxide::server::serve_on;
use tokio::net::TcpListener;

use crate::background;

/// A running engine. It goes on until the process ends, whatever becomes of this value.
#[derive(Clone, Debug)]
pub struct Engine {
    /// The URL to give to a client as `endpoint_url`.
    pub endpoint: String,
}

/// Starts an empty engine in memory on a free loopback port, independent of the caller's runtime.
///
/// # Errors
/// No port or thread could be had, or the engine did not open.
pub async fn serve_memory() -> io::Result<Engine> {
    let database = Database::memory().map_err(io::Error::other)?;
    let address = background::serve("dynamodb", |listener| serve_on(listener, database)).await?;
    Ok(Engine { endpoint: format!("http://{address}") })
}

/// Serves the engine whose data is the file at `path`, made when missing, on `listener`.
///
/// Every answered write is on disk, stream records included, so the process may be killed at any
/// time. It serves until the returned future is dropped.
///
/// # Errors
/// The file cannot be opened, or is no database of this engine.
pub async fn serve_file(path: &Path, listener: TcpListener) -> io::Result<()> {
    serve_on(listener, open(path)?).await;
    Ok(())
}

/// The same for a file that is being filled: several times as fast, and what was answered is lost
/// if the machine stops. The process may still be killed.
///
/// # Errors
/// The file cannot be opened, or is no database of this engine.
pub async fn fill_file(path: &Path, listener: TcpListener) -> io::Result<()> {
    let database = open(path)?;
    database.enable_bulk_loading().map_err(io::Error::other)?;
    serve_on(listener, database).await;
    Ok(())
}

fn open(path: &Path) -> io::Result<Database> {
    let path = path.to_str().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "the data directory's name is not UTF-8")
    })?;
    Database::new(path).map_err(io::Error::other)
}
