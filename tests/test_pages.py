"""The harness that holds our pages to their word must itself be able to fail."""

from pathlib import Path

import pytest

from tests.pages import blocks, commands, follow, makes_files, run_console, run_doctests, same_output, skip_if_not_run


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_blocks_are_found_with_their_language_and_line(tmp_path):
    """A failing block must be found by the person who reads the report."""
    found = list(blocks(page(tmp_path, "Words.\n\n```python\n>>> 1\n1\n```\n\n~~~toml\na = 1\n~~~\n")))

    assert [(block.language, block.line, block.text) for block in found] == [
        ("python", 3, ">>> 1\n1\n"),
        ("toml", 8, "a = 1\n"),
    ]


def test_a_block_that_is_never_closed_is_an_error(tmp_path):
    """The rest of the page would be read as code, and nothing in it would be checked."""
    with pytest.raises(ValueError, match="never closed"):
        list(blocks(page(tmp_path, "```python\n>>> 1\n")))


def test_a_wrong_output_fails_the_page(tmp_path):
    """What a page shows is a promise."""
    with pytest.raises(AssertionError, match="Expected"):
        run_doctests(page(tmp_path, "```python\n>>> 1 + 1\n3\n```\n"))


def test_a_page_is_one_session(tmp_path):
    """A reader copies a page from top to bottom."""
    result = run_doctests(page(tmp_path, "```python\n>>> a = 1\n```\nand\n```python\n>>> a + 1\n2\n```\n"))

    assert result.attempted == 2


def test_opting_out_is_counted_as_a_skip(tmp_path):
    """What isn't run must show in the summary of every run, with its reason."""
    [block] = blocks(page(tmp_path, "<!-- not run: needs a CRM -->\n```console\n$ qualify sync\n```\n"))

    with pytest.raises(pytest.skip.Exception, match="needs a CRM"):
        skip_if_not_run(block)


def test_opting_out_without_a_reason_fails(tmp_path):
    """Else the way out becomes the way."""
    [block] = blocks(page(tmp_path, "<!-- not run: -->\n```console\n$ qualify sync\n```\n"))

    with pytest.raises(AssertionError, match="needs a reason"):
        skip_if_not_run(block)


def test_commands_come_with_the_output_below_them(tmp_path):
    """A console block reads like a terminal."""
    [block] = blocks(page(tmp_path, "```console\n$ qualify check \\\n    a.toml\nfine\n$ echo $?\n0\n```\n"))

    assert commands(block) == [("qualify check a.toml", "fine"), ("echo $?", "0")]


def test_a_command_that_is_not_ours_is_not_passed_over(tmp_path):
    """A block that can't be run has to say so on the page."""
    [block] = blocks(page(tmp_path, "```console\n$ pip install qualify\n```\n"))

    with pytest.raises(AssertionError, match="opt the block out"):
        run_console(block, tmp_path)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a  \nb\n", True),
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("a\n...", "a\n", True),
        ("a\nb", "a\nc\n", False),
        ("a", "a\nb\n", False),
        ("a\n...\nd", "a\nb\n", False),
    ],
)
def test_output_is_compared_line_by_line(shown, printed, same):
    """Only a line of three dots may stand for something else."""
    assert same_output(shown, printed) is same


FROM_NOTHING = """\
<!-- file: ours.toml -->
```toml
format = 1
name = "Ours"
version = "1"
teams.sales = "Sales"

[stages.sql]
requires.sales = "big"
```

<!-- into: ours.toml -->
```toml
[traits.big]
team = "sales"
when = "employees >= 50"
why = "They call back."
```

```console
$ qualify check ours.toml
Ours 1: no faults
...
```

```python
>>> import qualify
>>> print(qualify.load("ours.toml").qualify({"employees": 60}).stage)
sql
```
"""


def test_a_page_that_makes_files_is_followed_from_top_to_bottom(tmp_path):
    """A tutorial is one long chain, and breaks at the link that nobody tried."""
    (tmp_path / "folder").mkdir()
    made = page(tmp_path, FROM_NOTHING)

    follow(made, tmp_path / "folder")

    assert makes_files(made)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["ours.toml"]


@pytest.mark.parametrize(
    ("right", "wrong"), [("no faults", "no doubts"), ("\nsql\n", "\nmql\n"), ("into: ours", "into: theirs")]
)
def test_a_wrong_step_fails_the_page(tmp_path, right, wrong):
    """Whichever kind of block it is."""
    (tmp_path / "folder").mkdir()

    with pytest.raises((AssertionError, OSError)):
        follow(page(tmp_path, FROM_NOTHING.replace(right, wrong)), tmp_path / "folder")


@pytest.mark.parametrize(
    ("name", "before", "block", "after"),
    [
        ("a.toml", "[a]\nx = 1\ny = 2\n\n[b]\n", "[a]\nx = 3\n", "[a]\nx = 3\n\n[b]\n"),
        ("a.toml", "[a]\nx = 1\n", "[b]\ny = 2\n", "[a]\nx = 1\n\n[b]\ny = 2\n"),
        ("a.toml", "# why\n[a]\nx = 1\n", "[a]\nx = 2\n", "# why\n[a]\nx = 2\n"),
        ("a.csv", "id,n\n1,x\n10,y\n", "1,z\n", "id,n\n1,z\n10,y\n"),
        ("a.csv", "id,n\n1,x\n", "2,z\n", "id,n\n1,x\n2,z\n"),
    ],
)
def test_a_changed_part_takes_the_place_of_the_one_that_begins_alike(tmp_path, name, before, block, after):
    """As a reader does who is told to change these lines; what is new goes to the end."""
    (tmp_path / name).write_text(before, encoding="utf-8")

    follow(page(tmp_path, f"<!-- into: {name} -->\n```text\n{block}```\n"), tmp_path)

    assert (tmp_path / name).read_text(encoding="utf-8") == after


def test_a_shown_part_of_a_file_must_stand_there(tmp_path):
    """Else the reader looks for lines that aren't there."""
    (tmp_path / "a.toml").write_text("x = 1\ny = 2\nz = 3\n", encoding="utf-8")
    shown = "<!-- part of: a.toml -->\n```toml\n{}\n```\n"

    follow(page(tmp_path, shown.format("x = 1\n...\nz = 3")), tmp_path)
    with pytest.raises(AssertionError, match="no such lines"):
        follow(page(tmp_path, shown.format("x = 1\nz = 3")), tmp_path)
