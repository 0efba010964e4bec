"""The rows of tests/cases, asked of every engine: what people argued about stays settled in a warehouse too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import qualify
from tests.cases.rows import Row, rows
from tests.columns.agreeing import Tally, compare, wanted
from tests.columns.differences import unlisted
from tests.columns.engines import Engine, Judge

ANSWERED = [row for row in rows() if "fault" not in row.given]
MOST, EVERY = 8, 16
"""Of Spark's groups: as many rows at most, and one in so many; all of them take it minutes."""
Group = tuple[list[Row], dict[str, Any], list[dict[str, Any]], datetime]


def groups() -> Iterator[Group]:
    """Rows together that differ in nothing but their rule and their lead: one definition with a trait for each rule."""
    found: dict[str, list[Row]] = {}
    for row in ANSWERED:
        shared = {name: given for name, given in row.definition.items() if name != "traits"}
        others = {name: trait for name, trait in row.definition.get("traits", {}).items() if name != "it"}
        found.setdefault(repr((shared, others, row.as_of, "it" in row.definition.get("traits", {}))), []).append(row)
    for alike in found.values():
        definition = dict(alike[0].definition)
        if "it" in (traits := definition.get("traits", {})):
            rules = dict.fromkeys(row.definition["traits"]["it"]["when"] for row in alike)
            others = {name: trait for name, trait in traits.items() if name != "it"}
            asked = {f"it_{at}": {**traits["it"], "when": rule} for at, rule in enumerate(rules)}
            definition["traits"] = {**others, **asked} if not _it_is_read(definition) else traits
        yield alike, definition, [row.lead for row in alike], alike[0].as_of


def _it_is_read(definition: dict[str, Any]) -> bool:
    return "'it'" in repr({**definition, "traits": {n: t for n, t in definition["traits"].items() if n != "it"}})


def test_every_row_comes_out_as_it_says(opened: tuple[Engine, Judge]) -> None:
    """Each sentence of the meaning holds in every engine, or is refused there by name."""
    engine, judge = opened
    tally = Tally()
    asked = list(groups()) if engine.fast else [each for each in groups() if len(each[0]) <= MOST][::EVERY]
    for group, definition, leads, as_of in asked:
        model = qualify.define(**definition).model
        together = compare(judge, wanted(model, leads, as_of), largest=engine.largest)
        if not together.refused or not engine.fast:
            tally.add(together)
            continue
        for row in group:  # one that is refused doesn't hide the others
            tally.add(
                compare(
                    judge, wanted(qualify.define(**row.definition).model, [row.lead], as_of), largest=engine.largest
                )
            )

    assert not tally.different, "\n".join(tally.different)
    assert tally.compared > (900 if engine.fast else 10)
    assert unlisted(tally.refused) == []
