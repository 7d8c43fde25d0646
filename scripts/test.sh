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
if [[ ${runner[1]} == nextest ]]; then
    # In parts, each on a fresh engine: it slows down with each table that it has had, eleven times over the whole suite.
    parts=4
    for ((part = 1; part <= parts; part++)); do
        scripts/dynamodb-local.sh "${runner[@]}" --profile dynamodb-local --partition "hash:$part/$parts" --no-tests pass \
            "$@" || status=$?
    done
    # See .config/nextest.toml.
    [[ $# -gt 0 && $1 == -E ]] || "${runner[@]}" --no-tests pass -E 'binary(test_faults) or test(each_role_allows_what_its_function_does)' "$@" || status=$?
else
    scripts/dynamodb-local.sh "${runner[@]}" "$@" || status=$?
fi

if [[ $status -eq 0 ]]; then verdict=passed; else verdict="FAILED with status $status"; fi
echo "make test: $verdict on DynamoDB Local after $SECONDS s"
exit "$status"
