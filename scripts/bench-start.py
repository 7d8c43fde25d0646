"""What happens before the first poll of a function, and in the first sign-in after it: `make bench-start`.

Starts each release binary of the folder in its argument 20 times beside the embedded engine, reads the line that each
logs of its parts where the level is `debug` (shared/src/http/phases.rs), and writes bench/results/start.json, the table in
docs/performance/cold-start.md and the picture beside it."""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import measure

ROOT = Path(__file__).resolve().parent.parent
# Engine and operator's tool are no part of what is measured.
TOOLS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
RESULTS = ROOT / "bench" / "results" / "start.json"
PAGE = ROOT / "docs" / "performance" / "cold-start.md"
PICTURE = PAGE.with_suffix(".svg")
FUNCTIONS = ["auth", "users", "admin", "posts", "docs"]
STARTS = int(os.environ.get("STARTS", "20"))
PARTS = {
    "process": "the process: loading, relocations, logging", "clients": "settings and the table's client",
    "table": "TLS, connection to the table, keys; beside it, the routes and the runtime",
    "buffer": "the rest of the hash buffer", "poll": "connection to the runtime, poll",
}
COLORS = ["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1"]


def engine():
    """The embedded engine on a free port, with nothing on disk afterwards."""
    def free():
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return str(listener.getsockname()[1])
    port = free()
    data = tempfile.TemporaryDirectory()
    process = subprocess.Popen(
        [f"{TOOLS}/local", "--dynamodb-port", port, "--mail-port", free(), "--api-port", free(), "--data-dir", data.name,
         "--table", "measured"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.environ |= {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{port}", "AWS_REGION": "us-east-1",
                   "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return process, data
        time.sleep(0.1)
    raise SystemExit("bench-start: the engine did not start")


def admin():
    """Somebody who can sign in."""
    subprocess.run([f"{TOOLS}/usher", "--table", "measured", "--endpoint-url", os.environ["AWS_ENDPOINT_URL_DYNAMODB"],
                    "create-admin", "--email", measure.EMAIL, "--password-stdin"], check=True, text=True,
                   input=measure.PASSWORD, stdout=subprocess.DEVNULL)


def settle():
    """As in bench/src/cold.rs: what was before has ended, and the table has just answered somebody else."""
    time.sleep(0.04)
    table = http.client.HTTPConnection(os.environ["AWS_ENDPOINT_URL_DYNAMODB"].removeprefix("http://"))
    table.request("POST", "/", "{}", {
        "X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0", "X-Amz-Date": "20260101T000000Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"})
    if table.getresponse().status != 200:
        raise SystemExit("bench-start: the table did not answer")
    table.close()


def start(folder, name):
    """A running function and the milliseconds of its parts."""
    api = measure.RuntimeApi()
    environment = {**measure.environment(api), "AWS_LAMBDA_LOG_LEVEL": "debug"}
    began, clock = time.time(), time.perf_counter()
    process = subprocess.Popen([f"{folder}/{name}"], env=environment, stdout=subprocess.PIPE, text=True)
    if not api.polled.wait(10):
        raise SystemExit(f"bench-start: {name} never polled")
    total = (api.polled_at - clock) * 1000
    line = next(line for line in map(json.loads, process.stdout) if line.get("event") == "sys_startup")
    parts = {part: int(took) / 1000 for part, took in (pair.split("=") for pair in line["details"].split())}
    logged = (datetime.fromisoformat(line["timestamp"].replace("Z", "+00:00")).timestamp() - began) * 1000
    parts = {"process": logged - sum(parts.values()), **parts, "poll": total - logged}
    return api, process, total, parts


def measured(folder):
    functions, ratios, logins = [], [], []
    for name in FUNCTIONS:
        totals, parts = [], []
        for number in range(STARTS + 1):
            settle()
            api, process, total, found = start(folder, name)
            if name == "auth":
                took = [measure.sign_in(api, measure.EMAIL, measure.PASSWORD, 200) for _ in range(3)]
                logins.append(took)
                ratios.append(took[0] / took[1])
            process.kill()
            process.wait()
            api.shutdown()
            if number:  # the very first start reads the binary from disk
                totals.append(total)
                parts.append(found)
        functions.append({
            "function": name, "binary_mb": round(os.path.getsize(f"{folder}/{name}") / 1e6, 1),
            "first_poll_ms": round(statistics.median(totals), 2),
            "parts_ms": {part: round(statistics.median(one[part] for one in parts), 3) for part in PARTS}})
    medians = [round(statistics.median(column), 2) for column in zip(*logins[1:])]
    return {"starts": STARTS, "functions": functions, "sign_in_ms": medians, "first_to_second": round(statistics.median(ratios[1:]), 2)}


def table(results):
    names = [row["function"] for row in results["functions"]]
    lines = [f"Medians of {results['starts']} starts each, in milliseconds.", "", f"| part | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for part, words in PARTS.items():
        lines.append(f"| {words} | " + " | ".join(f"{row['parts_ms'][part]:.2f}" for row in results["functions"]) + " |")
    lines.append("| **start to first poll** | " + " | ".join(f"**{row['first_poll_ms']:.1f}**" for row in results["functions"]) + " |")
    first, second, third = results["sign_in_ms"]
    lines += ["", f"The first sign-in after a start of `auth` takes {first} ms, the second {second} ms, the third {third} ms: the first takes "
              f"{results['first_to_second']} times what the second takes (limit: 1.2)."]
    return "\n".join(lines)


def picture(results):
    """A bar for each function, cut into its parts."""
    rows, scale = results["functions"], 560 / max(sum(row["parts_ms"].values()) for row in results["functions"])
    height = 34 * len(rows) + 22 * len(PARTS) + 20
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height}" font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="#fff"/>']
    for number, row in enumerate(rows):
        x, y = 70.0, 10 + 34 * number
        out.append(f'<text x="10" y="{y + 17}">{row["function"]}</text>')
        for color, part in zip(COLORS, PARTS):
            width = max(row["parts_ms"][part], 0) * scale
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="24" fill="{color}"><title>{part}: {row["parts_ms"][part]:.2f} ms</title></rect>')
            x += width
        out.append(f'<text x="{x + 6:.1f}" y="{y + 17}">{row["first_poll_ms"]:.1f} ms</text>')
    for number, (color, words) in enumerate(zip(COLORS, PARTS.values())):
        y = 20 + 34 * len(rows) + 22 * number
        out.append(f'<rect x="70" y="{y}" width="14" height="14" fill="{color}"/><text x="92" y="{y + 12}">{words}</text>')
    return "\n".join([*out, "</svg>", ""])


def render(results):
    before, rest = PAGE.read_text(encoding="utf-8").split("<!-- table -->\n", 1)
    after = rest.split("<!-- /table -->", 1)[1]
    PAGE.write_text(f"{before}<!-- table -->\n{table(results)}\n<!-- /table -->{after}", encoding="utf-8")
    PICTURE.write_text(picture(results), encoding="utf-8")
    print(table(results))


def main(folder):
    process, data = engine()
    try:
        admin()
        # The first sign-in of an installation makes the signing key.
        api, function, _, _ = start(folder, "auth")
        measure.sign_in(api, measure.EMAIL, measure.PASSWORD, 200)
        function.kill()
        results = measured(folder)
    finally:
        process.kill()
        process.wait()
        data.cleanup()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] != "--render":
        with measure.copies(sys.argv[1], FUNCTIONS) as copies:
            main(copies)
    render(json.loads(RESULTS.read_text(encoding="utf-8")))
