"""Signed extrinsics, as a client makes them.

signer = Signer(genesis_hash)
raw = signer.sign(call, alice, nonce=0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..composition import EXTENSIONS as EXTENSION_GROUPS
from ..crypto import Keypair
from ..extensions.guards import Mode
from ..frame.call import Call
from ..frame.era import IMMORTAL, Era
from ..frame.extrinsic import SIGNATURES, ExtrinsicCodec, signing_payload
from ..version import SPEC_VERSION, TRANSACTION_VERSION

EXTENSIONS = [extension for group in EXTENSION_GROUPS for extension in group]


@dataclass(frozen=True)
class Signer:
    """The facts about a chain that a client signs with every transaction."""

    genesis_hash: bytes
    spec_version: int = SPEC_VERSION
    transaction_version: int = TRANSACTION_VERSION
    #: RFC-78 digest of the metadata, to be signed too; None leaves it out.
    metadata_hash: bytes | None = None

    def sign(
        self,
        call: Call,
        key: Keypair,
        *,
        nonce: int,
        tip: int = 0,
        era: Era = IMMORTAL,
        era_hash: bytes | None = None,
    ) -> bytes:
        """Return the encoded extrinsic; a mortal era needs the hash of the block at which it began. Tip in rao."""
        if not era.is_immortal and era_hash is None:
            raise ValueError("a mortal era needs the hash of the block at which it began")
        explicit = self.explicit(nonce, tip, era)
        implicit = self.implicit(era_hash or self.genesis_hash)
        encoded = call.encode()
        signature = key.sign(signing_payload(encoded, explicit, implicit))
        return ExtrinsicCodec.signed(key.account, SIGNATURES[key.scheme](signature), explicit, encoded)

    def explicit(self, nonce: int, tip: int, era: Era) -> bytes:
        """Return the extensions' values that the extrinsic carries."""
        mode = Mode.Disabled if self.metadata_hash is None else Mode.Enabled
        values = {
            "CheckMortality": era,
            "CheckNonce": nonce,
            "ChargeTransactionPayment": tip,
            "CheckMetadataHash": mode,
        }
        return b"".join(e.field.codec.encode(values[e.identifier]) for e in EXTENSIONS if e.field)

    def implicit(self, era_hash: bytes) -> bytes:
        """Return the extensions' values that are signed only."""
        values: dict[str, Any] = {
            "CheckSpecVersion": self.spec_version,
            "CheckTxVersion": self.transaction_version,
            "CheckGenesis": self.genesis_hash,
            "CheckMortality": era_hash,
            "CheckMetadataHash": self.metadata_hash,
        }
        return b"".join(e.implicit_codec.encode(values.get(e.identifier)) for e in EXTENSIONS)
