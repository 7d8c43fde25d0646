//! Users as a table of some size has them, the same for the same seed: names of many cultures,
//! sign-ups spread over six years and more of them lately, activity by Zipf's law.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use shared::model::{
    Actor, Agent, AuthMethod, Email, Invalid, Locale, PasswordHash, PersonName, Role, Session, SessionId,
    Status, Undone, User, UserId, Username, network,
};
use shared::store::Seed;

use super::names::{Culture, Spelt};

const SEED: u64 = 0x5eed_0f05;
/// Since when there are users.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 365 * 6);
/// A session that is not refreshed for so long is over.
const IDLE_HOURS: f64 = 30.0 * 24.0;
/// How often a month somebody comes, on average.
const VISITS: f64 = 3.0;
/// Nobody comes more often in a month.
const MOST_VISITS: f64 = 600.0;
/// Every so many users one is an admin, the first one among them.
const ADMINS: u64 = 2000;
/// Every so many one is deactivated.
const DEACTIVATED: u64 = 50;

const DOMAINS: [&str; 6] =
    ["example.com", "mail.example.com", "example.org", "example.net", "post.example", "students.example.org"];
const DEVICES: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
];

/// So many users, as they are at a time, all with one password.
#[derive(Clone, Debug)]
pub struct Population {
    /// How many: a power of ten.
    pub number: u64,
    now: Timestamp,
    hash: PasswordHash,
}

impl Population {
    /// The users.
    #[must_use]
    pub fn new(number: u64, now: Timestamp, hash: PasswordHash) -> Self {
        Self { number, now, hash }
    }

    /// The address of an active user, no admin, who comes about `rank`th most often, from 0.
    ///
    /// # Errors
    /// None: every address is one.
    pub fn frequent(&self, rank: u64) -> Result<Email, Invalid> {
        let mut at = self.turned(rank % self.number);
        while status(at) != Status::Active || role(at) == Role::Admin {
            at = (at + 1) % self.number;
        }
        Ok(self.user(at)?.0.email)
    }

    /// A rank drawn by Zipf's law (exponent 1): the first one comes as often as the next two.
    #[must_use]
    pub fn draw(&self, random: &mut Rng) -> u64 {
        let most = as_float(self.number) + 1.0;
        whole(most.powf(random.f64()) - 1.0).min(self.number - 1)
    }

    /// The account of the user who came as number `at`, from 0. The first one is an admin.
    ///
    /// # Errors
    /// None: every address is one.
    pub fn account(&self, at: u64) -> Result<Seed, Invalid> {
        let (mut user, mut random) = self.user(at)?;
        let visits = self.visits(self.turned(at));
        let away = -random.f64().max(1e-9).ln() * 30.0 * 24.0 / visits;
        let since = hours(self.now.duration_since(user.id.created_at()));
        if away > since {
            return Ok(Seed { agent: agent(&user, &mut random), user, sessions: Vec::new() });
        }
        let last = self.now.saturating_sub(span(away)).unwrap_or(self.now);
        user.last_login_at = Some(last);
        let devices =
            if away < IDLE_HOURS { 1 + u64::from(visits > 2.0) + u64::from(visits > 20.0) } else { 0 };
        let open = |device: u64| Self::session(&user, last, device, &mut random);
        let sessions = (0..devices).map(open).collect();
        Ok(Seed { agent: agent(&user, &mut random), user, sessions })
    }

    fn user(&self, at: u64) -> Result<(User, Rng), Invalid> {
        let mut random = Rng::with_seed(SEED ^ at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let made = self.made(at);
        let culture = Culture::draw(&mut random);
        let first = Culture::name(culture.first, &mut random);
        let family = Culture::name(culture.family, &mut random);
        let full =
            if culture.family_first { [family.shown, first.shown] } else { [first.shown, family.shown] };
        let name = |text: &str| PersonName::try_from(text.to_owned()).ok();
        let has_parts = random.u32(0..10) < 6;
        let user = User {
            id: UserId::derived(made, &format!("{at} of {}", self.number)),
            email: email(at, first, family, &mut random)?,
            email_verified: true,
            username: username(at, first, &mut random),
            name: if has_parts { None } else { name(&full.join(" ")) },
            first_name: name(first.shown).filter(|_| has_parts),
            last_name: name(family.shown).filter(|_| has_parts),
            role: role(at),
            status: status(at),
            password_hash: self.hash.clone(),
            password_change_required: false,
            session_epoch: u64::from(random.u32(0..4) == 0),
            ticket_epoch: 0,
            updated_at: made,
            last_login_at: None,
            mfa_since: None,
            locale: Locale::of_tag(culture.locale).filter(|_| random.bool()),
            undone: Undone::default(),
            external_id: None,
            deletion: None,
        };
        Ok((user, random))
    }

    fn session(user: &User, last: Timestamp, device: u64, random: &mut Rng) -> Session {
        let age = random.f64() * 24.0 * 20.0;
        let opened = last.saturating_sub(span(age)).unwrap_or(last).max(user.id.created_at());
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes[..6].copy_from_slice(&opened.as_millisecond().to_be_bytes()[2..]);
        (bytes[6], bytes[8]) = (0x70 | bytes[6] & 0x0f, 0x80 | bytes[8] & 0x3f);
        Session {
            id: SessionId::from_bytes(bytes),
            user_id: user.id,
            epoch: user.session_epoch,
            counter: random.u64(0..200),
            auth_time: opened,
            rotated_at: last,
            expires_at: last.saturating_add(span(IDLE_HOURS)).unwrap_or(Timestamp::MAX),
            device: Some(
                DEVICES[(random.usize(..) + usize::try_from(device).unwrap_or(0)) % DEVICES.len()].to_owned(),
            ),
            ip: Some(address(random)),
            amr: AuthMethod::password(),
        }
    }

    /// Later ones come at shorter intervals.
    fn made(&self, at: u64) -> Timestamp {
        let share = (as_float(at) + 0.5) / as_float(self.number);
        let first = self.now.saturating_sub(HISTORY).unwrap_or(self.now);
        first.saturating_add(span(hours(HISTORY) * share.powf(0.6))).unwrap_or(self.now)
    }

    fn visits(&self, rank: u64) -> f64 {
        let number = as_float(self.number);
        (VISITS * number / (number.ln() + 0.577) / (as_float(rank) + 1.0)).min(MOST_VISITS)
    }

    /// Which rank the user has, and which user the rank: the digits the other way round, so that
    /// those who come often are of every age.
    fn turned(&self, at: u64) -> u64 {
        let (mut left, mut turned, mut digits) = (at, 0, self.number);
        while digits > 1 {
            turned = turned * 10 + left % 10;
            (left, digits) = (left / 10, digits / 10);
        }
        turned
    }
}

fn address(random: &mut Rng) -> String {
    [random.u8(1..224), random.u8(..), random.u8(..), random.u8(1..)].map(|part| part.to_string()).join(".")
}

/// Everybody makes its own account.
fn agent(user: &User, random: &mut Rng) -> Agent {
    let network = network(&address(random));
    Agent {
        actor: Actor::User(user.id),
        network,
        request_id: Some("JKJaXmPLvHcESHA=".to_owned()),
        link_base: None,
    }
}

fn role(at: u64) -> Role {
    if at.is_multiple_of(ADMINS) { Role::Admin } else { Role::User }
}

fn status(at: u64) -> Status {
    if at % DEACTIVATED == 7 { Status::Deactivated } else { Status::Active }
}

/// An address that nobody else has.
fn email(at: u64, first: Spelt, family: Spelt, random: &mut Rng) -> Result<Email, Invalid> {
    let domain = DOMAINS[random.usize(0..DOMAINS.len()).min(random.usize(0..DOMAINS.len()))];
    let name = match random.u32(0..3) {
        0 => format!("{}.{}", first.ascii, family.ascii),
        1 => format!("{}{}", first.ascii, family.ascii),
        _ => first.ascii.to_owned(),
    };
    format!("{name}.{at}@{domain}").parse()
}

fn username(at: u64, first: Spelt, random: &mut Rng) -> Option<Username> {
    (random.u32(0..5) > 0).then(|| format!("{}_{at}", first.ascii).parse().ok()).flatten()
}

#[expect(clippy::cast_precision_loss, reason = "a number of users is far below 2^52")]
fn as_float(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn whole(number: f64) -> u64 {
    number as u64
}

fn hours(span: SignedDuration) -> f64 {
    span.as_secs_f64() / 3600.0
}

fn span(hours: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(hours * 3600.0).unwrap_or(HISTORY)
}
