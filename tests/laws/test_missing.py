"""What is missing is what the language says, and it is enough."""

import datetime as dt
from copy import deepcopy
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

import qualify
from qualify.definition.files import define_model
from qualify.definition.order import trees_of
from qualify.engine.evaluate import Evaluator
from qualify.engine.meaning import Meaning, decide
from qualify.rules.reads import parts, reads, walk
from qualify.rules.tree import And, AtLeast, Holds, Known, Name, Not, Or, Product, Selection, Sum, Total
from tests.laws.judged import judged, open_cases
from tests.laws.small import small_cases

AT = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)


@given(case=open_cases())
def test_missing_is_what_the_unsettled_parts_read(case):
    """Ask no question whose answer changes nothing, and forget none that does."""
    verdict = judged(case)
    assume(not verdict.left_out_by)

    found = [(each.field, each.settles) for each in verdict.missing]

    assert found == Reference(case).missing()
    assert {each.field for each in verdict.missing} <= {*case.model.declared_fields, "activities"}
    for each in verdict.missing:
        declared = case.model.declared_fields.get(each.field)
        assert each.ask == (declared.ask if declared else None)


@given(data=st.data())
def test_filling_in_what_is_missing_settles_every_stage(data):
    """Whatever they answer, after the questions there is a yes or a no.

    It can't be promised where a rule asks what is known or a fact has `when_unknown` or `only_when` (an answer may then
    open what an assumption had closed), where arithmetic may divide by nothing, and where the source told of an
    activity without saying what it was like, which nobody can be asked for.
    """
    case = without_assumptions(data.draw(st.one_of(small_cases(), open_cases(depth=1))))
    lead = told_in_full(case, data)
    verdict = judged(case, **lead)
    if not verdict.missing or not is_plain(case.model):
        return
    full = data.draw(filled(case.model, verdict.missing))

    after = judged(case, **lead, **full)

    assert after.left_out_by or not [n for n, stage in after.stages.items() if stage.state == "undetermined"], full
    assert not after.missing


def without_assumptions(case):
    """The case without `when_unknown` and `only_when`."""
    raw = deepcopy(case.definition)
    for section in ("traits", "tiers", "scores"):
        for fact in raw.get(section, {}).values():
            fact.pop("when_unknown", None)
            fact.pop("only_when", None)
    return replace(case, definition=raw, given=define_model(raw)[0])


def is_plain(model):
    facts = (*model.traits.values(), *model.tiers.values(), *model.signals.values(), *model.scores.values())
    trees = [tree for fact in facts if fact.status != "retired" for tree in trees_of(fact)]
    trees += [rule for stage in model.stages.values() for rule in stage.requires.values()]
    return not any(isinstance(node, Known | Sum | Product) for tree in trees for node, _ in walk(tree))


def told_in_full(case, data):
    """The lead's activities with every property that they can have."""
    if not case.lead.get("activities"):
        return {}
    return {"activities": data.draw(activities(case.model))}


@st.composite
def activities(draw, model):
    """What happened, told in full."""
    kinds = draw(st.lists(st.sampled_from([*model.activities, "page_view", "purchase", "demo_request"]), max_size=3))
    return [
        {
            "type": kind,
            "at": AT - dt.timedelta(days=draw(st.integers(0, 40))),
            "properties": {
                name: draw(value_of(each)) for name, each in model.declared_activities[kind].properties.items()
            },
        }
        for kind in kinds
    ]


def value_of(field):
    """A value of a field."""
    texts = st.sampled_from([*field.choices, "Printing", "vp", "/pricing", "something else"])
    return {
        "text": texts,
        "number": st.integers(-1, 101),
        "boolean": st.booleans(),
        "date": st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        "datetime": st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)),
        "list": st.lists(texts, max_size=2),
    }[field.type]


@st.composite
def filled(draw, model, missing):
    """An answer to every question."""
    found = {}
    for each in missing:
        if each.field == "activities":
            found["activities"] = draw(activities(model))
        elif each.field == "email":
            found["email"] = f"ada@{draw(st.sampled_from(['acme.example', 'printing']))}"
        else:
            found[each.field] = draw(value_of(model.declared_fields[each.field]))
    return found


def test_a_long_chain_of_facts_is_asked_through():
    """A definition may be as deep as it is long."""
    chain = {"t0": {"team": "sales", "when": "employees > 5", "why": "-"}}
    chain |= {f"t{n}": {"team": "sales", "when": f"t{n - 1} and not opted_out", "why": "-"} for n in range(1, 3000)}
    definition = qualify.define(
        name="Long",
        teams={"sales": "Sales"},
        traits=chain,
        scores={"fit": {"points": {"t2999": 5}, "only_when": "t2999"}},
        stages={"mql": {"requires": {"sales": "t2999"}}, "sql": {"requires": {"sales": "fit > 1"}}},
    )

    verdict = definition.qualify({}, as_of=AT)

    assert [each.field for each in verdict.missing] == ["employees", "opted_out"]
    assert {each.settles for each in verdict.missing} == {("mql", "sql")}


class Reference:
    """`missing` as the language describes it, over the plain evaluator."""

    def __init__(self, case):
        evaluator = Evaluator(case.model)
        self.model, clock = case.model, evaluator.clock(case.as_of)
        self.sight = evaluator.reader.sight(case.lead, clock.as_of)
        self.decision = decide(self.model, self.sight, clock)
        self.meaning = Meaning(self.model, self.sight, clock, self.decision)

    def missing(self):
        """By how many open stages hang on it, then the stages' order, then as read."""
        read = {
            name: self.of_stage(self.model.stages[name], stage)
            for name, stage in self.decision.stages.items()
            if stage.state == "undetermined"
        }
        fields = dict.fromkeys(field for fields in read.values() for field in fields)
        settles = {field: tuple(name for name in read if field in read[name]) for field in fields}
        return sorted(settles.items(), key=lambda each: -len(each[1]))

    def of_stage(self, stage, outcome):
        found = []
        for team, rule in stage.requires.items():
            if outcome.sides[team] is None:
                found += self.unknown(rule)
        for trait in stage.disqualified_by:
            found += self.behind(trait)
        return list(dict.fromkeys(found))

    def unknown(self, rule):
        """The unknown parts of a rule."""
        if self.meaning.answer(rule) is not None:
            return []
        if isinstance(rule, And | Or | AtLeast | Not):
            return [field for part in parts(rule) for field in self.unknown(part)]
        return self.read(rule, self.behind)

    def behind(self, name):
        """What keeps a named fact open."""
        if name in self.model.traits:
            return self.unknown(self.model.traits[name].when) if self.decision.traits[name].answer is None else []
        if name in self.model.tiers:
            found = []
            for case in self.model.tiers[name].cases if self.decision.tiers[name].case is None else ():
                if case.when is None or self.meaning.answer(case.when):
                    break
                found += self.unknown(case.when)
            return found
        score = self.model.scores[name]
        if score.only_when is not None and self.meaning.answer(score.only_when) is not True:
            return self.everything(score.only_when)
        if score.of is not None:
            ends = {other: self.decision.scores[other].bounds for other in reads(score.of).values}
            return [
                field
                for other, (low, high) in ends.items()
                if low is None or low != high
                for field in self.behind(other)
            ]
        open_items = [item for item, given in score.points.items() if len(set(self.meaning.gains(item, given))) > 1]
        return [field for item in open_items for field in self.behind_item(item, self.behind)]

    def behind_item(self, item, behind):
        return self.read(Selection(Name(item)), behind) if item in self.model.signals else behind(item)

    def everything(self, rule):
        """Whatever a rule reads, settled or not: a score that there isn't is given where all of it is known."""
        tests = [
            node for node, in_where in walk(rule) if not in_where and not isinstance(node, And | Or | AtLeast | Not)
        ]
        return [] if not tests else self.read(rule, self.everything_behind)

    def everything_behind(self, name):
        if name in self.model.traits:
            return self.everything(self.model.traits[name].when)
        if name in self.model.tiers:
            rules = [case.when for case in self.model.tiers[name].cases if case.when is not None]
            return [field for rule in rules for field in self.everything(rule)]
        score = self.model.scores[name]
        found = [] if score.only_when is None else self.everything(score.only_when)
        found += [field for item in score.points for field in self.behind_item(item, self.everything_behind)]
        others = () if score.of is None else reads(score.of).values
        return found + [field for other in others for field in self.everything_behind(other)]

    def read(self, tree, behind):
        """The fields without a value that a test reads, as it reads them; `activities` for what the source can't tell."""
        found = []
        for node, in_where in walk(tree):
            if isinstance(node, Total) and self.sight.events is not None:
                occurred = self.meaning.occurrences(node.selection)
                found += ["activities"] if any(said.get(node.amount) is None for (_, said), _ in occurred) else []
            if isinstance(node, Selection):
                if self.cannot_tell(node):
                    found.append("activities")
                if isinstance(node.of, Name) and node.of.name in self.model.signals:
                    found += self.read(self.model.signals[node.of.name].each, behind)
            elif isinstance(node, Name | Holds) and not in_where:
                if any(node.name in section for section in (self.model.traits, self.model.tiers, self.model.scores)):
                    found += behind(node.name)
                elif self.sight.fields.get(node.name) is None:
                    by_email = node.name == "email_domain" and self.sight.fields.get("email") is None
                    found.append("email" if by_email else node.name)
        return found

    def cannot_tell(self, selection):
        if self.sight.events is None:
            return True
        if selection.where is None:
            return False
        every = self.meaning.occurrences(replace(selection, where=None))
        sure_or_not = self.meaning.occurrences(selection)
        may = [said for (_, said), _ in every if self.meaning.answer(selection.where, said) is None]
        return any(said is each for (_, each), _ in sure_or_not for said in may)
