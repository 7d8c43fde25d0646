//! What happened before anybody read the stream, and what has to come of it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use shared::model::{Day, Mail, Notice, Status, UserId};
use shared::store::{Seed, Store};

use super::queue::Record;
use crate::Failure;
use crate::scale::people::Population;

/// A day's counts are kept for so many days.
const KEPT_DAYS: i32 = 400;
/// Every so many accounts: one that is gone again, and one whose owner is mailed.
const GONE: u64 = 40;
const MAILED: u64 = 4;

/// The records, and what has to come of them.
#[derive(Debug, Default)]
pub struct History {
    /// The stream's records, the oldest first.
    pub records: Vec<Record>,
    /// Sign-ups of each day that is kept.
    pub sign_ups: BTreeMap<Day, u64>,
    /// Sign-ins of each day that is kept.
    pub sign_ins: BTreeMap<Day, u64>,
    /// Who was active on which day.
    pub active: BTreeSet<(Day, UserId)>,
    /// The addresses that are mailed.
    pub mailed: Vec<String>,
}

impl History {
    /// Has so many records happen: writes what they tell of.
    ///
    /// # Errors
    /// The table does not take it.
    pub async fn make(
        store: &Store,
        population: &Population,
        records: usize,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let mut history = Self::default();
        let (mut accounts, mut mails) = (Vec::new(), Vec::new());
        for at in 0..population.number {
            if history.records.len() >= records {
                break;
            }
            let account = population.account(at)?;
            history.tell(&account, at, now, &mut mails);
            if at % GONE != 1 {
                accounts.push(account);
            }
        }
        let seed = |some: &[Seed]| {
            let (store, some) = (store.clone(), some.to_vec());
            async move { store.seed(&some).await }
        };
        let () = stream::iter(accounts.chunks(50))
            .map(seed)
            .buffer_unordered(8)
            .try_for_each(|_| async { Ok(()) })
            .await?;
        let put = |mail: Mail| {
            let store = store.clone();
            async move { store.put_mail(&mail).await }
        };
        let () = stream::iter(mails).map(put).buffer_unordered(8).try_for_each(|()| async { Ok(()) }).await?;
        Ok(history)
    }

    fn tell(&mut self, account: &Seed, at: u64, now: Timestamp, mails: &mut Vec<Mail>) {
        let (user, today) = (&account.user, Day::of(now));
        let profile = (format!("USER#{}", user.id), "PROFILE");
        let mut tell = |event, (pk, sk): (String, &str)| self.records.push(Record::new(event, pk, sk));
        tell("INSERT", profile.clone());
        count(&mut self.sign_ups, Day::of(user.id.created_at()), today);
        if at % GONE == 1 {
            tell("REMOVE", profile);
            return;
        }
        for session in &account.sessions {
            let key = (profile.0.clone(), format!("SESSION#{}", session.id));
            tell("INSERT", (key.0.clone(), &key.1));
            tell("MODIFY", profile.clone());
            tell("MODIFY", (key.0, &key.1));
            let day = Day::of(session.id.created_at());
            count(&mut self.sign_ins, day, today);
            self.active.extend([(day, user.id), (today, user.id)]);
        }
        if at.is_multiple_of(MAILED) && user.status == Status::Active {
            let mail = Mail::notice(user.email.clone(), Notice::PasswordChanged, now);
            tell("INSERT", (format!("MAIL#{}", mail.id), "MAIL"));
            self.mailed.push(user.email.to_string());
            mails.push(mail);
        }
    }

    /// Whether the worker counted that.
    ///
    /// # Errors
    /// What differs, or that the table does not answer.
    pub async fn check(&self, store: &Store, now: Timestamp) -> Result<(), Failure> {
        let recount = store.recount(|_| ()).await?;
        let sorted = |totals: &shared::model::Totals| {
            let name = |(standing, number): &(shared::model::Standing, i64)| (standing.name(), *number);
            totals.0.iter().map(name).filter(|(_, number)| *number != 0).collect::<BTreeMap<_, _>>()
        };
        if sorted(&recount.kept) != sorted(&recount.found) {
            return Err(format!("{:?} are counted, {:?} are listed", recount.kept, recount.found).into());
        }
        let today = Day::of(now);
        for day in store.days(today.plus(-KEPT_DAYS), today).await? {
            let of = |counts: &BTreeMap<Day, u64>| counts.get(&day.day).copied().unwrap_or_default();
            let active = self.active.iter().filter(|(one, _)| *one == day.day).count() as u64;
            let expected = (of(&self.sign_ups), of(&self.sign_ins), active);
            if (day.sign_ups, day.sign_ins, day.active_users) != expected {
                return Err(format!("{day:?} and not {expected:?}").into());
            }
        }
        Ok(())
    }
}

fn count(counts: &mut BTreeMap<Day, u64>, day: Day, today: Day) {
    if day >= today.plus(-KEPT_DAYS) {
        *counts.entry(day).or_default() += 1;
    }
}
