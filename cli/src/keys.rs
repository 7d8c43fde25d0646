//! `usher keys`. Works on the public list alone: making and sealing a key is for
//! `auth`, which holds `APP_SECRET`.

use jiff::Timestamp;
use shared::clock::Clock;
use shared::model::{KeyState, PublicKeys};
use shared::store::Store;

use crate::args::{Revoke, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;
use crate::prompt;

/// So often another change may come first.
const TRIES: usize = 5;

/// Shows the keys, the oldest first.
pub(crate) async fn list(target: &Target) -> Result<String, Failure> {
    let list = read(target, &store(target).await?).await?;
    let now = Clock::system().now();
    let mut lines = vec![row("KID", "MADE", "SIGNS FROM", "STATE")];
    for key in &list.keys {
        let state = match key.state(now) {
            KeyState::Next => "next".to_owned(),
            KeyState::Signing => "signing".to_owned(),
            KeyState::Retiring(until) => format!("retiring until {}", time(until)),
        };
        lines.push(row(&key.kid, &time(key.created_at), &time(key.signs_from), &state));
    }
    if list.keys.is_empty() {
        lines = vec!["there is no key: auth makes one when it needs it, which signs at once".to_owned()];
    }
    if let Some(asked) = list.rotate_requested_at {
        lines.push(format!("the next key was asked for at {}: auth has not looked since", time(asked)));
    }
    Ok(lines.join("\n"))
}

/// Asks `auth` for the next key.
pub(crate) async fn rotate(target: &Target) -> Result<String, Failure> {
    let store = store(target).await?;
    for _ in 0..TRIES {
        let list = read(target, &store).await?;
        let now = Clock::system().now();
        if let Some(next) = list.next(now) {
            let from = time(next.signs_from);
            return Ok(format!(
                "nothing to do: the next key, {}, is published and signs from {from}",
                next.kid
            ));
        }
        let Some(signing) = list.signing(now) else {
            return Err(Failure::new(
                "nothing to do: no key signs now. auth makes one when it needs it, which signs at once",
            ));
        };
        if let Some(asked) = list.rotate_requested_at {
            return Ok(format!(
                "nothing to do: asked for at {}; auth sees it when it is used next",
                time(asked)
            ));
        }
        let asked = PublicKeys { rotate_requested_at: Some(now), ..list.clone() };
        if store.change_keys(&list, &asked, None).await.map_err(|error| explain(target, &error))? {
            return Ok(format!(
                "asked for the next key. What happens:\n\
                 - auth makes and publishes it when it is used next, within 5 minutes if it is in use;\n\
                 - 2 hours after that it signs;\n\
                 - {} signs until then, and stays published until 2 hours after its last token has expired",
                signing.kid
            ));
        }
    }
    Err(overtaken())
}

/// Removes a key that has leaked.
pub(crate) async fn revoke(target: &Target, options: &Revoke) -> Result<String, Failure> {
    let store = store(target).await?;
    let known = |list: &PublicKeys| match list.find(&options.kid) {
        Some(_) => Ok(()),
        None => Err(Failure::new("there is no such key: usher keys list shows them; nothing was done")),
    };
    known(&read(target, &store).await?)?;
    if !options.yes {
        prompt::confirm(&format!(
            "Remove the key {} for good? Tokens that it signed are refused within 5 minutes",
            options.kid
        ))?;
    }
    for _ in 0..TRIES {
        let list = read(target, &store).await?;
        known(&list)?;
        let now = Clock::system().now();
        let rest = list.without(&options.kid, now);
        if store.change_keys(&list, &rest, None).await.map_err(|error| explain(target, &error))? {
            let then = match rest.signing(now).or_else(|| rest.next(now)) {
                Some(key) => format!("{} signs", key.kid),
                None => "auth makes a key when it needs it, which signs at once".to_owned(),
            };
            return Ok(format!(
                "{} is removed, with its private half. What happens:\n\
                 - the functions refuse the tokens that it signed within 5 minutes; clients refresh them;\n\
                 - {then}",
                options.kid
            ));
        }
    }
    Err(overtaken())
}

async fn read(target: &Target, store: &Store) -> Result<PublicKeys, Failure> {
    store.public_keys().await.map_err(|error| explain(target, &error))
}

fn row(kid: &str, made: &str, from: &str, state: &str) -> String {
    format!("{kid:<36}  {made:<20}  {from:<20}  {state}")
}

fn time(time: Timestamp) -> String {
    time.strftime("%FT%TZ").to_string()
}

fn overtaken() -> Failure {
    Failure::new("the list of keys changed under every try; nothing was done. Try again")
}
