#!/usr/bin/env bash
# schemathesis (schemathesis.toml) against a local run, with all its checks: signed in as an admin, then as a user.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
schemathesis=$(scripts/tools.sh schemathesis)
source scripts/dev/background.sh
# It asks more often, and guesses worse, than a person may.
export LOGIN_FAILURES=off SOURCE_LIMIT=off MAIL_LIMIT=off WRITE_LIMIT=off
start_run audit

export USHER_API=http://127.0.0.1:$API_PORT USHER_DYNAMODB=http://127.0.0.1:$DYNAMODB_PORT \
    USHER_MAILBOX=http://127.0.0.1:$MAIL_PORT
USHER=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/usher
export USHER PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
cp scripts/audit/schemathesis.toml scripts/audit/people.py "$work"
cd "$work" # where it may leave what it likes
for role in admin user; do
    echo "audit: as $role"
    USHER_AS=$role "$schemathesis" --config-file schemathesis.toml run "$root/functions/docs/openapi.json" --url "$USHER_API" --no-color
done
