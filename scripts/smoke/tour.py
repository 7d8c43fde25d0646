"""Takes the README's tour: tour.py README.md, with API_PORT, MAIL_PORT and USHER_DATA_DIR as for `make dev`.

Runs each block of shell in one shell, and compares what it prints with the block of JSON that follows it. There, "…" stands
for whatever differs from run to run."""

import json
import re
import subprocess
import sys

MARK = "--- end of block ---"


def same(shown, real):
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(real, dict):
        return "…" in shown or (shown.keys() == real.keys() and all(same(shown[k], real[k]) for k in shown))
    return shown == real


def documents(text):
    """The JSON documents that stand one after the other in a text."""
    decoder, found = json.JSONDecoder(), []
    while text := text.strip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


readme = open(sys.argv[1], encoding="utf-8").read()
blocks = re.findall(r"^```sh\n(.*?)^```\n(?:```json\n(.*?)^```\n)?", readme, re.S | re.M)
if not any(output for _, output in blocks):
    raise SystemExit("tour: there is no tour in the README")
script = "".join(f"{commands}\necho '{MARK}'\n" for commands, _ in blocks)
run = subprocess.run(["bash", "-eu"], input=script, capture_output=True, text=True, timeout=300, check=False)
if run.returncode:
    raise SystemExit(f"tour: a command failed: {run.stderr}{run.stdout}")
for (commands, shown), real in zip(blocks, run.stdout.split(MARK), strict=False):
    wanted, got = documents(shown), documents(real)
    if len(wanted) != len(got) or not all(map(same, wanted, got)):
        raise SystemExit(f"tour: after\n{commands}\nthe README shows\n{shown}\nbut the API said\n{real}")
print(f"tour: the README's {len(blocks)} blocks do what it says")
