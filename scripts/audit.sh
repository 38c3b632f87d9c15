#!/usr/bin/env bash
# Compare lock files with the published vulnerabilities: audit.sh PIP-AUDIT LOCK...
# Exits with 1 for a vulnerability, with 3 if the service that knows them cannot be asked.
set -uo pipefail
program=$1
shift
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
result=0
for lock in "$@"; do
    echo "$lock:" >&2
    "$program" --strict --progress-spinner off --disable-pip --require-hashes --requirement "$lock" 2>"$messages"
    code=$?
    grep -v '^WARNING' "$messages" >&2
    if [ $code -ne 0 ] && grep -qiE 'connection|timed? ?out|resolve|proxy|ssl|http error|status code|service|not found' "$messages"; then
        echo "The service that publishes vulnerabilities cannot be asked: nothing is known about $lock. Try again with network." >&2
        exit 3
    fi
    [ $code -eq 0 ] || result=1
done
exit $result
