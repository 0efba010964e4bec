"""Strategies for leads: any lead that a definition speaks of, and leads that are built so that an answer comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, Literal, TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from qualify.definition.files import define_model
from qualify.definition.model import Field, Model
from qualify.engine.evaluate import Evaluator
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.lead import Activity, Lead
from qualify.rules.tree import Rule, RuleNode
from qualify.testing.goals import NO, UNKNOWN, YES, Goal, RuleGoal, StageGoal, StageState, TraitGoal
from qualify.testing.happened import Happened
from qualify.testing.search import Found, Search
from qualify.testing.values import ACTIVITIES, Island, Range
from qualify.verdict import Verdict

Is: TypeAlias = Literal["yes", "no", "unknown"]
ANSWERS = {"yes": YES, "no": NO, "unknown": UNKNOWN}
ASKED = "asked"
"""The name of the trait that a rule of one's own becomes."""
MOST_OTHERS = 4
"""Fields of a lead beside those that matter."""
PRINTED = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
SAMPLES = 6
"""Leads of each way that are judged before it is taken: the plainest, and some by chance."""
WORDS = ("Acme", "Printing", "director", "Berlin", "DE", "web", "Ångström", "co-owner", "0", "x")


def leads(
    definition: Definition | type[Lead] | None = None, *, as_of: datetime | None = None, **fields: Any
) -> SearchStrategy[Any]:
    """Any valid lead: of the standard fields, of a definition's, or of a subclass of `Lead`.

    `fields` fixes a field, or draws it from a strategy of one's own. What isn't drawn isn't known. Moments lie
    around `as_of` (now where nothing is said).

    Raises QualifyError for a field that there isn't, or whose type has no strategy.

    >>> from hypothesis import find
    >>> find(leads(employees=st.integers(1, 100)), lambda lead: lead.employees >= 50).employees
    50
    """
    world = _world(definition, as_of)
    world.known(fields)
    given = {name: value if isinstance(value, SearchStrategy) else st.just(value) for name, value in fields.items()}
    return world.drawn(world.lead_class, given)


def activities(definition: Definition | None = None, *, as_of: datetime | None = None) -> SearchStrategy[Activity]:
    """Any activity that a definition knows, with the properties that it declares, before `as_of`.

    >>> from hypothesis import find
    >>> find(activities(), lambda activity: activity.type == "meeting").type
    'meeting'
    """
    world = _world(definition, as_of)
    return world.happened.map(lambda each: Activity(**each))


def leads_where(
    rule_or_fact: RuleNode | str,
    is_: Is = "yes",
    *,
    definition: Definition | None = None,
    as_of: datetime | None = None,
) -> SearchStrategy[Lead]:
    """Leads for which a rule, or a definition's fact, gives this answer: built from the rule, not found by rejection.

    A rule over fields of one's own, and a fact, need their `definition`. Without `as_of` what is drawn holds now,
    and for an hour. Raises Unsatisfiable where no lead was found, with the parts that don't go together as far as it
    knows them; QualifyError for what is no rule and no answer.

    >>> from hypothesis import find
    >>> find(leads_where("employees >= 50"), lambda lead: True).employees
    50
    """
    if is_ not in ANSWERS:
        raise QualifyError(f"a rule is yes, no or unknown, not {is_!r}", code="bad-answer")
    model = definition.model if definition is not None else None
    if isinstance(rule_or_fact, str) and model is not None and rule_or_fact in model.traits:
        world, said = _world(definition, as_of), rule_or_fact
        goal: Goal = TraitGoal(rule_or_fact, ANSWERS[is_])
        name = rule_or_fact
    else:
        world, said = _world(_with_rule(definition, str(rule_or_fact)), as_of), str(rule_or_fact)
        name = ASKED
        goal = RuleGoal(world.model.traits[ASKED].when, ANSWERS[is_])

    def comes_out(verdict: Verdict) -> bool:
        everywhere = {**verdict.traits, **verdict.shadow.traits}
        return not verdict.left_out_by and name in everywhere and str(everywhere[name].answer) == is_

    lead_class = definition.lead_model() if definition is not None else Lead
    return world.meeting(goal, comes_out, f"`{said}` is {is_}", lead_class)


def leads_at(
    definition: Definition, stage: str, state: StageState, *, as_of: datetime | None = None
) -> SearchStrategy[Lead]:
    """Leads of which a stage has this state: reached, not_yet, disqualified or undetermined.

    Raises Unsatisfiable where no lead was found, QualifyError for a stage or a state that there isn't.
    """
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

    return world.meeting(
        StageGoal(stage, state), comes_out, f"{stage} {state.replace('_', ' ')}", definition.lead_model()
    )


def verdicts(definition: Definition | None = None, *, as_of: datetime | None = None) -> SearchStrategy[Verdict]:
    """Verdicts of a definition on any leads."""
    from qualify.testing.definition_strategies import definitions

    if definition is None:
        return definitions().flatmap(lambda drawn: verdicts(drawn, as_of=as_of))
    moment = as_of or _now()
    return leads(definition, as_of=moment).map(lambda lead: definition.qualify(lead, as_of=moment))


# --- what there is to draw from ---


def worlds_of(
    what: RuleNode | str | Definition, definition: Definition | None, as_of: datetime | None
) -> tuple[World, list[Rule]]:
    """What leads are drawn from, and the rules in question: one, or all that count of a definition."""
    if not isinstance(what, Definition):
        if isinstance(what, str) and definition is not None and what in definition.model.traits:
            return _world(definition, as_of), [definition.model.traits[what].when]
        world = _world(_with_rule(definition, str(what)), as_of)
        world.lead_class = definition.lead_model() if definition is not None else Lead
        return world, [world.model.traits[ASKED].when]
    model = what.model
    rules: list[Rule] = [rule for stage in model.stages.values() for rule in stage.requires.values()]
    rules += [trait.when for trait in model.traits.values() if trait.status == "adopted"]
    for tier in model.tiers.values():
        rules += [case.when for case in tier.cases if case.when is not None and tier.status == "adopted"]
    return _world(what, as_of), rules


def _now() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def _with_rule(definition: Definition | None, rule: str) -> Definition:
    """A definition in which the rule is a trait beside the others; a fault of the rule is told as one."""
    import json

    if definition is None:
        raw: dict[str, Any] = {"format": 1, "name": "Leads", "version": "1", "teams": {"team": "Team"}}
    else:
        raw = json.loads(definition.to_json())
    trait = {"team": next(iter(raw["teams"])), "when": rule, "why": "It is asked for."}
    raw["traits"] = {**raw.get("traits", {}), ASKED: trait}
    return Definition(define_model(raw)[0])


def _world(definition: Definition | type[Lead] | None, as_of: datetime | None) -> World:
    if isinstance(definition, Definition):
        return World(definition.model, definition.lead_model(), as_of)
    model = _with_rule(None, "email is known").model
    if definition is None:
        return World(model, Lead, as_of)
    if not issubclass(cast("type[object]", definition), Lead):
        raise QualifyError("leads are drawn of a definition, or of a subclass of Lead", code="bad-definition")
    return World(replace(model, fields=_fields_of(definition)), definition, as_of)


def _fields_of(lead_class: type[Lead]) -> dict[str, Field]:
    """A subclass's own fields, by their types."""
    found: dict[str, Field] = {}
    for name, info in lead_class.model_fields.items():
        if name in Lead.model_fields:
            continue
        kind = _TYPES.get(
            str(info.annotation).removeprefix("typing.").replace(" | None", "").replace("<class '", "").rstrip("'>")
        )
        if kind is not None:
            found[name] = Field(kind)
    return found


def _written(annotation: object) -> str:
    """A type as one would write it."""
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


_TYPES: Mapping[str, Any] = {
    "str": "text", "bool": "boolean", "int": "number", "float": "number", "Decimal": "number",
    "date": "date", "datetime": "datetime", "tuple[str, ...]": "list",
}  # fmt: skip


class World:
    """What leads of one definition are drawn from."""

    def __init__(self, model: Model, lead_class: type[Lead], as_of: datetime | None) -> None:
        self.model, self.lead_class = model, lead_class
        self.lasting = as_of is None
        self.as_of = as_of or _now()
        if self.as_of.tzinfo is None:
            self.as_of = Evaluator(model).clock(self.as_of).as_of
        self.own = [name for name in lead_class.model_fields if name not in Lead.model_fields]

    def known(self, fields: Mapping[str, Any]) -> None:
        """Refuse a field that there isn't, and a field of a subclass for which nothing can be drawn."""
        names = {*self.model.declared_fields, *self.lead_class.model_fields, ACTIVITIES}
        for name in fields:
            if name not in names:
                near = nearest(name, names)
                raise QualifyError(
                    f"a lead has no field '{name}'{f'; did you mean {near!r}?' if near else ''}", code="unknown-field"
                )
        for name in self.own:
            if name not in self.model.declared_fields and name not in fields:
                kind = _written(self.lead_class.model_fields[name].annotation)
                raise QualifyError(
                    f"{self.lead_class.__name__}.{name} is of type {kind}, for which there is no strategy: "
                    f"give one, as in leads({self.lead_class.__name__}, {name}=st.just(...))",
                    code="no-strategy",
                )

    # --- any lead ---

    @cached_property
    def plain(self) -> dict[str, SearchStrategy[Any]]:
        """A strategy for each field."""
        return {name: self.value(name, declared) for name, declared in self.model.declared_fields.items()}

    def value(self, name: str, declared: Field) -> SearchStrategy[Any]:
        """Values of one field, the plain ones first."""
        match declared.type:
            case "boolean":
                return st.booleans()
            case "number":
                return st.one_of(st.integers(0, 1000), st.integers(0, 10**6), st.decimals(0, 1000, places=2))
            case "date":
                return st.integers(-400, 400).map(lambda days: (self.as_of + timedelta(days=days)).date())
            case "datetime":
                return st.integers(-800, 800).map(lambda hours: self.as_of + timedelta(hours=12 * hours))
            case "list":
                words = st.sampled_from(declared.choices or WORDS)
                return st.lists(words, max_size=3, unique=True).map(tuple)
            case "text":
                if declared.choices:
                    return st.sampled_from(declared.choices)
                if name == "email":
                    return st.sampled_from(("jo@acme.example", "a@b.example", "x@gmail.com"))
                return st.sampled_from(WORDS) | st.text(PRINTED, min_size=1, max_size=8)

    @cached_property
    def happened(self) -> SearchStrategy[dict[str, Any]]:
        """One activity, as a table."""
        kinds = {
            kind: st.fixed_dictionaries({}, optional={
                name: self.value(name, declared) for name, declared in declared_kind.properties.items()
            })
            for kind, declared_kind in self.model.declared_activities.items()
        }  # fmt: skip
        hours = st.integers(1, 24 * 400)
        return st.sampled_from(list(kinds)).flatmap(
            lambda kind: st.builds(
                lambda ago, said: {"type": kind, "at": self.as_of - timedelta(hours=ago), "properties": said},
                hours,
                kinds[kind],
            )
        )

    def drawn(
        self,
        lead_class: type[Lead],
        given: Mapping[str, SearchStrategy[Any]],
        together: Sequence[SearchStrategy[Mapping[str, Any]]] = (),
        without: frozenset[str] = frozenset(),
    ) -> SearchStrategy[Any]:
        """Leads with these fields, and a few others that are in none of them."""
        others = [name for name in self.plain if name not in given and name not in without]
        needed = [name for name in others if name in self.own and lead_class.model_fields[name].is_required()]
        chosen = _some([name for name in others if name not in needed])
        happened = st.none() | st.lists(self.happened, max_size=3)
        if ACTIVITIES in given or ACTIVITIES in without:
            happened = st.none()

        @st.composite
        def leads(draw: Any) -> Any:
            said: dict[str, Any] = {name: draw(strategy) for name, strategy in given.items()}
            for strategy in together:
                _join(said, draw(strategy))
            for name in (*needed, *draw(chosen)):
                said[name] = draw(self.plain[name])
            if ACTIVITIES not in said and (some := draw(happened)) is not None:
                said[ACTIVITIES] = some
            return self.lead(said, lead_class)

        return leads()

    # --- leads that meet a goal ---

    def meeting(
        self, goal: Goal, comes_out: Callable[[Verdict], bool], said: str, lead_class: type[Lead]
    ) -> SearchStrategy[Lead]:
        """Leads that meet a goal; found once, when the strategy is made."""
        definition = Definition(self.model)
        moments = (self.as_of, self.as_of + timedelta(hours=1)) if self.lasting else (self.as_of,)

        def check(found: Found) -> bool:
            samples = (self.sample(found, Random(seed) if seed else None) for seed in range(SAMPLES))
            return all(
                comes_out(definition.qualify(self.lead(said, lead_class), as_of=moment))
                for said in samples
                for moment in moments
            )

        ways = Search(self.model, self.as_of, lasting=self.lasting).find(goal, check, said)
        drawn = [self.going(way, lead_class) for way in ways]
        return drawn[0] if len(drawn) == 1 else st.integers(0, len(drawn) - 1).flatmap(drawn.__getitem__)

    def sample(self, way: Found, chance: Random | None) -> dict[str, Any]:
        """What a lead that goes this way holds: the plainest, or one by chance, with much else that it holds too."""
        said: dict[str, Any] = {}
        for island in way.islands:
            _join(said, _one(island, chance))
        if chance is not None:
            follows = {"email"} if "email_domain" in way.names else set()
            for name in self.model.declared_fields:
                if name not in way.names and name not in follows and chance.random() < 0.5:
                    said[name] = _usual(self.model.declared_fields[name], self.as_of, chance)
        return said

    def going(self, way: Found, lead_class: type[Lead]) -> SearchStrategy[Any]:
        """Leads that go one way."""
        alone = [island for island in way.islands if not island.together]
        given = {island.names[0]: st.one_of([_value(each) for each in _grouped(island.values)]) for island in alone}
        together = [st.sampled_from(island.together) for island in way.islands if island.together]
        follows = {"email"} if "email_domain" in way.names else set()
        return self.drawn(lead_class, given, together, way.names | follows)

    @staticmethod
    def lead(fields: Mapping[str, Any], lead_class: type[Lead]) -> Lead:
        """A lead with these fields; what is None is not known."""
        said = {name: value for name, value in fields.items() if value is not None}
        if isinstance(said.get(ACTIVITIES), tuple):  # as they were searched for
            said[ACTIVITIES] = [
                Activity(type=kind, at=at, properties=dict(each))
                for kind, (at, each) in cast(Happened, said[ACTIVITIES])
            ]
        return lead_class(**said)


def _some(names: list[str]) -> SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=MOST_OTHERS, unique=True) if names else st.just([])


def _join(said: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Fill in what stands together; what happened is added to what else happened."""
    before = said.get(ACTIVITIES)
    said.update(more)
    if before is not None and more.get(ACTIVITIES) is not None:
        said[ACTIVITIES] = (*before, *more[ACTIVITIES])


def _one(island: Island, chance: Random | None) -> Mapping[str, Any]:
    """One choice of an island: the first, or any."""
    options: Sequence[Any] = island.together or island.values
    picked = options[0] if chance is None else chance.choice(options)
    if island.together:
        return cast("Mapping[str, Any]", picked)
    if isinstance(picked, Range):
        picked = picked.low if picked.low is not None else picked.high
    return {island.names[0]: picked}


def _usual(declared: Field, as_of: datetime, chance: Random) -> Any:
    """A value of a field, by chance."""
    match declared.type:
        case "boolean":
            return chance.random() < 0.5
        case "number":
            return chance.choice((0, 1, 50, 1000))
        case "date":
            return (as_of + timedelta(days=chance.randint(-400, 400))).date()
        case "datetime":
            return as_of + timedelta(days=chance.randint(-400, 400))
        case "list":
            return tuple(chance.sample(declared.choices or WORDS, 1))
        case "text":
            return chance.choice(declared.choices or WORDS)


def _grouped(values: tuple[Any, ...]) -> list[Any]:
    """Single values as one choice, and each range."""
    single = tuple(value for value in values if not isinstance(value, Range))
    return [*([single] if single else []), *(value for value in values if isinstance(value, Range))]


def _value(group: Any) -> SearchStrategy[Any]:
    if not isinstance(group, Range):
        return st.sampled_from(group)
    low, high = group.low, group.high
    if low is not None:
        return st.integers(low, high if high is not None else low + 10**6)
    assert high is not None
    return st.integers(0, high) if high >= 0 else st.integers(high - 10**6, high)


__all__ = ["activities", "leads", "leads_at", "leads_where", "verdicts"]
