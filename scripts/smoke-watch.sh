#!/usr/bin/env bash
# One tour through `make dev`, as a person takes it: register, read the mail, confirm, sign in, reset the password,
# administer; then Ctrl-C, and once more to see that the data is still there. On free ports, in a directory of its own.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONPATH=scripts/smoke PYTHONDONTWRITEBYTECODE=1
source scripts/dev/background.sh

for visit in first again; do
    echo "smoke: starting the local run ($visit)"
    start_run "$visit"
    python3 scripts/smoke/watch.py "http://localhost:$API_PORT" "http://localhost:$MAIL_PORT" \
        "$USHER_DATA_DIR/admin-password" "$visit"
    if [[ $visit == first ]]; then
        python3 scripts/smoke/tour.py README.md
        python3 scripts/smoke/prompts.py "${CARGO_TARGET_DIR:-target}/debug/usher" "http://127.0.0.1:$DYNAMODB_PORT"
    fi
    stop_run INT # Ctrl-C
    for port in "$API_PORT" "$MAIL_PORT" "$DYNAMODB_PORT"; do
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "smoke: port $port is still in use" >&2; exit 1; }
    done
done
echo "smoke: the local run works; it took $SECONDS s"
