"""Writing to HubSpot: an answer for each contact, the bad one found among the good, nothing written twice."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from qualify.adapters.hubspot.writing import text_of
from qualify.adapters.records import NewProperty, Update
from qualify.errors import AdapterError
from tests.adapters.hubspot.fake_hubspot import Answer, batch, done_but_cut


def update(id, **properties):
    return Update(id, {"properties": properties})


def batches(fake):
    """How many contacts each request to write held."""
    return [len(each.body["inputs"]) for each in fake.asked if each.path.endswith("contacts/batch/update")]


def test_every_update_has_an_answer_in_its_place(fake, connect):
    """The report says of each lead whether it was written."""
    for name in ("a", "b"):
        fake.add(firstname=name)

    answers = connect().write([update("502", jobtitle="Owner"), update("501", jobtitle="VP")])

    assert [(each.id, each.refused) for each in answers] == [("502", None), ("501", None)]
    assert [fake.contact(id)["jobtitle"] for id in ("501", "502")] == ["VP", "Owner"]
    assert batches(fake) == [2]


def test_one_that_is_gone_does_not_stop_the_others(fake, connect):
    """HubSpot answers 207: a part of it went wrong."""
    fake.add()

    gone, written = connect().write([update("999", jobtitle="Owner"), update("501", jobtitle="Owner")])

    assert gone.refused == "999 not found"
    assert written.refused is None
    assert fake.contact("501")["jobtitle"] == "Owner"


def test_one_bad_value_is_found_among_a_hundred(fake, connect):
    """HubSpot refuses the whole batch for it, and does not say whose it was."""
    everybody = [fake.add() for _ in range(100)]
    updates = [update(id, lifecyclestage="no such stage" if id == "537" else "lead") for id in everybody]

    answers = connect().write(updates)

    assert {each.id: each.refused for each in answers if each.refused} == {
        "537": 'no such stage was not one of the allowed options: ["lead"]'
    }
    assert all(fake.contact(id).get("lifecyclestage") == "lead" for id in everybody if id != "537")
    assert len(batches(fake)) <= 15, "it is found by halves, not one by one"


def test_one_contact_twice_is_written_twice_in_order(fake, connect):
    """HubSpot refuses a batch that names a contact twice."""
    fake.add()

    answers = connect().write([update("501", jobtitle="First"), update("501", jobtitle="Second")])

    assert [each.refused for each in answers] == [None, None]
    assert fake.contact("501")["jobtitle"] == "Second"


def test_what_hubspot_does_not_confirm_is_not_written(fake, connect):
    """It counts more errors than it lists: who believes in silence would call 35 contacts written that are not."""
    fake.add()
    fake.fail("batch/update", lambda handler: Answer(207, {**batch([], []).body, "numErrors": 36}))

    (answer,) = connect().write([update("501", jobtitle="Owner")])

    assert answer.refused == "HubSpot did not write it, and does not say why"


def test_a_contact_that_was_merged_into_another_counts_as_written(fake, connect):
    """HubSpot answers with the id of the one that is left."""
    fake.add()
    record = {"id": "777", "properties": {}, "objectWriteTraceId": "0"}
    fake.fail("batch/update", lambda handler: Answer(200, batch([record], []).body))

    (answer,) = connect().write([update("501", jobtitle="Owner")])

    assert answer.refused is None


def test_writing_again_what_was_written_changes_nothing(fake, connect):
    """A retry after a cut connection must do no harm."""
    fake.add()
    fake.fail("batch/update", done_but_cut)
    connection = connect()
    with pytest.raises(AdapterError):
        connection.write([update("501", jobtitle="Owner")])
    once = dict(fake.contact("501"))

    connection.write([update("501", jobtitle="Owner")])

    assert fake.contact("501") == once
    assert once["jobtitle"] == "Owner"


@pytest.mark.parametrize("name", ["hs_email_optout", "hubspotscore", "createdate"])
def test_what_hubspot_keeps_for_itself_is_never_sent(fake, connect, name):
    """It would refuse every batch; and an opt-out is not ours to change."""
    fake.add()

    with pytest.raises(AdapterError, match=f"HubSpot keeps '{name}' itself"):
        connect().write([update("501", jobtitle="Owner", **{name: "1"})])

    assert batches(fake) == []


def test_a_property_that_is_not_there_is_an_error_before_anything_is_written(fake, connect):
    """Every batch would be refused, and split to the last contact."""
    fake.add()

    with pytest.raises(AdapterError, match="no property 'qualify_stage' to write to: make it with --setup"):
        connect().write([update("501", jobtitle="Owner", qualify_stage="mql")])
    with pytest.raises(AdapterError, match=r"no property 'jobtitel' .* or did you mean 'jobtitle'"):
        connect().write([update("501", jobtitel="Owner")])

    assert batches(fake) == []


def test_only_properties_can_be_written(connect):
    """A path that forgot `properties.` would be sent into the void."""
    with pytest.raises(AdapterError, match=r"not in stage; name them properties\.stage under \[write\]"):
        connect().write([Update("501", {"stage": "mql"})])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("mql", "mql"),
        ("", ""),
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (Decimal("62.50"), "62.50"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (1e21, "1000000000000000000000"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "2026-11-24T09:00:00.000Z"),
        (datetime(2026, 11, 24, 9, 0, 0, 1999, tzinfo=timezone(timedelta(hours=2))), "2026-11-24T07:00:00.001Z"),
        (date(2026, 11, 24), "2026-11-24"),
        (("budget", "size"), "budget;size"),
        ([], ""),
    ],
)
def test_every_value_is_sent_as_the_text_that_hubspot_takes(value, text):
    """Numbers and flags are text there, and an empty text clears the property."""
    assert text_of(value) == text


@pytest.mark.parametrize("value", [{"a": 1}, datetime(2026, 11, 24), [1], object()])
def test_a_value_that_has_no_text_is_refused_without_being_shown(value):
    """A naive moment is nobody's moment."""
    with pytest.raises(AdapterError, match="HubSpot's properties hold text, not "):
        text_of(value)


# Setting up

STAGE = NewProperty("qualify_stage", "Stage", "text", "The stage that the lead has reached")
SCORE = NewProperty("qualify_score_fit", "Fit", "number")


def test_what_is_missing_is_told_and_nothing_is_made(fake, connect):
    """`--dry-run` says what it would do."""
    assert connect().missing([STAGE, NewProperty("jobtitle", "Job title", "text")]) == [STAGE]
    assert {each.method for each in fake.asked} == {"GET"}


def test_properties_are_made_in_one_batch_in_a_group_of_their_own(fake, connect):
    """People look for them in one place, and HubSpot wants a group to be there first."""
    connection = connect()
    connection.create([STAGE, SCORE, NewProperty("qualify_out", "Left out", "boolean")])

    assert fake.groups == ["contactinformation", "qualify"]
    assert {name: (each["type"], each["fieldType"]) for name, each in fake.definitions.items()} == {
        "qualify_stage": ("string", "text"),
        "qualify_score_fit": ("number", "number"),
        "qualify_out": ("bool", "booleancheckbox"),
    }
    assert len(fake.paths("properties/contacts/batch/create")) == 1
    assert connection.missing([STAGE, SCORE]) == []


def test_making_them_again_makes_nothing(fake, connect):
    """Somebody will run --setup twice, or after a connection was cut in the middle."""
    fake.fail("batch/create", done_but_cut)
    connection = connect()
    with pytest.raises(AdapterError):
        connection.create([STAGE])

    connection.create([STAGE, SCORE])

    assert fake.groups.count("qualify") == 1
    sent = [[new["name"] for new in each.body["inputs"]] for each in fake.asked if "batch/create" in each.path]
    assert sent == [["qualify_stage"], ["qualify_score_fit"]]


def test_properties_that_were_made_can_be_written_by_the_same_connection(fake, connect):
    """`qualify sync --setup` makes them and goes on."""
    fake.add()
    connection = connect()
    connection.missing([STAGE])
    connection.create([STAGE])

    (answer,) = connection.write([update("501", qualify_stage="mql")])

    assert answer.refused is None
    assert fake.contact("501")["qualify_stage"] == "mql"


def test_a_property_that_hubspot_does_not_make_is_named_with_its_reason(connect):
    """A batch that is 'COMPLETE' may have made a part."""
    with pytest.raises(AdapterError, match="did not make hs_mine: hs_mine: hs_ is HubSpot's own prefix"):
        connect().create([STAGE, NewProperty("hs_mine", "Mine", "text")])
