#!/usr/bin/env bash
# Makes functions/docs/assets anew from the npm package swagger-ui-dist (Apache-2.0), compressed once here
# rather than at each request. Run it to update Swagger UI; its output is committed.
set -euo pipefail

version=5.35.0
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent "swagger-ui-dist@$version" >/dev/null && tar xzf ./*.tgz)
mkdir -p functions/docs/assets
for file in swagger-ui.css swagger-ui-bundle.js; do
    # The source maps are not served.
    sed '/^\/[/*]# sourceMappingURL=/d' "$work/package/$file" | gzip -9n >"functions/docs/assets/$file.gz"
done
cp "$work/package/LICENSE" functions/docs/assets/LICENSE
cp "$work/package/NOTICE" functions/docs/assets/NOTICE
cp "$work/package/favicon-32x32.png" functions/docs/assets/favicon.png
