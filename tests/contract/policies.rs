//! `template.yaml`: each function's role allows what the function does and no
//! more. What it does is seen on its way to the table. security.md P01, L06 and
//! table 1.9.

#[path = "policies/drive.rs"]
mod drive;
#[path = "policies/wire.rs"]
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::World;
use tests::faults::{Faults, Seen};
use wire::Grants;

use crate::pascal;
use crate::template::template;

const FUNCTIONS: [&str; 8] = ["auth", "users", "admin", "posts", "docs", "mailer", "worker", "authorizer"];

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value).iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn role(function: &str) -> String {
    format!("{}Role", pascal(function))
}

/// Every statement of a function's role.
fn statements(function: &str) -> Vec<Value> {
    let policies = &template()["Resources"][role(function)]["Properties"]["Policies"];
    list(policies).iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).collect()
}

/// What each statement of a role allows on the table and its index. Panics where
/// one on the table is not held to partitions: `ForAllValues` alone is true when
/// there is no key.
fn allowed(function: &str) -> Vec<Grants> {
    let mut allowed = Vec::new();
    for statement in statements(function) {
        assert_eq!(statement["Effect"], "Allow");
        let is_index = statement["Resource"]["!Sub"] == format!("${{UserTable.Arn}}/{}", wire::index());
        let partitions = if is_index {
            BTreeSet::from([wire::index()])
        } else if statement["Resource"]["!GetAtt"] == "UserTable.Arn" {
            let condition = &statement["Condition"];
            assert_eq!(condition["Null"]["dynamodb:LeadingKeys"], "false", "{function}: {statement}");
            texts(&condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
        } else {
            continue;
        };
        let actions = texts(&statement["Action"]);
        let action = |action: &String| action.strip_prefix("dynamodb:").unwrap().to_owned();
        allowed.push(actions.iter().map(|name| (action(name), partitions.clone())).collect());
    }
    allowed
}

/// What is wrong with a role, seen what its function did.
fn judge(function: &str, requests: &BTreeSet<Grants>) -> Vec<String> {
    let mut wrong = Vec::new();
    let statements = allowed(function);
    // All keys of an action have to be in one statement: a transaction asks for them at once.
    let all_in = |allowed: &BTreeSet<String>, keys: &BTreeSet<String>| {
        keys.iter().all(|key| allowed.iter().any(|pattern| wire::covers(pattern, key)))
    };
    let is_allowed = |action: &String, keys: &BTreeSet<String>| {
        let mut lists = statements.iter().filter_map(|statement| statement.get(action));
        lists.any(|allowed| all_in(allowed, keys))
    };
    for (action, keys) in requests.iter().flatten().filter(|(action, keys)| !is_allowed(action, keys)) {
        wrong.push(format!("no statement allows {action} on {keys:?} at once, which {function} does"));
    }
    let used = wire::together(requests);
    let is_used = |action: &String, pattern: &String| {
        used.get(action).is_some_and(|keys| keys.iter().any(|key| wire::covers(pattern, key)))
    };
    for (action, patterns) in statements.iter().flatten() {
        for pattern in patterns.iter().filter(|pattern| !is_used(action, pattern)) {
            wrong.push(format!("a statement allows {action} on {pattern}, which {function} never does"));
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!(
            "either tests/contract/policies/drive.rs leaves something out, or it has to be\n{}",
            paste(&used)
        ));
    }
    wrong.into_iter().map(|line| format!("template.yaml, {}: {line}", role(function))).collect()
}

/// The statements that allow exactly this.
fn paste(used: &Grants) -> String {
    let mut statements: BTreeMap<BTreeSet<String>, Vec<&str>> = BTreeMap::new();
    for (action, keys) in used {
        let (index, keys) = keys.iter().cloned().partition(|key| *key == wire::index());
        for keys in [index, keys].into_iter().filter(|keys: &BTreeSet<String>| !keys.is_empty()) {
            statements.entry(keys).or_default().push(action);
        }
    }
    let lines = statements.iter().map(|(keys, actions)| format!("    {actions:?} on {keys:?}\n"));
    lines.collect()
}

/// P01, both ways.
#[tokio::test]
async fn each_role_allows_what_its_function_does_and_nothing_else() {
    let mut proxies = BTreeMap::new();
    for function in FUNCTIONS {
        proxies.insert(function, Faults::new().await);
    }
    // What asks for none of them is no function.
    let endpoint = |name: &str| proxies.get(name).map_or("http://127.0.0.1:1".into(), |p| p.endpoint.clone());
    let world =
        World::apart(&[("ADMIN_REGISTRATION_KEY", drive::ADMIN_KEY), ("SOURCE_LIMIT", "1000/1h")], endpoint)
            .await;
    // The limits that a world does without otherwise are on here, too.
    let others = [
        ("EMAIL_VERIFICATION", "optional"),
        ("SOURCE_LIMIT", ""),
        ("MAIL_LIMIT", ""),
        ("WRITE_LIMIT", ""),
        ("DELETION_GRACE", "off"),
    ];
    let limited = World::apart(&others, endpoint).await;
    drive::everything(&world, &limited).await;

    let seen: BTreeMap<_, _> = proxies.iter().map(|(name, proxy)| (*name, proxy.seen())).collect();
    let judged = seen.iter().flat_map(|(name, seen)| judge(name, &wire::requests(seen)));
    let wrong: Vec<String> = judged.collect();
    assert_eq!(looked_at(&seen["worker"]), worker_may_look_at(), "the worker's statement Look");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the worker sees of the items that it looks up: it names all, for what is asked for
/// without names is the whole item.
fn looked_at(seen: &[Seen]) -> BTreeSet<String> {
    let lookups = seen.iter().filter(|seen| seen.operation == "BatchGetItem");
    let mut all: BTreeSet<String> =
        lookups.flat_map(|seen| wire::attributes(seen).expect("it names what it asks for")).collect();
    // A policy that names attributes has to name the keys.
    all.extend(["PK", "SK"].map(str::to_owned));
    all
}

/// The same as the policy has it.
fn worker_may_look_at() -> BTreeSet<String> {
    let statements = statements("worker");
    let look = statements.iter().find(|statement| statement["Action"] == "dynamodb:BatchGetItem").unwrap();
    let condition = &look["Condition"];
    assert_eq!(condition["StringEqualsIfExists"]["dynamodb:Select"], "SPECIFIC_ATTRIBUTES");
    texts(&condition["ForAllValues:StringEquals"]["dynamodb:Attributes"])
}

/// What a policy may not come to allow because some function began to do it.
#[test]
fn private_keys_are_for_auth_and_nothing_reads_the_whole_table() {
    for function in FUNCTIONS {
        let keys: BTreeSet<String> =
            allowed(function).into_iter().flatten().flat_map(|(_, keys)| keys).collect();
        assert!(function == "auth" || !keys.contains("PRIVATEKEY#*"), "{function} may open signing keys");
        assert!(function == "admin" || !keys.contains(&wire::index()), "{function} may list everybody");
        assert!(!keys.iter().any(|key| key.starts_with('*')), "{function}: {keys:?}");
        for action in statements(function).iter().flat_map(|statement| texts(&statement["Action"])) {
            let whole = ["*", "Scan", "PartiQL"].iter().any(|part| action.contains(part));
            assert!(!whole, "{function} may {action}");
        }
    }
}

/// L06: what is written into the audit stays as it is.
#[test]
fn no_role_may_change_or_delete_an_audit_event() {
    for (function, (action, keys)) in
        FUNCTIONS.iter().flat_map(|name| allowed(name).into_iter().flatten().map(move |grant| (name, grant)))
    {
        let harmless = ["PutItem", "Query", "GetItem", "BatchGetItem"].contains(&action.as_str());
        let reaches = keys.iter().any(|keys| keys.starts_with("AUDIT#") || keys.starts_with('*'));
        assert!(harmless || !reaches, "{function} may {action} on the audit");
    }
}

#[test]
fn the_mailer_may_mail_as_one_sender_and_docs_may_touch_nothing() {
    let mail = statements("mailer").into_iter().filter(|s| s["Action"] == "ses:SendEmail");
    let senders: Vec<Value> =
        mail.map(|s| s["Condition"]["StringEquals"]["ses:FromAddress"].clone()).collect();
    assert_eq!(senders, [serde_json::json!({ "!Ref": "MailFrom" })]);
    let docs: BTreeSet<String> = statements("docs").iter().flat_map(|s| texts(&s["Action"])).collect();
    assert_eq!(docs, ["logs:CreateLogStream", "logs:PutLogEvents"].map(str::to_owned).into());
}
