"""Takes the migration guides at their word: migrate.py [GUIDE...], with WORK, USHER_API, and `usher` and `psql` on the PATH.

Each block of `sh` in docs/migrate/*.md is run, in one directory and one shell for each guide, and has to print what the block of
`text` after it shows, to the letter. Blocks of `console` need another's system: what they write is in tests/fixtures/migrate,
as is the database that DATABASE_URL leads to. Then everybody signs in who should, by tests/fixtures/migrate/people.json."""

import json
import os
import pathlib
import re
import subprocess
import sys

from http_calls import call, until
from people import sign_in as sign_in_or_end
from postgres import Postgres

FIXTURES = pathlib.Path("tests/fixtures/migrate").resolve()
WORK, api, mailbox = os.environ["WORK"], os.environ["USHER_API"], os.environ["USHER_MAILBOX"]
MARK = "--- end of block ---"


def run(guide, directory, env):
    """Runs a guide's blocks; ends the test where one prints something else."""
    blocks = re.findall(r"^```sh\n(.*?)^```\n(?:\n*^```text\n(.*?)^```\n)?", guide.read_text(), re.S | re.M)
    if not any("usher import" in commands for commands, _ in blocks):
        raise SystemExit(f"examples: {guide} imports nobody")
    script = "exec 2>&1\n" + "".join(f"{commands}\necho '{MARK}'\n" for commands, _ in blocks)
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True, cwd=directory, env=env, timeout=300, check=False)
    said = done.stdout.split(MARK)
    for (commands, shown), real in zip(blocks, said, strict=False):
        if shown.strip() != real.strip():
            raise SystemExit(f"examples: {guide}: after\n{commands}\nit shows\n{shown}\nbut there came\n{real}{done.stderr}")
    if len(said) != len(blocks) + 1:
        raise SystemExit(f"examples: {guide}: it ended early: {done.stdout}{done.stderr}")
    return len(blocks)


def sign_in(person, password):
    name = {key: person[key] for key in ("email", "username") if key in person}
    return call("POST", f"{api}/auth/login", {**name, "password": password})


def mailed_token(address, skipped):
    """The token in the last mail to somebody, when there are more than `skipped`."""
    mails = lambda: [mail for mail in call("GET", f"{mailbox}/messages")[2] if address in str(mail["to"])][skipped:]
    return re.search(r"token=(\S+)", until(f"the mail to {address}", 30, mails)[-1]["text"])[1]


def set_password(person):
    """Somebody who came without a password sets one by mail: by the invitation, or by a link of one's own asking."""
    address = person["email"].lower()
    if person["sets_password"] == "invited":
        body = {"token": mailed_token(address, 0), "password": person["password"]}
        status, _, answer = call("POST", f"{api}/auth/accept-invite", body)
    else:
        before = sum(address in str(mail["to"]) for mail in call("GET", f"{mailbox}/messages")[2])
        call("POST", f"{api}/auth/forgot-password", {"email": address})
        body = {"token": mailed_token(address, before), "new_password": person["password"]}
        status, _, answer = call("POST", f"{api}/auth/reset-password", body)
    if status not in (200, 204):
        raise SystemExit(f"examples: {address} cannot set a password: {status} {answer}")


def check(guide, person):
    """Signs a person in, or sees the refusal that is due."""
    if person.get("sets_password"):
        if sign_in(person, person["password"])[0] != 401:
            raise SystemExit(f"examples: {guide}: {person} signs in before there is a password")
        set_password(person)
    status, _, answer = sign_in(person, person["password"])
    refused = person.get("refused")
    if refused:
        if (status, answer.get("code")) != (int(refused.split()[0]), refused.split()[1]):
            raise SystemExit(f"examples: {guide}: {person}: got {status} {answer}")
        return
    if status != 200:
        raise SystemExit(f"examples: {guide}: {person} cannot sign in: {status} {answer}")
    # The second time it is Usher's own hash.
    if sign_in(person, person["password"])[0] != 200 or sign_in(person, person["password"] + "x")[0] != 401:
        raise SystemExit(f"examples: {guide}: {person}: another password is taken, or the right one is not twice")
    export = call("GET", f"{api}/users/me/export", token=answer["access_token"])[2]
    for field, value in person["has"].items():
        if {**export, **export["user"]}.get(field) != value:
            raise SystemExit(f"examples: {guide}: {person['email']}: {field} is {({**export, **export['user']}).get(field)!r}")


def main():
    """Every guide, or those that are named."""
    admin = json.loads(pathlib.Path(WORK, "people.json").read_text())["people"]["admin"]
    people = json.loads((FIXTURES / "people.json").read_text())
    guides = [path for path in sorted(pathlib.Path("docs/migrate").glob("*.md")) if path.stem != "README"]
    if {guide.stem for guide in guides} != people.keys():
        raise SystemExit(f"examples: people.json has {sorted(people)}, the guides are {[guide.stem for guide in guides]}")
    postgres = Postgres()
    try:
        for guide in guides:
            if sys.argv[1:] and guide.stem not in sys.argv[1:]:
                continue
            directory = pathlib.Path(WORK, guide.stem)
            directory.mkdir()
            # Which the guides ask for: where Usher is, and an admin's access token.
            token = sign_in_or_end(*admin)["access_token"]
            env = {**os.environ, "USHER": api, "TOKEN": token, "NO_PROXY": "localhost,127.0.0.1"}
            for fixture in FIXTURES.glob(f"{guide.stem}.*"):
                if fixture.suffix == ".sql":
                    env["DATABASE_URL"] = postgres.load(guide.stem, fixture)
                else:
                    (directory / fixture.name.removeprefix(f"{guide.stem}.")).write_bytes(fixture.read_bytes())
            blocks = run(guide, directory, env)
            for person in people[guide.stem]:
                check(guide, person)
            print(f"examples: {guide}: {blocks} blocks print what it shows; {len(people[guide.stem])} people tried", flush=True)
    finally:
        postgres.stop()


if __name__ == "__main__":
    main()
