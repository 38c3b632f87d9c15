"""Extensions that concern one pallet (Sudo, Drand) or the metadata hash."""

from __future__ import annotations

import enum
from typing import Any

from ..frame.context import Context
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic
from ..frame.runtime import runtime_of
from ..frame.validity import BadSigner, Refused, Validity
from ..frame.weight import DispatchInfo
from ..metadata import digest_of
from ..pallets import sudo
from ..scale import Bytes32, codec_of, scale_enum
from ..scale.describe import FieldInfo


class SudoTransactionExtension(TransactionExtension):
    """Refuse calls of Sudo that the sudo key did not sign."""

    identifier = "SudoTransactionExtension"
    path = "node_subtensor_runtime::sudo_wrapper::SudoTransactionExtension"
    names_runtime = True
    only_pallet = "Sudo"

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        if ctx.origin.account != sudo.Key.get(ctx):
            raise Refused(BadSigner())


class DrandPriority(TransactionExtension):
    """Raise the priority of drand pulses."""

    identifier = "DrandPriority"
    path = "pallet_drand::drand_priority::DrandPriority"
    names_runtime = True
    only_pallet = "Drand"

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        if extrinsic.call.name == "write_pulse":
            validity.priority += 10_000


@scale_enum("frame_metadata_hash_extension::Mode")
class Mode(enum.Enum):
    """Whether the digest of the metadata is part of the signed payload."""

    __hash__ = object.__hash__  # members are unique; Enum's own hash of the name is slower

    Disabled = 0
    Enabled = 1


class CheckMetadataHash(TransactionExtension):
    """Put the digest of the metadata (RFC 78) into the signed payload, if the signer's mode enables it."""

    identifier = "CheckMetadataHash"
    path = "frame_metadata_hash_extension::CheckMetadataHash"
    field = FieldInfo("mode", codec_of(Mode), "Mode")
    implicit_codec = codec_of(Bytes32 | None)

    def implicit(self, ctx: Context, value: Mode) -> bytes | None:
        return None if value is Mode.Disabled else digest_of(runtime_of(ctx))
