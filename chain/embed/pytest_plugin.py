"""The pytest plugin of pysubtensor. It is an entry point, so that nothing has to be imported:

    def test_weights(chain):
        subnet = chain.subnet(validators=1, miners=2)
        …

| fixture | what it is |
|---|---|
| `chain` | a `Chain`: made once for a session, and reverted after each test, and after each example of Hypothesis |
| `chain_url` | the address of this chain for real clients; blocks are made as soon as a transaction is ready |
| `alice`, `bob`, `charlie`, `dave`, `eve`, `ferdie` | keys of funded accounts; `alice` has the sudo key |

`@pytest.mark.chain(tempo=5)` sets parameters of the chain. `@pytest.mark.scenario("name")` sets it up, once for all
tests with it, by one of

* a file, "my-subnet.toml", beside the file of the test, or an included scenario such as "one-subnet": the fixture
  `scenario` is the tuple of its subnets;
* a function of the chain, in the module of the test, as "module:name", or itself as `scenario(setup=function)`: the
  fixture `scenario` is what it returned.

The chain is imported by the first test that uses it: this file must cost nothing where it is not used.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from ...genesis.scenarios import Scenario
    from ...runtime.crypto import Keypair
    from .chain import Chain

#: Blocks with transactions that the report of a failed test shows.
SHOWN_BLOCKS = 5

Setup = Callable[["Chain"], Any]


class ScenarioFile(NamedTuple):
    """A scenario of a file, or an included one."""

    source: str

    def read(self) -> Scenario:
        """Return the scenario; raises UsageError, which names the file and what is wrong in it."""
        from ...genesis.scenarios import ScenarioError, read_scenario

        try:
            return read_scenario(self.source)
        except ScenarioError as error:
            raise pytest.UsageError(f"scenario: {error}") from None

    def __call__(self, chain: Chain) -> Any:
        """Play it on a chain, and return its subnets."""
        from ..cheats.scenarios import play
        from ..errors import ChainError

        try:
            return play(chain, self.read())
        except ChainError as error:
            raise pytest.UsageError(f"scenario: {Path(self.source).name}: {error}") from None


class Prepared(NamedTuple):
    """A chain of the session, and what its scenario returned."""

    chain: Chain
    outcome: Any


class Chains:
    """The chains of a session by their parameters and scenario, each made when a test first needs it."""

    def __init__(self) -> None:
        self._made: dict[Any, Prepared] = {}
        #: The chain of the present test, and its block when the test began.
        self.current: Chain | None = None
        self.began = 0

    def get(self, parameters: dict[str, Any], setup: Setup | None) -> Prepared:
        """Return the chain with these parameters, after its scenario."""
        from .chain import Chain

        key = repr(sorted(parameters.items())), setup
        found = self._made.get(key)
        if found is None or not found.chain.is_open:
            if isinstance(setup, ScenarioFile):
                parameters = {**setup.read().chain, **parameters}
            chain = Chain.dev(**parameters)
            found = self._made[key] = Prepared(chain, None if setup is None else setup(chain))
        return found

    def close(self) -> None:
        """Close all chains."""
        for prepared in self._made.values():
            prepared.chain.close()


CHAINS = pytest.StashKey[Chains]()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.stash[CHAINS] = Chains()
    config.addinivalue_line("markers", "chain(**parameters): parameters of the fixture chain, as of Chain.dev")
    config.addinivalue_line(
        "markers", "scenario(name): the file or the function that sets up the fixture chain, once for all tests"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the chains of the session."""
    config.stash[CHAINS].close()


# --- fixtures --------------------------------------------------------------------------------------------------


@pytest.fixture
def _prepared(request: pytest.FixtureRequest) -> Iterator[Prepared]:
    chains = request.config.stash[CHAINS]
    prepared = chains.get(parameters_of(request.node), setup_of(request.node))
    chain = prepared.chain
    with chain.anchor():
        chains.current, chains.began = chain, chain.head.number
        yield prepared
        chains.current = None


@pytest.fixture
def chain(_prepared: Prepared) -> Chain:
    """A chain for tests with funded accounts, which is reverted after the test."""
    return _prepared.chain


@pytest.fixture
def scenario(_prepared: Prepared) -> Any:
    """The subnets of the marker `scenario`, or what its function returned."""
    return _prepared.outcome


@pytest.fixture
def chain_url(chain: Chain) -> Iterator[str]:
    """The address of the fixture `chain` for clients: `ws://127.0.0.1:…`."""
    with chain.serve() as server:
        yield server.url


def _account(name: str) -> Any:
    def account() -> Keypair:
        from ...genesis.accounts import keypair

        return keypair(name)

    account.__doc__ = f"The key of the funded account //{name}."
    return pytest.fixture(scope="session", name=name.lower())(account)


alice, bob, charlie = _account("Alice"), _account("Bob"), _account("Charlie")
dave, eve, ferdie = _account("Dave"), _account("Eve"), _account("Ferdie")


# --- markers ---------------------------------------------------------------------------------------------------


def parameters_of(item: pytest.Item) -> dict[str, Any]:
    """Return the parameters of the chain of a test: of all its markers, the nearest one last."""
    parameters: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("chain"))):
        if marker.args:
            raise pytest.UsageError(f"{item.nodeid}: expected named parameters, as in @pytest.mark.chain(tempo=5)")
        parameters |= marker.kwargs
    return parameters


def setup_of(item: pytest.Item) -> Setup | None:
    """Return what sets up the chain of a test, None without a scenario."""
    marker = item.get_closest_marker("scenario")
    if marker is None:
        return None
    wanted = marker.kwargs.get("setup", *marker.args[:1])
    found = named_setup(item, wanted) if isinstance(wanted, str) else wanted
    if not callable(found):
        from ...genesis.scenarios import names

        came = marker.args or marker.kwargs
        raise pytest.UsageError(
            f"{item.nodeid}: expected scenario(setup=function), or the name of a file that ends with .toml, of one of "
            f"{', '.join(names())}, or of a function in this module or as module:name, got {came}"
        )
    setup: Setup = found
    return setup


def named_setup(item: pytest.Item, name: str) -> Any:
    """Return a file beside that of the test, a function, or an included scenario by its name; None if there is none."""
    if name.endswith(".toml"):
        return ScenarioFile(str(item.path.parent / name))
    module, _, function = name.rpartition(":")
    place = import_module(module) if module else getattr(item, "module", None)
    found = getattr(place, function, None)
    if found is None and not module:
        from ...genesis.scenarios import names

        return ScenarioFile(name) if name in names() else None
    return found


# --- Hypothesis ------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Revert the chain after each example of Hypothesis, and not only after the test."""
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    current = item.config.stash[CHAINS].current
    if handle is None or current is None:
        return (yield)
    inner = handle.inner_test
    handle.inner_test = isolated(inner, current)
    _allow_fixtures(item)
    try:
        return (yield)
    finally:
        handle.inner_test = inner


def isolated(inner: Callable[..., Any], chain: Chain) -> Callable[..., Any]:
    """Return the function of an example in an anchor of its own."""
    if inspect.iscoroutinefunction(inner):

        @functools.wraps(inner)
        async def run_later(*args: Any, **kwargs: Any) -> Any:
            with chain.anchor():
                return await inner(*args, **kwargs)

        return run_later

    @functools.wraps(inner)
    def run(*args: Any, **kwargs: Any) -> Any:
        with chain.anchor():
            return inner(*args, **kwargs)

    return run


#: The fixtures of this file that are reset for each example.
OWN = ("_prepared", "chain", "chain_url", "scenario")


def _allow_fixtures(item: Any) -> None:
    """Let Hypothesis accept the fixtures of this file, which are made once for a test but reset for each example."""
    fixtures = item._fixtureinfo.name2fixturedefs
    used = inspect.signature(item.function).parameters
    others = [name for name in used if name not in OWN and any(f.scope == "function" for f in fixtures.get(name, ()))]
    if others:
        return  # they are not reset, and Hypothesis says so
    from hypothesis import HealthCheck, settings

    function = getattr(item.obj, "__func__", item.obj)
    given: Any = getattr(function, "_hypothesis_internal_use_settings", settings.default)
    allowed = {*given.suppress_health_check, HealthCheck.function_scoped_fixture}
    function._hypothesis_internal_use_settings = settings(parent=given, suppress_health_check=allowed)


# --- failures --------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Add the last blocks of the chain to the report of a failed test."""
    report = yield
    chains = item.config.stash[CHAINS]
    if report.failed and call.when == "call" and chains.current is not None and chains.current.is_open:
        from ..cheats.report import describe_last

        with contextlib.suppress(Exception):  # the report is about the test, whatever the test did to the chain
            lines = describe_last(chains.current, SHOWN_BLOCKS, chains.began + 1)
            report.sections.append((f"chain at block {chains.current.head.number}", "\n".join(lines)))
    return report
