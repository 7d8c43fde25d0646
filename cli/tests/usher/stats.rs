//! `usher stats`.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::Desk;

async fn plant(desk: &Desk, number: u32) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let client = local::client::dynamodb(&desk.endpoint);
    let update = client.update_item().table_name(&desk.table).key("PK", text("STATS#TOTALS"));
    let update = update.key("SK", text("COUNT")).update_expression("ADD active_admin :number");
    let number = AttributeValue::N(number.to_string());
    update.expression_attribute_values(":number", number).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_total_is_shown_and_fails_until_it_is_repaired() {
    let desk = Desk::new().await;
    assert!(desk.create_admin("ada@example.com", &[]).ok);
    // Nobody has counted it: there is no worker here.
    let said = desk.usher(&["stats", "--recount"], "");
    assert!(!said.ok && said.err.contains("active admin: 0 are counted, 1 are listed"), "{}", said.err);
    let said = desk.usher(&["stats", "--repair"], "");
    assert!(said.ok && said.out.contains("The list of users says the same"), "{}", said.err);
    plant(&desk, 2).await;
    let said = desk.usher(&["stats", "--recount"], "");
    assert!(!said.ok && said.err.contains("active admin: 3 are counted, 1 are listed"), "{}", said.err);
    assert!(desk.usher(&["stats", "--repair"], "").ok);
    assert!(desk.usher(&["stats", "--recount"], "").ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statistics_are_printed_with_a_line_for_each_day() {
    let desk = Desk::new().await;
    assert!(desk.create_admin("ada@example.com", &[]).ok);
    assert!(desk.usher(&["stats", "--repair"], "").ok);
    let said = desk.usher(&["stats", "--days", "3"], "");
    assert!(said.ok, "{}", said.err);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<Vec<String>> = said.out.lines().map(words).collect();
    assert_eq!(lines[0], ["users", "1"]);
    assert!(lines.contains(&words("active 1")) && lines.contains(&words("admin 1")), "{}", said.out);
    let days: Vec<_> = lines.iter().filter(|line| line.len() == 4).collect();
    assert_eq!(days.len(), 3, "{}", said.out);
    assert_eq!(days[2][1..], ["1", "0", "0"]);
    for days in ["0", "401", "x"] {
        assert!(!desk.usher(&["stats", "--days", days], "").ok, "{days}");
    }
}
