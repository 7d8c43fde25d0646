//! "This was not me": what an account was before something happened to it, and which
//! links that undo things are void.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{User, UserId};

/// An account as it was just before something that its owner is told about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Whose account.
    pub user_id: UserId,
    /// How often it had changed: the sum of its two epochs.
    pub version: u64,
    /// Since when it had its second factor, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa_since: Option<Timestamp>,
}

impl From<&User> for Before {
    fn from(user: &User) -> Self {
        Self { user_id: user.id, version: user.version(), mfa_since: user.mfa_since }
    }
}

/// What was undone: links of changes made in these versions of the account are void.
/// Whoever made them is not to undo the undoing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Undone(Vec<(u64, u64)>);

impl Undone {
    /// So many are kept. They stand apart, so this takes as many undoings of changes
    /// that were each made after the one before was undone, within a link's life.
    const MOST: usize = 32;

    /// Whether nothing was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what was done to this version was undone.
    #[must_use]
    pub fn has(&self, version: u64) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&version))
    }

    /// With all that was done to the versions `from` to `to`.
    #[must_use]
    pub fn and(&self, from: u64, to: u64) -> Self {
        let apart = self.0.iter().filter(|(_, end)| *end < from).copied();
        let all: Vec<_> = apart.chain([(from, to)]).collect();
        let old = all.len().saturating_sub(Self::MOST);
        Self(all.into_iter().skip(old).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Undone;

    #[test]
    fn an_older_undoing_takes_the_newer_ones_in() {
        let undone = Undone::default().and(5, 9).and(12, 14);
        let has = |undone: &Undone| (0..20).filter(|version| undone.has(*version)).collect::<Vec<_>>();
        assert_eq!(has(&undone), [5, 6, 7, 8, 9, 12, 13, 14]);
        assert_eq!(has(&undone.and(11, 16)), [5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16]);
        assert_eq!(undone.and(2, 16), Undone(vec![(2, 16)]));
    }

    #[test]
    fn the_item_does_not_grow_without_end() {
        let undone = (0..100).fold(Undone::default(), |undone, n| undone.and(n * 3, n * 3 + 1));
        assert_eq!((undone.0.len(), undone.has(299), undone.has(297)), (32, false, true));
    }
}
