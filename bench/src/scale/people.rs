//! Users as a table of some size has them, the same for the same seed: names of many cultures,
//! sign-ups spread over six years and more of them lately, activity by Zipf's law.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use shared::model::{
    AuthMethod, Email, Locale, PasswordHash, PersonName, Role, Session, SessionId, Status, Undone, User,
    UserId, Username,
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
    /// How many.
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

    /// The address of the user who comes `rank`th most often, from 0. It is active, and no admin.
    #[must_use]
    pub fn frequent(&self, rank: u64) -> Email {
        let mut at = self.at_rank(rank % self.number);
        while status(at) != Status::Active || role(at) == Role::Admin {
            at = (at + 1) % self.number;
        }
        self.user(at).0.email
    }

    /// A rank drawn by Zipf's law (exponent 1): the first one comes as often as the next two.
    #[must_use]
    pub fn draw(&self, random: &mut Rng) -> u64 {
        let most = as_float(self.number) + 1.0;
        whole(most.powf(random.f64()) - 1.0).min(self.number - 1)
    }

    /// The account of the user who came as number `at`, from 0.
    #[must_use]
    pub fn account(&self, at: u64) -> Seed {
        let (mut user, mut random) = self.user(at);
        let visits = self.visits(self.rank_of(at));
        let away = -random.f64().max(1e-9).ln() * 30.0 * 24.0 / visits;
        let since = hours(self.now.duration_since(user.id.created_at()));
        if away > since {
            return Seed { user, sessions: Vec::new() };
        }
        let last = self.now.saturating_sub(span(away)).unwrap_or(self.now);
        user.last_login_at = Some(last);
        let devices = if away < IDLE_HOURS { 1 + u64::from(visits > 2.0) + u64::from(visits > 20.0) } else { 0 };
        let open = |device: u64| self.session(&user, last, device, &mut random);
        let sessions = (0..devices).map(open).collect();
        Seed { user, sessions }
    }

    fn user(&self, at: u64) -> (User, Rng) {
        let mut random = Rng::with_seed(SEED ^ at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let made = self.made(at);
        let culture = Culture::draw(&mut random);
        let first = Culture::name(culture.first, &mut random);
        let family = Culture::name(culture.family, &mut random);
        let full = if culture.family_first { [family.shown, first.shown] } else { [first.shown, family.shown] };
        let name = |text: &str| PersonName::try_from(text.to_owned()).ok();
        let has_parts = random.u32(0..10) < 6;
        let user = User {
            id: UserId::derived(made, &format!("{at} of {}", self.number)),
            email: email(at, first, family, &mut random),
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
        (user, random)
    }

    fn session(&self, user: &User, last: Timestamp, device: u64, random: &mut Rng) -> Session {
        let age = random.f64() * 24.0 * 20.0;
        let opened = last.saturating_sub(span(age)).unwrap_or(last).max(user.id.created_at());
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes[..6].copy_from_slice(&opened.as_millisecond().to_be_bytes()[2..]);
        (bytes[6], bytes[8]) = (0x70 | bytes[6] & 0x0f, 0x80 | bytes[8] & 0x3f);
        let address = [random.u8(1..224), random.u8(..), random.u8(..), random.u8(1..)].map(|part| part.to_string());
        Session {
            id: SessionId::from_bytes(bytes),
            user_id: user.id,
            epoch: user.session_epoch,
            counter: random.u64(0..200),
            auth_time: opened,
            rotated_at: last,
            expires_at: last.saturating_add(span(IDLE_HOURS)).unwrap_or(Timestamp::MAX),
            device: Some(DEVICES[(random.usize(..) + usize::try_from(device).unwrap_or(0)) % DEVICES.len()].to_owned()),
            ip: Some(address.join(".")),
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

    // Prime, so coprime with any number of users that is none of its multiples: a permutation.
    const STEP: u64 = 7_368_787;

    fn at_rank(&self, rank: u64) -> u64 {
        rank * Self::STEP % self.number
    }

    fn rank_of(&self, at: u64) -> u64 {
        // The other way round: to the power of the order less one.
        let (mut result, mut base, mut power) = (1, Self::STEP % self.number, self.totient() - 1);
        while power > 0 {
            if power % 2 == 1 {
                result = result * base % self.number;
            }
            base = base * base % self.number;
            power /= 2;
        }
        at * result % self.number
    }

    /// Euler's, of a number of users.
    fn totient(&self) -> u64 {
        let (mut left, mut totient, mut prime) = (self.number, self.number, 2);
        while prime * prime <= left {
            if left % prime == 0 {
                totient -= totient / prime;
            }
            while left % prime == 0 {
                left /= prime;
            }
            prime += 1;
        }
        if left > 1 { totient - totient / left } else { totient }
    }
}

fn role(at: u64) -> Role {
    if at % ADMINS == 0 { Role::Admin } else { Role::User }
}

fn status(at: u64) -> Status {
    if at % DEACTIVATED == 7 { Status::Deactivated } else { Status::Active }
}

/// An address that nobody else has.
fn email(at: u64, first: Spelt, family: Spelt, random: &mut Rng) -> Email {
    let domain = DOMAINS[random.usize(0..DOMAINS.len()).min(random.usize(0..DOMAINS.len()))];
    let name = match random.u32(0..3) {
        0 => format!("{}.{}", first.ascii, family.ascii),
        1 => format!("{}{}", first.ascii, family.ascii),
        _ => first.ascii.to_owned(),
    };
    let text = format!("{name}.{at}@{domain}");
    text.parse().unwrap_or_else(|_| unreachable(&text))
}

fn username(at: u64, first: Spelt, random: &mut Rng) -> Option<Username> {
    (random.u32(0..5) > 0).then(|| format!("{}_{at}", first.ascii).parse().ok()).flatten()
}
