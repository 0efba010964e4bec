"""Laws of drawing: whatever a file holds, what is drawn loads, reads the file, and says nothing of anybody."""

import io
import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.run import run_leads
from qualify.starting import start
from qualify.starting.naming import DRAWN, Names
from qualify.starting.words import IDS, PLACEHOLDERS, SYNONYMS, YES_NO, spoken
from qualify.text import fold
from qualify.vocabulary import RESERVED, STANDARD_FIELDS, name_fault
from tests.starting.files import csv_text, written

SECRET = "zqxv"  # no word of ours holds it

ODD = ('a"b', "back\\slash", "'''", '"""', "a\nb", "tab\there", "\x1b[31m", "\x7f", "\x9b", "\u202e", "# no comment", "[x]", "=",
       "a.b", "properties.email", "{}", "🙂", "日本語", "x" * 400, "__class__", "activities", "model_config", "1")  # fmt: skip
called = st.sampled_from([word for words in SYNONYMS.values() for word in words])
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0@"), min_size=1, max_size=20)
headers = st.one_of(
    called, called.map(str.title), st.sampled_from(sorted(RESERVED | DRAWN)), st.sampled_from(IDS), st.sampled_from(ODD), plain
).filter(lambda text: text.strip())  # fmt: skip

cells = st.one_of(
    st.sampled_from(
        ["", "1", "0", "12", "1,200", "1.5", "1,5", "12 %", "$5", "€1.2M", "007", "51-200", "Ja", "no", "a;b", "x"]
    ),
    st.sampled_from(
        ["2026-01-02", "01/02/2026", "25.12.2026", "12/25/26 10:00", "2 Nov 2026", "1700000000000", "20260102"]
    ),
    st.sampled_from(PLACEHOLDERS),
    st.sampled_from([word for pair in YES_NO for word in pair]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.just("long " * 100),
)


@st.composite
def tables(draw):
    """A table as somebody exports it: columns with names, each with a few kinds of cells; one is always a colour."""
    names = draw(st.lists(headers, max_size=6, unique_by=str.strip))
    names = [name for name in names if name.strip() != "Colour"] + ["Colour"]
    height = draw(st.integers(0, 12))
    columns = [draw(st.lists(draw(kinds()), min_size=height, max_size=height)) for _ in names]
    return names, [list(row) for row in zip(*columns, strict=True)]


def kinds():
    """Most columns hold one kind of thing."""
    return st.one_of(
        st.just(cells),
        st.lists(cells, min_size=1, max_size=3).map(st.sampled_from),
        st.integers().map(str).map(st.just),
    )


def judged(started, source):
    """What became of the file's own leads."""
    definition = qualify.load(started.folder)
    with run_leads(definition, source, mapping=started.mapping) as run:
        for _ in run.judged():
            pass
        return definition, run.funnel


@given(table=tables(), delimiter=st.sampled_from(",;\t|"))
def test_whatever_a_file_holds_what_is_drawn_from_it_reads_it(table, delimiter):
    """A first try that ends in faults is mostly the last one."""
    names, rows = table
    with TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text(csv_text(names, rows, delimiter), encoding="utf-8")

        started = start(Path(folder, "drawn"), path)

        definition, funnel = judged(started, path)
        mapping = qualify.load_mapping(started.mapping, definition)
        assert definition.check() == ()
        assert mapping.warnings == ()
        assert (funnel.rejected, funnel.leads) == (0, started.rows)
        assert [each.column for each in started.guesses] == [name.strip() for name in names]


records = st.dictionaries(
    st.one_of(headers, st.just("properties")),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False),
                  cells, st.lists(cells, max_size=3)),
        lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(headers, inner, max_size=3)),
        max_leaves=4,
    ),
    max_size=5,
)  # fmt: skip


@given(given_=st.lists(records, min_size=1, max_size=6))
def test_whatever_records_hold_what_is_drawn_from_them_reads_them(given_):
    """Records of a program have types, tables and lists, and not always the same."""
    lines = "".join(json.dumps(each | {"Colour": "red"}) + "\n" for each in given_).encode()
    with TemporaryDirectory() as folder:
        started = start(Path(folder, "drawn"), io.BytesIO(lines))

        definition, funnel = judged(started, io.BytesIO(lines))
        assert definition.check() == ()
        assert (funnel.rejected, funnel.leads) == (0, len(given_))


secrets = st.integers(0, 10**6).map(lambda number: f"{SECRET} {number}")


@given(
    columns=st.dictionaries(headers, st.lists(secrets, min_size=1, max_size=4), min_size=1, max_size=5),
    common=st.sampled_from(["", "N/A", "red", "12", "2026-01-02", "yes", "a;b"]),
    many=st.integers(4, 60),
)
def test_what_few_leads_have_is_written_nowhere(columns, common, many):
    """A definition is read by many, and lies in a repository for ever: no lead's value belongs in it."""
    height = 4 + many
    names = [*dict.fromkeys(name.strip() for name in columns if SECRET not in name), "Colour"]
    cells_of = {name.strip(): values for name, values in columns.items()} | {"Colour": ["red"]}
    rows = [[(cells_of[name] + [common] * height)[at] for name in names] for at in range(height)]
    with TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text(csv_text(dict.fromkeys(names), rows), encoding="utf-8")

        started = start(Path(folder, "drawn"), path)

        assert SECRET not in written(started)
        assert SECRET not in str(started.to_dict())


@given(words=st.lists(st.sampled_from([f"{SECRET} one", f"{SECRET} two"]), min_size=20, max_size=60), name=st.sampled_from(
    ["email", "first_name", "last_name", "phone", "company", "owner", "id", "domain", "city"]))  # fmt: skip
def test_names_and_addresses_are_never_choices(words, name):
    """However many leads share one: it is a person's, or a company's."""
    header = SYNONYMS[name][0] if name != "id" else "id"
    with TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text(csv_text([header, "Colour"], [[word, "red"] for word in words]), encoding="utf-8")

        assert SECRET not in written(start(Path(folder, "drawn"), path))


@given(st.lists(st.one_of(headers, plain), max_size=40))
def test_every_column_gets_a_name_of_its_own(given_):
    """Two columns under one name would be one of them, lost."""
    names = Names()

    got = [names.give(header, place) for place, header in enumerate(given_, start=1)]

    assert len(set(got)) == len(got)
    assert not [name for name in got if name_fault(name) or name in STANDARD_FIELDS or name in DRAWN]


@pytest.mark.parametrize("name", SYNONYMS)
def test_words_stand_as_they_are_compared(name):
    """A synonym with a capital or an accent would never be found."""
    assert name in STANDARD_FIELDS
    assert [word for word in SYNONYMS[name] if spoken(word) != word] == []


def test_no_word_is_called_two_things():
    """Which of two fields a column is must not hang on the order of a table."""
    words = [word for words in SYNONYMS.values() for word in words]
    folded = [fold(word) for word in PLACEHOLDERS]

    assert sorted(words) == sorted(set(words))
    assert sorted(folded) == sorted(set(folded))
    assert set(SYNONYMS) == set(STANDARD_FIELDS) - {"id"}


def test_memory_has_a_bound_whatever_the_file():
    """The first rows of a file of any size, and of any width."""
    wide = csv_text([f"c{at}" for at in range(600)], [["x"] * 600 for _ in range(900)])
    long = csv_text(["Colour"], [["red"]] * 6000)
    with TemporaryDirectory() as folder:
        of_wide = start(Path(folder, "a"), io.BytesIO(wide.encode()))
        of_long = start(Path(folder, "b"), io.BytesIO(long.encode()))

    assert (of_wide.rows, of_wide.whole) == (500_000 // 600, False)
    assert (of_long.rows, of_long.whole) == (5000, False)


def test_hundreds_of_odd_names_are_toml():
    """Names of columns are strangers' text, and end in files that must be read again."""
    names = [f"{odd} {at}" for at in range(10) for odd in ODD if "properties" not in odd]
    with TemporaryDirectory() as folder:
        started = start(Path(folder, "a"), io.BytesIO(csv_text(names, [["1"] * len(names)]).encode()))

        for file in started.files:
            tomllib.loads(Path(file).read_text(encoding="utf-8"))
        assert qualify.load(started.folder).check() == ()
