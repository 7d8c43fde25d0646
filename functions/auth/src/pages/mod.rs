//! `/auth/pages/**`: where mailed links lead when there is no front end for them.
//! The token is in the link's fragment, so no `GET` carries one: the page's script
//! posts it to the route that takes it when the person presses the button.

mod asset;
mod html;
mod page;
mod texts;

use shared::http::Routes;
use shared::routes;

pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(page::mail_page)).routes(routes!(asset::page_asset))
}
