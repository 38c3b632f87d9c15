"""`pysubtensor network`: a chain of several nodes, whose validators agree by CometBFT. See docs/network.md."""

from __future__ import annotations

from .group import network as network
