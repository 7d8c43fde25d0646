//! One shard of the stream: how far its reading has got, and what holds it up.

/// One shard of the stream and how far its reading has got.
#[derive(Debug)]
pub(super) struct Shard {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) iterator: Option<String>,
    /// Closed, and read to its end.
    pub(super) finished: bool,
    pub(super) failing: Option<Failing>,
}

/// What holds a shard up: the rest of a batch, which stays a batch of its own.
#[derive(Debug)]
pub(super) struct Failing {
    first: String,
    len: usize,
    tries: u32,
}

impl Shard {
    pub(super) fn new(id: String, parent: Option<String>) -> Self {
        Self { id, parent, iterator: None, finished: false, failing: None }
    }

    /// Goes on with the iterator that came with the records, or, without one, is finished.
    pub(super) fn follow(&mut self, next: Option<String>) {
        self.finished = next.is_none();
        self.iterator = next;
    }

    /// Goes back to the position.
    pub(super) fn rewind(&mut self) {
        self.iterator = None;
    }

    /// Counts one more failure of a batch whose first failed record has this number, and says how
    /// many there were; `len` records of the batch remain.
    pub(super) fn count_failure(&mut self, first: &str, len: usize) -> u32 {
        let before = self.failing.take().filter(|failing| failing.first == first);
        let tries = before.map_or(1, |failing| failing.tries + 1);
        self.failing = Some(Failing { first: first.to_owned(), len, tries });
        tries
    }

    /// How many records the next batch takes at most.
    pub(super) fn batch_size(&self, most: usize) -> usize {
        self.failing.as_ref().map_or(most, |failing| failing.len)
    }
}
