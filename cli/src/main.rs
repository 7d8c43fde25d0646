//! `usher`: the operator's command. It works on the table directly, so whoever
//! may use it needs AWS permissions on the table and nothing else.

mod args;
mod clear;
mod connect;
mod create_admin;
mod export;
mod factor;
mod failure;
mod import;
mod keys;
mod mail;
mod mail_texts;
mod prompt;
mod sealed;
mod stats;
mod table;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command, KeysCommand, MailCommand, TableCommand};
use failure::Failure;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(done) => {
            if !done.is_empty() {
                println!("{done}");
            }
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("usher: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<String, Failure> {
    let target = &args.target;
    match args.command {
        Command::Clear => clear::run(target).await,
        Command::CreateAdmin(options) => create_admin::run(target, options).await,
        Command::Export(options) => export::run(target, options).await,
        Command::Import(options) => import::run(target, options).await,
        Command::Keys { command: KeysCommand::List } => keys::list(target).await,
        Command::Keys { command: KeysCommand::Rotate } => keys::rotate(target).await,
        Command::Keys { command: KeysCommand::Revoke(options) } => keys::revoke(target, &options).await,
        Command::Mail { command: MailCommand::Retry(options) } => mail::retry(target, &options).await,
        Command::Stats(options) => stats::run(target, &options).await,
        Command::Mail { command: MailCommand::Preview(options) } => mail::preview(target, &options).await,
        Command::Mail { command: MailCommand::Texts { command } } => mail_texts::run(target, command).await,
        Command::Table { command: TableCommand::Create } => table::create(target).await,
    }
}
