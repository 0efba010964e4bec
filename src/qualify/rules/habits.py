"""What people write elsewhere, and its form here: dates, numbers and tests as spreadsheets, SQL and CRMs have them.

Readings of text alone, for messages only: nothing here makes a rule mean anything.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

YES, NO = ("yes", "true"), ("no", "false")
MISSING = ("null", "nil", "none", "nan", "na", "empty", "blank", "undefined", "missing")
THOUSANDS = {"k": 3, "m": 6, "mio": 6, "mn": 6, "b": 9, "bn": 9}
WORDED = {
    **dict.fromkeys(("equals", "equal", "eq"), "=="), **dict.fromkeys(("greater", "more", "bigger", "gt", "over", "above"), ">"),
    **dict.fromkeys(("less", "fewer", "smaller", "lt", "under", "below"), "<"), "gte": ">=", "lte": "<=", "ne": "!=",
}  # fmt: skip
"""What is a sign here, and a word elsewhere."""
CALLS = {
    **dict.fromkeys(("and", "or"), "'and' and 'or' stand between questions: write 'a {} b'"),
    **dict.fromkeys(("if", "iif", "case"), "a rule is the question alone; several answers are the cases of a tier"),
    **dict.fromkeys(("isblank", "isnull", "isempty", "is_null", "isnull_or_empty"), "write '{x} is unknown'"),
    **dict.fromkeys(("isnotblank", "notblank", "isnotnull", "isnotempty", "is_known", "exists"), "write '{x} is known'"),
    **dict.fromkeys(("contains", "find", "search", "instr", "includes"), "write '{x} contains \"...\"'"),
    **dict.fromkeys(("ispickval", "text"), "write '{x} == \"...\"'"),
    **dict.fromkeys(("begins", "startswith", "left"), "write '{x} starts with \"...\"'"),
    **dict.fromkeys(("endswith", "right"), "write '{x} ends with \"...\"'"),
    **dict.fromkeys(("lower", "upper", "trim", "proper"), "leave it out: case, and blanks at the ends, make no difference"),
    **dict.fromkeys(
        ("today", "now", "datediff", "dateadd", "datevalue", "date"),
        "ask 'x within 30 days', 'x older than 30 days' or 'x in the next 30 days'; a date is written 2026-11-02",
    ),
    "unknown": "write '{x} is unknown'", "known": "write '{x} is known'",
    **dict.fromkeys(("countif", "countifs"), "write 'count(page_view where ... within 30 days)'"),
    **dict.fromkeys(
        ("coalesce", "ifnull", "nvl", "blankvalue", "nullvalue"),
        "unknown is an answer of its own: ask '{x} is unknown', or say 'when_unknown' in the trait",
    ),
}  # fmt: skip
"""A function of another tool -> what is said here; `{x}` stands for its first argument, `{}` for its name."""
MOST_WRITTEN = 60
"""No number and no date is longer, however it is written."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = re.compile(r"\s*(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})\s*", re.ASCII)
_NAMED = re.compile(
    r"\s*(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*(?P<month>[A-Za-z]{3,9})|(?P<month2>[A-Za-z]{3,9})\s*(?P<day2>\d{1,2})(?:st|nd|rd|th)?),?[\s-]*"
    r"(?P<year>\d{4})\s*", re.ASCII,
)  # fmt: skip


def dates_meant(written: str) -> tuple[str, ...]:
    """The days that a date of another form may mean, as they are written here; none where it is no date.

    >>> dates_meant("01/06/2027"), dates_meant("31.12.27"), dates_meant("1 June 2027"), dates_meant("50")
    (('2027-06-01', '2027-01-06'), ('2027-12-31',), ('2027-06-01',), ())
    """
    if len(written) > MOST_WRITTEN:
        return ()
    if match := _PARTS.fullmatch(written):
        one, two, three = match.groups()
        if len(one) == 4:
            orders = [(one, two, three)]
        elif len(three) in (2, 4):
            year = three if len(three) == 4 else f"20{three}"
            orders = [(year, two, one), (year, one, two)]
        else:
            return ()
    elif match := _NAMED.fullmatch(written):
        name = (match["month"] or match["month2"])[:3].lower()
        if name not in _MONTHS:
            return ()
        orders = [(match["year"], str(_MONTHS.index(name) + 1), match["day"] or match["day2"])]
    else:
        return ()
    found: list[str] = []
    for year, month, day in orders:
        try:
            found.append(dt.date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def date_said(written: str) -> tuple[str, str | None]:
    """The message about a date of another form, and the one day that it can mean, if it is one.

    >>> date_said("01/06/2027")[0]
    'a date is written year, month, day: 2027-06-01, or 2027-01-06 where the month came first'
    """
    meant = dates_meant(written)
    if not meant:
        return "a date is written 2026-11-02: four digits, two and two", None
    if len(meant) == 1:
        return f"a date is written year, month, day: {meant[0]}", meant[0]
    return f"a date is written year, month, day: {meant[0]}, or {meant[1]} where the month came first", None


def number_meant(written: str) -> str | None:
    """A number of another form as it is written here.

    >>> number_meant("$1,000"), number_meant("50k"), number_meant("1 500.5 EUR"), number_meant("about 5")
    ('1000', '50000', '1500.5', None)
    """
    if len(written) > MOST_WRITTEN:
        return None
    text = re.sub(r"^(?:[$€£]|USD|EUR|GBP)\s*|\s*(?:[$€£]|USD|EUR|GBP)$", "", written.strip(), flags=re.IGNORECASE)
    match = re.fullmatch(r"(-?\d{1,3}(?:[,_ '’]\d{3})+|-?\d+)(\.\d+)?\s*([A-Za-z]*)", text.strip(), re.ASCII)
    if match is None or (match[3] and match[3].lower() not in THOUSANDS):
        return None
    number = Decimal(re.sub(r"[^\d-]", "", match[1]) + (match[2] or ""))
    return format(number.scaleb(THOUSANDS.get(match[3].lower(), 0)), "f")


def literal_meant(written: str) -> str | None:
    """A literal of another form as it is written here: a text in other quotes, a number, a date.

    >>> literal_meant("'Food'"), literal_meant('"Food"'), literal_meant("50k"), literal_meant("Food")
    ('"Food"', '"Food"', '50000', None)
    """
    written = written.strip()
    if len(written) > 2 and written[0] in "'‘’“”„«`\"" and written[-1] in "'‘’“”»`\"":
        inside = written[1:-1]
        return None if re.search(r'["\\]', inside) else f'"{inside}"'
    if re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]+(Z|[+-][\d:]+)?)?", written, re.ASCII):
        return written
    return number_meant(written)


def equals_said(left: str, right: str, *, negated: bool = False) -> tuple[str, str | None]:
    """What is said about `left = right`, and the test that was meant, where there is one.

    >>> equals_said("newsletter", "yes")
    ("a yes-or-no stands alone: write 'newsletter'", 'newsletter')
    >>> equals_said("industry", "'Food'")[1], equals_said("trucks", "5")[1], equals_said("x", "NULL")[1]
    ('industry == "Food"', 'trucks == 5', 'x is unknown')
    """
    sign, lower = "!=" if negated else "==", right.strip().lower().strip("\"'")
    if lower in (*YES, *NO):
        plain = left if (lower in YES) != negated else f"not {left}"
        return f"a yes-or-no stands alone: write '{plain}'", plain
    if lower in MISSING or right.strip() in ('""', "''"):
        test = f"{left} is {'known' if negated else 'unknown'}"
        return f"what is missing is asked for: write '{test}'", test
    said = "'=' is not in the language: write "
    if len(dates_meant(right)) == 1:
        right = dates_meant(right)[0]
    if literal := literal_meant(right):
        test = f"{left} {sign} {literal}"
        return f"{said}'{test}'", test
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", right):
        return f"{said}'{left} {sign} \"{right}\"' for a text, '{left} is {right}' for a tier's case", None
    if " " in right and re.fullmatch(r"[A-Za-z][\w ]*", right):
        test = f'{left} {sign} "{right}"'
        return f"{said}'{test}'", test
    return f"{said}'{sign}' to compare", None


def time_meant(words: Sequence[str]) -> str | None:
    """The window that words before a length of time mean; None where they mean none.

    >>> time_meant(["in", "the", "last"]), time_meant(["within", "next"]), time_meant(["more", "than"])
    ('within', 'in the next', 'older than')
    """
    said = set(words)
    if said & {"next", "coming", "upcoming", "following"} or words in (["in"], ["in", "the"]):
        return "in the next"
    if said & {"more", "older", "over", "longer", "before"} and "than" in said:
        return "older than"
    if said & {
        "last",
        "past",
        "previous",
        "during",
        "over",
        "for",
        "within",
        "since",
        "less",
        "in",
        ",",
        "newer",
        "younger",
        "prior",
    }:
        return "within"
    return None


_VERBS = {
    "contains": "contains?|includes?|i?like|rlike|matches",
    "mentions": "mentions?",
    "starts with": "(?:starts?|begins?)(?: with)?",
    "ends with": "ends?(?: with)?",
    "==": "equals?(?: to)?",
}
_WORDINGS = [
    (re.compile(f"(?:{pattern})(?= |$)"), form)
    for pattern, form in (
        (r"(?:is )?(?:greater|more|bigger|higher|larger) than or equal(?: to)?|(?:is )?(?:at least|no(?:t)? less than)", ">="),
        (r"(?:is )?(?:less|fewer|smaller|lower) than or equal(?: to)?|(?:is )?(?:at most|no(?:t)? more than|up to)", "<="),
        (r"(?:is )?(?:greater|more|bigger|higher|larger) than|exceeds", ">"),
        (r"(?:is )?(?:less|fewer|smaller|lower) than", "<"),
        (r"is not equal to|does not equal|not equals?(?: to)?", "!="),
        (r"is equal to|equals?(?: to)?|is exactly", "=="),
        (r"(?:is )?not (?:one|any) of", "not in"),
        (r"(?:is )?(?:one|any) of", "in"),
        (r"exists?|has (?:a |any )?value|is not (?:empty|blank|null|none)", "is known"),
        (r"does not exist|has no value|is (?:empty|blank|null|none)", "is unknown"),
        *((pattern, form) for form, pattern in _VERBS.items()),
    )
]  # fmt: skip
NUMBERS = {
    **dict.fromkeys(("a", "an", "one"), 1), "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
"""Numbers in words, as they stand before a length of time."""


def wording_meant(left: str, words: str) -> tuple[str, int] | None:
    """What is written for words that follow a value, the value with it, and how many words they are.

    >>> wording_meant("a", "is greater than"), wording_meant("a", "does not contain"), wording_meant("a", "starts with")
    (('a >', 3), ('not a contains', 3), None)
    """
    lower = words.lower()
    if match := re.match(r"(?:does not|do not|did not|not) ", lower):
        for form, pattern in _VERBS.items():
            if form != "==" and (verb := re.compile(f"(?:{pattern})(?= |$)").match(lower, match.end())):
                return f"not {left} {form}", lower[: verb.end()].count(" ") + 1
    for wording, form in _WORDINGS:
        if (match := wording.match(lower)) and words[: match.end()] != form:
            return f"{left} {form}", match.group().count(" ") + 1
    return None


def pattern_meant(pattern: str) -> str | None:
    """The test that a pattern of SQL means.

    >>> pattern_meant("%vp%"), pattern_meant("vp%"), pattern_meant("%vp"), pattern_meant("v_p")
    ('contains "vp"', 'starts with "vp"', 'ends with "vp"', None)
    """
    plain = pattern.strip("%*")
    if plain == pattern or not plain or re.search(r'["\\%*]', plain):
        return None
    before, after = pattern[0] in "%*", pattern[-1] in "%*"
    return f'{"contains" if before and after else "ends with" if before else "starts with"} "{plain}"'


def date_at(text: str, at: int) -> re.Match[str] | None:
    """A date with its month in words that stands here, if one does."""
    match = _NAMED.match(text, at)
    return match if match and dates_meant(match.group()) else None


TIME_WORDS = frozenset(
    ("in", "the", "last", "past", "previous", "prior", "during", "over", "for", "within", "next", "coming", "upcoming",
     "following", "more", "older", "longer", "less", "newer", "younger", "than", "since", "before", ",")
)  # fmt: skip
"""Words that may stand before a length of time."""


__all__ = [
    "CALLS",
    "MISSING",
    "NO",
    "NUMBERS",
    "THOUSANDS",
    "TIME_WORDS",
    "WORDED",
    "YES",
    "date_at",
    "date_said",
    "dates_meant",
    "equals_said",
    "literal_meant",
    "number_meant",
    "pattern_meant",
    "time_meant",
    "wording_meant",
]
