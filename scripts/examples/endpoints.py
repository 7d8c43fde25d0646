"""Whether every operation of Usher's that a document names is one: endpoints.py openapi.json DOCUMENT...

An operation is `METHOD /path`, with the parameters of its query. In a table whose head is `there | Usher`, the first column
is another system's and not looked at."""

import json
import re
import sys

METHODS = "GET|POST|PUT|PATCH|DELETE"


def plain(path):
    """A path without the names of its parameters."""
    return re.sub(r"{[^}]*}", "{}", path)


def named(document):
    """The operations that a document says are ours, with the names in the query, and the lines."""
    in_map = False
    for number, line in enumerate(document.splitlines(), 1):
        in_map = line.startswith("| there | Usher |") or in_map and line.startswith("|")
        line = line.split("|", 2)[2] if in_map else line
        for method, path, query in re.findall(rf"`({METHODS}) (/[^`\s?]*)(?:\?([^`\s]*))?", line):
            yield number, f"{method} {plain(path)}", set(re.findall(r"(\w+)=", query))


with open(sys.argv[1], encoding="utf-8") as openapi:
    ours = {
        f"{method.upper()} {plain(path)}": {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
        for path, methods in json.load(openapi)["paths"].items() for method, operation in methods.items()
    }
mentions, unknown = 0, []
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as file:
        for number, operation, query in named(file.read()):
            mentions += 1
            if operation not in ours or not query <= ours[operation]:
                unknown.append(f"{name}:{number}: Usher has no {operation} {' '.join(query)}")
if unknown or not mentions:
    raise SystemExit("\n".join(unknown) or "endpoints: no document names an operation")
print(f"endpoints: {mentions} mentions of operations, all of which Usher has")
