"""Differences in existing code that follow from a part that is missing.

`unbuilt.py` explains the rule. A row of `CONSEQUENCES` stands for code of the genuine chain that runs inside steps that
are built (for example, a pulse of the beacon reveals weights). It excuses a difference only if all of this holds:

* the part is missing from our runtime;
* the genuine state holds what only this part puts there (a lease, a pulse of the beacon);
* the step shows a trace that only this code leaves, which ours did not leave;
* the difference lies in an item, an event or a result that this code can change.

All other differences of the same step count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pysubtensor.runtime.crypto.hashing import twox_128
from pysubtensor.runtime.frame.runtime import Runtime

from .findings import Pending

#: Index of a pallet, and of one of its calls where the rest of the pallet is built.
Part = tuple[int, int | None]

DRAND: Part = (26, None)

#: What an epoch writes with other weights than ours.
EPOCH_ITEMS = (
    "AlphaAssets.AlphaBurned",
    "SubtensorModule.AlphaDividendsPerSubnet",
    "SubtensorModule.AlphaV2",
    "SubtensorModule.Bonds",
    "SubtensorModule.Consensus",
    "SubtensorModule.Dividends",
    "SubtensorModule.Emission",
    "SubtensorModule.Incentive",
    "SubtensorModule.MinerBurned",
    "SubtensorModule.StakeWeight",
    "SubtensorModule.TotalHotkeyAlpha",
    "SubtensorModule.TotalHotkeyAlphaLastEpoch",
    "SubtensorModule.TotalHotkeySharesV2",
    "SubtensorModule.ValidatorPermit",
    "SubtensorModule.ValidatorTrust",
)


@dataclass(frozen=True)
class Consequence:
    """Code of a missing part that built steps run; items, events and errors by "Pallet.Name"."""

    reason: str
    part: Part
    #: The kind of the steps that run it: block or call.
    kind: str
    #: The item that has entries only if the part was used.
    needs: tuple[str, str]
    #: Items, events or errors that only this code changes, deposits or returns in such a step.
    traces: frozenset[str]
    #: What else follows from it.
    effects: frozenset[str]

    def excused(self, differences: Sequence[Pending]) -> list[Pending]:
        """Return those of a step's differences that follow from this code; none without a trace of it."""
        if not any(difference.genuine_only & self.traces for difference in differences):
            return []
        known = self.traces | self.effects
        return [difference for difference in differences if difference.subjects and difference.subjects <= known]

    def is_missing(self, runtime: Runtime) -> bool:
        """Return whether a runtime lacks the part."""
        pallet_index, call = self.part
        pallet = next((pallet for pallet in runtime.pallets if pallet.index == pallet_index), None)
        return pallet is None or (call is not None and call not in pallet.calls)

    @property
    def prefix(self) -> bytes:
        """What the keys of `needs` begin with."""
        pallet, item = self.needs
        return twox_128(pallet.encode()) + twox_128(item.encode())


CONSEQUENCES = (
    Consequence(
        "timelocked weights that a pulse reveals (Drand)",
        DRAND,
        "block",
        ("Drand", "Pulses"),
        frozenset({"SubtensorModule.TimelockedWeightCommits", "SubtensorModule.TimelockedWeightsRevealed"}),
        frozenset(
            {
                *EPOCH_ITEMS,
                "SubtensorModule.IncentiveAlphaEmittedToMiners",
                "SubtensorModule.LastUpdate",
                "SubtensorModule.Weights",
                "SubtensorModule.WeightsSet",
            }
        ),
    ),
    Consequence(
        "commitments that a pulse reveals (Drand)",
        DRAND,
        "block",
        ("Drand", "Pulses"),
        frozenset({"Commitments.CommitmentOf", "Commitments.CommitmentRevealed", "Commitments.TimelockedIndex"}),
        # The reads and writes of what is revealed are counted in the weight of the block.
        frozenset({"Commitments.RevealedCommitments", "System.BlockWeight"}),
    ),
    Consequence(
        "commits for a round that has passed (Drand)",
        DRAND,
        "call",
        ("Drand", "LastStoredRound"),
        frozenset({"SubtensorModule.InvalidRevealRound"}),
        frozenset(
            {
                "SubtensorModule.LastUpdate",
                "SubtensorModule.TimelockedWeightCommits",
                "SubtensorModule.TimelockedWeightsCommitted",
            }
        ),
    ),
)


def missing_consequences(runtime: Runtime) -> tuple[Consequence, ...]:
    """Return the consequences of what a runtime does not have."""
    return tuple(consequence for consequence in CONSEQUENCES if consequence.is_missing(runtime))


def all_excused(
    consequences: Collection[Consequence], kind: str, differences: Sequence[Pending]
) -> Iterator[tuple[Consequence, list[Pending]]]:
    """Return each consequence that explains some differences of a step of this kind, with these differences."""
    for consequence in consequences:
        if consequence.kind == kind and (excused := consequence.excused(differences)):
            yield consequence, excused
