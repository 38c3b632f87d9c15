"""`make audit`: what the program for vulnerabilities says, and that silence is not taken for an all-clear."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "audit.sh"


@pytest.mark.parametrize(
    ("program", "code", "message"),
    [
        ("exit 0", 0, ""),
        ("echo 'aiohttp 3.0 CVE-1'; exit 1", 1, ""),
        ("echo 'Connection refused' >&2; exit 1", 3, "nothing is known about one.lock"),
        ("echo 'aiohttp: Dependency not found' >&2; exit 1", 3, "nothing is known about one.lock"),
    ],
)
def test_an_audit_tells_vulnerabilities_from_a_silent_service(
    tmp_path: Path, program: str, code: int, message: str
) -> None:
    auditor = tmp_path / "auditor"
    auditor.write_text(f"#!/bin/sh\n{program}\n")
    auditor.chmod(0o700)
    done = subprocess.run([SCRIPT, auditor, "one.lock", "two.lock"], capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert message in done.stderr
