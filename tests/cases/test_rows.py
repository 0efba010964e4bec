"""Every row, asked of every engine; and every sentence of the language's meaning has its rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import qualify
from qualify.engine.decision import Decision, ScoreOutcome, StageOutcome, TierOutcome, TraitOutcome
from qualify.errors import DefinitionError, LeadError
from tests.cases.rows import FOLDER, Row, rows, sentences
from tests.engines import Engine, Result

ROOT = Path(__file__).resolve().parents[2]
WORDS = {True: "yes", False: "no", None: "unknown"}
ANSWERED = [row for row in rows() if "fault" not in row.given]
REFUSED = [row for row in rows() if "fault" in row.given]


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row.name)
def test_a_row_comes_out_as_it_says(row: Row, engine: Engine) -> None:
    """What people argued about stays settled, whichever engine answers."""
    definition = qualify.define(**row.definition)

    result = engine(definition.model, [row.lead], row.as_of)[0]

    if "error" in row.given:
        assert seen_error(result, row.given["error"]) == row.given["error"]
    elif isinstance(result, LeadError):
        raise AssertionError("refused") from result
    else:
        expected = row.given.get("is", {"it": row.given.get("answer")})
        assert {name: shown(result, name) for name in expected} == expected


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.name)
def test_what_says_nothing_is_a_fault(row: Row) -> None:
    """What would give a silent wrong answer is refused before any lead is looked at."""
    with pytest.raises(DefinitionError) as refused:
        qualify.define(**row.definition)

    assert {finding.code for finding in refused.value.faults} == {row.given["fault"]}


def seen_error(result: Result, expected: Any) -> Any:
    """An error in the form in which the row expects it: the field, or the parts of the message that it names."""
    if not isinstance(result, LeadError):
        return result
    return {key: getattr(result, key) for key in expected} if isinstance(expected, Mapping) else result.field


def shown(decision: Any, name: str) -> Any:
    """One outcome of a decision as a row writes it."""
    assert isinstance(decision, Decision)
    part, _, rest = name.partition(".")
    if part in ("stage", "left_out_by"):
        found = getattr(decision, part)
        return list(found) if isinstance(found, tuple) else found or "none"
    outcomes = {**decision.traits, **decision.tiers, **decision.scores, **decision.stages}
    if part not in outcomes:
        return "absent"
    match outcomes[part]:
        case TraitOutcome(answer, assumed):
            return assumed if rest == "assumed" else WORDS[answer]
        case TierOutcome(case, possible, assumed):
            return assumed if rest == "assumed" else case or list(possible)
        case ScoreOutcome((low, high)):
            return "none" if low is None else exactly(low) if low == high else [exactly(low), exactly(high)]
        case StageOutcome(state, sides, disqualified_by):
            if rest:
                return list(disqualified_by) if rest == "disqualified_by" else WORDS[sides[rest]]
            return state


def exactly(number: Decimal | None) -> Any:
    """A whole number as TOML has it; others as text, so that nothing is rounded by the test; an open end too."""
    assert number is not None
    if number.is_infinite():
        return "inf" if number > 0 else "-inf"
    return int(number) if number == number.to_integral_value() else format(number.normalize(), "f")


# The index


def test_every_sentence_has_rows_or_a_test() -> None:
    """A sentence without an example is a guess."""
    for sentence in sentences():
        assert sentence.rows or sentence.tested_by, f"{sentence.topic}: {sentence.key}"
        if sentence.tested_by is not None:
            file, _, name = sentence.tested_by.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), sentence.tested_by


def test_the_index_lists_all_sentences_with_their_rows() -> None:
    """The README is where one sees that none is missing."""
    listed = [
        line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    held = [f"| `{s.topic}` | {s.text} | {len(s.rows) or s.tested_by} |" for s in sentences()]

    assert sorted(listed) == sorted(held)


def test_no_example_stands_twice() -> None:
    """A second one would only hide that a first is missing elsewhere."""
    asked = [repr((row.definition, row.lead, row.as_of)) for row in rows()]

    assert len(asked) == len(set(asked))
