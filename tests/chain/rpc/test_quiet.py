"""When a client counts as quiet, with pings and time that the test makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.chain.rpc.quiet import LIMIT_S, PAUSE_S, PAYLOAD, Quiet


class Timer:
    """An action that is due later, unless it is cancelled."""

    def __init__(self, seconds: float, run: Callable[[], None]) -> None:
        self.seconds, self.run, self.open = seconds, run, True

    def cancel(self) -> None:
        self.open = False


class Scene:
    """A client whose answers to pings the test makes, and a loop whose timers it runs."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []
        self.pings = 0
        self.done: list[int] = []
        self.quiet = Quiet(self._ping)

    def _ping(self, payload: bytes) -> None:
        assert payload == PAYLOAD
        self.pings += 1

    def call_later(self, seconds: float, action: Callable[..., None], *arguments: Any) -> Timer:
        self.timers.append(Timer(seconds, lambda: action(*arguments)))
        return self.timers[-1]

    def wait(self, name: int) -> None:
        self.quiet.wait(lambda: self.done.append(name))

    def pong(self) -> None:
        self.quiet.pong(PAYLOAD)

    def pass_time(self, seconds: float) -> None:
        """Run the timers of this duration."""
        due = [timer for timer in self.timers if timer.open and timer.seconds == seconds]
        self.timers = [timer for timer in self.timers if timer not in due]
        for timer in due:
            timer.run()


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


def test_a_client_that_asks_nothing_is_quiet_after_two_pings(scene: Scene) -> None:
    scene.wait(1)
    assert (scene.pings, scene.done) == (1, [])
    scene.pong()
    assert (scene.pings, scene.done) == (1, []), "it may still begin to ask"
    scene.pass_time(PAUSE_S)
    assert (scene.pings, scene.done) == (2, [])
    scene.pong()
    assert (scene.pings, scene.done) == (2, [1])
    scene.pass_time(LIMIT_S)
    assert scene.done == [1], "once"


def test_each_request_begins_the_wait_again_behind_its_answer(scene: Scene) -> None:
    scene.wait(1)
    for asked in range(1, 6):
        scene.quiet.disturb()
        scene.pong()  # this ping was sent before the answer
        assert (scene.pings, scene.done) == (2 * asked, [])
        scene.pong()
        scene.pass_time(PAUSE_S)
        assert scene.pings == 2 * asked + 1
    scene.pong()
    assert scene.done == [1]


def test_a_request_in_the_pause_begins_the_wait_again(scene: Scene) -> None:
    scene.wait(1)
    scene.pong()
    scene.quiet.disturb()
    assert scene.pings == 2
    scene.pass_time(PAUSE_S)
    assert scene.pings == 2, "one ping at a time"
    scene.pong()
    assert scene.done == []
    scene.pass_time(PAUSE_S)
    scene.pong()
    assert scene.done == [1]


def test_what_begins_to_wait_later_has_its_own_wait_and_the_order_stays(scene: Scene) -> None:
    scene.wait(1)
    scene.pong()
    scene.pass_time(PAUSE_S)
    scene.wait(2)
    scene.pong()
    assert scene.done == []
    scene.pong()
    scene.pass_time(PAUSE_S)
    scene.pong()
    assert scene.done == [1, 2]


def test_a_client_that_never_answers_or_never_stops_is_waited_for_until_the_limit(scene: Scene) -> None:
    scene.wait(1)
    scene.pass_time(LIMIT_S)
    assert scene.done == [1]
    scene.pong()
    scene.wait(2)
    scene.quiet.disturb()
    scene.pong()
    scene.pass_time(LIMIT_S)
    assert scene.done == [1, 2]


def test_other_pongs_count_for_nothing(scene: Scene) -> None:
    scene.wait(1)
    for payload in (b"", b"heartbeat", PAYLOAD[:-1]):
        scene.quiet.pong(payload)
        scene.pass_time(PAUSE_S)
    assert (scene.pings, scene.done) == (1, [])


def test_without_anything_that_waits_there_are_no_pings(scene: Scene) -> None:
    scene.quiet.disturb()
    scene.quiet.pong(PAYLOAD)
    assert (scene.pings, scene.timers) == (0, [])


def test_a_client_that_left_is_waited_for_no_longer(scene: Scene) -> None:
    scene.wait(1)
    scene.quiet.close()
    scene.pass_time(LIMIT_S)
    scene.pong()
    scene.pass_time(PAUSE_S)
    scene.pong()
    assert scene.done == []
