# Long because each way in which parts can fail to fit together has its own fault.
"""Do the parts of a definition fit together? Names, types, cycles, statuses, stages, hand-offs, approvals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, TypeAlias, TypeVar

from qualify.definition.doubts import doubts
from qualify.definition.faults import Faults
from qualify.definition.keys import LARGEST_POINTS, MOST_DECIMALS
from qualify.definition.model import (
    Fact,
    Field,
    Score,
    Stage,
    Status,
    declared_activities,
    declared_fields,
)  # fmt: skip
from qualify.definition.order import FactKey, Facts, facts_read, in_order, stages_in_order
from qualify.definition.places import Path, Place, Places
from qualify.definition.read import SAID_OF, Entries
from qualify.definition.scale import LARGEST_INTEGER, common_scale, sizes
from qualify.errors import Level, enumerated, nearest
from qualify.rules.check import (
    FieldKind,
    ListKind,
    NameKind,
    Problem,
    Properties,
    Scope,
    ScoreKind,
    StageKind,
    TierKind,
    TraitKind,
    check_formula,
    check_rule,
    check_selection,
    half_known,
    selected_properties,
)  # fmt: skip
from qualify.rules.doubtful import doubtful
from qualify.rules.parse import Parsed
from qualify.rules.reads import reads, walk
from qualify.rules.tree import Formula, Holds, Name, Number, Rule
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS

READABLE: Mapping[Status, tuple[Status, ...]] = {
    "adopted": ("adopted",),
    "shadow": ("adopted", "shadow"),
    "proposed": ("adopted", "shadow", "proposed"),
    "retired": ("adopted", "shadow", "proposed", "retired"),
}
"""What a fact of each status may read."""
READS: Mapping[Status, str] = {"shadow": "reads-shadow", "proposed": "reads-proposed", "retired": "reads-retired"}
_ONE = {"traits": "trait", "tiers": "tier", "signals": "signal", "scores": "score", "fields": "field", "lists": "list"}
MOST_SUGGESTED = 200
F = TypeVar("F")
At: TypeAlias = Callable[[Places], Place | None]


def check_entries(entries: Entries, faults: Faults, *, complete: bool = True) -> None:
    """Tell everything that does not fit together. `complete` is False where a part of the folder could not be read:
    then nothing is said about names, which may stand there.
    """
    checker = _Checker(entries, faults)
    checker.name_spaces()
    if complete:
        checker.after()
        checker.relations()
        if not faults:
            for path, problem in doubts(entries):
                checker.problems([problem], path, entries.parsed[path], level="warning")


class _Checker:
    def __init__(self, entries: Entries, faults: Faults) -> None:
        self.entries, self.faults = entries, faults
        everyone = Facts(entries.traits, entries.tiers, entries.signals, entries.scores)
        self.by_key: dict[FactKey, Fact] = everyone.all()
        self.facts = Facts(  # what a name means that two share, nobody can tell
            self.alone(everyone.traits), self.alone(everyone.tiers), self.alone(everyone.signals), self.alone(everyone.scores)
        )  # fmt: skip

    def tell(self, code: str, message: str, path: Path, at: At | None = None, **more: Any) -> None:
        self.faults.add(code, message, path, context=self.context(path), at=at, **more)

    def context(self, path: Path) -> str | None:
        if len(path) < 2:
            return None
        section, name = path[0], path[1]
        entry = getattr(self.entries, str(section), {}).get(name) if isinstance(section, str) else None
        team = getattr(entry, "team", None) or self.entries.named_teams.get((section, name, "team"))
        return f"In {section}.{name} ({team})." if team else f"In {section}.{name}."

    # --- names ---

    def alone(self, named: Mapping[str, F]) -> dict[str, F]:
        """Those whose name stands for nothing else."""
        return {name: each for name, each in named.items() if name not in self.entries.shared}

    def name_spaces(self) -> None:
        """A name stands for one thing."""
        given = self.entries.given
        taken: dict[str, str] = {}
        for section in ("fields", "lists", "traits", "tiers", "scores"):
            for name in given.get(section, ()):
                if section != "fields" and name in STANDARD_FIELDS:
                    self.tell(
                        "name-taken",
                        f"'{name}' is a standard field: give the {_ONE[section]} another name",
                        (section, name),
                    )
                elif section == "fields" and name == "activities":
                    self.tell(
                        "name-taken",
                        "'activities' is what happened with a lead: give the field another name",
                        (section, name),
                    )
                elif name in taken:
                    self.taken(name, (section, name), (taken[name], name), _ONE[taken[name]])
                else:
                    taken[name] = section
        for name in given.get("signals", ()):
            if name in STANDARD_ACTIVITIES:
                self.tell(
                    "name-taken", f"'{name}' is a standard activity: give the signal another name", ("signals", name)
                )
            elif name in given.get("activities", ()):
                self.taken(name, ("signals", name), ("activities", name), "activity")
            for section in ("traits", "tiers"):
                if name in given.get(section, ()):
                    self.taken(name, ("signals", name), (section, name), _ONE[section])

    def taken(self, name: str, path: Path, other: Path, before: str) -> None:
        source = self.faults.owner(other)
        self.tell(
            "name-taken",
            f"'{name}' is the name of {'an' if before == 'activity' else 'a'} {before} too: one of them needs another",
            path,
            other=(source, other),
        )

    def scope(self) -> Scope:
        given = self.entries.given
        names: dict[str, NameKind] = {name: StageKind() for name in given.get("stages", ())}
        names |= {name: _kind(field) for name, field in declared_fields(self.entries.fields).items()}
        names |= {
            name: ListKind(self.entries.lists[name].values if name in self.entries.lists else ())
            for name in given.get("lists", ())
        }
        names |= {name: TraitKind() for name in given.get("traits", ())}
        names |= {name: ScoreKind() for name in given.get("scores", ())}
        for name in given.get("tiers", ()):
            cases = self.entries.tier_cases.get(name, ())
            if cases:
                names[name] = TierKind(cases)
        names = self.alone(names)
        faulty = {name for name in given.get("signals", ()) if name not in self.entries.signals}
        unknowable = self.entries.unknowable | (set(given.get("tiers", ())) - set(names)) | faulty | self.entries.shared
        activities: dict[str, Properties] = {
            name: {prop: _kind(field) for prop, field in kind.properties.items()}
            for name, kind in declared_activities(self.entries.activities).items()
        }
        signals: dict[str, Properties] = {name: {} for name in given.get("signals", ())}
        scope = Scope(names, activities, signals, unknowable=frozenset(unknowable))
        ordered, _ = in_order(
            {key: facts_read(fact, self.facts) for key, fact in self.by_key.items() if key[0] == "signals"}
        )
        for _, name in ordered:  # a signal has the properties of what it selects
            each = self.entries.signals[name].each
            signals[name] = selected_properties(each, scope)
            if half_known(each, scope):
                scope = replace(scope, unknowable=scope.unknowable | {name})
        return scope

    # --- relations ---

    def relations(self) -> None:
        scope = self.scope()
        teams = self.entries.given.get("teams", ())
        for path, team in self.entries.named_teams.items():
            if path[:2] not in self.entries.retired:
                self.team(team, teams, path)
        self.rules(scope, replace(scope, facts_only=True))
        for key, fact in self.by_key.items():
            if fact.status != "retired":
                self.reading(key, fact)
        edges = {key: facts_read(fact, self.facts) for key, fact in self.by_key.items() if fact.status != "retired"}
        _, cycles = in_order(edges)
        for cycle in cycles:
            self.cycle([name for _, name in cycle], cycle[0])
        self.sizes()
        for name, stage in self.entries.stages.items():
            self.stage(name, stage, teams)
        self.traits_named(self.entries.top.get("left_out_by", ()), ("left_out_by",))
        for name in self.entries.given.get("approvals", ()):
            self.team(name, teams, ("approvals", name))
        self.unused()

    def team(self, name: str, teams: tuple[str, ...], path: Path) -> None:
        if name not in teams and teams:  # where there is no team at all, that has been told
            near = nearest(name, teams)
            meant = f"; did you mean '{near}'?" if near else f": the teams are {enumerated(teams)}" if teams else ""
            at = partial(Places.value, path=path) if path[-1] == "team" else None
            self.tell("unknown-team", f"unknown team '{name[:80]}'{meant}", path, at=at, did_you_mean=near)

    def rules(self, scope: Scope, in_stages: Scope) -> None:
        """Every rule that could be read, those of entries with another fault too; of what is retired, none."""
        quiet, quiet_in_stages = replace(scope, suggest=False), replace(in_stages, suggest=False)
        for path, parsed in self.entries.parsed.items():
            if path[:2] in self.entries.retired:
                continue
            if len(self.faults.told) > MOST_SUGGESTED:
                scope, in_stages = quiet, quiet_in_stages
            if path[0] == "stages":
                problems = check_rule(parsed.tree, in_stages)
            elif path[2] == "of":
                problems = check_formula(parsed.tree, scope)
            elif path[2] == "each":
                problems = check_selection(parsed.tree, scope)
            else:
                problems = check_rule(parsed.tree, scope)
            self.problems(problems, path, parsed)
            if not problems:
                self.problems(doubtful(parsed.tree), path, parsed, level="warning")

    def problems(self, problems: list[Problem], path: Path, parsed: Parsed[Any], level: Level = "fault") -> None:
        for problem in problems:
            start, length = parsed.place(problem.node, problem.entry)
            self.tell(
                problem.code, problem.message, path, did_you_mean=problem.did_you_mean, level=level,
                at=partial(Places.inside, path=path, offset=start, length=length),
            )  # fmt: skip

    def reading(self, key: FactKey, fact: Fact) -> None:
        """What counts may not stand on what is only tried."""
        allowed = READABLE[fact.status]
        for section, name in facts_read(fact, self.facts):
            status = self.by_key[section, name].status
            if status not in allowed:
                self.tell(
                    READS[status],
                    f"{_ONE[key[0]]} '{key[1]}' is {SAID_OF[fact.status]} and reads the {_ONE[section]} '{name}', which is "
                    f"{SAID_OF[status]}: {_advice(fact.status, status)}", *self.place_of(key, name),
                )  # fmt: skip

    def place_of(self, key: FactKey, name: str) -> tuple[Path, At | None]:
        """Where in a fact it reads a name: the path, and the place of the name in the rule that stands there."""
        fact = self.by_key[key]
        if isinstance(fact, Score) and name in fact.points:
            return (*key, "points", name), None
        for path, parsed in self.rules_of.get(key, ()):
            if name in reads(parsed.tree).facts:
                return path, _at_name(path, parsed, name)
        return key, None

    @cached_property
    def rules_of(self) -> dict[Path, list[tuple[Path, Parsed[Any]]]]:
        """The rules of each entry, with the path of each."""
        found: dict[Path, list[tuple[Path, Parsed[Any]]]] = {}
        for path, parsed in self.entries.parsed.items():
            found.setdefault(path[:2], []).append((path, parsed))
        return found

    def cycle(self, names: list[str], path: Path) -> None:
        shown = names if len(names) <= 8 else [*names[:4], "...", *names[-3:]]
        self.tell("cycle", f"these facts speak of each other in a circle: {' -> '.join([*shown, names[0]])}", path)

    def traits_named(self, names: tuple[str, ...], path: Path) -> None:
        for at, name in enumerate(names):
            place = (*path, at)
            trait = self.entries.traits.get(name)
            if trait is None:
                if name in self.entries.given.get("traits", ()):
                    continue
                if name in self.entries.unknowable:
                    continue
                near = nearest(name, self.entries.given.get("traits", ()))
                meant = f"; did you mean '{near}'?" if near else ": it names traits"
                other = next(
                    (one for section, one in _ONE.items() if name in self.entries.given.get(section, ())), None
                )
                if other or name in STANDARD_FIELDS:
                    near, meant = None, f": it is a {other or 'field'}, and the question about it is to be a trait"
                self.tell("unknown-fact", f"unknown trait '{name[:80]}'{meant}", place, did_you_mean=near)
            elif trait.status != "adopted" and name in self.facts.traits:
                self.tell(
                    READS[trait.status],
                    f"'{name}' is {SAID_OF[trait.status]}: only an adopted trait counts here",
                    place,
                )

    # --- scores ---

    def sizes(self) -> None:
        """A score is reckoned in integers on one scale; it has to fit 64 bits."""
        scores = {
            key: fact for key, fact in self.by_key.items() if isinstance(fact, Score) and fact.status != "retired"
        }
        ordered = in_order({key: facts_read(fact, self.facts) for key, fact in scores.items()})[0]
        for _, name in ordered:
            formula = self.entries.scores[name].of
            if formula is not None:
                self.weights(name, formula)
        found = sizes((name, self.entries.scores[name]) for _, name in ordered)
        scale = common_scale(found)
        too_large: set[str] = set()
        for name, size in found.items():
            if size.largest * scale < LARGEST_INTEGER:
                continue
            formula = self.entries.scores[name].of
            if size.largest * size.parts >= LARGEST_INTEGER:
                if formula is None or too_large.isdisjoint(reads(formula).values):  # else a follower
                    message = f"the score '{name}' can grow beyond what 64-bit integers hold, on its scale"
                    self.tell("score-too-large", message, ("scores", name))
            elif not too_large:  # which would fit alone
                finest = max(found, key=lambda each: found[each].parts)
                message = (
                    f"'{finest}' has so many decimals in the end that the score '{name}' beside it can grow beyond what "
                    "64-bit integers hold: all scores are reckoned on one scale"
                )
                self.tell("score-too-large", message, ("scores", finest))
            too_large.add(name)

    def weights(self, name: str, formula: Formula) -> None:
        """A weight is as exact as points are."""
        path: Path = ("scores", name, "of")
        for node, _ in walk(formula):
            if isinstance(node, Number):
                decimals = -int(node.value.as_tuple().exponent)
                if decimals > MOST_DECIMALS or abs(node.value) >= LARGEST_POINTS:
                    message = (
                        f"a number in a formula has at most {MOST_DECIMALS} decimals and is below {LARGEST_POINTS:,}"
                    )
                    self.problems([Problem("bad-number", message, node)], path, self.entries.parsed[path])

    # --- stages ---

    def after(self) -> None:
        """Without `after`, a stage comes after the nearest one above it that isn't itself beside the line."""
        stages: dict[str, Stage] = {}
        above: str | None = None
        for name, stage in self.entries.stages.items():
            after = stage.after if stage.after_written else ((above,) if above is not None else ())
            stages[name] = Stage(
                stage.requires,
                stage.title,
                after,
                stage.beside,
                stage.after_written,
                stage.disqualified_by,
                stage.handoff,
            )
            if not stage.beside:
                above = name
        self.entries.stages = stages
        given = self.entries.given.get("stages", ())
        for name, stage in stages.items():
            for at, before in enumerate(stage.after if stage.after_written else ()):
                if before not in given:
                    near = nearest(before, given)
                    meant = f"; did you mean '{near}'?" if near else ""
                    self.tell(
                        "unknown-stage",
                        f"unknown stage '{before[:80]}'{meant}",
                        ("stages", name, "after", at),
                        did_you_mean=near,
                    )
        for circle in stages_in_order(stages)[1]:
            path: Path = ("stages", circle[0], "after")
            self.tell(
                "cycle", f"these stages come after each other in a circle: {' -> '.join([*circle, circle[0]])}", path
            )

    def stage(self, name: str, stage: Stage, teams: tuple[str, ...]) -> None:
        path: Path = ("stages", name)
        for team, rule in stage.requires.items():
            self.team(team, teams, (*path, "requires", team))
            self.counting(rule, (*path, "requires", team))
        self.traits_named(stage.disqualified_by, (*path, "disqualified_by"))
        always: int | None = None
        for at, handoff in enumerate(stage.handoff):
            place: Path = (*path, "handoff", at)
            if always is not None:
                self.tell(
                    "dead-handoff", f"no lead ever gets this hand-off: the {_nth(always)} one has no 'when', so it always holds; "
                    "let that one stand last", place, level="warning",
                )  # fmt: skip
            elif handoff.when is None:
                always = at
            if handoff.when is not None:
                self.counting(handoff.when, (*place, "when"))
            owner = self.entries.teams.get(handoff.team)
            if handoff.act_within[1].startswith("working") and owner is not None and owner.hours is None:
                self.tell(
                    "no-hours", f"'{handoff.team}' has no 'hours', so working time can't be counted: add "
                    f'teams.{handoff.team}.hours = "Mon-Fri 09:00-17:00"', (*place, "act_within"),
                )  # fmt: skip

    def counting(self, rule: Rule, path: Path) -> None:
        """A rule that counts speaks of adopted facts only."""
        for section, name in self.facts.named(reads(rule)):
            status = self.by_key[section, name].status
            if status != "adopted":
                self.tell(
                    READS[status], f"a stage counts on the {_ONE[section]} '{name}', which is {SAID_OF[status]}: "
                    f"{_advice('adopted', status)}", path, at=_at_name(path, self.entries.parsed[path], name),
                )  # fmt: skip

    # --- what is doubtful ---

    def unused(self) -> None:
        if self.faults:  # a rule that can't be read may be what reads it
            return
        used: set[str] = set()
        for parsed in self.entries.parsed.values():
            used.update(reads(parsed.tree).lists)
        for name in self.entries.lists:
            if name not in used:
                self.tell("unused-list", f"nothing reads the list '{name}'", ("lists", name), level="warning")


def _kind(field: Field) -> FieldKind:
    return FieldKind(field.type, field.choices)


def _nth(at: int) -> str:
    return ("first", "second", "third")[at] if at < 3 else f"{at + 1}th"


def _at_name(path: Path, parsed: Parsed[Any], name: str) -> At | None:
    """Where a name stands in a rule."""
    for node, start, end in parsed.places.values():
        if isinstance(node, Name | Holds) and node.name == name:
            return partial(Places.inside, path=path, offset=start, length=end - start)
    return None


def _advice(reader: Status, status: Status) -> str:
    if status == "retired":
        return "nothing reads what is retired"
    if reader == "adopted":
        return "what counts reads adopted facts only; adopt it, or leave it out"
    return f"a {reader} fact reads {' and '.join(READABLE[reader])} ones"


__all__ = ["READABLE", "check_entries"]
