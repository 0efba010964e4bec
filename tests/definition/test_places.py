"""Where things stand in a source: compared with tomllib and json, which know what, not where."""

import json
import time
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import example, given
from hypothesis import strategies as st

from qualify.definition.places import Path, Place, Places, json_places, toml_places

# --- readers of the answers ---


def paths_of(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of what tomllib or json reads."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for part, child in children:
        yield (*path, part)
        yield from paths_of(child, (*path, part))


def at(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree[part]
    return tree


def text_at(places: Places, place: Place | None) -> str:
    """The characters that a place shows."""
    assert place is not None
    return places.lines[place.line - 1][place.column - 1 :][: place.length]


def read_toml(shown: str) -> Any:
    return tomllib.loads(f"x = {shown}")["x"]


def read_toml_key(shown: str) -> str:
    (key,) = tomllib.loads(f"{shown} = 0")
    return key


def place_of(text: str, found: str, length: int | None = None) -> Place:
    """The place of the first `found` in the text."""
    before = text[: text.index(found)]
    return Place(before.count("\n") + 1, len(before.split("\n")[-1]) + 1, length or len(found))


def assert_text_is_placed(places: Places, path: Path, text: str, read: Callable[[str], Any]) -> None:
    """What stands where a character should be is that character, or an escape that reads as it."""
    for offset, character in enumerate(text):
        place = places.inside(path, offset)
        shown = text_at(places, place)
        if shown:
            assert shown == character or read(f'"{shown}"') == character
        else:
            assert character == "\n"
    assert text_at(places, places.inside(path, len(text)))[0] in "\"'"
    assert places.inside(path, len(text) + 1) is None


def assert_all_is_placed(places: Places, tree: Any, read: Callable[[str], Any], read_key: Callable[[str], str]) -> None:
    """Every path has a key and a value, no other path has, and what stands there reads as what it says."""
    assert sorted(map(repr, places.paths())) == sorted(map(repr, paths_of(tree)))
    assert places.duplicates == ()
    for path in paths_of(tree):
        key, shown, data = places.key(path), text_at(places, places.value(path)), at(tree, path)
        if isinstance(path[-1], str):
            assert read_key(text_at(places, key)) == path[-1]
        if isinstance(data, str):
            assert_text_is_placed(places, path, data, read)
        elif isinstance(data, list):
            assert shown[0] == "["
        elif isinstance(data, dict):
            assert shown[0] in "{[" or places.value(path) == key  # inline, under a header, or implied
        else:
            assert repr(read(shown)) == repr(data)


# --- sources as people and programs write them ---

BARE_KEYS = st.text("abcxyz_-019", min_size=1, max_size=4)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\t"\\'), max_size=8)
KEYS = st.one_of(BARE_KEYS, BARE_KEYS, TEXTS)
PLAIN = st.one_of(TEXTS, st.integers(-9999, 9999), st.booleans(), st.floats(-1e6, 1e6), st.dates(), st.datetimes())
JSON_PLAIN = st.one_of(TEXTS, st.integers(-9999, 9999), st.booleans(), st.floats(-1e6, 1e6), st.none())


def trees(plain: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    values = st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=10,
    )
    return st.dictionaries(KEYS, values, max_size=4)


def quoted(text: str) -> str:
    """A basic string, as tomllib reads it: JSON's escapes, and those that TOML wants besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class Hand:
    """Someone who writes TOML by hand, each time in another of the ways that mean the same."""

    def __init__(self, choose: Callable[[int], int]) -> None:
        self.choose = choose

    def one_of(self, *ways: str) -> str:
        return ways[self.choose(len(ways))]

    def key(self, key: str) -> str:
        ways = [quoted(key), "".join(f"\\U{ord(c):08x}" for c in key).join('""')]
        if key and all(c in "abcxyz_-019" for c in key):
            ways += [key, key, key]
        if not set(key) & set("'\n"):
            ways.append(f"'{key}'")
        return self.one_of(*ways)

    def text(self, text: str) -> str:
        ways = [
            quoted(text),
            '"' + "".join(f"\\u{ord(c):04X}" if ord(c) < 0x10000 else c for c in text) + '"',
        ]
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        ways += [f'"""\n{escaped}"""', f'"""\\\n  {quoted(text)[1:-1]}\\\n\n  """']
        if not text.startswith("\n") and '"""' not in text:
            ways.append(f'"""{text}"""'.replace("\\", "\\\\"))
        if not set(text) & set("'\n"):
            ways.append(f"'{text}'")
        if "'" not in text:
            ways.append(f"'''\n{text}'''")
        return self.one_of(*ways)

    def value(self, value: Any) -> str:
        match value:
            case str():
                return self.text(value)
            case bool():
                return str(value).lower()
            case dict():
                blank = self.one_of("", " ")
                return "{" + blank + ", ".join(self.pairs(value)) + blank + "}"
            case list():
                gap = self.one_of("", " ", "\n", " # [a, ]\n\t", '\n# "\n')
                comma = self.one_of("", f"{gap},") if value else ""
                return f"[{gap}" + f"{gap},{gap}".join(map(self.value, value)) + f"{comma}{gap}]"
            case _ if hasattr(value, "isoformat"):
                return str(value) if self.choose(2) else value.isoformat()  # with a blank, or with a T
        return repr(value)

    def pairs(self, table: dict[str, Any]) -> list[str]:
        """`key = value`, where a table may be given as dotted keys instead."""
        pairs = []
        for key, value in table.items():
            name = self.key(key)
            if isinstance(value, dict) and value and self.choose(2):
                dot = self.one_of(".", " . ", "\t.")
                pairs += [f"{name if i == 0 else self.key(key)}{dot}{pair}" for i, pair in enumerate(self.pairs(value))]
            else:
                pairs.append(name + self.one_of("=", " = ", "\t= ") + self.value(value))
        return pairs

    def table(self, table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
        """Lines: first what is given as pairs, then what has headers."""
        under_headers = {
            key: value
            for key, value in table.items()
            if (
                isinstance(value, dict)
                or (isinstance(value, list) and value and all(isinstance(v, dict) for v in value))
            )
            and self.choose(3)
        }
        yield from self.pairs({key: value for key, value in table.items() if key not in under_headers})
        for key, value in under_headers.items():
            below = (*path, key)
            tables, brackets = ([value], "[]") if isinstance(value, dict) else (value, ["[[", "]]"])
            for one in tables:
                content = list(self.table(one, below))
                implied = brackets == "[]" and content and content[0].startswith("[")
                if not implied or self.choose(2):
                    pad = self.one_of("", " ")
                    name = self.one_of(".", " . ").join(map(self.key, below))
                    yield brackets[0] + pad + name + pad + brackets[1]
                yield from content

    def source(self, table: dict[str, Any]) -> str:
        lines = []
        for line in self.table(table):
            lines += [self.one_of("", "", "# [not.a.header]", "  \t")] * self.choose(2)
            lines.append(self.one_of("", "", "  ") + line + self.one_of("", "", " # x = 1", "  "))
        return "\n".join(lines) + self.one_of("", "\n")


@st.composite
def written_by_hand(draw: st.DrawFn) -> str:
    hand = Hand(lambda ways: draw(st.integers(0, ways - 1)))
    source = hand.source(draw(trees(PLAIN)))
    return source.replace("\n", "\r\n") if draw(st.booleans()) else source


# --- every path, and nothing but the paths ---


@given(source=written_by_hand())
@example(source="[a.b]\nx = 1\n[a]\ny = 2\n[a.c]\n")
@example(source="[[a]]\n[a.b]\n[[a.b.c]]\n[[a]]\n[a.b]\n[[a.b.c]]\n[[a.b.c]]\n")
@example(source="a.b = 1\na.c.d = 2\n[e]\na.b = 1\na.c = {d.e = 1, d.f = 2}\n")
def test_what_is_written_by_hand_is_placed_whole(source: str) -> None:
    """A finding about a key that has no place could show nobody where to look."""
    tree = tomllib.loads(source)

    places = toml_places(source)

    assert_all_is_placed(places, tree, read_toml, read_toml_key)


@given(tree=trees(PLAIN))
def test_what_a_program_writes_is_placed_whole(tree: dict[str, Any]) -> None:
    """Definitions are written by our own commands too, and by other people's."""
    source = tomlkit.dumps(tree)

    places = toml_places(source)

    assert_all_is_placed(places, tomllib.loads(source), read_toml, read_toml_key)


@given(tree=trees(JSON_PLAIN), indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_json_is_placed_whole(tree: dict[str, Any], indent: int | None, ascii_only: bool) -> None:
    """The same definition in JSON gets the same help."""
    source = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)

    places = json_places(source)

    assert_all_is_placed(places, tree, json.loads, json.loads)


# --- keys and values ---

SOURCE = """\
format = 1
teams.sales = "Sales"

[traits.'serves print'] # a comment
when  =  "x > 1"
note = '''
two
lines'''
list = [ 1,
  "two" ]
inline = { a = 1, b.c = 2 }

[[stages]]
name = "mql"
[[stages]]
name = "sql"
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("format",), (1, 1, 6), (1, 10, 1)),
        (("teams",), (2, 1, 5), (2, 1, 5)),
        (("teams", "sales"), (2, 7, 5), (2, 15, 7)),
        (("traits",), (4, 2, 6), (4, 2, 6)),
        (("traits", "serves print"), (4, 9, 14), (4, 1, 23)),
        (("traits", "serves print", "when"), (5, 1, 4), (5, 10, 7)),
        (("traits", "serves print", "note"), (6, 1, 4), (6, 8, 3)),
        (("traits", "serves print", "list"), (9, 1, 4), (9, 8, 4)),
        (("traits", "serves print", "list", 1), (10, 3, 5), (10, 3, 5)),
        (("traits", "serves print", "inline"), (11, 1, 6), (11, 10, 18)),
        (("traits", "serves print", "inline", "b"), (11, 19, 1), (11, 19, 1)),
        (("traits", "serves print", "inline", "b", "c"), (11, 21, 1), (11, 25, 1)),
        (("stages",), (13, 3, 6), (13, 1, 10)),
        (("stages", 1), (15, 3, 6), (15, 1, 10)),
        (("stages", 1, "name"), (16, 1, 4), (16, 8, 5)),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_way_to_write_a_key_has_its_own_place(
    path: Path, key: tuple[int, int, int], value: tuple[int, int, int], line_end: str
) -> None:
    """What is underlined must be the word that is wrong, whichever way the file is written."""
    places = toml_places(SOURCE.replace("\n", line_end))

    assert places.key(path) == Place(*key)
    assert places.value(path) == Place(*value)
    assert places.lines == tuple(SOURCE.split("\n"))


def test_a_table_that_is_implied_first_stands_at_its_own_header() -> None:
    """Its header says more about it than another table's does."""
    places = toml_places("[a.b]\n[a]\n")

    assert (places.key(("a",)), places.value(("a",))) == (Place(2, 2, 1), Place(2, 1, 3))


@pytest.mark.parametrize("path", [("b",), ("a", "b"), ("a", 0), (0,), ("list", 2), ("list", -1), ("list", "0")])
def test_what_the_source_lacks_has_no_place(path: Path) -> None:
    """A place that is made up sends people to the wrong line."""
    places = toml_places("a = 1\nlist = [1, 2]")

    assert places.key(path) is places.value(path) is places.inside(path, 0) is None


def test_the_source_as_a_whole_has_a_value_but_no_key() -> None:
    """A fault of the file as a whole is shown where the file starts."""
    places = json_places('  {"a": 1}')

    assert (places.key(()), places.nearest(()), places.value(())) == (None, None, Place(1, 3, 8))


def test_what_is_missing_is_shown_at_its_nearest_parent() -> None:
    """A key that should be there has no place, but the table that lacks it has."""
    places = toml_places("[traits.a]\nwhen = 1\n[tiers]\nx = [{}]")

    assert places.nearest(("traits", "a", "team")) == Place(1, 9, 1)
    assert places.nearest(("traits", "a", "when")) == Place(2, 1, 4)
    assert places.nearest(("tiers", "x", 0, "y", 3)) == Place(4, 6, 2)
    assert places.nearest(("signals", "a")) is None


# --- inside a text ---

KINDS = {
    "basic": r'x = "a\"b\u00e9\U0001F600\t|\\y"',
    "literal": r"x = 'a\tb|y'",
    "long": 'x = """\na\n\\"b""|\\\n   \\\n\n y"""""',
    "long at once": 'x = """a\\  \n\n  |\\ty"""',
    "long literal": "x = '''\na\\\n''|y'''''",
    "other scripts": 'x = "größe 日本 😀|y"',
    "dotted, inline": 'z = [0, "|", { q = 1 }]\nx = "|y"',
    "blank before a line end": 'x = """            \\            \n            |y"""',
}


@pytest.mark.parametrize("source", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_character_is_found_however_the_text_is_quoted(source: str, line_end: str) -> None:
    """A rule's own error counts in the rule as read; people look for it in the file as written."""
    source = source.replace("\n", line_end)
    text, places = tomllib.loads(source)["x"], toml_places(source)
    bar = source.rindex("|")
    before = source[:bar].split("\n")

    place = places.inside(("x",), text.index("|"))

    assert place == Place(len(before), len(before[-1]) + 1, 1)


def test_the_length_is_that_of_the_characters_as_written() -> None:
    """An escape is longer in the file than in the text, and all of it is meant."""
    places = toml_places(r'x = "a\u0020\"bc"')

    assert places.inside(("x",), 1, 2) == Place(1, 7, 8)
    assert places.inside(("x",), 2, 3) == Place(1, 13, 4)


def test_characters_on_several_lines_are_shown_on_the_first() -> None:
    """One line is shown, so one line is underlined."""
    places = toml_places('x = """\nabc\ndef"""')

    assert places.inside(("x",), 1, 6) == Place(2, 2, 2)
    assert places.inside(("x",), 3, 1) == Place(2, 4, 1)


@pytest.mark.parametrize("source", ['x = "ab"', "x = 'ab'", 'x = """ab"""', "x = '''\nab'''"])
def test_the_end_of_a_text_stands_at_its_closing_quote(source: str) -> None:
    """`expected something after 'and'` is about what comes after the last character."""
    places = toml_places(source)
    last = source.split("\n")[-1]

    assert places.inside(("x",), 2) == Place(source.count("\n") + 1, last.index("b") + 2, 1)
    assert places.inside(("x",), 3) is places.inside(("x",), -1) is None


def test_json_escapes_count_as_the_characters_that_they_are() -> None:
    """Programs write JSON, and write every character that isn't ASCII as an escape, some in two halves."""
    source = json.dumps({"x": '"😀/é|\n', "y": "\ud83d|"}).replace("/", r"\/")
    places = json_places(source)

    assert places.inside(("x",), json.loads(source)["x"].index("|")) == place_of(source, "|")
    assert places.inside(("y",), 1) == Place(1, source.rindex("|") + 1, 1)


@pytest.mark.parametrize("source", ["x = 1", "x = [1]", "x = {}", "[x]", '"x".y = 1', 'x = "broken', 'x = """ab""'])
def test_only_a_whole_text_has_an_inside(source: str) -> None:
    """Numbers and tables have no characters that anyone counts."""
    assert toml_places(source).inside(("x",), 0) is None


# --- given twice ---


@pytest.mark.parametrize(
    ("source", "path", "first", "later"),
    [
        ("a = 1\nb = 2\na = 3", ("a",), (1, 1), (3, 1)),
        ('a = 1\n"\\u0061" = 3', ("a",), (1, 1), (2, 1)),
        ("[a]\nx = 1\n[b]\n[a]\nx = 1", ("a",), (1, 2), (4, 2)),
        ("[a.b]\n[c]\n[a . b]", ("a", "b"), (1, 4), (3, 6)),
        ("a = 1\n[a]\nx = 1", ("a",), (1, 1), (2, 2)),
        ("a = 1\n[a.b]\nx = 1\n[a.c]", ("a",), (1, 1), (2, 2)),
        ("a = 1\na.b = 2", ("a",), (1, 1), (2, 1)),
        ("a.b = 1\na = 2", ("a",), (1, 1), (2, 1)),
        ("a.b = 1\n[a]", ("a",), (1, 1), (2, 2)),
        ("[a.b]\n[a]\nb.c = 1", ("a", "b"), (1, 4), (3, 1)),
        ("a = {}\n[a.b]", ("a",), (1, 1), (2, 2)),
        ("a = {b = 1}\na.c = 2", ("a",), (1, 1), (2, 1)),
        ("a = [{}]\n[[a]]", ("a",), (1, 1), (2, 3)),
        ("[[a]]\n[a]", ("a",), (1, 3), (2, 2)),
        ("[a]\n[[a]]\n[[a]]", ("a",), (1, 2), (2, 3)),
        ("[[a]]\nb.c = 1\n[[a]]\nb = 1\n[a.b]", ("a", 1, "b"), (4, 1), (5, 4)),
        ("[[a.b]]\n[a]\nb.c = 1", ("a", "b"), (1, 5), (3, 1)),
        ("x = {a = 1, a = 2}", ("x", "a"), (1, 6), (1, 13)),
        ("x = {a.b = 1, a.b = 2}", ("x", "a", "b"), (1, 8), (1, 17)),
        ("x = {a = {b = 1}, a.c = 2}", ("x", "a"), (1, 6), (1, 19)),
        ("x = [0, {a = 1, a = 2}]", ("x", 1, "a"), (1, 10), (1, 17)),
    ],
)
def test_what_is_given_twice_shows_both_places(
    source: str, path: Path, first: tuple[int, int], later: tuple[int, int]
) -> None:
    """tomllib names one place; whoever merges two people's work needs both."""
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(source)

    ((found, one, other),) = toml_places(source).duplicates

    assert (found, (one.line, one.column), (other.line, other.column)) == (path, first, later)


DOTTED = st.lists(st.sampled_from(["a", "b", '"a"']), min_size=1, max_size=3).map(".".join)
SMALL_VALUES = st.recursive(
    st.sampled_from(["1", "'l'", "1979-05-27 07:32:00"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(st.tuples(DOTTED, inner).map("=".join), max_size=2).map(lambda parts: f"{{{', '.join(parts)}}}")
    ),
    max_leaves=4,
)
STATEMENTS = st.one_of(
    DOTTED.map("[{}]".format), DOTTED.map("[[{}]]".format), st.builds("{} = {}".format, DOTTED, SMALL_VALUES)
)


@given(source=st.lists(STATEMENTS, max_size=5).map("\n".join))
def test_names_clash_where_tomllib_says_that_they_do(source: str) -> None:
    """These statements are right one by one, so tomllib can only refuse them for names given twice."""
    try:
        tomllib.loads(source)
        clash = False
    except tomllib.TOMLDecodeError:
        clash = True

    assert bool(toml_places(source).duplicates) == clash


def test_what_is_given_more_than_twice_is_told_each_time() -> None:
    """Each of them has to go, and the first is the one they clash with."""
    places = toml_places("a = 1\na = 2\n[b]\na = 1\n[a]\n")

    assert places.duplicates == (
        (("a",), Place(1, 1, 1), Place(2, 1, 1)),
        (("a",), Place(1, 1, 1), Place(5, 2, 1)),
    )


def test_what_is_given_twice_in_json_shows_both_places_and_the_last_one_counts() -> None:
    """The json module takes the last one without a word, so other faults are about that one."""
    source = '{"a": {"x": 1, "y": 1},\n "a": {"x": 1},\n "b": [{"c": 1, "c": 2}]}'

    places = json_places(source)

    assert places.duplicates == (
        (("a",), Place(1, 2, 3), Place(2, 2, 3)),
        (("b", 0, "c"), Place(3, 9, 3), Place(3, 17, 3)),
    )
    assert sorted(map(repr, places.paths())) == sorted(map(repr, paths_of(json.loads(source))))


# --- any text at all ---

SIGNS = st.sampled_from(
    [*"[]{}=.,:#'\"\\\n\r \tax1", "'''", '"""', "[[", "]]", "\r\n", "a = ", "[a]", "\\u00", "\\U99999999"]
)


def assert_answers(places: Places) -> None:
    """Every path has places that are in the source, and every question an answer."""
    for path in places.paths():
        for place in (places.key(path), places.value(path), places.nearest(path), places.inside(path, 0, 3)):
            if place is not None:
                assert 1 <= place.line <= len(places.lines)
                assert 1 <= place.column <= len(places.lines[place.line - 1]) + 1
                assert place.length >= 1


@given(source=st.lists(SIGNS, max_size=40).map("".join) | st.text())
@example(source="[\r")
@example(source="[\r\n")
def test_no_text_is_too_broken(source: str) -> None:
    """The places are asked for when something is wrong: that is no time to fail."""
    assert_answers(toml_places(source))
    assert_answers(json_places(source))


@given(source=written_by_hand())
def test_what_comes_before_a_break_is_kept(source: str) -> None:
    """The rest of a broken file can still be talked about."""
    whole = toml_places(source)

    broken = toml_places(source + '\n= "broken')

    for path in whole.paths():
        assert (broken.key(path), broken.value(path)) == (whole.key(path), whole.value(path))


@given(source=st.lists(SIGNS, max_size=12).map("".join))
def test_whatever_tomllib_reads_has_its_paths_and_is_not_given_twice(source: str) -> None:
    """A duplicate that isn't one would refuse a good definition."""
    try:
        tree = tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return

    places = toml_places(source)

    assert sorted(map(repr, places.paths())) == sorted(map(repr, paths_of(tree)))
    assert places.duplicates == ()


DEEP = {
    "arrays": "x = " + "[" * 10_000 + "]" * 10_000,
    "inline tables": "x = " + "{a=" * 10_000 + "1" + "}" * 10_000,
    "left open": "x = " + "[{a=" * 10_000,
    "dotted": "a." * 10_000 + "a = 1",
    "header": "[" + "a." * 10_000 + "a]\nx = 1\nx = 2",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_depth_is_no_danger(source: str) -> None:
    """No input may reach RecursionError."""
    places = toml_places(source)

    assert places.key(tuple(["a"] * 10_001)) or places.key(("x",))
    assert places.nearest(("x", *[0] * 20_000)) or places.nearest(("a", "b"))
    json_places(source.removeprefix("x = ").replace("=", ":").replace("a", '"a"'))


LONG: dict[str, Callable[[int], str]] = {
    "keys": lambda n: "".join(f"key_{i} = 1\n" for i in range(n)),
    "traits": lambda n: "".join(f'[traits.t{i}]\nteam = "m"\nwhen = "a\\"b > {i}" # c\n' for i in range(n // 3)),
    "elements": lambda n: "x = [" + "1, " * n + "]",
    "one key again and again": lambda n: "[" + "a." * 900 + "a]\n" + "x = 1\n" * n,
    "one table again and again": lambda n: "[a]\n" * n,
    "tables of an array": lambda n: "[[a]]\n" * n,
    "brackets": lambda n: "x = " + "[" * n,
    "quotes": lambda n: 'x = """' + '""a\\"' * n,
    "escapes": lambda n: 'x = "' + "\\n" * n + '"',
    "comments": lambda n: "#\n" * n,
    "blanks": lambda n: " " * n + "x" + " " * n,
    "parts": lambda n: "a." * n + "a = 1\n",
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_ten_times_the_text_takes_about_ten_times_as_long(source: Callable[[int], str]) -> None:
    """A definition may have 4 MB; where the time grows faster than the text, somebody waits forever."""

    def seconds(text: str) -> float:
        start = time.process_time()
        toml_places(text)
        return time.process_time() - start

    short, long = source(2_000), source(20_000)

    assert min(seconds(long) for _ in range(3)) < 40 * min(seconds(short) for _ in range(3)) + 0.05


def test_places_never_change() -> None:
    """They are shared by all who report findings about one source."""
    places = toml_places("a = 1")

    with pytest.raises(AttributeError):
        places.lines = ()  # type: ignore[misc]
    assert isinstance(places.lines, tuple)
    assert isinstance(places.duplicates, tuple)
