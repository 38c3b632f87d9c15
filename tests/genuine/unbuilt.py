"""Decides whether a step is not built yet, so that no fault of existing code is counted as missing.

A whole step is not built only if

* its call or extrinsic contains a call that spec 425 has, that our runtime does not have, and that is listed here:
  decoding stopped exactly at this call; or
* it calls a runtime API that our runtime does not have and that is listed here.

In every other step each result, weight, event and storage key counts, except keys and events *of* pallets that our
runtime does not have, if ours has none of them: then the step counts as not built, and the rest of it is compared.

Entries never mask what the runtime has: once a call, an API or a pallet exists, its entry has no effect, and a test
requires its removal.
"""

from __future__ import annotations

from pysubtensor.runtime.frame.call import UnknownCall
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.scale import ScaleError

#: Pallets of spec 425 that the runtime does not have, by their index.
PALLETS: dict[int, str] = {
    29: "Contracts",
}

SUBTENSOR = 7
#: Calls of SubtensorModule that the runtime does not have, by their index.
SUBTENSOR_CALLS: dict[int, str] = {}

#: Runtime APIs that the runtime does not have.
APIS = (
    "BabeApi",
    "ContractsApi",
)


def name_of_call(pallet: int, call: int) -> str | None:
    """Return the name under which a call is listed here; None when it is not listed."""
    if pallet in PALLETS:
        return f"{PALLETS[pallet]}.{call}"
    name = SUBTENSOR_CALLS.get(call) if pallet == SUBTENSOR else None
    return name and f"SubtensorModule.{name}"


def missing_call(error: ScaleError) -> str | None:
    """Return the listed call that decoding stopped at; None when it stopped for another reason."""
    return name_of_call(error.pallet, error.call) if isinstance(error, UnknownCall) else None


def is_missing_api(exported: str) -> bool:
    """Return whether the API of an exported method ("Api_method") is listed here."""
    return exported.partition("_")[0] in APIS


def missing_pallets(runtime: Runtime) -> dict[int, str]:
    """Return those of `PALLETS` that a runtime does not have."""
    present = {pallet.index for pallet in runtime.pallets}
    return {index: name for index, name in PALLETS.items() if index not in present}
