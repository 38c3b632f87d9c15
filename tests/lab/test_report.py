"""The report: one file that asks no other host for anything, and shows texts as text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from pysubtensor.cli import main
from pysubtensor.lab.answers import honest_version
from pysubtensor.lab.reading import study_of
from pysubtensor.lab.report import Played, write_report
from pysubtensor.lab.run import run

DOCUMENT: dict[str, Any] = {
    "title": "<script>alert(1)</script>",
    "epochs": 2,
    "actors": [
        {"name": "honest", "strategy": "validator", "stake": 100},
        {"name": "copier", "strategy": "copier", "stake": 100, "attacker": True},
        {"name": "miner", "strategy": "miner"},
    ],
}
STUDY = """
epochs = 2
[evaluation]
noise = 0.0
[[actors]]
name = "honest"
strategy = "validator"
stake = 100
[[actors]]
name = "lazy"
strategy = "lazy"
attacker = true
stake = 100
[[actors]]
name = "miner"
strategy = "miner"
[sweep]
"actors.lazy.stake" = [50, 100]
[threshold]
path = "actors.lazy.share"
low = 0.2
high = 0.8
tolerance = 0.5
"""


def test_a_report_is_one_file_that_shows_texts_as_text(tmp_path: Path) -> None:
    study = study_of(DOCUMENT, "hostile")
    record = run(study.experiment)
    page = write_report(tmp_path, Played(study, record, run(honest_version(study.experiment))))
    html = page.read_text()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r'(src|href)="(?!data:image/png;base64,)', html)
    assert (tmp_path / "earnings.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_writes_report_pictures_and_tables(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(STUDY)
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["lab", "report", str(tmp_path / "mine.toml"), "--out", str(out), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    names = {path.name for path in out.iterdir()}
    assert names >= {"report.html", "runs.csv", "sweep.png", "threshold.png", "earnings.png", "records"}
    # A validator that never looks again does as well as an honest one where nothing changes.
    assert "does not pay" in (out / "report.html").read_text()
    assert len((out / "runs.csv").read_text().splitlines()) == 1 + 2 * 3


def test_a_misspelt_key_is_named_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(STUDY.replace("noise", "nois"))
    done = CliRunner().invoke(main, ["lab", "run", str(tmp_path / "bad.toml")])
    assert done.exit_code == 2
    assert "evaluation.nois: there is no such key; did you mean noise?" in done.output
