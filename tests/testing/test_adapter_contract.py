"""The contract of adapters is worth what it finds: each planted fault is found by the test that is there for it.

What is sound is `examples/adapter-plugin/`, whose own suite keeps the whole contract.
"""

import inspect
import json
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from types import SimpleNamespace

import pytest

from qualify.adapters import Conversion, Facts, InstalledAdapter, Reader, Row, Unreadable, file_adapter
from qualify.mapping import Mapping, loads_mapping
from qualify.testing import AdapterContract
from tests.pages import EXAMPLES, ROOT

PLUGIN = EXAMPLES / "adapter-plugin"
CHANGES = ({"extra": {"qualify_stage": "mql"}}, {"extra": {"qualify_stage": "sql"}})


@pytest.fixture(scope="module")
def sound():
    """The example's adapter, its records, its fake and its connection."""
    places = [str(PLUGIN / "src"), str(PLUGIN / "tests")]
    sys.path[:0] = places
    try:
        import fake_tackboard
        import qualify_tackboard
        from qualify_tackboard.connection import TackboardConnection
    finally:
        for place in places:
            sys.path.remove(place)
    samples = json.loads((PLUGIN / "tests" / "leads.json").read_text(encoding="utf-8"))
    return SimpleNamespace(
        adapter=qualify_tackboard.TackboardAdapter,
        connection=TackboardConnection,
        fake=fake_tackboard.FakeTackboard,
        token=fake_tackboard.TOKEN,
        **samples,
    )


@pytest.fixture
def held(sound, monkeypatch, request):
    """What one test of the contract says of an adapter, with a connection of one's own perhaps."""
    monkeypatch.setenv("TACKBOARD_TOKEN", sound.token)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def hold(test, adapter=None, connection=None, **said):
        given = {"records": sound.leads, "happened": {"calls": sound.calls}, "changes": CHANGES} | said
        contract = type("Held", (AdapterContract,), {"adapter": adapter or sound.adapter(), **given})()
        with sound.fake(sound.leads, sound.calls) as fake:

            def source(properties):
                return (connection or sound.connection)(fake.url, sound.token, page=2, timeout=10)

            call = getattr(contract, test)
            wanted = [name for name in inspect.signature(call).parameters if name != "source"]
            others = {name: request.getfixturevalue(name) for name in wanted}
            call(**({"source": source} if "source" in inspect.signature(call).parameters else {}), **others)

    return hold


@contextmanager
def found(saying):
    """The contract's test fails, and says what is wrong."""
    caught = pytest.raises((AssertionError, pytest.fail.Exception), match=saying)
    with caught as failure:
        yield failure
    assert "ada@offset.example" not in str(failure.value)


def test_the_reference_lists_each_test_and_why():
    """An author who is told by a test's name what failed looks for it there."""
    page = (ROOT / "docs" / "reference" / "adapter-contract.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(test_\w+)` \| (.*) \|$", page, re.MULTILINE)
    tests = {name: each for name, each in inspect.getmembers(AdapterContract) if name.startswith("test_")}
    said = re.findall(r"^\| `([a-z_]+)` \|", page.split("## Every adapter")[0], re.MULTILINE)

    assert dict(listed) == {name: inspect.getdoc(each).splitlines()[0] for name, each in tests.items()}
    assert set(said) == {*AdapterContract.__annotations__, "source"}


# The mapping


def with_mapping(sound, *changes, conversions=None, kind=Mapping):
    """The sound adapter with another mapping."""
    text = sound.adapter().mapping_text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)

    class Changed(sound.adapter):
        mapping_text = text

        @cached_property
        def mapping(self):
            read = loads_mapping(text, conversions=conversions)
            return kind(read._table, read._conversions)

    return Changed()


def test_a_record_without_an_id_is_found(sound, held):
    """The id is the first thing that an author guesses wrongly."""
    with found("record 0 has no id"):
        held("test_every_record_becomes_a_lead_with_an_id", with_mapping(sound, ('id = "key"', 'id = "number"')))


def test_an_id_that_two_records_share_is_found(sound, held):
    """A company's name is no id."""
    with found("two records have one id"):
        held("test_no_two_records_are_one_lead", records=[*sound.leads, sound.leads[0]])


def test_a_value_that_is_lost_without_a_word_is_found(sound, held):
    """A conversion that shrugs loses leads quietly."""
    shrug = {"shrug": Conversion("text", lambda ways: lambda value: None)}
    lossy = with_mapping(sound, ('"person.role"', '{ from = "person.role", as = "shrug" }'), conversions=shrug)

    with found("record 0 has a value for job_title, which the lead lacks"):
        held("test_no_value_is_lost", lossy)


class Inventive(Mapping):
    """A mapping that has an opinion."""

    def values(self, record):
        return {**super().values(record), "employees": 10}


@pytest.mark.parametrize(
    "test",
    [
        "test_no_value_is_invented",
        "test_a_record_that_says_nothing_is_a_lead_of_which_nothing_is_known",
        "test_what_is_blank_stays_unknown",
    ],
)
def test_a_value_that_is_invented_is_found(sound, held, test):
    """A default is a guess that looks like a fact."""
    with found("employees"):
        held(test, with_mapping(sound, kind=Inventive))


def test_a_made_up_id_is_found(sound, held):
    """Its verdict would be written to somebody else."""

    class Numbering(Mapping):
        def lead(self, record, activities=None):
            return super().lead({**record, "key": record.get("key") or "1"}, activities)

    with found("record 0 has no id, and yet the lead has one"):
        held("test_a_record_without_an_id_gets_none", with_mapping(sound, kind=Numbering))


def test_a_message_that_shows_a_value_is_found(sound, held):
    """It would be in every log."""

    def read(value):
        raise Unreadable(f"something else than {value}", "text")

    nosy = {"nosy": Conversion("text", lambda ways: read)}
    changed = with_mapping(sound, ('"person.role"', '{ from = "person.role", as = "nosy" }'), conversions=nosy)
    with found("record 0: a message shows the value of person.role"):
        held("test_odd_values_are_read_or_refused_and_never_shown", changed)


def test_an_error_that_is_no_lead_error_is_found(sound, held):
    """Whoever runs a thousand leads catches LeadError, and stops at anything else."""
    shouting = {"shouting": Conversion("text", lambda ways: str.upper)}
    changed = with_mapping(sound, ('"person.role"', '{ from = "person.role", as = "shouting" }'), conversions=shouting)

    with pytest.raises(TypeError):
        held("test_odd_values_are_read_or_refused_and_never_shown", changed)


def test_a_property_that_nobody_looked_at_is_found(held):
    """The next version of the vendor's API brings some."""
    with found(r"nobody reads changed, extra\.line_of_business: map them"):
        held("test_every_property_is_read_or_left_out_on_purpose", not_read=("person.name",))
    with found("no record has shoe_size, which `not_read` names"):
        held(
            "test_every_property_is_read_or_left_out_on_purpose",
            not_read=("person.name", "changed", "extra", "shoe_size"),
        )


def test_activities_that_nobody_sampled_are_found(held):
    """A table of the mapping that no row was ever read by is a guess."""
    with found("give some rows of what happened in `happened`, under 'calls'"):
        held("test_everything_that_happened_is_an_activity_or_none", happened={})


# The connection


def test_a_record_that_a_page_leaves_out_is_found(sound, held):
    """The commonest fault of paging is at its end."""

    class Hasty(sound.connection):
        def pages(self, since=None):
            for page in super().pages(since):
                yield replace(page, records=page.records[:1])

    with found("record 1 of `records` is not among those that were read: does `source` hold"):
        held("test_a_read_gives_every_record_as_the_samples_say", connection=Hasty)


def test_a_cursor_that_is_ahead_of_what_was_read_is_found(sound, held):
    """It looks right until the first read that is killed."""

    class Ahead(sound.connection):
        def pages(self, since=None):
            for page in super().pages(since):
                yield replace(page, cursor="2026-12-01T00:00:00Z")

    with found(r"stopped after page 1 and read on from its cursor, \d records are missed"):
        held("test_a_read_stopped_after_any_page_goes_on_and_misses_nothing", connection=Ahead)
    with found("a record changed after a read isn't read again"):
        held("test_a_change_after_a_read_is_in_the_next_one", connection=Ahead)


def exclusive(sound, later):
    """The sound connection, but a read begins after its cursor's moment."""

    class Exclusive(sound.connection):
        def pages(self, since=None):
            return super().pages(since and later(since))

    return Exclusive


def test_a_cursor_that_begins_after_its_moment_is_found(sound, held):
    """`>` instead of `>=` looks right until two records are changed in one second."""
    connection = exclusive(sound, lambda cursor: f"{cursor}z")

    with found("stopped after page 1 and read on from its cursor, 1 records are missed"):
        held("test_a_read_stopped_after_any_page_goes_on_and_misses_nothing", connection=connection)
    with found("Begin at the cursor inclusively"):
        held("test_a_read_from_the_last_cursor_gives_the_last_record_again", connection=connection)


def test_a_cursor_that_is_given_behind_its_moment_is_found(sound, held):
    """The other way to the same fault."""

    class Behind(sound.connection):
        def pages(self, since=None):
            for page in super().pages(since):
                yield replace(page, cursor=f"{page.cursor}z")

    with found("Begin at the cursor inclusively"):
        held("test_a_read_from_the_last_cursor_gives_the_last_record_again", connection=Behind)


def test_a_cursor_that_names_the_record_may_begin_after_it(sound, held):
    """Moment and id together are a place, and nothing can come between."""

    class Exact(sound.connection):
        def pages(self, since=None):
            moment, _, key = (since or " ").partition(" ")
            for page in super().pages(moment or None):
                left = tuple(each for each in page.records if (each["changed"], each["key"]) > (moment, key))
                yield replace(page, records=left, cursor=f"{page.cursor} {page.records[-1]['key']}")

    held("test_a_read_stopped_after_any_page_goes_on_and_misses_nothing", connection=Exact)
    with pytest.raises(pytest.skip.Exception, match="more than a moment"):
        held("test_a_read_from_the_last_cursor_gives_the_last_record_again", connection=Exact)


@pytest.mark.parametrize("test", ["test_writing_twice_is_writing_once", "test_the_last_write_counts"])
def test_a_test_of_writing_points_at_the_reading_that_fails(sound, held, test):
    """One fault that fails ten tests in ten ways costs an evening."""

    class Hasty(sound.connection):
        def pages(self, since=None):
            for page in super().pages(since):
                yield replace(page, records=page.records[:1])

    with found("see test_a_read_gives_every_record_as_the_samples_say first"):
        held(test, connection=Hasty)


def test_an_id_that_is_a_name_is_not_shown(sound, held):
    """With `id = "title"` the ids are people and companies."""
    named = with_mapping(sound, ('id = "key"', 'id = "title"'))

    for test in (
        "test_the_last_write_counts",
        "test_each_update_gets_its_answer_and_one_that_is_refused_stops_no_other",
    ):
        with found("refused") as failure:
            held(test, adapter=named)
        assert not [each["title"] for each in sound.leads if each["title"] in str(failure.value)]


def test_a_value_that_no_conversion_reads_names_the_cures(sound, held):
    """An author who reads `expected a number` doesn't know yet what can be done."""
    strict = with_mapping(sound, ('{ from = "size", as = "lower end of range", lenient = true }', '"size"'))

    for test in ("test_every_record_becomes_a_lead_with_an_id", "test_a_read_gives_every_record_as_the_samples_say"):
        with found("employees: expected .*`labels`.*`lenient = true`"):
            held(test, adapter=strict)


@pytest.mark.parametrize(
    "test",
    [
        "test_what_is_written_is_there_when_it_is_read_again",
        "test_writing_twice_is_writing_once",
        "test_the_last_write_counts",
        "test_a_write_that_was_killed_halfway_can_be_made_again",
    ],
)
def test_a_write_that_is_forgotten_is_found(sound, held, test):
    """All answers are fine, and nothing is there."""

    class Forgetful(sound.connection):
        def write(self, updates):
            return super().write([replace(each, changes={}) for each in updates])

    with found("after a write a record doesn't hold it: extra.qualify_stage"):
        held(test, connection=Forgetful)


def test_a_write_that_adds_instead_of_setting_is_found(sound, held):
    """An answer that is lost on its way would write it twice."""
    written = []

    class Adding(sound.connection):
        def write(self, updates):
            written.append(updates)
            return super().write(
                [replace(each, changes={**each.changes, "labels": [f"{len(written)}"]}) for each in updates]
            )

    with found("a second, equal write has changed the leads"):
        held("test_writing_twice_is_writing_once", connection=Adding)


def test_answers_in_another_order_and_refusals_that_stop_all_are_found(sound, held):
    """The wrong lead would be reported as refused."""

    class Backwards(sound.connection):
        def write(self, updates):
            return super().write(updates)[::-1]

    class Strict(sound.connection):
        def write(self, updates):
            answers = super().write(updates)
            return [replace(each, refused="one of them is unknown") for each in answers]

    test = "test_each_update_gets_its_answer_and_one_that_is_refused_stops_no_other"
    with found("an answer for each update, in their order"):
        held(test, connection=Backwards)
    with found("only the update of a record that isn't there is refused"):
        held(test, connection=Strict)


def test_an_ability_that_is_not_there_is_found(sound, held):
    """A sync believes `can`."""

    class Mute(sound.connection):
        def happenings(self, records):
            return None

    class Modest(sound.adapter):
        can = frozenset({"read", "write"})

    with found("it says 'activities', and happenings"):
        held("test_what_it_can_do_shows", connection=Mute)
    with found("but `can` doesn't say 'activities'"):
        held("test_what_it_can_do_shows", adapter=Modest())


def test_a_setup_that_cannot_be_repeated_is_found(sound, held):
    """A setup that was stopped in the middle is run again."""

    class Once(sound.connection):
        def create(self, properties):
            assert self.missing(properties), "there is one already"
            super().create(properties)

    with found("there is one already"):
        held("test_a_property_that_is_missing_is_made_once", connection=Once)


# The adapter


def test_options_secrets_and_names_are_looked_at(sound, held):
    """What every user meets first."""

    class Deaf(sound.adapter):
        def connect(self, properties, options=None):
            return super().connect(properties)

    class Open(sound.adapter):
        def __repr__(self):
            import os

            return os.environ["TACKBOARD_TOKEN"]

    class Shouting(sound.adapter):
        name = "TACKBOARD"

    class Idle(sound.adapter):
        can = frozenset({"incremental"})

    with found("is taken: call known_options"):
        held("test_an_option_that_it_does_not_know_is_refused", adapter=Deaf())
    with found("shows a secret from the environment"):
        held("test_no_secret_shows", adapter=Open())
    with found("a name is in small letters"):
        held("test_it_says_who_it_is_and_which_contract_it_keeps", adapter=Shouting())
    with found("but can't read"):
        held("test_it_can_do_what_it_says", adapter=Idle())
    with found("no entry point 'tackboard'"):
        held("test_it_is_found_by_its_name")


def test_an_adapter_that_is_found_and_refused_says_why(sound, held, monkeypatch):
    """A slip in `can` is no fault of the entry point."""
    why = "'can' says 'ative'; did you mean 'activities'?"
    listed = [InstalledAdapter("tackboard", "qualify-tackboard", "0.1.0", "qualify_tackboard", error=why)]
    monkeypatch.setattr("qualify.testing.adapter_contract.installed_adapters", lambda **asked: listed)

    with found(re.escape(f"it is found, but can't be used: {why}")) as failure:
        held("test_it_is_found_by_its_name")
    assert "entry point" not in str(failure.value)


def test_without_a_source_the_tests_that_need_one_are_skipped_with_the_reason(tmp_path):
    """An author without a fake yet must see what is not looked at."""
    (tmp_path / "test_it.py").write_text(
        "import qualify\nfrom qualify.testing import AdapterContract\n"
        "class TestIt(AdapterContract):\n"
        "    adapter = qualify.adapter('database')\n    records = [{'id': '7'}]\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-k", "again or id", "test_it.py"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert "no fixture `source`: give one that opens a connection to a source" in done.stdout
    assert re.search(r"\d passed, \d skipped", done.stdout), done.stdout


# Files


class TestCsv(AdapterContract):
    """The built-in one keeps the contract, as a stranger's has to."""

    adapter = file_adapter("csv")
    records = ({"Id": "0031", "City": 'Köln, "am Rhein"\nDom'}, {"Id": "0032", "City": ""})


class TestJsonl(AdapterContract):
    """Its rows have types."""

    adapter = file_adapter("jsonl")
    records = ({"Id": "0031", "size": 7, "tags": ["a"], "org": {"name": None}}, {"Id": "0032"})


class TestParquet(AdapterContract):
    """Its columns have types."""

    adapter = file_adapter("parquet")
    records = ({"Id": "0031", "size": 7}, {"Id": "0032", "size": None})


class Shortening:
    """A format that loses the last row, and leaves half a file behind."""

    name, summary, can = "short", "one row short", frozenset({"read", "write"})
    suffixes, read_options, write_options = (".short",), {}, {}

    def read(self, source, options=None):
        with file_adapter("jsonl").read(source, {"form": "lines"}) as rows:
            read = [row for row in rows if isinstance(row, Row)]
        return Reader(Facts(), iter(read[:-1]))

    def write(self, target, columns, options=None):
        writer = file_adapter("jsonl").write(target, columns, {"form": "lines"})
        writer.abort = writer.close
        return writer


def test_a_format_that_loses_a_row_or_leaves_half_a_file_is_found(tmp_path):
    """Nobody counts the rows of a file."""
    contract = type("Held", (AdapterContract,), {"adapter": Shortening(), "records": TestJsonl.records})()

    assert contract.test_no_value_is_lost is None
    with found(r"the rows that were read \(1\) aren't `records` \(2\)"):
        contract.test_what_it_writes_it_reads_again(tmp_path)
    with found("an aborted write has changed the file"):
        contract.test_what_goes_wrong_while_writing_leaves_the_old_file(tmp_path)
