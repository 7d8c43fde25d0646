# shellcheck shell=bash disable=SC2034 # who reads this uses what it sets
# For scripts that need a local run beside them, from the project's root: on free ports, with data of its own, with
# nothing of a developer's settings. It ends with the script.

work=$(mktemp -d)
run='' log='' # the run's process group and what it says, while it runs
read -r API_PORT MAIL_PORT DYNAMODB_PORT < <(PYTHONPATH=scripts/smoke PYTHONDONTWRITEBYTECODE=1 python3 -c \
    'from http_calls import free_ports; print(*free_ports(3))')
export API_PORT MAIL_PORT DYNAMODB_PORT USHER_DATA_DIR=$work/data
# Every setting that there is, so that the run is the same everywhere.
while read -r name; do unset "$name"; done < <(sed -n 's/.*Self::[A-Za-z]* => "\([A-Z_]*\)",/\1/p' shared/src/config/setting.rs)

stop_run() {
    [[ -n $run ]] || return 0
    kill "-${1:-TERM}" -- "-$run" 2>/dev/null || true
    wait "$run" || true
    run=
}

end_run() {
    local status=$?
    stop_run
    [[ $status -eq 0 || -z $log ]] || { echo "the local run's own words:"; tail -60 "$log"; } >&2
    rm -rf "$work"
}
trap end_run EXIT
trap 'exit 130' INT TERM HUP

# start_run NAME : waits until everything answers. What the run says is in $work/NAME.log.
start_run() {
    log=$work/$1.log
    set -m # its own process group, as a terminal gives it, and SIGINT not ignored
    scripts/dev.sh >"$log" 2>&1 </dev/null &
    run=$!
    set +m
    # The file is written last, when everything answers. The first time there is a workspace to compile.
    until grep -qs 'is ready' "$log" && [[ -s $USHER_DATA_DIR/admin-password ]]; do
        kill -0 "$run" 2>/dev/null || { echo "the local run ended" >&2; exit 1; }
        [[ $SECONDS -lt 1200 ]] || { echo "the local run does not get ready" >&2; exit 1; }
        sleep 0.2
    done
}
