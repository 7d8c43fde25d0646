#!/usr/bin/env bash
# Compiles the functions for Lambda into .aws-sam/build, where `sam deploy` looks. Arguments go to `sam build`.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/tools.sh cargo-lambda sam >/dev/null
export PATH=$PWD/.tools/bin:$PATH SAM_CLI_TELEMETRY=0

# cargo-lambda fetches the standard library of the other architecture itself, by rustup.
sam build "$@"
