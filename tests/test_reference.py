"""Pages that are drawn from the code say what the code says."""

import pytest

from tools.reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_drawn_page_is_up_to_date(name):
    """A key that the page doesn't know is a key that nobody uses. (`python -m tools.reference` writes the pages.)"""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()
