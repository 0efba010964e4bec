"""Strategies for leads: any lead that a definition speaks of, and leads that are built so that an answer comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from qualify.definition.model import Field, Model
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.lead import Activity, Lead
from qualify.rules.reads import reads
from qualify.rules.tree import Rule, RuleNode
from qualify.testing.asking import beside, definition_given, moment_given, to_load
from qualify.testing.drawing import World, activity_of, now, written
from qualify.testing.goals import NO, UNKNOWN, YES, StageGoal, StageState, TraitGoal
from qualify.values import kind_of
from qualify.verdict import Verdict

Is: TypeAlias = Literal["yes", "no", "unknown"]
ANSWERS = {"yes": YES, "no": NO, "unknown": UNKNOWN}


def leads(
    definition: Definition | type[Lead] | None = None, *, as_of: datetime | None = None, **fields: Any
) -> SearchStrategy[Any]:
    """Any valid lead: of the standard fields, of a definition's, or of a subclass of `Lead`.

    `fields` fixes a field, or draws it from a strategy of one's own. What isn't drawn isn't known. Moments lie
    around `as_of` (now where nothing is said). Of a definition, the fields that its rules read are known more often
    than others, with the values that the rules speak of; half of the leads are on their way to a stage or a trait.

    Raises QualifyError for a field that there isn't, or whose type has no strategy.

    >>> from hypothesis import find
    >>> find(leads(employees=st.integers(1, 100)), lambda lead: lead.employees >= 50).employees
    50
    """
    world = _world(definition, as_of)
    world.known(fields)
    given = {name: value if isinstance(value, SearchStrategy) else st.just(value) for name, value in fields.items()}
    return world.leads(given)


def activities(definition: Definition | None = None, *, as_of: datetime | None = None) -> SearchStrategy[Activity]:
    """Any activity that a definition knows, with the properties that it declares, before `as_of`.

    >>> from hypothesis import find
    >>> find(activities(), lambda activity: activity.type == "meeting").type
    'meeting'
    """
    world = _world(definition, as_of)
    return world.happened.map(lambda event: activity_of(world.summable(event)))


def leads_where(
    rule_or_fact: RuleNode | str,
    is_: Is = "yes",
    *,
    definition: Definition | None = None,
    as_of: datetime | None = None,
) -> SearchStrategy[Lead]:
    """Leads for which a rule, or a definition's fact, gives this answer: built from the rule, not found by rejection.

    A rule over fields of one's own, and a fact, need their `definition`. Without `as_of` what is drawn holds now,
    and for ten minutes. Raises Unsatisfiable where no lead was found, with the parts that don't go together as far as it
    knows them; QualifyError for what is no rule and no answer.

    >>> from hypothesis import find
    >>> find(leads_where("employees >= 50"), lambda lead: True).employees
    50
    """
    if is_ not in ANSWERS:
        raise QualifyError(f"a rule is yes, no or unknown, not {is_!r}", code="bad-answer")
    world, name = _asked(rule_or_fact, definition, as_of)
    status = world.model.traits[name].status
    if status == "retired":
        raise QualifyError(f"{name} is retired: it is kept for history, and no lead is asked it", code="retired")
    left_out = is_ == "yes" and name in world.model.left_out_by

    def comes_out(verdict: Verdict) -> bool:
        if left_out or verdict.left_out_by:
            return left_out and name in verdict.left_out_by
        everywhere = {**verdict.traits, **verdict.shadow.traits, **verdict.proposed.traits}
        return name in everywhere and str(everywhere[name].answer) == is_

    goal, said = TraitGoal(name, ANSWERS[is_]), f"`{rule_or_fact}` is {is_}"
    return world.meeting(goal, comes_out, said, left_out=left_out, proposed=status == "proposed")


def leads_at(
    definition: Definition, stage: str, state: StageState, *, as_of: datetime | None = None
) -> SearchStrategy[Lead]:
    """Leads of which a stage has this state: reached, not_yet, disqualified or undetermined.

    Raises Unsatisfiable where no lead was found, QualifyError for a stage or a state that there isn't.
    """
    definition_given(definition)
    world = _world(definition, as_of)
    if stage not in world.model.stages:
        near = nearest(stage, world.model.stages)
        hint = f"; did you mean '{near}'?" if near else f"; there are: {', '.join(world.model.stages)}"
        raise QualifyError(f"unknown stage '{stage}'{hint}", code="unknown-stage")
    if state not in ("reached", "not_yet", "disqualified", "undetermined"):
        raise QualifyError(
            f"a stage is reached, not_yet, disqualified or undetermined, not {state!r}", code="unknown-state"
        )

    def comes_out(verdict: Verdict) -> bool:
        return not verdict.left_out_by and verdict.stages[stage].state == state

    return world.meeting(StageGoal(stage, state), comes_out, f"{stage} {state.replace('_', ' ')}")


def verdicts(definition: Definition | None = None, *, as_of: datetime | None = None) -> SearchStrategy[Verdict]:
    """Verdicts of a definition on any leads."""
    from qualify.testing.definition_strategies import definitions

    if definition is None:
        return definitions().flatmap(lambda drawn: _verdicts(drawn, as_of, whole=False))
    return _verdicts(definition, as_of, whole=True)


def _verdicts(definition: Definition, as_of: datetime | None, *, whole: bool) -> SearchStrategy[Verdict]:
    """Verdicts on leads; on those that were searched for only where it is one definition for all of them."""
    world = _world(definition, as_of or now())
    drawn = world.leads({}) if whole else world.drawn({})
    return drawn.map(lambda lead: definition.qualify(lead, as_of=world.as_of))


# --- what there is to draw from ---


def worlds_of(
    what: RuleNode | str | Definition, definition: Definition | None, as_of: datetime | None
) -> tuple[World, list[Rule]]:
    """What leads are drawn from, and the rules in question: one, or all that count of a definition."""
    if not isinstance(what, Definition):
        world, name = _asked(what, definition, as_of)
        return world, _read_by(world.model.traits[name].when, world.model)
    model = what.model
    rules: list[Rule] = [rule for stage in model.stages.values() for rule in stage.requires.values()]
    rules += [trait.when for trait in model.traits.values() if trait.status == "adopted"]
    for tier in model.tiers.values():
        rules += [case.when for case in tier.cases if case.when is not None and tier.status == "adopted"]
    return _world(what, as_of), rules


def _read_by(rule: Rule, model: Model) -> list[Rule]:
    """A rule, and those of the traits and tiers that it reads, down to the last."""
    found: dict[Rule, None] = {rule: None}
    rest = [rule]
    while rest:
        for name in reads(rest.pop()).values:
            more = [model.traits[name].when] if name in model.traits else []
            more += [case.when for case in model.tiers[name].cases if case.when] if name in model.tiers else []
            rest += [each for each in more if each not in found]
            found.update(dict.fromkeys(more))
    return list(found)


def _asked(rule_or_fact: RuleNode | str, definition: Definition | None, as_of: datetime | None) -> tuple[World, str]:
    """What leads are drawn from, and the trait in question: a definition's own, or a rule that becomes one beside them."""
    if definition is not None:
        definition_given(definition)
    moment_given(as_of)
    if isinstance(rule_or_fact, str) and definition is not None and rule_or_fact in definition.model.traits:
        return _world(definition, as_of), rule_or_fact
    both, name = beside(definition, rule_or_fact)
    return World(both.model, Lead if definition is None else definition.lead_model(), as_of), name


def _world(definition: Definition | type[Lead] | None, as_of: datetime | None) -> World:
    moment_given(as_of)
    if isinstance(definition, Definition):
        return World(definition.model, definition.lead_model(), as_of)
    model = replace(beside(None, "email is known")[0].model, traits={})
    if definition is None:
        return World(model, Lead, as_of)
    if not (isinstance(definition, cast("type[object]", type)) and issubclass(definition, Lead)):
        raise QualifyError(
            f"leads are drawn of a definition, or of a subclass of Lead; found {kind_of(definition)}{to_load(definition)}",
            code="bad-definition",
        )
    return World(replace(model, fields=_fields_of(definition)), definition, as_of)


def _fields_of(lead_class: type[Lead]) -> dict[str, Field]:
    """A subclass's own fields, by their types."""
    found: dict[str, Field] = {}
    for name, info in lead_class.model_fields.items():
        if name in Lead.model_fields:
            continue
        kind = _TYPES.get(written(info.annotation).removesuffix(" | None"))
        if kind is not None:
            found[name] = Field(kind)
    return found


_TYPES: Mapping[str, Any] = {
    "str": "text", "bool": "boolean", "int": "number", "float": "number", "Decimal": "number",
    "date": "date", "datetime": "datetime", "tuple[str, ...]": "list",
}  # fmt: skip


__all__ = ["activities", "leads", "leads_at", "leads_where", "verdicts"]
