"""The grammar, row by row: what is accepted and how it is written, and what is refused and with which words."""

import pytest

from qualify.errors import RuleError
from qualify.rules import parse, parse_formula, parse_selection

ACCEPTED = {
    # precedence and brackets
    "a or b and c": "a or (b and c)",
    "(a or b) and c": "(a or b) and c",
    "not a and b": "not a and b",
    "not (a and b)": "not (a and b)",
    "((a))": "a",
    "not (a)": "not a",
    "a and (b and c)": "a and b and c",
    "a and a": "a and a",
    # numbers
    "x == 1_000_000": "x == 1000000",
    "x == 1.50": "x == 1.5",
    "x == 007": "x == 7",
    "x == -0": "x == 0",
    "x == - 5": "x == -5",
    "x >= 0.000000000000001": "x >= 0.000000000000001",
    "50 <= employees": "50 <= employees",
    # arithmetic
    "a - (b - c) > 1": "a - b + c > 1",
    "a + (b + c) > 1": "a + b + c > 1",
    "(a * b) / c > 1": "a * b / c > 1",
    "a / (b * c) > 1": "a / (b * c) > 1",
    "a * (b + c) > 1": "a * (b + c) > 1",
    "a -5 > 1": "a - 5 > 1",
    "(a + b) * -2 > 1": "(a + b) * -2 > 1",
    "seats_used > seats_bought": "seats_used > seats_bought",
    # texts
    'x == "say \\"hi\\" \\\\ \\n\\t \\u00e9"': 'x == "say \\"hi\\" \\\\ \\n\\t é"',
    'x contains ["a"]': 'x contains "a"',
    'x mentions ["vp", "head of"]': 'x mentions ["vp", "head of"]',
    'x starts   with "a"': 'x starts with "a"',
    "x ends with endings": "x ends with endings",
    "email_domain not in competitors": "email_domain not in competitors",
    'interests has none ["a"]': 'interests has none ["a"]',
    "interests has any topics": "interests has any topics",
    # dates
    "x == 2026-11-02T09:30:00": "x == 2026-11-02T09:30",
    "x == 2026-11-02T09:30:15+00:00": "x == 2026-11-02T09:30:15Z",
    "x == 2026-11-02T09:30+05:45": "x == 2026-11-02T09:30+05:45",
    "x in [2026-11-02, 2026-11-03]": "x in [2026-11-02, 2026-11-03]",
    "x in the next 90 days": "x in the next 90 days",
    "x within 1 days": "x within 1 day",
    "x within 14 day": "x within 14 days",
    "x within 3 weeks after last(y)": "x within 3 weeks after last(y)",
    "x older than 3 months": "x older than 3 months",
    # tiers, known
    "grade in [A, B]": "grade in [A, B]",
    "grade is not large": "grade is not large",
    "x is unknown": "x is unknown",
    "last(meeting) is known": "last(meeting) is known",
    "at least 2 of [a, b or c, not d]": "at least 2 of [a, b or c, not d]",
    # activities
    "count ( any activity within 30 days ) == 0": "count(any activity within 30 days) == 0",
    "count(activity) == 0": "count(activity) == 0",
    "count(any of [a, b]) >= 2": "count(any of [a, b]) >= 2",
    "sum(amount of purchase within 1 year) >= 500": "sum(amount of purchase within 1 year) >= 500",
    "count(visit where (ended_at within 14 days)) > 0": "count(visit where (ended_at within 14 days)) > 0",
    "count(visit where ended_at within 14 days) > 0": None,
    "count(v where a or (b within 2 days) within 3 days) > 0": "count(v where a or (b within 2 days) within 3 days) > 0",
    "count(v where not (b within 2 days)) > 0": "count(v where not (b within 2 days)) > 0",
    "count(v where at least 1 of [b within 2 days]) > 0": "count(v where at least 1 of [b within 2 days]) > 0",
    "count(v within 3 days since last(w) within 2 days after z) > 0": None,
    "days(login within 14 days after created_at) >= 3": "days(login within 14 days after created_at) >= 3",
    # the precedence of a window after a `where` with an anchor
    "count(v where a after b within 2 days) > 0": "count(v where a after b within 2 days) > 0",
}

REFUSED = {
    "": ("expected a value or a name, found the end", 0),
    "a and": ("expected a value or a name, found the end", 5),
    "a b": ("a name has no blanks: write 'a_b', or join questions by 'and' or 'or'", 0),
    "(a": ("this bracket is never closed", 0),
    "a)": ("')' closes nothing", 1),
    "a]": ("']' closes nothing", 1),
    "x == ": ("expected a value to compare with, found the end", 5),
    "10 < x < 50": ("comparisons don't chain: write 'x between 10 and 50'", 7),
    "1 == 1": ("both sides are literals: the answer would never change", 0),
    '"a" in ["a"]': ("both sides are literals: the answer would never change", 0),
    "1 between 0 and x": ("both sides are literals: the answer would never change", 0),
    "50": ("a number standing alone answers nothing", 0),
    '"a"': ("a text standing alone answers nothing", 0),
    "a + b": ("this is a value, not yet a question", 0),
    "count(login)": ("this is a value, not yet a question", 0),
    "2026-11-02": ("this is a value, not yet a question", 0),
    "(a and b) + 1 > 2": ("what stands before '+' is a question, not a value", 10),
    "1 + (not a) > 2": ("a question can't be reckoned with", 5),
    "x == (a and b)": ("expected a value to compare with, found a question", 6),
    "x in []": ("this list is empty", 6),
    "x in [1, a]": ("a list holds one kind of thing", 10),
    "x in [1 2]": ("expected ',' or ']' in the list, found '2'", 8),
    "x in [2026-11-02T09:30]": ("a list holds days, not moments", 6),
    'x has ["a"]': ("expected 'any', 'all' or 'none' after 'has'", 6),
    'x has any "a"': ('write the text as a list: ["a"]', 10),
    "x mentions 5": ("expected a text in double quotes, a list of them, or a list's name, found '5'", 11),
    "x mentions [5]": ("expected a text in double quotes, found '5'", 12),
    'x == ""': ("what is missing is asked for: write 'x is unknown'", 0),
    'x contains ""': ("an empty text can't be compared with", 11),
    'x == "a': ('this text has no closing "', 5),
    'x == "a\nb"': ("a text ends on its line", 5),
    'x == "\\x"': ("the escapes of a text are", 6),
    'x == "\\u12"': ("\\u is followed by four hexadecimal digits", 6),
    'x == "\\ud800"': ("half a character", 6),
    "x within days": ("expected a length of time, such as '14 days', found 'days'", 9),
    "x within 0 days": ("a length of time is a whole number from 1", 9),
    "x within 1.5 days": ("expected a length of time, such as '14 days', found '1.5'", 9),
    "x within 14 dys": ("expected hours, days, weeks, months or years, found 'dys'; did you mean 'days'?", 12),
    "at least 0 of [a]": ("can only ever give one answer: the number goes from 1 to 1", 0),
    "at least 3 of [a, b]": ("can only ever give one answer: the number goes from 1 to 2", 0),
    "at least 1 of [a, a]": ("a rule stands twice in 'at least'", 0),
    "at least two of [a]": ("expected a whole number after 'at least', found 'two'", 9),
    "at least 2 of (a, b)": ("write a list in [ ]", 14),
    "count(a within 3 days where b)  > 1": ("'where' stands before the windows", 22),
    "count(any of []) > 1": ("this list is empty; expected an activity", 14),
    "count(any of [a, a]) > 1": ("an activity stands twice in 'any of'", 6),
    "sum(purchase) > 1": ("expected 'of' after the property to add up", 12),
    "counts(a) > 1": ("'counts(' is not in the language; did you mean 'count'?", 0),
    "median(a)": ("'median(' is not in the language; there are count, days, sum, first and last", 0),
    "x == 2026-02-30": ("no such day", 5),
    "x == 2026-11-02T25:00": ("no such moment", 5),
    "x == 0001-01-01T00:00+14:00": ("no such moment", 5),
    "X == 1": ("a name is lower-case letters, digits and '_'", 0),
    "x_y.z == 1": ("a name has no dots", 0),
    "é == 1": ("a name is lower-case letters, digits and '_'", 0),
    "x == 1 ☃": ("this character has no meaning in a rule", 7),
    "x is any": ("'any' is a word of the language and can't be a case", 5),
    "x not like": ("there are no patterns: write 'not x contains ...'", 0),
    f"{'x' * 65} == 1": ("a name has at most 64 characters, this one has 65", 0),
    "x == 1234567890.1234567": ("a number has at most 15 significant digits, this one has 17", 5),
}

FORMULAS = {
    "fit": "fit",
    "0.6 * fit + 0.4 * engagement": "0.6 * fit + 0.4 * engagement",
    "-1 * fit - 5": "-1 * fit - 5",
    "2 * (fit + 1) * 3": "2 * (fit + 1) * 3",
    "highest of [cloud, lowest of [a, 3]]": "highest of [cloud, lowest of [a, 3]]",
}
REFUSED_FORMULAS = {
    "": "expected a score, a number, 'highest of [...]' or 'lowest of [...]', found the end",
    "fit / 2": "a formula over scores has no division: multiply by a share, such as 0.5",
    "fit * engagement": "a product of two scores is not in the language",
    "highest of [a, b] * c": "a product of two scores is not in the language",
    "fit > 3": "expected '+', '-', '*' or the end, found '>'",
    "max(fit, 3)": "write 'highest of [...]'",
    'fit + "a"': "a formula holds scores and numbers",
    "highest of []": "this list is empty; expected a score",
    "highest [a]": "'highest', which is a word of the language",
    "count(a)": "'count', which is a word of the language",
}


@pytest.mark.parametrize(("text", "written"), ACCEPTED.items(), ids=list(ACCEPTED))
def test_what_the_grammar_allows_has_one_form(text, written):
    """One formatter: however it was typed, an agreed rule looks the same everywhere."""
    assert str(parse(text)) == (text if written is None else written)
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=lambda each: str(each)[:40])
def test_what_the_grammar_refuses_is_shown_where_it_goes_wrong(text, said):
    """The person who typed it must find the place, and the word that was expected there."""
    with pytest.raises(RuleError) as refused:
        parse(text)

    message, position = said
    assert message in str(refused.value)
    assert refused.value.position == position
    assert "^" in str(refused.value)


def test_the_caret_stands_under_the_fault_of_its_line():
    """A rule over several lines shows the one that is meant, and no other."""
    with pytest.raises(RuleError) as refused:
        parse("a\n  and b == c ==\nd")

    assert str(refused.value).splitlines()[-2:] == ["    and b == c ==", "               ^^"]


def test_a_very_long_line_is_cut_around_the_fault():
    """Nobody finds a caret in a line of thousands of characters."""
    with pytest.raises(RuleError) as refused:
        parse(" or ".join(f"a{number}" for number in range(1000)) + " = b")

    *_, line, carets = str(refused.value).splitlines()
    assert len(line) < 200
    assert line[carets.index("^")] == "="


@pytest.mark.parametrize(("text", "written"), FORMULAS.items(), ids=list(FORMULAS))
def test_formulas_are_sums_and_products_of_scores(text, written):
    """A formula is short enough to be read aloud."""
    if written is None:
        with pytest.raises(RuleError):
            parse_formula(text)
    else:
        assert str(parse_formula(text)) == written


@pytest.mark.parametrize(("text", "message"), REFUSED_FORMULAS.items(), ids=list(REFUSED_FORMULAS))
def test_formulas_refuse_what_is_none(text, message):
    """What can't be reckoned exactly isn't in the language."""
    with pytest.raises(RuleError) as refused:
        parse_formula(text)

    assert message in str(refused.value)


def test_a_selection_stands_alone_in_a_signal():
    """Signals are selections without a count around them."""
    text = 'page_view where page contains "/pricing" and (x or y) within 90 days since last(recycled)'

    assert str(parse_selection(text)) == text
    with pytest.raises(RuleError, match="here stand activities alone"):
        parse_selection("page_view >= 1")
