"""The workflow of examples/ is one that GitHub Actions can read, and its steps do what the guide says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / "examples" / "workflow.yml"
GUIDE = ROOT / "docs" / "continuous-integration.md"


def steps() -> list[dict[str, Any]]:
    """The steps of its one job."""
    (job,) = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def test_the_guide_shows_the_workflow() -> None:
    assert re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL) == [WORKFLOW.read_text()]


def test_it_has_what_a_workflow_needs() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert workflow[True] == ["push", "pull_request"]  # YAML 1.1 reads the key `on` as a truth value
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert (job["runs-on"], job["timeout-minutes"]) == ("ubuntu-latest", 10)
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
    ]


class Runner:
    """Runs steps as GitHub's runner does: each in a shell of its own, in the folder of the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = {"PATH": path, "HOME": str(folder)}

    def run(self, script: str) -> str:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        ran = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """A repository with a test of the guide; the chain that its steps start ends with the test."""
    (tmp_path / "tests").mkdir()
    first = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "testing.md").read_text(), re.DOTALL)[0]
    (tmp_path / "tests" / "test_subnet.py").write_text(first)
    yield Runner(tmp_path)
    if (pid := tmp_path / "pid").exists():
        os.kill(int(pid.read_text()), signal.SIGTERM)


def test_its_steps_run(runner: Runner) -> None:
    """All but the installation, which needs the network; and on a free port instead of 9944."""
    scripts = [step["run"] for step in steps() if "run" in step]
    install, tests, start, connect, log = scripts
    assert install.startswith("pip install ")
    assert "1 passed" in runner.run(tests)
    assert start.count("pysubtensor devnet ") == start.count("&\n") == 1
    runner.run(start.replace("devnet ", "devnet --port 0 ").replace("&\n", "&\necho $! > pid\n"))
    runner.environment["PYSUBTENSOR_URL"] = json.loads((runner.folder / "accounts.json").read_text())["url"]
    assert "apex" in runner.run(connect)
    assert "//Alice" in runner.run(log)


def test_the_loops_of_the_guide_wait_for_the_chain(runner: Runner) -> None:
    (loop,) = re.findall(r"`(timeout 60 sh -c .*?)`", GUIDE.read_text())
    runner.run("pysubtensor devnet --port 0 --accounts-json accounts.json > devnet.log 2>&1 &\necho $! > pid")
    runner.run("timeout 60 sh -c 'until [ -e accounts.json ]; do sleep 0.1; done'")
    runner.environment["PYSUBTENSOR_URL"] = json.loads((runner.folder / "accounts.json").read_text())["url"]
    runner.run(loop)
