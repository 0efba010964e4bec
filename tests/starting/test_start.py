"""A definition to begin with: whole, never over another, and good as it is."""

import io

import pytest

import qualify
from qualify.errors import AdapterError, QualifyError
from qualify.run import run_leads
from qualify.starting import start
from tests.starting.files import csv_text, lines_of

PEOPLE = csv_text(["Id", "E-mail", "Do Not Email"], [["1", "ada@mill.example", "No"], ["2", "", "Yes"]])


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_the_starter_has_no_findings_and_judges_its_own_leads(tmp_path):
    """The first thing that somebody sees of us has to work."""
    started = start(tmp_path / "leads")

    definition = qualify.load(tmp_path / "leads")
    with run_leads(definition, started.leads) as run:
        stages = [each.verdict.stage for each in run.judged()]
        notes, funnel = run.notes, run.funnel

    assert definition.check() == ()
    assert stages == ["sql", "mql", None, None, None]
    assert (notes, funnel.rejected, funnel.stages["mql"].disqualified) == ((), 0, 2)


def test_the_starter_shows_what_a_definition_can_say(tmp_path):
    """It is a tour: whoever deletes half of it keeps the other half right."""
    start(tmp_path)

    model = qualify.load(tmp_path).model

    assert list(model.teams) == ["marketing", "sales"]
    assert {trait.team for trait in model.traits.values()} == {"marketing", "sales"}
    assert all(
        (model.tiers, model.scores, model.lists, model.stages["sql"].handoff, model.stages["mql"].disqualified_by)
    )
    assert any(field.ask for field in model.fields.values())


@pytest.mark.parametrize("from_", [None, "people.csv"])
@pytest.mark.parametrize("there", ["definition.toml", "sales.toml", "{stem}"])
def test_nothing_is_overwritten_and_nothing_half_written(tmp_path, from_, there):
    """What somebody wrote is worth more than anything that we could write."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    folder = tmp_path / "leads"
    folder.mkdir()
    there = there.format(stem="people.mapping.toml" if from_ else "leads.csv")
    (folder / there).write_text("mine", encoding="utf-8")

    with pytest.raises(QualifyError, match=rf"{there} is there already, .*: say another folder") as caught:
        start(folder, from_ and tmp_path / from_)

    assert caught.value.code == "already-there"
    assert names(folder) == [there]
    assert (folder / there).read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_toml_files_is_no_place_for_a_definition(tmp_path):
    """Every *.toml of a definition's folder is a part of it, a project's own settings too."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")

    with pytest.raises(QualifyError, match=r"pyproject\.toml is there, and would be read as a part"):
        start(tmp_path)

    assert names(tmp_path) == ["pyproject.toml"]


def test_a_file_is_no_folder(tmp_path):
    """Neither is what lies below one."""
    (tmp_path / "leads").write_text("", encoding="utf-8")

    for folder in (tmp_path / "leads", tmp_path / "leads" / "below"):
        with pytest.raises(QualifyError):
            start(folder)

    assert names(tmp_path) == ["leads"]


def test_folders_on_the_way_are_made(tmp_path):
    """Nobody should have to type mkdir first."""
    started = start(tmp_path / "crm" / "leads")

    assert names(tmp_path / "crm" / "leads") == ["definition.toml", "leads.csv", "marketing.toml", "sales.toml"]
    assert len(started.files) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("Email,Name,Email\na,b,c\n", "more than one column is called 'Email'"),
        ("Ann,ann@x.example\nBen,ben@x.example\n", "its first row looks like a lead"),
        ("Ann,+49 221 12345\nBen,0221-123456\n", "its first row looks like a lead"),
        ("Converted,Closed Won\n1,0\n", "none of its columns can be a field"),
    ],
)
def test_what_no_definition_can_be_drawn_from_is_said_and_nothing_is_written(tmp_path, text, said):
    """A folder with half a definition is worse than none."""
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")

    with pytest.raises(QualifyError, match=said) as caught:
        start(tmp_path / "leads", tmp_path / "x.csv")

    assert "ann@" not in str(caught.value)
    assert "221" not in str(caught.value)
    assert names(tmp_path) == ["x.csv"]


def test_a_source_that_isn_t_there_is_said(tmp_path):
    """The adapter knows why."""
    with pytest.raises(AdapterError, match="no such file"):
        start(tmp_path / "leads", tmp_path / "nowhere.csv")

    assert names(tmp_path) == []


def test_a_stream_is_drawn_from_too(tmp_path):
    """Another program's output need not be a file first."""
    started = start(tmp_path / "leads", io.BytesIO(PEOPLE.encode()))

    assert started.leads is None
    assert started.mapping == str(tmp_path / "leads" / "leads.mapping.toml")
    assert started.next[1][3] == "-"


def test_records_with_tables_in_them_are_read_by_their_paths(tmp_path):
    """A CRM's records say `properties.email`, and mean an e-mail address."""
    records = [{"vid": n, "properties": {"email": f"u{n}@x.example", "createdate": 17 * 10**11 + n}} for n in range(9)]

    started = start(tmp_path / "leads", lines_of(records))

    definition = qualify.load(tmp_path / "leads")
    mapping = qualify.load_mapping(started.mapping, definition)
    lead = mapping.lead(records[3])
    assert (lead.id, lead.email, lead.created_at.year) == ("3", "u3@x.example", 2023)


def test_a_header_alone_is_enough(tmp_path):
    """Whoever has no leads yet has the columns of their form."""
    (tmp_path / "x.csv").write_text("Id,Job Title,Created,Colour\n", encoding="utf-8")

    started = start(tmp_path / "leads", tmp_path / "x.csv")

    assert [(each.field, each.type) for each in started.guesses] == [
        ("id", "text"), ("job_title", "text"), ("created_at", "datetime"), ("colour", "text"),
    ]  # fmt: skip
    assert qualify.load(tmp_path / "leads").check() == ()


def test_what_was_done_is_data(tmp_path):
    """A program that calls us shows it its own way."""
    (tmp_path / "x.csv").write_text(PEOPLE, encoding="utf-8")

    said = start(tmp_path / "leads", tmp_path / "x.csv").to_dict()

    assert (said["rows"], said["whole"], said["bad_rows"]) == (2, True, 0)
    assert said["guesses"][2] == {
        "column": "Do Not Email",
        "field": "opted_out",
        "type": "boolean",
        "standard": True,
        "evidence": "named as the standard field opted_out; 2 of 2 read as yes or no",
        "choices": [],
        "placeholders": [],
        "doubt": None,
    }
