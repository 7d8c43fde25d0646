#!/usr/bin/env bash
# Builds the release binaries and measures them.
#
#   scripts/bench.sh table [ARGUMENTS]   every operation beside its floor: docs/performance.md, bench/results/table.json
#   scripts/bench.sh compare REVISION    this tree beside another revision, in turn
#   scripts/bench.sh build               builds and measures nothing
#   scripts/bench.sh COMMAND             any other command of the bench, such as scale, load, backlog
#
# The engine is the embedded one, or the one at AWS_ENDPOINT_URL_DYNAMODB.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -gt 0 && ($1 != compare || $# -gt 1) ]] || { sed -n '4,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
functions=" auth users admin posts docs mailer worker authorizer "
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")

# release DIRECTORY TARGET [PACKAGE...] : the functions' release binaries of the tree in a directory.
release() {
    local packages=()
    for name in $functions "${@:3}"; do packages+=(--package "$name"); done
    (cd "$1" && CARGO_TARGET_DIR=$2 cargo build --release --locked "${packages[@]}")
}

# The bench itself is built as the tests are, with all features of the workspace, so that nothing is built twice.
cargo build --locked --workspace --bin bench
release . "$target" usher
# By themselves: what they ask of the crates that they share with the functions must not change those.
cargo build --release --locked --package floors
bench=("$target/debug/bench" --binaries "$target/release")

if [[ $1 == compare ]]; then
    revision=$(git rev-parse --verify --quiet "${2:?bench: say with which revision}^{commit}") \
        || { echo "bench: there is no revision $2" >&2; exit 2; }
    tree=$target/bench-base
    git worktree remove --force "$tree" 2>/dev/null || true
    git worktree add --force --detach "$tree" "$revision" >/dev/null
    trap 'git worktree remove --force "$tree"' EXIT
    release "$tree" "$target/bench-base-target"
    "${bench[@]}" compare --base "$target/bench-base-target/release"
elif [[ $1 != build ]]; then
    "${bench[@]}" "$@"
fi
