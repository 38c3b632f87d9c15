"""Options that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic for type checkers only in click 8.1

F = TypeVar("F", bound=Callable[..., Any])

url_option = click.option(
    "--url",
    default="ws://localhost:9944",
    show_default=True,
    envvar="PYSUBTENSOR_URL",
    show_envvar=True,
    help="WebSocket address of the node.",
)
