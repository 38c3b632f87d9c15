"""Text of pages: exact amounts, bounded length, nothing hidden; and whom the server serves."""

from __future__ import annotations

import pytest
from pysubtensor.explorer.guard import Guard
from pysubtensor.explorer.node.values import Account, Variant, bytes_text, clean, plain, text_of
from pysubtensor.explorer.readers import text


@pytest.mark.parametrize(
    ("rao", "decimals", "expected"),
    [
        (0, None, "0 TAO"),
        (1, None, "0.000000001 TAO"),
        (1_234_567_000_000_000, None, "1,234,567 TAO"),
        (1_500_000_000, 2, "1.50 TAO"),
        (1_999_999_999, 2, "2.00 TAO"),
        (-5_000_000_000, None, "−5 TAO"),
        (None, None, "–"),
    ],
)
def test_amounts(rao: int | None, decimals: int | None, expected: str) -> None:
    assert text.amount(rao, decimals=decimals) == expected


def test_times_shares_and_short_forms() -> None:
    assert text.time(1_700_000_000_000) == "2023-11-14 22:13:20"
    assert text.time(None) == text.time(1 << 64) == "–"
    assert text.share(0.12345) == "12.35 %"
    assert text.short("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY") == "5Grwva…GKutQY"


def test_control_characters_and_marks_of_direction_are_visible() -> None:
    assert clean("a\x00b\u202ec") == "a\\u0000b\\u202ec"
    assert bytes_text(b"\xff\xfe") == "0xfffe"
    assert bytes_text("<b>é</b>".encode()) == "<b>é</b>"


def test_text_is_bounded() -> None:
    assert len(clean("x" * 10**6)) == 10_000
    assert len(text_of({"name": b"y" * 10**6})) <= 10_000
    assert plain(list(range(300)))[-1] == "… 44 more"
    deep: object = 0
    for _ in range(100):
        deep = [deep]
    assert "…" in text_of(deep)


def test_values_are_plain() -> None:
    assert plain(Account(bytes(32))) == "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM"
    assert plain(Variant("Some", {"a": (1, True)})) == {"Some": {"a": [1, True]}}
    assert plain(1 << 100) == "1267650600228229401496703205376"
    assert plain(-5) == -5


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("localhost:9980", None, True),
        ("127.0.0.1:9980", "http://127.0.0.1:9980", True),
        ("[::1]:9980", "http://[::1]:9980", True),
        ("evil.example", None, False),
        ("localhost:9980", "http://evil.example", False),
        ("localhost:9980", "http://localhost:9981", False),
        ("localhost:9980", "null", False),
        ("", None, False),
    ],
)
def test_other_names_and_other_pages_are_refused(host: str, origin: str | None, allowed: bool) -> None:
    async def app(*_: object) -> None:
        raise AssertionError

    assert Guard(app, ("localhost", "127.0.0.1", "[::1]")).is_allowed(host, origin) is allowed
