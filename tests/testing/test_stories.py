"""Stories: leads that both sides agreed on in words, read from a file, asked, and told."""

import pickle
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import qualify
from qualify import QualifyError
from qualify.testing import StoryError, load_stories
from qualify.testing.expected import PARTS, check_verdict
from qualify.testing.stories import definition_beside, story_files
from qualify.testing.story_places import unclaimed
from qualify.testing.story_reading import ACTIVITY_KEYS, KEYS, NEEDED
from tests.pages import EXAMPLES, ROOT

DOCS = ROOT / "docs" / "reference"

DEFINITION = """\
format = 1
name = "Print shops"
version = "3"
left_out_by = ["objected"]

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.press_type]
type = "text"
choices = ["offset", "digital"]

[fields.objects]
type = "boolean"

[activities.webinar]
properties = { minutes = "number" }

[traits.objected]
team = "marketing"
when = "objects"
why = "Who objects is not looked at."

[traits.large]
team = "sales"
when = "employees >= 50"
why = "They need us."

[traits.uses_offset]
team = "sales"
status = "shadow"
when = 'press_type == "offset"'
why = "They seem to renew more."
review_on = 2027-02-01

[tiers.size]
team = "sales"
cases.small = "employees <= 50"
cases.mid = "employees <= 500"
cases.large_one = "otherwise"

[signals.visits]
team = "marketing"
each = "page_view"

[scores.fit.points]
large = 20
size = { mid = 5 }

[stages.mql]
requires.marketing = "count(visits) >= 1"

[stages.sql]
requires.marketing = "fit >= 10"
requires.sales = "large"
"""

STORY = """\
[[story]]
title = "Eighty people who looked at us are an SQL"
as_of = 2026-11-24T12:00:00Z
fields = { employees = 80, objects = false }
activities = [{ type = "page_view", at = 2026-11-20T09:00:00Z, properties = { page = "/pricing" }, times = 3 }]

[story.expect]
stage = "sql"
stages = { mql = "reached" }
sides = { sql = { sales = "yes" } }
traits = { large = "yes" }
tiers = { size = "mid" }
scores = { fit = 25 }
facts = { large = "yes", size = "mid", fit = 25, visits = 3 }
missing = []
handoff = "none"
left_out_by = []
"""


@pytest.fixture
def told(tmp_path):
    """A definition, and beside it the stories of a text; the answer is the stories' file."""
    (tmp_path / "shops.toml").write_text(DEFINITION, encoding="utf-8")

    def write(text=STORY):
        file = tmp_path / "shops.stories.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def faults_of(file):
    with pytest.raises(StoryError) as refused:
        load_stories(file)
    return refused.value.faults


# What a story tells


def test_a_story_says_of_a_lead_what_must_come_out(told):
    """Both sides can read it, and a program can ask it."""
    [story] = load_stories(told())
    outcome = story.outcome(qualify.load(told().with_name("shops.toml")))

    assert outcome.passed
    assert outcome.differences == ()
    assert story.title == "Eighty people who looked at us are an SQL"
    assert story.as_of == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert story.lead["employees"] == 80
    assert len(story.lead["activities"]) == 3
    assert (Path(story.file).name, story.line) == ("shops.stories.toml", 2)
    assert "all comes out as told" in outcome.told()
    assert pickle.loads(pickle.dumps(story)) == story


@pytest.mark.parametrize(
    ("part", "expected", "name", "came_out"),
    [
        ("stage", "mql", "", "sql"),
        ("stages", {"mql": "not_yet"}, "mql", "reached"),
        ("sides", {"sql": {"sales": "unknown"}}, "sql, sales", "yes"),
        ("traits", {"large": "no"}, "large", "yes"),
        ("tiers", {"size": ["small", "mid"]}, "size", "mid"),
        ("scores", {"fit": [0, 25]}, "fit", 25),
        ("scores", {"fit": 24}, "fit", 25),
        ("facts", {"visits": 2}, "visits", 3),
        ("missing", ["country"], "", []),
        ("handoff", "sales", "", "none"),
        ("left_out_by", ["objected"], "", []),
    ],
)
def test_whatever_comes_out_otherwise_is_told(told, part, expected, name, came_out):
    """A story that can't fail tells nothing."""
    [story] = load_stories(told())
    definition = qualify.load(told().with_name("shops.toml"))
    outcome = replace(story, expect={**story.expect, part: expected}).outcome(definition)

    [differing] = outcome.differences
    assert not outcome.passed
    assert (differing.part, differing.name, differing.came_out) == (part, name, came_out)


def test_a_failing_story_shows_what_was_expected_beside_the_explained_verdict(told):
    """Whoever reads it should see at once which side is wrong: the story or the definition."""
    text = STORY.replace('stage = "sql"', 'stage = "mql"').replace('{ large = "yes" }', '{ large = "no" }')
    [story] = load_stories(told(text))
    outcome = story.outcome(qualify.load(told(text).with_name("shops.toml")))

    shown = outcome.told().splitlines()
    assert shown[0] == "Eighty people who looked at us are an SQL"
    assert shown[1].endswith("shops.stories.toml:2, as of 2026-11-24 12:00 (UTC)")
    assert shown[3:8] == [
        "               expected  came out",
        "  stage        mql       sql",
        "  trait large  no        yes",
        "    employees: 80, asked for: at least 50",
        "",
    ]
    assert shown[8] == "This lead is an SQL, and an MQL too."


def test_a_lead_that_is_left_out_has_nothing_else(told):
    """Nothing is known of it, which isn't the same as no."""
    text = STORY.replace("objects = false", "objects = true")
    [story] = load_stories(told(text))
    outcome = story.outcome(qualify.load(told(text).with_name("shops.toml")))

    assert {each.what: each.came_out for each in outcome.differences} == {
        "stage": "none",
        "stage mql": "the lead is left out",
        "side sql, sales": "the lead is left out",
        "trait large": "the lead is left out",
        "tier size": "the lead is left out",
        "score fit": "the lead is left out",
        "fact large": "the lead is left out",
        "fact size": "the lead is left out",
        "fact fit": "the lead is left out",
        "fact visits": "the lead is left out",
        "left out by": ["objected"],
    }


def test_what_is_open_is_told_as_a_range(told):
    """Of a lead without a headcount nobody can say more."""
    text = STORY.replace("employees = 80, ", "")
    text = text[: text.index("stage =")]
    text += (
        'tiers = { size = ["large_one", "small", "mid"] }\nscores = { fit = [0, 25] }\ntraits = { large = "unknown" }\n'
    )
    text += 'missing = ["employees"]\nstages = { sql = "undetermined" }\n'

    [story] = load_stories(told(text))
    outcome = story.outcome(qualify.load(told(text).with_name("shops.toml")))

    assert outcome.passed, outcome.told()


# Where stories stand


def test_stories_are_found_beside_their_definition_and_the_other_way_round(tmp_path):
    """Beside a file, in a folder, and beside that folder."""
    folder = tmp_path / "leads"
    folder.mkdir()
    for file in (tmp_path / "shops.toml", folder / "definition.toml"):
        file.write_text(DEFINITION, encoding="utf-8")
    (folder / "marketing.toml").write_text("", encoding="utf-8")
    beside = [tmp_path / "shops.stories.toml", tmp_path / "leads.stories.toml"]
    inside = [folder / "marketing.stories.toml", folder / "new.stories.toml"]
    for at, file in enumerate((*beside, *inside)):
        file.write_text(STORY.replace("Eighty", f"{at} times eighty"), encoding="utf-8")

    assert story_files(tmp_path / "shops.toml") == (beside[0],)
    assert story_files(folder) == (*inside, beside[1])
    assert definition_beside(beside[0]) == tmp_path / "shops.toml"
    assert [definition_beside(file) for file in (beside[1], *inside)] == [folder] * 3
    assert [story.title[0] for story in load_stories(folder)] == ["2", "3", "1"]
    assert len(load_stories(tmp_path / "shops.toml")) == len(load_stories(inside[0])) == 1


@pytest.mark.parametrize(
    ("others", "stories", "definition"),
    [
        (["pyproject.toml"], "bikes.stories.toml", "bikes.toml"),
        (["pyproject.toml"], "more.stories.toml", "bikes.toml"),
        (["ruff.toml", "crm.mapping.toml"], "more.stories.toml", "bikes.toml"),
        (["cars.toml"], "cars.stories.toml", "cars.toml"),
        (["cars.toml"], "more.stories.toml", None),
        (["cars/definition.toml"], "cars.stories.toml", "cars"),
        (["cars/definition.toml"], "more.stories.toml", None),
        (["cars/definition.toml"], "cars/more.stories.toml", "cars"),
        (["cars/definition.toml", "cars/pyproject.toml"], "cars/more.stories.toml", "cars/definition.toml"),
        (["cars/definition.toml", "cars/sales.toml"], "cars/sales.stories.toml", "cars"),
        (["cars/notes.txt"], "cars/more.stories.toml", None),
    ],
)
def test_stories_speak_of_what_has_their_name_else_of_the_folder_else_of_the_only_one(
    tmp_path, others, stories, definition
):
    """People add a second file of stories, in a folder where other programs keep their settings too."""
    texts = {
        "pyproject.toml": "[tool.pytest]\n",
        "ruff.toml": "line-length = 100\n[lint]\n",
        "crm.mapping.toml": 'id = "Id"\n',
        "sales.toml": "[traits]\n",
    }
    for name in ["bikes.toml", *others]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(texts.get(file.name, DEFINITION), encoding="utf-8")
    file = tmp_path / stories
    file.write_text(STORY, encoding="utf-8")
    expected = None if definition is None else tmp_path / definition

    assert definition_beside(file) == expected
    if expected is not None:
        assert file in story_files(expected)
        assert [story.title for story in load_stories(file)] == [story.title for story in load_stories(expected)]


def test_stories_that_could_speak_of_two_definitions_say_so(tmp_path):
    """To be asked of the wrong one would be worse than not to be asked."""
    for name in ("bikes.toml", "cars.toml"):
        (tmp_path / name).write_text(DEFINITION, encoding="utf-8")
    file = tmp_path / "more.stories.toml"
    file.write_text(STORY, encoding="utf-8")

    [fault] = faults_of(file)

    assert fault.code == "no-definition"
    assert fault.message == (
        "these stories could speak of bikes.toml, cars.toml: name the file after one of them, as in bikes.stories.toml"
    )
    assert story_files(tmp_path / "bikes.toml") == ()
    assert unclaimed(tmp_path / "bikes.toml") == (file,)


def test_a_definition_without_stories_has_none(tmp_path):
    """None are no fault; it is up to whoever asks."""
    (tmp_path / "shops.toml").write_text(DEFINITION, encoding="utf-8")

    assert load_stories(tmp_path / "shops.toml") == ()


def test_stories_can_be_asked_of_another_definition(told):
    """A version that is only discussed must keep to what was agreed, or say where it doesn't."""
    stricter = qualify.loads(DEFINITION.replace("employees >= 50", "employees >= 100"))
    [story] = load_stories(told(), stricter)

    assert {each.what for each in story.outcome(stricter).differences} >= {"stage", "trait large"}


@pytest.mark.parametrize("path", ["shops.stories.toml", "shops.toml", "shops"])
def test_a_path_where_nothing_stands_is_told(tmp_path, path):
    """No stories because of a misspelled name would pass for ever."""
    [fault] = faults_of(tmp_path / path)

    assert fault.code in ("unreadable", "no-definition")
    assert "there is no such file" in fault.message


def test_stories_without_a_definition_are_told(tmp_path):
    """They speak of nothing."""
    (tmp_path / "shops.stories.toml").write_text(STORY, encoding="utf-8")

    [fault] = faults_of(tmp_path / "shops.stories.toml")

    assert fault.code == "no-definition"
    assert "shops.toml" in fault.message


# What can be wrong with them


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line", "meant"),
    [
        ("title =", "titel =", "unknown-key", 2, "title"),
        ("fields =", "feilds =", "unknown-key", 4, "fields"),
        ("[[story]]", "[[stroy]]", "unknown-key", 1, "story"),
        ("scores =", "scroes =", "unknown-key", 13, "scores"),
        ("employees = 80", "employes = 80", "unknown-field", 4, "employees"),
        ('"page_view"', '"page_veiw"', "unknown-activity", 5, "page_view"),
        ("page =", "pag =", "unknown-property", 5, "page"),
        ("times = 3", "time = 3", "unknown-key", 5, "times"),
        ('traits = { large = "yes" }', 'traits = { lage = "yes" }', "unknown-fact", 11, "large"),
        ('traits = { large = "yes" }', 'traits = { large = "yess" }', "wrong-type", 11, "yes"),
        ("size = \"mid\" }\nscores", "siez = \"mid\" }\nscores", "unknown-fact", 12, "size"),
        ('tiers = { size = "mid" }', 'tiers = { size = "midd" }', "unknown-case", 12, "mid"),
        ('tiers = { size = "mid" }', 'tiers = { size = ["mid", "smal"] }', "unknown-case", 12, "small"),
        ("scores = { fit", "scores = { fitt", "unknown-score", 13, "fit"),
        ("visits = 3", "visit = 3", "unknown-fact", 14, "visits"),
        ('stage = "sql"', 'stage = "sqll"', "unknown-stage", 8, "sql"),
        ("mql =", "mqll =", "unknown-stage", 9, "mql"),
        ('"reached"', '"reachd"', "wrong-type", 9, "reached"),
        ("sales =", "saels =", "unknown-team", 10, "sales"),
        ("missing = []", 'missing = ["employes"]', "unknown-field", 15, "employees"),
        ('handoff = "none"', 'handoff = "sale"', "unknown-team", 16, "sales"),
        ("left_out_by = []", 'left_out_by = ["objectd"]', "unknown-fact", 17, "objected"),
    ],
)  # fmt: skip
def test_a_misspelled_name_is_told_with_its_line_and_the_nearest_right_one(told, right, wrong, code, line, meant):
    """What a definition doesn't know would be unknown, or not looked at, and the story would pass."""
    assert STORY.count(right) >= 1
    faults = faults_of(told(STORY.replace(right, wrong, 1)))

    assert [(each.code, each.line, each.did_you_mean) for each in faults] == [(code, line, meant)]
    assert f"did you mean '{meant}'?" in faults[0].message


@pytest.mark.parametrize(
    ("right", "wrong", "code", "message"),
    [
        ('title = "Eighty people who looked at us are an SQL"\n', "", "missing-key", "a story has 'title'"),
        ('"Eighty people who looked at us are an SQL"', '" "', "wrong-type", "'title' is what comes out and why"),
        ("as_of = 2026-11-24T12:00:00Z\n", "", "missing-key", "a story has 'as_of'"),
        ("as_of = 2026-11-24T12:00:00Z", 'as_of = "today"', "wrong-type", "'as_of' is a moment"),
        ("as_of = 2026-11-24T12:00:00Z", "as_of = 2026-11-24", "wrong-type", "found a date"),
        ("employees = 80", 'employees = "about eighty"', "wrong-type", "'employees' is a number, found text"),
        ("at = 2026-11-20T09:00:00Z", 'at = "then"', "wrong-type", "'at' is a moment"),
        ("at = 2026-11-20T09:00:00Z, ", "", "missing-key", "an activity has 'at'"),
        ("times = 3", "times = 0", "wrong-type", "'times' is a number from 1"),
        ('traits = { large = "yes" }', "traits = { large = true }", "wrong-type", "found true or false"),
        ('traits = { large = "yes" }', "traits = {}", "missing-key", "'traits' expects nothing"),
        ('traits = { large = "yes" }', 'traits = { uses_offset = "yes" }', "unknown-fact", "is in shadow"),
        ('stage = "sql"', "stage = 2", "wrong-type", "found a number"),
        ("scores = { fit = 25 }", 'scores = { fit = "25" }', "wrong-type", "'fit' is a number, [at least, at most]"),
        ("scores = { fit = 25 }", "scores = { fit = [1, 2, 3] }", "wrong-type", "found a list"),
        ("scores = { fit = 25 }", "scores = 25", "wrong-type", "'scores' is a table"),
        ("visits = 3", 'visits = "often"', "wrong-type", "how often it happened"),
        ("sides = { sql = { sales", "sides = { mql = { sales", "unknown-team", "requires nothing for 'mql'"),
        ("missing = []", 'missing = "employees"', "wrong-type", "'missing' is a list of fields"),
        ("[[story]]", "[story]", "wrong-type", "each story is a table of its own, [[story]]"),
        ("fields = {", "fields = { activities = [],", "unknown-field", "stand beside 'fields'"),
        ("stage =", "stage", "not-toml", "this is no TOML"),
        ("title =", 'title = "One"\ntitle =', "given-twice", "'title' is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_words(told, right, wrong, code, message):
    """The person who reads it wrote the story, not the library."""
    faults = faults_of(told(STORY.replace(right, wrong, 1)))

    assert [each.code for each in faults] == [code]
    assert message in faults[0].message
    assert faults[0].line is not None


@pytest.mark.parametrize(
    ("right", "wrong", "code", "meant", "message"),
    [
        ("employees = 80", 'press_type = "ofset"', "not-a-choice", "offset",
         '"ofset" is not a choice of \'press_type\'; did you mean "offset"?'),
        ("employees = 80", 'press_type = "laser"', "not-a-choice", None,
         '"laser" is not a choice of \'press_type\': it is one of "offset", "digital"'),
        ("employees = 80", 'papers = ["coated", "glosy"]', "not-a-choice", "glossy",
         '"glosy" is not a choice of \'papers\'; did you mean "glossy"?'),
        ('"page_view"', '"webinar"', "unknown-property", None,
         "unknown property of webinar: 'page'; there are: minutes, room"),
        ("properties = {", 'page = "/pricing", properties = {', "unknown-key", None,
         "unknown key 'page': what is told of an activity stands under 'properties', as in properties = { page = ... }"),
        ('tiers = { size = "mid" }', 'tiers = { size = "XL" }', "unknown-case", None,
         "unknown case 'XL'; there are: small, mid, large_one"),
        ('stage = "sql"', 'stage = "customer"', "unknown-stage", None,
         "unknown stage 'customer'; there are: mql, sql, none"),
        ('handoff = "none"', 'handoff = "board"', "unknown-team", None,
         "unknown team 'board'; there are: marketing, sales, none"),
    ],
)  # fmt: skip
def test_what_a_definition_has_no_such_thing_of_is_told_with_what_there_is(
    tmp_path, right, wrong, code, meant, message
):
    """A value that no rule can ask for would be neither of what was meant, and the story might pass."""
    more = '[fields.papers]\ntype = "list"\nchoices = ["coated", "glossy"]\n\n[activities.webinar]'
    definition = DEFINITION.replace("[activities.webinar]", more).replace(
        'properties = { minutes = "number" }',
        'properties = { minutes = "number", room = { type = "text", choices = ["red"] } }',
    )
    (tmp_path / "shops.toml").write_text(definition, encoding="utf-8")
    file = tmp_path / "shops.stories.toml"
    file.write_text(STORY.replace(right, wrong, 1), encoding="utf-8")

    [fault] = faults_of(file)

    assert (fault.code, fault.did_you_mean, fault.message) == (code, meant, message)


@pytest.mark.parametrize("said", ['"Offset"', '" digital "', '""'])
def test_a_choice_is_one_however_it_is_written(told, said):
    """Case and blanks are no difference for a rule either; what is blank is not known."""
    assert load_stories(told(STORY.replace("employees = 80", f"employees = 80, press_type = {said}")))


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_file_without_stories_is_told(told, text):
    """Nothing would be asked, and nobody would see it."""
    assert [each.code for each in faults_of(told(text))] == ["missing-key"]


def test_a_story_that_expects_nothing_is_told(told):
    """It would pass whatever came out."""
    assert [each.code for each in faults_of(told(STORY[: STORY.index("stage =")]))] == ["missing-key"]


def test_two_stories_with_one_title_are_told(told):
    """Nobody could tell which one failed."""
    [fault] = faults_of(told(STORY + STORY))

    assert (fault.code, fault.line, fault.other) == ("given-twice", 19, "It stands first in line 2.")


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    """One fault a try would make ten tries of ten faults."""
    folder = tmp_path / "leads"
    folder.mkdir()
    (folder / "definition.toml").write_text(DEFINITION, encoding="utf-8")
    wrong = (
        STORY.replace("employees =", "employes =").replace('large = "yes"', 'lage = "yes"').replace('"sql"', '"sqll"')
    )
    (folder / "a.stories.toml").write_text(wrong, encoding="utf-8")
    (folder / "b.stories.toml").write_text(wrong, encoding="utf-8")

    with pytest.raises(StoryError) as refused:
        load_stories(folder)

    told = str(refused.value)
    assert [each.line for each in refused.value.faults] == [4, 8, 11, 14] * 2
    assert "a.stories.toml:4: unknown field 'employes'; did you mean 'employees'?" in told
    assert 'In the story "Eighty people who looked at us are an SQL".' in told
    assert "8 faults in " in told
    assert pickle.loads(pickle.dumps(refused.value)).faults == refused.value.faults


def test_a_definition_with_faults_is_told_as_such(told):
    """The stories aren't to blame."""
    file = told()
    file.with_name("shops.toml").write_text(DEFINITION.replace("employees >=", "employes >="), encoding="utf-8")

    with pytest.raises(qualify.DefinitionError):
        load_stories(file)


# In a test of one's own


def test_a_verdict_is_checked_in_the_words_of_stories():
    """What a suite says of a verdict is what the teams say."""
    verdict = qualify.loads(DEFINITION).qualify({"employees": 80, "activities": []})

    check_verdict(verdict, stage=None, stages={"mql": "not_yet"}, scores={"fit": 25.0}, facts={"visits": 0}, missing=())
    with pytest.raises(AssertionError, match=r"trait large +no +yes"):
        check_verdict(verdict, traits={"large": "no"})


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ({}, "nothing is expected"),
        ({"stag": "sql"}, "did you mean 'stage'"),
        ({"stage": "sqll"}, "did you mean 'sql'"),
        ({"traits": {"lage": "yes"}}, "did you mean 'large'"),
        ({"traits": {"large": True}}, "unknown answer 'true'"),
        ({"stages": {"sql": "reachd"}}, "did you mean 'reached'"),
        ({"sides": {"sql": {"saels": "yes"}}}, "did you mean 'sales'"),
        ({"sides": {"sql": "yes"}}, "by stage and team"),
        ({"scores": 25}, "expected by name"),
    ],
)
def test_a_misspelled_expectation_is_no_failure_of_the_verdict(expect, message):
    """It would be sought in the definition."""
    verdict = qualify.loads(DEFINITION).qualify({"employees": 80})

    with pytest.raises(QualifyError, match=message):
        check_verdict(verdict, **expect)


# What the page says of them


def test_the_reference_names_every_key():
    """A key that is on no page is used by nobody; a key that is only on the page is believed."""
    page = (DOCS / "stories.md").read_text(encoding="utf-8")
    keys, of_activities, expected = (
        re.findall(r"^\| (`.*?`) \|", part, re.MULTILINE) for part in page.split("\n## ")[1:4]
    )

    def words(cells):
        return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}

    assert words(keys) == set(KEYS)
    assert words(of_activities) == set(ACTIVITY_KEYS)
    assert words(expected) == set(PARTS)
    assert {key for key in KEYS if f"| `{key}` | required |" in page} == set(NEEDED)


# The example's own


@pytest.mark.parametrize("story", load_stories(EXAMPLES / "print-shop"), ids=lambda story: story.title)
def test_every_story_of_the_print_shop_comes_out_as_told(story):
    """What the example shows people must be true."""
    outcome = story.outcome(qualify.load(EXAMPLES / "print-shop"))

    assert outcome.passed, outcome.told()
