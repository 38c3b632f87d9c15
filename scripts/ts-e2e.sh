#!/bin/sh
# Runs the suite "dev" of the real chain's own tests (moonwall), unmodified, with scripts/node-subtensor as the binary.
# Usage: ts-e2e.sh PATH [moonwall arguments], where PATH is a checkout of opentensor/subtensor. Needs Node.js and npm.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
source=$(cd "${1:?expected the path of a checkout of opentensor/subtensor}/ts-tests" && pwd)
shift
env=$here/.cache/ts-tests
# The configuration names the binary ../target/release/node-subtensor, so the tests are copied beside such a path.
mkdir -p "$env/target/release" "$env/ts-tests"
ln -sf "$here/scripts/node-subtensor" "$env/target/release/node-subtensor"
for part in configs ink scripts suites utils moonwall.config.json tsconfig.json; do
    rm -rf "$env/ts-tests/$part"
    cp -R "$source/$part" "$env/ts-tests/$part"
done
if [ ! -f "$env/complete" ] || [ "$(cat "$env/complete")" != "$source" ]; then
    echo "preparing an environment with $source ..." >&2
    cp "$source"/package.json "$source"/pnpm-*.yaml "$env/ts-tests/"
    (cd "$env/ts-tests" && npx --yes pnpm@10.32.1 install --frozen-lockfile --ignore-scripts)
    echo "$source" > "$env/complete"
fi
cd "$env/ts-tests"
PATH=$PWD/node_modules/.bin:$PATH exec moonwall test dev "$@"
