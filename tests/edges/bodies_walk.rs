//! Every body of every operation, field by field. security.md H07, H12, Z03.

use serde_json::{Value, json};
use tests::samples::{function, samples, signed};
use tests::{Person, Reply, World};

/// The API's description.
fn document() -> Value {
    tests::openapi::document()
}

/// A body's operation: its sample, sent by an admin about a user, and its schema.
struct Bodied {
    id: String,
    event: Value,
    schema: Value,
}

impl Bodied {
    /// The sample's body.
    fn body(&self) -> Value {
        serde_json::from_str(self.event["body"].as_str().unwrap()).unwrap()
    }

    fn fields(&self) -> impl Iterator<Item = &String> {
        self.schema["properties"].as_object().unwrap().keys()
    }

    async fn send(&self, world: &World, body: &str) -> Reply {
        let mut event = self.event.clone();
        event["body"] = json!(body);
        world.send(function(&event), &event).await
    }

    /// Panics unless the body is refused for that field.
    async fn refused(&self, world: &World, body: &str, pointer: &str, code: Option<&str>) {
        let reply = self.send(world, body).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid_body"), "{} {body}: {}", self.id, reply.body);
        let error = &reply.body["errors"][0];
        assert_eq!(error["pointer"], pointer, "{} {body}: {}", self.id, reply.body);
        assert!(code.is_none_or(|code| error["code"] == code), "{} {body}: {}", self.id, reply.body);
    }
}

async fn bodied(world: &World) -> Vec<Bodied> {
    let root = Person::admin(world, "root@example.com").await;
    let ada = Person::registered(world, "ada@example.com").await;
    tests::samples::written(world, &ada).await;
    let document = document();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let bodies: Vec<&Value> = operations.filter(|operation| operation["requestBody"].is_object()).collect();
    assert!(bodies.len() >= 18, "operations that take a body: {}", bodies.len());
    let samples = samples();
    let of = |operation: &Value| {
        let id = operation["operationId"].as_str().unwrap();
        let (_, sample) = samples.iter().find(|(sampled, _)| sampled == id).expect(id);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let pointer = schema["$ref"].as_str().unwrap().trim_start_matches('#');
        let schema = document.pointer(pointer).unwrap().clone();
        Bodied { id: id.to_owned(), event: signed(sample, &root, &ada), schema }
    };
    bodies.into_iter().map(of).collect()
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_422_at_the_field() {
    let world = World::new().await;
    for operation in bodied(&world).await {
        for field in operation.fields() {
            for wrong in [json!(1), json!(true), json!([]), json!(["a"]), json!({}), json!({ "a": 1 })] {
                let mut body = operation.body();
                body[field] = wrong;
                operation.refused(&world, &body.to_string(), &format!("/{field}"), None).await;
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_field_is_422_at_the_field() {
    let world = World::new().await;
    for operation in bodied(&world).await {
        assert_eq!(operation.schema["additionalProperties"], false, "{}", operation.id);
        for (field, pointer) in
            [("extra", "/extra"), ("is_admin", "/is_admin"), ("a/b~c", "/a~1b~0c"), ("", "/")]
        {
            let mut body = operation.body();
            body[field] = json!("x");
            operation.refused(&world, &body.to_string(), pointer, Some("unknown_field")).await;
        }
    }
}

#[tokio::test]
async fn a_required_field_that_is_missing_or_null_is_422_at_the_field() {
    let world = World::new().await;
    for operation in bodied(&world).await {
        for field in operation.schema["required"].as_array().into_iter().flatten() {
            let field = field.as_str().unwrap();
            let mut body = operation.body();
            body[field] = json!(null);
            operation.refused(&world, &body.to_string(), &format!("/{field}"), None).await;
            body.as_object_mut().unwrap().remove(field);
            operation.refused(&world, &body.to_string(), &format!("/{field}"), Some("required")).await;
        }
    }
}

#[tokio::test]
async fn a_field_given_twice_is_422_at_the_field() {
    let world = World::new().await;
    for operation in bodied(&world).await {
        let body = operation.body();
        for (field, value) in body.as_object().unwrap() {
            let twice = format!("{{\"{field}\":{value},{}", &body.to_string()[1..]);
            operation.refused(&world, &twice, &format!("/{field}"), Some("duplicate_field")).await;
        }
    }
}

#[tokio::test]
async fn every_body_is_an_object_of_json() {
    let world = World::new().await;
    for operation in bodied(&world).await {
        for body in ["null", "[]", "\"a\"", "7", "[[]]"] {
            operation.refused(&world, body, "", Some("invalid_type")).await;
        }
        for body in ["", "{", "{}x", "[", "undefined"] {
            let reply = operation.send(&world, body).await;
            // `{}x` lacks required fields first.
            let fields_first = body == "{}x" && reply.status == 422;
            assert!(
                fields_first || reply.code() == "invalid_json",
                "{} {body}: {}",
                operation.id,
                reply.body
            );
        }
        let mut event = operation.event.clone();
        event["headers"]["content-type"] = json!("text/plain");
        world.send(function(&event), &event).await.refused(415, "unsupported_media_type");
    }
}
