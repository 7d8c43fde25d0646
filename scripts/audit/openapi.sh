#!/usr/bin/env bash
# Spectral, with its own rules and OWASP's (.spectral.yaml), on functions/docs/openapi.json.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
spectral=$(scripts/tools.sh spectral)
"$spectral" lint functions/docs/openapi.json --ruleset .spectral.yaml --fail-severity hint
