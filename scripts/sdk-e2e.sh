#!/bin/sh
# Runs the end-to-end tests of the SDK, as its repository has them, against localnets of ours: each test starts one on
# port 9944. Usage: sdk-e2e.sh PATH [pytest arguments], PATH being a checkout of opentensor/bittensor, line 10.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sdk=$(cd "${1:?expected the path of a checkout of opentensor/bittensor}" && pwd)
shift
env=$here/.cache/sdk-e2e
# The SDK is installed as it stands there; its tests' own tools at the versions that it names, without the others.
if [ ! -f "$env/complete" ] || [ "$(cat "$env/complete")" != "$sdk" ]; then
    echo "preparing an environment with $sdk ..." >&2
    "$here/.venv/bin/python" -m venv --clear "$env"
    # Line 10 works with scalecodec, which 2 of async-substrate-interface has left.
    "$env/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$sdk" \
        'async-substrate-interface<2' pytest==8.3.5 pytest-asyncio==0.26.0 pytest-timeout==2.4.0
    echo "$sdk" > "$env/complete"
fi
cd "$sdk"
# A test that waits for what never comes ends after a while; none may hold up the others.
USE_DOCKER=0 LOCALNET_SH_PATH=${LOCALNET_SH_PATH:-$here/scripts/localnet.sh} \
    exec "$env/bin/python" -m pytest tests/e2e_tests --timeout="${TIMEOUT:-180}" -p no:cacheprovider "$@"
