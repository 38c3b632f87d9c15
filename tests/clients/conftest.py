"""The marker of the tests of real clients, and each client's visit."""

from __future__ import annotations

import pytest

from tests.clients.environments import VISITORS
from tests.clients.visits import Visit, receive


@pytest.fixture(scope="session", params=VISITORS)
def visit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The visit of each client, run once for all tests."""
    return receive(request.param, tmp_path_factory.mktemp(request.param))
