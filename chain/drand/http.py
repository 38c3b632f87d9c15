"""A client of drand's HTTP API, which brings new pulses to the authors of a chain.

It follows the genuine node's worker: it asks for the latest round, then for each round after the last stored one, 50 at
most; a chain without pulses begins with the latest. Answers are not trusted: their size and time are limited,
redirections are not followed, and a pulse counts if the beacon has signed it for the round that was asked for.
"""

from __future__ import annotations

import asyncio
import logging

import aiohttp

from ...runtime import beacon
from ...runtime.beacon import Pulse
from ..chain import Blockchain
from ..pulses import WaitingPulses
from .answers import MAX_ANSWER, DrandError, read_answer

#: The least time between two requests for the latest round, in seconds.
LEAST_PAUSE_S = 1

log = logging.getLogger(__name__)


class DrandClient:
    """Fetches the pulses of a chain's beacon from an address such as https://api.drand.sh."""

    def __init__(self, chain: Blockchain, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise DrandError(f"expected an address that begins with http:// or https://, got {url!r:.80}")
        self._chain, self._url = chain, url.rstrip("/")
        self._pulses = WaitingPulses()
        chain.pulses = self._pulses

    async def run(self) -> None:
        """Fetch what is new once in each period of the beacon, until cancelled."""
        async with self.session() as session:
            while True:
                try:
                    await self.fetch(session)
                except (DrandError, aiohttp.ClientError, TimeoutError) as error:
                    log.warning("no pulse from %s: %s", self._url, error or type(error).__name__)
                period = beacon.beacon_of(self._chain.context()).period
                await asyncio.sleep(max(period, LEAST_PAUSE_S))

    def session(self) -> aiohttp.ClientSession:
        """Return a session with the time limit of the genuine node; it does not decompress, which could take long."""
        limit = beacon.fetch_timeout_ms(self._chain.context()) / 1000
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=limit), auto_decompress=False)

    async def fetch(self, session: aiohttp.ClientSession) -> list[int]:
        """Fetch the pulses that the chain wants, and return their rounds.

        Raise DrandError, TimeoutError or aiohttp.ClientError when one of them is not to be had; those before it count.
        """
        ctx = self._chain.pending_context()
        if not beacon.accepts_pulses(ctx):
            return []
        latest = await self._get(session, None)
        found = []
        for number in beacon.wanted_rounds(ctx, latest.round):
            if not self._pulses.has(number):
                pulse = latest if number == latest.round else await self._get(session, number)
                self._pulses.add(self._chain.pending_context(), [pulse])
                found.append(number)
        return found

    async def _get(self, session: aiohttp.ClientSession, number: int | None) -> Pulse:
        """Return the verified pulse of a round, or of the latest one."""
        source = beacon.beacon_of(self._chain.pending_context())
        asked = "latest" if number is None else number
        url = f"{self._url}/{source.hash.hex()}/public/{asked}"
        async with session.get(url, allow_redirects=False) as response:
            if response.status != 200:
                raise DrandError(f"expected status 200 for {url}, got {response.status}")
            pulse = read_answer(await _read(response.content))
        if number not in (None, pulse.round):
            raise DrandError(f"expected round {number}, got round {pulse.round}")
        if not beacon.is_valid(source, pulse):
            raise DrandError(f"round {pulse.round} is not signed by the beacon of the chain")
        return pulse


async def _read(content: aiohttp.StreamReader) -> bytes:
    """Return an answer, and at most a little of one that is too long."""
    data = b""
    while len(data) <= MAX_ANSWER and (part := await content.read(MAX_ANSWER)):
        data += part
    return data
