"""Every block of the docs runs, and what it shows is what it gives."""

import shutil

import pytest

from tests.pages import (
    EXAMPLES,
    ROOT,
    blocks,
    check_syntax,
    follow,
    makes_files,
    pages,
    run_console,
    run_doctests,
    skip_if_not_run,
)

DOCS = [page for page in pages() if page.name != "README.md" or page.parent != ROOT]
EVERY_BLOCK = [block for page in pages() for block in blocks(page) if not block.language.startswith("{")]
FROM_NOTHING = [page for page in DOCS if makes_files(page)]
DOCTEST_PAGES = [
    page for page in DOCS if page not in FROM_NOTHING and any(">>>" in block.text for block in blocks(page))
]
CONSOLE = [block for block in EVERY_BLOCK if block.language == "console" and block.page not in FROM_NOTHING]
OTHERS = [block for block in EVERY_BLOCK if block.language != "console" and ">>>" not in block.text]


@pytest.fixture
def examples(tmp_path):
    """A copy of examples/ to run commands in, so that no page can change what the next one sees."""
    return shutil.copytree(EXAMPLES, tmp_path / "examples")


@pytest.mark.parametrize("page", DOCTEST_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_sessions_show_what_python_answers(page):
    """The reader must be able to copy us and see us work."""
    assert run_doctests(page).attempted or all(block.not_run for block in blocks(page) if ">>>" in block.text)


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.place)
def test_commands_print_what_the_page_shows(block, examples):
    """A page with yesterday's output teaches something that isn't so."""
    skip_if_not_run(block)

    run_console(block, examples)


@pytest.mark.parametrize("page", FROM_NOTHING, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_that_makes_files_can_be_followed_in_an_empty_folder(page, tmp_path):
    """Whoever has nothing yet needs a page on which no step is missing."""
    follow(page, tmp_path)


@pytest.mark.parametrize("block", OTHERS, ids=lambda block: block.place)
def test_other_blocks_are_well_formed(block):
    """A definition on a page must at least be TOML; what only looks like Python is no help."""
    skip_if_not_run(block)

    check_syntax(block)


@pytest.mark.parametrize("block", EVERY_BLOCK, ids=lambda block: block.place)
def test_every_block_says_what_it_is(block):
    """A block without a language is checked by nobody."""
    assert block.language, f"{block.place}: name the block's language (`text` where it has none)"
    assert block.language in {"console", "json", "python", "sh", "text", "toml", "yaml"}


def test_the_page_for_marketing_and_sales_has_no_python_on_it():
    """Whoever decides what a good lead is need not read a program to do so."""
    page = ROOT / "docs" / "how-to" / "for-marketing-and-sales.md"

    assert {block.language for block in blocks(page)} == {"toml", "console"}
    assert "Python" not in page.read_text(encoding="utf-8")


def test_the_docs_are_in_four_kinds():
    """One page, one kind: a reader who wants a fact shouldn't have to read a story."""
    kinds = {"tutorial", "how-to", "reference", "explanation"}
    docs = [page.relative_to(ROOT / "docs") for page in pages() if page.is_relative_to(ROOT / "docs")]

    assert not [page for page in docs if page.parts[0] not in kinds | {"index.md"}]
