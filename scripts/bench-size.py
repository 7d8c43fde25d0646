"""What the settings of the release profile make of `auth`: `make bench-size`, three quarters of an hour on two cores.

Builds `auth` in every way below (or takes FOLDER/auth-NAME where there is one), and for each finds its size, what it does
to its first poll, in a sign-in and in a refresh (instructions, counted by callgrind) and how long a start takes beside the
first one's (in turn). Writes bench/results/size.json and the table in docs/performance/binary-size.md."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import measure

start = __import__("bench-start")
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "size.json"
PAGE = ROOT / "docs" / "performance" / "binary-size.md"
BUILDS = {
    "3-fat": ("3", "fat", []),
    "3-thin": ("3", "thin", ["profile.release.lto='thin'"]),
    "3-off": ("3", "none", ["profile.release.lto='off'"]),
    "2-fat": ("2", "fat", ["profile.release.opt-level=2"]),
    "s-fat": ("`s`", "fat", ["profile.release.opt-level='s'"]),
    "s-others": ("`s`, but 3 for our crates and `argon2`", "fat",
                 ["profile.release.package.'*'.opt-level='s'", "profile.release.package.argon2.opt-level=3"]),
}


class Refused(Exception):
    """An answer that is none of what is counted."""


def built(folder, name, profile):
    """The binary, stripped as it is deployed."""
    binary = folder / f"auth-{name}"
    if not binary.exists():
        target = ROOT / "target" / "size"
        command = ["cargo", "build", "--release", "--locked", "--package", "auth", "--target-dir", str(target)]
        subprocess.run(command + [word for one in profile for word in ("--config", one)], check=True)
        measure.copy(target / "release" / "auth", binary)
    return binary


def invoke(api, event):
    api.events.put(event)
    answer = api.answers.get(timeout=120)
    if answer["statusCode"] != 200:
        raise Refused(answer["statusCode"])
    return json.loads(answer["body"])


def event(name, body):
    return {**json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8")), "body": json.dumps(body)}


def instructions(binary, sign_ins, refreshes):
    """Millions, from the start of the process until so much is done."""
    api = measure.RuntimeApi()
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary)]
    environment = {**measure.environment(api), "PATH": os.environ["PATH"]}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    api.polled.wait(120)
    tokens = {}
    try:
        for _ in range(sign_ins):
            tokens = invoke(api, event("login", {"email": measure.EMAIL, "password": measure.PASSWORD}))
        for _ in range(refreshes):
            tokens = invoke(api, event("refresh", {"refresh_token": tokens["refresh_token"]}))
    finally:
        process.terminate()
        _, lines = process.communicate()
        api.shutdown()
    return next(int(line.split(":")[1]) for line in lines.splitlines() if "Collected" in line) / 1e6


def patiently(binary, *counts):
    """Valgrind is slow enough to meet a function's own deadline now and then: what met it is not counted."""
    for _ in range(8):
        try:
            return instructions(binary, *counts)
        except Refused as refused:
            print(f"again: {refused}", file=sys.stderr)
    raise SystemExit("bench-size: eight times no answer in time; is the machine busy?")


def counted(binary):
    began, one, two, more = (patiently(binary, *count) for count in [(0, 0), (1, 0), (2, 0), (2, 2)])
    return {"first_poll": round(began, 1), "first_sign_in": round(one - began, 1), "sign_in": round(two - one, 1),
            "refresh": round((more - two) / 2, 2)}


def table(results):
    lines = ["| `opt-level` | LTO | size | start, beside the first row | to the first poll | first sign-in | the next | a refresh |", "|---|---|---|---|---|---|---|---|"]
    for row in results["builds"]:
        count = row["million_instructions"]
        cells = [row["opt_level"], row["lto"], f"{row['mb']} MB", row["start_ratio"], *count.values()]
        lines.append("| " + " | ".join("-" if cell is None else str(cell) for cell in cells) + " |")
    return "\n".join([*lines, "", "The last four in millions of instructions."])


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("BUILDS", " ".join(BUILDS)).split()
    binaries = {name: built(folder, name, BUILDS[name][2]) for name in wanted}
    engine, data = start.engine()
    try:
        start.admin()
        patiently(binaries[wanted[0]], 1, 0)  # makes the signing key
        times = {name: [] for name in wanted}
        for _ in range(25):
            for name in wanted:
                api, process, took = measure.start(folder, f"auth-{name}")
                process.kill()
                process.wait()
                api.shutdown()
                times[name].append(took)
        base = times[wanted[0]]
        rows = [{"opt_level": BUILDS[name][0], "lto": BUILDS[name][1], "mb": round(binaries[name].stat().st_size / 1e6, 1),
                 "start_ratio": round(statistics.median(a / b for a, b in zip(times[name], base)), 2),
                 "million_instructions": counted(binaries[name])} for name in wanted]
    finally:
        engine.kill()
        engine.wait()
        data.cleanup()
    RESULTS.write_text(json.dumps({"builds": rows}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] != "--render":
        main(Path(sys.argv[1]))
    before, rest = PAGE.read_text(encoding="utf-8").split("<!-- table -->\n", 1)
    after = rest.split("<!-- /table -->", 1)[1]
    found = table(json.loads(RESULTS.read_text(encoding="utf-8")))
    PAGE.write_text(f"{before}<!-- table -->\n{found}\n<!-- /table -->{after}", encoding="utf-8")
    print(found)
