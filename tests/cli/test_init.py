"""`init` writes a definition to begin with, and says what to type next."""

import json
import shlex

import pytest

from qualify.starting import start
from tests.cli.command import apart, qualify, same_as_printed

EXPORT = "Id;Job Title;Employees;Do Not Email;Renewal;Converted\n" + "".join(
    f"{n};{title};{size};{'Yes' if n % 7 == 0 else 'No'};0{n % 9 + 1}/0{n % 5 + 1}/2026;{n % 2}\n"
    for n, (title, size) in enumerate([("Owner", 120), ("Head of Sales", 700), ("Intern", 12), ("n/a", "")] * 5)
)


def follow(done, folder):
    """Type what the command said to type next; gives how each command ended."""
    words = [shlex.split(line) for line in done.out.split("\nnext\n")[1].splitlines()]
    return [qualify(*line[1:], folder=folder) for line in words]


def test_the_starter_is_written_and_answers_at_once(tmp_path):
    """Three commands from nothing to a first verdict."""
    done = qualify("init", folder=tmp_path)
    check, run = follow(done, tmp_path)

    assert (done.code, done.err) == (0, "")
    same_as_printed("init", done.out)
    assert (check.code, run.code, run.err) == (0, 0, "")
    assert check.out.startswith("Leads 1: no faults\n")
    assert "\n5 leads as of " in run.out


@pytest.mark.parametrize("columns", [80, 120])
def test_a_drawn_definition_shows_what_was_guessed_and_what_to_look_at(tmp_path, columns):
    """Whoever reads only the screen has to see where we were not sure."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")

    done = qualify("init", "our leads", "--from", "export.csv", folder=tmp_path, columns=columns)
    check, run = follow(done, tmp_path)

    assert (done.code, done.err) == (0, "")
    same_as_printed(f"init-from-{columns}", done.out)
    assert (check.code, run.code) == (0, 0)
    assert "warning" not in check.out
    assert "\n20 leads as of " in run.out


def test_every_guess_says_what_it_rests_on(tmp_path):
    """The picture of a mapping that was drawn."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")

    qualify("init", "leads", "--from", "export.csv", folder=tmp_path)

    same_as_printed("init-mapping", (tmp_path / "leads" / "export.mapping.toml").read_text(encoding="utf-8"))


def test_a_second_time_is_an_error_that_names_the_file(tmp_path):
    """And says what to do."""
    qualify("init", folder=tmp_path)

    done = qualify("init", folder=tmp_path)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("qualify: leads/definition.toml is there already, and nothing was written: say another")


def test_what_can_t_be_read_is_an_error_and_leaves_nothing(tmp_path):
    """A wrong name for a file is typed every day."""
    done = qualify("init", "leads", "--from", "nowhere.csv", folder=tmp_path)

    assert (done.code, done.out, done.err) == (1, "", "qualify: nowhere.csv: no such file\n")
    assert list(tmp_path.iterdir()) == []


def test_json_is_what_python_returns(tmp_path):
    """What a command prints, a call gives."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")

    done = qualify("init", tmp_path / "a", "--from", tmp_path / "export.csv", "--json", folder=tmp_path)

    called = start(tmp_path / "b", tmp_path / "export.csv").to_dict()
    assert done.code == 0
    assert json.loads(done.out.replace(str(tmp_path / "a"), str(tmp_path / "b"))) == called


def test_standard_input_is_read(tmp_path):
    """Another program may write the export."""
    done = apart("init", "leads", "--from", "-", folder=tmp_path, given=EXPORT.encode())

    assert done.code == 0
    assert "  qualify run leads - --mapping leads/leads.mapping.toml\n" in done.out


def test_the_help_fits_the_smallest_window():
    """It is read before anything is written."""
    done = qualify("init", "--help", columns=200)

    assert max(map(len, done.out.splitlines())) <= 80
    same_as_printed("help-init", done.out)
