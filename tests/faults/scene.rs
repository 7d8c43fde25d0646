//! What is tried under faults: every operation of the `OpenAPI` document, by all
//! who may call it, and more that an operation can do.

use std::collections::HashMap;

use serde_json::Value;
use tests::faults::{Fault, writes};
use tests::{Call, Person, Reply, World, openapi};

use crate::cast::{Cast, EVERYONE, Who};
use crate::effects::{Effect, effect_of};
use crate::extras::{EXTRAS, Extra};
use crate::lanes::Lane;
use crate::table::TABLE;

/// An operation, who calls it, and what it answers when nothing fails.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// For messages.
    pub(crate) name: String,
    /// The operation's id.
    pub(crate) operation: String,
    method: String,
    path: String,
    who: Who,
    pub(crate) expected: String,
    pub(crate) effect: Option<&'static Effect>,
    extra: Option<&'static Extra>,
}

/// A scenario with people: a request that is ready to be sent.
pub(crate) struct Scene {
    pub(crate) call: Call,
    /// Who calls; if nobody, as [`Scene::target`].
    pub(crate) caller: Person,
    /// On whom.
    pub(crate) target: Person,
    /// An address that nobody has yet.
    pub(crate) new_email: String,
    /// Processes of its own, where it needs them.
    processes: Option<World>,
}

/// Everything that is tried. Panics with what to write where an operation is new.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let document: Value = serde_json::from_str(&openapi::text()).unwrap();
    let mut all = Vec::new();
    for (method, path, id) in openapi::operations(&document) {
        let row = TABLE.iter().find(|(operation, _)| *operation == id);
        let (_, row) = row.unwrap_or_else(|| panic!("add a row for {id} to tests/access/table.rs"));
        let effect = effect_of(&id);
        assert!(
            method == "GET" || effect.is_some(),
            "{method} {path} is new: say in tests/faults/effects.rs how the table shows that {id} was done"
        );
        for who in callers(&method, &path, row) {
            let expected = row[EVERYONE.iter().position(|one| *one == who).unwrap()].to_owned();
            let name = format!("{id} as {who:?}");
            let (operation, method, path) = (id.clone(), method.clone(), path.clone());
            all.push(Scenario { name, operation, method, path, who, expected, effect, extra: None });
        }
        for extra in EXTRAS.iter().filter(|extra| extra.operation == id) {
            all.push(Scenario {
                name: format!("{id}: {}", extra.name),
                operation: id.clone(),
                method: method.clone(),
                path: path.clone(),
                who: extra.who,
                expected: extra.expected.to_owned(),
                effect: Some(&extra.effect),
                extra: Some(extra),
            });
        }
    }
    assert!(
        all.iter().filter(|one| one.extra.is_some()).count() == EXTRAS.len(),
        "an extra has no operation"
    );
    all
}

/// Those whose call is another way through the code.
fn callers(method: &str, path: &str, row: &[&str; 7]) -> Vec<Who> {
    let may = |who: &Who| row[EVERYONE.iter().position(|one| one == who).unwrap()].starts_with('2');
    if may(&Who::Anonymous) {
        return vec![Who::Anonymous];
    }
    let ways = match (method, path.contains("{id}")) {
        ("GET", _) => 1,
        (_, true) => 3,
        ("DELETE", false) => 2,
        _ => 1,
    };
    let all = [Who::UserOnItself, Who::AdminOnUser, Who::AdminOnAdmin];
    all.into_iter().filter(may).take(ways).collect()
}

impl Scenario {
    /// Whether it changes items.
    pub(crate) fn writes(&self) -> bool {
        self.effect.is_some()
    }

    /// Whether this is its status when nothing fails.
    pub(crate) fn expects(&self, status: &str) -> bool {
        self.expected.starts_with(status)
    }

    /// People and a request, in an emptied world.
    pub(crate) async fn prepare(&self, lane: &Lane) -> Scene {
        lane.empty().await;
        let cast = Cast::new(&lane.world, self.who, &self.operation).await;
        let (caller, target) = match self.who {
            Who::AdminOnUser => (&cast.admin, &cast.user),
            Who::AdminOnAdmin => (&cast.admin, &cast.other_admin),
            _ => (&cast.user, &cast.user),
        };
        let mut scene = Scene {
            call: cast.request(&lane.world, self.who, &self.method, &self.path, &self.operation).await,
            caller: caller.clone(),
            target: target.clone(),
            new_email: cast.new_email(),
            processes: None,
        };
        if let Some(extra) = self.extra {
            (extra.change)(lane, &mut scene).await;
        }
        let _ = lane.faults.seen();
        scene
    }

    /// Whether the table shows that it was done.
    pub(crate) async fn is_done(&self, lane: &Lane, scene: &Scene) -> bool {
        match self.effect {
            Some(effect) => (effect.shows)(&lane.items().await, scene),
            None => false,
        }
    }

    /// The places at which a fault can strike this: those of its requests to the
    /// table, in their order.
    pub(crate) async fn requests(&self, lane: &Lane) -> Result<Vec<String>, String> {
        let scene = self.prepare(lane).await;
        let was_done = self.is_done(lane, &scene).await;
        let reply = scene.send(lane).await;
        let seen: Vec<String> = lane.faults.seen().into_iter().map(|seen| seen.operation).collect();
        if answer(&reply) != self.expected {
            return Err(format!("{}: answers {} without any fault", self.name, answer(&reply)));
        }
        let is_change = !was_done && self.is_done(lane, &scene).await;
        if self.writes() && !is_change && seen.iter().any(|operation| writes(operation)) {
            return Err(format!(
                "{}: wrote, but its effect in tests/faults/effects.rs is not seen",
                self.name
            ));
        }
        Ok(seen)
    }
}

impl Scene {
    /// Sends the request.
    pub(crate) async fn send(&self, lane: &Lane) -> Reply {
        self.processes.as_ref().unwrap_or(&lane.world).call(self.call.clone()).await
    }

    /// The settings of the processes that answer the request.
    pub(crate) fn settings<'a>(&'a self, lane: &'a Lane) -> &'a HashMap<String, String> {
        &self.processes.as_ref().unwrap_or(&lane.world).settings
    }

    /// Has the request answered by new processes with other settings.
    pub(crate) async fn by_new_processes(&mut self, lane: &Lane, settings: &[(&str, &str)]) {
        let mut all = lane.world.settings.clone();
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.processes = Some(World::join(&lane.faults.endpoint, all, lane.world.outside.clone()).await);
    }
}

/// Status and code.
pub(crate) fn answer(reply: &Reply) -> String {
    format!("{} {}", reply.status, reply.code()).trim().to_owned()
}

/// Whether a fault is of interest at a request: one after the commit of a read is
/// as one before it.
pub(crate) fn is_of_interest(fault: Fault, operation: &str) -> bool {
    fault.concerns(operation) && (!fault.commits() || writes(operation))
}
