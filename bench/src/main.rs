//! `bench`: one subcommand for each table of the documentation that is measured.

use std::path::PathBuf;
use std::process::ExitCode;

use bench::{Failure, compare, costs, flood, table};
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
        /// Only operations whose id has this in it; nothing is written then.
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
    }
}
