"""A verdict as JSON. That of a lead that was judged is written straight from the decision.

What is the same for all verdicts of a definition is written once: into a function that only fills in answers and
values. `Document` says what the form is, and writes every other verdict; the two are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial
from json.encoder import encode_basestring
from typing import Any, cast

from qualify.definition.model import Model, Points, Score, Stage, Status, Trait, TraitPoints
from qualify.engine.compile import DISQUALIFIED, REACHED, STATES, UNDETERMINED
from qualify.engine.evaluate import Raw, bars_of
from qualify.engine.questions import Question
from qualify.rules.tree import Rule
from qualify.verdict.answer import ANSWERS
from qualify.verdict.document import Document, number
from qualify.verdict.view import View
from qualify.verdict.witness import Witness

LONGEST_REMEMBERED, MOST_REMEMBERED = 300, 10_000
LARGEST_INT = 10**18
NOTHING_TRIED = '{"traits":{},"tiers":{},"signals":{},"scores":{}}'


def to_json(verdict: View, *, nearest: bool, indent: int | None) -> str:
    """The verdict in the published form."""
    witness = verdict.witness
    if witness is None or indent is not None or verdict.left_out_by:
        document = Document()
        return _sound(_dumped(document.verdict(verdict, nearest), document, indent))
    evaluator, proposed = witness.session.evaluator, witness.session.proposed
    template = evaluator.kept(f"json, proposed {proposed}", lambda model: _Template(model, witness))
    return _sound(_Filling(template, verdict, witness).text(nearest))


def _sound(text: str) -> str:
    """A text that every encoding holds: half a character is written as JSON's escape."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
    return text


def _dumped(found: object, document: Document, indent: int | None = None) -> str:
    separators = None if indent is not None else (",", ":")
    text = json.dumps(found, ensure_ascii=False, indent=indent, separators=separators, default=document.other)
    return re.sub(r'"\\u0000(-?[0-9.]+)"', r"\1", text) if document.exact else text


def _constant(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain_item(item: str, given: Points) -> str:
    assert isinstance(given, TraitPoints)
    most, yes, no = map(number, (max(given.yes, given.no, Decimal(0)), given.yes, given.no))
    return f'{_constant(item)}:{{"most":{most},"gives":{{"yes":{yes},"no":{no}}},"happened":null,"counted":null}}'


def _reason(name: str, answer: str, _: bool) -> str:
    return f'"{name}={answer}"'


class _Template:
    """What is constant of the verdicts of a definition, and functions that fill in the rest.

    A function joins pieces: constants, and what an answer picks out of a small table. `R` is the decision's outcome, `A`
    the answers to the tests, `V` the fields' values as JSON, `P` points, `X` a test that is looked at as a whole.
    """

    def __init__(self, model: Model, witness: Witness) -> None:
        self.model, self.layout, self.questions = model, witness.session.compiled.layout, witness.questions
        self.scale = witness.session.compiled.scale
        self.digest = witness.session.evaluator.digest
        self.fields: dict[str, None] = {}
        self.texts: dict[str, str] = {}
        self.definition = _constant({"name": model.name, "version": model.version, "digest": self.digest})
        self.stages = self.function(",".join, [self.stage(name, stage) for name, stage in model.stages.items()])
        self.traits = {
            status: self.function(",".join, [
                self.trait(name, trait) for name, trait in model.traits.items()
                if trait.status == status and ("traits", name) in self.layout
            ])
            for status in cast(tuple[Status, ...], ("adopted", "shadow", "proposed"))
        }  # fmt: skip
        self.plain_scores = {
            name: self.function("".join, self.score(name, score)) for name, score in model.scores.items()
            if ("scores", name) in self.layout and score.only_when is None and score.of is None
            and all(isinstance(given, TraitPoints) for given in score.points.values())
        }  # fmt: skip
        self.sections = {status: self.section(status) for status in self.traits}
        self.sides = [
            (_constant(name), [
                (self.layout["stages", name] + 1 + at, {key: f'{_constant(team)}:"{said}"' for key, said in ANSWERS.items()})
                for at, team in enumerate(stage.requires)
            ])
            for name, stage in model.stages.items()
        ]  # fmt: skip
        self.stages_at = [(name, self.layout["stages", name]) for name in model.stages]
        self.states = [(_constant(name), at) for name, at in self.stages_at]
        self.notable = any(field.choices for field in model.declared_fields.values())
        self.handed = frozenset(name for name, stage in model.stages.items() if stage.handoff)
        self.reasons = [
            (self.layout["traits", name], self.by_answer(trait, partial(_reason, name)))
            for name, trait in model.traits.items() if trait.status == "adopted"
        ]  # fmt: skip

    def section(self, status: Status) -> tuple[bool, tuple[str, ...]]:
        """Whether there are tiers or signals of a status, and which scores."""
        model = self.model
        others = [tier.status for tier in model.tiers.values()] + [signal.status for signal in model.signals.values()]
        return status in others, tuple(name for name, score in model.scores.items() if score.status == status)

    # --- functions ---

    def function(self, join: Callable[[Iterable[str]], str], parts: list[list[object]]) -> Callable[..., str]:
        """A function that joins what each part's pieces give: texts, and code in tuples with the table it looks up in."""
        constants: dict[str, object] = {"__builtins__": {}, "join": join}

        def bound(value: object) -> str:
            name = f"K{len(constants)}"
            constants[name] = value
            return name

        joined = []
        for pieces in parts:
            codes, text = [], ""
            for piece in pieces:
                if isinstance(piece, str):
                    text += piece
                    continue
                if text:
                    codes.append(bound(text))
                    text = ""
                table, code = cast(tuple[object, str], piece)
                codes.append(code if table is None else f"{bound(table)}[{code}]")
            if text:
                codes.append(bound(text))
            joined.append(" + ".join(codes))
        source = f"def fill(R, A, V, P, X):\n    return join(({', '.join(joined)}{',' if joined else ''}))\n"
        exec(compile(source, "<a verdict's form>", "exec"), constants)  # noqa: S102 - only names made here
        return cast(Callable[..., str], constants["fill"])

    def by_answer(self, trait: Trait, text: Callable[[str, bool], str]) -> dict[bool | None, str]:
        """A text for each answer of a trait's rule, as the trait then answers."""
        said = {answer: text(word, False) for answer, word in ANSWERS.items()}
        if trait.when_unknown is not None:
            said[None] = text(trait.when_unknown, True)
        return said

    # --- parts ---

    def stage(self, name: str, stage: Stage) -> list[object]:
        """A stage: its state, what each side says, and the evidence of each."""
        at = self.layout["stages", name]
        states = {place: f'{_constant(name)}:{{"state":"{state}","sides":{{' for place, state in enumerate(STATES)}
        pieces: list[object] = [(states, f"R[{at}]")]
        for place, team in enumerate(stage.requires):
            said = {key: f'{"," if place else ""}{_constant(team)}:"{answer}"' for key, answer in ANSWERS.items()}
            pieces.append((said, f"R[{at + 1 + place}]"))
        requires = {team: str(rule) for team, rule in stage.requires.items()}
        pieces += ['},"disqualified_by":', (None, f"X({name!r})"), f',"requires":{_constant(requires)},"evidence":{{']
        for place, (team, rule) in enumerate(stage.requires.items()):
            pieces += [f"{',' if place else ''}{_constant(team)}:[", *self.evidence(rule), "]"]
        pieces.append(f'}},"after":{_constant(stage.after)},"disqualifiers":{_constant(stage.disqualified_by)}}}')
        return pieces

    def trait(self, name: str, trait: Trait) -> list[object]:
        """A trait: its answer, and its evidence."""
        team, why, when = _constant(trait.team), _constant(trait.why), _constant(str(trait.when))

        def head(answer: str, assumed: bool) -> str:
            said = f'"answer":"{answer}","team":{team},"why":{why},"assumed":{_constant(assumed)},"when":{when}'
            return f'{_constant(name)}:{{{said},"evidence":['

        place = self.layout["traits", name]
        return [(self.by_answer(trait, head), f"R[{place}]"), *self.evidence(trait.when), "]}"]

    def evidence(self, rule: Rule) -> list[object]:
        """Each test of a rule: the answer, and what was seen."""
        pieces: list[object] = []
        for at, question in enumerate(self.questions.of(rule)):
            pieces += ["," if at else "", *self.one(question)]
        return pieces

    def one(self, question: Question) -> list[object]:
        if question.selections or question.reckoned or any(section == "tiers" for section, _ in question.facts):
            return [(None, f"X({question.place})")]
        asked = _constant(str(question.test))
        heads = {key: f'{{"asked":{asked},"answer":"{answer}","seen":{{' for key, answer in ANSWERS.items()}
        pieces: list[object] = [(heads, f"A[{question.place}]")]
        for at, name in enumerate(question.fields):
            self.fields[name] = None
            pieces += [f"{',' if at else ''}{_constant(name)}:", (None, f"V[{name!r}]")]
        for at, (section, name) in enumerate(question.facts, start=len(question.fields)):
            if section == "scores":
                place = self.layout["scores", name]
                ends: list[object] = [(None, f"P(R[{place}])"), ",", (None, f"P(R[{place + 1}])"), "]"]
                pieces += [f"{',' if at else ''}{_constant(name)}:[", *ends]
                continue
            said = self.by_answer(self.model.traits[name], lambda answer, _: f'"{answer}"')
            pieces += [f"{',' if at else ''}{_constant(name)}:", (said, f"R[{self.layout['traits', name]}]")]
        return [*pieces, "}}"]

    def score(self, name: str, score: Score) -> list[list[object]]:
        """A score of traits: its bounds, and those of each item."""
        at = self.layout["scores", name]
        ends: list[object] = [(None, f"P(R[{at}])"), ',"at_most":', (None, f"P(R[{at + 1}])")]
        pieces: list[list[object]] = [[f'{_constant(name)}:{{"at_least":', *ends, ',"points":{']]
        for place, (item, given) in enumerate(score.points.items()):
            assert isinstance(given, TraitPoints)
            unknown = (min(given.yes, given.no), max(given.yes, given.no))
            both = {"yes": (given.yes, given.yes), "no": (given.no, given.no), "unknown": unknown}
            said = self.by_answer(
                self.model.traits[item],
                lambda answer, _, item=item, both=both: f"{_constant(item)}:[{','.join(map(number, both[answer]))}]",  # type: ignore[misc]
            )
            pieces.append(["," if place else "", (said, f"R[{self.layout['traits', item]}]")])
        rest = ",".join(_plain_item(item, given) for item, given in score.points.items())
        bounds = [
            number(score.start),
            *("null" if bound is None else number(bound) for bound in (score.cap, score.floor)),
        ]
        tail = f'"start":{bounds[0]},"cap":{bounds[1]},"floor":{bounds[2]},"of":null,"only_when":null,"evidence":[]}}'
        return [*pieces, [f'}},"items":{{{rest}}},{tail}']]


class _Filling:
    """One verdict, filled into its definition's template."""

    def __init__(self, template: _Template, verdict: View, witness: Witness) -> None:
        self.template, self.verdict, self.witness = template, verdict, witness
        self.raw: Raw = witness.raw
        self.document = Document()
        self.values = self.read()

    def text(self, nearest: bool) -> str:
        """All of it, in the order of `Document.verdict`."""
        verdict, template, document, raw = self.verdict, self.template, self.document, self.raw
        stage: str | None = raw[0]
        stages = self.fill(template.stages)
        adopted, shadow, proposed = (self.facts(status) for status in template.sections)
        states = [raw[at] for _, at in template.states]
        reached = ",".join([name for name, at in template.states if raw[at] == REACHED])
        missing = self.dumped(document.missing(verdict)) if UNDETERMINED in states else "[]"
        handoff = verdict.handoff if stage in template.handed else None
        notes = self.dumped(verdict.notes) if template.notable or stage in template.handed else "[]"
        near = self.dumped(document.nearest(verdict.nearest)) if nearest else "null"
        kept = self.witness.session.evaluator.kept
        words = kept("json words", lambda _: _constant(document.words(verdict.words)))
        return (
            f'{{"format":1,"lead_id":{self.dumped(verdict.lead_id)},"as_of":"{verdict.as_of.isoformat()}",'
            f'"definition":{template.definition},"stage":{self.dumped(stage)},"reached":[{reached}],"left_out_by":[],'
            f'"reasons":[{self.reasons(DISQUALIFIED in states)}],"stages":{{{stages}}},{adopted[1:-1]},'
            f'"shadow":{shadow},"proposed":{proposed},"missing":{missing},"nearest":{near},'
            f'"agreement":{self.agreement()},'
            f'"handoff":{"null" if handoff is None else self.dumped(document.handoff(handoff))},'
            f'"notes":{notes},"words":{words},"types":{self.types()}}}'
        )

    def types(self) -> str:
        each = (f'{_constant(name)}:"{kind}"' for name, kind in sorted(self.document.types.items()))
        return f"{{{','.join(each)}}}"

    def fill(self, function: Callable[..., str]) -> str:
        return function(self.raw, self.witness.answers, self.values, self.points, self.whole)

    def dumped(self, value: object) -> str:
        if value is None:
            return "null"
        return encode_basestring(value) if value.__class__ is str else _dumped(value, self.document)

    def read(self) -> dict[str, str]:
        """The values of the fields that tests look at, as JSON. Short texts are remembered, since they come again."""
        found: dict[str, str] = {}
        witness, texts = self.witness, self.template.texts
        fields = witness.fields
        for name in self.template.fields:
            value: Any = fields.get(name)
            kind = value.__class__
            if kind is str:
                known = texts.get(value)
                if known is None:
                    known = self.dumped(witness.value(name))
                    if len(value) <= LONGEST_REMEMBERED and name != "email_domain":
                        if len(texts) >= MOST_REMEMBERED:
                            texts.clear()
                        texts[value] = known
                found[name] = known
            elif kind is int and -LARGEST_INT < value < LARGEST_INT:
                found[name] = repr(value)
            elif kind is bool:
                found[name] = "true" if value else "false"
            elif value is None and name != "email_domain":
                found[name] = "null"
            elif kind is datetime:
                self.document.types[name] = "datetime"
                found[name] = f'"{value.isoformat()}"'
            else:
                found[name] = self.dumped(self.document.value(name, witness.value(name)))
        return found

    def facts(self, status: Status) -> str:
        others, scores = self.template.sections[status]
        traits = self.fill(self.template.traits[status])
        if status == "proposed" and not self.witness.session.proposed:
            return NOTHING_TRIED
        tiers = signals = "{}"
        if others:
            verdict: Any = self.verdict if status == "adopted" else getattr(self.verdict, status)
            tiers, signals = map(self.dumped, self.document.tiers_and_signals(verdict).values())
        scored = ",".join([self.score(name, status) for name in scores])
        return f'{{"traits":{{{traits}}},"tiers":{tiers},"signals":{signals},"scores":{{{scored}}}}}'

    def score(self, name: str, status: Status) -> str:
        plain = self.template.plain_scores.get(name)
        if plain is not None:
            return self.fill(plain)
        verdict: Any = self.verdict if status == "adopted" else getattr(self.verdict, status)
        return f"{_constant(name)}:{self.dumped(self.document.score(verdict.scores[name]))}"

    def points(self, points: int | float | None) -> str:
        scale = self.template.scale
        if points is None or isinstance(points, float):
            return "null"
        return str(points) if scale == 1 else number(Decimal(points) / scale)

    def whole(self, what: int | str) -> str:
        """A test's evidence, by its place; who bars the lead from a stage, by its name."""
        if isinstance(what, int):
            evidence = self.witness.asked(self.template.questions.all[what])
            return self.dumped(self.document.evidence((evidence,))[0])
        if self.raw[self.template.layout["stages", what]] != DISQUALIFIED:
            return "[]"
        return _constant(self.bars(what))

    def bars(self, stage: str) -> tuple[str, ...]:
        return bars_of(stage, self.raw, self.template.layout, self.template.model)

    def reasons(self, barred: bool) -> str:
        template, raw = self.template, self.raw
        if template.model.tiers:
            return self.dumped(self.verdict.reasons)[1:-1]
        first: list[str] = []
        no: list[str] = []
        unknown: list[str] = []
        yes: list[str] = []
        barring: list[str] = []
        if barred:
            stages = (name for name, at in template.stages_at if raw[at] == DISQUALIFIED)
            barring = [f'"{bar}=yes"' for name in stages for bar in self.bars(name)]
        for place, said in template.reasons:
            text = said[raw[place]]
            last = text[-2]
            (first if barred and text in barring else yes if last == "s" else no if last == "o" else unknown).append(
                text
            )
        return ",".join([*first, *no, *unknown, *yes])

    def agreement(self) -> str:
        raw, agreed, contested = self.raw, "true", []
        for name, places in self.template.sides:
            said = [raw[place] for place, _ in places]
            if True in said and False in said:
                contested.append(f"{name}:{{{','.join([answers[raw[place]] for place, answers in places])}}}")
            if None in said:
                agreed = "null"
        return f'{{"agreed":{"false" if contested else agreed},"contested":{{{",".join(contested)}}}}}'
