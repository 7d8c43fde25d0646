//! What stands around the tables.

use super::super::Inputs;
use super::list;

pub(super) fn opening(inputs: &Inputs) -> String {
    format!(
        "# What it costs\n\n\
        <!-- Written by `make bench-costs`. Change bench/model.yaml, bench/prices.yaml or the words in bench/src/costs/render, not this. -->\n\n\
        Calls, capacity units and processor time are measured by `make bench` (here on: {}); what they cost follows from the \
        [prices](#prices) of us-east-1, the sizes in `template.yaml` and what is [supposed](#what-is-supposed). It is a model of a bill, not a bill: \
        nobody has paid it yet. No free tier of AWS's is taken off. Storage, backup, logs, alarms, mails and data out are in it.\n",
        inputs.measured.machine
    )
}

pub(super) fn suppositions(inputs: &Inputs) -> String {
    let (model, now) = (&inputs.model, &inputs.now);
    let (supposed, logs, stored) = (model.supposed, model.logs, model.stored);
    format!(
        "## What is supposed\n\n\
        - A vCPU of Lambda's arm64 takes {} times as long as the machine that measured, a smaller function its share of a vCPU; a call to the \
        table takes {} ms, to SES {} ms. A request is billed its own work by its share, and its waiting, rounded up to a millisecond; that a token is signed while \
        the table is asked is not taken off. See [the model of memory](performance/memory.md).\n\
        - Cold starts are not in it: they are billed since August 2025, but a function that is up to answer many is started rarely, and \
        one that is not costs cents.\n\
        - A line of a function has {} bytes, one of the stage {}, and {} come with each; compression leaves {:.0} % of what is kept, for {} days.\n\
        - The stream has {} shards (a new table's; a large one has more); the worker takes what comes of one within {} s at once, at most {} records; the mailer sends each mail by itself. For each active \
        user {} accounts are kept, with {} bytes each in the table and the index, and {} sessions; each sign-in's event is kept for 400 days.\n\
        - {} functions ask KMS for the table's key every 5 minutes. {} metrics are watched by alarms.\n\
        - Registrations that nobody confirms, attacks and admins' work are not in the month, and no more than ten sign in from one address within 5 minutes (each further one costs a write unit more); a flood is priced [apart](performance/flood.md).\n",
        supposed.cpu_factor,
        supposed.table_ms,
        supposed.mail_ms,
        now.choices.our_line,
        now.choices.access_line,
        logs.event_overhead,
        logs.compressed_to * 100.0,
        now.log_days,
        model.worker.shards,
        model.worker.batch_seconds,
        model.worker.batch,
        stored.accounts_per_user,
        stored.account_bytes,
        stored.sessions,
        model.kms_callers,
        now.alarms,
    )
}

pub(super) fn prices(inputs: &Inputs) -> String {
    let row = |(_, price): (&str, &super::super::prices::Price)| {
        let base = if price.base > 0.0 { format!("{} a month, then ", price.base) } else { String::new() };
        let amount = format!("{:.10}", price.first());
        let amount = amount.trim_end_matches('0').trim_end_matches('.').to_owned();
        vec![price.name.clone(), base + &amount, format!("<{}>", price.source), price.read.clone()]
    };
    let rows: Vec<Vec<String>> = inputs.prices.all().map(row).collect();
    let table = list(&["what", "dollars", "whose page", "read"], &rows);
    format!(
        "## Prices\n\nThe first that is paid of each; the further tiers are in `bench/prices.yaml`. \"By heart\" says that the page was not seen again for this.\n\n{table}"
    )
}
