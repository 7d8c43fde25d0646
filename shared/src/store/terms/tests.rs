use super::{Condition, Terms};

#[test]
fn a_number_is_sent_once_and_everything_that_is_sent_is_asked_for() {
    let locked = Condition::All(vec![Condition::Absent("gone"), Condition::AtMost("tries", 7)]);
    let condition = Condition::Any(vec![Condition::Below("tries", 7), locked]);
    let terms = Terms::new().set("tries", 7).add("sum", 0).only_if(&condition).finish().unwrap();
    let (update, condition) = (terms.update.unwrap(), terms.condition.unwrap());
    assert_eq!(update, "SET #tries = :v0, #sum = if_not_exists(#sum, :v1) + :v1");
    assert_eq!(condition, "(#tries < :v2 OR (attribute_not_exists(#gone) AND #tries <= :v2))");
    let values = terms.values.unwrap();
    let number = |name: &str| values[name].as_n().unwrap().as_str();
    assert_eq!((number(":v0"), number(":v1"), number(":v2"), values.len()), ("7", "0", "7", 3));
    assert_eq!(terms.names.unwrap().len(), 3);
}

#[test]
fn clauses_and_conditions_are_joined_and_all_that_is_named_is_sent() {
    let terms = Terms::new().remove("old").set("name", "Ada").take_out("codes", "x").increment("times");
    let terms = terms.set_or_remove("nick", None::<&str>).decrement("left").when("name", "Eve");
    let rule = Condition::Any(vec![Condition::Absent("left"), Condition::Above("left", 1)]);
    let terms = terms.when_there().when_absent("gone").only_if(&rule).when_holding("codes", "x");
    let terms = terms.finish().unwrap();
    assert_eq!(
        terms.update.unwrap(),
        "SET #name = :v0, #times = #times + :v2, #left = #left - :v2 REMOVE #old, #nick DELETE #codes :v1"
    );
    let conditions = [
        "#name = :v3",
        "attribute_exists(#PK)",
        "attribute_not_exists(#gone)",
        "(attribute_not_exists(#left) OR #left > :v2)",
        "contains(#codes, :v4)",
    ];
    assert_eq!(terms.condition.unwrap(), conditions.join(" AND "));
    let (names, values) = (terms.names.unwrap(), terms.values.unwrap());
    let mut sent: Vec<_> = names.iter().map(|(name, means)| format!("{name} {means}")).collect();
    sent.sort();
    let meant = ["PK", "codes", "gone", "left", "name", "nick", "old", "times"];
    assert_eq!(sent, meant.map(|name| format!("#{name} {name}")));
    assert_eq!((values.len(), values[":v3"].as_s().unwrap().as_str()), (5, "Eve"));
    assert!(Terms::new().finish().unwrap().update.is_none());
}
