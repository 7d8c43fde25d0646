"""Makes an admin at a terminal, as an operator does: prompts.py USHER DYNAMODB_URL. The password must not be shown."""

import os
import pty
import re
import sys
import termios

from http_calls import until

usher, endpoint = sys.argv[1:]
ANSWERS = [
    ("E-mail", "olga@example.com"), ("Username", "olga"), ("First name", "Olga"), ("Last name", ""),
    ("Password", "correct horse battery"), ("again", "correct horse battery"),
]

child, terminal = pty.fork()
if child == 0:
    os.execv(usher, [usher, "--endpoint-url", endpoint, "create-admin", "--another"])
shown = ""


def read():
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # Linux says so when the other side has closed
        return ""


for question, answer in ANSWERS:
    while not re.search(rf"{question}[^\n]*: $", shown):
        if not (said := read()):
            raise SystemExit(f"smoke: usher asked no {question!r}: {shown}")
        shown += said
    if question in ("Password", "again"):
        # The question comes a moment before the terminal stops showing what is typed.
        until("a terminal that shows nothing", 5, lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.write(terminal, f"{answer}\n".encode())
    shown += "\n"
while said := read():
    shown += said
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
if status or "olga@example.com is an admin" not in shown or "correct horse" in shown:
    raise SystemExit(f"smoke: usher create-admin at a terminal: exit {status}: {shown}")
print("smoke: usher create-admin asks for what it needs and shows no password")
