#!/bin/sh
# Run all studies of the lab, write their reports to build/lab and their pages to docs/lab, and compare the scenarios of
# `yuma sim` and the published guarantees with the chain. About ten minutes on two cores.
set -e
bin=$1
shift
for study in ${STUDY:-$("$bin/python" -c 'from pysubtensor.lab.reading import studies; print(*studies())')}; do
    "$bin/pysubtensor" lab report "$study" --out "build/lab/$study" "$@"
    cp "build/lab/$study/page.md" "docs/lab/$study.md"
done
[ -n "$STUDY" ] || "$bin/python" -m pysubtensor.lab.retention
[ -n "$STUDY" ] || "$bin/python" -m pysubtensor.lab.matrix
