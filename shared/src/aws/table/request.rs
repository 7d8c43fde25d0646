//! The operations of DynamoDB that are asked for.

use std::sync::OnceLock;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation as sdk;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::runtime_plugin::{RuntimePlugin, RuntimePlugins};

/// A request, as far as it was put together.
pub trait Request {
    /// What the answer holds.
    type Output;
    /// How the service may refuse it.
    type Error;
    /// The operation's name in the API.
    const NAME: &'static str;

    /// The request, whole.
    ///
    /// # Errors
    /// Something is missing.
    fn input(self) -> Result<Input, BuildError>;

    /// The answer.
    fn output(output: Output) -> Self::Output;

    /// The refusal.
    fn error(error: Error) -> Self::Error;

    /// What the SDK has of the operation.
    fn operation() -> impl RuntimePlugin;

    /// What calls of the operation are made of, if it was asked for before.
    fn prepared(all: &Prepared) -> &OnceLock<RuntimePlugins>;
}

macro_rules! requests {
    ($($module:ident: $operation:ident $builder:ident $output:ident $error:ident $(needs $needed:ident by $get:ident)?,)*) => {
        /// What calls are made of, by operation.
        #[derive(Debug, Default)]
        pub struct Prepared {
            $($module: OnceLock<RuntimePlugins>,)*
        }

        $(impl Request for sdk::$module::builders::$builder {
            type Output = sdk::$module::$output;
            type Error = sdk::$module::$error;
            const NAME: &'static str = stringify!($operation);

            fn input(self) -> Result<Input, BuildError> {
                $(if self.$get().is_none() {
                    return Err(BuildError::missing_field(stringify!($needed), "without it, a try more may write twice"));
                })?
                self.build().map(Input::erase)
            }

            fn output(output: Output) -> Self::Output {
                output.downcast().expect(stringify!($output))
            }

            fn error(error: Error) -> Self::Error {
                error.downcast().expect(stringify!($error))
            }

            fn operation() -> impl RuntimePlugin {
                sdk::$module::$operation::new()
            }

            fn prepared(all: &Prepared) -> &OnceLock<RuntimePlugins> {
                &all.$module
            }
        })*
    };
}

requests! {
    batch_get_item: BatchGetItem BatchGetItemInputBuilder BatchGetItemOutput BatchGetItemError,
    batch_write_item: BatchWriteItem BatchWriteItemInputBuilder BatchWriteItemOutput BatchWriteItemError,
    delete_item: DeleteItem DeleteItemInputBuilder DeleteItemOutput DeleteItemError,
    get_item: GetItem GetItemInputBuilder GetItemOutput GetItemError,
    query: Query QueryInputBuilder QueryOutput QueryError,
    scan: Scan ScanInputBuilder ScanOutput ScanError,
    transact_write_items: TransactWriteItems TransactWriteItemsInputBuilder TransactWriteItemsOutput TransactWriteItemsError
        needs client_request_token by get_client_request_token,
    update_item: UpdateItem UpdateItemInputBuilder UpdateItemOutput UpdateItemError,
}
