#!/usr/bin/env bash
# The whole suite on Amazon's DynamoDB Local. Arguments go to the test runner: scripts/test.sh -E 'test(refresh)'
#
# A bare `cargo test` runs the same tests on the embedded engine and needs nothing installed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

if command -v cargo-nextest >/dev/null; then
    runner=(cargo nextest run --workspace)
    # It would wait for keys, which are not its own under dynamodb-local.sh.
    export NEXTEST_NO_INPUT_HANDLER=1
else
    runner=(cargo test --workspace)
fi

# Before the engine starts, so that a compiler's message is the last thing on the screen when there is one.
"${runner[@]}" --no-run
SECONDS=0
status=0
scripts/dynamodb-local.sh "${runner[@]}" "$@" || status=$?

if [[ $status -eq 0 ]]; then verdict=passed; else verdict="FAILED with status $status"; fi
echo "make test: $verdict on DynamoDB Local after $SECONDS s"
exit "$status"
