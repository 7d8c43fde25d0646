//! Users by standing, and sign-ups.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::super::item::parse;
use super::super::key::{Item, Key, PK, Pseudonym, TTL};
use super::super::terms::Terms;
use super::super::transaction::{Guard, Transaction, pause};
use super::super::{Store, StoreError};
use super::items::{Counter, Mark, TotalsItem, next};
use super::{IsTime, KEPT_DAYS, MARK_DAYS, ROUNDS, in_time};
use crate::model::{Day, Role, Standing, Status, UserId};

/// Marks moved in one transaction, which takes 100 writes: each may come with a day.
const AT_ONCE: usize = 45;

/// What is read of a user.
#[derive(Deserialize)]
struct Profile {
    id: UserId,
    status: Status,
    role: Role,
}

/// A mark that has to move.
struct Move {
    id: UserId,
    old: Option<Mark>,
    new: Option<Standing>,
}

impl Store {
    /// Brings the marks of these users and the totals up to date.
    pub(super) async fn count_users(
        &self,
        users: &[(UserId, bool)],
        is_time: &IsTime<'_>,
    ) -> Result<(), StoreError> {
        for some in users.chunks(AT_ONCE) {
            in_time(is_time)?;
            self.settle_marks(some).await?;
        }
        Ok(())
    }

    /// Moves until nothing has to move any more: what was read when the marks were
    /// moved may have been old by then. Whoever moved last has looked once more, so
    /// the mark is as the user is when the last record of its stream is done.
    async fn settle_marks(&self, users: &[(UserId, bool)]) -> Result<(), StoreError> {
        for attempt in 0..ROUNDS {
            let totals = self.totals().await?;
            let moves = self.moves(users, &totals).await?;
            if moves.is_empty() {
                return Ok(());
            }
            let transaction = self.move_marks(&moves, &totals)?;
            if self.commit(transaction).await?.is_err() {
                tokio::time::sleep(pause(attempt)).await;
            }
        }
        Err(StoreError::Unavailable("others move the same marks".into()))
    }

    async fn moves(&self, users: &[(UserId, bool)], totals: &TotalsItem) -> Result<Vec<Move>, StoreError> {
        let keys = users.iter().flat_map(|(id, _)| [Key::user(*id), Key::counted(&Pseudonym::of(*id))]);
        let keys: Vec<Key> = keys.collect();
        let items = self.get_parts(&keys, &[PK, "id", "user", "status", "role", "version", "round"]);
        let (mut marks, mut standings, mut unreadable) = (HashMap::new(), HashMap::new(), HashSet::new());
        for item in items.await? {
            match read(item) {
                Ok(Read::Mark(mark)) => drop(marks.insert(mark.user.clone(), mark)),
                Ok(Read::User(id, standing)) => drop(standings.insert(id, standing)),
                // It would hold up all that comes after it, and nobody can read it either.
                Err((pk, is_mark, error)) => {
                    tracing::error!(item = pk, %error, "a user or its mark cannot be counted");
                    // What is not known cannot be the condition of a move.
                    unreadable.extend(is_mark.then_some(pk));
                }
            }
        }
        let mut of = |(id, made): &(UserId, bool)| {
            let (old, new) = (marks.remove(&Pseudonym::of(*id)), standings.get(id).copied());
            let is_right = match &old {
                None => new.is_none() && !made,
                Some(mark) => mark.standing() == new && (new.is_none() || mark.round == totals.current()),
            };
            (!is_right).then_some(Move { id: *id, old, new })
        };
        let readable =
            |(id, _): &&(UserId, bool)| !unreadable.contains(&Key::counted(&Pseudonym::of(*id)).pk);
        Ok(users.iter().filter(readable).filter_map(&mut of).collect())
    }

    fn move_marks(&self, moves: &[Move], totals: &TotalsItem) -> Result<Transaction, StoreError> {
        let today = Day::of(self.now());
        let mut sums = Sums::default();
        let mut transaction = self.transaction();
        for one in moves {
            sums.note(one, totals, today);
            let mark = one.terms(totals, today);
            transaction =
                transaction.update(&Key::counted(&Pseudonym::of(one.id)), mark, Guard::Uncounted)?;
        }
        for (day, number) in sums.sign_ups {
            let counter = Counter::Day(day);
            let terms = counter.terms(&BTreeMap::from([("sign_ups", number)]));
            transaction = transaction.update(&counter.key(), terms, Guard::Unchanged)?;
        }
        let terms = Terms::new()
            .when_same("round", totals.round)
            .when_same("next_round", totals.next_round)
            .add("version", 1);
        let changed = sums.numbers.iter().filter(|(_, number)| **number != 0);
        let terms = changed.fold(terms, |terms, (name, number)| terms.add(name, *number));
        transaction.update(&Key::totals(), terms, Guard::Uncounted)
    }
}

/// What the moves of a transaction come to.
#[derive(Default)]
struct Sums {
    numbers: BTreeMap<String, i64>,
    sign_ups: BTreeMap<Day, i64>,
}

impl Sums {
    fn note(&mut self, one: &Move, totals: &TotalsItem, today: Day) {
        let mut add = |name: String, number: i64| *self.numbers.entry(name).or_default() += number;
        if let Some((mark, was)) = one.old.as_ref().and_then(|mark| Some((mark, mark.standing()?.name()))) {
            let (in_totals, in_next) = totals.include(mark);
            add(next(&was), -i64::from(in_next));
            add(was, -i64::from(in_totals));
        }
        if let Some(is) = one.new.map(Standing::name) {
            add(next(&is), i64::from(totals.next_round.is_some()));
            add(is, 1);
        }
        let day = Day::of(one.id.created_at());
        if one.old.is_none() && day >= today.plus(-KEPT_DAYS) {
            *self.sign_ups.entry(day).or_default() += 1;
        }
    }
}

impl Move {
    /// The mark as it has to be, if it still is as it was read.
    fn terms(&self, totals: &TotalsItem, today: Day) -> Terms {
        let version = self.old.as_ref().map(|mark| mark.version);
        let expires_at = self.new.is_none().then(|| today.plus(MARK_DAYS).start());
        Terms::new()
            .when_same("version", version)
            .set("version", version.unwrap_or(0) + 1)
            .set("user", Pseudonym::of(self.id))
            .set_or_remove("status", self.new.map(|standing| standing.status))
            .set_or_remove("role", self.new.map(|standing| standing.role))
            .set_or_remove("round", totals.current())
            .set_or_remove("expires_at", expires_at)
            .set_or_remove(TTL, expires_at.map(jiff::Timestamp::as_second))
    }
}

enum Read {
    User(UserId, Standing),
    Mark(Mark),
}

/// Reads a user or a mark; an error names its partition, and whether it is a mark.
fn read(item: Item) -> Result<Read, (String, bool, StoreError)> {
    let pk = item.get(PK).and_then(|pk| pk.as_s().ok()).cloned().unwrap_or_default();
    let is_mark = item.contains_key("version");
    let wrong = |error| (pk, is_mark, error);
    if is_mark {
        return parse(item).map(Read::Mark).map_err(wrong);
    }
    let profile: Result<Profile, _> = parse(item);
    profile.map(|user| Read::User(user.id, Standing { status: user.status, role: user.role })).map_err(wrong)
}
