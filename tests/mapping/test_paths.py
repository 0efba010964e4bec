"""Where a property stands: names, tables, places, entries of lists, JSON in text; alone and many at once."""

import json
from dataclasses import replace
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import LeadError
from qualify.mapping import Mapping, loads_mapping
from qualify.mapping.conversions import CONVERSIONS
from qualify.mapping.pages import page_in
from qualify.mapping.paths import ABSENT, find
from qualify.mapping.reading import Column
from qualify.mapping.table import FieldMap, Table
from qualify.values import Unreadable

MAILS = [{"value": "", "kind": "home"}, {"value": "a@b.example", "primary": True, "kind": "Work v1.2"}]
PERSON = {
    "emails": MAILS,
    "tags": [{"name": "hot"}, {"id": 7}, {"name": None}, {"name": "big"}],
    "groups": [{"tags": ["a", "b"]}, {"tags": ["c"]}],
    "cell": json.dumps({"attributes": [{"name": "Webpage URL", "value": "/prices"}]}),
    "broken": '{"a": ',
    "emails[primary=true]": "a name",
}


@pytest.mark.parametrize(
    ("path", "means"),
    [
        ("emails[kind=work v1.2].value", "a@b.example"),
        ("emails[primary=TRUE].value", "a@b.example"),
        ("emails[kind=Home].value", ""),
        ("emails[kind=home][value=].kind", "home"),
        ("emails[kind=fax].value", ABSENT),
        ("emails[kind=home].fax", ABSENT),
        ("nobody[kind=home].value", ABSENT),
        ("tags.*.name", ["hot", "big"]),
        ("tags.*.fax", []),
        ("tags.0.name", "hot"),
        ("groups.*.tags", ["a", "b", "c"]),
        ("groups.*.tags.*", ["a", "b", "c"]),
        ("cell.attributes[name=Webpage URL].value", "/prices"),
        ("cell.attributes.0.value", "/prices"),
        ("cell.fax", ABSENT),
        ("broken.a", ABSENT),
        ("emails[primary=true]", "a name"),  # a whole name goes before a path
    ],
)
def test_a_path_leads_to_an_entry_and_into_text_that_is_json(path, means):
    """CRMs keep what matters in lists of pairs, and some keep a table in a cell."""
    assert find(PERSON, path) == means


def test_a_list_that_no_path_expects_is_refused():
    """Which of two addresses is meant, nobody said: the first may be the one that bounced."""
    with pytest.raises(Unreadable, match=r"emails\.0\.value"):
        find(PERSON, "emails.value")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "{" + "9" * 5000 + "}"])
def test_text_that_only_looks_like_json_leads_nowhere(text):
    """A cell can hold anything, and no cell may stop a night's run."""
    assert find({"cell": text}, "cell.a") is ABSENT


NAMES = st.sampled_from(["a", "b", "c", "b.c", "a.b", "p.", "d"])
TEXTS = ["x", "y", "", " ", " x", "x\t", "\x1fx", "\u00a0x", "e\u0301", "None", "no such", "seven x"]
LEAVES = st.none() | st.sampled_from([*TEXTS, 7, True]) | st.lists(st.sampled_from(["x", 1]), max_size=2)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(NAMES, inner, max_size=4) | st.lists(inner, max_size=2)
    | st.dictionaries(NAMES, inner, max_size=2).map(json.dumps),
    max_leaves=12,
)  # fmt: skip
RECORDS = st.dictionaries(NAMES, TREES, max_size=5)
PATHS = st.lists(st.sampled_from(["a", "b", "c", "d", "p.", "0", "*", "b[c=x]"]), min_size=1, max_size=4).map(".".join)
FIELDS = st.builds(
    FieldMap,
    name=st.just("f"),
    sources=st.lists(PATHS, min_size=1, max_size=3).map(tuple),
    null=st.none() | st.just("none"),
    lenient=st.booleans(),
    placeholders=st.sampled_from([None, ("no such",)]),
    labels=st.sampled_from([(), (("x", "an x"),)]),
    type=st.sampled_from(["text", "list", None]),
)


def outcome(work):
    try:
        return work()
    except (Unreadable, LeadError) as refused:
        return refused.expected, refused.found


@given(st.lists(FIELDS, min_size=1, max_size=5), RECORDS)
def test_many_fields_read_at_once_are_what_each_reads_alone(fields, record):
    """Tables are looked up once for speed; a record built in any odd way must not come out otherwise."""
    table = Table(fields=tuple(replace(field, name=f"f{at}") for at, field in enumerate(fields)))
    alone = {f.name: outcome(lambda f=f: Column(f, Table(), CONVERSIONS).whole(record)) for f in table.fields}
    mapping = Mapping(table)

    refused = {error.field for error in mapping.unreadable(record)}

    if refused:
        assert {name for name, value in alone.items() if isinstance(value, tuple) and len(value) == 2} >= refused
    elif page_in(record, mapping.sources, None):
        assert outcome(lambda: mapping.values(record)) == ("one record", ANY)
    else:
        assert mapping.values(record) == alone


def test_the_first_field_of_the_file_that_cannot_be_read_is_named():
    """Whoever mends a file reads it from its top."""
    mapping = loads_mapping('[fields]\nemployees = "a.size"\npage_views = "views"')

    with pytest.raises(Exception, match="employees: expected a number"):
        mapping.values({"views": "many", "a": {"size": "a few"}})
