//! `kill -9` in the middle of each write: before the engine hears of it, and after
//! it did it but before the function knows. Nothing is half done, and the same
//! request to another process does it, or says that it was done.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tests::faults::{Fault, Faults};
use tests::invariants::Checker;

use crate::child::Child;
use crate::lanes::{Lane, in_lanes};
use crate::mails::{KINDS, Post};
use crate::scene::{Scenario, scenarios};
use crate::trial::clean;

/// Where the write stands when the process dies.
const MOMENTS: [Fault; 2] = [Fault::Hang, Fault::Swallowed];

/// No request writes more often.
const MOST_WRITES: usize = 8;

/// A child that died in its write after `skip` others, or the answer of one that
/// had no such write.
async fn die(lane: &Lane, start: impl Fn(&str) -> Child, skip: usize, moment: Fault) -> Option<Value> {
    let proxy = Faults::new().await;
    proxy.write_after(skip, moment);
    let mut child = start(&proxy.endpoint);
    let answer = tokio::select! {
        () = proxy.struck() => None,
        answer = child.answer() => Some(answer),
    };
    if answer.is_none() {
        child.kill();
    }
    let _ = lane.faults.seen();
    answer
}

/// Kills it in each of its writes and returns in how many.
async fn kill_in_each_write(lane: &Lane, scenario: &Scenario, moment: Fault) -> Result<usize, String> {
    for skip in 0..MOST_WRITES {
        let scene = scenario.prepare(lane).await;
        let mut checker = Checker::new();
        clean("before", &checker.check(&lane.world).await)?;
        let (function, event) = (scene.call.function(), scene.call.event());
        let start =
            |endpoint: &str| Child::start(endpoint, &lane.world, scene.settings(lane), function, &event);
        if let Some(answer) = die(lane, start, skip, moment).await {
            let status = answer["statusCode"].to_string();
            let as_expected = scenario.expects(&status);
            return if as_expected { Ok(skip) } else { Err(format!("the child answered {answer}")) };
        }
        let after = scenario.aftermath(lane, &scene, &mut checker, None).await;
        after.map_err(|wrong| format!("killed in write {skip}: {wrong}"))?;
    }
    Err("it writes without end".to_owned())
}

/// P12
#[test]
fn every_operation_bears_kill_9_in_each_of_its_writes() {
    let work: Vec<(Scenario, Fault)> = scenarios()
        .into_iter()
        .filter(Scenario::writes)
        .flat_map(|scenario| MOMENTS.map(|moment| (scenario.clone(), moment)))
        .collect();
    let killed = AtomicUsize::new(0);
    let wrong =
        in_lanes(
            3,
            work,
            async |lane: &Lane, (scenario, moment): (Scenario, Fault)| match kill_in_each_write(
                lane, &scenario, moment,
            )
            .await
            {
                Ok(times) => {
                    killed.fetch_add(times, Ordering::Relaxed);
                    None
                }
                Err(wrong) => Some(format!("{}, {moment:?}: {wrong}", scenario.name)),
            },
        );
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    println!("kill -9: {} processes died in a write", killed.into_inner());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn kill_the_mailer(lane: &Lane, kind: &'static str, moment: Fault) -> Result<usize, String> {
    for skip in 0..MOST_WRITES {
        let post = Post::new(lane, kind).await;
        let mut checker = Checker::new();
        clean("before", &checker.check(&lane.world).await)?;
        let start =
            |endpoint: &str| Child::start(endpoint, &lane.world, &lane.world.settings, "mailer", &post.event);
        if let Some(answer) = die(lane, start, skip, moment).await {
            let nothing = answer["batchItemFailures"] == serde_json::json!([]);
            return if nothing { Ok(skip) } else { Err(format!("the child answered {answer}")) };
        }
        // Only between SES's yes and the mail's deletion does one go out twice.
        let after = post.aftermath(lane, &mut checker, true).await;
        after.map_err(|wrong| format!("killed in write {skip}: {wrong}"))?;
    }
    Err("it writes without end".to_owned())
}

/// P10
#[test]
fn the_mailer_bears_kill_9_in_each_of_its_writes() {
    let work: Vec<(&str, Fault)> =
        KINDS.iter().flat_map(|kind| MOMENTS.map(|moment| (*kind, moment))).collect();
    let outcomes = in_lanes(3, work, async |lane: &Lane, (kind, moment): (&'static str, Fault)| {
        kill_the_mailer(lane, kind, moment).await.map_err(|wrong| format!("{kind}, {moment:?}: {wrong}"))
    });
    let wrong: Vec<&String> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let killed: usize = outcomes.iter().flatten().sum();
    println!("kill -9: {killed} mailers died in a write");
    assert!(killed >= 2 * KINDS.len(), "each mail takes a write at least");
}
