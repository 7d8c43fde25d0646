//! No session outlives what it stands on.

use super::{Table, name, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for session in table.all("USER#", "SESSION#") {
        let mut say = |what: &str| found.push(format!("{}: {what}", name(session)));
        if text(session, "PK") != format!("USER#{}", text(session, "user_id"))
            || text(session, "SK") != format!("SESSION#{}", text(session, "id"))
        {
            say("has other ids than its keys");
        }
        // Without its user a session is nothing, or so it should be: it was tried.
        let Some(user) = table.get(text(session, "PK"), "PROFILE") else { continue };
        let (epoch, current) = (session["epoch"].as_u64(), user["session_epoch"].as_u64());
        if epoch > current {
            say("is of an epoch that has not begun");
        }
        if user["status"] != "active" && epoch == current {
            say("is alive, but its user is shut out");
        }
    }
    let ghosts = table.snapshot.ghosts.iter();
    found.extend(ghosts.map(|ghost| format!("{ghost}: is gone, but a session of it can be refreshed")));
    found
}
