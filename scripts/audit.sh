#!/usr/bin/env bash
# What other people's tools say of Usher. Each has its own configuration, in which whatever is left out has its reason.
#
#   scripts/audit.sh            all of it (`make audit`)
#   scripts/audit.sh STEP...    crates: cargo-deny; template: checkov, cfn-lint; openapi: Spectral with OWASP's rules;
#                               api: schemathesis, against a local run
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -gt 0 ]] || set -- crates template openapi api
for step in "$@"; do
    [[ -x scripts/audit/$step.sh ]] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
    echo "audit: $step"
    "scripts/audit/$step.sh" || { echo "audit: FAILED: $step" >&2; exit 1; }
done
echo "audit: nothing to say, after $SECONDS s"
