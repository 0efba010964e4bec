"""The published models come out as published: the stories beside the definitions in examples/models/ are asked."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import qualify
from qualify import Definition, Verdict
from qualify.vocabulary import STANDARD_ACTIVITIES, STANDARD_FIELDS
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
KEYS = {"title", "as_of", "fields", "activities", "expect", "lead", "published", "differs"}
EXPECTED = {"stage", "stages", "sides", "traits", "tiers", "scores", "missing", "handoff"}


@dataclass(frozen=True, slots=True)
class Story:
    """One lead at one moment, and what is expected of the definition that the story stands beside."""

    path: Path
    said: Mapping[str, Any]

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return f"{self.path.name.removesuffix('.stories.toml')}: {self.said['title']}"

    @property
    def definition(self) -> Path:
        """The definition that it is about."""
        return self.path.with_name(self.path.name.replace(".stories.toml", ".toml"))

    def lead(self) -> dict[str, Any]:
        """The lead: its fields, and what happened, where the story tells it."""
        if "activities" not in self.said:
            return dict(self.said["fields"])
        happened = [
            {key: value for key, value in activity.items() if key != "times"}
            for activity in self.said["activities"]
            for _ in range(activity.get("times", 1))
        ]
        return {**self.said["fields"], "activities": happened}


def stories() -> Iterator[Story]:
    """Every story, in the order of the files."""
    for path in sorted(MODELS.glob("*.stories.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        yield from (Story(path, said) for said in told["story"])


def outcomes(verdict: Verdict, expected: Mapping[str, Any]) -> dict[str, Any]:
    """What the verdict says of all that a story expects something of, in the words of stories."""
    said: dict[str, Any] = {}
    for part, of in expected.items():
        match part:
            case "stage":
                said[part] = verdict.stage or "none"
            case "stages":
                said[part] = {name: str(verdict.stages[name].state) for name in of}
            case "sides":
                said[part] = {
                    name: {team: str(answer) for team, answer in verdict.stages[name].sides.items()} for name in of
                }
            case "traits":
                said[part] = {name: str(verdict.traits[name].answer) for name in of}
            case "tiers":
                said[part] = {name: verdict.tiers[name].case or list(verdict.tiers[name].possible) for name in of}
            case "scores":
                said[part] = {name: bounds(verdict, name) for name in of}
            case "missing":
                said[part] = [missing.field for missing in verdict.missing]
            case "handoff":
                said[part] = verdict.handoff.team if verdict.handoff else "none"
            case _:
                raise AssertionError(f"a story can't expect {part!r}")
    return said


def bounds(verdict: Verdict, name: str) -> object:
    """A score as stories tell it: a number where it is settled, else its two ends, `none` where there is no score."""
    score = verdict.scores[name]
    if score.at_least is None and score.at_most is None:
        return "none"
    return score.at_least if score.at_least == score.at_most else [score.at_least, score.at_most]


@pytest.fixture(scope="module")
def definitions() -> dict[Path, Definition]:
    return {path: qualify.load(path) for path in FILES}


STORIES = list(stories())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_lead_comes_out_as_its_story_says(story, definitions):
    """A model that is carried over wrongly is worse than one that stays where it was."""
    verdict = definitions[story.definition].qualify(story.lead(), as_of=story.said["as_of"])

    assert outcomes(verdict, story.said["expect"]) == story.said["expect"], verdict.explain()


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
    told = {path.stem: set() for path in FILES}
    for story in STORIES:
        if "lead" in story.said:
            told[story.definition.stem].add(story.said["lead"])

    assert told == LEADS


def test_stories_keep_to_their_form():
    """A misspelled key would expect nothing, and pass."""
    for story in STORIES:
        assert {"title", "as_of", "fields", "expect"} <= set(story.said), story.id
        assert set(story.said) <= KEYS, story.id
        assert ("lead" in story.said) == ("published" in story.said), story.id
        assert story.said["expect"], story.id
        assert set(story.said["expect"]) <= EXPECTED, story.id
    assert len({story.id for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize(
    ("part", "wrong"),
    [("stage", "sql"), ("scores", {"fit": 44}), ("scores", {"fit": [10, 45]}), ("missing", ["company"])],
)
def test_a_story_that_expects_something_else_fails(part, wrong, definitions):
    """A test that can't fail tells nothing."""
    [story] = [story for story in STORIES if story.id.startswith("hubspot") and story.said.get("lead") == 1]
    verdict = definitions[story.definition].qualify(story.lead(), as_of=story.said["as_of"])

    assert outcomes(verdict, {part: wrong}) != {part: wrong}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_a_story_speaks_of_what_its_definition_knows(story, definitions):
    """What a definition doesn't know it ignores: a misspelled field would be unknown, and nobody would see it."""
    model = definitions[story.definition].model
    fields = {*STANDARD_FIELDS, *model.fields}
    activities = {*STANDARD_ACTIVITIES, *model.activities}

    assert set(story.said["fields"]) <= fields
    assert {each["type"] for each in story.said.get("activities", ())} <= activities


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_engine_decides_it_alike(story, definitions):
    """Published models use the language in ways that nobody generates."""
    model, leads, as_of = definitions[story.definition].model, [story.lead()], story.said["as_of"]
    decided = [[comparable(result) for result in engine(model, leads, as_of)] for engine in ENGINES]

    assert all(each == decided[0] for each in decided)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_verdict_can_be_told_and_kept(story, definitions):
    """The account, in all its formats, is what people see of a model; its JSON tells the same."""
    verdict = definitions[story.definition].qualify(story.lead(), as_of=story.said["as_of"])
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
    for story in STORIES:
        if story.definition.stem == model and "lead" in story.said:
            verdict = definitions[story.definition].qualify(story.lead(), as_of=story.said["as_of"])
            rows.append(f"| {story.said['lead']} | {story.said['published']} | {comes_out(story, verdict)} |")
            if "differs" in story.said:
                notes += ["", f"Lead {story.said['lead']}: {story.said['differs']}"]
    return "\n" + "\n".join(rows + notes) + "\n\n"


def comes_out(story: Story, verdict: Verdict) -> str:
    """What a verdict says of all that its story looks at."""
    expect = story.said["expect"]
    stages = tuple(verdict.stages) if "stage" in expect else tuple(expect.get("stages", ()))
    found = outcomes(verdict, {**expect, "stages": stages})
    said = [f"{name} {in_words(points)}" for name, points in found.get("scores", {}).items()]
    for name, case in found.get("tiers", {}).items():
        open_ = " or ".join(case) if len(case) == 2 else f"one of {len(case)} cases"
        said.append(f"{name} {case if isinstance(case, str) else open_}")
    said += [f"{name}: {state.replace('_', ' ')}" for name, state in found["stages"].items()]
    if found.get("missing"):
        said.append(f"missing: {', '.join(found['missing'])}")
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
