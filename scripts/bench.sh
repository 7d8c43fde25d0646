#!/usr/bin/env bash
# Builds the release binaries and runs a part of the bench with them.
#
#   scripts/bench.sh scale --users 1000,100000
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $# -gt 0 ]] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
cd "$root"
cargo build --release --locked --package auth --package users --package admin --package mailer --package worker
cargo build --release --locked --package bench
target=${CARGO_TARGET_DIR:-target}/release
exec "$target/bench" --binaries "$target" "$@"
