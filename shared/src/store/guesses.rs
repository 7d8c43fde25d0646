//! Counting guesses at the password of a sign-in name: by the source they come from, and
//! wherever from. Both are in one item per name and day (UTC), so that one conditional
//! update asks both, and a right password clears both in the transaction that opens the
//! session.

use jiff::Timestamp;

use super::attempts::{Counter, Tally};
use super::key::{Item, TTL};
use super::limit::Limit;
use super::terms::{Condition, Terms};
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};

/// With guesses from more sources than these in its item, a name is cleared of all: an item
/// holds 400 KB at most, and each write costs by what there is.
const SOURCES: usize = 200;

/// The counters of a sign-in name.
#[derive(Clone, Debug)]
pub struct Guesses {
    from_here: Counter,
    anywhere: Counter,
}

/// What became of a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// It may be looked at. `locks`: if it is wrong, the next one has to wait, which
    /// the one before had not to. `crowded`: the name is guessed at from many sources.
    Counted {
        /// Whether a lock begins with it.
        locks: bool,
        /// Whether there are so many that the item is to go.
        crowded: bool,
    },
    /// It may not, and was not counted. So many whole seconds later, rounded up and
    /// never 0, one may.
    Refused(u32),
}

/// A guess, decided but for one case: a lock that was waited for, or guesses from this source that
/// are to be forgotten. [`Store::settle_guess`] ends that.
#[derive(Clone, Copy, Debug)]
pub enum BegunGuess {
    /// Decided.
    Settled(Guess),
    /// It may be made after what both counters held.
    Held(Held),
}

/// What was counted for a name.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    here: Option<Tally>,
    anywhere: Option<Tally>,
}

/// What a transaction clears besides what it does.
#[derive(Clone, Debug, Default)]
pub struct Forgiven {
    names: Vec<(Guesses, bool)>,
    source: Option<Counter>,
}

impl Guesses {
    /// The counters for `name` at `now`, and of `source` among them, in letters and
    /// digits: both must tell nobody who is meant. `here` bounds what comes from the
    /// source, `anywhere` all there is.
    #[must_use]
    pub fn new(name: &str, source: &str, here: Limit, anywhere: Limit, now: Timestamp) -> Self {
        let anywhere = Counter::new("login", name, anywhere, now);
        Self { from_here: anywhere.part(source, here), anywhere }
    }

    /// What `now` adds to both, on condition that both let it pass whatever was waited.
    fn counted(&self, now: i64) -> Terms {
        let admitted = Condition::All(vec![self.from_here.admits(now), self.anywhere.admits(now)]);
        self.one_more(now).count(&self.from_here.count).only_if(&admitted)
    }

    /// What `now` adds to both after what they held, if they hold it still. Where the limit of all
    /// is far, others may have guessed meanwhile.
    fn counted_after(&self, held: Held, now: i64) -> Terms {
        let Self { from_here, anywhere } = self;
        let count = held.here.map_or(1, |seen| from_here.next(seen, now));
        let terms = self.one_more(now).set(&from_here.count, count);
        let terms = terms
            .when_same(&from_here.count, held.here.map(|seen| seen.count))
            .when_same(&from_here.last, held.here.map(|seen| seen.last));
        match held.anywhere {
            Some(seen) if anywhere.is_full(seen) => {
                terms.when(&anywhere.count, seen.count).when(&anywhere.last, seen.last)
            }
            _ => terms.only_if(&anywhere.admits(now)),
        }
    }

    fn one_more(&self, now: i64) -> Terms {
        let terms = Terms::new().count(&self.anywhere.count).set(&self.anywhere.last, now);
        terms.set(&self.from_here.last, now).set(TTL, self.anywhere.ttl(now))
    }

    fn cleared(&self, now: i64) -> Terms {
        let terms = Terms::new().set(TTL, self.anywhere.ttl(now));
        let all = [&self.anywhere, &self.from_here].into_iter().flat_map(|c| [&c.count, &c.last]);
        all.fold(terms, |terms, attribute| terms.remove(attribute))
    }

    /// What an item says in which a guess was counted.
    fn judge(&self, item: &Item) -> Guess {
        let locks = |counter: &Counter| counter.tally(item).is_some_and(|seen| counter.locks_at(seen.count));
        let locks = locks(&self.from_here) || locks(&self.anywhere);
        Guess::Counted { locks, crowded: item.len() > 2 * SOURCES }
    }

    /// What an item says in which none was counted.
    fn refused(&self, item: &Item, now: i64) -> BegunGuess {
        let held = Held { here: self.from_here.tally(item), anywhere: self.anywhere.tally(item) };
        let locks = [(&self.from_here, held.here), (&self.anywhere, held.anywhere)];
        let locks = locks.into_iter().filter_map(|(counter, seen)| Some((counter, seen?)));
        let waits = locks.filter(|(counter, seen)| counter.locks_out(*seen, now));
        match waits.map(|(counter, seen)| counter.seconds(seen, now)).max() {
            Some(wait) => BegunGuess::Settled(Guess::Refused(wait)),
            None => BegunGuess::Held(held),
        }
    }
}

impl Forgiven {
    /// Forgets what was counted for the name from here and anywhere; where it is
    /// `crowded`, from all other sources, too.
    #[must_use]
    pub fn name(mut self, guesses: Guesses, crowded: bool) -> Self {
        if guesses.anywhere.is_on() {
            self.names.push((guesses, crowded));
        }
        self
    }

    /// Takes one back that was counted for the source, too.
    #[must_use]
    pub fn source(mut self, counter: Counter) -> Self {
        self.source = Some(counter).filter(Counter::is_on);
        self
    }

    pub(super) fn within(
        &self,
        mut transaction: Transaction,
        now: Timestamp,
    ) -> Result<Transaction, StoreError> {
        let now = now.as_millisecond();
        for (guesses, crowded) in &self.names {
            let (key, guard) = (&guesses.anywhere.key, Guard::Unchanged);
            transaction = if *crowded {
                transaction.delete(key, Terms::new(), guard)?
            } else {
                transaction.update(key, guesses.cleared(now), guard)?
            };
        }
        if let Some(counter) = &self.source {
            let terms = Terms::new().add(&counter.count, -1).set(TTL, counter.ttl(now));
            transaction = transaction.update(&counter.key, terms, Guard::Unchanged)?;
        }
        Ok(transaction)
    }
}

impl Store {
    /// Counts a guess, if it may be made: one call, all there is to it unless there was a lock, or
    /// what is to be forgotten.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn begin_guess(&self, guesses: &Guesses) -> Result<BegunGuess, StoreError> {
        if !guesses.anywhere.is_on() {
            return Ok(BegunGuess::Settled(Guess::Counted { locks: false, crowded: false }));
        }
        let now = self.now().as_millisecond();
        Ok(match self.update(&guesses.anywhere.key, guesses.counted(now)).await? {
            Ok(item) => BegunGuess::Settled(guesses.judge(&item)),
            Err(item) => guesses.refused(&item.unwrap_or_default(), now),
        })
    }

    /// The second half: counts the guess after what was held, unless another one was there
    /// first; then it is begun again after that.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn settle_guess(&self, guesses: &Guesses, mut begun: BegunGuess) -> Result<Guess, StoreError> {
        for _ in 0..3 {
            let held = match begun {
                BegunGuess::Settled(guess) => return Ok(guess),
                BegunGuess::Held(held) => held,
            };
            let terms = guesses.counted_after(held, self.now().as_millisecond());
            if let Ok(item) = self.update(&guesses.anywhere.key, terms).await? {
                return Ok(guesses.judge(&item));
            }
            begun = self.begin_guess(guesses).await?;
        }
        match begun {
            BegunGuess::Settled(guess) => Ok(guess),
            BegunGuess::Held(_) => Err(StoreError::Unavailable("too many guesses at once".into())),
        }
    }

    /// Takes one guess back that was counted. Where one of the two counters was cleared
    /// meanwhile, from the other alone.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn take_guess_back(&self, guesses: &Guesses) -> Result<(), StoreError> {
        let Guesses { from_here, anywhere } = guesses;
        if !anywhere.is_on() {
            return Ok(());
        }
        let less =
            |terms: Terms, counter: &Counter| terms.decrement(&counter.count).when_above(&counter.count, 0);
        let both = less(less(Terms::new(), from_here), anywhere);
        if self.update(&anywhere.key, both).await?.is_err() {
            let (here, all) = tokio::join!(self.take_back(from_here), self.take_back(anywhere));
            return here.and(all);
        }
        Ok(())
    }

    /// Clears it all at once, where no other transaction does.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forgive_all(&self, forgiven: &Forgiven) -> Result<(), StoreError> {
        let transaction = forgiven.within(self.transaction(), self.now())?;
        self.commit(transaction).await.map(|_| ())
    }

    /// Forgets what was counted for a name, where no transaction does.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forgive(&self, guesses: &Guesses) -> Result<(), StoreError> {
        if !guesses.anywhere.is_on() {
            return Ok(());
        }
        let terms = guesses.cleared(self.now().as_millisecond());
        self.update(&guesses.anywhere.key, terms).await.map(|_| ())
    }
}
