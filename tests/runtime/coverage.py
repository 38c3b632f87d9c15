"""What of the real chain exists, counted: our declarations against the record of the real interface.

    python -m tests.runtime.coverage    write docs/coverage.md, and the summary in README.md (`make coverage`)

`test_interface.py` compares the declarations themselves. FRAME's pallets are those of the metadata of spec 393, all
others those of the sources of spec 425.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pysubtensor.chain.rpc.table import METHODS, REFUSED
from pysubtensor.runtime.composition import spec_425

from tests.vectors import load

ROOT = Path(__file__).resolve().parents[2]
PAGE, README = ROOT / "docs" / "coverage.md", ROOT / "README.md"
KINDS = ("calls", "storage", "events", "errors", "constants")
#: Where the README has the summary.
BEGIN, END = "<!-- make coverage -->", "<!-- end -->"
#: A name of a method: its namespace, with the version if it has one.
NAMESPACE = re.compile(r"[a-zA-Z]+(_v1)?(?=_)|.*")


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a kind exist, of how many on the real chain."""

    built: int
    real: int

    def __add__(self, other: Count) -> Count:
        return Count(self.built + other.built, self.real + other.real)

    def __str__(self) -> str:
        if self.real == 0:
            return "–"
        return f"{self.built}" if self.built == self.real else f"**{self.built} of {self.real}**"


def of(ours: Iterable[str], theirs: Iterable[str]) -> Count:
    """Count the names of the real chain that we have."""
    real = set(theirs)
    return Count(len(real & set(ours)), len(real))


@dataclass(frozen=True, slots=True)
class Pallet:
    """A pallet of the real runtime, and how much of it exists; nothing if we do not have it."""

    name: str
    index: int
    exists: bool
    counts: dict[str, Count]


def pallets() -> list[Pallet]:
    """Return the pallets of the real runtime in its order."""
    newer, ours = load("interface/runtime_425"), {pallet.name: pallet for pallet in spec_425().pallets}
    real = {pallet["name"]: pallet for pallet in load("interface/runtime_393")["pallets"]}
    real |= {pallet["name"]: pallet for pallet in newer["pallets"]}
    found = []
    for entry in newer["construct_runtime"]:
        name, mine = entry["name"], names_of(ours.get(entry["name"]))
        counts = {kind: of(mine[kind], [each["name"] for each in real[name][kind] or []]) for kind in KINDS}
        found.append(Pallet(name, entry["index"], name in ours, counts))
    return found


def names_of(pallet: Any) -> dict[str, list[str]]:
    """Return the names that one of our pallets declares, by kind."""
    if pallet is None:
        return {kind: [] for kind in KINDS}
    return {
        "calls": [call.name for call in pallet.calls.values()],
        "storage": list(pallet.storage),
        "events": [event.__name__ for event in variants(pallet.event)],
        "errors": [error.name for error in pallet.error or ()],
        "constants": list(pallet.constants),
    }


def variants(event: Any) -> list[Any]:
    """Return the classes of the events of a pallet."""
    return [] if event is None else list(event.__subclasses__())


def apis() -> dict[str, Count]:
    """Return the runtime APIs of the real runtime, by name, with their methods."""
    ours = [exported.partition("_") for exported in spec_425().api_methods]
    real = {api["name"]: api for api in load("interface/runtime_393")["runtime_apis"]}
    real |= {api["name"]: api for api in load("interface/runtime_425")["runtime_apis"]}
    return {
        name: of([method for api, _, method in ours if api == name], [method["name"] for method in api["methods"]])
        for name, api in real.items()
    }


def namespaces() -> dict[str, list[str]]:
    """Return the JSON-RPC methods that a node serves, by namespace."""
    found: dict[str, list[str]] = {}
    for name in sorted(METHODS):
        match = NAMESPACE.match(name)
        found.setdefault(match.group() if match else name, []).append(name)
    return found


# --- the page --------------------------------------------------------------------------------------------------

TOP = """# What of the real chain exists

Spec version 425, counted from the declarations by `make coverage`; a test fails when this page is stale.
A number stands for all of them, **a of b** for a part.

{summary}"""

DIFFERENCES = """## Known differences

* **One author.** There are no peers, and no votes: finality follows
  [a rule](clients.md#when-blocks-are-final).
* **No WebAssembly.** The runtime is Python, and no code in storage is executed: `System.set_code` always fails, and
  `System.set_code_without_checks` stores code without effect.
* **Traces and keys over RPC** are refused as by a node with `--rpc-methods=safe`: `state_traceBlock`
  and the others above.
* **Forks** have another state root, unless the whole state is read ([State roots](fork.md#state-roots)).
* In the declarations, all but these are equal to the real chain's, types and indices included:

{known}
"""


def rows(header: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown."""
    titles = list(header)
    table = [titles, ["---"] * len(titles), *([str(cell) for cell in line] for line in lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in table) + "\n"


def summary() -> str:
    """Return what exists in three sentences."""
    found, methods = pallets(), sum(apis().values(), Count(0, 0))
    whole = {kind: sum((pallet.counts[kind] for pallet in found), Count(0, 0)) for kind in KINDS}
    missing = [pallet.name for pallet in found if not pallet.exists]
    calls, storage, events = (whole[kind] for kind in ("calls", "storage", "events"))
    served = len([name for name in METHODS if not METHODS[name].dev and name not in REFUSED])
    pallets_text = f"{len(found) - len(missing)} of {len(found)} pallets of spec 425"
    return (
        f"* {pallets_text}{f', all but {join(missing)}' if missing else ''}.\n"
        f"* {calls.built} of {calls.real} calls, {storage.built} of {storage.real} storage items, "
        f"{events.built} of {events.real} events.\n"
        f"* {methods.built} of {methods.real} methods of runtime APIs, and {served} JSON-RPC methods.\n"
    )


def join(names: list[str]) -> str:
    """Return names as text: `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def page(known: dict[str, str]) -> str:
    """Return the whole page; `known` are the differences that `test_interface.py` allows, each with its reason."""
    parts = [
        TOP.format(summary=summary()),
        "## Pallets\n",
        rows(["pallet", "index", *KINDS], pallet_rows()),
        "## Runtime APIs\n",
        rows(["API", "methods"], ([name, count] for name, count in apis().items())),
        "## JSON-RPC\n",
        "All methods are listed by `rpc_methods`. Those for chains for tests are [on their own page](dev-rpc.md).\n",
        rows(["namespace", "methods", "refused"], rpc_rows()),
        DIFFERENCES.format(known="\n".join(f"    * `{path}`: {reason}" for path, reason in known.items())),
    ]
    return "\n".join(parts)


def pallet_rows() -> Iterator[list[object]]:
    for pallet in pallets():
        counts = [pallet.counts[kind] for kind in KINDS]
        shown: list[object] = [*counts] if pallet.exists else [f"0 of {c.real}" if c.real else "–" for c in counts]
        yield [pallet.name, pallet.index, *shown]


def rpc_rows() -> Iterator[list[object]]:
    for namespace, names in namespaces().items():
        refused = [f"`{name}`" for name in names if name in REFUSED]
        served = len(names) - len(refused)
        if not METHODS[names[0]].dev:
            yield [f"`{namespace}`", served or "–", ", ".join(refused)]


def with_summary(readme: str) -> str:
    """Return the README with the summary of today."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{summary()}\n{END}{rest.partition(END)[2]}"


def write() -> None:
    """Write the page and the README again."""
    from tests.runtime.test_interface import KNOWN

    PAGE.write_text(page(KNOWN))
    README.write_text(with_summary(README.read_text()))


if __name__ == "__main__":
    write()
