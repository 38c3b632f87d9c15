"""The library of the EVM is an extra: it is loaded when code runs, and its absence is said in a sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.runtime.crypto.accounts import evm_account
from pysubtensor.runtime.frame.block_validity import InvalidBlock
from pysubtensor.runtime.frame.validity import Refused
from pysubtensor.runtime.pallets.evm.engine.library import frame_maker
from pysubtensor.runtime.pallets.evm.exits import STOPPED
from pysubtensor.runtime.pallets.evm.extra import MissingExtra, require_runnable

from pysubtensor import Chain
from tests.world import BOB_KEY

from .conftest import CONTRACT, OTHER, TRANSACTION, World, deploy, op

ENGINE = "pysubtensor.runtime.pallets.evm.engine"
#: What waits for its first use: libraries, and modules of the pallet.
LATE = ("eth", "eth_utils", "rlp", "trie", "coincurve")
LATE_MODULES = tuple(f"pysubtensor.runtime.pallets.evm.{name}" for name in ("engine", "settlement", "precompiles."))
BLOCKS_WITHOUT_CODE = f"""
import sys
from pysubtensor import Chain
with Chain.dev() as chain:
    chain.produce(2)
print([name for name in sys.modules if name in {LATE} or name.startswith({LATE_MODULES})])
"""


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in which py-evm cannot be imported."""
    for name in [name for name in sys.modules if name.startswith((f"{ENGINE}.frame", f"{ENGINE}.operations"))]:
        if name != f"{ENGINE}.frame_gas":
            monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "eth"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "eth", None)
    frame_maker.cache_clear()
    yield
    frame_maker.cache_clear()


@pytest.mark.usefixtures("without_extra")
def test_a_missing_extra_is_named_and_nothing_is_half_done(world: World) -> None:
    world.place(op(0))
    events, before = list(world.ctx.block.events), world.ctx.state.changes()
    with pytest.raises(MissingExtra, match=r'pip install "pysubtensor\[evm\]"'):
        world.call(options=TRANSACTION)
    with pytest.raises(MissingExtra):
        world.create(deploy(op(0)))
    assert world.ctx.state.changes() == before
    assert not world.ctx.block.running
    assert issubclass(MissingExtra, InvalidBlock)  # an imported block that needs it is refused
    del world.ctx.block.events[len(events) :]


@pytest.mark.usefixtures("without_extra")
def test_the_pool_refuses_what_cannot_run(world: World) -> None:
    world.place(op(0))
    for target, data in ((CONTRACT, b""), (None, deploy(op(0)))):
        with pytest.raises(Refused, match=r'pip install "pysubtensor\[evm\]"'):
            require_runnable(world.ctx, target, data)
    require_runnable(world.ctx, OTHER, b"data")


@pytest.mark.usefixtures("without_extra")
def test_a_call_of_a_contract_by_a_signer_is_refused_with_the_name_of_the_extra() -> None:
    source = BOB_KEY.account[:20]
    fields = {"value": 0, "gas_limit": 100_000, "max_fee_per_gas": 10**11, "access_list": [], "authorization_list": []}
    with Chain.dev() as chain:
        chain.set_balance(evm_account(source), "1tao")
        chain.set_storage("EVM.AccountCodes", CONTRACT, value=op(0))
        with pytest.raises(Rejected, match=r'^The EVM is not installed: .* pip install "pysubtensor\[evm\]"$'):
            chain.execute("EVM.call", "//Bob", source=source, target=CONTRACT, input=b"", **fields)
        assert chain.nonce("//Bob") == 0
        assert chain.produce_block().number == 2, "the chain goes on"


def test_with_the_extra_the_pool_takes_contracts(world: World) -> None:
    require_runnable(world.ctx, world.place(op(0)), b"")
    require_runnable(world.ctx, None, deploy(op(0)))


@pytest.mark.usefixtures("without_extra")
def test_transfers_and_precompiles_need_no_extra(world: World) -> None:
    assert world.call(OTHER, value=10**18, options=TRANSACTION).exit_reason == STOPPED
    answer = world.call((4).to_bytes(20, "big"), b"echo")
    assert answer.value == b"echo"


def test_blocks_without_contracts_load_neither_libraries_nor_the_engine() -> None:
    answer = subprocess.run([sys.executable, "-c", BLOCKS_WITHOUT_CODE], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
