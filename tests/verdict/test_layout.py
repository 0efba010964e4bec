"""The three forms of an account: whatever a lead's fields hold is shown as it is, and does nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import qualify

DEFINITION = qualify.define(
    name="Small",
    teams={"sales": "Sales & <i>Co</i>"},
    traits={"printer": {"team": "sales", "when": 'industry == "Printing"', "why": "We *print*."}},
    stages={"sql": {"requires": {"sales": "printer"}}},
)
HARMFUL = [
    "<script>alert(1)</script>", "&lt;b&gt;", "[click](javascript:x)", "![x](y)", "**bold** _it_ `code`", "a | b", "# h",
    "\\<b>", "~~gone~~", "\x1b[31mred", "two\nlines", "‮right", '"><img src=x onerror=y>',
]  # fmt: skip


class Tags(HTMLParser):
    """The tags of a text, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


OURS = {"section", "p", "strong", "table", "tr", "th", "td", "ul", "li", "br", "small", "em"}


@pytest.mark.parametrize("value", HARMFUL)
def test_a_field_can_write_no_markup(value):
    verdict = DEFINITION.qualify({"id": value, "industry": value})

    markdown = Tags(MarkdownIt("commonmark").enable("table").render(verdict.explain(format="markdown")))
    html = Tags(verdict.explain(format="html"))

    assert html.tags <= OURS
    assert markdown.tags <= {"p", "strong", "ul", "li", "em"}
    shown = value.replace("\x1b", "\\u001b").replace("\n", " ").replace("‮", "\\u202e")
    assert shown in html.words
    assert shown in markdown.words


@given(value=st.text(max_size=80))
def test_no_control_code_comes_through(value):
    for form in ("text", "markdown", "html"):
        told = DEFINITION.qualify({"id": "7", "industry": value}).explain(format=form)
        assert not [char for char in told if (ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160]


@given(lead_id=st.text(min_size=1, max_size=20))
def test_no_control_code_of_an_id_comes_into_a_log(lead_id):
    """Whoever names a lead writes no second line into a log, and no colours into a terminal."""
    with pytest.raises(qualify.QualifyError) as why:
        DEFINITION.qualify({"id": lead_id, "industry": 3})

    for said in (repr(DEFINITION.qualify({"id": lead_id, "industry": "x"})), str(why.value)):
        assert not [char for char in said if ord(char) < 32 or 127 <= ord(char) < 160]
