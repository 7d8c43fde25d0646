#!/usr/bin/env bash
# A person's ways through a real browser, each against a local run of its own, on free ports.
#
#   scripts/browser.sh              all of scripts/browser/journeys
#   scripts/browser.sh NAME...      these; NAME.env, where there is one, has the settings of its local run
#
# The screenshots are in target/browser/NAME, the newest run's only. CHROMIUM names the browser (scripts/tools.sh).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -gt 0 ]] || for file in scripts/browser/journeys/*.mjs; do set -- "$@" "$(basename "$file" .mjs)"; done

# The tools come first: a journey has neither to wait for them nor to fail for want of them.
PLAYWRIGHT=$(scripts/tools.sh playwright)
CHROMIUM=$(scripts/tools.sh chromium)
export PLAYWRIGHT CHROMIUM

# journey NAME : in a shell of its own, which stops its local run when it ends.
journey() {
    source scripts/dev/background.sh
    # Where a front end is served, for journeys that have one: another origin than the API's.
    FRONT_PORT=$(PYTHONPATH=scripts/smoke PYTHONDONTWRITEBYTECODE=1 python3 -c 'from http_calls import free_ports; print(*free_ports(1))')
    export FRONT_PORT SCREENSHOTS=${CARGO_TARGET_DIR:-target}/browser/$1
    rm -rf "$SCREENSHOTS"
    mkdir -p "$SCREENSHOTS"
    if [[ -f scripts/browser/journeys/$1.env ]]; then
        set -a
        # shellcheck disable=SC1090 # one of several
        source "scripts/browser/journeys/$1.env"
        set +a
    fi
    echo "browser: starting the local run ($1)"
    start_run "$1"
    NODE_OPTIONS='' node "scripts/browser/journeys/$1.mjs"
}

for name in "$@"; do
    [[ -f scripts/browser/journeys/$name.mjs ]] || { echo "browser: there is no journey $name" >&2; exit 2; }
    (journey "$name")
done
echo "browser: all well with $($CHROMIUM --version 2>/dev/null); it took $SECONDS s"
