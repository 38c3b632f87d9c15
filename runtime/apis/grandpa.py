"""GrandpaApi: the voters on finality."""

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
#: `Option<()>`, which is always None on this chain.
Nothing = Annotated[None, Option(UNIT)]

grandpa_api = RuntimeApi("GrandpaApi", 3, docs="Reads the voters on finality.")


@grandpa_api.method
def grandpa_authorities(ctx: Context) -> list[Authority]:
    """Return the voters with their weights."""
    return grandpa.Authorities.get(ctx)


@grandpa_api.method
def submit_report_equivocation_unsigned_extrinsic(
    ctx: Context, equivocation_proof: EquivocationProof, key_owner_proof: OpaqueProof
) -> Nothing:
    """Return None: a report needs a proof of key ownership, which has no values on this chain."""
    return None


@grandpa_api.method
def generate_key_ownership_proof(ctx: Context, set_id: u64, authority_id: AuthorityId) -> OpaqueProof | None:
    """Return None: proofs of key ownership have no values on this chain."""
    return None


@grandpa_api.method
def current_set_id(ctx: Context) -> u64:
    """Return the number of changes of the voters since genesis."""
    return grandpa.CurrentSetId.get(ctx)
