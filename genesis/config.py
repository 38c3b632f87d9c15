"""`ChainConfig`: every parameter of a chain. The defaults are those of the real chain; presets change some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ..consensus.integers import U64_MAX
from ..runtime.crypto import Keypair, ss58_encode
from ..runtime.pallets.aura import MAX_AUTHORITIES
from ..runtime.pallets.balances.declared import ExistentialDeposit
from ..runtime.pallets.evm_chain_id import ChainId
from ..runtime.pallets.shared.types import ZERO_ACCOUNT
from ..runtime.pallets.subtensor.storage.emission import TotalIssuance
from ..runtime.pallets.subtensor.storage.tempo import Tempo
from ..runtime.scale import Codec, ScaleError
from . import accounts
from .accounts import Authority
from .parameters import CONSTANTS, STORED, Parameters

PUBLIC_LENGTH = 32

#: The types of the fields that are numbers of the runtime.
CODECS: dict[str, Codec[int]] = {
    **{name: constant.codec for name, constant in CONSTANTS.items()},
    **{name: item.codec for name, item in STORED.items()},
    "genesis_tempo": Tempo.codec,
    "balances_issuance": TotalIssuance.codec,
    "evm_chain_id": ChainId.codec,
}

ChainType = Literal["Live", "Local", "Development"]
Beacon = Literal["quicknet", "local"]
Authoring = Literal["slots", "claims"]


class ConfigError(ValueError):
    """Invalid parameters of a chain."""


@dataclass(frozen=True)
class ChainConfig(Parameters):
    """The configuration of a chain: its rules (`Parameters`), name, authorities and balances.

    Change a copy with `dataclasses.replace`. Everything that is part of block 0 or of the metadata also changes the
    genesis hash: clients treat two chains with the same genesis hash as one. Raises ConfigError.
    """

    #: The name that clients display (`system_chain`).
    name: str = "Bittensor"
    #: The identifier in directories and chain specs.
    id: str = "bittensor"
    #: The identifier in the protocols between nodes.
    protocol_id: str = "bittensor"
    chain_type: ChainType = "Live"
    token_symbol: str = "TAO"
    #: One TAO is 10 to this power rao.
    token_decimals: int = 9
    ss58_format: int = 42

    #: Milliseconds between blocks; even, because the least distance of two blocks is half a slot.
    slot_duration_ms: int = 12_000
    #: The time of the first block in milliseconds since 1970, on chains whose time advances by a slot per block;
    #: None: blocks have the time of the machine.
    start_ms: int | None = None

    #: The authors of blocks, in the order of their slots; each one's vote on finality has the weight 1.
    authorities: tuple[Authority, ...] = ()
    #: The account that may call as root through Sudo (32 bytes), or None.
    sudo_key: bytes | None = None
    #: Free balances in rao by account (32 bytes).
    balances: Mapping[bytes, int] = field(default_factory=dict)
    #: The owner of the root subnet and its hotkey (32 bytes each); 32 zero bytes: no owner.
    root_owner: bytes = ZERO_ACCOUNT
    root_owner_hotkey: bytes = ZERO_ACCOUNT
    #: The issuance in rao from which emission is computed at first. On genuine chains it is 0, whatever the balances.
    balances_issuance: int = 0
    #: The EIP-155 chain id of Ethereum's transactions. Block 0 stores it; a genuine chain spec that sets none stores 0.
    evm_chain_id: int = 0
    #: The beacon whose pulses reveal timelocked weights and commitments. `local` is for development: authors make the
    #: pulses themselves, by the time of their blocks, with a key that is public. Clients encrypt for quicknet.
    beacon: Beacon = "quicknet"
    #: How a block's author is found: by its slot, as Aura does, or by the claim in its digest, on networks whose engine
    #: chooses authors.
    authoring: Authoring = "slots"
    #: Other values of constants, by "Pallet.Constant"; not for constants that a field above sets.
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_slots()
        self._check_parameters()
        self._check_authorities()
        self._check_balances()

    def _check_slots(self) -> None:
        if self.chain_type not in get_args(ChainType):
            raise ConfigError(f"expected a chain type of {', '.join(get_args(ChainType))}, got {self.chain_type!r:.40}")
        if self.beacon not in get_args(Beacon) or (self.beacon == "local" and self.chain_type == "Live"):
            raise ConfigError(
                f"expected the beacon quicknet, or local on a chain for development, got {self.beacon!r:.40}"
            )
        if self.authoring not in get_args(Authoring):
            raise ConfigError(f"expected authoring by {' or '.join(get_args(Authoring))}, got {self.authoring!r:.40}")
        if self.slot_duration_ms < 2 or self.slot_duration_ms % 2:
            raise ConfigError(f"expected a slot of an even number of milliseconds, got {self.slot_duration_ms}")
        if self.start_ms is not None and self.start_ms < self.slot_duration_ms:
            raise ConfigError(f"expected time to begin in slot 1 or later, got {self.start_ms} ms")
        for name in self._slot_constants() & self.overrides.keys():
            raise ConfigError(f"{name} follows from slot_duration_ms; set that instead")

    def _check_parameters(self) -> None:
        for name, codec in CODECS.items():
            try:
                codec.encode(getattr(self, name))
            except ScaleError as error:
                raise ConfigError(f"expected {name} to be a {codec.name}: {error}") from None
        for name, constant in CONSTANTS.items():
            if constant.id in self.overrides:
                raise ConfigError(f"{constant.id} follows from {name}; set that instead")

    def _check_authorities(self) -> None:
        if len(self.authorities) > MAX_AUTHORITIES:
            raise ConfigError(f"expected at most {MAX_AUTHORITIES} authorities, got {len(self.authorities)}")
        keys = [key for authority in self.authorities for key in authority]
        named = [self.root_owner, self.root_owner_hotkey, *([] if self.sudo_key is None else [self.sudo_key])]
        for key in [*keys, *self.balances, *named]:
            if len(key) != PUBLIC_LENGTH:
                raise ConfigError(f"expected keys and accounts of {PUBLIC_LENGTH} bytes, got {len(key)}")

    def _check_balances(self) -> None:
        least = self.overrides.get(ExistentialDeposit.id, ExistentialDeposit.default)
        for account, rao in self.balances.items():
            if rao < least:
                raise ConfigError(f"expected a balance of at least {least} rao, got {rao} for {ss58_encode(account)}")
        if (total := sum(self.balances.values())) > U64_MAX:
            raise ConfigError(f"expected balances of at most {U64_MAX} rao together, got {total}")

    def _slot_constants(self) -> Mapping[str, Any]:
        return {
            "Aura.SlotDuration": self.slot_duration_ms,
            "Timestamp.MinimumPeriod": self.slot_duration_ms // 2,
        }

    @property
    def constants(self) -> dict[str, Any]:
        """The runtime's constants that differ on this chain or follow from other parameters, by "Pallet.Constant"."""
        return {**self._slot_constants(), **self.changed_constants(), **self.overrides}

    @property
    def properties(self) -> dict[str, Any]:
        """The properties that wallets read (`system_properties`)."""
        return {
            "ss58Format": self.ss58_format,
            "tokenDecimals": self.token_decimals,
            "tokenSymbol": self.token_symbol,
        }

    def author_keys(self) -> list[Keypair]:
        """Return the keys that seal blocks, in the order of `authorities`.

        Raises ConfigError unless all authorities are development accounts.
        """
        return [self._author_key(authority.aura) for authority in self.authorities]

    @staticmethod
    def _author_key(public: bytes) -> Keypair:
        name = accounts.name_of(public)
        if name is None or name not in accounts.ACCOUNTS:
            raise ConfigError(f"expected a development account as authority, got {ss58_encode(public)}")
        return accounts.keypair(name)
