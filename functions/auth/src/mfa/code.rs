//! Whether a code is right.

use secrecy::ExposeSecret;
use shared::App;
use shared::http::{Problem, RequestContext};
use shared::model::User;
use shared::store::{Proof, Totp};
use shared::token::{MfaCode, TotpSecret};

use crate::tries::Tries;

/// The user's factor and what the code proves, if it is right now. Uses nothing
/// up: the change that the code allows does. Every guess at a code of a factor in
/// use passes here and is counted as a try to sign in is, before it is looked at:
/// whoever has the password and asks for one `mfa_token` after the other gets no
/// further.
///
/// # Errors
/// `too_many_requests`: then the code was not looked at.
pub(crate) async fn prove(
    app: &App,
    context: &RequestContext,
    user: &User,
    code: &MfaCode,
) -> Result<Option<(Totp, Proof)>, Problem> {
    let tries = Tries::of_codes(app, context, user.id)?;
    let (factor, counted) = tokio::join!(app.store.totp(user.id), tries.count());
    let counted = counted.map_err(|problem| match problem {
        Problem::AccountLocked(seconds) => Problem::TooManyRequests(seconds),
        other => other,
    })?;
    let factor = factor.map(|factor| factor.filter(|factor| factor.confirmed_at.is_some()));
    let proven = match factor {
        Ok(Some(factor)) => judge(app, factor, code),
        Ok(None) => Ok(None),
        Err(error) => Err(error.into()),
    };
    match &proven {
        Ok(Some(_)) => {
            tokio::join!(tries.forgive(counted), tries.give_back(counted));
        }
        Ok(None) => tries.wrong(counted, user.id).await,
        Err(_) => Box::pin(tries.take_back()).await,
    }
    proven
}

fn judge(app: &App, factor: Totp, code: &MfaCode) -> Result<Option<(Totp, Proof)>, Problem> {
    let proof = match code {
        MfaCode::Totp(_) => step_of(app, &factor, code)?,
        MfaCode::Recovery(code) => {
            Some(code.hash()).filter(|hash| factor.recovery.contains(hash)).map(Proof::Recovery)
        }
    };
    Ok(proof.map(|proof| (factor, proof)))
}

/// The time step of an app's code, if it is right now and unused.
pub(crate) fn step_of(app: &App, factor: &Totp, code: &MfaCode) -> Result<Option<Proof>, Problem> {
    let MfaCode::Totp(digits) = code else { return Ok(None) };
    let secret = app.secret()?;
    let Some(shared) = TotpSecret::open(&factor.sealed, secret, factor.user_id) else {
        tracing::error!(user_id = %factor.user_id, "a second factor does not open under APP_SECRET");
        return Ok(None);
    };
    let step = shared.step_of(digits.expose_secret(), app.clock.now());
    let proof = |step| Proof::Step { step, resealed: shared.reseal(&factor.sealed, secret, factor.user_id) };
    Ok(step.filter(|step| *step > factor.last_step).map(proof))
}
