"""The replay of genuine scripts notices each kind of fault.

`tests/runtime/test_genuine_scripts.py` replays all scripts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.runtime.apis import APIS as BUILT_APIS
from pysubtensor.runtime.composition import PALLETS as BUILT_PALLETS

from tests.genuine import unbuilt
from tests.genuine.__main__ import main
from tests.genuine.replay import replay

SCRIPTS = Path(__file__).parent / "scripts"
FILES = sorted(SCRIPTS.glob("*.json.gz"))
#: A short script in which most kinds of steps occur.
SHORT = SCRIPTS / "difference_share_50.json.gz"

Document = dict[str, Any]


def test_what_is_listed_as_missing_is_missing() -> None:
    """Remove what was built from the lists of unbuilt.py."""
    built = {pallet.index: pallet for pallet in BUILT_PALLETS}
    assert not unbuilt.PALLETS.keys() & built.keys()
    assert not unbuilt.SUBTENSOR_CALLS.keys() & built[unbuilt.SUBTENSOR].calls.keys()
    assert not set(unbuilt.APIS) & {api.name for api in BUILT_APIS}


# --- the replay notices faults ---------------------------------------------------------------------------------


def flipped(text: str) -> str:
    """Return a hexadecimal string whose last byte has another lowest bit."""
    return text[:-2] + f"{int(text[-2:], 16) ^ 1:02x}"


def first(document: Document, fits: Callable[[Document], bool]) -> Document:
    """Return the first step that fits, from the back: there the fault has no effect on what follows."""
    return next(step for step in reversed(document["steps"]) if fits(step))


def change_events(document: Document) -> None:
    step = first(document, lambda step: "call" in step and bool(step["events"]))
    step["events"][0] = flipped(step["events"][0])


def change_block_events(document: Document) -> None:
    block = first(document, lambda step: "block" in step and bool(step["blocks"][0]["initialize_events"]))["blocks"][0]
    block["initialize_events"][0] = flipped(block["initialize_events"][0])


def change_block_weight(document: Document) -> None:
    block = first(document, lambda step: "block" in step)["blocks"][0]
    block["initialize_weight"] = flipped(block["initialize_weight"])


def change_result(document: Document) -> None:
    first(document, lambda step: step.get("result") == "ok")["result"] = {"module": 7, "error": 1, "name": "changed"}


def change_info(document: Document) -> None:
    first(document, lambda step: "info" in step)["info"]["class"] = "Mandatory"


def change_post(document: Document) -> None:
    first(document, lambda step: "post" in step)["post"]["pays_fee"] = "No"


def change_answer(document: Document) -> None:
    step = first(document, lambda step: "api" in step)
    step["value"] = flipped(step["value"])


def change_digest(document: Document) -> None:
    document["digest"] = flipped(document["digest"])


def change_validity(document: Document) -> None:
    step = first(document, lambda step: "xt" in step and step["validity"].startswith("01"))
    step["validity"] = flipped(step["validity"])


def change_extrinsic_result(document: Document) -> None:
    step = first(document, lambda step: "xt" in step and step["result"].startswith("01"))
    step["result"] = flipped(step["result"])


def written(document: Document, folder: Path) -> Path:
    """Write a script to a file."""
    path = folder / "changed.json.gz"
    path.write_bytes(gzip.compress(json.dumps(document).encode(), compresslevel=1))
    return path


def read(path: Path) -> Document:
    document: Document = json.loads(gzip.decompress(path.read_bytes()))
    return document


@pytest.mark.parametrize(
    ("change", "kind", "source"),
    [
        (change_events, "events", SHORT),
        (change_block_events, "events", SHORT),
        (change_block_weight, "block weight", SHORT),
        (change_result, "result", SHORT),
        (change_post, "post", SHORT),
        (change_answer, "answer", SHORT),
        (change_digest, "digest", SHORT),
        (change_validity, "validity", SCRIPTS / "extrinsics_07.json.gz"),
        (change_extrinsic_result, "result", SCRIPTS / "extrinsics_07.json.gz"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_changed_byte_is_one_difference_more(
    change: Callable[[Document], None], kind: str, source: Path, tmp_path: Path
) -> None:
    document = read(source)
    change(document)
    before, after = replay(source).kinds, replay(written(document, tmp_path)).kinds
    assert after - before == {kind: 1}
    assert not before - after


def test_bytes_of_a_missing_call_in_the_place_of_one_that_is_built_are_a_difference(tmp_path: Path) -> None:
    """Not a call that is not built: the script names the call that it made."""
    document = read(SHORT)
    step = next(step for step in document["steps"] if step.get("call", "").startswith("07"))
    step["call"] = f"{min(unbuilt.PALLETS):02x}{step['call'][2:]}"
    found = replay(written(document, tmp_path))
    assert found.kinds["result"] == 1
    assert not found.unbuilt


def test_a_changed_class_is_a_difference(tmp_path: Path) -> None:
    document = read(SHORT)
    change_info(document)
    named = replay(written(document, tmp_path)).named
    assert [found for found in named if found.kind == "info" and "'class': 'Mandatory'" in found.genuine]


def test_a_changed_value_in_a_diff_is_named_and_changes_the_digest(tmp_path: Path) -> None:
    """The last step that writes a balance: item, account, and both values are named."""
    document = read(SHORT)
    account = "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
    step = first(document, lambda step: "call" in step and any(key.startswith(account) for key in step["diff"]))
    key = next(key for key in step["diff"] if key.startswith(account))
    step["diff"][key] = flipped(step["diff"][key])
    before, after = replay(SHORT).kinds, replay(written(document, tmp_path))
    assert after.kinds - before == {"storage System.Account": 1, "digest": 1}
    named = next(found for found in after.named if found.kind == "storage System.Account")
    assert f"0x{key}" in named.where
    assert 'System.Account("5' in named.where
    assert named.genuine.endswith(f"0x{step['diff'][key]}")


def test_a_key_that_ours_alone_changes_is_a_difference(tmp_path: Path) -> None:
    document = read(SHORT)
    step = first(document, lambda step: "call" in step and bool(step["diff"]))
    key, _ = step["diff"].popitem()
    found = replay(written(document, tmp_path))
    where = f"step {document['steps'].index(step)}, "
    assert [difference for difference in found.named if where in difference.where and f"0x{key}" in difference.where]
    assert found.kinds["digest"] == 1


def test_genuine_panics_are_expected_to_raise(tmp_path: Path) -> None:
    """Ours did not in this call: one difference. The block after a panic is begun as usual."""
    document = read(SHORT)
    first(document, lambda step: step.get("result") == "ok")["result"] = {"panic": "overflow"}
    assert replay(written(document, tmp_path)).kinds - replay(SHORT).kinds == {"result": 1}


# --- the command line ------------------------------------------------------------------------------------------


def test_exit_status_and_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    found = replay(SHORT)
    status = main([str(SHORT), "--limit", "1"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert status == (1 if found.kinds else 0)
    assert last == f"1 files, {found.steps} steps, {found.kinds.total()} differences, {found.unbuilt.total()} not built"


def test_several_processes_find_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in FILES[:3]]
    status = main(files)
    alone = capsys.readouterr().out
    assert main([*files, "--jobs", "2"]) == status
    assert capsys.readouterr().out == alone


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b"no JSON"), gzip.compress(b"[]"), gzip.compress(b'{"format": 2, "steps": []}')],
)
def test_files_that_are_no_scripts_are_status_2(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json.gz"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    assert capsys.readouterr().out.splitlines()[-1] == "1 files, 0 steps, 0 differences, 0 not built"


def test_a_step_of_no_known_kind_is_status_2(tmp_path: Path) -> None:
    document = read(SHORT)
    document["steps"].append({"unknown": 1})
    assert main([str(written(document, tmp_path))]) == 2


@pytest.mark.parametrize(
    ("kind", "part", "value"),
    [
        ("call", "call", None),
        ("call", "call", "0"),
        ("call", "events", ["zz"]),
        ("call", "diff", {"00": 1}),
        ("call", "diff", []),
        ("call", "result", 5),
        ("block", "block", "1"),
        ("block", "blocks", [1]),
        ("api", "api", 1),
        ("api", "args", []),
    ],
)
def test_a_step_of_the_wrong_form_is_status_2(kind: str, part: str, value: Any, tmp_path: Path) -> None:
    document = read(SHORT)
    step = next(step for step in document["steps"] if kind in step)
    step[part] = value
    assert main([str(written(document, tmp_path))]) == 2


def test_calls_that_are_missing_are_counted_apart(tmp_path: Path) -> None:
    """The first call of the script becomes one of the pallet Contracts."""
    document = read(SHORT)
    step = next(step for step in document["steps"] if "call" in step)
    step |= {"call": "1d00" + step["call"], "note": "Contracts.call"}
    assert replay(written(document, tmp_path)).unbuilt["call Contracts.call"] == 1
