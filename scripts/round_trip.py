"""Imports so many accounts (ACCOUNTS, 100,000), exports them, imports the export over the same table and exports again:
nothing may have changed. Says how long each took, the most memory that it had and the processor's time that it used.

    scripts/dynamodb-local.sh python3 scripts/round_trip.py target/debug/usher

`make round-trip` runs it. Ends with 1 when an account was refused, or the two exports differ."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

HASH = "$2b$06$NLOQDKh6wlbRTwfse4w6K.xr9qMmsrH3G.T2OjkFH0m6y1EAE6Nde"
ACCOUNTS = int(os.environ.get("ACCOUNTS", "100000"))


def account(number):
    """What a system of another make knew of somebody."""
    return {
        "id": str(number),
        "email": f"person{number}@example.com",
        "email_verified": number % 3 > 0,
        "username": f"person{number}",
        "name": f"Person {number} of Round Trip",
        "created_at": f"20{10 + number % 14}-0{1 + number % 9}-1{number % 10}T12:00:{number % 60:02}Z",
        "role": "admin" if number % 1000 == 0 else "user",
        "status": "deactivated" if number % 50 == 7 else "active",
        "locale": ["en", "de", "ja", None][number % 4],
        "password_hash": HASH if number % 5 else None,
    }


def run(usher, *arguments):
    """Runs a command of usher's to its end: what it said."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([usher, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = process.stdout.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    cpu = used.ru_utime + used.ru_stime
    print(f"{arguments[0]:8} {took:7.1f} s  {cpu:6.1f} s of CPU  {used.ru_maxrss // 1024:4} MiB at most  {said[-300:]}", flush=True)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"round trip: `usher {arguments[0]}` failed")
    return said


def main():
    usher = os.path.abspath(sys.argv[1])
    os.environ.setdefault("TABLE_NAME", "usher")
    with tempfile.TemporaryDirectory() as folder:
        people, first, second = (os.path.join(folder, name) for name in ("people.jsonl", "1.jsonl", "2.jsonl"))
        with open(people, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(account(number)) + "\n" for number in range(ACCOUNTS))
        run(usher, "table", "create")
        run(usher, "import", people)
        run(usher, "export", "--output", first)
        again = run(usher, "import", first)
        run(usher, "export", "--output", second)
        with open(first, "rb") as one, open(second, "rb") as other:
            same = one.read() == other.read()
    if not same or f"0 made, {ACCOUNTS} there already, 0 refused" not in again:
        sys.exit("round trip: something has changed")
    print("round trip: nothing has changed")


if __name__ == "__main__":
    main()
