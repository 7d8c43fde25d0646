//! What has to hold after a fault, whatever the fault was.

use tests::Reply;
use tests::invariants::Checker;

use crate::lanes::Lane;
use crate::scene::{Scenario, Scene, answer};

impl Scenario {
    /// What is wrong after a first call that answered so, if it did: with the
    /// table, and with what a client gets that sends the same again.
    pub(crate) async fn aftermath(
        &self,
        lane: &Lane,
        scene: &Scene,
        checker: &mut Checker,
        first: Option<&Reply>,
    ) -> Result<(), String> {
        clean("after the fault", &checker.check(&lane.world).await)?;
        let done = self.is_done(lane, scene).await;
        if let Some(first) = first.filter(|first| first.status != 503)
            && self.writes()
            && !done
        {
            return Err(format!("it answered {}, but the table does not show it", answer(first)));
        }
        let again = answer(&scene.send(lane).await);
        let has_happened = self.effect.map_or(&[][..], |effect| effect.again);
        let may_say = again == self.expected || (done && has_happened.contains(&again.as_str()));
        if !may_say {
            return Err(format!("sent again it answered {again} (it was done: {done})"));
        }
        if self.writes() && !self.is_done(lane, scene).await {
            return Err(format!("sent again it answered {again}, but the table does not show it"));
        }
        clean("after the same again", &checker.check(&lane.world).await)?;
        let delivered = lane.world.deliver().await;
        if delivered["batchItemFailures"] != serde_json::json!([]) {
            return Err(format!("its mails: {delivered}"));
        }
        clean("after its mails", &checker.check(&lane.world).await)
    }

    /// What is wrong with the answer to a call under a fault, if it is.
    pub(crate) fn judge(&self, reply: &Reply) -> Result<(), String> {
        let answer = answer(reply);
        if answer == self.expected || answer == "503 temporarily_unavailable" {
            return Ok(());
        }
        Err(format!("it answered {answer}, neither {} nor 503", self.expected))
    }
}

/// Nothing, or what does not hold.
pub(crate) fn clean(when: &str, violations: &[String]) -> Result<(), String> {
    if violations.is_empty() { Ok(()) } else { Err(format!("{when}: {}", violations.join("; "))) }
}
