//! What AWS provides in the cloud, on one machine and without an account: `DynamoDB` ([`engine`]),
//! the event source mapping that feeds a function from the table's stream ([`stream`]), and a
//! mailbox that takes the place of SES ([`mailbox`]).
//!
//! The functions do not know the difference: they talk to these parts over the wire, by the SDK's
//! own `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL_SESV2`.

mod background;
pub mod client;
pub mod engine;
pub mod invoke;
pub mod mailbox;
pub mod stream;
