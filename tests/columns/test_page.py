"""The page about engines: its table is what the tests of agreement know."""

import os

from tests.pages import ROOT
from tools.engine_table import with_table

PAGE = ROOT / "docs" / "explanation" / "one-definition-on-every-engine.md"


def test_the_page_lists_what_the_tests_know():
    """A difference that only the tests know surprises the next user. UPDATE=1 draws the table anew."""
    written = PAGE.read_text(encoding="utf-8")
    drawn = with_table(written)
    if os.environ.get("UPDATE"):
        PAGE.write_text(drawn, encoding="utf-8")

    assert os.environ.get("UPDATE") or written == drawn
