"""A wallet as bittensor-wallet encrypts it today: its key derivation takes 512 MiB and many seconds."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pysubtensor.cli.wallet_encryption import decrypt
from pysubtensor.cli.wallets import key_of

from tests.vectors import load

pytestmark = pytest.mark.clients


def test_the_encryption_of_today_opens_with_its_password() -> None:
    vectors = load("wallets/keyfiles")
    data = decrypt(base64.b64decode(vectors["files"]["nacl"]), vectors["password"])
    assert key_of(data, Path("coldkey")).address == vectors["address"]
