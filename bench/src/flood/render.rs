//! `docs/performance/flood.md`.

use super::{OneProcess, Results, Row};
use crate::costs::Inputs;

pub(super) fn flood(found: &Results, inputs: &Inputs) -> String {
    let rows: String = found.rows.iter().map(line).collect();
    let others: String = found.one_process.iter().map(other).collect();
    let (settings, flood) = (&inputs.now, inputs.model.flood);
    format!(
        "# A flood of sign-ins

<!-- Written by `make bench-costs` from bench/results/flood.json. Change bench/model.yaml or the words in bench/src/flood/render.rs, not this. -->

Simulated, not suffered: requests come at random, {seconds} s of each case with the seed {seed}; 2 honest sign-ins and 50 reads of a profile come every second \
beside the flood. How long things take is [the model of memory](memory.md)'s, of what was measured on: {machine}. \
A sign-in takes {sign_in:.1} ms, a try that a counter refuses {refused:.1} ms, a read {read:.1} ms; a new copy takes {start} ms and its own start more. \
Dollars are those of [the prices](../costs.md#prices) for an hour of its sign-ins, the honest ones among them; the reads cost {reads:.2} more.

| who floods | tries a second | API Gateway refuses | counters refuse | no copy | hashed | copies of `auth` | sign-ins served | p50, p99 ms | reads served | p50, p99 ms | dollars an hour |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}
## What bounds it

1. **A copy works on one request at a time** (AWS Lambda Developer Guide, \"Understanding Lambda function scaling\"). A hash occupies its own \
copy's core and nobody else's: while {hash:.0} ms of a sign-in are computed, other requests are in other copies. So the times of \
what is served hardly move in any of the rows above; what a flood takes away is a place, not time.
2. **API Gateway lets {rate} requests a second pass to each route that hashes** (`AuthRate`, `AuthBurst` {burst}), all clients together, and does not \
bill those that it refuses. That caps what guessing and hashing can cost at a known sum, whoever floods. Its price is in the rows, too: it does not know \
the honest from the others, and where a flood is many times the rate it refuses most honest sign-ins, while whoever is signed in goes on: refreshing and \
reading are other routes. Raise `AuthRate` with the number of one's users; a service in front that tells sources apart (CloudFront with AWS WAF) is what helps beyond.
3. **The counters refuse before anything is hashed** ([decision 11](../decisions/0011-limits.md)): one conditional update, and a try under a name that \
has to wait ends there; a second one for a source that has had its 30 in 5 minutes. So a single source is not a flood: it is a bill for \
updates, and refusing by the second counter (the name's count is taken back) is not even cheaper than hashing: what the counters save is guesses \
and time, and what they cost is in the rows. Against very many sources with many names they refuse little, and then the two above and below do.
4. **Reserved concurrency** (`AuthReservedConcurrency`) is a limit and a reserve: `auth` never has more copies, and the others always have the rest. \
Without it and without a throttle a flood can use up the account's copies (1,000, or 10 in a new account) and reads are refused with the sign-ins: the \
last row. With the template's throttle {need:.1} copies are at work on average at the most, so that even 10 suffice; that is why it is off by default.

What the simulation leaves out: Lambda adds at most 1,000 copies in 10 s to a function, which no row reaches; copies that go idle are kept; honest \
people who mistype; repeats by clients that were refused.

## One process, for comparison

A process that answers one request after the other makes everybody wait for each hash. With {one_hash} ms for a hash and {one_read} ms for a read, as measured of a \
Flask system that Usher replaces, and 10 reads a second:

| sign-ins a second | read p50, ms | read p99, ms |
|---:|---:|---:|
{others}",
        seconds = found.seconds,
        seed = found.seed,
        machine = found.machine,
        sign_in = found.services_ms[0],
        refused = found.services_ms[1],
        read = found.services_ms[2],
        start = flood.start_ms,
        hash = found.services_ms[0],
        rate = settings.auth_rate,
        burst = settings.auth_burst,
        need = settings.auth_rate * found.services_ms[0] / 1000.0,
        one_hash = flood.one_process_hash_ms,
        one_read = flood.one_process_read_ms,
        reads = found.reads_dollars,
    )
}

fn line(row: &Row) -> String {
    let [throttled, counted, no_copy, hashed] =
        row.fate.map(|part| if row.flood > 0.0 { format!("{part} %") } else { "-".to_owned() });
    let [sign_ins, reads] = [row.sign_ins, row.reads];
    format!(
        "| {} | {} | {throttled} | {counted} | {no_copy} | {hashed} | {} | {} % | {}, {} | {} % | {}, {} | {:.2} |\n",
        row.scenario,
        row.flood,
        row.peak,
        sign_ins[0],
        sign_ins[1],
        sign_ins[2],
        reads[0],
        reads[1],
        reads[2],
        row.dollars,
    )
}

fn other(one: &OneProcess) -> String {
    format!("| {} | {} | {} |\n", one.sign_ins, one.reads_ms[0], one.reads_ms[1])
}
