//! `docs/performance/memory.md`.

use super::super::Inputs;
use super::super::measured::Operation;
use super::super::memory::{ONE_CORE, SIZES, duration_ms, gb_seconds, share};
use super::{cells, table, whole};
use crate::Failure;

/// `docs/performance/memory.md`.
pub(in super::super) fn memory(inputs: &Inputs) -> Result<String, Failure> {
    let mut text = opening(inputs)?;
    for (function, size) in &inputs.now.choices.memory {
        let own: Vec<&Operation> =
            inputs.measured.operations.iter().filter(|one| one.function == *function).collect();
        if own.is_empty() {
            continue;
        }
        let head = cells(&["milliseconds, dollars a million"]);
        let head: Vec<String> =
            head.into_iter().chain(SIZES.map(|mb| mark(mb, *size, &mb.to_string()))).collect();
        let row = |operation: &&Operation| {
            let cell = |mb: u32| {
                let duration = duration_ms(operation, mb, inputs.model.supposed);
                let cost = gb_seconds(duration, mb) * 1e6;
                Ok::<_, Failure>(mark(
                    mb,
                    *size,
                    &format!("{duration:.0}, {:.2}", inputs.prices.cost("lambda_gb_second", cost)?),
                ))
            };
            let cells = SIZES.iter().map(|mb| cell(*mb)).collect::<Result<Vec<_>, _>>()?;
            Ok::<_, Failure>(
                std::iter::once(format!("`{}`", operation.name)).chain(cells).collect::<Vec<_>>(),
            )
        };
        let mut rows = own.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let begun = inputs.measured.start(function).work_ms();
        if begun > 0.0 {
            let cell = |mb: u32| {
                mark(mb, *size, &format!("{:.0}", begun * inputs.model.supposed.cpu_factor / share(mb)))
            };
            rows.push(
                std::iter::once("first answer after a start, at the most".to_owned())
                    .chain(SIZES.map(cell))
                    .collect(),
            );
        }
        text += &format!("\n## {function}: {size} MB\n\n{}\n{}", table(&head, &rows), why(function));
    }
    Ok(text)
}

/// The size that the template has stands out.
fn mark(mb: u32, chosen: u32, text: &str) -> String {
    if mb == chosen { format!("**{text}**") } else { text.to_owned() }
}

fn opening(inputs: &Inputs) -> Result<String, Failure> {
    let mut rows = Vec::new();
    for (function, size) in &inputs.now.choices.memory {
        let cold = inputs.measured.start(function);
        let known = |value: f64, text: String| if value > 0.0 { text } else { "-".to_owned() };
        rows.push(vec![
            function.clone(),
            size.to_string(),
            format!("{:.0} %", share(*size) * 100.0),
            known(cold.peak_mib, format!("{:.0}", cold.peak_mib)),
        ]);
    }
    let sizes = table(&cells(&["function", "MB", "of a vCPU", "peak MiB measured"]), &rows);
    Ok(format!(
        "# Memory, and the time and money it buys\n\n\
        <!-- Written by `make bench-costs`, like docs/costs.md. -->\n\n\
        Lambda gives a function processor time in proportion to its memory, one vCPU at {} MB ([AWS Lambda Developer Guide, \"Configure Lambda function \
        memory\"](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)), and bills memory times milliseconds. So what an operation computes \
        costs the same at every size and is done the faster the larger it is, and what it waits for the table costs in proportion to the size and \
        passes no faster. **This is a model**: the processor time was measured on: {}, and a vCPU of Lambda's is taken to be as fast (`cpu_factor` in bench/model.yaml; on arm64 the hash has no vector kernels, so count on up to twice a sign-in's time there until it was measured); a call to the table is taken as {} ms. Nothing of it was measured on Lambda. \
        A GB-second costs {} dollars.\n\n{sizes}\n\
        How the sizes are chosen: Lambda's GB-seconds are a few parts in a hundred of [the bill](../costs.md#a-month), so time decides, and money only what is beyond it. \
        `auth` has one whole core, because more would be a second one, which a hash cannot use, and less makes each sign-in later and hardly cheaper. \
        `users` has more than half of one, for its first answer after a start and for the hash of a changed password. The others wait for the table and have 512 MB, \
        the least with which a start, which is nothing but work (the binary, TLS), stays short. All have far more than the twofold of their \
        peak of memory; none could have less for that reason.\n\n\
        A start's time is the whole of it taken as work, and the hash buffer of `auth` a second time, as another thread makes it: the worst case, since a part is waiting, which no size makes longer.\n",
        whole(f64::from(ONE_CORE)),
        inputs.measured.machine,
        inputs.model.supposed.table_ms,
        inputs.prices.of("lambda_gb_second")?.first(),
    ))
}

fn why(function: &str) -> &'static str {
    match function {
        "auth" => {
            "A hash and a signature cost the same at any size, so the size is what their time is to be; what a larger one costs more is the waiting.\n"
        }
        "users" => "Hashes where a password or an address changes, which is rare; the rest waits.\n",
        _ => "",
    }
}
