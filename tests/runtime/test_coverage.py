"""The page about what of the real chain exists is that of today."""

from __future__ import annotations

from pysubtensor.runtime.composition import spec_425

from tests.genuine.unbuilt import missing_pallets

from .coverage import PAGE, README, Count, of, page, pallets, summary, with_summary
from .test_interface import KNOWN


def test_the_page_is_that_of_today() -> None:
    assert PAGE.read_text() == page(KNOWN), "run `make coverage`"


def test_the_readme_has_the_summary_of_today() -> None:
    readme = README.read_text()
    assert summary() in readme
    assert with_summary(readme) == readme, "run `make coverage`"


def test_only_names_of_the_real_chain_count() -> None:
    assert of(["one", "ours"], ["one", "two"]) == Count(1, 2)
    assert [str(count) for count in (Count(2, 2), Count(1, 2), Count(0, 0))] == ["2", "**1 of 2**", "–"]


def test_each_kind_is_counted() -> None:
    """The numbers of declarations of SubtensorModule in the sources of spec 425."""
    (module,) = (pallet for pallet in pallets() if pallet.name == "SubtensorModule")
    assert [count.real for count in module.counts.values()] == [79, 222, 137, 147, 69]
    assert [count.built for count in module.counts.values()] == [79, 222, 137, 147, 69]


def test_the_pallets_that_are_missing_are_those_that_replays_leave_out() -> None:
    assert [p.name for p in pallets() if not p.exists] == list(missing_pallets(spec_425()).values())
