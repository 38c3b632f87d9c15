#!/bin/sh
# Replaces subtensor's own scripts/localnet.sh for programs that start a localnet by that script: they pass True (the
# default: fast blocks) or False (12 seconds per block), and wait until it prints "Imported #1".
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
case "${1:-True}" in
    True) fast=--fast ;;
    False) fast= ;;
    *) echo "expected True or False, got $1" >&2; exit 2 ;;
esac
# The tests wait until most of their transactions are final: one block on top instead of two makes them faster.
exec "$here/.venv/bin/pysubtensor" devnet $fast --finality-lag 1
