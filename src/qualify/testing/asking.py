"""A rule of one's own beside a definition's facts: it becomes a trait, and its faults are told as those of the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from qualify.errors import DefinitionError, Finding, QualifyError, RuleError
from qualify.face import Definition, loads
from qualify.rules.parse import parse
from qualify.rules.tree import Holds, RuleNode
from qualify.values import kind_of

ASKED = "asked"
"""The name of the trait that a rule of one's own becomes."""
NOTHING: Mapping[str, Any] = {"format": 1, "name": "Leads", "version": "1", "teams": {"team": "Team"}}
"""A definition in which only the standard fields and activities are known."""


def beside(definition: Definition | None, rule_or_fact: RuleNode | str) -> tuple[Definition, str]:
    """A definition (or one that knows standard fields only) in which a rule is a trait too, and that trait's name.

    Raises RuleError for a rule with a fault, which shows the rule as it was given.

    >>> beside(None, "employes >= 50")
    Traceback (most recent call last):
        ...
    qualify.errors.RuleError: unknown field 'employes'; did you mean 'employees'?
    <BLANKLINE>
      employes >= 50
      ^^^^^^^^
    """
    if not isinstance(rule_or_fact, str | RuleNode):
        raise QualifyError(
            f'a rule is text, such as "employees >= 50", or built in Python; found {kind_of(rule_or_fact)}',
            code="bad-rule",
        )
    rule = str(rule_or_fact)
    if isinstance(rule_or_fact, str):
        parse(rule)  # an error of its grammar shows it
    raw, name = NOTHING, ASKED
    if definition is not None:
        text = definition.to_json()
        raw = json.loads(text)
        while f'"{name}"' in text:  # a name of its own, whatever else has one
            name += "_too"
    trait = {"team": next(iter(raw["teams"])), "when": rule, "why": "It is asked for."}
    whole = json.dumps({**raw, "traits": {**raw.get("traits", {}), name: trait}}, ensure_ascii=False)
    try:
        return loads(whole, format="json"), name
    except DefinitionError as why:
        told = [_told(fault, rule, own_words=definition is None) for fault in why.faults]
    error = told[0]
    error.message = "\n\n".join(each.message for each in told)
    raise error


def _told(fault: Finding, rule: str, *, own_words: bool) -> RuleError:
    """A fault of the trait as one of the rule that it was made of."""
    message = fault.message
    if own_words and fault.code in ("unknown-field", "unknown-fact", "unknown-activity"):
        hint = "a definition's own names need it: pass definition=..."
        if isinstance(parse(rule), Holds) or fault.did_you_mean is None:
            message += f" ({hint})"
    position, length = _place(fault, rule)
    return RuleError(
        message, code=fault.code, text=rule, position=position, length=length, did_you_mean=fault.did_you_mean
    )


def _place(fault: Finding, rule: str) -> tuple[int, int]:
    """Where in the rule it is: in the file each character of it may be written as several."""
    written = json.dumps(rule, ensure_ascii=False)
    start = (fault.source or "").find(f'"when": {written}, "why": "It is asked for."')
    if start < 0 or fault.column is None:
        return 0, len(rule)
    offset = fault.column - 1 - start - len('"when": ') - 1
    if not 0 <= offset <= len(written) - 2:
        return 0, len(rule)
    before, inside = written[1 : 1 + offset], written[1 + offset : 1 + offset + fault.length]
    try:
        return len(json.loads(f'"{before}"')), len(json.loads(f'"{inside}"'))
    except ValueError:  # it ends within what stands for one character
        return len(json.loads(f'"{before}"')), fault.length


def definition_given(definition: object) -> None:
    """Refuse what is no definition; one that stands in a file is loaded first."""
    if not isinstance(definition, Definition):
        raise QualifyError(
            f"definition= is a Definition, found {kind_of(definition)}{to_load(definition)}", code="bad-definition"
        )


def to_load(definition: object) -> str:
    """What to do with the name of a file."""
    return f'; load it first: qualify.load("{definition}")' if isinstance(definition, str) else ""


def moment_given(as_of: object) -> None:
    """Refuse what is no moment."""
    if as_of is not None and not isinstance(as_of, datetime):
        hint = " (a whole day: say at what time)" if isinstance(as_of, date) else ""
        raise QualifyError(
            f"as_of is a datetime, such as datetime(2026, 11, 20, 12, 0), found {kind_of(as_of)}{hint}",
            code="bad-as-of",
        )


__all__ = ["ASKED", "NOTHING", "beside", "definition_given", "moment_given", "to_load"]
