"""Some of the random programs, with the answers that EELS and pyrevm gave (`make evm-random` asks them for others)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import vectors

from .judge import Difference, judge
from .ours import Chain
from .program import program_of
from .rules import RULES

#: The programs that differ from Ethereum by each rule. Without the rule they do not.
NAMED = {
    "gas costs the base fee, whatever is offered": 20,
    "an account holds the existential deposit back, and needs it": 7,
    "data has no least price": 7,
    "balances are whole rao": 7,
    "a value from an account to itself need not be there": 2,
    "modexp: numbers of at most 1,024 bytes; even moduli cost 20 times": 2,
    "BLOBHASH and BLOBBASEFEE do not exist": 2,
    "following a delegation costs no gas": 1,
    "6 dispatches calls, 9 adds points": 1,
    "the author is cold in creations": 1,
}


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


def test_programs_do_what_ethereum_does_but_for_named_rules(chain: Chain) -> None:
    named: Counter[str] = Counter()
    for entry in vectors.load("ethereum/programs"):
        named.update(judge(chain, entry["program"], entry["eels"], entry["pyrevm"]))
    assert named == NAMED


def test_a_program_follows_from_seed_and_number() -> None:
    first = vectors.load("ethereum/programs")[3]["program"]
    assert program_of(425, 3) == first


def test_another_result_is_a_difference(chain: Chain) -> None:
    """Neither a wrong answer of the chain nor one of an oracle passes."""
    entry = next(item for item in vectors.load("ethereum/programs") if item["pyrevm"] is not None)
    for changed in ("eels", "pyrevm"):
        answers = {key: entry[key] for key in ("eels", "pyrevm")}
        answers[changed] = {**answers[changed], "gas": answers[changed]["gas"] + 1}
        with pytest.raises(Difference, match="gas"):
            judge(chain, entry["program"], **answers)


def test_a_rule_that_is_left_on_is_noticed(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switches matter: without the one of fees, programs with a tip have no name."""
    monkeypatch.setattr("tests.random_programs.judge.RULES", [rule for rule in RULES if "base fee" not in rule.name])

    def judge_all() -> None:
        for entry in vectors.load("ethereum/programs"):
            judge(chain, entry["program"], entry["eels"], entry["pyrevm"])

    with pytest.raises(Difference, match="the chain and EELS differ"):
        judge_all()
