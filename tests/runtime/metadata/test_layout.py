"""The storage layout in metadata: the same one for the same chain, and each difference of another one by name."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.genesis.forks import adopted_parameters, fork_config
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.metadata import encoded_metadata, v14
from pysubtensor.runtime.metadata.layout import Differences, Layout, compare, layout_of, read_layout
from pysubtensor.runtime.scale import ScaleError

from tests import vectors


def genuine(name: str) -> Layout:
    return read_layout(vectors.metadata(f"{name}_v14"))


def own(layout: Layout) -> Layout:
    """Return this runtime's layout with the constants of another chain."""
    return layout_of(v14.build(spec_425(fork_config(layout, "", {}).constants)))


def test_a_chain_has_the_layout_of_its_own_metadata() -> None:
    runtime = spec_425()
    assert compare(layout_of(v14.build(runtime)), read_layout(encoded_metadata(runtime, 14))) == Differences((), (), {})


def test_the_layout_of_spec_393_differs_in_items_that_are_named() -> None:
    theirs = genuine("finney393_reencoded")
    found = compare(own(theirs), theirs)
    # Read in the source of both versions: holds got reasons, limits got kinds, and a default became 0.
    assert found.misread == {
        "Balances.Holds": "its values have another type",
        "SubtensorModule.LastRateLimitedBlock": "its keys have another type",
        "SubtensorModule.NetworkRateLimit": "expected the default 0x0000000000000000, got 0x201c000000000000",
        "System.Events": "its values have another type",
    }
    assert {"SubtensorModule.AlphaV2", "SubtensorModule.Lock", "LimitOrders.Orders"} <= set(found.absent)
    assert {"Swap.Ticks", "Contracts.CodeInfoOf", "SubtensorModule.Rank"} <= set(found.unknown)


def test_hashers_and_defaults_of_spec_218_differ() -> None:
    theirs = genuine("raonet218")
    misread = compare(own(theirs), theirs).misread
    assert misread["SubtensorModule.TaoWeight"] == "expected hashers no key, got Identity"
    assert misread["SubtensorModule.SubnetLimit"] == "expected the default 0x8000, got 0xffff"
    assert misread["SubtensorModule.Alpha"] == "its values have another type"
    assert "SubtensorModule.Weights" not in misread


def test_constants_are_adopted() -> None:
    parameters = adopted_parameters(genuine("raonet218"))
    # Constants of the genuine runtime of spec 218 as its metadata has them.
    assert (parameters["slot_duration_ms"], parameters["tempo"], parameters["subnet_owner_cut"]) == (3000, 99, 5898)
    assert parameters["overrides"]["SubtensorModule.InitialMaxAllowedUids"] == 4096
    assert "System.Version" not in parameters["overrides"]


@pytest.mark.parametrize(
    ("properties", "held"),
    [
        ({"tokenSymbol": "TAO", "tokenDecimals": 9, "ss58Format": 42}, ("TAO", 9, 42)),
        ({"tokenSymbol": ["TESTTAO", "X"], "tokenDecimals": [12], "ss58Format": 7}, ("TESTTAO", 12, 7)),
        ({"tokenSymbol": None, "tokenDecimals": "9", "ss58Format": []}, ("TAO", 9, 42)),
    ],
)
def test_the_properties_of_a_chain_are_adopted(properties: dict[str, Any], held: tuple[str, int, int]) -> None:
    config = fork_config(layout_of(v14.build(spec_425())), "other", properties)
    assert (config.token_symbol, config.token_decimals, config.ss58_format) == held
    assert (config.name, config.chain_type) == ("other", "Development")


@pytest.mark.parametrize("data", [b"", b"meta", b"meta\x0f", b"meta\x0e", b"meta\x0e\xff\xff\xff\xff", b"\x00" * 40])
def test_other_bytes_are_no_layout(data: bytes) -> None:
    with pytest.raises(ScaleError):
        read_layout(data)
