//! Two rotations under load: people sign in, refresh and read their profiles on
//! several instances at once while the clock turns. security.md J12, C05.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use shared::model::PublicKey;
use tests::{PASSWORD, Person, World};
use tokio::task::JoinSet;

use crate::forge::{part, present};
use crate::keys::{hours, kid, minutes, private, published};
use crate::steps::{login, refresh};

const PEOPLE: usize = 8;
const INSTANCES: usize = 4;
/// The clock turns once in so many requests.
const REQUESTS: usize = 12;
/// No request lasts longer by the turned clock, however slow engine and machine are.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

fn expires_at(token: &str) -> Timestamp {
    Timestamp::from_second(part(token, 1)["exp"].as_i64().unwrap()).unwrap()
}

/// What all share.
struct Load {
    instances: Vec<World>,
    requests: AtomicUsize,
    /// When each one's request began that is not answered yet.
    begun: Mutex<BTreeMap<String, Timestamp>>,
    presented: AtomicUsize,
    until: Timestamp,
    /// Those that may be good still.
    tokens: Mutex<Vec<String>>,
    /// The key of each token that was signed, and between which times that was.
    signed: Mutex<Vec<(String, Timestamp, Timestamp)>>,
    /// Every key that was ever on the list, as it was last.
    keys: Mutex<HashMap<String, PublicKey>>,
}

impl Load {
    fn new(world: &World) -> Arc<Self> {
        let until = world.now() + hours(60);
        Arc::new(Self {
            instances: (0..INSTANCES).map(|_| world.twin()).collect(),
            requests: AtomicUsize::default(),
            begun: Mutex::default(),
            presented: AtomicUsize::default(),
            until,
            tokens: Mutex::default(),
            signed: Mutex::default(),
            keys: Mutex::default(),
        })
    }

    fn any(&self, rng: &mut Rng) -> &World {
        &self.instances[rng.usize(..INSTANCES)]
    }

    fn now(&self) -> Timestamp {
        self.instances[0].now()
    }

    /// Turns the clock now and then, in the middle of whatever others do.
    async fn tick(&self, rng: &mut Rng) {
        if self.requests.fetch_add(1, Ordering::Relaxed).is_multiple_of(REQUESTS) {
            let list = self.instances[0].store.public_keys().await.unwrap();
            let keys = list.keys.into_iter().map(|key| (key.kid.clone(), key));
            self.keys.lock().unwrap().extend(keys);
            let (by, begun) = (minutes(rng.i64(1..=30)), self.begun.lock().unwrap());
            if begun.values().all(|time| self.now().duration_since(*time) + by <= LONGEST) {
                self.instances[0].wait(by);
            }
        }
    }

    /// One person, from sign-in to sign-in. Who is told to try again signs in.
    async fn live(&self, email: &str, mut rng: Rng) {
        let mut refresh_token = None;
        while self.now() < self.until {
            self.begun.lock().unwrap().insert(email.to_owned(), self.now());
            if refresh_token.is_some() && rng.u8(..) < 128 {
                self.read(&mut rng).await;
            } else {
                refresh_token = self.renew(email, refresh_token.filter(|_| rng.u8(..) > 20), &mut rng).await;
            }
            self.begun.lock().unwrap().remove(email);
            self.tick(&mut rng).await;
        }
    }

    async fn renew(&self, email: &str, token: Option<String>, rng: &mut Rng) -> Option<String> {
        let (world, from) = (self.any(rng), self.now());
        let reply = match token {
            Some(token) => refresh(world, &token).await,
            None => login(world, email, PASSWORD).await,
        };
        if reply.status == 503 {
            return None;
        }
        let person = Person::from_tokens(&reply.ok(200).body, PASSWORD);
        self.signed.lock().unwrap().push((kid(&person.access_token), from, self.now()));
        self.tokens.lock().unwrap().push(person.access_token);
        Some(person.refresh_token)
    }

    fn good_token(&self, rng: &mut Rng) -> Option<String> {
        let mut tokens = self.tokens.lock().unwrap();
        tokens.retain(|token| self.now() < expires_at(token));
        rng.choice(tokens.iter()).cloned()
    }

    /// Reads somebody's profile with a token that is out, on some instance; and looks
    /// for its key in the published set, as other systems do.
    async fn read(&self, rng: &mut Rng) {
        let Some(token) = self.good_token(rng) else { return };
        let world = self.any(rng);
        let reply = present(world, &token).await;
        let keys = published(self.any(rng)).await;
        if self.now() < expires_at(&token) {
            assert!(matches!(reply.status, 200 | 503), "{}", reply.body);
            assert!(keys.contains(&kid(&token)), "not published");
            self.presented.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// J12, C05.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_good_token_is_ever_refused_through_two_rotations() {
    let world = World::with(&[("KEY_ROTATION_DAYS", "1"), ("ACCESS_TOKEN_TTL", "6h")]).await;
    let emails: Vec<String> = (0..PEOPLE).map(|n| format!("p{n}@example.com")).collect();
    for email in &emails {
        world.make_user(email, |_| ()).await;
    }
    let load = Load::new(&world);
    let mut people = JoinSet::new();
    for (n, email) in emails.into_iter().enumerate() {
        let load = load.clone();
        people.spawn(async move { load.live(&email, Rng::with_seed(n as u64)).await });
    }
    while let Some(done) = people.join_next().await {
        done.unwrap();
    }
    check(&load).await;
}

async fn check(load: &Load) {
    let world = &load.instances[0];
    let keys = load.keys.lock().unwrap().clone();
    assert_eq!(keys.len(), 3, "two rotations: {keys:?}");
    let mut in_order: Vec<&PublicKey> = keys.values().collect();
    in_order.sort_by_key(|key| key.signs_from);
    for pair in in_order.windows(2) {
        assert_eq!(pair[0].signs_until, Some(pair[1].signs_from));
        assert!(pair[1].signs_from.duration_since(pair[0].created_at) < hours(25));
        assert!(pair[1].signs_from.duration_since(pair[1].created_at) >= hours(2));
    }
    for (kid, from, to) in load.signed.lock().unwrap().iter() {
        let key = &keys[kid];
        let right = key.signs_from <= *to && key.signs_until.is_none_or(|until| until > *from);
        assert!(right, "signed with {kid} between {from} and {to}: {keys:?}");
    }
    let listed = published(world).await;
    assert_eq!(listed.len(), 1, "the others have retired");
    assert_eq!(private(world).await, listed);
    let presented = load.presented.load(Ordering::Relaxed);
    assert!(presented > 500, "{presented}");
}
