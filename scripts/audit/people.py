"""Schemathesis's hooks: who signs in, and what people's values look like. USHER_AS says who: `admin` or `user`.

A run ends sessions, deletes, demotes and deactivates accounts, its own among them. So whoever calls is asked for before
a request that follows a change, and when it is no more, somebody new takes its place.
"""

import itertools
import json
import os
import re
import subprocess
import time
import uuid
from urllib import error, request

import schemathesis
from hypothesis import strategies as st

API, MAILBOX, ROLE = (os.environ[name] for name in ("USHER_API", "USHER_MAILBOX", "USHER_AS"))
USHER, DYNAMODB = (os.environ[name] for name in ("USHER", "USHER_DYNAMODB"))
PASSWORD = "correct horse battery staple"
_opener = request.build_opener(request.ProxyHandler({}))


def call(method, path, body=None, token=None, base=API):
    """Status and JSON of an answer."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        answer = _opener.open(request.Request(base + path, data, headers, method=method), timeout=30)
    except error.HTTPError as refusal:
        answer = refusal
    with answer:
        return answer.status, json.loads(answer.read() or b"null")


def address():
    return f"audit-{uuid.uuid4().hex}@example.com"


def new_admin():
    """Somebody whom the operator makes an admin, signed in."""
    email = address()
    make = [USHER, "create-admin", "--another", "--email", email, "--password-stdin", "--endpoint-url", DYNAMODB]
    subprocess.run(make, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    return sign_in(email)


def sign_in(email):
    status, answer = call("POST", "/auth/login", {"email": email, "password": PASSWORD})
    assert status == 200, (status, answer)
    return answer


def new_caller():
    """Somebody of the role, signed in; the access token."""
    somebody = new_admin()
    if ROLE == "user":
        user = somebody["user"]
        status, answer = call("PUT", f"/admin/users/{user['id']}/role", {"role": "user"}, somebody["access_token"])
        assert status == 200, (status, answer)
        somebody = sign_in(user["email"])
    return somebody["access_token"]


class State:
    token = None
    is_sure = False


@schemathesis.auth(refresh_interval=None)
class Caller:
    def get(self, case, context):
        if not State.is_sure:
            status, user = call("GET", "/users/me", token=State.token) if State.token else (401, {})
            if status != 200 or user["role"] != ROLE:
                State.token = new_caller()
            State.is_sure = True
        return State.token

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


def mailed(email):
    """The token in the mail to an address."""
    for _ in range(100):
        mails = [mail for mail in call("GET", "/messages", base=MAILBOX)[1] if email in mail["to"]]
        if mails:
            return re.search(r"token=(\S+)", mails[-1]["text"])[1]
        time.sleep(0.1)
    raise AssertionError("no mail")


def registration():
    email = address()
    call("POST", "/auth/register", {"email": email, "password": PASSWORD})
    return {"token": mailed(email), "password": PASSWORD}


def reset():
    email = new_admin()["user"]["email"]
    call("POST", "/auth/forgot-password", {"email": email})
    return {"token": mailed(email)}


def moved():
    email, token = address(), new_admin()["access_token"]
    call("POST", "/users/me/change-email", {"current_password": PASSWORD, "new_email": email}, token)
    return {"token": mailed(email)}


# What no one can guess, for every second request that is meant to be good.
KNOWN = {
    "login": lambda: {"email": new_admin()["user"]["email"], "username": None, "password": PASSWORD},
    "refresh": lambda: {"refresh_token": new_admin()["refresh_token"]},
    "confirm_registration": registration,
    "reset_password": reset,
    "verify_email": moved,
}
turns = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)  # good only if a list gave it
    know = KNOWN.get(case.operation.definition.raw.get("operationId"))
    if know and isinstance(case.body, dict) and next(turns) % 2 == 0:
        case.body.update(know())


@schemathesis.hook
def after_call(context, case, response):
    if case.method != "GET" or response.status_code == 401:
        State.is_sure = False


@schemathesis.hook
def filter_failure(context, failure, case, response):
    # `cargo lambda watch` has no place in an event for a JSON body that is not UTF-8, and answers 500 itself. API Gateway
    # sends such a body in base64; what Usher answers then is in tests/edges/bodies.rs.
    body = response.request.body
    try:
        (body if isinstance(body, bytes) else b"").decode()
    except UnicodeDecodeError:
        return b"httpstatuses.com" not in response.content
    return True


# What JSON Schema cannot say: an address that mail could reach, a password that the policy takes.
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
schemathesis.openapi.format("email", names.map(lambda name: f"{name}@example.com"))
schemathesis.openapi.format("password", names.map(lambda name: f"{name} horse battery staple"))
