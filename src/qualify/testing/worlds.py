# ruff: noqa: D102 -- a method for each kind of question, named for it
"""Rules that make sense: a `World` says which names there are; what is drawn in it passes the type check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, get_args

from hypothesis import strategies as st

from qualify.definition.model import Model
from qualify.rules.tree import (
    After,
    And,
    AnyActivity,
    AnyOf,
    AtLeast,
    Before,
    Between,
    Cases,
    Compare,
    CompareOp,
    Count,
    Date,
    Dates,
    DateTime,
    Days,
    First,
    Following,
    Has,
    Holds,
    In,
    InTheNext,
    Is,
    Known,
    Last,
    Match,
    MatchHow,
    Name,
    Not,
    Number,
    Numbers,
    OlderThan,
    Or,
    Product,
    Recent,
    Rule,
    Selection,
    Since,
    Sum,
    Term,
    Text,
    Texts,
    Total,
    Window,
    Within,
    WithinAfter,
)  # fmt: skip
from qualify.testing.literals import DATES, ELAPSED, MOMENTS, PHRASES, SHARES, SPANS, TEXTS, WHOLE
from qualify.testing.pick import Pick
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS, FieldType

Typed = Mapping[str, FieldType]

_COMPARE: tuple[CompareOp, ...] = get_args(CompareOp)
_MATCH: tuple[MatchHow, ...] = get_args(MatchHow)
_JOINED: tuple[type[And | Or], ...] = (And, Or)
_ORDERED: tuple[type[After | Before], ...] = (After, Before)
_ENDS: tuple[type[First | Last], ...] = (First, Last)
_COUNTED: tuple[type[Count | Days], ...] = (Count, Days)


@dataclass(frozen=True)
class World:
    """The names that a rule can speak of. `facts_only` is a stage's world, `in_where` an activity's."""

    fields: Typed = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: tuple[str, ...] = ()
    activities: Mapping[str, Typed] = field(default_factory=dict)
    signals: Mapping[str, Typed] = field(default_factory=dict)
    facts_only: bool = False
    in_where: bool = False

    def of(self, *types: FieldType) -> list[str]:
        """The fields of these types."""
        return [name for name, kind in self.fields.items() if kind in types]

    def properties(self, selection: Name | AnyActivity | AnyOf) -> dict[str, FieldType]:
        """What `where` can speak of in this selection."""
        match selection:
            case Name(name):
                return dict(self.activities.get(name) or self.signals.get(name) or {})
            case AnyActivity():
                return {}  # the standard ones have none in common
            case AnyOf(names):
                first, *others = (self.activities[name] for name in names)
                return {name: kind for name, kind in first.items() if all(o.get(name) == kind for o in others)}

    def in_stage(self) -> World:
        """The same facts, as a stage sees them."""
        return replace(self, fields={}, lists=(), facts_only=True)


def world_of(model: Model) -> World:
    """Everything that a definition declares, adopted facts only."""

    def adopted(facts: Mapping[str, Any]) -> list[str]:
        return [name for name, fact in facts.items() if fact.status == "adopted"]

    fields, kinds = model.declared_fields, model.declared_activities
    world = World(
        fields={name: each.type for name, each in fields.items()},
        choices={name: each.choices for name, each in fields.items() if each.choices},
        lists=tuple(model.lists),
        traits=tuple(adopted(model.traits)),
        tiers={name: tuple(case.name for case in model.tiers[name].cases) for name in adopted(model.tiers)},
        scores=tuple(adopted(model.scores)),
        activities={name: {prop: each.type for prop, each in kind.properties.items()} for name, kind in kinds.items()},
    )
    return replace(world, signals={name: {} for name in adopted(model.signals)})


def standard_world() -> World:
    """The standard names alone."""
    return World(fields=STANDARD_FIELDS, activities=STANDARD_ACTIVITIES)


def worlds() -> st.SearchStrategy[World]:
    """A world with something of everything: the standard names, and a few facts of each kind."""
    own: dict[str, FieldType] = {"contract_ends": "date", "press_type": "text"}
    full = replace(
        standard_world(),
        fields={**STANDARD_FIELDS, **own},
        choices={"press_type": ("offset", "digital", "both")},
        lists=("competitors",),
        traits=("serves_print", "decision_maker"),
        tiers={"company_size": ("small", "mid", "large")},
        scores=("fit", "engagement"),
        signals={"pricing_visits": {"page": "text", "referrer": "text"}},
    )
    return st.sampled_from([full, standard_world(), full.in_stage()])


@st.composite
def typed_rules(draw: Any, world: World, depth: int = 2) -> Rule:
    """Rules in this world that pass the type check."""
    return Typist(draw).rule(world, depth)


class Typist(Pick):
    """Writes what makes sense. A world needs at least one trait, field, tier, score or signal."""

    # --- literals ---

    def text(self, world: World, name: str | None = None) -> str:
        choices = world.choices.get(name or "")
        return self.of(choices) if choices else self.of(TEXTS)

    def texts(self, world: World, options: tuple[str, ...] = ()) -> Texts | Name:
        if world.lists and not options and self.one_in(4):
            return Name(self.of(world.lists))
        return Texts(tuple(self.of(options or TEXTS) for _ in range(self.whole(1, 3))))

    def number(self) -> Number:
        return Number(Decimal(self.of(SHARES)) if self.one_in(4) else Decimal(self.of(WHOLE)))

    def moment_literal(self) -> Date | DateTime:
        return DateTime(self.of(MOMENTS)) if self.one_in(2) else Date(self.of(DATES))

    # --- rules ---

    def rule(self, world: World, depth: int) -> Rule:
        if depth > 0 and self.one_in(2):
            parts = [self.rule(world, depth - 1) for _ in range(self.whole(1, 3))]
            if len(parts) == 1:
                return Not(parts[0])
            if self.one_in(3):
                different = tuple(dict.fromkeys(parts))
                return AtLeast(self.whole(1, len(different)), different)
            return self.of(_JOINED)(tuple(parts))
        return self.of(self.kinds(world))(world, depth - 1)

    def kinds(self, world: World) -> list[Callable[[World, int], Rule]]:
        """What can be asked in this world, the plainest question first."""
        found: list[Callable[[World, int], Rule]] = []
        if world.traits or world.of("boolean"):
            found += [self.holds, self.holds]
        if world.of("number"):
            found += [self.compared, self.compared]
        if world.of("text"):
            found += [self.same_text, self.matching, self.one_of]
        if world.of("list"):
            found.append(self.having)
        if world.of("date", "datetime"):
            found += [self.timed, self.timed]
        if world.fields or world.traits or world.tiers:
            found.append(self.known)
        if world.tiers:
            found += [self.cased] * 3
        if world.scores:
            found += [self.scored, self.scored]
        if not world.in_where and (world.signals if world.facts_only else world.activities):
            found += [self.counted, self.counted, self.timed]
        return found

    def holds(self, world: World, depth: int) -> Rule:
        return Holds(self.of([*world.traits, *world.of("boolean")]))

    def known(self, world: World, depth: int) -> Rule:
        if not world.in_where and not world.facts_only and world.activities and depth >= 0 and self.one_in(4):
            return Known(self.of(_ENDS)(self.selection(world, depth)), self.one_in(2))
        return Known(Name(self.of([*world.fields, *world.traits, *world.tiers])), self.one_in(2))

    def compared(self, world: World, depth: int) -> Rule:
        left, right = self.number_term(world, depth), self.number()
        match self.whole(0, 5):
            case 0 | 1:
                return Compare(left, self.of(_COMPARE), right)
            case 2:
                return Compare(right, self.of(_COMPARE), left)
            case 3:
                return Compare(left, self.of(_COMPARE), self.number_term(world, depth))
            case 4:
                low, high = sorted((self.number().value, self.number().value))
                return Between(left, Number(low), Number(high))
            case _:
                return In(left, Numbers(tuple(self.number() for _ in range(self.whole(1, 3)))), self.one_in(2))

    def counted(self, world: World, depth: int) -> Rule:
        """A count against a small number, as people ask."""
        counted = self.of((*_COUNTED[:1], *_COUNTED))(self.selection(world, depth))
        if self.one_in(4):
            return Between(counted, Number(Decimal(self.whole(0, 1))), Number(Decimal(self.whole(1, 4))))
        return Compare(counted, self.of((">=", "==", "<", "!=", ">", "<=")), Number(Decimal(self.whole(0, 4))))

    def same_text(self, world: World, depth: int) -> Rule:
        name = self.of(world.of("text"))
        other: Term = Name(self.of(world.of("text"))) if self.one_in(4) else Text(self.text(world, name))
        left, right = (other, Name(name)) if self.one_in(4) else (Name(name), other)
        return Compare(left, self.of(("==", "!=")), right)

    def one_of(self, world: World, depth: int) -> Rule:
        name = self.of(world.of("text"))
        return In(Name(name), self.texts(world, world.choices.get(name, ())), self.one_in(3))

    def matching(self, world: World, depth: int) -> Rule:
        how = self.of(_MATCH)
        options = PHRASES if how == "mentions" else (*TEXTS, " ", " vp ")
        return Match(Name(self.of(world.of("text"))), how, self.texts(world, options))

    def having(self, world: World, depth: int) -> Rule:
        name = self.of(world.of("list"))
        return Has(Name(name), self.of(("any", "all", "none")), self.texts(world, world.choices.get(name, ())))

    def cased(self, world: World, depth: int) -> Rule:
        name = self.of(list(world.tiers))
        if self.one_in(2):
            return Is(Name(name), self.of(world.tiers[name]), self.one_in(3))
        return In(Name(name), Cases(tuple(self.some(world.tiers[name], least=1))), self.one_in(3))

    def scored(self, world: World, depth: int) -> Rule:
        score, number = Name(self.of(world.scores)), Number(Decimal(self.of((0, 20, 40, 25, -5, 60))))
        match self.whole(0, 4):
            case 0 | 1:
                return Compare(score, self.of(_COMPARE), number)
            case 2:
                return Compare(number, self.of(_COMPARE), score)
            case 3:
                return Compare(score, self.of(_COMPARE), Name(self.of(world.scores)))
            case _:
                return Between(score, Number(Decimal(self.whole(-5, 20))), Number(Decimal(self.whole(20, 60))))

    def timed(self, world: World, depth: int) -> Rule:
        term, is_date = self.moment_term(world, depth)
        spans = tuple(span for span in SPANS if span.unit != "hour") if is_date else SPANS
        elapsed = tuple(span for span in ELAPSED if span.unit != "hour") if is_date else ELAPSED
        match self.whole(0, 7):
            case 0:
                return Within(term, self.of(spans))
            case 1:
                return OlderThan(term, self.of(spans))
            case 2:
                return InTheNext(term, self.of(spans))
            case 3:
                return self.of(_ORDERED)(term, self.anchor(world, depth))
            case 4:
                return self.of(_ORDERED)(self.anchor(world, depth), term)
            case 5:
                return WithinAfter(term, self.of(elapsed), self.anchor(world, depth))
            case 6:
                return Compare(term, self.of(_COMPARE), self.anchor(world, depth))
            case _:
                if self.one_in(2):
                    return Between(term, self.anchor(world, depth), self.anchor(world, depth))
                return In(term, Dates(tuple(Date(self.of(DATES)) for _ in range(self.whole(1, 2)))), self.one_in(2))

    # --- terms ---

    def number_term(self, world: World, depth: int) -> Term:
        name = Name(self.of(world.of("number")))
        if depth < 0 or self.one_in(2):
            return name
        match self.whole(0, 3):
            case 0:
                return Sum(((1, name), (self.of((1, -1)), self.number_part(world, depth - 1))))
            case 1:
                return Product((("*", name), (self.of(("*", "/")), self.number_part(world, depth - 1))))
            case 2:
                return Product((("*", self.number()), ("*", self.number_part(world, depth - 1)), ("*", name)))
            case _:
                return self.counted_term(world, depth) or name

    def counted_term(self, world: World, depth: int) -> Term | None:
        """What activities come to, where there are any."""
        if depth < 0 or world.in_where or not world.activities:
            return None
        found = self.total(world, depth) if self.one_in(2) else None
        return found or self.of(_COUNTED)(self.selection(world, depth))

    def number_part(self, world: World, depth: int) -> Term:
        if self.one_in(2) and (found := self.counted_term(world, depth)):
            return found
        return self.number() if self.one_in(2) else self.number_term(world, depth)

    def total(self, world: World, depth: int) -> Term | None:
        """A sum of a property, of whatever has a number to add up."""
        having = [
            name for name, kinds in (*world.activities.items(), *world.signals.items()) if "number" in kinds.values()
        ]
        if not having:
            return None
        of = Name(self.of(having))
        numbers = [name for name, kind in world.properties(of).items() if kind == "number"]
        return Total(self.of(numbers), self.selection(world, depth, of))

    def moment_term(self, world: World, depth: int) -> tuple[Term, bool]:
        """A date or a moment of the world, and whether it is a date."""
        listed = world.of("date", "datetime")
        if listed and (world.in_where or depth < 0 or not self.one_in(2)):
            name = self.of(listed)
            return Name(name), world.fields[name] == "date"
        if world.in_where or not (world.signals if world.facts_only else world.activities):
            return Name(self.of(listed)), world.fields[listed[0]] == "date"
        return self.of(_ENDS)(self.selection(world, depth)), False

    def anchor(self, world: World, depth: int) -> Term:
        if self.one_in(2) or not (world.of("date", "datetime") or (depth >= 0 and not world.in_where)):
            return self.moment_literal()
        return self.moment_term(world, depth)[0]

    # --- activities ---

    def selection(self, world: World, depth: int, of: Name | None = None) -> Selection:
        what: Name | AnyActivity | AnyOf
        if world.facts_only:
            plain = tuple(Recent(self.of(SPANS)) for _ in range(self.whole(0, 1)))
            return Selection(Name(self.of(list(world.signals))), None, plain)
        if of is not None:
            what = of
        elif world.signals and self.one_in(4):
            what = Name(self.of(list(world.signals)))
        elif self.one_in(4):
            what = AnyActivity()
        elif self.one_in(3):
            what = AnyOf(tuple(self.some(list(world.activities), least=1, most=3)))
        else:
            what = Name(self.of(list(world.activities)))
        properties = world.properties(what)
        where: Rule | None = None
        if properties and depth >= 0 and self.one_in(2):
            inside = World(fields=properties, lists=world.lists, in_where=True)
            where = self.rule(inside, min(depth, 1))
        windows = tuple(self.window(world, depth - 1) for _ in range(self.of((0, 1, 1, 2))))
        return Selection(what, where, windows)

    def window(self, world: World, depth: int) -> Window:
        match self.whole(0, 3):
            case 0 | 1:
                return Recent(self.of(SPANS))
            case 2:
                return Following(self.of(ELAPSED), self.anchor(world, depth))
            case _:
                return Since(self.anchor(world, depth))
