"""Whole definitions, as a strategy: for programs that take whatever definition their users wrote."""

from __future__ import annotations

from hypothesis import strategies as st

from qualify.face import Definition
from qualify.testing.written import models


def definitions(*, facts: int = 7, stages: int = 3) -> st.SearchStrategy[Definition]:
    """Definitions that load: facts of every kind and status that read each other, and stages on top.

    `facts` and `stages` are the most of each. They shrink to the empty definition of one team.

    >>> from hypothesis import given
    >>> from qualify import loads
    >>> @given(definitions())
    ... def the_file_says_the_same(definition):
    ...     assert loads(definition.to_toml()) == definition
    >>> the_file_says_the_same()
    """
    return models(facts=facts, stages=stages).map(Definition)


__all__ = ["definitions"]
