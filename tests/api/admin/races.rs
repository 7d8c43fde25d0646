//! What admins do to each other at the same instant. One always remains.

use std::sync::Arc;

use serde_json::json;
use shared::model::{Agent, Role};
use shared::store::AdminError;
use tests::{Call, PASSWORD, Person, Reply, World};

/// Does all at once and returns the answers, in order.
async fn at_once(world: &Arc<World>, calls: Vec<(Person, Call)>) -> Vec<Reply> {
    let start = Arc::new(tokio::sync::Barrier::new(calls.len()));
    let tasks = calls.into_iter().map(|(person, call)| {
        let (world, start) = (world.clone(), start.clone());
        tokio::spawn(async move {
            start.wait().await;
            person.call(&world, call).await
        })
    });
    let mut replies = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        replies.push(task.await.unwrap());
    }
    replies
}

fn demotion(id: &str) -> Call {
    Call::new("PUT", &format!("/admin/users/{id}/role")).json(&json!({ "role": "user" }))
}

async fn active_admins(world: &World) -> usize {
    let items = world.items().await;
    let admins = items.iter().filter(|item| item["role"] == "admin" && item["SK"] == "PROFILE");
    admins.filter(|item| item["status"] == "active").count()
}

async fn promote(world: &World, person: &Person) {
    let user = world.stored(&person.id).await.unwrap();
    if user.role != Role::Admin {
        world.store.set_role(&Agent::operator(), &user, Role::Admin).await.unwrap().unwrap();
    }
}

async fn admins(world: &World, count: usize) -> Vec<Person> {
    let mut admins = Vec::new();
    for n in 0..count {
        admins.push(Person::an_admin(world, &format!("admin{n}@example.com")).await);
    }
    admins
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_admins_who_demote_each_other_at_once_leave_exactly_one() {
    let world = Arc::new(World::new().await);
    let two = admins(&world, 2).await;
    for round in 0..10 {
        let calls = vec![(two[0].clone(), demotion(&two[1].id)), (two[1].clone(), demotion(&two[0].id))];
        let replies = at_once(&world, calls).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "round {round}");
        assert_eq!(active_admins(&world).await, 1, "round {round}");
        for admin in &two {
            promote(&world, admin).await;
        }
    }
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_admins_who_demote_themselves_at_once_leave_exactly_one() {
    let world = Arc::new(World::new().await);
    let two = admins(&world, 2).await;
    for round in 0..10 {
        let calls = two.iter().map(|admin| (admin.clone(), demotion(&admin.id))).collect();
        let replies = at_once(&world, calls).await;
        let refused = replies.iter().find(|reply| reply.status != 200).expect("one is refused");
        refused.refused(409, "last_admin");
        assert_eq!(active_admins(&world).await, 1, "round {round}");
        for admin in &two {
            promote(&world, admin).await;
        }
    }
}

/// Z06, S06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_admins_who_deactivate_each_other_at_once_leave_exactly_one() {
    let world = Arc::new(World::new().await);
    let mut two = admins(&world, 2).await;
    for round in 0..6 {
        let path = |admin: &Person| format!("/admin/users/{}/deactivate", admin.id);
        let calls = vec![
            (two[0].clone(), Call::new("PUT", &path(&two[1]))),
            (two[1].clone(), Call::new("PUT", &path(&two[0]))),
        ];
        let replies = at_once(&world, calls).await;
        let won = replies.iter().position(|reply| reply.status == 200).expect("one wins");
        assert!(matches!(replies[1 - won].status, 401 | 403), "{:?}", replies[1 - won]);
        assert_eq!(active_admins(&world).await, 1, "round {round}");
        two[won].put(&world, &format!("/admin/users/{}/activate", two[1 - won].id), None).await.ok(200);
        two[1 - won] = Person::sign_in(&world, &two[1 - won].email.clone(), PASSWORD).await;
    }
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_the_admins_who_remove_themselves_and_each_other_one_remains() {
    for round in 0..3 {
        let world = Arc::new(World::new().await);
        let four = admins(&world, 4).await;
        let mut calls = Vec::new();
        for admin in &four {
            calls.push((admin.clone(), demotion(&admin.id)));
            calls.push((admin.clone(), Call::new("DELETE", "/users/me")));
            for other in four.iter().filter(|other| other.id != admin.id) {
                calls.push((admin.clone(), demotion(&other.id)));
            }
        }
        assert_eq!(calls.len(), 20);
        fastrand::shuffle(&mut calls);
        for reply in at_once(&world, calls).await {
            assert!(matches!(reply.status, 200 | 204 | 401 | 403 | 404 | 409 | 503), "{reply:?}");
        }
        assert!(active_admins(&world).await >= 1, "round {round}");
        let listed = world.items().await;
        let register = listed.iter().filter(|item| item["PK"] == "ADMINS").count();
        let profiles = listed
            .iter()
            .filter(|item| item["SK"] == "PROFILE" && item["role"] == "admin" && item["status"] != "deleted")
            .count();
        assert_eq!(register, profiles, "the list of admins is right");
    }
}

/// Between the look at its sessions and the write.
#[tokio::test]
async fn a_session_opened_meanwhile_does_not_outlive_its_account() {
    let world = World::new().await;
    let bob = Person::registered(&world, "bob@example.com").await;
    let user = world.stored(&bob.id).await.unwrap();
    let sessions = world.store.session_keys(user.id).await.unwrap();
    world.wait(jiff::SignedDuration::from_secs(1));
    let _ = Person::sign_in(&world, &bob.email, PASSWORD).await;
    let operator = Agent::operator();
    let gone = world.store.delete_user_with(&operator, &user, &sessions).await.unwrap();
    assert_eq!(gone, Err(AdminError::Changed));
    let begun =
        world.store.begin_deletion(&operator, &user, jiff::SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!(begun, Err(AdminError::Changed));
    let user = world.stored(&bob.id).await.unwrap();
    world.store.delete_user(&operator, &user).await.unwrap().unwrap();
    let left = world.items().await;
    assert!(
        !left.iter().any(|item| item["SK"].as_str().is_some_and(|sk| sk.starts_with("SESSION#"))),
        "{left:?}"
    );
}
