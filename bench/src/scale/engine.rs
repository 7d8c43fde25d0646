//! The embedded engine on a file, in a process of its own.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::runtime::process;
use crate::{Failure, engine::Engine};

/// An engine in a process of its own. It ends with this value, and with the bench.
#[derive(Debug)]
pub struct Apart {
    child: Child,
    /// Its URL.
    pub endpoint: String,
    /// A client of it.
    pub client: Client,
}

impl Apart {
    /// Starts one whose data is the file; with `filling`, what it has written may be lost with the
    /// machine's power.
    ///
    /// # Errors
    /// It did not start.
    pub async fn start(file: &Path, filling: bool) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("engine").arg(file).args(filling.then_some("--filling"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let endpoint = line.ok_or_else(|| format!("no engine on {}", file.display()))?;
        let client = local::client::dynamodb(&endpoint);
        Ok(Self { child, endpoint, client })
    }

    /// The processor time that it has used.
    ///
    /// # Errors
    /// It has ended.
    pub fn own_cpu(&self) -> Result<Duration, Failure> {
        process::cpu(self.child.id().ok_or("the engine has ended")?)
    }

    /// The same for who asks for any engine.
    #[must_use]
    pub fn as_engine(&self) -> Engine {
        Engine { endpoint: self.endpoint.clone(), client: self.client.clone(), is_embedded: true }
    }
}

/// The process of [`Apart`]: says where it listens, and ends when its standard input does.
///
/// # Errors
/// The file cannot be opened, or no port be had.
pub async fn serve(file: &Path, filling: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let mut rest = Vec::new();
    let mut input = tokio::io::stdin();
    let serving = async {
        if filling {
            local::engine::fill_file(file, listener).await
        } else {
            local::engine::serve_file(file, listener).await
        }
    };
    tokio::select! {
        ended = serving => Ok(ended?),
        ended = input.read_to_end(&mut rest) => Ok(ended.map(|_| ())?),
    }
}
