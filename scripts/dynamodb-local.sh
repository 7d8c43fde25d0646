#!/usr/bin/env bash
# Runs a command next to a fresh DynamoDB Local, and ends with the command's status.
#
#   scripts/dynamodb-local.sh cargo test --workspace
#
# The engine is Amazon's own, on a free port, with nothing on disk. The command finds it as any AWS SDK does, by
# AWS_ENDPOINT_URL_DYNAMODB; DYNAMODB_PORT asks for a certain port, DYNAMODB_HEAP for another heap than 1g.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -gt 0 ]] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command -v java >/dev/null || { echo "dynamodb-local: Java 17 is needed and there is no 'java' on the PATH" >&2; exit 1; }

jar=$("$root/scripts/tools.sh" dynamodb-local)
port=$(python3 - "${DYNAMODB_PORT:-0}" 2>/dev/null <<'PYTHON'
import socket, sys
listener = socket.socket()
listener.bind(("127.0.0.1", int(sys.argv[1])))
print(listener.getsockname()[1])
PYTHON
) || { echo "dynamodb-local: port ${DYNAMODB_PORT:-} cannot be had" >&2; exit 1; }
log=$(mktemp)

# Each in a process group of its own: Ctrl-C then reaches this script alone, which stops the command first and the
# engine after it.
set -m
# -sharedDb: one set of tables, whatever region and key a test signs with. The heap is bounded, or Java takes a quarter
# of the machine.
java "-Xmx${DYNAMODB_HEAP:-1g}" -XX:+UseSerialGC -Djava.library.path="${jar%/*}/DynamoDBLocal_lib" -jar "$jar" \
    -inMemory -sharedDb -disableTelemetry -port "$port" >"$log" 2>&1 &
engine=$!
command=

stop() {
    [[ -z $command ]] || kill -TERM -- "-$command" 2>/dev/null || true
    kill -KILL "$engine" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -f "$log"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

for _ in {1..300}; do
    # It answers a bare GET with 400, which is an answer.
    curl --silent --output /dev/null "http://127.0.0.1:$port/" && break
    kill -0 "$engine" 2>/dev/null || { echo "dynamodb-local: did not start on port $port:" >&2; tail -5 "$log" >&2; exit 1; }
    sleep 0.1
done

export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$port
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1

"$@" <&0 &
command=$!
status=0
wait "$command" || status=$?
command=
exit "$status"
