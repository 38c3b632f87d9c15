"""A short run of every fuzzer, and the corpus that fuzzing with coverage has found."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.seeded import FUZZERS
from tests.fuzz.targets import CORPUS, TARGETS, corpus, seeds

#: The most bytes of the whole corpus.
CORPUS_LIMIT = 512 * 1024


@pytest.mark.parametrize("name", FUZZERS)
def test_a_short_run_finds_no_failure(name: str) -> None:
    FUZZERS[name](Random(425), 60)


@pytest.mark.lawless("root sets storage to anything; the targets check the blocks without calls of root")
@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_finds_no_failure(name: str) -> None:
    assert len(corpus(name)) > 50
    with TARGETS[name]() as run:
        for data in [*corpus(name), *seeds(name)]:
            try:
                run(data)
            except Exception as error:
                raise AssertionError(f"{data.hex()}: {error!r}") from error


def test_the_corpus_is_small() -> None:
    assert sum(file.stat().st_size for file in CORPUS.rglob("*") if file.is_file()) < CORPUS_LIMIT
