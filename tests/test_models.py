"""The published models come out as published: the stories beside the definitions in examples/models/ are asked."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import qualify
from qualify import Definition, Verdict
from qualify.testing import Story, load_stories
from qualify.testing.expected import came_out
from tests.engines import ENGINES, comparable
from tests.pages import EXAMPLES, ROOT, blocks

MODELS = EXAMPLES / "models"
FILES = sorted(path for path in MODELS.glob("*.toml") if not path.name.endswith(".stories.toml"))
LEADS = {
    "hubspot-fit-and-engagement": {1, 2, 3, 4, 5},
    "marketingskills-plg": {1, 2, 3, 4},
    "marketingskills-enterprise": set(),
    "marketingskills-mid-market": set(),
    "posthog-lead-score": {1, 2, 3},
    "posthog-icp-before": {4, 5, 6, 7, 8},
    "posthog-icp-after": {4, 5, 6, 7, 8},
    "salesforce-account-engagement": {1, 2, 3, 4, 5, 6},
    "sourcegraph-mql-pql": {1, 2, 3, 4, 5, 6},
}
"""Model to the numbers of the leads that were published with it."""
STORIES = {path: load_stories(path) for path in FILES}


def definition_of(story: Story) -> Path:
    """The definition that a story stands beside."""
    return Path(story.file.replace(".stories.toml", ".toml"))


def told_of(story: Story) -> str:
    """What pytest calls it."""
    return f"{definition_of(story).stem}: {story.title}"


ALL = [story for stories in STORIES.values() for story in stories]
EACH = pytest.mark.parametrize("story", ALL, ids=told_of)


@pytest.fixture(scope="module")
def definitions() -> dict[Path, Definition]:
    return {path: qualify.load(path) for path in FILES}


@EACH
def test_every_lead_comes_out_as_its_story_says(story, definitions):
    """A model that is carried over wrongly is worse than one that stays where it was."""
    outcome = story.outcome(definitions[definition_of(story)])

    assert outcome.passed, outcome.told()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_model_passes_check_without_faults_and_warnings(path):
    """What people start from must be right, and without an excuse."""
    assert list(qualify.load(path).check()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_model_is_the_same_in_all_its_forms(path, definitions):
    """Nothing that these models need is lost on the way through JSON or TOML."""
    definition = definitions[path]

    assert qualify.loads(definition.to_json(), format="json").digest == definition.digest
    assert qualify.loads(definition.to_toml()).digest == definition.digest


def test_every_published_lead_has_its_story():
    """None of them may be forgotten because it was hard."""
    told = {path.stem: {story.number for story in stories} - {None} for path, stories in STORIES.items()}

    assert told == LEADS


def test_what_was_published_of_a_lead_stands_beside_its_number():
    """One without the other can't be found on the page."""
    assert all((story.number is None) == (story.published is None) for story in ALL)


@pytest.mark.parametrize(
    ("part", "wrong"),
    [("stage", "sql"), ("scores", {"fit": 44}), ("scores", {"fit": [10, 45]}), ("missing", ["company"])],
)
def test_a_story_that_expects_something_else_fails(part, wrong, definitions):
    """A test that can't fail tells nothing."""
    [story] = [each for each in STORIES[MODELS / "hubspot-fit-and-engagement.toml"] if each.number == 1]
    outcome = replace(story, expect={part: wrong}).outcome(definitions[definition_of(story)])

    assert [each.part for each in outcome.differences] == [part]


@EACH
def test_every_engine_decides_it_alike(story, definitions):
    """Published models use the language in ways that nobody generates."""
    model, leads, as_of = definitions[definition_of(story)].model, [story.lead], story.as_of
    decided = [[comparable(result) for result in engine(model, leads, as_of)] for engine in ENGINES]

    assert all(each == decided[0] for each in decided)


@EACH
def test_every_verdict_can_be_told_and_kept(story, definitions):
    """The account, in all its formats, is what people see of a model; its JSON tells the same."""
    verdict = definitions[definition_of(story)].qualify(story.lead, as_of=story.as_of)
    kept = qualify.Verdict.from_json(verdict.to_json(nearest=True))

    for form in ("text", "markdown", "html"):
        assert kept.explain(format=form, nearest=True) == verdict.explain(format=form, nearest=True)


def test_two_versions_of_a_score_differ_in_what_was_changed_alone(definitions):
    """Else a comparison of the two would show what nobody decided."""
    before, after = (definitions[MODELS / f"posthog-icp-{name}.toml"].model for name in ("before", "after"))

    def parts(model):
        return {(kind, name): fact for kind in ("traits", "tiers", "scores", "stages", "fields", "lists")
                for name, fact in getattr(model, kind).items()}  # fmt: skip

    one, other = parts(before), parts(after)
    assert {key for key in one if one[key] != other[key]} == {
        ("tiers", "revenue"), ("traits", "right_age"), ("scores", "icp"),
    }  # fmt: skip


# --- the page that shows them ---

PAGE = ROOT / "docs" / "explanation" / "published-models.md"
_DRAWN = re.compile(r"<!-- drawn: (?P<model>[a-z-]+) -->\n(?P<table>.*?)<!-- end -->\n", re.DOTALL)
_ANSWERS = "| what could not be written | now | the line |\n"


def table(model: str, definitions: dict[Path, Definition]) -> str:
    """What was published of a model's leads, and what comes out, as the page shows it."""
    rows = ["| lead | as published | what comes out |", "|---|---|---|"]
    notes = []
    path = MODELS / f"{model}.toml"
    for story in STORIES[path]:
        if story.number is not None:
            verdict = story.outcome(definitions[path]).verdict
            rows.append(f"| {story.number} | {story.published} | {comes_out(story, verdict)} |")
            if story.differs is not None:
                notes += ["", f"Lead {story.number}: {story.differs}"]
    return "\n" + "\n".join(rows + notes) + "\n\n"


def comes_out(story: Story, verdict: Verdict) -> str:
    """What a verdict says of all that its story looks at."""
    expect = story.expect
    said = [f"{name} {in_words(came_out(verdict, 'scores', name))}" for name in expect.get("scores", {})]
    for name in expect.get("tiers", {}):
        case = came_out(verdict, "tiers", name)
        open_ = " or ".join(case) if len(case) == 2 else f"one of {len(case)} cases"
        said.append(f"{name} {case if isinstance(case, str) else open_}")
    stages = verdict.stages if "stage" in expect else expect.get("stages", {})
    said += [f"{name}: {verdict.stages[name].state.replace('_', ' ')}" for name in stages]
    if expect.get("missing"):
        said.append(f"missing: {', '.join(came_out(verdict, 'missing'))}")
    return "; ".join(said)


def in_words(points: object) -> str:
    """A number, or both ends."""
    return " to ".join(str(end) for end in points) if isinstance(points, list) else str(points)


@pytest.mark.parametrize("model", [model for model, leads in LEADS.items() if leads])
def test_the_page_shows_what_comes_out(model, definitions):
    """A table that somebody wrote by hand would be right for as long as nobody changed anything."""
    shown = {found["model"]: found["table"] for found in _DRAWN.finditer(PAGE.read_text(encoding="utf-8"))}

    assert shown.get(model) == table(model, definitions), table(model, definitions)


def test_every_line_that_the_page_quotes_stands_in_a_definition():
    """Who reads that it can be said should be able to say it."""
    text = PAGE.read_text(encoding="utf-8")
    own = [block.text for block in blocks(PAGE) if block.language == "toml"]
    said = "\n".join([*(path.read_text(encoding="utf-8") for path in FILES), *own])
    rows = [row for answers in text.split(_ANSWERS)[1:] for row in answers.split("\n\n")[0].splitlines()[1:]]
    quoted = [line for row in rows for line in re.findall(r"`([^`]+)`", row.split("|")[3])]

    assert len(rows) > 30
    assert len(quoted) > 25
    assert [line for line in quoted if line not in said] == []
