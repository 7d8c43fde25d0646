"""A person's way through a local run: watch.py API MAILBOX ADMIN_PASSWORD_FILE first|again"""

import re
import sys

from http_calls import call, check, until

api, mailbox, password_file, visit = sys.argv[1:]
EMAIL, PASSWORD, NEW_PASSWORD = "Grace@example.com", "correct horse battery", "another horse, less battery"


def mailed_token(subject_word, seen):
    """The token in the newest mail to Grace, once there is one more than `seen`."""

    def newest():
        mails = [m for m in call("GET", f"{mailbox}/messages")[2] if EMAIL.lower() in str(m["to"]).lower()]
        return mails[seen] if len(mails) > seen else None

    mail = until(f"the {subject_word} mail", 30, newest)
    return re.search(r"token=(\S+)", mail["text"])[1]


def sign_in(email, password):
    status, _, answer = call("POST", f"{api}/auth/login", {"email": email, "password": password})
    return status, answer


if visit == "again":
    # A second start on the same data: the account is still there, and still has its new password.
    check("sign-in after a restart", sign_in(EMAIL, NEW_PASSWORD)[0], 200)
    raise SystemExit

check("register", call("POST", f"{api}/auth/register", {"email": EMAIL, "password": PASSWORD, "name": "Grace"})[0], 202)
check("sign-in before confirming", sign_in(EMAIL, PASSWORD)[0], 401)
token = mailed_token("confirmation", 0)
status, _, answer = call("POST", f"{api}/auth/confirm-registration", {"token": token, "password": PASSWORD})
check("confirm", status, 200)
status, _, user = call("GET", f"{api}/users/me", token=answer["access_token"])
check("own profile", (status, user["email"], user["role"]), (200, EMAIL.lower(), "user"))

check("forgot password", call("POST", f"{api}/auth/forgot-password", {"email": EMAIL})[0], 202)
token = mailed_token("reset", 1)
reset = {"token": token, "new_password": NEW_PASSWORD}
check("reset password", call("POST", f"{api}/auth/reset-password", reset)[0], 204)
check("own profile with the old session", call("GET", f"{api}/users/me", token=answer["access_token"])[0], 401)
check("sign-in with the old password", sign_in(EMAIL, PASSWORD)[0], 401)
check("sign-in with the new password", sign_in(EMAIL, NEW_PASSWORD)[0], 200)

status, admin = sign_in("admin@example.com", open(password_file, encoding="utf-8").read().strip())
check("the demo admin's sign-in", status, 200)
status, _, page = call("GET", f"{api}/admin/users", token=admin["access_token"])
check("the list of users", (status, len(page["data"])), (200, 2))

status, headers, problem = call("GET", f"{api}/nowhere")
check("a path without a route", (status, headers["content-type"]), (404, "application/problem+json"))
check("Swagger UI", call("GET", f"{api}/docs")[0], 200)
check("OpenAPI", call("GET", f"{api}/docs/openapi.json")[2]["openapi"][:3], "3.1")
for origin, allowed in ("http://localhost:3000", "http://localhost:3000"), ("https://elsewhere.example", None):
    preflight = {"origin": origin, "access-control-request-method": "POST"}
    _, headers, _ = call("OPTIONS", f"{api}/auth/login", headers=preflight)
    check(f"what {origin} may", headers.get("access-control-allow-origin"), allowed)
