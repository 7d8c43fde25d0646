//! `usher table create`.

use shared::store::schema::create_table;

use crate::args::Target;
use crate::connect::{client, explain};
use crate::failure::Failure;

/// Makes the table in a local engine. In AWS it would lack what the template
/// gives it (backups, protection from deletion).
pub(crate) async fn create(target: &Target) -> Result<String, Failure> {
    if target.endpoint_url.is_none() {
        return Err(Failure::new("give --endpoint-url: in AWS, `make deploy` makes the table"));
    }
    let client = client(target).await?;
    let made = create_table(&client, &target.table).await.map_err(|error| explain(target, &error))?;
    let what = if made { "made" } else { "there already" };
    Ok(format!("table {}: {what}", target.table))
}
