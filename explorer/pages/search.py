"""What a search found; one result opens at once."""

from __future__ import annotations

from fastapi.responses import RedirectResponse

from ..node.connection import NodeError
from ..readers.search import Found, search
from ..state import Explorer
from .parts import fact, facts, frame, heading, notice, page, panel


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/search")
    async def search_page(q: str = "") -> RedirectResponse | None:
        problem, found = "", list[Found]()
        try:
            found = await search(explorer.node, explorer.live, q)
        except NodeError as error:
            problem = str(error)
        if len(found) == 1:
            return RedirectResponse(found[0].link)
        with frame(explorer, "Search"):
            heading(f"Search: {q[:80]}")
            if not found:
                notice(problem or "Nothing was found. Search for a block, a hash, an address, a netuid, or a name.")
            with panel(), facts():
                for each in found:
                    fact(each.kind, each.name, each.link)
        return None
