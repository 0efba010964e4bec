"""What changed between two verdicts on one lead, and why: the facts, the time that went by, or the definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from qualify.engine.decision import Bounds
from qualify.rules.reads import reads, walk
from qualify.rules.tree import First, Following, Last, Rule, Since
from qualify.verdict.answer import Answer
from qualify.verdict.frozen import Frozen
from qualify.verdict.parts import (
    REDACTED,
    Cause,
    CauseKind,
    Changes,
    Evidence,
    PointsChange,
    PointsChanged,
    ScoreVerdict,
    SignalVerdict,
    TierVerdict,
    TraitVerdict,
)
from qualify.verdict.view import View

NOTHING = (Decimal(0), Decimal(0))
Happened = tuple[str, datetime, frozenset[tuple[str, Any]]]
"""An activity as it was seen: its type, when, and what was said of it."""


def changes(earlier: View, later: View) -> Changes:
    """The stage, the answers that differ, and the causes: facts first, then time, then the definition."""
    before, after = _Account(earlier), _Account(later)
    answers = {
        name: (before.answers.get(name), after.answers.get(name))
        for name in dict.fromkeys([*before.answers, *after.answers])
        if before.answers.get(name) != after.answers.get(name)
    }
    facts = list(_facts(before, after))
    redefined = earlier.definition.digest != later.definition.digest
    causes = [*facts]
    touched = {cause.name for cause in facts}
    for name, (was, now) in answers.items():
        if redefined and _differ(before.rules.get(name), after.rules.get(name)):
            causes.append(Cause("definition", name, was, now))
        elif (
            earlier.as_of != later.as_of
            and name in before.rules
            and not after.rests_on(name) & (touched | before.hidden | after.hidden)
        ):
            causes.append(Cause("time", name, was, now))
    if redefined:
        causes.append(Cause("definition", later.definition.name, earlier.definition.version, later.definition.version))
    if not causes:
        causes += _unseen(before, after, answers)
    order = ("fact", "time", "definition")
    causes.sort(key=lambda cause: order.index(cause.kind))
    points = tuple(_points(before, after, {cause.name for cause in causes if cause.kind != "time"}))
    return Changes((earlier.stage, later.stage), Frozen(answers), tuple(causes), points)


def _points(before: _Account, after: _Account, touched: set[str]) -> Iterator[PointsChange]:
    """The items whose points differ, score by score."""
    for name, score in after.facts.items():
        earlier = before.facts.get(name)
        if not isinstance(score, ScoreVerdict) or not isinstance(earlier, ScoreVerdict):
            continue
        for item in dict.fromkeys([*earlier.points, *score.points]):
            was, now = earlier.points.get(item, (None, None)), score.points.get(item, (None, None))
            if _ends(was) != _ends(now):
                aged = "fades" in _gives(score, item) and not after.rests_on(item) & touched
                yield PointsChange(name, item, was, now, _how(_ends(was), _ends(now), aged=aged))


def _ends(bounds: Bounds) -> tuple[Decimal, Decimal]:
    """Both ends, to be compared; none at all is 0."""
    low, high = bounds
    if low is None and high is None:
        return NOTHING
    return Decimal("-inf") if low is None else low, Decimal("inf") if high is None else high


def _how(was: tuple[Decimal, Decimal], now: tuple[Decimal, Decimal], *, aged: bool) -> PointsChanged:
    """What became of points, from one interval to another: first what time took, then what is open, then how many."""
    if now == NOTHING and was[0] > 0:
        return "went"
    fell, rose = now[0] <= was[0] and now[1] <= was[1], was[0] <= now[0] and was[1] <= now[1]
    if aged and ((fell and was[0] >= 0) or (rose and was[1] <= 0)):
        return "faded"
    if now[0] <= was[0] and was[1] <= now[1]:
        return "opened"
    if was[0] <= now[0] and now[1] <= was[1]:
        return "settled"
    if now > was:
        return "came" if was == NOTHING else "more"
    return "fewer"


def _gives(score: ScoreVerdict, item: str) -> Mapping[str, object]:
    return score.items[item].gives if item in score.items else {}


def _facts(before: _Account, after: _Account) -> Iterator[Cause]:
    """Fields whose value is another one, then activities of which there are others."""
    for name in dict.fromkeys([*before.fields, *after.fields]):
        if name in before.fields and name in after.fields:
            was, now = before.fields[name], after.fields[name]
            if not _same(was, now) and REDACTED not in (was, now):  # what is hidden can't be compared
                yield Cause("fact", name, was, now)
    if before.tells != after.tells and before.asks and after.asks:
        yield Cause("fact", "activities", before.tells, after.tells)
        return
    passed = after.verdict.as_of > before.verdict.as_of
    gone: Counter[Happened] = Counter()
    come: Counter[Happened] = Counter()
    for asked in before.happened.keys() & after.happened.keys():
        was_there, is_there = before.happened[asked], after.happened[asked]
        if not passed:  # else a window went by, which is no fact
            gone |= was_there - is_there
        new = is_there - was_there
        if passed and _hangs_on_others(asked):  # so does a window that begins at another activity
            new = Counter({each: times for each, times in new.items() if each[1] > before.verdict.as_of})
        come |= new
    for kind in sorted({each[0] for each in (*gone, *come)}):
        had = sum(before.of_kind(kind).values())
        lost, won = (sum(times for each, times in some.items() if each[0] == kind) for some in (gone, come))
        yield Cause("fact", kind, had, had - lost + won)


def _hangs_on_others(asked: Rule) -> bool:
    """Whether a window of a test begins or ends at an activity."""
    return any(
        isinstance(node, Since | Following) and any(isinstance(each, First | Last) for each, _ in walk(node.anchor))
        for node, _ in walk(asked)
    )


def _unseen(before: _Account, after: _Account, answers: Mapping[str, tuple[object, object]]) -> Iterator[Cause]:
    """Where no evidence tells why: the traits that left the lead out, and signals that nothing reads."""
    kind: CauseKind = "fact" if before.verdict.as_of == after.verdict.as_of else "time"
    outs = [account.verdict.left_out_by for account in (before, after)]
    for name in dict.fromkeys([*outs[0], *outs[1]]):
        if (name in outs[0]) is not (name in outs[1]):
            was, now = (
                Answer.YES if name in out else account.answers.get(name)
                for out, account in zip(outs, (before, after), strict=True)
            )
            yield Cause(kind, name, was, now)
    if not any(outs):
        for name, (was, now) in answers.items():
            if isinstance(after.facts.get(name), SignalVerdict):
                yield Cause(kind, name, was, now)


def _differ(one: object, other: object) -> bool:
    """Whether two rules differ; of a tier's cases those that were looked at both times."""
    if isinstance(one, _Cases) and isinstance(other, _Cases):
        return any(each != its for each, its in zip(one, other, strict=False))
    return one != other


class _Cases(tuple[tuple[str, str], ...]):
    """The cases of a tier up to the first that holds."""


def _same(one: object, other: object) -> bool:
    return one == other and (one is None) == (other is None)


class _Account:
    """One verdict as names and what they were: answers, rules, and everything of the lead that was seen."""

    def __init__(self, verdict: View) -> None:
        self.verdict = verdict
        self.answers: dict[str, object] = {}
        self.rules: dict[str, object] = {}
        self.fields: dict[str, Any] = {}
        self.reads: dict[str, set[str]] = {}
        self.asks = self.tells = False
        self.hidden: set[str] = set()
        self.happened: dict[Rule, Counter[Happened]] = {}
        parts = (verdict, verdict.shadow, verdict.proposed)
        self.facts: dict[str, TraitVerdict | TierVerdict | ScoreVerdict | SignalVerdict] = {}
        for part in parts:
            for section in (part.traits, part.tiers, part.signals, part.scores):
                self.facts.update(section)
        for name, fact in self.facts.items():
            self.answers[name] = _answer(fact)
            self.rules[name] = _rule(fact)
            self.reads[name] = set()
            for each in fact.evidence:
                self.take(name, each)
            if isinstance(fact, ScoreVerdict):
                self.reads[name] |= {*fact.points, *(reads(fact.of).values if fact.of is not None else ())}
        for name, stage in verdict.stages.items():
            self.answers[name] = stage.state
            self.rules[name] = (tuple(sorted((team, str(rule)) for team, rule in stage.requires.items())), stage.after,
                                stage.disqualifiers)  # fmt: skip
            self.reads[name] = {
                *stage.after, *stage.disqualifiers,
                *(fact for rule in stage.requires.values() for fact in reads(rule).facts),
            }  # fmt: skip
            for evidence in stage.evidence.values():
                for each in evidence:
                    self.take(name, each)

    def take(self, name: str, evidence: Evidence) -> None:
        """Remember what one test saw."""
        for seen, value in evidence.seen.items():
            if value == REDACTED:
                self.hidden.add(seen)
            if seen == "activities":
                self.asks = True
                if value is None:
                    self.reads[name].add("activities")
                    continue
                self.tells = True
                self.reads[name] |= {"activities", *reads(evidence.asked).activities}
                if value != REDACTED:
                    self.happened[evidence.asked] = Counter(_happened(each) for each in _listed(value))
                    self.reads[name] |= {each.type for each in _listed(value)}
            else:
                if seen.isidentifier():
                    self.reads[name].add(seen)
                if seen not in self.facts and seen.isidentifier():
                    self.fields[seen] = value

    def of_kind(self, kind: str) -> Counter[Happened]:
        """The activities of one type that were seen."""
        found: Counter[Happened] = Counter()
        for seen in self.happened.values():
            found |= Counter({each: times for each, times in seen.items() if each[0] == kind})
        return found

    def rests_on(self, name: str) -> set[str]:
        """Every name that a fact or a stage rests on, through facts."""
        found: set[str] = set()
        rest = [name]
        while rest:
            for each in self.reads.get(rest.pop(), ()):
                if each not in found:
                    found.add(each)
                    rest.append(each)
        return found


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else ()


def _happened(activity: Any) -> Happened:
    return activity.type, activity.at, frozenset(activity.properties.items())


def _answer(fact: TraitVerdict | TierVerdict | ScoreVerdict | SignalVerdict) -> object:
    match fact:
        case TraitVerdict():
            return fact.answer
        case TierVerdict():
            return fact.possible if fact.case is None else fact.case
        case ScoreVerdict():
            return fact.at_least, fact.at_most
        case SignalVerdict():
            return fact.count


def _rule(fact: TraitVerdict | TierVerdict | ScoreVerdict | SignalVerdict) -> object:
    match fact:
        case TraitVerdict():
            return str(fact.when)
        case TierVerdict():
            return _Cases((name, str(rule)) for name, rule in fact.cases.items())
        case ScoreVerdict():
            items: list[object] = [(name, tuple(item.gives.items())) for name, item in fact.items.items()]
            return items or list(fact.points), fact.start, fact.cap, fact.floor, str(fact.of), str(fact.only_when)
        case SignalVerdict():
            return None if fact.each is None else str(fact.each)
