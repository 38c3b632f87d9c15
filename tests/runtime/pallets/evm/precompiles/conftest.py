"""A world in which every function of the precompiles can succeed, and a frame to call them from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.runtime import Runtime

from tests.runtime.pallets.evm.precompiles.world import build


@pytest.fixture(scope="package")
def built(runtime: Runtime) -> Context:
    """The world of `world.build`, built once."""
    return build(runtime)


@pytest.fixture
def ctx(built: Context) -> Iterator[Context]:
    """The world; what a test changes is undone."""
    mark = built.block.mark()
    with built.state.anchor():
        yield built
    built.block.rewind(mark)
