"""Two verdicts that are not equal: what differs, in words."""

from __future__ import annotations

from qualify.errors import QualifyError
from qualify.testing.expected import in_words
from qualify.verdict import Verdict
from qualify.verdict.parts import Cause

_REST = ("lead_id", "as_of", "definition", "missing", "handoff", "notes", "reasons", "agreement")
_MOST = 40


def compared(left: Verdict, right: Verdict) -> list[str]:
    """Lines that say what differs between two verdicts that are not equal, for an assertion's failure.

    >>> import qualify
    >>> definition = qualify.define(
    ...     name="Small",
    ...     teams={"sales": "Sales"},
    ...     traits={"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    ...     stages={"sql": {"requires": {"sales": "large"}}},
    ... )
    >>> moment = __import__("datetime").datetime(2026, 11, 2, 12)
    >>> one, other = (definition.qualify({"employees": number}, as_of=moment) for number in (80, 40))
    >>> for line in compared(one, other):
    ...     print(line)
    the two verdicts differ (left, right)
    stage: sql, none
    large: yes, no
    sql: reached, not_yet
    because employees: 80, 40
    """
    try:
        changes = left.since(right)  # what was on the right is before, what is on the left after
    except QualifyError:
        return [f"two verdicts on different leads: {left.lead_id!r} == {right.lead_id!r}"]
    lines = []
    if changes.stage[0] != changes.stage[1]:
        lines.append(f"stage: {in_words(changes.stage[1])}, {in_words(changes.stage[0])}")
    if left.left_out_by != right.left_out_by:
        lines.append(
            f"left out by: {in_words(left.left_out_by or 'nobody')}, {in_words(right.left_out_by or 'nobody')}"
        )
    else:
        lines += [f"{name}: {_said(after)}, {_said(before)}" for name, (before, after) in changes.answers.items()]
    lines += [_because(cause) for cause in changes.causes if cause.name not in changes.answers]
    if not lines:
        for name in _REST:
            one, other = getattr(left, name), getattr(right, name)
            if one != other:
                lines.append(f"{name.replace('_', ' ')}: {one!s}, {other!s}")
    if not lines:
        lines = ["they decide alike, but not on the same evidence"]
    if len(lines) > _MOST:
        lines = [*lines[:_MOST], f"and {len(lines) - _MOST} more"]
    return ["the two verdicts differ (left, right)", *lines]


def _said(outcome: object) -> str:
    """An answer, a case, a count, or both ends of a score."""
    return "nothing" if outcome is None else in_words(outcome)


def _because(cause: Cause) -> str:
    match cause.kind:
        case "fact":
            return f"because {cause.name}: {_value(cause.after)}, {_value(cause.before)}"
        case "time":
            return f"because time went by: {cause.name}"
        case "definition":
            return f"because of the definition {cause.name}: {cause.after}, {cause.before}"


def _value(value: object) -> str:
    return "not known" if value is None else str(value)


__all__ = ["compared"]
