"""Schemathesis's hooks: who signs in, and what people's values look like. USHER_AS says who: `admin` or `user`.

A run ends sessions, deletes, demotes and deactivates accounts, its own among them. So whoever calls is asked for before
a request that follows a change, and when it is no more, somebody new takes its place.
"""

import json
import os
import subprocess
import uuid
from urllib import error, request

import schemathesis
from hypothesis import strategies as st

API, ROLE, USHER, DYNAMODB = (os.environ[name] for name in ("USHER_API", "USHER_AS", "USHER", "USHER_DYNAMODB"))
PASSWORD = "correct horse battery staple"
_opener = request.build_opener(request.ProxyHandler({}))


def call(method, path, body=None, token=None):
    """Status and JSON of an answer."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        answer = _opener.open(request.Request(API + path, data, headers, method=method), timeout=30)
    except error.HTTPError as refusal:
        answer = refusal
    with answer:
        return answer.status, json.loads(answer.read() or b"null")


def new_admin():
    """Somebody whom the operator makes an admin; the access token."""
    email = f"audit-{uuid.uuid4().hex}@example.com"
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


@schemathesis.hook
def after_call(context, case, response):
    if case.method != "GET" or response.status_code == 401:
        State.is_sure = False


# What JSON Schema cannot say: an address that mail could reach, a password that the policy takes.
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
schemathesis.openapi.format("email", names.map(lambda name: f"{name}@example.com"))
schemathesis.openapi.format("password", names.map(lambda name: f"{name} horse battery staple"))
