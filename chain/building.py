"""A block that is being built on the live state, perhaps in slices, and what others may do meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ..runtime.state.overlay import State


class Building:
    """The building of a chain's next block.

    Until that is appended, the live state has its changes, so the head is read from a view of the store. Whoever needs
    another head, or changes the state, completes the block first.
    """

    def __init__(self, view: Callable[[], State]) -> None:
        """`view` returns a view of the head's state in the store."""
        #: Builds the rest of the block in one piece and appends it; None unless it is built in slices.
        self.finish: Callable[[], object] | None = None
        self._make_view = view
        self._view: State | None = None
        self._is_active = False

    def begin(self) -> None:
        """Note that the live state is about to change."""
        self._is_active = True

    def end(self) -> None:
        """Note that the live state is the head's again."""
        self._is_active, self._view = False, None

    def complete(self) -> None:
        """Complete a block that is built in slices."""
        if self.finish is not None:
            self.finish()

    @property
    def view(self) -> State | None:
        """The state to read instead of the live one; None: the live one."""
        if self._is_active and self._view is None:
            self._view = self._make_view()
        return self._view
