"""Frames of Spark under the settings that people have, and rows that stop the query."""

from datetime import UTC, datetime

import pytest

import qualify
from qualify.errors import FrameError
from tests.columns.engines import no_spark, spark

pytestmark = [
    pytest.mark.skipif(no_spark() is not None, reason=str(no_spark())),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
AS_OF = datetime(2026, 3, 10, 12, tzinfo=UTC)
TOOK = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    if (there := SparkSession.getActiveSession()) is not None:  # another test's, whose end isn't ours to say
        yield there
        return
    with spark():
        yield SparkSession.active()


@pytest.fixture(scope="module")
def definition():
    why = {"team": "sales", "why": "They asked."}
    return qualify.define(
        name="Settings",
        timezone="America/New_York",
        teams={"sales": "Sales"},
        fields={"interests": {"type": "list"}, "seen_at": {"type": "datetime"}},
        traits={
            "active": {**why, "when": "count(login within 7 days) >= 2"},
            "all_of_it": {**why, "when": 'interests has all ["a"]'},
            "early": {**why, "when": "seen_at before 2026-03-08"},
            "braces": {**why, "when": 'company contains "{leads}" or company contains "\\\\n"'},
        },
        stages={"sql": {"requires": {"sales": "active or all_of_it or early or braces"}}},
    )


def frames(session, ids=("1", "2"), owner="1", at=TOOK):
    rows = [(each, None, "a{LEADS}", datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC)) for each in ids]
    leads = session.createDataFrame(rows, "id string, interests array<string>, Company string, seen_at timestamp_ltz")
    happened = [("1", "login", TOOK), (owner, "login", at)]
    return leads, session.createDataFrame(happened, "lead_id string, type string, at timestamp_ltz")


@pytest.mark.parametrize("ansi", ["true", "false"])
@pytest.mark.parametrize("kind", ["TIMESTAMP_LTZ", "TIMESTAMP_NTZ"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_no_setting_changes_an_answer(session, definition, zone, kind, ansi):
    """Clusters are set up by others, for other jobs: the same lead must be the same lead there."""
    settings = {"spark.sql.session.timeZone": zone, "spark.sql.timestampType": kind, "spark.sql.ansi.enabled": ansi}
    before = {name: session.conf.get(name) for name in settings}
    try:
        for name, value in settings.items():
            session.conf.set(name, value)
        rows = definition.qualify_frame(*frames(session), as_of=AS_OF, explain=True).orderBy("id").collect()
    finally:
        for name, value in before.items():
            session.conf.set(name, value)

    said = [(row["active"], row["all_of_it"], row["early"], row["braces"], row["stage"]) for row in rows]
    assert said == [(True, None, True, True, "sql"), (False, None, True, True, "sql")]
    assert not session.catalog.listTables()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ids": ("1", "1", "2")}, "two leads have one id"),
        ({"owner": None}, "an activity has no lead"),
        ({"at": None}, "an activity has no moment"),
    ],
    ids=["id twice", "no lead", "no moment"],
)
def test_rows_that_belong_to_nobody_stop_the_query(session, definition, given, said):
    """What can't be counted for anybody would otherwise be left out in silence."""
    judged = definition.qualify_frame(*frames(session, **given), as_of=AS_OF)

    with pytest.raises(Exception, match=said):
        judged.collect()


def test_texts_that_spark_is_set_to_misread_are_refused(session, definition):
    """Half of the awkward literals would be others, and nobody would see it."""
    leads, activities = frames(session)
    session.conf.set("spark.sql.parser.escapedStringLiterals", "true")
    try:
        with pytest.raises(FrameError, match="escapedStringLiterals"):
            definition.qualify_frame(leads, activities, as_of=AS_OF)
    finally:
        session.conf.set("spark.sql.parser.escapedStringLiterals", "false")


def test_how_to_cast_is_said_in_spark_s_words_and_works(session, definition):
    """In Spark's SQL a name in double quotes is a text: cast, it would be null of every lead."""
    from pyspark.sql import functions

    leads, activities = frames(session)
    texts = leads.withColumn("seen_at", functions.col("seen_at").cast("string"))
    with pytest.raises(FrameError) as why:
        definition.qualify_frame(texts, activities, as_of=AS_OF)

    hint = str(why.value).partition("cast it: ")[2]
    assert hint == 'F.col("seen_at").cast("timestamp")'
    back = texts.withColumn("seen_at", functions.col("seen_at").cast("timestamp"))
    assert [
        row["early"] for row in definition.qualify_frame(back, activities, as_of=AS_OF, explain=True).collect()
    ] == [
        True,
        True,
    ]
