"""Every intent of the SDK 11.0.0 succeeds, and every read answers."""

from __future__ import annotations

import pytest

from tests.clients.surface import Surface, explore
from tests.clients.visits import PATIENCE_S

pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]


@pytest.fixture(scope="module")
def surface(tmp_path_factory: pytest.TempPathFactory) -> Surface:
    return explore(tmp_path_factory.mktemp("surface"))


def test_every_intent_is_executed(surface: Surface) -> None:
    assert len(surface.intents) == 73
    assert {op: outcome for op, outcome in surface.intents.items() if outcome != "ok"} == {}


def test_every_read_answers(surface: Surface) -> None:
    assert len(surface.reads) == 82
    assert {name: outcome for name, outcome in surface.reads.items() if outcome != "ok"} == {}
