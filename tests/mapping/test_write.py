"""What of a verdict is written where: targets, their words, lifecycles, and which records are one lead."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import QualifyError
from qualify.mapping import Lifecycle, Mapping, SameMap, Target, WriteMap, loads_mapping
from qualify.mapping.table import FieldMap, Table
from qualify.mapping.write_tables import NAMED, PARTS, WAYS

MAPPING = """
timezone = "Europe/Brussels"
dates = "day first"
[fields]
email = "mail"
last_activity_at = "seen"
[same]
by = ["email"]
take = "newest"
newest_by = "last_activity_at"
[write]
stage = { to = "q.stage", labels = { mql = "MQL", "None" = "" } }
reached = { to = "q.reached", as = "list" }
missing = { to = "q.missing", separator = ", ", labels = { employees = "Size" } }
as_of = "q.as_of"
left_out = { to = "q.out", as = "yes/no" }
scores = { "*" = "q.score_*", fit = { to = "q.fit", as = "text" } }
tiers = { size = "q.size" }
traits = { "*" = { to = "q.*", labels = { yes = true, no = false, unknown = "" } } }
[write.lifecycle]
to = "life"
values = { mql = "Marketing", sql = "Sales" }
order = ["New", "Marketing", "Sales", "Customer"]
"""


@pytest.fixture
def mapping():
    return loads_mapping(MAPPING)


def test_each_part_of_a_verdict_has_its_property(mapping):
    """Whoever syncs asks the mapping, and knows no vendor."""
    write = mapping.write

    assert write.target("stage") == Target("q.stage", labels=(("mql", "MQL"), ("None", "")))
    assert write.target("digest") is None
    assert write.of_score("fit") == Target("q.fit", as_="text")
    assert write.of_score("intent") == Target("q.score_intent")
    assert write.of_tier("size") == Target("q.size")
    assert write.of_tier("budget") is None
    assert write.of_trait("large").to == "q.large"
    assert write.lifecycle == Lifecycle(
        "life", (("mql", "Marketing"), ("sql", "Sales")), ("New", "Marketing", "Sales", "Customer")
    )
    assert mapping.same == SameMap(("email",), "newest", "last_activity_at")


def test_a_mapping_says_every_property_that_a_connection_must_ask_for(mapping):
    """What isn't asked for is absent, and absent is unknown: an opt-out nobody asked for must not be missed."""
    assert mapping.sources == (
        "mail", "seen", "q.stage", "q.reached", "q.missing", "q.as_of", "q.out", "q.fit", "q.size", "life",
    )  # fmt: skip
    assert mapping.write.for_all == ("q.score_*", "q.*")


def test_what_is_written_is_not_left_over(mapping):
    """A verdict of last night is no property that somebody forgot to map."""
    record = {"mail": "a", "q": {"score_x": 1, "stage": "MQL"}, "life": "New", "fax": 1}

    assert mapping.unused(record) == ("fax",)


@pytest.mark.parametrize(
    ("target", "value", "written"),
    [
        (Target("P"), "mql", "mql"),
        (Target("P"), None, None),
        (Target("P", labels=(("mql", "MQL"),)), "mql", "MQL"),
        (Target("P", labels=(("mql", "MQL"),)), "sql", "sql"),
        (Target("P"), ("a", "b"), "a;b"),
        (Target("P", separator=", "), ["a", "b"], "a, b"),
        (Target("P", as_="list", labels=(("a", "A"),)), ("a", "b"), ["A", "b"]),
        (Target("P"), (), ""),
        (Target("P"), 35, 35),
        (Target("P", as_="text"), 35, "35"),
        (Target("P", as_="text"), Decimal("0.50"), "0.50"),
        (Target("P"), True, True),
        (Target("P", as_="text"), True, "true"),
        (Target("P", as_="yes/no"), False, "no"),
        (Target("P", labels=(("true", "Left out"),)), True, "Left out"),
        (Target("P"), datetime(2026, 11, 2, 23, 30, tzinfo=UTC), "03/11/2026 00:30:00"),
        (Target("P", format="iso"), datetime(2026, 11, 2, 23, 30, tzinfo=UTC), "2026-11-02T23:30:00Z"),
        (Target("P", as_="date", format="iso"), datetime(2026, 11, 2, 23, 30, tzinfo=UTC), "2026-11-03"),
        (Target("P", as_="epoch seconds"), datetime(2026, 11, 2, tzinfo=UTC), 1_793_577_600),
        (Target("P", as_="epoch milliseconds"), datetime(2026, 11, 2, tzinfo=UTC), 1_793_577_600_000),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_property_holds_it(mapping, target, value, written):
    """A menu knows its own words, and a field for milliseconds no other way."""
    found = mapping.write_value(target, value)

    assert found == written
    assert type(found) is type(written)


def test_what_no_property_holds_is_refused(mapping):
    """A table in a text field would be written as Python says it."""
    with pytest.raises(QualifyError, match="a table"):
        mapping.write_value(Target("P"), {"a": 1})


def test_a_mapping_that_writes_is_saved_whole(mapping):
    """A mapping made by a program can be reviewed as a file."""
    again = loads_mapping(mapping.to_toml())

    assert again == mapping
    assert again.to_toml() == mapping.to_toml()


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)


@st.composite
def write_maps(draw):
    """Anything that `[write]` can say."""
    free = iter(range(1000))

    def target(kind, name=""):
        as_ = draw(st.none() | st.sampled_from(WAYS[kind]))
        labels = draw(
            st.dictionaries(st.sampled_from(["mql", "a b", "Ü"]), WORDS | st.booleans() | st.integers(), max_size=2)
        )
        separator = draw(st.none() | WORDS) if kind == "list" and as_ != "list" else None
        form = (
            draw(st.none() | st.just("day first")) if kind == "moment" and as_ in (None, "date", "datetime") else None
        )
        to = f"{draw(st.sampled_from(['q.', 'a b.', '']))}{next(free)}{'_*' if name == '*' else ''}x"
        return Target(to, as_, form, separator, tuple(labels.items()))

    parts = draw(st.lists(st.sampled_from(list(PARTS)), unique=True, max_size=4))
    named = {
        what: tuple((name, target(kind, name)) for name in draw(st.lists(st.sampled_from(["*", "fit"]), unique=True)))
        for what, kind in NAMED.items()
    }
    order = tuple(draw(st.lists(st.sampled_from(["New", "Ü", "a;b"]), unique=True)))
    values = tuple((f"s{at}", value) for at, value in enumerate(order))
    life = Lifecycle("the life", values, order, draw(st.booleans()))
    return WriteMap(
        tuple((part, target(PARTS[part])) for part in parts), **named, lifecycle=draw(st.none() | st.just(life))
    )


@given(st.none() | write_maps(), st.sampled_from(["first", "newest", "merge", None]))
def test_whatever_a_mapping_writes_its_file_says_the_same(write, take):
    """What a program made is what a person reviews, and what the next night reads."""
    same = None if take is None else SameMap(("email",), take, None if take == "first" else "created_at")
    fields = (FieldMap("email", ("E",), type="text"), FieldMap("created_at", ("C",), type="datetime"))
    mapping = Mapping(Table(fields=fields, write=write, same=same))

    again = loads_mapping(mapping.to_toml())

    assert again == mapping
    assert again.to_toml() == mapping.to_toml()
