"""Registers a user and signs both in, as JSON: people.py ADMIN_PASSWORD_FILE, with USHER_API and USHER_MAILBOX."""

import json
import os
import re
import sys
import time

from http_calls import call, until

api, mailbox = os.environ["USHER_API"], os.environ["USHER_MAILBOX"]
EMAIL, PASSWORD = "nora@example.com", "correct horse battery"


def sign_in(email, password):
    """The answer to a sign-in."""
    status, _, answer = call("POST", f"{api}/auth/login", {"email": email, "password": password})
    if status != 200:
        raise SystemExit(f"examples: {email} cannot sign in: {status} {answer}")
    return answer


def mailed_token():
    """The token in the mail to the user, if it has come."""
    mails = [mail for mail in call("GET", f"{mailbox}/messages")[2] if EMAIL in str(mail["to"])]
    return re.search(r"token=(\S+)", mails[-1]["text"])[1] if mails else None


def main():
    """Makes the user and prints what both got."""
    call("POST", f"{api}/auth/register", {"email": EMAIL, "password": PASSWORD})
    token = until("the confirmation mail", 30, mailed_token)
    call("POST", f"{api}/auth/confirm-registration", {"token": token, "password": PASSWORD})
    with open(sys.argv[1], encoding="utf-8") as file:
        admin_password = file.read().strip()
    people = {"user": [EMAIL, PASSWORD], "admin": ["admin@example.com", admin_password]}
    first = sign_in(EMAIL, PASSWORD)["access_token"]
    print(json.dumps({"people": people, "first": first, "expired_at": time.time() + 60}))


if __name__ == "__main__":
    main()
