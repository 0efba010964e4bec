"""What people bring from other tools gets the right form, not just a no."""

import pytest

from qualify.errors import RuleError
from qualify.rules import parse

HABITS = {
    # signs of programming languages and spreadsheets
    'industry = "Printing"': ("'=' is not in the language: write '=='", None),
    "a && b": ("'&&' is not in the language: write 'and'", None),
    "a || b": ("'||' is not in the language: write 'or'", None),
    "a & b": ("'&' is not in the language: write 'and'", None),
    "a | b": ("'|' is not in the language: write 'or'", None),
    "!a": ("'!' is not in the language: write 'not'", None),
    "~a": ("'~' is not in the language: write 'not'", None),
    "a <> 5": ("'<>' is not in the language: write '!='", None),
    "a greater than 5": ("write '>'", ">"),
    'a equals "x"': ("write '=='", "=="),
    'a does not contain "x"': ("write 'not' before the whole test", None),
    'a not contains "x"': ("write 'not' before the whole test: 'not a contains ...'", None),
    'a in "x"': ('write the text as a list: ["x"]', '["x"]'),
    "country in US, DE": ('texts stand in a list, in double quotes: ["US", "..."]', None),
    'technologies == ["aws"]': ("a list stands behind 'in' for texts and numbers, behind 'has any' for lists", None),
    "a => 5": ("'=>' is not in the language: write '>='", None),
    "a =< 5": ("'=<' is not in the language: write '<='", None),
    'a =~ "x"': ("there are no regular expressions", None),
    'a matches "x"': ("there are no patterns: use 'contains', 'mentions', 'starts with' or 'ends with'", None),
    'a like "x%"': ("there are no patterns", None),
    "a AND b": ("the words of the language are lower case: write 'and'", "and"),
    "a OR b": ("the words of the language are lower case: write 'or'", "or"),
    "NOT a": ("the words of the language are lower case: write 'not'", "not"),
    "Employees > 5": ("a name is lower-case letters, digits and '_'", "employees"),
    "5 < Employees": ("write 'employees'", "employees"),
    "if a > 5": ("a rule is the question alone: leave out 'if'", None),
    "any of [a, b]": ("join them with 'or', or write 'at least 1 of [...]'", None),
    "all of [a, b]": ("'all of' takes no rules: join them with 'and'", None),
    "a > 5; b": ("join questions by 'and' or 'or'", None),
    "lead.employees > 5": ("a name has no dots", None),
    "a > 5 # big ones": ("a rule has no comments", None),
    "a in {1, 2}": ("write a list in [ ]", None),
    "a in (1, 2)": ("write a list in [ ]", None),
    "a in [1; 2]": ("write a list's entries with commas", None),
    # numbers
    "a > 50k": ("a number has no 'k': write 50000", "50000"),
    "a > 1.2345k": ("a number has no 'k': write 1234.5", "1234.5"),
    "a > 2m": ("a number has no 'm': write 2000000", "2000000"),
    "a > 2bn": ("a number has no 'bn': write 2000000000", "2000000000"),
    "a > 1e6": ("a number has no exponent: write its digits", None),
    "a > 50,000": (": write 50000 or 50_000", None),
    "a > 1,000,000": (": write 1000000 or 1_000_000", None),
    "a between 10 to 50": ("as in 'between 10 and 50'", None),
    "a between [10, 50]": ("two ends stand without brackets: write 'between 10 and 50'", None),
    "a > 50%": ("'%' is not in the language: write a share as a number, such as 0.25", None),
    "a > $50": ("'$' is not in the language: write the number alone", None),
    "a > 50€": ("'€' is not in the language: write the number alone", None),
    "a > .5": ("a number begins with a digit", None),
    "a > 5.": ("a number is written 1234.5", None),
    "a > 1__000": ("a number is written 1234.5 ('_' only between digits)", None),
    # texts
    "a == 'Printing'": ('a text stands in straight double quotes: "..."', None),
    "a == “Printing”": ('a text stands in straight double quotes: "..."', None),
    "a == „Printing“": ('a text stands in straight double quotes: "..."', None),
    "a == «Printing»": ('a text stands in straight double quotes: "..."', None),
    "country == US": ('a text stands in double quotes: "US"', '"US"'),
    "industry == Real Estate and a": ('a text stands in double quotes: "Real Estate"', '"Real Estate"'),
    "industry != real estate": ('a text stands in double quotes: "real estate"', '"real estate"'),
    "job_title contains vice president": ('a text stands in double quotes: "vice president"', '"vice president"'),
    'a mentions "vp" or "cto"': ('one of several texts stands in a list, ["...", "..."]', None),
    'a has "x"': ("write 'has any [...]'", None),
    'a has any of ["x"]': ("write it without 'of': 'has any [...]'", None),
    'press_type is "offset"': ("'is' asks for a tier's case: write '== \"offset\"'", '== "offset"'),
    'press_type is not "offset"': ("'is not' asks for a tier's case: write '!= \"offset\"'", '!= "offset"'),
    "a is 5": ("'is' asks for a tier's case: write '== 5'", "== 5"),
    # yes, no and unknown
    "activated is true": ("a yes-or-no stands alone: write 'activated'", "activated"),
    "activated is not true": ("a yes-or-no stands alone: write 'not activated'", "not activated"),
    "activated is no": ("a yes-or-no stands alone: write 'not activated'", "not activated"),
    "activated == true": ("a yes-or-no stands alone", None),
    "activated == True": ("a yes-or-no stands alone", None),
    "a is null": ("write 'is unknown'", "is unknown"),
    "a is not None": ("write 'is known'", "is known"),
    "a is empty": ("write 'is unknown'", "is unknown"),
    "a is set": ("write 'is known'", "is known"),
    "a is not known": ("write 'is unknown'", "is unknown"),
    "a is not unknown": ("write 'is known'", "is known"),
    "a is in [1]": ("write it without 'is': 'a in ...'", None),
    "a is not in [1]": ("write it without 'is': 'a not in ...'", None),
    "a is not between 1 and 2": ("write it without 'is': 'not a between ...'", None),
    "a is above 5": ("write 'a > ...'", None),
    "a is not over 5": ("write 'not a > ...'", None),
    "a >= 5 and <= 10": ("each part is a whole question", None),
    "at most 2 of [a, b, c]": ("'at most 2 of [...]' is 'not at least 3 of [...]'", None),
    # time
    "a within 30d": ("write '30 days'", "30 days"),
    "a within last 30 days": ("write '30 days'", "30 days"),
    "a within the last 2 weeks": ("write '2 weeks'", "2 weeks"),
    "count(call) within 30 days > 3": ("a window stands inside the brackets: count(... within 30 days)", None),
    "a within 2w": ("write '2 weeks'", "2 weeks"),
    "a within 3m": ("write '3 months'", "3 months"),
    "a older than 1y": ("write '1 years'", "1 years"),
    "a within 12h": ("write '12 hours'", "12 hours"),
    "a > 2026-11-02 09:30": ("a moment is written 2026-11-02T09:30", None),
    "a > 2026-11-02T09:30:15.5": ("a moment 2026-11-02T09:30", None),
    "a > 2026-11-02T9:30": ("a moment 2026-11-02T09:30", None),
    "a > 2026-11-02T09:30+0100": ("a moment 2026-11-02T09:30", None),
    "last(call) > 30 days": ("a length of time stands behind 'within', 'older than'", None),
    "a > 2nd": ("a date is written 2026-11-02", None),
}


@pytest.mark.parametrize(("text", "said"), HABITS.items(), ids=list(HABITS))
def test_a_newcomers_habit_gets_its_own_hint(text, said):
    """Everybody comes from somewhere; the first five minutes decide whether they stay."""
    with pytest.raises(RuleError) as refused:
        parse(text)

    hint, proposed = said
    assert hint in refused.value.reason
    assert refused.value.did_you_mean == proposed
