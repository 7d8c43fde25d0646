#!/usr/bin/env bash
# One tour through `make dev`, as a person takes it: register, read the mail, confirm, sign in, reset the password,
# administer; then Ctrl-C, and once more to see that the data is still there. On free ports, in a directory of its own.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONPATH=scripts/smoke PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
read -r API_PORT MAIL_PORT DYNAMODB_PORT < <(python3 -c 'from http_calls import free_ports; print(*free_ports(3))')
export API_PORT MAIL_PORT DYNAMODB_PORT USHER_DATA_DIR=$work/data
run=

stop() {
    status=$?
    [[ -z $run ]] || { kill -TERM "$run" 2>/dev/null || true; wait "$run" || true; }
    [[ $status -eq 0 ]] || { echo "smoke: the run's own words:"; tail -60 "$work/$visit.log"; } >&2
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

# Nothing of a developer's settings, so that the tour is the same everywhere.
unset APP_SECRET REGISTRATION EMAIL_VERIFICATION ADMIN_REGISTRATION_KEY TOKEN_AUDIENCE ACCESS_TOKEN_TTL \
    REFRESH_IDLE_TTL REFRESH_ABSOLUTE_TTL REFRESH_GRACE PASSWORD_MIN_LENGTH HIBP_URL PUBLIC_URL CORS_ORIGINS \
    MAIL_FROM FRONTEND_URL TABLE_NAME

for visit in first again; do
    echo "smoke: starting the local run ($visit)"
    set -m # its own process group, as a terminal gives it, and SIGINT not ignored
    scripts/dev.sh >"$work/$visit.log" 2>&1 </dev/null &
    run=$!
    set +m
    # The file is written last, when everything answers. The first time there is a workspace to compile.
    until grep -qs 'is ready' "$work/$visit.log" && [[ -s $USHER_DATA_DIR/admin-password ]]; do
        kill -0 "$run" 2>/dev/null || { echo "smoke: the local run ended" >&2; exit 1; }
        [[ $SECONDS -lt 1200 ]] || { echo "smoke: the local run does not get ready" >&2; exit 1; }
        sleep 0.2
    done
    python3 scripts/smoke/watch.py "http://localhost:$API_PORT" "http://localhost:$MAIL_PORT" \
        "$USHER_DATA_DIR/admin-password" "$visit"
    if [[ $visit == first ]]; then
        python3 scripts/smoke/tour.py README.md
        python3 scripts/smoke/prompts.py "${CARGO_TARGET_DIR:-target}/debug/usher" "http://127.0.0.1:$DYNAMODB_PORT"
    fi
    kill -INT -- "-$run" # Ctrl-C
    wait "$run" || true
    run=
    for port in "$API_PORT" "$MAIL_PORT" "$DYNAMODB_PORT"; do
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "smoke: port $port is still in use" >&2; exit 1; }
    done
done
echo "smoke: the local run works; it took $SECONDS s"
