"""Short simulations, and a check that they report a broken invariant."""

from __future__ import annotations

from collections import Counter

import pytest
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.schemes import Scheme
from pysubtensor.runtime.crypto.signatures import verify_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance

from tests.simulation import contracts
from tests.simulation.players import MOVES, Players
from tests.simulation.repeatable import RepeatableKeypair
from tests.simulation.simulate import Broken, simulate
from tests.simulation.subnets import chain_of_subnets, live, play_block

#: Moves that need many blocks: what they are about comes seldom.
RARE = {"terminate_lease", "decide_dispute", "clear_coldkey_swap_announcement", "dissolve_network"}


# Together 2,000 blocks: four times 250 of random calls, and five times 200 of plausible ones.


@pytest.mark.parametrize("seed", range(4))
def test_invariants_hold_under_random_calls(seed: int) -> None:
    counts = simulate(seed, blocks=250)
    assert counts["ExtrinsicSuccess"] > 250, "each block has its inherents"
    assert counts["ExtrinsicFailed"] > 0, "random calls fail"


def test_invariants_hold_while_keys_stake_lock_claim_swap_and_trade() -> None:
    counts: Counter[str] = Counter()
    for seed in range(3):
        counts += live(seed, blocks=200)
    missing = MOVES.keys() - counts.keys()
    assert missing <= RARE, "each move succeeds now and then"
    assert counts["block with an epoch"] > 150


@pytest.mark.parametrize("seed", range(3, 5))
def test_no_alpha_appears_in_other_worlds(seed: int) -> None:
    assert live(seed, blocks=200)["block with an epoch"] > 50


def test_invariants_hold_while_contracts_stake_trade_revert_and_vanish() -> None:
    counts = contracts.live(0, blocks=60)
    kinds = {key.partition(",")[0] for key in counts if key.endswith(("done", "failed"))}
    assert kinds >= contracts.ACTIONS.keys() | {"EVM.call", "EVM.create", "EVM.withdraw"}
    for kind in ("deploy_anything", "stake", "through_a_contract", "transfer_by_precompile", "EVM.create"):
        assert counts[f"{kind}, done"] > 0, kind
    assert counts["revert, failed"] + counts["use_up_gas, failed"] > 0


def test_a_seed_determines_every_block() -> None:
    assert simulate(11, blocks=10) == simulate(11, blocks=10)
    assert contracts.live(11, blocks=6) == contracts.live(11, blocks=6)
    heads = []
    for _ in range(2):
        with chain_of_subnets() as chain:
            players = Players(chain, 11)
            for _ in range(30):
                play_block(players, Counter())
            heads.append(chain.head)
    assert heads[0] == heads[1]


def test_repeatable_signatures_are_valid() -> None:
    """For every length of a message there is another place where its transcript's last block ends."""
    key = RepeatableKeypair("//Alice")
    assert key == Keypair.from_uri("//Alice")
    for length in range(170):
        assert verify_account(Scheme.SR25519, key.sign(bytes(length)), bytes(length), key.account)
    assert key.sign(b"text") == RepeatableKeypair("//Alice").sign(b"text")


def test_a_broken_invariant_is_reported() -> None:
    def lose_a_rao(ctx: Context) -> None:
        assert TotalIssuance.get(ctx) % 2 == 7, "a rao is missing"

    with pytest.raises(Broken, match="seed 3, block 1: a rao is missing"):
        simulate(3, blocks=5, check=lose_a_rao)
