#!/usr/bin/env bash
# Runs Usher on this machine. It needs Rust, Python 3 and curl; no Docker, no Java, no AWS account.
#
#   scripts/dev.sh                    everything (`make dev`)
#   scripts/dev.sh --services-only    everything but the functions (`make services`), to type `cargo lambda watch` beside it
#   scripts/dev.sh --reset            forgets what a local run has stored (`make dev-reset`)
#
# Ports: API_PORT 9000, MAIL_PORT 8025, DYNAMODB_PORT 8000. Data: USHER_DATA_DIR, .local. Every setting of the functions
# that is in the environment reaches them. Ctrl-C or SIGTERM stops everything; the data stays.
#
# USHER_DATA_DIR/admin-password is written last, when everything answers: a script can wait for it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

# What a non-interactive shell starts with `&` ignores SIGINT, which only another program can undo.
if [[ $(trap -p INT) == *"''"* ]]; then
    exec python3 -c 'import os, signal, sys; signal.signal(2, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
        "$root/scripts/dev.sh" "$@"
fi

say() { printf 'dev: %s\n' "$*"; }
die() { printf 'dev: %s\n' "$*" >&2; exit 1; }

mode=${1-}
case $mode in
    '' | --services-only | --reset) ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

export API_PORT=${API_PORT:-9000} MAIL_PORT=${MAIL_PORT:-8025} DYNAMODB_PORT=${DYNAMODB_PORT:-8000}
data=${USHER_DATA_DIR:-.local}
(umask 077 && mkdir -p "$data") || die "cannot make the directory $data"
shown=$data # as a person knows it
data=$(cd "$data" && pwd)
export USHER_DATA_DIR=$data

# --- One run at a time on one directory -------------------------------------------------------------------------------

running() { [[ -s $data/pid ]] && kill -0 "$(<"$data/pid")" 2>/dev/null; }
! running || die "already running on $shown, as process $(<"$data/pid"); stop it first (if it is not that: rm $shown/pid)"

if [[ $mode == --reset ]]; then
    # By name: whatever else USHER_DATA_DIR holds is not ours.
    rm -f "$data"/dynamodb.sqlite* "$data"/stream-position* "$data"/mail.jsonl "$data"/admin-password* \
        "$data"/{app-secret,env,ignore,pid}
    rmdir "$data" 2>/dev/null || true
    say "forgot what was stored in $shown"
    exit
fi
echo $$ >"$data/pid"

source scripts/dev/processes.sh
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# --- Ports -------------------------------------------------------------------------------------------------------------

answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
check_port() {
    local port=${!1}
    [[ $port =~ ^[0-9]+$ && $port -ge 1 && $port -le 65535 ]] || die "$1 is no port: $port"
    if answers 127.0.0.1 "$port" || answers ::1 "$port"; then
        die "port $port is taken: stop what uses it, or set $1 to another"
    fi
}
check_port MAIL_PORT
check_port DYNAMODB_PORT
[[ $mode == --services-only ]] || check_port API_PORT
[[ $(printf '%s\n' "$API_PORT" "$MAIL_PORT" "$DYNAMODB_PORT" | sort -u | wc -l) -eq 3 ]] ||
    die "API_PORT, MAIL_PORT and DYNAMODB_PORT must differ"
command -v curl >/dev/null || die "curl is needed, and there is none on the PATH"

# The demo admin's password has another name until everything answers.
password=$data/admin-password.next
[[ ! -s $data/admin-password ]] || mv "$data/admin-password" "$password"

source scripts/dev/settings.sh

# --- Build -------------------------------------------------------------------------------------------------------------

watch=(cargo lambda watch --invoke-address 127.0.0.1 --invoke-port "$API_PORT")
by_hand="cargo lambda watch --invoke-address 127.0.0.1 --invoke-port $API_PORT --env-file $shown/env"
command -v cargo-lambda >/dev/null || by_hand="PATH=\"\$PWD/.tools/bin:\$PATH\" $by_hand"
step scripts/tools.sh cargo-lambda >/dev/null || die "cargo-lambda could not be had"
PATH=$root/.tools/bin:$PATH

# All at once and always from the whole workspace, so that what `cargo lambda watch` runs is what was built here.
binaries=(--bins)
[[ $mode != --services-only ]] || binaries=(--bin local --bin usher)
say "building; the first build takes some minutes, later ones seconds"
step cargo build "${binaries[@]}" || die "the build failed"

# --- DynamoDB, trigger, mailbox, demo admin -----------------------------------------------------------------------------

start cargo run --quiet --bin local
services=$!
until curl --silent --fail --output /dev/null --max-time 2 "$mailbox/messages"; do
    kill -0 "$services" 2>/dev/null || die "the local services did not start"
    sleep 0.1
done

fresh=
[[ -s $password ]] || fresh=yes
keep admin-password.next 12
if said=$(cargo run --quiet --bin usher -- create-admin --email admin@example.com --username admin --password-stdin \
    --endpoint-url "$dynamodb" <"$password" 2>&1); then
    say "made the demo admin"
elif [[ $said != *"active admin"* ]]; then
    die "the demo admin could not be made: $said"
elif [[ -n $fresh ]]; then
    rm -f "$password" # it is nobody's
fi
if [[ -s $password ]]; then
    sign_in="admin@example.com, password $(<"$password")"
else
    sign_in="an admin of yours (its password is not kept here; \`make dev-reset\` starts anew)"
fi

# --- Functions ---------------------------------------------------------------------------------------------------------

api=http://127.0.0.1:$API_PORT

# await STATUS CURL-ARGUMENTS... : the first request makes cargo-lambda start the function. One that cannot start, for a
# bad setting say, says why and never answers.
await() {
    local want=$1 got deadline=$((SECONDS + 90))
    shift
    while ((SECONDS < deadline)); do
        got=$(curl --silent --output /dev/null --max-time 60 --write-out '%{http_code}' "$@") || true
        [[ $got != "$want" ]] || return 0
        kill -0 "$watcher" 2>/dev/null || die "cargo lambda watch ended"
        sleep 0.5
    done
    die "${*: -1} does not answer $want; the function's own words are above"
}

if [[ $mode != --services-only ]]; then
    # A change in these starts no function anew, as one in what .gitignore names does not.
    printf '%s/\n' /.git /cli /docs /events /examples /local /scripts /tests "${data#"$root"}" \
        ${CARGO_TARGET_DIR:+"${CARGO_TARGET_DIR#"$root"}"} >"$data/ignore"
    export CARGO_LAMBDA_IGNORE_FILE=$data/ignore
    say "starting the functions"
    start "${watch[@]}"
    watcher=$!
    await 200 "$api/docs/health"
    await 200 "$api/auth/.well-known/openid-configuration"
    await 401 "$api/users/me"
    await 401 "$api/admin/users"
    await 200 --header 'content-type: application/json' --data '{"Records":[]}' \
        "$api/2015-03-31/functions/mailer/invocations"
    await 200 --header 'content-type: application/json' --data '{"Records":[]}' \
        "$api/2015-03-31/functions/worker/invocations"
fi

# --- Ready -------------------------------------------------------------------------------------------------------------

printf '\n'
if [[ -n $watcher ]]; then
    printf '  Usher is ready.\n\n'
    printf '    API        http://localhost:%s\n' "$API_PORT"
    printf '    docs       http://localhost:%s/docs\n' "$API_PORT"
else
    printf '  Everything but the functions is ready. Start them in another terminal:\n\n'
    printf '    %s\n\n' "$by_hand"
fi
printf '    mailbox    http://localhost:%s\n' "$MAIL_PORT"
printf '    sign in    %s\n\n' "$sign_in"
printf '  Ctrl-C stops everything and keeps the data in %s, until "make dev-reset".\n\n' "$shown"
[[ ! -s $password ]] || mv "$password" "$data/admin-password"

while :; do
    kill -0 "$services" 2>/dev/null || die "the local services ended"
    [[ -z $watcher ]] || kill -0 "$watcher" 2>/dev/null || die "cargo lambda watch ended"
    # In the background, because a signal is heeded only between commands, and during `wait`.
    sleep 1 &
    wait "$!" || true
done
