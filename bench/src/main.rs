//! `bench`: one subcommand for each table of the documentation that is measured.

use std::path::PathBuf;
use std::process::ExitCode;

use bench::{Failure, backlog, compare, costs, flood, load, scale, table};
use clap::{Parser, Subcommand};

/// Measures the release binaries and writes what it finds to `bench/results`.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the release binaries are.
    #[arg(long, global = true, default_value = "target/release")]
    binaries: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Every operation beside its floor, and every function's cold start.
    Table {
        /// Only operations whose id has this in it, or the starts of the function of this name; nothing
        /// is written then.
        #[arg(long)]
        only: Option<String>,
    },
    /// Two revisions in turn: the ratios of time, processor time, calls, capacity and size.
    Compare {
        /// Where the other revision's release binaries are.
        #[arg(long)]
        base: PathBuf,
    },
    /// What it costs: docs/costs.md and docs/performance/memory.md, from what `table` found.
    Costs,
    /// A flood of sign-ins, simulated: docs/performance/flood.md.
    Flood,
    /// The same operations over tables of 1,000, 100,000 and 1,000,000 users, which are filled once
    /// and kept in `target/bench`.
    Scale {
        /// How many users.
        #[arg(long, value_delimiter = ',', default_values_t = scale::SIZES)]
        users: Vec<u64>,
        /// How often each operation is measured on each table.
        #[arg(long, default_value_t = 150)]
        rounds: usize,
    },
    /// 1, 2, 4 and 8 instances of `auth` and `users` with what people do in a month.
    Load {
        /// How many users the table has.
        #[arg(long, default_value_t = 100_000)]
        users: u64,
        /// How long each number of instances is measured, in seconds.
        #[arg(long, default_value_t = 6.0)]
        seconds: f64,
    },
    /// A backlog of the stream, drained by `worker` and `mailer` while much goes wrong.
    Backlog {
        /// How many records.
        #[arg(long, default_value_t = 100_000)]
        records: usize,
    },
    /// The embedded engine on a file, until the standard input ends.
    #[command(hide = true)]
    Engine {
        /// The file.
        file: PathBuf,
        /// Whether it is being filled.
        #[arg(long)]
        filling: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every budget was kept.
async fn run(Arguments { binaries, command }: Arguments) -> Result<bool, Failure> {
    match command {
        Command::Table { only } => table::run(&binaries, only.as_deref()).await,
        Command::Compare { base } => compare::run(&binaries, &base).await,
        Command::Costs => costs::run().map(|()| true),
        Command::Flood => flood::run().map(|()| true),
        Command::Scale { users, rounds } => scale::run(&binaries, &users, rounds).await,
        Command::Load { users, seconds } => load::run(&binaries, users, seconds).await,
        Command::Backlog { records } => backlog::run(&binaries, records).await,
        Command::Engine { file, filling } => scale::engine::serve(&file, filling).await.map(|()| true),
    }
}
