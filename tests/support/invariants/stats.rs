//! What the statistics say is what the marks say: they move together.

use std::collections::BTreeMap;

use shared::model::{Role, Standing, Status};

use super::{Table, read, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let totals = table.get("STATS#TOTALS", "COUNT");
    let round = |name: &str| totals.and_then(|item| item[name].as_u64());
    let (this, next) = (round("round"), round("next_round"));
    let mut marked: BTreeMap<String, i64> = BTreeMap::new();
    for mark in table.all("STATS#USER#", "COUNTED") {
        let standing = read::<Status>(&mark["status"]).zip(read::<Role>(&mark["role"]));
        let Some((status, role)) = standing else { continue };
        let name = Standing { status, role }.name();
        let of = mark["round"].as_u64();
        let is_next = next.is_some() && of == next;
        *marked.entry(format!("next_{name}")).or_default() += i64::from(is_next);
        *marked.entry(name).or_default() += i64::from(is_next || of == this);
    }
    let names = Standing::all().flat_map(|one| [one.name(), format!("next_{}", one.name())]);
    let wrong = names.filter_map(|name| {
        let total = totals.and_then(|item| item[&name].as_i64()).unwrap_or(0);
        let marked = marked.get(&name).copied().unwrap_or(0);
        (total != marked).then(|| format!("STATS#TOTALS: {name} is {total}, and the marks say {marked}"))
    });
    let mut found: Vec<String> = wrong.collect();
    for mark in table.all("STATS#USER#", "DAY#") {
        let day = text(mark, "SK").trim_start_matches("DAY#");
        if table.get("STATS#DAYS", day).is_none_or(|counts| counts["active_users"].as_u64() == Some(0)) {
            found.push(format!("{} / {}: was counted nowhere", text(mark, "PK"), text(mark, "SK")));
        }
    }
    found
}
