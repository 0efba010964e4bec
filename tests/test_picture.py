"""The picture of a verdict in the README is a real verdict's, and needs nothing but itself."""

import xml.etree.ElementTree as ElementTree

import pytest

from tests.pages import ROOT
from tools.picture import COMMAND, PICTURE, picture, printed

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def account():
    return printed()


def letters(text):
    """A text without its blanks, which a picture draws as places."""
    return "".join(text.split())


def drawn(svg):
    """Every letter of a picture, in order."""
    return letters("".join(text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")))


def test_it_shows_what_the_command_prints_today(account):
    """A picture is believed, and nobody notices when it is last year's: `python tools/picture.py` draws it anew."""
    assert PICTURE.read_text(encoding="utf-8") == picture(account)


def test_no_letter_of_the_account_is_lost_in_drawing_it(account):
    """A missing "not" would make it another verdict."""
    assert drawn(picture(account)) == letters(f"${COMMAND}{account}")


def test_it_loads_nothing_from_anywhere():
    """Whoever reads the README tells nobody so; and the picture is whole without a network."""
    svg = PICTURE.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert not [word for word in ("http", "//", "url(", "@import", "href", "<script", "<style") if word in svg]


def test_what_an_account_holds_is_text_and_not_svg():
    """A lead named <script> must not run in the README."""
    hostile = 'x <script>alert("&amp;")</script>'

    assert drawn(picture(hostile)).endswith(letters(hostile))


def test_it_says_in_words_what_it_shows():
    """Not everybody sees pictures."""
    root = ElementTree.fromstring(PICTURE.read_text(encoding="utf-8"))
    title = root.find(f"{SVG}title")

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == title.get("id")
    assert "qualify explain" in title.text


def test_the_readme_shows_it():
    """Else it is drawn for nobody."""
    assert f"]({PICTURE.relative_to(ROOT).as_posix()})" in (ROOT / "README.md").read_text(encoding="utf-8")
