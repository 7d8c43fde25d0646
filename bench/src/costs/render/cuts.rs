//! What was cut, before and after.

use super::super::Inputs;
use super::super::settings::{Choices, Settings};
use super::super::usage::Bill;
use super::{USERS, dollars, per_user_head, table, whole};
use crate::Failure;

/// A cut: what was done, and how it changes the choices.
type Cut = (&'static str, fn(&mut Choices, &Choices));

const CUTS: [Cut; 5] = [
    ("no metrics of each route (`RouteMetrics`)", |to, now| to.route_metrics = now.route_metrics),
    ("no traces (`Tracing`)", |to, now| to.tracing = now.tracing),
    ("no lines of Lambda's own (`LambdaLogLevel`)", |to, now| to.platform_lines = now.platform_lines),
    ("the stage's log shorter, and of the class for infrequent access", |to, now| {
        to.access_infrequent = now.access_infrequent;
        to.access_line = now.access_line;
    }),
    ("one line of a refresh, not two; shorter lines", |to, now| {
        to.more_lines.clone_from(&now.more_lines);
        to.our_line = now.our_line;
    }),
];

pub(super) fn cuts(inputs: &Inputs) -> Result<String, Failure> {
    let bills = |settings: &Settings| -> Result<Vec<Bill>, Failure> {
        let deployment = inputs.with(settings);
        USERS.iter().map(|users| Bill::of(&deployment.month(*users)?, &inputs.prices)).collect()
    };
    let row = |name: &str, bold: bool, costs: &mut dyn Iterator<Item = f64>| {
        let written = costs.map(|cost| if bold { format!("**{}**", dollars(cost)) } else { dollars(cost) });
        std::iter::once(name.to_owned()).chain(written).collect::<Vec<_>>()
    };
    let mut settings = inputs.before.clone();
    let before = bills(&settings)?;
    let mut last = before.clone();
    let mut rows = vec![row("**before**", true, &mut before.iter().map(Bill::total))];
    for (name, cut) in CUTS {
        cut(&mut settings.choices, &inputs.now.choices);
        let after = bills(&settings)?;
        rows.push(row(
            name,
            false,
            &mut after.iter().zip(&last).map(|(now, then)| now.total() - then.total()),
        ));
        last = after;
    }
    rows.push(row("**after**", true, &mut last.iter().map(Bill::total)));
    let parts =
        last.iter().zip(&before).map(|(now, then)| format!("{:.0} %", 100.0 * now.total() / then.total()));
    rows.push(std::iter::once("of what it was".to_owned()).chain(parts).collect());
    Ok(format!(
        "## The largest lines, and what was cut\n\n{}\n\
        What each cut changes, one after the other, in dollars a month:\n\n{}\n{WHY}\n{}",
        largest(&before, &last),
        table(&per_user_head("dollars a month"), &rows),
        left(inputs)?,
    ))
}

fn largest(before: &[Bill], after: &[Bill]) -> String {
    let three = |bill: &Bill| {
        let named =
            bill.dearest().into_iter().take(3).map(|(name, cost)| format!("{name} {}", dollars(cost)));
        named.collect::<Vec<_>>().join(", ")
    };
    let line = |at: usize| {
        format!("- at {} users: {}; now {}\n", whole(USERS[at]), three(&before[at]), three(&after[at]))
    };
    format!(
        "The three largest lines, before and now, in dollars:\n\n{}",
        (0..USERS.len()).map(line).collect::<String>()
    )
}

const WHY: &str = "- **Metrics of each route** are billed as custom metrics, six of a route. No alarm watches one: those watch the whole API, whose metrics are \
free, and the log says of each route what its metrics would. That they cost is the console's word (\"may incur CloudWatch Metrics charges\"); how many, our reading of it: \
six, in each hour in which a route is asked for. `RouteMetrics=true` brings them back.
- **Traces** are recorded for the first request of each second and one of twenty others, of each function, which for a small installation is nearly \
all of them, at five times the price of a request. The functions write no segments of their own, so a trace holds what the log line \
does: the time of the invocation. `Tracing=Active` brings them back, for the time of a search.
- **Lambda's own lines**, `platform.start` and `platform.report`, are longer than ours, which has status, time and request. What is lost is the peak \
of memory and the time of a cold start of each invocation; durations, errors and throttles are metrics anyway. \
`LambdaLogLevel=INFO` brings them back.
- **The stage's log** has a line for each request that never reached a function, and repeats what the function's has. Nobody watches it and no filter reads it; \
in the class for infrequent access a GB costs half and CloudWatch Logs Insights finds it as before, while `aws logs tail` does not follow it. It repeats neither protocol nor size any more.
- **A refresh** wrote a line for the audit and one for the request, with the same ids. Now the request's line names the event.
";

/// What whoever runs it can turn.
fn left(inputs: &Inputs) -> Result<String, Failure> {
    let million = 1e6;
    let now = Bill::of(&inputs.with(&inputs.now).month(million)?, &inputs.prices)?.total();
    let mut rarer = inputs.clone();
    for habit in rarer.model.mix.iter_mut().filter(|habit| habit.renews > 0.0) {
        habit.times /= 4.0;
    }
    let rarer = Bill::of(&rarer.with(&inputs.now).month(million)?, &inputs.prices)?.total();
    let mails = inputs.with(&inputs.now).month(million)?.mails;
    let (plan, none) = (inputs.prices.cost("mail", mails)?, inputs.prices.cost("mail_a_la_carte", mails)?);
    let short = Settings { log_days: 7.0, ..inputs.now.clone() };
    let short = Bill::of(&inputs.with(&short).month(million)?, &inputs.prices)?.total();
    let mut half = inputs.now.clone();
    half.choices.memory.values_mut().for_each(|mb| *mb /= 2);
    let half = Bill::of(&inputs.with(&half).month(million)?, &inputs.prices)?.total();
    Ok(format!(
        "What else can be turned, and is not by default; dollars a month at 1,000,000 users:\n\n\
        - `AccessTokenTtl=1h` in place of `15m`, where it makes one refresh of four: {} less. Others' APIs that check Usher's tokens by themselves \
        then notice a deactivation an hour late, so it stays what it is; Usher's own routes notice at once whatever it is.\n\
        - SES without a plan (`aws sesv2 put-account-pricing-attributes --plan NONE`): {} less.\n\
        - `LogRetentionDays=7`: {} less; what is taken in costs, not what is kept.\n\
        - Half the memory of every function: {} less, and every answer that computes twice as late; see [the model of memory](performance/memory.md). The sizes \
        were looked at and left.\n\
        - A REST API in place of the HTTP API would be more than three times as dear a request; a function URL would save API Gateway's whole line, and \
        with it the throttles, which are what bounds a [flood](performance/flood.md). Neither was done.\n\
        - Transactions cost two units for each kilobyte where plain writes cost one. They are what keeps promises like \"no change without its \
        event\"; none was given up.\n\
        - A reserved or provisioned capacity of the table is cheaper than on demand from some million users with even traffic on, and is not \
        \"nothing while nobody comes\".\n",
        dollars(now - rarer),
        dollars(plan - none),
        dollars(now - short),
        dollars(now - half),
    ))
}
