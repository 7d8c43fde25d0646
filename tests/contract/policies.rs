//! `template.yaml`: each function's role allows what its verbs do and no more.
//! security.md P01 and its table 1.9, L06.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::template::template;

/// Where a function may do an action: partitions of the table.
type Grants = BTreeMap<String, BTreeSet<String>>;

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value).iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Every statement of a function's role.
fn statements(role: &str) -> Vec<Value> {
    let policies = &template()["Resources"][role]["Properties"]["Policies"];
    list(policies).iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).collect()
}

/// What a role may do to the table's items. Panics where a statement on the table
/// is not held to partitions: `ForAllValues` alone is true when there is no key.
fn grants(role: &str) -> Grants {
    let mut grants = Grants::new();
    for statement in statements(role) {
        assert_eq!(statement["Effect"], "Allow");
        if statement["Resource"]["!GetAtt"] != "UserTable.Arn" {
            continue;
        }
        let condition = &statement["Condition"];
        assert_eq!(condition["Null"]["dynamodb:LeadingKeys"], "false", "{role}: {statement}");
        let keys = texts(&condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]);
        for action in texts(&statement["Action"]) {
            let action = action.strip_prefix("dynamodb:").unwrap().to_owned();
            grants.entry(action).or_default().extend(keys.clone());
        }
    }
    grants
}

fn expected(rows: &[(&str, &[&str])]) -> Grants {
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    rows.iter().map(|(action, partitions)| ((*action).to_owned(), keys(partitions))).collect()
}

#[test]
fn auth_may_do_what_signing_in_takes_and_is_the_only_one_to_read_private_keys() {
    let read = ["USER#*", "EMAIL#*", "USERNAME#*", "TICKET#*", "KEYS", "PRIVATEKEY#*"];
    let change = ["USER#*", "EMAIL#*", "TICKET#*", "ATTEMPTS#*", "KEYS"];
    let put = ["USER#*", "EMAIL#*", "USERNAME#*", "TICKET#*", "MAIL#*", "PRIVATEKEY#*", "ADMINS", "AUDIT#*"];
    let rows: [(&str, &[&str]); 6] = [
        ("BatchGetItem", &read),
        ("GetItem", &read),
        ("PutItem", &put),
        ("ConditionCheckItem", &["USER#*"]),
        ("DeleteItem", &change),
        ("UpdateItem", &change),
    ];
    assert_eq!(grants("AuthRole"), expected(&rows));
}

#[test]
fn users_may_leave_the_admins_but_not_join_them() {
    let read = ["USER#*", "EMAIL#*", "USERNAME#*", "KEYS"];
    let rows: [(&str, &[&str]); 7] = [
        ("BatchGetItem", &read),
        ("GetItem", &read),
        ("ConditionCheckItem", &["USER#*"]),
        ("UpdateItem", &["USER#*", "ATTEMPTS#password#*"]),
        ("PutItem", &["EMAIL#*", "USERNAME#*", "MAIL#*", "AUDIT#*"]),
        ("DeleteItem", &["USER#*", "EMAIL#*", "USERNAME#*", "ADMINS", "ATTEMPTS#password#*"]),
        ("Query", &["USER#*", "ADMINS", "AUDIT#*"]),
    ];
    assert_eq!(grants("UsersRole"), expected(&rows));
}

#[test]
fn admin_may_make_admins_and_list_through_the_index() {
    let read = ["USER#*", "EMAIL#*", "USERNAME#*", "AUDIT#*", "KEYS"];
    let rows: [(&str, &[&str]); 7] = [
        ("BatchGetItem", &read),
        ("GetItem", &read),
        ("ConditionCheckItem", &["USER#*"]),
        ("UpdateItem", &["USER#*"]),
        ("PutItem", &["EMAIL#*", "USERNAME#*", "MAIL#*", "ADMINS", "AUDIT#*"]),
        ("DeleteItem", &["USER#*", "EMAIL#*", "USERNAME#*", "ADMINS"]),
        ("Query", &["USER#*", "ADMINS", "AUDIT#*"]),
    ];
    assert_eq!(grants("AdminRole"), expected(&rows));
    let index = "${UserTable.Arn}/index/GSI1";
    let lists = statements("AdminRole").into_iter().filter(|s| s["Resource"]["!Sub"] == index);
    assert_eq!(lists.map(|s| s["Action"].clone()).collect::<Vec<_>>(), ["dynamodb:Query"]);
}

/// L06.
#[test]
fn no_role_may_change_or_delete_an_audit_event() {
    for role in ["AuthRole", "UsersRole", "AdminRole", "DocsRole", "MailerRole"] {
        for (action, partitions) in grants(role) {
            let reaches = partitions.iter().any(|keys| keys.starts_with("AUDIT#") || keys.starts_with('*'));
            let harmless = ["PutItem", "Query", "GetItem", "BatchGetItem"].contains(&action.as_str());
            assert!(!reaches || harmless, "{role} may {action} audit events");
        }
    }
}

#[test]
fn the_mailer_may_mail_as_one_sender_and_docs_may_touch_nothing() {
    let outbox = ["MAIL#*", "TICKET#*"];
    let read = ["MAIL#*", "TICKET#*", "USER#*", "EMAIL#*", "ATTEMPTS#mail#*"];
    let change = ["MAIL#*", "TICKET#*", "ATTEMPTS#mail#*"];
    let rows: [(&str, &[&str]); 4] =
        [("GetItem", &read), ("PutItem", &outbox), ("UpdateItem", &change), ("DeleteItem", &outbox)];
    assert_eq!(grants("MailerRole"), expected(&rows));
    let mail = statements("MailerRole").into_iter().filter(|s| s["Action"] == "ses:SendEmail");
    let senders: Vec<Value> =
        mail.map(|s| s["Condition"]["StringEquals"]["ses:FromAddress"].clone()).collect();
    assert_eq!(senders, [serde_json::json!({ "!Ref": "MailFrom" })]);
    let docs: BTreeSet<String> = statements("DocsRole").iter().flat_map(|s| texts(&s["Action"])).collect();
    assert_eq!(docs, ["logs:CreateLogStream", "logs:PutLogEvents"].map(str::to_owned).into());
}

#[test]
fn no_role_reads_the_whole_table_or_has_a_star_for_an_action() {
    for role in ["AuthRole", "UsersRole", "AdminRole", "DocsRole", "MailerRole"] {
        for action in statements(role).iter().flat_map(|statement| texts(&statement["Action"])) {
            assert!(
                !action.contains('*') && !action.contains("Scan") && !action.contains("PartiQL"),
                "{role}"
            );
        }
    }
}
