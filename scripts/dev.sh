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
    rm -f "$data"/dynamodb.sqlite* "$data"/stream-position.* "$data"/mail.jsonl "$data"/admin-password* \
        "$data"/{app-secret,env,ignore,pid}
    rmdir "$data" 2>/dev/null || true
    say "forgot what was stored in $shown"
    exit
fi
echo $$ >"$data/pid"

# --- Processes: each in a group of its own, so that a signal reaches this script alone and it stops them in order ------

step='' services='' watcher='' # their process ids while they run

# start COMMAND... : in the background; its process id is $!.
start() {
    set -m
    "$@" </dev/null &
    set +m
}

# step COMMAND... : waits for its end, and heeds signals meanwhile.
step() {
    local status=0
    start "$@"
    step=$!
    wait "$step" || status=$?
    step=
    return "$status"
}

# A process and all it has started, each in whatever group it put itself.
family() {
    local child
    echo "$1"
    for child in $(pgrep -P "$1" || true); do family "$child"; done
}

stop_job() {
    local pids pid
    [[ -n $1 ]] && kill -0 "$1" 2>/dev/null || return 0
    pids=$(family "$1")
    kill -TERM -- "-$1" 2>/dev/null || true
    for _ in {1..50}; do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
}

stop() {
    trap '' INT TERM HUP
    for job in "$step" "$watcher" "$services"; do stop_job "$job"; done
    wait 2>/dev/null || true
    rm -f "$data/pid"
}
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

# --- Settings ----------------------------------------------------------------------------------------------------------

random_hex() { od -An -vtx1 -N "$1" /dev/urandom | tr -d ' \n'; }
# keep FILE BYTES : makes a random value once and keeps it where only its owner reads it.
keep() { [[ -s $data/$1 ]] || (umask 077 && random_hex "$2" >"$data/$1.new" && mv "$data/$1.new" "$data/$1"); }

if [[ -z ${APP_SECRET-} ]]; then
    keep app-secret 32
    APP_SECRET=$(<"$data/app-secret")
fi
export APP_SECRET
export TABLE_NAME=${TABLE_NAME:-usher}
export MAIL_FROM=${MAIL_FROM:-Usher <no-reply@example.com>}
export FRONTEND_URL=${FRONTEND_URL:-http://localhost:3000}
export PUBLIC_URL=${PUBLIC_URL:-http://localhost:$API_PORT}
export CORS_ORIGINS=${CORS_ORIGINS-http://localhost:3000,http://localhost:5173}

# The local parts, and nobody's real account. A proxy is for what is not on this machine.
dynamodb=http://127.0.0.1:$DYNAMODB_PORT
mailbox=http://127.0.0.1:$MAIL_PORT
export AWS_ENDPOINT_URL_DYNAMODB=$dynamodb AWS_ENDPOINT_URL_SESV2=$mailbox
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
unset AWS_SESSION_TOKEN AWS_PROFILE
export NO_PROXY=127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}
export no_proxy=$NO_PROXY

# The same for a `cargo lambda watch` typed by hand.
write_env() {
    local name value
    for name in "$@"; do
        value=${!name-}
        [[ -n $value ]] || continue
        if [[ $value == *\'* ]]; then printf '%s="%s"\n' "$name" "${value//\"/\\\"}"; else printf "%s='%s'\n" "$name" "$value"; fi
    done
}
(umask 077 && write_env >"$data/env" \
    TABLE_NAME APP_SECRET MAIL_FROM FRONTEND_URL PUBLIC_URL CORS_ORIGINS REGISTRATION EMAIL_VERIFICATION \
    ADMIN_REGISTRATION_KEY TOKEN_AUDIENCE ACCESS_TOKEN_TTL REFRESH_IDLE_TTL REFRESH_ABSOLUTE_TTL REFRESH_GRACE \
    PASSWORD_MIN_LENGTH AWS_ENDPOINT_URL_DYNAMODB AWS_ENDPOINT_URL_SESV2 AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY \
    AWS_REGION AWS_EC2_METADATA_DISABLED NO_PROXY no_proxy)

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

# Kept under another name until everything answers.
password=$data/admin-password.next
[[ ! -s $data/admin-password ]] || mv "$data/admin-password" "$password"
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
    # A change to these starts no function anew; the ones of .gitignore do not either.
    printf '%s\n' /.git/ "${data#"$root"}/" "${CARGO_TARGET_DIR:+${CARGO_TARGET_DIR#"$root"}/}" >"$data/ignore"
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
