//! Beside what others ask.

use super::super::Inputs;
use super::super::prices::Price;
use super::super::usage::Bill;
use super::{USERS, dollars, per_user_head, table, whole};
use crate::Failure;

const OTHERS: [(&str, &str); 5] = [
    ("Cognito Lite", "cognito_lite"),
    ("Cognito Essentials", "cognito_essentials"),
    ("Supabase", "supabase"),
    ("Clerk", "clerk"),
    ("Auth0", "auth0"),
];

fn listed(price: &Price, users: f64) -> String {
    if price.lists_up_to.is_some_and(|most| users > most) {
        return "not listed".to_owned();
    }
    let paid = dollars(price.cost(users));
    if price.free_up_to.is_some_and(|most| users <= most) { format!("0, or {paid}") } else { paid }
}

pub(super) fn others(inputs: &Inputs) -> Result<String, Failure> {
    let totals: Vec<f64> = super::month::bills(inputs)?.iter().map(Bill::total).collect();
    let mut rows = vec![
        std::iter::once("**Usher**".to_owned())
            .chain(totals.iter().map(|total| format!("**{}**", dollars(*total))))
            .collect(),
    ];
    for (name, key) in OTHERS {
        let price = inputs.prices.of(key)?;
        let costs = USERS.map(|users| listed(price, users));
        rows.push(std::iter::once(name.to_owned()).chain(costs).collect::<Vec<_>>());
    }
    Ok(format!(
        "## Beside others\n\n\
        Dollars a month at list prices. What is free with them is part of what they offer and is counted; AWS's free tier, which would pay for \
        a part of Usher's first users, is not. The mails of Cognito, Supabase and Auth0 go through a mail service of one's own and come on top. \
        \"0, or 25\" is a free plan with fewer features beside the paid one.\n\n{}\n{}",
        table(&per_user_head("dollars a month"), &rows),
        sentences(inputs, &totals)?,
    ))
}

/// Who is cheaper where, said of the numbers.
fn sentences(inputs: &Inputs, totals: &[f64]) -> Result<String, Failure> {
    let mut text = String::new();
    for (name, key) in OTHERS {
        let price = inputs.prices.of(key)?;
        let least = |users: f64| {
            if price.free_up_to.is_some_and(|most| users <= most) { 0.0 } else { price.cost(users) }
        };
        let known = USERS
            .iter()
            .zip(totals)
            .filter(|(users, _)| price.lists_up_to.is_none_or(|most| **users <= most));
        let (cheaper, dearer): (Vec<_>, Vec<_>) = known.partition(|(users, total)| least(**users) < **total);
        let say =
            |all: &[(&f64, &f64)]| all.iter().map(|(users, _)| whole(**users)).collect::<Vec<_>>().join(", ");
        let times = dearer.iter().map(|(users, total)| least(**users) / **total).fold(0.0, f64::max);
        text += &format!("- **{name}**");
        if !cheaper.is_empty() {
            text += &format!(" is cheaper than Usher at {} users", say(&cheaper));
        }
        if !dearer.is_empty() {
            let and = if cheaper.is_empty() { " costs" } else { "; it costs" };
            text += &format!("{and} more at {}, up to {times:.1} times as much", say(&dearer));
        }
        text += match key {
            "auth0" => {
                ". Beyond its free 25,000 users a second factor and roles are in the plan Essentials, from $35 for 500 users; what more users cost there is asked of its slider, and then of its sales.\n"
            }
            "supabase" => {
                ". Beyond 100,000 users its database needs a larger size, which is not in the number; that database comes with it, of course.\n"
            }
            _ => ".\n",
        };
    }
    text += "\nA virtual machine is cheaper than all of these as long as one is enough: Ory Kratos or Keycloak on one small machine with its \
        database beside it is some $15 to $40 a month whatever the number of users (by heart, 2025), and somebody who patches it, backs it up \
        and is called when it is down. Two machines and a database with a standby are some $100 to $200.\n\n\
        Below some thousand users the price of any of these is a rounding error beside an hour of anybody's time. What is bought with Usher is that \
        nothing costs anything while nobody comes but alarms, a secret and the bytes that are kept, and that the data is one's own.\n";
    Ok(text)
}
