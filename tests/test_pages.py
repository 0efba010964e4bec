"""The harness that holds our pages to their word must itself be able to fail."""

from pathlib import Path

import pytest

from tests.pages import blocks, commands, run_console, run_doctests, same_output, skip_if_not_run


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
