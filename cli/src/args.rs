//! The command line.

mod accounts;
mod mail;

use clap::{Args as ClapArgs, Parser, Subcommand};

pub(crate) use accounts::{Export, Import, Origin};
pub(crate) use mail::{MailCommand, Preview, Retry, SetTexts, TextsCommand};

/// Operates an Usher installation.
#[derive(Debug, Parser)]
#[command(name = "usher", version, after_help = EXAMPLES, propagate_version = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  The first admin of a deployed stack, prompting for everything:
    usher create-admin --table usher-prod --profile prod --region eu-central-1

  The same in a script:
    pass show usher/admin | usher create-admin --table usher-prod \\
        --email ada@example.com --username ada --password-stdin

  Against the local run:
    usher create-admin --endpoint-url http://localhost:8000

  Send again what SES refused for a while:
    usher mail retry --table usher-prod

  Accounts from another system, tried first:
    usher import users.jsonl --dry-run --table usher-prod
    usher import users.jsonl --table usher-prod

  Whether the statistics are right:
    usher stats --recount --table usher-prod

  The worker gave up on what belonged to accounts that are gone:
    usher clear --table usher-prod

  All accounts into a sealed file, and from there into another table:
    usher export --recipient age1... --output users.jsonl.age --table usher-prod
    usher import users.jsonl.age --identity key.txt --table usher-new

  A signing key has leaked:
    usher keys list --table usher-prod
    usher keys revoke 0195518c-3c00-7e31-a1f0-5b0d6a1c2f3e --table usher-prod";

/// Which table, and how to reach it.
#[derive(Debug, ClapArgs)]
pub(crate) struct Target {
    /// The table's name
    #[arg(long, global = true, env = "TABLE_NAME", default_value = "usher")]
    pub(crate) table: String,
    /// Another DynamoDB than AWS's; a loopback one needs neither credentials nor region
    #[arg(long, global = true, env = "AWS_ENDPOINT_URL_DYNAMODB", value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// A profile of the AWS CLI's configuration, before any credentials in the environment
    #[arg(long, global = true)]
    pub(crate) profile: Option<String>,
    /// The table's region, if the profile does not say
    #[arg(long, global = true, env = "AWS_REGION")]
    pub(crate) region: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Delete what was left of accounts and posts that are gone
    ///
    /// The worker does that when they go. This is for what it gave up on: reads the whole
    /// table, takes nothing from an account or post that is there, and can be run again.
    Clear,
    /// Make an admin; refuses when there is an active one, unless --another
    ///
    /// Asks for what the flags leave out, the password twice and without echo.
    CreateAdmin(CreateAdmin),
    /// Bring accounts in from another system, with the hashes of their passwords
    ///
    /// What is there already is left as it is: to go on after an interruption, run it again.
    /// A line with anything wrong is reported and not imported; the others are.
    Import(Import),
    /// Write every account, with the hash of its password and its second factor
    ///
    /// JSON Lines that `usher import` takes back. They are as good as the table itself for
    /// who wants to guess passwords: seal them with --recipient.
    Export(Export),
    /// The keys that sign access tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// The outbox
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// How many users there are, and what happened lately
    ///
    /// As the worker counted it, some seconds late.
    Stats(Stats),
    /// The table
    Table {
        #[command(subcommand)]
        command: TableCommand,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CreateAdmin {
    /// The e-mail address; without it, everything is asked for
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// A username, to sign in by
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// The full name
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[arg(long)]
    pub(crate) first_name: Option<String>,
    #[arg(long)]
    pub(crate) last_name: Option<String>,
    /// Read the password from standard input: its first line
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Make one though there is an active admin
    #[arg(long)]
    pub(crate) another: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Show the keys: which signs, which will, which leave when their tokens have expired
    List,
    /// Ask for the next key
    ///
    /// `auth` makes it, for nobody else can seal it: when it looks at the list next, at
    /// most 5 minutes from now if it is in use. The key signs 2 hours after that, when
    /// everybody who verifies tokens has had time to read it. No token is refused.
    Rotate,
    /// Remove a key that has leaked, with its private half
    ///
    /// Tokens that it signed are refused when the functions read the list again, within
    /// 5 minutes; clients refresh them. Other systems that verify tokens go by their own
    /// copy of the key set for as long as they keep it.
    Revoke(Revoke),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Revoke {
    /// The key's id, as `usher keys list` shows it
    #[arg(allow_hyphen_values = true)]
    pub(crate) kid: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Stats {
    /// The last so many days, 1 to 400
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub(crate) days: u16,
    /// Count the users by the list instead, and fail if the totals are not what it says
    ///
    /// Reads the index's entries of all users, and changes nothing.
    #[arg(long)]
    pub(crate) recount: bool,
    /// Count all users anew, set the totals right, then check them as --recount does
    ///
    /// The worker may go on meanwhile, and so may sign-ups. Can be interrupted, and then run
    /// again. Do so once where there were users before there was a worker.
    #[arg(long)]
    pub(crate) repair: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TableCommand {
    /// Make the table in a local engine; in AWS, the template does
    Create,
}
