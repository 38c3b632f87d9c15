"""The most important figures of a subnet."""

from __future__ import annotations

from ...readers import text
from ...readers.metagraph import Metagraph
from ...readers.subnets import Subnet
from ..parts import fact, facts, tiles


def draw(subnet: Subnet, found: Metagraph) -> None:
    """Draw them."""
    tiles(
        [
            ("Price", text.amount(subnet.price, "TAO")),
            ("TAO in pool", text.amount(subnet.tao_in, "TAO", 3)),
            ("Alpha in pool", text.amount(subnet.alpha_in, "α", 3)),
            ("Alpha outside", text.amount(subnet.alpha_out, "α", 3)),
            ("TAO per block", text.amount(subnet.tao_emission, "", 6)),
            ("Alpha per block", text.amount(subnet.alpha_emission, "", 6)),
            ("Tempo", f"{subnet.tempo:,} blocks"),
            ("Next epoch", "–" if subnet.next_epoch is None else f"block {subnet.next_epoch:,}"),
            ("Last epoch", f"block {found.last_epoch:,}"),
            ("Neurons", f"{len(found.neurons)} of {found.max_uids}"),
            ("Registration", text.amount(found.burn, "TAO", 6) if found.registration_allowed else "closed"),
            ("Block", f"{found.block:,}"),
        ]
    )
    with facts():
        fact("Owner", subnet.owner)
        fact("Owner's hotkey", subnet.owner_hotkey)
