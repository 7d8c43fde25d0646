//! Accounts, in and out.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// JSON Lines (.jsonl, .ndjson), CSV with a header (.csv) or a JSON document (.json)
    pub(crate) file: PathBuf,
    /// Whose names for the fields it has
    #[arg(long, value_enum, default_value_t = Origin::Usher)]
    pub(crate) from: Origin,
    /// Check everything and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write every refused line's number and problems there, as JSON Lines; to no file that is there
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Opens a file that was sealed with age: its secret keys, as age-keygen writes them
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// The installation's, to seal second factors that come open and to try those that
    /// come sealed; better from the environment
    #[arg(long, env = "APP_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(crate) app_secret: Option<String>,
    /// Of the project's password hash parameters: `base64_signer_key`
    #[arg(long, env = "FIREBASE_SIGNER_KEY", hide_env_values = true, value_name = "BASE64")]
    pub(crate) firebase_signer_key: Option<String>,
    /// `base64_salt_separator`
    #[arg(long, default_value = "Bw==", value_name = "BASE64")]
    pub(crate) firebase_salt_separator: String,
    /// `rounds`
    #[arg(long, default_value_t = 8)]
    pub(crate) firebase_rounds: u32,
    /// `mem_cost`
    #[arg(long, default_value_t = 14)]
    pub(crate) firebase_mem_cost: u32,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Export {
    /// Seal everything to this public key of age; several may be given, each opens it
    #[arg(long = "recipient", value_name = "age1...")]
    pub(crate) recipients: Vec<String>,
    /// Write there, for its owner alone; without it, to standard output, but to no terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write the secrets of second factors as authenticator apps have them, for another
    /// installation; else they stay sealed, and open under the same secret only
    #[arg(long, requires = "app_secret")]
    pub(crate) open_factors: bool,
    /// The installation's; better from the environment
    #[arg(long, env = "APP_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(crate) app_secret: Option<String>,
}

/// Where an import comes from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Origin {
    /// The account's own names, as docs/import.md has them
    Usher,
    /// A user pool's CSV
    Cognito,
    /// A user export job's JSON Lines, or the support's file of hashes
    Auth0,
    /// `firebase auth:export users.json`
    Firebase,
}
