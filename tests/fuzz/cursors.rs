//! A cursor is good for the list that it came from. security.md H15.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use shared::http::{Cursor, Problem};
use shared::model::UserId;
use shared::store::{AuditQuery, Filter, Selection};
use tests::Call;

use crate::{Stage, holds, text};

#[test]
fn a_cursor_holds_its_position_for_its_list_alone() {
    holds(&(text(), text(), text(), any::<Index>()), |(list, position, other, at)| {
        let cursor = Cursor::encode(&list, &position);
        assert_eq!(Cursor::decode(&list, &cursor), Ok(position));
        if other != list {
            assert_eq!(Cursor::decode(&other, &cursor), Err(Problem::InvalidCursor));
        }
        assert_eq!(Cursor::decode(&list, &other), Err(Problem::InvalidCursor));
        let mut bytes = cursor.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(Cursor::decode(&list, &changed), Err(Problem::InvalidCursor));
    });
}

/// Anybody can work out the checksum: then the position is still looked at.
#[test]
fn no_position_made_by_hand_is_more_than_refused() {
    let stage = Stage::new();
    let listed = |selection: Selection| format!("{selection:?} {:?}", Filter::default());
    let lists = vec![
        ("/admin/users?", listed(Selection::Newest)),
        ("/admin/users?order=oldest&", listed(Selection::Oldest)),
        ("/admin/users?email=a&", listed(Selection::Email("a".to_owned()))),
        ("/admin/users?username=a&", listed(Selection::Username("a".to_owned()))),
        ("/admin/audit?", format!("{:?}", AuditQuery::default())),
    ];
    let id = any::<[u8; 16]>().prop_map(|bytes| UserId::from_bytes(bytes).to_string());
    let position = prop_oneof![id, text(), text().prop_map(|text| format!("a{text}"))];
    holds(&(select(lists), position), |((path, list), position)| {
        let path = format!("{path}cursor={}", Cursor::encode(&list, &position));
        let reply = stage.answered("admin", &Call::new("GET", &path).token(&stage.root.access_token).event());
        assert!(reply.status == 200 || reply.status == 400, "{position:?}: {}", reply.body);
    });
}
