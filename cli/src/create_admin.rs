//! `usher create-admin`.

use shared::clock::Clock;
use shared::config::{Config, Setting};
use shared::model::{Agent, Email, Invalid, PersonName, Role, Status, Undone, User, UserId, Username};
use shared::password::Hasher;
use shared::store::Conflict;

use crate::args::{CreateAdmin, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;
use crate::prompt;

/// Who the admin is to be, checked.
struct Who {
    email: Email,
    username: Option<Username>,
    name: Option<PersonName>,
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
}

/// Makes an admin: active, its address taken for verified.
pub(crate) async fn run(target: &Target, options: CreateAdmin) -> Result<String, Failure> {
    let policy = Config::from_env(&[Setting::PasswordMinLength])?.passwords;
    let store = store(target).await?;
    if !options.another {
        let admin = store.active_admin(None).await.map_err(|error| explain(target, &error))?;
        if admin.is_some() {
            return Err(Failure::new("there is an active admin already; to make one more, give --another"));
        }
    }
    let from_stdin = options.password_stdin;
    let who = who(options)?;
    let password = if from_stdin { prompt::password_from_stdin()? } else { prompt::password()? };
    policy
        .check(&password, &who.email, who.username.as_ref())
        .map_err(|weakness| Failure::new(format!("the password {weakness}")))?;
    let now = Clock::system().now();
    let user = User {
        id: UserId::new(now),
        email: who.email,
        email_verified: true,
        username: who.username,
        name: who.name,
        first_name: who.first_name,
        last_name: who.last_name,
        role: Role::Admin,
        status: Status::Active,
        password_hash: Hasher::new().hash(&password),
        password_change_required: false,
        undone: Undone::default(),
        session_epoch: 0,
        ticket_epoch: 0,
        updated_at: now,
        last_login_at: None,
        mfa_since: None,
        locale: None,
        external_id: None,
        deletion: None,
    };
    match store.create_user(&Agent::operator(), &user, &[]).await.map_err(|error| explain(target, &error))? {
        Ok(()) => Ok(format!("{} is an admin now (id {})", user.email, user.id)),
        Err(Conflict::UsernameTaken) => Err(Failure::new("somebody has this username; nothing was done")),
        Err(_) => Err(Failure::new(
            "somebody has this e-mail address; nothing was done. An admin can give that user the role: \
             PUT /admin/users/{id}/role",
        )),
    }
}

fn who(options: CreateAdmin) -> Result<Who, Failure> {
    let CreateAdmin { email, username, name, first_name, last_name, .. } = options;
    let all = email.is_none();
    let ask = |given: Option<String>, question: &str| match given {
        None if all => prompt::line(question),
        given => Ok(given),
    };
    let email = ask(email, "E-mail")?.ok_or_else(|| Failure::new("an e-mail address is needed"))?;
    let username = ask(username, "Username (may be empty)")?;
    let first_name = ask(first_name, "First name (may be empty)")?;
    let last_name = ask(last_name, "Last name (may be empty)")?;
    Ok(Who {
        email: email.parse().map_err(|invalid| bad("the e-mail address", invalid))?,
        username: username
            .map(|text| text.parse().map_err(|invalid| bad("the username", invalid)))
            .transpose()?,
        name: person_name(name, "the name")?,
        first_name: person_name(first_name, "the first name")?,
        last_name: person_name(last_name, "the last name")?,
    })
}

fn person_name(text: Option<String>, what: &str) -> Result<Option<PersonName>, Failure> {
    text.map(|text| PersonName::try_from(text).map_err(|invalid| bad(what, invalid))).transpose()
}

fn bad(what: &str, invalid: Invalid) -> Failure {
    Failure::new(format!("{what} {}", invalid.message))
}
