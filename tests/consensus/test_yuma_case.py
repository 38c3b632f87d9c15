"""Epochs as JSON: what is invalid is refused with its path, and what is at a bound is read."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.consensus.yuma.case import BONDS_BITS_LIMIT, abbreviate, epoch_input, epoch_output
from pysubtensor.consensus.yuma.fast import epoch
from pysubtensor.consensus.yuma.types import EpochInput, InvalidInput

from tests.vectors import load

U16, U64 = 65_535, (1 << 64) - 1


@pytest.fixture
def case() -> dict[str, Any]:
    """A case of 13 neurons."""
    loaded: dict[str, Any] = load("yuma/052_unsorted_and_out_of_range_yuma3la")
    return loaded


Damage = tuple[Any, str]
DAMAGED: list[Damage] = [
    (lambda i: i.pop("kappa"), "kappa: missing"),
    (lambda i: i.update(kappa=65536), "kappa: expected 0 to 65535, got 65536"),
    (lambda i: i.update(kappa=-1), "kappa: expected 0 to 65535, got -1"),
    (lambda i: i.update(current_block=1 << 64), f"current_block: expected 0 to {U64}, got {1 << 64}"),
    (lambda i: i.update(activity_cutoff=-1), f"activity_cutoff: expected 0 to {U64}, got -1"),
    (lambda i: i.update(alpha_sigmoid_steepness=-32_769), "alpha_sigmoid_steepness: expected -32768 to 32767"),
    (lambda i: i.update(alpha_sigmoid_steepness=32_768), "alpha_sigmoid_steepness: expected -32768 to 32767"),
    (lambda i: i.update(tempo="360"), "tempo: expected an integer, got '360'"),
    (lambda i: i.update(tempo=1.5), "tempo: expected an integer, got 1.5"),
    (lambda i: i.update(tempo=True), "tempo: expected an integer, got True"),
    (lambda i: i.update(yuma3_on=1), "yuma3_on: expected true or false, got 1"),
    (lambda i: i.update(n=40_000), "n: expected 0 to 32768, got 40000"),
    (lambda i: i["last_update"].pop(), "last_update: expected length 13, got 12"),
    (lambda i: i.update(last_update=7), "last_update: expected a list, got 7"),
    (lambda i: i["block_at_registration"].__setitem__(2, None), "block_at_registration[2]: expected an integer"),
    (lambda i: i["validator_permits"].__setitem__(1, "yes"), "validator_permits[1]: expected true or false"),
    (lambda i: i["total_stake_bits"].__setitem__(0, "x"), "total_stake_bits[0]: expected a decimal number, got 'x'"),
    (lambda i: i["total_stake_bits"].__setitem__(0, "-5"), "total_stake_bits[0]: expected 0 to"),
    (lambda i: i["total_stake_bits"].__setitem__(0, "9" * 50), "total_stake_bits[0]: expected a decimal number"),
    (lambda i: i.update(owner_uid=13), "owner_uid: expected 0 to 12, got 13"),
    (lambda i: i["total_stake_bits"].__setitem__(0, str(1 << 127)), f"total_stake_bits[0]: expected 0 to {2**127 - 1}"),
    (lambda i: i["total_stake_bits"].__setitem__(0, "٣"), "total_stake_bits[0]: expected a decimal number"),
    (lambda i: i["weights"].pop(), "weights: expected length 13, got 12"),
    (lambda i: i["weights"].__setitem__(0, 3), "weights[0]: expected a list of pairs, got 3"),
    (lambda i: i["weights"].__setitem__(0, [[1]]), "weights[0][0]: expected [uid, value], got [1]"),
    (lambda i: i["weights"].__setitem__(0, [[65536, 1]]), "weights[0][0] (uid): expected 0 to 65535, got 65536"),
    (lambda i: i["weights"].__setitem__(0, [[-1, 1]]), "weights[0][0] (uid): expected 0 to 65535, got -1"),
    (lambda i: i["weights"].__setitem__(0, [[1, 1], 5]), "weights[0][1]: expected [uid, value], got 5"),
    (lambda i: i["weights"].__setitem__(0, [[1, True]]), "weights[0][0] (value): expected an integer, got True"),
    (lambda i: i["bonds"].__setitem__(0, [[1, 65536]]), "bonds[0][0] (value): expected 0 to 65535, got 65536"),
    (lambda i: i["bonds"].__setitem__(3, [[1, 2], [1, 3]]), "bonds[3]: expected each target once"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGED, ids=[message for _, message in DAMAGED])
def test_an_invalid_case_is_refused_with_its_path(case: dict[str, Any], damage: Any, message: str) -> None:
    damage(case["inputs"])
    with pytest.raises(InvalidInput) as refusal:
        epoch_input(case)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("current_block", 0, U64),
        ("tempo", 0, U16),
        ("activity_cutoff", 0, U64),
        ("min_stake", 0, U64),
        ("max_allowed_validators", 0, U16),
        ("kappa", 0, U16),
        ("bonds_penalty", 0, U16),
        ("alpha_low", 0, U16),
        ("alpha_high", 0, U16),
        ("bonds_moving_average", 0, U64),
        ("alpha_sigmoid_steepness", -32_768, 32_767),
        ("last_mechanism_step_block", 0, U64),
        ("rao_emission", 0, U64),
    ],
)
def test_values_up_to_the_bounds_of_their_types_are_read(case: dict[str, Any], field: str, low: int, high: int) -> None:
    for value in (low, high):
        case["inputs"][field] = value
        assert getattr(epoch_input(case), field) == value
    for value in (low - 1, high + 1):
        case["inputs"][field] = value
        with pytest.raises(InvalidInput, match=f"^{field}: expected {low} to {high}, got {value}$"):
            epoch_input(case)


def test_stakes_are_integers_or_decimal_strings(case: dict[str, Any]) -> None:
    case["inputs"]["total_stake_bits"][:4] = [5, " 6 ", str(2**127 - 1), "0" * 40]
    assert epoch_input(case).total_stake[:4] == [5, 6, 2**127 - 1, 0]


def test_weights_at_the_bounds_are_read(case: dict[str, Any]) -> None:
    case["inputs"]["weights"][:2] = [[[U16, U16], [0, 0]], []]
    assert [list(map(tuple, row)) for row in epoch_input(case).weights.to_lists()[:2]] == [[(U16, U16), (0, 0)], []]


def test_the_owner_may_be_the_first_or_the_last_neuron_or_none(case: dict[str, Any]) -> None:
    for owner in (None, 0, 12):
        case["inputs"]["owner_uid"] = owner
        assert epoch_input(case).owner_uid == owner


def test_the_inputs_alone_are_a_case(case: dict[str, Any]) -> None:
    assert epoch_input(case["inputs"]).kappa == epoch_input(case).kappa == case["inputs"]["kappa"]


@pytest.mark.parametrize(("value", "message"), [([], "the case: expected"), ({"inputs": 5}, "inputs: expected")])
def test_a_case_is_an_object(value: object, message: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        epoch_input(value)
    assert str(refusal.value).startswith(f"{message} an object, got ")


def test_long_values_are_abbreviated_in_messages() -> None:
    assert abbreviate("x" * 38) == "'" + "x" * 38 + "'"
    assert abbreviate("x" * 39) == "'" + "x" * 36 + "..."


def test_outputs_of_more_than_128_neurons_omit_the_bits_of_bonds() -> None:
    assert BONDS_BITS_LIMIT == 128
    assert "ema_bonds_bits" in epoch_output(epoch(EpochInput.blank(128)))
    assert "ema_bonds_bits" not in epoch_output(epoch(EpochInput.blank(129)))


def test_a_blank_input_has_no_stake_permits_weights_and_bonds() -> None:
    blank = EpochInput.blank(3)
    assert (blank.n, blank.total_stake, blank.validator_permits.tolist()) == (3, [0, 0, 0], [False] * 3)
    assert blank.weights.to_lists() == blank.bonds.to_lists() == [[], [], []]
    assert (blank.owner_uid, blank.min_stake, blank.rao_emission) == (None, 0, 0)
    assert (blank.kappa, blank.bonds_moving_average, blank.bonds_penalty) == (32_767, 900_000, 65_535)
