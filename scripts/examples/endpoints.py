"""Whether every operation of Usher's that a document names is one: endpoints.py openapi.json DOCUMENT...

In documents for those who come from elsewhere, what stands under "Usher" in a table, or behind "Usher's", is ours: any
`METHOD /path` outside the table column of the other system."""

import json
import re
import sys

METHODS = "GET|POST|PUT|PATCH|DELETE"
with open(sys.argv[1], encoding="utf-8") as file:
    paths = json.load(file)["paths"]
ours = {f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}" for path, methods in paths.items() for method in methods}


def named(document):
    """The operations that a document says are ours, and where."""
    in_map = False
    for number, line in enumerate(document.splitlines(), 1):
        if line.startswith("|"):
            cells = line.strip("| ").split(" | ")
            in_map = in_map and len(cells) > 1 or len(cells) > 1 and cells[1].strip() == "Usher"
            line = cells[1] if in_map else line
        else:
            in_map = False
        for method, path in re.findall(rf"`({METHODS}) (/[^`\s?]*)", line):
            yield number, f"{method} {re.sub(r'{[^}]*}', '{}', path)}"


unknown, known = [], 0
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as file:
        for number, operation in named(file.read()):
            known += operation in ours
            if operation not in ours:
                unknown.append(f"{name}:{number}: Usher has no {operation}")
if unknown or not known:
    raise SystemExit("\n".join(unknown) or "endpoints: no document names an operation")
print(f"endpoints: {known} mentions of operations, all of which Usher has")
