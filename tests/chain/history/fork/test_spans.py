"""Sets of keys as spans, compared with sets of all keys of one byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.chain.history.fork.spans import Spans

KEYS = [bytes([number]) for number in range(40)]
SPAN = st.tuples(st.integers(0, 38), st.integers(1, 12)).map(lambda span: (span[0], min(span[0] + span[1], 39)))


@given(st.lists(SPAN, max_size=12))
def test_keys_are_in_the_spans_that_were_added(added: list[tuple[int, int]]) -> None:
    spans, members = Spans(), set[int]()
    for start, end in added:
        spans.add(KEYS[start], KEYS[end])
        members.update(range(start, end))
    for number, key in enumerate(KEYS):
        end = next((each for each in range(number, 41) if each not in members), 40)
        assert spans.end_of(key) == (KEYS[end] if number in members else None)
