"""The runtime of spec 425: its pallets, transaction extensions and runtime APIs, in order.

No other module of the runtime lists them all. `spec_425` makes the runtime of one chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .apis import APIS
from .extensions.guards import CheckMetadataHash, DrandPriority, SudoTransactionExtension
from .extensions.payment import ChargeTransactionPayment
from .extensions.shield import CheckShieldedTxValidity
from .extensions.subtensor import SubtensorTransactionExtension
from .extensions.system import (
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckNonZeroSender,
    CheckSpecVersion,
    CheckTxVersion,
    CheckWeight,
)
from .frame.call import Call
from .frame.context import Context
from .frame.errors import DispatchFailed
from .frame.extension import TransactionExtension
from .frame.pallet import Pallet
from .frame.runtime import SYSTEM_ORIGIN, DispatchRules, Origins, Runtime
from .pallets import (
    admin_utils,
    alpha_assets,
    aura,
    base_fee,
    evm_chain_id,
    grandpa,
    mev_shield,
    multisig,
    preimage,
    randomness,
    safe_mode,
    sudo,
    swap,
    system,
    timestamp,
    transaction_payment,
    utility,
)
from .pallets.balances import calls as balances
from .pallets.commitments import calls as commitments
from .pallets.crowdloan import calls as crowdloan
from .pallets.drand import calls as drand
from .pallets.ethereum import blocks as ethereum
from .pallets.ethereum.declared import RawOrigin as EthereumOrigin
from .pallets.evm import calls as evm
from .pallets.limit_orders import calls as limit_orders
from .pallets.proxy import calls as proxy
from .pallets.scheduler import calls as scheduler
from .pallets.subtensor import calls as subtensor
from .pallets.subtensor import guards

PALLETS: tuple[Pallet, ...] = (
    system.pallet,
    randomness.pallet,
    timestamp.pallet,
    aura.pallet,
    grandpa.pallet,
    balances.pallet,
    transaction_payment.pallet,
    subtensor.pallet,
    utility.pallet,
    sudo.pallet,
    multisig.pallet,
    preimage.pallet,
    scheduler.pallet,
    proxy.pallet,
    commitments.pallet,
    admin_utils.pallet,
    safe_mode.pallet,
    ethereum.pallet,
    evm.pallet,
    evm_chain_id.pallet,
    base_fee.pallet,
    drand.pallet,
    crowdloan.pallet,
    swap.pallet,
    mev_shield.pallet,
    alpha_assets.pallet,
    limit_orders.pallet,
)

#: In the nested groups of the metadata.
EXTENSIONS: tuple[tuple[TransactionExtension, ...], ...] = (
    (
        CheckNonZeroSender(),
        CheckSpecVersion(),
        CheckTxVersion(),
        CheckGenesis(),
        CheckMortality(),
        CheckNonce(),
        CheckWeight(),
    ),
    (
        ChargeTransactionPayment(),
        SudoTransactionExtension(),
        CheckShieldedTxValidity(),
        SubtensorTransactionExtension(),
        DrandPriority(),
    ),
    (CheckMetadataHash(),),
)

ORIGINS: Origins = {**SYSTEM_ORIGIN, EthereumOrigin.pallet_index: EthereumOrigin}

#: The version, with the versions of all runtime APIs.
VERSION = replace(system.Version.default, apis=[(api.id, api.version) for api in APIS])


def check_call(ctx: Context, call: Call) -> None:
    """Raise DispatchFailed when the filters of the chain or the origin, or afterwards the guards, refuse the call."""
    filters = ctx.origin.filters
    if (
        not safe_mode.allows(ctx, call)
        or utility.nests_batches(call)
        or (filters and not all(allowed(call) for allowed in filters))
    ):
        raise DispatchFailed(system.Error.CallFiltered)
    guards.check(ctx, call)


RULES = DispatchRules(check_call, guards.weight)


def spec_425(constants: Mapping[str, Any] | None = None) -> Runtime:
    """Return the runtime of a chain. `constants` maps "Pallet.Constant" to the value on this chain."""
    values = {system.Version.id: VERSION, **(constants or {})}
    return Runtime(PALLETS, EXTENSIONS, APIS, rules=RULES, origins=ORIGINS, constants=values)
