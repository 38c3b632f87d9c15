#!/bin/sh
# Runs the end-to-end tests in the SDK's repository, unmodified, against pysubtensor's localnet: each test starts one on
# port 9944. Usage: sdk-e2e.sh PATH [pytest arguments], where PATH is a checkout of opentensor/bittensor, version 10.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sdk=$(cd "${1:?expected the path of a checkout of opentensor/bittensor}" && pwd)
shift
env=$here/.cache/sdk-e2e
# Installs the SDK from that checkout, and of its test tools only the needed ones, at the versions that it requires.
if [ ! -f "$env/complete" ] || [ "$(cat "$env/complete")" != "$sdk" ]; then
    echo "preparing an environment with $sdk ..." >&2
    "$here/.venv/bin/python" -m venv --clear "$env"
    # Version 10 needs scalecodec, which async-substrate-interface 2 no longer uses.
    "$env/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$sdk" \
        'async-substrate-interface<2' pytest==8.3.5 pytest-asyncio==0.26.0 pytest-timeout==2.4.0
    echo "$sdk" > "$env/complete"
fi
cd "$sdk"
# A test that waits in vain fails after the timeout, so that the others can run.
USE_DOCKER=0 LOCALNET_SH_PATH=${LOCALNET_SH_PATH:-$here/scripts/localnet.sh} \
    exec "$env/bin/python" -m pytest tests/e2e_tests --timeout="${TIMEOUT:-180}" -p no:cacheprovider "$@"
