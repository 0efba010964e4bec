"""A definition written down is the same definition: as TOML, as JSON, as Python, and by its digest."""

import json
from dataclasses import replace
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given

import qualify
from qualify.definition.files import define_model, loads_model
from qualify.definition.schema import file_schema, lead_schema
from qualify.definition.toml import toml_of
from qualify.definition.write import data_of, digest_of, json_of
from tests.pages import EXAMPLES
from tests.strategies import cases, models

FILE = jsonschema.Draft202012Validator(file_schema())

SMALL = """
format = 1
name = "Small"
version = "1"
teams = { marketing = "Marketing", sales = "Sales" }

[lists.rivals]
team = "sales"
values = ["rival.com", "Other.com"]

[traits.large] # they need us
team = "sales"
when = 'employees >= 50'
why = "They need us."

[traits.rival]
team = "sales"
when = 'email_domain in rivals'
why = "They read our prices."

[tiers.size]
team = "sales"
cases.small = 'employees <= 50'
cases.big = 'otherwise'

[scores.fit]
points.large = 20

[stages.mql]
requires.marketing = "fit >= 20"

[stages.sql]
requires.sales = "large"
"""


@given(model=models())
def test_toml_says_the_same(model):
    """What Python builds can be committed, reviewed and loaded again."""
    again = loads_model(toml_of(model))[0]

    assert again == model
    assert digest_of(again) == digest_of(model)


@given(model=models())
def test_json_says_the_same(model):
    """A program that can't write TOML sends JSON, and nothing of the order is lost."""
    again = loads_model(json_of(model), "json")[0]

    assert again == model
    assert list(again.stages) == list(model.stages)


@given(model=models())
def test_python_says_the_same(model):
    """The same shape in Python."""
    data = data_of(model)

    assert define_model(data)[0] == model


@given(model=models())
def test_the_files_schema_accepts_every_definition(model):
    """An editor must not underline what is right."""
    FILE.validate(json.loads(json_of(model)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"format": 1', '"format": 2'),
        ('"teams"', '"team"'),
        ('"team": "sales"', '"team": "Sales"'),
        ('"when": "employees >= 50"', '"when": ""'),
        ('"why": "They need us."', '"because": "They need us."'),
        ('"large": 20', '"large": "20"'),
        ('"name": "mql"', '"title": "mql"'),
    ],
)
def test_the_files_schema_refuses_what_has_another_shape(right, wrong):
    """An editor underlines it while it is typed."""
    text = qualify.loads(SMALL).to_json()
    assert right in text

    assert not FILE.is_valid(json.loads(text.replace(right, wrong)))


@given(case=cases())
def test_the_leads_schema_accepts_what_a_definition_accepts(case):
    """A form's backend that checks against it must not turn a good lead away."""
    lead = json.loads(json.dumps(case.lead, default=_as_json), parse_constant=lambda _: None)  # JSON has no NaN
    definition = qualify.Definition(case.model)
    try:
        definition.qualify(lead)
    except qualify.QualifyError:
        return

    jsonschema.validate(lead, lead_schema(case.model))


def _as_json(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else list(value)


class TestDigest:
    """What was agreed is in it, and nothing of how it is spelt or where it stands."""

    def digest(self, text):
        return qualify.loads(text).digest

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (" # they need us", ""),
            ("'employees >= 50'", "'employees>=50.0'"),
            ("'employees >= 50'", "'(employees >= 5_0)'"),
            (
                "team = \"sales\"\nwhen = 'employees >= 50'",
                'when = \'employees >= 50\'\nteam = "sales"\nstatus = "adopted"',
            ),
            ('values = ["rival.com", "Other.com"]', 'values = ["other.com", "RIVAL.com ", "rival.com"]'),
            ("points.large = 20", "points.large = { yes = 20.0, no = 0 }"),
            ("[stages.sql]\n", '[stages.sql]\nafter = ["mql"]\n'),
            ('sales = "Sales"', 'sales = { title = "Sales" }'),
            ('version = "1"', 'version = "1"\ntimezone = "UTC"'),
        ],
    )
    def test_spelling_is_not_in_it(self, before, after):
        assert before in SMALL

        assert self.digest(SMALL.replace(before, after)) == self.digest(SMALL)

    def test_the_order_of_facts_is_not_in_it(self):
        one, other = SMALL.index("[traits.large]"), SMALL.index("[traits.rival]")
        end = SMALL.index("[tiers.size]")

        swapped = SMALL[:one] + SMALL[other:end] + SMALL[one:other] + SMALL[end:]

        assert self.digest(swapped) == self.digest(SMALL)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("They need us.", "They need us!"),
            ("employees >= 50", "employees > 50"),
            ('"rival.com", ', ""),
            ("points.large = 20", "points.large = 21"),
            ('version = "1"', 'version = "2"'),
            ('name = "Small"', 'name = "Smaller"'),
            ('sales = "Sales"', 'sales = "Selling"'),
            ("why = \"They need us.\"", "why = \"They need us.\"\ntitle = \"Large\""),
            ("[stages.sql]\n", "[stages.sql]\nafter = []\n"),
            ('why = "They read our prices."', 'why = "They read our prices."\nwhen_unknown = "no"'),
            ("cases.small = 'employees <= 50'", "cases.tiny = 'employees <= 5'\ncases.small = 'employees <= 50'"),
        ],
    )  # fmt: skip
    def test_whatever_was_agreed_is_in_it(self, before, after):
        assert before in SMALL

        assert self.digest(SMALL.replace(before, after)) != self.digest(SMALL)

    def test_an_approval_of_another_digest_is_told(self):
        """A definition that was changed after a side approved says so; the approval itself is not in the digest."""
        digest = self.digest(SMALL)
        approval = f'[approvals.sales]\ndigest = "{digest}"\nby = "Kim"\non = 2026-11-20\n'

        fresh = qualify.loads(SMALL + approval)
        stale = qualify.loads(SMALL.replace(">= 50", ">= 60") + approval)

        assert fresh.digest == digest
        assert fresh.check() == ()
        assert [finding.code for finding in stale.check()] == ["approval-outdated"]


class TestSave:
    @pytest.fixture
    def folder(self, tmp_path):
        for file in (EXAMPLES / "print-shop").glob("*.t*"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        return tmp_path

    @pytest.mark.parametrize("name", ["new.toml", "new.json", "new"])
    @given(model=models())
    def test_a_new_file_says_the_same(self, tmp_path_factory, model, name):
        place = tmp_path_factory.mktemp("saved") / name

        qualify.Definition(model).save(place)

        assert qualify.load(place).model == model

    @given(before=models(), after=models())
    def test_whatever_stood_there_the_file_says_what_was_saved(self, tmp_path_factory, before, after):
        place = tmp_path_factory.mktemp("saved") / "definition.toml"
        qualify.Definition(before).save(place)

        qualify.Definition(after).save(place)

        assert qualify.load(place).model == after

    def test_what_did_not_change_is_not_touched(self, folder):
        before = {file.name: file.read_bytes() for file in folder.iterdir()}

        qualify.load(folder).save(folder)

        assert {file.name: file.read_bytes() for file in folder.iterdir()} == before

    def test_comments_stay(self, folder):
        """A library that eats the comments is never let near the file again."""
        model = qualify.load(folder).model
        before = (folder / "marketing.toml").read_text(encoding="utf-8")
        trait = replace(model.traits["serves_print"], why="Changed.")

        qualify.Definition(replace(model, traits={**model.traits, "serves_print": trait})).save(folder)

        after = (folder / "marketing.toml").read_text(encoding="utf-8")
        changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
        assert [b for _, b in changed] == ['why = "Changed."']

    def test_a_new_fact_gets_a_block_of_its_own(self, folder):
        model = qualify.load(folder).model
        trait = replace(model.traits["serves_print"], why="New.")

        qualify.Definition(replace(model, traits={**model.traits, "brand_new": trait})).save(folder)

        assert "\n\n[traits.brand_new]\n" in (folder / "definition.toml").read_text(encoding="utf-8")

    def test_windows_line_ends_stay(self, tmp_path):
        place = tmp_path / "definition.toml"
        place.write_bytes(SMALL.replace("\n", "\r\n").encode())
        model = qualify.load(place).model

        qualify.Definition(replace(model, version="2")).save(place)

        assert place.read_bytes().count(b"\n") == place.read_bytes().count(b"\r\n") > 0

    def test_a_list_file_keeps_its_comments(self, folder):
        (folder / "competitors.txt").write_text("# who they are\npressflow.example\n\nold.example\n", encoding="utf-8")
        model = qualify.load(folder).model
        listed = replace(model.lists["competitors"], values=("pressflow.example", "new.example"))

        qualify.Definition(replace(model, lists={"competitors": listed})).save(folder)

        assert (folder / "competitors.txt").read_text(
            encoding="utf-8"
        ) == "# who they are\npressflow.example\n\nnew.example\n"

    def test_a_file_with_faults_is_not_overwritten(self, tmp_path):
        """What is meant there would be lost."""
        place = tmp_path / "definition.toml"
        place.write_text("format = 1\nnam = 'x'\n", encoding="utf-8")

        with pytest.raises(qualify.QualifyError, match="faults"):
            qualify.loads(SMALL).save(place)

        assert place.read_text(encoding="utf-8") == "format = 1\nnam = 'x'\n"
        assert [file.name for file in tmp_path.iterdir()] == ["definition.toml"]

    def test_a_folder_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(qualify.QualifyError, match="no folder"):
            qualify.loads(SMALL).save(tmp_path / "none" / "definition.toml")
