#!/usr/bin/env bash
# The release binary of `auth` in Amazon's own Runtime Interface Emulator, on DynamoDB Local: the sample events, and
# some that are malformed in ways that end other Lambda functions.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONPATH=scripts/smoke PYTHONDONTWRITEBYTECODE=1

cargo build --release --locked --package auth --package usher
emulator=$(scripts/tools.sh aws-lambda-rie)
SECONDS=0
scripts/dynamodb-local.sh python3 scripts/smoke/rie.py "$emulator" "${CARGO_TARGET_DIR:-target}/release"
echo "smoke: the release binary works in Lambda's emulator; the tour took $SECONDS s"
