# shellcheck shell=bash disable=SC2154 # dev.sh sets data
# For scripts/dev.sh: its processes, each in a group of its own, so that Ctrl-C reaches the script alone and it stops them
# in order.

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
    rmdir "$data" 2>/dev/null || true # empty when nothing was started
}
