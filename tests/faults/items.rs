//! What the table shows of what was done.

use serde_json::Value;

/// Every item.
pub(crate) struct Items(pub(crate) Vec<Value>);

impl Items {
    fn get(&self, pk: &str, sk: &str) -> Option<&Value> {
        self.0.iter().find(|item| item["PK"] == pk && item["SK"] == sk)
    }

    /// The user of that id; null if there is none.
    pub(crate) fn user(&self, id: &str) -> &Value {
        self.get(&format!("USER#{id}"), "PROFILE").unwrap_or(&Value::Null)
    }

    /// The user of that address; null if there is none.
    pub(crate) fn user_of(&self, email: &str) -> &Value {
        let claim = self.get(&format!("EMAIL#{email}"), "CLAIM");
        claim.map_or(&Value::Null, |claim| self.user(claim["user_id"].as_str().unwrap()))
    }

    /// The session items of a user.
    pub(crate) fn sessions(&self, user: &str) -> Vec<&Value> {
        let pk = format!("USER#{user}");
        let is_session =
            |item: &&Value| item["PK"] == pk.as_str() && item["SK"].as_str().unwrap().starts_with("SESSION#");
        self.0.iter().filter(is_session).collect()
    }

    /// Whether a session of a user works.
    pub(crate) fn is_live(&self, user: &str, session: &str) -> bool {
        let epoch = &self.user(user)["session_epoch"];
        self.sessions(user).iter().any(|item| item["id"] == session && item["epoch"] == *epoch)
    }

    /// The second factor of a user; null if there is none.
    pub(crate) fn factor(&self, user: &str) -> &Value {
        self.get(&format!("USER#{user}"), "TOTP").unwrap_or(&Value::Null)
    }

    /// Whether that happened to a user.
    pub(crate) fn happened(&self, user: &str, action: &str) -> bool {
        self.0.iter().any(|item| item["subject"] == user && item["action"] == action)
    }

    /// Whether there is an item of such keys whose `body` is this.
    pub(crate) fn says(&self, pk: &str, sk: &str, body: &str) -> bool {
        let begins = |item: &Value, name: &str, with: &str| item[name].as_str().unwrap().starts_with(with);
        self.0.iter().any(|item| begins(item, "PK", pk) && begins(item, "SK", sk) && item["body"] == body)
    }

    /// Whether a mail to that address waits.
    pub(crate) fn waits_for(&self, email: &str) -> bool {
        self.0.iter().any(|item| item["SK"] == "MAIL" && item["to"] == email)
    }

    /// Whether the user is an admin, here and there.
    pub(crate) fn is_admin(&self, id: &str) -> bool {
        self.user(id)["role"] == "admin" && self.get("ADMINS", id).is_some()
    }
}
