"""What engines are known to disagree on comes out alike, or is refused by name."""

from __future__ import annotations

import pytest

import qualify
from tests.columns.agreeing import Tally, compare, wanted
from tests.columns.differences import unlisted
from tests.columns.engines import Engine, Judge
from tests.columns.traps import TRAPS, Trap, definition_of


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name.replace(" ", "-"))
def test_no_engine_falls_into_a_trap(opened: tuple[Engine, Judge], trap: Trap) -> None:
    """Each is a place where engines gave different answers once."""
    engine, judge = opened
    definition = definition_of(trap)
    tally = compare(judge, wanted(qualify.define(**definition).model, trap.leads, trap.as_of), largest=engine.largest)
    if tally.refused and engine.fast:  # one rule that is refused doesn't hide the others
        tally = Tally()
        for at, rule in enumerate(trap.rules):
            alone = {**definition, "traits": {f"t{at}": definition["traits"][f"t{at}"]}}
            del rule
            tally.add(
                compare(judge, wanted(qualify.define(**alone).model, trap.leads, trap.as_of), largest=engine.largest)
            )

    assert not tally.different, "\n".join(tally.different)
    assert unlisted(tally.refused) == []
    assert tally.compared or tally.refused
