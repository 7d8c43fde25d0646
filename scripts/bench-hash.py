"""What a password's hash costs, by candidate and by how it is compiled: `make bench-hash`.

Builds bench/hash in every way below, runs all of them in turn (a figure is worth something beside the others of its round
alone), counts instructions with callgrind where valgrind is installed, writes bench/results/hash.json and the table
in docs/performance/hash.md."""

import glob
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target" / "hash"
RESULTS = ROOT / "bench" / "results" / "hash.json"
PAGE = ROOT / "docs" / "performance" / "hash.md"
ROUNDS, EACH = int(os.environ.get("ROUNDS", "7")), 15
BASE = "argon2, one buffer"
FLAGS = "ARGON2_KDF_C_COMPILER_FLAGS"
X86 = platform.machine() == "x86_64"

# Name, features, what is set for the build, and the candidates that are looked at.
BUILDS = [
    ("", "", {}, [BASE, "argon2, a buffer a time"]),
    ("", "others,sodium", {}, ["argon2-rust, one buffer", "argon2-rust, a buffer a time", "dryoc", "libsodium", "rust-argon2"]),
    ("opt-level s, fat LTO", "", {"CARGO_PROFILE_RELEASE_OPT_LEVEL": "s"}, [BASE]),
    ("LTO thin", "", {"CARGO_PROFILE_RELEASE_LTO": "thin"}, [BASE]),
    ("16 codegen units, no LTO", "", {"CARGO_PROFILE_RELEASE_LTO": "off", "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16"}, [BASE]),
    ("any machine", "reference", {FLAGS: "-O3"}, ["the C reference"]),
]
if X86:
    BUILDS += [
        ("for x86-64-v3 alone", "", {"RUSTFLAGS": "-C target-cpu=x86-64-v3"}, [BASE]),
        ("for x86-64-v4 alone", "", {"RUSTFLAGS": "-C target-cpu=x86-64-v4"}, [BASE]),
        ("for AVX2 alone", "reference", {FLAGS: "-mavx2"}, ["the C reference"]),
        ("for AVX-512 alone", "reference", {FLAGS: "-march=x86-64-v4"}, ["the C reference"]),
    ]


def libclang():
    """Where bindgen finds libclang: the system's, or the one in the package of this name."""
    if "LIBCLANG_PATH" in os.environ:
        return {}
    venv = TARGET / "venv"
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "libclang==18.1.1"], check=True)
    library = next(venv.glob("lib/python*/site-packages/clang/native"))
    headers = sorted(glob.glob("/usr/lib/gcc/*/*/include"))[-1:]
    return {"LIBCLANG_PATH": str(library), "BINDGEN_EXTRA_CLANG_ARGS": " ".join(f"-I{path}" for path in headers)}


def build(number, features, settings):
    folder = TARGET / str(number)
    extra = libclang() if "reference" in features else {}
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", str(ROOT / "bench/hash/Cargo.toml"),
               "--target-dir", str(folder), "--features", features]
    subprocess.run(command, check=True, env={**os.environ, **extra, **settings})
    return folder / "release" / "hash"


def instructions(binary, name):
    """Millions for a hash: three less one, halved. Valgrind has no AVX-512: what chooses at run time chooses AVX2."""
    if not shutil.which("valgrind"):
        return None
    totals = []
    for count in ("1", "3"):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "one", name, count]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        total = [line.split(":")[1] for line in ran.stderr.splitlines() if "Collected" in line]
        if ran.returncode or not total:
            return None
        totals.append(int(total[0]))
    return round((totals[1] - totals[0]) / 2e6, 1)


def measure():
    builds = [(name, build(number, features, settings), wanted) for number, (name, features, settings, wanted) in enumerate(BUILDS)]
    times = {}
    for _ in range(ROUNDS):
        for name, binary, wanted in builds:
            ran = subprocess.run([binary, "compare", str(EACH)], capture_output=True, text=True, check=True)
            found = {row["name"]: row["median_ms"] for row in json.loads(ran.stdout)["candidates"]}
            for candidate in wanted:
                times.setdefault((candidate, name), []).append(found[candidate])
    base = times[BASE, ""]
    rows = []
    for name, binary, wanted in builds:
        for candidate in wanted:
            took = times[candidate, name]
            ratio = statistics.median(one / other for one, other in zip(took, base))
            rows.append({"name": candidate, "build": name, "median_ms": round(statistics.median(took), 2),
                         "ratio": round(ratio, 2), "million_instructions": instructions(binary, candidate)})
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {"machine": f"{model}, {platform.machine()}", "rounds": ROUNDS, "candidates": rows}


def table(results):
    lines = [f"On {results['machine']}; medians of {results['rounds']} rounds, the ratio to the first row of the same round.", "",
             "| candidate | compiled | a hash | ratio | million instructions |", "|---|---|---|---|---|"]
    for row in results["candidates"]:
        count = "-" if row["million_instructions"] is None else row["million_instructions"]
        lines.append(f"| {row['name']} | {row['build'] or 'opt-level 3, fat LTO'} | {row['median_ms']} ms | {row['ratio']} | {count} |")
    return "\n".join(lines)


def write(page, text):
    """Puts the text between the page's markers."""
    before, rest = page.read_text(encoding="utf-8").split("<!-- table -->\n", 1)
    after = rest.split("<!-- /table -->", 1)[1]
    page.write_text(f"{before}<!-- table -->\n{text}\n<!-- /table -->{after}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--render"]:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(measure(), indent=2) + "\n", encoding="utf-8")
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    write(PAGE, table(found))
    print(table(found))
