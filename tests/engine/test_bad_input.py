"""What is far too much, or meant to break out: a clear error or a right answer, never a crash or a hang."""

import pickle
from datetime import UTC, datetime
from functools import cache

import pytest

import qualify
from qualify.definition.model import Model
from qualify.engine.compile import Compiled
from qualify.rules import field
from tests.engines import Engine

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEAMS = {"sales": "Sales"}
CODE = [
    "__import__('os').abort()",
    "'); raise SystemExit; ('",
    '"""',
    "'''",
    "{0.__class__.__mro__}",
    "%(x)s",
    "line\nreturn (None,)",
    "line\r\n\tpass",
    "back\\",
    "\\x27",
    "# v1 = None",
    "\u2028",
    "\x00",
    "F",
    "K0",
    "v1",
    "decide",
    "__builtins__",
    "lambda: 0",
    "$" * 3,
]


def model(**sections) -> Model:
    traits = {
        name: {"team": "sales", "when": when, "why": "It matters."} for name, when in sections.pop("traits", {}).items()
    }
    return qualify.define(name="Large", teams=TEAMS, **({"traits": traits} if traits else {}), **sections).model


@cache
def chain(length: int) -> Model:
    return model(traits={"t0": "employees > 5"} | {f"t{n}": f"t{n - 1}" for n in range(1, length)})


def decided(engine: Engine, of: Model, lead: object):
    return engine(of, [lead], AS_OF)[0]


def test_ten_thousand_traits_in_one_chain(engine: Engine):
    """A generated definition may be long; nothing in it may be as deep as it is long."""
    found = decided(engine, chain(10_000), {"employees": 9})

    assert len(found.traits) == 10_000
    assert found.traits["t9999"].answer is True


def test_a_chain_of_stages_and_signals(engine: Engine):
    """Stages and signals form chains too."""
    traits = {"large": "employees > 5", "seen": "count(s299 within 1 day) >= 1"}
    signals = {f"s{n}": {"team": "sales", "each": f"s{n - 1}" if n else "login"} for n in range(300)}
    stages = {f"m{n}": {"requires": {"sales": "large"}, "disqualified_by": ["seen"]} for n in range(300)}
    lead = {"employees": 9, "activities": [{"type": "login", "at": AS_OF}]}

    found = decided(engine, model(traits=traits, signals=signals, stages=stages), lead)

    assert found.traits["seen"].answer is True
    assert found.stages["m299"].state == "disqualified"
    assert found.stages["m299"].disqualified_by == ("seen",)


def test_a_tier_of_a_thousand_cases(engine: Engine):
    """Postcode areas, say."""
    cases = {f"c{n}": f"employees <= {n}" for n in range(999)} | {"rest": "otherwise"}
    of = model(
        tiers={"size": {"team": "sales", "cases": cases}},
        traits={"middle": "size is c500", "any_of_them": "size in [c1, c500, rest]"},
        scores={"fit": {"points": {"size": {f"c{n}": n for n in range(999)}}}},
    )

    assert decided(engine, of, {"employees": 500}).tiers["size"].case == "c500"
    assert decided(engine, of, {"employees": 500}).traits["middle"].answer is True
    assert decided(engine, of, {"employees": 500}).traits["any_of_them"].answer is True
    assert decided(engine, of, {"employees": 10_000}).tiers["size"].case == "rest"
    assert len(decided(engine, of, {}).tiers["size"].possible) == 1_000
    assert decided(engine, of, {}).scores["fit"].bounds == (0, 998)


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("+".join(["a"] * 5_000) + " == 10000", True),
        ("*".join(["a"] * 1_000) + " > 0", True),
        ("*".join(["a"] * 2_000) + " > 0", None),
        (" or ".join(f"a=={n}" for n in range(1_500)), True),
        (" and ".join(f"a!={n}" for n in range(1_500)), False),
        (f"a in [{', '.join(map(str, range(3_000)))}]", True),
        ("not " * 49 + "a == 2", False),
        ("(" * 49 + "a == 2" + ")" * 49, True),
        (f"at least 700 of [{', '.join(f'a!={n}' for n in range(1_000))}]", True),
    ],
    ids=lambda given: str(given)[:20],
)
def test_a_rule_as_long_as_rules_may_be(engine: Engine, rule: str, answer: bool | None):
    """Whoever pastes a column of values into a rule gets an answer."""
    of = model(fields={"a": {"type": "number"}}, traits={"it": rule})

    assert decided(engine, of, {"a": 2}).traits["it"].answer is answer


def test_a_score_of_a_thousand_items(engine: Engine):
    """A long scorecard adds up exactly."""
    names = [f"t{n}" for n in range(1_000)]
    of = model(
        traits=dict.fromkeys(names, "opted_out"),
        scores={"fit": {"points": {name: {"yes": 1, "no": -1} for name in names}}},
    )

    assert decided(engine, of, {}).scores["fit"].bounds == (-1_000, 1_000)
    assert decided(engine, of, {"opted_out": True}).scores["fit"].bounds == (1_000, 1_000)


def test_texts_of_a_megabyte(engine: Engine):
    """Somebody pastes a whole page into a field."""
    of = model(
        traits={
            "mentioning": 'city mentions ["vp", "head of", "automat*"]',
            "containing": 'city contains "x y z"',
            "same": "city == company",
            "starting": 'city starts with "x"',
        }
    )
    text = "x " * 500_000

    found = decided(engine, of, {"city": text, "company": text.upper()})

    assert {name: trait.answer for name, trait in found.traits.items()} == {
        "mentioning": False,
        "containing": False,
        "same": True,
        "starting": True,
    }
    assert decided(engine, of, {"city": text + "Head of IT"}).traits["mentioning"].answer is True


def test_long_texts_are_not_remembered():
    """What a text answers is remembered, within bounds: a stream of leads must not fill the memory."""
    of = model(traits={"it": 'city contains "a"'})
    compiled = Compiled(of)
    memories = [value for value in compiled.decide.__globals__.values() if isinstance(value, dict) and None in value]
    definition = qualify.Definition(of)

    for number in range(25_000):
        definition.qualify({"city": f"text {number}"}, as_of=AS_OF)
    definition.qualify({"city": "x" * 10_000}, as_of=AS_OF)
    session = definition._evaluator.session(AS_OF)
    used = [
        value for value in session.compiled.decide.__globals__.values() if isinstance(value, dict) and None in value
    ]

    assert memories
    assert all(len(memory) <= 10_001 for memory in used)
    assert not any(len(text) > 1_000 for memory in used for text in memory if text is not None)


def test_ten_thousand_activities(engine: Engine):
    """A lead that has been with us for years."""
    of = model(
        traits={
            "counted": "count(login within 1 year) == 10000",
            "on_days": "days(login) == 7",
            "summed": "sum(amount of purchase) == 1000.1",
            "latest": "last(login) within 1 hour",
            "later": "count(login since first(login)) == 9999",
            "anchored": "count(login within 1 day after first(any activity)) >= 1",
        }
    )
    hours = [datetime(2026, 11, 14 + n % 7, n % 12, n % 60, n % 59, n, tzinfo=UTC) for n in range(10_000)]
    logins = [{"type": "login", "at": at} for at in hours]
    bought = [{"type": "purchase", "at": at, "properties": {"amount": 0.1}} for at in hours] + [
        {"type": "purchase", "at": AS_OF, "properties": {"amount": 0.1}}
    ]

    found = decided(engine, of, {"activities": [*logins, *bought]})

    assert {name: trait.answer for name, trait in found.traits.items()} == dict.fromkeys(found.traits, True)


@pytest.mark.parametrize("text", CODE)
def test_texts_that_look_like_code_are_texts(engine: Engine, text: str):
    """Choices, lists, titles and literals may hold anything; none of it is ever run, and all of it is found."""
    of = model(
        fields={"class": {"type": "text", "choices": [text, "other"]}, "import": {"type": "list"}},
        lists={"listed": {"team": "sales", "values": [text]}},
        traits={
            "same": field("class") == text,
            "one_of": field("class").is_in([text, "other"]),
            "inside": field("city").contains(text),
            "chosen": field("import").has_any(text),
            "in_list": "company in listed",
            "lambda": "def is A",
            "seen": "count(page_view where page in listed) == 1",
        },
        tiers={"def": {"team": "sales", "cases": {"A": field("class") == text, "None": "otherwise"}, "why": text}},
        scores={"return": {"points": {"def": {"A": 1}, "lambda": 2}}},
        stages={"class": {"title": text, "requires": {"sales": "lambda and return >= 3"}}},
    ) if text.strip() else None  # fmt: skip
    if of is None:
        return
    lead = {
        "class": text,
        "city": f"a{text}b",
        "import": [text],
        "company": text,
        "activities": [{"type": "page_view", "at": AS_OF, "properties": {"page": text}}],
    }

    found = decided(engine, of, lead)

    assert {name: trait.answer for name, trait in found.traits.items()} == dict.fromkeys(found.traits, True)
    assert found.stage == "class"
    source = Compiled(of).source
    assert len(text) < 7 or text not in source


@pytest.mark.parametrize("name", ["__class__", "_x", "A", "a-b", "a b", "ä", "x" * 65, "a;b", "", "a\n", "None", "1a"])
@pytest.mark.parametrize("section", ["traits", "tiers", "scores", "stages", "fields", "teams"])
def test_a_name_is_never_code(section: str, name: str):
    """What stands between code and a name is that a name is lower-case letters, digits and _."""
    entry = {
        "traits": {"team": "sales", "when": "opted_out", "why": "x"},
        "tiers": {"team": "sales", "cases": {"A": "otherwise"}},
        "scores": {"points": {"it": 5}},
        "stages": {"requires": {"sales": "it"}},
        "fields": {"type": "text"},
        "teams": "Sales",
    }[section]
    sections = {"teams": dict(TEAMS), "traits": {"it": {"team": "sales", "when": "opted_out", "why": "x"}}}
    sections.setdefault(section, {})[name] = entry

    with pytest.raises(qualify.DefinitionError):
        qualify.define(name="Names", **sections)


def test_large_definitions_and_verdicts_can_be_pickled():
    """Depth must not come back by the way of pickle."""
    definition = qualify.Definition(chain(10_000))
    verdict = definition.qualify({"employees": 9}, as_of=AS_OF)

    assert pickle.loads(pickle.dumps(definition)) == definition
    assert pickle.loads(pickle.dumps(verdict)) == verdict
