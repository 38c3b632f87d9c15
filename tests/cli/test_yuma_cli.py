"""The `yuma` commands: output formats, and errors with their location."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pysubtensor.cli.yuma import yuma
from pysubtensor.cli.yuma_tasks import included_scenarios

from tests.vectors import load, yuma_cases

#: Every third case: `tests/consensus` tests the results of epochs, this file how the command prints them.
CASES = yuma_cases()[::3]


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(yuma, [str(argument) for argument in arguments])


@pytest.fixture
def case() -> dict[str, Any]:
    loaded: dict[str, Any] = load("yuma/052_unsorted_and_out_of_range_yuma3la")
    return loaded


def scenario() -> dict[str, Any]:
    return {
        "epochs": 2,
        "validators": [{"name": "Ann", "stake": 10}, {"name": "Bob", "stake": 5}],
        "miners": ["good", "bad"],
        "timeline": [{"epoch": 0, "weights": {"Ann": {"good": 1}, "Bob": {"good": 2, "bad": 1}}}],
    }


def written(folder: Path, value: object, name: str = "input.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


# One epoch


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_run_prints_the_outputs_of_a_case(path: Path) -> None:
    result = call("run", path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(gzip.decompress(path.read_bytes()))["outputs"]


def test_run_prints_a_table_and_compares_it_with_recorded_outputs(tmp_path: Path, case: dict[str, Any]) -> None:
    assert f"All {len(case['outputs'])} outputs equal those in the case." in call("run", written(tmp_path, case)).stdout
    case["outputs"]["dividends"][0] += 1
    shown = call("run", written(tmp_path, case), "--reference").stdout
    assert "Different from the outputs in the case: dividends" in shown


Damage = tuple[Any, str]
#: `tests/consensus/test_yuma_case.py` has the others.
DAMAGED: list[Damage] = [
    (lambda i: i.pop("kappa"), "kappa: missing"),
    (lambda i: i["bonds"].__setitem__(3, [[1, 2], [1, 3]]), "bonds[3]: expected each target once"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGED, ids=[message for _, message in DAMAGED])
def test_an_invalid_case_is_reported_with_its_path(
    tmp_path: Path, case: dict[str, Any], damage: Any, message: str
) -> None:
    damage(case["inputs"])
    path = written(tmp_path, case)
    result = call("run", path, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"Error: {path}: {message}" in result.stderr


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    torn = tmp_path / "torn.json.gz"
    torn.write_bytes(gzip.compress(b"{}" * 1000)[:-9])
    for path, message in [
        (tmp_path / "nowhere.json", "cannot be read: No such file or directory"),
        (tmp_path, "cannot be read: Is a directory"),
        (torn, "cannot be read: "),
        (written(tmp_path, "text", "plain.json.gz"), "cannot be read: Not a gzipped file"),
        (written(tmp_path, '{"n": ', "a.json"), "not JSON: "),
        (written(tmp_path, '{"n": NaN}', "b.json"), "not JSON: "),
        (written(tmp_path, "[" * 5000, "c.json"), "not JSON: "),
        (written(tmp_path, "[]", "d.json"), "the case: expected an object, got []"),
        (written(tmp_path, '{"inputs": 5}', "e.json"), "inputs: expected an object, got 5"),
    ]:
        result = call("run", path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{path}: {message}" in result.stderr


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysubtensor.cli.yuma_tasks.MAX_BYTES", 1 << 20)
    bomb = tmp_path / "bomb.json.gz"
    bomb.write_bytes(gzip.compress(b" " * (2 << 20)))
    result = call("run", bomb)
    assert result.exit_code == 2
    assert "expected at most 1 MiB, got more" in result.stderr


# Many epochs


def series(name: str, *options: str) -> dict[tuple[str, str, str, str], list[float]]:
    """Return one value per epoch by (variant, quantity, neuron, target), read from the CSV."""
    result = call("sim", name, "--csv", "-", *options)
    assert result.exit_code == 0, result.stderr
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(result.stdout)):
        found[row["variant"], row["quantity"], row["neuron"], row["target"]].append(float(row["value"]))
    return found


def test_every_scenario_runs_in_every_variant() -> None:
    assert included_scenarios() == ["bought-stake", "cabal", "honest", "late-copier", "sybil-swarm"]
    assert all(name in call("sim", "--list").stdout for name in included_scenarios())
    for name in included_scenarios():
        found = series(name, "--epochs", "3")
        assert {variant for variant, *_ in found} == {"yuma2", "yuma3", "liquid"}
        for variant in ("yuma2", "yuma3", "liquid"):
            shares = [values[-1] for key, values in found.items() if key[:2] == (variant, "incentive")]
            assert sum(shares) == pytest.approx(1, abs=1e-6)


def test_a_scenario_as_csv_is_the_same_as_json(tmp_path: Path) -> None:
    table = "epoch,validator,stake,good,bad\n0,Ann,10,1,\n0,Bob,5,2,1\n1,Ann,,1,1\n"
    story = scenario()
    story["epochs"] = 21
    story["timeline"].append({"epoch": 1, "weights": {"Ann": {"good": 1, "bad": 1}}})
    from_table, from_json = written(tmp_path, table, "s.csv"), written(tmp_path, story)
    assert call("sim", from_table, "--csv", "-").stdout == call("sim", from_json, "--csv", "-").stdout != ""


def test_the_last_epoch_as_json_and_as_table(tmp_path: Path) -> None:
    path = written(tmp_path, scenario())
    last = json.loads(call("sim", path, "--json", "--variant", "yuma3").stdout)
    assert list(last) == ["yuma3"]
    assert {"quantity": "incentive", "neuron": "bad", "target": "", "value": 0.0} in last["yuma3"]
    assert "66.67" in call("sim", path).stdout


@pytest.mark.parametrize("name", ["picture.png", "picture.svg"])
def test_a_picture_is_drawn(tmp_path: Path, name: str) -> None:
    result = call("sim", written(tmp_path, scenario()), "--plot", tmp_path / name)
    assert result.exit_code == 0, result.stderr
    head = (tmp_path / name).read_bytes()[:200]
    assert head.startswith(b"\x89PNG") if name.endswith("png") else b"<svg" in head or b"<?xml" in head


def test_without_matplotlib_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysubtensor.cli.yuma_plot", None)
    result = call("sim", written(tmp_path, scenario()), "--plot", tmp_path / "p.png")
    assert result.exit_code == 2
    assert "pip install 'pysubtensor[plot]'" in result.stderr


#: `tests/consensus/test_yuma_scenario.py` has the others, and those of tables.
MISTAKES: list[Damage] = [
    (lambda s: s.update(epochs=0), "epochs: expected 1 to 10000, got 0"),
    (
        lambda s: s["timeline"][0].update(copy={"Ann": {"of": "Bob", "delay": 0}}),
        "timeline[0].copy.Ann.delay: expected 1 to 10000, got 0",
    ),
]


@pytest.mark.parametrize(("mistake", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_an_invalid_scenario_is_reported_with_its_path(tmp_path: Path, mistake: Any, message: str) -> None:
    story = scenario()
    mistake(story)
    path = written(tmp_path, story)
    result = call("sim", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {path}: {message}" in result.stderr


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "line 1: expected the columns epoch, validator, stake"),
        ("epoch,validator,stake,m\n0,A,1,x\n", "line 2: m: expected a whole number, got 'x'"),
    ],
)
def test_an_invalid_table_is_reported_with_its_line(tmp_path: Path, table: str, message: str) -> None:
    path = written(tmp_path, table, "scenario.csv")
    result = call("sim", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {path}: {message}" in result.stderr


def test_sim_without_a_scenario_explains_its_arguments(tmp_path: Path) -> None:
    missing, unknown = call("sim"), call("sim", "nonsense")
    picture = call("sim", "honest", "--plot", tmp_path / "p.gif")
    nowhere = call("sim", "honest", "--epochs", "1", "--csv", tmp_path / "no" / "such" / "folder.csv")
    for result, message in [
        (missing, "Missing argument 'SCENARIO'"),
        (unknown, "nonsense: no such file, nor a scenario of that name (bought-stake, cabal"),
        (picture, "expected a file name ending in .png or .svg"),
        (nowhere, "No such file or directory"),
    ]:
        assert result.exit_code == 2
        assert message in result.stderr
        assert "Traceback" not in result.output
