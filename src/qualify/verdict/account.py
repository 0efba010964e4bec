"""What an explanation tells, and in which order: the shortest true account first.

Of a rule only the parts are told that decide: where `a and b` says no, those that say no; where `a or b` says yes, the
first that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import assert_never, cast

from qualify.engine.decision import Bounds
from qualify.rules.logic import Test, settle, tests
from qualify.rules.reads import reads
from qualify.rules.tree import And, AtLeast, Holds, Not, Or, Rule
from qualify.verdict.answer import BY_ANSWER, Answer, StageState
from qualify.verdict.meant import meant
from qualify.verdict.parts import Change, Evidence, ScoreVerdict, TierVerdict, TraitVerdict
from qualify.verdict.phrases import NOT_KNOWN, bounds, listed, number, phrases_of
from qualify.verdict.told import Account, FactTold, Line
from qualify.verdict.view import View

MOST_CHANGES_TOLD = 3
MOST_ASKED = 4


def account(verdict: View, team: str | None, stage: str | None, *, nearest_too: bool) -> Account:
    """What there is to tell of a verdict: of both sides or one, about the next stage or another.

    A team or a stage is known by its name and by its title. Raises QualifyError for one that the verdict doesn't know.
    """
    words = verdict.words
    if team is not None:
        team = meant("team", team, words.teams, words.teams)
    if stage is not None and not verdict.left_out_by:
        stage = meant("stage", stage, verdict.stages, words.stages)
    return _Teller(verdict, team, stage, nearest_too).account()


def telling(verdict: View) -> Callable[[TraitVerdict | TierVerdict | ScoreVerdict], list[str]]:
    """What tells why a fact of a verdict is as it is, clause by clause; of a score, why there is one, or none."""
    teller = _Teller(verdict, None, None, nearest_too=False)

    def told(fact: TraitVerdict | TierVerdict | ScoreVerdict) -> list[str]:
        match fact:
            case TraitVerdict(when=when, evidence=evidence):
                return teller.because(when, evidence)
            case TierVerdict():
                return teller.case_because(fact)
            case ScoreVerdict(only_when=only_when, evidence=evidence):
                return [] if only_when is None else teller.because(only_when, evidence)
            case _:
                assert_never(fact)

    return told


class _Teller:
    def __init__(self, verdict: View, team: str | None, stage: str | None, nearest_too: bool) -> None:
        self.verdict, self.team, self.phrases = verdict, team, phrases_of(verdict.words)
        self.traits, self.tiers, self.scores, self.stages = (
            verdict.traits,
            verdict.tiers,
            verdict.scores,
            verdict.stages,
        )
        self.about = stage or self.open_stage()
        self.nearest_too = nearest_too
        self.told: dict[str, None] = {}
        self._because: dict[str, list[str]] = {}
        self.all_facts = frozenset([*self.traits, *self.tiers, *self.scores])

    def open_stage(self) -> str | None:
        """The first stage of the line that is not reached and whose predecessors are; else the last one reached."""
        stages = self.stages
        for name, stage in stages.items():
            first = name == next(iter(stages))
            open_ = stage.state is not StageState.REACHED and (first or stage.after)
            if open_ and all(self.is_reached(before) for before in stage.after):
                return name
        return self.verdict.stage or next(iter(stages), None)

    def account(self) -> Account:
        who = self.who()
        if self.verdict.left_out_by:
            names = listed(map(self.phrases.fact, self.verdict.left_out_by), "and")
            return Account(f"{who} is left out: {names}. Nothing else is looked at.")
        if self.about is None:
            return Account(f"{who}: the definition has no stages.", facts=tuple(self.facts()))
        sides = tuple(self.sides())
        return Account(self.headline(who), sides, tuple(self.what_next()), tuple(self.facts()), self.verdict.notes)

    def who(self, *, inside: bool = False) -> str:
        lead_id = self.verdict.lead_id
        return self.phrases.value(lead_id) if lead_id else "this lead" if inside else "This lead"

    # --- the first line ---

    def headline(self, who: str) -> str:
        phrases, about = self.phrases, str(self.about)
        judged, reached = self.stages[about], self.verdict.stage
        full = phrases.stage_in_full(about)
        now = f"{who} is {phrases.stage_in_full(reached)}" if reached else who
        match judged.state:
            case StageState.REACHED:
                return f"{who} is {full}." if reached in (about, None) else f"{now}, and {full} too."
            case StageState.DISQUALIFIED:
                why = listed(map(phrases.fact, judged.disqualified_by), "and")
                return f"{now}{'. It' if reached else ''} is barred from being {full}: {why}."
            case StageState.NOT_YET:
                no = [phrases.team(team) for team, answer in judged.sides.items() if answer is Answer.NO]
                says = f"{listed(no, 'and')} {'say' if len(no) > 1 else 'says'} no" if no else self.comes_after()
                return f"{now}, but not yet {full}: {says}." if reached else f"{now} is not yet {full}: {says}."
            case StageState.UNDETERMINED:
                opening = f"{now}. Whether it is {full}" if reached else f"Whether {self.who(inside=True)} is {full}"
                return f"{opening} is open: {self.open_because()}."

    def open_because(self) -> str:
        judged = self.stages[str(self.about)]
        unsure = [self.phrases.team(team) for team, answer in judged.sides.items() if answer is Answer.UNKNOWN]
        bars = [self.phrases.fact(name) for name in judged.disqualifiers
                if name in self.traits and self.traits[name].answer is Answer.UNKNOWN]  # fmt: skip
        if unsure:
            return f"{listed(unsure, 'and')} can't say yet"
        if bars:
            return f"it is {NOT_KNOWN} whether {listed(bars)} bars it"
        return self.comes_after()

    def comes_after(self) -> str:
        after = self.stages[str(self.about)].after
        return (
            f"it comes after {listed((self.phrases.stage(each) for each in after if not self.is_reached(each)), 'and')}"
        )

    def is_reached(self, stage: str) -> bool:
        return stage in self.stages and self.stages[stage].state is StageState.REACHED

    def waited_for(self) -> list[str]:
        """Of the stages that the one told about comes after, the first that are not reached, in the line's order."""
        found: dict[str, None] = {}
        pending = [str(self.about)]
        while pending:
            for each in self.stages[pending.pop()].after:
                if each in self.stages and each not in found and not self.is_reached(each):
                    found[each] = None
                    pending.append(each)
        return [each for each in self.stages if each in found and all(map(self.is_reached, self.stages[each].after))]

    def waits_alone(self) -> bool:
        """Whether nothing but an earlier stage keeps the lead from the one that is told about."""
        judged = self.stages[str(self.about)]
        if judged.state is StageState.NOT_YET:
            return Answer.NO not in judged.sides.values()
        return judged.state is StageState.UNDETERMINED and self.open_because() == self.comes_after()

    # --- each side ---

    def sides(self) -> Iterator[Line]:
        """What the sides say of the stage, and of an earlier one where nothing else is in the way."""
        yield from self.sides_of(str(self.about))
        for each in self.waited_for() if self.waits_alone() else ():
            yield from self.sides_of(each, f" ({self.phrases.stage(each)})")

    def sides_of(self, stage: str, beside: str = "") -> Iterator[Line]:
        """What bars or may bar a lead from a stage, and each side's answer; without its reason where nobody asked."""
        judged = self.stages[stage]
        for name in judged.disqualifiers:
            trait = self.traits.get(name)
            if trait is None or self.team not in (None, trait.team) or (beside and name in self.told):
                continue
            if trait.answer is not Answer.NO:
                self.told[name] = None
                said = "; ".join(self.trait_because(name))
                about = "barred by" if trait.answer is Answer.YES else "may bar"
                yield Line(about, "", f"{self.phrases.fact(name)}: {said}")
            elif trait.assumed:  # what a yes rests on
                said = "; ".join(self.trait_because(name))
                yield Line("assumed", "", f"{self.phrases.fact(name)} no, by agreement ({said})")
        for team, answer in judged.sides.items():
            known = team in judged.evidence and self.team in (None, team)
            clauses = self.because(judged.requires[team], judged.evidence[team]) if known else []
            yield Line(f"{self.phrases.team(team)}{beside}", str(answer), "; ".join(clauses))

    # --- the parts of a rule that decide ---

    def because(self, rule: Rule, evidence: tuple[Evidence, ...]) -> list[str]:
        """Why a rule says what it says, clause by clause."""
        negated = False
        while isinstance(rule, Not):
            rule, negated = rule.part, not negated
        if len(evidence) == 1 and not isinstance(rule, And | Or | AtLeast):
            return [self.clause(evidence[0], negated)]
        seen = {each.asked: each for each in evidence}
        return list(dict.fromkeys(self.deciding(rule, seen, negated)))

    def trait_because(self, name: str) -> list[str]:
        """Why a trait says what it says."""
        found = self._because.get(name)
        if found is None:
            trait = self.traits[name]
            found = self._because[name] = self.because(trait.when, trait.evidence)
        return found

    def deciding(self, rule: Rule, seen: Mapping[Rule, Evidence], negated: bool = False) -> Iterator[str]:
        match rule:
            case And(parts) | Or(parts):
                answer = self.answer(rule, seen)
                same = [part for part in parts if self.answer(part, seen) is answer]
                for part in same[:1] if isinstance(rule, Or) and answer else same:
                    yield from self.deciding(part, seen, negated)
            case Not(part):
                yield from self.deciding(part, seen, not negated)
            case AtLeast():
                yield self.counted(rule, seen, negated)
            case _:
                yield self.clause(seen[rule], negated) if rule in seen else self.phrases.said(rule)

    def answer(self, rule: Rule, seen: Mapping[Rule, Evidence]) -> bool | None:
        """The answer of a part, from the evidence of its tests."""
        return settle(rule, lambda test: BY_ANSWER[seen[test].answer] if test in seen else None)

    def counted(self, rule: AtLeast, seen: Mapping[Rule, Evidence], negated: bool) -> str:
        """`1 of 3 so far (decision maker), 2 needed`."""
        answers = {part: self.answer(part, seen) for part in rule.parts}
        yes = [self.phrases.said(part) for part, answer in answers.items() if answer]
        unsure = [self.phrases.said(part) for part, answer in answers.items() if answer is None]
        for part in rule.parts:
            self.tell(*(test for test in tests(part)))
        names = f" ({listed(yes, 'and')})" if yes else ""
        whole = self.answer(rule, seen)
        so_far = " so far" if whole is None else ""
        can = f"; open: {listed(unsure, 'and')}" if unsure and whole is None else ""
        if negated:
            return f"{len(yes)} of {len(rule.parts)}{so_far}{names}, fewer than {rule.number} asked for{can}"
        if whole is False:
            no = [self.phrases.said(part) for part, answer in answers.items() if not answer]
            can = f"; lacking: {listed(no, 'and')}"
        return f"{len(yes)} of {len(rule.parts)}{so_far}{names}, {rule.number} needed{can}"

    def clause(self, evidence: Evidence, negated: bool = False) -> str:
        """One test: what was seen, and what was asked for. A trait with one reason takes it along."""
        self.tell(evidence.asked)
        test = evidence.asked
        if not isinstance(test, Holds) or test.name not in self.traits:
            return self.phrases.clause(cast(Test, test), evidence.seen, negated=negated)
        name_ = test.name
        trait = self.traits[name_]
        name = f"{self.phrases.fact(name_)}: {_spoken(str(trait.answer))}{', asked for: no' if negated else ''}"
        if trait.assumed:
            return f"{name}, by agreement where it is not known"
        if len(trait.evidence) != 1 or isinstance(trait.when, Holds) or self.about_facts(trait.evidence[0].asked):
            return name
        return f"{name} ({'; '.join(self.trait_because(name_))})"

    def about_facts(self, test: Rule) -> bool:
        """Whether a test is about other facts, whose own reasons follow."""
        return not self.all_facts.isdisjoint(self.phrases.read(cast(Test, test))[3])

    def tell(self, *asked: Rule) -> None:
        """Remember the facts that tests are about, so that their evidence follows."""
        for test in asked:
            for name in self.phrases.read(cast(Test, test))[3]:
                if name in self.all_facts:
                    self.told[name] = None

    # --- what can be done ---

    def what_next(self) -> Iterator[Line]:
        phrases, about = self.phrases, str(self.about)
        open_ = self.stages[about].state is StageState.UNDETERMINED
        wanted = {about, *self.waited_for()}
        asks = [each for each in self.verdict.missing if not wanted.isdisjoint(each.settles)] if open_ else []
        if asks:
            told = [phrases.question(each.field, each.ask) for each in asks]
            yield Line("ask next", "", ", then ".join(told[:MOST_ASKED]) + more(len(told) - MOST_ASKED))
        changes = self.nearest()
        stopped = self.nearest_too and (known := self.verdict.nearest_known) is not None and known.stopped_early
        for at, each in enumerate(changes[:MOST_CHANGES_TOLD]):
            yield Line("or" if at else "would do", "", listed((phrases.change(change) for change in each), "and"))
        if stopped:
            yield Line(
                "or" if changes else "would do", "", "something that was not found: the search was stopped early"
            )
        handoff = self.verdict.handoff
        if handoff is not None and self.team in (None, handoff.team):
            to = f" ({handoff.to})" if handoff.to else ""
            late = f"; if late: {handoff.if_late}" if handoff.if_late else ""
            yield Line(
                "hand-off", "", f"{phrases.team(handoff.team)}{to}, to act by {phrases.due(handoff.act_by)}{late}"
            )

    def nearest(self) -> tuple[tuple[Change, ...], ...]:
        """What would reach the stage that is told about, where that was looked for; of who is barred nobody asks it."""
        barred = self.stages[str(self.about)].state is StageState.DISQUALIFIED
        found = self.verdict.nearest_known if self.nearest_too and not barred else None
        return () if found is None or found.stage != self.about else tuple(found)

    # --- the facts that decide ---

    def facts(self) -> Iterator[FactTold]:
        """The facts that were spoken of, and those that they rest on, each with what was seen and why it matters."""
        told: set[str] = set()
        while rest := [name for name in self.told if name not in told]:
            for name in rest:
                told.add(name)
                found = self.fact(name)
                if found is not None and (self.team is None or found.team == self.phrases.team(self.team)):
                    yield found

    def fact(self, name: str) -> FactTold | None:
        phrases = self.phrases
        if name in self.traits:
            trait = self.traits[name]
            said = "; ".join(self.trait_because(name))
            if trait.assumed:
                said = f"{said}; by agreement that counts as {trait.answer}"
            return FactTold(phrases.fact(name), phrases.team(trait.team), str(trait.answer), said, trait.why)
        if name in self.tiers:
            tier = self.tiers[name]
            said = "; ".join(self.case_because(tier))
            if tier.assumed:
                said = f"{said}; by agreement that counts as {tier.case}"
            return FactTold(
                phrases.fact(name), phrases.team(tier.team), tier.case or listed(tier.possible), said, tier.why
            )
        if name in self.scores:
            score = self.scores[name]
            return FactTold(phrases.fact(name), "", bounds(score.at_least, score.at_most), self.points(score), None)
        return None

    def case_because(self, tier: TierVerdict) -> list[str]:
        """Why a tier's case holds, or what keeps it open."""
        seen = {each.asked: each for each in tier.evidence}
        wanted = tier.case if tier.case in tier.cases and not tier.assumed else None
        rule = tier.cases.get(wanted) if wanted else None
        if rule is not None:
            return list(dict.fromkeys(self.deciding(rule, seen)))
        rules = [each for each in tier.cases.values() if each is not None]
        same = [each for each in rules if wanted or self.answer(each, seen) is None]
        return list(dict.fromkeys(clause for each in same for clause in self.deciding(each, seen)))

    def points(self, score: ScoreVerdict) -> str:
        """Where the points come from: what gives some, or may; what is open is told of in full."""
        if score.at_least is None and score.only_when is not None:
            return f"there is no score: {'; '.join(self.because(score.only_when, score.evidence))}"
        if score.of is not None:
            self.told.update(dict.fromkeys(reads(score.of).values))
            return self.phrases.formula(score.of)
        given = [(name, ends) for name, ends in score.points.items() if ends != NOTHING]
        self.told.update(dict.fromkeys(name for name, (low, high) in given if low != high))
        said = [f"start {number(score.start)}"] if score.start else []
        said += [self.item(name, ends, score) for name, ends in given]
        return listed(said, "and") if said else "no item gives points"

    def item(self, name: str, ends: Bounds, score: ScoreVerdict) -> str:
        """One item's points; a signal's with how they come about."""
        item, signal = score.items.get(name), self.verdict.signals.get(name)
        fact = self.traits[name] if name in self.traits else self.tiers.get(name)
        said = f"{self.phrases.fact(name)} {bounds(*ends)}"
        if item is None or "each" not in item.gives:
            return f"{said} (by agreement)" if fact is not None and fact.assumed else said
        return f"{said} ({self.phrases.signal_points(name, item, signal.each if signal else None)})"


def more(number: int) -> str:
    """`, and 3 more`, where there are more."""
    return f", and {number} more" if number > 0 else ""


def _spoken(answer: str) -> str:
    return NOT_KNOWN if answer == "unknown" else answer


NOTHING = (Decimal(0), Decimal(0))
