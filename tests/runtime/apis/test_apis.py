"""Runtime APIs, called as by a node: by name, with encoded arguments and an encoded result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pysubtensor.runtime.apis import APIS, BadArguments, Panicked, UnknownMethod, call_api
from pysubtensor.runtime.apis.accounts import RuntimeDispatchInfo
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair, Scheme
from pysubtensor.runtime.frame.block_types import RUNTIME_EXTRINSIC, Block
from pysubtensor.runtime.frame.call import RUNTIME_CALL, Call
from pysubtensor.runtime.frame.context import BlockEnvironment as BlockEnv
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import Digest, aura_pre_runtime
from pysubtensor.runtime.frame.errors import Token, TokenError
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id, prefix_with_length
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.validity import (
    BadProof,
    CannotLookup,
    Invalid,
    MandatoryValidation,
    NoUnsignedValidator,
    Stale,
    TransactionSource,
    Unknown,
    ValidTransaction,
)
from pysubtensor.runtime.frame.validity import Call as UnexpectedCall
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.inherents import CheckInherentsResult, InherentData, TimestampError, inherent_data
from pysubtensor.runtime.metadata import digest_of, encoded_metadata
from pysubtensor.runtime.pallets import aura, grandpa, system, timestamp
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.transaction_payment import FeeDetails, TransactionFeePaid
from pysubtensor.runtime.pallets.utility import batch
from pysubtensor.runtime.scale import Err, Ok, codec_of, u32, u64
from pysubtensor.runtime.state.overlay import MemoryBackend, State
from pysubtensor.runtime.version import RuntimeVersion

from tests.costs import RUNTIME, own_info
from tests.vectors import load
from tests.world import ALICE, ALICE_KEY, BOB, FUNDS, U64_MAX, fund

GENESIS = bytes(range(32))
NOW = 1_700_000_004_000

Ask = Callable[..., bytes]


def world(runtime: Runtime) -> Context:
    """The state of a block 0: two funded accounts, one author, one voter."""
    backend = MemoryBackend()
    state = State(backend)
    ctx = Context(runtime, state, BlockEnv(0, bytes(32)))
    fund(ctx, (ALICE, BOB))
    aura.Authorities.put(ctx, [ALICE])
    grandpa.Authorities.put(ctx, [(BOB, 1)])
    system.BlockHash.put(ctx, 0, GENESIS)
    backend.apply(state.changes())
    state.commit()
    return ctx


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return spec_425()


@pytest.fixture
def ctx(runtime: Runtime) -> Context:
    return world(runtime)


@pytest.fixture
def ask(ctx: Context) -> Ask:
    """Call a method with its arguments, each encoded."""

    def call(name: str, *arguments: bytes) -> bytes:
        return call_api(ctx.runtime, ctx, name, b"".join(arguments))

    return call


def answer(name: str, data: bytes) -> Any:
    """Return a result, decoded by its type in metadata."""
    (method,) = [method for api in APIS for method in api.methods.values() if method.exported == name]
    return method.output.decode(data, RUNTIME)


def signed(call: Call, nonce: int = 0, **facts: Any) -> bytes:
    return Signer(GENESIS, **facts).sign(call, ALICE_KEY, nonce=nonce)


def transfer(amount: int = 10**9) -> Call:
    return transfer_keep_alive.call(Id(BOB), amount)


# --- names, versions, arguments ----------------------------------------------------------------------------------


def test_ids_are_hashes_of_names() -> None:
    ids = {api.name: api.id.hex() for api in APIS}
    assert (ids["Core"], ids["TransactionPaymentCallApi"]) == ("df6acb689907609b", "f3ff14d5ab527059")
    known = load("formats/api_ids")
    assert all(known.get(name, f"0x{id_}") == f"0x{id_}" for name, id_ in ids.items())


def test_the_version_lists_the_apis(ask: Ask) -> None:
    version: RuntimeVersion = answer("Core_version", ask("Core_version"))
    assert version.apis[0] == (bytes.fromhex("df6acb689907609b"), 5)
    assert version.apis == [(api.id, api.version) for api in APIS]
    assert version.spec_version == 425


def test_an_unknown_method_is_named_as_clients_expect(ask: Ask) -> None:
    with pytest.raises(UnknownMethod) as error:
        ask("Metadata_metadata_at_versions")
    assert str(error.value) == "Exported method Metadata_metadata_at_versions is not found"


@pytest.mark.parametrize("arguments", [b"", bytes(31), bytes(33)])
def test_missing_or_extra_arguments_are_refused(ask: Ask, arguments: bytes) -> None:
    with pytest.raises(BadArguments, match="Bad input data provided to AccountNonceApi_account_nonce: "):
        ask("AccountNonceApi_account_nonce", arguments)


def test_a_bad_argument_is_named(ask: Ask) -> None:
    with pytest.raises(BadArguments, match="in account at byte 0"):
        ask("AccountNonceApi_account_nonce", bytes(31))


def test_metadata_is_wrapped_in_opaque_bytes(ask: Ask, runtime: Runtime) -> None:
    assert answer("Metadata_metadata", ask("Metadata_metadata")) == encoded_metadata(runtime, 14)
    versions = answer("Metadata_metadata_versions", ask("Metadata_metadata_versions"))
    for version in versions:
        data = ask("Metadata_metadata_at_version", codec_of(u32).encode(version))
        assert data[0] == 1
        assert answer("Metadata_metadata_at_version", data)[:5] == b"meta" + bytes((version,))
    assert versions == [14, 15, 16]
    assert ask("Metadata_metadata_at_version", codec_of(u32).encode(13)) == b"\0"


# --- what a sender asks ------------------------------------------------------------------------------------------


def test_nonces_are_read_from_the_state(ctx: Context, ask: Ask) -> None:
    system.Account.mutate(ctx, ALICE, lambda account: replace(account, nonce=1))
    assert ask("AccountNonceApi_account_nonce", ALICE) == b"\1\0\0\0"
    assert ask("AccountNonceApi_account_nonce", bytes(32)) == bytes(4)


def quoted(ask: Ask, name: str, subject: bytes, length: int) -> Any:
    return answer(name, ask(name, subject, codec_of(u32).encode(length)))


def test_the_quoted_fee_is_charged(ctx: Context, ask: Ask) -> None:
    raw = signed(transfer())
    quote: RuntimeDispatchInfo = quoted(ask, "TransactionPaymentApi_query_info", raw, len(raw))
    parts: FeeDetails = quoted(ask, "TransactionPaymentApi_query_fee_details", raw, len(raw))
    begin(ctx, ask)
    assert answer("BlockBuilder_apply_extrinsic", ask("BlockBuilder_apply_extrinsic", raw)) == Ok(Ok(None))
    (paid,) = [event for event in ctx.block.events if isinstance(event, TransactionFeePaid)]
    assert (quote.partial_fee, parts.total) == (paid.actual_fee, paid.actual_fee)
    assert parts.inclusion_fee is not None
    assert parts.inclusion_fee.len_fee == len(raw)
    assert quote.class_ == own_info(transfer()).class_


def test_quotes_ignore_tip_and_signature(ask: Ask) -> None:
    tipped, plain = Signer(GENESIS).sign(transfer(), ALICE_KEY, nonce=0, tip=63), signed(transfer())
    name = "TransactionPaymentApi_query_info"
    assert quoted(ask, name, tipped, 144) == quoted(ask, name, plain, 144)
    forged = plain[:37] + bytes(64) + plain[101:]
    assert quoted(ask, name, forged, 144) == quoted(ask, name, plain, 144)


def test_inherents_are_free(ask: Ask) -> None:
    raw = ExtrinsicCodec.bare(timestamp.set_.call(NOW))
    assert quoted(ask, "TransactionPaymentApi_query_info", raw, len(raw)).partial_fee == 0
    assert quoted(ask, "TransactionPaymentApi_query_fee_details", raw, len(raw)) == FeeDetails(None, 0)


def test_the_quote_of_a_call_excludes_extensions(ask: Ask, runtime: Runtime) -> None:
    raw, call = signed(transfer()), RUNTIME_CALL.encode(transfer())
    whole: RuntimeDispatchInfo = quoted(ask, "TransactionPaymentApi_query_info", raw, 144)
    alone: RuntimeDispatchInfo = quoted(ask, "TransactionPaymentCallApi_query_call_info", call, 144)
    extensions = runtime.extension_weight(runtime.decode(raw))
    assert whole.weight == alone.weight + extensions
    parts: FeeDetails = quoted(ask, "TransactionPaymentCallApi_query_call_fee_details", call, 144)
    assert parts.total == alone.partial_fee < whole.partial_fee


@pytest.mark.parametrize("api", ["TransactionPaymentApi", "TransactionPaymentCallApi"])
def test_a_weight_costs_half_a_thousandth_and_a_byte_one_rao(ask: Ask, api: str) -> None:
    weight = Weight.scale.encode(Weight(2_000_000, 10**9))
    assert ask(f"{api}_query_weight_to_fee", weight) == codec_of(u64).encode(1000)
    assert ask(f"{api}_query_length_to_fee", codec_of(u32).encode(144)) == codec_of(u64).encode(144)


# --- blocks ------------------------------------------------------------------------------------------------------


def begin(ctx: Context, ask: Ask) -> list[bytes]:
    """Begin block 1 and put its inherents into it."""
    slot = NOW // aura.SlotDuration.get(ctx)
    header = Header(GENESIS, 1, bytes(32), bytes(32), Digest([aura_pre_runtime(slot)]))
    assert ask("Core_initialize_block", header.encode()) == b"\0"
    data = InherentData.scale.encode(InherentData(inherent_data(NOW)))
    inherents = answer("BlockBuilder_inherent_extrinsics", ask("BlockBuilder_inherent_extrinsics", data))
    for extrinsic in inherents:
        assert ask("BlockBuilder_apply_extrinsic", RUNTIME_EXTRINSIC.encode(extrinsic)) == b"\0\0"
    return [extrinsic.raw for extrinsic in inherents]


def make_block(ctx: Context, ask: Ask, *more: bytes) -> Block:
    """Make block 1 with one transfer and behind it `more` extrinsics, whether their calls fail or not."""
    raws = [*begin(ctx, ask), signed(transfer()), *more]
    assert ask("BlockBuilder_apply_extrinsic", raws[-1 - len(more)]) == b"\0\0"
    assert [ask("BlockBuilder_apply_extrinsic", raw)[:1] for raw in more] == [b"\0"] * len(more)
    header = Header.decode(ask("BlockBuilder_finalize_block"))
    return Block(header, [ctx.runtime.decode(raw) for raw in raws])


def test_a_built_block_can_be_executed(ctx: Context, ask: Ask, runtime: Runtime) -> None:
    block = make_block(ctx, ask)
    other = world(runtime)
    assert call_api(runtime, other, "Core_execute_block", Block.scale.encode(block)) == b""
    assert other.state.changes() == ctx.state.changes()
    assert system.Account.get(other, BOB).data.free == FUNDS + 10**9


def test_a_block_with_a_bare_call_that_the_pool_would_not_take_is_executed(
    ctx: Context, ask: Ask, runtime: Runtime
) -> None:
    bare = ExtrinsicCodec.bare(transfer())
    assert validated(ctx, bare) == Err(Unknown(NoUnsignedValidator()))
    block = make_block(ctx, ask, bare)
    other = world(runtime)
    call_api(runtime, other, "Core_execute_block", Block.scale.encode(block))
    assert other.state.changes() == ctx.state.changes()
    assert [type(event) for event in other.block.events].count(system.ExtrinsicFailed) == 1


@pytest.mark.parametrize(
    ("field", "complaint"),
    [
        ("state_root", "Storage root must match that calculated."),
        ("extrinsics_root", "Transaction trie root must be valid."),
    ],
)
def test_a_wrong_header_is_detected(ctx: Context, ask: Ask, runtime: Runtime, field: str, complaint: str) -> None:
    block = make_block(ctx, ask)
    lying = replace(block, header=replace(block.header, **{field: bytes(32)}))
    with pytest.raises(Panicked, match=f"Core_execute_block panicked: {complaint}"):
        call_api(runtime, world(runtime), "Core_execute_block", Block.scale.encode(lying))


def test_a_block_with_a_refused_transaction_is_not_executed(ctx: Context, ask: Ask, runtime: Runtime) -> None:
    block = make_block(ctx, ask)
    twice = replace(block, extrinsics=[*block.extrinsics, block.extrinsics[-1]])
    with pytest.raises(Panicked, match="Extrinsic is not applicable: extrinsic 2: Transaction is outdated"):
        call_api(runtime, world(runtime), "Core_execute_block", Block.scale.encode(twice))


def test_applying_distinguishes_failure_and_refusal(ctx: Context, ask: Ask) -> None:
    begin(ctx, ask)
    apply = "BlockBuilder_apply_extrinsic"
    failed = answer(apply, ask(apply, signed(transfer(2 * FUNDS))))
    assert failed == Ok(Err(Token(TokenError.FundsUnavailable)))
    assert answer(apply, ask(apply, signed(transfer()))) == Err(Invalid(Stale()))
    assert answer(apply, ask(apply, signed(transfer(), nonce=1))) == Ok(Ok(None))


@pytest.mark.parametrize(
    ("now", "clock", "error"),
    [
        (NOW, NOW, None),
        (NOW + 30_000, NOW, None),
        (NOW + 30_001, NOW, TimestampError.TooFarInFuture),
        (5_999, NOW, TimestampError.TooEarly),
    ],
)
def test_inherents_are_checked_against_the_clock(ask: Ask, now: int, clock: int, error: TimestampError | None) -> None:
    raw = ExtrinsicCodec.bare(timestamp.set_.call(now))
    header = Header(GENESIS, 1, bytes(32), bytes(32), Digest([])).encode()
    data = InherentData.scale.encode(InherentData(inherent_data(clock)))
    result: CheckInherentsResult = answer(
        "BlockBuilder_check_inherents", ask("BlockBuilder_check_inherents", header, b"\4" + raw, data)
    )
    errors = {} if error is None else {b"timstap0": bytes((error.value,))}
    assert result == CheckInherentsResult(error is None, error is not None, InherentData(errors))


def test_inherents_need_a_timestamp(ask: Ask) -> None:
    with pytest.raises(Panicked, match="Timestamp inherent data must be provided"):
        ask("BlockBuilder_inherent_extrinsics", b"\0")


# --- the pool ----------------------------------------------------------------------------------------------------


def validated(ctx: Context, raw: bytes) -> Any:
    name = "TaggedTransactionQueue_validate_transaction"
    source = codec_of(TransactionSource).encode(TransactionSource.External)
    with ctx.state.anchor():
        return answer(name, call_api(ctx.runtime, ctx, name, source + raw + GENESIS))


def test_valid_transactions_are_ordered_by_nonce(ctx: Context) -> None:
    result = validated(ctx, signed(transfer(), nonce=1))
    assert isinstance(result, Ok)
    valid: ValidTransaction = result.value
    assert valid.requires == [ALICE + bytes(4)]
    assert valid.provides == [ALICE + b"\1\0\0\0"]


def test_transactions_are_valid_on_the_block_after_the_parent(ctx: Context) -> None:
    """An immortal one for u64::MAX blocks less the number of the block that is to hold it."""
    system.Number.put(ctx, 7)
    system.BlockHash.put(ctx, 7, bytes(32))
    result = validated(ctx, signed(transfer()))
    assert isinstance(result, Ok)
    assert result.value.longevity == U64_MAX - 8


def test_invalid_transactions_have_a_reason(ctx: Context) -> None:
    raw = signed(transfer())
    assert validated(ctx, raw[:40] + bytes((raw[40] ^ 1,)) + raw[41:]) == Err(Invalid(BadProof()))
    assert validated(ctx, ExtrinsicCodec.bare(timestamp.set_.call(NOW))) == Err(Invalid(MandatoryValidation()))
    system.Account.mutate(ctx, ALICE, lambda account: replace(account, nonce=1))
    assert validated(ctx, raw) == Err(Invalid(Stale()))


@pytest.mark.parametrize("address", ["01", "02 0c 616263", "03" + "00" * 32, "04" + "00" * 20])
def test_an_address_that_names_no_account_cannot_be_looked_up(ctx: Context, address: str) -> None:
    """`AccountIdLookup` of the genuine runtime knows `Id` only, and runs before the signature is verified."""
    body = b"\x84" + bytes.fromhex(address) + b"\1" + bytes(64) + bytes(4) + transfer().encode()
    assert validated(ctx, prefix_with_length(body)) == Err(Unknown(CannotLookup()))


def test_the_pool_takes_calls_that_nest_eight_deep(ctx: Context) -> None:
    call = transfer()
    for _ in range(8):
        call = batch.call([call])
    assert isinstance(validated(ctx, signed(call)), Ok)
    assert validated(ctx, signed(batch.call([call]))) == Err(Invalid(UnexpectedCall()))


def test_a_signature_may_cover_the_metadata(ctx: Context, runtime: Runtime) -> None:
    """Wallets that display what they sign send CheckMetadataHash's mode 1."""
    shown = signed(transfer(), metadata_hash=digest_of(runtime))
    assert isinstance(validated(ctx, shown), Ok)
    assert validated(ctx, signed(transfer(), metadata_hash=bytes(32))) == Err(Invalid(BadProof()))


# --- authorities, keys, genesis ----------------------------------------------------------------------------------


def test_authors_and_voters_are_listed(ask: Ask) -> None:
    assert ask("AuraApi_slot_duration") == codec_of(u64).encode(12_000)
    assert ask("AuraApi_authorities") == b"\4" + ALICE
    assert ask("GrandpaApi_grandpa_authorities") == b"\4" + BOB + codec_of(u64).encode(1)
    assert ask("GrandpaApi_current_set_id") == bytes(8)
    assert ask("GrandpaApi_generate_key_ownership_proof", bytes(8), bytes(32)) == b"\0"


def test_session_keys_are_generated_from_a_seed() -> None:
    runtime = spec_425()
    keys = call_api(runtime, world(runtime), "SessionKeys_generate_session_keys", b"\1\x1c//Alice")
    ed25519 = "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee"
    assert keys.hex() == f"0101{ALICE.hex()}{ed25519}"
    assert Keypair.from_uri("//Alice", Scheme.ED25519).public.hex() == ed25519
    decoded = call_api(runtime, world(runtime), "SessionKeys_decode_session_keys", keys)
    assert decoded.hex() == f"010880{ALICE.hex()}{b'aura'.hex()}80{ed25519}{b'gran'.hex()}"


def test_session_keys_need_a_seed_and_all_their_bytes(ask: Ask) -> None:
    with pytest.raises(Panicked, match="need a keystore"):
        ask("SessionKeys_generate_session_keys", b"\0")
    assert ask("SessionKeys_decode_session_keys", b"\x80" + bytes(32)) == b"\0"


def test_genesis_cannot_be_built_from_json(ask: Ask) -> None:
    result = answer("GenesisBuilder_build_state", ask("GenesisBuilder_build_state", b"\x08{}"))
    assert isinstance(result, Err)
    assert ask("GenesisBuilder_preset_names") == b"\0"
    assert ask("GenesisBuilder_get_preset", b"\0") == b"\0"


def test_an_anchored_call_is_reverted(ctx: Context, ask: Ask) -> None:
    before = ctx.state.changes()
    with ctx.state.anchor():
        make_block(ctx, ask)
    assert ctx.state.changes() == before
