"""The fast evaluator: a definition becomes one Python function, which the plain one is compared with.

Answers are True, False and None. A tier is a mask with a bit for each possible case, a score a pair of integers on
one common scale, a stage a number. What rules become is written in `rule_code`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, cast

from qualify.definition.model import Model, Score, Signal, SignalPoints, Tier, TierPoints, Trait, TraitPoints
from qualify.definition.order import Facts, facts_read, in_order, stages_in_order
from qualify.engine import runtime
from qualify.engine.cards import SignalCard
from qualify.engine.clock import Clock, zone_of
from qualify.engine.decision import State, TraitOutcome
from qualify.engine.rule_code import RuleWriter
from qualify.engine.source import Code, EdgeForm, EdgeKey
from qualify.rules.reads import reads
from qualify.rules.tree import Formula, Highest, Lowest, Name, Number, Product, Selection, Sum, Term

STATES: tuple[State, ...] = ("undetermined", "reached", "not_yet", "disqualified")
"""Stage states by the number that the function uses."""
UNDETERMINED, REACHED, NOT_YET, DISQUALIFIED = range(4)

Decide: TypeAlias = Callable[[Mapping[str, Any], Any, Clock, tuple[Any, ...]], tuple[Any, ...]]
"""(fields, events by type, clock, edges) -> the outcomes, in the order of `Compiled.layout`."""


class Compiled:
    """A definition's function, and how to read what it gives.

    `layout` names each outcome: (section, name) to its place in the tuple. Place 0 is the stage, place 1 the names
    of the traits that left the lead out (then there is nothing behind it).
    """

    def __init__(self, model: Model, *, proposed: bool = False) -> None:
        self.statuses = ("adopted", "shadow", "proposed") if proposed else ("adopted", "shadow")
        writer = _Writer(model, self.statuses)
        self.source, self.layout = writer.whole()
        self.scale = writer.scale
        self.trait_outcomes: list[tuple[str, int, dict[bool | None, TraitOutcome]]] | None = None
        self.blank: dict[str, None] = dict.fromkeys(writer.lead.taken)
        self._edges = tuple(writer.edges)
        namespace = writer.constants
        exec(compile(self.source, "<a definition>", "exec"), namespace)  # noqa: S102 - see the docstring of `source`
        self.decide = cast(Decide, namespace["decide"])

    def edges(self, clock: Clock) -> tuple[Any, ...]:
        """The moments that windows begin and end at, reckoned once for an `as_of`."""
        return tuple(reckoned(clock, key, form) for key, form in self._edges)


def reckoned(clock: Clock, key: EdgeKey, form: EdgeForm) -> date:
    """An edge in the form in which it is compared."""
    way, span = key
    edge = clock.now if span is None else clock.back(span) if way == "back" else clock.ahead(span)
    return edge.day if form == "day" else edge.wall if form == "wall" else edge.instant


class _Writer(RuleWriter):
    """Writes the facts in their order, then the stages."""

    def whole(self) -> tuple[str, dict[tuple[str, str], int]]:
        facts = Facts(self.model.traits, self.model.tiers, self.model.signals, self.model.scores)
        evaluated = {key: fact for key, fact in facts.all().items() if fact.status in self.statuses}
        for section, name in in_order({key: facts_read(fact, facts) for key, fact in evaluated.items()})[0]:
            match evaluated[section, name]:
                case Trait() as trait:
                    self.trait(name, trait)
                case Tier() as tier:
                    self.tier(name, tier)
                case Score() as score:
                    self.score(name, score)
                case Signal():
                    pass  # counted where it is read
        self.left_out()
        stage, states = self.stages()
        out: list[Code] = [stage, "None"]
        layout: dict[tuple[str, str], int] = {}

        def place(section: str, name: str, *codes: Code) -> None:
            layout[section, name] = len(out)
            out.extend(codes)

        for name in self.model.traits:
            if name in self.answers:
                place("traits", name, self.answers[name])
        for name in self.model.tiers:
            if name in self.masks:
                place("tiers", name, self.masks[name])
        for name in self.model.scores:
            if name in self.bounds:
                place("scores", name, *self.bounds[name])
        for name, (state, sides) in states.items():
            place("stages", name, state, *sides)
        return f"def decide(F, A, C, E):\n{self.body()}\n    return ({', '.join(out)},)\n", layout

    def left_out(self) -> None:
        bars = [(self.final(name), name) for name in self.model.left_out_by]
        if bars:
            self.line(f"if {' or '.join(code for code, _ in bars)}:")
            names = " + ".join(f"(({self.bind(name)},) if {code} else ())" for code, name in bars)
            self.line(f"    return (None, {names})")

    # --- named facts ---

    def trait(self, name: str, trait: Trait) -> None:
        code = self.rule(trait.when)
        self.answers[name] = code if code.startswith("v") else self.let(code)
        self.final(name)

    def tier(self, name: str, tier: Tier) -> None:
        """A mask with a bit for each possible case."""
        mask = self.let("0")
        codes = [None if case.when is None else self.rule(case.when) for case in tier.cases]
        self.line("while True:")
        for at, code in enumerate(codes):
            bit = self.bind(1 << at) if at > 30 else str(1 << at)
            if code is None:
                self.line(f"    {mask} |= {bit}")
                self.line("    break")
            else:
                self.line(f"    if {code} is not False:")
                self.line(f"        {mask} |= {bit}")
                self.line(f"        if {code}: break")
        self.masks[name] = mask
        self.settle_tier(name)

    def score(self, name: str, score: Score) -> None:
        low, high = self.new(), self.new()
        for item, points in score.points.items():
            if isinstance(points, SignalPoints):
                self.selected(Selection(Name(item)))  # before the branch, since others may read the same
        only = None if score.only_when is None else self.rule(score.only_when)
        if only is not None:
            self.line(f"if {only}:")
            self.indent += 1
        if score.of is not None:
            ends = self.formula(score.of)
            self.line(f"{low}, {high} = {ends}")
            maybe = any(self.sometimes(other) for other in reads(score.of).values)
        else:
            self.card(low, high, score)
            maybe = False
        clips = [(bound, worse) for bound, worse in ((score.floor, "<"), (score.cap, ">")) if bound is not None]
        if clips and maybe:
            self.line(f"if {low} is not None:")
            self.indent += 1
        for bound, worse in clips:
            limit = self.whole_points(bound)
            self.line(f"if {low} {worse} {limit}: {low} = {limit}")
            self.line(f"if {high} {worse} {limit}: {high} = {limit}")
        if clips and maybe:
            self.indent -= 1
        if only is not None:
            self.indent -= 1
            self.line("else:")
            self.line(f"    {low} = {high} = None")
        self.bounds[name] = (low, high)
        self.maybe[name] = self.sometimes(name)

    def card(self, low: Code, high: Code, score: Score) -> None:
        """Items added up; `high` holds what could come on top of `low` until the end."""
        self.line(f"{low} = {self.whole_points(score.start)}")
        self.line(f"{high} = 0")
        for item, points in score.points.items():
            if isinstance(points, TraitPoints):
                self.trait_points(
                    low, high, self.final(item), self.whole_points(points.yes), self.whole_points(points.no)
                )
            elif isinstance(points, TierPoints):
                cases = self.model.tiers[item].cases
                table = runtime.TierPoints(
                    [self.whole_points(points.cases.get(case.name, Decimal(0))) for case in cases]
                )
                self.add(low, high, f"{self.bind(table)}[{self.mask(item)}]")
        self.line(f"{high} += {low}")
        cards = {item: points for item, points in score.points.items() if isinstance(points, SignalPoints)}
        if cards:
            self.cards(low, high, cards)

    def cards(self, low: Code, high: Code, cards: Mapping[str, SignalPoints]) -> None:
        """What signals give: what is sure is added up apart, since mostly all of it is."""
        zone = zone_of(self.model.timezone)
        given = {item: SignalCard(points, self.scale, zone) for item, points in cards.items()}
        least, most = (sum(card.untold[end] for card in given.values()) for end in (0, 1))
        self.line(f"if A is None: {low} += {least}; {high} += {most}")
        self.line("else:")
        self.indent += 1
        total, low_end, high_end = self.let("0"), self.new(), self.new()
        for item, card in given.items():
            sure, unsure = self.selected(Selection(Name(item)))
            if self.can_be_unsure(Selection(Name(item))):
                self.line(
                    f"if {unsure}: {low_end}, {high_end} = {self.call(card.points, sure, unsure, 'C')}; "
                    f"{low} += {low_end}; {high} += {high_end}"
                )
                self.line(f"elif {sure}: {total} += {self.call(card.total, sure, 'C')}")
            else:
                self.line(f"if {sure}: {total} += {self.call(card.total, sure, 'C')}")
        self.line(f"{low} += {total}; {high} += {total}")
        self.indent -= 1

    def add(self, low: Code, high: Code, pair: Code) -> None:
        least, more = self.new(), self.new()
        self.line(f"{least}, {more} = {pair}")
        self.line(f"{low} += {least}; {high} += {more}")

    def formula(self, formula: Formula | Term) -> Code:
        """A pair of ends, both None where a score has no value."""
        match formula:
            case Number(value):
                points = self.whole_points(value)
                return f"({points}, {points})"
            case Name(name):
                return f"({self.bounds[name][0]}, {self.bounds[name][1]})"
            case Sum(parts):
                signs = self.bind(tuple(sign for sign, _ in parts))
                return self.call(runtime.added, signs, *(self.formula(part) for _, part in parts))
            case Product(parts):
                weight = Fraction(1)
                scores: list[Formula | Term] = []
                for _, part in parts:
                    if isinstance(part, Number):
                        weight *= Fraction(part.value)
                    else:
                        scores.append(part)
                if not scores:
                    points = int(weight * self.scale)
                    return f"({points}, {points})"
                up, down = self.bind(weight.numerator), self.bind(weight.denominator)
                return self.call(runtime.weighted, up, down, self.formula(scores[0]))
            case Highest(parts) | Lowest(parts):
                pick = self.bind(max if isinstance(formula, Highest) else min)
                return self.call(runtime.picked, pick, *(self.formula(part) for part in parts))
            case _:
                raise AssertionError("checked: no formula over scores")

    def trait_points(self, low: Code, more: Code, answer: Code, yes: int, no: int) -> None:
        """`low` takes what is sure; `more` what could come on top."""
        if yes == no:
            self.line(f"{low} += {yes}")
            return
        if yes:
            self.line(f"if {answer}: {low} += {yes}")
        least, spread = min(yes, no), abs(yes - no)
        unsure = f"{more} += {spread}" + (f"; {low} += {least}" if least else "")
        self.line(f"{'elif' if yes else 'if'} {answer} is None: {unsure}")
        if no:
            self.line(f"elif not {answer}: {low} += {no}")

    def whole_points(self, points: Decimal) -> int:
        return int(Fraction(points) * self.scale)

    # --- stages ---

    def stages(self) -> tuple[Code, dict[str, tuple[Code, list[Code]]]]:
        states: dict[str, Code] = {}
        found: dict[str, tuple[Code, list[Code]]] = {}
        for name in stages_in_order(self.model.stages)[0]:
            stage = self.model.stages[name]
            sides = [self.rule(rule) for rule in stage.requires.values()]
            bars = [self.final(trait) for trait in stage.disqualified_by]
            before = [states[earlier] for earlier in stage.after]
            barred = " or ".join([*bars, *(f"{code} == {DISQUALIFIED}" for code in before)]) or "False"
            refused = " or ".join(
                [*(f"{code} is False" for code in sides), *(f"{code} == {NOT_YET}" for code in before)]
            )
            met = " and ".join(
                [*(f"{code} == {REACHED}" for code in before), *sides, *(f"{code} is False" for code in bars)]
            )
            states[name] = self.let(
                f"{DISQUALIFIED} if {barred} else {NOT_YET} if {refused} else {REACHED} if {met} else {UNDETERMINED}"
            )
            found[name] = (states[name], sides)
        stage_code = self.let("None")
        for beside in (True, False):
            for name, each in self.model.stages.items():
                if each.beside is beside:
                    self.line(f"if {states[name]} == {REACHED}: {stage_code} = {self.bind(name)}")
        return stage_code, {name: found[name] for name in self.model.stages}
