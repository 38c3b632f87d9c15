"""Rights of one account: its neighbours in the order of bytes, one on each side, do not have them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.validation import validate_transaction
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.validity import BadSigner, Refused
from pysubtensor.runtime.frame.weight import ZERO
from pysubtensor.runtime.pallets import multisig, preimage, sudo
from pysubtensor.runtime.pallets.multisig import Timepoint, approve_as_multi, cancel_as_multi, poke_deposit
from pysubtensor.runtime.pallets.preimage import note_preimage, unnote_preimage
from pysubtensor.runtime.pallets.proxy import declared as proxy
from pysubtensor.runtime.pallets.proxy.calls import create_pure, kill_pure
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.system import remark

from tests.world import ALICE, ALICE_KEY, GENESIS_HASH, Blocks, Dispatch, RefusedCall, neighbours

SIGNATORIES = [*neighbours(ALICE), ALICE]
BOTH = pytest.mark.parametrize("who", neighbours(ALICE), ids=["below", "above"])
HASH = blake2_256(b"call")
#: Block 1, extrinsic 1: the position of the tests.
NOW = Timepoint(1, 1)


def others(who: bytes) -> list[bytes]:
    return sorted(each for each in SIGNATORIES if each != who)


@BOTH
def test_the_sudo_key_is_one_account(who: bytes, refused: RefusedCall, dispatch: Dispatch) -> None:
    refused(who, sudo.sudo.call(remark.call(b"")), sudo.Error.RequireSudo)
    dispatch(ALICE, sudo.sudo.call(remark.call(b"")))


@BOTH
def test_a_transaction_of_sudo_is_signed_by_the_sudo_key(who: bytes, blocks: Blocks) -> None:
    ctx = blocks.begin()
    raw = Signer(GENESIS_HASH).sign(sudo.sudo.call(remark.call(b"")), ALICE_KEY, nonce=0)
    validate_transaction(ctx, blocks.runtime.decode(raw))
    sudo.Key.put(ctx, who)
    with pytest.raises(Refused) as refused:
        validate_transaction(ctx, blocks.runtime.decode(raw))
    assert refused.value.reason == BadSigner()


@BOTH
def test_a_multisig_operation_belongs_to_the_account_that_opened_it(
    who: bytes, dispatch: Dispatch, refused: RefusedCall
) -> None:
    dispatch(ALICE, approve_as_multi.call(2, others(ALICE), None, HASH, ZERO))
    refused(who, poke_deposit.call(2, others(who), HASH), multisig.Error.NotOwner)
    refused(who, cancel_as_multi.call(2, others(who), NOW, HASH), multisig.Error.NotOwner)
    dispatch(ALICE, poke_deposit.call(2, others(ALICE), HASH))
    dispatch(ALICE, cancel_as_multi.call(2, others(ALICE), NOW, HASH))


def test_a_pure_account_is_removed_by_itself(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, create_pure.call(ProxyType.Any, 0, 0))
    created = ctx.block.events[-1]
    assert isinstance(created, proxy.PureCreated)
    pure = created.pure
    kill = kill_pure.call(Id(ALICE), ProxyType.Any, 0, 1, 1)
    for who in neighbours(pure):
        refused(who, kill, proxy.Error.NoPermission)
    dispatch(pure, kill)


@BOTH
def test_a_preimage_belongs_to_the_account_that_noted_it(who: bytes, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, note_preimage.call(b"bytes"))
    refused(who, unnote_preimage.call(blake2_256(b"bytes")), preimage.Error.NotAuthorized)
    dispatch(ALICE, unnote_preimage.call(blake2_256(b"bytes")))
