"""How a lead is drawn: the strategies of a definition's fields and activities, and leads that go one way to a goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from qualify.definition.model import Field, Model
from qualify.engine.evaluate import Evaluator
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.lead import Activity, Lead
from qualify.testing.goals import Goal
from qualify.testing.happened import Happened
from qualify.testing.search import WHILE, Found, Search
from qualify.testing.values import ACTIVITIES, Island, Range
from qualify.verdict import Verdict

MOST_OTHERS = 4
"""Fields of a lead beside those that matter."""
PRINTED = "abcxyzABC019 -_.,'&/äßéñŁ中文"
"""Characters of drawn texts; a table of all that Unicode has would take seconds to build."""
SAMPLES = 6
"""Leads of each way that are judged before it is taken: the plainest, and some by chance."""
WORDS = ("Acme", "Printing", "director", "Berlin", "DE", "web", "Ångström", "co-owner", "0", "x")


def now() -> datetime:
    """This minute."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


def any_of(ways: list[SearchStrategy[Lead]]) -> SearchStrategy[Lead]:
    """One of several ways, the first of which is what a lead shrinks to."""
    return ways[0] if len(ways) == 1 else st.integers(0, len(ways) - 1).flatmap(ways.__getitem__)


def written(annotation: object) -> str:
    """A type as one would write it."""
    if get_origin(annotation) in (Union, UnionType):
        return " | ".join("None" if each is NoneType else written(each) for each in get_args(annotation))
    return annotation.__name__ if type(annotation) is type else str(annotation)


class World:
    """What leads of one definition are drawn from."""

    def __init__(self, model: Model, lead_class: type[Lead], as_of: datetime | None) -> None:
        self.model, self.lead_class = model, lead_class
        self.lasting = as_of is None
        self.as_of = as_of or now()
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
                kind = written(self.lead_class.model_fields[name].annotation)
                raise QualifyError(
                    f"{self.lead_class.__name__}.{name} is of type {kind}, for which there is no strategy: "
                    f"give one, as in leads({self.lead_class.__name__}, {name}=st.just(...))",
                    code="no-strategy",
                )

    # --- any lead ---

    @cached_property
    def plain(self) -> dict[str, SearchStrategy[Any]]:
        """A strategy for each field."""
        drawn = {name: self.value(name, declared) for name, declared in self.model.declared_fields.items()}
        whole = {name for name in self.own if written(self.lead_class.model_fields[name].annotation).startswith("int")}
        return {**drawn, **{name: st.integers(0, 1000) for name in whole if name in drawn}}

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
        given: Mapping[str, SearchStrategy[Any]],
        together: Sequence[SearchStrategy[Mapping[str, Any]]] = (),
        without: frozenset[str] = frozenset(),
    ) -> SearchStrategy[Any]:
        """Leads with these fields, and a few others that are in none of them."""
        others = [name for name in self.plain if name not in given and name not in without]
        needed = [name for name in others if name in self.own and self.lead_class.model_fields[name].is_required()]
        chosen = self.some([name for name in others if name not in needed])
        happened = st.none() | st.lists(self.happened, max_size=3)
        if ACTIVITIES in given or ACTIVITIES in without:
            happened = st.none()

        @st.composite
        def leads(draw: Any) -> Any:
            said: dict[str, Any] = {name: draw(strategy) for name, strategy in given.items()}
            for strategy in together:
                _join(said, draw(strategy))
            for name in needed:
                said[name] = draw(self.plain[name])
            said.update(draw(chosen))
            if ACTIVITIES not in said and (some := draw(happened)) is not None:
                said[ACTIVITIES] = some
            return self.lead(said)

        return leads()

    def some(self, names: list[str]) -> SearchStrategy[list[tuple[str, Any]]]:
        """A few of these fields, each drawn with its value, so that both go when a lead shrinks."""
        if not names:
            return st.just([])
        entries = st.one_of([st.tuples(st.just(name), self.plain[name]) for name in names])
        return st.lists(entries, max_size=MOST_OTHERS, unique_by=lambda entry: entry[0])

    # --- leads that meet a goal ---

    def meeting(self, goal: Goal, comes_out: Callable[[Verdict], bool], said: str) -> SearchStrategy[Lead]:
        """Leads that meet a goal; found once, when the strategy is made."""
        definition = Definition(self.model)
        moments = (self.as_of, self.as_of + WHILE) if self.lasting else (self.as_of,)

        def fits(lead: Lead) -> bool:
            return all(comes_out(definition.qualify(lead, as_of=moment)) for moment in moments)

        def check(found: Found) -> bool:
            samples = (self.sample(found, Random(seed) if seed else None) for seed in range(SAMPLES))
            return all(fits(self.lead(said)) for said in samples)

        ways = Search(self.model, self.as_of, lasting=self.lasting).find(goal, said, check)
        return any_of([self.going(way) for way in ways]).filter(
            fits
        )  # rarely says no: where a score's points were reckoned roughly

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

    def going(self, way: Found) -> SearchStrategy[Any]:
        """Leads that go one way."""
        alone = [island for island in way.islands if not island.together]
        given = {island.names[0]: st.one_of([_value(each) for each in _grouped(island.values)]) for island in alone}
        together = [st.sampled_from(island.together) for island in way.islands if island.together]
        follows = {"email"} if "email_domain" in way.names else set()
        return self.drawn(given, together, way.names | follows)

    def lead(self, fields: Mapping[str, Any]) -> Lead:
        """A lead with these fields; what is None is not known."""
        said = {name: value for name, value in fields.items() if value is not None}
        if isinstance(said.get(ACTIVITIES), tuple):  # as they were searched for
            said[ACTIVITIES] = [
                Activity(type=kind, at=at, properties=dict(each))
                for kind, (at, each) in cast(Happened, said[ACTIVITIES])
            ]
        return self.lead_class(**said)


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
