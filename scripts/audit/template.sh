#!/usr/bin/env bash
# checkov (.checkov.yaml) and cfn-lint (.cfnlintrc) on template.yaml.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
checkov=$(scripts/tools.sh checkov)
lint=$(scripts/tools.sh cfn-lint)
"$checkov" --config-file .checkov.yaml
"$lint" --non-zero-exit-code informational -- template.yaml
