#!/usr/bin/env bash
# cargo-deny on what is built in: licences, bans, sources; and RustSec's advisories, where the database is at hand. There is
# none to download: ADVISORY_DB names it, a tarball of RustSec's repository; else ../shared/advisory-db.tgz is taken.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
deny=$(scripts/tools.sh cargo-deny)
tarball=${ADVISORY_DB:-../shared/advisory-db.tgz}
checks=(licenses bans sources)

if [[ -f $tarball ]]; then
    # The name that cargo-deny gives to RustSec's own; it reads a git repository, with the day of its last commit.
    database=.tools/advisories/advisory-db-3157b0e258782691
    rm -rf "$database"
    mkdir -p "$database"
    tar -xzf "$tarball" -C "$database" --strip-components=1
    git -C "$database" init --quiet
    git -C "$database" add --all
    git -C "$database" -c user.name=audit -c user.email=audit@localhost -c commit.gpgsign=false commit --quiet --message "as unpacked"
    newest=$(find "$database/crates" -name '*.md' -exec sed -n 's/^date = "\(.*\)"/\1/p' {} + | sort | tail -1)
    echo "audit: $(find "$database/crates" -name '*.md' | wc -l) advisories, the newest of $newest"
    checks+=(advisories)
else
    echo "audit: ADVISORIES SKIPPED: there is no $tarball"
fi
# All of them, those for other platforms, too: cargo-deny reads them offline.
cargo fetch --locked --quiet
"$deny" --offline --log-level error check --hide-inclusion-graph "${checks[@]}"
