"""GrandpaApi: who finalizes."""

from __future__ import annotations

from typing import Annotated

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets import grandpa
from ..pallets.grandpa import Authority, AuthorityId, EquivocationProof
from ..scale import newtype, u64
from ..scale.codec import BYTES, UNIT
from ..scale.containers import Option

OpaqueProof = Annotated[bytes, newtype(BYTES, "sp_runtime::OpaqueValue")]
#: `Option<()>`, of which this chain gives only one value.
Nothing = Annotated[None, Option(UNIT)]

grandpa_api = RuntimeApi("GrandpaApi", 3, docs="What finality voters need to know.")


@grandpa_api.method
def grandpa_authorities(ctx: Context) -> list[Authority]:
    """The voters with their weights."""
    return grandpa.Authorities.get(ctx)


@grandpa_api.method
def submit_report_equivocation_unsigned_extrinsic(
    ctx: Context, equivocation_proof: EquivocationProof, key_owner_proof: OpaqueProof
) -> Nothing:
    """None: reports prove who owned a key, and on this chain no value is such a proof."""
    return None


@grandpa_api.method
def generate_key_ownership_proof(ctx: Context, set_id: u64, authority_id: AuthorityId) -> OpaqueProof | None:
    """None, for the same reason."""
    return None


@grandpa_api.method
def current_set_id(ctx: Context) -> u64:
    """How often the voters have changed."""
    return grandpa.CurrentSetId.get(ctx)
