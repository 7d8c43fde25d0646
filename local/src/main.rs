//! `local`: everything that `cargo lambda watch` lacks of AWS, in one process.

use std::error::Error;
use std::future::Future;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use local::invoke::Function;
use local::mailbox::Mailbox;
use local::stream::{Trigger, WORKER};
use local::{client, engine};
use shared::store::schema;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// `DynamoDB`, the stream triggers that invoke `mailer` and `worker`, and the mailbox, on this machine.
#[derive(Debug, Parser)]
struct Settings {
    /// Where the functions listen (`cargo lambda watch --invoke-port`).
    #[arg(long, env = "API_PORT", default_value_t = 9000)]
    api_port: u16,
    /// Where the mailbox listens.
    #[arg(long, env = "MAIL_PORT", default_value_t = 8025)]
    mail_port: u16,
    /// Where `DynamoDB` listens.
    #[arg(long, env = "DYNAMODB_PORT", default_value_t = 8000)]
    dynamodb_port: u16,
    /// Where the data is kept; made when missing.
    #[arg(long, env = "USHER_DATA_DIR", default_value = ".local")]
    data_dir: PathBuf,
    /// The table's name; the table is made when missing.
    #[arg(long, env = "TABLE_NAME", default_value = "usher")]
    table: String,
}

type AnyError = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    let stop = match stop_signal() {
        Ok(stop) => stop,
        Err(error) => return failed(&error),
    };
    tokio::select! {
        ended = run(settings) => match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(error.as_ref()),
        },
        () = stop => ExitCode::SUCCESS,
    }
}

fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("local: {error}");
    ExitCode::FAILURE
}

/// Ends at the first SIGINT or SIGTERM. Nothing has to be saved then: every write is on disk.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Runs every part, until one of them fails.
async fn run(settings: Settings) -> Result<(), AnyError> {
    let Settings { api_port, mail_port, dynamodb_port, data_dir, table } = settings;
    let dynamodb_listener = listen(dynamodb_port, "DYNAMODB_PORT").await?;
    let mail_listener = listen(mail_port, "MAIL_PORT").await?;
    std::fs::create_dir_all(&data_dir)?;

    let database = data_dir.join("dynamodb.sqlite");
    let engine = tokio::spawn(async move { engine::serve_file(&database, dynamodb_listener).await });
    let endpoint = format!("http://127.0.0.1:{dynamodb_port}");
    let mailbox = Mailbox::kept_in(&data_dir.join("mail.jsonl"))?;
    let dynamodb = client::dynamodb(&endpoint);
    let trigger = Trigger::new(client::streams(&endpoint), dynamodb.clone(), &table)
        .kept_in(&data_dir.join("stream-position.json"))?;
    // Each consumer of the stream has its own position in it.
    let second = Trigger::new(client::streams(&endpoint), dynamodb.clone(), &table)
        .mapped(WORKER)
        .kept_in(&data_dir.join("stream-position-worker.json"))?;
    let (mailer, worker) = (Function::new(api_port, "mailer"), Function::new(api_port, "worker"));

    let parts = async {
        schema::create_table(&dynamodb, &table).await?;
        println!("local: DynamoDB at {endpoint}, mailbox at http://localhost:{mail_port}");
        tokio::select! {
            ended = axum::serve(mail_listener, mailbox.router()) => ended?,
            () = trigger.run(|event| mailer.invoke(event)) => {}
            () = second.run(|event| worker.invoke(event)) => {}
        }
        Ok::<(), AnyError>(())
    };
    tokio::select! {
        ended = parts => ended,
        ended = engine => Ok(ended??),
    }
}

async fn listen(port: u16, variable: &str) -> Result<TcpListener, AnyError> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(format!("port {port} is taken: stop what uses it, or set {variable}").into())
        }
        Err(error) => Err(format!("port {port} ({variable}): {error}").into()),
    }
}
