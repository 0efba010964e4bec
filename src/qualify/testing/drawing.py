"""How a lead is drawn: the strategies of a definition's fields and activities, and leads that go one way to a goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError

from qualify.definition.model import Field, Model
from qualify.engine.evaluate import Evaluator
from qualify.engine.sight import Event, Reader
from qualify.errors import QualifyError, nearest
from qualify.face import Definition
from qualify.lead import Activity, Lead
from qualify.testing.choosing import WORDS, join, loosen, numbers_in, one_of_island, shares, usual
from qualify.testing.goals import YES, Goal, StageGoal, TraitGoal
from qualify.testing.happened import Happened, can_be_summed
from qualify.testing.search import WHILE, Found, Search
from qualify.testing.spelling import respelled, respelled_together
from qualify.testing.spoken import Spoken
from qualify.testing.unsatisfiable import Unsatisfiable
from qualify.testing.values import ACTIVITIES, KIND, Island, Range
from qualify.verdict import Verdict

MOST_OTHERS = 4
"""Fields of a lead beside those that matter."""
MOST_GOALS = 60
"""Stages and traits to which plain leads go."""
OTHER_WAYS = 2
"""Ways that leads may go beside their own, as far as they don't meet it."""
FEW_WAYS = 8
"""Ways to borders up to which each is drawn often enough by itself."""
MOST_FEW = 3
OFTEN = 3
"""Values of a field that are drawn so much more often than that it isn't known."""
PRINTED = "abcxyzABC019 -_.,'&/äßéñŁ中文"
"""Characters of drawn texts; a table of all that Unicode has would take seconds to build."""
SAMPLES = 6
"""Leads of each way that are judged before it is taken: the plainest, and some by chance."""


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


def activity_of(event: tuple[str, Event]) -> Activity:
    """An activity, from what the search knows of one."""
    kind, (at, said) = event
    return Activity(type=kind, at=at, properties=dict(said))


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
    def spoken(self) -> Spoken:
        """What the rules speak of."""
        return Spoken(self.model, self.as_of)

    def event(self, without: frozenset[str] = frozenset()) -> SearchStrategy[tuple[str, Event]]:
        """One activity, of any type but these; those that rules speak of more often than others."""
        kinds = {
            kind: st.fixed_dictionaries({}, optional={
                name: self.value(name, declared) for name, declared in declared_kind.properties.items()
            })
            for kind, declared_kind in self.model.declared_activities.items()
            if kind not in without
        }  # fmt: skip
        hours = st.integers(1, 24 * 400)
        plain = st.sampled_from(list(kinds)).flatmap(
            lambda kind: st.builds(
                lambda ago, said: (kind, (self.as_of - timedelta(hours=ago), said)), hours, kinds[kind]
            )
        )
        counting = {
            kind: st.sampled_from(each) for kind, each in self.spoken.happened.items() if each and kind not in without
        }
        if not counting:
            return plain
        spoken = st.sampled_from(list(counting)).flatmap(counting.__getitem__)
        return st.one_of(plain, spoken, spoken)

    @cached_property
    def happened(self) -> SearchStrategy[tuple[str, Event]]:
        """One activity of any type."""
        return self.event()

    def leads(self, given: Mapping[str, SearchStrategy[Any]]) -> SearchStrategy[Any]:
        """Any leads; half of them on their way to a stage, or to a trait's yes."""
        plain = self.drawn(given)
        if not self.model.traits:
            return plain
        return plain | st.deferred(lambda: self.on_ways(given, plain))

    def on_ways(self, given: Mapping[str, SearchStrategy[Any]], plain: SearchStrategy[Any]) -> SearchStrategy[Any]:
        """Leads that go a way to a stage, or to a trait's yes, of which any part may be missing; else plain ones."""
        parts = [
            any_of([self.going(way, loosely=True, given=given) for way in ways]) for ways in self.first_ways if ways
        ]
        return st.one_of(parts) if parts else plain

    @cached_property
    def first_ways(self) -> tuple[list[Found], list[Found]]:
        """Some ways that are found at once: to the stages, and to the traits."""
        search = Search(self.model, self.as_of, lasting=self.lasting)
        found: tuple[list[Found], list[Found]] = ([], [])
        goals: list[tuple[list[Found], Goal]] = [
            *((found[0], StageGoal(name, "reached")) for name in self.model.stages),
            *(
                (found[1], TraitGoal(name, YES))
                for name, trait in self.model.traits.items()
                if trait.status == "adopted"
            ),
        ]
        for ways, goal in goals[:MOST_GOALS]:
            with suppress(Unsatisfiable):
                ways += search.find(goal, "", attempts=1)[:2]
        return found

    def drawn(
        self,
        given: Mapping[str, SearchStrategy[Any]],
        together: Sequence[SearchStrategy[Mapping[str, Any]]] = (),
        without: frozenset[str] = frozenset(),
        *,
        kinds: frozenset[str] | None = frozenset(),
        loose: frozenset[str] = frozenset(),
        also: SearchStrategy[Mapping[str, Any]] | None = None,
    ) -> SearchStrategy[Any]:
        """Leads with these fields, and others that are in none of them.

        Beside activities that are given, there may be some of other types than `kinds` (None: no others at all). What
        is `loose` is now and then left out, so that it goes when a lead shrinks. What `also` says fills up the rest.
        """
        others = [name for name in self.plain if name not in given and name not in without]
        needed = [name for name in others if name in self.own and self.lead_class.model_fields[name].is_required()]
        spoken = {name: values for name, values in self.spoken.fields.items() if name in others and name not in needed}
        read = [(name, values, *shares(values)) for name, values in spoken.items()]
        chosen = self.some([name for name in others if name not in needed and name not in spoken])
        may_happen = ACTIVITIES not in given and ACTIVITIES not in without
        some = st.lists(self.happened, max_size=4).map(tuple)
        happened = st.one_of(st.none(), some, *([some] if self.spoken.happened else []))
        beside: SearchStrategy[Happened] = st.just(())
        if kinds is not None and not may_happen and self.model.declared_activities.keys() - kinds:
            beside = st.lists(self.event(kinds), max_size=2).map(tuple)
        loose -= {name for name in self.own if self.lead_class.model_fields[name].is_required()}

        @st.composite
        def leads(draw: Any) -> Any:
            said: dict[str, Any] = {name: draw(strategy) for name, strategy in given.items()}
            for strategy in together:
                for name, value in draw(strategy).items():
                    if name not in given:
                        join(said, {name: value})
            if loose:
                loosen(draw, said, loose)
            more = {} if also is None else dict(draw(also))
            happened_too: Happened = more.pop(ACTIVITIES, None) or ()
            said.update({name: value for name, value in more.items() if name not in given and name not in without})
            for name in needed:
                said[name] = draw(self.plain[name])
            for name, values, unknown, share in read:
                if name in more:
                    continue
                at = draw(share)
                if at >= unknown:
                    said[name] = values[at - unknown] if at < unknown + len(values) else draw(self.plain[name])
            said.update((name, value) for name, value in draw(chosen) if name not in more)
            if may_happen:
                said[ACTIVITIES] = happened_too or draw(happened)
            elif isinstance(said.get(ACTIVITIES), tuple) and kinds is not None:
                others_too = happened_too or draw(beside)
                said[ACTIVITIES] = (*said[ACTIVITIES], *(each for each in others_too if each[0] not in kinds))
            return self.lead(said)

        return leads()

    @cached_property
    def entries(self) -> dict[str, SearchStrategy[tuple[str, Any]]]:
        """Each field's name with a value."""
        return {name: st.tuples(st.just(name), strategy) for name, strategy in self.plain.items()}

    def some(self, names: list[str]) -> SearchStrategy[list[tuple[str, Any]]]:
        """A few of these fields, each drawn with its value, so that both go when a lead shrinks."""
        if not names:
            return st.just([])
        entries = st.one_of([self.entries[name] for name in names])
        return st.lists(entries, max_size=MOST_OTHERS, unique_by=lambda entry: entry[0])

    # --- leads that meet a goal ---

    def meeting(
        self,
        goal: Goal,
        comes_out: Callable[[Verdict], bool],
        said: str,
        *,
        left_out: bool = False,
        proposed: bool = False,
    ) -> SearchStrategy[Lead]:
        """Leads that meet a goal; found once, when the strategy is made.

        `left_out`: they are to be left out; `proposed`: what is only proposed is evaluated too.
        """
        definition = Definition(self.model)
        moments = (self.as_of, self.as_of + WHILE) if self.lasting else (self.as_of,)

        def fits(lead: Lead) -> bool:
            return all(comes_out(definition.qualify(lead, as_of=moment, proposed=proposed)) for moment in moments)

        def check(found: Found) -> bool:
            samples = (self.sample(found, Random(seed) if seed else None) for seed in range(SAMPLES))
            return all(fits(self.lead(said)) for said in samples)

        ways = Search(self.model, self.as_of, lasting=self.lasting).find(
            goal, said, check, varied=True, left_out=left_out
        )
        return any_of([self.going(way) for way in ways]).filter(
            fits
        )  # rarely says no: where a score's points were reckoned roughly

    def sample(self, way: Found, chance: Random | None) -> dict[str, Any]:
        """What a lead that goes this way holds: the plainest, or one by chance, with much else that it holds too."""
        said: dict[str, Any] = {}
        for island in way.islands:
            join(said, one_of_island(island, chance))
        if chance is not None:
            follows = {"email"} if "email_domain" in way.names else set()
            for name in self.model.declared_fields:
                if name not in way.names and name not in follows and chance.random() < 0.5:
                    said[name] = usual(self.model.declared_fields[name], self.as_of, chance)
        return said

    def going(
        self,
        way: Found,
        *,
        loosely: bool = False,
        given: Mapping[str, SearchStrategy[Any]] | None = None,
        also: SearchStrategy[Mapping[str, Any]] | None = None,
    ) -> SearchStrategy[Any]:
        """Leads that go one way; `loosely`, where parts of it may be missing. What is `given` stays as it is."""
        own = dict(given or {})
        fields, together = self.parts(way)
        follows = {"email"} if "email_domain" in way.names else set[str]()
        kinds = frozenset(name.removeprefix(KIND) for i in way.islands for name in i.names if name.startswith(KIND))
        return self.drawn(
            {**fields, **own}, together, (way.names | follows) - own.keys(),
            kinds=None if "" in kinds or ACTIVITIES in own else kinds,
            loose=way.names - own.keys() if loosely else frozenset(),
            also=also,
        )  # fmt: skip

    def parts(self, way: Found) -> tuple[dict[str, SearchStrategy[Any]], list[SearchStrategy[Mapping[str, Any]]]]:
        """What single fields can be on a way, and what stands together."""
        fields: dict[str, SearchStrategy[Any]] = {}
        together: list[SearchStrategy[Mapping[str, Any]]] = []
        for island in way.islands:
            if island.together:
                spelled = respelled_together(island.together, self.model, ACTIVITIES)
                together.append(st.sampled_from([*island.together, *spelled]))
            else:
                fields[island.names[0]] = self.one_field(island)
        return fields, together

    def at_borders(self, ways: Sequence[Found]) -> SearchStrategy[Lead]:
        """Leads that go one of these ways, any of several parts of which may be missing; mostly others beside it."""
        parts = [self.parts(way) for way in ways]

        @st.composite
        def others(draw: Any) -> Mapping[str, Any]:
            more: dict[str, Any] = {}
            for _ in range(OTHER_WAYS):
                at = draw(st.integers(0, len(parts) + len(parts) // 3)) - len(parts) // 3 - 1  # shrinks to none
                if at >= 0:
                    fields, together = parts[at]
                    said = {name: draw(strategy) for name, strategy in fields.items()}
                    for strategy in together:
                        join(said, draw(strategy))
                    loosen(draw, said, frozenset(said))
                    more = {**{name: value for name, value in said.items() if value is not None}, **more}
            return more

        also = others() if len(parts) > FEW_WAYS else None
        return any_of([self.going(way, loosely=len(way.names) > 1, also=also) for way in ways])

    def one_field(self, island: Island) -> SearchStrategy[Any]:
        """What one field can be: its single values, in other letters too, and each range of numbers."""
        declared = self.model.declared_fields[island.names[0]]
        single = [value for value in island.values if not isinstance(value, Range)]
        if None in single and len(single) <= MOST_FEW:  # it needn't be known, but mostly is
            single = [None, *[value for value in single if value is not None] * OFTEN]
        groups = [st.sampled_from([*single, *respelled(single, declared)])] if single else []
        return st.one_of([*groups, *(numbers_in(value) for value in island.values if isinstance(value, Range))])

    def summable(self, event: tuple[str, Event]) -> tuple[str, Event]:
        """The same without amounts that can't be added up exactly, where the definition adds them up."""
        kind, (at, said) = event
        fine = [name for name in said if name in self.summed.get(kind, ()) and not can_be_summed(said[name])]
        return (kind, (at, {name: value for name, value in said.items() if name not in fine})) if fine else event

    @cached_property
    def summed(self) -> Mapping[str, frozenset[str]]:
        """The properties of each type of activity that the definition adds up."""
        properties = Reader(self.model).properties
        return {kind: frozenset(name for name, _, summed in each if summed) for kind, each in properties.items()}

    def lead(self, fields: Mapping[str, Any]) -> Lead:
        """A lead with these fields; what is None is not known."""
        said = {name: value for name, value in fields.items() if value is not None}
        if isinstance(said.get(ACTIVITIES), tuple):  # as they were searched for
            said[ACTIVITIES] = [activity_of(self.summable(each)) for each in cast(Happened, said[ACTIVITIES])]
        try:
            return self.lead_class(**said)
        except ValidationError as why:
            name = next((str(where) for error in why.errors() for where in error["loc"][:1]), "a field")
            raise QualifyError(
                f"{self.lead_class.__name__} refuses what was drawn for '{name}': it asks for more than its type says; "
                f"give a strategy for it, as in leads({self.lead_class.__name__}, {name}=...)",
                code="no-strategy",
            ) from None
