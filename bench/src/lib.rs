//! How fast Usher is and what it costs, measured: the release binaries, driven through a Lambda
//! Runtime API of our own ([`runtime`]), beside a `DynamoDB` engine ([`engine`]) that is talked to
//! through a recorder ([`wire`]) where calls and capacity units ([`capacity`]) are counted.
//!
//! The parts that have a table of their own are subcommands of the binary `bench`.

pub mod backlog;
pub mod budgets;
pub mod capacity;
pub mod cold;
pub mod compare;
pub mod copies;
pub mod costs;
pub mod engine;
pub mod flood;
pub mod load;
pub mod measure;
pub mod memory;
pub mod operations;
pub mod request;
pub mod results;
pub mod runtime;
pub mod scale;
pub mod series;
pub mod stage;
pub mod table;
pub mod wire;

/// What went wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
