"""System: remarks, raw storage, code upgrades, references of accounts, and the storage of a finished block."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair, blake2_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import Consensus, RuntimeEnvironmentUpdated, aura_pre_runtime
from pysubtensor.runtime.frame.errors import BadOrigin, ConsumerRemaining, DispatchFailed, NoProviders, TooManyConsumers
from pysubtensor.runtime.frame.events import Initialization
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.runtime_types import EventRecord
from pysubtensor.runtime.frame.validity import Future, Payment, Refused, Stale
from pysubtensor.runtime.frame.weight import Pays, PostInfo, Weight
from pysubtensor.runtime.pallets import sudo, system, utility
from pysubtensor.runtime.pallets.balances.declared import Issued
from pysubtensor.runtime.pallets.system import (
    Account,
    AccountInfo,
    AuthorizedUpgrade,
    BlockHash,
    CodeUpdated,
    CodeUpgradeAuthorization,
    DecRefStatus,
    Error,
    KilledAccount,
    NewAccount,
    RejectedInvalidAuthorizedUpgrade,
    Remarked,
    UpgradeAuthorized,
    Version,
    apply_authorized_upgrade,
    authorize_upgrade,
    authorize_upgrade_without_checks,
    block_hash,
    dec_consumers,
    dec_providers,
    inc_consumers,
    inc_consumers_without_limit,
    inc_providers,
    kill_prefix,
    kill_storage,
    remark,
    remark_with_event,
    set_code,
    set_code_without_checks,
    set_heap_pages,
    set_storage,
)
from pysubtensor.runtime.version import BLOCK_WEIGHTS

from tests.costs import GUARD
from tests.world import ALICE, ALICE_KEY, GENESIS_HASH, UNFUNDED_KEY, Blocks, Dispatch, Events, RefusedCall, account

NEW = Keypair.from_uri("//New").account
CODE, CODE_HASH = b"code", blake2_256(b"code")


def test_the_version_is_that_of_spec_425(ctx: Context) -> None:
    version = Version.get(ctx)
    assert (version.spec_name, version.impl_name) == ("node-subtensor", "node-subtensor")
    assert (version.authoring_version, version.spec_version, version.impl_version) == (1, 425, 1)
    assert (version.transaction_version, version.system_version) == (1, 1)


# --- calls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [ROOT_ORIGIN, NONE, signed(ALICE)])
def test_remarks_are_open_to_all_and_change_nothing(
    ctx: Context, dispatch: Dispatch, events: Events, origin: Any
) -> None:
    before = ctx.state.changes()
    dispatch(origin, remark.call(b"hello"))
    assert ctx.state.changes() == before
    assert events() == []


def test_a_remark_with_event_deposits_its_hash(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, remark_with_event.call(b"hello"))
    assert events() == [Remarked(ALICE, blake2_256(b"hello"))]


def test_root_writes_and_kills_raw_storage(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, set_storage.call([(b"a1", b"1"), (b"a2", b"2"), (b"a3", b"3"), (b"b", b"")]))
    assert ctx.state.get(b"b") == b""
    dispatch(ROOT_ORIGIN, kill_storage.call([b"b", b"absent"]))
    dispatch(ROOT_ORIGIN, kill_prefix.call(b"a", 2))
    assert [ctx.state.get(key) for key in (b"a1", b"a2", b"a3", b"b")] == [None, None, b"3", None]


def test_heap_pages_are_announced_in_the_digest(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, set_heap_pages.call(64))
    assert ctx.state.get(b":heappages") == (64).to_bytes(8, "little")
    assert ctx.block.digest == [RuntimeEnvironmentUpdated()]


def test_a_failed_call_adds_nothing_to_the_digest(ctx: Context, dispatch: Dispatch) -> None:
    batch = utility.batch_all.call([set_heap_pages.call(64), remark_with_event.call(b"")])
    dispatch(ALICE, sudo.sudo.call(batch))
    assert ctx.block.digest == []
    assert ctx.state.get(b":heappages") is None


def test_code_is_stored_without_checks_and_fills_the_block(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    post = dispatch(ROOT_ORIGIN, set_code_without_checks.call(CODE))
    assert post == PostInfo(BLOCK_WEIGHTS.max_block)
    assert events() == [CodeUpdated()]
    assert ctx.state.get(b":code") == CODE
    assert ctx.block.digest == [RuntimeEnvironmentUpdated()]


def test_any_account_applies_an_authorized_upgrade_for_free(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, authorize_upgrade_without_checks.call(CODE_HASH))
    assert AuthorizedUpgrade.get(ctx) == CodeUpgradeAuthorization(CODE_HASH, False)
    post = dispatch(NONE, apply_authorized_upgrade.call(CODE))
    assert post == PostInfo(BLOCK_WEIGHTS.max_block, Pays.No)
    assert events() == [UpgradeAuthorized(CODE_HASH, False), CodeUpdated()]
    assert not AuthorizedUpgrade.exists(ctx)


def test_a_checked_upgrade_without_a_version_is_rejected(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, authorize_upgrade.call(CODE_HASH))
    assert dispatch(NONE, apply_authorized_upgrade.call(CODE)) == PostInfo(None, Pays.No)
    reason = Error.FailedToExtractRuntimeVersion.as_dispatch_error()
    assert events() == [UpgradeAuthorized(CODE_HASH, True), RejectedInvalidAuthorizedUpgrade(CODE_HASH, reason)]
    assert not AuthorizedUpgrade.exists(ctx)
    assert ctx.state.get(b":code") is None


BY_ROOT = [
    set_heap_pages.call(1),
    set_code.call(CODE),
    set_code_without_checks.call(CODE),
    set_storage.call([]),
    kill_storage.call([]),
    kill_prefix.call(b"", 1),
    authorize_upgrade.call(CODE_HASH),
    authorize_upgrade_without_checks.call(CODE_HASH),
]


@pytest.mark.parametrize("call", BY_ROOT, ids=str)
def test_only_root_changes_the_system(refused: RefusedCall, call: Call) -> None:
    refused(ALICE, call, BadOrigin())
    refused(NONE, call, BadOrigin())


def test_misuse_is_refused(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, set_code.call(CODE), Error.FailedToExtractRuntimeVersion)
    refused(ROOT_ORIGIN, remark_with_event.call(b""), BadOrigin())
    refused(NONE, apply_authorized_upgrade.call(CODE), Error.NothingAuthorized)
    dispatch(ROOT_ORIGIN, authorize_upgrade.call(CODE_HASH))
    others = (b"other", b"elsewhere")
    assert min(map(blake2_256, others)) < CODE_HASH < max(map(blake2_256, others))
    for other in others:
        refused(NONE, apply_authorized_upgrade.call(other), Error.Unauthorized)


# --- references ----------------------------------------------------------------------------------------------


def fails(error: Any, action: Any) -> None:
    with pytest.raises(DispatchFailed) as failure:
        action()
    assert failure.value.error == error


def test_the_first_provider_creates_an_account_and_the_last_reaps_it(ctx: Context, events: Events) -> None:
    inc_providers(ctx, NEW)
    inc_providers(ctx, NEW)
    assert dec_providers(ctx, NEW) is DecRefStatus.Exists
    assert dec_providers(ctx, NEW) is DecRefStatus.Reaped
    assert events() == [NewAccount(NEW), KilledAccount(NEW)]
    assert not Account.contains(ctx, NEW)
    assert dec_providers(ctx, NEW) is DecRefStatus.Reaped


def test_consumers_need_a_provider_and_keep_the_last_one(ctx: Context) -> None:
    fails(NoProviders(), lambda: inc_consumers(ctx, NEW))
    fails(NoProviders(), lambda: inc_consumers_without_limit(ctx, NEW))
    inc_providers(ctx, NEW)
    inc_consumers(ctx, NEW)
    fails(ConsumerRemaining(), lambda: dec_providers(ctx, NEW))
    inc_providers(ctx, NEW)
    dec_consumers(ctx, NEW)
    dec_consumers(ctx, NEW)
    assert Account.get(ctx, NEW) == AccountInfo(providers=2)


def test_references_are_counted_one_by_one(ctx: Context) -> None:
    inc_providers(ctx, NEW)
    inc_providers(ctx, NEW)
    inc_providers(ctx, NEW)
    for _ in range(3):
        inc_consumers(ctx, NEW)
    dec_consumers(ctx, NEW)
    assert dec_providers(ctx, NEW) is DecRefStatus.Exists
    assert Account.get(ctx, NEW) == AccountInfo(providers=2, consumers=2)


def test_a_self_sufficient_account_outlives_its_last_provider(ctx: Context, events: Events) -> None:
    """As in frame_system: only an account without any reference is new or reaped."""
    Account.put(ctx, NEW, AccountInfo(providers=1, sufficients=1))
    assert dec_providers(ctx, NEW) is DecRefStatus.Exists
    assert Account.get(ctx, NEW) == AccountInfo(providers=0, sufficients=1)
    inc_providers(ctx, NEW)
    assert Account.get(ctx, NEW) == AccountInfo(providers=1, sufficients=1)
    assert events() == []


def test_an_account_without_provider_is_reaped_as_if_it_had_one(ctx: Context, events: Events) -> None:
    Account.put(ctx, NEW, AccountInfo(nonce=3))
    assert dec_providers(ctx, NEW) is DecRefStatus.Reaped
    assert not Account.contains(ctx, NEW)
    assert events() == [KilledAccount(NEW)]


def test_an_account_has_16_consumers_at_most(ctx: Context) -> None:
    inc_providers(ctx, NEW)
    for _ in range(16):
        inc_consumers(ctx, NEW)
    fails(TooManyConsumers(), lambda: inc_consumers(ctx, NEW))
    inc_consumers_without_limit(ctx, NEW)
    assert Account.get(ctx, NEW).consumers == 17


def test_hashes_are_known_of_blocks_before_this_one_alone(ctx: Context) -> None:
    ctx.block.number, ctx.block.parent_hash = 5, b"\4" * 32
    BlockHash.put(ctx, 3, b"\3" * 32)
    assert [block_hash(ctx, number) for number in (2, 3, 4, 5, 6)] == [None, b"\3" * 32, b"\4" * 32, None, None]


# --- blocks --------------------------------------------------------------------------------------------------


def test_a_block_begins_with_the_weight_of_its_hooks(blocks: Blocks) -> None:
    """Base block, hashes, timestamp, aura, empty agenda, safe mode, empty queue of calls; and its first extrinsic.

    The step of subnets has a fixed weight; there are two more reads for swaps of hotkeys, and one for
    timelocked commitments. Ethereum counts the removal of a key, two reads and two writes, the base fee two reads
    and a write.
    """
    ctx = blocks.begin()
    agendas = (1_335_000 + 125_000_000) + (2_409_000 + 125_000_000)
    hooks = 431_614_000 + 125_000_000 + 3_246_000 + 150_000_000 + agendas + (733_000 + 25_000_000) + 50_000_000
    hooks += (110_634_229_000 + 8304 * 25_000_000 + 110 * 100_000_000) + 2 * 25_000_000 + 25_000_000
    hooks += (1_624_000 + 566_903 + 100_000_000) + 250_000_000 + 150_000_000
    proof = 1489 + 110_487 + 1489
    inherent = Weight(3_816_000 + 150_000_000 + 108_157_000, 1493 + ctx.block.length) + GUARD
    assert ctx.block.weight.mandatory == Weight(hooks, proof) + inherent


def test_a_block_keeps_2400_hashes_and_the_first_one(blocks: Blocks) -> None:
    ctx = blocks.begin()
    blocks.end()
    for number in (1, 2, 3):
        BlockHash.put(ctx, number, account(number))
    system.Number.put(ctx, 2402)
    blocks.number = 2402
    blocks.begin()
    blocks.end()
    known = [BlockHash.contains(blocks.ctx, number) for number in (0, 1, 2, 3, 2402)]
    assert known == [True, True, False, True, True]


def test_events_and_digest_can_be_read_after_the_block(blocks: Blocks) -> None:
    ctx = blocks.begin()
    blocks.send("Alice", remark_with_event.call(b"hello"))
    blocks.end()
    records = system.Events.get(ctx)
    assert system.EventCount.get(ctx) == len(records) == 10
    assert records[0] == EventRecord(Initialization(), Issued(10**9), []), "the block's emission comes first"
    assert records[3].event == Remarked(ALICE, blake2_256(b"hello"))
    slot, ethereum = system.DigestItems.get(ctx).logs
    assert slot == aura_pre_runtime(1)
    assert isinstance(ethereum, Consensus)
    assert ethereum.engine == b"fron"


def refusal(blocks: Blocks, key: Keypair, call: Call, nonce: int) -> Any:
    with pytest.raises(Refused) as refused:
        blocks.apply(Signer(GENESIS_HASH).sign(call, key, nonce=nonce))
    return refused.value.reason


def test_nonces_must_be_consecutive(blocks: Blocks) -> None:
    ctx, call = blocks.begin(), remark.call(b"")
    assert refusal(blocks, ALICE_KEY, call, 1) == Future()
    blocks.send("Alice", call)
    assert refusal(blocks, ALICE_KEY, call, 0) == Stale()
    assert Account.get(ctx, ALICE).nonce == 1
    blocks.send("Alice", call)
    assert Account.get(ctx, ALICE).nonce == 2


def test_accounts_without_providers_cannot_send_paid_transactions(blocks: Blocks) -> None:
    blocks.begin()
    assert refusal(blocks, UNFUNDED_KEY, remark.call(b""), 0) == Payment()
